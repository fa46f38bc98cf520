"""Money as text and as fen, rates as text and as decimals, rounding half up."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import format_fen, format_rate, half_up, parse_amount, parse_rate


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("0.01", 1),
        ("0.1", 10),
        ("8", 800),
        ("1234.50", 123_450),
        ("-0.01", -1),
        ("-1.5", -150),
        ("-0.00", 0),
        ("007.10", 710),
        ("10000000.00", 1_000_000_000),
    ],
)
def test_amount_is_read_as_fen(text: str, fen: int) -> None:
    """A decimal string of yuan with up to two decimals is read exactly."""
    assert parse_amount(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1.234",
        "1e5",
        "+1",
        "1,000",
        ".5",
        "5.",
        "--1",
        "- 1",
        " 1",
        "1\n",
        "１",
        "٣",
        "NaN",
        "1_0",
        "¥1",
        "9" * 5000,
    ],
)
def test_other_forms_of_an_amount_are_refused(text: str) -> None:
    """Nothing that a spreadsheet or a keyboard may add is guessed at."""
    with pytest.raises(ValueError, match=r"."):
        parse_amount(text)


@given(st.integers(-(10**12), 10**12))
def test_amount_written_and_read_is_the_same(fen: int) -> None:
    """Writing has two decimals, and reading gives back the same fen."""
    text = format_fen(fen)
    assert text[-3] == "."
    assert parse_amount(text) == fen


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20))
def test_half_up_is_the_floor_of_a_half_more(numerator: int, denominator: int) -> None:
    """Exact at any size, and below zero too."""
    assert half_up(numerator, denominator) == floor(Fraction(numerator, denominator) + Fraction(1, 2))


@pytest.mark.parametrize(
    ("text", "written"),
    [("0.10", "0.1"), ("0.0005", "0.0005"), ("1", "1"), ("1.000", "1"), ("0", "0"), ("0.00", "0"), ("10", "10")],
)
def test_rate_is_exact_and_written_without_closing_zeros(text: str, written: str) -> None:
    """The value is exact; closing zeros say nothing."""
    rate = parse_rate(text)
    assert rate == Decimal(text)
    assert str(rate) == format_rate(rate) == format_rate(Decimal(text)) == written


@pytest.mark.parametrize("text", ["", "-0.1", "+0.1", "1e-4", ".5", "5.", "0.05%", "NaN", "Infinity", "０.1", "0.1\n"])
def test_other_forms_of_a_rate_are_refused(text: str) -> None:
    """No sign, exponent, percent sign or full-width digit."""
    with pytest.raises(ValueError, match="decimal"):
        parse_rate(text)


@given(st.decimals(0, 4, places=8))
def test_rate_written_and_read_is_the_same(rate: Decimal) -> None:
    """Writing and reading keep the value."""
    assert parse_rate(format_rate(rate)) == rate
