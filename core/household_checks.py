"""Everything that is wrong with a household document, found in one run: in its plan, in its fields, between them.

The plan inside is judged by the very checks of a plan file, so that a plan is right or wrong wherever it stands.
"""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ValidationError

from core.household_models import (
    Answers,
    Call,
    DebtDetails,
    HouseholdDocument,
    LenderBalance,
    Lever,
    Offer,
    Person,
)
from core.household_values import LIMITS
from core.plan import Plan
from core.plan_checks import cross_findings
from core.plan_findings import field_findings, unknown_findings
from core.plan_problems import Fault, Finding, Path, place_of
from core.plan_values import FROM_FILE, ID_MAX, LENGTHS, as_list, as_object, read_text

_DEBTS_MAX = LENGTHS["debts"][1]


def file_fields(model: type[BaseModel]) -> list[str]:
    """List the fields of a part as a file names them."""
    return [field.serialization_alias or name for name, field in model.model_fields.items()]


FIELDS = file_fields(HouseholdDocument)
_DETAIL_FIELDS = [name for name in file_fields(DebtDetails) if name != "debt"]
_ROWS = {
    "persons": file_fields(Person),
    "levers": file_fields(Lever),
    "offers": file_fields(Offer),
    "calls": file_fields(Call),
}


def judge(raw: dict[str, object]) -> tuple[HouseholdDocument | None, list[Finding]]:
    """Read a document from what its JSON holds.

    Args:
        raw: The object at the top of the file. Not modified.

    Returns:
        The document and what is wrong with it, in no particular order. Only without findings may it be used.
    """
    plan, findings = _plan(raw)
    document: HouseholdDocument | None = None
    try:
        document = HouseholdDocument.model_validate(
            {**raw, "plan": plan}, context=FROM_FILE, by_alias=True, by_name=False, extra="ignore"
        )
    except ValidationError as error:
        findings += _field_findings(error, list(as_object(raw.get("debts")) or {}))
    findings += _unknown_findings(raw)
    findings += _cross_findings(raw)
    return document, findings


def _plan(raw: dict[str, object]) -> tuple[Plan | None, list[Finding]]:
    inside = as_object(raw.get("plan"))
    if inside is None:
        missing = "plan" not in raw
        return None, [Finding(("plan",), "field.missing" if missing else "object.type", {"found": raw.get("plan")})]
    plan: Plan | None = None
    findings: list[Finding] = []
    try:
        plan = Plan.model_validate(inside, context=FROM_FILE, by_alias=True, by_name=False, extra="ignore")
    except ValidationError as error:
        findings += field_findings(error)
    findings += unknown_findings(inside)
    findings += cross_findings(inside)
    return plan, [_below_plan(finding) for finding in findings]


def _below_plan(finding: Finding) -> Finding:
    values = dict(finding.values)
    if "first" in values:  # the one value of a sentence that is itself a place
        values["first"] = f"plan.{values['first']}"
    return Finding(("plan", *finding.path), finding.code, values)


def _field_findings(error: ValidationError, debt_ids: list[str]) -> Iterator[Finding]:
    for each in error.errors(include_url=False):
        path: Path = each["loc"]
        if path[:1] == ("plan",):
            continue  # the plan has findings of its own
        if path[:1] == ("debts",) and len(path) > 1:
            key = f"{debt_ids[int(path[1])]}"
            path = ("debts", key, *(part for part in path[2:] if part != "debt"))
        fault = each.get("ctx", {}).get("error")
        if isinstance(fault, Fault):
            yield Finding(path, fault.code, fault.values)
        elif each["type"] == "missing":
            yield Finding(path, "field.missing", {})
        else:
            yield Finding(path, "object.type", {"found": each["input"]})


def _unknown_findings(raw: dict[str, object]) -> Iterator[Finding]:
    yield from _unknown((), raw, FIELDS)
    yield from _unknown(("answers",), raw.get("answers"), file_fields(Answers))
    for debt, entry in list((as_object(raw.get("debts")) or {}).items())[:_DEBTS_MAX]:
        path: Path = ("debts", f"{debt}")
        yield from _unknown(path, entry, _DETAIL_FIELDS)
        balance = (as_object(entry) or {}).get("lender_balance")
        yield from _unknown((*path, "lender_balance"), balance, file_fields(LenderBalance))
    for key, fields in _ROWS.items():
        for index, entry in enumerate((as_list(raw.get(key)) or [])[: LIMITS[key]]):
            yield from _unknown((key, index), entry, fields)


def _unknown(path: Path, value: object, known: list[str]) -> Iterator[Finding]:
    for name in as_object(value) or {}:
        if name not in known:
            yield Finding((*path, f"{name}"), "field.unknown", {"known": known})


def _cross_findings(raw: dict[str, object]) -> Iterator[Finding]:
    for key, most in LIMITS.items():
        count = len(as_list(raw.get(key)) or [])
        if count > most:
            yield Finding((key,), "list.length", {"count": count, "low": 0, "high": most})
    details = as_object(raw.get("debts")) or {}
    if len(details) > _DEBTS_MAX:
        yield Finding(("debts",), "list.length", {"count": len(details), "low": 0, "high": _DEBTS_MAX})
    ids = _ids(as_list((as_object(raw.get("plan")) or {}).get("debts")) or [])
    yield from (Finding(("debts", f"{debt}"), "debts.nobody", {}) for debt in details if debt not in ids.values())
    for key in ("levers", "offers"):
        first: dict[str, int] = {}
        for index, option in _ids((as_list(raw.get(key)) or [])[: LIMITS[key]]).items():
            if first.setdefault(option, index) != index:
                values: dict[str, object] = {"found": option, "first": place_of((key, first[option]))}
                yield Finding((key, index, "id"), "option.id_twice", values)


def _ids(entries: Sequence[object]) -> dict[int, str]:
    """Read the ids of a list's entries by their positions; what cannot be read, its field has reported."""
    found: dict[int, str] = {}
    for index, entry in enumerate(entries):
        try:
            found[index] = read_text((as_object(entry) or {}).get("id"), ID_MAX)
        except ValueError:
            continue
    return found
