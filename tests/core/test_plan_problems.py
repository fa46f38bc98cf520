"""Bad plan files: each mistake alone, many at once, and files that are no plan at all.

`tests/data/bad_plans` has one small file a mistake; its `index.toml` says what the loader must find, as place and code.
"""

import json
import pickle
import re
import tomllib
from copy import deepcopy
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plan import MAX_FILE_BYTES, PlanError, Problem, parse_plan, plan_from, read_plan
from core.plan_problems import MESSAGES, PROBLEMS_SHOWN, SHOWN_CHARACTERS
from tests.strategies import plan_mappings

BAD_PLANS = Path(__file__).parents[1] / "data" / "bad_plans"
INDEX: dict[str, list[str]] = tomllib.loads((BAD_PLANS / "index.toml").read_text(encoding="utf-8"))
TRIED_HERE = {"file.size", "file.unreadable", "file.more", "json.depth"}

PLAN: dict[str, Any] = {
    "schema": "ashore.plan/1",
    "as_of": "2026-11-01",
    "horizon_months": 12,
    "household": {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []},
    "debts": [
        {
            "id": "a",
            "name": "借呗",
            "kind": "instalment",
            "daily_rate": "0.0005",
            "method": "equal_principal",
            "principal": "1000.00",
            "instalments_left": 3,
            "due_day": 10,
        }
    ],
}


def problems_of(data: object) -> tuple[Problem, ...]:
    """What the loader says to a file's text or bytes, or to what its JSON holds."""
    with pytest.raises(PlanError) as caught:
        parse_plan(data) if isinstance(data, str | bytes) else plan_from(data)
    return caught.value.problems


def test_every_file_is_in_the_index() -> None:
    """No file lies there untried."""
    assert {path.stem for path in BAD_PLANS.glob("*.json")} == set(INDEX)


@pytest.mark.parametrize("name", INDEX)
def test_bad_plan_is_refused_with_its_problem(name: str) -> None:
    """The loader finds exactly what is wrong, at its place, and says so in both languages."""
    with pytest.raises(PlanError) as caught:
        read_plan(BAD_PLANS / f"{name}.json")
    problems = caught.value.problems
    assert [f"{problem.place} {problem.code}" for problem in problems] == INDEX[name]
    for problem in problems:
        assert re.search("[\u4e00-\u9fff]", problem.zh)
        assert not re.search("[\u4e00-\u9fff]", problem.en.replace("借呗", ""))
        for sentence in (problem.zh, problem.en):
            assert not re.search(r"pydantic|Traceback|\bInput should\b|value_error|\n", sentence)
            assert len(sentence) < 600
            sentence.encode()


def test_every_code_is_tried() -> None:
    """A code that no bad plan brings up is either untested or dead."""
    tried = {problem.split(" ")[-1] for problems in INDEX.values() for problem in problems}
    assert tried | TRIED_HERE == set(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_fill_in_the_same(code: str) -> None:
    """What one sentence names, the other names too."""
    zh, en = ({name for _, name, _, _ in Formatter().parse(sentence) if name} for sentence in MESSAGES[code])
    assert zh == en


def test_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """Fifty megabytes are never parsed, wherever they come from."""
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    for problems in (caught.value.problems, problems_of(" " * 50_000_000), problems_of(b" " * (MAX_FILE_BYTES + 1))):
        assert [problem.code for problem in problems] == ["file.size"]
    wide = "长" * (MAX_FILE_BYTES // 3 + 1)
    assert [problem.code for problem in problems_of(wide)] == ["file.size"]


def test_largest_file_is_read() -> None:
    """The limit itself is allowed: blanks do not matter."""
    text = json.dumps(PLAN)
    assert parse_plan(text + " " * (MAX_FILE_BYTES - len(text))) == plan_from(PLAN)


@pytest.mark.parametrize("name", ["missing.json", "", "zero\0byte", "."])
def test_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """No such file, a folder, a name that no file can have."""
    with pytest.raises(PlanError) as caught:
        read_plan(f"{tmp_path}/{name}")
    assert [(problem.place, problem.code) for problem in caught.value.problems] == [("file", "file.unreadable")]


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, "[" * 200_000 + "]" * 200_000, '{"a":' * 200_000 + "1" + "}" * 200_000]
)
def test_deep_nesting_is_refused(text: str) -> None:
    """A file of brackets is no reason to fall over."""
    assert [problem.code for problem in problems_of(text)] == ["json.depth"]


def test_nesting_below_the_parser_s_limit_is_refused_too() -> None:
    """What the parser still takes is refused by the field it stands in."""
    deep = "[" * 400 + "]" * 400
    text = json.dumps(PLAN).replace('"a"', deep).replace('"instalment"', deep).replace('"ashore.plan/1"', deep)
    codes = [problem.code for problem in problems_of(text)]
    assert codes == ["schema.unknown", "text.type", "choice.unknown"]


