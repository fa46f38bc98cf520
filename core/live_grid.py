"""What every monthly budget of a range does under every strategy: the grid that a slider answers from while it moves.

One batch of the engine fills it. It is a reading of outcomes and computes no rule: which strategy is best at a step is
`core.outcome.best` (CALCULATION.md §7), what goes overdue is read on the evenings of `core.thresholds.watched_days`.
Figures that are read as text are exact fen; what is only drawn is rounded to less than a pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.engine import layout as c
from core.engine.lower import Ints
from core.lever_money import with_budget
from core.lever_readings import first_payday_month, monthly_room, payday_in, reported_days
from core.money import FEN_IN_A_YUAN
from core.outcome import Outcome, best
from core.plan import Plan
from core.plan_values import AMOUNT_MAX
from core.simulate import STRATEGIES, Scenario, simulate_days, simulate_ledger
from core.thresholds import watched_days

POINTS_MAX = 61
"""So many points in time a line has at most."""

STEPS_MIN = 60
"""So many steps the range has at least."""

NO_LINE = 65_535
"""Stands in `LiveGrid.drawn` for every point of a scenario without an answer."""

_TOP_MIN = 1_000 * FEN_IN_A_YUAN
_STEPS = (1, 2, 5)
_THREADS = 2
_MONTHS_OF_DUES = 3
# The picture holds what two thirds of today's budget bring about, and what climbs beyond 1.6 times the start leaves it.
_LESS, _LESS_OVER = 2, 3
_POINTS_LEAST = 13
_CEILING_LEAST, _CEILING_MOST = 1.05, 1.6
# Lines are stored up to so many times the height of the picture: the way out of it keeps its slope.
_STORED_HEIGHTS = 4


@dataclass(frozen=True, eq=False)
class LiveGrid:
    """The grid of a plan; arrays are int64 of shape (steps, strategies) unless something else is said.

    Attributes:
        budgets: The monthly budgets, fen, rising: round steps from 0, and today's where it lies between two of them.
        today: The index of today's budget: what the first payday leaves for debts, or 0.
        opening: What is owed at the end of `plan.start`, fen.
        free_on: Ordinals; 0 where a debt is open at the end.
        total_paid, closing_payoff: Fen.
        first_late: The ordinal of the first evening looked at, from the first payday on, on which something is
            overdue; 0 where there is none. Its month is the first in which something is.
        worst_days: The largest days past due, of today included.
        failed: bool; no answer, since a debt outgrew its bound or a recorded payment is refused. Other figures mean
            nothing there.
        shown: The index of the strategy that is read out at each step: the one asked for, or the best; -1 where it has
            no answer.
        kept_from: The first step from which, with every larger one too, nothing goes overdue under what is shown; None
            where something does in the largest.
        days: Ordinals of the points in time of the lines, rising, at most `POINTS_MAX`; the first is `plan.start`.
        end: Ordinal of the plan's last day.
        ceiling: The height of the picture, fen.
        unit: Fen a unit of `drawn`.
        drawn: uint16 (steps, strategies, points): payoffs in units, at most `NO_LINE - 1`.
    """

    budgets: tuple[int, ...]
    today: int
    opening: int
    free_on: Ints
    total_paid: Ints
    closing_payoff: Ints
    first_late: Ints
    worst_days: Ints
    failed: NDArray[np.bool_]
    shown: tuple[int, ...]
    kept_from: int | None
    days: tuple[int, ...]
    end: int
    ceiling: int
    unit: int
    drawn: NDArray[np.uint16]

    def nearest(self, fen: int) -> int:
        """Give the step whose budget lies nearest to an amount, the lower of two."""
        return min(range(len(self.budgets)), key=lambda step: abs(self.budgets[step] - fen))


def live_grid(plan: Plan, strategy: str | None = None) -> LiveGrid:
    """Let every monthly budget of the range have its run under all strategies, over the plan's own horizon.

    The range goes from nothing to twice today's budget, or to half as much again as falls due in the month of the
    first payday where that is more.

    Args:
        plan: Without a monthly budget among its levers. Not modified.
        strategy: The one that is read out; None: the best of each step.
    """
    now = min(max(0, monthly_room(plan)), AMOUNT_MAX)
    budgets = _budgets(now, max(2 * now, -(-3 * month_of_dues(plan) // 2), _TOP_MIN))
    found = _outcomes(plan, budgets)
    samples = found[0][0].samples
    answers = np.array([[outcome.answer for outcome in row] for row in found])
    owed = np.array([[outcome.lines[:, c.N_PAYOFF] for outcome in row] for row in found])
    overdue = np.array([[outcome.lines[:, c.N_OVERDUE] for outcome in row] for row in found])
    failed = answers[:, :, c.A_STATUS] != 0
    today = budgets.index(now)
    shown = _shown(found, failed, strategy)
    free_on, first_late = answers[:, :, c.A_DEBT_FREE], _first_late(plan, samples, overdue)
    points = _points(plan, samples, _free_by(budgets, today, shown, free_on))
    owed = owed[:, :, points]
    ceiling = _ceiling(owed[today], failed[today])
    unit = max(1, -(-_STORED_HEIGHTS * ceiling // (NO_LINE - 1)))
    drawn = np.minimum((owed + unit // 2) // unit, NO_LINE - 1).astype(np.uint16)
    drawn[failed] = NO_LINE
    return LiveGrid(
        budgets=tuple(budgets),
        today=today,
        opening=int(owed[today, :, 0].max()),
        free_on=free_on.copy(),
        total_paid=answers[:, :, c.A_TOTAL_PAID].copy(),
        closing_payoff=answers[:, :, c.A_CLOSING_PAYOFF].copy(),
        first_late=first_late,
        worst_days=answers[:, :, c.A_WORST_DAYS].copy(),
        failed=failed,
        shown=shown,
        kept_from=_kept_from(shown, first_late),
        days=tuple(samples[points].tolist()),
        end=plan.end.toordinal(),
        ceiling=ceiling,
        unit=unit,
        drawn=drawn,
    )


def month_of_dues(plan: Plan) -> int:
    """Give what falls due from the first payday until the next one, fen; a card's minimum counts with its statement."""
    month = first_payday_month(plan)
    first, after = payday_in(plan, month), payday_in(plan, month + 1)
    short = plan.model_copy(update={"horizon_months": _MONTHS_OF_DUES})
    book: Any = simulate_ledger([Scenario(short, "stop")])[0]
    due = book[(book["kind"] == "due") & (book["date"] >= str(first)) & (book["date"] < str(after))]
    return min(int(due["amount"].sum()), AMOUNT_MAX)


