"""`python -m core` as a person calls it: answers, messages on standard error, status 2 for wrong input."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import CHUNK_PLANS, main

ROOT = Path(__file__).parents[2]
VECTOR = ROOT / "tests/data/vectors/common/case-000.json"
SAMPLE = ROOT / "sample_data/first_missed_weilidai.json"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    case = json.loads(VECTOR.read_text(encoding="utf-8"))
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(case["plan"], ensure_ascii=False), encoding="utf-8")
    return path


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_jsonl_gives_the_fields_of_the_worked_cases_for_all_month_ends(plan_file: Path, capsys: Any) -> None:
    assert main(["evaluate", str(plan_file), "--format", "jsonl"]) == 0
    (answer,) = lines_of(capsys.readouterr().out)
    expected = json.loads(VECTOR.read_text(encoding="utf-8"))["expected"]
    assert answer["file"] == str(plan_file)
    assert sorted(answer["results"]) == sorted(expected)
    for strategy, result in answer["results"].items():
        assert len(result["months"]) == 61
        listed = {month["date"] for month in expected[strategy]["months"]}
        result["months"] = [month for month in result["months"] if month["date"] in listed]
        assert result == expected[strategy]


def test_json_and_table_and_one_strategy(plan_file: Path, capsys: Any) -> None:
    assert main(["evaluate", str(plan_file), "--format", "json", "--strategy", "avalanche"]) == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert list(answer["results"]) == ["avalanche"]
    assert main(["evaluate", str(plan_file)]) == 0
    table = capsys.readouterr().out
    assert answer["results"]["avalanche"]["total_paid"] in table


def test_a_wrong_plan_is_named_and_the_others_are_answered(plan_file: Path, capsys: Any) -> None:
    wrong = plan_file.with_name("a-wrong.json")
    wrong.write_text('{"schema": "ashore.plan/1"}', encoding="utf-8")
    assert main(["evaluate", str(plan_file.parent), "--format", "jsonl"]) == 2
    output = capsys.readouterr()
    assert [Path(line["file"]).name for line in lines_of(output.out)] == ["plan.json"]
    assert "a-wrong.json: as_of" in output.err


def test_thousands_of_plans_are_answered_in_chunks(plan_file: Path, capsys: Any) -> None:
    folder = plan_file.parent / "many"
    folder.mkdir()
    text = plan_file.read_text(encoding="utf-8")
    count = 2 * CHUNK_PLANS + 3
    for k in range(count):
        (folder / f"{k:04}.json").write_text(text, encoding="utf-8")
    assert main(["evaluate", str(folder), "--strategy", "stop", "--format", "jsonl"]) == 0
    answers = lines_of(capsys.readouterr().out)
    assert [Path(answer["file"]).name for answer in answers] == [f"{k:04}.json" for k in range(count)]
    assert len({json.dumps(answer["results"]) for answer in answers}) == 1


def test_a_debt_that_outgrows_its_bound_is_an_error_in_its_place(tmp_path: Path, capsys: Any) -> None:
    plan = {
        "schema": "ashore.plan/1", "as_of": "2026-11-01", "horizon_months": 200,
        "household": {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []},
        "debts": [{"id": "card", "name": "card", "kind": "card", "daily_rate": "0.01", "balance": "10000000.00",
        "statement_day": 5, "due_day": 25}],
    }  # fmt: skip
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    assert main(["evaluate", str(path), "--format", "jsonl", "--strategy", "stop"]) == 2
    output = capsys.readouterr()
    assert lines_of(output.out)[0]["results"] == {"stop": {"error": "card"}}
    assert "card" in output.err
    assert main(["evaluate", str(path)]) == 2
    assert "error: card" in capsys.readouterr().out


def test_a_payment_that_a_debt_cannot_take_is_an_input_error(plan_file: Path, capsys: Any) -> None:
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    plan["today"] = "2026-10-20"
    plan["paid"] = [{"date": "2026-10-01", "debt": "d0", "amount": "9999999.00"}]
    plan_file.write_text(json.dumps(plan), encoding="utf-8")
    assert main(["evaluate", str(plan_file), "--format", "jsonl"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "paid[0]" in output.err


@pytest.mark.parametrize("name", ["absent.json", "empty"])
def test_a_path_that_holds_no_plan_gets_a_message(name: str, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["evaluate", str(tmp_path / name)]) == 2
    output = capsys.readouterr()
    assert name in output.err
    assert output.out == ""


def run(arguments: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}, check=False
    )


def test_the_module_runs_as_a_program_and_shows_no_stack_trace(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(b"\xff\xfe not utf-8")
    answer = run(["evaluate", str(bad), str(SAMPLE), "--format", "jsonl"], PYTHONIOENCODING="ascii")
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert "bad.json" in answer.stderr
    assert json.loads(answer.stdout)["file"] == str(SAMPLE)


def test_rate_answers_in_json_and_refuses_wrong_files(tmp_path: Path) -> None:
    flows = tmp_path / "flows.json"
    flows.write_text(json.dumps({"monthly": ["10000", *["-893.33"] * 12]}), encoding="utf-8")
    answer = run(["rate", str(flows)])
    assert answer.returncode == 0
    assert round(json.loads(answer.stdout)["nominal_annual"], 5) == 0.13034
    flows.write_text('{"monthly": [1e5, NaN]}', encoding="utf-8")
    wrong = run(["rate", str(flows)])
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert "Traceback" not in wrong.stderr
    assert wrong.stderr


def test_warm_says_how_long_it_took() -> None:
    answer = run(["warm"])
    assert answer.returncode == 0
    assert " s" in answer.stdout


def test_a_read_only_install_without_a_home_still_starts(tmp_path: Path) -> None:
    """Where neither the code's folder nor the home can be written, the cache goes to the temporary folder."""
    program = (
        "import core.engine.jit as jit, os, pathlib\n"
        "inside = os.environ['TMPDIR']\n"
        "jit._writable = lambda folder, real=jit._writable: str(folder).startswith(inside) and real(folder)\n"
        "jit._HERE = pathlib.Path('/nonexistent')\n"
        "jit._source_hash = lambda: 'test'\n"
        "print(jit.cache_folder())\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": "/nonexistent", "TMPDIR": str(tmp_path)}
    environment.pop("ASHORE_CACHE_DIR", None)
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    assert answer.stdout.strip().startswith(str(tmp_path))
