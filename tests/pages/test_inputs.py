"""What people type and paste: taken where the meaning is plain, told where it is not, never guessed at."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.plan_values import AMOUNT_MAX
from core.typed import Unclear, read_money, read_percent, read_times, read_whole
from pages.shared import inputs
from pages.shared.words import LANGUAGES, words_in

DAILY = (Decimal("0.01"), 8)
ANNUAL = (Decimal(1), 6)
READERS: tuple[Callable[[str], object], ...] = (
    read_money,
    lambda typed: read_whole(typed, 0, 360),
    lambda typed: read_percent(typed, *DAILY),
    lambda typed: read_times(typed, Decimal(4)),
)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1234.5", 123450),
        ("¥1,234.50", 123450),
        ("￥ １，２３４．５０", 123450),
        ("1 234元", 123400),
        ("RMB 8000", 800000),
        ("1,000,000", 100000000),
        ("0", 0),
        (".5", 50),
        ("12.", 1200),
        ("1.2万", 1200000),
        ("3万元", 3000000),
        ("0012.00", 1200),
        ("12.500", 1250),
        ("8’000", 800000),
    ],
)
def test_an_amount_whose_meaning_is_plain(typed: str, fen: int) -> None:
    assert read_money(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,23", "money_comma"),
        ("12,34.5", "money_comma"),
        ("1.234.567", "money_comma"),
        ("1234,50", "money_comma"),
        ("12.345", "money_decimals"),
        ("-5", "money_negative"),
        ("−5", "money_negative"),
        ("abc", "money_form"),
        ("1e5", "money_form"),
        ("NaN", "money_form"),
        ("=1+1", "money_form"),
        ("<b>1</b>", "money_form"),
        ("一千", "money_form"),
        ("💰", "money_form"),
        ("万", "money_form"),
        ("99999999999", "money_range"),
        ("1" * 10_000, "long"),
        ("", "money_form"),
    ],
)
def test_an_amount_that_is_none(typed: str, code: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_money(typed)
    assert unclear.value.code == code


def test_cash_may_be_below_zero() -> None:
    assert read_money("-1,200.5", low=-AMOUNT_MAX) == -120050


@given(st.integers(0, AMOUNT_MAX))
def test_what_a_field_shows_is_read_back(fen: int) -> None:
    assert read_money(inputs.grouped(fen)) == fen


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_value_or_a_complaint(text: str) -> None:
    complaints = [unclear for read in READERS if (unclear := complaint_of(read, text)) is not None]
    for unclear in complaints:
        values = {name: inputs.shown_limit(value) for name, value in unclear.values.items()}
        assert all(words_in(language)(f"inputs.{unclear.code}", **values) for language in LANGUAGES)


def complaint_of(read: Callable[[str], object], text: str) -> Unclear | None:
    try:
        read(text)
    except Unclear as unclear:
        return unclear
    return None


@pytest.mark.parametrize(
    ("typed", "share"), [("0.05%", "0.0005"), ("０.０５％", "0.0005"), ("万5", "0.0005"), ("0", "0")]
)
def test_a_daily_rate(typed: str, share: str) -> None:
    assert read_percent(typed, *DAILY) == Decimal(share)


@pytest.mark.parametrize("typed", ["5%", "0.05.1", "-1", "abc", "0.0000001%", "五厘"])
def test_a_daily_rate_that_is_none(typed: str) -> None:
    with pytest.raises(Unclear):
        read_percent(typed, *DAILY)


def test_rates_multiples_and_numbers_of_instalments() -> None:
    assert read_percent("18 %", *ANNUAL) == Decimal("0.18")
    assert read_times("１.５倍", Decimal(4)) == Decimal("1.5")
    assert read_whole("１２期", 0, 360) == 12
    for bad in ("12.5", "361", "-1", "", "十二"):
        with pytest.raises(Unclear):
            read_whole(bad, 0, 360)


@pytest.mark.parametrize(
    "text", ["*a*", "[x](y)", ":red[x]", "$x$", "<b>x</b>", "# x", "`x`", ":smile:", "a|b", "=cmd()"]
)
def test_a_name_is_shown_as_it_was_typed(text: str) -> None:
    def page(name: str) -> None:
        import streamlit as st

        from pages.shared import inputs

        st.markdown(inputs.plain(name))

    app = AppTest.from_function(page, kwargs={"name": text}).run()
    shown = app.markdown[0].value
    assert shown.replace("\\", "") == text
    assert all(character not in "*[]:$<>#`|=()" or shown[at - 1] == "\\" for at, character in enumerate(shown))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_stands_at_the_field_and_nothing_typed_is_lost(language: str) -> None:
    def page(language: str) -> None:
        import streamlit as st

        from pages.shared import inputs
        from pages.shared.words import words_in

        typed = inputs.money(words_in(language), "x", "Amount")
        st.caption(f"{typed.value} {typed.ok}")

    app = AppTest.from_function(page, kwargs={"language": language}).run()
    assert app.caption[0].value == "None True"
    app.text_input[0].set_value("1,23").run()
    assert app.text_input[0].value == "1,23"
    assert app.caption[0].value == "None False"
    assert app.markdown[0].value == f":red[{inputs.plain(words_in(language)('inputs.money_comma'))}]"
    app.text_input[0].set_value("￥１２３").run()
    assert app.caption[0].value == "12300 True"
    assert not app.markdown
