"""The grid says what the engine says: each figure is held against a run of its own, each evening against every day."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from core import live_grid as module
from core.engine import layout as c
from core.lever_readings import first_payday_month, payday_in
from core.levers import monthly_room, with_budget
from core.live_grid import NO_LINE, POINTS_MAX, STEPS_MIN, LiveGrid, live_grid, month_of_dues
from core.outcome import best
from core.plan import Plan, plan_from
from core.simulate import STRATEGIES, Scenario, simulate, simulate_days, warm
from core.thresholds import readings_of
from pages.shared import session
from tests.strategies import plans

YUAN = 100
SAMPLES = session.samples()


@pytest.fixture(scope="module", autouse=True)
def warm_engine() -> None:
    warm()


def with_(plan: Plan, **changed: Any) -> Plan:
    return plan.model_copy(update=changed)


def some_steps(grid: LiveGrid) -> list[int]:
    return sorted({0, 1, grid.today, len(grid.budgets) - 1, *range(0, len(grid.budgets), 17)})


def huge(balance: str = "9000000") -> Plan:
    """Two cards; the second one grows beyond every bound where nothing is paid to it."""
    card = {"kind": "card", "statement_day": 5, "due_day": 25}
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": "2026-11-12",
            "horizon_months": 360,
            "household": {
                "payday": 15,
                "cash": "0",
                "reserve": "0",
                "incomes": [{"name": "wage", "amount": "9000000"}],
                "expenses": [],
                "one_offs": [],
            },
            "debts": [
                {**card, "id": "small", "name": "小", "annual_rate": "0.1", "balance": "1000"},
                {**card, "id": "large", "name": "大", "daily_rate": "0.01", "balance": balance},
            ],
        }
    )


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_figure_is_that_of_a_run_of_its_own(sample: str) -> None:
    plan = session.sample_plan(sample)
    grid = live_grid(plan)
    for step in some_steps(grid):
        asked = with_budget(plan, grid.budgets[step])
        own = list(simulate([Scenario(asked, strategy) for strategy in STRATEGIES], output="summary"))
        for k, outcome in enumerate(own):
            free = outcome.debt_free_on
            assert grid.free_on[step, k] == (free.toordinal() if free else 0)
            assert grid.total_paid[step, k] == outcome.total_paid
            assert grid.closing_payoff[step, k] == outcome.closing_payoff
            assert grid.worst_days[step, k] == outcome.worst_days_past_due
            assert not grid.failed[step, k]
        assert grid.shown[step] == best(own)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_first_month_that_fails_is_that_of_a_look_at_every_evening(sample: str) -> None:
    plan = session.sample_plan(sample)
    grid = live_grid(plan)
    first = payday_in(plan, first_payday_month(plan))
    days = [first + timedelta(k) for k in range((plan.end - first).days + 1)]
    for step in some_steps(grid):
        asked = with_budget(plan, grid.budgets[step])
        scenarios = [Scenario(asked, strategy) for strategy in STRATEGIES]
        for k, outcome in enumerate(simulate_days(scenarios, days, output="lines")):
            late = [day for day, row in zip(outcome.dates, outcome.lines, strict=True) if row[c.N_OVERDUE]]
            found = int(grid.first_late[step, k])
            assert bool(found) == bool(late)
            if late:
                assert date.fromordinal(found).replace(day=1) == late[0].replace(day=1)


def test_under_stop_no_budget_plays_a_part() -> None:
    """Which is why it is run once for all steps, and stands first."""
    assert STRATEGIES.index("stop") == c.STOP == 0
    plan = session.sample_plan("family_that_helps")
    rows = simulate([Scenario(with_budget(plan, yuan * YUAN), "stop") for yuan in (0, 9000)], output="lines")
    assert (rows[0].lines[:, c.N_PAYOFF] == rows[1].lines[:, c.N_PAYOFF]).all()
    assert rows[0].total_paid == rows[1].total_paid


@pytest.mark.parametrize("strategy", ["avalanche", "minimum"])
def test_it_agrees_with_the_thresholds(strategy: str) -> None:
    plan = session.sample_plan(SAMPLES[0])
    grid = live_grid(plan, strategy)
    index = STRATEGIES.index(strategy)
    assert set(grid.shown) == {index}
    readings = readings_of([with_budget(plan, budget) for budget in grid.budgets], strategy, kept=True)
    kept = [reading.kept is True for reading in readings]
    assert [not late for late in grid.first_late[:, index]] == kept
    assert grid.kept_from is not None
    assert all(kept[grid.kept_from :])
    assert not kept[grid.kept_from - 1]


class TestRange:
    @pytest.mark.parametrize("sample", SAMPLES)
    def test_it_holds_nothing_today_twice_today_and_half_as_much_again_as_falls_due(self, sample: str) -> None:
        plan = session.sample_plan(sample)
        grid = live_grid(plan)
        now = max(0, monthly_room(plan))
        assert grid.budgets[0] == 0
        assert grid.budgets[grid.today] == now
        assert grid.budgets[-1] >= max(2 * now, 3 * month_of_dues(plan) / 2)
        assert len(grid.budgets) > STEPS_MIN
        others = [budget for budget in grid.budgets if budget != now]
        step = others[1] - others[0] if now != others[0] else others[2] - others[1]
        assert all(budget % step == 0 for budget in others)
        assert list(grid.budgets) == sorted(set(grid.budgets))

    def test_what_falls_due_between_two_paydays(self) -> None:
        debt = {
            "id": "net",
            "name": "网贷",
            "kind": "instalment",
            "method": "equal_principal",
            "annual_rate": "0",
            "principal": "12000",
            "instalments_left": 12,
            "due_day": 20,
        }
        mapping = {
            "schema": "ashore.plan/1",
            "as_of": "2026-11-12",
            "horizon_months": 24,
            "household": {
                "payday": 15,
                "cash": "0",
                "reserve": "0",
                "incomes": [],
                "expenses": [],
                "one_offs": [],
            },
            "debts": [debt, {**debt, "id": "other", "principal": "24000", "due_day": 3}],
        }
        assert month_of_dues(plan_from(mapping)) == (1000 + 2000) * YUAN

    def test_living_costs_above_income_leave_nothing(self) -> None:
        plan = session.sample_plan(SAMPLES[0])
        household = plan.household.model_copy(update={"incomes": ()})
        grid = live_grid(with_(plan, household=household))
        assert monthly_room(with_(plan, household=household)) < 0
        assert grid.today == 0

    def test_the_nearest_step_to_an_amount(self) -> None:
        grid = live_grid(session.sample_plan(SAMPLES[0]))
        assert grid.nearest(-5) == 0
        assert grid.nearest(10**12) == len(grid.budgets) - 1
        assert all(grid.nearest(budget) == step for step, budget in enumerate(grid.budgets))


class TestLines:
    @pytest.mark.parametrize("sample", SAMPLES)
    def test_they_lie_within_half_a_unit_of_what_is_owed(self, sample: str) -> None:
        plan = session.sample_plan(sample)
        grid = live_grid(plan)
        days = [date.fromordinal(day) for day in grid.days]
        assert days[0] == plan.start
        assert len(days) <= POINTS_MAX
        assert grid.unit < grid.ceiling / 4000
        for step in some_steps(grid):
            scenarios = [Scenario(with_budget(plan, grid.budgets[step]), strategy) for strategy in STRATEGIES]
            for k, outcome in enumerate(simulate_days(scenarios, days, output="lines")):
                owed = np.minimum(outcome.lines[:, c.N_PAYOFF], (NO_LINE - 1) * grid.unit)
                assert np.abs(grid.drawn[step, k].astype(np.int64) * grid.unit - owed).max() <= grid.unit

    def test_the_picture_ends_soon_after_the_debts(self) -> None:
        """Three years of nothing owed would press what matters into a corner."""
        plan = with_(session.sample_plan(SAMPLES[0]), horizon_months=360)
        grid = live_grid(plan)
        free = grid.free_on[grid.today, grid.shown[grid.today]]
        assert 0 < free < grid.days[-1] < grid.end - 3650

    def test_where_nobody_gets_free_it_goes_to_the_end(self) -> None:
        grid = live_grid(session.sample_plan("budget_below_minimums"))
        assert grid.days[-1] == grid.end


class TestNoAnswer:
    def test_a_debt_that_outgrows_its_bound_leaves_the_other_steps_alone(self) -> None:
        plan = huge()
        grid = live_grid(plan)
        assert grid.failed[0].all()
        assert grid.shown[0] == -1
        assert not grid.failed[-1].all()
        assert grid.shown[-1] >= 0
        assert (grid.drawn[grid.failed] == NO_LINE).all()
        assert (grid.drawn[~grid.failed] < NO_LINE).all()
        (today,) = simulate_days([Scenario(plan, "custom")], [plan.start])
        assert grid.opening == today.lines[0, c.N_PAYOFF]

    def test_a_strategy_without_an_answer_is_not_read_out(self) -> None:
        grid = live_grid(huge(), "stop")
        assert set(grid.shown) == {-1}
        assert grid.kept_from is None

    def test_an_unknown_strategy_is_our_mistake(self) -> None:
        with pytest.raises(ValueError, match="not in tuple"):
            live_grid(session.sample_plan(SAMPLES[0]), "hope")


def test_a_large_household_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEPS_MIN", 4)
    plan = session.sample_plan(SAMPLES[0])
    debts = tuple(plan.debts[k % len(plan.debts)].model_copy(update={"id": f"d{k}"}) for k in range(40))
    grid = live_grid(with_(plan, debts=debts, horizon_months=360))
    assert grid.drawn.shape[1:] == (len(STRATEGIES), len(grid.days))
    assert len(grid.days) <= POINTS_MAX


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(max_debts=3, max_horizon_months=24))
def test_any_plan_has_a_sound_grid(plan: Plan) -> None:
    grid = live_grid(plan)
    steps = len(grid.budgets)
    assert STEPS_MIN < steps < 130 * 2
    assert len(grid.shown) == steps
    assert list(grid.days) == sorted(set(grid.days))
    assert 2 <= len(grid.days) <= POINTS_MAX
    assume(not grid.failed.any())
    pocket = grid.total_paid + grid.closing_payoff
    assert [pocket[step, index] for step, index in enumerate(grid.shown)] == pocket.min(axis=1).tolist()
    late = [bool(grid.first_late[step, index]) for step, index in enumerate(grid.shown)]
    assert grid.kept_from == next((k for k in range(steps) if not any(late[k:])), None)
