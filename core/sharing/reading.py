"""Reading what was opened: strict as a plan file, every problem named at once, a later version told apart."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from core.household_problems import household_error, worded
from core.plan_file import load_json
from core.plan_models import Part
from core.plan_problems import Fault, Finding, PlanError
from core.plan_values import FROM_FILE, as_object

_Model = TypeVar("_Model", bound=Part)
_SCHEMA = re.compile(r"(ashore\.[a-z]+)/([1-9][0-9]{0,5})")


def read(model: type[_Model], schema: str, data: bytes) -> _Model:
    """Read a document.

    Args:
        model: What it should be.
        schema: Its name and version, such as `ashore.pledge/1`.
        data: JSON in UTF-8.

    Raises:
        PlanError: Something is wrong; every problem is named, `schema.newer` alone.
    """
    loaded = load_json(data)
    return read_value(model, schema, loaded.value, [Finding(path, "json.key_twice", {}) for path in loaded.repeated])


def read_value(model: type[_Model], schema: str, value: object, findings: Sequence[Finding] = ()) -> _Model:
    """Read what the JSON of a document holds; `findings` is what is wrong with it already."""
    found: _Model | None = None
    every = list(findings)
    raw = as_object(value)
    fields = [field.serialization_alias or name for name, field in model.model_fields.items()]
    if raw is None:
        raise household_error([*every, Finding((), "object.type", {"found": value})], fields)
    _refuse_newer(raw.get("schema"), schema)
    every += [Finding((name,), "field.unknown", {"known": fields}) for name in raw if name not in fields]
    try:
        found = model.model_validate(raw, context=FROM_FILE, by_alias=True, by_name=False, extra="ignore")
    except ValidationError as error:
        every += _findings(error)
    if found is None or every:
        raise household_error(every, fields)
    return found


def write(document: Part) -> bytes:
    """Write a document as one line of JSON."""
    return document.model_dump_json(by_alias=True).encode()


def _findings(error: ValidationError) -> Iterator[Finding]:
    for each in error.errors(include_url=False):
        fault: Any = each.get("ctx", {}).get("error")
        if isinstance(fault, Fault):
            yield Finding(each["loc"], fault.code, fault.values)
        elif each["type"] == "missing":
            yield Finding(each["loc"], "field.missing", {})
        else:
            yield Finding(each["loc"], "object.type", {"found": each["input"]})


def _refuse_newer(found: object, known: str) -> None:
    told, ours = (_SCHEMA.fullmatch(text) if isinstance(text, str) else None for text in (found, known))
    if told and ours and told[1] == ours[1] and int(told[2]) > int(ours[2]):
        raise PlanError([worded(Finding(("schema",), "schema.newer", {"found": found, "known": f'"{known}"'}))])
