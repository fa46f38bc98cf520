"""What law and custom say about debts that are late: the cap of a court, the course of events, what a lawsuit costs.

It puts the facts beside the figures of `core.lateness`, each with who says so and how sure it is. Facts are asked for
the plan's day; whether they are out of date is asked for the reader's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.consequences import Event, consequences
from core.facts import Certainty, FactDateError, Kind, backing, facts
from core.lateness import SAMPLE_DAYS, Lateness
from core.law import LawsuitCosts, delay_interest, lawsuit_costs, licensed_cap_rate, private_cap_periods
from core.plan import CardDebt, InstalmentDebt, Plan
from core.products import PRODUCTS, Lender, product_of

Basis = Literal["licensed", "private", "unknown"]

STALE_AFTER_DAYS = 180
"""A fact that nobody has compared with its source for longer than this is called out of date."""

_KNOWN = frozenset(product.id for product in PRODUCTS)


@dataclass(frozen=True)
class Known:
    """What a household knows of a debt besides its terms.

    Attributes:
        product: Its preset; None or one that does not exist counts as none.
        contract_date: When it was agreed.
    """

    product: str | None = None
    contract_date: date | None = None

    @property
    def preset(self) -> str | None:
        """The preset, where there is one of that id."""
        return self.product if self.product in _KNOWN else None


@dataclass(frozen=True)
class Cap:
    """Up to which annual rate a court supports the charges of a debt.

    Attributes:
        debt: Its id.
        basis: `licensed`: the rule for licensed lenders; `private`: the multiple of the LPR of the contract's date;
            `unknown`: a private loan of which nobody says when it was agreed, and the plan has no cap of its own.
        rate: The rate; None where it is unknown.
        own: Whether the plan states it itself.
        since: From when on the rule holds, of a private loan from its contract on; None where no fact says.
        kind, certainty, facts, sources: Of the rule.
    """

    debt: str
    basis: Basis
    rate: Decimal | None
    own: bool
    since: date | None
    kind: Kind
    certainty: Certainty
    facts: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CourtView:
    """What is charged since the plan's `as_of` beside what a court would support of it.

    Attributes:
        cap: By which rule.
        charged: Fen.
        supported: Fen; None without a cap.
    """

    cap: Cap
    charged: int
    supported: int | None

    @property
    def beyond(self) -> int:
        """What could be asked off, fen; 0 without a cap."""
        return 0 if self.supported is None else self.charged - self.supported


@dataclass(frozen=True)
class Suit:
    """What a lawsuit over one debt would cost.

    Attributes:
        debt: Its id.
        claim: All that is owed on the day, fen.
        costs: The court's fees.
        delay: The doubled part of the interest on the principal for `SAMPLE_DAYS` after the judgment's time, fen.
    """

    debt: str
    claim: int
    costs: LawsuitCosts
    delay: int


def lender_of(debt: InstalmentDebt | CardDebt, known: Known) -> Lender:
    """Say who lends: as the preset says, else a bank where the debt is reported, else a person."""
    if known.preset is not None:
        return product_of(known.preset).lender
    return "bank" if debt.reported else "person"


def caps(plan: Plan, known: Mapping[str, Known]) -> tuple[Cap, ...]:
    """Give the cap of every debt, in the plan's order.

    Args:
        plan: A cap that a debt states itself is kept.
        known: What is known of debts, by id; others are as `Known()`.
    """
    return tuple(_cap(debt, known.get(debt.id, Known()), plan.start) for debt in plan.debts)


def _cap(debt: InstalmentDebt | CardDebt, known: Known, on: date) -> Cap:
    rule = facts()
    own = debt.cap_rate is not None
    if lender_of(debt, known) != "person":
        answer = rule.at("rates.licensed_cap", on)
        rate = debt.cap_rate if own else licensed_cap_rate(on)
        return Cap(debt.id, "licensed", rate, own, answer.dated.start, *backing([answer]))
    answers = [rule.at("rates.private_cap_multiple", on)]
    agreed = known.contract_date
    if agreed is None:
        return Cap(debt.id, "private" if own else "unknown", debt.cap_rate, own, None, *backing(answers))
    try:
        period = private_cap_periods(agreed, suit_date=on)[-1]
    except FactDateError:
        return Cap(debt.id, "private" if own else "unknown", debt.cap_rate, own, None, *backing(answers))
    counts = agreed if period.first == agreed else on
    answers = [rule.at(fact, counts) for fact in period.facts]
    return Cap(debt.id, "private", debt.cap_rate if own else period.rate, own, period.first, *backing(answers))


def with_caps(plan: Plan, found: Iterable[Cap]) -> Plan:
    """Put caps into a plan, so that the engine works out what a court would support."""
    rates = {cap.debt: cap.rate for cap in found}
    debts = tuple(debt.model_copy(update={"cap_rate": rates[debt.id]}) for debt in plan.debts)
    return plan.model_copy(update={"debts": debts})


def court_view(answer: Lateness, found: Iterable[Cap], day: date) -> tuple[CourtView, ...]:
    """Put what is charged by a day beside what a court would support, in the plan's order."""
    index = answer.index_of(day)
    views: list[CourtView] = []
    for k, cap in enumerate(found):
        charged, court = int(answer.charged[index, k]), int(answer.court[index, k])
        views.append(CourtView(cap, charged, None if court < 0 else min(court, charged)))
    return tuple(views)


def timeline(answer: Lateness, known: Mapping[str, Known], debt: str) -> tuple[Event, ...]:
    """Give what follows if a debt stays unpaid, from its own missed date on; nothing where nothing falls due."""
    missed = answer.missed(debt)
    if missed is None:
        return ()
    one = answer.plan.debts[answer.debts_of(debt)[0]]
    return consequences(one, known.get(debt, Known()).preset, missed, answer.plan.start)


def suits(answer: Lateness, day: date) -> tuple[Suit, ...]:
    """Say what a lawsuit over each debt that is open on a day would cost by the tariff of the plan's day."""
    on = answer.plan.start
    found: list[Suit] = []
    for debt in answer.plan.debts:
        owed = answer.owed(day, debt.id)
        claim = sum(owed.values())
        if claim > 0:
            delay = delay_interest(owed["principal"], SAMPLE_DAYS, on)
            found.append(Suit(debt.id, claim, lawsuit_costs(claim, on), delay))
    return tuple(found)


def out_of_date(ids: Iterable[str], on: date) -> tuple[str, ...]:
    """Give those of some facts that were read too long before a day, or have ceased to apply by it; in their order."""
    known = facts()
    old = {fact.id for fact in known.stale(on, STALE_AFTER_DAYS)} | {answer.fact.id for answer in known.ended(on)}
    return tuple(fact for fact in dict.fromkeys(ids) if fact in old)
