"""Hosted: who comes by which link, and what is shown to whoever cannot be let in.

Nothing is shown until the browser has said whether it brings a secret. What cannot be opened is told in words, and the
whole link can be pasted anew; the page then begins as if it had come by it.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.sharing import Owner, SharingError, read_link, read_secret
from core.store import DocumentId, StoreError, StoreUnavailable
from pages.shared import entry, hosted, inputs, keeping, shelf, stores
from pages.shared.words import Words

Guest = Literal["waiting", "stranger", "owner", "family"]

_PLAN = "plan"
_BROUGHT = "guests.brought"
_TRIED = "guests.tried"
_REFUSED = "guests.refused"
_PASTED = "guests.pasted"


@dataclass(frozen=True)
class _Refused:
    """Why a link does not open."""

    zh: str
    en: str


def arrive() -> Guest:
    """Say who this session is by now, opening the link that the browser brought where it is a new one. Once a run."""
    brought = entry.read()
    if brought is None:
        return "waiting"
    if _PLAN in st.query_params:  # the browser has read it; a change of the address must not bring it back
        del st.query_params[_PLAN]
    # Once for each link that the browser brings: not again after its plan was deleted or left for another one.
    if brought.plan and (brought.plan, brought.secret) != st.session_state.get(_BROUGHT):
        st.session_state[_BROUGHT] = (brought.plan, brought.secret)
        if _is_here(brought):
            st.session_state[_REFUSED] = None
        else:
            _open(brought.plan, brought.secret, is_new=brought.is_new)
    if shelf.family() is not None:
        return "family"
    return "stranger" if shelf.owner() is None else "owner"


def show_refused(say: Words) -> None:
    """Say why the link that was brought does not open, and let it be pasted whole; nothing where none was refused."""
    refused: _Refused | None = st.session_state.get(_REFUSED)
    if refused is None:
        return
    with st.container(border=True, key="guests_refused"):
        st.markdown(f":red[{inputs.plain(refused.zh if say.language == 'zh' else refused.en)}]")
        st.text_input(say("guests.paste"), key=_PASTED, autocomplete="off", on_change=_open_pasted)
        st.button(say("guests.again"), key="guests.again", on_click=_again)


def _is_here(brought: entry.Arrived) -> bool:
    """Say whether a link is the one that this session was opened by, or that was made in it."""
    here = shelf.owner() or shelf.family()
    return here is not None and (brought.plan, brought.secret) == (here.address.id, here.address.secret.text)


def _open(plan: str, secret: str, *, is_new: bool = False) -> None:
    st.session_state[_TRIED] = (plan, secret)
    st.session_state[_REFUSED] = None
    try:
        access = shelf.book().open(plan, read_secret(secret), hosted.visitor())
    except (SharingError, StoreError) as error:
        if isinstance(error, StoreUnavailable):
            stores.forget()
        st.session_state[_REFUSED] = _Refused(error.zh, error.en)
        return
    shelf.enter(access, is_new=is_new)
    if isinstance(access, Owner):
        keeping.open_owned(DocumentId(access.address.id))
    entry.keep(access.address.id, access.address.secret.text, is_new=shelf.is_new())


def _open_pasted() -> None:
    try:
        address = read_link(st.session_state[_PASTED])
    except SharingError as error:
        st.session_state[_REFUSED] = _Refused(error.zh, error.en)
        return
    _open(address.id, address.secret.text)


def _again() -> None:
    tried: tuple[str, str] | None = st.session_state.get(_TRIED)
    if tried is not None:
        _open(*tried)
