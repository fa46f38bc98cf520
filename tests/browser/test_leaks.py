"""A day of use on a host, and then a search through all that is left of it: no lender, name, amount or secret.

Searched are the files of the database or a dump of it, the process's folders, and its log at its most talkative.
"""

import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serving import ROOT, free_port, settings, wait_for
from core.household import dump_household, household_of
from pages.shared import session
from pages.shared.words import words_in
from tests.browser.test_sharing import address_in, go, key, press, quiet, section
from tests.conftest import empty_place
from tests.databases import BACKENDS, POSTGRESQL, Cluster

LENDER, RELATIVE, NOTE = "紫荆花小贷", "Quentin-Zhao", "Nobody may read this note"
AUNT, MESSAGE, LINK_NAME = "Aunt-Wilhelmina", "With love from Harbin", "for-our-Wilhelmina"
CASH, TYPED, GIFT = 7_654_321, 8_765_432, 313_137
WAIT = 45_000


def household_file() -> bytes:
    document = household_of(session.sample_plan("halved_income"))
    plan = document.plan
    debts = (plan.debts[0].model_copy(update={"name": LENDER}), *plan.debts[1:])
    home = plan.household.model_copy(update={"cash": CASH})
    changed = plan.model_copy(update={"debts": debts, "household": home})
    return dump_household(document.model_copy(update={"plan": changed, "notes": f"{NOTE}, {RELATIVE}"})).encode()


def forms(needle: str) -> set[bytes]:
    """Write something as it might lie somewhere: in several encodings, and packed as text in any place of it."""
    plain = needle.encode()
    found = {plain, needle.encode("utf-16-le"), needle.encode("utf-16-be"), quote(needle).encode()}
    found |= {json.dumps(needle)[1:-1].encode(), plain.hex().encode(), plain.hex().upper().encode()}
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + plain)
        # The first and the last characters depend on what stands beside it.
        whole = packed[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]
        found |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def amounts(fen: int) -> list[str]:
    yuan = f"{fen // 100}.{fen % 100:02}"
    return [str(fen), yuan, f"{fen // 100:,}.{fen % 100:02}"]


def leaks(where: dict[str, bytes], needles: list[str]) -> list[tuple[str, str]]:
    return [(name, one) for one in needles for form in forms(one) for name, held in where.items() if form in held]


@contextmanager
def talkative(folder: Path, place: str, port: int) -> Iterator[Path]:
    """Run a hosted server that logs as much as it can, into a file."""
    own = {**settings(f"http://localhost:{port}"), "ASHORE_DATA_DIR": str(folder / "data")}
    own |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PYTHONUNBUFFERED": "1"}
    own |= {"STREAMLIT_LOGGER_LEVEL": "debug", "PYTHONASYNCIODEBUG": "1"}
    for each in ("home", "tmp"):
        (folder / each).mkdir()
    if "://" in place:
        own["ASHORE_DATABASE_URL"] = place
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    log = folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=said, stderr=said)
        try:
            wait_for(f"http://localhost:{port}/_stcore/health")
            yield log
        finally:
            process.kill()
            process.wait(20)


