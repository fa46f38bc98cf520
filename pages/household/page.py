"""The page of the household itself: its debts, its money, what happened today, its files and earlier states."""

import streamlit as st

from pages.household import debt_editor, debts, files, money, payments, sharing, start
from pages.shared import hosted, inputs, saved, sections, session

SECTION = "household.section"
SECTIONS = ("debts", "money", "today", "files")


def show() -> None:
    """Show the page."""
    say = session.words()
    if start.is_asking():
        st.title(say("start.title"), anchor=False)
        start.ask(say, back="start.back_to_household")
        return
    st.title(say("household_page.title"), anchor=False)
    document = session.household()
    if debt_editor.EDITED in st.session_state:
        debt_editor.show(document, say)
        inputs.offer_keypads()
        return
    saved.show_steps(say)
    shown = (*SECTIONS, "sharing") if hosted.is_on() else SECTIONS
    section = sections.choose(SECTION, shown, say("household_page.section"), lambda one: say(f"household_page.{one}"))
    if section == "debts":
        debts.show(document, say)
    elif section == "money":
        money.show(document, say)
    elif section == "today":
        payments.show(document, say)
    elif section == "sharing":
        sharing.show(document, say)
    else:
        files.show(document, say)
    inputs.offer_keypads()


show()
