"""What a monthly budget does over its whole range, and from which amounts on something holds. Found by the engine.

A threshold is the least whole yuan from which something holds in every budget that was tried. The engine is no smooth
curve: one yuan more can let a debt be prepaid today that the next month then misses. So a search never trusts a curve;
it looks between the largest budget that failed and the next one that did not, until they lie one yuan apart, looks
again above, and says where a smaller budget held as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np

from core.engine import layout as c
from core.lever_money import with_budget
from core.lever_offers import LenderOffer, longest
from core.lever_problems import refused
from core.lever_readings import first_day, first_payday_month, monthly_room, payday_in, recorded_debt
from core.money import FEN_IN_A_YUAN
from core.outcome import Outcome, Outcomes
from core.plan import Plan
from core.plan_values import AMOUNT_MAX, HORIZON_MAX, month_index
from core.simulate import Scenario, simulate, simulate_days, simulate_ledger

Goal = Literal["free", "kept", "free_by"]
Progress = Callable[[float], None]
"""Is told the share of the work that is done, 0 to 1, rising."""

_LADDER = 48
_ROUND = 40
_CHECKED_ABOVE = 20
_ROUNDS_MOST = 16
_OFFER_STEPS = 24
_THREADS = 2


@dataclass(frozen=True)
class Reading:
    """What comes of a plan under a strategy.

    Attributes:
        free_on: The day on which the last debt is cleared; None while one is open at the end.
        months: From the month of `plan.start` to that of `free_on`.
        out_of_pocket: What is paid and still owed at the end, fen; None where a debt outgrew its bound.
        kept: Whether nothing is overdue on any evening from the first payday on: a debt that is late today, or will be
            before that payday, may be caught up with its money. None where it was not looked at.
        worst_days: The largest days past due, of today included.
    """

    free_on: date | None
    months: int | None
    out_of_pocket: int | None
    kept: bool | None
    worst_days: int


@dataclass(frozen=True)
class Threshold:
    """From which monthly budget on something holds.

    Attributes:
        goal: `free`: free within 30 years; `kept`: nothing goes overdue; `free_by`: free by a day.
        budget: The least whole yuan, in fen, from which it holds in every budget tried; None: in none of them.
        reading: What that budget does.
        monotone: Whether every smaller budget that was tried failed.
        also_from: Where not, the smallest budget tried that held, fen.
        by: The day of `free_by`.
    """

    goal: Goal
    budget: int | None
    reading: Reading | None
    monotone: bool
    also_from: int | None
    by: date | None = None


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of a plan under a strategy.

    Attributes:
        now: What the first payday leaves for debts, fen; may be below zero.
        free, kept, free_by: As their goals say; the last is None where no day was asked for.
    """

    now: int
    free: Threshold
    kept: Threshold
    free_by: Threshold | None


@dataclass(frozen=True)
class KeepableOffer:
    """The highest monthly offer that can be kept.

    Attributes:
        offer: With the number of instalments that was found; None: even the longest one cannot be kept.
        monthly: The highest bill under it, fen.
        reading: What comes of the plan with it, 30 years ahead; where there is none, with the longest one.
        monotone: Whether every smaller number of instalments that was tried fails.
        missed: Where there is none, the ids of the debts that go overdue even with the longest one.
    """

    offer: LenderOffer | None
    monthly: int | None
    reading: Reading
    monotone: bool
    missed: tuple[str, ...] = ()


class Gain(NamedTuple):
    """What the step from one monthly budget to the next larger one buys.

    Attributes:
        low, high: The two budgets, fen a month.
        saved: How much less is paid and owed in all, fen; below zero where it is more; None without figures.
        sooner: By how many months the household is free earlier; None where it is not free with both.
    """

    low: int
    high: int
    saved: int | None
    sooner: int | None


@dataclass(frozen=True)
class Sweep:
    """What every monthly budget of a range does.

    Attributes:
        now: Today's budget: what the first payday leaves, or 0 where that is below zero, fen.
        step: How far two points lie apart, fen; today's stands between them as well.
        budgets: The points, rising, fen; 0, today's, and ¥100 to both sides of it are among them.
        readings: What each does.
    """

    now: int
    step: int
    budgets: tuple[int, ...]
    readings: tuple[Reading, ...]

    def at(self, budget: int) -> Reading:
        """Give what a point does; `ValueError` where there is no such point."""
        return self.readings[self.budgets.index(budget)]

    def gain(self, low: int, high: int) -> Gain:
        """Give what the step from one point to another buys."""
        before, after = self.at(low), self.at(high)
        saved = sooner = None
        if before.out_of_pocket is not None and after.out_of_pocket is not None:
            saved = before.out_of_pocket - after.out_of_pocket
        if before.months is not None and after.months is not None:
            sooner = before.months - after.months
        return Gain(low, high, saved, sooner)

    def around(self) -> tuple[Gain | None, Gain]:
        """Give what the ¥100 below and the ¥100 above today's budget buy; None below where there is nothing to take."""
        below = max(0, self.now - _HUNDRED)
        above = min(self.now + _HUNDRED, AMOUNT_MAX)
        return self.gain(below, self.now) if below < self.now else None, self.gain(self.now, above)


