"""Which way the household has settled on, what of its choices is counted in, and how both are changed."""

import streamlit as st

from core.ways import Way, chosen_as_ours
from pages.shared import session
from pages.shared.inputs import plain
from pages.shared.words import Words
from pages.strategy_comparison.case import Case, option_name, strategy_name, way_name

_PICK = "ways.pick"
_NAMES_MAX = 5


def show(case: Case, say: Words) -> None:
    """Say which way is ours, and what is counted in."""
    chosen = case.document.chosen
    if chosen is None:
        st.caption(say("ways.ours_none"))
    else:
        st.caption(say("ways.ours_line", strategy=strategy_name(chosen, say)))
    if case.found.levers:
        names = [plain(option_name(case.options[key], say)) for key in case.found.levers]
        shown = names[:_NAMES_MAX]
        if len(names) > _NAMES_MAX:
            shown.append(say("why.more", count=len(names) - _NAMES_MAX))
        st.caption(say("ways.chosen_line", names=say.listed(shown)))


def ask(ways: list[Way], best: Way, case: Case, say: Words) -> None:
    """Let one of several ways be settled on.

    Args:
        ways: Those that can be followed.
        best: The one that is offered first, while there is none that is ours.
        case: The household.
        say: The reader's catalogue.
    """
    by_key = {way.key: way for way in ways}
    first = case.document.chosen if case.document.chosen in by_key else best.key
    picked = st.selectbox(
        say("ways.ours_pick"),
        list(by_key),
        index=list(by_key).index(first),
        key=f"{_PICK}.{session.document_key()}.{first}",
        format_func=lambda one: way_name(by_key[one], case, say),
        filter_mode=None,
        persist_state="session",
    )
    offer(by_key[picked], case, say, key="compare")


def offer(way: Way, case: Case, say: Words, *, key: str) -> None:
    """Show the button that makes a way ours, or takes it back."""
    name = way_name(way, case, say)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if way.kind == "strategy" and way.key == case.document.chosen:
            st.caption(say("ways.ours_is"), width="content")
            st.button(say("ways.ours_drop"), key=f"ways.drop.{key}", on_click=_drop)
        else:
            st.button(say("ways.ours_take"), key=f"ways.take.{key}", type="primary", on_click=_take, args=(way, name))


def _take(way: Way, name: str) -> None:
    session.change(chosen_as_ours(session.household(), way), "ways.ours_taken", name)


def _drop() -> None:
    session.change(session.household().model_copy(update={"chosen": None}), "ways.ours_dropped")
