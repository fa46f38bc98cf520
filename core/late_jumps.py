"""The days on which the cost of one more day changes, and why: differences between the engine's answers.

A jump is found where the ledger or the terms of a debt say that something happens; how much it comes to is read off the
outcome. Two days of interest differ by rounding as well, and that is no jump.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np

from core.engine import layout as c
from core.engine.lower import Ints
from core.plan import CardDebt, InstalmentDebt, Plan

Cause = Literal["due", "overdue", "late_fee", "statement", "whole_due", "change", "earmarked"]
CAUSES: tuple[Cause, ...] = ("overdue", "late_fee", "whole_due", "due", "statement", "change", "earmarked")
"""Why a day costs more or less than the one before, the weightiest first; a page has a sentence for each."""

# Interest and penalty are each rounded when they are looked at, so a day's cost wavers by a fen for each of the two.
_ROUNDING_FEN = 2


@dataclass(frozen=True)
class Jump:
    """A day on which a debt begins to cost more or less, or costs something once.

    Attributes:
        day: When.
        debt: Whose; its id.
        causes: Why, in the order of `CAUSES`; never empty.
        before: What the day before cost, fen; None on the first day of all.
        that_day: What the day itself costs, fen.
        after: What the first day after it costs on which nothing else happens, fen.
        grace_days: Of the debt; where above 0 and `overdue` is among the causes, the penalty is charged back to the due
            date on this day.
    """

    day: date
    debt: str
    causes: tuple[Cause, ...]
    before: int | None
    that_day: int
    after: int
    grace_days: int

    @property
    def rises(self) -> bool:
        """Whether the day, or the days after it, cost more than those before; a bill inside its grace costs less."""
        return self.before is None or max(self.that_day, self.after) > self.before + _ROUNDING_FEN

    @property
    def height(self) -> int:
        """By how much the cost of a day moves, once or for good, fen."""
        before = self.after if self.before is None else self.before
        return max(abs(self.that_day - before), abs(self.after - before))


class LedgerEntry(NamedTuple):
    """One row of the ledger; `amount` in fen, `fees` that part of it."""

    day: date
    debt: str
    kind: str
    amount: int
    fees: int


def jumps(plan: Plan, days: Sequence[date], details: Ints, ledger: Sequence[LedgerEntry]) -> tuple[Jump, ...]:
    """Find the days on which a debt begins to cost more or less by more than rounding explains.

    Args:
        plan: The plan that was run.
        days: Every day of the run, rising, without a gap.
        details: int64 (days, debts, F_WIDTH): the outcome on those days.
        ledger: Of the same run, in the order of events.

    Returns:
        Rising by day; debts in the plan's order.
    """
    found: list[Jump] = []
    for k, debt in enumerate(plan.debts):
        # costs[i]: what days[i + 1] costs, that is, one more day on days[i].
        costs: list[int] = np.diff(details[:, k, c.F_PAYOFF]).tolist()
        causes = _causes(debt, days, details[:, k], ledger)
        for day in causes:
            at = (day - days[0]).days - 1
            if 0 <= at < len(costs) - 1:
                before = costs[at - 1] if at else None
                that_day, next_day = costs[at], costs[at + 1]
                reference = that_day if before is None else before
                # What happens on the next day moves its cost, too; that is then its own jump.
                quiet = day + timedelta(1) not in causes
                steps = (that_day - reference, quiet * (next_day - reference), quiet * (next_day - that_day))
                if any(abs(step) > _ROUNDING_FEN for step in steps):
                    after = costs[_quiet(at + 1, days, causes, len(costs))]
                    found.append(Jump(day, debt.id, _ordered(causes[day]), before, that_day, after, debt.grace_days))
    return tuple(sorted(found, key=lambda jump: jump.day))


def _quiet(at: int, days: Sequence[date], causes: Mapping[date, set[Cause]], count: int) -> int:
    """Give the place of the first cost from `at` on whose day nothing happens on, or of the last cost."""
    return next((place for place in range(at, count) if days[place + 1] not in causes), count - 1)


def _ordered(causes: set[Cause]) -> tuple[Cause, ...]:
    return tuple(cause for cause in CAUSES if cause in causes)


def _causes(
    debt: InstalmentDebt | CardDebt, days: Sequence[date], rows: Ints, ledger: Sequence[LedgerEntry]
) -> dict[date, set[Cause]]:
    """Collect what happens to a debt and may move the cost of a day, by day."""
    causes: dict[date, set[Cause]] = {}

    def add(day: date, cause: Cause) -> None:
        causes.setdefault(day, set()).add(cause)

    changed = min((change.date for change in debt.changes), default=date.max)
    bills = [bill.due for bill in debt.bills] if isinstance(debt, InstalmentDebt) else []
    whole = _whole_due(debt, days, rows, ledger)
    for change in debt.changes:
        add(change.date, "change")
    for entry in ledger:
        if entry.debt != debt.id:
            continue
        is_card = isinstance(debt, CardDebt) and entry.day < changed
        if entry.kind == "due":
            add(entry.day, "statement" if is_card else "whole_due" if entry.day == whole else "due")
            if not is_card:
                bills.append(entry.day)
        elif entry.kind == "paid":
            add(entry.day, "earmarked")
        elif entry.kind == "charged" and entry.fees > 0 and is_card:
            add(entry.day, "late_fee")
    for due in bills:
        add(due + timedelta(debt.grace_days), "overdue")
    return causes


def _whole_due(
    debt: InstalmentDebt | CardDebt, days: Sequence[date], rows: Ints, ledger: Sequence[LedgerEntry]
) -> date | None:
    """Give the day on which all of a debt falls due because it is so late; None where that is not to come.

    Nothing falls due after it, so it is the last day on which anything does, if the debt is late enough by then.
    """
    after = debt.accelerate_after_days if isinstance(debt, InstalmentDebt) else None
    for change in debt.changes:
        after = change.accelerate_after_days if change.names_acceleration else after
    last = max((entry.day for entry in ledger if entry.debt == debt.id and entry.kind == "due"), default=None)
    if after is None or last is None or last > days[-1]:
        return None
    return last if rows[(last - days[0]).days, c.F_DAYS] >= after else None
