"""From the few figures that an app shows to one debt of a plan, with a preset for the rest.

What an app does not show is derived here and is an estimate: the bills that were missed and the penalty so far are what
the engine works out for the same loan if nothing was paid since before the first of them. It knows no holiday, no
partial payment and no rounding of the lender's own; whoever knows the bills types them instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from core.engine.lower import day_in_month, first_month_after, month_of
from core.facts import facts
from core.money import format_fen, half_up
from core.plan import SCHEMA, Bill, CardDebt, InstalmentDebt, Plan, PlanError, Problem, plan_from, to_mapping
from core.products import Product, defaults
from core.simulate import Scenario, simulate_days, simulate_ledger

_SENTENCES = {
    "entry.missing": ("{place}：没有填；应填写这一项。", "{place}: not given; expected a value."),
    "entry.amount": ("{place}：写的是 {found}；应大于 0。", "{place}: found {found}; expected an amount above 0."),
    "entry.next_due": (
        "{place}：写的是 {found}；应是 {as_of} 之后的第一个还款日，即 {expected}。",
        "{place}: found {found}; expected the first due date after {as_of}, which is {expected}.",
    ),
    "entry.overdue_since": (
        "{place}：写的是 {found}；应是一个还款日，不晚于 {as_of}，例如 {expected}。",
        "{place}: found {found}; expected a due date not after {as_of}, such as {expected}.",
    ),
    "entry.missed": (
        "{place}：逾期各期的本金合计 {found}；不应超过全部欠款本金 {limit}。",
        "{place}: the principal of the missed bills comes to {found}; expected at most all that is owed, {limit}.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a user types of one debt; amounts in fen.

    Attributes:
        id, name: Of the debt in the plan.
        as_of: The day of the plan: the figures are those of its end.
        balance_fen: All principal still owed, missed bills included; of a card the whole balance.
        next_due: The first due date after `as_of`; None only where nothing is left to fall due.
        instalments_left: Due dates to come.
        overdue_since: The due date of the first bill that was missed.
        instalments_missed: How many were missed, where none is left to come (else the dates say it).
        missed: What is unpaid of the missed bills, oldest first, where it is known; derived otherwise.
        penalty_fen: Penalty interest so far; None to derive it (0 where `missed` is given).
        fees_fen: Fees owed.
        minimum_fen: Of a card: what is unpaid of the minimum of the statement that falls due next.
        instalments_total: Of instalments with a fee: their number at the start.
        fee_per_instalment_fen: Their fee each time, where it is known.
        contract_date: When the loan was agreed.
        interest_from: The date to which interest is settled, where it is not the last due date.
        overrides: Fields of the debt, as a plan file has them, that replace the preset's.
    """

    id: str
    name: str
    as_of: date
    balance_fen: int
    next_due: date | None = None
    instalments_left: int | None = None
    overdue_since: date | None = None
    instalments_missed: int | None = None
    missed: tuple[Bill, ...] = ()
    penalty_fen: int | None = None
    fees_fen: int = 0
    minimum_fen: int | None = None
    instalments_total: int | None = None
    fee_per_instalment_fen: int | None = None
    contract_date: date | None = None
    interest_from: date | None = None
    overrides: Mapping[str, object] = field(default_factory=dict[str, object])


def build_debt(product: Product, entry: Entry) -> dict[str, object]:
    """Make a debt of a preset and an entry.

    Args:
        product: The preset.
        entry: What the user typed. What the product `needs` must be there; a needed field that `Entry` does not have
            stands in its `overrides`.

    Returns:
        The debt as a plan file has it (CALCULATION.md §2); a plan with `entry.as_of` accepts it.

    Raises:
        PlanError: Something is missing or wrong; places are `entry.…`.
        FactDateError: A rule of law in the preset is not known for the date that counts.
    """
    _check_needs(product, entry)
    terms: dict[str, object] = {each.field: each.value for each in defaults(product, entry.as_of, entry.contract_date)}
    for name in entry.overrides:
        for rival in _RIVALS.get(name, ()):
            terms.pop(rival, None)
    common = {"id": entry.id, "name": entry.name, "kind": product.kind, "fees": format_fen(entry.fees_fen)}
    terms |= common | dict(entry.overrides)
    finished = _card(product, entry, terms) if product.kind == "card" else _instalment(product, entry, terms)
    debts = cast("list[dict[str, object]]", to_mapping(_plan(finished, entry.as_of))["debts"])
    return debts[0]


_RIVALS = {
    "daily_rate": ("annual_rate",),
    "annual_rate": ("daily_rate",),
    "penalty_multiplier": ("penalty_daily_rate",),
    "penalty_daily_rate": ("penalty_multiplier",),
}
"""A field to those that may not stand beside it."""


