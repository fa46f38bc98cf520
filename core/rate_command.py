"""Reads the flows of `python -m core rate FLOWS.json` and answers with their rate.

The file is an object with one key: `flows`, a list of [date, amount], or `monthly`, a list of amounts of the months 0,
1, 2 …. Amounts are decimal strings, + received and - paid. Whatever a file holds, the answer is a rate, words in place
of a rate, or messages about the file. That flows have no rate is an answer; that they cannot be read is not.
"""

import os
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from core.plan_file import MAX_FILE_BYTES, load_json, read_bytes
from core.plan_problems import PROBLEMS_SHOWN, PlanError, Problem, place_of, problem, shown
from core.plan_values import as_list, as_object
from core.rates import Rate, dated_rate, monthly_rate

FLOWS_MAX = 1_200
"""A file has at most so many flows, a century of months; what changes direction at each of more would take minutes."""

_T = TypeVar("_T", Decimal, tuple[date, Decimal])
_FLOWS, _MONTHLY = "flows", "monthly"
_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

# What is said of a file of flows where `core.plan_file` speaks of a plan file.
_INSTEAD: dict[str, tuple[str, str]] = {
    "file.unreadable": (
        "打不开或读不了这个文件；请给出一个可读取的现金流文件。",
        "this file cannot be opened or read; expected a readable file of flows.",
    ),
    "file.size": (
        f"文件超过 {MAX_FILE_BYTES:,} 字节；现金流文件不得超过这个大小。",
        f"the file is larger than {MAX_FILE_BYTES:,} bytes; a file of flows is at most that large.",
    ),
    "json.depth": (
        "JSON 嵌套太深；现金流文件只有几层，请检查括号。",
        "the JSON is nested too deeply; a file of flows has a few levels only, so check the brackets.",
    ),
}
_SENTENCES: dict[str, tuple[str, str]] = {
    "flows.key": (
        "flows（按日期）和 monthly（按月）应写一个，也只写一个。",
        "expected one of flows (by date) and monthly (by month), and only one.",
    ),
    "flows.pair": (
        '写的是 {found}；每笔现金流应写成 ["2026-02-15", "-893.33"]。',
        'found {found}; a flow is written ["2026-02-15", "-893.33"].',
    ),
    "flows.amount": (
        '写的是 {found}；数额应只含正负号、最多 12 位整数和最多 6 位小数，半角，例如 "-893.33"。',
        'found {found}; an amount has a sign, at most 12 digits and at most 6 decimals, such as "-893.33".',
    ),
}


def run_rate(path: str | os.PathLike[str]) -> tuple[dict[str, object] | None, list[str]]:
    """Answer `python -m core rate FLOWS.json`.

    Args:
        path: The file with the flows.

    Returns:
        The answer, to be printed as JSON (exit status 0), and no messages; or None and a message, in both languages,
        for each thing that is wrong with the file (exit status 2).
    """
    try:
        return answer(read_bytes(path)), []
    except PlanError as error:
        return None, [str(found) for found in map(_of_flows, error.problems)]


def answer(data: bytes | str) -> dict[str, object]:
    """State the rate of the flows that a file holds.

    Args:
        data: The content of the file.

    Returns:
        `nominal_annual` (None for dated flows) and `effective_annual`, floats, or None where there is no single rate;
        `roots`, how many rates were found; `message`, None or why a rate is missing, in both languages.

    Raises:
        PlanError: The content is not a file of flows.

    >>> answer('{"monthly": ["1200", "-600", "-600"]}')
    {'nominal_annual': 0.0, 'effective_annual': 0.0, 'roots': 1, 'message': None}
    """
    rate = _rate(data)
    return {
        "nominal_annual": rate.nominal_annual,
        "effective_annual": rate.effective_annual,
        "roots": rate.roots,
        "message": None if rate.reason is None else f"{rate.zh} · {rate.en}",
    }


def _rate(data: bytes | str) -> Rate:
    loaded = load_json(data)
    fields = as_object(loaded.value)
    if fields is None:
        raise PlanError([problem("file", "object.type", found=loaded.value)])
    problems = [problem(place_of(path), "json.key_twice") for path in loaded.repeated]
    problems += [
        problem(place_of((key,)), "field.unknown", known=f"{_FLOWS}, {_MONTHLY}")
        for key in fields
        if key not in (_FLOWS, _MONTHLY)
    ]
    if (_FLOWS in fields) == (_MONTHLY in fields):
        problems.append(_worded("file", "flows.key"))
    _refuse(problems)
    if _MONTHLY in fields:
        amounts = [_amount(f"{_MONTHLY}[{at}]", item) for at, item in _items(_MONTHLY, fields[_MONTHLY])]
        return monthly_rate(_read(amounts))
    flows = [_flow(f"{_FLOWS}[{at}]", item) for at, item in _items(_FLOWS, fields[_FLOWS])]
    return dated_rate(_read(flows))


def _items(key: str, value: object) -> Iterable[tuple[int, object]]:
    items = as_list(value)
    if items is None:
        raise PlanError([problem(key, "list.type", found=value)])
    if not 1 <= len(items) <= FLOWS_MAX:
        raise PlanError([problem(key, "list.length", count=len(items), low=1, high=FLOWS_MAX)])
    return enumerate(items)


def _flow(place: str, value: object) -> tuple[date, Decimal] | Problem:
    pair = as_list(value)
    if pair is None or len(pair) != 2:
        return _worded(place, "flows.pair", value)
    day, amount = _date(f"{place}[0]", pair[0]), _amount(f"{place}[1]", pair[1])
    if isinstance(day, Problem):
        return day
    return amount if isinstance(amount, Problem) else (day, amount)


def _date(place: str, value: object) -> date | Problem:
    written = _DATE.fullmatch(value) if isinstance(value, str) else None
    if written is None:
        return problem(place, "date.form", found=value)
    try:
        return date(*map(int, written.groups()))
    except ValueError:
        return problem(place, "date.no_such_day", found=value)


def _amount(place: str, value: object) -> Decimal | Problem:
    if not isinstance(value, str):
        return problem(place, "amount.type", found=value)
    return Decimal(value) if _AMOUNT.fullmatch(value) else _worded(place, "flows.amount", value)


def _read(values: list[_T | Problem]) -> list[_T]:
    """Take the values where all of them could be read; else raise every problem."""
    _refuse([value for value in values if isinstance(value, Problem)])
    return [value for value in values if not isinstance(value, Problem)]


def _refuse(problems: list[Problem]) -> None:
    """Raise what is wrong, if anything is; a file may have more to say than anyone will read."""
    more = len(problems) - PROBLEMS_SHOWN
    if more > 0:
        problems = [*problems[:PROBLEMS_SHOWN], problem("file", "file.more", count=more)]
    if problems:
        raise PlanError(problems)


def _worded(place: str, code: str, found: object = None) -> Problem:
    zh, en = _SENTENCES[code]
    return Problem(place, code, zh.format(found=shown(found)), en.format(found=shown(found)))


def _of_flows(found: Problem) -> Problem:
    return Problem(found.place, found.code, *_INSTEAD[found.code]) if found.code in _INSTEAD else found
