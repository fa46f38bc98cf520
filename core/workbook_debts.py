# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""Three sheets of the workbook: the debts as they stand today, every payment, and what is owed at each month-end."""

from typing import Any, cast

from core.engine.lower import annual_rate, daily_rate
from core.exports.course import Course, Entry, ledger_of
from core.plan import CardDebt, InstalmentDebt
from core.positions import Position, Refused, positions
from core.workbook_cells import Sheet, at, run

PARTS = ("principal", "interest", "penalty", "fees")


class DebtsSheet:
    """The debts: terms, and what is owed on the plan's day.

    Attributes:
        owed: The cell of what is owed in all, as other sheets name it.
        owed_fen: What it comes to.
    """

    def __init__(self, sheet: Sheet, course: Course) -> None:
        """Write it."""
        say, plan = sheet.words, course.plan
        titles = [say("book.debt"), say("debts.kind"), *(say(f"debts.{name}") for name in _TERMS)]
        titles += [say(f"debts.{name}") for name in (*PARTS, "payoff", "late", "next_due", "next_amount", "cleared")]
        row = sheet.opening(say("sheet.debts"), say("debts.note", day=say.day(plan.start)))
        first = sheet.head(row, titles, (0, 1))
        sheet.freeze(first, 1)
        today = [cast("dict[str, int]", each) for each in _first_rows(course)]
        coming = _coming(course)
        last = first + len(plan.debts) - 1
        for place, debt, figures in zip(range(first, last + 1), plan.debts, today, strict=True):
            sheet.text(place, 0, debt.name)
            self._terms(sheet, place, debt)
            for column, part in enumerate(PARTS, start=_FIGURES):
                sheet.money(place, column, figures[part])
            parts = f"{at(place, _FIGURES)}:{at(place, _FIGURES + 3)}"
            sheet.formula(place, _FIGURES + 4, f"SUM({parts})", figures["payoff"], look="strong")
            sheet.number(place, _FIGURES + 5, figures["days_past_due"])
            ahead = coming.get(debt.id)
            if ahead is not None and ahead.next_due is not None:
                sheet.day(place, _FIGURES + 6, ahead.next_due)
                sheet.money(place, _FIGURES + 7, ahead.next_amount)
            sheet.day(place, _FIGURES + 8, course.way.cleared[debt.id])
        sheet.total(last + 1, say("book.total"), len(titles))
        for column, part in enumerate((*PARTS, "payoff"), start=_FIGURES):
            total = sum(figures[part] for figures in today)
            sheet.formula(last + 1, column, f"SUM({run(first, last, column)})", total, look="sum")
        self.owed = sheet.there(last + 1, _FIGURES + 4)
        self.owed_fen = sum(figures["payoff"] for figures in today)
        sheet.widths(22, 17, 11, 12, 9, 12, 12, 9, 14, 14, 12, 12, 15, 11, 12, 14, 12)

    def _terms(self, sheet: Sheet, row: int, debt: InstalmentDebt | CardDebt) -> None:
        card = isinstance(debt, CardDebt)
        sheet.text(row, 1, sheet.words("debts.kind_card" if card else f"debts.method_{debt.method}"))
        sheet.number(row, 2, float(daily_rate(debt) or 0), "daily")
        sheet.number(row, 3, float(annual_rate(debt) or 0), "annual")
        sheet.number(row, 4, debt.due_day)
        if card:
            sheet.number(row, 5, debt.statement_day)
        else:
            sheet.number(row, 6, debt.instalments_left)
        sheet.number(row, 7, debt.grace_days)


_TERMS = ("daily", "annual", "due_day", "statement_day", "instalments", "grace")
_FIGURES = 2 + len(_TERMS)


def _first_rows(course: Course) -> list[Any]:
    """What each debt is on the first reported day, which is the plan's own."""
    frame = cast("Any", course.way.debts_frame())
    return frame.head(len(course.plan.debts)).to_dict("records")


