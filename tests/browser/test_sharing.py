"""Hosted, in a real browser: from the owner to the family and back, and what a link's secret leaves behind."""

import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from benchmarks.serving import free_port, settings, start, wait_for
from core.household import dump_household, household_of
from core.sharing import Book, Hidden, Link, Owner, figures_of
from core.store import Store
from pages.shared import session
from pages.shared.words import Words, words_in
from tests.browser.conftest import Visit
from tests.browser.test_household import PHONE, is_narrow

DESK = 1280
WAIT = 30_000
OWN = household_of(session.sample_plan("halved_income"))
ROBOT = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
PRESSED_MOST = 5
STATES = "[data-testid=stApp][data-test-script-state=notRunning]"
Visits = Callable[..., Visit]


class Host:
    """A hosted server that can be killed and started again, and its book."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        own = {**settings(self.address), "ASHORE_DATA_DIR": str(self.folder), "HOME": str(self.folder / "home")}
        own["NUMBA_CACHE_DIR"] = os.environ.get("NUMBA_CACHE_DIR", "")
        self.process = start("app.py", self.port, **{name: value for name, value in own.items() if value})
        wait_for(f"{self.address}/_stcore/health")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(20)

    @contextmanager
    def book(self) -> Iterator[Book]:
        with Store.open(self.folder / "ashore.db") as store:
            yield Book(store)

    def new_plan(self) -> tuple[Owner, Link]:
        hidden = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
        with self.book() as book:
            owner = book.create(dump_household(OWN).encode(), "")
            return owner, owner.make_link("sister", hidden, figures_of(OWN), 1)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A server that the tests share."""
    found = Host(tmp_path_factory.mktemp("host"))
    found.start()
    yield found
    found.kill()


@pytest.fixture
def own_host(tmp_path: Path) -> Iterator[Host]:
    """A server that nobody has visited yet, and that a test may kill."""
    found = Host(tmp_path)
    found.start()
    yield found
    found.kill()


class Watch:
    """What a browser sends while it is watched."""

    def __init__(self, context: BrowserContext) -> None:
        self.sent: list[str] = []
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.sent.append(f"{request.url}\n{request.all_headers()}\n{request.post_data or ''}")


def quiet(page: Page) -> None:
    """Wait until the page has come to rest."""
    page.wait_for_timeout(400)
    page.locator(STATES).wait_for(timeout=WAIT)


def key(page: Page, name: str) -> Any:
    return page.locator(f"[class*='st-key-{name}']")


def press(page: Page, name: str) -> None:
    key(page, name).locator("button").first.click(timeout=WAIT)
    quiet(page)


def go(page: Page, name: str) -> None:
    page.locator("[data-testid=stPageLink]").get_by_text(name, exact=True).click(timeout=WAIT)
    quiet(page)


def section(page: Page, name: str, say: Words) -> None:
    key(page, "household-section").get_by_text(say(f"household_page.{name}"), exact=True).click(timeout=WAIT)
    quiet(page)


def left_behind(page: Page) -> str:
    """Read all that a page leaves where others may find it."""
    return page.evaluate("() => [location.href, document.cookie, JSON.stringify(localStorage), document.title].join()")


def address_in(shown: str) -> tuple[str, str]:
    found = re.search(r"\?plan=(\w+)#(\w+)", shown)
    assert found is not None
    return found[1], found[2]