def _check_needs(product: Product, entry: Entry) -> None:
    problems: list[Problem] = []
    for name in product.needs:
        given = getattr(entry, name) if name in Entry.__dataclass_fields__ else entry.overrides.get(name)
        none_to_come = name == "next_due" and product.kind == "instalment" and _left(product, entry) == 0
        by_day = name == "annual_rate" and "daily_rate" in entry.overrides
        if given is None and not none_to_come and not by_day:
            problems.append(_problem(f"entry.{name}", "entry.missing"))
    if entry.balance_fen <= 0:
        problems.append(_problem("entry.balance_fen", "entry.amount", found=format_fen(entry.balance_fen)))
    if problems:
        raise PlanError(problems)


def _problem(place: str, code: str, **values: object) -> Problem:
    zh, en = _SENTENCES[code]
    return Problem(place, code, zh.format(place=place, **values), en.format(place=place, **values))


# -- cards


def _card(product: Product, entry: Entry, terms: dict[str, object]) -> dict[str, object]:
    """Add the balance and the statements whose minimum is unpaid.

    A card shows one balance, so each missed minimum is taken as the minimum of the balance as it stands.
    """
    next_due = cast(date, entry.next_due)
    lead = facts().as_read(cast(str, product.statement_to_due), entry.as_of).whole
    terms = {"statement_day": (next_due - timedelta(lead)).day, "due_day": next_due.day} | terms
    terms["balance"] = format_fen(entry.balance_fen)
    card = cast(CardDebt, _plan(terms, entry.as_of).debts[0])
    share, scale = card.min_rate.as_integer_ratio()
    usual = max(card.min_floor, half_up(card.balance * share, scale))
    minimums = [(due, usual) for due in _missed_dates(entry, card.due_day)]
    if _day_before(next_due, card.statement_day) <= entry.as_of:
        minimums.append((next_due, usual if entry.minimum_fen is None else entry.minimum_fen))
    room = card.balance + card.fees
    statements: list[dict[str, object]] = []
    for due, minimum in minimums:
        unpaid = min(minimum, room)
        room -= unpaid
        if unpaid > 0:
            statements.append({"due": due.isoformat(), "unpaid": format_fen(unpaid)})
    return terms | {"statements": statements}


# -- instalments


def _left(product: Product, entry: Entry) -> int:
    """Due dates to come: as typed, else the usual number; none where the one bill there is, is overdue."""
    if entry.instalments_left is not None:
        return entry.instalments_left
    usual = _usual_count(product, entry)
    return 0 if usual == 1 and entry.overdue_since is not None else usual


def _usual_count(product: Product, entry: Entry) -> int:
    return 1 if product.term is None else facts().as_read(product.term, entry.as_of).whole


def _instalment(product: Product, entry: Entry, terms: dict[str, object]) -> dict[str, object]:
    """Add principal, instalments, fee, and what is unpaid of missed bills with the penalty on it."""
    left = _left(product, entry)
    terms = {"due_day": (entry.next_due or entry.overdue_since or entry.as_of).day} | terms
    terms |= {"principal": format_fen(entry.balance_fen), "instalments_left": max(left, 1)}
    start = entry.interest_from or (entry.contract_date if terms["method"] == "bullet" else None)
    if start is not None:
        terms["interest_from"] = start.isoformat()
    if terms["method"] == "flat_fee":
        terms["fee_per_instalment"] = format_fen(0)
    sketch = cast(InstalmentDebt, _plan(terms, entry.as_of).debts[0])
    dates = _missed_dates(entry, sketch.due_day)
    missed = len(entry.missed) or len(dates)
    if left == 0 and not entry.missed:
        missed = entry.instalments_missed or min(missed, _usual_count(product, entry))
    if sketch.method == "flat_fee":
        terms["fee_per_instalment"] = format_fen(_fee(product, entry, missed + left))
    bills, penalty = entry.missed, 0
    if missed and not bills:
        bills, penalty = _derived(terms, entry, missed + left)
    principal = entry.balance_fen - sum(bill.principal for bill in bills)
    if principal < 0:
        amounts = {"found": format_fen(entry.balance_fen - principal), "limit": format_fen(entry.balance_fen)}
        raise PlanError([_problem("entry.missed", "entry.missed", **amounts)])
    if bills:
        # From the first missed bill on, interest is settled to the last due date, which is what a plan assumes.
        terms.pop("interest_from", None)
        if sketch.method == "bullet":
            terms["accrued"] = format_fen(0)
    return terms | {
        "principal": format_fen(principal),
        "instalments_left": left,
        "bills": [_bill(bill) for bill in bills],
        "penalty": format_fen(penalty if entry.penalty_fen is None else entry.penalty_fen),
    }


