"""Properties of the engine that hold for every plan, and what pages may ask besides month-ends."""

import json
import math
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.engine import compiled
from core.engine import layout as c
from core.engine.lower import lower
from core.outcome import best
from core.plan import Plan, plan_from, to_mapping
from core.simulate import STRATEGIES, Scenario, simulate, simulate_days, simulate_ledger
from tests.random_plans import random_plan
from tests.strategies import plans

NUMBERS = {name: number for number, name in enumerate(STRATEGIES)}
ROOT = Path(__file__).parents[2]
UNHURRIED = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
slow = settings(max_examples=25, deadline=None, suppress_health_check=UNHURRIED)


def every_day(plan: Plan) -> list[date]:
    return [plan.as_of + timedelta(days=k) for k in range((plan.end - plan.as_of).days + 1)]


def random_scenarios(seed: int, count: int, **shape: Any) -> list[Scenario]:
    rng = random.Random(seed)
    made = [plan_from(random_plan(rng, **shape)) for _ in range(count)]
    return [Scenario(plan, rng.choice(STRATEGIES)) for plan in made]


@slow
@given(plan=plans(max_debts=5, max_horizon_months=18), strategy=st.sampled_from(STRATEGIES))
def test_every_fen_is_accounted_for_on_every_day(plan: Plan, strategy: str) -> None:
    """Opening payoff + charged = paid + waived + payoff (CALCULATION.md §6)."""
    outcome = simulate_days([Scenario(plan, strategy)], every_day(plan))[0]
    assume(outcome.error is None)
    assert outcome.details is not None
    rows = outcome.details
    paid = rows[:, :, c.F_PAID_PRINCIPAL : c.F_PAID_FEES + 1].sum(axis=2)
    left = rows[0, :, c.F_PAYOFF] + rows[:, :, c.F_CHARGED]
    assert (left == paid + rows[:, :, c.F_WAIVED] + rows[:, :, c.F_PAYOFF]).all()
    assert (rows[:, :, c.F_PAYOFF] >= 0).all()
    assert (np.diff(rows[:, :, c.F_CHARGED], axis=0) >= 0).all()


@slow
@given(plan=plans(max_debts=5, max_horizon_months=30))
def test_walking_every_day_gives_the_same_as_walking_events(plan: Plan) -> None:
    batch = lower([Scenario(plan, strategy) for strategy in STRATEGIES], NUMBERS, days=None, details=True)
    by_events, by_days = compiled.run(batch), compiled.run(batch, walk_days=True)
    for name in ("answers", "cleared", "lines", "details"):
        assert (getattr(by_events, name) == getattr(by_days, name)).all(), name


@slow
@given(plan=plans(max_debts=5, max_horizon_months=30))
def test_a_ledger_adds_up_to_the_outcome(plan: Plan) -> None:
    scenarios = [Scenario(plan, strategy) for strategy in STRATEGIES]
    ledgers: list[Any] = list(simulate_ledger(scenarios))
    for outcome, ledger in zip(simulate(scenarios), ledgers, strict=True):
        assume(outcome.error is None)
        frame: Any = outcome.debts_frame()
        last = frame.groupby("debt", sort=False).last()
        for key, row in last.iterrows():
            mine = ledger[ledger["debt"] == key]
            paid = mine[mine["kind"] == "paid"]
            for part in ("principal", "interest", "penalty", "fees"):
                assert paid[part].sum() == row[f"paid_{part}"]
            assert mine[mine["kind"] == "charged"]["amount"].sum() == row["charged"]
            assert mine[mine["kind"] == "waived"]["amount"].sum() == row["waived"]
            whole = mine[mine["kind"].isin(["paid", "charged", "waived"])]
            assert (whole["amount"] == whole[["principal", "interest", "penalty", "fees"]].sum(axis=1)).all()
        assert ledger["date"].is_monotonic_increasing


def test_a_scenario_is_the_same_alone_in_a_batch_and_on_any_thread() -> None:
    scenarios = random_scenarios(5, 24, horizon_months=(3, 30))
    alone = [simulate([scenario])[0].as_json() for scenario in scenarios]
    for threads in (1, 2, 5):
        assert [outcome.as_json() for outcome in simulate(scenarios, threads=threads)] == alone
    backwards = [outcome.as_json() for outcome in simulate(scenarios[::-1])]
    assert backwards[::-1] == alone


