"""The engine against the plain day loop, which was written from the same text apart from it.

`ASHORE_PLANS=2000 python -m pytest tests/core/test_second_opinion.py` compares two thousand plans; without it, a few.
"""

import os
import random
from typing import Any

import pytest

from benchmarks.day_loop import day_loop
from core.engine.layout import PAYOFF_MAX_FEN
from core.plan import plan_from
from core.simulate import STRATEGIES, Scenario, simulate
from tests.random_plans import random_plan

PLANS = int(os.environ.get("ASHORE_PLANS", "48"))
BATCHES = 8


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_plans_agree_on_every_field(batch: int) -> None:
    for number in range(batch, PLANS, BATCHES):
        mapping = random_plan(random.Random(number), recorded=number % 3 == 0)
        plan = plan_from(mapping)
        for outcome in simulate([Scenario(plan, strategy) for strategy in STRATEGIES]):
            expected = day_loop(mapping, outcome.strategy, payoff_fen_max=PAYOFF_MAX_FEN)
            assert outcome.as_json() == expected, f"plan {number}, {outcome.strategy}"


@pytest.mark.parametrize("number", range(2))
def test_large_plans_agree(number: int) -> None:
    """Forty debts, and ten years."""
    shapes: tuple[dict[str, Any], ...] = (
        {"debt_count": (40, 40), "horizon_months": (12, 12)},
        {"debt_count": (6, 6), "horizon_months": (120, 120)},
    )
    mapping = random_plan(random.Random(number), **shapes[number])
    outcomes = simulate([Scenario(plan_from(mapping), strategy) for strategy in ("rescue", "snowball")])
    for outcome in outcomes:
        assert outcome.as_json() == day_loop(mapping, outcome.strategy, payoff_fen_max=PAYOFF_MAX_FEN)
