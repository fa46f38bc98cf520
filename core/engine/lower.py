"""Plans into the arrays of `layout`: no rule of CALCULATION.md §3-§5 is applied here, only its numbers are laid out.

What many scenarios share is laid out once: debts by the identity of a plan's `debts` (levers that leave the debts
alone keep the same tuple), money by that of its `household`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.engine import layout as c
from core.money import half_up
from core.plan import CardDebt, Change, InstalmentDebt, Plan
from core.plan_models import PENALTY_MULTIPLIER

Ints = NDArray[np.int64]

METHODS = ("equal_principal", "equal_instalment", "interest_only", "bullet", "flat_fee")
PREPAYMENTS = ("any", "full_only", "none")
BASES = ("overdue_principal", "overdue_principal_and_interest", "all_principal")
DAYS_OF_A_DAILY_RATE_YEAR = 365
BILLS_OF_A_RUN = 362
"""How many bills a debt may add to its first ones: 360 instalments, an acceleration, and one spare."""


class Asks(Protocol):
    """A scenario: a plan and a strategy's number."""

    @property
    def plan(self) -> Plan: ...
    @property
    def strategy(self) -> str: ...


@dataclass(frozen=True)
class Batch:
    """Scenarios laid out for the kernel; the tables are documented in `layout`."""

    scenarios: Ints
    debts: Ints
    terms: Ints
    open_bills: Ints
    flows: Ints
    lumps: Ints
    tied: Ints
    samples: Ints
    months: Ints
    limits: Ints
    sample_rows: int
    detail_rows: int
    cleared_rows: int


def month_of(day: date) -> int:
    """year * 12 + month - 1."""
    return day.year * 12 + day.month - 1


_FIRST_MONTH = 1989 * 12
_MONTHS_AFTER = 40
"""Months past its end that a scenario may look at: a `first_due` may lie 1,096 days after its change."""


