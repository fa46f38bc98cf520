# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""Where each debt stands on a plan's day, and a plan written anew as of a later day.

Both are readings of one run under `stop`, in which nothing is paid but what is recorded (CALCULATION.md §7, §8);
nothing here works out interest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from core import simulate
from core.engine.lower import day_in_month, first_month_after
from core.plan import Bill, CardDebt, InstalmentDebt, Plan, Statement, checked
from core.simulate import Scenario

_MONTHS_AHEAD = 14
"""So far is looked for the next bill; every method has one within a year, but for the one sum of `bullet`."""


@dataclass(frozen=True)
class Position:
    """One debt at the end of a plan's `start`.

    Attributes:
        debt: Its id.
        payoff: What would end it, fen.
        principal, interest, penalty, fees: The parts of the payoff, fen.
        days_past_due: Days since the due date of its oldest overdue bill.
        owed: What it is owed now (CALCULATION.md §4), fen.
        fallen_due: The same without a card's minimums whose due date is still to come, fen: what brings it up to date.
        next_due: The next due date that has a bill; None where none comes in sight.
        next_amount: What falls due then, fen.
    """

    debt: str
    payoff: int
    principal: int
    interest: int
    penalty: int
    fees: int
    days_past_due: int
    owed: int
    fallen_due: int
    next_due: date | None
    next_amount: int


class _Row(NamedTuple):
    """An entry of the ledger."""

    day: date
    debt: str
    kind: str
    amount: int
    principal: int
    interest: int


class Refused(ValueError):
    """A debt outgrew its bound, or a recorded payment is more than its debt can take.

    Attributes:
        payment: Index of that payment in `plan.paid`; None where a debt outgrew its bound.
    """

    def __init__(self, payment: int | None) -> None:
        """Name the payment."""
        super().__init__("the engine has no answer for this plan")
        self.payment = payment


def positions(plan: Plan) -> tuple[Position, ...]:
    """Give where each debt stands, in the plan's order.

    Raises:
        Refused: The plan has no answer.
    """
    ahead = plan.model_copy(update={"horizon_months": _MONTHS_AHEAD})
    figures, ledger = _figures(ahead, plan.start), _ledger(ahead)
    return tuple(
        _position(debt, figures[debt.id], [row for row in ledger if row.debt == debt.id], plan.start)
        for debt in plan.debts
    )


def _position(
    debt: InstalmentDebt | CardDebt, figures: dict[str, int], ledger: Sequence[_Row], today: date
) -> Position:
    coming: list[tuple[date, int]] = []
    if isinstance(debt, CardDebt):
        statements = _statements(debt, ledger, today)
        owed = sum(each.unpaid for each in statements)
        fallen_due = sum(each.unpaid for each in statements if each.due <= today)
        coming = [(each.due, each.unpaid) for each in statements if each.due > today]
    else:
        bills = _bills(debt, ledger, today)
        owed = sum(bill.principal + bill.interest for bill in bills) + figures["penalty"] + figures["fees"]
        fallen_due = owed
    if not coming:
        later = [row for row in ledger if row.kind == "due" and row.day > today and row.amount]
        coming = [(_due_of(debt, row.day), row.amount) for row in later]
    due, amount = min(coming, default=(None, 0))
    return Position(
        debt=debt.id,
        payoff=figures["payoff"],
        principal=figures["principal"],
        interest=figures["interest"],
        penalty=figures["penalty"],
        fees=figures["fees"],
        days_past_due=figures["days_past_due"],
        owed=min(owed, figures["payoff"]),
        fallen_due=min(fallen_due, figures["payoff"]),
        next_due=due,
        next_amount=amount,
    )


def restated(plan: Plan, day: date) -> Plan:
    """Write a plan's state at the end of a later day, so that figures of that day can be entered beside it.

    What is owed on that day stays the same to the fen. Later figures may differ a little: the parts of instalments are
    fixed anew, and a plan takes no fee that it begins with as being on a card's statement.

    Args:
        plan: Not modified.
        day: From `as_of` to `start`.

    Returns:
        The plan as of that day; the plan itself where that is its day already.

    Raises:
        Refused: The plan has no answer.
        ValueError: The day lies outside, or an agreed change has begun since.
        PlanError: A debt's state cannot be written as a plan has it.
    """
    if day == plan.as_of:
        return plan
    if not plan.as_of < day <= plan.start:
        raise ValueError("a plan is written anew as of a day between its own and today")
    if any(plan.as_of < change.date <= day for debt in plan.debts for change in debt.changes):
        raise ValueError("an agreed change has begun since")
    figures, ledger = _figures(plan, day), _ledger(plan)
    debts = tuple(
        _restated_debt(debt, figures[debt.id], [row for row in ledger if row.debt == debt.id], plan.as_of, day)
        for debt in plan.debts
    )
    paid = tuple(payment for payment in plan.paid if payment.date > day)
    return checked(plan.model_copy(update={"as_of": day, "debts": debts, "paid": paid, "today": plan.start}))


