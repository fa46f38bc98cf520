"""What a household's plan comes to, worked out once for all its links; `core.sharing.redaction` leaves out of it.

Everything is read off answers of the engine, under the way that the household follows; no rule is computed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.decided import decided
from core.household_models import HouseholdDocument
from core.lateness import lateness
from core.lever_base import PlanLever
from core.lever_loans import FamilyLoan
from core.lever_money import FamilyGift, FamilyMonthly
from core.lever_problems import Refusal
from core.lever_readings import first_payday_month, reported_days
from core.money import FEN_IN_A_YUAN
from core.outcome import Outcome
from core.plan import Plan
from core.plan_values import AMOUNT_MAX
from core.sharing.family_models import HelpKind
from core.simulate import STRATEGIES, Scenario, simulate, simulate_days
from core.today import Standing, followed, standing

STEPS = 30
"""So many sums above 0, at least, of each kind of help."""

AIMS: tuple[tuple[HelpKind, int | None], ...] = (
    ("once", None),
    ("monthly", 12),
    ("monthly", None),
    ("loan", 12),
    ("loan", 24),
    ("loan", 36),
)
"""The kinds of help that are worked out, each with its months."""

LENDERS_MAX = 6
"""Help straight to a lender is worked out for so many debts, those on which most is owed."""

_THREADS = 2
_MONTHS_OF_TOTAL = 12
_ROUND = (10, 15, 20, 25, 30, 40, 50, 60, 80)


@dataclass(frozen=True)
class HelpAnswer:
    """What one kind of help does: `core.sharing.family_models.Help`, with the id of a debt in place of a key."""

    kind: HelpKind
    months: int | None
    to: str | None
    sums: tuple[int, ...]
    free_on: tuple[date | None, ...]
    saved: tuple[int | None, ...]


@dataclass(frozen=True)
class Figures:
    """What a plan comes to.

    Attributes:
        document: The household's document.
        plan: Its plan with all that is chosen and can be done.
        now: Where it stands today; None where the plan has no answer.
        ways: The outcomes that have an answer, the one that is followed first.
        helps: What help does.
    """

    document: HouseholdDocument
    plan: Plan
    now: Standing | None
    ways: tuple[Outcome, ...]
    helps: tuple[HelpAnswer, ...]


def figures_of(document: HouseholdDocument) -> Figures:
    """Work out what links may show; a second's work for a large plan, so keep it by the document.

    Args:
        document: As the owner's pages read it, its plan rolled on to today. Not modified.
    """
    plan = decided(document).plan
    outcomes = list(simulate_days([Scenario(plan, name) for name in STRATEGIES], reported_days(plan), output="lines"))
    way = followed(outcomes, document.chosen)
    late = lateness(plan)
    if way is None or late is None:
        return Figures(document, plan, None, (), ())
    now = standing(way, way.strategy == document.chosen, late, document.answers)
    others = [each for each in outcomes if each is not way and each.error is None and each.refused is None]
    return Figures(document, plan, now, (way, *others), _helps(now))


# -- help


class _Case(NamedTuple):
    kind: HelpKind
    months: int | None
    to: str | None
    sums: tuple[int, ...]


def _helps(now: Standing) -> tuple[HelpAnswer, ...]:
    if not now.owed:
        return ()
    open_debts = sorted((debt for debt in now.debts if debt.owed), key=lambda debt: -debt.owed)
    once = sums_up_to(now.owed)
    monthly = sums_up_to(-(-now.owed // _MONTHS_OF_TOTAL))
    targets = (None, *(debt.debt for debt in open_debts[:LENDERS_MAX]))
    cases = [_Case(kind, months, to, monthly if kind == "monthly" else once) for to in targets for kind, months in AIMS]
    before = simulate([Scenario(now.plan, now.way.strategy)], output="summary")[0]
    levers = [[_lever(case, fen, now.plan) for fen in case.sums[1:]] for case in cases]
    plans = [_pulled(each, now.plan) for each in levers]
    flat = [Scenario(plan, now.way.strategy) for row in plans for plan in row]
    outcomes = iter(simulate(flat, output="summary", threads=_THREADS))
    return tuple(
        _answer(case, before, [(lever.outside, next(outcomes)) for lever in row])
        for case, row, made in zip(cases, levers, plans, strict=True)
        if made
    )


def sums_up_to(fen: int) -> tuple[int, ...]:
    """Give even round sums from 0, at least `STEPS` above it where they are whole yuan; the last reaches an amount."""
    top = min(fen, AMOUNT_MAX)
    sizes = (factor * FEN_IN_A_YUAN // 10 * 10**power for power in range(8) for factor in _ROUND)
    step = max((size for size in sizes if size * STEPS <= top), default=FEN_IN_A_YUAN)
    return tuple(min(k * step, AMOUNT_MAX) for k in range(-(-top // step) + 1))


def _lever(case: _Case, fen: int, plan: Plan) -> PlanLever:
    if case.kind == "once":
        return FamilyGift(name="family", amount=fen, for_debt=case.to)
    if case.kind == "monthly":
        until = None if case.months is None else first_payday_month(plan) + case.months - 1
        return FamilyMonthly(name="family", amount=fen, until_month=until, for_debt=case.to)
    return FamilyLoan(
        id=_free_id(plan),
        name="family",
        amount=fen,
        instalments=case.months or 1,
        due_day=plan.household.payday,
        for_debt=case.to,
    )


def _free_id(plan: Plan) -> str:
    taken = {debt.id for debt in plan.debts}
    return next(name for name in (f"family-{k}" for k in range(len(taken) + 1)) if name not in taken)


def _pulled(levers: Sequence[PlanLever], plan: Plan) -> list[Plan]:
    """Pull levers of one case; none of them where the plan has no room for it, or its debt takes no help."""
    try:
        return [lever.change(plan) for lever in levers]
    except Refusal:
        return []


def _answer(case: _Case, before: Outcome, after: Sequence[tuple[int, Outcome]]) -> HelpAnswer:
    told = [(None, None) if each.error is not None else _told(before, outside, each) for outside, each in after]
    return HelpAnswer(
        case.kind,
        case.months,
        case.to,
        case.sums,
        (before.debt_free_on, *(free for free, _ in told)),
        (0, *(saved for _, saved in told)),
    )


def _told(before: Outcome, outside: int, after: Outcome) -> tuple[date | None, int]:
    return after.debt_free_on, before.out_of_pocket - after.out_of_pocket - outside