@lru_cache(maxsize=1)
def month_table() -> Ints:
    """Ordinal of the first day of every month from 1989 to five years past the last date that Python knows."""
    months = np.arange(np.datetime64("1989-01"), np.datetime64("10005-01"))
    return np.ascontiguousarray(months.astype("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal())


def day_in_month(month: int, day: int) -> int:
    """Ordinal of a day-of-month in a month (`year * 12 + month - 1`), clamped to its last day."""
    table = month_table()
    k = month - _FIRST_MONTH
    return int(min(table[k] + day, table[k + 1])) - 1


def first_month_after(day: date, day_of_month: int) -> int:
    """Month of the first `day_of_month` after a date."""
    month = month_of(day)
    return month if day_in_month(month, day_of_month) > day.toordinal() else month + 1


def _last_on_or_before(day: date, day_of_month: int) -> int:
    month = month_of(day)
    here = day_in_month(month, day_of_month)
    return here if here <= day.toordinal() else day_in_month(month - 1, day_of_month)


# -- rates


def daily_rate(debt: InstalmentDebt | CardDebt | Change) -> Fraction | None:
    """One day's interest on 1; None where a change names no rate."""
    if debt.daily_rate is not None:
        return Fraction(debt.daily_rate)
    if debt.annual_rate is not None:
        return Fraction(debt.annual_rate) / (debt.day_count or 365)
    return None


def annual_rate(debt: InstalmentDebt | CardDebt | Change) -> Fraction | None:
    """The annual rate by CALCULATION.md §1: a daily rate counts × 365."""
    if debt.daily_rate is not None:
        return Fraction(debt.daily_rate) * DAYS_OF_A_DAILY_RATE_YEAR
    return None if debt.annual_rate is None else Fraction(debt.annual_rate)


@lru_cache(maxsize=4096)
def level_limbs(annual: Fraction, instalments: int) -> tuple[int, ...]:
    """The level payment of 1 over `instalments` months at annual / 12, base 2^24, rounded up in the last limb."""
    monthly = annual / 12
    if monthly == 0:
        num, den = 1, instalments
    else:
        # i (1 + i)^n / ((1 + i)^n - 1) over integers, without Fraction's reductions
        up, down = (monthly + 1).numerator ** instalments, (monthly + 1).denominator ** instalments
        num, den = monthly.numerator * up, monthly.denominator * (up - down)
    scaled = -((-num << (c.LIMB_BITS * (c.LEVEL_LIMBS - 1))) // den)
    limbs: list[int] = []
    for k in range(c.LEVEL_LIMBS - 1, 0, -1):
        limbs.append((scaled >> (c.LIMB_BITS * k)) & ((1 << c.LIMB_BITS) - 1))
    return (*limbs, scaled & ((1 << c.LIMB_BITS) - 1))


@dataclass
class _Terms:
    """The terms in force, as changes carry them on."""

    method: int
    instalments: int
    due_day: int
    first_month: int
    daily: Fraction
    annual: Fraction
    multiplier: Decimal | None
    penalty_daily: Fraction | None
    accelerate: int
    prepayment: int

    def row(self, when: int, waive: tuple[int, int, int, int]) -> list[int]:
        if self.multiplier is not None:
            penalty = self.daily * Fraction(self.multiplier)
        else:
            penalty = self.penalty_daily or Fraction(0)
        extra = max(Fraction(0), penalty - self.daily)
        den = math.lcm(penalty.denominator, extra.denominator)
        limbs: tuple[int, ...] = (0,) * c.LEVEL_LIMBS
        if self.method == c.EQUAL_INSTALMENT and self.instalments > 0:
            limbs = level_limbs(self.annual, self.instalments)
        return [
            when,
            self.method,
            self.instalments,
            self.due_day,
            self.first_month,
            self.daily.numerator,
            self.daily.denominator,
            int(penalty * den),
            int(extra * den),
            den,
            int(self.annual * 10**8),
            self.accelerate,
            self.prepayment,
            *waive,
            *limbs,
        ]


def _share(value: Decimal) -> int:
    return int(value * 10_000)


def _first_terms(debt: InstalmentDebt | CardDebt, as_of: date) -> _Terms:
    daily = daily_rate(debt)
    annual = annual_rate(debt)
    if daily is None or annual is None:
        raise AssertionError(f"a valid debt has one rate: {debt.id}")
    if isinstance(debt, CardDebt):
        return _Terms(
            c.CARD, 0, debt.due_day, month_of(as_of), daily, annual, PENALTY_MULTIPLIER, None, -1, c.PREPAY_ANY
        )
    return _Terms(
        method=METHODS.index(debt.method),
        instalments=debt.instalments_left,
        due_day=debt.due_day,
        first_month=first_month_after(as_of, debt.due_day),
        daily=daily,
        annual=annual,
        multiplier=debt.penalty_multiplier,
        penalty_daily=None if debt.penalty_daily_rate is None else Fraction(debt.penalty_daily_rate),
        accelerate=-1 if debt.accelerate_after_days is None else debt.accelerate_after_days,
        prepayment=PREPAYMENTS.index(debt.prepayment),
    )


def _change_terms(terms: _Terms, change: Change) -> None:
    """Carry the terms on over a change (§3b): what it does not name stays."""
    terms.method = METHODS.index(change.method)
    terms.instalments = change.instalments
    terms.due_day = change.due_day or terms.due_day
    if change.first_due is not None:
        terms.first_month = month_of(change.first_due)
    else:
        terms.first_month = first_month_after(change.date, terms.due_day)
    daily, annual = daily_rate(change), annual_rate(change)
    if daily is not None and annual is not None:
        terms.daily, terms.annual = daily, annual
    if change.penalty_multiplier is not None:
        terms.multiplier = change.penalty_multiplier
    if change.names_acceleration:
        terms.accelerate = -1 if change.accelerate_after_days is None else change.accelerate_after_days
    if change.prepayment is not None:
        terms.prepayment = PREPAYMENTS.index(change.prepayment)


def _accrued(debt: InstalmentDebt | CardDebt, as_of: date, daily: Fraction) -> tuple[int, int]:
    """Interest accrued at the end of `as_of`: whole fen, and the rest over the rate's denominator."""
    if debt.accrued is not None:
        return debt.accrued, 0
    if isinstance(debt, CardDebt):
        balance, day = debt.balance, debt.statement_day
    elif debt.method == "flat_fee":
        return 0, 0
    else:
        balance, day = debt.principal, debt.due_day
    settled = _last_on_or_before(as_of, day) if debt.interest_from is None else debt.interest_from.toordinal()
    return divmod(balance * (as_of.toordinal() - settled) * daily.numerator, daily.denominator)


class _Tables:
    """Rows as they are gathered."""

    def __init__(self) -> None:
        self.debts: list[list[int]] = []
        self.terms: list[list[int]] = []
        self.bills: list[tuple[int, int, int]] = []
        self.flows: list[int] = []
        self.lumps: list[tuple[int, int]] = []
        self.tied: list[tuple[int, int, int]] = []
        self.samples: list[int] = []
        self.most_bills = 0
        self.most_terms = 0

    def add_debts(self, debts: Sequence[InstalmentDebt | CardDebt], as_of: date) -> int:
        first = len(self.debts)
        terms = len(self.terms)
        for debt in debts:
            self._add_debt(debt, as_of)
        self.most_terms = max(self.most_terms, len(self.terms) - terms)
        return first

    def _add_debt(self, debt: InstalmentDebt | CardDebt, as_of: date) -> None:
        terms = _first_terms(debt, as_of)
        whole, rest = _accrued(debt, as_of, terms.daily)
        terms_row = len(self.terms)
        self.terms.append(terms.row(0, (0, 0, 0, 0)))
        for change in debt.changes:
            _change_terms(terms, change)
            waive = change.waive
            shares = (_share(waive.principal), _share(waive.interest), _share(waive.penalty), _share(waive.fees))
            self.terms.append(terms.row(change.date.toordinal(), shares))
        bills_row = len(self.bills)
        row = [0] * c.D_WIDTH
        if isinstance(debt, CardDebt):
            self.bills.extend((item.due.toordinal(), item.unpaid, 0) for item in debt.statements)
            row[c.D_BALANCE] = debt.balance
            row[c.D_BASE] = c.BASE_PRINCIPAL
            row[c.D_STATEMENT_DAY] = debt.statement_day
            row[c.D_STATEMENT_MONTH] = first_month_after(as_of, debt.statement_day)
            row[c.D_MIN_RATE_E4] = _share(debt.min_rate)
            row[c.D_MIN_FLOOR] = debt.min_floor
            row[c.D_LATE_RATE_E4] = _share(debt.late_fee_rate)
            row[c.D_LATE_MIN] = debt.late_fee_min
        else:
            self.bills.extend((item.due.toordinal(), item.principal, item.interest) for item in debt.bills)
            row[c.D_BALANCE] = debt.principal
            row[c.D_PENALTY] = debt.penalty
            row[c.D_BASE] = BASES.index(debt.penalty_base)
            row[c.D_FEE_PER_INSTALMENT] = debt.fee_per_instalment
        row[c.D_TERMS] = terms_row
        row[c.D_TERMS_COUNT] = len(debt.changes) + 1
        row[c.D_FEES] = debt.fees
        row[c.D_ACCRUED_WHOLE] = whole
        row[c.D_ACCRUED_REST] = rest
        row[c.D_BILLS] = bills_row
        row[c.D_BILLS_COUNT] = len(self.bills) - bills_row
        row[c.D_GRACE] = debt.grace_days
        row[c.D_PRINCIPAL_FIRST] = -1 if debt.principal_first_after_days is None else debt.principal_first_after_days
        row[c.D_REPORTED] = int(debt.reported)
        row[c.D_CAP_E6] = -1 if debt.cap_rate is None else int(debt.cap_rate * 10**6)
        self.debts.append(row)
        self.most_bills = max(self.most_bills, row[c.D_BILLS_COUNT])

    def add_money(self, plan: Plan, end_month: int) -> list[int]:
        """Lay out a plan's monthly flows, one-offs and recorded payments: their first rows and counts."""
        month = month_of(plan.as_of)
        household = plan.household
        net = np.zeros(end_month - month + 2, np.int64)
        streams = [(item.from_month, item.until_month, item.amount) for item in household.incomes]
        streams += [
            (item.from_month, item.until_month, -half_up_share(item.amount, item.cut)) for item in household.expenses
        ]
        for begins, ends, amount in streams:
            low = 0 if begins is None else max(0, begins - month)
            high = len(net) if ends is None else max(0, ends - month + 1)
            net[low:high] += amount
        flows, lumps, tied = len(self.flows), len(self.lumps), len(self.tied)
        self.flows.extend(net.tolist())
        place = {debt.id: k for k, debt in enumerate(plan.debts)}
        start = plan.start
        self.tied.extend((item.date.toordinal(), place[item.debt], item.amount) for item in plan.paid)
        later = sorted((item for item in household.one_offs if item.date > start), key=lambda item: item.date)
        self.lumps.extend((item.date.toordinal(), item.amount) for item in later if item.for_debt is None)
        self.tied.extend(
            (item.date.toordinal(), place[item.for_debt], item.amount) for item in later if item.for_debt is not None
        )
        return [flows, month, lumps, len(self.lumps) - lumps, tied, len(self.tied) - tied]


def half_up_share(amount: int, cut: Decimal) -> int:
    """What is spent of an expense: half_up(amount × (1 − cut)), in fen."""
    if not cut:
        return amount
    return half_up(amount * (10_000 - _share(cut)), 10_000)


def month_ends(plan: Plan) -> list[int]:
    """Ordinals of the month-ends after `as_of` up to the plan's end."""
    table = month_table()
    low = month_of(plan.as_of) - _FIRST_MONTH
    high = month_of(plan.end) - _FIRST_MONTH
    ends = [int(day) - 1 for day in table[low + 1 : high + 2]]
    return ends[1:] if ends[0] == plan.as_of.toordinal() else ends


def lower(
    scenarios: Sequence[Asks],
    strategy_numbers: dict[str, int],
    *,
    days: Sequence[int] | None,
    details: bool,
) -> Batch:
    """Lay out scenarios.

    Args:
        scenarios: Plans with their strategies; equal objects are laid out once.
        strategy_numbers: The strategy's number by name.
        days: Ordinals to report on, rising; None for every plan's month-ends.
        details: Whether each debt is reported at each of them, not only the totals.
    """
    tables = _Tables()
    debts_at: dict[tuple[int, date], int] = {}
    money_at: dict[int, tuple[list[int], int, int, int]] = {}
    samples_at: dict[tuple[int, int], tuple[int, int]] = {}
    rows = np.zeros((len(scenarios), c.C_WIDTH), np.int64)
    lines = detail_rows = cleared = 0
    for k, scenario in enumerate(scenarios):
        plan = scenario.plan
        debts_key = (id(plan.debts), plan.as_of)
        if debts_key not in debts_at:
            debts_at[debts_key] = tables.add_debts(plan.debts, plan.as_of)
        if id(plan) not in money_at:
            end = plan.end
            money_at[id(plan)] = (
                tables.add_money(plan, month_of(end)),
                end.toordinal(),
                plan.start.toordinal(),
                plan.as_of.toordinal(),
            )
        (flows, month, lumps, lump_count, tied, tied_count), end_day, start_day, as_of_day = money_at[id(plan)]
        sample_key = (as_of_day, end_day)
        if sample_key not in samples_at:
            wanted = month_ends(plan) if days is None else [day for day in days if as_of_day <= day <= end_day]
            samples_at[sample_key] = (len(tables.samples), len(wanted))
            tables.samples.extend(wanted)
        first_sample, sample_count = samples_at[sample_key]
        household = plan.household
        count = len(plan.debts)
        rows[k] = [
            debts_at[debts_key],
            count,
            as_of_day,
            start_day,
            end_day,
            household.payday,
            household.cash,
            household.reserve,
            flows,
            month,
            lumps,
            lump_count,
            tied,
            tied_count,
            strategy_numbers[scenario.strategy],
            first_sample,
            sample_count,
            lines,
            detail_rows if details else -1,
            cleared,
        ]
        lines += sample_count
        detail_rows += sample_count * count if details else 0
        cleared += count
    first_month = int(rows[:, c.C_MONTH].min(initial=_FIRST_MONTH * 10))
    months_after = max((month_of(scenario.plan.end) for scenario in scenarios), default=first_month) + _MONTHS_AFTER
    limits = [
        first_month,
        int(rows[:, c.C_DEBTS_COUNT].max(initial=1)),
        tables.most_terms,
        tables.most_bills + BILLS_OF_A_RUN,
        0,
    ]
    return Batch(
        scenarios=rows,
        debts=_table(tables.debts, c.D_WIDTH),
        terms=_table(tables.terms, c.T_WIDTH),
        open_bills=_table(tables.bills, c.B_WIDTH),
        flows=np.array(tables.flows, np.int64),
        lumps=_table(tables.lumps, c.L_WIDTH),
        tied=_table(tables.tied, c.E_WIDTH),
        samples=np.array(tables.samples, np.int64),
        months=month_table()[first_month - _FIRST_MONTH : months_after - _FIRST_MONTH],
        limits=_table([limits], c.R_WIDTH),
        sample_rows=lines,
        detail_rows=detail_rows,
        cleared_rows=cleared,
    )


def _table(rows: Sequence[Sequence[int]], width: int) -> Ints:
    return np.array(rows, np.int64).reshape(-1, width)
