"""Rates: against printed examples, against other ways to count and to solve, and where there is none.

How a file of flows is read, and answered, is tried in `test_rate_command.py`.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.rates import Rate, dated_rate, monthly_rate, quote_rate, remaining_cost

START = date(1994, 1, 1)

# Directive 87/102/EEC as amended by 98/7/EC, Annex III, part A (calendar, 365 days): ECU, date, printed percentage.
# The annex prints i = 0.1306623 for the third, cut off there rather than rounded, and 13.07 %.
EC_CALENDAR = {
    "first": ([(START, 1000), (date(1995, 7, 1), -1200)], "12.96204"),
    "second": ([(START, 950), (date(1995, 7, 1), -1200)], "16.9026"),
    "third": ([(START, 1000), (date(1995, 1, 1), -600), (date(1996, 1, 1), -600)], "13.07"),
    "fourth": (
        # After 90, 181 and 365 days.
        [(START, 1000), (date(1994, 4, 1), -272), (date(1994, 7, 1), -272), (date(1995, 1, 1), -544)],
        "13.2",
    ),
}

# The same annex, part B (a standard year of 12 equal months): ECU of month 0, 1, 2 …, printed percentage.
EC_STANDARD = {
    "first": ([1000, *[0] * 17, -1200], "12.9243"),
    "second": ([950, *[0] * 17, -1200], "16.9"),
    "third": ([1000, *[0] * 11, -600, *[0] * 11, -600], "13.07"),
    "fourth": ([1000, 0, 0, -272, 0, 0, -272, *[0] * 5, -544], "13.19"),
}

# 12 CFR 1026 (Regulation Z), Appendix J, (c): those with regular monthly periods. Dollars, printed percentage.
REGULATION_Z = {
    "(c)(1)(i) regular": ([5000, *[-230] * 24], "9.69"),
    "(c)(2)(i) irregular first payment": ([5000, -250, *[-230] * 23], "10.08"),
    "(c)(3)(i) irregular final payment": ([5000, *[-230] * 23, -280], "10.50"),
    "(c)(4)(i) irregular first and final payment": ([5000, -250, *[-230] * 22, -280], "10.90"),
}

# A fee of so many percent of the first principal with each of n equal parts of it: n, percent, nominal, effective.
# The fact sheet's calculations for cards and for 花呗 (there the fee is a share of the whole; it has 16.01 for 3 parts,
# from the rounded nominal rate).
FLAT_FEES = [
    (3, "0.75", "13.450", "14.311"),
    (6, "0.70", "14.260", "15.230"),
    (10, "0.65", "13.940", "14.866"),
    (12, "0.60", "13.034", "13.842"),
    (12, "0.66", "14.311", "15.288"),
    (12, "0.72", "15.582", "16.745"),
    (18, "0.60", "13.231", "14.064"),
    (24, "0.62", "13.690", "14.583"),
    (24, "0.72", "15.798", "16.994"),
]
HUABEI_FEES = [
    (3, "2.5", "14.94", "16.00"),
    (6, "4.5", "15.27", "16.38"),
    (9, "6.5", "15.34", "16.47"),
    (12, "8.8", "15.86", "17.07"),
]

amounts = st.integers(-(10**12), 10**12)
series = st.lists(amounts, min_size=1, max_size=40)
dated_series = st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2060, 1, 1)), amounts), min_size=1, max_size=25)


def known(value: float | None) -> float:
    """A rate that must be there."""
    assert value is not None
    return value


def percent(value: float | None, like: str) -> str:
    """Write a rate as a percentage with as many decimals as the printed one."""
    places = Decimal(1).scaleb(Decimal(like).as_tuple().exponent)  # type: ignore[arg-type]
    return str((100 * Decimal(known(value))).quantize(places, ROUND_HALF_UP))


def balance(flows: Sequence[tuple[int, int]], per_period: Decimal) -> Decimal:
    """The present value of (period, amount), with 60 digits."""
    with localcontext(prec=60):
        return sum((amount / (1 + per_period) ** time for time, amount in flows), Decimal(0))


def is_balanced(flows: Sequence[tuple[int, int]], per_period: float, tolerance: str = "1e-10") -> bool:
    """Say whether the present value changes its sign within the tolerance around a rate."""
    rate, width = Decimal(per_period), Decimal(tolerance)
    margin = max(abs(rate), width) * width
    return (balance(flows, rate - margin) > 0) != (balance(flows, rate + margin) > 0)


def sturm_count(coefficients: Sequence[int]) -> int:
    """Count the different zeros above 0 of a polynomial (constant first) exactly, by Sturm's theorem."""
    first = trimmed([Fraction(c) for c in coefficients])
    first = first[next(at for at, c in enumerate(first) if c) :]
    chain = [first, trimmed([power * c for power, c in enumerate(first)][1:])]
    while chain[-1]:
        rest, by = list(chain[-2]), chain[-1]
        while len(rest) >= len(by):
            share, shift = rest[-1] / by[-1], len(rest) - len(by)
            for at, c in enumerate(by):
                rest[at + shift] -= share * c
            rest.pop()
        rest = trimmed(rest)
        size = max(map(abs, rest), default=Fraction(1))
        chain.append([-c / size for c in rest])
    return changes([p[0] for p in chain[:-1]]) - changes([p[-1] for p in chain[:-1]])


