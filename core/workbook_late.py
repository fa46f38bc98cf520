"""The sheet of what a day late costs: amounts and rates to be changed, one day and many days as formulas.

A formula counts whole days on an amount, each kind of charge rounded to the fen once; the engine's figure for tomorrow
stands beside it, since it also carries what rounding left before, and what that one day brings.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

from core.engine import layout as c
from core.engine.lower import Ints, daily_rate
from core.money import half_up
from core.plan import CardDebt, InstalmentDebt, Plan, PlanError
from core.positions import Refused, restated
from core.simulate import Scenario, simulate_days
from core.workbook_cells import Sheet, at

DAYS = 30
"""How many days late the sheet begins with."""


@dataclass(frozen=True)
class LateDay:
    """What bears interest on a debt tomorrow, if nothing is paid (CALCULATION.md §3a); fen and daily rates.

    Attributes:
        overdue: What bears penalty; 0 where nothing is overdue.
        penalty_rate: The penalty rate.
        balance: Principal not yet due; of a card its balance.
        rate: The rate on it.
        extra_rate: What the penalty adds to it (`penalty_base` `all_principal`, while something is overdue), else 0.
    """

    overdue: int
    penalty_rate: Fraction
    balance: int
    rate: Fraction
    extra_rate: Fraction

    def charged(self, days: int) -> int:
        """What so many days add if nothing else happens, fen."""
        penalty = (self.overdue * self.penalty_rate + self.balance * self.extra_rate) * days
        interest = self.balance * self.rate * days
        return sum(half_up(each.numerator, each.denominator) for each in (penalty, interest))


def late_day(debt: InstalmentDebt | CardDebt, day: date) -> LateDay:
    """Read what bears interest off a debt as it is recorded at the end of a day."""
    rate = daily_rate(debt) or Fraction(0)
    if isinstance(debt, CardDebt):
        return LateDay(0, Fraction(0), debt.balance, rate, Fraction(0))
    if debt.penalty_daily_rate is not None:
        penalty = Fraction(debt.penalty_daily_rate)
    else:
        penalty = rate * Fraction(debt.penalty_multiplier or Decimal(0))
    bills = [bill for bill in debt.bills if bill.due + timedelta(debt.grace_days) <= day]
    overdue = sum(bill.principal for bill in bills)
    interest = sum(bill.interest for bill in bills)
    extra = Fraction(0)
    if debt.penalty_base == "all_principal" and overdue + interest:
        extra = max(extra, penalty - rate)
    if debt.penalty_base == "overdue_principal_and_interest":
        overdue += interest
    own = Fraction(0) if debt.method == "flat_fee" else rate
    return LateDay(overdue, penalty, debt.principal, own, extra)


def write_late(sheet: Sheet, plan: Plan) -> None:
    """Write the sheet."""
    say = sheet.words
    columns = ("overdue", "penalty_rate", "balance", "rate", "extra_rate", "one_day", "days", "many_days", "tomorrow")
    row = sheet.opening(say("sheet.late"), say("late.note", day=say.day(plan.start)))
    first = sheet.head(row, [say("book.debt"), *(say(f"late.{name}") for name in columns)])
    sheet.freeze(first, 1)
    debts, tomorrow = _as_of_today(plan), _tomorrow(plan)
    sums = [0, 0, 0]
    for k, debt in enumerate(plan.debts):
        place = first + k
        sheet.text(place, 0, debt.name)
        if tomorrow is not None:
            sheet.money(place, 9, tomorrow[k])
            sums[2] += tomorrow[k]
        if debts is None:
            continue
        one = late_day(debts[k], plan.start)
        for column, fen in ((1, one.overdue), (3, one.balance)):
            sheet.money(place, column, fen, "input")
        for column, rate in ((2, one.penalty_rate), (4, one.rate), (5, one.extra_rate)):
            sheet.number(place, column, float(rate), "daily", "input")
        sheet.number(place, 7, DAYS, look="input")
        sheet.formula(place, 6, _charged(place, ""), one.charged(1))
        sheet.formula(place, 8, _charged(place, f"*{at(place, 7)}"), one.charged(DAYS))
        sums[0] += one.charged(1)
        sums[1] += one.charged(DAYS)
    last = first + len(plan.debts) - 1
    sheet.total(last + 1, say("book.total"), 1 + len(columns))
    for column, fen in zip((6, 8, 9), sums, strict=True):
        sheet.formula(last + 1, column, f"SUM({at(first, column)}:{at(last, column)})", fen, look="sum")
    sheet.widths(22, 16, 14, 20, 12, 18, 14, 9, 16, 18)


def _charged(row: int, days: str) -> str:
    overdue, penalty, balance, rate, extra = (at(row, column) for column in range(1, 6))
    return f"ROUND(({overdue}*{penalty}+{balance}*{extra}){days},2)+ROUND({balance}*{rate}{days},2)"


def _as_of_today(plan: Plan) -> tuple[InstalmentDebt | CardDebt, ...] | None:
    """The debts as they stand today; None where a plan cannot say that of its terms."""
    try:
        return restated(plan, plan.start).debts
    except (Refused, PlanError, ValueError):
        return None


def _tomorrow(plan: Plan) -> list[int] | None:
    """What one more day adds to each debt (CALCULATION.md §7); None where the engine has no answer."""
    outcome = simulate_days([Scenario(plan, "stop")], [plan.start, plan.start + timedelta(1)])[0]
    if outcome.error is not None or outcome.refused is not None:
        return None
    payoff = cast(Ints, outcome.details)[:, :, c.F_PAYOFF]
    return [int(fen) for fen in payoff[1] - payoff[0]]
