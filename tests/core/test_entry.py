"""From what an app shows to a debt: valid, summing to what was typed, and as the engine has it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import pytest

from core.entry import Entry, build_debt
from core.money import parse_amount
from core.plan import Bill, Plan, PlanError, plan_from
from core.products import PRODUCTS, Product, product_of
from core.simulate import Scenario, simulate_days

TODAY = date(2026, 11, 24)
NEXT = date(2026, 12, 15)
SINCE = date(2026, 9, 15)


def entry_of(product: Product, **typed: Any) -> Entry:
    """What a user types of 5,000 yuan, with whatever else the product needs."""
    needed: dict[str, Any] = {"id": "d", "name": product.id, "as_of": TODAY, "balance_fen": 500_000, "next_due": NEXT}
    if "instalments_left" in product.needs:
        needed["instalments_left"] = 4
    if "contract_date" in product.needs:
        needed["contract_date"] = date(2026, 1, 20)
    if "fee_per_instalment_fen" in product.needs:
        needed["fee_per_instalment_fen"] = 500
    if "annual_rate" in product.needs:
        needed["overrides"] = {"annual_rate": "0.07"}
    return Entry(**(needed | typed))


def plan_with(debt: Mapping[str, object], as_of: date = TODAY) -> Plan:
    """A plan around one debt."""
    household = {"payday": 10, "cash": "0.00", "reserve": "0.00", "incomes": [], "expenses": [], "one_offs": []}
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": as_of.isoformat(),
            "horizon_months": 12,
            "household": household,
            "debts": [dict(debt)],
        }
    )


def principal_of(debt: Mapping[str, object]) -> int:
    """All principal that a debt says is owed."""
    if debt["kind"] == "card":
        return parse_amount(str(debt["balance"]))
    bills = cast("list[dict[str, str]]", debt["bills"])
    return parse_amount(str(debt["principal"])) + sum(parse_amount(bill["principal"]) for bill in bills)


def payoff(plan: Plan, day: date) -> int:
    """What the debt comes to on a day if nothing is paid."""
    return int(simulate_days([Scenario(plan, "stop")], [day])[0].debts_frame()["payoff"].iloc[-1])


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
class TestEveryProduct:
    """What holds of every preset."""

    def test_current(self, product: Product) -> None:
        """A debt that is paid up to date is valid and owes what was typed."""
        debt = build_debt(product, entry_of(product))
        assert plan_with(debt).debts[0].name == product.id
        assert principal_of(debt) == 500_000
        assert debt.get("bills", []) == []

    def test_overdue(self, product: Product) -> None:
        """With missed bills derived, it is valid and its principal is still what was typed."""
        typed: dict[str, Any] = {"overdue_since": SINCE}
        if product.kind == "instalment" and "instalments_left" not in product.needs:
            typed["next_due"] = None
        debt = build_debt(product, entry_of(product, **typed))
        plan_with(debt)
        assert principal_of(debt) == 500_000
        missed = cast("list[dict[str, str]]", debt["statements" if product.kind == "card" else "bills"])
        assert missed[0]["due"] == SINCE.isoformat()

    def test_what_is_needed_is_asked_for(self, product: Product) -> None:
        """Nothing typed: each needed field is named, in both languages."""
        with pytest.raises(PlanError) as refused:
            build_debt(product, Entry(id="d", name="n", as_of=TODAY, balance_fen=0))
        places = {problem.place for problem in refused.value.problems}
        assert {f"entry.{name}" for name in product.needs} <= places | {"entry.balance_fen"}
        assert all(problem.zh and problem.en for problem in refused.value.problems)


def test_derived_bills_are_those_of_the_loan() -> None:
    """Three bills of 微粒贷 missed: equal parts, interest on what was not yet due, penalty from each due date."""
    debt = build_debt(product_of("weilidai_10"), entry_of(product_of("weilidai_10"), overdue_since=SINCE))
    assert debt["bills"] == [
        {"due": "2026-09-15", "principal": "714.29", "interest": "77.50"},
        {"due": "2026-10-15", "principal": "714.29", "interest": "64.29"},
        {"due": "2026-11-15", "principal": "714.29", "interest": "55.35"},
    ]
    # 714.29 × (70 + 40 + 9) days × 0.05 % × 1.5
    assert (debt["penalty"], debt["principal"], debt["instalments_left"]) == ("63.75", "2857.13", 4)


@pytest.mark.parametrize("product_id", ["weilidai_10", "jiebei", "jintiao", "bank_loan", "huabei_bill"])
def test_derived_debt_is_the_loan_unpaid(product_id: str) -> None:
    """Entered today, it comes to what the same loan does that was entered before its first missed bill."""
    product = product_of(product_id)
    late = {"next_due": None} if product.single else {}
    today = plan_with(build_debt(product, entry_of(product, overdue_since=SINCE, **late)))
    before = date(2026, 9, 14)
    typed = {} if product.single else {"instalments_left": 7}
    unpaid = plan_with(build_debt(product, entry_of(product, as_of=before, next_due=SINCE, **typed)), before)
    for day in (TODAY, date(2026, 12, 14), date(2027, 3, 31)):
        assert abs(payoff(today, day) - payoff(unpaid, day)) <= 10


def test_typed_bills_are_kept() -> None:
    """Who knows the bills types them; nothing is derived then, the penalty neither."""
    bill = Bill(due=date(2026, 11, 15), principal=100_000, interest=5_000)
    product = product_of("weilidai_5")
    debt = build_debt(product, entry_of(product, missed=(bill,), penalty_fen=675))
    assert debt["bills"] == [{"due": "2026-11-15", "principal": "1000.00", "interest": "50.00"}]
    assert (debt["principal"], debt["penalty"]) == ("4000.00", "6.75")


def test_typed_bills_cannot_exceed_the_balance() -> None:
    """Missed principal above all that is owed is refused."""
    bill = Bill(due=date(2026, 11, 15), principal=600_000, interest=0)
    product = product_of("weilidai_5")
    with pytest.raises(PlanError) as refused:
        build_debt(product, entry_of(product, missed=(bill,)))
    assert [(each.place, each.code) for each in refused.value.problems] == [("entry.missed", "entry.missed")]


def test_a_loan_past_its_last_due_date() -> None:
    """Nothing left to come: the missed bills share the principal, as many as were missed."""
    product = product_of("weilidai_5")
    typed = {"next_due": None, "instalments_left": 0, "overdue_since": date(2025, 9, 15), "instalments_missed": 2}
    debt = build_debt(product, entry_of(product, **typed))
    bills = cast("list[dict[str, str]]", debt["bills"])
    assert [bill["due"] for bill in bills] == ["2025-09-15", "2025-10-15"]
    assert [bill["principal"] for bill in bills] == ["2500.00", "2500.00"]
    assert (debt["principal"], debt["instalments_left"]) == ("0.00", 0)
    counted = build_debt(product, entry_of(product, **(typed | {"instalments_missed": None})))
    assert len(cast("list[object]", counted["bills"])) == 5


def test_a_private_loan_overdue() -> None:
    """Interest at the agreed rate from the contract's date falls due with the principal."""
    product = product_of("private_loan")
    typed = {"next_due": None, "overdue_since": SINCE, "overrides": {"annual_rate": "0.10"}}
    debt = build_debt(product, entry_of(product, **typed))
    # 5,000 × 10 % × 238 / 365, then 70 days at the same rate.
    assert debt["bills"] == [{"due": "2026-09-15", "principal": "5000.00", "interest": "326.03"}]
    assert (debt["penalty"], debt["cap_rate"], debt["reported"]) == ("95.89", "0.12", False)