def trimmed(coefficients: list[Fraction]) -> list[Fraction]:
    """Drop zeros of the highest powers."""
    while coefficients and coefficients[-1] == 0:
        coefficients = coefficients[:-1]
    return coefficients


def changes(values: Sequence[Fraction]) -> int:
    """Count the changes of sign, zeros left out."""
    signs = [value > 0 for value in values if value]
    return sum(before != after for before, after in pairwise(signs))


def product(factors: Sequence[tuple[int, int]]) -> list[int]:
    """The coefficients, constant first, of the product of `a − b × v`."""
    result = [1]
    for a, b in factors:
        result = [a * x - b * y for x, y in zip([*result, 0], [0, *result], strict=True)]
    return result


@pytest.mark.parametrize("name", EC_CALENDAR)
def test_european_examples_by_calendar(name: str) -> None:
    """The Commission's examples over actual days come out to the printed decimals, from one root."""
    flows, printed = EC_CALENDAR[name]
    rate = dated_rate(flows)
    assert (percent(rate.effective_annual, printed), rate.roots, rate.nominal_annual) == (printed, 1, None)


@pytest.mark.parametrize("name", EC_STANDARD)
def test_european_examples_by_equal_months(name: str) -> None:
    """The Commission's examples over equal months come out to the printed decimals."""
    flows, printed = EC_STANDARD[name]
    rate = monthly_rate(flows)
    assert (percent(rate.effective_annual, printed), rate.roots) == (printed, 1)


@pytest.mark.parametrize("name", REGULATION_Z)
def test_american_examples(name: str) -> None:
    """Appendix J's examples of regular months come out to the printed decimals, and as numpy-financial has them."""
    flows, printed = REGULATION_Z[name]
    rate = monthly_rate(flows)
    assert percent(rate.nominal_annual, printed) == printed
    assert rate.nominal_annual == pytest.approx(12 * npf.irr(flows), rel=1e-10)


@pytest.mark.parametrize(("parts", "fee", "nominal", "effective"), FLAT_FEES)
def test_flat_fee_table(parts: int, fee: str, nominal: str, effective: str) -> None:
    """A flat monthly fee costs far more than it says."""
    principal = Decimal(100 * parts)
    rate = quote_rate(principal, 0, [100 + principal * Decimal(fee) / 100] * parts)
    assert (percent(rate.nominal_annual, nominal), percent(rate.effective_annual, effective)) == (nominal, effective)


@pytest.mark.parametrize(("parts", "fee", "nominal", "effective"), HUABEI_FEES)
def test_huabei_table(parts: int, fee: str, nominal: str, effective: str) -> None:
    """So does a fee for the whole, spread over the parts."""
    rate = quote_rate(Decimal(parts), 0, [1 + Decimal(fee) / 100] * parts)
    assert (percent(rate.nominal_annual, nominal), percent(rate.effective_annual, effective)) == (nominal, effective)


def test_huabei_bill_in_fen() -> None:
    """Oracle 6: 6,000 in 12 × 544."""
    rate = quote_rate(6000_00, 0, [544_00] * 12)
    assert (percent(rate.nominal_annual, "15.864"), percent(rate.effective_annual, "17.07")) == ("15.864", "17.07")