def opens_plan(page: Page) -> None:
    expect(key(page, "verdict").first).to_be_visible(timeout=WAIT)
    quiet(page)


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_from_the_owner_to_the_family_and_back(host: Host, browser: Browser, language: str, width: int) -> None:
    say = words_in(language)
    size = {"width": width, "height": 844}
    at_home, far_away = browser.new_context(viewport=size), browser.new_context(viewport=size)  # type: ignore[arg-type]
    watches = Watch(at_home), Watch(far_away)
    try:
        owner = at_home.new_page()
        owner.goto(f"{host.address}/?lang={language}")
        press(owner, "sample-halved_income")
        opens_plan(owner)
        go(owner, say("nav.household"))
        press(owner, "delete-")
        expect(owner.get_by_text(say("owner_link.new_title"))).to_be_visible(timeout=WAIT)
        own = address_in(key(owner, "owner_link_new").locator("code").inner_text())
        kept = owner.evaluate("() => JSON.parse(sessionStorage['ashore.link'])")
        assert (kept["plan"], kept["secret"]) == own
        assert is_narrow(owner)
        press(owner, "owner_link-kept")

        section(owner, "sharing", say)
        owner.get_by_label(say("sharing.name")).fill("*Aunt* <b>")
        press(owner, "sharing-make")
        made = address_in(owner.locator("code").first.inner_text())
        assert made != own
        assert is_narrow(owner)

        family = far_away.new_page()
        family.goto(f"{host.address}/?lang={language}&plan={made[0]}#{made[1]}")
        expect(family.get_by_role("heading", name=say("family.title"), exact=True)).to_be_visible(timeout=WAIT)
        expect(family.get_by_label(say("family.pledge.who"))).to_be_visible(timeout=WAIT)
        assert family.locator("[data-testid=stPageLink]").count() == 0
        family.get_by_label(say("family.pledge.who")).fill("Sis <i>")
        family.get_by_label(say("family.pledge.amount")).fill("3000")
        family.keyboard.press("Tab")
        quiet(family)
        press(family, "family-send")
        expect(family.get_by_text(say("family.pledge.sent"))).to_be_visible(timeout=WAIT)
        expect(family.get_by_text(say("family.sent.state_sent"))).to_be_visible(timeout=WAIT)
        assert is_narrow(family)

        owner.goto(f"{host.address}/household?lang={language}")  # loaded anew, with nothing but what the tab keeps
        expect(owner.get_by_role("heading", name=say("household_page.title"))).to_be_visible(timeout=WAIT)
        quiet(owner)
        section(owner, "sharing", say)
        expect(owner.get_by_text("Sis <i>").first).to_be_visible(timeout=WAIT)
        press(owner, "pledges-accept")
        expect(owner.get_by_text(say("pledges.accepted_notice", name="Sis <i>"))).to_be_visible(timeout=WAIT)
        assert is_narrow(owner)

        press(family, "family-again")
        expect(family.get_by_text(say("family.sent.state_accepted"))).to_be_visible(timeout=WAIT)

        for page in (owner, family):
            for _, secret in (own, made):
                assert secret not in left_behind(page)
        for watch in watches:
            for _, secret in (own, made):
                assert [sent for sent in watch.sent if secret in sent] == []
    finally:
        at_home.close()
        far_away.close()


def test_a_link_is_the_first_request_and_a_replica_is_killed(own_host: Host, visit: Visits) -> None:
    """The page that is open comes back by itself on the new process, and says so if nothing else."""
    host = own_host
    owner, link = host.new_plan()
    seen = visit(f"{host.address}/?lang=en&plan={link.address.id}#{link.address.secret.text}", width=PHONE)
    say = words_in("en")
    title = seen.page.get_by_role("heading", name=say("family.title"), exact=True)
    expect(title).to_be_visible(timeout=WAIT)
    mine = visit(owner.address.link(host.address), width=DESK)
    opens_plan(mine.page)
    host.kill()
    host.start()
    again = visit(link.address.link(host.address), width=DESK)
    expect(again.page.get_by_text(words_in("zh")("family.title"), exact=True)).to_be_visible(timeout=WAIT)
    # The open page finds the new process by itself. What is pressed in that moment may be lost: a person presses again.
    mine.page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]").wait_for(timeout=WAIT)
    household = mine.page.get_by_role("heading", name=words_in("zh")("household_page.title"))
    for _ in range(PRESSED_MOST):
        go(mine.page, words_in("zh")("nav.household"))
        mine.page.wait_for_timeout(1500)
        if household.is_visible():
            break
    expect(household).to_be_visible(timeout=WAIT)
    press(mine.page, "delete-")
    expect(key(mine.page, "notice_").first).to_be_visible(timeout=WAIT)
    with host.book() as book:
        opened = book.open(owner.address.id, owner.address.secret, "")
        assert isinstance(opened, Owner)
        assert opened.latest().number == 2
    mine.page.reload()
    expect(mine.page.get_by_role("heading", name=words_in("zh")("household_page.title"))).to_be_visible(timeout=WAIT)
    quiet(mine.page)
    expect(key(mine.page, "owner_link_new")).to_have_count(0)


