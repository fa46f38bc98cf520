"""The page of what to do on a phone: choose a debt, copy its letter, note a call, take calendar and workbook along."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from pages.shared.words import Words, words_in
from tests.browser.test_strategy_comparison import DESK, PHONE, assert_sound

SMALL_PHONE = 360
SAMPLE = "cards_and_jiebei_past_90_days"
NOTED = "客服小王 <b>8021</b>"
Visits = Callable[..., Any]


def go(page: Page, section: str, say: Words) -> None:
    """Turn to a part of the page."""
    page.locator("[data-testid=stButtonGroup]").get_by_text(say(f"act.sections.{section}"), exact=True).click()


def downloaded(page: Page, button: str, say: Words) -> tuple[str, bytes]:
    """Press a button, and give the name and the content of the file that comes."""
    with page.expect_download(timeout=30_000) as coming:
        page.get_by_role("button", name=say(button), exact=True).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_a_debt_from_letter_to_files(fresh_server: str, visit: Visits, tmp_path: Path) -> None:
    say = words_in("zh")
    seen = visit(f"{fresh_server}/?lang=zh", width=PHONE)
    page = seen.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=say(f"sample.{SAMPLE}"), exact=True).click(timeout=60_000)
    page.locator(".st-key-verdict").wait_for(timeout=90_000)
    page.locator(".st-key-bar").get_by_role("link", name=say("nav.act"), exact=True).click()
    expect(page.get_by_role("heading", name=say("act.title"))).to_be_visible(timeout=60_000)

    chosen = page.locator("[data-testid=stSelectbox]").first
    chosen.locator("button").click()
    page.get_by_role("option", name=re.compile("交行信用卡")).click()
    expect(page.locator(".st-key-act_script")).to_contain_text("交行信用卡", timeout=30_000)

    go(page, "letter", say)
    expect(page.locator(".st-key-act_letter")).to_contain_text("交行信用卡", timeout=30_000)
    page.get_by_role("button", name=say("act.copying.copy"), exact=True).click()
    expect(page.get_by_text(say("act.copying.copied"), exact=True)).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert say("act.letter.subject", debt="交行信用卡") in copied
    assert "{" not in copied

    go(page, "calls", say)
    page.get_by_role("button", name=say("act.log.add"), exact=True).click()
    page.get_by_label(say("act.log.who")).fill(NOTED)
    page.get_by_label(say("act.log.notes")).fill("=1+1 答应周五前回电")
    page.get_by_role("button", name=say("act.log.save"), exact=True).click()
    expect(page.get_by_text(NOTED)).to_be_visible(timeout=30_000)
    name, table = downloaded(page, "act.log.csv", say)
    assert name.endswith(".csv")
    assert "'=1+1" in table.decode("utf-8-sig")

    go(page, "files", say)
    name, calendar = downloaded(page, "act.file.calendar", say)
    assert name.endswith(".ics")
    assert calendar.startswith(b"BEGIN:VCALENDAR\r\n")
    assert calendar.rstrip().endswith(b"END:VCALENDAR")
    name, workbook = downloaded(page, "act.file.workbook", say)
    assert name.endswith(".xlsx")
    (tmp_path / name).write_bytes(workbook)
    with zipfile.ZipFile(tmp_path / name) as opened:
        assert opened.testzip() is None
        assert "xl/workbook.xml" in opened.namelist()

    for section in ("phone", "letter", "rules", "calls", "files"):
        go(page, section, say)
        for width in (SMALL_PHONE, DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(300)
            assert_sound(seen, fresh_server)
