"""The household document around a plan: reading it, writing it, keeping its parts in step (`ashore.household/1`).

A document is refused as a plan is: nothing unknown, nothing guessed, everything that is wrong named at once in both
languages (`PlanError`; places inside the plan begin with `plan.`). A plan file alone is read as a document with nothing
around it. A later version of either format is refused with a problem of its own, `schema.newer`, and no other.
"""

import json
import os

from core.household_checks import FIELDS, judge
from core.household_models import (
    SCHEMA,
    Answers,
    Call,
    DebtDetails,
    HouseholdDocument,
    LenderBalance,
    Lever,
    Offer,
    Person,
)
from core.household_problems import household_error, is_newer, worded
from core.plan import SCHEMA as PLAN_SCHEMA
from core.plan import Plan, PlanError, dump_plan, parse_plan, plan_from
from core.plan_file import MAX_FILE_BYTES, load_json, read_bytes
from core.plan_problems import Finding, problem
from core.plan_values import as_object

__all__ = [
    "MAX_FILE_BYTES",
    "SCHEMA",
    "Answers",
    "Call",
    "DebtDetails",
    "HouseholdDocument",
    "LenderBalance",
    "Lever",
    "Offer",
    "Person",
    "PlanError",
    "checked",
    "dump_household",
    "household_from",
    "household_of",
    "parse_household",
    "read_household",
    "to_mapping",
    "with_details",
    "with_plan",
]


def parse_household(data: bytes | str) -> HouseholdDocument:
    """Read a household document, or a plan, from the text of a file.

    Args:
        data: JSON, as text or as UTF-8; at most `MAX_FILE_BYTES` long.

    Returns:
        The document; a plan becomes one with nothing around it.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    loaded = load_json(data)
    if _is_plan(loaded.value):
        return household_of(parse_plan(data))
    return _validated(loaded.value, [Finding(path, "json.key_twice", {}) for path in loaded.repeated])


def read_household(path: str | os.PathLike[str]) -> HouseholdDocument:
    """Read the file of a household document or of a plan.

    Raises:
        PlanError: It cannot be read, or something in it is wrong; every problem is named.
    """
    return parse_household(read_bytes(path))


def household_from(mapping: object) -> HouseholdDocument:
    """Read a household document, or a plan, from what its JSON holds, by the same rules as a file.

    Args:
        mapping: A dict as `json.loads` gives it; anything else is refused as a file would be. Not modified.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    return household_of(plan_from(mapping)) if _is_plan(mapping) else _validated(mapping, [])


def household_of(plan: Plan) -> HouseholdDocument:
    """Put a document with nothing else in it around a plan."""
    return HouseholdDocument(schema_=SCHEMA, plan=plan)


def checked(document: HouseholdDocument) -> HouseholdDocument:
    """Put a document that was built or copied in Python through everything that a file goes through, its size included.

    Returns:
        An equal document.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    return parse_household(dump_household(document))


def to_mapping(document: HouseholdDocument) -> dict[str, object]:
    """Write a document as what its JSON holds: texts, whole numbers, true, false, null, lists, dicts."""
    return document.model_dump(mode="json", by_alias=True)


def dump_household(document: HouseholdDocument) -> str:
    """Write a document in its canonical form: the plan as `core.plan.dump_plan` does, the rest in the models' order.

    Fields that are null are left out. Equal documents give the same text, and reading it gives an equal document.

    Returns:
        JSON that ends with a line break. It can always be read again.

    Raises:
        PlanError: The document is larger than a file may be (code `file.size`).
    """
    written = to_mapping(document)
    parts = {name: json.dumps(value, ensure_ascii=False, indent=2) for name, value in written.items() if name != "plan"}
    parts["plan"] = dump_plan(document.plan).rstrip("\n")
    # A line break inside a text is written as \n, so that every real one is layout and may be moved.
    lines = [f'  "{name}": ' + parts[name].replace("\n", "\n  ") for name in written]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if len(text.encode("utf-8", "surrogatepass")) > MAX_FILE_BYTES:
        raise PlanError([problem("file", "file.size", limit=MAX_FILE_BYTES)])
    return text


def with_plan(document: HouseholdDocument, plan: Plan) -> HouseholdDocument:
    """Give a document another plan, and drop the details of debts that it no longer has.

    A debt that keeps its id keeps its details. Calls stay: what was said remains said.
    """
    ids = {debt.id for debt in plan.debts}
    kept = tuple(details for details in document.debts if details.debt in ids)
    return document.model_copy(update={"plan": plan, "debts": kept})


def with_details(document: HouseholdDocument, details: DebtDetails) -> HouseholdDocument:
    """Put in what is known of one debt, in place of what was known of it; details stand in the plan's order.

    Raises:
        KeyError: The plan has no such debt.
    """
    known = {each.debt: each for each in (*document.debts, details)}
    order = [debt.id for debt in document.plan.debts]
    if details.debt not in order:
        raise KeyError(details.debt)
    return document.model_copy(update={"debts": tuple(known[debt_id] for debt_id in order if debt_id in known)})


def _is_plan(value: object) -> bool:
    """Say whether what a file holds is a plan alone, of this version or an earlier one."""
    schema = (as_object(value) or {}).get("schema")
    return isinstance(schema, str) and schema.startswith("ashore.plan/") and not is_newer(schema)


def _validated(value: object, repeated: list[Finding]) -> HouseholdDocument:
    raw = as_object(value)
    if raw is None:
        raise household_error([*repeated, Finding((), "object.type", {"found": value})], FIELDS)
    _refuse_other_versions(raw)
    document, findings = judge(raw)
    findings += repeated
    if document is None or findings:
        raise household_error(findings, FIELDS)
    return document


def _refuse_other_versions(raw: dict[str, object]) -> None:
    """Refuse a file of another version or kind with one problem: in the rest, nothing that is found would be true."""
    known = f'"{SCHEMA}", "{PLAN_SCHEMA}"'
    inside = as_object(raw.get("plan")) or {}
    for path, schema in ((("schema",), raw.get("schema")), (("plan", "schema"), inside.get("schema"))):
        if is_newer(schema):
            raise PlanError([worded(Finding(path, "schema.newer", {"found": schema, "known": known}))])
    if "schema" in raw and raw["schema"] != SCHEMA:
        raise household_error(
            [Finding(("schema",), "schema.unknown", {"found": raw["schema"], "choices": known})], FIELDS
        )
