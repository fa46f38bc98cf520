"""Where the household of a session lies: at home plainly in the store, hosted sealed by the secret of its link."""

import os
from datetime import UTC, date, datetime
from threading import Lock
from typing import Protocol

import streamlit as st

from core.sharing import Book, Family, Limits, Owner
from core.store import DocumentId, DocumentInfo, NoSuchDocument, Revision, RevisionInfo, Store, StoreError, retention
from pages.shared import entry, hosted, stores

_OWNER = "shelf.owner"
_FAMILY = "shelf.family"
_NEW = "shelf.new"
_lock = Lock()
_books: dict[Store, Book] = {}


class Shelf(Protocol):
    """What keeps households; the methods are those of `core.store.Store`."""

    def documents(self) -> list[DocumentInfo]:
        """List what this session may open."""
        ...

    def create(self, document: bytes) -> DocumentId:
        """Keep a new household."""
        ...

    def save(self, document_id: DocumentId, document: bytes, based_on: int) -> Revision:
        """Keep a change."""
        ...

    def latest(self, document_id: DocumentId) -> Revision:
        """Give the newest revision."""
        ...

    def revision(self, document_id: DocumentId, number: int) -> Revision:
        """Give a revision."""
        ...

    def history(self, document_id: DocumentId, limit: int = 50, before: int | None = None) -> list[RevisionInfo]:
        """List revisions, newest first."""
        ...

    def mark_opened(self, document_id: DocumentId) -> None:
        """Note that it is opened now."""
        ...

    def delete(self, document_id: DocumentId) -> None:
        """Delete it for good."""
        ...


def current() -> Shelf:
    """Give the shelf of this session.

    Raises:
        StoreUnavailable: The store cannot be opened.
    """
    return _Sealed() if hosted.is_on() else stores.store()


def book() -> Book:
    """Give the process's book of shared plans.

    Raises:
        StoreUnavailable: The store cannot be opened.
        ValueError: A limit in the environment is no number.
    """
    kept = stores.store()
    with _lock:
        if kept not in _books:
            _books.clear()  # a store that was opened anew takes the place of one that failed
            _books[kept] = Book(kept, Limits.from_environment(os.environ))
        return _books[kept]


def owner() -> Owner | None:
    """Give the owner that this session has proven to be; None at home and for everybody else."""
    return st.session_state.get(_OWNER)


def family() -> Family | None:
    """Give the family's link that this session was opened by; None for everybody else."""
    return st.session_state.get(_FAMILY)


def enter(access: Owner | Family | None, *, is_new: bool = False) -> None:
    """Note whom this session has proven to be; what it was before is left behind.

    Args:
        access: What was opened; None where nothing is.
        is_new: Whether its owner has not yet said that the link is kept.
    """
    st.session_state[_OWNER] = access if isinstance(access, Owner) else None
    st.session_state[_FAMILY] = access if isinstance(access, Family) else None
    st.session_state[_NEW] = is_new and isinstance(access, Owner)


def is_new() -> bool:
    """Say whether the plan was made in this tab and its owner has not yet said that the link is kept."""
    return st.session_state.get(_NEW, False)


def link_is_kept() -> None:
    """Note that the owner has put the link away."""
    st.session_state[_NEW] = False
    here = owner()
    if here is not None:
        entry.keep(here.address.id, here.address.secret.text)


def deletes_on(here: Owner) -> date:
    """Give the date on which a hosted plan is deleted if nobody opens it before."""
    try:
        return here.deletes_on()
    except StoreError:  # it was opened in this session
        return retention.deletes_on(datetime.now(UTC))


class _Sealed:
    """The plan of this session's owner, under its id; there is no other."""

    def documents(self) -> list[DocumentInfo]:
        return []

    def create(self, document: bytes) -> DocumentId:
        made = book().create(document, hosted.visitor())
        enter(made, is_new=True)
        entry.keep(made.address.id, made.address.secret.text, is_new=True)
        return DocumentId(made.address.id)

    def save(self, document_id: DocumentId, document: bytes, based_on: int) -> Revision:
        return _owner(document_id).save(document, based_on)

    def latest(self, document_id: DocumentId) -> Revision:
        return _owner(document_id).latest()

    def revision(self, document_id: DocumentId, number: int) -> Revision:
        return _owner(document_id).revision(number)

    def history(self, document_id: DocumentId, limit: int = 50, before: int | None = None) -> list[RevisionInfo]:
        return _owner(document_id).history(limit, before)

    def mark_opened(self, document_id: DocumentId) -> None:
        _owner(document_id)  # the book has noted it when it was opened

    def delete(self, document_id: DocumentId) -> None:
        _owner(document_id).delete()
        enter(None)
        entry.forget()


def _owner(document_id: DocumentId) -> Owner:
    here = owner()
    if here is None or here.address.id != document_id:
        raise NoSuchDocument
    return here
