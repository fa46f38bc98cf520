"""Presets: complete, valid, and as the sources have them."""

from datetime import date
from decimal import Decimal

import pytest

from core.facts import facts
from core.products import PRODUCTS, Product, defaults, product_of

TODAY = date(2026, 11, 24)


def preset(product_id: str) -> dict[str, object]:
    """The defaults of a product, by field."""
    return {each.field: each.value for each in defaults(product_of(product_id), TODAY)}


def test_every_product_is_there() -> None:
    """The products of the issue, each with its own id."""
    ids = [product.id for product in PRODUCTS]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {
        "weilidai_5",
        "weilidai_10",
        "weilidai_20",
        "jiebei",
        "huabei_bill",
        "huabei_carried",
        "huabei_instalment",
        "baitiao_bill",
        "baitiao_carried",
        "baitiao_instalment",
        "jintiao",
        "wangshang",
        "credit_card",
        "bank_loan",
        "private_loan",
        "family_loan",
    }


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
def test_every_default_names_its_source(product: Product) -> None:
    """Each default comes from facts, with source, kind and certainty; none surer than its weakest fact."""
    found = defaults(product, TODAY)
    assert len({each.field for each in found}) == len(found)
    known = facts()
    for each in found:
        assert each.facts
        assert each.sources
        assert set(each.sources) <= set(known.sources)
        assert each.certainty in ("H", "M", "L")
        assert each.title.zh
    assert product.notes


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
def test_defaults_hold_before_the_last_reading(product: Product) -> None:
    """A plan of some weeks before the facts were read gets the same terms."""
    early = {each.field: each.value for each in defaults(product, date(2026, 9, 1))}
    assert early == preset(product.id)


def test_weilidai() -> None:
    """Equal principal, only all of it early, 1.5 times on overdue principal."""
    for count in (5, 10, 20):
        assert preset(f"weilidai_{count}") == {
            "daily_rate": "0.0005",
            "method": "equal_principal",
            "prepayment": "full_only",
            "penalty_multiplier": "1.5",
            "penalty_base": "overdue_principal",
            "grace_days": 1,
            "reported": True,
            "cap_rate": "0.24",
        }
        assert facts().as_read(f"weilidai.term_{count}", TODAY).whole == count


def test_weilidai_a_thousand_three_days_late() -> None:
    """1,000 yuan of overdue principal cost 2.25 in three days by the app, and 1.97 by the cap."""
    terms = preset("weilidai_10")
    rate = Decimal(str(terms["daily_rate"])) * Decimal(str(terms["penalty_multiplier"]))
    assert 1000 * 3 * rate == Decimal("2.25")
    assert round(1000 * 3 * Decimal(str(terms["cap_rate"])) / 365, 2) == Decimal("1.97")


def test_jiebei_and_wangshang_count_interest_too() -> None:
    """1.5 times on overdue principal and interest, without grace."""
    for product_id in ("jiebei", "wangshang"):
        terms = preset(product_id)
        assert (terms["penalty_multiplier"], terms["grace_days"]) == ("1.5", 0)
        assert terms["penalty_base"] == "overdue_principal_and_interest"


def test_huabei_is_not_one_and_a_half_times() -> None:
    """A bill costs nothing until due, then 0.05 % a day; carried over it is a card without floor and late fee."""
    bill = preset("huabei_bill")
    assert (bill["daily_rate"], bill["penalty_daily_rate"]) == ("0", "0.0005")
    assert "penalty_multiplier" not in bill
    carried = preset("huabei_carried")
    assert carried["daily_rate"] == "0.0005"
    assert (carried["min_floor"], carried["late_fee_rate"], carried["late_fee_min"]) == ("0.00", "0", "0.00")
    assert preset("huabei_instalment")["method"] == "flat_fee"


def test_baitiao_likewise() -> None:
    """As 花呗, with its own rate when overdue; what goes beyond the model is named."""
    assert preset("baitiao_bill")["penalty_daily_rate"] == "0.00065"
    assert preset("baitiao_carried")["daily_rate"] == "0.0005"
    assert any("0.07%" in note.zh for note in product_of("baitiao_bill").notes)
    parts = [facts().as_read(f"baitiao.{name}", TODAY).decimal for name in ("daily_rate", "default_fee")]
    assert sum(parts) == facts().as_read("baitiao.overdue_daily_rate", TODAY).decimal


def test_jintiao_counts_all_principal() -> None:
    """The default fee runs on all unpaid principal."""
    assert preset("jintiao")["penalty_base"] == "all_principal"


def test_card_turns_to_principal_first() -> None:
    """From day 91 on a payment goes to principal first."""
    assert preset("credit_card")["principal_first_after_days"] == 90


def test_bank_loan_takes_the_upper_end_of_the_rule() -> None:
    """1.5 is 1 plus the upper end of the uplift that the central bank allows."""
    uplift = facts().at("rates.penalty_uplift", TODAY).span
    assert Decimal(str(preset("bank_loan")["penalty_multiplier"])) == 1 + Decimal(str(uplift.high))


def test_private_loans_have_the_cap_of_their_date() -> None:
    """The cap follows the contract's date; without agreed interest there is none."""
    product = product_of("private_loan")
    found = {each.field: each for each in defaults(product, TODAY, date(2024, 6, 15))}
    assert found["cap_rate"].value == "0.138"
    assert (found["cap_rate"].kind, found["cap_rate"].certainty) == ("law", "H")
    assert found["annual_rate"].value == "0"
    old = {each.field: each for each in defaults(product, TODAY, date(2019, 1, 1))}
    assert (old["cap_rate"].value, old["cap_rate"].kind) == ("0.12", "estimate")
