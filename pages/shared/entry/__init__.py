"""How a link's secret comes into a session: from the fragment of the address, which is part of no request.

The component reads it, takes it out of the address bar and keeps it in the tab's own storage, so that other pages and
reloads ask for nothing; on the device only where the owner wants that.
"""

import json
import secrets
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.components.v2 import component

_KEY = "entry"
_BROUGHT = "entry.brought"
_ORDER = "entry.order"

_entry = component("ashore_entry", js=Path(__file__).with_name("entry.js").read_text("utf-8"))


class Arrived(NamedTuple):
    """What the browser brought along.

    Attributes:
        plan: The id that the link names; empty where there was no link.
        secret: What stood in the fragment, as it came; empty where it was cut off.
        remembered: Whether the device keeps the link.
        is_new: Whether the plan was made in this tab, and its owner has not yet said that the link is kept.
    """

    plan: str
    secret: str
    remembered: bool
    is_new: bool = False


def read() -> Arrived | None:
    """Ask the browser, and give what it brought; None until it has answered. Once a run."""
    data = {"told": st.session_state.get(_BROUGHT), "order": st.session_state.get(_ORDER)}
    _entry(key=_KEY, data=data, default={"arrived": None}, on_arrived_change=_note)
    _note()
    return _parsed(st.session_state.get(_BROUGHT))


def is_remembered() -> bool:
    """Say whether the device keeps the link, as the browser said last."""
    brought = _parsed(st.session_state.get(_BROUGHT))
    return brought is not None and brought.remembered


def keep(plan: str, secret: str, *, is_new: bool = False) -> None:
    """Let the tab keep a link, in place of the one that it had.

    Args:
        plan: The id that the link names.
        secret: Its secret.
        is_new: Whether its owner has not yet said that the link is kept; a reload must not forget to ask.
    """
    _order(keep={"plan": plan, "secret": secret, "isNew": is_new})


def remember(on: bool) -> None:
    """Let the device keep the link of the tab, or not any longer."""
    _order(remember=on)


def forget() -> None:
    """Let the tab forget its link, and the device, where it keeps the same."""
    _order(forget=True)


def _order(**what: object) -> None:
    st.session_state[_ORDER] = {"id": secrets.token_hex(8), **what}


def _note() -> None:
    """Keep what the browser said: Streamlit forgets it when the component is mounted on another page."""
    told = st.session_state[_KEY].get("arrived")
    if told is not None:
        st.session_state[_BROUGHT] = told


def _parsed(told: object) -> Arrived | None:
    """Read what the browser says; whatever is not of the right form counts as no link."""
    if not isinstance(told, str):
        return None
    try:
        found = json.loads(told)
        return Arrived(str(found["plan"]), str(found["secret"]), bool(found["remembered"]), bool(found.get("isNew")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return Arrived("", "", False)
