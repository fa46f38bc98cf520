"""The store: documents as opaque bytes, every confirmed change a revision of its own."""

import hashlib
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from threading import Lock, Thread
from typing import Any, NamedTuple, NewType

from sqlalchemy import ColumnElement, Connection, Engine, Row, case, delete, desc, func, insert, select, update

from core.store import databases, retention, schema
from core.store.errors import (
    FAILURES,
    Conflict,
    DamagedRevision,
    DocumentTooLarge,
    NoSuchDocument,
    StoreUnavailable,
)
from core.store.places import Place, default_place, place_of, prepare_file
from core.store.tables import documents, revisions
from core.store.thinning import RevisionInfo, superfluous

DocumentId = NewType("DocumentId", str)
"""Names a document; nobody can guess one."""

DOCUMENT_BYTES_MAX = 6_000_000
"""A larger document is refused. A household document is smaller, sealed or not."""

ANSWER_SECONDS = 2.0
"""A database that takes longer over nothing is taken for one that does not answer."""

_ID_BYTES = 16
_SOUND = ("locked", "crowded")  # the connections are still good
_THIN_EVERY = 20  # revisions between two looks at what need not be kept
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Revision(NamedTuple):
    """A state of a document that was saved.

    Attributes:
        number: Its place among the revisions of its document, from 1.
        at: When it was saved, UTC.
        document: What was saved.
    """

    number: int
    at: datetime
    document: bytes


class DocumentInfo(NamedTuple):
    """A document without its content.

    Attributes:
        id: Its name in the store.
        created_at, opened_at, saved_at: When it was made, opened last, saved last; UTC.
        number: The number of its newest revision.
        size: The length of that revision in bytes.
    """

    id: DocumentId
    created_at: datetime
    opened_at: datetime
    saved_at: datetime
    number: int
    size: int


def utc_now() -> datetime:
    """Give the present time, UTC."""
    return datetime.now(UTC)


