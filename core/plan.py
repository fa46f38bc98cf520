"""A plan file: reading it, writing it, and what it says (CALCULATION.md §1, §2, §8).

Reading refuses whatever the format does not say, guesses nothing, and reports everything that is wrong at once
(`PlanError`). Fields are judged by the models (`core.plan_models`), what involves several values by `core.plan_checks`,
from the file as it stands, so that one kind of problem never hides the other. What a debt then does is the engine's
business, not this module's.
"""

import json
import os

from pydantic import ValidationError

from core.plan_checks import cross_findings
from core.plan_file import MAX_FILE_BYTES, load_json, read_bytes
from core.plan_findings import field_findings, plan_error, unknown_findings
from core.plan_models import (
    SCHEMA,
    Bill,
    CardDebt,
    Change,
    Debt,
    Expense,
    Household,
    Income,
    InstalmentDebt,
    OneOff,
    Payment,
    Plan,
    Statement,
    Waive,
)
from core.plan_problems import Finding, PlanError, Problem
from core.plan_values import FROM_FILE, as_list, as_object

__all__ = [
    "MAX_FILE_BYTES",
    "SCHEMA",
    "Bill",
    "CardDebt",
    "Change",
    "Debt",
    "Expense",
    "Household",
    "Income",
    "InstalmentDebt",
    "OneOff",
    "Payment",
    "Plan",
    "PlanError",
    "Problem",
    "Statement",
    "Waive",
    "checked",
    "dump_plan",
    "parse_plan",
    "plan_from",
    "read_plan",
    "to_mapping",
]


def parse_plan(data: bytes | str) -> Plan:
    """Read a plan from the text of a file.

    Args:
        data: JSON, as text or as UTF-8; at most `MAX_FILE_BYTES` long.

    Returns:
        The plan.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    loaded = load_json(data)
    repeated = [Finding(path, "json.key_twice", {}) for path in loaded.repeated]
    return _validated(loaded.value, repeated)


def read_plan(path: str | os.PathLike[str]) -> Plan:
    """Read a plan file.

    Raises:
        PlanError: It cannot be read, or something in it is wrong; every problem is named.
    """
    return parse_plan(read_bytes(path))


def plan_from(mapping: object) -> Plan:
    """Read a plan from what its JSON holds, by the same rules as a file.

    Args:
        mapping: A dict as `json.loads` gives it; anything else is refused as a file would be. Not modified.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    return _validated(mapping, [])


def checked(plan: Plan) -> Plan:
    """Put a plan that was built or copied in Python through everything that a file goes through.

    Returns:
        An equal plan.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    return plan_from(to_mapping(plan))


def to_mapping(plan: Plan) -> dict[str, object]:
    """Write a plan as what its JSON holds: texts, whole numbers, true, false, null, lists, dicts."""
    return plan.model_dump(mode="json", by_alias=True)


def dump_plan(plan: Plan) -> str:
    """Write a plan in its canonical form.

    Every field in the order of the models, defaults included; left out are fields that are null (but not a change's
    `accelerate_after_days` where it is named) and fields without a meaning beside the others (`fee_per_instalment` of
    other methods, `day_count` without `annual_rate`). Amounts have two decimals, rates no closing zeros. What holds no
    object or list stands on one line. Equal plans give the same text, and reading it gives an equal plan.

    Returns:
        JSON that ends with a line break.
    """
    return _laid_out(to_mapping(plan), "") + "\n"


def _laid_out(value: object, indent: str) -> str:
    inner = indent + "  "
    entries, items = as_object(value), as_list(value)
    if entries and any(isinstance(entry, dict | list) for entry in entries.values()):
        lines = (f"{inner}{json.dumps(key)}: {_laid_out(entry, inner)}" for key, entry in entries.items())
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if items:
        return "[\n" + ",\n".join(inner + _laid_out(item, inner) for item in items) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def _validated(value: object, findings: list[Finding]) -> Plan:
    plan: Plan | None = None
    raw = as_object(value)
    if raw is None:
        raise plan_error([*findings, Finding((), "object.type", {"found": value})])
    try:
        plan = Plan.model_validate(raw, context=FROM_FILE, by_alias=True, by_name=False, extra="ignore")
    except ValidationError as error:
        findings += field_findings(error)
    findings += unknown_findings(raw)
    findings += cross_findings(raw)
    if plan is None or findings:
        raise plan_error(findings)
    return plan
