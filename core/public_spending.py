"""A household's spending beside what the statistics office counts per person. The figures are facts; none is a budget.

The office's categories are wider than a household's, and some of a household's (children, parents, family, insurance)
belong to several of them: these are counted in the total only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from core.facts import Answer, facts
from core.money import half_up
from core.plan import Plan
from core.savings import spendings

Category = Literal["food", "clothing", "housing", "goods", "transport", "education", "health", "other"]
CATEGORIES: tuple[Category, ...] = get_args(Category)

_OF_HOUSEHOLDS: Mapping[str, Category] = {
    "food": "food",
    "clothing": "clothing",
    "housing": "housing",
    "utilities": "housing",
    "household": "goods",
    "transport": "transport",
    "phone": "transport",
    "education": "education",
    "school": "education",
    "leisure": "education",
    "health": "health",
    "medicine": "health",
    "other": "other",
}
_MONTHS = 12


@dataclass(frozen=True)
class Compared:
    """One category, or all of them.

    Attributes:
        own: What the household spends on a payday, fen.
        each: What is spent per person and month in the whole country, fen.
        all: The same for as many as live in the household; None where that is not known.
    """

    own: int
    each: int
    all: int | None


@dataclass(frozen=True)
class PublicSpending:
    """A household's spending beside the public figures.

    Attributes:
        categories: By category.
        elsewhere: What the household spends under categories that the office does not have, fen.
        total: Everything, of the year that the categories are of.
        latest: What is spent per person and month in the newest year known, fen.
        by_category, whole, newest: The facts: categories, their total, the newest total.
    """

    categories: Mapping[Category, Compared]
    elsewhere: int
    total: Compared
    latest: int
    by_category: Answer
    whole: Answer
    newest: Answer


def beside_public(plan: Plan, persons: int, on: date) -> PublicSpending:
    """Put a household's spending beside what is spent per person in the whole country.

    Args:
        plan: Not modified.
        persons: How many live on the household's money; 0: not known.
        on: The day for which the facts are asked.

    Raises:
        FactDateError: The day lies before the first figures.
    """
    by_category = facts().as_read("household.spending_by_category", on)
    newest = facts().as_read("household.spending_per_person", on)
    whole = facts().at("household.spending_per_person", by_category.dated.start)
    own = dict.fromkeys(CATEGORIES, 0)
    elsewhere = 0
    for each in spendings(plan):
        category = _OF_HOUSEHOLDS.get(each.category)
        if category is None:
            elsewhere += each.now
        else:
            own[category] += each.now
    public = cast("Mapping[Category, int]", by_category.table)
    categories: dict[Category, Compared] = {name: _compared(own[name], public[name], persons) for name in CATEGORIES}
    total = _compared(sum(own.values()) + elsewhere, whole.whole, persons)
    return PublicSpending(categories, elsewhere, total, half_up(newest.whole, _MONTHS), by_category, whole, newest)


def _compared(own: int, yearly: int, persons: int) -> Compared:
    return Compared(own, half_up(yearly, _MONTHS), half_up(yearly * persons, _MONTHS) if persons else None)
