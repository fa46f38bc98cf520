"""What being late costs: the engine's answers under `stop`, in which nothing is paid (CALCULATION.md §7, *Days*).

Three runs answer a plan: every day for two years, two ledgers, and a batch of payments that are tried. Nothing here
works out interest: what a day costs, what a payment saves and what is due are differences between answers of the
engine. What law and custom say about the same days is `core.aftermath`'s business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

import numpy as np

from core.engine import layout as c
from core.engine.lower import Ints, day_in_month, first_month_after, month_of
from core.late_jumps import Jump, LedgerEntry, jumps
from core.money import FEN_IN_A_YUAN
from core.plan import CardDebt, OneOff, Plan
from core.simulate import Outcome, Scenario, simulate_days, simulate_ledger

PARTS = ("principal", "interest", "penalty", "fees")
"""The parts of what is owed, in the order of `Lateness.parts`."""

SAMPLE_FEN = 100 * FEN_IN_A_YUAN
"""The amount that is tried on every debt to see where it saves most."""

SAMPLE_DAYS = 30
"""After how many days that is looked at."""

# Two years, and one more day for what the last of them costs, always end within so many months.
HORIZON_MONTHS = 25
_YEARS = 2


@dataclass(frozen=True)
class Due:
    """What to pay on a debt first, and by when.

    Attributes:
        debt: Its id.
        due: The due date of the oldest bill that is not paid.
        day: The last day on which paying it is not late; where that is over, the first day on which it can be paid.
        overdue: Whether it is over.
        days_late: Days from the due date to `day` where it is over, else 0.
        amount: What has to be paid on `day` so that the debt is not late, fen: what it is owed then (CALCULATION.md
            §4), of a card without the minimums that fall due later.
    """

    debt: str
    due: date
    day: date
    overdue: bool
    days_late: int
    amount: int


@dataclass(frozen=True)
class Saving:
    """What an amount paid to one debt saves.

    Attributes:
        debt: Its id.
        taken: What the debt takes of it, fen; less where nothing is due and it takes nothing early.
        saved: By how much less is charged by `until`, fen.
        day, until: When it is paid, and until when its effect is counted.
    """

    debt: str
    taken: int
    saved: int
    day: date
    until: date


@dataclass(frozen=True, eq=False)
class Lateness:
    """What a plan's debts come to if nothing is paid, day by day.

    Attributes:
        plan: The plan, its horizon long enough for all `days`.
        days: From `plan.start` on, every day for two years, and one more.
        parts: int64 (days, debts, 4): what is owed, by `PARTS`, accruals included; fen.
        days_past_due, charged: int64 (days, debts); days, and fen since `as_of`.
        court: int64 (days, debts): what a court would support of `charged`, fen; -1 without a cap.
        dues: What to pay first, a debt at most once, in the plan's order; debts on which nothing falls due are left
        out. savings: What 100 yuan saves, most first; ties in the plan's order. Debts that are paid off are left out.
        jumps: Rising by day.
    """

    plan: Plan
    days: tuple[date, ...]
    parts: Ints
    days_past_due: Ints
    charged: Ints
    court: Ints
    dues: tuple[Due, ...]
    savings: tuple[Saving, ...]
    jumps: tuple[Jump, ...]

    @cached_property
    def payoff(self) -> Ints:
        """int64 (days, debts): all that is owed, fen."""
        return self.parts.sum(axis=2)

    @property
    def first_day(self) -> date:
        """The first day on which anything can still be paid: the plan shows the end of the one before."""
        return self.days[1]

    @property
    def last_day(self) -> date:
        """The last day that a page may ask for."""
        return self.days[-2]

    def index_of(self, day: date) -> int:
        """Give a day's place in `days`; `IndexError` outside `days[0]` to `last_day`."""
        index = (day - self.days[0]).days
        if not 0 <= index < len(self.days) - 1:
            raise IndexError(day)
        return index

    def debts_of(self, debt: str | None) -> list[int]:
        """Give the places of a debt, or of all of them, in the plan."""
        return [k for k, one in enumerate(self.plan.debts) if debt is None or one.id == debt]

    def owed(self, day: date, debt: str | None = None) -> dict[str, int]:
        """Give what is owed on a day, by `PARTS`, on one debt or in all, fen."""
        sums = self.parts[self.index_of(day)][self.debts_of(debt)].sum(axis=0)
        return dict(zip(PARTS, map(int, sums), strict=True))

    def total(self, day: date, debt: str | None = None) -> int:
        """Give all that is owed on a day, on one debt or in all, fen."""
        return sum(self.owed(day, debt).values())

    def one_more_day(self, day: date, debt: str | None = None) -> int:
        """Give what one more day costs on a day: payoff(day + 1) less payoff(day), fen."""
        index, places = self.index_of(day), self.debts_of(debt)
        return int(self.payoff[index + 1, places].sum() - self.payoff[index, places].sum())

    def charged_between(self, first: date, last: date, debt: str | None = None) -> int:
        """Give the interest, penalty and fees that are charged after one day and by another, fen."""
        places = self.debts_of(debt)
        return int((self.charged[self.index_of(last), places] - self.charged[self.index_of(first), places]).sum())

    @property
    def overdue_amount(self) -> int:
        """What brings all overdue debts up to date on `first_day`, fen."""
        return sum(due.amount for due in self.dues if due.overdue)

    def first_steps(self, days: int) -> tuple[Due, ...]:
        """Give what to pay within so many days: what is overdue first, reported before others, the latest first."""
        reported = {debt.id: debt.reported for debt in self.plan.debts}
        soon = [due for due in self.dues if due.overdue or (due.day - self.days[0]).days <= days]
        return tuple(sorted(soon, key=lambda due: (not due.overdue, not reported[due.debt], due.day, -due.days_late)))

    @property
    def names(self) -> dict[str, str]:
        """The names of the debts by id, in the plan's order."""
        return {debt.id: debt.name for debt in self.plan.debts}

    @property
    def first_late(self) -> str | None:
        """The debt with the oldest unpaid bill; None where none falls due in two years."""
        return min(self.dues, key=lambda due: due.due).debt if self.dues else None

    def missed(self, debt: str) -> date | None:
        """Give the due date of the first bill that a debt leaves unpaid; None where there is none in two years."""
        place = self.debts_of(debt)[0]
        late = np.flatnonzero(self.days_past_due[:, place])
        if len(late) == 0:
            return None
        return self.days[int(late[0])] - timedelta(int(self.days_past_due[late[0], place]))


