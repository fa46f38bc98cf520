"""What levers change: with and without them side by side, ranked where there are several. No words here, only codes.

Plans are compared by what leaves the household's pocket for its debts, paid or still owed at the end
(CALCULATION.md §6), put right for money that a new lender hands over and for fees to others (`core.levers.outside`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, cast

import numpy as np

from core.engine import layout as c
from core.engine.lower import Ints
from core.lever_base import PlanLever
from core.lever_loans import FamilyLoan, NewLoan
from core.lever_money import CutExpense, FamilyGift, FamilyMonthly, ServiceFee
from core.lever_problems import refused
from core.lever_readings import first_day, first_payday_month, payday_in, spent
from core.levers import apply_all, outside
from core.money import FEN_IN_A_YUAN, half_up
from core.plan import Expense, Plan, PlanError
from core.plan_values import AMOUNT_MAX, HORIZON_MAX, month_index
from core.rates import Rate, dated_rate
from core.simulate import Scenario, simulate, simulate_days, simulate_ledger
from core.thresholds import Progress, Reading, readings_of

_AT_ONCE = 16

Warning = Literal[
    "fee_in_advance", "fee_deducted", "fee_to_others", "dearer", "later", "still_overdue", "moves_the_hole"
]


@dataclass(frozen=True)
class Weighing:
    """A plan without and with levers.

    Attributes:
        before, after: What comes of each.
        saved: How much less leaves the household's pocket with them, fen; below zero where it is more; None where a
            debt outgrows its bound without or with them.
        sooner: By how many months the household is free earlier; None where it is not free in both.
        warnings: `fee_in_advance`: money is asked for before any is paid out; `fee_deducted`: the loan is larger than
            what arrives; `fee_to_others`: a fee goes to somebody who is no lender; `dearer`: more leaves the pocket;
            `later`: free later, or no longer; `still_overdue`: things go overdue with them as well; `moves_the_hole`:
            something is borrowed, and it is not cheaper, or the household is not free in the end, or things still go
            overdue.
    """

    before: Reading
    after: Reading
    saved: int | None
    sooner: int | None
    warnings: tuple[Warning, ...]


@dataclass(frozen=True)
class CutEffect:
    """What it changes to cut one expense.

    Attributes:
        lever: The cut.
        freed: What it frees on a payday, fen.
        reading: What comes of the plan with it.
        saved, sooner: As of a `Weighing`.
        saved_per_hundred: What each ¥100 of it saves, fen.
    """

    lever: CutExpense
    freed: int
    reading: Reading
    saved: int | None
    sooner: int | None
    saved_per_hundred: int | None


@dataclass(frozen=True)
class HelpEffect:
    """What it changes that somebody helps in one way.

    Attributes:
        lever: The help.
        given: What is given until the household is free, or until the plan's end, fen.
        reading: What comes of the plan with it.
        saved, sooner: As of a `Weighing`; what is given is not taken off.
    """

    lever: FamilyGift | FamilyMonthly
    given: int
    reading: Reading
    saved: int | None
    sooner: int | None


@dataclass(frozen=True)
class Missed:
    """Who is missed this month under one order.

    Attributes:
        strategy: The order.
        short: What is missing until the eve of the second payday, fen: that much less is paid than is asked.
        debts: By id, what is missing of each that is overdue on that eve, fen.
        cost: What it is charged more until then than if everything had been paid, fen.
        reported: The ids among them that go to the credit bureau.
        until: That eve.
    """

    strategy: str
    short: int
    debts: dict[str, int]
    cost: int
    reported: tuple[str, ...]
    until: date


def weigh(plan: Plan, levers: Sequence[PlanLever], strategy: str) -> Weighing:
    """Put a plan with levers beside the plan without, over its own horizon.

    Args:
        plan: Not modified.
        levers: Pulled together.
        strategy: How the budget is used, in both.

    Raises:
        PlanError: The levers cannot be pulled, or the plan has no answer.
    """
    after_plan = apply_all(plan, levers)
    before, after = readings_of([plan, after_plan], strategy, kept=True)
    saved, sooner = _differences(before, after, outside(levers))
    return Weighing(before, after, saved, sooner, tuple(_warnings(levers, before, after, saved)))


def _warnings(levers: Sequence[PlanLever], before: Reading, after: Reading, saved: int | None) -> list[Warning]:
    told: list[Warning] = []
    loans = [lever for lever in levers if isinstance(lever, NewLoan)]
    if any(loan.fee_in_advance > 0 for loan in loans):
        told.append("fee_in_advance")
    if any(loan.fee > 0 for loan in loans):
        told.append("fee_deducted")
    if any(isinstance(lever, ServiceFee) for lever in levers):
        told.append("fee_to_others")
    if saved is not None and saved < 0:
        told.append("dearer")
    if before.free_on is not None and (after.free_on is None or after.free_on > before.free_on):
        told.append("later")
    if not after.kept:
        told.append("still_overdue")
    borrows = any(isinstance(lever, NewLoan | FamilyLoan) for lever in levers)
    rescued = before.out_of_pocket is None and after.out_of_pocket is not None
    cheaper = rescued or (saved is not None and saved > 0)
    if borrows and (not cheaper or after.free_on is None or not after.kept):
        told.append("moves_the_hole")
    return told


def loan_rate(plan: Plan, loan: NewLoan | FamilyLoan) -> Rate:
    """Give the true yearly cost of a loan: what arrives, less all fees, against what its contract asks, on time.

    Args:
        plan: For its days; not modified.
        loan: As offered. It need not be large enough for what it is to pay off.

    Raises:
        PlanError: Something is wrong with its values.
    """
    alone = loan.attempt(lambda given: _alone(given, loan), plan, "loan")
    scenario = Scenario(alone, "minimum")
    book: Any = simulate_ledger([scenario])[0]
    paid = book[book["kind"] == "paid"]
    flows = list(zip(paid["date"].dt.date.tolist(), paid["amount"].tolist(), strict=True))
    left = simulate([scenario], output="summary")[0].closing_payoff
    flows += [(alone.end, left)] if left else []
    return dated_rate([(first_day(plan), -loan.outside), *((day, -fen) for day, fen in flows)])


def _alone(plan: Plan, loan: NewLoan | FamilyLoan) -> Plan:
    """Make a plan in which a loan is the only debt, and the cash is there for all that it asks."""
    household = plan.household.model_copy(
        update={"incomes": (), "expenses": (), "one_offs": (), "cash": AMOUNT_MAX, "reserve": 0}
    )
    return plan.model_copy(
        update={"household": household, "debts": (loan.debt(plan),), "paid": (), "horizon_months": HORIZON_MAX}
    )


def rank_cuts(plan: Plan, strategy: str, *, share: Decimal = Decimal(1), essential: bool = False) -> list[CutEffect]:
    """Cut each expense by itself, and rank the cuts by what they change.

    Args:
        plan: Not modified.
        strategy: How the budget is used.
        share: The share of each that is cut.
        essential: Whether to look at essential ones as well.

    Returns:
        The cut that saves most first; without figures, the one after which the household is free first. Expenses that
        are cut as far already are left out.

    Raises:
        PlanError: The plan has no answer.
    """
    levers: dict[str, CutExpense] = {}
    for expense in plan.household.expenses:
        if (essential or not expense.essential) and expense.cut < share and spent(expense):
            levers.setdefault(expense.name, CutExpense(expense=expense.name, share=share))
    plans = {name: lever.apply(plan) for name, lever in levers.items()}
    before, *after = readings_of([plan, *plans.values()], strategy, kept=True)
    effects: list[CutEffect] = []
    for (name, lever), reading in zip(levers.items(), after, strict=True):
        saved, sooner = _differences(before, reading, 0)
        freed = _spent_on(plan, name) - _spent_on(plans[name], name)
        each = None if saved is None or freed == 0 else half_up(saved * 100 * FEN_IN_A_YUAN, freed)
        effects.append(CutEffect(lever, freed, reading, saved, sooner, each))
    return sorted(effects, key=lambda effect: _merit(effect.reading))


def rank_help(
    plan: Plan,
    strategy: str,
    *,
    name: str,
    once: int = 0,
    monthly: int = 0,
    months: int | None = None,
    progress: Progress | None = None,
) -> list[HelpEffect]:
    """Let somebody give once, or every month, to the household or straight to each lender, and rank these ways.

    Args:
        plan: Not modified.
        strategy: How the budget is used.
        name: Who helps.
        once: Fen; 0: not looked at.
        monthly: Fen a month; 0: not looked at.
        months: For how many months it is given; None: for as long as the plan runs.
        progress: Told how far it is.

    Returns:
        The way that saves most first. Ways that the plan has no room for, and lenders to whom nothing is owed, are left
        out.

    Raises:
        PlanError: The plan has no answer.
    """
    last = None if months is None else first_payday_month(plan) + months - 1
    targets = [None, *(debt.id for debt in plan.debts)]
    levers: list[FamilyGift | FamilyMonthly] = []
    if once > 0:
        levers += [FamilyGift(name=name, amount=once, for_debt=target) for target in targets]
    if monthly > 0:
        levers += [FamilyMonthly(name=name, amount=monthly, until_month=last, for_debt=each) for each in targets]
    ways = [(lever, made) for lever in levers if (made := _if_possible(plan, lever)) is not None]
    plans = [plan, *(made for _, made in ways)]
    readings: list[Reading] = []
    for low in range(0, len(plans), _AT_ONCE):
        readings += readings_of(plans[low : low + _AT_ONCE], strategy, kept=True)
        if progress is not None:
            progress(len(readings) / len(plans))
    before, *after = readings
    effects: list[HelpEffect] = []
    for (lever, _), reading in zip(ways, after, strict=True):
        saved, sooner = _differences(before, reading, 0)
        effects.append(HelpEffect(lever, _given(plan, lever, reading.free_on or plan.end), reading, saved, sooner))
    return sorted(effects, key=lambda effect: _merit(effect.reading))


def missed_this_month(plan: Plan, strategies: Sequence[str]) -> list[Missed]:
    """Find who is missed under each order until the eve of the second payday, and what it costs by then.

    Held against is the same time with cash enough for everything that is asked, and nothing beyond it paid.

    Args:
        plan: Not modified.
        strategies: The orders to look at.

    Raises:
        PlanError: A recorded payment is more than its debt can take.
    """
    until = payday_in(plan, first_payday_month(plan) + 1) - timedelta(days=1)
    short = plan.model_copy(update={"horizon_months": 3})
    rich = plan.household.model_copy(update={"cash": AMOUNT_MAX, "reserve": 0})
    ample = short.model_copy(update={"household": rich})
    scenarios = [Scenario(ample, "minimum"), *(Scenario(short, strategy) for strategy in strategies)]
    outcomes = simulate_days(scenarios, [until])
    if (payment := outcomes[0].refused) is not None:
        raise refused(f"paid[{payment}]", "paid.refused")
    full, *rest = (cast(Ints, outcome.details)[0] for outcome in outcomes)
    found: list[Missed] = []
    for strategy, rows in zip(strategies, rest, strict=True):
        lacking = np.maximum(_paid(full) - _paid(rows), 0)
        late = rows[:, c.F_DAYS] > 0
        debts = {debt.id: int(lacking[k]) for k, debt in enumerate(plan.debts) if late[k]}
        cost = int((rows[:, c.F_CHARGED] - full[:, c.F_CHARGED]).sum())
        reported = tuple(debt.id for debt in plan.debts if debt.id in debts and debt.reported)
        found.append(Missed(strategy, sum(debts.values()), debts, cost, reported, until))
    return found


def _paid(rows: Ints) -> Ints:
    return rows[:, [c.F_PAID_PRINCIPAL, c.F_PAID_INTEREST, c.F_PAID_PENALTY, c.F_PAID_FEES]].sum(axis=1)


def _differences(before: Reading, after: Reading, added: int) -> tuple[int | None, int | None]:
    saved = sooner = None
    if before.out_of_pocket is not None and after.out_of_pocket is not None:
        saved = before.out_of_pocket - after.out_of_pocket - added
    if before.months is not None and after.months is not None:
        sooner = before.months - after.months
    return saved, sooner


def _merit(reading: Reading) -> tuple[bool, int, date, int]:
    """Order as CALCULATION.md §7 does; what has no figures comes last."""
    pocket = reading.out_of_pocket
    return pocket is None, pocket or 0, reading.free_on or date.max, reading.worst_days


def _spent_on(plan: Plan, name: str) -> int:
    month = first_payday_month(plan)

    def runs(expense: Expense) -> bool:
        begins, ends = expense.from_month, expense.until_month
        return (begins is None or begins <= month) and (ends is None or month <= ends)

    return sum(spent(each) for each in plan.household.expenses if each.name == name and runs(each))


def _if_possible(plan: Plan, lever: PlanLever) -> Plan | None:
    try:
        return lever.apply(plan)
    except PlanError:
        return None


def _given(plan: Plan, lever: FamilyGift | FamilyMonthly, until: date) -> int:
    if isinstance(lever, FamilyGift):
        return lever.amount
    first = first_payday_month(plan)
    last = month_index(until) if lever.until_month is None else min(month_index(until), lever.until_month)
    if payday_in(plan, last) > until:
        last -= 1
    return lever.amount * max(0, last - first + 1)