def test_lines_and_summary_say_what_full_says() -> None:
    scenarios = random_scenarios(6, 12, horizon_months=(3, 30))
    full, lines, summary = (simulate(scenarios, output=kind) for kind in ("full", "lines", "summary"))
    assert (full.answers == lines.answers).all()
    assert (full.answers == summary.answers).all()
    for one, other in zip(full, lines, strict=True):
        assert (one.lines == other.lines).all()
        totals: Any = one.totals_frame()
        frame: Any = one.debts_frame()
        sums = frame.groupby("date")["payoff"].sum()
        assert totals["payoff"].tolist() == sums.tolist()
        assert one.total_paid == totals["paid"].iloc[-1]
        assert one.closing_payoff == totals["payoff"].iloc[-1]


def test_days_agree_with_month_ends_and_begin_at_the_opening() -> None:
    for scenario in random_scenarios(7, 6, horizon_months=(3, 12)):
        months = simulate([scenario])[0]
        days = simulate_days([scenario], [scenario.plan.as_of, *months.dates])[0]
        assert days.dates[0] == scenario.plan.as_of
        assert days.debts_frame().iloc[len(scenario.plan.debts) :].reset_index(drop=True).equals(months.debts_frame())


def shuffled(plan: Plan, rng: random.Random) -> Plan:
    debts = list(plan.debts)
    rng.shuffle(debts)
    return plan.model_copy(update={"debts": tuple(debts)})


@slow
@given(plan=plans(max_debts=6, max_horizon_months=24), seed=st.integers(0, 99))
def test_the_order_of_debts_changes_nothing_but_ties(plan: Plan, seed: int) -> None:
    rates = {debt.id: Decimal("0.0001") + Decimal("0.00003") * k for k, debt in enumerate(plan.debts)}
    distinct = plan.model_copy(
        update={
            "debts": tuple(
                debt.model_copy(update={"daily_rate": rates[debt.id], "annual_rate": None, "changes": ()})
                for debt in plan.debts
                if debt.kind == "card" or debt.method != "flat_fee"
            )
        }
    )
    assume(len(distinct.debts) > 1)
    ids = {debt.id for debt in distinct.debts}
    one_offs = tuple(item for item in plan.household.one_offs if item.for_debt is None or item.for_debt in ids)
    distinct = distinct.model_copy(update={"household": plan.household.model_copy(update={"one_offs": one_offs})})
    other = shuffled(distinct, random.Random(seed))
    for strategy in ("avalanche", "snowball", "rescue"):
        one, two = simulate([Scenario(distinct, strategy), Scenario(other, strategy)])
        assume(one.error is None and two.error is None)
        if strategy == "snowball":
            frame: Any = one.debts_frame()
            payoffs = frame.query("payoff > 0").groupby("date")["payoff"]
            assume(not payoffs.apply(lambda column: column.duplicated().any()).any())
        first, second = one.as_json(), two.as_json()
        assert first == {**second, "cleared": first["cleared"], "months": first["months"]}
        assert first["cleared"] == second["cleared"]
        for mine, theirs in zip(first["months"], second["months"], strict=True):
            assert mine == theirs


@slow
@given(plan=plans(max_debts=5, max_horizon_months=24), strategy=st.sampled_from(STRATEGIES))
def test_rate_zero_without_fees_costs_nothing(plan: Plan, strategy: str) -> None:
    free: dict[str, Any] = {
        "daily_rate": Decimal(0),
        "annual_rate": None,
        "changes": (),
        "fees": 0,
        "accrued": None,
        "interest_from": None,
    }
    debts: list[Any] = []
    for debt in plan.debts:
        update = dict(free)
        if debt.kind == "card":
            update |= {"late_fee_rate": Decimal(0), "late_fee_min": 0, "statements": ()}
        else:
            bills = tuple(bill.model_copy(update={"interest": 0}) for bill in debt.bills)
            update |= {"bills": bills, "penalty": 0, "fee_per_instalment": 0}
            update |= {"penalty_multiplier": Decimal("1.5"), "penalty_daily_rate": None}
            if debt.method == "bullet":
                update["accrued"] = 0
        debts.append(debt.model_copy(update=update))
    outcome = simulate([Scenario(plan.model_copy(update={"debts": tuple(debts)}), strategy)])[0]
    assert outcome.total_cost == 0
    frame: Any = outcome.debts_frame()
    assert frame["charged"].sum() == 0


