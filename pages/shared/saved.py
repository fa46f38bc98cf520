"""What every page says about saving: an example, a save that failed or came late, and what was done last, with undo."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.household import HouseholdDocument, parse_household
from core.levers import recorded_debt
from core.store import DamagedRevision
from pages.shared import keeping, scroll, theme
from pages.shared.inputs import plain
from pages.shared.words import Words

NOTICE_SECONDS = 10
_NAME_SHOWN = 30


def show_state(say: Words) -> bool:
    """Show, above a page, what the reader must know about the open household; nothing where all is well.

    Returns:
        Whether the reader of an example asked to enter a household of their own.
    """
    # In a container of its own: what comes and goes here must not make the browser build the page below anew.
    with st.container(key="saved_state"):
        return _show_state(say)


def _show_state(say: Words) -> bool:
    here = keeping.opened()
    if here is None:
        return False
    if here.theirs is not None:
        _show_conflict(here, say)
    elif here.failure is not None:
        with st.container(border=True, key="saved_failure"):
            title = say("saved.damaged" if isinstance(here.failure, DamagedRevision) else "saved.not_saved")
            st.markdown(f":red[**{title}**] {plain(told(here.failure, say))}")
            st.button(say("saved.again"), key="saved.again", on_click=keeping.look_again)
    if not here.is_example:
        return False
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="saved_example"):
        st.caption(say("saved.example"), width="stretch")
        return st.button(say("saved.own"), key="saved.own")


def _show_conflict(here: keeping.Opened, say: Words) -> None:
    if here.theirs is None:
        return
    with st.container(border=True, key="saved_conflict"):
        st.markdown(f":red[**{say('saved.conflict_title')}**]")
        theirs = parse_household(here.theirs.document)
        st.markdown(
            say(
                "saved.conflict_body",
                at=moment(here.theirs.at),
                theirs=in_short(theirs, say),
                mine=in_short(here.document, say),
                parts=say.listed(_differing(here.document, theirs, say)),
            )
        )
        with st.container(horizontal=True):
            st.button(say("saved.keep_mine"), key="saved.mine", type="primary", on_click=keeping.keep_mine)
            st.button(say("saved.take_theirs"), key="saved.theirs", on_click=keeping.take_theirs)


def _differing(mine: HouseholdDocument, theirs: HouseholdDocument, say: Words) -> list[str]:
    """Name the parts of a household in which two states of it differ."""
    parts = {
        "debts": mine.plan.debts == theirs.plan.debts,
        "money": (mine.plan.household, mine.persons) == (theirs.plan.household, theirs.persons),
        "paid": mine.plan.paid == theirs.plan.paid,
    }
    found = [say(f"saved.part_{name}") for name, same in parts.items() if not same]
    return found or [say("saved.part_other")]


def show_notice(say: Words) -> None:
    """Show for a moment what was done last; a change can be taken back from there."""
    scroll.obey()
    said, here = keeping.notice(), keeping.opened()
    if said is None or here is None or datetime.now(UTC) - said.at > timedelta(seconds=NOTICE_SECONDS):
        return
    name = said.name if len(said.name) <= _NAME_SHOWN else f"{said.name[:_NAME_SHOWN]}…"
    # A key of its own for each change, so that the browser lets each one fade anew.
    with st.container(horizontal=True, vertical_alignment="center", key=f"notice_{int(said.at.timestamp() * 1000)}"):
        st.markdown(say(said.what, name=plain(name)), width="stretch")
        if said.undoable and here.edits.can_undo:
            st.button(say("saved.undo"), key="saved.undo_now", type="tertiary", on_click=keeping.undo)


def show_steps(say: Words) -> None:
    """Show undo and redo, and when the household was saved last."""
    here = keeping.opened()
    if here is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="saved_steps"):
        st.button(say("saved.undo"), key="saved.undo", on_click=keeping.undo, disabled=not here.edits.can_undo)
        st.button(say("saved.redo"), key="saved.redo", on_click=keeping.redo, disabled=not here.edits.can_redo)
        if here.failure is None and here.theirs is None:
            st.caption(say("saved.at", at=moment(here.saved_at)), width="content")


def told(error: keeping.Failure, say: Words) -> str:
    """Give what went wrong with the store or a link in the reader's language."""
    return error.zh if say.language == "zh" else error.en


def in_short(document: HouseholdDocument, say: Words) -> str:
    """Say in a few words which state of a household this is."""
    owed = sum(recorded_debt(debt) for debt in document.plan.debts)
    return say("saved.in_short", debts=say.counted("household.debts", len(document.plan.debts)), owed=theme.money(owed))


def moment(at: datetime) -> str:
    """Write a time of saving by the household's own clock."""
    local = at.astimezone()
    return f"{local:%H:%M:%S}" if local.date() == datetime.now().astimezone().date() else f"{local:%Y-%m-%d %H:%M}"
