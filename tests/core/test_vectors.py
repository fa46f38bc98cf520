"""The worked cases: 104 plans with the answers of six strategies, which every figure must match."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.plan import plan_from
from core.simulate import STRATEGIES, Scenario, simulate

CASES = sorted((Path(__file__).parents[1] / "data" / "vectors").rglob("*.json"))


def test_all_worked_cases_are_here() -> None:
    assert len(CASES) == 104


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_worked_case_matches_on_every_date_and_field(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert sorted(case["expected"]) == sorted(STRATEGIES)
    plan = plan_from(case["plan"])
    for outcome in simulate([Scenario(plan, strategy) for strategy in STRATEGIES]):
        expected = case["expected"][outcome.strategy]
        found = outcome.as_json()
        listed = {month["date"] for month in expected["months"]}
        found["months"] = [month for month in found["months"] if month["date"] in listed]
        assert found == expected, outcome.strategy
