"""What the law lets a lender charge, and what a lawsuit and its execution cost. Every number is a fact (`core.facts`).

The caps speak of what a court supports; what an app charges is another matter, and both are shown.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.facts import Bracket, facts
from core.money import half_up


@dataclass(frozen=True)
class LawsuitCosts:
    """The fees of a lawsuit over a property claim, fen.

    Attributes:
        full: First instance; the losing party bears it.
        half: The same in simplified procedure, by mediation or on withdrawal.
        payment_order: For a payment order (支付令); the debtor's only without an objection.
        preservation: For preserving property of the claim's amount before the judgment.
        enforcement: For executing a judgment of the claim's amount; paid afterwards, borne by the debtor.
    """

    full: int
    half: int
    payment_order: int
    preservation: int
    enforcement: int


@dataclass(frozen=True)
class CapPeriod:
    """A stretch of time for which one cap holds.

    Attributes:
        first, last: Both included; `last` is None where no end is known.
        rate: Annual rate.
        facts: Ids of the facts that it rests on.
    """

    first: date
    last: date | None
    rate: Decimal
    facts: tuple[str, ...]


def lawsuit_costs(claim_fen: int, on: date) -> LawsuitCosts:
    """Work out the fees of a lawsuit, each rounded half up to the fen (courts round thirds in their own ways).

    Args:
        claim_fen: The amount in dispute, above 0.
        on: The day on which the suit is brought.

    Raises:
        ValueError: The claim is not above 0.
        FactDateError: No tariff is known for the day.

    >>> lawsuit_costs(30_000_00, date(2026, 11, 24)) == LawsuitCosts(550_00, 275_00, 183_33, 320_00, 350_00)
    True
    """
    if claim_fen <= 0:
        raise ValueError("a claim is above 0")
    known = facts()
    fee = _cumulative(known.at("court.first_instance_fee", on).brackets, claim_fen)
    preservation = _cumulative(known.at("court.preservation_fee", on).brackets, claim_fen)
    most = known.at("court.preservation_fee_max", on).whole
    return LawsuitCosts(
        full=_rounded(fee),
        half=_rounded(fee / known.at("court.simple_procedure_divisor", on).whole),
        payment_order=_rounded(fee / known.at("court.payment_order_divisor", on).whole),
        preservation=min(_rounded(preservation), most),
        enforcement=_rounded(_cumulative(known.at("court.enforcement_fee", on).brackets, claim_fen)),
    )


def delay_interest(adjudged_fen: int, days: int, on: date) -> int:
    """Work out the doubled part of the interest for delay, from the end of the time to perform.

    Args:
        adjudged_fen: What is unpaid of the adjudged money, general interest not included.
        days: Days of delay.
        on: The day for which the rate is asked.

    Returns:
        fen, half up; general interest runs beside it as adjudged.

    >>> delay_interest(50_000_00, 365, date(2026, 11, 24))
    319375
    """
    return _rounded(adjudged_fen * days * facts().at("court.delay_interest", on).decimal)


def licensed_cap_rate(on: date) -> Decimal:
    """Give the annual rate up to which a court supports all charges of a licensed lender. The borrower has to ask."""
    return facts().at("rates.licensed_cap", on).decimal


def private_cap_rate(contract_date: date, suit_date: date | None = None) -> Decimal:
    """Give the annual rate up to which a court supports the charges of a private loan today.

    Args:
        contract_date: When the loan was agreed.
        suit_date: When suit is brought; counts for loans from before the present rule only, and is needed for them.

    Raises:
        ValueError: A loan from before the present rule without a date of suit.
        FactDateError: No rate is known for the date that counts.

    >>> private_cap_rate(date(2024, 6, 15))
    Decimal('0.138')
    """
    return private_cap_periods(contract_date, suit_date)[-1].rate


def private_cap_periods(contract_date: date, suit_date: date | None = None) -> tuple[CapPeriod, ...]:
    """Give the caps of a private loan over its time.

    A loan agreed under the present rule has one cap for good: the multiple of the LPR of the contract's date. An older
    one keeps the old cap until the day before the present rule, and from then on the multiple of the LPR at the time
    of suit (art. 31).

    Args and errors: As for `private_cap_rate`.
    """
    known = facts()
    rule = known["rates.private_cap_multiple"]
    begins = rule.values[0].start
    rests_on = (rule.id, "rates.lpr_1y")
    if contract_date >= begins:
        return (CapPeriod(contract_date, None, _multiple_of_lpr(contract_date), rests_on),)
    if suit_date is None:
        raise ValueError("a loan from before the present rule needs the date of suit")
    old = known.at("rates.private_old_cap", contract_date)
    return (
        CapPeriod(contract_date, begins - timedelta(days=1), old.decimal, (old.fact.id,)),
        CapPeriod(begins, None, _multiple_of_lpr(suit_date), rests_on),
    )


def _multiple_of_lpr(on: date) -> Decimal:
    known = facts()
    return (known.at("rates.private_cap_multiple", on).decimal * known.at("rates.lpr_1y", on).decimal).normalize()


def _cumulative(brackets: tuple[Bracket, ...], amount: int) -> Decimal:
    """Add up the brackets that an amount reaches into. The first is reached by any amount above 0."""
    total = Decimal(0)
    for index, bracket in enumerate(brackets):
        if amount <= bracket.above:
            break
        end = brackets[index + 1].above if index + 1 < len(brackets) else amount
        total += bracket.flat + (min(amount, end) - bracket.above) * bracket.rate
    return total


def _rounded(value: Decimal) -> int:
    return half_up(*value.as_integer_ratio())
