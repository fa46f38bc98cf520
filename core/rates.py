"""Effective annual cost: the rate at which what was received and what is paid balance.

A rate solves `sum(flow × v ** time) = 0` for the discount factor v above 0. Such an equation can have no answer, one or
several, so this module first counts the answers and only then states one: with none or with several it gives words and
no number. It knows flows and times only; which payments belong to a debt is for the caller to say.

How the answers are counted. With `x = ln v` the sum is `f(x) = sum(c × exp(t × x))`. For a number p between the times
of two neighbouring flows of opposite sign, the derivative of `f(x) × exp(-p × x)` has the coefficients `c × (t - p)`:
the opposite signs before p, the same ones after it, hence one change of sign less. Between two zeros of that derivative
`f(x) × exp(-p × x)` only rises or only falls, so it crosses zero once at most. A series with one change of sign has
exactly one answer (Descartes); from there each level brackets the answers of the one above it, and none can slip
between two points of a grid. Flows are exact whole numbers here; where a float cannot tell the sign of a sum, the sum
is taken again with 60 digits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Amount: TypeAlias = int | Decimal
Reason: TypeAlias = Literal["nothing", "one_sign", "no_rate", "several", "too_large"]

_SENTENCES: Final[dict[Reason, tuple[str, str]]] = {
    "nothing": ("没有不为零的现金流，谈不上利率。", "No flow differs from zero, so there is no rate to speak of."),
    "one_sign": (
        "所有现金流都是同一方向（只有收到或只有支付），不存在利率。",
        "All flows go the same way (only received or only paid), so no rate exists.",
    ),
    "no_rate": (
        "没有任何利率能使收到的和支付的相等，不存在利率。",
        "At no rate do the amounts received and paid balance, so no rate exists.",
    ),
    "several": (
        "有 {roots} 个利率都能使收到的和支付的相等，没有唯一的利率。",
        "The amounts received and paid balance at {roots} rates, so there is no single rate.",
    ),
    "too_large": (
        "利率存在，但折成一年后大得无法写成数字。",
        "A rate exists, but over a year it is too large to be written as a number.",
    ),
}

_DAYS_PER_YEAR: Final = 365
_MONTHS_PER_YEAR: Final = 12
_EPSILON: Final = float(np.finfo(np.float64).eps)
# The sum at a double root, taken with 60 digits where the derivative is zero (known to some 50), is zero but for
# rounding. Rates that agree to some twenty digits count as one.
_TOUCH: Final = 1e-45
# Deeper derivatives only separate the roots of those above them, and their whole coefficients grow with each level:
# there a float decides. No debt changes direction this often; without the limit a thousand changes would take minutes.
_EXACT_LEVELS: Final = 32
# A root at x = 0, the rate 0, has no relative precision to reach; this is near enough.
_NEAREST: Final = 1e-60
# Each secant adds the digits of the two before it: 16, 32, 48.
_SECANTS: Final = 4
_SETTLED: Final = Decimal("1e-55")
# Decimal serves for its exponents as much as for its digits: no power of v can overflow.
_EXACT: Final = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)

_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rate:
    """What is known of the rate of a series of flows.

    Attributes:
        nominal_annual: 12 × the monthly rate; None for dated flows and where no single rate exists.
        effective_annual: The rate of a whole year, compounded, 0.1 being 10 %; None where no single rate exists or
            where it is too large for a float. Always finite and never below -1.
        roots: How many different rates above -100 % balance the flows.
        reason: None where the rate stands; else why one is missing.
    """

    nominal_annual: float | None
    effective_annual: float | None
    roots: int
    reason: Reason | None = None

    @property
    def zh(self) -> str | None:
        """The reason as a Chinese sentence, None without one."""
        return None if self.reason is None else _SENTENCES[self.reason][0].format(roots=self.roots)

    @property
    def en(self) -> str | None:
        """The reason as an English sentence, None without one."""
        return None if self.reason is None else _SENTENCES[self.reason][1].format(roots=self.roots)


def monthly_rate(flows: Sequence[Amount]) -> Rate:
    """State the rate of flows that lie whole months apart.

    Args:
        flows: The flow of month 0, 1, 2 … in one unit (fen, or yuan as Decimal): above 0 received, below 0 paid.

    Returns:
        The rate, nominal (12 × monthly) and effective. An interest-free series has the rate 0.

    Raises:
        ValueError: A Decimal is not finite.

    >>> loan = monthly_rate([1_000_000] + [-89_333] * 12)
    >>> f"{loan.nominal_annual:.5f} {loan.effective_annual:.5f} {loan.roots}"
    '0.13034 0.13841 1'
    >>> monthly_rate([1200] + [-100] * 12)
    Rate(nominal_annual=0.0, effective_annual=0.0, roots=1, reason=None)
    """
    return _rate(dict(enumerate(_whole(flows))), _MONTHS_PER_YEAR, nominal=True)


def dated_rate(flows: Sequence[tuple[date, Amount]]) -> Rate:
    """State the effective annual rate of dated flows, over actual days / 365.

    Args:
        flows: Date and amount in one unit, above 0 received, below 0 paid; in any order. Flows of one date add up.

    Returns:
        The rate; nominal_annual is None.

    Raises:
        ValueError: A Decimal is not finite.

    >>> lent = dated_rate([(date(1994, 1, 1), 1000), (date(1995, 7, 1), -1200)])
    >>> f"{lent.effective_annual:.4f}"
    '0.1296'
    """
    totals: dict[int, int] = {}
    for (day, _), amount in zip(flows, _whole([amount for _, amount in flows]), strict=True):
        totals[day.toordinal()] = totals.get(day.toordinal(), 0) + amount
    return _rate(totals, _DAYS_PER_YEAR, nominal=False)


def quote_rate(
    received: Amount,
    upfront_fee: Amount,
    payments: Sequence[Amount],
    *,
    first_month: int = 1,
    drawn_on: date | None = None,
    due_on: Sequence[date] | None = None,
) -> Rate:
    """State the rate that an instalment quote really costs.

    Args:
        received: What the lender credits, before the fee is taken.
        upfront_fee: What is taken from it, or paid, on the day of drawing; 0 or more.
        payments: What is paid, in order, equal (`[amount] * n`) or not; each 0 or more, in the unit of `received`.
        first_month: Without dates: the month of the first payment, counted from the drawing; the others follow monthly.
        drawn_on: The day of drawing; needed with `due_on`, and only then.
        due_on: The date of each payment. Without it the quote is monthly.

    Returns:
        The rate: nominal and effective of a monthly quote, effective of a dated one.

    Raises:
        ValueError: An amount is below 0 or not finite, `first_month` is below 0, dates and payments do not match in
            number, or one of `drawn_on` and `due_on` is missing.

    >>> quote_rate(10_000_00, 0, [893_33] * 12) == monthly_rate([10_000_00] + [-893_33] * 12)
    True
    """
    credited, fee, *due = _whole([received, upfront_fee, *payments])
    if min(credited, fee, *due) < 0:
        raise ValueError("the amounts of a quote are 0 or more")
    net = credited - fee
    paid = [-amount for amount in due]
    if drawn_on is not None and due_on is not None:
        if len(due_on) != len(paid):
            raise ValueError("a quote needs one date for each payment")
        return dated_rate([(drawn_on, net), *zip(due_on, paid, strict=True)])
    if drawn_on is not None or due_on is not None:
        raise ValueError("a dated quote needs the day of drawing and the dates of the payments")
    if first_month < 0:
        raise ValueError("a quote's first payment does not come before the drawing")
    flows = [0] * (first_month + len(paid) + 1)
    flows[0] = net
    for month, amount in enumerate(paid, start=first_month):
        flows[month] += amount
    return monthly_rate(flows)


def remaining_cost(as_of: date, payoff: Amount, payments: Sequence[tuple[date, Amount]]) -> Rate:
    """State the annual cost of what is still to be paid on a debt.

    Who pays the debt off today need not make the payments: the payoff is what is received by not doing so.

    Args:
        as_of: The day on which the payoff stands.
        payoff: What would end the debt on that day, 0 or more.
        payments: Date and amount (0 or more) of each payment that is left, until the debt is cleared.

    Returns:
        The effective annual rate; nominal_annual is None.

    >>> cost = remaining_cost(date(2026, 1, 1), 100_00, [(date(2027, 1, 1), 124_00)])
    >>> f"{cost.effective_annual:.4f}"
    '0.2400'
    """
    return dated_rate([(as_of, payoff), *((day, -amount) for day, amount in payments)])


def _whole(amounts: Sequence[Amount]) -> list[int]:
    """Scale amounts by the one number that makes all of them whole; a rate does not depend on the unit."""
    if not all(Decimal(amount).is_finite() for amount in amounts):
        raise ValueError("a flow is a finite number")
    exact = [Fraction(amount) for amount in amounts]
    scale = math.lcm(*(amount.denominator for amount in exact))
    return [int(amount * scale) for amount in exact]


def _rate(totals: dict[int, int], periods_per_year: int, *, nominal: bool) -> Rate:
    """State the rate of whole flows keyed by their period (month or day)."""
    times = sorted(time for time, amount in totals.items() if amount)
    if not times:
        return Rate(None, None, 0, "nothing")
    coefficients = [totals[time] for time in times]
    if min(coefficients) > 0 or max(coefficients) < 0:
        return Rate(None, None, 0, "one_sign")
    roots = _roots(coefficients, [time - times[0] for time in times])
    if len(roots) != 1:
        return Rate(None, None, len(roots), "several" if roots else "no_rate")
    log_growth = -roots[0]
    nominal_annual = _compounded(log_growth, times=periods_per_year, of_periods=1) if nominal else None
    effective_annual = _compounded(log_growth, of_periods=periods_per_year)
    too_large = effective_annual is None or (nominal and nominal_annual is None)
    return Rate(nominal_annual, effective_annual, 1, "too_large" if too_large else None)


def _compounded(log_growth: float, *, of_periods: int, times: int = 1) -> float | None:
    """`times` the rate of so many periods together; None where a float cannot hold it."""
    try:
        rate = times * math.expm1(log_growth * of_periods)
    except OverflowError:
        return None
    # The sum keeps -0.0 out of what people read.
    return rate + 0.0 if math.isfinite(rate) else None


def _roots(coefficients: list[int], times: list[int]) -> list[float]:
    """Find every x, ascending, at which `sum(c × exp(t × x))` is 0.

    Args:
        coefficients: None of them 0.
        times: Ascending, the first 0.

    Returns:
        The logarithms of the discount factors per period; a multiple root once.
    """
    pairs = pairwise(zip(coefficients, times, strict=True))
    # Twice the middle between two times is a whole number, so that the coefficients of every level stay whole.
    pivots = [early + late for (before, early), (after, late) in pairs if (before < 0) != (after < 0)]
    found: list[Decimal] = []
    for level in _levels(coefficients, times, pivots):
        found = level.roots_between(found)
    roots = [float(root) for root in found]
    if sum(coefficients) == 0:
        # v = 1 is then a root exactly, and what was found for it a stand-in.
        roots = [0.0 if abs(root) < _EPSILON else root for root in roots]
    return roots


def _levels(coefficients: list[int], times: list[int], pivots: list[int]) -> "list[_Level]":
    """The series itself, last, and before it the derivatives, the one with a single change of sign first."""
    doubled = 2.0 * np.array(times, dtype=np.float64)
    logs: _Floats = np.array([math.log(abs(c)) for c in coefficients], dtype=np.float64)
    signs: _Floats = np.array([math.copysign(1.0, c) for c in coefficients], dtype=np.float64)
    levels: list[_Level] = []
    for depth in range(len(pivots)):
        levels.append(_Level(coefficients, times, pivots[:depth], logs, signs))
        factor = doubled - pivots[depth]
        logs, signs = logs + np.log(np.abs(factor)), signs * np.sign(factor)
    return levels[::-1]


class _Level:
    """One sum of exponentials: the flows, or a derivative of them."""

    def __init__(self, whole: list[int], times: list[int], pivots: list[int], logs: _Floats, signs: _Floats) -> None:
        self._whole = whole
        self._times = times
        self._pivots = pivots
        self._logs = logs
        self._signs = signs
        self._exponents: _Floats = np.array(times, dtype=np.float64)
        self._is_exact = len(pivots) <= _EXACT_LEVELS
        self._noise = _EPSILON * (len(times) + 4.0 * float(np.abs(logs).max()))

    @cached_property
    def _coefficients(self) -> list[int]:
        return [
            whole * math.prod(2 * time - pivot for pivot in self._pivots)
            for whole, time in zip(self._whole, self._times, strict=True)
        ]

    def value(self, x: float | Decimal) -> float:
        """The sum at x as a share of the sum of its absolute terms, -1 … 1; its sign is right (see _EXACT_LEVELS)."""
        powers: _Floats = self._logs + self._exponents * float(x)
        terms: _Floats = np.exp(powers - powers.max())
        total, size = float(terms @ self._signs), float(terms.sum())
        noise = self._noise + 4.0 * _EPSILON * self._times[-1] * abs(float(x))
        if abs(total) > noise * size or not self._is_exact:
            return total / size
        with localcontext(_EXACT):
            return float(self._exact_value(Decimal(x)))

    def _exact_value(self, x: Decimal) -> Decimal:
        discount = x.exp()
        total, size, power, reached = Decimal(0), Decimal(0), Decimal(1), 0
        for coefficient, time in zip(self._coefficients, self._times, strict=True):
            power *= discount ** (time - reached)
            reached = time
            total += coefficient * power
            size += abs(coefficient) * power
        return total / size

    def roots_between(self, separators: list[Decimal]) -> list[Decimal]:
        """Find the roots, given points between which there is one at most. Ascending."""
        roots: list[Decimal] = []
        low, at_low = -math.inf, float(self._signs[0])
        for separator in [*separators, None]:
            high = math.inf if separator is None else float(separator)
            at_high = float(self._signs[-1]) if separator is None else self.value(separator)
            if separator is not None and abs(at_high) < _TOUCH:
                # The series touches zero without crossing it, or crosses it flat: a root, and a multiple one.
                roots.append(separator)
                at_high = 0.0
            elif at_low * at_high < 0.0:
                roots.append(self._crossing(*self._bracket(low, at_low, high, at_high)))
            low, at_low = high, at_high
        return roots

    def _bracket(self, low: float, at_low: float, high: float, at_high: float) -> tuple[float, float, float, float]:
        """Replace ends that are not finite by finite ones of the same sign."""
        if low == -math.inf and high == math.inf:
            high, at_high = 0.0, self.value(0.0)
            if at_high * at_low >= 0.0:
                low, at_low, high, at_high = high, at_high, math.inf, float(self._signs[-1])
        step = 1.0 / self._times[-1]
        while low == -math.inf:
            x = high - step
            at_x = self.value(x)
            if at_x * at_low > 0.0:
                return x, at_x, high, at_high
            high, at_high, step = x, at_x, 2.0 * step
        while high == math.inf:
            x = low + step
            at_x = self.value(x)
            if at_x * at_high > 0.0:
                return low, at_low, x, at_x
            low, at_low, step = x, at_x, 2.0 * step
        return low, at_low, high, at_high

    def _crossing(self, low: float, at_low: float, high: float, at_high: float) -> Decimal:
        """Narrow a bracket to neighbouring floats, and where that serves a level above, further.

        Inverse quadratic interpolation where three points allow it, halving otherwise (Chandrupatla 1997): a is the
        newest point, b the end across the root from it, c the point that one of them replaced.
        """
        if at_low == 0.0 or at_high == 0.0:
            return Decimal(low if at_low == 0.0 else high)
        b, at_b, a, at_a = low, at_low, high, at_high
        share, least = 0.5, 0.0
        while least <= 0.5 and at_a != 0.0:
            x = a + share * (b - a)
            at_x = self.value(x)
            if (at_x > 0.0) == (at_a > 0.0):
                c, at_c = a, at_a
            else:
                c, at_c, b, at_b = b, at_b, a, at_a
            a, at_a = x, at_x
            least = (2.0 * _EPSILON * min(abs(a), abs(b)) + _NEAREST) / abs(b - a) if a != b else 1.0
            share = 0.5
            if at_c not in (at_a, at_b):
                place, height = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
                if height**2 < place and (1.0 - height) ** 2 < 1.0 - place:
                    share = at_a / (at_b - at_a) * at_c / (at_b - at_c)
                    share += (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
            share = min(max(share, least), 1.0 - least)
        if self._pivots and self._is_exact:
            return self._polished(Decimal(a), Decimal(b))
        return Decimal(a if abs(at_a) <= abs(at_b) else b)

    def _polished(self, x: Decimal, other: Decimal) -> Decimal:
        """Take a root from float to Decimal precision, by secants from two points next to it."""
        with localcontext(_EXACT):
            at_x, at_other = self._exact_value(x), self._exact_value(other)
            for _ in range(_SECANTS):
                if at_x == at_other or abs(at_x) < _SETTLED:
                    break
                x, other, at_other = x - at_x * (x - other) / (at_x - at_other), x, at_x
                at_x = self._exact_value(x)
        return x