def test_fees_of_huabei_instalments() -> None:
    """6,000 in 12 parts at 8.8 % cost 44 each time; with 4 of 12 left the same, from what is left."""
    product = product_of("huabei_instalment")
    full = build_debt(product, entry_of(product, balance_fen=600_000, instalments_left=12))
    assert full["fee_per_instalment"] == "44.00"
    rest = build_debt(product, entry_of(product, balance_fen=200_000, instalments_left=4, instalments_total=12))
    assert rest["fee_per_instalment"] == "44.00"
    with pytest.raises(PlanError, match="fee_per_instalment_fen"):
        build_debt(product, entry_of(product, instalments_total=24))


def test_overrides_take_the_place_of_their_rivals() -> None:
    """An annual rate replaces the daily one, a penalty rate of its own the multiplier."""
    product = product_of("jiebei")
    overrides = {"annual_rate": "0.18", "penalty_daily_rate": "0.0007", "accelerate_after_days": 90}
    debt = build_debt(product, entry_of(product, overrides=overrides, overdue_since=SINCE))
    assert "daily_rate" not in debt
    assert (debt["annual_rate"], debt["penalty_daily_rate"]) == ("0.18", "0.0007")
    assert debt["accelerate_after_days"] == 90


def test_a_wrong_override_is_named_as_typed() -> None:
    """The plan's own rules judge it, at its place in the entry."""
    product = product_of("weilidai_10")
    with pytest.raises(PlanError) as refused:
        build_debt(product, entry_of(product, overrides={"daily_rate": "5"}))
    problem = refused.value.problems[0]
    assert problem.place == "entry.daily_rate"
    assert "debts[0]" not in problem.zh + problem.en


