"""Thresholds hold against every budget beside them; what levers change is what the engine says."""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.engine import layout as c
from core.lever_effects import loan_rate, missed_this_month, rank_cuts, rank_help, weigh
from core.lever_readings import first_payday_month, payday_in
from core.levers import (
    FamilyGift,
    FamilyLoan,
    LenderOffer,
    MonthlyBudget,
    NewLoan,
    PlanLever,
    ServiceFee,
    apply_all,
    card_plan,
    monthly_room,
    months_after,
    outside,
    with_budget,
)
from core.plan import Plan, PlanError, plan_from
from core.plan_values import AMOUNT_MAX, HORIZON_MAX
from core.rates import quote_rate
from core.simulate import STRATEGIES, Scenario, simulate, simulate_days, warm
from core.thresholds import Threshold, budget_sweep, highest_offer, readings_of, thresholds, watched_days
from core.verdict import compare
from tests.strategies import plans

YUAN = 100
BAITIAO = {
    "id": "baitiao",
    "name": "白条",
    "kind": "card",
    "daily_rate": "0.0005",
    "balance": "80000",
    "statement_day": 12,
    "due_day": 22,
}
CARD = {**BAITIAO, "id": "card", "name": "卡", "balance": "30000", "statement_day": 5, "due_day": 25}
NET = {
    "id": "net",
    "name": "网贷",
    "kind": "instalment",
    "method": "equal_instalment",
    "annual_rate": "0.18",
    "principal": "20000",
    "instalments_left": 24,
    "due_day": 8,
}
RELATIVES = {
    **NET,
    "id": "relatives",
    "name": "亲戚",
    "method": "equal_principal",
    "annual_rate": "0",
    "principal": "15000",
    "instalments_left": 30,
    "due_day": 28,
    "reported": False,
}


def plan(debts: Sequence[dict[str, Any]], income: str = "8000", needs: str = "4000", **household: Any) -> Plan:
    costs = [("food", needs, True), ("fun", "300", False), ("smoke", "200", False)]
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": "2026-11-12",
            "horizon_months": 120,
            "household": {
                "payday": 15,
                "cash": "0",
                "reserve": "0",
                "incomes": [{"name": "wage", "amount": income}],
                "expenses": [
                    {"name": name, "category": name, "amount": amount, "essential": essential}
                    for name, amount, essential in costs
                ],
                "one_offs": [],
                **household,
            },
            "debts": list(debts),
        }
    )


def many(count: int) -> Plan:
    debts = [{**(CARD if k % 2 else NET), "id": f"d{k}", "due_day": 6 + k % 20} for k in range(count)]
    return plan(debts, income="20000")


THREE = plan([CARD, NET, RELATIVES])


def run(before: Plan, yuan: int, strategy: str) -> tuple[date | None, bool]:
    """What one budget does, asked on every day."""
    far = with_budget(before.model_copy(update={"horizon_months": HORIZON_MAX}), yuan * YUAN)
    outcome = simulate_days([Scenario(far, strategy)], every_day(far))[0]
    free = None if outcome.error is not None else outcome.debt_free_on
    return free, outcome.error is None and not outcome.lines[:, c.N_OVERDUE].any()


def every_day(far: Plan) -> list[date]:
    """Every day from the first payday on: before, no monthly budget can help."""
    first = payday_in(far, first_payday_month(far))
    return [first + timedelta(days=k) for k in range((far.end - first).days + 1)]


def edge(threshold: Threshold) -> int:
    assert threshold.budget is not None
    assert threshold.budget % YUAN == 0
    return threshold.budget // YUAN


def test_five_hundred_a_month_on_eighty_thousand_is_never_enough() -> None:
    """ "I pay 500 a month on 80,000 of 白条, when am I free?" Never; and this would be enough."""
    before = plan([BAITIAO], income="500", needs="0", expenses=[])
    found = thresholds(before, "avalanche")
    assert found.now == 500 * YUAN
    assert edge(found.free) > 500
    assert run(before, 500, "avalanche")[0] is None
    assert run(before, edge(found.free), "avalanche")[0] is not None
    assert run(before, edge(found.free) - 1, "avalanche")[0] is None
    assert found.kept.monotone
    assert run(before, edge(found.kept), "avalanche")[1]
    assert not run(before, edge(found.kept) - 1, "avalanche")[1]
    assert found.free_by is None


