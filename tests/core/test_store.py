"""The store as its callers see it.

Nothing here knows which database it is: each test runs on either (`place` is in `tests/conftest.py`).
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.household import dump_household, parse_household, read_household, with_plan
from core.store import (
    DOCUMENT_BYTES_MAX,
    UNOPENED_DAYS,
    Conflict,
    DamagedRevision,
    DocumentId,
    DocumentTooLarge,
    NoSuchDocument,
    Revision,
    RevisionInfo,
    Store,
    StoreError,
)
from core.store.tables import revisions

SAMPLE = Path(__file__).parents[2] / "sample_data" / "first_missed_weilidai.json"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A clock that goes on by a minute whenever it is read."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    with Store.open(place, clock=Clock()) as opened:
        yield opened


def test_new_document_is_its_first_revision(store: Store) -> None:
    """What is created can be read, under an id that nobody can guess."""
    document_id = store.create(b"one")
    revision = store.latest(document_id)
    assert (revision.number, revision.document) == (1, b"one")
    assert revision.at == NOON + timedelta(minutes=1)
    assert store.history(document_id) == [RevisionInfo(1, revision.at, 3)]
    assert len(document_id) >= 22
    assert store.create(b"one") != document_id


def test_every_save_is_a_revision(store: Store) -> None:
    """Numbers go up by one, earlier revisions stay as they were, the history is newest first."""
    document_id = store.create(b"one")
    second = store.save(document_id, b"two", based_on=1)
    third = store.save(document_id, b"three", based_on=second.number)
    assert (second.number, third.number) == (2, 3)
    assert store.latest(document_id) == third
    assert store.revision(document_id, 2) == second
    assert store.revision(document_id, 1).document == b"one"
    assert [(info.number, info.size) for info in store.history(document_id)] == [(3, 5), (2, 3), (1, 3)]


def test_history_comes_in_pieces(store: Store) -> None:
    """A page asks for the newest and then for what lies before."""
    document_id = store.create(b"1")
    for number in range(1, 6):
        store.save(document_id, str(number + 1).encode(), based_on=number)
    assert [info.number for info in store.history(document_id, limit=2)] == [6, 5]
    assert [info.number for info in store.history(document_id, limit=2, before=5)] == [4, 3]
    assert store.history(document_id, before=1) == []


def test_document_is_any_bytes(store: Store) -> None:
    """Empty, binary or as large as allowed: the store does not look inside."""
    for document in (b"", bytes(range(256)), b"\xff" * DOCUMENT_BYTES_MAX):
        assert store.latest(store.create(document)).document == document


def test_household_comes_back_as_it_was(store: Store) -> None:
    """The way of a household document: written, kept, read, changed, kept again."""
    document = read_household(SAMPLE)
    document_id = store.create(dump_household(document).encode())
    changed = with_plan(document, document.plan.model_copy(update={"horizon_months": 24}))
    store.save(document_id, dump_household(changed).encode(), based_on=1)
    assert parse_household(store.latest(document_id).document) == changed
    assert parse_household(store.revision(document_id, 1).document) == document


def test_larger_document_is_refused(store: Store) -> None:
    """Before anything is written."""
    document_id = store.create(b"one")
    large = bytes(DOCUMENT_BYTES_MAX + 1)
    with pytest.raises(DocumentTooLarge):
        store.create(large)
    with pytest.raises(DocumentTooLarge):
        store.save(document_id, large, based_on=1)
    assert [info.number for info in store.documents()] == [1]


def test_same_content_is_no_new_revision(store: Store) -> None:
    """A save whose answer was lost may be repeated; so may one that changes nothing."""
    document_id = store.create(b"one")
    second = store.save(document_id, b"two", based_on=1)
    assert store.save(document_id, b"two", based_on=1) == second
    assert store.save(document_id, b"two", based_on=2) == second
    assert len(store.history(document_id)) == 2


def test_late_save_is_offered_both(store: Store) -> None:
    """Of two tabs the later one saves nothing, is given the other's revision, and may still keep its own."""
    document_id = store.create(b"one")
    theirs = store.save(document_id, b"theirs", based_on=1)
    with pytest.raises(Conflict) as caught:
        store.save(document_id, b"mine", based_on=1)
    assert caught.value.theirs == theirs
    assert store.latest(document_id) == theirs
    mine = store.save(document_id, b"mine", based_on=caught.value.theirs.number)
    assert (mine.number, store.latest(document_id).document) == (3, b"mine")
    assert store.revision(document_id, theirs.number) == theirs


