"""From TOML files to `Facts`: strict, and with every problem at once. `core.facts` describes the format.

A mistake in a file of ours is our bug, so reading stops with all that is wrong; nothing half-read is handed out.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from core.facts.model import Band, Bracket, Certainty, Dated, Fact, Facts, Kind, Scalar, Source, Span, Text, Value
from core.money import parse_amount, parse_rate

_SOURCES = "sources"
_PHONE = re.compile(r"[0-9]+(-[0-9]+)*")


class FactFileError(ValueError):
    """Something in the fact files is wrong.

    Attributes:
        problems: Place and sentence of each.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


_R = TypeVar("_R", bound=BaseModel)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_Plain = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class _TextRow(_Row):
    zh: _Plain
    en: _Plain


class _SourceRow(_Row):
    title: _TextRow
    text: Literal["full", "excerpt", "none"]
    read: date
    urls: list[Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]]


class _BracketRow(_Row):
    above: str
    flat: str | None = None
    rate: str | None = None


class _BandRow(_Row):
    first: int
    last: int | None = None
    key: _Plain


class _DatedRow(_Row):
    applies: date | None = Field(default=None, alias="from")
    first_seen: date | None = None
    until: date | None = None
    published: date | None = None
    value: Any
    kind: Kind | None = None
    certainty: Certainty
    sources: list[str] = Field(min_length=1)
    article: _Plain | None = None
    note: _TextRow | None = None

    @model_validator(mode="after")
    def _dates(self) -> "_DatedRow":
        if (self.applies is None) == (self.first_seen is None):
            raise ValueError("needs either from or first_seen")
        if self.until is not None and self.until < self.start:
            raise ValueError("until lies before its start")
        return self

    @property
    def start(self) -> date:
        return cast(date, self.applies or self.first_seen)


class _FactRow(_Row):
    title: _TextRow
    unit: str
    kind: Kind
    last_read: date
    values: list[_DatedRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _order(self) -> "_FactRow":
        for before, after in pairwise(self.values):
            if not before.start < after.start:
                raise ValueError("values do not stand in the order of their dates")
            if before.until is not None and not before.until < after.start:
                raise ValueError("until reaches into the next value")
        return self


@cache
def facts() -> Facts:
    """Give the facts of this package; the files are read once.

    Raises:
        FactFileError: A file is wrong.
    """
    return load_facts(Path(__file__).parent)


def load_facts(folder: Path) -> Facts:
    """Read every TOML of a folder: `sources.toml` and one file a subject.

    Args:
        folder: Where they lie.

    Returns:
        The facts, by file name and in the order of each file.

    Raises:
        FactFileError: Something in a file is wrong; every problem is named by file and table.
    """
    problems: list[str] = []
    tables = {path.stem: _read(path, problems) for path in sorted(folder.glob("*.toml"))}
    sources: dict[str, Source] = {}
    for mark, table in tables.pop(_SOURCES, {}).items():
        row = _checked(_SourceRow, f"{_SOURCES}.{mark}", table, problems)
        if row is not None:
            sources[mark] = Source(mark, _text(row.title), row.text, row.read, tuple(row.urls))
    entries: dict[str, Fact] = {}
    for subject, names in tables.items():
        for name, table in names.items():
            place = f"{subject}.{name}"
            row = _checked(_FactRow, place, table, problems)
            if row is not None:
                entries[place] = _fact(place, row, sources, problems)
    if problems:
        raise FactFileError(problems)
    return Facts(entries, sources)


def _read(path: Path, problems: list[str]) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.stem}: {error}")
        return {}


def _checked(row: type[_R], place: str, table: object, problems: list[str]) -> _R | None:
    try:
        return row.model_validate(table)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in detail["loc"])
            problems.append(f"{place}{path}: {detail['msg']}")
        return None


def _fact(place: str, row: _FactRow, sources: Mapping[str, Source], problems: list[str]) -> Fact:
    values: list[Dated] = []
    for index, dated in enumerate(row.values):
        where = f"{place}.values[{index}]"
        unknown = [mark for mark in dated.sources if mark not in sources]
        problems += [f"{where}.sources: no source {mark}" for mark in unknown]
        try:
            value = _value(row.unit, dated.value)
        except (ValueError, TypeError) as error:
            problems.append(f"{where}.value: {error}")
            continue
        values.append(
            Dated(
                start=dated.start,
                first_seen=dated.first_seen is not None,
                until=dated.until,
                value=value,
                kind=dated.kind or row.kind,
                certainty=dated.certainty,
                sources=tuple(dated.sources),
                published=dated.published,
                article=dated.article,
                note=None if dated.note is None else _text(dated.note),
            )
        )
    return Fact(place, _text(row.title), row.unit, row.last_read, tuple(values))


