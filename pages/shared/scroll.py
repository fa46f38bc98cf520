"""Going to the top when something else takes the page's place: the browser would stay where the button was."""

import streamlit as st
from streamlit.components.v2 import component

_SCRIPT = """
export default function ({ data }) {
  if (window.ashoreTop === data.mark) return
  window.ashoreTop = data.mark
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
}
"""

_MARK = "scroll.mark"
_top = component("ashore_top", js=_SCRIPT)


def ask() -> None:
    """Let the page that comes next be shown from its top."""
    st.session_state[_MARK] = st.session_state.get(_MARK, 0) + 1


def obey() -> None:
    """Do so once for each time that it was asked; at the end of every page."""
    _top(key="scroll", data={"mark": st.session_state.get(_MARK, 0)})
