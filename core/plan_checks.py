"""What several values of a plan file must satisfy together (CALCULATION.md §1 "Also input errors", §8).

The checks read the file as it stands, not the models: a value that its field refuses is passed over, and whatever else
is wrong is found in the same run. They change nothing. Each check is a function that yields what it found.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date
from itertools import pairwise
from typing import TypeVar

from core.money import format_fen
from core.plan_problems import Finding, Path, place_of
from core.plan_values import (
    AMOUNT_MAX,
    HORIZON_MAX,
    ID_MAX,
    INSTALMENTS_MAX,
    LENGTHS,
    as_list,
    as_object,
    month_index,
    read_amount,
    read_date,
    read_month,
    read_text,
    read_whole,
)

STATEMENT_DAYS_MAX = 60
FIRST_DUE_DAYS_MAX = 1096
TODAY_DAYS_MAX = 3660
PREPAID_METHOD = "flat_fee"

_T = TypeVar("_T")


@dataclass(frozen=True)
class RawPart:
    """An object of the file, read leniently: what cannot be read is None, for its field has reported it."""

    path: Path
    raw: dict[str, object]

    def names(self, key: str) -> bool:
        """Say whether the field is there and not null."""
        return self.raw.get(key) is not None

    def read(self, key: str, reader: Callable[[object], _T], default: _T | None = None) -> _T | None:
        """Read a field; the default where it is absent, None where it cannot be read."""
        if key not in self.raw:
            return default
        try:
            return reader(self.raw[key])
        except ValueError:
            return None

    def day(self, key: str) -> date | None:
        """Read a date."""
        return self.read(key, read_date)

    def fen(self, key: str, default: int | None = None, low: int = 0) -> int | None:
        """Read an amount."""
        return self.read(key, lambda value: read_amount(value, low), default)

    def text(self, key: str) -> str | None:
        """Read an id or another short text."""
        return self.read(key, lambda value: read_text(value, ID_MAX))

    def inside(self, key: str) -> "RawPart":
        """Step into the object of a field; empty where there is none."""
        return RawPart((*self.path, key), as_object(self.raw.get(key)) or {})

    def rows(self, key: str) -> list["RawPart"]:
        """List the objects in the list of a field, no more than may stand there."""
        entries = enumerate((as_list(self.raw.get(key)) or [])[: LENGTHS[key][1]])
        objects = ((index, as_object(entry)) for index, entry in entries)
        return [RawPart((*self.path, key, index), raw) for index, raw in objects if raw is not None]

    def finding(self, code: str, key: str | None = None, **values: object) -> Finding:
        """Report a problem of this object or of one of its fields, and what that field says."""
        if key is None:
            return Finding(self.path, code, values)
        return Finding((*self.path, key), code, {"found": self.raw.get(key), **values})


def cross_findings(raw: dict[str, object]) -> Iterator[Finding]:
    """Find what is wrong between the values of a plan file.

    Args:
        raw: The object at the top of the file. Not modified.

    Yields:
        Findings, in no particular order; none for a value that its field refuses.
    """
    plan = RawPart((), raw)
    household = plan.inside("household")
    debts = plan.rows("debts")
    as_of = plan.day("as_of")
    ids = {text for debt in debts if (text := debt.text("id")) is not None}
    for part in (plan, household, *debts):
        yield from _lengths(part)
    yield from _same_ids(debts)
    for debt in debts:
        yield from _debt(debt, as_of)
    for row in (*household.rows("incomes"), *household.rows("expenses")):
        yield from _months(row)
    for row in household.rows("one_offs"):
        yield from _one_off(row, ids)
    yield from _times(plan, as_of)
    yield from _paid(plan, as_of, ids)


def _lengths(part: RawPart) -> Iterator[Finding]:
    for key, (low, high) in LENGTHS.items():
        entries = as_list(part.raw.get(key))
        if entries is not None and not low <= len(entries) <= high:
            yield part.finding("list.length", key, count=len(entries), low=low, high=high)


def _same_ids(debts: list[RawPart]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for debt in debts:
        text = debt.text("id")
        if text is not None and first.setdefault(text, place_of(debt.path)) != place_of(debt.path):
            yield debt.finding("id.twice", "id", first=first[text])


def _debt(debt: RawPart, as_of: date | None) -> Iterator[Finding]:
    yield from _rate(debt, needed=True)
    for change in debt.rows("changes"):
        yield from _rate(change, needed=False)
    yield from _changes(debt, as_of)
    yield from _accrued(debt, as_of)
    if debt.raw.get("kind") == "card":
        yield from _statements(debt, as_of)
    else:
        yield from _instalment(debt, as_of)


def _rate(part: RawPart, needed: bool) -> Iterator[Finding]:
    if part.names("daily_rate") and part.names("annual_rate"):
        yield part.finding("rate.both")
    elif needed and not part.names("daily_rate") and not part.names("annual_rate"):
        yield part.finding("rate.none")
    elif part.names("day_count") and not part.names("annual_rate"):
        yield part.finding("rate.day_count", "day_count")


def _accrued(debt: RawPart, as_of: date | None) -> Iterator[Finding]:
    both = [key for key in ("accrued", "interest_from") if debt.names(key)]
    if debt.raw.get("method") == PREPAID_METHOD:
        yield from (debt.finding("accrued.flat_fee", key) for key in both)
    elif len(both) == 2:
        yield debt.finding("accrued.both")
    elif debt.raw.get("method") == "bullet" and not both:
        yield debt.finding("accrued.needed")
    settled = debt.day("interest_from")
    if as_of and settled and settled > as_of:
        yield debt.finding("interest_from.late", "interest_from", as_of=as_of)


def _instalment(debt: RawPart, as_of: date | None) -> Iterator[Finding]:
    method = debt.text("method")
    if method == PREPAID_METHOD and "fee_per_instalment" not in debt.raw:
        yield debt.finding("field.missing", "fee_per_instalment")
    if method not in (None, PREPAID_METHOD) and "fee_per_instalment" in debt.raw:
        yield debt.finding("field.other_method", "fee_per_instalment", method=method)
    if debt.names("penalty_multiplier") and debt.names("penalty_daily_rate"):
        yield debt.finding("penalty.both")
    if debt.read("instalments_left", lambda value: read_whole(value, 0, INSTALMENTS_MAX)) == 0:
        if debt.fen("principal"):
            yield debt.finding("instalments.none", "instalments_left", high=INSTALMENTS_MAX)
        if debt.fen("accrued"):
            yield debt.finding("accrued.no_instalments", "accrued")
    bills = debt.rows("bills")
    yield from _oldest_first(bills, "due")
    for bill in bills:
        due = bill.day("due")
        if as_of and due and due > as_of:
            yield bill.finding("bill.late", "due", as_of=as_of)


def _statements(debt: RawPart, as_of: date | None) -> Iterator[Finding]:
    statements = debt.rows("statements")
    yield from _oldest_first(statements, "due")
    for statement in statements:
        due = statement.day("due")
        if as_of and due and (due - as_of).days > STATEMENT_DAYS_MAX:
            yield statement.finding("statement.late", "due", as_of=as_of, days=STATEMENT_DAYS_MAX)
    unpaid = [statement.fen("unpaid") for statement in statements]
    balance, fees = debt.fen("balance"), debt.fen("fees", 0)
    if balance is not None and fees is not None:
        total = sum(fen for fen in unpaid if fen is not None)
        if total > balance + fees:
            limit = format_fen(balance + fees)
            yield debt.finding("statements.sum", "statements", found=format_fen(total), limit=limit)


def _changes(debt: RawPart, as_of: date | None) -> Iterator[Finding]:
    due_day = _due_day(debt)
    before: date | None = None
    for change in debt.rows("changes"):
        day = change.day("date")
        if change.names("due_day"):
            due_day = _due_day(change)
        if day and as_of and day <= as_of:
            yield change.finding("change.early", "date", as_of=as_of)
        if day and before and day <= before:
            yield change.finding("change.order", "date", before=before)
        first = change.day("first_due")
        if first and day and not 0 < (first - day).days <= FIRST_DUE_DAYS_MAX:
            yield change.finding("first_due.window", "first_due", change=day, days=FIRST_DUE_DAYS_MAX)
        if first and due_day:
            expected = first.replace(day=min(due_day, monthrange(first.year, first.month)[1]))
            if first != expected:
                yield change.finding("first_due.day", "first_due", due_day=due_day, expected=expected)
        before = day or before


def _due_day(part: RawPart) -> int | None:
    return part.read("due_day", lambda value: read_whole(value, 1, 31))


def _oldest_first(rows: list[RawPart], key: str) -> Iterator[Finding]:
    dated = [(row, day) for row in rows if (day := row.day(key)) is not None]
    for (_, before), (row, day) in pairwise(dated):
        if day < before:
            yield row.finding("date.order", key, before=before)


def _months(row: RawPart) -> Iterator[Finding]:
    start, until = row.read("from", read_month), row.read("until", read_month)
    if start is not None and until is not None and until < start:
        yield row.finding("until.early", "until", start=row.raw["from"])


def _one_off(row: RawPart, ids: set[str]) -> Iterator[Finding]:
    if not row.names("for"):
        return
    text = row.text("for")
    if text is not None and text not in ids:
        yield row.finding("for.nobody", "for")
    amount = row.fen("amount", low=-AMOUNT_MAX)
    if amount is not None and amount <= 0:
        yield row.finding("for.amount", "amount")


def _times(plan: RawPart, as_of: date | None) -> Iterator[Finding]:
    today = plan.day("today") if plan.names("today") else as_of
    if as_of and today and not 0 <= (today - as_of).days <= TODAY_DAYS_MAX:
        yield plan.finding("today.window", "today", as_of=as_of, days=TODAY_DAYS_MAX)
    months = plan.read("horizon_months", lambda value: read_whole(value, 1, HORIZON_MAX))
    if today and months and month_index(today) + months > month_index(date.max):
        yield plan.finding("horizon.late", "horizon_months", start=today, months=months, latest=MAXYEAR)


def _paid(plan: RawPart, as_of: date | None, ids: set[str]) -> Iterator[Finding]:
    rows = plan.rows("paid")
    today = plan.day("today") if plan.names("today") else as_of
    yield from _oldest_first(rows, "date")
    for row in rows:
        day, text = row.day("date"), row.text("debt")
        if day and as_of and today and not as_of < day <= today:
            yield row.finding("paid.window", "date", as_of=as_of, today=today)
        if text is not None and text not in ids:
            yield row.finding("for.nobody", "debt")
