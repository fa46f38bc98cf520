"""The files of `python -m core rate`: what is answered, and what is said of files that hold no flows.

`tests/data/rates/good` and `bad` have one small file a case; their `index.toml` says what must come out.
"""

import json
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plan_file import MAX_FILE_BYTES
from core.plan_problems import PROBLEMS_SHOWN, PlanError
from core.rate_command import FLOWS_MAX, answer, run_rate
from core.rates import monthly_rate

DATA = Path(__file__).parents[1] / "data" / "rates"
GOOD: dict[str, dict[str, Any]] = tomllib.loads((DATA / "good" / "index.toml").read_text(encoding="utf-8"))
BAD: dict[str, list[str]] = tomllib.loads((DATA / "bad" / "index.toml").read_text(encoding="utf-8"))


def percent(number: object, like: str) -> str:
    """Write a number of an answer as a percentage with as many decimals as the expected one."""
    assert isinstance(number, float)
    places = Decimal(1).scaleb(Decimal(like).as_tuple().exponent)  # type: ignore[arg-type]
    return str((100 * Decimal(number)).quantize(places, ROUND_HALF_UP))


@pytest.mark.parametrize("folder", ["good", "bad"])
def test_every_file_is_in_its_index(folder: str) -> None:
    """No file lies there untried."""
    assert {path.stem for path in (DATA / folder).glob("*.json")} == set({"good": GOOD, "bad": BAD}[folder])


@pytest.mark.parametrize("name", GOOD)
def test_good_file_is_answered(name: str) -> None:
    """The answer has its four keys, the expected numbers, and words exactly where the rate is missing."""
    expected = GOOD[name]
    found, messages = run_rate(str(DATA / "good" / f"{name}.json"))
    assert messages == []
    assert found is not None
    assert list(found) == ["nominal_annual", "effective_annual", "roots", "message"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["roots"] == expected.get("roots", 1)
    for key in ("nominal", "effective"):
        number = found[f"{key}_annual"]
        assert (percent(number, expected[key]) == expected[key]) if key in expected else number is None
    assert isinstance(found["message"], str) == ("reason" in expected)


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused(name: str) -> None:
    """Everything wrong is found in its place, and said in both languages without a trace of Python."""
    path = DATA / "bad" / f"{name}.json"
    with pytest.raises(PlanError) as caught:
        answer(path.read_bytes())
    assert [f"{problem.place} {problem.code}" for problem in caught.value.problems] == BAD[name]
    found, messages = run_rate(str(path))
    assert found is None
    assert len(messages) == len(BAD[name])
    for message in messages:
        assert any("\u4e00" <= character <= "\u9fff" for character in message)
        assert "Traceback" not in message
        assert "计划文件" not in message
        message.encode("utf-8")


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file and a folder are said to be unreadable."""
    for path in (tmp_path / "none.json", tmp_path):
        found, messages = run_rate(str(path))
        assert found is None
        assert "打不开" in messages[0]
        assert "a readable file of flows" in messages[0]


def test_file_of_fifty_megabytes(tmp_path: Path) -> None:
    """A file far too large is not read to its end."""
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.write(b'{"monthly": [')
        file.truncate(50_000_000)
    found, messages = run_rate(str(path))
    assert found is None
    assert f"{MAX_FILE_BYTES:,}" in messages[0]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"monthly":' * 100_000, '{"flows": [[' + "[" * 90 + "]" * 90 + "]]}"])
def test_deep_nesting(text: str) -> None:
    """However deep the brackets go, the answer is a message."""
    with pytest.raises(PlanError):
        answer(text)


def test_endless_digits() -> None:
    """A number of thousands of digits is refused like any bare number, a string of them like any odd amount."""
    for entry in ("9" * 10_000, '"' + "9" * 10_000 + '"'):
        with pytest.raises(PlanError) as caught:
            answer(f'{{"monthly": [{entry}]}}')
        assert len(str(caught.value)) < 400


def test_number_of_flows_has_a_limit() -> None:
    """As many flows as the limit are answered; one more is refused."""
    assert answer(json.dumps({"monthly": ["100", *["-1"] * (FLOWS_MAX - 1)]}))["roots"] == 1
    with pytest.raises(PlanError, match=f"{FLOWS_MAX:,}"):
        answer(json.dumps({"monthly": ["1"] * (FLOWS_MAX + 1)}))


def test_many_problems_are_cut_short() -> None:
    """A file that is wrong everywhere gets a list that can be read, and how much was left out."""
    with pytest.raises(PlanError) as caught:
        answer(json.dumps({"monthly": [1] * 1000}))
    assert len(caught.value.problems) == PROBLEMS_SHOWN + 1
    assert caught.value.problems[-1].code == "file.more"


def test_mark_at_the_start_of_the_file() -> None:
    """A file saved with a byte order mark is read."""
    assert answer(b'\xef\xbb\xbf{"monthly": ["1", "-1"]}')["effective_annual"] == 0.0


@given(st.lists(st.decimals(-(10**9), 10**9, places=6, allow_nan=False), min_size=1, max_size=12))
def test_file_gives_what_the_function_gives(flows: list[Decimal]) -> None:
    """Reading changes nothing: the answer is that of the flows themselves, to six decimals."""
    rate = monthly_rate(flows)
    found = answer(json.dumps({"monthly": [format(flow, "f") for flow in flows]}))
    assert (found["nominal_annual"], found["effective_annual"], found["roots"]) == (
        rate.nominal_annual,
        rate.effective_annual,
        rate.roots,
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["1", "-2.5"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["flows", "monthly", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)
nearly_flows = st.dictionaries(st.sampled_from(["flows", "monthly"]), json_values, max_size=2).map(json.dumps)


@given(st.binary(max_size=60) | st.text(max_size=60) | nearly_flows)
def test_whatever_comes_is_answered_or_refused(data: bytes | str) -> None:
    """No content ends in anything but an answer or messages."""
    try:
        found = answer(data)
    except PlanError:
        return
    assert set(found) == {"nominal_annual", "effective_annual", "roots", "message"}
