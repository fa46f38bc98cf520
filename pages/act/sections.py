"""The parts of the page, one shown at a time: what is printed is then what is wanted on paper."""

import streamlit as st

from pages.shared.words import Words

SECTION = "act.section"
SECTIONS = ("phone", "letter", "rules", "calls", "files")


def choose(say: Words) -> str:
    """Show the choice of parts, and give the one that is on."""
    # No default: `go` sets the state as well.
    st.session_state.setdefault(SECTION, SECTIONS[0])
    chosen = st.segmented_control(
        say("act.section"),
        SECTIONS,
        key=SECTION,
        format_func=lambda one: say(f"act.sections.{one}"),
        label_visibility="collapsed",
        required=True,
        width="stretch",
        persist_state="session",
    )
    return chosen or SECTIONS[0]


def go(section: str) -> None:
    """Turn to a part on the next run."""
    st.session_state[SECTION] = section
