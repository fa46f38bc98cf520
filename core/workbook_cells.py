# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""A sheet of the workbook, cell by cell: what may stand in one, and how it looks.

Text is only ever written as text, and text that a spreadsheet would take for a formula when it comes back from a CSV
file begins with an apostrophe. Money is written as yuan from whole fen, a formula with the figure that it comes to.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from core.exports import Words, one_line, visible_start
from core.money import FEN_IN_A_YUAN

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MONEY = "¥#,##0.00"
_FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
_SHEET_NAME_MAX = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\"))
_A4 = 9
_HEAD_HEIGHT = 33  # two lines
_INPUT = "#FFF7D6"

_HEAD = {"bold": True, "bg_color": "#E8EEF1", "bottom": 1, "text_wrap": True, "valign": "bottom"}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {},
    "money": {"num_format": MONEY},
    "exact": {"num_format": "¥#,##0.000000"},
    "date": {"num_format": "yyyy-mm-dd", "align": "right"},
    "row": {"num_format": "yyyy-mm-dd", "align": "left"},
    "month": {"num_format": "yyyy-mm", "align": "right"},
    "whole": {"num_format": "0"},
    "ordinal": {"num_format": "0", "align": "left"},
    "share": {"num_format": "0.00%"},
    "annual": {"num_format": "0.00####%"},
    "daily": {"num_format": "0.00########%"},
}
_LOOKS: dict[str, dict[str, Any]] = {
    "": {},
    "input": {"bg_color": _INPUT, "border": 1, "border_color": "#D8CFA0"},
    "sum": {"bold": True, "top": 1},
    "strong": {"bold": True},
    "right": {"align": "right"},
    "strong right": {"bold": True, "align": "right"},
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        """Begin with none."""
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}

    def of(self, kind: str, look: str = "") -> "Format":
        """Give the format of a kind of value in a look, one of `_LOOKS`."""
        if (kind, look) not in self._made:
            properties = {
                "title": {"bold": True, "font_size": 14},
                "note": {"font_color": "#555555"},
                "head": _HEAD,
                "head_of_numbers": {**_HEAD, "align": "right"},
            }.get(kind)
            self._made[kind, look] = self._book.add_format(properties or {**_KINDS[kind], **_LOOKS[look]})
        return self._made[kind, look]