_HUNDRED = 100 * FEN_IN_A_YUAN
_MOST = AMOUNT_MAX // FEN_IN_A_YUAN


def thresholds(
    plan: Plan, strategy: str, *, free_by: date | None = None, progress: Progress | None = None
) -> Thresholds:
    """Find from which monthly budget on the household gets free, keeps everything current, and is free by a day.

    Args:
        plan: Not modified; its own horizon plays no part, the search looks 30 years ahead.
        strategy: How the budget is used.
        free_by: A day after `plan.start` and within the 30 years; None: not asked.
        progress: Told how far it is.

    Raises:
        PlanError: `free_by` lies outside, or the plan has no answer.
    """
    search = _Search(plan, strategy, free_by, progress)
    if free_by is not None and not plan.start < free_by <= search.plan.end:
        first = plan.start + timedelta(days=1)
        raise refused("free_by", "free_by.window", found=free_by.isoformat(), first=first, last=search.plan.end)
    found = search.run()
    return Thresholds(monthly_room(plan), found["free"], found["kept"], found.get("free_by"))


def budget_sweep(
    plan: Plan, strategy: str, *, points: int = 60, least_top: int = 0, progress: Progress | None = None
) -> Sweep:
    """Let every monthly budget of the range have its run, over the plan's own horizon.

    The range goes from nothing to twice today's budget, or to a twelfth of what is owed where that is more.

    Args:
        plan: Not modified.
        strategy: How the budget is used.
        points: About how many, at least 2; the step is a round number of yuan.
        least_top: The range goes at least so far, fen: pages show their thresholds in it.
        progress: Told how far it is.

    Raises:
        PlanError: The plan has no answer.
    """
    now = min(max(0, monthly_room(plan)), AMOUNT_MAX - _HUNDRED)
    owed = sum(map(recorded_debt, plan.debts))
    top = max(2 * now, owed // 12, least_top, 10 * _HUNDRED)
    step = _round_step(-(-top // max(1, points - 1)))
    grid = {min(k * step, AMOUNT_MAX) for k in range(-(-top // step) + 1)}
    budgets = sorted(grid | {now, max(0, now - _HUNDRED), now + _HUNDRED})
    readings: list[Reading] = []
    for low in range(0, len(budgets), _ROUND):
        part = [with_budget(plan, budget) for budget in budgets[low : low + _ROUND]]
        readings += readings_of(part, strategy, kept=True)
        _tell(progress, (low + len(part)) / len(budgets))
    return Sweep(now, step, tuple(budgets), tuple(readings))


def highest_offer(plan: Plan, offer: LenderOffer, strategy: str, *, progress: Progress | None = None) -> KeepableOffer:
    """Find the highest monthly amount that a lender can be offered and the household can keep.

    The fewer the instalments, the higher each of them: looked for is the least number from which, in every number
    tried, nothing goes overdue, here or elsewhere, 30 years ahead.

    Args:
        plan: Not modified.
        offer: All terms but the number of instalments, which is found.
        strategy: How the budget is used.
        progress: Told how far it is.

    Raises:
        PlanError: The offer cannot be made (it is for a cleared debt, its day is over …), or the plan has no answer.
    """
    far = plan.model_copy(update={"horizon_months": HORIZON_MAX})
    day = offer.date or first_day(plan)
    most = next((longest(debt, day) for debt in plan.debts if debt.id == offer.debt), offer.instalments)
    whole = replace(offer, instalments=most).apply(far, "offer")
    tried: dict[int, Reading] = {}
    wanted = sorted({1, most, *(most * k // _OFFER_STEPS for k in range(1, _OFFER_STEPS))} - {0})
    rounds = 0
    while wanted:
        plans = [_with_instalments(whole, offer.debt, day, count) for count in wanted]
        tried.update(zip(wanted, readings_of(plans, strategy, kept=True), strict=True))
        rounds += 1
        _tell(progress, rounds / (rounds + 1))
        bad, good = _edge({count: reading.kept is True for count, reading in tried.items()}, 0)
        wanted = [] if good is None or good - bad == 1 else _between(bad, good)
    _tell(progress, 1.0)
    _, good = _edge({count: reading.kept is True for count, reading in tried.items()}, 0)
    monotone = not any(reading.kept for count, reading in tried.items() if good is None or count < good)
    if good is None:
        return KeepableOffer(None, None, tried[most], monotone, _missed(whole, strategy))
    found = _with_instalments(whole, offer.debt, day, good)
    return KeepableOffer(
        replace(offer, instalments=good), _highest_due(found, offer.debt, day, strategy), tried[good], monotone
    )


def _with_instalments(plan: Plan, debt_id: str, day: date, count: int) -> Plan:
    """Change the number of instalments of a change that a debt has."""
    debts = [
        debt
        if debt.id != debt_id
        else debt.model_copy(
            update={
                "changes": tuple(
                    change.model_copy(update={"instalments": count}) if change.date == day else change
                    for change in debt.changes
                )
            }
        )
        for debt in plan.debts
    ]
    return plan.model_copy(update={"debts": tuple(debts)})


def _missed(plan: Plan, strategy: str) -> tuple[str, ...]:
    frame: Any = simulate_days([Scenario(plan, strategy)], watched_days(plan))[0].debts_frame()
    late = set(frame.loc[frame["days_past_due"] > 0, "debt"])
    return tuple(debt.id for debt in plan.debts if debt.id in late)


def _highest_due(plan: Plan, debt_id: str, day: date, strategy: str) -> int:
    """Ask the ledger for the largest bill of a debt after a day, fen."""
    book: Any = simulate_ledger([Scenario(plan, strategy)])[0]
    due = book[(book["kind"] == "due") & (book["debt"] == debt_id) & (book["date"] > str(day))]
    return max(due["amount"].tolist(), default=0)


def readings_of(plans: Sequence[Plan], strategy: str, *, kept: bool) -> list[Reading]:
    """Run plans of one household, and read off each what a comparison needs.

    Args:
        plans: With the same `start`, horizon and payday. Those that share their debts are laid out once.
        strategy: How their budgets are used.
        kept: Whether to look if anything goes overdue, which takes longer.

    Raises:
        PlanError: A recorded payment is more than its debt can take.
    """
    scenarios = [Scenario(plan, strategy) for plan in plans]
    if kept:
        days = sorted({day for plan in _unlike(plans) for day in watched_days(plan)})
        outcomes = simulate_days(scenarios, days)
    else:
        outcomes = simulate(scenarios, output="summary", threads=_THREADS)
    _refuse(outcomes)
    return [_reading(outcome, kept) for outcome in outcomes]


def watched_days(plan: Plan) -> list[date]:
    """Give the days on whose evening nothing that is overdue can hide, from the first payday that can be moved on.

    Between two paydays nothing is paid that was not set aside, so what is missed stands open on the eve of the next.
    Only money that goes straight to a lender, and agreed changes, can cure it before: their eves count too.
    """
    month = first_payday_month(plan)
    first = payday_in(plan, month)
    days = {payday_in(plan, later) - timedelta(days=1) for later in range(month + 1, month_index(plan.end) + 1)}
    cures = [one.date for one in plan.household.one_offs if one.for_debt is not None]
    cures += [change.date for debt in plan.debts for change in debt.changes]
    days |= {day - timedelta(days=1) for day in cures if first < day}
    return sorted(day for day in days | {plan.end} if day <= plan.end)


def _unlike(plans: Sequence[Plan]) -> list[Plan]:
    """Leave out plans that are watched on the same days as one before them."""
    return list({(id(plan.debts), id(plan.household.one_offs)): plan for plan in plans}.values())


def _refuse(outcomes: Outcomes) -> None:
    statuses = outcomes.answers[:, c.A_STATUS]
    if (statuses == c.REFUSED).any():
        payment = outcomes[int(np.argmax(statuses == c.REFUSED))].refused
        raise refused(f"paid[{payment}]", "paid.refused")


def _reading(outcome: Outcome, kept: bool) -> Reading:
    if outcome.error is not None:
        return Reading(None, None, None, False if kept else None, outcome.worst_days_past_due)
    free = outcome.debt_free_on
    months = None if free is None else max(0, month_index(free) - month_index(outcome.plan.start))
    current = not bool(outcome.lines[:, c.N_OVERDUE].any()) if kept else None
    return Reading(free, months, outcome.out_of_pocket, current, outcome.worst_days_past_due)


def _round_step(fen: int) -> int:
    """Round a step up to 100, 200, 500, 1,000 … yuan."""
    scale = _HUNDRED
    while True:
        for factor in (1, 2, 5):
            if factor * scale >= fen:
                return factor * scale
        scale *= 10


def _tell(progress: Progress | None, share: float) -> None:
    if progress is not None:
        progress(share)


class _Search:
    """Budgets of one plan as they are tried, in whole yuan, each run once."""

    def __init__(self, plan: Plan, strategy: str, by: date | None, progress: Progress | None) -> None:
        self.plan = plan.model_copy(update={"horizon_months": HORIZON_MAX})
        self._strategy = strategy
        self._by = by
        self._progress = progress
        self._goals: list[Goal] = ["kept", "free"] if by is None else ["kept", "free", "free_by"]
        self._rounds = 0
        self._watched: dict[int, Reading] = {}
        self._quick: dict[int, Reading] = {}

    def run(self) -> dict[Goal, Threshold]:
        """Find the threshold of each goal; the first round serves all of them."""
        self._try(self._ladder(), kept=True)
        found: dict[Goal, Threshold] = {goal: self._least(goal) for goal in self._goals}
        _tell(self._progress, 1.0)
        return found

    def _ladder(self) -> list[int]:
        """Give budgets from nothing to all that there can be, closer together where thresholds are likely to lie."""
        owed = sum(map(recorded_debt, self.plan.debts)) // FEN_IN_A_YUAN
        now = min(max(0, monthly_room(self.plan)) // FEN_IN_A_YUAN, _MOST - 1)
        low, high = max(1.0, owed / 500), max(2.0, 1.2 * owed)
        steps: list[int] = np.geomspace(low, high, _LADDER).astype(np.int64).tolist()
        return sorted({min(step, _MOST) for step in (0, now, now + 1, *steps, _MOST)})

    def _least(self, goal: Goal) -> Threshold:
        confirmed = False
        for _ in range(_ROUNDS_MOST):
            bad, good = self._edge(goal)
            if good is None or (good - bad == 1 and confirmed):
                break
            if good - bad > 1:
                self._try(_between(bad, good), kept=goal == "kept")
            else:
                # Where more helps less, it does so close above the edge: there it is looked for once more.
                self._try(_above(good), kept=goal == "kept")
                confirmed = True
        bad, good = self._edge(goal)
        below = [yuan for yuan in self._holding(goal) if good is None or yuan < good]
        return Threshold(
            goal=goal,
            budget=None if good is None else good * FEN_IN_A_YUAN,
            reading=None if good is None else self._tried(goal)[good],
            monotone=not below,
            also_from=min(below) * FEN_IN_A_YUAN if below else None,
            by=self._by if goal == "free_by" else None,
        )

    def _edge(self, goal: Goal) -> tuple[int, int | None]:
        """Give the largest budget tried that failed (-1: none did), and the next larger one that was tried."""
        return _edge({yuan: self._holds(goal, reading) for yuan, reading in self._tried(goal).items()}, -1)

    def _tried(self, goal: Goal) -> dict[int, Reading]:
        return self._watched if goal == "kept" else self._quick | self._watched

    def _holding(self, goal: Goal) -> list[int]:
        return [yuan for yuan, reading in self._tried(goal).items() if self._holds(goal, reading)]

    def _holds(self, goal: Goal, reading: Reading) -> bool:
        if goal == "kept":
            return reading.kept is True
        free = reading.free_on
        return free is not None and (goal == "free" or self._by is None or free <= self._by)

    def _try(self, yuan: Sequence[int], *, kept: bool) -> None:
        known = self._watched if kept else self._quick
        new = [each for each in yuan if each not in known]
        plans = [with_budget(self.plan, each * FEN_IN_A_YUAN) for each in new]
        known.update(zip(new, readings_of(plans, self._strategy, kept=kept), strict=True))
        self._rounds += 1
        _tell(self._progress, self._rounds / (self._rounds + len(self._goals)))


def _edge(tried: Mapping[int, bool], lowest: int) -> tuple[int, int | None]:
    """Give the largest number tried that failed (`lowest`: none did), and the next larger one that was tried."""
    bad = max((number for number, holds in tried.items() if not holds), default=lowest)
    return bad, min((number for number in tried if number > bad), default=None)


def _between(bad: int, good: int) -> list[int]:
    """Give whole numbers between two, both left out, spread evenly; all of them where they are few."""
    return sorted({bad + (good - bad) * k // (_ROUND + 1) for k in range(1, _ROUND + 1)} - {bad, good})


def _above(good: int) -> list[int]:
    """Give the next few budgets above one, and some up to half as much again."""
    near = range(good + 1, good + _CHECKED_ABOVE)
    wide = (good + good * k // (2 * _CHECKED_ABOVE) for k in range(1, _CHECKED_ABOVE + 1))
    return sorted({min(each, _MOST) for each in (*near, *wide)} - {good})
