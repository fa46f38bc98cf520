"""Saving as a reader meets it: files, earlier states, two tabs, a disk that fails, states that cannot be read."""

import sqlite3
from pathlib import Path

import pytest

from core.household import dump_household, household_of
from core.store import Store
from pages.shared import keeping, session, stores
from pages.shared.words import words_in
from tests.pages.homes import PAGE, kept, opened, own, texts, visit


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        dump_household(own()).encode()[:500],
        b'{"schema": "ashore.household/9"}',
        b"\xff\xfe\x00",
        b"x" * 6_000_000,
        b'["=cmd()"]',
    ],
    ids=["empty", "brace", "half", "later", "no-utf8", "large", "list"],
)
def test_a_file_that_cannot_be_opened_says_why_and_changes_nothing(data: bytes) -> None:
    app = opened(own(), section="files")
    before = kept()
    app.file_uploader(key="files.upload").set_value(("x.json", data, "application/json")).run()
    assert not app.exception
    assert [text for text in texts(app) if text.startswith(":red[")]
    assert kept() == before


def test_a_good_file_opens_as_a_household_of_its_own() -> None:
    app = opened(own(), section="files")
    data = dump_household(household_of(session.sample_plan("small_shop"))).encode()
    app.file_uploader(key="files.upload").set_value(("x.json", data, "application/json")).run()
    assert not app.exception
    assert kept().plan == session.sample_plan("small_shop")
    assert len(keeping.store().documents()) == 2


def test_an_earlier_state_can_be_brought_back() -> None:
    app = opened(own())
    app.button(key="delete.cmb").click().run()
    app.button(key="delete.huabei").click().run()
    app.button_group(key="household.section").set_value("files").run()
    app.selectbox(key="files.revision").select(1).run()
    app.button(key="files.restore").click().run()
    assert not app.exception
    assert len(kept().plan.debts) == 3
    app.button(key="saved.undo").click().run()
    assert len(kept().plan.debts) == 1


@pytest.mark.parametrize(
    ("choice", "left"), [("saved.mine", ["weilidai", "cmb"]), ("saved.theirs", ["weilidai", "huabei"])]
)
def test_of_two_tabs_the_later_save_is_offered_both(choice: str, left: list[str]) -> None:
    mine = opened(own())
    theirs = visit()
    theirs.switch_page(PAGE).run()
    theirs.button(key="delete.cmb").click().run()
    mine.button(key="delete.huabei").click().run()
    assert not mine.exception
    assert any(words_in("zh")("saved.conflict_title") in text for text in texts(mine))
    assert [debt.id for debt in kept().plan.debts] == ["weilidai", "huabei"]
    mine.button(key=choice).click().run()
    assert [debt.id for debt in kept().plan.debts] == left
    assert not any(words_in("zh")("saved.conflict_title") in text for text in texts(mine))


def test_what_could_not_be_saved_stays_on_screen_and_is_offered_again(
    monkeypatch: pytest.MonkeyPatch, empty_store: Path
) -> None:
    app, say = opened(own()), words_in("zh")
    aside = empty_store.with_name("aside")
    stores.forget()
    empty_store.rename(aside)
    empty_store.write_text("in the way")
    app.button(key="delete.cmb").click().run()
    assert not app.exception
    assert any(say("saved.not_saved") in text for text in texts(app))
    assert "open.cmb" not in {button.key for button in app.button}
    empty_store.unlink()
    aside.rename(empty_store)
    app.button(key="saved.again").click().run()
    assert not any(say("saved.not_saved") in text for text in texts(app))
    assert [debt.id for debt in kept().plan.debts] == ["weilidai", "huabei"]


def test_a_damaged_state_gives_way_to_the_one_before_and_that_is_told(empty_store: Path) -> None:
    app = opened(own())
    app.button(key="delete.cmb").click().run()
    with sqlite3.connect(empty_store / "ashore.db") as database:
        database.execute("UPDATE revisions SET content = x'00' WHERE number = 2")
    again = visit()
    assert not again.exception
    assert any(words_in("zh")("saved.damaged") in text for text in texts(again))
    again.button(key="saved.again").click().run()
    assert len(kept().plan.debts) == 3


def test_what_a_later_version_wrote_is_left_alone(empty_store: Path) -> None:
    opened(own())
    later = dump_household(own()).replace("ashore.household/1", "ashore.household/2").encode()
    with Store.open() as store:
        (info,) = store.documents()
        store.save(info.id, later, info.number)
    app = visit()
    assert not app.exception
    assert app.title[0].value == words_in("zh")("start.title")
    assert [text for text in texts(app) if text.startswith(":red[")]
    with Store.open() as store:
        assert store.latest(info.id).document == later