class Sheet:
    """One sheet. Rows and columns count from 0."""

    def __init__(self, book: "Workbook", styles: Styles, name: str, words: Words) -> None:
        """Add a sheet to a workbook, to be printed on A4, landscape, one page wide."""
        self.name = sheet_name(name)
        self.words = words
        self._styles = styles
        self._written: dict[str, str] = {}
        self._sheet: Worksheet = book.add_worksheet(self.name)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C" + words("book.page"))

    def opening(self, title: str, *notes: str) -> int:
        """Write a title and what is to be said first; returns the row after a blank one."""
        self._sheet.write_string(0, 0, harmless(title), self._styles.of("title"))
        for row, note in enumerate(notes, start=1):
            self._sheet.write_string(row, 0, harmless(note), self._styles.of("note"))
        return len(notes) + 2

    def head(self, row: int, titles: Sequence[str], texts: Sequence[int] = (0,)) -> int:
        """Write the head of a table, `texts` being its columns of text; returns the row below it."""
        for column, title in enumerate(titles):
            style = self._styles.of("head" if column in texts else "head_of_numbers")
            self._sheet.write_string(row, column, harmless(title), style)
        self._sheet.set_row(row, _HEAD_HEIGHT)
        return row + 1

    def total(self, row: int, text: str, columns: int) -> None:
        """Begin a row of sums over so many columns; the sums themselves are formulas in the look `sum`."""
        for column in range(1, columns):
            self._sheet.write_blank(row, column, None, self._styles.of("text", "sum"))
        self.text(row, 0, text, "sum")

    def freeze(self, rows: int, columns: int = 0) -> None:
        """Keep the rows above the one given, and the columns before, in sight; print the last of them on every page."""
        self._sheet.freeze_panes(rows, columns)
        self._sheet.repeat_rows(rows - 1)

    def print_down_to(self, row: int, column: int) -> None:
        """Print no more than what stands above and before a cell, it included."""
        self._sheet.print_area(0, 0, row, column)

    def widths(self, *widths: float) -> None:
        """Set the widths of columns, from the first on; the last one holds for fifty after it."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.set_column(len(widths), len(widths) + 50, widths[-1])

    def text(self, row: int, column: int, text: str, look: str = "") -> None:
        """Write text, and nothing but text."""
        # The same few names stand in thousands of rows.
        if text not in self._written:
            self._written[text] = harmless(text)
        self._sheet.write_string(row, column, self._written[text], self._styles.of("text", look))

    def money(self, row: int, column: int, fen: int, look: str = "") -> None:
        """Write an amount."""
        self._sheet.write_number(row, column, fen / FEN_IN_A_YUAN, self._styles.of("money", look))

    def number(self, row: int, column: int, value: float, kind: str = "whole", look: str = "") -> None:
        """Write a number of a kind."""
        self._sheet.write_number(row, column, value, self._styles.of(kind, look))

    def day(self, row: int, column: int, value: date | None, kind: str = "date", look: str = "") -> None:
        """Write a date; nothing where there is none."""
        if value is None:
            self._sheet.write_blank(row, column, None, self._styles.of(kind, look))
        else:
            self._sheet.write_datetime(row, column, datetime.combine(value, time()), self._styles.of(kind, look))

    def formula(
        self, row: int, column: int, formula: str, value: float | str | date, kind: str = "money", look: str = ""
    ) -> None:
        """Write a formula with what it comes to: of money fen, else the date, number or text itself."""
        cached: Any = value
        if isinstance(value, date):
            cached = serial(value)
        elif kind == "money" and isinstance(value, int):
            cached = value / FEN_IN_A_YUAN
        self._sheet.write_formula(row, column, f"={formula}", self._styles.of(kind, look), cached)

    def choices(self, row: int, column: int, choices: Sequence[str]) -> None:
        """Let a cell hold one of some texts."""
        self._sheet.data_validation(row, column, row, column, {"validate": "list", "source": list(choices)})

    def limits(self, cells: tuple[int, int, int, int], low: float, high: float, *, whole: bool = False) -> None:
        """Let cells (first row, column, last row, column) hold numbers from low to high."""
        rule = {
            "validate": "integer" if whole else "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
        }
        self._sheet.data_validation(*cells, rule)

    def there(self, row: int, column: int) -> str:
        """Name a cell from another sheet."""
        return f"'{self.name}'!{at(row, column, fixed=True)}"

    def range_there(self, first: int, last: int, column: int) -> str:
        """Name a run of a column from another sheet."""
        return f"'{self.name}'!{at(first, column, fixed=True)}:{at(last, column, fixed=True)}"


def at(row: int, column: int, *, fixed: bool = False) -> str:
    """Name a cell.

    >>> at(0, 0), at(9, 27, fixed=True)
    ('A1', '$AB$10')
    """
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"${letters}${row + 1}" if fixed else f"{letters}{row + 1}"


def run(first: int, last: int, column: int) -> str:
    """Name a run of a column; where it has no row, the one cell above it, which holds no number."""
    return f"{at(first, column)}:{at(max(first, last), column)}"


def serial(day: date) -> int:
    """The number by which a spreadsheet knows a day."""
    return (day - date(1899, 12, 30)).days


def harmless(text: str) -> str:
    """Write text so that no spreadsheet runs it, not even out of a CSV file.

    >>> harmless('=HYPERLINK("x")'), harmless("\\t-1"), harmless("房租")
    ('\\'=HYPERLINK("x")', "'-1", '房租')
    """
    line = one_line(text)
    return f"'{line}" if visible_start(line)[:1] in _FORMULA_SIGNS else line


def sheet_name(name: str) -> str:
    """Leave out what no sheet's name may hold.

    >>> sheet_name("a/b:[c]'")
    'abc'
    """
    return one_line(name).translate(_NOT_IN_SHEET_NAMES).strip("'")[:_SHEET_NAME_MAX]