def _text(row: _TextRow) -> Text:
    return Text(row.zh, row.en)


def _value(unit: str, raw: object) -> Value:
    """Read a value by its unit: a whole shape, or one scalar, a list, a range or a table of scalars."""
    shape = _SHAPES.get(unit)
    if shape is not None:
        return shape(raw)
    scalar = _SCALARS.get(unit)
    if scalar is None:
        raise ValueError(f"no unit {unit}")
    if isinstance(raw, list):
        return tuple(scalar(entry) for entry in _rows(cast("object", raw)))
    if isinstance(raw, dict):
        table = {key: scalar(entry) for key, entry in cast("dict[str, object]", raw).items()}
        if not table:
            raise ValueError("a table with entries")
        return _span(table) if "low" in table or "high" in table else table
    return scalar(raw)


def _span(table: dict[str, Scalar]) -> Span:
    if set(table) != {"low", "high"}:
        raise ValueError("a range has low and high, nothing else")
    low, high = table["low"], table["high"]
    if not isinstance(low, Decimal | int) or not isinstance(high, Decimal | int) or not low < high:
        raise ValueError("low of a range lies below high")
    return Span(low, high)


def _rate(raw: object) -> Decimal:
    if not isinstance(raw, str):
        raise TypeError("a rate is a decimal string")
    return parse_rate(raw)


def _yuan(raw: object) -> int:
    if not isinstance(raw, str):
        raise TypeError("an amount is a decimal string of yuan")
    return parse_amount(raw)


def _whole(raw: object) -> int:
    if type(raw) is not int or raw < 0:
        raise TypeError("a whole number, 0 or more")
    return raw


def _of(kind: type[bool] | type[str] | type[date] | type[time]) -> Callable[[object], Scalar]:
    def read(raw: object) -> Scalar:
        if type(raw) is not kind or raw == "":
            raise TypeError(f"a {kind.__name__}")
        return raw

    return read


def _phone(raw: object) -> str:
    if not isinstance(raw, str) or not _PHONE.fullmatch(raw):
        raise ValueError("a phone number is digits and dashes")
    return raw


def _url(raw: object) -> str:
    if not isinstance(raw, str) or not raw.startswith("https://"):
        raise ValueError("an address begins with https://")
    return raw


def _sentence(raw: object) -> Text:
    return _text(_TextRow.model_validate(raw))


def _sentences(raw: object) -> tuple[Text, ...]:
    return tuple(_sentence(entry) for entry in _rows(raw))


def _brackets(raw: object) -> tuple[Bracket, ...]:
    found: list[Bracket] = []
    for entry in _rows(raw):
        row = _BracketRow.model_validate(entry)
        if (row.flat is None) == (row.rate is None):
            raise ValueError("a bracket has either flat or rate")
        found.append(Bracket(parse_amount(row.above), parse_amount(row.flat or "0"), parse_rate(row.rate or "0")))
    if found[0].above != 0 or any(not a.above < b.above for a, b in pairwise(found)):
        raise ValueError("brackets begin at 0 and ascend")
    return tuple(found)


def _bands(raw: object) -> tuple[Band, ...]:
    rows = [_BandRow.model_validate(entry) for entry in _rows(raw)]
    if rows[0].first != 1 or rows[-1].last is not None:
        raise ValueError("bands begin on day 1 and the last is open")
    if any(before.last is None or after.first != before.last + 1 for before, after in pairwise(rows)):
        raise ValueError("bands leave no day out and share none")
    return tuple(Band(row.first, row.last, row.key) for row in rows)


def _rows(raw: object) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise TypeError("a list with entries")
    return cast("list[object]", raw)


_SCALARS: dict[str, Callable[[object], Scalar]] = {
    "rate_per_day": _rate,
    "rate_per_year": _rate,
    "share": _rate,
    "multiple": _rate,
    "yuan": _yuan,
    "yuan_per_month": _yuan,
    "yuan_per_year": _yuan,
    "days": _whole,
    "months": _whole,
    "years": _whole,
    "count": _whole,
    "switch": _of(bool),
    "choice": _of(str),
    "date": _of(date),
    "time": _of(time),
    "phone": _phone,
    "url": _url,
}
"""Unit to the reader of one scalar of it."""

_SHAPES: dict[str, Callable[[object], Value]] = {
    "text": _sentence,
    "list": _sentences,
    "brackets": _brackets,
    "bands": _bands,
}
"""Units whose value is a whole shape."""
