"""Budget cuts on a phone: an expense is cut by keyboard, the cut is kept, and taken back."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from core.money import format_fen
from core.savings import spendings
from pages.shared import session
from pages.shared.words import words_in
from tests.browser.test_strategy_comparison import DESK, PHONE, assert_sound

SMALL_PHONE = 360
SAMPLE = session.samples()[0]
Visits = Callable[..., Any]


def test_a_cut_is_tried_kept_and_taken_back(fresh_server: str, visit: Visits) -> None:
    say = words_in("zh")
    seen = visit(f"{fresh_server}/?lang=zh", width=PHONE)
    page = seen.page
    page.get_by_role("button", name=say(f"sample.{SAMPLE}"), exact=True).click(timeout=60_000)
    page.locator(".st-key-verdict").wait_for(timeout=90_000)
    page.locator(".st-key-bar").get_by_role("link", name=say("nav.budget_cuts"), exact=True).click()
    verdict, effect = page.locator(".st-key-verdict"), page.locator(".st-key-cuts_effect")
    expect(page.get_by_role("heading", name=say("budget_cuts.title"))).to_be_visible(timeout=60_000)
    expect(verdict).not_to_be_empty(timeout=60_000)
    before = verdict.inner_text()

    page.locator(".st-key-cuts [data-testid=stSlider] input").first.focus()
    page.keyboard.press("Home")
    expect(effect).to_be_visible(timeout=30_000)
    spared = next(each for each in spendings(session.sample_plan(SAMPLE)) if not each.essential)
    expect(effect).to_contain_text(f"¥{format_fen(spared.now)}")
    assert verdict.inner_text() == before, "what is only tried changes no verdict"

    page.get_by_role("button", name=say("budget_cuts.cuts.keep"), exact=True).click()
    expect(verdict).not_to_have_text(before, timeout=30_000)
    expect(effect).to_have_count(0)
    page.get_by_role("button", name=say("saved.undo"), exact=True).first.click()
    expect(verdict).to_have_text(before, timeout=30_000)

    for width in (PHONE, SMALL_PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_timeout(400)
        assert_sound(seen, fresh_server)
