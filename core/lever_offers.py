"""Levers that need a lender's word: an offer, as a change of the debt's terms (CALCULATION.md §3b).

An offer says all of the new terms. The functions below it write the usual ones from the terms that are in force.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple, get_args

from core.engine.lower import day_in_month, first_month_after
from core.facts import facts
from core.lever_base import PlanLever, open_debt
from core.lever_money import day_of
from core.lever_problems import Refusal
from core.lever_readings import first_day
from core.plan import CardDebt, Change, Debt, Plan, Waive
from core.plan_models import ChangeMethod, PrepaymentField
from core.plan_values import (
    INSTALMENTS_MAX,
    LENGTHS,
    AnnualRate,
    DailyRate,
    Day,
    DayCount,
    DayOfMonth,
    Flag,
    Id,
    Multiplier,
    OverdueDays,
    Share,
    choice,
    month_index,
    whole,
)

_CARD_LIMIT = "support.card_replan_instalments"


@dataclass(frozen=True, kw_only=True)
class LenderOffer(PlanLever):
    """New terms of one debt, from a day on. What is None stays as it is.

    Attributes:
        debt: Its id.
        date: From when; None: from the first day that can be moved.
        method, instalments: How what is left is paid back; a card has no more instalments than its law allows.
        waive_principal, waive_interest, waive_penalty, waive_fees: The shares that are forgiven.
        first_due, due_day: When instalments fall due; without `first_due`, from the first due day on.
        daily_rate, annual_rate, day_count: The new rate.
        penalty_multiplier, prepayment: As of a debt.
        accelerate_after_days: The new limit of days past due; with `never_accelerates` there is none.
    """

    kind: ClassVar[str] = "lender_offer"
    debt: Id
    method: Annotated[ChangeMethod, choice(*get_args(ChangeMethod))]
    instalments: Annotated[int, whole(1, INSTALMENTS_MAX)]
    date: Day | None = None
    waive_principal: Share = Decimal(0)
    waive_interest: Share = Decimal(0)
    waive_penalty: Share = Decimal(0)
    waive_fees: Share = Decimal(0)
    first_due: Day | None = None
    due_day: DayOfMonth | None = None
    daily_rate: DailyRate | None = None
    annual_rate: AnnualRate | None = None
    day_count: DayCount | None = None
    penalty_multiplier: Multiplier | None = None
    accelerate_after_days: OverdueDays | None = None
    never_accelerates: Flag = False
    prepayment: PrepaymentField | None = None

    def change(self, plan: Plan) -> Plan:
        """Put the change among those that the debt has.

        Raises:
            Refusal: There is no such debt, or it is cleared; its day is over or taken; a card is given too long.
        """
        place = open_debt(plan, self.debt, "debt")
        debt = plan.debts[place]
        agreed = self._agreed(plan, debt)
        changes = tuple(sorted((*debt.changes, agreed), key=lambda change: change.date))
        if len(changes) > LENGTHS["changes"][1]:
            raise Refusal(None, "limit.changes", high=LENGTHS["changes"][1])
        debts = list(plan.debts)
        debts[place] = debt.model_copy(update={"changes": changes})
        return plan.model_copy(update={"debts": tuple(debts)})

    def _agreed(self, plan: Plan, debt: Debt) -> Change:
        day = day_of(plan, self.date)
        if any(change.date == day for change in debt.changes):
            raise Refusal("date", "offer.same_day", found=day.isoformat())
        if isinstance(debt, CardDebt) and all(change.date > day for change in debt.changes):
            limit = facts().as_read(_CARD_LIMIT, day).whole
            if self.instalments > limit:
                raise Refusal("instalments", "offer.card_long", found=self.instalments, limit=limit)
        terms: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                "method",
                "instalments",
                "first_due",
                "due_day",
                "daily_rate",
                "annual_rate",
                "day_count",
                "penalty_multiplier",
                "prepayment",
            )
        }
        if self.never_accelerates or self.accelerate_after_days is not None:
            # "Never" is None, and None that is named is not the same as none that is named.
            terms["accelerate_after_days"] = None if self.never_accelerates else self.accelerate_after_days
        waive = Waive(
            principal=self.waive_principal,
            interest=self.waive_interest,
            penalty=self.waive_penalty,
            fees=self.waive_fees,
        )
        return Change(date=day, waive=waive, **terms)


def longest(debt: Debt, day: date) -> int:
    """Give the most instalments that an offer from a day on may have: a card's law, else what a plan can hold."""
    card = isinstance(debt, CardDebt) and all(change.date > day for change in debt.changes)
    return facts().as_read(_CARD_LIMIT, day).whole if card else INSTALMENTS_MAX


