"""Amounts that are hidden from whoever looks over the reader's shoulder.

Every amount that a page writes goes through `theme.money` or `theme.money_short`, which ask here; so pages need not
know. The choice stands in the address too: a page that is loaded anew must not show for a moment what was hidden.
"""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared.words import Words

MASK = "••••"
"""What stands in place of digits. It has no length of its own to guess an amount by."""

_FIELDS_HIDDEN = Path(__file__).with_name("hidden.css")
_HIDDEN = "privacy.hidden"
_PARAMETER = "hide"


def hidden() -> bool:
    """Say whether amounts are hidden in this session; never outside a page."""
    return get_script_run_ctx(suppress_warning=True) is not None and bool(st.session_state.get(_HIDDEN, False))


def on_arrival() -> None:
    """Read the choice from the address by which the session came, before anything sends it elsewhere."""
    if _HIDDEN not in st.session_state:
        st.session_state[_HIDDEN] = st.query_params.get(_PARAMETER) == "1"


def choose(say: Words) -> None:
    """Show the switch, and note in the address where it stands."""
    on = st.toggle(say("privacy.hide"), key=_HIDDEN)
    if on:
        st.html(_FIELDS_HIDDEN)
    if on and _PARAMETER not in st.query_params:
        st.query_params[_PARAMETER] = "1"
    elif not on and _PARAMETER in st.query_params:
        del st.query_params[_PARAMETER]


def slider_format(shown: str) -> str:
    """Give the number format of a slider of amounts: what it is to be, or the mask, which names no number."""
    return MASK if hidden() else shown
