"""What a way pays in the next months, day by day: read off the engine's ledger, with what each payment is for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast

import numpy as np

from core.engine import layout as c
from core.engine.lower import Ints
from core.lever_readings import months_after
from core.plan import CardDebt, Plan
from core.positions import positions
from core.simulate import Scenario, simulate_days, simulate_ledger

MONTHS = 3
"""So far the list reaches."""

Purpose = Literal["late", "due", "extra", "last", "given"]


@dataclass(frozen=True)
class Upcoming:
    """What one debt is paid on one day.

    Attributes:
        day: When.
        debt: Its id.
        amount: Fen.
        asked: The part of it that was overdue, or had fallen due, or was billed, fen; the rest is paid beyond that.
        purpose: `given`: somebody else pays it straight to the lender; `last`: it clears the debt; `late`: the debt was
            overdue the evening before; `due`: it was asked for; `extra`: it was not.
    """

    day: date
    debt: str
    amount: int
    asked: int
    purpose: Purpose


def upcoming(plan: Plan, strategy: str, months: int = MONTHS) -> tuple[Upcoming, ...]:
    """List the payments of the next months under a way, by day, then in the plan's order.

    Args:
        plan: Not modified.
        strategy: How the budget is used.
        months: How far the list reaches, from the day after `plan.start`.

    Raises:
        Refused: The plan has no answer.
    """
    last = months_after(plan, months)
    short = plan.model_copy(update={"horizon_months": months + 1})
    scenario = Scenario(short, strategy)
    cards = {debt.id for debt in plan.debts if isinstance(debt, CardDebt)}
    # Of an instalment debt, penalty and fees are asked for as well, although they never "fall due".
    owed = {
        each.debt: each.owed if each.debt in cards else max(0, each.owed - each.penalty - each.fees)
        for each in positions(plan)
    }
    agreed = {debt.id: [change.date for change in debt.changes if change.date > plan.start] for debt in plan.debts}
    ledger: Any = simulate_ledger([scenario])[0]
    ledger = ledger[(ledger["date"] > str(plan.start)) & (ledger["date"] <= str(last))]
    paid: dict[tuple[date, str], list[int]] = {}
    for moment, debt, kind, amount, principal, interest in zip(
        *(ledger[name].tolist() for name in ("date", "debt", "kind", "amount", "principal", "interest")), strict=True
    ):
        day = moment.date()
        if agreed[debt] and day >= agreed[debt][0]:  # new terms end old bills, and make a card an instalment debt
            agreed[debt].pop(0)
            owed[debt] = 0
            cards.discard(debt)
        if kind == "due":
            owed[debt] += amount
        elif kind == "paid":
            billed = amount if debt in cards else principal + interest
            taken = min(owed[debt], billed)
            owed[debt] -= taken
            sums = paid.setdefault((day, debt), [0, 0])
            sums[0] += amount
            sums[1] += taken + amount - billed
    if not paid:
        return ()
    return _with_purposes(short, scenario, paid)


def _with_purposes(plan: Plan, scenario: Scenario, paid: dict[tuple[date, str], list[int]]) -> tuple[Upcoming, ...]:
    eves = sorted({day - timedelta(1) for day, _ in paid})
    outcome = simulate_days([scenario], eves)[0]
    late = cast(Ints, outcome.details)[:, :, c.F_DAYS] > 0
    rows = {day: k for k, day in enumerate(outcome.dates)}
    places = {debt.id: k for k, debt in enumerate(plan.debts)}
    given: dict[tuple[date, str], int] = {}
    for one in plan.household.one_offs:
        if one.for_debt is not None:
            key = (one.date, one.for_debt)
            given[key] = given.get(key, 0) + one.amount
    found: list[Upcoming] = []
    for (day, debt), (amount, asked) in sorted(paid.items(), key=lambda each: (each[0][0], places[each[0][1]])):
        purpose: Purpose = "due" if asked else "extra"
        if bool(np.take(late[rows[day - timedelta(1)]], places[debt])):
            purpose = "late"
        if outcome.cleared[debt] == day:
            purpose = "last"
        if given.get((day, debt), 0) >= amount:
            purpose = "given"
        found.append(Upcoming(day, debt, amount, asked, purpose))
    return tuple(found)