@pytest.mark.parametrize("strategy", ["minimum", "avalanche", "snowball", "rescue"])
def test_a_threshold_is_one_yuan_sharp(strategy: str) -> None:
    found = thresholds(THREE, strategy)
    for threshold, which in ((found.free, 0), (found.kept, 1)):
        at, below = (run(THREE, edge(threshold) - k, strategy)[which] for k in (0, 1))
        assert at
        assert not below
    assert found.kept.reading == readings_of([with_far_budget(THREE, edge(found.kept))], strategy, kept=True)[0]


def with_far_budget(before: Plan, yuan: int) -> Plan:
    return with_budget(before.model_copy(update={"horizon_months": HORIZON_MAX}), yuan * YUAN)


def test_how_much_a_month_to_be_free_in_thirty_months() -> None:
    by = months_after(THREE, 30)
    found = thresholds(THREE, "avalanche", free_by=by).free_by
    assert found is not None
    at, below = (run(THREE, edge(found) - k, "avalanche")[0] for k in (0, 1))
    assert at is not None
    assert at <= by
    assert below is None or below > by
    assert (found.by, found.goal) == (by, "free_by")


def test_what_no_budget_can_do_has_no_threshold() -> None:
    """Under `minimum` nobody prepays, so 24 instalments take their 24 months."""
    found = thresholds(THREE, "minimum", free_by=months_after(THREE, 12))
    assert found.free_by is not None
    assert (found.free_by.budget, found.free_by.reading, found.free_by.monotone) == (None, None, True)


def test_arrears_of_today_do_not_hide_what_goes_overdue_later() -> None:
    late = {**NET, "bills": [{"due": "2026-10-08", "principal": "700", "interest": "300"}]}
    found = thresholds(plan([CARD, late]), "rescue")
    assert found.kept.reading is not None
    assert found.kept.reading.kept
    assert found.kept.reading.worst_days > 30
    assert not run(plan([CARD, late]), edge(found.kept) - 1, "rescue")[1]


