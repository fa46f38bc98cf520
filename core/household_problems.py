"""What can be wrong with a household document beyond its plan, how it is said, and in which order.

Codes that a plan has too are worded in `core.plan_problems`.
"""

import re
from collections.abc import Iterable

from core.plan_findings import plan_error
from core.plan_problems import MESSAGES as PLAN_MESSAGES
from core.plan_problems import PROBLEMS_SHOWN, Fault, Finding, PlanError, Problem, place_of, problem, shown

MESSAGES: dict[str, tuple[str, str]] = {
    "schema.newer": (
        "这个文件是新版本的程序写的（{found}），本程序只认识 {known}；请更新程序后再打开，文件本身没有改动。",
        "made by a newer version of this program ({found}); this one knows {known}. Update the program and open it "
        "again; the file has not been changed.",
    ),
    "debts.nobody": (
        "计划里没有这个 id 的债务；这里的每一项都应以计划中某笔债务的 id 为名。",
        "the plan has no debt of this id; expected the id of one of its debts as the name of each entry here.",
    ),
    "option.id_twice": (
        "{found} 已是 {first} 的 id；每一项的 id 应各不相同。",
        "{found} is the id of {first} already; expected a different id for each entry.",
    ),
    "note.character": (
        "含有不能显示的字符 {found}；应只有普通文字和换行。",
        "it holds a character that cannot be shown, {found}; expected plain text and line breaks.",
    ),
    "time.form": (
        '写的是 {found}；时间应写成 "09:30" 这样的字符串。',
        'found {found}; a time of day is a string such as "09:30".',
    ),
    "params.name": (
        "写的是 {found}；名称应由小写英文字母、数字和下划线组成，以字母开头，最多 40 个字符。",
        "found {found}; a name has small letters, digits and _, begins with a letter and is 40 characters at most.",
    ),
    "params.value": (
        "{name} 写的是 {found}；应是文字、普通大小的整数、true、false、null，或由这些组成的列表。",
        "{name} is {found}; expected a text, a whole number of ordinary size, true, false, null, or a list of these.",
    ),
}
"""Code to sentence: Chinese, English."""


class HouseholdFault(Fault):
    """What is wrong with a single value that only a household document has; the code is one of `MESSAGES` here."""

    def __str__(self) -> str:
        """Say in English what is wrong, for whoever builds a model in Python."""
        return _own_problem("value", self.code, self.values).en


_KNOWN_VERSIONS = {"ashore.household": 1, "ashore.plan": 1}
_SCHEMA = re.compile(r"(ashore\.(?:household|plan))/([1-9][0-9]{0,5})")


_ELSEWHERE = "*"  # fields that a document does not have come last


def is_newer(schema: object) -> bool:
    """Say whether a file's `schema` names a later version of a format that is known here."""
    found = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    return found is not None and int(found[2]) > _KNOWN_VERSIONS[found[1]]


def household_error(findings: Iterable[Finding], fields: list[str]) -> PlanError:
    """Put findings into words, in the order of the document's fields; those of the plan in the plan's own order.

    Args:
        findings: At least one.
        fields: The fields at the top of a document, in order.

    Returns:
        The error with at most `PROBLEMS_SHOWN` problems; where there are more, one that counts the rest follows.
    """
    every = list(findings)
    groups: dict[str, list[Finding]] = {name: [] for name in ("", *fields, _ELSEWHERE)}
    for finding in every:
        first = f"{finding.path[0]}" if finding.path else ""
        groups[first if first in groups else _ELSEWHERE].append(finding)
    problems: list[Problem] = []
    for name, group in groups.items():
        if name == "plan" and group:
            problems += plan_error(group).problems[:PROBLEMS_SHOWN]
        else:
            problems += map(worded, sorted(group, key=_row))
    shown_problems = problems[:PROBLEMS_SHOWN]
    if len(every) > len(shown_problems):
        shown_problems.append(problem("file", "file.more", count=len(every) - len(shown_problems)))
    return PlanError(shown_problems)


def worded(finding: Finding) -> Problem:
    """Put a single finding into words."""
    if finding.code in PLAN_MESSAGES:
        return plan_error([finding]).problems[0]
    return _own_problem(place_of(finding.path), finding.code, finding.values)


def _row(finding: Finding) -> list[int]:
    return [part for part in finding.path if isinstance(part, int)]


def _own_problem(place: str, code: str, values: dict[str, object]) -> Problem:
    filled = {name: shown(value) if name == "found" else value for name, value in values.items()}
    zh, en = MESSAGES[code]
    return Problem(place, code, zh.format(**filled), en.format(**filled))
