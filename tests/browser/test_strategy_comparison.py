"""The strategy comparison in a real browser: what only a browser can tell."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages.shared import session
from pages.shared.words import LANGUAGES, words_in

DESK, PHONE = 1280, 390
WIDTHS = (DESK, PHONE)
THUMB = 44
Visits = Callable[..., Any]


def assert_sound(visit: Any, address: str) -> None:
    """No exception, no word of complaint in the console, nothing to scroll sideways, nobody else asked for anything."""
    page: Page = visit.page
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[role=dialog]").count() == 0
    assert visit.errors == []
    assert visit.hosts == {address.removeprefix("http://")}
    too_wide = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .filter(box => box.scrollWidth > box.clientWidth).length"""
    )
    assert too_wide == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_fresh_servers_first_request_may_be_a_deep_link(
    fresh_server: str, visit: Visits, width: int, language: str
) -> None:
    seen = visit(f"{fresh_server}/strategy_comparison?lang={language}", width=width)
    seen.is_complete()
    assert_sound(seen, fresh_server)
    say = words_in(language)
    expect(seen.page.get_by_role("heading", name=say("comparison.title"))).to_be_visible()
    expect(seen.page.locator("html")).to_have_attribute("lang", say("language.html"))
    assert seen.page.title() == say("app.tab")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_household_at_every_width(server: str, visit: Visits, width: int, scheme: str) -> None:
    seen = visit(f"{server}/", width=width, scheme=scheme)
    seen.is_complete()
    say = words_in("zh")
    for name in session.samples():
        seen.page.locator("[data-testid=stSelectbox] button").click()
        seen.page.get_by_role("option", name=say(f"sample.{name}"), exact=True).click()
        seen.page.wait_for_timeout(1200)
        assert_sound(seen, server)
        assert_no_name_covers_another(seen.page)


def assert_no_name_covers_another(page: Page) -> None:
    boxes = page.locator(".annotation text").evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    assert len(boxes) == 6
    for index, one in enumerate(boxes):
        assert one["right"] <= page.viewport_size["width"]  # type: ignore[index]
        for other in boxes[index + 1 :]:
            apart = one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1
            beside = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert apart or beside


def test_the_slider_answers_to_the_keyboard(server: str, visit: Visits) -> None:
    seen = visit(f"{server}/?lang=zh", width=PHONE)
    seen.is_complete()
    before = seen.page.locator(".st-key-verdict").inner_text()
    seen.page.locator("[data-testid=stSlider] input").focus()
    seen.page.keyboard.press("Home")
    expect(seen.page.locator(".st-key-verdict")).not_to_have_text(before)
    assert_sound(seen, server)


def test_a_link_keeps_the_language(server: str, visit: Visits) -> None:
    """`st.page_link` drops `?lang=`; the session remembers it."""
    seen = visit(f"{server}/strategy_comparison?lang=en", width=DESK)
    seen.is_complete()
    seen.page.locator("[data-testid=stPageLink-NavLink]").first.click()
    seen.is_complete()
    expect(seen.page.get_by_role("heading", name=words_in("en")("comparison.title"))).to_be_visible()


def test_what_a_thumb_has_to_hit_is_large_enough(server: str, visit: Visits) -> None:
    seen = visit(f"{server}/?lang=zh", width=PHONE)
    seen.is_complete()
    for target in (
        "[data-testid=stPageLink-NavLink]",
        "[data-testid=stButtonGroup] button",
        "[data-testid=stSelectbox] [role=group]",
    ):
        for box in seen.page.locator(target).all():
            size = box.bounding_box()
            assert size is not None
            assert size["height"] >= THUMB
            assert size["width"] >= THUMB


def test_the_table_is_a_table_for_those_who_hear_it(server: str, visit: Visits) -> None:
    seen = visit(f"{server}/?lang=en", width=PHONE)
    seen.is_complete()
    table = seen.page.get_by_role("table", name=words_in("en")("comparison.table_alt"))
    assert table.get_by_role("row").count() == 7
    assert table.get_by_role("rowheader").count() == 6
    assert table.get_by_role("cell").count() == 36