def test_where_more_helps_less_it_is_said() -> None:
    """A debt that may only be paid off whole takes the cash that was saved for a bill: too early, if there is more."""
    whole = {**NET, "annual_rate": "0", "principal": "12500", "instalments_left": 250, "prepayment": "full_only"}
    bill = {**NET, "id": "bill", "method": "bullet", "annual_rate": "0", "principal": "12000", "due_day": 28}
    bill |= {"instalments_left": 7, "prepayment": "none", "interest_from": "2026-11-12"}
    before = plan([whole, bill], payday=20)
    found = thresholds(before, "avalanche").kept
    assert not found.monotone
    assert found.also_from is not None
    assert found.also_from // YUAN < 2_400 < edge(found)
    held = {yuan: run(before, yuan, "avalanche")[1] for yuan in (found.also_from // YUAN, 2_400, edge(found))}
    assert list(held.values()) == [True, False, True]
    assert not run(before, edge(found) - 1, "avalanche")[1]


@settings(max_examples=40, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large))
@given(plan=plans(max_debts=4, max_horizon_months=24), strategy=st.sampled_from(STRATEGIES))
def test_nothing_overdue_escapes_the_days_that_are_watched(plan: Plan, strategy: str) -> None:
    outcomes = [simulate_days([Scenario(plan, strategy)], days)[0] for days in (watched_days(plan), every_day(plan))]
    assume(outcomes[0].error is None)
    few, every = (bool(outcome.lines[:, c.N_OVERDUE].any()) for outcome in outcomes)
    assert few == every


# -- what cannot be


def test_a_day_outside_is_refused() -> None:
    for day in (THREE.as_of, date(2057, 1, 1)):
        with pytest.raises(PlanError) as caught:
            thresholds(THREE, "minimum", free_by=day)
        assert [(each.place, each.code) for each in caught.value.problems] == [("free_by", "free_by.window")]


def test_a_recorded_payment_that_cannot_be_is_named() -> None:
    payment = {"date": "2026-11-13", "debt": "card", "amount": "90000"}
    changed = plan_from(
        {**plan([CARD]).model_dump(mode="json", by_alias=True), "today": "2026-11-14", "paid": [payment]}
    )
    for ask in (lambda: thresholds(changed, "minimum"), lambda: missed_this_month(changed, ["minimum"])):
        with pytest.raises(PlanError) as caught:
            ask()
        assert [(each.place, each.code) for each in caught.value.problems] == [("paid[0]", "paid.refused")]


def test_without_income_there_is_a_threshold_and_a_sweep_all_the_same() -> None:
    poor = plan([CARD], incomes=[])
    found = thresholds(poor, "avalanche")
    assert found.now == monthly_room(poor) == -4500 * YUAN
    assert edge(found.free) > 0
    sweep = budget_sweep(poor, "avalanche")
    assert (sweep.now, sweep.budgets[0], sweep.around()[0]) == (0, 0, None)


def test_nothing_owed_needs_nothing() -> None:
    nothing = plan([{**CARD, "balance": "0"}])
    found = thresholds(nothing, "avalanche", free_by=months_after(nothing, 1))
    assert [each and each.budget for each in (found.free, found.kept, found.free_by)] == [0, 0, 0]


# -- the range of budgets


def test_the_range_holds_today_and_both_sides_of_it() -> None:
    sweep = budget_sweep(THREE, "avalanche")
    assert sweep.now == monthly_room(THREE)
    below, above = sweep.around()
    assert below is not None
    assert (below.low, below.high, above.high) == (sweep.now - 100 * YUAN, sweep.now, sweep.now + 100 * YUAN)
    costs = [simulate([Scenario(MonthlyBudget(amount=each).apply(THREE), "avalanche")])[0] for each in above[:2]]
    assert above.saved == costs[0].out_of_pocket - costs[1].out_of_pocket
    assert sweep.budgets[0] == 0
    assert sweep.budgets[-1] >= 2 * sweep.now
    assert list(sweep.budgets) == sorted(set(sweep.budgets))
    assert sweep.at(sweep.now).free_on == simulate([Scenario(THREE, "avalanche")])[0].debt_free_on
    assert budget_sweep(THREE, "avalanche", points=5, least_top=90_000 * YUAN).budgets[-1] >= 90_000 * YUAN


def test_a_budget_that_is_never_enough_has_no_gain_in_months() -> None:
    sweep = budget_sweep(plan([BAITIAO], income="500", needs="0", expenses=[]), "avalanche")
    assert sweep.around()[1].sooner is None
    assert sweep.readings[0].free_on is None


# -- what is offered and what is asked


def test_the_highest_offer_is_the_highest_that_is_kept() -> None:
    """One instalment less, and something goes overdue."""
    tight = plan([CARD, NET, RELATIVES], income="8600")
    offer = LenderOffer(debt="net", method="equal_principal", instalments=1, annual_rate=Decimal(0))
    found = highest_offer(tight, offer, "minimum")
    assert found.offer is not None
    assert found.monthly is not None
    count = found.offer.instalments
    assert 1 < count < HORIZON_MAX
    far = tight.model_copy(update={"horizon_months": HORIZON_MAX})
    for each, expected in ((count, True), (count - 1, False)):
        changed = LenderOffer(debt="net", method="equal_principal", instalments=each, annual_rate=Decimal(0)).apply(far)
        outcome = simulate_days([Scenario(changed, "minimum")], every_day(changed))[0]
        assert (not outcome.lines[:, c.N_OVERDUE].any()) == expected
    # 20,000 and the five days' interest that were not due yet, in so many parts.
    assert abs(found.monthly - 2_004_900 / count) < 2_000


def test_where_no_offer_can_be_kept_it_says_who_is_missed() -> None:
    poor = plan([CARD, NET], income="4600")
    found = highest_offer(poor, LenderOffer(debt="net", method="bullet", instalments=1), "minimum")
    assert (found.offer, found.monthly, found.reading.kept) == (None, None, False)
    assert "card" in found.missed
    with pytest.raises(PlanError, match=r"offer\.debt"):
        highest_offer(poor, LenderOffer(debt="who", method="bullet", instalments=1), "minimum")


def test_sixty_instalments_without_interest_save() -> None:
    weighed = weigh(THREE, [card_plan("card", 60)], "avalanche")
    assert weighed.saved is not None
    assert weighed.saved > 0
    assert "dearer" not in weighed.warnings


def test_a_company_that_wants_a_fee_makes_it_dearer() -> None:
    fee = ServiceFee(name="company", amount=5_000 * YUAN)
    weighed = weigh(THREE, [fee], "avalanche")
    assert weighed.saved is not None
    assert weighed.saved < -5_000 * YUAN
    assert weighed.warnings[:3] == ("fee_to_others", "dearer", "later")
    with_promise = weigh(THREE, [fee, card_plan("card", 60)], "avalanche")
    promise = weigh(THREE, [card_plan("card", 60)], "avalanche")
    assert with_promise.saved is not None
    assert promise.saved is not None
    assert with_promise.saved < promise.saved
    assert "fee_to_others" in with_promise.warnings


def new_loan(**more: Any) -> NewLoan:
    terms: dict[str, Any] = {"id": "new", "name": "x", "amount": 60_000 * YUAN, "instalments": 36, "due_day": 20}
    terms |= {"method": "equal_instalment", "annual_rate": Decimal("0.24"), "replaces": ("card", "net")}
    return NewLoan(**(terms | more))


def test_a_dear_loan_only_moves_the_hole() -> None:
    lever = new_loan(fee=3_000 * YUAN, fee_in_advance=1_000 * YUAN)
    weighed = weigh(THREE, [lever], "avalanche")
    assert {"fee_in_advance", "fee_deducted", "dearer", "moves_the_hole"} <= set(weighed.warnings)
    outcomes = simulate([Scenario(each, "avalanche") for each in (THREE, apply_all(THREE, [lever]))])
    # What the new lender hands over is counted as paid to the old ones; it is not the household's.
    own = outcomes[1].out_of_pocket - 57_000 * YUAN + 1_000 * YUAN
    assert weighed.saved == outcomes[0].out_of_pocket - own
    assert outside([lever]) == -56_000 * YUAN


def test_a_cheap_loan_is_no_hole() -> None:
    weighed = weigh(THREE, [new_loan(annual_rate=Decimal("0.05"), amount=51_000 * YUAN)], "avalanche")
    assert weighed.saved is not None
    assert weighed.saved > 0
    assert "moves_the_hole" not in weighed.warnings
    assert "fee_in_advance" not in weighed.warnings


def test_the_true_cost_of_a_loan_counts_its_fees() -> None:
    free = FamilyLoan(id="m", name="m", amount=6_000 * YUAN, instalments=12, due_day=13)
    assert loan_rate(THREE, free).effective_annual == 0
    lever = new_loan(method="equal_principal", annual_rate=Decimal(0), fee=600 * YUAN, instalments=12, due_day=13)
    found = loan_rate(THREE, lever).effective_annual
    monthly = quote_rate(lever.amount, lever.fee, [lever.amount // 12] * 12).effective_annual
    assert found is not None
    assert monthly is not None
    assert found == pytest.approx(monthly, rel=0.01)
    dearer = loan_rate(THREE, new_loan(method="equal_principal", annual_rate=Decimal(0), fee_in_advance=600 * YUAN))
    assert dearer.effective_annual is not None
    assert dearer.effective_annual > 0
    with pytest.raises(PlanError, match=r"loan\.amount"):
        loan_rate(THREE, new_loan(amount=0))


def test_a_brother_who_gives_once_or_every_month() -> None:
    told: list[float] = []
    ways = rank_help(
        THREE, "avalanche", name="brother", once=5_000 * YUAN, monthly=500 * YUAN, months=10, progress=told.append
    )
    assert told[-1] == 1.0
    assert len(ways) == 8
    saved = [way.saved or 0 for way in ways]
    assert saved == sorted(saved, reverse=True)
    best = ways[0]
    again = weigh(THREE, [best.lever], "avalanche")
    assert (again.saved, again.after.free_on) == (best.saved, best.reading.free_on)
    assert {way.given for way in ways if isinstance(way.lever, FamilyGift)} == {5_000 * YUAN}
    assert max(way.given for way in ways) == 5_000 * YUAN
    forever = rank_help(THREE, "avalanche", name="brother", monthly=500 * YUAN)
    assert all(0 < way.given <= 500 * YUAN * (way.reading.months or 0) + 500 * YUAN for way in forever)


def test_cuts_are_ranked_by_what_they_change() -> None:
    cuts = rank_cuts(THREE, "avalanche")
    assert [(cut.lever.expense, cut.freed) for cut in cuts] == [("fun", 300 * YUAN), ("smoke", 200 * YUAN)]
    for cut in cuts:
        lever: list[PlanLever] = [cut.lever]
        assert cut.saved == weigh(THREE, lever, "avalanche").saved
        assert cut.saved is not None
        assert cut.saved_per_hundred is not None
        assert abs(cut.saved_per_hundred * cut.freed - cut.saved * 100 * YUAN) <= cut.freed
    assert len(rank_cuts(THREE, "avalanche", essential=True)) == 3
    bare = plan([CARD], expenses=[])
    assert rank_cuts(bare, "avalanche") == []


def test_below_the_minimums_each_order_misses_somebody_else() -> None:
    short = plan([CARD, NET, RELATIVES], income="5500")
    found = {each.strategy: each for each in missed_this_month(short, STRATEGIES)}
    assert found["stop"].debts.keys() == {"net", "relatives"}, "the card's first minimum comes due on 25 December"
    assert found["stop"].until == date(2026, 12, 14)
    assert found["stop"].cost > 0
    assert found["stop"].reported == ("net",)
    after = {key: each.debts for key, each in found.items() if key != "stop"}
    assert after["rescue"].keys() == {"relatives"}
    assert found["rescue"].reported == ()
    outcomes = simulate_days([Scenario(short, "rescue")], [date(2026, 12, 14)])
    late: Any = outcomes[0].debts_frame().set_index("debt")["days_past_due"]
    assert {key for key in ("card", "net", "relatives") if late[key] > 0} == set(after["rescue"])


def test_which_first_when_free_at_what_cost() -> None:
    """ "Income 8,000, needs 4,000, a card, a net loan and relatives": one call, and the comparison that pages use."""
    outcomes = simulate([Scenario(THREE, strategy) for strategy in STRATEGIES])
    verdict = compare(outcomes)
    assert STRATEGIES[verdict.best] == "avalanche"
    assert outcomes[verdict.best].debt_free_on is not None


# -- reach


def test_searches_answer_while_someone_waits() -> None:
    warm()
    eight, told = many(8), list[float]()
    offer = LenderOffer(debt="d0", method="equal_principal", instalments=1, annual_rate=Decimal(0))
    started = time.perf_counter()
    thresholds(eight, "avalanche", free_by=months_after(eight, 30), progress=told.append)
    took = time.perf_counter() - started
    highest_offer(eight, offer, "minimum")
    assert took < 3, "half a second on an idle machine; the limit leaves room for a busy one"
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_forty_debts_over_thirty_years() -> None:
    forty, told = many(40).model_copy(update={"horizon_months": HORIZON_MAX}), list[float]()
    found = thresholds(forty, "rescue", progress=told.append)
    assert found.free.budget is not None
    assert found.free.budget <= AMOUNT_MAX
    assert len(told) > 4
    assert len(budget_sweep(forty, "rescue", progress=told.append).readings) > 30
