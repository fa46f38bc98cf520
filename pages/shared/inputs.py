"""Fields that a tired thumb can fill in: what is plainly meant is accepted, anything else is told at the field.

What a number may look like is `core.typed`'s business; fields show its complaint right below themselves and never lose
what was typed. Names of users are plain text: `plain` for whatever reads Markdown.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

import streamlit as st
from streamlit.components.v2 import component

from core.money import format_fen, format_rate
from core.plan_problems import Fault, problem
from core.plan_values import AMOUNT_MAX, EARLIEST, NAME_MAX, read_text
from core.typed import Unclear, read_money, read_percent, read_times, read_whole
from pages.shared.words import Words

LATEST = date(2100, 12, 31)
_T = TypeVar("_T")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&])")


@dataclass(frozen=True)
class Typed(Generic[_T]):
    """What stands in a field.

    Attributes:
        value: The value; None where the field is empty or wrong.
        ok: Whether what was typed can be taken, an empty field included where it may be empty.
    """

    value: _T | None
    ok: bool = True


def plain(text: str) -> str:
    r"""Escape a user's text, so that Markdown shows it as it was typed.

    >>> plain("*a* <b>")
    '\\*a\\* \\<b\\>'
    """
    return _MARKDOWN.sub(r"\\\1", text)


def grouped(fen: int) -> str:
    """Write an amount as a field shows it: 12,345.60."""
    text = format_fen(abs(fen))
    yuan, _, cents = text.partition(".")
    return f"{'-' if fen < 0 else ''}{int(yuan):,}.{cents}"


def percent(share: Decimal) -> str:
    """Write a share as a field shows it: 18.25%."""
    return f"{format_rate(share * 100)}%"


# -- fields


def money(
    say: Words,
    key: str,
    label: str,
    value: int | None = None,
    *,
    low: int = 0,
    high: int = AMOUNT_MAX,
    needed: bool = False,
    hint: str | None = None,
    kept: bool = False,
) -> Typed[int]:
    """Show a field for an amount and give it in fen."""
    shown = "" if value is None else grouped(value)
    return _field(say, f"money_{key}", label, shown, lambda text: read_money(text, low, high), needed, hint, kept)


def whole(
    say: Words,
    key: str,
    label: str,
    value: int | None = None,
    *,
    low: int,
    high: int,
    needed: bool = False,
    hint: str | None = None,
    kept: bool = False,
) -> Typed[int]:
    """Show a field for a whole number."""
    shown = "" if value is None else str(value)
    return _field(say, f"whole_{key}", label, shown, lambda text: read_whole(text, low, high), needed, hint, kept)


def rate(
    say: Words,
    key: str,
    label: str,
    value: Decimal | None = None,
    *,
    high: Decimal,
    places: int,
    needed: bool = False,
    hint: str | None = None,
    kept: bool = False,
) -> Typed[Decimal]:
    """Show a field for a rate or a share in percent and give it as a share of 1."""
    shown = "" if value is None else percent(value)
    return _field(say, f"rate_{key}", label, shown, lambda text: read_percent(text, high, places), needed, hint, kept)


def times(
    say: Words, key: str, label: str, value: Decimal | None, *, high: Decimal, kept: bool = False
) -> Typed[Decimal]:
    """Show a field for a multiple."""
    shown = "" if value is None else format_rate(value)
    return _field(say, f"rate_{key}", label, shown, lambda text: read_times(text, high), False, None, kept)


def name(say: Words, key: str, label: str, value: str = "", *, needed: bool = True, kept: bool = False) -> Typed[str]:
    """Show a field for a name; whatever a plan may hold is kept exactly as typed."""
    return _field(say, f"name_{key}", label, value, _read_name, needed, None, kept)


def line(say: Words, key: str, label: str, value: str = "", *, kept: bool = False) -> Typed[str]:
    """Show a field for a line of text that may be empty."""
    return _field(say, f"line_{key}", label, value, _read_name, False, None, kept)


def day(
    say: Words,
    key: str,
    label: str,
    value: date | None = None,
    *,
    low: date = EARLIEST,
    high: date = LATEST,
    needed: bool = False,
    hint: str | None = None,
    kept: bool = False,
) -> Typed[date]:
    """Show a field for a date."""
    if value is not None:
        value = min(max(value, low), high)
    chosen = st.date_input(
        label,
        value=value,
        key=f"day_{key}",
        min_value=low,
        max_value=high,
        format="YYYY-MM-DD",
        persist_state="session" if kept else None,
    )
    below = st.empty()
    if needed and chosen is None:
        below.caption(say("inputs.needed"))
        return Typed(None, False)
    if hint:
        below.caption(hint)
    return Typed(chosen)


def choice(
    key: str, label: str, options: Sequence[_T], value: _T, named: Callable[[_T], str], *, kept: bool = False
) -> _T:
    """Show a choice of a few values."""
    return st.selectbox(
        label,
        options,
        index=options.index(value) if value in options else 0,
        key=f"choice_{key}",
        format_func=named,
        filter_mode=None,
        persist_state="session" if kept else None,
    )


def complain(sentence: str, *, quiet: bool = False) -> None:
    """Say right below a field what is wrong with it, or, quietly, that it is still empty."""
    if quiet:
        st.caption(sentence)
    else:
        st.markdown(f":red[{plain(sentence)}]")


def shown_limit(value: object) -> str:
    """Write a limit that a message names: fen as money, a share in percent, anything else as it is."""
    if isinstance(value, int):
        return f"¥{grouped(value)}"
    return percent(value) if isinstance(value, Decimal) else str(value)


def _read_name(text: str) -> str:
    try:
        return read_text(text, NAME_MAX)
    except Fault as fault:
        found = problem("name", fault.code, **fault.values)
        raise Unclear("told", zh=found.zh, en=found.en) from None


def _field(
    say: Words,
    key: str,
    label: str,
    shown: str,
    read: Callable[[str], _T],
    needed: bool,
    hint: str | None,
    kept: bool,
) -> Typed[_T]:
    text = (
        st.text_input(label, value=shown, key=key, autocomplete="off", persist_state="session" if kept else None) or ""
    )
    # Always there: what comes and goes above a field makes the browser build it anew, and half-typed text is lost.
    below = st.empty()
    if not text.strip():
        if needed:
            below.caption(say("inputs.needed"))
        elif hint:
            below.caption(hint)
        return Typed(None, not needed)
    try:
        value = read(text)
    except Unclear as unclear:
        values = {name: shown_limit(value) for name, value in unclear.values.items()}
        with below:
            complain(values.get(say.language) or say(f"inputs.{unclear.code}", **values))
        return Typed(None, False)
    if hint:
        below.caption(hint)
    return Typed(value)


_KEYPADS = """
export default function () {
  const kinds = [["money_", "decimal"], ["rate_", "decimal"], ["whole_", "numeric"]]
  const mark = () => {
    for (const [prefix, mode] of kinds) {
      const inputs = document.querySelectorAll(`[class*="st-key-${prefix}"] input:not([inputmode])`)
      inputs.forEach((input) => input.setAttribute("inputmode", mode))
    }
  }
  mark()
  const watch = new MutationObserver(mark)
  watch.observe(document.body, { childList: true, subtree: true })
  return () => watch.disconnect()
}
"""

_keypads = component("ashore_keypads", js=_KEYPADS)


def offer_keypads() -> None:
    """Let phones show digits for fields of numbers; once a page."""
    _keypads(key="keypads")