class TestCards:
    """Statements of cards, 花呗 and 白条 carried over."""

    def test_a_statement_issued_but_not_due(self) -> None:
        """Between statement and due date its minimum is a statement to come, as the app shows it."""
        product = product_of("credit_card")
        late = {"as_of": date(2026, 11, 26), "minimum_fen": 62_000}
        debt = build_debt(product, entry_of(product, **late))
        assert (debt["statement_day"], debt["due_day"]) == (25, 15)
        assert debt["statements"] == [{"due": "2026-12-15", "unpaid": "620.00"}]
        usual = build_debt(product, entry_of(product, as_of=date(2026, 11, 26)))
        assert usual["statements"] == [{"due": "2026-12-15", "unpaid": "500.00"}]

    def test_minimums_never_exceed_what_is_owed(self) -> None:
        """A small balance missed often is asked for once."""
        product = product_of("credit_card")
        debt = build_debt(product, entry_of(product, balance_fen=15_000, overdue_since=date(2026, 8, 15)))
        statements = cast("list[dict[str, str]]", debt["statements"])
        assert [each["unpaid"] for each in statements] == ["100.00", "50.00"]


class TestDates:
    """Dates that are no due dates are refused, with the one that was expected."""

    @pytest.mark.parametrize(
        ("typed", "place", "expected"),
        [
            ({"next_due": date(2027, 1, 15)}, "entry.next_due", "2026-12-15"),
            ({"next_due": date(2026, 11, 15)}, "entry.next_due", "2026-12-15"),
            ({"overdue_since": date(2026, 9, 16)}, "entry.overdue_since", "2026-09-15"),
            ({"overdue_since": date(2026, 12, 15)}, "entry.overdue_since", "2026-11-15"),
        ],
    )
    @pytest.mark.parametrize("product_id", ["weilidai_10", "credit_card"])
    def test_refused(self, product_id: str, typed: dict[str, date], place: str, expected: str) -> None:
        """The message names the due date."""
        product = product_of(product_id)
        with pytest.raises(PlanError) as refused:
            build_debt(product, entry_of(product, **typed))
        problem = refused.value.problems[0]
        assert problem.place == place
        assert expected in problem.zh
        assert expected in problem.en

    def test_a_due_day_that_february_lacks(self) -> None:
        """The 31st is given as an override where the month's last day is shorter."""
        product = product_of("weilidai_10")
        typed = {"as_of": date(2027, 2, 10), "next_due": date(2027, 2, 28), "overrides": {"due_day": 31}}
        assert build_debt(product, entry_of(product, **typed))["due_day"] == 31

    def test_due_today_and_unpaid(self) -> None:
        """A bill due today and not paid by its end is a bill, with no penalty while grace lasts."""
        product = product_of("weilidai_10")
        typed = {"as_of": date(2026, 11, 15), "overdue_since": date(2026, 11, 15)}
        debt = build_debt(product, entry_of(product, **typed))
        assert [bill["due"] for bill in cast("list[dict[str, str]]", debt["bills"])] == ["2026-11-15"]
        assert debt["penalty"] == "0.00"
