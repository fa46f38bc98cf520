# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""*It agrees?*: the balance that a lender shows, held against the engine's; and what would explain a gap.

Every cause is a variant of the plan, run through the engine in one call: another penalty base, other grace days,
a year of 360 days, a day's difference. A fee or a payment that nobody recorded explains any gap and so stands after
those that explain it exactly without being fitted to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple, cast, get_args

from core.plan import CardDebt, InstalmentDebt, Plan
from core.plan_models import PenaltyBase
from core.plan_values import DAILY_RATE_MAX, GRACE_MAX
from core.positions import Refused
from core.simulate import Outcome, Scenario, simulate_days

CauseKind = Literal[
    "principal_only",
    "day_before",
    "day_after",
    "penalty_base",
    "no_penalty",
    "grace_days",
    "day_count",
    "payment_not_booked",
    "payment_not_recorded",
    "fee_not_recorded",
]

CAUSES_MAX = 5
_GRACE_TRIED = (0, 1, 2, 3)
_DAY_COUNTS = (360, 365)
_RATE_PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Cause:
    """Something that would bring the engine's figure nearer to the lender's.

    Attributes:
        kind: What it is.
        value: What it would have to be: a penalty base, days of grace, days of a year, the date of a payment; empty
            where the kind says all.
        figure: What the engine gives then, fen.
        left: What is still unexplained, fen: shown less figure.
    """

    kind: CauseKind
    value: str
    figure: int
    left: int


@dataclass(frozen=True)
class Reconciliation:
    """A lender's figure held against the engine's.

    Attributes:
        shown: The lender's, fen.
        figure: The engine's payoff on that day, fen.
        causes: The likeliest first; none where the two agree.
    """

    shown: int
    figure: int
    causes: tuple[Cause, ...]

    @property
    def gap(self) -> int:
        """By how much the lender shows more, fen; below zero where it shows less."""
        return self.shown - self.figure

    @property
    def agrees(self) -> bool:
        """Whether both are the same to the fen."""
        return self.gap == 0


class _Variant(NamedTuple):
    kind: CauseKind
    value: str
    plan: Plan


def reconcile(plan: Plan, debt_id: str, day: date, shown: int) -> Reconciliation:
    """Hold a lender's figure against the engine's.

    Args:
        plan: The plan as it is kept.
        debt_id: Id of one of its debts.
        day: The day of the figure, from `plan.as_of` to `plan.start`.
        shown: What the lender shows as owed in all, fen.

    Returns:
        Both figures, and causes that would explain a gap.

    Raises:
        KeyError: The plan has no such debt.
        ValueError: The day lies outside.
        Refused: The plan has no answer.
    """
    place = next((k for k, debt in enumerate(plan.debts) if debt.id == debt_id), None)
    if place is None:
        raise KeyError(debt_id)
    if not plan.as_of <= day <= plan.start:
        raise ValueError("a figure is of a day between the plan's own and today")
    variants = list(_variants(plan, place))
    around = [day + timedelta(step) for step in (-1, 0, 1)]
    scenarios = [Scenario(each, "stop") for each in (plan, *(variant.plan for variant in variants))]
    outcomes = simulate_days(scenarios, around)
    own = outcomes[0]
    if own.error is not None or own.refused is not None:
        raise Refused(own.refused)
    figures = _figures(own, debt_id)
    figure, principal = figures[day]
    if shown == figure:
        return Reconciliation(shown, figure, ())
    found = [Cause("principal_only", "", principal, shown - principal)]
    for kind, when in (("day_before", around[0]), ("day_after", around[2])):
        if when in figures:
            found.append(Cause(cast(CauseKind, kind), "", figures[when][0], shown - figures[when][0]))
    for variant, outcome in zip(variants, outcomes[1:], strict=True):
        if outcome.error is None and outcome.refused is None:
            value = _figures(outcome, debt_id)[day][0]
            found.append(Cause(variant.kind, variant.value, value, shown - value))
    return Reconciliation(shown, figure, _ranked(found, shown, figure))


def _ranked(found: list[Cause], shown: int, figure: int) -> tuple[Cause, ...]:
    gap = shown - figure
    nearer = sorted((cause for cause in found if abs(cause.left) < abs(gap)), key=lambda cause: abs(cause.left))
    exact = [cause for cause in nearer if cause.left == 0]
    fitted = Cause("fee_not_recorded" if gap > 0 else "payment_not_recorded", "", shown, 0)
    return (*exact, fitted, *nearer[len(exact) :])[:CAUSES_MAX]


def _variants(plan: Plan, place: int) -> Iterator[_Variant]:
    debt = plan.debts[place]

    def other(kind: CauseKind, value: str, **changed: object) -> _Variant:
        changed_debt = debt.model_copy(update=changed)
        debts = (*plan.debts[:place], changed_debt, *plan.debts[place + 1 :])
        return _Variant(kind, value, plan.model_copy(update={"debts": debts}))

    for days in _GRACE_TRIED:
        if days != debt.grace_days and days <= GRACE_MAX:
            yield other("grace_days", str(days), grace_days=days)
    yield from (other("day_count", value, **changed) for value, changed in _other_years(debt))
    if isinstance(debt, InstalmentDebt):
        for base in get_args(PenaltyBase):
            if base != debt.penalty_base:
                yield other("penalty_base", base, penalty_base=base)
        yield other("no_penalty", "", penalty=0, penalty_multiplier=Decimal(0), penalty_daily_rate=None)
    for index, payment in enumerate(plan.paid):
        if payment.debt == debt.id:
            paid = (*plan.paid[:index], *plan.paid[index + 1 :])
            yield _Variant("payment_not_booked", str(index), plan.model_copy(update={"paid": paid}))


def _other_years(debt: InstalmentDebt | CardDebt) -> Iterator[tuple[str, dict[str, object]]]:
    """Give the debt's rate as it is where a year has another number of days: a daily rate comes from a yearly one."""
    if debt.annual_rate is not None:
        other = next(count for count in _DAY_COUNTS if count != debt.day_count)
        yield str(other), {"day_count": other}
    elif debt.daily_rate:
        for count, usual in (_DAY_COUNTS, _DAY_COUNTS[::-1]):
            rate = (debt.daily_rate * usual / count).quantize(_RATE_PLACES)
            if rate <= DAILY_RATE_MAX:
                yield str(count), {"daily_rate": rate}


def _figures(outcome: Outcome, debt_id: str) -> dict[date, tuple[int, int]]:
    """Give payoff and principal of a debt by reported day."""
    frame = cast("Any", outcome.debts_frame)()
    rows = cast("list[dict[str, Any]]", frame[frame["debt"] == debt_id].to_dict("records"))
    return {row["date"].date(): (int(row["payoff"]), int(row["principal"])) for row in rows}