def longer(plan: Plan, debt_id: str, instalments: int) -> LenderOffer:
    """Spread what is left over more instalments, everything else as it is.

    Raises:
        KeyError: The plan has no such debt.
    """
    return LenderOffer(debt=debt_id, method=_in_force(plan, debt_id).method, instalments=instalments)


def lower_rate(plan: Plan, debt_id: str, annual_rate: Decimal) -> LenderOffer:
    """Lower the rate, as many instalments as are left.

    Raises:
        KeyError: The plan has no such debt.
    """
    terms = _in_force(plan, debt_id)
    return LenderOffer(debt=debt_id, method=terms.method, instalments=terms.left, annual_rate=annual_rate)


def waived(plan: Plan, debt_id: str, share: Decimal = Decimal(1)) -> LenderOffer:
    """Forgive a share of unpaid interest, penalty and fees, as many instalments as are left.

    Raises:
        KeyError: The plan has no such debt.
    """
    terms = _in_force(plan, debt_id)
    return LenderOffer(
        debt=debt_id,
        method=terms.method,
        instalments=terms.left,
        waive_interest=share,
        waive_penalty=share,
        waive_fees=share,
    )


def paused(plan: Plan, debt_id: str, months: int) -> LenderOffer:
    """Let nothing fall due for some months; interest goes on, and the instalments that are left follow.

    Args:
        plan: Not modified.
        debt_id: Of a debt of the plan.
        months: How many due dates are left out, from 0.

    Raises:
        KeyError: The plan has no such debt.
    """
    terms = _in_force(plan, debt_id)
    first_due = date.fromordinal(day_in_month(terms.next_month + months, terms.due_day))
    return LenderOffer(debt=debt_id, method=terms.method, instalments=terms.left, first_due=first_due)


def card_plan(debt_id: str, instalments: int) -> LenderOffer:
    """Put a card's balance into equal instalments without interest, its fees forgiven."""
    return LenderOffer(
        debt=debt_id,
        method="equal_principal",
        instalments=instalments,
        annual_rate=Decimal(0),
        waive_fees=Decimal(1),
    )


class _InForce(NamedTuple):
    """What of a debt's terms the usual offers keep, on the first day that can be moved."""

    method: ChangeMethod
    due_day: int
    left: int
    next_month: int


def _in_force(plan: Plan, debt_id: str) -> _InForce:
    """Read them; due dates still to come are counted by the calendar, at least 1.

    A card has no due dates of its own: there it is the most that its law allows.
    """
    debt = next((each for each in plan.debts if each.id == debt_id), None)
    if debt is None:
        raise KeyError(debt_id)
    day = first_day(plan)
    own = "equal_principal" if isinstance(debt, CardDebt) else debt.method
    method: ChangeMethod = "equal_principal" if own == "flat_fee" else own
    due_day = debt.due_day
    count = longest(debt, day) if isinstance(debt, CardDebt) else debt.instalments_left
    first = first_month_after(day if isinstance(debt, CardDebt) else plan.as_of, due_day)
    for change in debt.changes:
        if change.date <= day:
            method, due_day, count = change.method, change.due_day or due_day, change.instalments
            begins = change.first_due
            first = first_month_after(change.date, due_day) if begins is None else month_index(begins)
    coming = max(first, first_month_after(day, due_day))
    return _InForce(method, due_day, max(1, count - (coming - first)), coming)