@st.composite
def easy_plans(draw: st.DrawFn) -> dict[str, Any]:
    """Plans without arrears, changes and flat fees, whose debts may all be prepaid."""
    count = draw(st.integers(1, 5))
    debts: list[dict[str, Any]] = []
    for k in range(count):
        rate = draw(st.sampled_from(["0.0001", "0.0002", "0.0003", "0.0004", "0.0005"]))
        debt: dict[str, Any] = {"id": f"d{k}", "name": f"d{k}", "daily_rate": rate}
        if draw(st.booleans()):
            debt |= {"kind": "card", "balance": f"{draw(st.integers(500, 30000))}.00"}
            debt |= {"statement_day": draw(st.integers(1, 31)), "due_day": draw(st.integers(1, 31)), "accrued": "0"}
        else:
            debt |= {
                "kind": "instalment",
                "principal": f"{draw(st.integers(500, 30000))}.00",
                "due_day": draw(st.integers(1, 31)),
            }
            debt |= {
                "method": draw(st.sampled_from(["equal_principal", "equal_instalment", "interest_only", "bullet"]))
            }
            debt |= {"instalments_left": draw(st.integers(3, 24)), "accrued": "0"}
        debts.append(debt)
    income = draw(st.integers(3000, 40000))
    household = {
        "payday": draw(st.integers(1, 31)),
        "cash": "20000.00",
        "reserve": "0.00",
        "expenses": [],
        "one_offs": [],
    }
    household["incomes"] = [{"name": "i", "amount": f"{income}.00"}]
    return {
        "schema": "ashore.plan/1",
        "as_of": "2026-11-01",
        "horizon_months": 30,
        "household": household,
        "debts": debts,
    }


@settings(max_examples=60, deadline=None, suppress_health_check=UNHURRIED)
@given(mapping=easy_plans(), more=st.integers(1, 20000))
def test_more_income_never_costs_more_under_avalanche(mapping: dict[str, Any], more: int) -> None:
    plan = plan_from(mapping)
    income = plan.household.incomes[0]
    richer_income = income.model_copy(update={"amount": income.amount + more * 100})
    richer = plan.model_copy(update={"household": plan.household.model_copy(update={"incomes": (richer_income,)})})
    poor, rich = simulate([Scenario(plan, "avalanche"), Scenario(richer, "avalanche")])
    assume(poor.worst_days_past_due == 0 and rich.worst_days_past_due == 0)
    postings = len(plan.debts) * (plan.horizon_months + 2)
    assert rich.out_of_pocket <= poor.out_of_pocket + postings


def test_the_same_source_gives_the_same_uncompiled() -> None:
    """Machines without a wheel of numba run the kernel as plain Python."""
    paths = [ROOT / "tests/data/vectors/common/case-003.json", ROOT / "tests/data/vectors/edge/case-004.json"]
    program = (
        "import json, sys\n"
        "from core.plan import plan_from\n"
        "from core.simulate import Scenario, simulate, STRATEGIES\n"
        "for path in sys.argv[1:]:\n"
        "    plan = plan_from(json.load(open(path, encoding='utf-8'))['plan'])\n"
        "    plan = plan.model_copy(update={'horizon_months': 6})\n"
        "    print(json.dumps([o.as_json() for o in simulate([Scenario(plan, s) for s in STRATEGIES])]))\n"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, cwd=ROOT)
    for path, line in zip(paths, answer.stdout.splitlines(), strict=True):
        plan = plan_from(json.loads(path.read_text(encoding="utf-8"))["plan"])
        plan = plan.model_copy(update={"horizon_months": 6})
        compiled_answer = [outcome.as_json() for outcome in simulate([Scenario(plan, name) for name in STRATEGIES])]
        assert json.loads(line) == compiled_answer


def growing(balance: str = "10000000.00") -> Plan:
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": "2026-11-01",
            "horizon_months": 120,
            "household": {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []},
            "debts": [
                {
                    "id": "small",
                    "name": "small",
                    "kind": "card",
                    "daily_rate": "0.0005",
                    "balance": "1000.00",
                    "statement_day": 5,
                    "due_day": 25,
                },
                {
                    "id": "large",
                    "name": "large",
                    "kind": "card",
                    "daily_rate": "0.01",
                    "balance": balance,
                    "statement_day": 5,
                    "due_day": 25,
                },
            ],
        }
    )


