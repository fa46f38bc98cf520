"""Single values of a plan file: how each is read and written, and its limits (CALCULATION.md §1).

A reader takes what JSON holds and returns what a model holds, or raises `Fault`. `Fen`, `DailyRate` and so on are the
types of the models' fields. Models built in Python may also be given what they hold already
(fen, `Decimal`, `date`, month index); in a file that is refused, so that a JSON number is never taken for an amount.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, TypeVar, cast

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import core_schema

from core.money import FEN_IN_A_YUAN, format_fen, format_rate, parse_amount, parse_rate
from core.plan_problems import Fault, Numeral, is_plain, is_visible

AMOUNT_MAX = 10_000_000 * FEN_IN_A_YUAN
DAILY_RATE_MAX = Decimal("0.01")
MULTIPLIER_MAX = Decimal(4)
INSTALMENTS_MAX = 360
HORIZON_MAX = 360
GRACE_MAX = 20
OVERDUE_DAYS_MAX = 3650
EARLIEST = date(1990, 1, 1)
NAME_MAX = 200
ID_MAX = 64
LENGTHS = {
    "debts": (1, 40),
    "incomes": (0, 40),
    "expenses": (0, 100),
    "one_offs": (0, 200),
    # CALCULATION.md sets no limit to these; they have one so that no file asks for more memory than it deserves.
    "bills": (0, INSTALMENTS_MAX),
    "statements": (0, INSTALMENTS_MAX),
    "changes": (0, 60),
    "paid": (0, 6000),
}
"""List to its least and greatest number of entries."""

FROM_FILE: dict[str, object] = {"from": "file"}
"""The validation context of plan files."""

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_T = TypeVar("_T")


def as_object(value: object) -> dict[str, object] | None:
    """Take a value of a file as an object; None where it is something else."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def as_list(value: object) -> Sequence[object] | None:
    """Take a value of a file as a list; None where it is something else."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else None


def month_index(day: date) -> int:
    """Number the month of a day: year × 12 + month − 1."""
    return day.year * 12 + day.month - 1


def format_month(index: int) -> str:
    """Write a month index as a plan file has it.

    >>> format_month(2026 * 12 + 10)
    '2026-11'
    """
    year, month = divmod(index, 12)
    return f"{year:04d}-{month + 1:02d}"


def read_amount(value: object, low: int = 0, high: int = AMOUNT_MAX) -> int:
    """Read an amount of yuan as fen, from low to high (fen)."""
    if not isinstance(value, str):
        raise Fault("amount.type", found=value)
    try:
        fen = parse_amount(value)
    except ValueError:
        raise Fault("amount.form", found=value) from None
    if not low <= fen <= high:
        raise Fault("amount.range", found=value, low=_yuan(low), high=_yuan(high))
    return fen


def read_rate(value: object, high: Decimal, places: int) -> Decimal:
    """Read a rate or share from 0 to high, with at most so many decimals as written."""
    if not isinstance(value, str):
        raise Fault("rate.type", found=value)
    if re.fullmatch(r"-[0-9]+(\.[0-9]+)?", value):
        raise Fault("rate.range", found=value, high=high)
    try:
        rate = parse_rate(value)
    except ValueError:
        raise Fault("rate.form", found=value, places=places) from None
    if len(value.partition(".")[2]) > places:
        raise Fault("rate.form", found=value, places=places)
    if rate > high:
        raise Fault("rate.range", found=value, high=high)
    return rate


def read_whole(value: object, low: int, high: int) -> int:
    """Read a whole number from low to high; true and false are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        huge = isinstance(value, Numeral) and value.text.lstrip("-").isdigit()
        raise Fault("whole.range" if huge else "whole.type", found=value, low=low, high=high)
    if not low <= value <= high:
        raise Fault("whole.range", found=value, low=low, high=high)
    return value


