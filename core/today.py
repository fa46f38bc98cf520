"""Where a household stands today: what the next 30 days bring under the way it follows, and what to do first.

Everything here is read off answers of the engine: the outcomes of the strategies, what being late costs, and the ledger
of the way that is followed. No words, no formats, no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast

from core.engine import layout as c
from core.engine.lower import Ints, day_in_month, first_month_after
from core.household import Answers
from core.lateness import Due, Lateness
from core.outcome import Outcome, best
from core.plan import CardDebt, InstalmentDebt, Plan
from core.plan_values import GRACE_MAX
from core.simulate import Scenario, simulate_days, simulate_ledger

WINDOW_DAYS = 30
"""How far the payments ahead are listed."""

BEFORE_LENDERS = ("despair", "threats", "food", "rent", "medicine", "court_papers")
"""The fields of `Answers`, in the order in which a page speaks of them: a life first, then the home, then papers."""

_MONTHS = 3  # always reach past the window, the longest grace and the day after it

StepKind = Literal["clear", "court", "talk", "pay", "rest"]


@dataclass(frozen=True)
class Coming:
    """What is due to one debt on one day, what the way that is followed pays on it that day, or both.

    Attributes:
        day: The due date; of what is overdue, the first day on which anything can be paid.
        debt: Its id.
        due: What falls due, fen; 0 where something is paid that is not due that day.
        paid: What the way pays that day, fen.
        short: Whether the bill of that day is still not paid when its grace is over; of what is overdue already,
            whether the debt is late on every day of the window.
        days_late: Of a bill that is overdue already, else 0.
    """

    day: date
    debt: str
    due: int
    paid: int
    short: bool
    days_late: int


@dataclass(frozen=True)
class Step:
    """The one thing to do next.

    Attributes:
        kind: `clear`: nothing is owed; `court`: answer the papers; `talk`: call the lender, since the money does not
            reach; `pay`: pay; `rest`: nothing is to be done within the window.
        day: By when; None for `clear` and `rest`.
        payments: What to pay (`pay`), or what the talk is about (`talk`); the most pressing first.
        overdue: Whether that is overdue already.
    """

    kind: StepKind
    day: date | None = None
    payments: tuple[Coming, ...] = ()
    overdue: bool = False


@dataclass(frozen=True)
class DebtNow:
    """One debt as it stands today.

    Attributes:
        debt: Its id.
        owed: Payoff, fen.
        days_past_due: At the end of the plan's day.
        cleared: When the way that is followed clears it; None where it stays open.
    """

    debt: str
    owed: int
    days_past_due: int
    cleared: date | None


@dataclass(frozen=True)
class Standing:
    """Where a household stands.

    Attributes:
        plan: The plan.
        way: The outcome of the strategy that is followed.
        chosen: Whether the household decided for it; else it is the best one.
        owed: All that is owed today, fen.
        owed_after: All that is owed at the end of the window under the way, fen.
        spared: By how much less is charged within the window under the way than if nothing is paid, fen.
        debts: In the plan's order; those that are paid off come with 0.
        coming: By day, then in the order of `Lateness.first_steps`, then in the plan's order.
        step: What to do next.
    """

    plan: Plan
    way: Outcome
    chosen: bool
    owed: int
    owed_after: int
    spared: int
    debts: tuple[DebtNow, ...]
    coming: tuple[Coming, ...]
    step: Step

    @property
    def window_end(self) -> date:
        """The last day of the window."""
        return self.plan.start + timedelta(WINDOW_DAYS)

    @property
    def open_debts(self) -> tuple[DebtNow, ...]:
        """The debts on which something is owed."""
        return tuple(debt for debt in self.debts if debt.owed)

    @property
    def overdue_debts(self) -> tuple[DebtNow, ...]:
        """The debts that are late today."""
        return tuple(debt for debt in self.debts if debt.days_past_due)

    @property
    def to_catch_up(self) -> int:
        """What brings all overdue debts up to date, fen."""
        return sum(each.due for each in self.coming if each.days_late)

    @property
    def due_in_window(self) -> int:
        """What falls due within the window, with what is overdue, fen."""
        return sum(each.due for each in self.coming)

    @property
    def paid_in_window(self) -> int:
        """What the way pays within the window, fen."""
        return sum(each.paid for each in self.coming)


def followed(outcomes: Sequence[Outcome], chosen: str | None) -> Outcome | None:
    """Give the outcome that a household follows: of its own choice, else the best.

    Args:
        outcomes: Of one plan under several strategies.
        chosen: A strategy; one that has no answer counts as none.

    Returns:
        None where no outcome has an answer.
    """
    able = [outcome for outcome in outcomes if outcome.error is None and outcome.refused is None]
    if not able:
        return None
    own = next((outcome for outcome in able if outcome.strategy == chosen), None)
    return own or able[best(able)]


def standing(way: Outcome, chosen: bool, late: Lateness, answers: Answers) -> Standing:
    """Say where a household stands.

    Args:
        way: The outcome that is followed, reported on `plan.start` first.
        chosen: Whether the household decided for it.
        late: What being late costs in the same plan.
        answers: What comes before lenders; unanswered counts as no.
    """
    plan = way.plan
    short = plan.model_copy(update={"horizon_months": _MONTHS})
    days = [plan.start + timedelta(k) for k in range(WINDOW_DAYS + GRACE_MAX + 3)]
    course = simulate_days([Scenario(short, way.strategy)], days)[0]
    rows = cast(Ints, course.details)
    coming = _coming(plan, late, rows, _ledger(short, way.strategy))
    return Standing(
        plan=plan,
        way=way,
        chosen=chosen,
        owed=int(rows[0, :, c.F_PAYOFF].sum()),
        owed_after=int(rows[WINDOW_DAYS, :, c.F_PAYOFF].sum()),
        spared=late.charged_between(plan.start, plan.start + timedelta(WINDOW_DAYS)) - _charged(rows),
        debts=tuple(
            DebtNow(debt.id, int(rows[0, k, c.F_PAYOFF]), int(rows[0, k, c.F_DAYS]), way.cleared[debt.id])
            for k, debt in enumerate(plan.debts)
        ),
        coming=coming,
        step=_step(plan, int(rows[0, :, c.F_PAYOFF].sum()), coming, answers),
    )


# -- what the window brings


def _ledger(plan: Plan, strategy: str) -> list[tuple[date, str, str, int]]:
    frame = cast("list[Any]", simulate_ledger([Scenario(plan, strategy)]))[0]
    columns = (frame[name].tolist() for name in ("date", "debt", "kind", "amount"))
    return [(day.date(), debt, kind, amount) for day, debt, kind, amount in zip(*columns, strict=True)]


def _coming(plan: Plan, late: Lateness, rows: Ints, ledger: Sequence[tuple[date, str, str, int]]) -> tuple[Coming, ...]:
    start, end = plan.start, plan.start + timedelta(WINDOW_DAYS)
    debts = {debt.id: debt for debt in plan.debts}
    places = {debt.id: k for k, debt in enumerate(plan.debts)}
    first = {due.debt: due for due in late.first_steps(WINDOW_DAYS) if due.amount}
    due: dict[tuple[date, str], int] = {}
    paid: dict[tuple[date, str], int] = {}
    for each in first.values():
        due[_shown_on(each, start), each.debt] = each.amount
    for day, debt, kind, amount in ledger:
        if kind == "due":
            on = _due_date(debts[debt], day)
            # What is pressing already is known with all that belongs to it; this is about the bills after it.
            if start < on <= end and (debt not in first or on > first[debt].due) and amount:
                due[on, debt] = due.get((on, debt), 0) + amount
        elif kind == "paid" and start < day <= end:
            paid[day, debt] = paid.get((day, debt), 0) + amount

    order = {debt: place for place, debt in enumerate(first)}
    keys = sorted({*due, *paid}, key=lambda key: (key[0], order.get(key[1], len(order)), places[key[1]]))
    return tuple(
        Coming(
            day=day,
            debt=debt,
            due=due.get((day, debt), 0),
            paid=paid.get((day, debt), 0),
            short=(day, debt) in due and _is_short(debts[debt], day, first.get(debt), rows[:, places[debt]], start),
            days_late=first[debt].days_late if debt in first and _shown_on(first[debt], start) == day else 0,
        )
        for day, debt in keys
    )


def _shown_on(due: Due, start: date) -> date:
    """A bill stands on its due date; one whose due date is over on the day on which, or by which, it can be paid."""
    return due.due if due.due > start else due.day


def _due_date(debt: InstalmentDebt | CardDebt, day: date) -> date:
    """Give the due date of a bill: a card's minimum is written down with its statement, before it is due."""
    if isinstance(debt, CardDebt) and not any(change.date <= day for change in debt.changes):
        return date.fromordinal(day_in_month(first_month_after(day, debt.due_day), debt.due_day))
    return day


