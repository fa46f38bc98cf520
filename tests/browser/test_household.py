"""Entering a household in a real browser: a phone's keypad, thumbs, narrow screens, a killed server, a huge file."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pages.household.draft import next_on
from pages.shared.words import LANGUAGES, Words, words_in
from tests.browser.conftest import ROOT, wait_for

PHONE, SMALL_PHONE = 390, 360
THUMB = 44
DUE_DAY = 8
MEGABYTE = 1_000_000
Visits = Callable[..., Any]


def begin(page: Page, say: Words) -> None:
    """Answer the three questions as somebody does who has just missed a payment."""
    page.get_by_role("button", name=say("start.begin")).click(timeout=60_000)
    page.locator("[data-testid=stSelectbox] button").first.click()
    page.get_by_role("option").nth(1).click()
    page.get_by_label(say("debt.balance")).fill("￥１２，０００")
    page.get_by_label(say("debt.left")).fill("8")
    page.locator("[data-testid=stDateInput] [role=spinbutton]").first.click()
    page.keyboard.type(f"{next_on(date.today(), DUE_DAY):%Y%m%d}")
    page.keyboard.press("Escape")
    page.get_by_label(say("start.income")).fill("8,000")
    page.get_by_label(say("start.living")).fill("4500")
    page.keyboard.press("Tab")


def open_sample(page: Page, number: int, say: Words) -> None:
    """Open an example at the start, see it open, and go to its debts."""
    page.locator("[class*='st-key-sample'] button").nth(number).click(timeout=60_000)
    expect(page.get_by_role("heading", name=say("overview.title"))).to_be_visible(timeout=60_000)
    page.get_by_role("link", name=say("nav.household")).click()
    expect(page.get_by_role("heading", name=say("household_page.title"))).to_be_visible(timeout=60_000)


def is_narrow(page: Page) -> bool:
    return page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
            .every(box => box.scrollWidth <= box.clientWidth)"""
    )


def small_targets(page: Page) -> list[str]:
    """Name what a thumb has to hit and is too low; a field's own frame counts, not the text in it."""
    return page.evaluate(
        """(least) => [...document.querySelectorAll(`
              [data-testid=stMain] button[kind], [data-testid=stTextInputRootElement], [data-testid=stDateInputField],
              [data-testid=stSelectbox] [role=group], [data-testid=stCheckbox] label,
              [data-testid=stExpander] summary`)]
            .filter(one => one.offsetParent && one.getBoundingClientRect().height < least)
            .map(one => one.outerHTML.slice(0, 120))""",
        THUMB - 0.5,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_fits_the_smallest_phone_and_its_thumb(fresh_server: str, visit: Visits, language: str) -> None:
    say = words_in(language)
    seen = visit(f"{fresh_server}/?lang={language}", width=SMALL_PHONE)
    begin(seen.page, say)
    # Typed in one go, while the answers to the fields before come in: nothing of it is lost.
    expect(seen.page.locator(".st-key-debt_meaning")).to_contain_text("¥12,", timeout=60_000)
    assert seen.page.get_by_label(say("debt.balance")).get_attribute("inputmode") == "decimal"
    assert seen.page.get_by_label(say("debt.left")).get_attribute("inputmode") == "numeric"
    for summary in seen.page.locator("[data-testid=stExpander] summary").all():
        summary.click()
    seen.page.wait_for_timeout(500)
    assert is_narrow(seen.page)
    assert small_targets(seen.page) == []
    assert seen.errors == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_fits_the_smallest_phone_and_its_thumb(fresh_server: str, visit: Visits, language: str) -> None:
    say = words_in(language)
    seen = visit(f"{fresh_server}/?lang={language}", width=SMALL_PHONE)
    open_sample(seen.page, 2, say)
    for section in ("debts", "money", "today", "files"):
        seen.page.locator("[data-testid=stButtonGroup]").get_by_text(
            say(f"household_page.{section}"), exact=True
        ).click()
        seen.page.wait_for_timeout(1000)
        assert is_narrow(seen.page), section
        assert small_targets(seen.page) == [], section
    assert seen.errors == []


def test_what_was_confirmed_survives_a_killed_server(tmp_path: Path, visit: Visits) -> None:
    """`kill -9`, a new server on the same folder, a new visit: the debt that was deleted stays deleted."""
    say, port = words_in("zh"), 18_611
    first = start(tmp_path, port)
    try:
        seen = visit(f"http://localhost:{port}/?lang=zh", width=PHONE)
        open_sample(seen.page, 0, say)
        seen.page.get_by_role("button", name=say("household_page.delete")).nth(1).click()
        expect(seen.page.get_by_text(say("saved.debt_deleted", name="招行信用卡"))).to_be_visible(timeout=30_000)
    finally:
        first.kill()
        first.wait()
    second = start(tmp_path, port)
    try:
        again = visit(f"http://localhost:{port}/household?lang=zh", width=PHONE)
        expect(again.page.get_by_text("花呗")).to_be_visible(timeout=60_000)
        assert again.page.get_by_text("招行信用卡").count() == 0
    finally:
        second.kill()
        second.wait()


def start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    own = {**os.environ, "ASHORE_DATA_DIR": str(folder)}
    process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(f"http://localhost:{port}/_stcore/health", process)
    return process


def test_a_file_of_sixty_megabytes_is_refused_in_words(fresh_server: str, visit: Visits, tmp_path: Path) -> None:
    say = words_in("zh")
    large = tmp_path / "large.json"
    large.write_bytes(b'{"schema": "' + b"x" * 60 * MEGABYTE + b'"}')
    seen = visit(f"{fresh_server}/?lang=zh", width=PHONE)
    seen.page.get_by_role("button", name=say("start.begin")).wait_for(timeout=60_000)
    seen.page.locator("input[type=file]").set_input_files(large)
    expect(seen.page.get_by_text("5,000,000")).to_be_visible(timeout=60_000)
    expect(seen.page.get_by_role("heading", name=say("start.title"))).to_be_visible()
