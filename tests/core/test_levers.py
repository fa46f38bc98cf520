"""Levers keep a plan valid, and do what they say and nothing else."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.levers import (
    first_payday_month,
    living_costs_range,
    monthly_income,
    monthly_living_costs,
    monthly_room,
    recorded_debt,
    reported_days,
    with_living_costs,
)
from core.plan import Plan, dump_plan, parse_plan, plan_from
from core.plan_values import AMOUNT_MAX

CARD = {
    "id": "card",
    "name": "卡",
    "kind": "card",
    "daily_rate": "0.0005",
    "balance": "1000.00",
    "statement_day": 5,
    "due_day": 25,
    "fees": "12.50",
}
LOAN = {
    "id": "loan",
    "name": "贷",
    "kind": "instalment",
    "method": "equal_principal",
    "daily_rate": "0.0005",
    "principal": "5000.00",
    "instalments_left": 5,
    "due_day": 8,
    "bills": [{"due": "2026-11-08", "principal": "1000.00", "interest": "90.10"}],
    "penalty": "3.60",
    "accrued": "7.25",
}


def expense(amount: str, **more: Any) -> dict[str, Any]:
    return {"name": "x", "category": "food", "amount": amount, "essential": True, **more}


def plan(as_of: str = "2026-11-12", payday: int = 15, **household: Any) -> Plan:
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": as_of,
            "horizon_months": 3,
            "household": {
                "payday": payday,
                "cash": "0",
                "reserve": "0",
                "incomes": [],
                "expenses": [],
                "one_offs": [],
                **household,
            },
            "debts": [CARD, LOAN],
        }
    )


@pytest.mark.parametrize(
    ("as_of", "payday", "month"),
    [
        ("2026-11-12", 15, "2026-11"),
        ("2026-11-15", 15, "2026-12"),
        ("2026-12-31", 5, "2027-01"),
        ("2027-02-27", 31, "2027-02"),
        ("2027-02-28", 31, "2027-03"),
    ],
)
def test_the_first_payday_is_the_first_one_after_the_start(as_of: str, payday: int, month: str) -> None:
    year, number = map(int, month.split("-"))
    assert first_payday_month(plan(as_of, payday)) == year * 12 + number - 1


def test_living_costs_are_those_of_the_first_payday_after_cuts() -> None:
    household = plan(
        expenses=[
            expense("1000.01", cut="0.5"),
            expense("200", until="2026-11"),
            expense("300", **{"from": "2026-12"}),
            expense("50", until="2026-10"),
        ],
        incomes=[{"name": "i", "amount": "2000"}, {"name": "j", "amount": "9", "from": "2027-01"}],
    )
    assert monthly_living_costs(household) == 50_001 + 20_000
    assert monthly_income(household) == 200_000
    assert monthly_room(household) == 200_000 - 70_001


def test_what_is_spent_is_rounded_half_up() -> None:
    assert monthly_living_costs(plan(expenses=[expense("0.01", cut="0.5")])) == 1
    assert monthly_living_costs(plan(expenses=[expense("100.00", cut="0.3333")])) == 6667


@given(st.integers(0, AMOUNT_MAX))
def test_living_costs_replace_all_expenses_and_nothing_else(fen: int) -> None:
    before = plan(expenses=[expense("1000"), expense("500", **{"from": "2027-01"})])
    after = with_living_costs(before, fen)
    assert monthly_living_costs(after) == fen
    assert parse_plan(dump_plan(after)) == after
    untouched = after.model_copy(
        update={"household": after.household.model_copy(update={"expenses": before.household.expenses})}
    )
    assert untouched == before
    assert monthly_living_costs(before) == 100_000


def test_the_present_costs_leave_a_plan_as_it_is() -> None:
    """Also an expense that begins later stays, which one amount a month could not say."""
    before = plan(expenses=[expense("1000"), expense("500", **{"from": "2027-01"})])
    assert with_living_costs(before, 100_000) is before


@pytest.mark.parametrize("fen", [-1, AMOUNT_MAX + 1])
def test_what_a_plan_cannot_hold_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="living costs"):
        with_living_costs(plan(), fen)


@given(st.integers(0, AMOUNT_MAX), st.integers(0, AMOUNT_MAX))
def test_the_range_holds_the_present_costs_and_valid_amounts_only(income: int, costs: int) -> None:
    household = plan(
        expenses=[expense(f"{costs // 100}.{costs % 100:02d}")],
        incomes=[{"name": "i", "amount": f"{income // 100}.{income % 100:02d}"}],
    )
    span = living_costs_range(household)
    assert span.least <= span.now <= span.most <= AMOUNT_MAX
    assert span.now == costs
    assert span.most % span.step == 0
    with_living_costs(household, span.most)


def test_the_recorded_debt_is_what_has_been_posted() -> None:
    card, loan = plan().debts
    assert recorded_debt(card) == 101_250
    assert recorded_debt(loan) == 500_000 + 109_010 + 360 + 725


def test_reported_days_are_the_start_and_the_month_ends_after_it() -> None:
    assert reported_days(plan("2026-11-12")) == [
        date(2026, 11, 12),
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2027, 2, 28),
    ]
    assert reported_days(plan("2026-11-30"))[:2] == [date(2026, 11, 30), date(2026, 12, 31)]
