"""From a household's figures to what one link may show: what is hidden is left out, not covered.

What is hidden must not come back by another way either. So a name that repeats something hidden gives way to what kind
of debt it is; notes are shown only where nothing else is hidden; and where amounts are hidden, every figure but today's
total is rounded, no other strategy is shown, and help is told for the household alone, since where help to a lender
ceases to save more is what is owed there.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Literal

from core.engine import layout as c
from core.household_models import HouseholdDocument
from core.lever_readings import first_payday_month, monthly_income, monthly_living_costs
from core.money import FEN_IN_A_YUAN, half_up
from core.plan import CardDebt, Plan
from core.plan_values import NAME_MAX
from core.sharing.family_models import (
    SCHEMA,
    FamilyDebt,
    FamilyDocument,
    FamilyIncome,
    FamilyPayment,
    FamilyWay,
    Help,
    Hidden,
)
from core.sharing.figures import Figures, HelpAnswer

Naming = Callable[[str], str]
"""Gives the key by which a link knows a debt, from its id."""

_PARTS_SHOWN = 100  # rounded to about a hundredth of the total
_ROUND = (1, 2, 5)
_AMOUNT = re.compile(r"[0-9]{3,}|[0-9.]+\s*[万千百wk]|[一二两三四五六七八九十]+[万千百]")


def redacted(figures: Figures, hidden: Hidden, naming: Naming) -> FamilyDocument:
    """Make the document of a link.

    Args:
        figures: What the household's plan comes to. Not modified.
        hidden: What the link hides.
        naming: Gives the keys of debts; two links should not share them.
    """
    document, plan, now = figures.document, figures.plan, figures.now
    shown = _Shown(document, hidden)
    base = FamilyDocument(
        schema_=SCHEMA,
        day=plan.start,
        hidden=hidden,
        income=None if hidden.incomes else monthly_income(plan),
        living_costs=None if hidden.incomes else monthly_living_costs(plan),
        incomes=() if hidden.incomes or hidden.names else _incomes(plan, shown),
        persons=() if hidden.names else tuple(shown.text(each.name) for each in document.persons if each.name),
        note="" if hidden.hides_notes else document.notes,
    )
    if now is None:
        return base
    return base.model_copy(
        update={
            "owed": now.owed,
            "way": now.way.strategy,
            "chosen": now.chosen,
            "days": now.way.dates,
            "ways": _ways(figures, _step(now.owed) if hidden.amounts else 1, only_first=hidden.amounts),
            "debts": _debts(figures, hidden, naming, shown),
            "payments": _payments(figures, hidden, naming),
            "helps": _helps(figures, now.owed, hidden, naming),
        }
    )


class _Shown:
    """Lets a name through unless it repeats what is hidden."""

    def __init__(self, document: HouseholdDocument, hidden: Hidden) -> None:
        self._numbers = hidden.amounts or hidden.incomes
        terms: list[str] = []
        if hidden.lender_names:
            terms += [debt.name for debt in document.plan.debts] + [details.lender for details in document.debts]
        if hidden.names:
            household = document.plan.household
            terms += [each.name for each in (*document.persons, *household.incomes, *household.one_offs)]
            for lever in document.levers:  # a brother who lends becomes the name of a debt
                terms += [lever.name, f"{dict(lever.params).get('name') or ''}"]
        self._terms = {_folded(term) for term in terms} - {""}

    def text(self, name: str) -> str:
        """Give a name, or nothing in its place."""
        folded = _folded(name)
        if self._numbers and _AMOUNT.search(folded):
            return ""
        return "" if any(term in folded for term in self._terms) else name


def _folded(text: str) -> str:
    """Write alike what reads alike: capitals, full-width letters, blanks, separators of digits."""
    return re.sub(r"[\s,_'’]", "", unicodedata.normalize("NFKC", text).casefold())


def _incomes(plan: Plan, shown: _Shown) -> tuple[FamilyIncome, ...]:
    month = first_payday_month(plan)
    return tuple(
        FamilyIncome(name=shown.text(each.name), amount=each.amount)
        for each in plan.household.incomes
        if (each.from_month or 0) <= month <= (each.until_month or month)
    )


def _ways(figures: Figures, step: int, *, only_first: bool) -> tuple[FamilyWay, ...]:
    return tuple(
        FamilyWay.model_construct(
            strategy=way.strategy,
            free_on=way.debt_free_on,
            cost=_rounded(way.total_cost, step),
            owed=tuple(_rounded(fen, step) for fen in way.lines[:, c.N_PAYOFF].tolist()),
        )
        for way in figures.ways[: 1 if only_first else None]
    )


def _debts(figures: Figures, hidden: Hidden, naming: Naming, shown: _Shown) -> tuple[FamilyDebt, ...]:
    plan, now = figures.plan, figures.now
    if now is None:
        return ()
    found: list[FamilyDebt] = []
    for debt, stands in zip(plan.debts, now.debts, strict=True):
        if not stands.owed:
            continue
        kind: Literal["card", "loan"] = "card" if isinstance(debt, CardDebt) else "loan"
        found.append(
            FamilyDebt(
                key=naming(debt.id),
                name="" if hidden.lender_names else shown.text(debt.name)[:NAME_MAX],
                kind=kind,
                days_past_due=stands.days_past_due,
                owed=None if hidden.amounts else stands.owed,
                cleared_on=None if hidden.amounts else stands.cleared,
                note="" if hidden.hides_notes else figures.document.details_of(debt.id).notes,
            )
        )
    return tuple(found)


def _payments(figures: Figures, hidden: Hidden, naming: Naming) -> tuple[FamilyPayment, ...]:
    if figures.now is None:
        return ()
    return tuple(
        FamilyPayment(
            day=each.day,
            debt=naming(each.debt),
            days_late=each.days_late,
            due=None if hidden.amounts else each.due,
            paid=None if hidden.amounts else each.paid,
        )
        for each in figures.now.coming
    )


def _helps(figures: Figures, owed: int, hidden: Hidden, naming: Naming) -> tuple[Help, ...]:
    step = _step(owed) if hidden.amounts else 1
    return tuple(
        _help(each, step, None if each.to is None else naming(each.to))
        for each in figures.helps
        if each.to is None or not hidden.amounts
    )


def _help(answer: HelpAnswer, step: int, to: str | None) -> Help:
    saved = tuple(None if fen is None else _rounded(fen, step) for fen in answer.saved)
    free_on: tuple[date | None, ...] = answer.free_on
    return Help.model_construct(
        kind=answer.kind, months=answer.months, to=to, sums=answer.sums, free_on=free_on, saved=saved
    )


def _step(owed: int) -> int:
    """Give what figures are rounded to: a round sum of about a hundredth of the total."""
    sizes = [factor * FEN_IN_A_YUAN * 10**power for power in range(12) for factor in _ROUND]
    return max((size for size in sizes if size * _PARTS_SHOWN <= owed), default=sizes[0])


def _rounded(fen: int, step: int) -> int:
    return half_up(fen, step) * step
