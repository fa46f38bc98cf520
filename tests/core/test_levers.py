"""Levers keep a plan valid, and do what they say and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.household import checked as checked_household
from core.household import household_of
from core.household_models import HouseholdDocument, Lever, Offer
from core.levers import (
    KINDS,
    MONTHLY_BUDGET,
    AddIncome,
    CutExpense,
    FamilyGift,
    FamilyLoan,
    FamilyMonthly,
    LenderOffer,
    MonthlyBudget,
    NewLoan,
    PlanLever,
    SellSomething,
    ServiceFee,
    applied,
    apply_all,
    as_option,
    card_plan,
    first_day,
    first_payday_month,
    lever_from,
    living_costs_range,
    longer,
    lower_rate,
    monthly_income,
    monthly_living_costs,
    monthly_room,
    months_after,
    outside,
    paused,
    recorded_debt,
    reported_days,
    waived,
    with_living_costs,
)
from core.plan import Income, InstalmentDebt, OneOff, Plan, PlanError, dump_plan, parse_plan, plan_from, to_mapping
from core.plan_values import AMOUNT_MAX
from core.simulate import Scenario, simulate, simulate_days, simulate_ledger

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


# -- levers that are listed

DRAWN = date(2026, 11, 13)


def household_plan(**more: Any) -> Plan:
    """A household of two debts, income, two expenses and five years."""
    made = to_mapping(
        plan(
            incomes=[{"name": "wage", "amount": "3000"}],
            expenses=[expense("1000"), {**expense("400", cut="0.25"), "name": "fun", "essential": False}],
        )
    )
    return plan_from(made | {"horizon_months": 60} | more)


def loan(**more: Any) -> NewLoan:
    terms: dict[str, Any] = {"id": "new", "name": "bank", "amount": 8_000_00, "instalments": 24, "due_day": 20}
    terms |= {"method": "equal_instalment", "annual_rate": Decimal("0.08"), "replaces": ("card", "loan")}
    return NewLoan(**(terms | more))


EVERY: list[PlanLever] = [
    CutExpense(expense="fun", share=Decimal("0.5")),
    AddIncome(name="night shift", amount=600_00, from_month=2026 * 12 + 11, until_month=2027 * 12 + 5),
    SellSomething(name="camera", amount=900_00, date=date(2026, 12, 1), for_debt="loan"),
    MonthlyBudget(amount=0),
    LenderOffer(
        debt="loan",
        date=date(2026, 12, 1),
        method="equal_principal",
        instalments=60,
        waive_penalty=Decimal(1),
        first_due=date(2027, 2, 8),
        annual_rate=Decimal(0),
        never_accelerates=True,
    ),
    loan(fee=10_00, fee_in_advance=5_00, reported=False),
    FamilyGift(name="brother", amount=5_000_00, for_debt="card"),
    FamilyMonthly(name="brother", amount=500_00, until_month=2027 * 12),
    FamilyLoan(id="mother", name="mother", amount=2_000_00, instalments=10, due_day=1, first_due=date(2027, 6, 1)),
    ServiceFee(name="company", amount=300_00),
]


@pytest.mark.parametrize("lever", EVERY, ids=lambda lever: lever.kind)
def test_every_lever_is_kept_in_a_document_and_pulled_from_it(lever: PlanLever) -> None:
    before = household_plan()
    option = as_option(lever, "x", "so called")
    assert isinstance(option, Offer) == isinstance(lever, LenderOffer)
    assert lever_from(option.kind, option.params) == lever
    document = household_of(before)
    chosen = option.model_copy(update={"state": "chosen"})
    key = "offers" if isinstance(chosen, Offer) else "levers"
    kept = checked_household(document.model_copy(update={key: (chosen, option.model_copy(update={"id": "y"}))}))
    after = applied(kept)
    assert after == lever.apply(before) != before
    assert parse_plan(dump_plan(after)) == after
    assert before == household_plan()
    assert applied(kept.model_copy(update={key: (option,)})) == before, "what is not chosen is not pulled"


def test_every_kind_has_its_case() -> None:
    assert {lever.kind for lever in EVERY} == set(KINDS)


def test_a_budget_is_one_income_from_the_first_payday_on() -> None:
    before = household_plan(today="2026-11-20")
    after = MonthlyBudget(amount=500_00).apply(before)
    first = Income(name=MONTHLY_BUDGET, amount=500_00, from_month=2026 * 12 + 11)
    assert (after.household.incomes, after.household.expenses) == ((first,), ())
    assert after.debts is before.debts
    cash = simulate([Scenario(after, "stop")])[0].totals_frame().set_index("date")["cash"]
    assert (cash["2026-11-30"], cash["2026-12-31"], cash["2027-02-28"]) == (0, 500_00, 1_500_00)


def test_a_cut_and_an_income_reach_the_first_payday() -> None:
    before = household_plan()
    levers: list[PlanLever] = [CutExpense(expense="fun", share=Decimal(1)), AddIncome(name="x", amount=50_00)]
    assert monthly_room(apply_all(before, levers)) == monthly_room(before) + 300_00 + 50_00
    everything = [CutExpense(expense=name, share=Decimal(1)) for name in ("x", "fun")]
    assert monthly_room(apply_all(before, everything)) == monthly_income(before)
    assert apply_all(before, []) is before


def test_help_straight_to_a_lender_is_paid_every_payday() -> None:
    after = FamilyMonthly(name="b", amount=100_00, until_month=2027 * 12, for_debt="loan").apply(household_plan())
    assert after.household.one_offs == tuple(
        OneOff(name="b", date=day, amount=100_00, for_debt="loan")
        for day in (date(2026, 11, 15), date(2026, 12, 15), date(2027, 1, 15))
    )


def test_sixty_instalments_of_a_card_without_interest() -> None:
    after = card_plan("card", 60).apply(household_plan())
    book: Any = simulate_ledger([Scenario(after, "minimum")])[0]
    due = book[(book["debt"] == "card") & (book["kind"] == "due")]
    # Of interest, the days up to the change are left: they are capitalised. The fees of 12.50 are forgiven.
    assert len(due) == 60
    assert due["interest"].sum() == 0
    assert due["amount"].sum() == 1_000_00 + 8 * 50
    outcome = simulate([Scenario(after, "minimum")])[0]
    assert (outcome.total_waived, outcome.cleared["card"]) == (12_50, date(2031, 10, 25))


def test_the_usual_offers_keep_the_rest_of_the_terms() -> None:
    before = household_plan()
    assert longer(before, "loan", 24) == LenderOffer(debt="loan", method="equal_principal", instalments=24)
    lower = lower_rate(before, "loan", Decimal("0.04"))
    assert (lower.method, lower.instalments, lower.annual_rate) == ("equal_principal", 5, Decimal("0.04"))
    rest = paused(before, "loan", 6)
    assert (rest.instalments, rest.first_due) == (5, date(2027, 6, 8))
    later = plan_from(to_mapping(before) | {"today": "2027-01-20"})
    assert lower_rate(later, "loan", Decimal(0)).instalments == 3
    assert lower_rate(rest.apply(before), "loan", Decimal(0)).instalments == 5
    assert waived(before, "card").instalments == 60
    after = waived(before, "loan").apply(before)
    figures: Any = simulate_days([Scenario(after, "stop")], [DRAWN])[0].debts_frame().set_index("debt")
    assert figures["waived"]["loan"] == 90_10 + 3_60 + 7_25 + 2_50 + 75  # one day on 5,000, half as much again on 1,000
    with pytest.raises(KeyError):
        paused(before, "nobody", 3)


@pytest.mark.parametrize("today", [None, "2027-01-20"])
@pytest.mark.parametrize("method", ["equal_instalment", "bullet"])
def test_a_new_loan_costs_from_the_day_on_which_it_pays_the_old_debts_off(today: str | None, method: Any) -> None:
    """To the fen as if it had been entered on that day as a debt of its own, with or without a `today`."""
    before = household_plan(today=today) if today else household_plan()
    lever = loan(method=method, amount=12_000_00, fee=100_00)
    after = lever.apply(before)
    drawn = first_day(before)
    outcome = simulate([Scenario(after, "minimum")])[0]
    assert outcome.cleared["card"] == outcome.cleared["loan"] == drawn
    paid = [one.amount for one in after.household.one_offs]
    assert sum(paid) == 12_000_00 - 100_00 == -lever.outside
    alone = after.debts[-1]
    assert isinstance(alone, InstalmentDebt)
    entered = InstalmentDebt(
        id="new",
        name="bank",
        kind="instalment",
        method=method,
        annual_rate=Decimal("0.08"),
        principal=12_000_00,
        instalments_left=24,
        due_day=20,
        interest_from=drawn,
    )
    rich = before.household.model_copy(update={"cash": AMOUNT_MAX})
    plans = [
        before.model_copy(update={"household": rich, "debts": (alone,)}),
        before.model_copy(update={"household": rich, "debts": (entered,), "as_of": drawn, "today": None}),
    ]
    written, known = (cast(Any, book) for book in simulate_ledger([Scenario(each, "minimum") for each in plans]))
    assert len(known)
    assert written.equals(known)


def test_a_family_loan_brings_cash_and_is_paid_back() -> None:
    before = household_plan()
    lever = FamilyLoan(id="m", name="m", amount=1_000_00, instalments=3, due_day=20, first_due=date(2027, 8, 20))
    after = lever.apply(before)
    outcome = simulate([Scenario(after, "minimum")])[0]
    assert outcome.cleared["m"] == date(2027, 10, 20)
    assert outcome.total_cost <= simulate([Scenario(before, "minimum")])[0].total_cost
    assert outside([lever, ServiceFee(name="x", amount=70_00)]) == -930_00


# -- what cannot be done is said, all of it, and nothing is lost


def trouble(make: Callable[[], object]) -> list[str]:
    with pytest.raises(PlanError) as caught:
        make()
    for each in caught.value.problems:
        assert each.zh
        assert each.en
        assert "{" not in each.zh + each.en
    return [f"{each.place} {each.code}" for each in caught.value.problems]


CLEARED = {**LOAN, "id": "done", "principal": "0", "instalments_left": 0, "bills": [], "penalty": "0", "accrued": "0"}
REFUSED: dict[str, tuple[PlanLever, list[str]]] = {
    "a budget below 0": (MonthlyBudget(amount=-1), ["lever.amount amount.range"]),
    "a budget beyond a plan": (MonthlyBudget(amount=AMOUNT_MAX + 1), ["lever.amount amount.range"]),
    "a cut of nothing": (CutExpense(expense="rent", share=Decimal(1)), ["lever.expense cut.nobody"]),
    "a cut that is none": (CutExpense(expense="fun", share=Decimal("0.25")), ["lever.share cut.less"]),
    "a share above 1": (CutExpense(expense="fun", share=Decimal(2)), ["lever.share rate.range"]),
    "a sale that is over": (SellSomething(name="x", amount=1, date=date(2026, 11, 12)), ["lever.date lever.early"]),
    "an income that is over": (
        AddIncome(name="x", amount=1, until_month=2026 * 12 + 9),
        ["lever.until_month lever.month_early"],
    ),
    "a gift to nobody": (FamilyGift(name="x", amount=1, for_debt="who"), ["lever.for_debt for.nobody"]),
    "a gift to a cleared debt": (FamilyGift(name="x", amount=1, for_debt="done"), ["lever.for_debt debt.cleared"]),
    "months to a lender that are none": (
        FamilyMonthly(name="x", amount=1, from_month=2028 * 12, until_month=2027 * 12, for_debt="card"),
        ["lever.until_month until.early"],
    ),
    "an offer to a cleared debt": (
        LenderOffer(debt="done", method="bullet", instalments=1),
        ["lever.debt debt.cleared"],
    ),
    "a card plan that is too long": (card_plan("card", 61), ["lever.instalments offer.card_long"]),
    "an offer of two rates": (
        LenderOffer(debt="loan", method="bullet", instalments=1, daily_rate=Decimal(0), annual_rate=Decimal(0)),
        ["lever rate.both"],
    ),
    "a first due date on another day": (
        LenderOffer(debt="loan", method="bullet", instalments=1, first_due=date(2026, 12, 9)),
        ["lever.first_due first_due.day"],
    ),
    "a loan smaller than what it replaces": (loan(amount=7_000_00), ["lever.amount loan.small"]),
    "a loan that its fee makes too small": (loan(fee=1_500_00), ["lever.amount loan.small"]),
    "a loan for its own fee": (loan(fee=8_000_00), ["lever.fee loan.fee"]),
    "a loan for a debt named twice": (loan(replaces=("card", "card")), ["lever.replaces loan.twice"]),
    "a loan for a cleared debt": (loan(replaces=("card", "done")), ["lever.replaces debt.cleared"]),
    "a loan for a debt that takes no prepayment": (
        loan(replaces=("card", "fixed"), amount=90_000_00),
        ["lever.replaces loan.no_prepayment"],
    ),
    "a loan of a known name": (loan(id="card"), ["lever.id id.taken"]),
    "a loan of two rates": (loan(daily_rate=Decimal("0.0001")), ["lever rate.both"]),
    "several values at once": (
        loan(amount=0, due_day=32, instalments=0),
        ["lever.amount amount.range", "lever.instalments whole.range", "lever.due_day whole.range"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_done_is_said(name: str) -> None:
    lever, expected = REFUSED[name]
    before = household_plan(debts=[CARD, LOAN, CLEARED, {**LOAN, "id": "fixed", "prepayment": "none"}])
    copy = before.model_copy(deep=True)
    assert trouble(lambda: lever.apply(before)) == expected
    assert before == copy


def test_parameters_are_judged_all_at_once() -> None:
    assert trouble(lambda: lever_from("mend", {}, "levers[1]")) == ["levers[1] lever.kind"]
    params = {"name": None, "amount": 5, "date": "2026-02-30", "to": "x"}
    assert trouble(lambda: lever_from("sell", params, "levers[1].params")) == [
        "levers[1].params.amount amount.type",
        "levers[1].params.date date.no_such_day",
        "levers[1].params.to field.unknown",
        "levers[1].params.name field.missing",
    ]
    assert trouble(lambda: lever_from("new_loan", {**dict(loan().to_params()), "replaces": "card"})) == [
        "lever.replaces list.type"
    ]


def test_levers_that_contradict_each_other_are_refused_together() -> None:
    offer = LenderOffer(debt="loan", method="bullet", instalments=1)
    levers: list[PlanLever] = [MonthlyBudget(amount=1), CutExpense(expense="fun", share=Decimal(1)), offer]
    levers += [MonthlyBudget(amount=2), replace(offer, instalments=12), loan()]
    assert trouble(lambda: apply_all(household_plan(), levers)) == [
        "levers[3] budget.twice",
        "levers[4] offer.twice",
        "levers[1] budget.and_cut",
        "levers[2] offer.replaced",
    ]
    agreed = offer.apply(household_plan())
    assert trouble(lambda: offer.apply(agreed)) == ["lever.date offer.same_day"]
    assert trouble(lambda: apply_all(household_plan(), [loan(), loan(id="other")])) == [
        "levers[1].replaces debt.cleared"
    ]


def test_every_lever_that_cannot_be_pulled_is_named_and_the_document_stays() -> None:
    wrong = [as_option(REFUSED[name][0], name) for name in ("a cut of nothing", "a gift to nobody")]
    unread = Lever(id="z", kind="mend", params=())
    document: HouseholdDocument = household_of(household_plan()).model_copy(
        update={"levers": tuple(each.model_copy(update={"state": "chosen"}) for each in (*wrong, unread))}
    )
    assert trouble(lambda: applied(document)) == ["levers[2].params lever.kind"]
    readable = document.model_copy(update={"levers": document.levers[:2]})
    assert trouble(lambda: applied(readable)) == ["levers[0].expense cut.nobody", "levers[1].for_debt for.nobody"]
    assert len(checked_household(document).levers) == 3


def test_a_plan_that_is_full_says_so() -> None:
    full = household_plan(debts=[{**LOAN, "id": f"d{k}"} for k in range(40)], horizon_months=360)
    borrowed = FamilyLoan(id="m", name="m", amount=1, instalments=1, due_day=1)
    assert trouble(lambda: borrowed.apply(full)) == ["lever limit.debts"]
    assert trouble(lambda: FamilyMonthly(name="b", amount=1, for_debt="d1").apply(full)) == ["lever limit.one_offs"]
    incomes = [{"name": "i", "amount": "1"}] * 40
    crowded = household_plan(household={**cast("dict[str, Any]", to_mapping(full)["household"]), "incomes": incomes})
    assert trouble(lambda: AddIncome(name="i", amount=1).apply(crowded)) == ["lever limit.incomes"]


def test_months_after_the_start() -> None:
    assert months_after(plan("2027-08-31"), 6) == date(2028, 2, 29)
    assert first_day(plan("2026-12-31")) - timedelta(days=1) == date(2026, 12, 31)
