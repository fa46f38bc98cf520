"""Valid plans made at random, so that rare rules meet in tests.

A plan comes as the mapping of a plan file and depends on the generator only: the same seed makes
the same plan. Values are drawn from short lists of plausible ones, and now and then from the ends
of what is allowed. Nothing here knows how anything is calculated.
"""

from calendar import monthrange
from datetime import date, timedelta
from random import Random
from typing import Any

METHODS = ("equal_principal", "equal_instalment", "interest_only", "bullet", "flat_fee")
AGREED_METHODS = METHODS[:4]
PENALTY_BASES = ("overdue_principal", "overdue_principal_and_interest", "all_principal")
PREPAYMENTS = ("any", "full_only", "none")
DAILY_RATES = ("0.0002", "0.00035", "0.0004", "0.00048612", "0.0005")
ANNUAL_RATES = ("0", "0.0725", "0.1095", "0.1314", "0.146", "0.18", "0.1825", "0.182513", "0.24", "0.36")
WAIVED_SHARES = ("0", "0.2", "0.3333", "0.5", "1")


def random_plan(
    rng: Random,
    *,
    debt_count: tuple[int, int] = (1, 8),
    horizon_months: tuple[int, int] = (3, 60),
    recorded: bool = False,
) -> dict[str, Any]:
    """Make a plan that the loader takes.

    Args:
        rng: Where all chance comes from.
        debt_count: Fewest and most debts.
        horizon_months: Shortest and longest horizon.
        recorded: Whether the plan carries `today` and `paid`. Every payment is one that its debt can take.

    Returns:
        The plan, in the form of a plan file.
    """
    as_of = _as_of(rng)
    debts = [_debt(rng, f"d{index}", as_of) for index in range(rng.randint(*debt_count))]
    plan: dict[str, Any] = {
        "schema": "ashore.plan/1",
        "as_of": as_of.isoformat(),
        "horizon_months": rng.randint(*horizon_months),
        "household": _household(rng, as_of, debts),
        "debts": debts,
    }
    if recorded:
        _record(rng, plan, as_of)
    return plan


