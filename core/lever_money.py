"""Levers that move the household's own money: cuts, income, sales, a monthly budget, what family gives, a fee."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.lever_base import PlanLever, open_debt, with_income, with_one_offs
from core.lever_problems import Refusal
from core.lever_readings import first_day, first_payday_month, payday_in
from core.money import format_rate
from core.plan import Income, OneOff, Plan
from core.plan_values import Day, Fen, Id, Month, Name, PaidFen, Share, format_month, month_index

MONTHLY_BUDGET = "monthly_budget"
"""The kind of that lever, and the name of the one income that stands for all income and expenses."""


@dataclass(frozen=True, kw_only=True)
class CutExpense(PlanLever):
    """Spend less on something.

    Attributes:
        expense: Name of the expense; where the plan has several of that name, all of them are cut.
        share: The share that is then cut in all, more than is cut now; 1: it is given up.
    """

    kind: ClassVar[str] = "cut_expense"
    expense: Name
    share: Share

    def change(self, plan: Plan) -> Plan:
        """Raise the share that is cut; an expense of that name that is cut by more stays as it is."""
        household = plan.household
        named = [each for each in household.expenses if each.name == self.expense]
        if not named:
            raise Refusal("expense", "cut.nobody", found=self.expense)
        least = min(each.cut for each in named)
        if self.share <= least:
            raise Refusal("share", "cut.less", found=format_rate(self.share), now=format_rate(least))
        expenses = tuple(
            each.model_copy(update={"cut": self.share}) if each in named and each.cut < self.share else each
            for each in household.expenses
        )
        return plan.model_copy(update={"household": household.model_copy(update={"expenses": expenses})})


@dataclass(frozen=True, kw_only=True)
class AddIncome(PlanLever):
    """Earn more, on every payday.

    Attributes:
        name: What it is.
        amount: Fen a month.
        from_month, until_month: Month indices, both included; None is open.
    """

    kind: ClassVar[str] = "add_income"
    name: Name
    amount: PaidFen
    from_month: Month | None = None
    until_month: Month | None = None

    def change(self, plan: Plan) -> Plan:
        """Add the income."""
        _not_over(plan, "until_month", self.until_month)
        return with_income(plan, _income(self.name, self.amount, self.from_month, self.until_month))


@dataclass(frozen=True, kw_only=True)
class _Once(PlanLever):
    """Money that comes once.

    Attributes:
        name: What is sold, or who gives.
        amount: What it brings, fen.
        date: When the money comes; None: on the first day that can be moved.
        for_debt: Id of the debt whose lender all of it goes straight to; None: it joins the cash.
    """

    name: Name
    amount: PaidFen
    date: Day | None = None
    for_debt: Id | None = None

    def change(self, plan: Plan) -> Plan:
        """Add the one-off."""
        return _once(plan, self.name, self.amount, self.date, self.for_debt)


@dataclass(frozen=True, kw_only=True)
class SellSomething(_Once):
    """Sell something once."""

    kind: ClassVar[str] = "sell"


@dataclass(frozen=True, kw_only=True)
class MonthlyBudget(PlanLever):
    """Have one amount a month for debts, whatever comes in and goes out (CALCULATION.md §7).

    Attributes:
        amount: Fen a month, 0 allowed.
    """

    kind: ClassVar[str] = MONTHLY_BUDGET
    amount: Fen

    def change(self, plan: Plan) -> Plan:
        """End incomes and expenses, and begin one income with the first payday after `plan.start`."""
        return with_budget(plan, self.amount)


@dataclass(frozen=True, kw_only=True)
class FamilyGift(_Once):
    """Somebody gives money once."""

    kind: ClassVar[str] = "family_gift"


@dataclass(frozen=True, kw_only=True)
class FamilyMonthly(PlanLever):
    """Somebody gives money every month, on payday.

    Attributes:
        name: Who.
        amount: Fen a month.
        from_month: The first month; None: that of the first payday that can be moved.
        until_month: The last month, included; None: for as long as the plan runs.
        for_debt: Id of the debt whose lender it goes straight to, a one-off a month (what the debt cannot take joins
            the cash); None: it is an income.
    """

    kind: ClassVar[str] = "family_monthly"
    name: Name
    amount: PaidFen
    from_month: Month | None = None
    until_month: Month | None = None
    for_debt: Id | None = None

    def change(self, plan: Plan) -> Plan:
        """Add the income, or the one-offs."""
        _not_over(plan, "until_month", self.until_month)
        if self.for_debt is None:
            return with_income(plan, _income(self.name, self.amount, self.from_month, self.until_month))
        open_debt(plan, self.for_debt, "for_debt")
        if self.from_month is not None and self.until_month is not None and self.until_month < self.from_month:
            raise Refusal(
                "until_month", "until.early", found=format_month(self.until_month), start=format_month(self.from_month)
            )
        first = max(first_payday_month(plan), self.from_month or 0)
        end = month_index(plan.end)
        last = end if self.until_month is None else min(end, self.until_month)
        days = (payday_in(plan, month) for month in range(first, last + 1))
        given = (OneOff(name=self.name, date=day, amount=self.amount, for_debt=self.for_debt) for day in days)
        return with_one_offs(plan, *given)


@dataclass(frozen=True, kw_only=True)
class ServiceFee(PlanLever):
    """Pay somebody who is no lender: a company that promises to settle debts, a lawyer.

    What such a company promises is an offer of its own (`core.lever_offers.LenderOffer`); without a lender's agreement
    there is none.

    Attributes:
        name: Who.
        amount: Fen.
        date: When; None: on the first day that can be moved.
    """

    kind: ClassVar[str] = "service_fee"
    name: Name
    amount: PaidFen
    date: Day | None = None

    def change(self, plan: Plan) -> Plan:
        """Take the fee from the cash."""
        return with_one_offs(plan, OneOff(name=self.name, date=day_of(plan, self.date), amount=-self.amount))

    @property
    def outside(self) -> int:
        """The fee: it leaves the household's pocket and reaches no lender."""
        return self.amount


def with_budget(plan: Plan, fen: int) -> Plan:
    """Put one monthly amount in place of all income and expenses, from the first payday after `plan.start` on.

    Paydays up to then are over, so what ends has no part left to play and is dropped. The debts are the same object,
    so that any number of such plans is laid out once.
    """
    one = Income(name=MONTHLY_BUDGET, amount=fen, from_month=first_payday_month(plan))
    household = plan.household.model_copy(update={"incomes": (one,), "expenses": ()})
    return plan.model_copy(update={"household": household})


def day_of(plan: Plan, wanted: date | None) -> date:
    """Give the day of a lever: the one wanted, or the first that can be moved.

    Raises:
        Refusal: It is over.
    """
    if wanted is None:
        return first_day(plan)
    if wanted <= plan.start:
        raise Refusal("date", "lever.early", found=wanted.isoformat(), start=plan.start)
    return wanted


def _once(plan: Plan, name: str, amount: int, day: date | None, for_debt: str | None) -> Plan:
    if for_debt is not None:
        open_debt(plan, for_debt, "for_debt")
    return with_one_offs(plan, OneOff(name=name, date=day_of(plan, day), amount=amount, for_debt=for_debt))


def _income(name: str, amount: int, begins: int | None, ends: int | None) -> Income:
    return Income(name=name, amount=amount, from_month=begins, until_month=ends)


def _not_over(plan: Plan, field: str, ends: int | None) -> None:
    first = first_payday_month(plan)
    if ends is not None and ends < first:
        raise Refusal(field, "lever.month_early", found=format_month(ends), first=format_month(first))
