"""Hypothesis strategies for valid plans: every field, kind and method, agreed changes, bills and statements.

Dates lie around 2026 and amounts are mostly those of a household; ends of ranges come up too. `today` and `paid` are
left out, because what a debt can take is known to the engine only.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from core.money import format_fen, format_rate
from core.plan import Plan, plan_from

METHODS = ("equal_principal", "equal_instalment", "interest_only", "bullet", "flat_fee")
PREPAYMENTS = ("any", "full_only", "none")
PENALTY_BASES = ("overdue_principal", "overdue_principal_and_interest", "all_principal")
AMOUNT_MAX = 1_000_000_000

days_of_month = st.integers(1, 31)
names = st.text(st.characters(exclude_categories=("C", "Zl", "Zp", "Zs")), min_size=1, max_size=12)


def amounts(low: int = 0, high: int = 5_000_000, most: int = AMOUNT_MAX) -> st.SearchStrategy[str]:
    """Amounts as a file has them: mostly from low to high fen, now and then the most that is allowed."""
    return st.one_of(st.integers(low, high), st.sampled_from((low, most))).map(format_fen)


def rates(high: str, places: int) -> st.SearchStrategy[str]:
    """Rates or shares from 0 to high with at most so many decimals."""
    return st.decimals(0, Decimal(high), places=places).map(format_rate)


def plans(max_debts: int = 6, max_horizon_months: int = 60) -> st.SearchStrategy[Plan]:
    """Valid plans with 1 to `max_debts` debts, whose ids are `d0`, `d1` and so on."""
    return plan_mappings(max_debts, max_horizon_months).map(plan_from)


@st.composite
def plan_mappings(draw: st.DrawFn, max_debts: int = 6, max_horizon_months: int = 60) -> dict[str, Any]:
    """The same plans as their files hold them."""
    as_of = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    ids = [f"d{index}" for index in range(draw(st.integers(1, max_debts)))]
    return {
        "schema": "ashore.plan/1",
        "as_of": as_of.isoformat(),
        "horizon_months": draw(st.integers(1, max_horizon_months)),
        "household": draw(_households(as_of, ids)),
        "debts": [draw(_debts(as_of, name)) for name in ids],
    }


@st.composite
def _households(draw: st.DrawFn, as_of: date, ids: list[str]) -> dict[str, Any]:
    expense = {"category": names, "essential": st.booleans()}
    return {
        "payday": draw(days_of_month),
        "cash": draw(amounts(-500_000, 2_000_000)),
        "reserve": draw(amounts(0, 300_000)),
        "incomes": draw(st.lists(_monthly(as_of, {}, {}), max_size=3)),
        "expenses": draw(st.lists(_monthly(as_of, expense, {"cut": rates("1", 4)}), max_size=4)),
        "one_offs": draw(st.lists(_one_offs(as_of, ids), max_size=4)),
    }


@st.composite
def _monthly(draw: st.DrawFn, as_of: date, needed: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    fields = {"name": names, "amount": amounts(0, 2_000_000), **needed}
    row = draw(st.fixed_dictionaries(fields, optional=optional))
    first = draw(st.none() | st.integers(-12, 40))
    length = draw(st.none() | st.integers(0, 40))
    if first is not None:
        row["from"] = _month(as_of, first)
    if length is not None:
        row["until"] = _month(as_of, (first or 0) + length)
    return row


def _month(as_of: date, later: int) -> str:
    year, month = divmod(as_of.year * 12 + as_of.month - 1 + later, 12)
    return f"{year}-{month + 1:02d}"


@st.composite
def _one_offs(draw: st.DrawFn, as_of: date, ids: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": draw(names), "date": _later(as_of, draw(st.integers(-30, 900)))}
    if draw(st.booleans()):
        return {**row, "amount": draw(amounts(1, 3_000_000)), "for": draw(st.sampled_from(ids))}
    return {**row, "amount": draw(amounts(-1_000_000, 1_000_000))}


def _later(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


@st.composite
def _debts(draw: st.DrawFn, as_of: date, name: str) -> dict[str, Any]:
    debt: dict[str, Any] = {"id": name, "name": draw(names), **draw(_rates())}
    common = {
        "grace_days": st.integers(0, 20),
        "fees": amounts(0, 50_000),
        "reported": st.booleans(),
        "cap_rate": st.none() | rates("1", 6),
        "principal_first_after_days": st.none() | st.integers(1, 3650),
    }
    debt |= draw(st.fixed_dictionaries({}, optional=common))
    debt |= draw(_cards(as_of, debt) if draw(st.booleans()) else _instalment_debts(as_of))
    changes = draw(_changes(as_of, debt["due_day"]))
    return {**debt, "changes": changes} if changes or draw(st.booleans()) else debt


@st.composite
def _rates(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"daily_rate": draw(st.sampled_from(("0.0005", "0.00035")) | rates("0.01", 8))}
    annual = st.sampled_from(("0.18", "0.24", "0")) | rates("1", 6)
    return draw(st.fixed_dictionaries({"annual_rate": annual}, optional={"day_count": st.sampled_from((360, 365))}))


@st.composite
def _instalment_debts(draw: st.DrawFn, as_of: date) -> dict[str, Any]:
    method = draw(st.sampled_from(METHODS))
    count = draw(st.integers(0, 48) | st.sampled_from((0, 1, 360)))
    debt: dict[str, Any] = {
        "kind": "instalment",
        "method": method,
        "principal": draw(amounts()) if count else "0.00",
        "instalments_left": count,
        "due_day": draw(days_of_month),
    }
    optional = {
        "penalty": amounts(0, 50_000),
        "penalty_base": st.sampled_from(PENALTY_BASES),
        "accelerate_after_days": st.none() | st.integers(1, 180),
        "prepayment": st.sampled_from(PREPAYMENTS),
        "bills": _overdue(as_of, 0, {"principal": amounts(0, 300_000), "interest": amounts(0, 50_000)}),
    }
    debt |= draw(st.fixed_dictionaries({}, optional=optional))
    debt |= draw(
        st.sampled_from(({}, {"penalty_multiplier": rates("4", 2)}, {"penalty_daily_rate": rates("0.01", 8)})).flatmap(
            st.fixed_dictionaries
        )
    )
    if method == "flat_fee":
        return {**debt, "fee_per_instalment": draw(amounts(0, 50_000))}
    return debt | draw(_accrued(as_of, needed=method == "bullet", nothing=count == 0))


@st.composite
def _cards(draw: st.DrawFn, as_of: date, common: dict[str, Any]) -> dict[str, Any]:
    balance = draw(st.integers(0, 5_000_000))
    card = {
        "kind": "card",
        "balance": format_fen(balance),
        "statement_day": draw(days_of_month),
        "due_day": draw(days_of_month),
    }
    optional = {
        "min_rate": rates("1", 4),
        "min_floor": amounts(0, 50_000),
        "late_fee_rate": rates("1", 4),
        "late_fee_min": amounts(0, 5_000),
        "statements": _overdue(as_of, 60, {"unpaid": st.integers(0, balance // 4).map(format_fen)}),
    }
    card |= draw(st.fixed_dictionaries({}, optional=optional))
    return card | draw(_accrued(as_of, needed=False, nothing=False))


@st.composite
def _overdue(draw: st.DrawFn, as_of: date, latest: int, parts: dict[str, Any]) -> list[dict[str, Any]]:
    """Up to four bills or statements, oldest first, the last at most `latest` days after `as_of`."""
    days = sorted(draw(st.lists(st.integers(-200, latest), max_size=4)))
    return [{"due": _later(as_of, day), **draw(st.fixed_dictionaries(parts))} for day in days]


@st.composite
def _accrued(draw: st.DrawFn, as_of: date, needed: bool, nothing: bool) -> dict[str, Any]:
    choice = draw(st.sampled_from(("accrued", "interest_from") if needed else ("accrued", "interest_from", None)))
    if choice == "accrued":
        return {"accrued": "0" if nothing else draw(amounts(0, 100_000))}
    return {} if choice is None else {"interest_from": _later(as_of, -draw(st.integers(0, 400)))}


@st.composite
def _changes(draw: st.DrawFn, as_of: date, due_day: int) -> list[dict[str, Any]]:
    """Up to three agreed changes, each later than the one before."""
    changes: list[dict[str, Any]] = []
    day = as_of
    for _ in range(draw(st.integers(0, 3))):
        day += timedelta(days=draw(st.integers(1, 400)))
        parts = {part: rates("1", 4) for part in ("principal", "interest", "penalty", "fees")}
        optional = {
            "waive": st.none() | st.fixed_dictionaries({}, optional=parts),
            "due_day": st.none() | days_of_month,
            "penalty_multiplier": st.none() | rates("4", 2),
            "accelerate_after_days": st.none() | st.integers(1, 180),
            "prepayment": st.none() | st.sampled_from(PREPAYMENTS),
        }
        change: dict[str, Any] = {
            "date": day.isoformat(),
            "method": draw(st.sampled_from(METHODS[:4])),
            "instalments": draw(st.integers(1, 60) | st.just(360)),
            **draw(st.fixed_dictionaries({}, optional=optional)),
            **draw(st.just({}) | _rates()),
        }
        due_day = change.get("due_day") or due_day
        if draw(st.booleans()):
            change["first_due"] = _first_due(day, draw(st.integers(0, 34)), due_day).isoformat()
        changes.append(change)
    return changes


def _first_due(change: date, months: int, due_day: int) -> date:
    """The due day that comes first after the change, or so many months later."""
    this_month = change.replace(day=min(due_day, monthrange(change.year, change.month)[1]))
    index = change.year * 12 + change.month - 1 + months + (this_month <= change)
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(due_day, monthrange(year, month)[1]))
