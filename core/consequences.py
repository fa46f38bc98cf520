"""What happens to a debt that is not paid, as dated events: grace, credit record, calls, risk class, suit, execution.

Dates follow from the day on which the first missed bill was due and from facts; who says so, and how sure it is, goes
with each event. Law says what may happen, custom what usually does, an estimate what might. Nothing here is a sentence:
a page words an event by its key.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

from core.engine.lower import day_in_month, first_month_after, month_of
from core.facts import Answer, Backing, Certainty, FactDateError, Kind, backing, facts
from core.law import (
    CapPeriod,
    LawsuitCosts,
    delay_interest,
    lawsuit_costs,
    licensed_cap_rate,
    private_cap_periods,
    private_cap_rate,
)
from core.plan import CardDebt, InstalmentDebt
from core.products import product_of

__all__ = [
    "CapPeriod",
    "Event",
    "LawsuitCosts",
    "consequences",
    "delay_interest",
    "lawsuit_costs",
    "licensed_cap_rate",
    "private_cap_periods",
    "private_cap_rate",
]

Param = int | str | Decimal | date | time | bool
_OWN_TERMS = Backing("custom", "M", (), ())
"""What stands behind an event that the debt itself dates: what the user or a preset put there."""


@dataclass(frozen=True)
class Event:
    """Something that happens, or may happen from then on, if nothing is paid.

    Attributes:
        date: When; for what is only possible, the first day on which it usually is.
        key: What, one of `KEYS`.
        kind, certainty: Of the weakest of the facts behind it.
        facts: Their ids; empty where the debt's own terms say it.
        sources: Their marks.
        params: What a sentence about it fills in.
    """

    date: date
    key: str
    kind: Kind
    certainty: Certainty
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    params: Mapping[str, Param] = field(default_factory=dict[str, Param])


KEYS = (
    "grace_ends",
    "line_frozen",
    "month_end",
    "record_code",
    "calls",
    "stage",
    "risk_class",
    "principal_first",
    "whole_due",
    "crime_line",
    "suit",
    "judgment",
    "enforcement",
    "write_off",
    "limitation",
    "record_gone",
)
"""Every key of an event; a page has a sentence for each."""


def consequences(
    debt: InstalmentDebt | CardDebt, product_id: str | None, first_missed: date, as_of: date
) -> tuple[Event, ...]:
    """List what follows from not paying a debt.

    Args:
        debt: As it stands in the plan.
        product_id: Its preset; None where it has none: then it counts as a bank's if it is reported, else as a
            person's.
        first_missed: The due date of the oldest bill that is not paid.
        as_of: The day of the plan; facts are asked for it, and the record's end is counted from it.

    Returns:
        By date, then by the order of `KEYS`; past ones included. What no fact says for `as_of` is left out.
    """
    lender = product_of(product_id).lender if product_id else "bank" if debt.reported else "person"
    case = _Case(debt, first_missed, as_of)
    events = [*_terms(case), *_suit(case, lender == "person"), *_limitation(case)]
    if product_id is not None and product_id.startswith("huabei"):
        events += case.events("line_frozen", case.day("huabei.frozen_after"), ("huabei.frozen_after",))
    if debt.reported:
        events += _record(case)
    if lender != "person":
        events += _collection(case)
    if lender == "bank":
        events += _bands(case, "risk_class", "credit_record.risk_class")
    if isinstance(debt, CardDebt) and lender == "bank":
        events += _card(case, debt)
    return tuple(sorted(events, key=lambda event: (event.date, KEYS.index(event.key))))


@dataclass(frozen=True)
class _Case:
    """A debt not paid, and the day for which facts are asked."""

    debt: InstalmentDebt | CardDebt
    first_missed: date
    as_of: date

    def answer(self, fact: str) -> Answer | None:
        """Answer for the day; None where nothing is known of it."""
        try:
            return facts().as_read(fact, self.as_of)
        except FactDateError:
            return None

    def day(self, fact: str, since: date | None = None) -> date | None:
        """The day that lies as long after another (the first missed due date) as a fact says."""
        answer = self.answer(fact)
        if answer is None:
            return None
        return _later(since or self.first_missed, answer.fact.unit, answer.whole)

    def days_past_due(self, days: int) -> date:
        """The day on which the debt is so many days past due."""
        return self.first_missed + timedelta(days)

    def events(
        self,
        key: str,
        day: date | None,
        rests_on: Iterable[str],
        params: Mapping[str, Param] | None = None,
        *,
        guessed: bool = False,
    ) -> Iterator[Event]:
        """One event, or none where its day or one of its facts is unknown; an estimate where its day is a guess."""
        answers = [self.answer(fact) for fact in rests_on]
        found = [answer for answer in answers if answer is not None]
        if day is None or len(found) < len(answers):
            return
        kind, certainty, ids, sources = backing(found) if found else _OWN_TERMS
        yield Event(day, key, "estimate" if guessed else kind, certainty, ids, sources, params or {})


def _later(day: date, unit: str, count: int) -> date:
    if unit == "days":
        return day + timedelta(count)
    months = month_of(day) + (12 * count if unit == "years" else count)
    return date.fromordinal(day_in_month(months, day.day))


def _terms(case: _Case) -> Iterator[Event]:
    """What the debt's own terms say: the end of grace, and the day on which the whole falls due."""
    debt = case.debt
    if debt.grace_days:
        yield from case.events("grace_ends", case.days_past_due(debt.grace_days), (), {"days": debt.grace_days})
    if isinstance(debt, InstalmentDebt) and debt.accelerate_after_days is not None:
        days = debt.accelerate_after_days
        yield from case.events("whole_due", case.days_past_due(days), (), {"days": days})