def read_date(value: object) -> date:
    """Read a day written as YYYY-MM-DD, from `EARLIEST` on."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Fault("date.form", found=value)
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        raise Fault("date.no_such_day", found=value) from None
    if day < EARLIEST:
        raise Fault("date.early", found=value, earliest=EARLIEST)
    return day


def read_month(value: object) -> int:
    """Read a month written as YYYY-MM as a month index, from the month of `EARLIEST` on."""
    found = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[2]) <= 12:
        raise Fault("month.form", found=value)
    index = int(found[1]) * 12 + int(found[2]) - 1
    if index < month_index(EARLIEST):
        raise Fault("date.early", found=value, earliest=format_month(month_index(EARLIEST)))
    return index


def read_text(value: object, longest: int) -> str:
    """Read a name: one line of visible text, not empty; kept as it is, blanks around it included."""
    if not isinstance(value, str):
        raise Fault("text.type", found=value)
    if len(value) > longest:
        raise Fault("text.long", count=len(value), limit=longest)
    if not value.isprintable():  # a quick look first; it also refuses some that may stand, such as a wide space
        for character in value:
            if not is_plain(character):
                raise Fault("text.character", found=character)
    if not any(map(is_visible, value)):
        raise Fault("text.empty")
    return value


def read_flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Fault("flag.type", found=value)
    return value


def read_choice(value: object, choices: Sequence[str | int], code: str = "choice.unknown") -> str | int:
    """Read one of a few values, type included: "365" is not 365."""
    for choice in choices:
        if type(value) is type(choice) and value == choice:
            return choice
    raise Fault(code, found=value, choices=", ".join(f'"{c}"' if isinstance(c, str) else str(c) for c in choices))


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / FEN_IN_A_YUAN:,.2f}"


@dataclass(frozen=True)
class FileValue(Generic[_T]):
    """How a field of a model is read from a file and written to one; goes into the field's `Annotated`.

    Attributes:
        read: The reader of the file's form.
        native: The type that the model holds, where it differs from the file's form.
        write: The writer of the file's form, where it differs from what the model holds.
    """

    read: Callable[[object], _T]
    native: type[_T] | None = None
    write: Callable[[_T], str] | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Tell pydantic to read by `read` and to write JSON by `write`."""
        writing = self.write and core_schema.plain_serializer_function_ser_schema(self.write, when_used="json")
        return core_schema.with_info_plain_validator_function(self._validate, serialization=writing)

    def _validate(self, value: object, info: core_schema.ValidationInfo) -> _T:
        if self.native is not None and type(value) is self.native and info.context is not FROM_FILE:
            return value
        return self.read(value)


def _amounts(low: int) -> FileValue[int]:
    return FileValue(lambda value: read_amount(value, low), int, format_fen)


def _rates(high: Decimal, places: int) -> FileValue[Decimal]:
    return FileValue(lambda value: read_rate(value, high, places), Decimal, format_rate)


def whole(low: int, high: int) -> FileValue[int]:
    """A field that is a whole number from low to high."""
    return FileValue(lambda value: read_whole(value, low, high))


def choice(*choices: str | int, code: str = "choice.unknown") -> FileValue[str | int]:
    """A field that is one of a few values; `code` names the problem of any other."""
    return FileValue(lambda value: read_choice(value, choices, code))


def rows(key: str) -> BeforeValidator:
    """A field that is a list. Entries beyond its limit are not looked at; `core.plan_checks` reports the length."""

    def cut(value: object) -> object:
        entries = as_list(value)
        if entries is None:
            raise Fault("list.type", found=value)
        return entries[: LENGTHS[key][1]]

    return BeforeValidator(cut)


Fen = Annotated[int, _amounts(0)]
SignedFen = Annotated[int, _amounts(-AMOUNT_MAX)]
PaidFen = Annotated[int, _amounts(1)]
DailyRate = Annotated[Decimal, _rates(DAILY_RATE_MAX, 8)]
AnnualRate = Annotated[Decimal, _rates(Decimal(1), 6)]
Multiplier = Annotated[Decimal, _rates(MULTIPLIER_MAX, 2)]
Share = Annotated[Decimal, _rates(Decimal(1), 4)]
Day = Annotated[date, FileValue(read_date, date, date.isoformat)]
Month = Annotated[int, FileValue(read_month, int, format_month)]
Name = Annotated[str, FileValue(lambda value: read_text(value, NAME_MAX))]
Id = Annotated[str, FileValue(lambda value: read_text(value, ID_MAX))]
Flag = Annotated[bool, FileValue(read_flag)]
DayOfMonth = Annotated[int, whole(1, 31)]
DayCount = Annotated[int, choice(360, 365)]
OverdueDays = Annotated[int, whole(1, OVERDUE_DAYS_MAX)]
