"""From what pydantic and the checks found to the problems of one `PlanError`: in words, in order, bounded."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import cast

from pydantic import BaseModel, ValidationError

from core.plan_models import (
    Bill,
    CardDebt,
    Change,
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
from core.plan_problems import (
    PROBLEMS_SHOWN,
    SHOWN_CHARACTERS,
    Fault,
    Finding,
    Path,
    PlanError,
    Problem,
    place_of,
    problem,
)
from core.plan_values import LENGTHS, as_list, as_object


def _file_names(model: type[BaseModel]) -> list[str]:
    return [field.serialization_alias or name for name, field in model.model_fields.items()]


_KINDS = {"instalment": _file_names(InstalmentDebt), "card": _file_names(CardDebt)}
_ANY_KIND = list(dict.fromkeys(_KINDS["instalment"] + _KINDS["card"]))
_OTHER_KIND = {"instalment": "card", "card": "instalment"}
_FIELDS: dict[tuple[str, ...], list[str]] = {
    (): _file_names(Plan),
    ("household",): _file_names(Household),
    ("household", "incomes"): _file_names(Income),
    ("household", "expenses"): _file_names(Expense),
    ("household", "one_offs"): _file_names(OneOff),
    ("debts", "changes"): _file_names(Change),
    ("debts", "changes", "waive"): _file_names(Waive),
    ("debts", "bills"): _file_names(Bill),
    ("debts", "statements"): _file_names(Statement),
    ("paid",): _file_names(Payment),
}
_NAMES = dict.fromkeys(name for names in (*_FIELDS.values(), _ANY_KIND) for name in names)
_RANKS = {name: rank for rank, name in enumerate(_NAMES)}


def field_findings(error: ValidationError) -> list[Finding]:
    """Translate what pydantic found, without a word of its own.

    Args:
        error: What the validation of a `Plan` from a file raised.

    Returns:
        A finding for each of its errors, at the place in the file.
    """
    errors = error.errors(include_url=False)
    return [_finding(each["type"], each["loc"], each["input"], each.get("ctx", {})) for each in errors]


def _finding(kind: str, location: Path, found: object, context: dict[str, object]) -> Finding:
    # Below a debt pydantic names the model that read it: ("debts", 2, "card", "balance").
    path = (*location[:2], *location[3:]) if location[:1] == ("debts",) else location
    fault = context.get("error")
    if isinstance(fault, Fault):
        return Finding(path, fault.code, fault.values)
    if kind == "missing":
        return Finding(path, "field.missing", {})
    return Finding(path, "object.type", {"found": found})


def unknown_findings(raw: dict[str, object], shape: tuple[str, ...] = (), path: Path = ()) -> Iterator[Finding]:
    """Find the fields that the format does not have, or not there.

    Pydantic is not asked: a name that is half a character would end its run, and hide everything else.

    Args:
        raw: An object of the file; without more arguments the one at its top. Not modified.
        shape: The fields that lead to it.
        path: The same with the positions in lists.

    Yields:
        One finding a field.
    """
    kind = next((kind for kind in _KINDS if raw.get("kind") == kind), "")
    known = _KINDS.get(kind, _ANY_KIND) if shape == ("debts",) else _FIELDS[shape]
    for name, value in raw.items():
        inner = (*shape, name)
        if name not in known:
            misplaced = shape == ("debts",) and name in _ANY_KIND
            values: dict[str, object] = {"other": _OTHER_KIND[kind], "kind": kind} if misplaced else {"known": known}
            # A dict built in Python may have keys that are no text.
            yield Finding((*path, f"{name}"), "field.other_kind" if misplaced else "field.unknown", values)
        elif name in LENGTHS:
            for index, entry in enumerate((as_list(value) or [])[: LENGTHS[name][1]]):
                yield from unknown_findings(as_object(entry) or {}, inner, (*path, name, index))
        elif inner in _FIELDS:
            yield from unknown_findings(as_object(value) or {}, inner, (*path, name))


def plan_error(findings: Iterable[Finding]) -> PlanError:
    """Put findings into words, in the order of the file's fields.

    Args:
        findings: At least one.

    Returns:
        The error with at most `PROBLEMS_SHOWN` problems; where there are more, one that counts the rest follows.
    """
    in_order = sorted(findings, key=_order)
    problems = [_worded(finding) for finding in in_order[:PROBLEMS_SHOWN]]
    if len(in_order) > PROBLEMS_SHOWN:
        problems.append(problem("file", "file.more", count=len(in_order) - PROBLEMS_SHOWN))
    return PlanError(problems)


def _order(finding: Finding) -> list[tuple[int, int]]:
    last = len(_RANKS)
    return [(0, part) if isinstance(part, int) else (1, _RANKS.get(part, last)) for part in finding.path]


def _worded(finding: Finding) -> Problem:
    place, values = place_of(finding.path), finding.values
    if finding.code != "field.unknown":
        return problem(place, finding.code, **values)
    known = cast("list[str]", values["known"])
    near = get_close_matches(str(finding.path[-1])[:SHOWN_CHARACTERS], known, n=1, cutoff=0.8)
    if near:
        return problem(place, "field.misspelt", near=near[0])
    return problem(place, "field.unknown", known=", ".join(known))