def test_a_debt_that_outgrows_its_bound_is_named_and_leaves_the_others_alone() -> None:
    quiet = random_scenarios(8, 2, horizon_months=(3, 6))
    outcomes = simulate([quiet[0], Scenario(growing(), "stop"), quiet[1]])
    assert outcomes[1].error == "large"
    assert outcomes[1].as_json() == {"error": "large"}
    assert outcomes[0].as_json() == simulate([quiet[0]])[0].as_json()
    assert outcomes[2].as_json() == simulate([quiet[1]])[0].as_json()
    assert best(list(outcomes)) in (0, 2)
    assert outcomes.summary_frame()["error"].isna().tolist() == [True, False, True]


def test_accruals_keep_their_fen_where_a_product_leaves_int64() -> None:
    """4 % a day on ten million yuan, at a rate of eight decimals, for a year: 1e9 * 4e8 * 365 is far above 2^63."""
    rate = Fraction("0.00999999")
    mapping = to_mapping(growing())
    mapping["horizon_months"] = 12
    mapping["debts"] = [
        {
            "id": "a", "name": "a", "kind": "instalment", "method": "bullet", "daily_rate": "0.00999999",
            "principal": "0.00", "instalments_left": 0, "due_day": 1, "accrued": "0", "penalty_multiplier": "3.99",
            "bills": [{"due": "2026-11-01", "principal": "9999999.99", "interest": "0.00"}],
        }
    ]  # fmt: skip
    found = simulate_days([Scenario(plan_from(mapping), "stop")], [date(2027, 11, 1)])[0]
    exact = 999_999_999 * rate * Fraction("3.99") * 365
    assert found.details is not None
    assert found.details[0, 0, c.F_PENALTY] == math.floor(exact + Fraction(1, 2))


@pytest.mark.parametrize(("amount", "refused"), [("500.00", None), ("5000000.00", 0)])
def test_a_recorded_payment_that_a_debt_cannot_take_is_named(amount: str, refused: int | None) -> None:
    mapping: dict[str, Any] = {
        "schema": "ashore.plan/1",
        "as_of": "2026-11-01",
        "today": "2026-11-20",
        "paid": [{"date": "2026-11-05", "debt": "a", "amount": amount}],
        "horizon_months": 6,
        "household": {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []},
        "debts": [
            {
                "id": "a",
                "name": "a",
                "kind": "card",
                "daily_rate": "0.0005",
                "balance": "1000.00",
                "statement_day": 5,
                "due_day": 25,
            }
        ],
    }
    assert simulate([Scenario(plan_from(mapping), "stop")])[0].refused == refused


def test_keeping_a_plan_up_to_date_moves_no_fen() -> None:
    """A year under `stop`, or the same year as `today` moved on day by day with nothing paid: the same payoff."""
    for scenario in random_scenarios(9, 6, horizon_months=(14, 14)):
        plan = scenario.plan
        household = plan.household.model_copy(update={"one_offs": ()})
        plan = plan.model_copy(update={"household": household})
        later = plan.as_of + timedelta(days=250)
        kept = plan.model_copy(update={"today": later})
        one = simulate_days([Scenario(plan, "stop")], [later])[0]
        two = simulate_days([Scenario(kept, "stop")], [later])[0]
        assert one.details is not None
        assert two.details is not None
        assert (one.details == two.details).all()


def test_the_worked_sentence_of_the_first_night() -> None:
    """1,000 of 微粒贷 at 0.05 % a day, three days late: 2.25; nothing within its grace day."""
    mapping: dict[str, Any] = {
        "schema": "ashore.plan/1",
        "as_of": "2026-11-15",
        "horizon_months": 2,
        "household": {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []},
        "debts": [
            {
                "id": "w", "name": "w", "kind": "instalment", "method": "equal_principal", "daily_rate": "0.0005",
                "grace_days": 1, "principal": "0.00", "instalments_left": 0, "due_day": 15, "prepayment": "full_only",
                "bills": [{"due": "2026-11-15", "principal": "1000.00", "interest": "0.00"}],
            }
        ],
    }  # fmt: skip
    found = simulate_days(
        [Scenario(plan_from(mapping), "stop")], [date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 18)]
    )[0]
    frame: Any = found.debts_frame()
    assert frame["payoff"].tolist() == [100_000, 100_075, 100_225]
    assert frame["days_past_due"].tolist() == [0, 1, 3]


def test_best_takes_the_least_then_the_earliest_then_the_first() -> None:
    plan = growing("1000.00").model_copy(update={"horizon_months": 6})
    outcomes = list(simulate([Scenario(plan, "stop"), Scenario(plan, "minimum"), Scenario(plan, "stop")]))
    assert best(outcomes) == 0
    with pytest.raises(ValueError, match="empty"):
        best([])
