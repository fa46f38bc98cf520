"""Levers: functions from a plan to a plan, and the readings of a plan that they start from.

A lever never changes the plan that it is given, and what it returns is a valid plan; so levers are undone by leaving
them out. They are kept in the household document, each with its values and whether it is chosen. The kinds live in
`core.lever_money`, `core.lever_loans` and `core.lever_offers`; this module lists them, reads them and pulls several.
"""

from collections.abc import Mapping, Sequence

from core.household_models import HouseholdDocument, Lever, Offer
from core.household_values import Param, Params
from core.lever_base import PlanLever
from core.lever_loans import FamilyLoan, NewLoan
from core.lever_money import (
    MONTHLY_BUDGET,
    AddIncome,
    CutExpense,
    FamilyGift,
    FamilyMonthly,
    MonthlyBudget,
    SellSomething,
    ServiceFee,
    with_budget,
)
from core.lever_offers import LenderOffer, card_plan, longer, lower_rate, paused, waived
from core.lever_problems import refused, worded
from core.lever_readings import (
    LIVING_COSTS,
    Range,
    first_day,
    first_payday_month,
    living_costs_range,
    monthly_income,
    monthly_living_costs,
    monthly_room,
    months_after,
    recorded_debt,
    reported_days,
    with_living_costs,
)
from core.plan import Plan, PlanError
from core.plan_problems import Problem

__all__ = [
    "KINDS",
    "LIVING_COSTS",
    "MONTHLY_BUDGET",
    "AddIncome",
    "CutExpense",
    "FamilyGift",
    "FamilyLoan",
    "FamilyMonthly",
    "LenderOffer",
    "MonthlyBudget",
    "NewLoan",
    "PlanLever",
    "Range",
    "SellSomething",
    "ServiceFee",
    "applied",
    "apply_all",
    "as_option",
    "card_plan",
    "chosen_levers",
    "first_day",
    "first_payday_month",
    "lever_from",
    "living_costs_range",
    "longer",
    "lower_rate",
    "monthly_income",
    "monthly_living_costs",
    "monthly_room",
    "months_after",
    "outside",
    "paused",
    "recorded_debt",
    "reported_days",
    "waived",
    "with_budget",
    "with_living_costs",
]

KINDS: dict[str, type[PlanLever]] = {
    lever.kind: lever
    for lever in (
        CutExpense,
        AddIncome,
        SellSomething,
        MonthlyBudget,
        LenderOffer,
        NewLoan,
        FamilyGift,
        FamilyMonthly,
        FamilyLoan,
        ServiceFee,
    )
}
"""Every lever, by its kind in a household document."""


def lever_from(kind: str, params: Mapping[str, Param] | Params, place: str = "lever") -> PlanLever:
    """Read a lever from its kind and its flat parameters.

    Args:
        kind: A key of `KINDS`.
        params: Amounts, rates and shares as decimal strings, dates and months as in a plan. Not modified.
        place: Where they stand, as problems name it.

    Raises:
        PlanError: There is no such kind, or something is wrong with the parameters; every problem is named.
    """
    if kind not in KINDS:
        raise refused(place, "lever.kind", found=kind, known=", ".join(KINDS))
    return KINDS[kind].from_params(params, place)


def as_option(lever: PlanLever, option_id: str, name: str = "") -> Lever | Offer:
    """Write a lever as an entry of a household document: what a lender must agree to is an offer."""
    model = Offer if isinstance(lever, LenderOffer) else Lever
    return model(id=option_id, kind=lever.kind, name=name, params=lever.to_params())


def chosen_levers(document: HouseholdDocument) -> dict[str, PlanLever]:
    """Read what the household has chosen, levers before offers, by its place in the document.

    Raises:
        PlanError: Something is wrong with one of them; every problem is named. The document keeps them as they are.
    """
    options = [(f"levers[{k}]", option) for k, option in enumerate(document.levers)]
    options += [(f"offers[{k}]", option) for k, option in enumerate(document.offers)]
    found: dict[str, PlanLever] = {}
    problems: list[Problem] = []
    for place, option in options:
        if option.state == "chosen":
            try:
                found[place] = lever_from(option.kind, option.params, f"{place}.params")
            except PlanError as error:
                problems += error.problems
    if problems:
        raise PlanError(problems)
    return found


def applied(document: HouseholdDocument) -> Plan:
    """Give a document's plan with all that is chosen; the document itself is not modified.

    Raises:
        PlanError: A lever cannot be read or pulled, or two contradict each other; every problem is named.
    """
    chosen = chosen_levers(document)
    return apply_all(document.plan, list(chosen.values()), list(chosen))


def apply_all(plan: Plan, levers: Sequence[PlanLever], places: Sequence[str] | None = None) -> Plan:
    """Pull several levers: a monthly budget first, offers before what pays debts, the rest in the order given.

    A monthly budget stands for all income and expenses of the plan; income and help that are levers come on top of it.

    Args:
        plan: Not modified.
        levers: Any number, also none.
        places: Where each stands, as problems name it; `levers[0]` and so on where nothing is said.

    Returns:
        A valid plan; the plan itself without levers.

    Raises:
        PlanError: Two contradict each other, or some cannot be pulled; every one of them is named.
    """
    names = [f"levers[{k}]" for k in range(len(levers))] if places is None else list(places)
    placed = list(zip(levers, names, strict=True))
    problems = _contradictions(placed)
    if problems:
        raise PlanError(problems)
    for lever, place in sorted(placed, key=lambda each: _stage(each[0])):
        try:
            plan = lever.apply(plan, place)
        except PlanError as error:
            problems += error.problems
    if problems:
        raise PlanError(problems)
    return plan


def outside(levers: Sequence[PlanLever]) -> int:
    """Give what must be added to an outcome's `out_of_pocket` so that plans with and without levers compare, fen.

    A new loan that pays off old debts is paid twice in an outcome, to the old lenders and to the new one; a fee to
    somebody who is no lender is in none of its figures.
    """
    return sum(lever.outside for lever in levers)


def _stage(lever: PlanLever) -> int:
    if isinstance(lever, MonthlyBudget):
        return 0
    if isinstance(lever, LenderOffer):
        return 1
    return 3 if isinstance(lever, NewLoan) else 2


def _contradictions(placed: Sequence[tuple[PlanLever, str]]) -> list[Problem]:
    problems: list[Problem] = []
    budget: str | None = None
    offers: dict[str, str] = {}
    for lever, place in placed:
        if isinstance(lever, MonthlyBudget):
            if budget is not None:
                problems.append(worded(place, "budget.twice", {"first": budget}))
            budget = budget or place
        if isinstance(lever, LenderOffer):
            if lever.debt in offers:
                problems.append(worded(place, "offer.twice", {"first": offers[lever.debt]}))
            offers.setdefault(lever.debt, place)
    for lever, place in placed:
        if isinstance(lever, CutExpense) and budget is not None:
            problems.append(worded(place, "budget.and_cut", {"first": budget}))
        if isinstance(lever, NewLoan):
            told = [offers[debt] for debt in lever.replaces if debt in offers]
            problems += [worded(offer, "offer.replaced", {"first": place}) for offer in told]
    return problems
