"""What being late costs: views of the engine's answers, held against answers that are asked for apart."""

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.late_payments import late_bill, next_payday, try_payment
from core.lateness import PARTS, SAMPLE_DAYS, SAMPLE_FEN, Lateness, lateness
from core.plan import OneOff, Plan, plan_from, read_plan, to_mapping
from core.simulate import Scenario, simulate_days
from tests.random_plans import random_plan

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
ROUNDING = 2


def household(**extra: Any) -> dict[str, Any]:
    return {"payday": 16, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": [], **extra}


def one_debt(as_of: str, debt: dict[str, Any], **extra: Any) -> Plan:
    debt = {"id": "d", "name": "n", "kind": "instalment", "daily_rate": "0.0005", **debt}
    rest = {"schema": "ashore.plan/1", "as_of": as_of, "horizon_months": 3}
    return plan_from({**rest, "household": household(), "debts": [debt], **extra})


def weilidai(**terms: Any) -> Plan:
    """A bill of 1,000 yuan, due on the 15th, at the end of the day before."""
    bill = {"method": "equal_principal", "principal": "1000", "instalments_left": 1, "due_day": 15, "accrued": "0"}
    return one_debt("2026-11-14", {**bill, "daily_rate": "0", "penalty_daily_rate": "0.00075", **terms})


def answered(plan: Plan) -> Lateness:
    answer = lateness(plan)
    assert answer is not None
    return answer


def random_answers(count: int) -> list[Lateness]:
    rng = random.Random(20261124)
    plans = [plan_from(random_plan(rng, debt_count=(1, 6), recorded=index % 3 == 0)) for index in range(count)]
    found = [answer for plan in plans if (answer := lateness(plan)) is not None]
    assert len(found) > count // 2
    return found


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_owed_is_what_the_engine_says(path: Path) -> None:
    """On every day of the plan's own horizon, whatever the horizon; the parts sum to the payoff."""
    plan = read_plan(path)
    answer = answered(plan)
    days = [plan.start + timedelta(days) for days in (0, 1, 17, 95, 400)]
    frame = simulate_days([Scenario(plan, "stop")], days)[0].debts_frame()
    for row in frame.to_dict("records"):
        day = row["date"].date()
        assert answer.total(day, row["debt"]) == row["payoff"]
        assert answer.owed(day, row["debt"]) == {part: row[part] for part in PARTS}
    for day in days:
        assert answer.total(day) == frame.loc[frame["date"] == str(day), "payoff"].sum()


def test_two_years_and_no_more() -> None:
    answer = answered(read_plan(SAMPLES[0]))
    start = answer.plan.start
    assert answer.last_day == date(start.year + 2, start.month, start.day)
    answer.one_more_day(answer.last_day)
    for outside in (start - timedelta(1), answer.last_day + timedelta(1)):
        with pytest.raises(IndexError):
            answer.total(outside)


def test_one_more_day_adds_up() -> None:
    answer = answered(read_plan(SAMPLES[-1]))
    first, last = answer.days[3], answer.days[60]
    days = [first + timedelta(k) for k in range((last - first).days)]
    assert sum(answer.one_more_day(day) for day in days) == answer.total(last) - answer.total(first)
    for debt in answer.names:
        assert answer.one_more_day(first, debt) == answer.total(first + timedelta(1), debt) - answer.total(first, debt)
    assert sum(answer.one_more_day(first, debt) for debt in answer.names) == answer.one_more_day(first)


def test_every_change_of_the_daily_cost_has_its_cause() -> None:
    """Beyond what rounding explains, a day costs more or less only where a jump stands on it or on the day before."""
    for answer in random_answers(60):
        costs = np.diff(answer.payoff, axis=0)
        for place, debt in enumerate(answer.names):
            told = {jump.day for jump in answer.jumps if jump.debt == debt}
            told |= {jump.day + timedelta(1) for jump in answer.jumps if jump.debt == debt}
            moved = np.flatnonzero(np.abs(np.diff(costs[:, place])) > ROUNDING) + 1
            for index in moved[moved < len(costs) - 2]:
                day = answer.days[int(index) + 1]
                assert day in told or day - timedelta(1) in told, (answer.plan.debts[place], day)


def test_a_jump_says_what_the_days_around_it_cost() -> None:
    for answer in random_answers(20):
        for jump in answer.jumps:
            day = jump.day - timedelta(1)
            assert jump.that_day == answer.one_more_day(day, jump.debt)
            if jump.before is None:
                assert jump.day == answer.first_day
            else:
                assert jump.before == answer.one_more_day(day - timedelta(1), jump.debt)
            assert jump.causes


def test_causes() -> None:
    grace = answered(weilidai(grace_days=3))
    assert [(jump.day, jump.causes, jump.grace_days) for jump in grace.jumps] == [(date(2026, 11, 18), ("overdue",), 3)]
    assert (grace.jumps[0].before, grace.jumps[0].that_day, grace.jumps[0].after) == (0, 225, 75)
    several = {"principal": "3000", "instalments_left": 3, "daily_rate": "0.0005", "accelerate_after_days": 20}
    whole = answered(weilidai(**several))
    assert [jump.day for jump in whole.jumps if "whole_due" in jump.causes] == [date(2026, 12, 5)]
    card = {"kind": "card", "balance": "5000", "statement_day": 5, "due_day": 23, "grace_days": 3}
    late = answered(one_debt("2026-11-12", {**card, "statements": [{"due": "2026-11-23", "unpaid": "500"}]}))
    assert late.jumps[0].causes == ("late_fee",)
    assert (late.jumps[0].day, late.jumps[0].that_day) == (date(2026, 11, 26), 2500 + late.jumps[0].after)


def test_what_to_pay_first_is_enough() -> None:
    """Paid on its day, no debt is past due at the end of it, and the debt is owed no less than that."""
    for answer in random_answers(60):
        for due in answer.dues:
            debt = answer.plan.debts[answer.debts_of(due.debt)[0]]
            assert 0 < due.amount <= answer.total(due.day, due.debt)
            assert days_past_due(answer, due.debt, due.day, due.amount) == 0
            assert due.overdue == (due.due + timedelta(debt.grace_days) < answer.first_day)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_to_pay_first_is_not_a_fen_too_much(path: Path) -> None:
    answer = answered(read_plan(path))
    for due in answer.dues:
        if due.debt != "cousin":
            seen = due.day + timedelta(due.day == due.due)
            assert days_past_due(answer, due.debt, due.day, due.amount, seen) == 0
            assert days_past_due(answer, due.debt, due.day, due.amount - 1, seen) > 0


def days_past_due(answer: Lateness, debt: str, day: date, amount: int, seen: date | None = None) -> int:
    paid = with_payment(answer.plan, debt, day, amount)
    frame = simulate_days([Scenario(paid, "stop")], [seen or day])[0].debts_frame()
    return int(frame.loc[frame["debt"] == debt, "days_past_due"].iloc[0])


def with_payment(plan: Plan, debt: str, day: date, amount: int) -> Plan:
    one_offs = (*plan.household.one_offs, OneOff(name="x", date=day, amount=amount, for_debt=debt))
    return plan.model_copy(update={"household": plan.household.model_copy(update={"one_offs": one_offs})})


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_where_a_hundred_yuan_saves_most(path: Path) -> None:
    """Most first, and each as one run of its own says."""
    answer = answered(read_plan(path))
    assert [saving.saved for saving in answer.savings] == sorted((s.saved for s in answer.savings), reverse=True)
    assert {saving.debt for saving in answer.savings} == set(answer.names)
    for saving in answer.savings:
        assert (saving.until - saving.day).days == SAMPLE_DAYS
        assert 0 <= saving.taken <= SAMPLE_FEN
        paid = with_payment(answer.plan, saving.debt, saving.day, SAMPLE_FEN)
        frame = simulate_days([Scenario(paid, "stop")], [saving.until])[0].debts_frame()
        payoff = int(frame.loc[frame["debt"] == saving.debt, "payoff"].iloc[0])
        assert saving.saved == answer.total(saving.until, saving.debt) - payoff - saving.taken


def test_the_sixteenth_instead_of_the_fifteenth() -> None:
    """Salary comes a day late: nothing within grace, one day's penalty without."""
    days = (date(2026, 11, 15), date(2026, 11, 16))
    grace = try_payment(weilidai(grace_days=1), "d", 100_000, *days)
    strict = try_payment(weilidai(), "d", 100_000, *days)
    assert grace is not None
    assert strict is not None
    assert (grace.waiting, grace.second.days_late, grace.second.still_past_due) == (0, 0, 0)
    assert (strict.waiting, strict.second.days_late, strict.second.still_past_due) == (75, 1, 1)
    assert strict.first.taken == 100_000
    assert strict == try_payment(weilidai(), "d", 100_000, *reversed(days))


def test_against_nothing() -> None:
    """Thirty days after: what the payment saves is the penalty that it spared."""
    trial = try_payment(weilidai(), "d", 100_000, date(2026, 11, 15), date(2026, 11, 15))
    assert trial is not None
    assert trial.seen[1] == date(2026, 12, 15)
    assert trial.saved(1) == 30 * 75
    assert trial.left == 0


def test_what_a_debt_does_not_take_stays_in_hand() -> None:
    several = {"principal": "3000", "instalments_left": 3, "prepayment": "full_only"}
    trial = try_payment(weilidai(**several), "d", 150_000, date(2026, 11, 15), date(2026, 11, 16))
    assert trial is not None
    assert (trial.first.taken, trial.left) == (100_000, 50_000)


@pytest.mark.parametrize(
    ("product", "days", "cost"),
    [("weilidai_10", 1, 0), ("weilidai_10", 3, 225), ("huabei_bill", 90, 4500), ("jiebei", 3, 0), ("wangshang", 1, 60)],
)
def test_a_quick_sum(product: str, days: int, cost: int) -> None:
    """1,000 yuan of 微粒贷 three days late cost 2.25, not 33; 花呗 for three months 45."""
    answer = late_bill(product, 100_000, days, date(2026, 11, 15))
    if product in ("weilidai_10", "huabei_bill"):
        assert answer.cost == cost
    assert answer.backing.sources
    assert answer.cost <= 100_000 * days // 1000


def test_payday() -> None:
    plan = weilidai()
    assert next_payday(plan, date(2026, 11, 15)) == date(2026, 11, 16)
    assert next_payday(plan, date(2026, 11, 16)) == date(2026, 12, 16)


def test_a_debt_that_outgrows_its_bound_has_no_answer() -> None:
    plan = one_debt(
        "2026-11-14",
        {
            "kind": "card",
            "balance": "10000000",
            "daily_rate": "0.01",
            "statement_day": 5,
            "due_day": 23,
            "late_fee_rate": "1",
            "min_rate": "1",
        },
    )
    assert lateness(plan) is None
    assert try_payment(plan, "d", 100, date(2026, 11, 15), date(2026, 11, 16)) is None


def test_a_plan_that_is_kept_up_to_date() -> None:
    """`today` later than `as_of`: days count from today, figures stay."""
    plan = read_plan(SAMPLES[3])
    later = plan_from({**to_mapping(plan), "today": (plan.as_of + timedelta(20)).isoformat()})
    early, late = answered(plan), answered(later)
    assert late.days[0] == later.start == plan.as_of + timedelta(20)
    for day in (late.days[0], late.days[100]):
        assert early.owed(day) == late.owed(day)
    assert replace(late.dues[0], debt="").amount > 0
