"""What a form knows of a debt before it is one: figures that an app shows, and what becomes of them. No screen here."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from core.entry import Entry, build_debt
from core.household import HouseholdDocument, with_plan
from core.money import format_fen
from core.plan import SCHEMA, Bill, CardDebt, InstalmentDebt, Plan, plan_from, to_mapping
from core.plan_values import month_index
from core.positions import restated
from core.products import PRODUCTS, Product, product_of

DRAWS_MAX = 20
HORIZON_MONTHS = 60
FALLBACK = {"card": "credit_card", "instalment": "bank_loan"}
"""The preset that stands in for a debt of which nobody said what it is; its own terms override all of it."""

TERMS = (
    "method",
    "daily_rate",
    "annual_rate",
    "day_count",
    "penalty_multiplier",
    "penalty_daily_rate",
    "penalty_base",
    "grace_days",
    "prepayment",
    "accelerate_after_days",
    "min_rate",
    "min_floor",
    "late_fee_rate",
    "late_fee_min",
    "principal_first_after_days",
    "reported",
    "cap_rate",
)
"""The fields of a debt that are terms of its contract, in the order in which a form asks for them."""

_KEPT = ("changes", "due_day", "statement_day", "fee_per_instalment")


@dataclass(frozen=True)
class Draft:
    """The figures of one debt, as an app shows them on a day.

    Attributes are those of `core.entry.Entry`.
    """

    name: str
    balance_fen: int | None = None
    next_due: date | None = None
    instalments_left: int | None = None
    overdue_since: date | None = None
    missed: tuple[Bill, ...] = ()
    penalty_fen: int | None = None
    fees_fen: int | None = None
    minimum_fen: int | None = None
    instalments_total: int | None = None
    fee_per_instalment_fen: int | None = None
    contract_date: date | None = None
    interest_from: date | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)

    def entry(self, debt_id: str, as_of: date) -> Entry:
        """Give the draft as an entry of a day; a balance that is still empty counts as 0 and will be refused."""
        return Entry(
            id=debt_id,
            name=self.name,
            as_of=as_of,
            balance_fen=self.balance_fen or 0,
            next_due=self.next_due,
            instalments_left=self.instalments_left,
            overdue_since=self.overdue_since,
            missed=self.missed,
            penalty_fen=self.penalty_fen,
            fees_fen=self.fees_fen or 0,
            minimum_fen=self.minimum_fen,
            instalments_total=self.instalments_total,
            fee_per_instalment_fen=self.fee_per_instalment_fen,
            contract_date=self.contract_date,
            interest_from=self.interest_from,
            overrides=self.overrides,
        )


@dataclass(frozen=True)
class Names:
    """What a form calls the first income and the first expense."""

    income: str
    living: str


def entry_day(plan: Plan) -> date:
    """Give the day whose end an app shows this morning: yesterday, or the plan's own day where that is today."""
    return plan.start if plan.start == plan.as_of else plan.start - timedelta(1)


def product_for(debt: InstalmentDebt | CardDebt, product_id: str | None) -> Product:
    """Give a debt's preset; where nobody said which, the one that its id or its name speaks of, or a general one."""
    fitting = [product for product in PRODUCTS if product.kind == debt.kind]
    if isinstance(debt, InstalmentDebt) and debt.instalments_left > 1:
        fitting = [product for product in fitting if not product.single]
    named = (product for product in fitting if product.id == product_id)
    spoken_of = (product for product in fitting if _speaks_of(debt, product))
    return next(named, None) or next(spoken_of, None) or product_of(FALLBACK[debt.kind])


def _speaks_of(debt: InstalmentDebt | CardDebt, product: Product) -> bool:
    """Say whether a debt's id or name begins as the product's does, its number of instalments left aside."""
    stem = re.split(r"[^a-z]", product.id)[0]
    title = re.split(r"\W", product.title.zh)[0]
    return debt.id.startswith(stem) or title in debt.name


def drafted(debt: InstalmentDebt | CardDebt, as_of: date, contract_date: date | None) -> Draft:
    """Give what a form shows of a debt that there is."""
    following = next_on(as_of, debt.due_day)
    mapping = _mapping(debt)
    overrides = {name: mapping[name] for name in (*TERMS, *_KEPT) if name in mapping}
    overrides.setdefault("cap_rate", None)
    if isinstance(debt, CardDebt):
        overdue = [each.due for each in debt.statements if each.due <= as_of]
        coming = [each.unpaid for each in debt.statements if each.due > as_of]
        overrides.setdefault("principal_first_after_days", None)
        return Draft(
            name=debt.name,
            balance_fen=debt.balance,
            next_due=following,
            overdue_since=min(overdue, default=None),
            minimum_fen=coming[0] if coming else None,
            fees_fen=debt.fees,
            contract_date=contract_date,
            overrides=overrides,
        )
    return Draft(
        name=debt.name,
        balance_fen=debt.principal + sum(bill.principal for bill in debt.bills),
        next_due=following if debt.instalments_left else None,
        instalments_left=debt.instalments_left,
        overdue_since=min((bill.due for bill in debt.bills), default=None),
        missed=debt.bills,
        penalty_fen=debt.penalty,
        fees_fen=debt.fees,
        fee_per_instalment_fen=debt.fee_per_instalment if debt.method == "flat_fee" else None,
        contract_date=contract_date,
        interest_from=debt.interest_from,
        overrides=overrides,
    )


