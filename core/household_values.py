"""Single values of a household document that a plan does not have: notes, times of day, parameters of a lever.

They are read and refused as those of a plan are (`core.plan_values`); `LIMITS` bounds what may stand in a list.
"""

import re
from typing import Annotated, cast

from pydantic import BeforeValidator, PlainSerializer

from core.household_problems import HouseholdFault
from core.plan_problems import Fault, is_plain, printable
from core.plan_values import ID_MAX, NAME_MAX, FileValue, as_list, as_object, read_text

LIMITS = {"persons": 30, "levers": 100, "offers": 100, "calls": 1000}
"""List of a household document to the greatest number of its entries."""

NOTE_MAX = 2000
PARAMS_MAX = 30
PARAM_VALUES_MAX = 40
BIRTH_YEARS = (1900, 2200)

Single = str | int | bool | None
Param = Single | tuple[Single, ...]
Params = tuple[tuple[str, Param], ...]

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PARAM_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LARGEST = 10**15


def read_line(value: object) -> str:
    """Read one line of text that may be empty."""
    return "" if value == "" else read_text(value, NAME_MAX)


def read_note(value: object) -> str:
    """Read text of several lines, which may be empty."""
    if not isinstance(value, str):
        raise Fault("text.type", found=value)
    if len(value) > NOTE_MAX:
        raise Fault("text.long", count=len(value), limit=NOTE_MAX)
    for character in value:
        if character != "\n" and not is_plain(character):
            raise HouseholdFault("note.character", found=character)
    return value


def read_time(value: object) -> str:
    """Read a time of day, HH:MM."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise HouseholdFault("time.form", found=value)
    return value


def read_params(value: object) -> Params:
    """Read the parameters of a lever or an offer, sorted by name.

    Args:
        value: An object: names of small letters to a text, a whole number, true, false, null, or a list of these.
            What a name means is up to the kind of lever.
    """
    raw = as_object(value)
    if raw is None:
        raise Fault("object.type", found=value)
    if len(raw) > PARAMS_MAX:
        raise Fault("list.length", count=len(raw), low=0, high=PARAMS_MAX)
    return tuple(sorted((_param_name(name), _param(name, entry)) for name, entry in raw.items()))


def _param_name(name: str) -> str:
    text = f"{name}"  # a dict built in Python may have keys that are no text
    if not _PARAM_NAME.fullmatch(text):
        raise HouseholdFault("params.name", found=text)
    return text


def _param(name: str, value: object) -> Param:
    entries = as_list(value)
    if entries is None:
        return _single(name, value)
    if len(entries) > PARAM_VALUES_MAX:
        raise Fault("list.length", count=len(entries), low=0, high=PARAM_VALUES_MAX)
    return tuple(_single(name, entry) for entry in entries)


def _single(name: str, value: object) -> Single:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return value
    if isinstance(value, str):
        return read_line(value)
    raise HouseholdFault("params.value", found=value, name=printable(name))


def read_kind(value: object) -> str:
    """Read the kind of a lever or an offer: a name as parameters have it. Which kinds there are is not known here."""
    text = read_text(value, ID_MAX)
    if not _PARAM_NAME.fullmatch(text):
        raise HouseholdFault("params.name", found=text)
    return text


def limited(key: str) -> BeforeValidator:
    """A field that is a list. Entries beyond its limit are not looked at; `core.household` reports the length."""

    def cut(value: object) -> object:
        entries = as_list(value)
        if entries is None:
            raise Fault("list.type", found=value)
        return entries[: LIMITS[key]]

    return BeforeValidator(cut)


def _as_object(params: Params) -> dict[str, Param]:
    return dict(params)


Line = Annotated[str, FileValue(read_line)]
Note = Annotated[str, FileValue(read_note)]
Time = Annotated[str, FileValue(read_time)]
Kind = Annotated[str, FileValue(read_kind)]
ParamsField = Annotated[
    Params,
    FileValue(read_params, cast("type[Params]", tuple)),
    PlainSerializer(_as_object, when_used="json"),
]
