"""From the bytes of a file to what its JSON holds: size, encoding, syntax, keys written twice; no field is known."""

import json
import os
from dataclasses import dataclass

from core.plan_problems import Numeral, Path, PlanError, problem
from core.plan_values import as_list, as_object

MAX_FILE_BYTES = 5_000_000
"""A larger file is refused unread. The canonical form of every plan within the limits is smaller."""

_BOM = "\ufeff"
_DIGITS_MAX = 18  # longer whole numbers fit no field, and thousands of digits would be slow to work out
_DEPTH_MAX = 10  # a plan is less deep; whatever lies deeper is inside a field that is refused anyway


@dataclass(frozen=True)
class Loaded:
    """What a file's JSON holds.

    Attributes:
        value: Objects, lists, texts, whole numbers, true, false, null; any other number as `Numeral`.
        repeated: The path of every key that its object has more than once.
    """

    value: object
    repeated: tuple[Path, ...]


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a file, but never more of it than a plan file may have.

    Raises:
        PlanError: It cannot be read (code `file.unreadable`) or is too large (`file.size`).
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = error.strerror if isinstance(error, OSError) else None
        raise PlanError([problem("file", "file.unreadable", found=reason or str(error))]) from None
    _refuse_large(len(data))
    return data


def load_json(data: bytes | str) -> Loaded:
    """Read JSON strictly: UTF-8 (a mark at its start is passed over), no key twice.

    Raises:
        PlanError: Nothing can be made of it (codes `file.size`, `file.utf8`, `json.syntax`, `json.depth`).
    """
    text = _text(data)
    repeated: list[tuple[dict[str, object], str]] = []

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        collected: dict[str, object] = {}
        for key, value in pairs:
            if key in collected:
                repeated.append((collected, key))
            collected[key] = value
        return collected

    try:
        value: object = json.loads(
            text.removeprefix(_BOM),
            object_pairs_hook=collect,
            parse_int=lambda digits: int(digits) if len(digits) <= _DIGITS_MAX else Numeral(digits),
            parse_float=Numeral,
            parse_constant=Numeral,
        )
    except json.JSONDecodeError as error:
        raise PlanError([problem(f"file:{error.lineno}:{error.colno}", "json.syntax")]) from None
    except RecursionError:
        raise PlanError([problem("file", "json.depth")]) from None
    return Loaded(value, _paths(value, repeated))


def _text(data: bytes | str) -> str:
    _refuse_large(len(data))
    if isinstance(data, str):
        _refuse_large(len(data.encode("utf-8", "surrogatepass")))
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PlanError([problem("file", "file.utf8", byte=error.start + 1)]) from None


def _refuse_large(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise PlanError([problem("file", "file.size", limit=MAX_FILE_BYTES)])


def _paths(value: object, repeated: list[tuple[dict[str, object], str]]) -> tuple[Path, ...]:
    """Find where the objects with repeated keys stand; the parser itself does not say."""
    keys: dict[int, set[str]] = {}
    for collected, key in repeated:
        keys.setdefault(id(collected), set()).add(key)
    paths: list[Path] = []
    waiting: list[tuple[Path, object]] = [((), value)] if keys else []
    while waiting:
        path, part = waiting.pop()
        if len(path) > _DEPTH_MAX:
            continue
        entries = as_object(part) or {}
        paths += [(*path, key) for key in keys.get(id(part), ())]
        waiting += [((*path, key), entry) for key, entry in entries.items()]
        waiting += [((*path, index), entry) for index, entry in enumerate(as_list(part) or [])]
    return tuple(paths)
