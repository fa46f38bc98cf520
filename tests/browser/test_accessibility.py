"""What a screen reader and a weak eye meet on every page, by the rules of axe-core, read from a file and not fetched.

Streamlit's own elements break a few rules that no page of ours can mend. They are listed by rule and by the element
that breaks it; anything else fails. One visit a language walks through every page, every part of it and a form of each
kind, for a visit of its own to each would take minutes; between them the two see every width and both schemes.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app import HOME, PAGES
from pages.act.sections import SECTIONS as PARTS_OF_ACT
from pages.shared.words import LANGUAGES, Words, words_in
from tests.browser.axe import look, settle

DESK, PHONE = 1280, 390
# Each language is seen at both widths, and so is each scheme; parts of a page on a phone, in one scheme a language.
SEEN = {"zh": ((DESK, "light"), (PHONE, "dark")), "en": ((PHONE, "light"), (DESK, "dark"))}
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


def screens(page: Page, say: Words) -> Iterator[str]:
    """Walk through every page, every part of it, and a form of each kind; stop at each and name it."""
    for entry in (HOME, *PAGES):
        page.locator(".st-key-bar").get_by_role("link", name=say(entry.name), exact=True).click()
        page.locator(f"h1:has-text('{say(TITLES[entry.address])}')").wait_for(timeout=60_000)
        settle(page)
        yield entry.address
        for part in PARTS.get(entry.address, ()):
            page.locator("[data-testid=stButtonGroup]").get_by_text(say(part), exact=True).click()
            settle(page)
            yield part
            if part in FORMS:
                opens, closes = FORMS[part]
                page.get_by_role("button", name=say(opens), exact=True).first.click()
                page.get_by_role("button", name=say(closes), exact=True).first.wait_for(timeout=60_000)
                settle(page)
                yield f"{part}, its form"
                page.get_by_role("button", name=say(closes), exact=True).first.click()
                settle(page)


TITLES = {
    "overview": "overview.title",
    "budget_cuts": "budget_cuts.title",
    "strategy_comparison": "comparison.title",
    "overdue_cost": "overdue.title",
    "act": "act.title",
    "household": "household_page.title",
}
PARTS = {
    "act": [f"act.sections.{part}" for part in PARTS_OF_ACT],
    "household": [f"household_page.{part}" for part in ("debts", "money", "today", "files")],
}
FORMS = {
    "act.sections.calls": ("act.log.add", "act.log.cancel"),
    "household_page.debts": ("household_page.open", "debt.cancel"),
    "household_page.money": ("money.add_expenses", "debt.cancel"),
    "household_page.today": ("today.pay", "debt.cancel"),
}


def test_the_start_breaks_no_rule(fresh_server: str, visit: Visits) -> None:
    for language in LANGUAGES:
        seen = visit(f"{fresh_server}/?lang={language}", width=DESK)
        settle(seen.page)
        assert look(seen.page, SEEN[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_breaks_a_rule(home: str, visit: Visits, language: str) -> None:
    seen = visit(f"{home}/?lang={language}", width=DESK)
    settle(seen.page)
    ways, on_a_phone = SEEN[language], [way for way in SEEN[language] if way[0] == PHONE]
    found = {
        screen: look(seen.page, ways if screen in TITLES else on_a_phone)
        for screen in screens(seen.page, words_in(language))
    }
    assert set(TITLES) <= found.keys()
    assert {screen: wrong for screen, wrong in found.items() if wrong} == {}
    assert seen.errors == []
    assert seen.hosts == {home.removeprefix("http://")}


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
