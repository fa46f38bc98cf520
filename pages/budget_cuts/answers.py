"""What the page asks of the core, each answer kept by its question: the same state does not reach the engine twice."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from core.decided import Decided
from core.household import HouseholdDocument
from core.lever_effects import CutEffect, rank_cuts
from core.levers import MONTHLY_BUDGET, PlanLever, apply_all
from core.outcome import Outcome
from core.plan import Plan, PlanError, dump_plan
from core.savings import Effect, budget_steps, effects
from core.simulate import STRATEGIES
from core.thresholds import Progress, Sweep, Thresholds, budget_sweep, thresholds
from core.today import followed
from pages.shared import decisions, session
from pages.shared.kept import Kept

KINDS = ("cut_expense", "add_income", "sell", MONTHLY_BUDGET)
"""The levers that this page keeps."""
Whose = Literal["chosen", "best", "paying"]
_OTHERWISE = "avalanche"
_PAYING_DUES_ONLY = ("stop", "minimum")
STEPS_YUAN = (-300, -200, -100, 100, 200, 300, 500, 1000)

_bases: Kept[Plan] = Kept()
_effects: Kept[Effect | None] = Kept()
_sweeps: Kept[tuple[Sweep, Sweep]] = Kept()
_ranks: Kept[list[CutEffect]] = Kept()
_thresholds: Kept[Thresholds] = Kept()


class State(NamedTuple):
    """What the page speaks of.

    Attributes:
        document: The household.
        decided: Its plan as recorded and with what is chosen.
        base: With what is chosen elsewhere only: what this page's levers are held against.
        strategy: How the budget is used: as the household decided, else as is best.
        whose: `chosen`: the household decided for that strategy; `best`: it is best; `paying`: what is best pays dues
            only, or nothing, and this one uses what is left over, so that larger budgets can tell something.
        way: What comes of it with all that is chosen; None where debts outgrow what can be worked out.
    """

    document: HouseholdDocument
    decided: Decided
    base: Plan
    strategy: str
    whose: Whose
    way: Outcome | None

    @property
    def plan(self) -> Plan:
        """The plan with all that is chosen."""
        return self.decided.plan

    @property
    def ours(self) -> dict[str, PlanLever]:
        """The chosen levers of this page that can be done, by the id of their option."""
        return {key: lever for key, lever in self.decided.levers.items() if lever.kind in KINDS}

    @property
    def nothing_owed(self) -> bool:
        """Whether all debts are paid off today."""
        free = None if self.way is None else self.way.debt_free_on
        return free is not None and free <= self.plan.start

    def is_open(self, debt: str) -> bool:
        """Whether anything is owed on a debt today, by its id."""
        cleared = None if self.way is None else self.way.cleared[debt]
        return cleared is None or cleared > self.plan.start


def state() -> State | None:
    """Give what the page speaks of; None where the engine has no answer."""
    document, found = session.household(), decisions.current()
    outcomes = session.answers.ask(found.plan, STRATEGIES)
    way = followed(outcomes, document.chosen)
    if any(outcome.refused is not None for outcome in outcomes):
        return None
    # Where every way lets debts grow beyond bounds, more money can still be looked for.
    strategy = way.strategy if way is not None else document.chosen or _OTHERWISE
    whose: Whose = "chosen" if strategy == document.chosen else "best"
    if whose == "best" and strategy in _PAYING_DUES_ONLY:
        # Where no way gets free the order decides, and what pays dues only would call every larger budget useless.
        paying = outcomes[STRATEGIES.index(_OTHERWISE)]
        if way is None or way.debt_free_on is None or paying.out_of_pocket == way.out_of_pocket:
            strategy, way = _OTHERWISE, paying if paying.error is None else None
            whose = "paying"
    others = [lever for lever in found.levers.values() if lever.kind not in KINDS]
    base = _bases.ask((dump_plan(found.before), tuple(others)), lambda: _with_others(found.before, others))
    return State(document, found, base, strategy, whose, way)


def _with_others(plan: Plan, others: list[PlanLever]) -> Plan:
    try:
        return apply_all(plan, others)
    except PlanError:  # what is left rests on what was left out
        return plan


def without_budget(now: State) -> Plan:
    """Give the plan with all that is chosen but a monthly budget: of incomes and expenses as they are."""
    rest = [lever for lever in now.decided.levers.values() if lever.kind != MONTHLY_BUDGET]
    if len(rest) == len(now.decided.levers):
        return now.plan
    question = (dump_plan(now.decided.before), tuple(rest))
    return _bases.ask(question, lambda: _with_others(now.decided.before, rest))


def effect(before: Plan, after: Plan, strategy: str) -> Effect | None:
    """Give what changes from one plan to the other; None where the engine has no answer."""

    def work_out() -> Effect | None:
        try:
            return effects(before, [after], strategy)[0]
        except PlanError:
            return None

    return _effects.ask((dump_plan(before), dump_plan(after), strategy), work_out)


def sweeps(plan: Plan, strategy: str) -> tuple[Sweep, Sweep]:
    """Give what every monthly budget does: over the whole range, and some round steps from today's."""
    return _sweeps.ask(
        (dump_plan(plan), strategy),
        lambda: (budget_sweep(plan, strategy), budget_steps(plan, strategy, STEPS_YUAN)),
    )


def ranked(plan: Plan, strategy: str, *, essential: bool) -> list[CutEffect]:
    """Give the cuts by what they change."""
    return _ranks.ask((dump_plan(plan), strategy, essential), lambda: rank_cuts(plan, strategy, essential=essential))


def found_thresholds(plan: Plan, strategy: str, by: date | None, progress: Progress | None) -> Thresholds:
    """Give from which budgets on something holds.

    Raises:
        PlanError: The day lies outside.
    """
    return _thresholds.ask(
        (dump_plan(plan), strategy, by), lambda: thresholds(plan, strategy, free_by=by, progress=progress)
    )


def with_levers(now: State, levers: Mapping[str, PlanLever]) -> Plan:
    """Give the plan with some levers, named as messages are to name them.

    Raises:
        PlanError: They contradict each other, or one cannot be done.
    """
    return apply_all(now.decided.before, list(levers.values()), list(levers))
