"""A household's spending beside the public figures per person."""

from datetime import date
from pathlib import Path

import pytest

from core.facts import FactDateError
from core.household import Person
from core.plan import read_plan
from core.public_spending import CATEGORIES, beside_public

SHOP = read_plan(Path(__file__).parents[2] / "sample_data" / "small_shop.json")
DAY = date(2026, 11, 24)


def test_categories_sum_to_what_the_household_spends() -> None:
    found = beside_public(SHOP, 4, DAY)
    assert sum(each.own for each in found.categories.values()) + found.elsewhere == found.total.own == 745000
    assert found.categories["education"].own == 170000
    assert found.categories["housing"].own == 240000


def test_public_figures_are_a_twelfth_for_as_many_as_there_are() -> None:
    """2024: ¥8,411 for food a year and person; 2025: ¥29,476 in all."""
    found = beside_public(SHOP, 4, DAY)
    food = found.categories["food"]
    assert (food.each, food.all) == (70092, 280367)
    assert (found.latest, found.newest.dated.start.year, found.by_category.dated.start.year) == (245633, 2025, 2024)
    assert found.total.each == 235225
    assert set(found.categories) == set(CATEGORIES)


def test_nobody_said_how_many_live_there() -> None:
    found = beside_public(SHOP, 0, DAY)
    assert all(each.all is None for each in (*found.categories.values(), found.total))


def test_what_has_no_public_category_counts_in_the_total_only() -> None:
    household = SHOP.household
    kept = tuple(each.model_copy(update={"category": "parents"}) for each in household.expenses)
    plan = SHOP.model_copy(update={"household": household.model_copy(update={"expenses": kept})})
    found = beside_public(plan, len((Person(kind="adult"),)), DAY)
    assert found.elsewhere == found.total.own == 745000
    assert not any(each.own for each in found.categories.values())


def test_before_the_first_figures_nothing_is_guessed() -> None:
    with pytest.raises(FactDateError):
        beside_public(SHOP, 1, date(2020, 1, 1))