def _is_short(debt: InstalmentDebt | CardDebt, day: date, first: Due | None, rows: Ints, start: date) -> bool:
    if first is not None and first.overdue and first.day == day:
        return bool((rows[1 : WINDOW_DAYS + 1, c.F_DAYS] > 0).all())
    due = first.due if first is not None and _shown_on(first, start) == day else day
    look = max(due + timedelta(debt.grace_days), day) + timedelta(1)
    index = min((look - start).days, len(rows) - 1)
    return int(rows[index, c.F_DAYS]) >= (look - due).days


def _charged(rows: Ints) -> int:
    return int((rows[WINDOW_DAYS, :, c.F_CHARGED] - rows[0, :, c.F_CHARGED]).sum())


# -- what to do next


def _step(plan: Plan, owed: int, coming: Sequence[Coming], answers: Answers) -> Step:
    if not owed:
        return Step("clear")
    if answers.court_papers:
        return Step("court", plan.start)
    bills = [each for each in coming if each.due]
    if bills and (answers.food or answers.rent or answers.medicine):
        return _talk(bills[0], plan)
    missing = next((each for each in bills if each.short), None)
    late = {each.debt for each in coming if each.days_late}
    # What a way pays ahead of its due date can wait for a talk about a bill that it then cannot pay.
    needed = next((each.day for each in coming if each.paid and (each.due or each.debt in late)), date.max)
    if missing is not None and missing.day <= needed:
        return _talk(missing, plan)
    pay_on = next((each.day for each in coming if each.paid), None)
    if pay_on is None:
        return Step("rest")
    pays = tuple(each for each in coming if each.paid and each.day == pay_on)
    return Step("pay", pay_on, pays, overdue=any(each.debt in late for each in pays))


def _talk(about: Coming, plan: Plan) -> Step:
    """Call before the bill is late; where it is late already, now."""
    overdue = bool(about.days_late)
    return Step("talk", plan.start if overdue else about.day, (about,), overdue=overdue)