def _record(rng: Random, plan: dict[str, Any], as_of: date) -> None:
    """Add `today` and payments, each small enough for its debt whatever else happens until then."""
    today = as_of + timedelta(days=rng.choice((0, 1, 2, rng.randint(3, 45), rng.randint(46, 400))))
    plan["today"] = today.isoformat()
    paid: list[dict[str, Any]] = []
    for debt in plan["debts"]:
        room = _safe_to_pay(debt, today)
        for _ in range(rng.choice((0, 1, 1, 2, 4))):
            amount = min(room, _around(rng, 1, max(1, room // 2)))
            if today > as_of and amount > 0:
                room -= amount
                day = as_of + timedelta(days=rng.randint(1, (today - as_of).days))
                paid.append({"date": day.isoformat(), "debt": debt["id"], "amount": _yuan(amount)})
    if paid:
        rng.shuffle(paid)
        plan["paid"] = sorted(paid, key=lambda payment: payment["date"])


def _safe_to_pay(debt: dict[str, Any], today: date) -> int:
    """Fen that a debt can take until `today` in any case; an agreed change before then may waive all of it."""
    if any(date.fromisoformat(change["date"]) <= today for change in debt.get("changes", ())):
        return 0
    fees = _fen(debt.get("fees", "0"))
    if debt["kind"] == "card":
        return fees + _fen(debt["balance"])
    billed = sum(_fen(bill["principal"]) + _fen(bill["interest"]) for bill in debt.get("bills", ()))
    owed = fees + _fen(debt.get("penalty", "0")) + billed
    return owed + _fen(debt["principal"]) if debt.get("prepayment", "any") == "any" else owed


# The household


def _household(rng: Random, as_of: date, debts: list[dict[str, Any]]) -> dict[str, Any]:
    income = _around(rng, 300_000, 2_000_000)
    incomes = [{"name": "工资", "amount": _yuan(income), "from": None, "until": None}]
    if rng.random() < 0.4:
        incomes.append({"name": "兼职", "amount": _yuan(_around(rng, 0, 300_000)), **_window(rng, as_of)})
    expenses = [_expense(rng, "生活", "food", income * rng.randint(20, 110) // 100)]
    if rng.random() < 0.4:
        expenses.append({**_expense(rng, "学费", "education", _around(rng, 0, 200_000)), **_window(rng, as_of)})
    if rng.random() < 0.05:
        incomes, expenses = [], expenses[: rng.randint(0, 1)]
    return {
        "payday": _day_of_month(rng),
        "cash": _yuan(rng.choice((0, _around(rng, 0, 600_000), _around(rng, 0, 600_000), -_around(rng, 0, 200_000)))),
        "reserve": _yuan(rng.choice((0, _around(rng, 0, 200_000), _around(rng, 0, 200_000)))),
        "incomes": incomes,
        "expenses": expenses,
        "one_offs": [_one_off(rng, as_of, debts) for _ in range(rng.choice((0, 0, 1, 2, 3, 5)))],
    }


def _expense(rng: Random, name: str, category: str, amount: int) -> dict[str, Any]:
    cut = rng.choice(("0", "0", "0.1", "0.25", "0.3333", "1"))
    return {"name": name, "category": category, "amount": _yuan(amount), "essential": rng.random() < 0.7, "cut": cut}


def _window(rng: Random, as_of: date) -> dict[str, str | None]:
    first = as_of.year * 12 + as_of.month - 1 + rng.randint(-6, 18)
    last = first + rng.randint(0, 24)
    return {
        "from": rng.choice((None, f"{first // 12}-{first % 12 + 1:02d}")),
        "until": rng.choice((None, f"{last // 12}-{last % 12 + 1:02d}")),
    }


def _one_off(rng: Random, as_of: date, debts: list[dict[str, Any]]) -> dict[str, Any]:
    day = as_of + timedelta(days=rng.choice((rng.randint(-20, 40), rng.randint(1, 900))))
    if rng.random() < 0.5:
        debt = rng.choice(debts)
        if rng.random() < 0.3:
            day = _day_in_month(as_of.year, as_of.month + rng.randint(0, 20), debt["due_day"])
        whole = _fen(debt.get("principal") or debt["balance"])
        amount = rng.choice((_around(rng, 1, 100_000), _around(rng, 1, 3_000_000), max(whole, 1)))
        return {"name": "家人", "date": day.isoformat(), "amount": _yuan(amount), "for": debt["id"]}
    amount = _yuan(rng.choice((1, -1)) * _around(rng, 1, 1_000_000))
    return {"name": "一笔钱", "date": day.isoformat(), "amount": amount, **_maybe(rng, 0.2, {"for": None})}


# A debt


def _debt(rng: Random, name: str, as_of: date) -> dict[str, Any]:
    debt: dict[str, Any] = {
        "id": name,
        "name": f"债{name[1:]}",
        **_rate(rng),
        **_maybe(rng, 0.5, {"cap_rate": rng.choice(("0", "0.12", "0.24", "0.154"))}),
        **_maybe(rng, 0.4, {"principal_first_after_days": rng.choice((1, 30, 90))}),
        **_maybe(rng, 0.4, {"grace_days": rng.choice((1, 3, 5, 20, 20))}),
        **_maybe(rng, 0.3, {"fees": _yuan(_around(rng, 1, 20_000))}),
        **_maybe(rng, 0.3, {"reported": False}),
    }
    debt |= _card(rng, as_of, debt) if rng.random() < 0.33 else _instalment(rng, as_of)
    changes = _changes(rng, as_of, debt["due_day"])
    return {**debt, **({"changes": changes} if changes else {})}


def _rate(rng: Random) -> dict[str, Any]:
    chance = rng.random()
    if chance < 0.45:
        return {"daily_rate": rng.choice(DAILY_RATES)}
    if chance < 0.9:
        return {"annual_rate": rng.choice(ANNUAL_RATES), **_maybe(rng, 0.7, {"day_count": rng.choice((360, 365))})}
    if chance < 0.95:
        return {"daily_rate": rng.choice(("0", "0.00000001", "0.01"))}
    return {"annual_rate": rng.choice(("0.000001", "1")), "day_count": rng.choice((360, 365))}


def _instalment(rng: Random, as_of: date) -> dict[str, Any]:
    method = rng.choice((*METHODS, "equal_principal", "equal_instalment"))
    ended = rng.random() < 0.08
    count = 0 if ended else rng.choice((1, 2, rng.randint(3, 36), rng.randint(3, 36), rng.randint(3, 120)))
    principal = 0 if ended or rng.random() < 0.05 else _principal(rng)
    fields: dict[str, Any] = {
        "kind": "instalment",
        "method": method,
        "principal": _yuan(principal),
        "instalments_left": count,
        "due_day": _day_of_month(rng),
        **_maybe(rng, 0.6, {"penalty_base": rng.choice(PENALTY_BASES)}),
        **_maybe(rng, 0.4, {"accelerate_after_days": rng.choice((1, 30, 60, 90, 120))}),
        **_maybe(rng, 0.5, {"prepayment": rng.choice(PREPAYMENTS)}),
        **_maybe(rng, 0.2, {"penalty": _yuan(_around(rng, 1, 9_000))}),
    }
    if method == "flat_fee":
        fields["fee_per_instalment"] = _yuan(_around(rng, 0, max(1, principal // 100)))
    else:
        fields |= _accrued(rng, as_of, principal, needed=method == "bullet", accrued_max=0 if ended else 9_000)
    chance = rng.random()
    if chance < 0.3:
        fields["penalty_multiplier"] = rng.choice(("0", "0.5", "1", "1.3", "1.35", "1.5", "4"))
    elif chance < 0.45:
        fields["penalty_daily_rate"] = rng.choice(("0", "0.0002", "0.0007", "0.0015", "0.00048613"))
    bills = rng.choice((0, 0, 0, 1, 2, 4)) + ended
    if bills:
        amounts = [(_around(rng, 0, 200_000), rng.choice((0, _around(rng, 0, 40_000)))) for _ in range(bills)]
        fields["bills"] = [
            {"due": due.isoformat(), "principal": _yuan(principal), "interest": _yuan(interest)}
            for due, (principal, interest) in zip(_dues(rng, as_of, bills, 0), amounts, strict=True)
        ]
    return fields


def _card(rng: Random, as_of: date, debt: dict[str, Any]) -> dict[str, Any]:
    balance = 0 if rng.random() < 0.03 else _principal(rng)
    fields: dict[str, Any] = {
        "kind": "card",
        "balance": _yuan(balance),
        "statement_day": _day_of_month(rng),
        "due_day": _day_of_month(rng),
        **_maybe(rng, 0.4, {"min_rate": rng.choice(("0", "0.05", "0.1234", "1"))}),
        **_maybe(rng, 0.4, {"min_floor": rng.choice(("0.00", "50.00", "300.00"))}),
        **_maybe(rng, 0.4, {"late_fee_rate": rng.choice(("0", "0.06", "0.0333"))}),
        **_maybe(rng, 0.4, {"late_fee_min": rng.choice(("0.00", "15.00"))}),
        **_accrued(rng, as_of, balance, needed=False, accrued_max=9_000),
    }
    statements = rng.choice((0, 0, 1, 1, 2, 4))
    room = balance + _fen(debt.get("fees", "0"))
    rows: list[dict[str, str]] = []
    for due in _dues(rng, as_of, statements, 25):
        unpaid = rng.choice((room, rng.randint(0, room // 4), rng.randint(0, room // 4), rng.randint(0, room // 4)))
        rows.append({"due": due.isoformat(), "unpaid": _yuan(unpaid)})
        room -= unpaid
    return {**fields, **({"statements": rows} if rows else {})}


def _accrued(rng: Random, as_of: date, base: int, *, needed: bool, accrued_max: int = 0) -> dict[str, str]:
    """Give what has accrued, as an amount or as a date; or nothing, where it is not needed.

    `accrued_max` is what may be left where the base itself is paid.
    """
    chance = rng.random() * (0.6 if needed else 1)
    if chance < 0.3:
        return {"accrued": _yuan(rng.randint(0, base // 50 or accrued_max))}
    if chance < 0.6:
        return {"interest_from": (as_of - timedelta(days=rng.choice((0, 1, rng.randint(2, 200))))).isoformat()}
    return {}


def _dues(rng: Random, as_of: date, count: int, latest: int) -> list[date]:
    """Make due dates, oldest first and about a month apart; the last is at most `latest` days after `as_of`."""
    day = as_of + timedelta(days=rng.choice((0, latest, rng.randint(-25, latest), rng.randint(-25, latest))))
    dues: list[date] = []
    for _ in range(count):
        dues.append(day)
        day -= timedelta(days=rng.choice((28, 30, 31, 31)))
    return dues[::-1]


def _changes(rng: Random, as_of: date, due_day: int) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    day = as_of
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
        day += timedelta(days=rng.choice((rng.randint(1, 40), rng.randint(1, 400))))
        if rng.random() < 0.2:
            day = _first_on(day, due_day)
        shares = {part: rng.choice(WAIVED_SHARES) for part in ("principal", "interest", "penalty", "fees")}
        if rng.random() < 0.8:
            del shares["principal"]
        named = {part: share for part, share in shares.items() if rng.random() < 0.6}
        change: dict[str, Any] = {
            "date": day.isoformat(),
            "method": rng.choice(AGREED_METHODS),
            "instalments": rng.choice((1, 2, rng.randint(3, 60), rng.randint(3, 60))),
            **_maybe(rng, 0.7, {"waive": named}),
            **_maybe(rng, 0.4, {"due_day": _day_of_month(rng)}),
            **(_rate(rng) if rng.random() < 0.3 else _maybe(rng, 0.4, {"annual_rate": rng.choice(("0", "0.06"))})),
            **_maybe(rng, 0.2, {"penalty_multiplier": rng.choice(("0", "1", "1.5"))}),
            **_maybe(rng, 0.3, {"accelerate_after_days": rng.choice((None, None, 1, 31))}),
            **_maybe(rng, 0.3, {"prepayment": rng.choice(PREPAYMENTS)}),
        }
        due_day = change.get("due_day", due_day)
        if rng.random() < 0.4:
            change["first_due"] = _first_due(rng, day, due_day).isoformat()
        changes.append(change)
    return changes


def _first_due(rng: Random, after: date, due_day: int) -> date:
    """Choose a date on the due day: often the first one after a date, at most three years later."""
    month = after.month + rng.choice((0, 0, 1, 2, rng.randint(3, 34)))
    return _first_on(max(after, _day_in_month(after.year, month, 1)) + timedelta(days=1), due_day)


# Values


def _as_of(rng: Random) -> date:
    day = date(2025, 12, 1) + timedelta(days=rng.randint(0, 420))
    return _day_in_month(day.year, day.month, 31) if rng.random() < 0.1 else day


def _day_of_month(rng: Random) -> int:
    return rng.choice((rng.randint(1, 31), rng.randint(1, 31), rng.randint(28, 31)))


def _day_in_month(year: int, month: int, day: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def _first_on(day: date, day_of_month: int) -> date:
    """Return the first date from `day` on, itself included, on a day-of-month."""
    here = _day_in_month(day.year, day.month, day_of_month)
    return here if here >= day else _day_in_month(day.year, day.month + 1, day_of_month)


def _principal(rng: Random) -> int:
    return rng.choice((_around(rng, 1, 50_000), *(_around(rng, 50_000, 6_000_000) for _ in range(5))))


def _around(rng: Random, low: int, high: int) -> int:
    """Draw fen from a range, half of the time whole yuan."""
    fen = rng.randint(low, high)
    return fen if rng.random() < 0.5 or fen < 100 else fen // 100 * 100


def _maybe(rng: Random, chance: float, fields: dict[str, Any]) -> dict[str, Any]:
    return fields if rng.random() < chance else {}


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _fen(amount: str) -> int:
    whole, _, cents = amount.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0"))
