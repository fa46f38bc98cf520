"""Payments that are tried: an amount on one day rather than another, against nothing; and what one bill has cost.

Every figure is a difference between answers of the engine; a payment is a one-off that goes to one debt.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from core.engine import layout as c
from core.engine.lower import Ints, day_in_month, first_month_after
from core.facts import Backing, backing, facts
from core.lateness import HORIZON_MONTHS, paid_so_far, paying, rows_of, watched, watched_days
from core.money import format_fen
from core.plan import SCHEMA, Plan, plan_from
from core.plan_values import AMOUNT_MAX
from core.products import defaults, product_of
from core.simulate import Scenario, simulate_days


@dataclass(frozen=True)
class Paid:
    """What comes of an amount paid to one debt on one day, against nothing paid at all.

    Attributes:
        day: When it is paid.
        taken: What the debt takes of it, fen; the rest stays in hand.
        days_late: How late the oldest bill is on that day; 0 where its grace is not over.
        still_past_due: Days past due at the end of that day, after the payment.
        costs: What is charged from the plan's day to each day of `Trial.seen`, fen.
    """

    day: date
    taken: int
    days_late: int
    still_past_due: int
    costs: tuple[int, ...]


@dataclass(frozen=True)
class Trial:
    """The same amount on one day and on another, against nothing.

    Attributes:
        debt: Its id.
        amount: Fen.
        first, second: The two days, the earlier one first.
        seen: The days on which costs are compared, rising; `second.day` is the first.
        nothing: What is charged by each of them if nothing is paid, fen.
    """

    debt: str
    amount: int
    first: Paid
    second: Paid
    seen: tuple[date, ...]
    nothing: tuple[int, ...]

    @property
    def waiting(self) -> int:
        """What paying on the second day costs more than paying on the first, at the end of the second, fen."""
        return self.second.costs[0] - self.first.costs[0]

    @property
    def left(self) -> int:
        """What the debt does not take on the first day and stays in hand, fen."""
        return self.amount - self.first.taken

    def saved(self, index: int) -> int:
        """What the payment on the first day saves by a day of `seen`, against nothing, fen."""
        return self.nothing[index] - self.first.costs[index]


class BillAnswer(NamedTuple):
    """What one bill costs that is paid some days late, and what stands behind the terms.

    Attributes:
        cost: Fen, on top of the bill.
        grace_days: Of the product.
        backing: Of the weakest of its terms.
    """

    cost: int
    grace_days: int
    backing: Backing


def try_payment(plan: Plan, debt: str, amount: int, first: date, second: date) -> Trial | None:
    """Pay an amount to a debt on one day, on another, and not at all, everything else under `stop`.

    Args:
        plan: The plan.
        debt: The id of a debt.
        amount: Fen, above 0 and no more than a plan may hold.
        first, second: Days after `plan.start` within two years; either may be the earlier one.

    Returns:
        The three compared on the second day, 30 and 365 days after it as far as two years go, and on the last of them;
        None where the engine has no answer.
    """
    plan = watched(plan)
    first, second = sorted((first, second))
    last = watched_days(plan)[-2]
    seen = tuple(sorted({second, last, *(second + timedelta(k) for k in (30, 365) if second + timedelta(k) < last)}))
    place = next(k for k, one in enumerate(plan.debts) if one.id == debt)
    plans = [plan, *(paying(plan, {debt: day}, amount) for day in (first, second))]
    outcomes = simulate_days([Scenario(each, "stop") for each in plans], [plan.start, first, *seen])
    if any(outcome.error is not None or outcome.refused is not None for outcome in outcomes):
        return None
    rows = [rows_of(outcome, place) for outcome in outcomes]
    opening = rows[0][plan.start]
    grace = plan.debts[place].grace_days

    def paid(run: int, day: date) -> Paid:
        late = int(rows[0][day][c.F_DAYS])
        return Paid(
            day=day,
            taken=paid_so_far(rows[run][day]) - paid_so_far(rows[0][day]),
            days_late=late if late > grace else 0,
            still_past_due=int(rows[run][day][c.F_DAYS]),
            costs=tuple(_charged(opening, rows[run][each]) for each in seen),
        )

    nothing = tuple(_charged(opening, rows[0][each]) for each in seen)
    return Trial(debt, amount, paid(1, first), paid(2, second), seen, nothing)


def next_payday(plan: Plan, after: date) -> date:
    """Give the household's first payday after a day."""
    payday = plan.household.payday
    return date.fromordinal(day_in_month(first_month_after(after, payday), payday))


def late_bill(product_id: str, amount: int, days: int, on: date) -> BillAnswer:
    """Work out what one bill of a product costs that is paid some days late.

    The bill is all principal, and nothing else is owed.

    Args:
        product_id: A preset for instalments whose rate is known.
        amount: The bill, fen.
        days: Days after its due date, 1 to 730.
        on: The due date; facts are asked for it.
    """
    known = [each for each in defaults(product_of(product_id), on) if each.field != "cap_rate"]
    bill = {"due": on.isoformat(), "principal": format_fen(amount), "interest": format_fen(0)}
    debt: dict[str, object] = {each.field: each.value for each in known}
    debt |= {"id": product_id, "name": product_id, "kind": "instalment", "due_day": on.day, "bills": [bill]}
    debt |= {"principal": format_fen(0), "instalments_left": 0}
    plan = _of_nobody(debt, on)
    day = on + timedelta(days)
    paid = paying(plan, {product_id: day}, AMOUNT_MAX)
    row = rows_of(simulate_days([Scenario(paid, "stop")], [day])[0], 0)[day]
    answers = [facts().as_read(fact, on) for each in known if each.field in _BEARING for fact in each.facts]
    return BillAnswer(paid_so_far(row) - amount, plan.debts[0].grace_days, backing(answers))


_BEARING = ("daily_rate", "penalty_multiplier", "penalty_daily_rate", "penalty_base", "grace_days")
"""The terms that an unpaid bill costs by."""


def _of_nobody(debt: dict[str, object], as_of: date) -> Plan:
    empty: dict[str, object] = {"incomes": [], "expenses": [], "one_offs": []}
    nobody: dict[str, object] = {"payday": 1, "cash": format_fen(0), "reserve": format_fen(0), **empty}
    fields: dict[str, object] = {"schema": SCHEMA, "as_of": as_of.isoformat(), "horizon_months": HORIZON_MONTHS}
    return plan_from({**fields, "household": nobody, "debts": [debt]})


def _charged(opening: Ints, row: Ints) -> int:
    return int(row[c.F_CHARGED] - opening[c.F_CHARGED])
