"""The next payments are those of the ledger, no fen more or less, each with what it is for."""

from datetime import timedelta
from typing import Any

import pytest

from core.levers import months_after
from core.plan import Payment, Plan
from core.positions import Refused
from core.simulate import STRATEGIES, Scenario, simulate_ledger
from core.upcoming import MONTHS, Upcoming, upcoming
from pages.shared import session


def listed(name: str, strategy: str) -> tuple[Plan, tuple[Upcoming, ...]]:
    plan = session.sample_plan(name)
    return plan, upcoming(plan, strategy)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", session.samples())
def test_the_list_sums_to_what_the_ledger_paid(name: str, strategy: str) -> None:
    plan, found = listed(name, strategy)
    last = months_after(plan, MONTHS)
    ledger: Any = simulate_ledger([Scenario(plan, strategy)])[0]
    paid = ledger[(ledger["kind"] == "paid") & (ledger["date"] > str(plan.start)) & (ledger["date"] <= str(last))]
    assert sum(each.amount for each in found) == int(paid["amount"].sum())
    assert all(0 <= each.asked <= each.amount and plan.start < each.day <= last for each in found)
    assert len({(each.day, each.debt) for each in found}) == len(found)
    places = [debt.id for debt in plan.debts]
    assert list(found) == sorted(found, key=lambda each: (each.day, places.index(each.debt)))


@pytest.mark.parametrize("name", session.samples())
def test_nothing_is_paid_ahead_where_only_dues_are_paid(name: str) -> None:
    _, found = listed(name, "minimum")
    assert found
    assert all(each.asked == each.amount for each in found if each.purpose != "given")


def test_what_is_overdue_is_caught_up_first() -> None:
    _, found = listed("first_missed_weilidai", "avalanche")
    assert (found[0].debt, found[0].purpose, found[0].asked) == ("weilidai", "late", found[0].amount)


def test_what_is_paid_ahead_is_told_apart_from_what_is_due() -> None:
    _, found = listed("halved_income", "avalanche")
    assert (found[0].debt, found[0].purpose, found[0].asked) == ("cmb", "extra", 0)


def test_what_somebody_else_pays_is_told() -> None:
    _, found = listed("family_that_helps", "stop")
    assert [(each.debt, each.amount, each.purpose) for each in found] == [("wangshang", 2_000_000, "given")]


def test_the_last_payment_is_told() -> None:
    plan = session.sample_plan("small_shop")
    rich = plan.model_copy(update={"household": plan.household.model_copy(update={"cash": 900_000_000})})
    assert {each.purpose for each in upcoming(rich, "avalanche")} == {"last"}


def test_nothing_is_listed_where_nothing_is_paid() -> None:
    assert listed("halved_income", "stop")[1] == ()


def test_a_recorded_payment_that_no_debt_can_take_is_refused() -> None:
    plan = session.sample_plan("halved_income")
    day = plan.start + timedelta(days=1)
    wild = plan.model_copy(update={"today": day, "paid": (Payment(date=day, debt="cmb", amount=900_000_000),)})
    with pytest.raises(Refused):
        upcoming(wild, "avalanche")
