"""What a screen reader and a weak eye meet on every page, by the rules of axe-core, read from a file and not fetched.

Streamlit's own elements break a few rules that no page of ours can mend. They are listed by rule and by the element
that breaks it; anything else fails.
"""

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app import HOME, PAGES
from pages.shared.words import LANGUAGES

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
DESK, PHONE, SMALL_PHONE = 1280, 390, 360
STREAMLITS_OWN = {
    # The area for dropping a file is focusable, yet marked as mere presentation.
    "presentation-role-conflict": "[data-testid=stFileUploaderDropzone]",
}
ADDRESSES = ("", *(entry.address for entry in PAGES))
Visits = Callable[..., Any]


@pytest.fixture(scope="module")
def home(server: str, browser: Browser) -> str:
    """A server on which a household is open; every later visitor gets it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    page.get_by_role("button", name="示例：信用卡和借呗逾期九十多天").click()
    page.locator(".st-key-verdict").first.wait_for(timeout=90_000)
    context.close()
    return server


def settle(page: Page) -> None:
    """Wait until the script has run and nothing is drawn any more."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(1500)


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    left: list[str] = []
    for rule in found["violations"]:
        known = STREAMLITS_OWN.get(rule["id"])
        for node in rule["nodes"]:
            target = node["target"][0]
            own = known and page.evaluate("([t, s]) => !!document.querySelector(t)?.closest(s)", [target, known])
            if not own:
                left.append(f"{rule['id']}: {node['html'][:200]}")
    return left


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_start_breaks_no_rule(fresh_server: str, visit: Visits, width: int, language: str) -> None:
    seen = visit(f"{fresh_server}/?lang={language}", width=width)
    settle(seen.page)
    assert violations(seen.page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address or HOME.address)
def test_no_page_breaks_a_rule(home: str, visit: Visits, address: str, width: int, language: str) -> None:
    seen = visit(f"{home}/{address}?lang={language}", width=width)
    settle(seen.page)
    assert violations(seen.page) == []
    assert seen.hosts == {home.removeprefix("http://")}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address or HOME.address)
def test_no_page_breaks_a_rule_in_the_dark(home: str, visit: Visits, address: str) -> None:
    seen = visit(f"{home}/{address}?lang=zh", width=DESK, scheme="dark")
    settle(seen.page)
    assert violations(seen.page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address or HOME.address)
def test_the_smallest_phone_scrolls_no_page_sideways(home: str, visit: Visits, address: str, language: str) -> None:
    seen = visit(f"{home}/{address}?lang={language}", width=SMALL_PHONE)
    settle(seen.page)
    wider = seen.page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .filter(box => box.scrollWidth > box.clientWidth).length"""
    )
    assert wider == 0


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address or HOME.address)
def test_every_chart_has_its_description(home: str, visit: Visits, address: str) -> None:
    seen = visit(f"{home}/{address}?lang=zh", width=DESK)
    settle(seen.page)
    for chart in seen.page.locator("[data-testid=stPlotlyChart]").all():
        described = chart.evaluate(
            """box => (box.closest('[aria-label]') || box.querySelector('[aria-label]'))
                ?.getAttribute('aria-label') || ''"""
        )
        assert len(described) > 10


def test_answers_and_the_switch_are_reached_and_used_by_keyboard(home: str, visit: Visits) -> None:
    seen = visit(f"{home}/?lang=zh", width=DESK)
    settle(seen.page)
    reached: list[str] = []
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        reached.append(
            seen.page.evaluate("() => document.activeElement.innerText || document.activeElement.ariaLabel || ''")
        )
    assert any("吃饭的钱" in text for text in reached)
    seen.page.locator("[data-testid=stCheckbox] input").first.focus()
    seen.page.keyboard.press("Space")
    seen.page.get_by_text("¥••••").first.wait_for()
    seen.page.keyboard.press("Space")
    seen.page.wait_for_timeout(1000)