def _coming(course: Course) -> dict[str, Position]:
    """Where each debt stands if nothing is paid; nothing where that has no answer."""
    try:
        return {each.debt: each for each in positions(course.plan)}
    except Refused:
        return {}


class PaymentsSheet:
    """Every payment of the way that is followed, a row a day and debt.

    Attributes:
        paid: The sum of all of them, as a formula of another sheet.
        cost: The sum of what was not principal.
    """

    def __init__(self, sheet: Sheet, course: Course) -> None:
        """Write it."""
        say, way = sheet.words, course.way
        columns = ("principal", "interest", "penalty", "fees", "paid", "running")
        row = sheet.opening(say("sheet.payments"), say("payments.note", way=say(f"strategy.{way.strategy}")))
        titles = [say("book.date"), say("book.debt"), *(say(f"payments.{name}") for name in columns)]
        first = sheet.head(row, titles, (0, 1))
        sheet.freeze(first, 2)
        running = 0
        payments = _payments(ledger_of(course.plan, way.strategy))
        for place, entry in enumerate(payments, start=first):
            sheet.day(place, 0, entry.day, "row")
            sheet.text(place, 1, course.names[entry.debt])
            for column, part in enumerate(entry[-4:], start=2):
                sheet.money(place, column, part)
            running += entry.amount
            sheet.formula(place, 6, f"SUM({at(place, 2)}:{at(place, 5)})", entry.amount)
            before = f"{at(place - 1, 7)}+" if place > first else ""
            sheet.formula(place, 7, f"{before}{at(place, 6)}", running)
        last = max(first, first + len(payments) - 1)
        self.paid = f"SUM({sheet.range_there(first, last, 6)})"
        self.cost = "+".join(f"SUM({sheet.range_there(first, last, column)})" for column in (3, 4, 5))
        sheet.widths(12, 24, 14, 14, 14, 14, 14, 16)


def _payments(entries: tuple[Entry, ...]) -> list[Entry]:
    """Add up what is paid to a debt on a day."""
    sums: dict[tuple[object, str], Entry] = {}
    for entry in entries:
        if entry.kind == "paid" and entry.amount:
            known = sums.get((entry.day, entry.debt))
            if known is not None:
                entry = Entry(*known[:3], *(a + b for a, b in zip(known[3:], entry[3:], strict=True)))
            sums[entry.day, entry.debt] = entry
    return list(sums.values())


class MonthsSheet:
    """What is owed at each month-end under the way that is followed.

    Attributes:
        left: The cell of what is owed at the end, as other sheets name it.
    """

    def __init__(self, sheet: Sheet, course: Course) -> None:
        """Write it."""
        say, way = sheet.words, course.way
        count = len(course.plan.debts)
        row = sheet.opening(say("sheet.months"), say("months.note", way=say(f"strategy.{way.strategy}")))
        titles = [say("book.date"), *course.names.values(), say("months.total"), say("months.cash")]
        first = sheet.head(row, titles)
        sheet.freeze(first, 1)
        payoffs = cast("list[int]", cast("Any", way.debts_frame())["payoff"].tolist())
        cash = cast("list[int]", cast("Any", way.totals_frame())["cash"].tolist())
        # What is cleared stays cleared: later month-ends would say nothing.
        days = [day for k, day in enumerate(way.dates) if k == 0 or any(payoffs[(k - 1) * count : k * count])]
        for k, day in enumerate(days):
            place = first + k
            owed = payoffs[k * count : (k + 1) * count]
            sheet.day(place, 0, day, "row")
            for column, fen in enumerate(owed, start=1):
                sheet.money(place, column, fen)
            sheet.formula(place, count + 1, f"SUM({at(place, 1)}:{at(place, count)})", sum(owed), look="strong")
            sheet.money(place, count + 2, cash[k])
        self.left = sheet.there(first + len(days) - 1, count + 1)
        sheet.widths(12, 16)