def lateness(plan: Plan) -> Lateness | None:
    """Work out what being late costs.

    Args:
        plan: Its debts with the `cap_rate` that `court` is to go by (`core.aftermath.with_caps`).

    Returns:
        The answer; None where the engine has none, because a debt outgrew its bound or a recorded payment is refused.
    """
    plan = watched(plan)
    days = watched_days(plan)
    course = simulate_days([Scenario(plan, "stop")], days)[0]
    details = course.details
    if course.error is not None or course.refused is not None or details is None:
        return None
    parts = np.stack(
        [
            details[:, :, c.F_PRINCIPAL],
            details[:, :, c.F_PAYOFF]
            - details[:, :, c.F_PRINCIPAL]
            - details[:, :, c.F_PENALTY]
            - details[:, :, c.F_FEES],
            details[:, :, c.F_PENALTY],
            details[:, :, c.F_FEES],
        ],
        axis=2,
    )
    dates = _pay_by(plan, days, details)
    # An amount beyond all bounds shows what each debt is owed: that is taken first, and the rest apart from it.
    everything = paying(plan, {debt: day for debt, (_, day) in dates.items()}, c.PAYOFF_MAX_FEN)
    ledger, probe = _ledgers([plan, everything])
    return Lateness(
        plan=plan,
        days=days,
        parts=parts,
        days_past_due=details[:, :, c.F_DAYS].copy(),
        charged=details[:, :, c.F_CHARGED].copy(),
        court=details[:, :, c.F_COURT].copy(),
        dues=_dues(plan, dates, ledger, probe),
        savings=_savings(plan, days, details),
        jumps=jumps(plan, days, details, ledger),
    )


# -- the plan that is run, and its days


def watched(plan: Plan) -> Plan:
    """Give a plan a horizon that holds all of `watched_days`."""
    return plan.model_copy(update={"horizon_months": HORIZON_MONTHS})


def watched_days(plan: Plan) -> tuple[date, ...]:
    """Give `plan.start`, every day for two years, and one more."""
    last = day_in_month(month_of(plan.start) + 12 * _YEARS, plan.start.day)
    return tuple(date.fromordinal(day) for day in range(plan.start.toordinal(), last + 2))


def paying(plan: Plan, days: Mapping[str, date], amount: int) -> Plan:
    """Let somebody pay an amount to some debts, each on its day, after what the plan has for it on that day."""
    extra = tuple(OneOff(name=debt, date=day, amount=amount, for_debt=debt) for debt, day in days.items())
    household = plan.household.model_copy(update={"one_offs": (*plan.household.one_offs, *extra)})
    return plan.model_copy(update={"household": household})


