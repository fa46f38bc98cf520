"""A workbook read back and calculated anew: enough of a spreadsheet for the formulas that Ashore writes, and no more.

It reads with another library than the one that wrote. `ROUND` rounds as spreadsheets do: halves away from zero, of the
fifteen digits that they show. A function that is not known here is an error, so that no formula goes unlooked at.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")
    |(?P<ref>(?:'(?:[^']|'')+'!)?\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?)
    |(?P<name>[A-Z]+)\(
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<sign><=|>=|<>|[-+*/=<>(),]))""",
    re.VERBOSE,
)
_DAY_ZERO = date(1899, 12, 30)

Value = Any
Node = Callable[[], Value]


class Calculated:
    """A workbook whose cells can be changed and asked for.

    Attributes:
        formulas: Sheet and cell of every formula, to its text.
    """

    def __init__(self, data: bytes) -> None:
        """Read a file."""
        self._data = data
        book = load_workbook(BytesIO(data))
        self.formulas: dict[tuple[str, str], str] = {}
        self._cells: dict[tuple[str, str], Value] = {}
        self._known: dict[tuple[str, str], Value] = {}
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    key = sheet.title, cell.coordinate
                    if cell.data_type == "f":
                        self.formulas[key] = str(cell.value)
                    elif cell.value is not None:
                        self._cells[key] = _plain(cell.value)

    def copy(self) -> "Calculated":
        """Give another one, to be changed without changing this one."""
        other = copy(self)
        other.formulas, other._cells, other._known = dict(self.formulas), dict(self._cells), {}
        return other

    def cached(self) -> Iterator[tuple[str, str, Value]]:
        """Give what the file says that each formula comes to: sheet, cell, value."""
        shown = load_workbook(BytesIO(self._data), data_only=True)
        for sheet, cell in self.formulas:
            yield sheet, cell, _plain(shown[sheet][cell].value)

    def put(self, sheet: str, cell: str, value: Value) -> None:
        """Type something into a cell."""
        self._cells[sheet, cell] = _plain(value)
        self.formulas.pop((sheet, cell), None)
        self._known.clear()

    def value(self, sheet: str, cell: str) -> Value:
        """Calculate a cell; None where it is blank."""
        key = sheet, cell
        if key not in self.formulas:
            return self._cells.get(key)
        if key not in self._known:
            self._known[key] = _Formula(self.formulas[key][1:], sheet, self).result()
        return self._known[key]

    def fen(self, sheet: str, cell: str) -> int:
        """Calculate an amount."""
        return as_fen(self.value(sheet, cell))

    def find(self, sheet: str, text: str, column: str = "A") -> int:
        """Find the row that has a text in a column."""
        return next(
            int(cell[len(column) :])
            for (of, cell), value in self._cells.items()
            if of == sheet and value == text and re.fullmatch(rf"{column}[0-9]+", cell)
        )


def as_fen(value: Value) -> int:
    """Read an amount in yuan; it must be one of whole fen, but for the noise of floats."""
    fen = round(value * 100)
    assert abs(value * 100 - fen) < 1e-4, value
    return fen


def _plain(value: Value) -> Value:
    if isinstance(value, datetime):
        value = value.date()
    return (value - _DAY_ZERO).days if isinstance(value, date) else value


def _day(serial: float) -> date:
    return _DAY_ZERO + timedelta(int(serial))


def _number(value: Value) -> float:
    assert not isinstance(value, str), f"{value!r} is no number"
    return 0 if value is None else value


