"""Where each debt stands, and a plan written anew as of a later day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from core.plan import Payment, Plan, read_plan
from core.positions import Refused, positions, restated
from core.simulate import Scenario, simulate_days

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
LATER = 45


def rolled(path: Path, days: int) -> Plan:
    plan = read_plan(path)
    return plan.model_copy(update={"today": plan.as_of + timedelta(days)})


def payoffs(plan: Plan, day: date) -> dict[str, int]:
    frame = simulate_days([Scenario(plan, "stop")], [day])[0].debts_frame()
    return dict(zip(frame["debt"], frame["payoff"].tolist(), strict=True))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_owed_is_the_sum_of_its_parts(path: Path) -> None:
    plan = rolled(path, 20)
    expected = payoffs(plan, plan.start)
    for each in positions(plan):
        assert each.payoff == expected[each.debt]
        assert each.payoff == each.principal + each.interest + each.penalty + each.fees
        assert 0 <= each.fallen_due <= each.owed <= each.payoff
        if each.next_due is not None:
            assert each.next_due > plan.start
            assert each.next_amount > 0


@pytest.mark.parametrize("days", [1, 30, 75])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_plan_written_anew_owes_the_same(path: Path, days: int) -> None:
    """On that day to the fen; later on nearly: a plan counts no fee that it begins with as being on a statement."""
    plan = rolled(path, days)
    anew = restated(plan, plan.start)
    assert anew.as_of == plan.start
    assert payoffs(anew, anew.as_of) == payoffs(plan, plan.start)
    later = plan.start + timedelta(LATER)
    before, after = payoffs(plan, later), payoffs(anew, later)
    for debt in plan.debts:
        assert abs(before[debt.id] - after[debt.id]) <= max(100, before[debt.id] // 250)


def test_a_recorded_payment_is_part_of_the_new_state() -> None:
    plan = rolled(SAMPLES[0], 30)
    day = plan.as_of + timedelta(10)
    paid = plan.model_copy(update={"paid": (Payment(date=day, debt=plan.debts[0].id, amount=100_00),)})
    anew = restated(paid, paid.start)
    assert anew.paid == ()
    assert payoffs(anew, anew.as_of) == payoffs(paid, paid.start)


def test_a_payment_that_a_debt_cannot_take_is_named() -> None:
    plan = rolled(SAMPLES[0], 30)
    much = Payment(date=plan.as_of + timedelta(1), debt=plan.debts[0].id, amount=9_999_999_00)
    with pytest.raises(Refused) as refused:
        positions(plan.model_copy(update={"paid": (much,)}))
    assert refused.value.payment == 0


def test_the_plans_own_day_changes_nothing() -> None:
    plan = read_plan(SAMPLES[0])
    assert restated(plan, plan.as_of) is plan
    with pytest.raises(ValueError, match="between"):
        restated(plan, plan.as_of + timedelta(1))
