"""What a lender is told: the engine's figures, an offer that can be kept or none, only rules that fit the lender."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest

from core import simulate
from core.aftermath import Known, caps, with_caps
from core.approach import (
    LICENSED,
    Approach,
    Manner,
    approach,
    collection_rules_for,
    help_for,
    manner_of,
    offers_by_debt,
    order_of,
    refusals_for,
    rules_for,
)
from core.decided import decided
from core.facts import facts
from core.household import HouseholdDocument, household_of
from core.lateness import Lateness, lateness
from core.levers import LenderOffer, as_option, card_plan, longer
from core.plan import Plan, dump_plan, parse_plan
from core.thresholds import readings_of
from pages.shared import session

MANNERS: tuple[Manner, ...] = ("card", "maybe_card", "bank", "platform", "private", "family")
FIRST = session.sample_plan("first_missed_weilidai")
WORST = session.sample_plan("budget_below_minimums")


@pytest.fixture(scope="module", autouse=True)
def warm_engine() -> None:
    simulate.warm()


def late(plan: Plan) -> Lateness:
    return _late(dump_plan(plan))


@cache
def _late(written: str) -> Lateness:
    plan = parse_plan(written)
    answer = lateness(with_caps(plan, caps(plan, {})))
    assert answer is not None
    return answer


def with_offer(plan: Plan, offer: LenderOffer) -> HouseholdDocument:
    option = as_option(offer, "o1").model_copy(update={"state": "chosen"})
    return household_of(plan).model_copy(update={"offers": (option,)})


def asked(plan: Plan, debt: str, known: Known | None = None, offer: LenderOffer | None = None) -> Approach:
    document = household_of(plan) if offer is None else with_offer(plan, offer)
    return approach(late(plan), known or Known(), decided(document), debt, "avalanche")


def every() -> list[tuple[str, str]]:
    return [(name, debt.id) for name in session.samples() for debt in session.sample_plan(name).debts]


# -- who is spoken to


@pytest.mark.parametrize(
    ("product", "manner"),
    [
        ("credit_card", "card"),
        ("weilidai_10", "bank"),
        ("bank_loan", "bank"),
        ("jiebei", "platform"),
        ("huabei_carried", "platform"),
        ("private_loan", "private"),
        ("family_loan", "family"),
        (None, "maybe_card"),
        ("no_such_product", "maybe_card"),
    ],
)
def test_the_product_says_who_is_spoken_to(product: str | None, manner: Manner) -> None:
    card = next(debt for debt in FIRST.debts if debt.kind == "card")
    assert manner_of(card, Known(product)) == manner


def test_a_person_of_whom_nothing_is_known_is_spoken_to_as_family() -> None:
    debt = FIRST.debts[0].model_copy(update={"reported": False})
    assert manner_of(debt, Known()) == "family"


def test_what_is_overdue_comes_first_then_what_has_an_offer() -> None:
    order = order_of(late(FIRST), ("huabei",))
    assert order == ("weilidai", "huabei", "cmb")
    assert order_of(late(FIRST), ())[0] == "weilidai"


def test_a_debt_that_is_paid_off_is_not_listed() -> None:
    paid = FIRST.debts[1].model_copy(update={"balance": 0, "fees": 0, "statements": (), "accrued": 0})
    plan = FIRST.model_copy(update={"debts": (FIRST.debts[0], paid, *FIRST.debts[2:])})
    assert paid.id not in order_of(late(plan), ())


# -- figures


def test_what_is_owed_and_since_when_is_what_the_engine_says() -> None:
    answer, found = late(FIRST), asked(FIRST, "weilidai")
    assert found.owed == answer.owed(FIRST.start, "weilidai")
    assert found.total == answer.total(FIRST.start, "weilidai")
    assert (found.overdue_since, found.days_late) == (date(2026, 11, 8), 4)
    assert found.due is not None
    assert found.due.amount == 148350
    current = asked(FIRST, "cmb")
    assert (current.overdue_since, current.days_late) == (None, 0)


@pytest.mark.parametrize(("sample", "debt"), every())
def test_a_sum_that_is_found_can_be_kept_and_else_none_is_named(sample: str, debt: str) -> None:
    plan = session.sample_plan(sample)
    found = asked(plan, debt)
    assert found.needed
    if found.proposal is None:
        assert 0 <= found.able <= late(plan).total(plan.start, debt)
        return
    far = found.proposal.offer.apply(plan).model_copy(update={"horizon_months": 360})
    ways = [readings_of([far], way, kept=True)[0].kept for way in ("minimum", "avalanche")]
    assert any(ways)
    assert not found.proposal.chosen
    bills = found.proposal.bills
    assert list(bills) == sorted(bills)
    assert found.proposal.most == max(fen for _, fen in bills)
    # All of the principal that is owed comes back through the bills.
    assert sum(fen for _, fen in bills) >= found.owed["principal"]


def test_shares_of_what_can_be_paid_do_not_exceed_it() -> None:
    shares = [asked(WORST, debt.id).able for debt in WORST.debts]
    assert 0 < sum(shares) <= 150000
    assert all(share % 100 == 0 for share in shares)


def test_where_nothing_is_left_nothing_is_named() -> None:
    poor = WORST.household.model_copy(update={"incomes": ()})
    found = asked(WORST.model_copy(update={"household": poor}), WORST.debts[0].id)
    assert (found.proposal, found.able) == (None, 0)


def test_no_talk_is_needed_where_all_is_paid_on_time() -> None:
    rich = FIRST.household.model_copy(update={"cash": 100_000_00})
    plan = FIRST.model_copy(update={"household": rich, "debts": FIRST.debts[1:]})
    assert not asked(plan, "cmb").needed


def test_the_chosen_offer_is_what_is_asked_for() -> None:
    offer = card_plan("cmb", 24)
    found = asked(FIRST, "cmb", offer=offer).proposal
    assert found is not None
    assert (found.chosen, found.offer, len(found.bills)) == (True, offer, 24)
    assert found.asked == ("no_interest", "fees")
    # The agreement begins a day later, so one more day of interest is in it, and nothing else.
    assert sum(fen for _, fen in found.bills) == late(FIRST).total(FIRST.start + timedelta(1), "cmb")
    assert set(offers_by_debt(decided(with_offer(FIRST, offer)))) == {"cmb"}


def test_a_chosen_offer_that_cannot_be_kept_is_told() -> None:
    offer = longer(WORST, "weilidai", 2)
    found = asked(WORST, "weilidai", offer=offer).proposal
    assert found is not None
    assert found.missed
    assert set(found.missed) <= {debt.id for debt in WORST.debts}


def test_an_offer_says_all_that_it_asks_for() -> None:
    offer = LenderOffer(
        debt="weilidai",
        method="equal_principal",
        instalments=12,
        annual_rate=Decimal("0.1"),
        waive_penalty=Decimal(1),
        waive_principal=Decimal("0.1"),
    )
    found = asked(FIRST, "weilidai", offer=offer).proposal
    assert found is not None
    assert found.asked == ("lower_rate", "principal", "penalty")


def test_a_loan_whose_principal_comes_at_the_end_is_offered_monthly_sums() -> None:
    shop = session.sample_plan("small_shop")
    proposal = asked(shop, "jingying").proposal
    assert proposal is not None
    assert proposal.offer.method == "equal_instalment"
    assert proposal.level


def test_a_card_of_a_bank_is_asked_for_without_interest_and_what_may_be_none_is_not() -> None:
    card, other = asked(FIRST, "cmb", Known("credit_card")).proposal, asked(FIRST, "cmb").proposal
    assert card is not None
    assert other is not None
    assert "no_interest" in card.asked
    assert other.asked == ()


def test_no_such_debt_is_a_slip_of_the_caller() -> None:
    with pytest.raises(KeyError):
        asked(FIRST, "nobody")
    with pytest.raises(KeyError):
        rules_for(FIRST, "nobody", Known())


# -- rules


def keys(debt: str, known: Known) -> set[str]:
    return {rule.key for rule in rules_for(FIRST, debt, known)}


def test_article_seventy_is_for_cards_of_banks_only() -> None:
    assert {"card_replan", "card_replan_stop"} <= keys("cmb", Known("credit_card"))
    assert "card_replan_if" in keys("cmb", Known())
    for product in ("huabei_carried", "baitiao_carried"):
        assert not [key for key in keys("cmb", Known(product)) if key.startswith("card_")]
    for product in ("weilidai_10", "jiebei", "bank_loan", "private_loan", None):
        assert not [key for key in keys("weilidai", Known(product)) if key.startswith("card_")]


def test_the_ceiling_is_that_of_the_kind_of_lender() -> None:
    assert "cap_licensed" in keys("weilidai", Known("weilidai_10"))
    assert "cap_private_unknown" in keys("weilidai", Known("private_loan"))
    (cap,) = [rule for rule in rules_for(FIRST, "weilidai", private(date(2024, 6, 15))) if rule.key.startswith("cap_")]
    assert (cap.key, cap.params["rate"], cap.kind) == ("cap_private", Decimal("0.138"), "law")
    licensed = next(rule for rule in rules_for(FIRST, "weilidai", Known()) if rule.key == "cap_licensed")
    assert licensed.params["rate"] == facts().at("rates.licensed_cap", FIRST.start).decimal


def private(agreed: date) -> Known:
    return Known("private_loan", agreed)


def test_family_hears_of_no_law() -> None:
    assert rules_for(FIRST, "weilidai", Known("family_loan")) == ()
    assert collection_rules_for("family", FIRST.start) == ()
    assert help_for("family") == ()
    assert {rule.kind for rule in refusals_for("family", FIRST.start)} == {"advice"}


def test_the_table_of_costs_is_for_new_loans_only() -> None:
    start = facts()["rates.cost_table_duty"].values[0].start
    assert "cost_table" in keys("weilidai", Known("weilidai_10", start))
    assert "cost_table" not in keys("weilidai", Known("weilidai_10", start - timedelta(1)))
    assert "cost_table" not in keys("weilidai", private(start))


@pytest.mark.parametrize("manner", MANNERS)
def test_every_rule_names_who_says_so_or_is_our_advice(manner: Manner) -> None:
    on = FIRST.start
    for rule in (*refusals_for(manner, on), *collection_rules_for(manner, on)):
        assert bool(rule.facts) == bool(rule.sources) == (rule.kind != "advice")
        assert set(rule.facts) <= {fact.id for fact in facts()}


def test_rules_of_the_banks_association_are_for_banks() -> None:
    assert {"attempts", "bans"} <= {rule.key for rule in collection_rules_for("bank", FIRST.start)}
    assert not {"attempts", "bans"} & {rule.key for rule in collection_rules_for("platform", FIRST.start)}
    assert collection_rules_for("private", FIRST.start) == ()


def test_a_rule_that_nobody_knew_yet_is_left_out() -> None:
    assert {rule.key for rule in collection_rules_for("bank", date(2020, 1, 1))} == set()


def test_the_regulator_is_for_lenders_that_it_supervises() -> None:
    for manner in MANNERS:
        assert ("support.financial_regulator" in help_for(manner)) == (manner in LICENSED)
    assert help_for("private")[-1] == "support.police"
