"""Fields that a tired thumb can fill in: what is plainly meant is accepted, anything else is told at the field.

Readers are pure and give a value or raise `Unclear`; fields show a reader's complaint right below themselves and never
lose what was typed. Names of users are plain text: `plain` for whatever reads Markdown.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

import streamlit as st
from streamlit.components.v2 import component

from core.money import format_fen, format_rate, parse_amount
from core.plan_problems import Fault, problem
from core.plan_values import AMOUNT_MAX, EARLIEST, NAME_MAX, read_text
from pages.shared import theme
from pages.shared.words import Words

LATEST = date(2100, 12, 31)
TYPED_MAX = 40
"""Longer than any number that a person means."""

_T = TypeVar("_T")
_WAN = 10_000
_CURRENCY = re.compile(r"(?:rmb|cny|¥|元|块|圆|人民币)", re.IGNORECASE)
_BLANK = re.compile(r"[\s'’_]")
_NUMBER = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?(万?)", re.ASCII)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&])")


class Unclear(ValueError):
    """What was typed is not what the field asks for.

    Attributes:
        code: Key of the sentence under `inputs.` in the catalogue.
        values: What the sentence fills in.
    """

    def __init__(self, code: str, **values: str) -> None:
        """Name the sentence."""
        super().__init__(code)
        self.code = code
        self.values = values


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


def read_money(text: str, low: int = 0, high: int = AMOUNT_MAX) -> int:
    """Read an amount of yuan as people write and paste it.

    Args:
        text: `¥ 1,234.50`, `１２３４．５元`, `1.2万`. A comma that does not group thousands is not guessed at.
        low: The least amount, fen.
        high: The largest, fen.

    Raises:
        Unclear: It is no amount, has a third decimal, or lies outside.

    >>> read_money("￥１，２３４．５"), read_money("1.2万"), read_money("8 000 元")
    (123450, 1200000, 800000)
    """
    fen = _money(_number_text(text), bool(low < 0))
    if not low <= fen <= high:
        raise Unclear("money_range", low=theme.money(low), high=theme.money(high))
    return fen


def _money(typed: str, may_be_negative: bool) -> int:
    found = _NUMBER.fullmatch(_CURRENCY.sub("", typed))
    if found is None or (found[2] is None and not found[3]):
        raise Unclear("money_comma" if re.fullmatch(r"[\d.,]+", typed, re.ASCII) else "money_form")
    sign, whole, decimals, wan = found.groups()
    if sign and not may_be_negative:
        raise Unclear("money_negative")
    whole, decimals = (whole or "0").replace(",", ""), (decimals or "").rstrip("0")
    if wan:
        scaled = Decimal(f"{whole}.{decimals or '0'}") * _WAN
        whole, _, decimals = f"{scaled:f}".partition(".")
        decimals = decimals.rstrip("0")
    if len(decimals) > 2:
        raise Unclear("money_decimals")
    return parse_amount(f"{sign}{whole}.{decimals or '0'}")


def read_whole(text: str, low: int, high: int) -> int:
    """Read a whole number from low to high; 12, １２, 12期.

    Raises:
        Unclear: It is no such number.
    """
    typed = _number_text(text).rstrip("期天个月日号")
    if not re.fullmatch(r"\d+", typed, re.ASCII) or not low <= int(typed) <= high:
        raise Unclear("whole", low=f"{low:,}", high=f"{high:,}")
    return int(typed)


def read_percent(text: str, high: Decimal, places: int) -> Decimal:
    """Read a rate or share written in percent: `18`, `18 %`, `0.05％`, and 万5 or 万分之五 as daily rates are quoted.

    Args:
        text: What was typed.
        high: The largest value, as a share of 1.
        places: Decimals of the share that may be kept.

    Returns:
        The share: 0.18 for 18 %.

    Raises:
        Unclear: It is no such number.

    >>> read_percent("0.05%", Decimal("0.01"), 8), read_percent("万5", Decimal("0.01"), 8)
    (Decimal('0.0005'), Decimal('0.0005'))
    """
    typed = _number_text(text)
    by_ten_thousand = re.fullmatch(r"万(?:分之)?([\d.]+)", typed, re.ASCII)
    number = by_ten_thousand[1] if by_ten_thousand else typed.removesuffix("%")
    if not re.fullmatch(r"\d+(?:\.\d+)?", number, re.ASCII):
        raise Unclear("percent_form")
    share = Decimal(number) / (_WAN if by_ten_thousand else 100)
    if share > high:
        raise Unclear("percent_range", high=percent(high))
    if share != round(share, places):
        raise Unclear("percent_decimals", places=str(places - 2))
    return share.normalize() if share else Decimal(0)


def read_times(text: str, high: Decimal) -> Decimal:
    """Read how many times: `1.5`, `1.5倍`; at most two decimals.

    Raises:
        Unclear: It is no such number.
    """
    typed = _number_text(text).rstrip("倍x")
    if not re.fullmatch(r"\d+(?:\.\d{1,2})?", typed, re.ASCII) or Decimal(typed) > high:
        raise Unclear("times", high=str(high))
    return Decimal(typed)


def percent(share: Decimal) -> str:
    """Write a share as a field shows it: 18.25%."""
    return f"{format_rate(share * 100)}%"


def _number_text(text: str) -> str:
    typed = _BLANK.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-").replace("，", ",")
    if len(typed) > TYPED_MAX:
        raise Unclear("long")
    return typed


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
    below = hint
    if needed and chosen is None:
        complain(say("inputs.needed"), quiet=True)
        return Typed(None, False)
    if below:
        st.caption(below)
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
    if not text.strip():
        if needed:
            complain(say("inputs.needed"), quiet=True)
        elif hint:
            st.caption(hint)
        return Typed(None, not needed)
    try:
        value = read(text)
    except Unclear as unclear:
        told = unclear.values.get(say.language) if unclear.code == "told" else None
        complain(told or say(f"inputs.{unclear.code}", **unclear.values))
        return Typed(None, False)
    if hint:
        st.caption(hint)
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
