"""The field that opens a file: a household of this format, or a plan alone; anything else is told at the field."""

import streamlit as st

from core.household import MAX_FILE_BYTES, parse_household
from core.plan import PlanError, Problem
from pages.shared import inputs, keeping
from pages.shared.words import Words

_PROBLEMS = "upload.problems"
_PROBLEMS_SHOWN = 8
_MEGABYTES = 100
"""A larger file is refused by the browser; up to here we say why, in the reader's language."""


def show(say: Words, key: str) -> None:
    """Show the field for a file; what is wrong with one is told right below it."""
    st.header(say("files.open_title"), anchor=False)
    # Streamlit writes the button in English only; the stylesheet puts this word in its place.
    st.html(f"<style>:root {{ --choose-file: '{say('files.choose')}' }}</style>")
    st.file_uploader(
        say("files.open"),
        key=f"{key}.upload",
        on_change=_take,
        args=(f"{key}.upload",),
        max_upload_size=_MEGABYTES,
        help=say("files.open_help"),
    )
    problems: tuple[Problem, ...] = st.session_state.get(_PROBLEMS, ())
    for each in problems[:_PROBLEMS_SHOWN]:
        place = "" if each.place == "file" else f"{each.place}: "
        inputs.complain(place + (each.zh if say.language == "zh" else each.en))
    if len(problems) > _PROBLEMS_SHOWN:
        st.caption(say("files.more_problems", number=len(problems) - _PROBLEMS_SHOWN))


def _take(key: str) -> None:
    """Open an uploaded file as a household of its own; a wrong one changes nothing."""
    st.session_state.pop(_PROBLEMS, None)
    upload = st.session_state.get(key)
    if upload is None:
        return
    try:
        keeping.begin(parse_household(upload.read(MAX_FILE_BYTES + 1)), "saved.file_opened")
    except PlanError as error:
        st.session_state[_PROBLEMS] = error.problems
