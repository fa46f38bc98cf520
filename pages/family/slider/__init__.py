"""The family's slider: what a sum does, while the thumb moves.

What is handed over depends on the document, the kind of help, the language and the mask only, never on where the thumb
stands: a rerun sends nothing anew, and nothing resets the thumb.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from core.sharing import Help
from pages.family import effects
from pages.family.shown import View
from pages.shared import live
from pages.shared.kept import Kept
from pages.shared.words import Words

_FOLDER = Path(__file__).parent
_SENTENCES = (
    "free",
    "before",
    "sooner",
    "saved",
    "value",
    "earlier",
    "later",
    "same",
    "able",
    "none",
    "now",
    "with",
    "failed",
    "alt",
)
_LAST, _START = "family.last.", "family.start."

_payloads: Kept[dict[str, Any]] = Kept()
_slider = component(
    "ashore_family_slider",
    html=(_FOLDER / "slider.html").read_text("utf-8"),
    css=live.SLIDER_LOOKS + (_FOLDER / "slider.css").read_text("utf-8"),
    js=live.WRITING + (_FOLDER / "slider.js").read_text("utf-8"),
)


def show(view: View, help_: Help, say: Words, *, on_move: Callable[[], None]) -> int:
    """Show the slider over the sums of one kind of help.

    Args:
        view: What the link shows.
        help_: What that help does.
        say: The reader's catalogue.
        on_move: Called when the finger has lifted.

    Returns:
        Where the finger lifted last, in fen.
    """
    own = key_of(view, help_)
    data = _payloads.ask(view.question(say, help_.kind, help_.months, help_.to), lambda: payload(view, help_, say))
    _slider(
        key=own,
        data={**data, "start": _start(view, help_, own)},
        default={"sum": None},
        on_sum_change=_keep(own, on_move),
    )
    return chosen(view, help_)


def chosen(view: View, help_: Help) -> int:
    """Give the sum where the thumb of a kind of help stands, in fen."""
    last = st.session_state.get(_LAST + key_of(view, help_))
    if isinstance(last, int):
        return help_.sums[help_.nearest(last)]
    return help_.sums[effects.position(help_, effects.round_sum(view.document.owed or 0, help_.kind))]


def key_of(view: View, help_: Help) -> str:
    """Name the slider of a kind of help among all elements."""
    return f"family.slider.{view.link}.{help_.kind}"


def _start(view: View, help_: Help, own: str) -> int:
    """Where the thumb stands when the browser builds the slider; the same for as long as the slider is there."""
    if own not in st.session_state:
        st.session_state[_START + own] = chosen(view, help_)
    return st.session_state.get(_START + own, 0)


def _keep(own: str, on_move: Callable[[], None]) -> Callable[[], None]:
    def keep() -> None:
        st.session_state[_LAST + own] = st.session_state[own].get("sum")
        on_move()

    return keep


def payload(view: View, help_: Help, say: Words) -> dict[str, Any]:
    """Write down for the browser what each sum does: numbers, and our own sentences."""
    before = help_.free_on[0]
    return {
        "sums": list(help_.sums),
        "free": [0 if day is None else day.toordinal() for day in help_.free_on],
        "saved": list(help_.saved),
        "sooner": [None if before is None or day is None else effects.sooner(before, day) for day in help_.free_on],
        "day": view.document.day.toordinal(),
        "words": words_of(help_.kind, say),
    }


def words_of(kind: str, say: Words) -> dict[str, Any]:
    """Give the sentences and formats that the browser fills by itself, placeholders unfilled."""
    numbers = ("one", "other")
    return {
        **live.formats(say),
        **{name: say.sentences[f"family.say.{name}"] for name in _SENTENCES},
        "label": say(f"family.say.label_{kind}"),
        "not_free": say("table.not_free"),
        "years": {number: say.sentences[f"format.years.{number}"] for number in numbers},
        "month_count": {number: say.sentences[f"format.month_count.{number}"] for number in numbers},
        "duration_separator": say("format.duration_separator"),
    }