def test_save_based_on_the_future_is_a_conflict(store: Store) -> None:
    """After a backup was put back, a tab may know a revision that the store does not."""
    document_id = store.create(b"one")
    with pytest.raises(Conflict):
        store.save(document_id, b"two", based_on=7)


def test_earlier_revision_can_be_restored(store: Store) -> None:
    """As a new revision, so that this too can be taken back."""
    document_id = store.create(b"one")
    store.save(document_id, b"two", based_on=1)
    assert store.restore(document_id, 1, based_on=2).number == 3
    assert store.latest(document_id).document == b"one"
    assert store.revision(document_id, 2).document == b"two"
    with pytest.raises(Conflict):
        store.restore(document_id, 2, based_on=2)
    with pytest.raises(NoSuchDocument):
        store.restore(document_id, 9, based_on=3)


def test_default_document_is_the_one_opened_last(store: Store) -> None:
    """A reload shows what was on screen."""
    assert store.default_document() is None
    first = store.create(b"first")
    second = store.create(b"second")
    assert store.default_document() == second
    store.mark_opened(first)
    assert store.default_document() == first
    store.save(second, b"changed", based_on=1)
    assert store.default_document() == first
    infos = store.documents()
    assert [(info.id, info.number, info.size) for info in infos] == [(first, 1, 5), (second, 2, 7)]
    assert infos[1].created_at < infos[0].opened_at < infos[1].saved_at


def test_deleted_document_is_gone(store: Store) -> None:
    """With all its revisions, and no other with it."""
    kept, gone = store.create(b"kept"), store.create(b"gone")
    store.save(gone, b"gone too", based_on=1)
    store.delete(gone)
    store.delete(gone)
    assert [info.id for info in store.documents()] == [kept]
    assert store.history(gone) == []
    for attempt in (
        lambda: store.latest(gone),
        lambda: store.revision(gone, 1),
        lambda: store.save(gone, b"again", based_on=2),
        lambda: store.mark_opened(gone),
    ):
        with pytest.raises(NoSuchDocument):
            attempt()


def test_second_opening_finds_everything(place: str) -> None:
    """A restart of the server, and a second server beside it."""
    with Store.open(place) as first:
        document_id = first.create(b"one")
        with Store.open(place) as second:
            second.save(document_id, b"two", based_on=1)
            assert first.latest(document_id).document == b"two"
    with Store.open(place) as third:
        assert third.latest(document_id).document == b"two"


def test_stores_opened_at_once_agree(place: str) -> None:
    """All of them find the tables made, once."""
    together = threading.Barrier(6)

    def open_and_create(_: int) -> DocumentId:
        together.wait()
        with Store.open(place) as opened:
            return opened.create(b"one")

    with ThreadPoolExecutor(6) as pool:
        ids = set(pool.map(open_and_create, range(6)))
    with Store.open(place) as opened:
        assert {info.id for info in opened.documents()} == ids


def test_threads_that_save_at_once_lose_nothing(store: Store) -> None:
    """Each save lands once, or is told that it is late; nothing is written over."""
    document_id = store.create(b"start")

    def save_often(thread: int) -> None:
        for step in range(15):
            number = store.latest(document_id).number
            while True:
                try:
                    store.save(document_id, f"{thread}.{step}".encode(), based_on=number)
                    break
                except Conflict as conflict:
                    number = conflict.theirs.number

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save_often, range(4)))
    history = store.history(document_id, limit=100)
    saved = {store.revision(document_id, info.number).document for info in history}
    assert [info.number for info in history] == list(range(61, 0, -1))
    assert saved == {b"start", *(f"{thread}.{step}".encode() for thread in range(4) for step in range(15))}


def test_of_two_saves_at_once_one_wins(store: Store, place: str) -> None:
    """The other one is told, with what won; here two servers' stores, a hundred times."""
    together = threading.Barrier(2)
    document_id = store.create(b"start")

    def save(who: Store, name: bytes, number: int) -> Conflict | Revision:
        together.wait()
        try:
            return who.save(document_id, name, based_on=number)
        except Conflict as late:
            return late

    with Store.open(place) as other, ThreadPoolExecutor(2) as pool:
        for number in range(1, 101):
            names = (f"first {number}".encode(), f"second {number}".encode())
            asked = [pool.submit(save, who, name, number) for who, name in zip((store, other), names, strict=True)]
            answers = [answer.result() for answer in asked]
            (won,) = [answer for answer in answers if isinstance(answer, Revision)]
            (late,) = [answer for answer in answers if isinstance(answer, Conflict)]
            assert late.theirs == won == store.latest(document_id)
            assert won.number == number + 1


