"""The order that is told is the order in which the engine pays."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.levers import first_day, longer
from core.plan import Plan
from core.simulate import STRATEGIES, Scenario, simulate_ledger
from core.why import why
from pages.shared import session

SAMPLES = session.samples()


def with_cash(plan: Plan, fen: int) -> Plan:
    """Give a plan so much to pay with on its first decision day, and nothing besides."""
    household = plan.household.model_copy(update={"cash": fen, "reserve": 0, "incomes": (), "expenses": ()})
    return plan.model_copy(update={"household": household, "horizon_months": 1})


def in_turn(plan: Plan, strategy: str) -> list[str]:
    """Give the debts in the order in which the first decision gives each something, paid or set aside."""
    ledger = simulate_ledger([Scenario(plan, strategy)])[0]
    rows = ledger[ledger["kind"].isin(["paid", "set_aside"]) & (ledger["date"] == str(first_day(plan)))]
    return list(dict.fromkeys(rows["debt"].tolist()))


@pytest.mark.parametrize("strategy", [one for one in STRATEGIES if one != "stop"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_engine_pays_in_the_order_that_is_told(name: str, strategy: str) -> None:
    """With money for everything: first all that is asked for, by the first order, then the rest by the second."""
    plan = with_cash(session.sample_plan(name), 900_000_000)
    found = why(plan, strategy)
    asked = set(in_turn(plan, "minimum"))
    told = [place.debt for place in found.first if place.debt in asked]
    told += [place.debt for place in found.rest if place.debt not in asked and place.prepayment != "none"]
    assert in_turn(plan, strategy) == told


@pytest.mark.parametrize("strategy", [one for one in STRATEGIES if one != "stop"])
def test_scarce_money_goes_to_the_first_that_asks(strategy: str) -> None:
    plan = session.sample_plan("cards_and_jiebei_past_90_days")
    assert in_turn(with_cash(plan, 100), strategy) == [why(plan, strategy).first[0].debt]


def test_orders_go_by_what_they_say() -> None:
    plan = session.sample_plan("cards_and_jiebei_past_90_days")
    rates = [place.rate for place in why(plan, "avalanche").first]
    assert rates == sorted(rates, reverse=True)
    owed = [place.owed for place in why(plan, "snowball").first]
    assert owed == sorted(owed)
    days = [place.days_past_due for place in why(plan, "rescue").rest]
    assert days == sorted(days, reverse=True)
    assert [place.debt for place in why(plan, "custom").first] == [debt.id for debt in plan.debts]


def test_reported_debts_come_before_others() -> None:
    plan = session.sample_plan("family_that_helps")
    hidden = plan.debts[0].model_copy(update={"reported": False})
    made = plan.model_copy(update={"debts": (hidden, *plan.debts[1:])})
    found = why(made, "rescue")
    reported = [place.reported for place in found.first]
    assert reported == sorted(reported, reverse=True)
    assert found.first_by == "reported"
    assert found.rest_by == "days"


def test_nobody_is_paid_by_who_pays_nothing_and_nothing_beyond_dues_by_who_pays_dues() -> None:
    plan = session.sample_plan("halved_income")
    assert why(plan, "stop").first == why(plan, "stop").rest == why(plan, "minimum").rest == ()
    assert why(plan, "minimum").first


def test_paid_off_debts_have_no_place() -> None:
    plan = session.sample_plan("halved_income")
    gone = plan.debts[2].model_copy(update={"balance": 0, "accrued": 0})
    made = plan.model_copy(update={"debts": (*plan.debts[:2], gone)})
    assert [place.debt for place in why(made, "custom").first] == [debt.id for debt in plan.debts[:2]]


def test_the_rate_of_a_flat_fee_counts_what_is_left() -> None:
    plan = session.sample_plan("small_shop")
    debt = next(each for each in plan.debts if each.id == "fenqi")
    place = next(each for each in why(plan, "avalanche").first if each.debt == "fenqi")
    assert debt.kind == "instalment"
    left = debt.instalments_left
    assert place.rate == Fraction(debt.fee_per_instalment * left * 24, debt.principal * (left + 1))


def test_agreed_terms_count_from_their_day() -> None:
    plan = session.sample_plan("halved_income")
    offer = longer(plan, "cmb", 12)
    made = type(offer)(**{**offer.__dict__, "annual_rate": Decimal(0), "prepayment": "none"}).apply(plan)
    place = next(each for each in why(made, "avalanche").first if each.debt == "cmb")
    assert (place.rate, place.prepayment) == (0, "none")
    before = next(each for each in why(plan, "avalanche").first if each.debt == "cmb")
    assert (before.rate, before.prepayment) == (Fraction(73, 400), "any")