def _record(case: _Case) -> Iterator[Event]:
    month = month_of(case.first_missed)
    month_end = date.fromordinal(day_in_month(month, 31))
    paid_late = case.answer("credit_record.code_paid_within_month")
    if isinstance(case.debt, InstalmentDebt) and paid_late is not None and month_end > case.first_missed:
        fact = "credit_record.code_paid_within_month"
        yield from case.events("month_end", month_end, (fact,), {"code": paid_late.word})
    codes = "card_codes" if isinstance(case.debt, CardDebt) else "loan_codes"
    yield from _bands(case, "record_code", f"credit_record.{codes}")
    kept = case.answer("credit_record.kept")
    if kept is not None:
        gone = case.day("credit_record.kept", case.as_of)
        yield from case.events("record_gone", gone, ("credit_record.kept",), {"years": kept.whole})


def _bands(case: _Case, key: str, fact: str) -> Iterator[Event]:
    """One event for each band, on its first day.

    Grace moves none of them: sources disagree about it, and a warning that comes too late is worth nothing.
    """
    answer = case.answer(fact)
    for band in () if answer is None else answer.bands:
        params: dict[str, Param] = {"band": band.key, "days": band.first}
        yield from case.events(key, case.days_past_due(band.first), (fact,), params)


def _collection(case: _Case) -> Iterator[Event]:
    limits = {
        "quiet_from": case.answer("collection.quiet_from"),
        "quiet_until": case.answer("collection.quiet_until"),
        "answered": case.answer("collection.answered_calls"),
        "attempts": case.answer("collection.call_attempts"),
    }
    known = {name: answer for name, answer in limits.items() if answer is not None}
    params: dict[str, Param] = {}
    for name, answer in known.items():
        params[name] = answer.clock if answer.fact.unit == "time" else answer.whole
    if known:
        yield from case.events("calls", case.days_past_due(1), [answer.fact.id for answer in known.values()], params)
    yield from _bands(case, "stage", "collection.stages")


def _suit(case: _Case, by_person: bool) -> Iterator[Event]:
    """Suit, judgment, execution; a person may sue from the first day, a lender usually takes its time.

    Of the last two the law knows the time that they take, not the day on which they begin.
    """
    procedure, appeal = "court.simple_procedure_months", "court.appeal_days"
    rests_on = () if by_person else ("court.suit_after",)
    sued = case.days_past_due(1) if by_person else case.day("court.suit_after")
    judged = None if sued is None else case.day(procedure, sued)
    final = None if judged is None else case.day(appeal, judged)
    yield from case.events("suit", sued, rests_on)
    yield from case.events("judgment", judged, (*rests_on, procedure), guessed=True)
    rate = case.answer("court.delay_interest")
    if rate is not None:
        rests_on = (*rests_on, procedure, appeal, rate.fact.id, "enforcement.income_kept")
        yield from case.events("enforcement", final, rests_on, {"delay_rate": rate.decimal}, guessed=True)


def _limitation(case: _Case) -> Iterator[Event]:
    years = case.answer("civil.limitation")
    if years is None:
        return
    params: dict[str, Param] = {"years": years.whole}
    last_due = _last_due(case)
    if last_due <= case.first_missed:
        yield from case.events("limitation", case.day("civil.limitation"), ("civil.limitation",), params)
        return
    day = case.day("civil.limitation", last_due)
    rests_on = ("civil.limitation", "civil.limitation_instalments")
    yield from case.events("limitation", day, rests_on, params, guessed=last_due > case.as_of)


def _last_due(case: _Case) -> date:
    """The last due date as agreed; of a card, and where no bill is known, the first missed one.

    For instalments to come it is a guess that is rather too late: a plan kept up to date counts them from an earlier
    day, and a lender may call the whole due.
    """
    debt = case.debt
    if not isinstance(debt, InstalmentDebt):
        return case.first_missed
    if debt.instalments_left:
        month = first_month_after(case.as_of, debt.due_day) + debt.instalments_left - 1
        return date.fromordinal(day_in_month(month, debt.due_day))
    return debt.bills[-1].due if debt.bills else case.first_missed


def _card(case: _Case, card: CardDebt) -> Iterator[Event]:
    if card.principal_first_after_days is not None:
        days = card.principal_first_after_days + 1
        fact = "cards.principal_first_after"
        yield from case.events("principal_first", case.days_past_due(days), (fact,), {"days": days})
    yield from case.events("write_off", case.day("collection.write_off_after"), ("collection.write_off_after",))
    # The line counts principal alone and from two collections; the balance and the first day overdue stand in for them,
    # so that the warning comes rather too often and too early.
    amounts = case.answer("civil.card_crime_amounts")
    gap = case.day("civil.card_crime_gap", case.days_past_due(1))
    if amounts is not None and gap is not None and card.balance >= amounts.wholes[0]:
        rests_on = [f"civil.card_crime_{name}" for name in ("amounts", "collections", "gap", "wait")]
        day = case.day("civil.card_crime_wait", gap)
        yield from case.events("crime_line", day, rests_on, {"amount": amounts.wholes[0]}, guessed=True)
