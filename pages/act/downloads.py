"""The calendar and the workbook; neither is worked out before it is asked for."""

import streamlit as st

from core.calendar_file import calendar_of
from core.household import HouseholdDocument
from core.workbook import workbook_of
from pages.shared import privacy, shelf
from pages.shared.words import Words

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(document: HouseholdDocument, say: Words) -> None:
    """Show the downloads; the engine must be ready and have an answer."""
    st.header(say("act.file.title"), anchor=False)
    if privacy.hidden():
        st.caption(say("act.file.hidden"))
    name = f"ashore-{document.plan.start.isoformat()}"
    language, owner = say.language, shelf.owner()
    delete_on = None if owner is None else shelf.deletes_on(owner)
    st.download_button(
        say("act.file.calendar"),
        lambda: calendar_of(document, language, delete_on=delete_on),
        file_name=f"{name}.ics",
        mime="text/calendar",
        key="act.calendar",
        on_click="ignore",
    )
    st.caption(say("act.file.calendar_what"))
    st.download_button(
        say("act.file.workbook"),
        lambda: workbook_of(document, language),
        file_name=f"{name}.xlsx",
        mime=_WORKBOOK,
        key="act.workbook",
        on_click="ignore",
    )
    st.caption(say("act.file.workbook_what"))