def test_mark_at_the_start_of_a_file_is_passed_over() -> None:
    """Some editors put a byte order mark before UTF-8."""
    text = json.dumps(PLAN, ensure_ascii=False)
    assert parse_plan(b"\xef\xbb\xbf" + text.encode()) == parse_plan("\ufeff" + text) == plan_from(PLAN)


@pytest.mark.parametrize("value", [None, 5, "text", [], [1], (), 1.5, {1, 2}])
def test_what_is_no_object_is_refused(value: object) -> None:
    """Whatever stands in the plan's place is named, not tripped over."""
    with pytest.raises(PlanError) as caught:
        plan_from(value)
    assert [(problem.place, problem.code) for problem in caught.value.problems] == [("file", "object.type")]


def test_junk_gives_a_bounded_list() -> None:
    """A file of nonsense gives as many problems as anyone reads, and counts the rest."""
    junk = {f"field {index}": index for index in range(5000)}
    problems = problems_of({**PLAN, **junk})
    assert len(problems) == PROBLEMS_SHOWN + 1
    assert problems[-1].code == "file.more"
    assert f"{5000 - PROBLEMS_SHOWN:,}" in problems[-1].zh
    assert f"{5000 - PROBLEMS_SHOWN:,}" in problems[-1].en


def test_list_beyond_its_limit_hides_nothing() -> None:
    """Too many entries and a wrong one among them are both reported; what lies beyond the limit is not looked at."""
    debts = [{**PLAN["debts"][0], "id": f"d{index}"} for index in range(50)]
    debts[1]["due_day"] = debts[45]["due_day"] = 32
    found = [(problem.place, problem.code) for problem in problems_of({**PLAN, "debts": debts})]
    assert found == [("debts", "list.length"), ("debts[1].due_day", "whole.range")]


def test_text_of_a_file_is_repeated_shortened_and_escaped() -> None:
    """A message neither grows with the file nor carries its control characters."""
    plan = deepcopy(PLAN)
    plan["debts"][0]["principal"] = "\x1b[31m" + "x" * 10_000
    plan["debts"][0]["\u202e" * 10_000] = 1
    plan["debts"][0]["method"] = ["\ud800"] * 10_000
    for problem in problems_of(plan):
        assert len(problem.place) < SHOWN_CHARACTERS + 20
        assert len(problem.en) < 600
        assert not re.search("[\x00-\x1f\ud800-\udfff]", str(problem))
    assert '"\\x1b[31mx' in problems_of(plan)[1].en


def test_numbers_of_any_size_are_refused_quietly() -> None:
    """Python would not even write such a number out."""
    for huge in (10**5000, -(10**5000)):
        problems = problems_of({**PLAN, "horizon_months": huge})
        assert [(problem.place, problem.code) for problem in problems] == [("horizon_months", "whole.range")]


def test_names_of_fields_that_are_no_text() -> None:
    """Only Python can hold such names; they are unknown fields."""
    problems = problems_of({**PLAN, 5: 1, None: 2})
    assert [problem.code for problem in problems] == ["field.unknown"] * 2


def test_key_twice_is_found_at_every_depth_and_once() -> None:
    """The place is that of the object which has the key, also where it stands three times."""
    text = json.dumps(PLAN).replace('"payday": 10', '"payday": 10, "payday": 10, "payday": 32')
    found = [(problem.place, problem.code) for problem in problems_of(text)]
    assert found == [("household.payday", "json.key_twice"), ("household.payday", "whole.range")]


def test_error_carries_its_problems_through_pickling() -> None:
    """Caches and worker processes keep the error whole."""
    with pytest.raises(PlanError) as caught:
        plan_from([])
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems
    assert str(caught.value) == str(caught.value.problems[0])


def paths_in(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a plan, the top left out."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, entry in entries for place in [(*path, key), *paths_in(entry, (*path, key))]]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.data(), plan_mappings(max_debts=3))
def test_nothing_but_plan_error_comes_of_junk(data: st.DataObject, plan: dict[str, Any]) -> None:
    """Whatever stands wherever, the loader takes it or names it; as text and as objects alike."""
    for _ in range(data.draw(st.integers(1, 3))):
        *path, last = data.draw(st.sampled_from(paths_in(plan)))
        part: Any = plan
        for step in path:
            part = part[step]
        part[last] = data.draw(JUNK)
    outcomes: list[object] = []
    for read in (lambda: plan_from(plan), lambda: parse_plan(json.dumps(plan))):
        try:
            outcomes.append(read())
        except PlanError as error:
            outcomes.append([(problem.place, problem.code) for problem in error.problems])
    assert outcomes[0]
    assert outcomes[0] == outcomes[1]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | JUNK.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_break_the_loader(data: bytes) -> None:
    """Any bytes are refused with at least one problem."""
    assert problems_of(data)
