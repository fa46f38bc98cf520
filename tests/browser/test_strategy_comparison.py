"""The strategy comparison in a real browser: what only a browser can tell."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

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


@pytest.fixture(scope="module")
def home(server: str, browser: Browser) -> str:
    """A server on which a household is open; every later visitor gets it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}/?lang=zh")
    open_sample(page, session.samples()[0])
    context.close()
    return server


def open_sample(page: Page, name: str) -> None:
    """Open an example: at the start, or where another household is open, from the household's files."""
    say = words_in("zh")
    page.locator("h1").first.wait_for(timeout=60_000)
    if page.get_by_role("heading", name=say("start.title")).count() == 0:
        page.get_by_role("link", name=say("nav.household")).click()
        page.locator("[data-testid=stButtonGroup]").get_by_text(say("household_page.files"), exact=True).click()
    page.get_by_role("button", name=say(f"sample.{name}"), exact=True).click()
    expect(page.get_by_text(say("saved.sample_opened"))).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_fresh_servers_first_request_may_be_a_deep_link(
    fresh_server: str, visit: Visits, width: int, language: str
) -> None:
    """Nobody's household is open there yet, so it meets the start, in the language that was asked for."""
    seen = visit(f"{fresh_server}/strategy_comparison?lang={language}", width=width)
    say = words_in(language)
    expect(seen.page.get_by_role("heading", name=say("start.title"))).to_be_visible(timeout=60_000)
    seen.page.wait_for_timeout(500)
    assert_sound(seen, fresh_server)
    expect(seen.page.locator("html")).to_have_attribute("lang", say("language.html"))
    assert seen.page.title() == say("app.tab")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_household_at_every_width(home: str, visit: Visits, width: int, scheme: str) -> None:
    seen = visit(f"{home}/?lang=zh", width=width, scheme=scheme)
    for name in session.samples():
        open_sample(seen.page, name)
        seen.page.get_by_role("link", name=words_in("zh")("nav.strategy_comparison")).click()
        seen.is_complete()
        assert_sound(seen, home)
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


def test_the_slider_answers_to_the_keyboard(home: str, visit: Visits) -> None:
    seen = visit(f"{home}/strategy_comparison?lang=zh", width=PHONE)
    seen.is_complete()
    before = seen.page.locator(".st-key-verdict").inner_text()
    seen.page.locator("[data-testid=stSlider] input").focus()
    seen.page.keyboard.press("Home")
    expect(seen.page.locator(".st-key-verdict")).not_to_have_text(before)
    assert_sound(seen, home)


def test_a_link_keeps_the_language(home: str, visit: Visits) -> None:
    """`st.page_link` drops `?lang=`; the session remembers it."""
    seen = visit(f"{home}/strategy_comparison?lang=en", width=DESK)
    seen.is_complete()
    seen.page.get_by_role("link", name=words_in("en")("nav.household")).click()
    expect(seen.page.get_by_role("heading", name=words_in("en")("household_page.title"))).to_be_visible()


def test_what_a_thumb_has_to_hit_is_large_enough(home: str, visit: Visits) -> None:
    seen = visit(f"{home}/strategy_comparison?lang=zh", width=PHONE)
    seen.is_complete()
    for target in (
        "[data-testid=stPageLink-NavLink]",
        "[data-testid=stButtonGroup] button",
    ):
        for box in seen.page.locator(target).all():
            size = box.bounding_box()
            assert size is not None
            assert size["height"] >= THUMB
            assert size["width"] >= THUMB


def test_the_table_is_a_table_for_those_who_hear_it(home: str, visit: Visits) -> None:
    seen = visit(f"{home}/strategy_comparison?lang=en", width=PHONE)
    seen.is_complete()
    table = seen.page.get_by_role("table", name=words_in("en")("comparison.table_alt"))
    assert table.get_by_role("row").count() == 7
    assert table.get_by_role("rowheader").count() == 6
    assert table.get_by_role("cell").count() == 36
