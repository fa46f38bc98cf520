"""What a household can spare: its spending by name, a cut to an amount, and what the money freed changes.

Here stand the questions of somebody who moves sliders; ranking and weighing levers is `core.lever_effects`, searching
whole ranges is `core.thresholds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.lever_money import CutExpense, with_budget
from core.lever_readings import first_payday_month, monthly_room, spent
from core.money import FEN_IN_A_YUAN, half_up
from core.plan import Expense, Plan
from core.plan_values import AMOUNT_MAX, month_index
from core.thresholds import Reading, Sweep, readings_of

_SHARE_STEPS = 10_000  # a plan file writes shares with four decimals


@dataclass(frozen=True)
class Spending:
    """What goes for one name among the expenses; several of that name count together.

    Attributes:
        name: The name.
        category: Of the first of them.
        essential: Whether one of them is.
        gross: Fen on a payday, before cuts that the plan records.
        now: After them.
    """

    name: str
    category: str
    essential: bool
    gross: int
    now: int

    def left(self, share: Decimal) -> int:
        """Give what is still spent on a payday when a share of it is cut in all, fen."""
        kept, scale = (1 - share).as_integer_ratio()
        return min(self.now, half_up(self.gross * kept, scale))


@dataclass(frozen=True)
class Effect:
    """Two plans of one household side by side.

    Attributes:
        before, after: What comes of each.
        freed: By how much more the first payday leaves for debts, fen; below zero where it is less.
        saved: How much less leaves the household's pocket, paid or still owed at the end, fen; below zero where it is
            more; None where a debt outgrows its bound in one of them.
        sooner: By how many months the household is free earlier; None where it is not free in both.
    """

    before: Reading
    after: Reading
    freed: int
    saved: int | None
    sooner: int | None


def spendings(plan: Plan) -> tuple[Spending, ...]:
    """Give what the household spends, by name, in the plan's order.

    What runs on the first payday counts; where nothing of a name runs yet, the first of it that will. What is over and
    what is nothing is left out.
    """
    month = first_payday_month(plan)
    found: dict[str, Spending] = {}
    for name in dict.fromkeys(expense.name for expense in plan.household.expenses):
        coming = [each for each in plan.household.expenses if each.name == name and not _is_over(each, month)]
        running = [each for each in coming if each.from_month is None or each.from_month <= month] or coming[:1]
        now = sum(map(spent, running))
        if now:
            gross = sum(each.amount for each in running)
            essential = any(each.essential for each in running)
            found[name] = Spending(name, running[0].category, essential, gross, now)
    return tuple(found.values())


def cut_to(plan: Plan, name: str, kept: int) -> CutExpense | None:
    """Give the cut after which so much is still spent for a name, as nearly as a share of four decimals comes.

    Args:
        plan: Not modified.
        name: One of `spendings(plan)`.
        kept: What is still spent on a payday, fen; 0: it is given up.

    Returns:
        None where nothing would be cut that the plan has not cut already.
    """
    one = next(each for each in spendings(plan) if each.name == name)
    share = Decimal(half_up((one.gross - max(0, kept)) * _SHARE_STEPS, one.gross)) / _SHARE_STEPS
    least = min(each.cut for each in plan.household.expenses if each.name == name)
    return CutExpense(expense=name, share=share) if kept < one.now and share > least else None


def effects(before: Plan, afters: Sequence[Plan], strategy: str, *, added: Sequence[int] = ()) -> list[Effect]:
    """Put each of several plans beside one, all run together.

    Args:
        before: The plan that is compared with, over its own horizon.
        afters: With the same `start`, horizon and payday.
        strategy: How the budget is used, in all of them.
        added: What must be added to the cost of each (`core.levers.outside`), fen; nothing where it is left out.

    Raises:
        PlanError: The plan has no answer.
    """
    first, *rest = readings_of([before, *afters], strategy, kept=True)
    found: list[Effect] = []
    for plan, reading, more in zip(afters, rest, added or [0] * len(rest), strict=True):
        saved = sooner = None
        if first.out_of_pocket is not None and reading.out_of_pocket is not None:
            saved = first.out_of_pocket - reading.out_of_pocket - more
        if first.months is not None and reading.months is not None:
            sooner = first.months - reading.months
        found.append(Effect(first, reading, monthly_room(plan) - monthly_room(before), saved, sooner))
    return found


def budget_steps(plan: Plan, strategy: str, yuan: Sequence[int]) -> Sweep:
    """Let budgets some yuan below and above today's have their run, over the plan's own horizon.

    Args:
        plan: Not modified.
        strategy: How the budget is used.
        yuan: How far they lie from today's; what comes out below nothing or above the greatest amount is left out.

    Returns:
        A sweep of just these points and today's; its step is 0.

    Raises:
        PlanError: The plan has no answer.
    """
    now = min(max(0, monthly_room(plan)), AMOUNT_MAX)
    points = {now + each * FEN_IN_A_YUAN for each in yuan} | {now}
    budgets = sorted(point for point in points if 0 <= point <= AMOUNT_MAX)
    readings = readings_of([with_budget(plan, budget) for budget in budgets], strategy, kept=True)
    return Sweep(now, 0, tuple(budgets), tuple(readings))


def is_steady(plan: Plan) -> bool:
    """Say whether income and expenses stay what they are on the first payday, for as long as the plan runs."""
    month, last = first_payday_month(plan), month_index(plan.end)
    flows = [*plan.household.incomes, *plan.household.expenses]
    return not any(
        (flow.from_month is not None and month < flow.from_month <= last)
        or (flow.until_month is not None and month <= flow.until_month < last)
        for flow in flows
    )


def _is_over(expense: Expense, month: int) -> bool:
    return expense.until_month is not None and expense.until_month < month
