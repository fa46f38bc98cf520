"""The effective annual cost of a debt's remaining payments."""

from datetime import date
from typing import Any

import pytest

from core.measures import remaining_rates
from core.plan import Plan, plan_from
from core.simulate import Scenario

HOUSEHOLD: dict[str, Any] = {
    "payday": 10,
    "cash": "0",
    "reserve": "0",
    "incomes": [{"name": "wage", "amount": "9000.00"}],
    "expenses": [],
    "one_offs": [],
}
LOAN: dict[str, Any] = {
    "id": "loan",
    "name": "loan",
    "kind": "instalment",
    "method": "equal_principal",
    "principal": "12000.00",
    "instalments_left": 12,
    "due_day": 20,
    "daily_rate": "0.0005",
    "accrued": "0",
}


def plan_of(*debts: dict[str, Any], **fields: Any) -> Plan:
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": "2026-11-20",
            "horizon_months": 24,
            "household": HOUSEHOLD,
            "debts": [*debts],
            **fields,
        }
    )


def test_a_daily_rate_of_five_in_ten_thousand_compounds_to_its_effective_rate() -> None:
    """0.05 % a day paid monthly is 18.25 % nominal: about 19.9 % effective, as interest is paid every month."""
    rate = remaining_rates(Scenario(plan_of(LOAN), "minimum"))["loan"]
    assert rate.roots == 1
    assert rate.effective_annual == pytest.approx(0.1988, abs=0.0006)


def test_a_flat_fee_costs_more_than_it_says() -> None:
    """0.6 % a month of the first principal over 12 months: FACTS of the card tables say 13.84 % effective."""
    fee = {key: value for key, value in LOAN.items() if key != "accrued"}
    fee |= {"method": "flat_fee", "fee_per_instalment": "72.00"}
    rate = remaining_rates(Scenario(plan_of(fee), "minimum"))["loan"]
    assert rate.effective_annual == pytest.approx(0.1384, abs=0.001)


def test_an_interest_free_loan_costs_nothing_and_a_cleared_one_has_no_rate() -> None:
    free = LOAN | {"daily_rate": "0"}
    done = LOAN | {"id": "done", "principal": "0.00", "instalments_left": 0}
    rates = remaining_rates(Scenario(plan_of(free, done), "minimum"))
    assert rates["loan"].effective_annual == pytest.approx(0, abs=1e-12)
    assert rates["done"].effective_annual is None
    assert rates["done"].zh
    assert rates["done"].en


def test_what_is_still_owed_at_the_end_counts_as_paid_then() -> None:
    """Nothing is paid for two years: the penalty makes it dearer than the contract."""
    rate = remaining_rates(Scenario(plan_of(LOAN), "stop"))["loan"]
    assert rate.effective_annual is not None
    assert rate.effective_annual > 0.18


def test_recorded_payments_are_past() -> None:
    kept = plan_of(LOAN, today="2026-12-25", paid=[{"date": "2026-12-20", "debt": "loan", "amount": "1180.00"}])
    assert kept.start == date(2026, 12, 25)
    rate = remaining_rates(Scenario(kept, "minimum"))["loan"]
    assert rate.effective_annual == pytest.approx(0.1988, abs=0.001)


def test_a_scenario_without_an_outcome_is_refused() -> None:
    kept = plan_of(LOAN, today="2026-12-25", paid=[{"date": "2026-12-21", "debt": "loan", "amount": "999999.00"}])
    with pytest.raises(ValueError, match=r"paid\[0\]"):
        remaining_rates(Scenario(kept, "minimum"))