def test_document_deleted_while_it_is_saved(store: Store, place: str) -> None:
    """The save is kept and then deleted, or finds that the document is gone; nothing is left of it."""
    together = threading.Barrier(2)

    def save(document_id: DocumentId) -> None:
        together.wait()
        for number in range(1, 4):
            try:
                store.save(document_id, str(number).encode(), based_on=number)
            except NoSuchDocument:
                return

    with Store.open(place) as other, ThreadPoolExecutor(1) as pool:
        for _ in range(40):
            document_id = store.create(b"start")
            saving = pool.submit(save, document_id)
            together.wait()
            other.delete(document_id)
            saving.result()
    with store.reading() as connection:
        assert connection.execute(select(revisions)).first() is None
    assert store.documents() == []


def test_database_that_answers(store: Store) -> None:
    """Again and again, and for many who ask at once."""
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: store.answers(), range(40)))


Operation = tuple[str, int, int]
operations = st.lists(
    st.tuples(
        st.sampled_from(["create", "save", "late", "same", "restore", "open", "delete"]), st.integers(0, 3)
    ).flatmap(lambda drawn: st.integers(0, 9).map(lambda value: (*drawn, value))),
    max_size=25,
)


def test_store_is_as_simple_as_lists(store: Store) -> None:
    """Whatever is done in whatever order: the store holds what a list of lists would hold."""

    @settings(max_examples=60, deadline=None, database=None)
    @given(operations)
    def walk(steps: list[Operation]) -> None:
        for info in store.documents():
            store.delete(info.id)
        model: dict[DocumentId, list[bytes]] = {}
        opened: list[DocumentId] = []  # the last one first
        for what, which, value in steps:
            ids = list(model)
            document = bytes([value])
            if what == "create" or not ids:
                document_id = store.create(document)
                model[document_id] = [document]
                opened.insert(0, document_id)
                continue
            document_id = ids[which % len(ids)]
            kept = model[document_id]
            if what == "save":
                number = store.save(document_id, document, based_on=len(kept)).number
                if document != kept[-1]:
                    kept.append(document)
                assert number == len(kept)
            elif what == "late" and len(kept) > 1 and document != kept[-1]:
                with pytest.raises(Conflict) as caught:
                    store.save(document_id, document, based_on=1 + value % (len(kept) - 1))
                assert (caught.value.theirs.number, caught.value.theirs.document) == (len(kept), kept[-1])
            elif what == "same":
                assert store.save(document_id, kept[-1], based_on=value).number == len(kept)
            elif what == "restore":
                number = 1 + value % len(kept)
                store.restore(document_id, number, based_on=len(kept))
                if kept[number - 1] != kept[-1]:
                    kept.append(kept[number - 1])
            elif what == "open":
                store.mark_opened(document_id)
                opened.remove(document_id)
                opened.insert(0, document_id)
            elif what == "delete":
                store.delete(document_id)
                del model[document_id]
                opened.remove(document_id)
        assert [info.id for info in store.documents()] == opened
        for document_id, kept in model.items():
            infos = store.history(document_id, limit=100)
            assert [info.number for info in infos] == list(range(len(kept), 0, -1))
            assert [store.revision(document_id, info.number).document for info in infos] == kept[::-1]

    walk()


def test_damaged_revision_is_named_and_can_be_left_behind(store: Store) -> None:
    """What is read is what was saved, or an error; earlier revisions can still be restored over it."""
    document_id = store.create(b"whole")
    store.save(document_id, b"to be damaged", based_on=1)
    with store._writer.begin() as connection:
        connection.execute(update(revisions).where(revisions.c.number == 2).values(content=b"half"))
    with pytest.raises(DamagedRevision) as caught:
        store.latest(document_id)
    assert caught.value.number == 2
    store.restore(document_id, 1, based_on=caught.value.number)
    assert store.latest(document_id).document == b"whole"