def test_what_one_tab_does_with_links(host: Host, browser: Browser) -> None:
    say = words_in("zh")
    (first, link), (second, _) = host.new_plan(), host.new_plan()
    context = browser.new_context(viewport={"width": DESK, "height": 844})
    try:
        page = context.new_page()
        page.goto(f"{host.address}/overdue_cost?plan={first.address.id}#{first.address.secret.text}")
        expect(page.get_by_role("heading", name=say("overdue.title"), exact=True)).to_be_visible(timeout=WAIT)
        quiet(page)
        assert first.address.secret.text not in left_behind(page)

        # The device is asked to remember, and to forget.
        go(page, say("nav.household"))
        section(page, "sharing", say)
        remember = page.get_by_text(say("owner_link.remember"))
        remember.click()
        quiet(page)
        other = context.new_page()
        other.goto(host.address)
        opens_plan(other)
        other.close()
        remember.click()
        quiet(page)
        assert first.address.secret.text not in left_behind(page)
        other = context.new_page()
        other.goto(host.address)
        expect(key(other, "sample-halved_income")).to_be_visible(timeout=WAIT)
        other.close()

        # Another link, in an English page, takes its place; going back brings no secret back, and nobody else's plan.
        page.goto(f"{host.address}/?lang=en&plan={link.address.id}#{link.address.secret.text}")
        family = page.get_by_role("heading", name=words_in("en")("family.title"), exact=True)
        expect(family).to_be_visible(timeout=WAIT)
        page.goto(second.address.link(host.address))
        opens_plan(page)
        for _ in range(4):
            page.go_back()
            page.wait_for_timeout(300)
            for each in (first, second, link):
                assert each.address.secret.text not in left_behind(page)

        # What chats do to a link.
        secret = link.address.secret.text
        for mangled in (f"#{secret[:9]}%20{secret[9:]}", f"%23{secret}", f"#{secret}#{secret}"):
            page.goto("about:blank")
            page.goto(f"{host.address}/?lang=en&plan={link.address.id}{mangled}")
            expect(family).to_be_visible(timeout=WAIT)
            assert secret not in left_behind(page)
        page.goto("about:blank")
        page.goto(f"{host.address}/?lang=en&plan={link.address.id}#{secret[:12]}")
        expect(page.get_by_text("The link is incomplete")).to_be_visible(timeout=WAIT)
        page.get_by_label(words_in("en")("guests.paste")).fill(f"look {link.address.link(host.address)} !")
        page.keyboard.press("Enter")
        expect(family).to_be_visible(timeout=WAIT)
        page.reload()
        expect(family).to_be_visible(timeout=WAIT)

        # A new plan in the same tab.
        page.evaluate("() => sessionStorage.clear()")
        page.goto(host.address)
        press(page, "sample-small_shop")
        opens_plan(page)
        go(page, say("nav.household"))
        press(page, "delete-")
        plan = page.evaluate("() => JSON.parse(sessionStorage['ashore.link']).plan")
        assert plan not in {first.address.id, second.address.id, link.address.id}
        page.reload()
        expect(page.get_by_text(say("owner_link.new_title"))).to_be_visible(timeout=WAIT)
    finally:
        context.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_preview_robot_is_no_view(host: Host, method: str) -> None:
    owner, link = host.new_plan()
    for path in (f"/?plan={link.address.id}", f"/family?plan={link.address.id}"):
        asked = urllib.request.Request(host.address + path, headers={"User-Agent": ROBOT}, method=method)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            body = answer.read().decode()
        assert answer.status == 200
        assert not any(debt.name in body for debt in OWN.plan.debts)
    with host.book() as book:
        opened = book.open(owner.address.id, owner.address.secret, "")
        assert isinstance(opened, Owner)
        assert [each.views for each in opened.links().links] == [0]
