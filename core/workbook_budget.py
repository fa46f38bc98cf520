"""The sheet of income and spending: what a cut of any expense leaves for debts, while one types."""

from datetime import date

from core.exports import Words
from core.lever_readings import first_payday_month, spent
from core.levers import LIVING_COSTS, MONTHLY_BUDGET, monthly_income, monthly_living_costs, monthly_room
from core.plan import Expense, Income, Plan
from core.workbook_cells import Sheet, at, run


class BudgetSheet:
    """Income and spending of the month of the first payday (`core.levers.monthly_room`).

    Attributes:
        room: The cell of what is left for debts, as other sheets name it.
        room_fen: What it comes to.
    """

    def __init__(self, sheet: Sheet, plan: Plan) -> None:
        """Write it."""
        self._sheet = sheet
        self._month = first_payday_month(plan)
        say = sheet.words
        row = sheet.opening(say("sheet.budget"), say("budget.note"))
        sheet.text(row, 0, say("budget.month"))
        sheet.day(row, 1, _first_of(self._month), "month", "input")
        self._month_cell = at(row, 1, fixed=True)
        income = self._incomes(row + 2, plan)
        spending = self._expenses(income + 2, plan)
        sheet.total(spending + 2, say("budget.room"), 2)
        sheet.formula(spending + 2, 1, f"{at(income, 4)}-{at(spending, 8)}", monthly_room(plan), look="sum")
        self.room = sheet.there(spending + 2, 1)
        self.room_fen = monthly_room(plan)
        sheet.widths(28, 14, 12, 12, 18, 12, 12, 16, 18)

    def _incomes(self, row: int, plan: Plan) -> int:
        """Write the incomes; returns the row of their sum."""
        sheet, say = self._sheet, self._sheet.words
        names = ("name", "amount", "since", "until", "counted")
        sheet.text(row, 0, say("budget.incomes"), "strong")
        first = sheet.head(row + 1, [say(f"budget.{name}") for name in names])
        for place, income in enumerate(plan.household.incomes, start=first):
            sheet.text(place, 0, _named(income.name, say))
            sheet.money(place, 1, income.amount, "input")
            self._months(place, 2, income)
            counted = income.amount if self._counts(income) else 0
            sheet.formula(place, 4, self._if_counted(place, 2, at(place, 1)), counted)
        return self._total(first, len(plan.household.incomes), 4, "budget.income_total", monthly_income(plan))

    def _expenses(self, row: int, plan: Plan) -> int:
        """Write the expenses; returns the row of their sum."""
        sheet, say = self._sheet, self._sheet.words
        names = ("name", "amount", "since", "until", "category", "essential", "cut", "spent", "counted")
        sheet.text(row, 0, say("budget.expenses"), "strong")
        first = sheet.head(row + 1, [say(f"budget.{name}") for name in names], (0, 4, 5))
        for place, expense in enumerate(plan.household.expenses, start=first):
            sheet.text(place, 0, _named(expense.name, say))
            sheet.money(place, 1, expense.amount, "input")
            self._months(place, 2, expense)
            sheet.text(place, 4, say.sentences.get(f"category.{expense.category}", expense.category))
            sheet.text(place, 5, say("budget.yes" if expense.essential else "budget.no"))
            sheet.number(place, 6, float(expense.cut), "share", "input")
            sheet.formula(place, 7, f"ROUND({at(place, 1)}*(1-{at(place, 6)}),2)", spent(expense))
            counted = spent(expense) if self._counts(expense) else 0
            sheet.formula(place, 8, self._if_counted(place, 2, at(place, 7)), counted)
        count = len(plan.household.expenses)
        if count:
            sheet.limits((first, 6, first + count - 1, 6), 0, 1)
        return self._total(first, count, 8, "budget.expense_total", monthly_living_costs(plan))

    def _total(self, first: int, count: int, column: int, key: str, fen: int) -> int:
        """Write a sum below at least one row, so that its range is never the sum itself."""
        row = first + max(1, count)
        self._sheet.total(row, self._sheet.words(key), column + 1)
        self._sheet.formula(row, column, f"SUM({run(first, row - 1, column)})", fen, look="sum")
        return row

    def _months(self, row: int, column: int, flow: Income | Expense) -> None:
        for place, month in enumerate((flow.from_month, flow.until_month), start=column):
            self._sheet.day(row, place, None if month is None else _first_of(month), "month", "input")

    def _if_counted(self, row: int, column: int, amount: str) -> str:
        since, until, month = at(row, column), at(row, column + 1), self._month_cell
        # Any day of a month stands for the month, whichever one a reader types.
        begun = f'OR({since}="",{since}<=EOMONTH({month},0))'
        lasts = f'OR({until}="",{until}>=DATE(YEAR({month}),MONTH({month}),1))'
        return f"IF(AND({begun},{lasts}),{amount},0)"

    def _counts(self, flow: Income | Expense) -> bool:
        since, until = flow.from_month, flow.until_month
        return (since is None or since <= self._month) and (until is None or self._month <= until)


def _first_of(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, 1)


def _named(name: str, words: Words) -> str:
    """A name; of what a lever put in, what it stands for."""
    return words(f"budget.{name}") if name in (LIVING_COSTS, MONTHLY_BUDGET) else name
