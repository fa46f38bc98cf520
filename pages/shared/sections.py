"""The sections of a page, one shown at a time: only what is looked at is worked out, and only that is printed."""

from collections.abc import Callable, Sequence

import streamlit as st


def choose(key: str, sections: Sequence[str], label: str, named: Callable[[str], str]) -> str:
    """Show the choice of sections, and give the one that is on; at first that is the first one.

    Args:
        key: Of the choice; what is put there in the session's state is on in the next run.
        sections: Their names.
        label: What the choice is called, for those who hear it.
        named: Gives what a section is called.
    """
    st.session_state.setdefault(key, sections[0])
    chosen = st.segmented_control(
        label,
        sections,
        key=key,
        format_func=named,
        label_visibility="collapsed",
        required=True,
        width="stretch",
        persist_state="session",
    )
    return chosen or sections[0]
