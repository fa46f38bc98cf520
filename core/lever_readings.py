"""What levers start from: readings of a plan, without the engine.

Readings are of the first payday after `plan.start`, since that is the first one that a lever can move.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from core.money import FEN_IN_A_YUAN, half_up
from core.plan import CardDebt, Expense, Income, InstalmentDebt, Plan
from core.plan_values import AMOUNT_MAX, month_index

LIVING_COSTS = "living_costs"
"""The name and category of the one expense that stands for all of them."""


class Range(NamedTuple):
    """Where a lever can stand, in fen: from `least` to `most` by `step`, now at `now`."""

    least: int
    most: int
    step: int
    now: int


def monthly_living_costs(plan: Plan) -> int:
    """Give what the household spends besides its debts on the first payday, after cuts, fen."""
    month = first_payday_month(plan)
    return sum(spent(expense) for expense in plan.household.expenses if _runs(expense, month))


def monthly_income(plan: Plan) -> int:
    """Give what comes in on the first payday, fen."""
    month = first_payday_month(plan)
    return sum(income.amount for income in plan.household.incomes if _runs(income, month))


def monthly_room(plan: Plan) -> int:
    """Give what the first payday leaves for debts, fen; below zero where living costs are more than income."""
    return monthly_income(plan) - monthly_living_costs(plan)


def living_costs_range(plan: Plan) -> Range:
    """Give where the lever of living costs can be put: from nothing to income or half as much again as today.

    Both ends are whole steps, and the present costs always lie between them.
    """
    step = 100 * FEN_IN_A_YUAN
    now = monthly_living_costs(plan)
    most = max(monthly_income(plan), half_up(3 * now, 2), step)
    return Range(0, min(-(-most // step) * step, AMOUNT_MAX), step, now)


def with_living_costs(plan: Plan, monthly_fen: int) -> Plan:
    """Let the household spend one amount a month, from the first payday on, in place of all its expenses.

    Paydays up to `plan.start` are over, so the expenses that are replaced have no part left to play.

    Args:
        plan: Not modified.
        monthly_fen: From 0 to the largest amount that a plan may hold.

    Returns:
        The plan with one essential expense, open at both ends; the plan itself where that changes nothing: where its
        expenses come to that amount today, they stay as they are, also those that begin or end later.
    """
    if not 0 <= monthly_fen <= AMOUNT_MAX:
        raise ValueError("living costs outside what a plan may hold")
    if monthly_fen == monthly_living_costs(plan):
        return plan
    one = Expense(name=LIVING_COSTS, category=LIVING_COSTS, amount=monthly_fen, essential=True)
    household = plan.household.model_copy(update={"expenses": (one,)})
    return plan.model_copy(update={"household": household})


def recorded_debt(debt: InstalmentDebt | CardDebt) -> int:
    """Give what a plan file records as owed on a debt at `as_of`, fen: what has been posted, and `accrued` if given.

    It needs no engine. The payoff, which the engine knows, also holds the interest since the last bill.
    """
    recorded = debt.fees + (debt.accrued or 0)
    if isinstance(debt, CardDebt):
        return recorded + debt.balance
    return recorded + debt.principal + debt.penalty + sum(bill.principal + bill.interest for bill in debt.bills)


def reported_days(plan: Plan) -> list[date]:
    """Give the days on which a course is read off: `plan.start`, and every month-end after it up to `plan.end`."""
    months = range(month_index(plan.start), month_index(plan.end) + 1)
    ends = [_day_in(index, 31) for index in months]
    return [plan.start, *(day for day in ends if day > plan.start)]


def first_payday_month(plan: Plan) -> int:
    """Give the month index of the first payday after `plan.start`."""
    month = month_index(plan.start)
    return month if _day_in(month, plan.household.payday) > plan.start else month + 1


def payday_in(plan: Plan, month: int) -> date:
    """Give the payday of a month, by its index."""
    return _day_in(month, plan.household.payday)


def first_day(plan: Plan) -> date:
    """Give the first day that a lever can move: the one after `plan.start`, on which the household decides."""
    return plan.start + timedelta(days=1)


def months_after(plan: Plan, months: int) -> date:
    """Give the day so many months after `plan.start`; a month that is too short ends it."""
    return _day_in(month_index(plan.start) + months, plan.start.day)


def spent(expense: Expense) -> int:
    """Give what is spent of an expense on a payday, fen (CALCULATION.md §2)."""
    share, scale = (1 - expense.cut).as_integer_ratio()
    return half_up(expense.amount * share, scale)


def _day_in(month: int, day: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day, monthrange(year, index + 1)[1]))


def _runs(flow: Income | Expense, month: int) -> bool:
    return (flow.from_month is None or flow.from_month <= month) and (
        flow.until_month is None or month <= flow.until_month
    )