def _restated_debt(
    debt: InstalmentDebt | CardDebt, figures: dict[str, int], ledger: Sequence[_Row], as_of: date, day: date
) -> InstalmentDebt | CardDebt:
    common: dict[str, object] = {"fees": figures["fees"], "interest_from": None}
    if isinstance(debt, CardDebt):
        posted = sum(row.interest * {"charged": 1, "paid": -1}.get(row.kind, 0) for row in ledger if row.day <= day)
        return debt.model_copy(
            update=common
            | {
                "balance": figures["principal"] + posted,
                "accrued": figures["interest"] - posted,
                "statements": _statements(debt, ledger, day),
            }
        )
    bills = _bills(debt, ledger, day)
    principal = figures["principal"] - sum(bill.principal for bill in bills)
    passed = first_month_after(day, debt.due_day) - first_month_after(as_of, debt.due_day)
    accrued = figures["interest"] - sum(bill.interest for bill in bills)
    return debt.model_copy(
        update=common
        | {
            "principal": principal,
            "instalments_left": 0 if principal == 0 and accrued == 0 else max(debt.instalments_left - passed, 1),
            "bills": bills,
            "penalty": figures["penalty"],
            "accrued": None if debt.method == "flat_fee" else accrued,
        }
    )


def _bills(debt: InstalmentDebt, ledger: Sequence[_Row], day: date) -> tuple[Bill, ...]:
    """Lay what was paid against the bills, the oldest first; principal to principal, interest to interest."""
    dues = [bill.due for bill in debt.bills]
    principal, interest = [bill.principal for bill in debt.bills], [bill.interest for bill in debt.bills]
    for row in ledger:
        if row.day > day:
            break
        if row.kind == "due":
            dues.append(row.day)
            principal.append(row.principal)
            interest.append(row.interest)
        elif row.kind == "paid":
            _take(principal, row.principal)
            _take(interest, row.interest)
    rows = zip(dues, principal, interest, strict=True)
    return tuple(Bill(due=due, principal=part, interest=other) for due, part, other in rows if part or other)


def _statements(card: CardDebt, ledger: Sequence[_Row], day: date) -> tuple[Statement, ...]:
    """Lay what was paid against the minimums, the oldest first."""
    dues, unpaid = [each.due for each in card.statements], [each.unpaid for each in card.statements]
    for row in ledger:
        if row.day > day:
            break
        if row.kind == "due":
            dues.append(_due_of(card, row.day))
            unpaid.append(row.amount)
        elif row.kind == "paid":
            _take(unpaid, row.amount)
    return tuple(Statement(due=due, unpaid=left) for due, left in zip(dues, unpaid, strict=True) if left)


def _take(parts: list[int], amount: int) -> None:
    """Lay an amount against parts, in place and in order."""
    for place, part in enumerate(parts):
        taken = min(amount, part)
        parts[place] -= taken
        amount -= taken


def _due_of(debt: InstalmentDebt | CardDebt, day: date) -> date:
    """Give the due date of what the ledger has on a day: a card's minimum stands there on its statement's date."""
    if isinstance(debt, InstalmentDebt) or any(change.date <= day for change in debt.changes):
        return day
    return date.fromordinal(day_in_month(first_month_after(day, debt.due_day), debt.due_day))


def _figures(plan: Plan, day: date) -> dict[str, dict[str, int]]:
    outcome = simulate.simulate_days([Scenario(plan, "stop")], [day])[0]
    if outcome.error is not None or outcome.refused is not None:
        raise Refused(outcome.refused)
    columns = ("payoff", "principal", "interest", "penalty", "fees", "days_past_due")
    rows = cast("list[dict[str, Any]]", cast("Any", outcome.debts_frame)().to_dict("records"))
    return {row["debt"]: {name: int(row[name]) for name in columns} for row in rows}


def _ledger(plan: Plan) -> list[_Row]:
    frame = cast("Any", simulate.simulate_ledger)([Scenario(plan, "stop")])[0]
    columns = (frame[name].tolist() for name in ("date", "debt", "kind", "amount", "principal", "interest"))
    return [_Row(day.date(), *rest) for day, *rest in zip(*columns, strict=True)]
