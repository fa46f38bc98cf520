"""A lender's figure against the engine's: each cause explains the gap that it makes."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core import reconcile as module
from core.plan import Payment, Plan, read_plan
from core.reconcile import CAUSES_MAX, reconcile
from core.simulate import Scenario, simulate_days

SAMPLE = Path(__file__).parents[2] / "sample_data" / "first_missed_weilidai.json"
DEBT = "weilidai"


def plan_of(days: int = 25, **changed: Any) -> Plan:
    plan = read_plan(SAMPLE)
    debts = tuple(debt.model_copy(update=changed) if debt.id == DEBT else debt for debt in plan.debts)
    return plan.model_copy(update={"debts": debts, "today": plan.as_of + timedelta(days)})


def payoff(plan: Plan, day: date) -> int:
    frame = simulate_days([Scenario(plan, "stop")], [day])[0].debts_frame()
    return int(frame.loc[frame["debt"] == DEBT, "payoff"].iloc[0])


def test_the_same_figure_agrees() -> None:
    plan = plan_of()
    found = reconcile(plan, DEBT, plan.start, payoff(plan, plan.start))
    assert found.agrees
    assert found.causes == ()


@pytest.mark.parametrize(
    ("changed", "kind", "value"),
    [
        ({"penalty_base": "overdue_principal_and_interest"}, "penalty_base", "overdue_principal_and_interest"),
        ({"penalty_base": "all_principal"}, "penalty_base", "all_principal"),
        ({"daily_rate": (Decimal("0.0005") * 365 / 360).quantize(Decimal("1E-8"))}, "day_count", "360"),
        ({"daily_rate": (Decimal("0.0005") * 360 / 365).quantize(Decimal("1E-8"))}, "day_count", "365"),
        ({"penalty": 0, "penalty_multiplier": Decimal(0)}, "no_penalty", ""),
    ],
)
def test_a_term_that_differs_is_found(changed: dict[str, Any], kind: str, value: str) -> None:
    plan = plan_of()
    shown = payoff(plan_of(**changed), plan.start)
    first = reconcile(plan, DEBT, plan.start, shown).causes[0]
    assert (first.kind, first.value, first.figure, first.left) == (kind, value, shown, 0)


def test_a_bill_still_inside_another_grace_is_found() -> None:
    """Three days after a due date, whether the penalty runs already hangs on the grace days alone."""
    plan = plan_of(days=(date(2026, 12, 10) - date(2026, 11, 12)).days)
    shown = payoff(plan_of(days=28, grace_days=3), plan.start)
    kinds = {(cause.kind, cause.value) for cause in reconcile(plan, DEBT, plan.start, shown).causes if not cause.left}
    assert ("grace_days", "3") in kinds


def test_a_figure_of_the_day_before_and_one_without_interest_are_found() -> None:
    plan = plan_of()
    before = payoff(plan, plan.start - timedelta(1))
    assert reconcile(plan, DEBT, plan.start, before).causes[0].kind == "day_before"
    assert reconcile(plan, DEBT, plan.start, 18_000_00).causes[0].kind == "principal_only"


def test_a_fee_or_a_payment_explains_any_gap_after_the_exact_ones() -> None:
    plan = plan_of()
    figure = payoff(plan, plan.start)
    more, less = (reconcile(plan, DEBT, plan.start, figure + gap) for gap in (5_000_00, -1_452_00))
    assert (more.gap, more.causes[0].kind) == (5_000_00, "fee_not_recorded")
    assert (less.gap, less.causes[0].kind) == (-1_452_00, "payment_not_recorded")
    assert len(less.causes) <= CAUSES_MAX
    assert all(abs(cause.left) < abs(less.gap) for cause in less.causes)


def test_a_payment_that_the_lender_has_not_booked_is_found() -> None:
    plan = plan_of()
    paid = Payment(date=plan.as_of + timedelta(5), debt=DEBT, amount=1_482_60)
    recorded = plan.model_copy(update={"paid": (paid,)})
    first = reconcile(recorded, DEBT, plan.start, payoff(plan, plan.start)).causes[0]
    assert (first.kind, first.value, first.left) == ("payment_not_booked", "0", 0)


def test_the_engine_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counting(scenarios, days):  # type: ignore[no-untyped-def]
        calls.append(len(scenarios))
        return simulate_days(scenarios, days)

    monkeypatch.setattr(module, "simulate_days", counting)
    reconcile(plan_of(), DEBT, plan_of().start, 1)
    assert len(calls) == 1


def test_what_cannot_be_compared_is_refused() -> None:
    plan = plan_of()
    with pytest.raises(KeyError):
        reconcile(plan, "nobody", plan.start, 0)
    with pytest.raises(ValueError, match="between"):
        reconcile(plan, DEBT, plan.start + timedelta(1), 0)