class Store:
    """Documents in one database, for any number of threads and processes at once.

    When a method that saves has returned, its revision is on the disk: no crash of this program or of the machine takes
    it back. When it raises, nothing has changed; only where the way to a server broke as it confirmed, the revision may
    be there all the same, and saving the same again finds it. After `StoreUnavailable` the store can be used again as
    soon as its database can.
    """

    def __init__(self, place: Place, engine: Engine, clock: Callable[[], datetime]) -> None:
        """Use an engine whose tables are up to date; `open` is the way to a store."""
        self.place = place
        self._engine = engine
        self._writer = engine.execution_options(**{databases.WRITES: True})
        self._clock = clock
        self._asking = Lock()

    @classmethod
    def open(
        cls, where: str | os.PathLike[str] | Place | None = None, *, clock: Callable[[], datetime] = utc_now
    ) -> "Store":
        """Open a store; make its folder, its file and its tables where there are none, and bring old ones up to date.

        Args:
            where: A file or a database URL; None for `default_place()`.
            clock: Gives the present time, UTC.

        Raises:
            StoreUnavailable: The place cannot be used. What lies there has not been changed.
        """
        place = default_place() if where is None else place_of(where)
        if not place.is_known:
            raise StoreUnavailable("address", place)
        store: Store | None = None
        try:
            if place.is_file:
                prepare_file(place.path)
            databases.check(place)
            store = cls(place, databases.connect(place), clock)
            ready = schema.is_up_to_date(store._engine, place)
            databases.use_log(store._engine)
            if not ready:
                schema.bring_up_to_date(store._writer, place)
        except BaseException as failure:
            if store is not None:
                store.close()
            if isinstance(failure, FAILURES):
                raise StoreUnavailable.after(failure, place) from failure
            raise
        return store

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def answers(self) -> bool:
        """Say, within `ANSWER_SECONDS` or about twice that, whether the database answers now; for a page of health."""
        if not self._asking.acquire(timeout=ANSWER_SECONDS):  # somebody who asked before is still waiting
            return False
        answered: list[bool] = []

        def ask() -> None:
            try:
                with suppress(*FAILURES), self._engine.connect() as connection:
                    connection.execute(select(1))
                    answered.append(True)
            finally:
                self._asking.release()

        thread = Thread(target=ask, daemon=True)
        thread.start()
        thread.join(ANSWER_SECONDS)
        return bool(answered)

    def __enter__(self) -> "Store":
        """Be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    # -- documents

    def create(self, document: bytes, also: Callable[[Connection, DocumentId], None] | None = None) -> DocumentId:
        """Keep a new document; what is given is its revision 1, and it counts as opened last.

        Args:
            document: What is kept.
            also: Writes, in the same transaction, what must not be there without it, nor it without that.

        Raises:
            DocumentTooLarge, StoreUnavailable: It has not been kept.
        """
        _refuse_large(document)
        document_id = DocumentId(secrets.token_urlsafe(_ID_BYTES))
        at = self._now()
        with self.writing() as connection:
            opened_at = _opening_time(connection, at)
            row = {"id": document_id, "created_at": at, "opened_at": opened_at, "latest": 1}
            connection.execute(insert(documents).values(row))
            _add(connection, document_id, Revision(1, _time(at), document))
            if also is not None:
                also(connection, document_id)
        return document_id

    def documents(self) -> list[DocumentInfo]:
        """List the documents, the one opened last first."""
        newest = (revisions.c.document_id == documents.c.id) & (revisions.c.number == documents.c.latest)
        query = (
            select(documents, revisions.c.saved_at, revisions.c.size)
            .join(revisions, newest)
            .order_by(desc(documents.c.opened_at), desc(documents.c.created_at), documents.c.id)
        )
        with self.reading() as connection:
            return [
                DocumentInfo(
                    id=DocumentId(row.id),
                    created_at=_time(row.created_at),
                    opened_at=_time(row.opened_at),
                    saved_at=_time(row.saved_at),
                    number=row.latest,
                    size=row.size,
                )
                for row in connection.execute(query)
            ]

    def default_document(self) -> DocumentId | None:
        """Give the document opened last, which is the one to show where nobody names one; None in an empty store."""
        return next((info.id for info in self.documents()), None)

    def mark_opened(self, document_id: DocumentId) -> None:
        """Note that a document is opened now, which makes it the one opened last whatever the clock says.

        Raises:
            NoSuchDocument, StoreUnavailable: Nothing has been noted.
        """
        with self.writing() as connection:
            at = _opening_time(connection, self._now())
            later = case((documents.c.opened_at > at, documents.c.opened_at), else_=at)
            change = update(documents).where(documents.c.id == document_id).values(opened_at=later)
            if connection.execute(change).rowcount == 0:
                raise NoSuchDocument

    def delete(self, document_id: DocumentId) -> None:
        """Delete a document with all that belongs to it, for good; one that is not there is no error.

        Raises:
            StoreUnavailable: It has not been deleted.
        """
        with self.writing() as connection:
            _delete(connection, documents.c.id == document_id)

    # -- documents that nobody opens any more

    def deletes_on(self, document_id: DocumentId) -> date:
        """Give the date on which a hosted document goes if nobody opens it before.

        Raises:
            NoSuchDocument, StoreUnavailable: It cannot be given.
        """
        query = select(documents.c.opened_at).where(documents.c.id == document_id)
        with self.reading() as connection:
            opened_at = connection.execute(query).scalar()
        if opened_at is None:
            raise NoSuchDocument
        return retention.deletes_on(_time(opened_at))

    def expired(self, now: datetime) -> list[DocumentId]:
        """List the documents that nobody has opened for `core.store.retention.UNOPENED_DAYS`.

        Raises:
            StoreUnavailable: They cannot be listed.
        """
        query = select(documents.c.id).where(_is_expired(now)).order_by(documents.c.opened_at, documents.c.id)
        with self.reading() as connection:
            return [DocumentId(found) for found in connection.execute(query).scalars()]

    def delete_unopened(self, now: datetime) -> int:
        """Delete the expired documents with all that belongs to them; one that is opened meanwhile stays.

        Returns:
            How many have been deleted.

        Raises:
            StoreUnavailable: Some may be left; the next call deletes them.
        """
        count = 0
        for document_id in self.expired(now):
            with self.writing() as connection:
                count += _delete(connection, (documents.c.id == document_id) & _is_expired(now))
        return count

    # -- revisions

    def latest(self, document_id: DocumentId) -> Revision:
        """Give the newest revision of a document.

        Raises:
            NoSuchDocument, DamagedRevision, StoreUnavailable: It cannot be given.
        """
        with self.reading() as connection:
            return _latest(connection, document_id)

    def save(self, document_id: DocumentId, document: bytes, based_on: int) -> Revision:
        """Keep a change of a document as its next revision.

        Args:
            document_id: The document.
            document: What it says now.
            based_on: The number of the revision that was changed.

        Returns:
            The new revision; the newest one there is where that says the same already, whoever saved it, so that a save
            whose answer was lost may be repeated.

        Raises:
            Conflict: There is a later revision that says something else; it comes with the error.
            NoSuchDocument, DocumentTooLarge, StoreUnavailable: Nothing has been saved either.
        """
        _refuse_large(document)
        with self.writing() as connection:
            newest = _newest_row(connection, document_id, revisions.c.saved_at, revisions.c.digest, alone=True)
            if newest.digest == _digest(document):
                return Revision(newest.number, _time(newest.saved_at), document)
            if newest.number != based_on:
                raise Conflict(_latest(connection, document_id))
            saved = Revision(newest.number + 1, _time(self._now()), document)
            connection.execute(update(documents).where(documents.c.id == document_id).values(latest=saved.number))
            _add(connection, document_id, saved)
        if saved.number % _THIN_EVERY == 0:
            self._thin(document_id)
        return saved

    def revision(self, document_id: DocumentId, number: int) -> Revision:
        """Give a revision of a document.

        Raises:
            NoSuchDocument: There is none of this number, or no longer (see `core.store.thinning`).
            DamagedRevision, StoreUnavailable: It cannot be read.
        """
        query = select(revisions).where(revisions.c.document_id == document_id, revisions.c.number == number)
        with self.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NoSuchDocument
        return _revision(row)

    def history(self, document_id: DocumentId, limit: int = 50, before: int | None = None) -> list[RevisionInfo]:
        """List revisions of a document, newest first.

        Args:
            document_id: The document; one that is not there has none.
            limit: How many at most.
            before: Only those of a lower number.

        Raises:
            StoreUnavailable: They cannot be read.
        """
        with self.reading() as connection:
            return _history(connection, document_id, before, limit)

    def restore(self, document_id: DocumentId, number: int, based_on: int) -> Revision:
        """Save what an earlier revision says as the next one; none in between is lost. Otherwise as `save`."""
        return self.save(document_id, self.revision(document_id, number).document, based_on)

    # -- for what is kept beside documents (`core.sharing`), and for backups

    @contextmanager
    def reading(self) -> Generator[Connection, None, None]:
        """Give a connection that reads the tables of this package's metadata.

        Raises:
            StoreUnavailable: The database failed on the way.
        """
        with self._guarded(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def reading_at_one_moment(self) -> Generator[Connection, None, None]:
        """Give a connection to which the database stays as it is at the first look, while others go on writing.

        Raises:
            StoreUnavailable: The database failed on the way.
        """
        with self._guarded(), databases.snapshot(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Connection, None, None]:
        """Give a connection whose changes are all on the disk after the `with`, or none of them where it raises.

        In a file nobody else writes meanwhile. At a server others do: read with `with_for_update` what must still be
        true when you write.

        Raises:
            StoreUnavailable: The database failed on the way.
        """
        with self._guarded(), self._writer.begin() as connection:
            yield connection

    # -- within

    def _thin(self, document_id: DocumentId) -> None:
        # What was saved is saved; that nothing could be cleared away after it is no reason to say otherwise.
        with suppress(*FAILURES), self._writer.begin() as connection:
            numbers = superfluous(_history(connection, document_id))
            if numbers:
                gone = (revisions.c.document_id == document_id) & revisions.c.number.in_(numbers)
                connection.execute(delete(revisions).where(gone))

    def _now(self) -> int:
        return _milliseconds(self._clock())

    @contextmanager
    def _guarded(self) -> Generator[None, None, None]:
        """Turn what a database or a disk says into words, and start afresh with new connections after it."""
        try:
            yield
        except FAILURES as failure:
            unavailable = StoreUnavailable.after(failure, self.place)
            if unavailable.reason not in _SOUND:
                self._engine.dispose()
            raise unavailable from failure


def _delete(connection: Connection, chosen: ColumnElement[bool]) -> int:
    """Delete documents with all that belongs to them, and count them."""
    # At a server this waits for a save under way, whose revision then goes as well, and keeps the next one waiting.
    found = connection.execute(select(documents.c.id).where(chosen).with_for_update()).scalars().all()
    connection.execute(delete(revisions).where(revisions.c.document_id.in_(found)))
    connection.execute(delete(documents).where(documents.c.id.in_(found)))  # and with them what is shared of them
    return len(found)


def _opening_time(connection: Connection, now: int) -> int:
    """Give the time of an opening: now, yet later than any other one, so that a clock set back takes no day."""
    newest = connection.execute(select(func.max(documents.c.opened_at))).scalar()
    return now if newest is None else max(now, newest + 1)


def _is_expired(now: datetime) -> ColumnElement[bool]:
    return documents.c.opened_at <= _milliseconds(retention.opened_before(now))


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _time(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND


def _refuse_large(document: bytes) -> None:
    if len(document) > DOCUMENT_BYTES_MAX:
        raise DocumentTooLarge(len(document), DOCUMENT_BYTES_MAX)


def _add(connection: Connection, document_id: DocumentId, added: Revision) -> None:
    row = {
        "document_id": document_id,
        "number": added.number,
        "saved_at": _milliseconds(added.at),
        "size": len(added.document),
        "digest": _digest(added.document),
        "content": added.document,
    }
    connection.execute(insert(revisions).values(row))


def _digest(document: bytes) -> bytes:
    return hashlib.sha256(document).digest()


def _latest(connection: Connection, document_id: DocumentId) -> Revision:
    return _revision(_newest_row(connection, document_id, *revisions.c))


def _newest_row(
    connection: Connection, document_id: DocumentId, *columns: ColumnElement[Any], alone: bool = False
) -> Row[Any]:
    """Read columns of the newest revision; `alone`: nobody else may add one until the transaction ends."""
    query = select(documents.c.latest).where(documents.c.id == document_id)
    number = connection.execute(query.with_for_update() if alone else query).scalar()
    found = select(revisions.c.number, *columns).where(
        revisions.c.document_id == document_id, revisions.c.number == number
    )
    row = connection.execute(found).first()
    if row is None:
        raise NoSuchDocument
    return row


def _revision(row: Row[Any]) -> Revision:
    document = bytes(row.content)
    if _digest(document) != row.digest:
        raise DamagedRevision(row.number)
    return Revision(row.number, _time(row.saved_at), document)


def _history(
    connection: Connection, document_id: DocumentId, before: int | None = None, limit: int | None = None
) -> list[RevisionInfo]:
    query = (
        select(revisions.c.number, revisions.c.saved_at, revisions.c.size)
        .where(revisions.c.document_id == document_id)
        .order_by(desc(revisions.c.number))
        .limit(limit)
    )
    if before is not None:
        query = query.where(revisions.c.number < before)
    return [RevisionInfo(row.number, _time(row.saved_at), row.size) for row in connection.execute(query)]
