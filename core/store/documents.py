"""The store: documents as opaque bytes, every confirmed change a revision of its own."""

import hashlib
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, NewType

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, desc, insert, select, update

from core.store import databases, schema
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

_ID_BYTES = 16
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
    it back. When it raises, nothing has changed. After `StoreUnavailable` the store can be used again as soon as its
    disk can.
    """

    def __init__(self, place: Place, engine: Engine, clock: Callable[[], datetime]) -> None:
        """Use an engine whose tables are up to date; `open` is the way to a store."""
        self.place = place
        self._engine = engine
        self._writer = engine.execution_options(**{databases.WRITES: True})
        self._clock = clock

    @classmethod
    def open(cls, where: str | os.PathLike[str] | None = None, *, clock: Callable[[], datetime] = utc_now) -> "Store":
        """Open a store; make its folder, its file and its tables where there are none, and bring old ones up to date.

        Args:
            where: A file or a database URL; None for `default_place()`.
            clock: Gives the present time, UTC.

        Raises:
            StoreUnavailable: The place cannot be used. What lies there has not been changed.
        """
        place = place_of(default_place() if where is None else where)
        store: Store | None = None
        try:
            if place.url is None:
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

    def __enter__(self) -> "Store":
        """Be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    # -- documents

    def create(self, document: bytes) -> DocumentId:
        """Keep a new document; what is given is its revision 1, and it counts as opened last.

        Raises:
            DocumentTooLarge, StoreUnavailable: It has not been kept.
        """
        _refuse_large(document)
        document_id = DocumentId(secrets.token_urlsafe(_ID_BYTES))
        at = self._now()
        with self._guarded(), self._writer.begin() as connection:
            row = {"id": document_id, "created_at": at, "opened_at": at, "latest": 1}
            connection.execute(insert(documents).values(row))
            _add(connection, document_id, Revision(1, _time(at), document))
        return document_id

    def documents(self) -> list[DocumentInfo]:
        """List the documents, the one opened last first."""
        newest = (revisions.c.document_id == documents.c.id) & (revisions.c.number == documents.c.latest)
        query = (
            select(documents, revisions.c.saved_at, revisions.c.size)
            .join(revisions, newest)
            .order_by(desc(documents.c.opened_at), desc(documents.c.created_at), documents.c.id)
        )
        with self._guarded(), self._engine.connect() as connection:
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
        """Note that a document is opened now.

        Raises:
            NoSuchDocument, StoreUnavailable: Nothing has been noted.
        """
        change = update(documents).where(documents.c.id == document_id).values(opened_at=self._now())
        with self._guarded(), self._writer.begin() as connection:
            if connection.execute(change).rowcount == 0:
                raise NoSuchDocument

    def delete(self, document_id: DocumentId) -> None:
        """Delete a document with all its revisions, for good; one that is not there is no error.

        Raises:
            StoreUnavailable: It has not been deleted.
        """
        with self._guarded(), self._writer.begin() as connection:
            connection.execute(delete(revisions).where(revisions.c.document_id == document_id))
            connection.execute(delete(documents).where(documents.c.id == document_id))

    # -- revisions

    def latest(self, document_id: DocumentId) -> Revision:
        """Give the newest revision of a document.

        Raises:
            NoSuchDocument, DamagedRevision, StoreUnavailable: It cannot be given.
        """
        with self._guarded(), self._engine.connect() as connection:
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
        with self._guarded(), self._writer.begin() as connection:
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
        with self._guarded(), self._engine.connect() as connection:
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
        with self._guarded(), self._engine.connect() as connection:
            return _history(connection, document_id, before, limit)

    def restore(self, document_id: DocumentId, number: int, based_on: int) -> Revision:
        """Save what an earlier revision says as the next one; none in between is lost. Otherwise as `save`."""
        return self.save(document_id, self.revision(document_id, number).document, based_on)

    # -- within

    def _thin(self, document_id: DocumentId) -> None:
        # What was saved is saved; that nothing could be cleared away after it is no reason to say otherwise.
        with suppress(*FAILURES), self._writer.begin() as connection:
            numbers = superfluous(_history(connection, document_id))
            if numbers:
                gone = (revisions.c.document_id == document_id) & revisions.c.number.in_(numbers)
                connection.execute(delete(revisions).where(gone))

    def _now(self) -> int:
        return (self._clock() - _EPOCH) // _MILLISECOND

    @contextmanager
    def _guarded(self) -> Generator[None, None, None]:
        """Turn what a database or a disk says into words, and start afresh with new connections after it."""
        try:
            yield
        except FAILURES as failure:
            self._engine.dispose()
            raise StoreUnavailable.after(failure, self.place) from failure


def _time(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND


def _refuse_large(document: bytes) -> None:
    if len(document) > DOCUMENT_BYTES_MAX:
        raise DocumentTooLarge(len(document), DOCUMENT_BYTES_MAX)


def _add(connection: Connection, document_id: DocumentId, added: Revision) -> None:
    row = {
        "document_id": document_id,
        "number": added.number,
        "saved_at": (added.at - _EPOCH) // _MILLISECOND,
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