def test_card_instalment_in_fen() -> None:
    """Oracle 16: 10,000 in 12 × 893.33."""
    assert percent(quote_rate(10_000_00, 0, [893_33] * 12).nominal_annual, "13.034") == "13.034"


def test_equal_instalments_of_a_dear_loan() -> None:
    """Oracles 14 and 15: 20,000 in 6 × 3,933.33, and in 6 × 3,691.95."""
    dear = quote_rate(20_000_00, 0, [3_933_33] * 6)
    assert (percent(dear.nominal_annual, "59.33"), percent(dear.effective_annual, "78.4")) == ("59.33", "78.4")
    assert percent(quote_rate(20_000_00, 0, [3_691_95] * 6).nominal_annual, "36.00") == "36.00"


def test_fee_taken_up_front_counts() -> None:
    """A fee kept back is the same as less received (the Commission's second example)."""
    withheld = quote_rate(1000, 50, [1200], first_month=18)
    assert withheld == monthly_rate(EC_STANDARD["second"][0])
    dated = quote_rate(1000, 50, [1200], drawn_on=START, due_on=[date(1995, 7, 1)])
    assert dated == dated_rate(EC_CALENDAR["second"][0])


def test_fee_that_eats_the_loan_has_no_rate() -> None:
    """Where nothing is received, words stand instead of a number."""
    rate = quote_rate(100, 100, [50, 50])
    assert (rate.effective_annual, rate.reason) == (None, "one_sign")


@pytest.mark.parametrize(
    ("arguments", "dates"),
    [
        ((-1, 0, [1]), {}),
        ((1, -1, [1]), {}),
        ((1, 0, [-1]), {}),
        ((1, 0, [1]), {"first_month": -1}),
        ((1, 0, [1]), {"drawn_on": START}),
        ((1, 0, [1]), {"due_on": [START]}),
        ((1, 0, [1, 1]), {"drawn_on": START, "due_on": [START]}),
        ((Decimal("NaN"), 0, [1]), {}),
    ],
)
def test_quotes_that_make_no_sense(arguments: tuple[int, int, list[int]], dates: dict[str, date]) -> None:
    """A quote that cannot be meant is refused."""
    with pytest.raises(ValueError, match=r"quote|finite"):
        quote_rate(*arguments, **dates)  # type: ignore[arg-type]


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_flows_that_are_no_numbers(odd: str) -> None:
    """A flow is a finite number."""
    with pytest.raises(ValueError, match="finite"):
        monthly_rate([Decimal(odd), -1])


def test_remaining_cost_of_weilidai_on_real_dates() -> None:
    """Oracle 22: 10,000 at 0.04 % a day in ten parts; each day's interest compounds to 365 days, a little below."""
    interest = [124_00, 100_80, 99_20, 84_00, 74_40, 60_00, 49_60, 37_20, 24_00, 12_40]
    payments = [(date(2026, 2 + at, 15), 1000_00 + part) for at, part in enumerate(interest)]
    drawn = date(2026, 1, 15)
    rate = remaining_cost(drawn, 10_000_00, payments)
    periods = [(0, 10_000_00), *(((day - drawn).days, -amount) for day, amount in payments)]
    assert is_balanced(periods, math.expm1(math.log1p(known(rate.effective_annual)) / 365))
    assert 0.0004 * 365 < known(rate.effective_annual) < 1.0004**365 - 1


def test_interest_free_is_a_rate_of_zero() -> None:
    """Paying back what was received, no more, has the rate 0, a true answer."""
    assert monthly_rate([1200, *[-100] * 12]) == Rate(0.0, 0.0, 1)
    assert dated_rate([(date(2026, 1, 1), 500), (date(2026, 5, 1), -500)]) == Rate(None, 0.0, 1)
    assert math.copysign(1.0, known(monthly_rate([-100, 100]).effective_annual)) == 1.0


def test_paying_back_less_has_a_negative_rate() -> None:
    """A rate may lie below 0, down to -100 %."""
    assert monthly_rate([1000, -900]).nominal_annual == pytest.approx(-1.2, rel=1e-14)
    assert dated_rate([(START, 10**7), (START + timedelta(1), -1)]).effective_annual == -1.0


