"""Plans as they are read, held and written: limits, defaults, the canonical form, the round trip."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from core.plan import (
    MAX_FILE_BYTES,
    CardDebt,
    Change,
    Household,
    Income,
    InstalmentDebt,
    OneOff,
    Payment,
    Plan,
    PlanError,
    Waive,
    checked,
    dump_plan,
    parse_plan,
    plan_from,
    read_plan,
    to_mapping,
)
from tests.strategies import plan_mappings, plans

DATA = Path(__file__).parents[1] / "data"

LOAN: dict[str, Any] = {
    "id": "a",
    "name": "借呗",
    "kind": "instalment",
    "daily_rate": "0.00050",
    "method": "equal_principal",
    "principal": "1000",
    "instalments_left": 3,
    "due_day": 10,
}
CARD: dict[str, Any] = {
    "id": "c",
    "name": "信用卡",
    "kind": "card",
    "annual_rate": "0.18",
    "balance": "1000.5",
    "statement_day": 5,
    "due_day": 25,
}
CHANGE: dict[str, Any] = {"date": "2026-12-01", "method": "bullet", "instalments": 6}
INCOME: dict[str, Any] = {"name": "工资", "amount": "8500.00"}


def plan_with(*debts: dict[str, Any], household: dict[str, Any] | None = None, **top: Any) -> dict[str, Any]:
    """A small plan as its file holds it, with these debts and fields."""
    rest: dict[str, Any] = {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []}
    plan = {"schema": "ashore.plan/1", "as_of": "2026-11-01", "horizon_months": 12, "debts": list(debts) or [LOAN]}
    return deepcopy({**plan, "household": {**rest, **(household or {})}, **top})


def instalment(**fields: Any) -> InstalmentDebt:
    """The instalment debt with these fields, as it is read."""
    debt = plan_from(plan_with({**LOAN, **fields})).debts[0]
    assert isinstance(debt, InstalmentDebt)
    return debt


def card(**fields: Any) -> CardDebt:
    """The card with these fields, as it is read."""
    debt = plan_from(plan_with({**CARD, **fields})).debts[0]
    assert isinstance(debt, CardDebt)
    return debt


def change(**fields: Any) -> Change:
    """The agreed change with these fields, as it is read."""
    return instalment(changes=[{**CHANGE, **fields}]).changes[0]


def test_instalment_debt_takes_the_defaults_of_the_format() -> None:
    """What a file leaves out has the value that CALCULATION.md §2 gives it."""
    debt = instalment()
    assert (debt.principal, debt.instalments_left, debt.due_day) == (100_000, 3, 10)
    assert (debt.daily_rate, debt.annual_rate, debt.day_count) == (Decimal("0.0005"), None, 365)
    assert (debt.grace_days, debt.fees, debt.reported, debt.cap_rate, debt.changes) == (0, 0, True, None, ())
    assert (debt.principal_first_after_days, debt.accrued, debt.interest_from) == (None, None, None)
    assert (debt.fee_per_instalment, debt.bills, debt.penalty, debt.penalty_daily_rate) == (0, (), 0, None)
    assert (debt.penalty_multiplier, debt.penalty_base) == (Decimal("1.5"), "overdue_principal")
    assert (debt.accelerate_after_days, debt.prepayment) == (None, "any")


def test_card_takes_the_defaults_of_the_format() -> None:
    """Shares and least amounts of CALCULATION.md §2."""
    debt = card()
    assert (debt.balance, debt.statement_day, debt.due_day, debt.statements) == (100_050, 5, 25, ())
    assert (debt.min_rate, debt.min_floor) == (Decimal("0.10"), 10_000)
    assert (debt.late_fee_rate, debt.late_fee_min) == (Decimal("0.05"), 1000)
    assert (debt.annual_rate, debt.day_count) == (Decimal("0.18"), 365)


def test_change_names_only_what_it_says() -> None:
    """Nothing is filled in for a change but the shares waived and the day count of its own annual rate."""
    named = change()
    assert named.waive == Waive(principal=Decimal(0), interest=Decimal(0), penalty=Decimal(0), fees=Decimal(0))
    assert (named.first_due, named.due_day, named.daily_rate, named.annual_rate, named.day_count) == (None,) * 5
    assert (named.penalty_multiplier, named.accelerate_after_days, named.prepayment) == (None, None, None)
    assert not named.names_acceleration
    assert change(annual_rate="0").day_count == 365
    assert change(annual_rate="0", day_count=360).day_count == 360
    assert change(daily_rate="0").day_count is None


def test_null_in_a_change_counts_as_not_named() -> None:
    """Except for acceleration, where null is a value: never."""
    optional = ("waive", "first_due", "due_day", "daily_rate", "annual_rate", "day_count", "penalty_multiplier")
    assert change(**dict.fromkeys((*optional, "prepayment"))) == change()
    assert change(waive={"fees": None}) == change()
    never = change(accelerate_after_days=None)
    assert never.accelerate_after_days is None
    assert never.names_acceleration
    assert never != change()
    assert hash(never) != hash(change())
    assert change(accelerate_after_days=30).names_acceleration


def test_change_keeps_whether_acceleration_is_named_when_copied() -> None:
    """A lever that copies a change and names acceleration is understood."""
    assert not change().model_copy(update={"due_day": 5}).names_acceleration
    assert change().model_copy(update={"accelerate_after_days": None}).names_acceleration


def test_null_is_absent_where_the_default_is_none() -> None:
    """`from`, `until`, `for`, and the fields of a debt that may be missing."""
    optional = ("annual_rate", "cap_rate", "principal_first_after_days", "accrued", "interest_from")
    nulls = dict.fromkeys((*optional, "penalty_multiplier", "penalty_daily_rate", "accelerate_after_days"))
    assert instalment(**nulls) == instalment()
    assert plan_from(plan_with(today=None)) == plan_from(plan_with())


@pytest.mark.parametrize(
    ("fields", "multiplier", "daily"),
    [
        ({}, Decimal("1.5"), None),
        ({"penalty_multiplier": "1.3"}, Decimal("1.3"), None),
        ({"penalty_daily_rate": "0.0007"}, None, Decimal("0.0007")),
        ({"penalty_daily_rate": "0.0007", "penalty_multiplier": None}, None, Decimal("0.0007")),
    ],
)
def test_penalty_is_a_multiplier_or_a_daily_rate(
    fields: dict[str, Any], multiplier: Decimal | None, daily: Decimal | None
) -> None:
    """The default multiplier gives way to a daily rate."""
    debt = instalment(**fields)
    assert (debt.penalty_multiplier, debt.penalty_daily_rate) == (multiplier, daily)


@pytest.mark.parametrize(
    "debt",
    [
        {**LOAN, "daily_rate": "0"},
        {**LOAN, "daily_rate": "0.01", "penalty_daily_rate": "0.00000001"},
        {**CARD, "annual_rate": "1", "day_count": 360, "cap_rate": "0.000001"},
        {**LOAN, "penalty_multiplier": "4.00", "grace_days": 20, "principal": "10000000.00"},
        {**LOAN, "instalments_left": 360, "due_day": 31, "accelerate_after_days": 3650},
        {**LOAN, "instalments_left": 0, "principal": "0", "accrued": "0", "principal_first_after_days": 1},
        {**LOAN, "bills": [{"due": "1990-01-01", "principal": "0", "interest": "0"}] * 2},
        {**LOAN, "bills": [{"due": "2026-11-01", "principal": "0", "interest": "0"}], "interest_from": "2026-11-01"},
        {**LOAN, "method": "bullet", "accrued": "0"},
        {**LOAN, "method": "bullet", "interest_from": "1990-01-01"},
        {**LOAN, "method": "flat_fee", "fee_per_instalment": "0.00"},
        {**CARD, "min_rate": "1", "min_floor": "0", "late_fee_rate": "0.0001", "late_fee_min": "10000000"},
        {**CARD, "fees": "1.00", "statements": [{"due": "2026-12-31", "unpaid": "1001.50"}]},
        {**LOAN, "id": "长" * 64, "name": "é" * 200},
        {**LOAN, "name": " 👨‍👩‍👧 的 贷款　（一） "},
        {**LOAN, "changes": [{**CHANGE, "date": "2026-11-02", "instalments": 360, "first_due": "2026-11-10"}]},
        {**LOAN, "changes": [{**CHANGE, "date": "2026-12-10", "first_due": "2029-12-10"}]},
        {**LOAN, "changes": [{**CHANGE, "due_day": 31, "first_due": "2027-02-28"}]},
        {**CARD, "changes": [{**CHANGE, "first_due": "2026-12-25"}]},
        {**LOAN, "changes": [{**CHANGE, "due_day": 20}, {**CHANGE, "date": "2027-01-01", "first_due": "2027-01-20"}]},
    ],
)
def test_ends_of_what_is_allowed_are_allowed(debt: dict[str, Any]) -> None:
    """The limits of CALCULATION.md §1 are inside."""
    plan = plan_from(plan_with(debt))
    assert parse_plan(dump_plan(plan)) == plan


def test_household_is_read() -> None:
    """Money out of a household may be below zero; months are counted; `for` names a debt."""
    expense = {"name": "房租", "category": "housing", "amount": "2500.00", "essential": True, "cut": "0.3333"}
    one_offs = [
        {"name": "学费", "date": "2026-01-01", "amount": "-10000000.00", "for": None},
        {"name": "家人", "date": "2027-01-01", "amount": "0.01", "for": "a"},
    ]
    household = {
        "cash": "-10000000",
        "incomes": [{**INCOME, "from": "2026-11", "until": "2026-11"}],
        "expenses": [expense],
        "one_offs": one_offs,
    }
    read = plan_from(plan_with(household=household)).household
    assert (read.payday, read.cash, read.reserve) == (10, -1_000_000_000, 0)
    assert read.incomes == (Income(name="工资", amount=850_000, from_month=24_322, until_month=24_322),)
    assert (read.expenses[0].cut, read.expenses[0].from_month) == (Decimal("0.3333"), None)
    assert [(row.amount, row.for_debt) for row in read.one_offs] == [(-1_000_000_000, None), (1, "a")]


def test_today_and_what_was_paid_are_read() -> None:
    """The day of the start, and payments in the order of their dates, more than one a day."""
    paid = [{"date": "2026-11-02", "debt": "a", "amount": "0.01"}, {"date": "2026-11-02", "debt": "c", "amount": "5"}]
    plan = plan_from(plan_with(LOAN, CARD, today="2026-11-02", paid=paid))
    assert plan.paid == (
        Payment(date=date(2026, 11, 2), debt="a", amount=1),
        Payment(date=date(2026, 11, 2), debt="c", amount=500),
    )
    assert plan.start == date(2026, 11, 2)
    assert plan_from(plan_with(today="2036-11-08")).start == date(2036, 11, 8)


@pytest.mark.parametrize(
    ("as_of", "today", "months", "end"),
    [
        ("2026-11-01", None, 1, date(2026, 12, 31)),
        ("2026-11-30", None, 3, date(2027, 2, 28)),
        ("2026-11-30", "2027-01-31", 1, date(2027, 2, 28)),
        ("2027-12-31", None, 2, date(2028, 2, 29)),
        ("9998-12-01", None, 12, date(9999, 12, 31)),
    ],
)
def test_end_is_the_last_day_of_the_last_month(as_of: str, today: str | None, months: int, end: date) -> None:
    """Counted from the month of `today`, or of `as_of` where there is none."""
    plan = plan_from(plan_with(as_of=as_of, today=today, horizon_months=months))
    assert plan.start == date.fromisoformat(today or as_of)
    assert plan.end == end


def test_plan_cannot_be_changed_in_place() -> None:
    """A lever makes another plan; equal plans have equal hashes."""
    plan = plan_from(plan_with())
    with pytest.raises(ValidationError, match="frozen"):
        plan.horizon_months = 5  # pyright: ignore[reportAttributeAccessIssue]
    assert hash(plan) == hash(plan_from(plan_with()))
    assert plan.model_copy(update={"horizon_months": 5}) != plan


def test_models_built_in_python_take_what_they_hold() -> None:
    """Fen, decimals, dates and month numbers; a file gets none of this."""
    household = Household(payday=10, cash=0, reserve=0, incomes=(), expenses=(), one_offs=())
    debt = InstalmentDebt(
        id="a",
        name="借呗",
        kind="instalment",
        daily_rate=Decimal("0.0005"),
        method="equal_principal",
        principal=100_000,
        instalments_left=3,
        due_day=10,
    )
    built = Plan(
        schema_="ashore.plan/1", as_of=date(2026, 11, 1), horizon_months=12, household=household, debts=(debt,)
    )
    assert built == plan_from(plan_with())
    with pytest.raises(ValidationError, match="extra"):
        Income(name="工资", amount=1, bonus=2)  # pyright: ignore[reportCallIssue]
    with pytest.raises(ValidationError, match=r"true or false"):
        built.debts[0].model_validate({**LOAN, "reported": "yes"})


def test_checked_tells_what_is_wrong_with_a_plan_made_in_python() -> None:
    """Copies are not looked at when they are made; `checked` does it, by the same rules as a file."""
    plan = plan_from(plan_with())
    assert checked(plan) == plan
    gift = OneOff(name="家人", date=date(2026, 12, 1), amount=5000, for_debt="nobody")
    household = plan.household.model_copy(update={"one_offs": (gift,), "cash": 10**12})
    with pytest.raises(PlanError) as caught:
        checked(plan.model_copy(update={"household": household}))
    found = [(problem.place, problem.code) for problem in caught.value.problems]
    assert found == [("household.cash", "amount.range"), ("household.one_offs[0].for", "for.nobody")]


def test_canonical_form() -> None:
    """Every field in order, defaults too; no nulls but a named acceleration; amounts and rates in one way only."""
    household = {"incomes": [INCOME], "one_offs": [{"name": "家人", "date": "2026-12-01", "amount": "5", "for": "a"}]}
    changes = [{**CHANGE, "accelerate_after_days": None, "waive": {"fees": "1.0"}, "annual_rate": "0.060"}]
    written = dump_plan(plan_from(plan_with({**LOAN, "changes": changes}, CARD, household=household)))
    assert written == (DATA / "canonical_plan.json").read_text(encoding="utf-8")


def test_equal_plans_are_written_alike() -> None:
    """Order of fields, blanks, spelling of numbers and defaults leave no trace."""
    plain = plan_from(plan_with())
    spelt = plan_with({**dict(reversed(LOAN.items())), "fees": "0.0", "principal": "01000.00", "reported": True})
    assert dump_plan(parse_plan(json.dumps(dict(reversed(spelt.items())), indent=4))) == dump_plan(plain)


def test_rate_written_with_closing_zeros_is_the_same_rate() -> None:
    """ "0.00050" is "0.0005", and is written so."""
    debt = to_mapping(plan_from(plan_with()))["debts"]
    assert isinstance(debt, list)
    assert debt[0]["daily_rate"] == "0.0005"
    assert "day_count" not in debt[0]
    assert "fee_per_instalment" not in debt[0]


@settings(max_examples=60, deadline=None)
@given(plans())
def test_plan_written_and_read_back_is_the_same(plan: Plan) -> None:
    """The same plan, and the same bytes when it is written again."""
    written = dump_plan(plan)
    read = parse_plan(written.encode())
    assert read == plan
    assert hash(read) == hash(plan)
    assert dump_plan(read) == written
    assert checked(plan) == plan


@settings(max_examples=30, deadline=None)
@given(plan_mappings())
def test_reading_changes_nothing_in_the_mapping(mapping: dict[str, Any]) -> None:
    """The mapping stays as it is, and its text gives the same plan."""
    before = deepcopy(mapping)
    assert parse_plan(json.dumps(mapping)) == plan_from(mapping)
    assert mapping == before


def test_worked_cases_are_read_and_written() -> None:
    """Every worked case is a valid plan and survives the round trip."""
    cases = sorted(DATA.glob("vectors/*/*.json"))
    assert len(cases) >= 100
    for case in cases:
        plan = plan_from(json.loads(case.read_text(encoding="utf-8"))["plan"])
        assert parse_plan(dump_plan(plan)) == plan, case.name


def test_file_is_read_from_disk(tmp_path: Path) -> None:
    """What was written to a file is read from it."""
    plan = plan_from(plan_with(LOAN, CARD))
    path = tmp_path / "plan.json"
    path.write_text(dump_plan(plan), encoding="utf-8")
    assert read_plan(path) == read_plan(str(path)) == plan


def test_largest_plan_fits_into_a_file() -> None:
    """A plan at all limits, in the longest spelling, can be written and read back."""
    name, amount, word = "𠮷" * 200, "10000000.00", "𠮷" * 62
    bill = {"due": "2026-10-10", "principal": amount, "interest": amount}
    terms = {"annual_rate": "0.123456", "penalty_multiplier": "1.25", "accelerate_after_days": 3650, "due_day": 31}
    waive = dict.fromkeys(("principal", "interest", "penalty", "fees"), "0.3333")
    changes = [
        {
            **CHANGE,
            **terms,
            "waive": waive,
            "method": "equal_instalment",
            "date": f"{2030 + index}-12-30",
            "first_due": f"{2031 + index}-12-31",
            "prepayment": "full_only",
        }
        for index in range(60)
    ]
    debts = [
        {**LOAN, "id": f"{word}{index:02d}", "name": name, "bills": [bill] * 360, "changes": changes}
        for index in range(40)
    ]
    expense = {"name": name, "category": name, "amount": amount, "essential": True, "cut": "0.3333"}
    months = {"from": "2026-11", "until": "2026-12"}
    household = {
        "incomes": [{"name": name, "amount": amount, **months}] * 40,
        "expenses": [{**expense, **months}] * 100,
        "one_offs": [{"name": name, "date": "2026-12-01", "amount": amount, "for": f"{word}00"}] * 200,
    }
    paid = [{"date": "2026-11-02", "debt": f"{word}00", "amount": amount}] * 6000
    plan = plan_from(plan_with(*debts, household=household, today="2026-11-02", paid=paid))
    written = dump_plan(plan).encode()
    assert len(written) <= MAX_FILE_BYTES
    assert parse_plan(written) == plan
