"""The page."""

import streamlit as st

from pages.shared import session


def show() -> None:
    """Show the page."""
    say = session.words()
    st.title(say("family.title"), anchor=False)


show()
