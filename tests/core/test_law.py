"""Court fees, interest for delay, and the caps, against worked figures."""

from datetime import date
from decimal import Decimal

import pytest

from core.facts import FactDateError
from core.law import delay_interest, lawsuit_costs, licensed_cap_rate, private_cap_periods, private_cap_rate

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("claim", "full", "half", "third", "preservation", "enforcement"),
    [
        (5_000, "50", "25", "16.67", "70", "50"),
        (10_000, "50", "25", "16.67", "120", "50"),
        (20_000, "300", "150", "100", "220", "200"),
        (30_000, "550", "275", "183.33", "320", "350"),
        (50_000, "1050", "525", "350", "520", "650"),
        (80_000, "1800", "900", "600", "820", "1100"),
        (100_000, "2300", "1150", "766.67", "1020", "1400"),
        (150_000, "3300", "1650", "1100", "1270", "2150"),
        (200_000, "4300", "2150", "1433.33", "1520", "2900"),
        (300_000, "5800", "2900", "1933.33", "2020", "4400"),
        (500_000, "8800", "4400", "2933.33", "3020", "7400"),
        (1_000_000, "13800", "6900", "4600", "5000", "12400"),
    ],
)
def test_court_fees(claim: int, full: str, half: str, third: str, preservation: str, enforcement: str) -> None:
    """The table of the tariff, worked out independently."""
    costs = lawsuit_costs(claim * 100, TODAY)
    found = (costs.full, costs.half, costs.payment_order, costs.preservation, costs.enforcement)
    assert found == tuple(int(Decimal(text) * 100) for text in (full, half, third, preservation, enforcement))


@pytest.mark.parametrize(
    ("claim", "rate", "added"),
    [(60_000, "0.025", -200), (150_000, "0.02", 300), (450_000, "0.015", 1_300), (900_000, "0.01", 3_800)],
)
def test_court_fees_by_the_published_shortcuts(claim: int, rate: str, added: int) -> None:
    """Inside a bracket the fee is amount × rate plus a constant, as published quick formulas have it."""
    assert lawsuit_costs(claim * 100, TODAY).full == int(claim * 100 * Decimal(rate)) + added * 100


@pytest.mark.parametrize(
    ("claim", "full", "enforcement"),
    [
        (2_000_000, 22_800, 22_400),
        (5_000_000, 46_800, 52_400),
        (10_000_000, 81_800, 77_400),
        (20_000_000, 141_800, 87_400),
        (30_000_000, 191_800, 97_400),
    ],
)
def test_court_fees_at_the_upper_edges(claim: int, full: int, enforcement: int) -> None:
    """The brackets above a million, summed by hand at their edges; preserving never costs more than its most."""
    costs = lawsuit_costs(claim * 100, TODAY)
    assert (costs.full, costs.enforcement, costs.preservation) == (full * 100, enforcement * 100, 5_000_00)


def test_small_preservation_is_flat() -> None:
    """Up to 1,000 yuan 30, above it 1 % of what exceeds them."""
    assert [lawsuit_costs(fen, TODAY).preservation for fen in (1_000_00, 1_100_00)] == [30_00, 31_00]


def test_smallest_claim_pays_the_flat_fees() -> None:
    """A claim of one fen costs the flat sums of the first brackets."""
    costs = lawsuit_costs(1, TODAY)
    assert (costs.full, costs.preservation, costs.enforcement) == (50_00, 30_00, 50_00)


def test_a_claim_of_nothing_is_refused() -> None:
    """There is no suit over nothing."""
    with pytest.raises(ValueError, match="above 0"):
        lawsuit_costs(0, TODAY)


def test_no_tariff_before_the_first() -> None:
    """Before 2007-04-01 another tariff held, which is not known here."""
    with pytest.raises(FactDateError):
        lawsuit_costs(1_000_00, date(2007, 3, 31))


@pytest.mark.parametrize(
    ("adjudged", "days", "expected"), [(50_000, 365, "3193.75"), (100_000, 100, "1750.00"), (100_000, 0, "0")]
)
def test_delay_interest(adjudged: int, days: int, expected: str) -> None:
    """The doubled part at its rate a day."""
    assert delay_interest(adjudged * 100, days, TODAY) == int(Decimal(expected) * 100)


def test_cap_of_licensed_lenders() -> None:
    """24 % since the opinion of 2017, and nothing is claimed for the time before."""
    assert licensed_cap_rate(TODAY) == Decimal("0.24")
    with pytest.raises(FactDateError):
        licensed_cap_rate(date(2017, 8, 3))


@pytest.mark.parametrize(
    ("contract", "rate"),
    [
        (date(2020, 8, 20), "0.154"),
        (date(2022, 1, 19), "0.152"),
        (date(2024, 6, 15), "0.138"),
        (date(2024, 7, 22), "0.134"),
        (date(2025, 5, 20), "0.12"),
    ],
)
def test_cap_of_private_loans(contract: date, rate: str) -> None:
    """Four times the LPR of the contract's date, for good."""
    assert private_cap_rate(contract) == Decimal(rate)
    assert private_cap_rate(contract, date(2026, 11, 24)) == Decimal(rate)
    assert [(each.first, each.last) for each in private_cap_periods(contract)] == [(contract, None)]


def test_cap_of_an_old_private_loan() -> None:
    """Article 31: the old rule to 2020-08-19, then four times the LPR at the time of suit."""
    old, new = private_cap_periods(date(2019, 3, 1), date(2025, 6, 1))
    assert (old.last, old.rate) == (date(2020, 8, 19), Decimal("0.24"))
    assert (new.first, new.last, new.rate) == (date(2020, 8, 20), None, Decimal("0.12"))
    with pytest.raises(ValueError, match="date of suit"):
        private_cap_rate(date(2020, 8, 19))
    with pytest.raises(FactDateError):
        private_cap_rate(date(2015, 8, 31), date(2025, 6, 1))
