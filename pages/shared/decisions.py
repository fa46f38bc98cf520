"""What the household decided to do: its plan with the levers and offers that it has chosen, and how they are kept."""

import secrets
from typing import Literal

import streamlit as st

from core.decided import Decided, decided
from core.household import Lever, Offer, dump_household
from pages.shared import session
from pages.shared.inputs import plain
from pages.shared.kept import Kept
from pages.shared.words import Words

State = Literal["considered", "chosen", "dropped"]
_decided: Kept[Decided] = Kept()


def current() -> Decided:
    """Give the open household's plan as recorded and with all that it has chosen; the engine must be ready."""
    document = session.household()
    question = dump_household(document.model_copy(update={"calls": ()}))  # a log of calls is long and decides nothing
    return _decided.ask(question, lambda: decided(document))


def fresh_id(kind: str) -> str:
    """Give an id for a new option of a household; no two are alike."""
    return f"{kind}-{secrets.token_hex(4)}"


def put(option: Lever | Offer, what: str) -> None:
    """Keep an option: a new one at the end, one whose id is known in its place.

    Args:
        option: As `core.levers.as_option` makes it, with its state.
        what: Key of the sentence that says what was done; it may name `{name}`.

    Raises:
        PlanError: The household would not be valid; nothing has changed.
    """
    document = session.household()
    field = "offers" if isinstance(option, Offer) else "levers"
    listed: tuple[Lever | Offer, ...] = getattr(document, field)
    known = any(each.id == option.id for each in listed)
    kept = tuple(option if each.id == option.id else each for each in listed) if known else (*listed, option)
    session.change(document.model_copy(update={field: kept}), what, option.name)


def set_state(option_id: str, state: State, what: str) -> None:
    """Choose, consider or drop an option that is kept already."""
    document = session.household()
    for option in (*document.levers, *document.offers):
        if option.id == option_id:
            put(option.model_copy(update={"state": state}), what)


def remove(option_id: str, what: str) -> None:
    """Take an option out of the household; it can be brought back by undoing."""
    document = session.household()
    name = next((each.name for each in (*document.levers, *document.offers) if each.id == option_id), "")
    kept = {
        "levers": tuple(each for each in document.levers if each.id != option_id),
        "offers": tuple(each for each in document.offers if each.id != option_id),
    }
    session.change(document.model_copy(update=kept), what, name)


def show_problems(say: Words) -> None:
    """Say which choices cannot be done as things stand, why, and offer to drop each; nothing where all can."""
    document, found = session.household(), current().problems
    named = {each.id: each.name for each in (*document.levers, *document.offers)}
    for option_id, problems in found.items():
        with st.container(border=True, key=f"decision_problem_{option_id}"):
            st.markdown(f"**{say('decisions.left_out', name=plain(named[option_id]))}**")
            for each in problems:
                st.markdown(plain(each.zh if say.language == "zh" else each.en))
            st.button(
                say("decisions.drop"),
                key=f"decisions.drop.{option_id}",
                on_click=set_state,
                args=(option_id, "dropped", "decisions.dropped"),
            )
