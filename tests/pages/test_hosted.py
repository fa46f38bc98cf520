"""Hosted: a plan is behind the secret of its link, lies sealed, and is opened by nothing else."""

import logging
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.household import dump_household, household_of, parse_household
from core.sharing import Address, Hidden, Pledge, figures_of, pledge_from, read_secret
from pages.act import downloads
from pages.shared import entry, hosted, session, shelf, stores
from pages.shared.words import words_in
from tests.pages.homes import APP, texts

HOUSEHOLD = household_of(session.sample_plan("halved_income"))
OWN = HOUSEHOLD.model_copy(update={"notes": "Grandmother knows nothing of this"})
VISITOR = "203.0.113.7"


class Browser:
    """What a browser would bring along, and the orders that it was given."""

    def __init__(self) -> None:
        self.brought: entry.Arrived | None = entry.Arrived("", "", False)
        self.kept: list[tuple[str, str]] = []

    def comes_by(self, address: Address) -> None:
        self.brought = entry.Arrived(address.id, address.secret.text, False)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Run the app as a host does, with a browser that brings what the test says."""
    monkeypatch.setenv("ASHORE_MODE", "hosted")
    found = Browser()
    monkeypatch.setattr(entry, "read", lambda: found.brought)
    monkeypatch.setattr(entry, "keep", lambda plan, secret, is_new=False: found.kept.append((plan, secret)))
    return found


def arrive(language: str = "en") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return app


def owner_of(document: bytes) -> Address:
    return shelf.book().create(document, VISITOR).address


def everything_stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_is_shown_until_the_browser_has_answered(browser: Browser) -> None:
    browser.brought = None
    app = arrive()
    assert texts(app) == ["Opening…"]


def test_a_stranger_begins_and_leaves_nothing_behind_by_looking_at_an_example(browser: Browser) -> None:
    app = arrive()
    app.button(key="sample.halved_income").click().run()
    assert not app.exception
    assert stores.store().documents() == []
    assert browser.kept == []


def test_the_first_change_of_an_example_makes_a_plan_of_its_own_with_a_link(
    browser: Browser, empty_store: Path
) -> None:
    app = arrive()
    app.button(key="sample.halved_income").click().run()
    app.button(key="overview.answer").click().run()
    assert not app.exception
    (kept,) = browser.kept
    opened = shelf.book().open(kept[0], read_secret(kept[1]), VISITOR)
    assert parse_household(opened.latest().document).answers.food is False  # type: ignore[union-attr]
    assert any("put this link away" in text for text in texts(app))
    app.button(key="owner_link.kept").click().run()
    assert browser.kept == [kept, kept]
    assert not any("put this link away" in text for text in texts(app))
    stored = everything_stored(empty_store)
    assert kept[1].encode() not in stored
    for debt in HOUSEHOLD.plan.debts:
        assert debt.name.encode() not in stored


def test_the_owners_link_opens_the_plan_and_saves_go_into_it(browser: Browser) -> None:
    address = owner_of(dump_household(OWN).encode())
    browser.comes_by(address)
    app = arrive()
    app.button(key="overview.answer").click().run()
    owner = shelf.book().open(address.id, address.secret, VISITOR)
    saved = owner.latest()  # type: ignore[union-attr]
    assert saved.number == 2
    assert parse_household(saved.document).answers.despair is False
    app.switch_page("pages/household/page.py").run()
    app.button(key="saved.undo").click().run()
    assert parse_household(owner.latest().document) == OWN  # type: ignore[union-attr]


@pytest.mark.parametrize("what", ["unknown id", "wrong secret", "secret of another"])
def test_whatever_does_not_belong_together_gets_one_answer(browser: Browser, what: str) -> None:
    address, other = owner_of(dump_household(OWN).encode()), owner_of(dump_household(HOUSEHOLD).encode())
    stranger = Address("0" * 16, address.secret)
    if what == "wrong secret":
        stranger = Address(address.id, type(address.secret)("z" * 26))
    elif what == "secret of another":
        stranger = Address(address.id, other.secret)
    browser.comes_by(stranger)
    app = arrive()
    assert any("does not open" in text for text in texts(app))
    assert app.button(key="sample.halved_income")


def test_a_link_that_was_cut_is_told_apart_and_can_be_pasted_whole(browser: Browser) -> None:
    address = owner_of(dump_household(OWN).encode())
    browser.brought = entry.Arrived(address.id, address.secret.text[:-4], False)
    app = arrive()
    assert any("incomplete" in text for text in texts(app))
    pasted = f"look: {address.link('https://example.org')} \n"
    app.text_input(key="guests.pasted").set_value(pasted).run()
    assert not app.exception
    assert browser.kept == [(address.id, address.secret.text)]
    assert any("debts" in text for text in texts(app))


def test_the_owner_makes_a_link_sees_an_offer_and_counts_it_in(browser: Browser) -> None:
    address = owner_of(dump_household(OWN).encode())
    browser.comes_by(address)
    app = arrive()
    app.switch_page("pages/household/page.py").run()
    app.button_group(key="household.section").set_value("sharing").run()
    app.button(key="sharing.make").click().run()
    assert any("whom this link is for" in text for text in texts(app))
    app.text_input(key="name_sharing_name").set_value("sister").run()
    app.button(key="sharing.make").click().run()
    assert not app.exception
    owner = shelf.book().open(address.id, address.secret, VISITOR)
    (link,) = owner.links().links  # type: ignore[union-attr]
    assert (link.name, link.hidden) == (
        "sister",
        Hidden(lender_names=False, amounts=False, incomes=True, names=True, notes=True),
    )
    family = shelf.book().open(link.address.id, link.address.secret, VISITOR)
    shown = family.document().document  # type: ignore[union-attr]
    assert "Grandmother" not in str(shown)
    offer: Pledge = pledge_from(who="Sis", kind="once", amount=500_000, made_on=date(2026, 11, 24))
    family.pledge(offer)  # type: ignore[union-attr]
    app.session_state["pledges.found"] = None
    for page in ("overview", "strategy_comparison"):  # beside the ways, and where it is seen first
        app.switch_page(f"pages/{page}/page.py").run()
        assert any("Sis offers ¥5,000.00 once" in text for text in texts(app)), page
    (accept,) = [each for each in app.button if (each.key or "").startswith("pledges.accept.")]
    accept.click().run()
    assert not app.exception
    (lever,) = parse_household(owner.latest().document).levers  # type: ignore[union-attr]
    assert (lever.kind, lever.name, lever.state) == ("family_gift", "Sis", "chosen")
    (sent,) = family.pledges()  # type: ignore[union-attr]
    assert sent.state == "accepted"


def test_an_ended_link_says_when_and_shows_nothing(browser: Browser) -> None:
    owner = shelf.book().create(dump_household(OWN).encode(), VISITOR)
    hidden = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
    link = owner.make_link("brother", hidden, figures_of(OWN), 1)
    owner.revoke(link)
    browser.comes_by(link.address)
    app = arrive()
    assert any("ended on" in text for text in texts(app))
    assert not any(debt.name in text for debt in OWN.plan.debts for text in texts(app))


def test_deleting_leaves_nothing_and_opens_nothing(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[bool] = []
    monkeypatch.setattr(entry, "forget", lambda: forgotten.append(True))
    address = owner_of(dump_household(OWN).encode())
    browser.comes_by(address)
    app = arrive()
    app.switch_page("pages/household/page.py").run()
    app.button_group(key="household.section").set_value("sharing").run()
    assert app.button(key="sharing.delete").proto.disabled
    app.checkbox(key="sharing.sure").check().run()
    browser.brought = entry.Arrived("", "", False)
    app.button(key="sharing.delete").click().run()
    assert not app.exception
    assert forgotten == [True]
    assert stores.store().documents() == []


def test_the_calendar_says_when_an_unopened_plan_is_deleted(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = shelf.book().create(dump_household(OWN).encode(), VISITOR)
    taken: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(shelf, "owner", lambda: owner)
    monkeypatch.setattr(downloads.st, "download_button", lambda _, data, **more: taken.update({more["key"]: data}))
    downloads.show(OWN, words_in("en"))
    calendar = taken["act.calendar"]().decode()
    assert f"DTSTART;VALUE=DATE:{owner.deletes_on():%Y%m%d}" in calendar


def test_the_date_of_deletion_is_four_hundred_days_after_the_last_opening(browser: Browser) -> None:
    owner = shelf.book().create(dump_household(OWN).encode(), VISITOR)
    assert timedelta(398) < owner.deletes_on() - date.today() <= timedelta(400)


def test_an_error_is_logged_by_its_kind_and_places_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    factory = logging.getLogRecordFactory()
    said = logging.StreamHandler()
    logger = logging.getLogger("streamlit.error_util")
    logger.addHandler(said)
    try:
        hosted.be_discreet()
        try:
            raise KeyError("Huabei 12,345.67")
        except KeyError as error:
            logger.error("Uncaught app execution", exc_info=error)
        thread = threading.Thread(target=lambda: int("Huabei 12,345.67"))
        thread.start()
        thread.join()
        logger.debug("Huabei")
    finally:
        logging.disable(logging.NOTSET)
        logging.setLogRecordFactory(factory)
        logger.removeHandler(said)
    told = capsys.readouterr().err
    assert "KeyError" in told
    assert Path(__file__).name in told
    assert "Huabei" not in told
