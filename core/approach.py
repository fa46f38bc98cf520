"""How a lender is approached: the figures and facts that a call or a letter needs, and what not to agree to.

No words: a page words a rule by its key. What is owed is read off `core.lateness`; the sum that can be promised is the
chosen offer's, or, where none is chosen, what `core.thresholds.highest_offer` finds. Where even the longest offer
cannot be kept, no sum is promised, and what can be paid meanwhile is a share of what the payday leaves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from core.aftermath import Known, caps, lender_of
from core.consequences import Param
from core.decided import Decided
from core.facts import Answer, Certainty, FactDateError, Kind, backing, facts
from core.lateness import Due, Lateness
from core.lever_offers import LenderOffer, card_plan, longer
from core.lever_readings import first_day, monthly_room
from core.money import FEN_IN_A_YUAN
from core.plan import CardDebt, Debt, Plan, PlanError
from core.plan_values import AMOUNT_MAX, HORIZON_MAX
from core.simulate import Scenario, simulate_days, simulate_ledger
from core.thresholds import highest_offer, readings_of, watched_days

Manner = Literal["card", "maybe_card", "bank", "platform", "private", "family"]
"""Who is spoken to: a bank about its credit card, or about what may be one; a bank or a platform about a loan; a
private lender; family and friends."""

Basis = Kind | Literal["advice"]
"""What a rule rests on; `advice` is our own and rests on no fact."""

LICENSED: frozenset[Manner] = frozenset({"card", "maybe_card", "bank", "platform"})
"""Lenders that the regulator supervises."""

# To promise a lender a sum means to let it go before all that is not due, so that way is asked first.
_PLAIN_WAY = "minimum"


@dataclass(frozen=True)
class Proposal:
    """New terms that a lender is asked for.

    Attributes:
        offer: The terms.
        chosen: Whether the household chose them; else they were found.
        bills: Due date and amount of every instalment under them, fen, if each is paid on time.
        missed: Ids of the debts that go overdue with them, 30 years ahead; none where they can be kept.
    """

    offer: LenderOffer
    chosen: bool
    bills: tuple[tuple[date, int], ...]
    missed: tuple[str, ...] = ()

    @property
    def most(self) -> int:
        """The highest instalment, fen."""
        return max(amount for _, amount in self.bills)

    @property
    def level(self) -> bool:
        """Whether all instalments but the last are the same."""
        return len({amount for _, amount in self.bills[:-1]}) == 1

    @property
    def asked(self) -> tuple[str, ...]:
        """What is asked for beyond time: `no_interest`, `lower_rate`, and the parts that are to be waived."""
        offer, found = self.offer, list[str]()
        rate = offer.annual_rate if offer.annual_rate is not None else offer.daily_rate
        if rate is not None:
            found.append("lower_rate" if rate else "no_interest")
        waived = (offer.waive_principal, offer.waive_interest, offer.waive_penalty, offer.waive_fees)
        parts = ("principal", "interest", "penalty", "fees")
        return (*found, *(part for part, share in zip(parts, waived, strict=True) if share))


@dataclass(frozen=True)
class Approach:
    """What is said to one lender.

    Attributes:
        debt: Its id in the plan.
        manner: Who is spoken to.
        owed: All that is owed on `plan.start`, by `core.lateness.PARTS`, fen.
        days_late: Days past due on that day.
        overdue_since: The due date of the oldest unpaid bill; None where nothing is late.
        due: What to pay first; None where nothing falls due.
        proposal: What to ask for; None where even the longest offer cannot be kept.
        able: What can be paid a month where there is no proposal: the share of what the payday leaves that this debt
            has of all that is owed, in whole yuan, fen.
        needed: Whether anything goes overdue as things stand, so that a talk is needed at all.
    """

    debt: str
    manner: Manner
    owed: Mapping[str, int]
    days_late: int
    overdue_since: date | None
    due: Due | None
    proposal: Proposal | None
    able: int
    needed: bool

    @property
    def total(self) -> int:
        """All that is owed, fen."""
        return sum(self.owed.values())


@dataclass(frozen=True)
class Rule:
    """Something to lean on in a talk, or not to agree to.

    Attributes:
        key: Which; a page has a sentence for each.
        kind: Of the weakest of the facts behind it; `advice` without facts.
        certainty: The least of theirs; None without facts.
        facts: Their ids.
        sources: Their marks.
        articles: Laws and articles, in Chinese.
        since: From when on it applies; None where nobody says.
        params: What a sentence about it fills in.
    """

    key: str
    kind: Basis
    certainty: Certainty | None = None
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    since: date | None = None
    params: Mapping[str, Param] = field(default_factory=dict[str, Param])


def manner_of(debt: Debt, known: Known) -> Manner:
    """Say who is spoken to; a person of whom nobody says how the loan came about is spoken to as family."""
    lender = lender_of(debt, known)
    if lender == "person":
        return "private" if known.preset == "private_loan" else "family"
    if known.preset == "credit_card":
        return "card"
    if known.preset is None and isinstance(debt, CardDebt):
        return "maybe_card"
    return lender


def order_of(late: Lateness, offered: Collection[str]) -> tuple[str, ...]:
    """Give the debts on which something is owed: overdue ones, the latest first; those with an offer; then by due date.

    Args:
        late: Of the plan as it is recorded.
        offered: Ids of the debts that have a chosen offer.
    """
    today = late.days[0]
    due = {each.debt: each.due for each in late.dues}
    days = {debt.id: int(late.days_past_due[0, k]) for k, debt in enumerate(late.plan.debts)}
    found = [debt.id for debt in late.plan.debts if late.total(today, debt.id)]
    return tuple(sorted(found, key=lambda one: (-days[one], one not in offered, due.get(one, date.max))))


def offers_by_debt(decided: Decided) -> dict[str, LenderOffer]:
    """Give the chosen offers that can be made, by the id of their debt."""
    return {lever.debt: lever for lever in decided.levers.values() if isinstance(lever, LenderOffer)}


def approach(late: Lateness, known: Known, decided: Decided, debt_id: str, way: str) -> Approach:
    """Say what a lender is told and asked.

    Args:
        late: Of the plan as it is recorded.
        known: What is known of the debt.
        decided: What the household has chosen.
        debt_id: A debt of the plan on which something is owed.
        way: The strategy that the household follows.

    Raises:
        KeyError: The plan has no such debt.
    """
    debt = _debt_of(late.plan, debt_id)
    place = late.plan.debts.index(debt)
    manner, today = manner_of(debt, known), late.days[0]
    total = late.total(today)
    days = int(late.days_past_due[0, place])
    room = max(0, monthly_room(decided.plan)) // FEN_IN_A_YUAN
    return Approach(
        debt=debt_id,
        manner=manner,
        owed=late.owed(today, debt_id),
        days_late=days,
        overdue_since=late.missed(debt_id) if days else None,
        due=next((each for each in late.dues if each.debt == debt_id), None),
        proposal=_proposal(decided, debt_id, manner, way),
        able=room * late.total(today, debt_id) // total * FEN_IN_A_YUAN if total else 0,
        needed=bool(days) or bool(_missed(decided.before, _PLAIN_WAY)),
    )


def _debt_of(plan: Plan, debt_id: str) -> Debt:
    found = next((debt for debt in plan.debts if debt.id == debt_id), None)
    if found is None:
        raise KeyError(debt_id)
    return found


# -- what is asked for


def _proposal(decided: Decided, debt_id: str, manner: Manner, way: str) -> Proposal | None:
    plan = decided.plan
    chosen = offers_by_debt(decided).get(debt_id)
    if chosen is not None:
        missed = [_missed(plan, each) for each in dict.fromkeys((_PLAIN_WAY, way))]
        bills = _bills(plan, debt_id, chosen.date or first_day(plan))
        return Proposal(chosen, True, bills, min(missed, key=len)) if bills else None
    try:
        base = _usual(plan, debt_id, manner)
        for each in dict.fromkeys((_PLAIN_WAY, way)):
            found = highest_offer(plan, base, each).offer
            if found is not None:
                bills = _bills(found.apply(plan), debt_id, first_day(plan))
                return Proposal(found, False, bills) if bills else None
    except (KeyError, PlanError):
        # A new loan or a gift among the choices has paid it off, or its terms are changed on that very day.
        return None
    return None


def _usual(plan: Plan, debt_id: str, manner: Manner) -> LenderOffer:
    """Give the terms that are usually asked for; their number of instalments is still to be found.

    What may be no card of a bank goes on bearing interest here: a sum that is promised must hold without favours.
    """
    if manner == "card":
        return card_plan(debt_id, 1)
    offer = longer(plan, debt_id, 1)
    monthly = offer.method in ("equal_principal", "equal_instalment")
    return offer if monthly else replace(offer, method="equal_instalment")


def _bills(plan: Plan, debt_id: str, day: date) -> tuple[tuple[date, int], ...]:
    """Ask the engine for the bills after a day, by letting somebody pay each on time who owes nothing else."""
    household = plan.household.model_copy(
        update={"cash": AMOUNT_MAX, "reserve": 0, "incomes": (), "expenses": (), "one_offs": ()}
    )
    alone = plan.model_copy(
        update={
            "horizon_months": HORIZON_MAX,
            "household": household,
            "debts": tuple(debt for debt in plan.debts if debt.id == debt_id),
            "paid": tuple(payment for payment in plan.paid if payment.debt == debt_id),
        }
    )
    book: Any = simulate_ledger([Scenario(alone, _PLAIN_WAY)])[0]
    due = book[(book["kind"] == "due") & (book["date"] > str(day)) & (book["amount"] > 0)]
    return tuple(
        (each.date(), int(fen)) for each, fen in zip(due["date"].tolist(), due["amount"].tolist(), strict=True)
    )


def _missed(plan: Plan, way: str) -> tuple[str, ...]:
    """Give the ids of the debts that go overdue after the first payday, 30 years ahead."""
    far = plan.model_copy(update={"horizon_months": HORIZON_MAX})
    if readings_of([far], way, kept=True)[0].kept:
        return ()
    frame: Any = simulate_days([Scenario(far, way)], watched_days(far))[0].debts_frame()
    late = set(frame.loc[frame["days_past_due"] > 0, "debt"])
    return tuple(debt.id for debt in far.debts if debt.id in late)


# -- what to lean on, what not to agree to, whom to turn to


def rules_for(plan: Plan, debt_id: str, known: Known) -> tuple[Rule, ...]:
    """List the rules that a borrower may lean on with the lender of a debt; none among family.

    Args:
        plan: Facts are asked for its `start`.
        debt_id: One of its debts.
        known: What is known of it.

    Raises:
        KeyError: The plan has no such debt.
    """
    debt = _debt_of(plan, debt_id)
    manner, case = manner_of(debt, known), _Case(plan.start)
    if manner == "family":
        return ()
    if manner in ("card", "maybe_card"):
        limits = ("support.card_replan_years", "support.card_replan_instalments")
        case.add("card_replan" if manner == "card" else "card_replan_if", limits, ("years", "count"))
        if manner == "card":
            case.add("card_replan_stop", ("support.card_replan_terms",))
            case.add("card_fees", ("cards.fees_bear_no_interest",))
    if manner in ("card", "maybe_card", "bank"):
        case.add("relief", ("support.relief_notice",))
    _add_cap(case, plan, debt, known)
    case.add("penalty_cut", ("civil.penalty_can_be_cut",))
    case.add("name_debt", ("civil.debt_order",))
    agreed = known.contract_date
    if manner in LICENSED and agreed is not None:
        # For new loans only, so it is asked for the day of the contract.
        _Case(agreed, case.found).add("cost_table", ("rates.cost_table_duty",))
    return tuple(case.found)


def _add_cap(case: "_Case", plan: Plan, debt: Debt, known: Known) -> None:
    """Add the ceiling of what a court supports; a rate that the plan states itself rests on no fact and is left out."""
    alone = plan.model_copy(update={"debts": (debt.model_copy(update={"cap_rate": None}),)})
    (cap,) = caps(alone, {debt.id: known})
    key = "cap_private_unknown" if cap.rate is None else f"cap_{cap.basis}"
    dated = [facts()[fact].values[-1] for fact in cap.facts]
    articles = tuple(dict.fromkeys(each.article for each in dated if each.article))
    params: dict[str, Param] = {} if cap.rate is None else {"rate": cap.rate}
    case.found.append(Rule(key, cap.kind, cap.certainty, cap.facts, cap.sources, articles, cap.since, params))


def refusals_for(manner: Manner, on: date) -> tuple[Rule, ...]:
    """List what not to agree to, the dearest first.

    Args:
        manner: Who asks for it.
        on: Facts are asked for this day.
    """
    case = _Case(on)
    if manner == "family":
        for key in ("family_date", "family_borrow"):
            case.advise(key)
        return tuple(case.found)
    if manner in ("card", "maybe_card", "bank"):
        case.add("new_loan", ("collection.bans",))
    else:
        case.advise("new_loan")
    case.add("agency", ("collection.agents_warning",))
    case.advise("personal_account" if manner in LICENSED else "no_receipt")
    case.add("unchecked", ("civil.limitation",), ("years",))
    if manner in LICENSED:
        case.add("contacts", ("collection.contacts",))
    case.add("relative_signs", ("civil.joint_debt",))
    if manner in LICENSED:
        case.add("too_much", ("support.talk_order",))
    else:
        case.advise("too_much")
    return tuple(case.found)


def collection_rules_for(manner: Manner, on: date) -> tuple[Rule, ...]:
    """List what collectors of a lender must keep to; none where a person lends."""
    case = _Case(on)
    if manner in LICENSED:
        case.add("quiet", ("collection.quiet_from", "collection.quiet_until"), ("start", "end"))
        case.add("answered", ("collection.answered_calls",), ("count",))
        if manner != "platform":
            case.add("attempts", ("collection.call_attempts",), ("count",))
        case.add("only_you", ("collection.contacts",))
        if manner != "platform":
            case.add("bans", ("collection.bans",))
    return tuple(case.found)


def help_for(manner: Manner) -> tuple[str, ...]:
    """Give the facts with whom to turn to, in order; the lender itself comes before them."""
    if manner == "family":
        return ()
    if manner == "private":
        return ("support.legal_aid", "support.police")
    site = ("support.association_site",) if manner == "platform" else ()
    return ("support.financial_regulator", *site, "support.central_bank", "support.legal_aid", "support.police")


class _Case:
    """Rules as they are gathered for a day."""

    def __init__(self, on: date, found: list[Rule] | None = None) -> None:
        self.on = on
        self.found: list[Rule] = [] if found is None else found

    def advise(self, key: str) -> None:
        """Add advice of our own."""
        self.found.append(Rule(key, "advice"))

    def add(self, key: str, rests_on: Sequence[str], names: Sequence[str] = ()) -> None:
        """Add a rule; nothing where one of its facts is not known for the day.

        Args:
            key: Of the rule.
            rests_on: Ids of its facts.
            names: What a sentence calls their values, in the same order; without names they are not filled in.
        """
        try:
            answers = [facts().as_read(fact, self.on) for fact in rests_on]
        except FactDateError:
            return
        values = {name: _value(answer) for name, answer in zip(names, answers, strict=False)}
        articles = tuple(dict.fromkeys(each.dated.article for each in answers if each.dated.article))
        starts = [each.dated.start for each in answers if not each.dated.first_seen]
        kind, certainty, ids, sources = backing(answers)
        since = max(starts) if starts else None
        self.found.append(Rule(key, kind, certainty, ids, sources, articles, since, values))


def _value(answer: Answer) -> Param:
    return answer.clock if answer.fact.unit == "time" else answer.whole