@pytest.mark.parametrize("growth", [2, 1000, 10**8])
def test_very_high_rates(growth: int) -> None:
    """A month that multiplies the debt is still stated exactly."""
    rate = monthly_rate([1, -growth])
    assert rate.nominal_annual == pytest.approx(12 * (growth - 1), rel=1e-14)
    assert rate.effective_annual == pytest.approx(float(growth) ** 12 - 1, rel=1e-12)


def test_rate_beyond_numbers() -> None:
    """A rate that no float can hold is put into words, and the count stays."""
    assert dated_rate([(START, 1), (START + timedelta(1), -(10**6))]) == Rate(None, None, 1, "too_large")
    monthly = monthly_rate([1, -(10**30)])
    assert (monthly.effective_annual, monthly.roots, monthly.reason) == (None, 1, "too_large")
    assert monthly.nominal_annual == pytest.approx(12e30)


@pytest.mark.parametrize(
    ("flows", "roots", "reason"),
    [
        ([], 0, "nothing"),
        ([0, 0], 0, "nothing"),
        ([5], 0, "one_sign"),
        ([100, 0, 100], 0, "one_sign"),
        ([-100, -1], 0, "one_sign"),
        ([100, -200, 150], 0, "no_rate"),
        ([100, -230, 132], 2, "several"),
        (product([(10, 11), (10, 12), (10, 13)]), 3, "several"),
        (product([(10, 11), (10, 11), (10, 12)]), 2, "several"),
        # Two rates that differ by a millionth, and the same flows lifted by so little that neither is left.
        (product([(10**6, 1010000), (10**6, 1010001)]), 2, "several"),
        ([c + (at == 0) for at, c in enumerate(product([(10**6, 1010000), (10**6, 1010001)]))], 0, "no_rate"),
    ],
)
def test_no_rate_and_several(flows: list[int], roots: int, reason: str) -> None:
    """Where no rate or more than one exists there is no number, but the count and words in both languages."""
    rate = monthly_rate(flows)
    assert rate == Rate(None, None, roots, reason)  # type: ignore[arg-type]
    assert rate.zh
    assert rate.en
    assert "{" not in rate.zh + rate.en


def test_repeated_root_is_one_rate() -> None:
    """Flows that touch balance without crossing it, or cross it flat, have one rate."""
    for times in (2, 3, 4, 7):
        rate = monthly_rate(product([(100, 101)] * times))
        assert rate.roots == 1
        assert rate.nominal_annual == pytest.approx(0.12, rel=1e-10)


def test_rate_says_nothing_where_it_stands() -> None:
    """With a rate there is no reason."""
    rate = monthly_rate([100, -101])
    assert (rate.reason, rate.zh, rate.en) == (None, None, None)


def test_order_zeros_and_same_dates_do_not_matter() -> None:
    """Dated flows are sorted, those of one date added up, zeros passed over."""
    flows, _ = EC_CALENDAR["fourth"]
    muddled = [(date(1994, 4, 1), -172), *reversed(flows[2:]), (START, 1100), (date(1994, 4, 1), -100), (START, -100)]
    assert dated_rate([*muddled, (date(1994, 6, 1), 0)]) == dated_rate(flows)


def test_thousands_of_changes_end_soon() -> None:
    """Not even flows that change direction each month for decades keep anyone waiting."""
    flows = [(-1) ** month * (10**6 + month * 7919 % 1009) for month in range(500)]
    rate = monthly_rate(flows)
    assert rate.roots > 0