class _Formula:
    """One formula, calculated while it is read; what stands behind a condition only if it is met."""

    def __init__(self, text: str, sheet: str, book: Calculated) -> None:
        self._sheet, self._book = sheet, book
        self._tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None or found.lastgroup is None:
                raise AssertionError(f"cannot read {text[place:]!r}")
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self._at = 0

    def result(self) -> Value:
        node = self._comparison()
        assert self._at == len(self._tokens), self._tokens[self._at :]
        return node()

    def _next_is(self, *signs: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in [("sign", sign) for sign in signs]

    def _take(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _comparison(self) -> Node:
        left = self._sum()
        if not self._next_is("=", "<", ">", "<=", ">=", "<>"):
            return left
        sign = self._take()[1]
        right = self._sum()
        return lambda: _compared(sign, left(), right())

    def _sum(self) -> Node:
        left = self._product()
        while self._next_is("+", "-"):
            sign, first, second = self._take()[1], left, self._product()
            left = (
                (lambda a=first, b=second: _number(a()) + _number(b()))
                if sign == "+"
                else (lambda a=first, b=second: _number(a()) - _number(b()))
            )
        return left

    def _product(self) -> Node:
        left = self._single()
        while self._next_is("*", "/"):
            sign, first, second = self._take()[1], left, self._single()
            left = (
                (lambda a=first, b=second: _number(a()) * _number(b()))
                if sign == "*"
                else (lambda a=first, b=second: _number(a()) / _number(b()))
            )
        return left

    def _single(self) -> Node:
        kind, text = self._take()
        if kind == "text":
            return lambda: text[1:-1].replace('""', '"')
        if kind == "number":
            return lambda: float(text)
        if kind == "ref":
            assert ":" not in text, "a range outside a sum"
            return lambda: self._book.value(*self._cell(text))
        if kind == "name":
            return self._call(text)
        if text == "-":
            inner = self._single()
            return lambda: -_number(inner())
        assert text == "(", text
        inner = self._comparison()
        assert self._take()[1] == ")"
        return inner

    def _call(self, name: str) -> Node:
        arguments: list[Node] = []
        while not self._next_is(")"):
            kind, text = self._tokens[self._at]
            if kind == "ref" and ":" in text:
                self._at += 1
                arguments.append(lambda text=text: list(self._range(text)))
            else:
                arguments.append(self._comparison())
            if self._next_is(","):
                self._take()
        self._take()
        if name == "IF":
            test, then, other = arguments
            return lambda: then() if test() else other()
        return lambda: _FUNCTIONS[name](*(argument() for argument in arguments))

    def _cell(self, text: str) -> tuple[str, str]:
        sheet, _, cell = text.rpartition("!")
        return (sheet[1:-1].replace("''", "'") if sheet else self._sheet), cell.replace("$", "")

    def _range(self, text: str) -> Iterator[Value]:
        sheet, cells = self._cell(text)
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(cells))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield self._book.value(sheet, f"{_letters(column)}{row}")


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def _compared(sign: str, left: Value, right: Value) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        left, right = ("" if each is None else each for each in (left, right))
        assert sign in ("=", "<>")
        return (left == right) == (sign == "=")
    left, right = _number(left), _number(right)
    return {
        "=": left == right,
        "<>": left != right,
        "<": left < right,
        ">": left > right,
        "<=": left <= right,
        ">=": left >= right,
    }[sign]


def _sum(*arguments: Value) -> float:
    total = 0.0
    for argument in arguments:
        for value in argument if isinstance(argument, list) else [argument]:
            total += value if isinstance(value, int | float) else 0
    return total


def _round(value: Value, places: Value) -> float:
    shown = Decimal(format(_number(value), ".15g"))
    return float(shown.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))


def _payment(rate: Value, count: Value, present: Value) -> float:
    growth = (1 + rate) ** count
    return -present * rate * growth / (growth - 1)


def _date(year: Value, month: Value, day: Value) -> int:
    year, month = int(year) + (int(month) - 1) // 12, (int(month) - 1) % 12 + 1
    return (date(year, month, 1) - _DAY_ZERO).days + int(day) - 1


def _month_end(serial: Value, months: Value) -> int:
    start = _day(serial)
    year, month = divmod(start.year * 12 + start.month - 1 + int(months), 12)
    return (date(year, month + 1, monthrange(year, month + 1)[1]) - _DAY_ZERO).days


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "SUM": _sum,
    "ROUND": _round,
    "MIN": lambda *values: min(map(_number, values)),
    "MAX": lambda *values: max(map(_number, values)),
    "AND": lambda *values: all(values),
    "OR": lambda *values: any(values),
    "PMT": _payment,
    "DATE": _date,
    "YEAR": lambda serial: _day(serial).year,
    "MONTH": lambda serial: _day(serial).month,
    "EOMONTH": _month_end,
}
