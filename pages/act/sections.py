"""The parts of the page, one shown at a time: what is printed is then what is wanted on paper."""

import streamlit as st

from pages.shared import sections
from pages.shared.words import Words

SECTION = "act.section"
SECTIONS = ("phone", "letter", "rules", "calls", "files")


def choose(say: Words) -> str:
    """Show the choice of parts, and give the one that is on."""
    return sections.choose(SECTION, SECTIONS, say("act.section"), lambda one: say(f"act.sections.{one}"))


def go(section: str) -> None:
    """Turn to a part on the next run."""
    st.session_state[SECTION] = section