@given(
    st.integers(-200, 3000),
    st.lists(st.integers(0, 10**8), min_size=1, max_size=60).filter(any),
)
@example(0, [100] * 360)
def test_known_rate_is_recovered(per_mille_tenths: int, payments: list[int]) -> None:
    """Payments discounted at a rate have that rate: to 1e-10 where the amount received is exact enough for it."""
    rate = Decimal(per_mille_tenths) / 10_000
    with localcontext(prec=60):
        received = sum((amount / (1 + rate) ** month for month, amount in enumerate(payments, 1)), Decimal(0))
        received = received.quantize(Decimal("1e-30"))
    found = monthly_rate([received, *(-amount for amount in payments)])
    assert found.roots == 1
    assert found.nominal_annual == pytest.approx(12 * float(rate), rel=1e-10, abs=1e-12)
    assert found.effective_annual == pytest.approx(float((1 + rate) ** 12) - 1, rel=1e-10, abs=1e-12)


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**8), min_size=1, max_size=40))
def test_one_change_of_direction_has_one_exact_rate(received: int, payments: list[int]) -> None:
    """A loan and its payments balance at one rate, exact to ten digits."""
    rate = monthly_rate([received, *(-amount for amount in payments)])
    assert rate.roots == 1
    flows = list(enumerate([received, *(-amount for amount in payments)]))
    assert is_balanced(flows, known(rate.nominal_annual) / 12)


@given(st.integers(25, 200), st.lists(st.integers(1000, 10**7), min_size=1, max_size=40))
def test_numpy_financial_agrees(percent_received: int, payments: list[int]) -> None:
    """On ordinary loans the independent solver finds the same rate."""
    flows = [sum(payments) * percent_received // 100, *(-amount for amount in payments)]
    assert known(monthly_rate(flows).nominal_annual) == pytest.approx(12 * npf.irr(flows), rel=1e-7, abs=1e-9)


@given(dated_series)
def test_dated_rate_balances(flows: list[tuple[date, int]]) -> None:
    """A single dated rate that is a simple root makes the balance change its sign."""
    rate = dated_rate(flows)
    first = min(day for day, _ in flows)
    if rate.roots == 1 and rate.reason is None and -0.99 < known(rate.effective_annual) < 100:
        daily = math.expm1(math.log1p(known(rate.effective_annual)) / 365)
        assert is_balanced([((day - first).days, amount) for day, amount in flows], daily, "1e-8")


@given(series, st.integers(2, 10**6))
def test_scale_does_not_matter(flows: list[int], factor: int) -> None:
    """Yuan or fen, one loan or a thousand of them, the rate is the same; so it is for the other side."""
    rate = monthly_rate(flows)
    for other in ([factor * flow for flow in flows], [-flow for flow in flows]):
        scaled = monthly_rate(other)
        assert (scaled.roots, scaled.reason) == (rate.roots, rate.reason)
        if rate.effective_annual is not None:
            assert scaled.effective_annual == pytest.approx(rate.effective_annual, rel=1e-10, abs=1e-13)


@given(st.one_of(series.map(monthly_rate), dated_series.map(dated_rate)))
def test_numbers_are_finite_and_explained(rate: Rate) -> None:
    """No NaN, no infinity; a number where there is one rate, a reason where a number is missing."""
    for number in (rate.nominal_annual, rate.effective_annual):
        assert number is None or math.isfinite(number)
    assert (rate.effective_annual is None) == (rate.reason is not None)
    assert rate.effective_annual is None or (rate.roots == 1 and rate.effective_annual >= -1)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=16).filter(any))
@example([1011040048000, -4047186260048, 6075321511172, -4053244435204, 1014069136080])
@example([36450, -91125, 68850, -10125, -4050])
def test_count_agrees_with_sturm(flows: list[int]) -> None:
    """The number of rates is the number of zeros, counted exactly."""
    assert monthly_rate(flows).roots == sturm_count(flows)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(-20, 20)), min_size=1, max_size=7), st.integers(-3, 3))
def test_count_agrees_with_sturm_where_roots_repeat(factors: list[tuple[int, int]], lift: int) -> None:
    """Also where rates coincide, or nearly do."""
    flows = product(factors)
    flows[0] += lift
    assume(any(flows))
    assert monthly_rate(flows).roots == sturm_count(flows)


@given(st.sets(st.integers(1, 12), min_size=1, max_size=5), st.sets(st.integers(1, 6), max_size=3))
def test_count_agrees_with_numpy(discounts: set[int], others: set[int]) -> None:
    """On roots that lie well apart, numpy's eigenvalues give the same count."""
    flows = product([*((2 * d, 1) for d in discounts), *((2 * d, -1) for d in others)])
    roots = np.roots(flows[::-1])
    assert monthly_rate(flows).roots == sum(abs(root.imag) < 1e-6 and root.real > 0 for root in roots)