def built(product: Product, drafts: Sequence[Draft], ids: Sequence[str], as_of: date) -> list[dict[str, object]]:
    """Make debts of drafts of one product.

    Raises:
        PlanError: Something is missing or wrong; places are `entry.…`.
    """
    return [build_debt(product, draft.entry(one, as_of)) for draft, one in zip(drafts, ids, strict=True)]


def preview(debts: Sequence[Mapping[str, object]], as_of: date, today: date) -> Plan:
    """Put debts into a plan of nobody, to see where they stand."""
    return plan_from(_new_mapping(debts, as_of, {}) | {"today": today.isoformat()})


def new_plan(
    debts: Sequence[Mapping[str, object]],
    as_of: date,
    income: int | None,
    living: int | None,
    payday: int,
    names: Names,
) -> Plan:
    """Make the plan of a household that has just begun.

    Args:
        debts: As `built` gives them.
        as_of: The day whose end they describe.
        income, living: What comes in and what living costs a month, fen; None where nobody has said.
        payday: Day of the month.
        names: What income and living costs are called.
    """
    household: dict[str, object] = {"payday": payday}
    if income:
        household["incomes"] = [{"name": names.income, "amount": format_fen(income)}]
    if living:
        household["expenses"] = [
            {"name": names.living, "category": "living", "amount": format_fen(living), "essential": True}
        ]
    return plan_from(_new_mapping(debts, as_of, household))


def with_debts(
    document: HouseholdDocument, debts: Sequence[Mapping[str, object]], as_of: date, in_place_of: str | None = None
) -> HouseholdDocument:
    """Add debts to a household, or put the first in place of another; the rest is carried on to the day of the figures.

    Raises:
        PlanError, ValueError: The household cannot be written as of that day.
    """
    plan = document.plan if as_of == document.plan.as_of else restated(document.plan, as_of)
    mapping = to_mapping(plan)
    kept = cast("list[dict[str, object]]", mapping["debts"])
    if in_place_of is None:
        kept.extend(dict(debt) for debt in debts)
    else:
        place = next(k for k, debt in enumerate(kept) if debt["id"] == in_place_of)
        kept[place : place + 1] = [dict(debt) for debt in debts]
    return with_plan(document, plan_from(mapping))


def new_id(product: Product, taken: Iterable[str]) -> str:
    """Give an id that no debt has."""
    used = set(taken)
    stem = product.id.partition("_")[0] if product.id.startswith("weilidai") else product.id
    return next(name for k in range(1, 10_000) if (name := stem if k == 1 else f"{stem}_{k}") not in used)


def next_on(day: date, day_of_month: int) -> date:
    """Give the first date after a day that falls on a day-of-month."""
    here = _on(month_index(day), day_of_month)
    return here if here > day else _on(month_index(day) + 1, day_of_month)


def before_on(day: date, day_of_month: int) -> date:
    """Give the last date on or before a day that falls on a day-of-month."""
    here = _on(month_index(day), day_of_month)
    return here if here <= day else _on(month_index(day) - 1, day_of_month)


def missed_dates(since: date, day_of_month: int, as_of: date) -> list[date]:
    """Give the due dates from the first missed one to the day of the figures."""
    months = range(month_index(since), month_index(as_of) + 1)
    return [due for due in (_on(month, day_of_month) for month in months) if since <= due <= as_of]


def _on(month: int, day_of_month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day_of_month, monthrange(year, index + 1)[1]))


def _new_mapping(
    debts: Sequence[Mapping[str, object]], as_of: date, household: Mapping[str, object]
) -> dict[str, object]:
    empty = {"payday": 1, "cash": "0.00", "reserve": "0.00", "incomes": [], "expenses": [], "one_offs": []}
    return {
        "schema": SCHEMA,
        "as_of": as_of.isoformat(),
        "horizon_months": HORIZON_MONTHS,
        "household": empty | dict(household),
        "debts": [dict(debt) for debt in debts],
    }


def _mapping(debt: InstalmentDebt | CardDebt) -> dict[str, object]:
    return debt.model_dump(mode="json", by_alias=True)