def _bill(bill: Bill) -> dict[str, object]:
    return {
        "due": bill.due.isoformat(),
        "principal": format_fen(bill.principal),
        "interest": format_fen(bill.interest),
    }


def _fee(product: Product, entry: Entry, unpaid_count: int) -> int:
    """Give the fee of one instalment: as typed, else the share of the original amount that the preset knows."""
    if entry.fee_per_instalment_fen is not None:
        return entry.fee_per_instalment_fen
    total = entry.instalments_total or _usual_count(product, entry)
    share = None if product.fee is None else facts().as_read(product.fee, entry.as_of).table.get(str(total))
    if not isinstance(share, Decimal):
        raise PlanError([_problem("entry.fee_per_instalment_fen", "entry.missing")])
    # The original amount is balance × total / unpaid_count; the total fee is a share of it, in `total` parts.
    return half_up(*(entry.balance_fen * Fraction(share) / unpaid_count).as_integer_ratio())


def _derived(terms: Mapping[str, object], entry: Entry, count: int) -> tuple[tuple[Bill, ...], int]:
    """Let the engine run the loan unpaid from before its first missed bill: the bills, and the penalty so far."""
    opening = cast(date, entry.overdue_since) - timedelta(1)
    # What a lender does later on is not part of how the missed bills came about.
    kept = {name: value for name, value in terms.items() if name not in ("accelerate_after_days", "changes", "fees")}
    if entry.interest_from is not None and entry.interest_from > opening:
        kept.pop("interest_from", None)
    plan = _plan(kept | {"instalments_left": count}, opening, month_of(entry.as_of) - month_of(opening))
    scenario = Scenario(plan, "stop")
    # Frames say little about their columns' types.
    ledger = cast("Any", simulate_ledger([scenario])[0])
    course = cast("Any", simulate_days([scenario], [entry.as_of])[0].debts_frame())
    bills = [
        Bill(due=row["date"].date(), principal=row["principal"], interest=row["interest"])
        for row in ledger.to_dict("records")
        if row["kind"] == "due" and row["date"].date() <= entry.as_of
    ]
    return tuple(bills), int(course["penalty"].iloc[-1])


# -- dates, and the plan around a debt


def _missed_dates(entry: Entry, due_day: int) -> list[date]:
    """Give the due dates from `overdue_since` (none without it) to `as_of`; dates typed that are none are refused."""
    as_of, since = entry.as_of, entry.overdue_since
    problems: list[Problem] = []
    following = date.fromordinal(day_in_month(first_month_after(as_of, due_day), due_day))
    if entry.next_due not in (None, following):
        values = {"found": entry.next_due, "as_of": as_of, "expected": following}
        problems.append(_problem("entry.next_due", "entry.next_due", **values))
    if since is not None:
        expected = _day_before(min(since, as_of) + timedelta(1), due_day)
        if since != expected:
            values = {"found": since, "as_of": as_of, "expected": expected}
            problems.append(_problem("entry.overdue_since", "entry.overdue_since", **values))
    if problems:
        raise PlanError(problems)
    if since is None:
        return []
    months = range(month_of(since), month_of(as_of) + 1)
    dates = (date.fromordinal(day_in_month(month, due_day)) for month in months)
    return [due for due in dates if due <= as_of]


def _day_before(day: date, day_of_month: int) -> date:
    """Give the last date before a day that falls on a day-of-month."""
    month = first_month_after(day - timedelta(1), day_of_month) - 1
    return date.fromordinal(day_in_month(month, day_of_month))


def _plan(debt: Mapping[str, object], as_of: date, months: int = 1) -> Plan:
    """Put a debt into a plan of nobody, so that the plan's own rules judge it."""
    household: dict[str, object] = {
        "payday": 1,
        "cash": "0.00",
        "reserve": "0.00",
        "incomes": [],
        "expenses": [],
        "one_offs": [],
    }
    mapping: dict[str, object] = {
        "schema": SCHEMA,
        "as_of": as_of.isoformat(),
        "horizon_months": max(months, 1),
        "household": household,
        "debts": [dict(debt)],
    }
    try:
        return plan_from(mapping)
    except PlanError as error:
        raise PlanError([_as_of_entry(each) for each in error.problems]) from None


def _as_of_entry(found: Problem) -> Problem:
    """Name a place of the plan around the debt as one of the entry."""
    place = found.place.replace("debts[0]", "entry", 1)
    return Problem(place, found.code, found.zh.replace(found.place, place, 1), found.en.replace(found.place, place, 1))