# -- readings of an outcome


def rows_of(outcome: Outcome, place: int) -> dict[date, Ints]:
    """Give a debt's figures by reported day, each of shape (F_WIDTH,)."""
    return {day: cast(Ints, outcome.details)[k, place] for k, day in enumerate(outcome.dates)}


def paid_so_far(row: Ints) -> int:
    """Add up what such a row says was paid, fen."""
    return int(row[c.F_PAID_PRINCIPAL] + row[c.F_PAID_INTEREST] + row[c.F_PAID_PENALTY] + row[c.F_PAID_FEES])


def _ledgers(plans: Sequence[Plan]) -> list[list[LedgerEntry]]:
    frames = cast("list[Any]", simulate_ledger([Scenario(plan, "stop") for plan in plans]))
    return [_entries(frame) for frame in frames]


def _entries(frame: Any) -> list[LedgerEntry]:
    columns = (frame[name].tolist() for name in ("date", "debt", "kind", "amount", "fees"))
    return [LedgerEntry(day.date(), *rest) for day, *rest in zip(*columns, strict=True)]


# -- what to pay first, and where an amount saves most


def _pay_by(plan: Plan, days: Sequence[date], details: Ints) -> dict[str, tuple[date, date]]:
    """Give the due date of each debt's oldest unpaid bill, and the day on which to pay it."""
    found: dict[str, tuple[date, date]] = {}
    for k, debt in enumerate(plan.debts):
        # What is late today and no longer late once tomorrow's arrangements have run needs no payment.
        late = np.flatnonzero(details[1:, k, c.F_DAYS]) + 1
        if len(late) > 0:
            due = days[int(late[0])] - timedelta(int(details[late[0], k, c.F_DAYS]))
            found[debt.id] = due, max(due + timedelta(debt.grace_days), days[1])
    return found


def _dues(
    plan: Plan,
    dates: Mapping[str, tuple[date, date]],
    ledger: Sequence[LedgerEntry],
    probe: Sequence[LedgerEntry],
) -> tuple[Due, ...]:
    found: list[Due] = []
    for debt in plan.debts:
        if debt.id not in dates:
            continue
        due, day = dates[debt.id]
        paid = (day, debt.id, "paid")
        planned, tried = ([e.amount for e in book if (e.day, e.debt, e.kind) == paid] for book in (ledger, probe))
        owed = tried[len(planned)]
        if isinstance(debt, CardDebt) and not any(change.date <= day for change in debt.changes):
            owed = max(0, owed - _minimums_to_come(debt, day, ledger))
        overdue = due + timedelta(debt.grace_days) < day
        found.append(Due(debt.id, due, day, overdue, (day - due).days if overdue else 0, owed))
    return tuple(found)


def _minimums_to_come(card: CardDebt, day: date, ledger: Sequence[LedgerEntry]) -> int:
    """Add up the minimums that a card is owed on a day and that fall due after it.

    Payments count toward the oldest minimum, and that one is unpaid here, so these are unpaid in full.
    """
    known = sum(statement.unpaid for statement in card.statements if statement.due > day)
    issued = [entry for entry in ledger if (entry.debt, entry.kind) == (card.id, "due") and entry.day <= day]
    return known + sum(entry.amount for entry in issued if _due_date(entry.day, card.due_day) > day)


def _due_date(statement: date, due_day: int) -> date:
    return date.fromordinal(day_in_month(first_month_after(statement, due_day), due_day))


def _savings(plan: Plan, days: Sequence[date], details: Ints) -> tuple[Saving, ...]:
    day, until = days[1], days[1 + SAMPLE_DAYS]
    places = [k for k in range(len(plan.debts)) if details[1, k, c.F_PAYOFF] > 0]
    plans = [paying(plan, {plan.debts[k].id: day}, SAMPLE_FEN) for k in places]
    found: list[Saving] = []
    for k, outcome in zip(places, simulate_days([Scenario(each, "stop") for each in plans], [until]), strict=True):
        without, tried = details[1 + SAMPLE_DAYS, k], rows_of(outcome, k)[until]
        saved = int(without[c.F_CHARGED] - tried[c.F_CHARGED])
        found.append(Saving(plan.debts[k].id, paid_so_far(tried) - paid_so_far(without), saved, day, until))
    return tuple(sorted(found, key=lambda saving: -saving.saved))