@contextmanager
def without_database(place: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """Take the database away for a while: a server is stopped, a file is held by somebody else."""
    if "://" in place:
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.stop()
        try:
            yield
        finally:
            cluster.start()
    else:
        with closing(sqlite3.connect(place)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield


def remains(folder: Path, place: str) -> dict[str, bytes]:
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if "://" in place:
        assert POSTGRESQL is not None
        call = [str(POSTGRESQL / "pg_dump"), place.replace("postgresql+psycopg", "postgresql")]
        found["dump"] = subprocess.run(call, capture_output=True, check=True).stdout
    return found


def type_cash(page: Page, yuan: str) -> None:
    field = key(page, "money_cash").locator("input")
    field.fill(yuan)
    field.press("Enter")
    quiet(page)


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_left_that_anybody_could_read(
    request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, backend: str
) -> None:
    say, port = words_in("en"), free_port()
    address = f"http://localhost:{port}"
    with empty_place(request, backend, tmp_path) as place, talkative(tmp_path, place, port) as log:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(WAIT)
        page = context.new_page()
        page.goto(f"{address}/?lang=en")
        page.locator("input[type=file]").first.set_input_files(
            {"name": f"{LENDER}.json", "mimeType": "application/json", "buffer": household_file()}
        )
        own = address_in(key(page, "owner_link_new").locator("code").inner_text())
        press(page, "owner_link-kept")
        go(page, say("nav.household"))
        section(page, "sharing", say)
        page.get_by_label(say("sharing.name")).fill(LINK_NAME)
        press(page, "sharing-make")
        made = address_in(page.locator("code").first.inner_text())

        far_away = browser.new_context()
        family = far_away.new_page()
        family.goto(f"{address}/?lang=en&plan={made[0]}#{made[1]}")
        family.get_by_label(say("family.pledge.who")).fill(AUNT)
        family.get_by_label(say("family.pledge.amount")).fill(amounts(GIFT)[1])
        family.get_by_label(say("family.pledge.message")).fill(MESSAGE)
        family.keyboard.press("Tab")
        quiet(family)
        press(family, "family-send")
        expect(family.get_by_text(say("family.pledge.sent"))).to_be_visible(timeout=WAIT)
        # What goes wrong: a garbled link, one of nobody's, a database that is gone, a second tab.
        for plan, secret in ((own[0], own[1][:12]), (made[0], own[1])):
            family.goto("about:blank")
            family.goto(f"{address}/?lang=en&plan={plan}#{secret}")
            expect(family.get_by_label(say("guests.paste"))).to_be_visible(timeout=WAIT)
        far_away.close()

        section(page, "money", say)
        other = context.new_page()
        other.goto(f"{address}/household?lang=en&plan={own[0]}#{own[1]}")
        expect(other.get_by_role("heading", name=say("household_page.title"))).to_be_visible(timeout=WAIT)
        quiet(other)
        with without_database(place, request):
            type_cash(page, amounts(TYPED)[1])
            expect(page.get_by_text(say("saved.not_saved"))).to_be_visible(timeout=WAIT)
            assert key(page, "money_cash").locator("input").input_value().replace(",", "") == amounts(TYPED)[1]
        press(page, "saved-again")
        expect(page.get_by_text(say("saved.not_saved"))).to_have_count(0, timeout=WAIT)
        # Only when it says so has the first tab saved, and the second one comes late.
        expect(page.get_by_text(re.compile(r"^Saved \d"))).to_be_visible(timeout=WAIT)
        quiet(page)
        quiet(other)
        press(other, "delete-")
        expect(other.get_by_text(say("saved.conflict_title"))).to_be_visible(timeout=WAIT)
        press(other, "saved-theirs")
        other.goto(f"{address}/household?lang=en")
        expect(other.get_by_role("heading", name=say("household_page.title"))).to_be_visible(timeout=WAIT)
        quiet(other)
        section(other, "money", say)
        assert key(other, "money_cash").locator("input").input_value().replace(",", "") == amounts(TYPED)[1]
        context.close()

        texts = [LENDER, RELATIVE, NOTE, AUNT, MESSAGE, LINK_NAME, own[1], made[1]]
        needles = [*texts, *(one for fen in (CASH, TYPED, GIFT) for one in amounts(fen))]
        found = remains(tmp_path, place)
        assert log.stat().st_size
        assert any(own[0].encode() in held for held in found.values())  # ids are in the open: the search looks there
        assert leaks(found, needles) == []


@pytest.mark.parametrize("text", [LENDER, "7654321", NOTE])
def test_the_search_would_find_it(text: str) -> None:
    plain = text.encode()
    ways = [plain, b"x" + base64.b64encode(b"ab" + plain + b"c"), text.encode("utf-16-le"), plain.hex().encode()]
    for held in (b"\0" + way + b"\0" for way in ways):
        assert leaks({"here": held}, [text])
