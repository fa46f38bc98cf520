"""The open household of a session: kept in the store, undone, redone, restored; no page saves in any other way.

Every confirmed change is a revision. What could not be saved stays open and is offered again; a save that comes late
(another tab was faster) keeps both, and the reader chooses. Nothing here shows anything: `pages.shared.saved` does.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.household import HouseholdDocument, checked, dump_household, household_of, parse_household
from core.plan import PlanError, read_plan
from core.sharing import NewerFormat, SealError, SharingError
from core.store import (
    Conflict,
    DamagedRevision,
    DocumentId,
    DocumentInfo,
    EditHistory,
    NoSuchDocument,
    Revision,
    RevisionInfo,
    StoreError,
    StoreUnavailable,
    default_place,
    set_broken_aside,
)
from pages.shared import hosted, shelf, stores
from pages.shared.stores import store as store

SAMPLES = Path(__file__).parents[2] / "sample_data"

_OPENED = "keeping.opened"
_NOTICE = "keeping.notice"
_FAILED = "keeping.failed"
_TURNS = "keeping.turns"
Failure = StoreError | SharingError
_FAILURES = (StoreError, SharingError)


class Notice(NamedTuple):
    """What was done last, for a moment on screen.

    Attributes:
        what: Key of the sentence.
        name: What the sentence names; a user's text.
        at: When.
        undoable: Whether it can be taken back from there.
    """

    what: str
    name: str
    at: datetime
    undoable: bool


@dataclass(frozen=True)
class Opened:
    """The household that is open.

    Attributes:
        edits: It, and the states before and after it in this session.
        id: Its name in the store; None while it could not be kept yet.
        number: The revision that it was saved as, or that it is based on.
        saved_at: When that was.
        is_example: Whether it began as one of the samples.
        failure: Why it could not be saved; None where it is.
        theirs: The later revision of another tab that a save met; None but in a conflict.
    """

    edits: EditHistory[HouseholdDocument]
    id: DocumentId | None
    number: int
    saved_at: datetime
    is_example: bool = False
    failure: Failure | None = None
    theirs: Revision | None = None

    @property
    def document(self) -> HouseholdDocument:
        """The household as it stands on screen."""
        return self.edits.present


def opened() -> Opened | None:
    """Give the open household; in a new session the one that was open last, if there is any."""
    if _OPENED not in st.session_state:
        st.session_state[_OPENED] = None
        _try(_open_last)
    return st.session_state[_OPENED]


def failure() -> Failure | None:
    """Say why no household could be opened; None where nothing went wrong."""
    return st.session_state.get(_FAILED)


def notice() -> Notice | None:
    """Give what was done last in this session."""
    return st.session_state.get(_NOTICE)


def turns() -> int:
    """Count how often in this session the open household changed other than by a confirmed change on a page."""
    return st.session_state.get(_TURNS, 0)


def _turn() -> None:
    st.session_state[_TURNS] = turns() + 1


def _open_last() -> None:
    owner = shelf.owner()
    if owner is not None:
        _open(DocumentId(owner.address.id))
        return
    kept = shelf.current()
    for info in kept.documents():
        if _open(info.id):
            return


def _try(action: Callable[[], object]) -> bool:
    """Do something with the store; what goes wrong is kept, to be told."""
    try:
        action()
    except _FAILURES as error:
        if isinstance(error, StoreUnavailable):
            stores.forget()
        st.session_state[_FAILED] = error
        return False
    st.session_state[_FAILED] = None
    return True


def _open(document_id: DocumentId) -> bool:
    """Open a document of the store; a damaged state gives way to the newest one that can be read, and that is told.

    Raises:
        StoreUnavailable: A later version of the program wrote it, and nothing of it may be lost by going back.
    """
    kept = shelf.current()
    infos = kept.history(document_id)
    for info in infos:
        found = readable(document_id, info.number)
        if found is None:
            continue
        st.session_state[_OPENED] = Opened(
            EditHistory(found),
            document_id,
            infos[0].number,
            info.at,
            is_example=first_of(document_id) in _sample_texts(),
            failure=None if info is infos[0] else DamagedRevision(infos[0].number),
        )
        _turn()
        return True
    return False


def readable(document_id: DocumentId, number: int) -> HouseholdDocument | None:
    """Read a revision; None where it is damaged or gone.

    Raises:
        StoreUnavailable: It cannot be read now, or a later version of the program wrote it.
    """
    try:
        return parse_household(shelf.current().revision(document_id, number).document)
    except PlanError as error:
        if any(problem.code == "schema.newer" for problem in error.problems):
            raise StoreUnavailable("newer", default_place()) from None
        return None
    except NewerFormat:
        raise StoreUnavailable("newer", default_place()) from None
    except (DamagedRevision, NoSuchDocument, SealError):
        return None


def first_of(document_id: DocumentId) -> bytes:
    """Give what a document began as; nothing where that is no longer kept."""
    try:
        return shelf.current().revision(document_id, 1).document
    except (DamagedRevision, NoSuchDocument, SealError):
        return b""


# -- opening


@cache
def sample(name: str) -> HouseholdDocument:
    """Read a sample household."""
    return household_of(read_plan(SAMPLES / f"{name}.json"))


@cache
def _sample_texts() -> frozenset[bytes]:
    return frozenset(_written(sample(path.stem)) for path in SAMPLES.glob("*.json"))


def _written(document: HouseholdDocument) -> bytes:
    return dump_household(document).encode()


def begin(document: HouseholdDocument, what: str) -> None:
    """Open a household that is not in the store yet, and keep it there; an untouched example before it is dropped.

    Raises:
        PlanError: It is not valid; nothing has changed.
    """
    valid = checked(document)
    before = opened()
    is_example = _written(valid) in _sample_texts()
    now = datetime.now(UTC)
    shelf.enter(None)  # hosted: what is opened from now on is not the plan of the link by which one came
    st.session_state[_OPENED] = Opened(EditHistory(valid), None, 0, now, is_example)
    _turn()
    if not (is_example and hosted.is_on()):  # a stranger who looks at an example leaves nothing behind
        _keep()
    _drop_untouched(before)
    st.session_state[_NOTICE] = Notice(what, "", now, undoable=False)


def open_owned(document_id: DocumentId) -> bool:
    """Open the plan whose owner this session has proven to be; False where it cannot be read now."""
    st.session_state[_OPENED] = None
    return _try(lambda: _open(document_id))


def open_document(document_id: DocumentId) -> None:
    """Open another household of the store."""
    before = opened()

    def switch() -> None:
        if _open(document_id):
            shelf.current().mark_opened(document_id)

    if _try(switch) and before is not None and before.id != document_id:
        _drop_untouched(before)


def _drop_untouched(before: Opened | None) -> None:
    if hosted.is_on():  # nothing untouched was kept
        return
    if before is not None and before.is_example and before.id is not None and before.number == 1:
        document_id = before.id
        _try(lambda: shelf.current().delete(document_id))


def delete(document_id: DocumentId) -> None:
    """Delete a household of the store for good; where it is the open one, the one opened before takes its place."""
    here = opened()
    if _try(lambda: shelf.current().delete(document_id)) and here is not None and here.id == document_id:
        del st.session_state[_OPENED]


def documents() -> list[DocumentInfo]:
    """List the households in the store, the one opened last first; none where it cannot be read."""
    found: list[DocumentInfo] = []
    _try(lambda: found.extend(shelf.current().documents()))
    return found


def newest(document_id: DocumentId) -> HouseholdDocument | None:
    """Read another household of the store; None where its newest revision cannot be read."""
    found: list[HouseholdDocument | None] = []
    _try(lambda: found.append(readable(document_id, shelf.current().latest(document_id).number)))
    return found[0] if found else None


def history(limit: int, before: int | None = None) -> list[RevisionInfo]:
    """List the revisions of the open household, newest first."""
    here = opened()
    found: list[RevisionInfo] = []
    if here is not None and here.id is not None:
        document_id = here.id
        _try(lambda: found.extend(shelf.current().history(document_id, limit, before)))
    return found


def revision(number: int) -> HouseholdDocument | None:
    """Read a revision of the open household; None where it cannot be read."""
    here = opened()
    found: list[HouseholdDocument | None] = []
    if here is not None and here.id is not None:
        document_id = here.id
        _try(lambda: found.append(readable(document_id, number)))
    return found[0] if found else None


def set_damaged_aside() -> None:
    """Rename a database that cannot be read, and begin with an empty one; nothing of the old one is lost."""
    stores.forget()
    _try(lambda: set_broken_aside(default_place(), datetime.now(UTC)))
    st.session_state.pop(_OPENED, None)


def look_again() -> None:
    """Try once more to read the store, or to save what could not be saved."""
    here = opened()
    if here is None:
        st.session_state.pop(_OPENED, None)
        opened()
    else:
        _keep()


# -- changing


def change(document: HouseholdDocument, what: str, name: str = "") -> None:
    """Make a change that the reader confirmed: check it, keep it as a revision, let it be undone.

    Args:
        document: The whole household as it is from now on.
        what: Key of the sentence that says what was done.
        name: What that sentence names.

    Raises:
        PlanError: The household would not be valid; nothing has changed.
    """
    here = _here()
    valid = checked(document)
    if valid == here.document:
        return
    st.session_state[_OPENED] = replace(here, edits=here.edits.push(valid))
    st.session_state[_NOTICE] = Notice(what, name, datetime.now(UTC), undoable=True)
    _keep()


def undo() -> None:
    """Take the last change back, as a revision of its own."""
    _step("saved.undone", _here().edits.undo())


def redo() -> None:
    """Make again what was taken back."""
    _step("saved.redone", _here().edits.redo())


def _step(what: str, edits: EditHistory[HouseholdDocument]) -> None:
    here = _here()
    if edits.present != here.document:
        st.session_state[_OPENED] = replace(here, edits=edits)
        _turn()
        st.session_state[_NOTICE] = Notice(what, "", datetime.now(UTC), undoable=False)
        _keep()


def restore(number: int) -> None:
    """Go back to an earlier revision; that, too, is a change that can be undone."""
    found = revision(number)
    if found is not None:
        change(found, "saved.restored")
        _turn()


def keep_mine() -> None:
    """In a conflict, save what is on screen after what the other tab saved; that stays among the revisions."""
    here = _here()
    if here.theirs is not None:
        st.session_state[_OPENED] = replace(here, number=here.theirs.number, theirs=None)
        _keep()


def take_theirs() -> None:
    """In a conflict, show what the other tab saved; what was on screen can be brought back by undoing."""
    here = _here()
    if here.theirs is not None:
        theirs = parse_household(here.theirs.document)
        _turn()
        st.session_state[_OPENED] = replace(
            here,
            edits=here.edits.push(theirs),
            number=here.theirs.number,
            saved_at=here.theirs.at,
            theirs=None,
            failure=None,
        )


def _here() -> Opened:
    here = opened()
    if here is None:
        raise LookupError("no household is open")
    return here


def _keep() -> None:
    """Save what is on screen. What goes wrong stays with it, and what is on screen stays too."""
    here = _here()
    try:
        written = _written(here.document)
        if here.id is None and here.is_example and here.edits.past:
            # It begins as the example that it is, also where it is kept from its first change on only.
            document_id = shelf.current().create(_written(here.edits.past[0]))
            here = replace(here, id=document_id, number=1)
        if here.id is None:
            document_id = shelf.current().create(written)
            after = replace(here, id=document_id, number=1, saved_at=datetime.now(UTC), failure=None, theirs=None)
        else:
            saved = shelf.current().save(here.id, written, here.number)
            after = replace(here, number=saved.number, saved_at=saved.at, failure=None, theirs=None)
    except Conflict as late:
        after = replace(here, theirs=late.theirs, failure=None)
    except _FAILURES as error:
        if isinstance(error, StoreUnavailable):
            stores.forget()
        after = replace(here, failure=error)
        if isinstance(error, NoSuchDocument):  # deleted in another tab: what is on screen begins anew
            after = replace(here, id=None, number=0, failure=error)
    st.session_state[_OPENED] = after