def test_errors_speak_both_languages(store: Store) -> None:
    """Each has a reason for programs and a sentence for either reader."""
    document_id = store.create(b"one")
    errors: list[StoreError] = []
    for attempt in (
        lambda: store.save(document_id, b"two", based_on=5),
        lambda: store.revision(document_id, 5),
        lambda: store.create(bytes(DOCUMENT_BYTES_MAX + 1)),
    ):
        with pytest.raises(StoreError) as caught:
            attempt()
        errors.append(caught.value)
    assert [error.reason for error in errors] == ["conflict", "gone", "too_large"]
    for error in errors:
        assert any("\u4e00" <= character <= "\u9fff" for character in error.zh)
        assert error.en.isascii()
        assert str(error) == f"{error.zh} · {error.en}"


class TestRetention:
    """A hosted document that nobody opens for 400 days is deleted; every opening begins them anew."""

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def store(self, place: str, clock: Clock) -> Iterator[Store]:
        with Store.open(place, clock=clock) as opened:
            yield opened

    def test_day_is_told_and_moves_with_every_opening(self, store: Store, clock: Clock) -> None:
        """Saving is no opening; opening is."""
        document_id = store.create(b"one")
        assert store.deletes_on(document_id) == date(2027, 12, 29) == (NOON + timedelta(days=UNOPENED_DAYS)).date()
        clock.now += timedelta(days=10)
        store.save(document_id, b"two", based_on=1)
        assert store.deletes_on(document_id) == date(2027, 12, 29)
        store.mark_opened(document_id)
        assert store.deletes_on(document_id) == date(2028, 1, 8)
        with pytest.raises(NoSuchDocument):
            store.deletes_on(DocumentId("nobody"))

    def test_goes_on_its_day_and_not_before(self, store: Store, clock: Clock) -> None:
        """With its revisions; others stay."""
        gone = store.create(b"gone")
        store.save(gone, b"gone too", based_on=1)
        clock.now += timedelta(days=1)
        kept = store.create(b"kept")
        opened_at = NOON + timedelta(minutes=1)
        assert [info.opened_at for info in store.documents() if info.id == gone] == [opened_at]
        hour = opened_at + timedelta(days=UNOPENED_DAYS)
        assert store.deletes_on(gone) == hour.date()
        assert store.expired(hour - timedelta(milliseconds=1)) == []
        assert store.delete_unopened(hour - timedelta(milliseconds=1)) == 0
        assert store.expired(hour) == [gone]
        assert store.delete_unopened(hour) == 1
        assert store.delete_unopened(hour) == 0
        assert [info.id for info in store.documents()] == [kept]
        assert store.history(gone) == []

    def test_clock_set_back_takes_no_day(self, store: Store, clock: Clock) -> None:
        """Neither from a document that is opened meanwhile nor from one that is made meanwhile."""
        old = store.create(b"old")
        before = store.deletes_on(old)
        clock.now -= timedelta(days=3 * UNOPENED_DAYS)
        store.mark_opened(old)
        new = store.create(b"new")
        assert store.deletes_on(old) >= before
        assert store.deletes_on(new) >= before
        assert store.default_document() == new
        store.mark_opened(old)
        assert store.default_document() == old
        assert store.expired(clock.now) == []
        clock.now = NOON + timedelta(days=1)  # right again
        assert store.delete_unopened(clock.now) == 0
        store.mark_opened(new)
        assert store.deletes_on(new) == before + timedelta(days=1)

    def test_opening_wins_over_deleting(self, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is opened after it was found to be expired stays."""
        document_id = store.create(b"one")
        clock.now += timedelta(days=UNOPENED_DAYS + 1)
        expired = store.expired

        def open_meanwhile(now: datetime) -> list[DocumentId]:
            found = expired(now)
            store.mark_opened(document_id)
            return found

        monkeypatch.setattr(store, "expired", open_meanwhile)
        assert store.delete_unopened(clock.now) == 0
        assert store.latest(document_id).document == b"one"


def test_store_thins_as_it_saves(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """And only what is superfluous."""
    monkeypatch.setattr("core.store.thinning.NEWEST_KEPT", 10)
    document_id = store.create(b"1")
    other = store.create(b"other")
    for number in range(1, 40):
        store.save(document_id, str(number + 1).encode(), based_on=number)
    assert [info.number for info in store.history(document_id)] == list(range(40, 30, -1))
    assert store.latest(other).number == 1
