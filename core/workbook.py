# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""A household's plan as an Excel workbook: what the pages show, with formulas where a reader would change a figure.

Every figure is the engine's. A formula stands where figures are added up and where something can be tried out (what is
cut, a rate, a number of instalments); it carries the engine's figure, and comes to the same fen. No clock is asked and
nobody is named in the file's properties, so the same document gives the same bytes.
"""

from datetime import datetime, time
from io import BytesIO

from core.exports import words_of
from core.exports.course import Course, course_of
from core.household_models import HouseholdDocument
from core.outcome import Outcome
from core.workbook_budget import BudgetSheet
from core.workbook_cells import Sheet, Styles, at
from core.workbook_debts import DebtsSheet, MonthsSheet, PaymentsSheet
from core.workbook_late import write_late
from core.workbook_trial import write_trial


def workbook_of(document: HouseholdDocument, language: str) -> bytes:
    """Write the workbook.

    Args:
        document: Not modified.
        language: `zh` or `en`.

    Returns:
        The .xlsx file. Equal documents give equal bytes.

    Raises:
        Refused: No way has an answer (`core.exports.course.course_of`).
        KeyError: There is no such language.
    """
    import xlsxwriter

    words = words_of(language)
    course = course_of(document)
    into = BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})
    book.set_properties({"title": words("book.title"), "created": datetime.combine(course.plan.start, time())})
    styles = Styles(book)
    overview, debts, payments, months, budget, late, trial = (
        Sheet(book, styles, words(f"sheet.{name}"), words)
        for name in ("overview", "debts", "payments", "months", "budget", "late", "trial")
    )
    parts = (
        DebtsSheet(debts, course),
        PaymentsSheet(payments, course),
        MonthsSheet(months, course),
        BudgetSheet(budget, course.plan),
    )
    _write_overview(overview, course, *parts)
    write_late(late, course.plan)
    write_trial(trial, course.plan)
    book.close()
    return into.getvalue()


def _write_overview(
    sheet: Sheet, course: Course, debts: DebtsSheet, payments: PaymentsSheet, months: MonthsSheet, budget: BudgetSheet
) -> None:
    say, plan, way = sheet.words, course.plan, course.way
    name = say(f"strategy.{way.strategy}")
    start, end = say.day(plan.start), say.day(plan.end)
    row = sheet.opening(say("book.title"), say("overview.note", day=start, way=name, end=end), say("book.money_note"))
    sheet.text(row, 0, say("overview.owed"))
    sheet.formula(row, 1, debts.owed, debts.owed_fen, look="strong")
    sheet.text(row + 1, 0, say("overview.way"))
    sheet.text(row + 1, 1, say("overview.way_chosen" if course.chosen else "overview.way_best", way=name), "right")
    sheet.text(row + 2, 0, say("overview.free"))
    if way.debt_free_on is None:
        sheet.text(row + 2, 1, say("overview.not_free", end=end), "right")
    else:
        sheet.day(row + 2, 1, way.debt_free_on, look="strong")
    linked = (
        ("overview.paid", payments.paid, way.total_paid),
        ("overview.cost", payments.cost, way.total_cost),
        ("overview.left", months.left, way.closing_payoff),
        ("overview.room", budget.room, budget.room_fen),
    )
    for place, (key, formula, fen) in enumerate(linked, start=row + 3):
        sheet.text(place, 0, say(key, since=say.day(plan.as_of), end=end))
        sheet.formula(place, 1, formula, fen)
    _write_ways(sheet, course, row + 8)
    sheet.widths(36, 32, 16, 18, 16, 18, 18, 12, 16)


def _write_ways(sheet: Sheet, course: Course, row: int) -> None:
    say = sheet.words
    sheet.text(row, 0, say("overview.ways"), "strong")
    columns = ("way", "free", "paid", "cost", "left", "pocket", "more", "late", "short")
    first = sheet.head(row + 1, [say(f"overview.column_{name}") for name in columns])
    own = first + next(k for k, each in enumerate(course.outcomes) if each.strategy == course.way.strategy)
    for place, outcome in enumerate(course.outcomes, start=first):
        look = "strong" if place == own else ""
        sheet.text(place, 0, say(f"strategy.{outcome.strategy}"), look)
        if outcome.error is not None or outcome.refused is not None:
            sheet.text(place, 1, say("overview.no_answer"), "right")
            continue
        _write_way(sheet, place, outcome, look)
        more = outcome.out_of_pocket - course.way.out_of_pocket
        sheet.formula(place, 6, f"{at(place, 5)}-{at(own, 5, fixed=True)}", more, look=look)


def _write_way(sheet: Sheet, row: int, outcome: Outcome, look: str) -> None:
    if outcome.debt_free_on is None:
        sheet.text(row, 1, sheet.words("overview.open"), f"{look} right".strip())
    else:
        sheet.day(row, 1, outcome.debt_free_on, look=look)
    for column, fen in enumerate((outcome.total_paid, outcome.total_cost, outcome.closing_payoff), start=2):
        sheet.money(row, column, fen, look)
    sheet.formula(row, 5, f"{at(row, 2)}+{at(row, 4)}", outcome.out_of_pocket, look=look)
    sheet.number(row, 7, outcome.worst_days_past_due, look=look)
    sheet.money(row, 8, outcome.worst_shortfall, look)