def _budgets(now: int, top: int) -> list[int]:
    """Give round steps from nothing to `top`, the longest that make at least `STEPS_MIN`, and today's budget."""
    top = min(top, AMOUNT_MAX)
    step = max(
        factor * FEN_IN_A_YUAN * 10**power
        for power in range(len(str(top)))
        for factor in _STEPS
        if factor * FEN_IN_A_YUAN * 10**power * STEPS_MIN <= top
    )
    return sorted({min(k * step, AMOUNT_MAX) for k in range(-(-top // step) + 1)} | {now})


def _outcomes(plan: Plan, budgets: Sequence[int]) -> list[list[Outcome]]:
    """Run every budget under every strategy, in one batch; a list a budget.

    Under `stop` no budget is used: it is run once and stands at every step.
    """
    days = sorted({*reported_days(plan), *watched_days(plan)})
    plans = [with_budget(plan, budget) for budget in budgets]
    paying = STRATEGIES[1:]
    scenarios = [Scenario(plans[0], STRATEGIES[0]), *(Scenario(one, name) for one in plans for name in paying)]
    stopped, *rest = simulate_days(scenarios, days, output="lines", threads=_THREADS)
    width = len(paying)
    return [[stopped, *rest[k * width : (k + 1) * width]] for k in range(len(plans))]


def _shown(found: Sequence[Sequence[Outcome]], failed: NDArray[np.bool_], strategy: str | None) -> tuple[int, ...]:
    if strategy is None:
        return tuple(-1 if failed[step].all() else best(row) for step, row in enumerate(found))
    index = STRATEGIES.index(strategy)
    return tuple(-1 if failed[step, index] else index for step in range(len(found)))


def _kept_from(shown: Sequence[int], first_late: Ints) -> int | None:
    found: int | None = None
    for step, index in reversed(list(enumerate(shown))):
        if index < 0 or first_late[step, index]:
            break
        found = step
    return found


def _first_late(plan: Plan, samples: Ints, overdue: Ints) -> Ints:
    """Give the first evening with something overdue.

    Between two paydays nothing is paid that was not set aside, and what else can cure a delay has its eve among the
    days too; so month-ends and those eves together tell in which month something was first overdue.
    """
    first = payday_in(plan, first_payday_month(plan)).toordinal()
    late = (overdue > 0) & (samples >= first)
    return cast(Ints, np.where(late.any(axis=2), samples[late.argmax(axis=2)], 0))


def _free_by(budgets: Sequence[int], today: int, shown: Sequence[int], free_on: Ints) -> int | None:
    """Give the ordinal by which what is shown gets free with somewhat less than today's budget, or with today's."""
    for step in range(today + 1):
        if budgets[step] * _LESS_OVER >= budgets[today] * _LESS and shown[step] >= 0 and free_on[step, shown[step]]:
            return int(free_on[step, shown[step]])
    return None


def _points(plan: Plan, samples: Ints, free_by: int | None) -> Ints:
    """Choose the points in time that are drawn: to the end, or to soon after the debts are cleared."""
    months = np.isin(samples, [day.toordinal() for day in reported_days(plan)]).nonzero()[0]
    last = len(months) - 1
    if free_by is not None:
        cleared = int(np.searchsorted(samples[months], free_by))
        last = min(last, max(cleared + cleared // 8, _POINTS_LEAST - 1))
    wanted = np.unique(np.linspace(0, last, min(last + 1, POINTS_MAX)).round().astype(np.int64))
    return cast(Ints, months[wanted])


def _ceiling(owed: Ints, failed: NDArray[np.bool_]) -> int:
    """Give how high the picture reaches: as high as the strategies that pay go with today's budget, within bounds."""
    opening = int(owed[:, 0].max())
    highest = max((int(row.max()) for k, row in enumerate(owed) if k and not failed[k]), default=opening)
    wanted = min(max(highest, round(_CEILING_LEAST * opening)), round(_CEILING_MOST * opening))
    return max(wanted, FEN_IN_A_YUAN)
