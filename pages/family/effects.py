"""What help does, in sentences: read off the grid of the document, never worked out here."""

from datetime import date

import streamlit as st

from core.money import FEN_IN_A_YUAN
from core.plan_values import month_index
from core.sharing import Help
from core.sharing.family_models import HelpKind
from pages.family.shown import View
from pages.shared import theme
from pages.shared.inputs import plain
from pages.shared.words import Words

_SHARES: dict[HelpKind, int] = {"once": 10, "monthly": 100, "loan": 10}
_ROUND = (5, 2, 1)


def show_best(view: View, say: Words) -> None:
    """Say where a round sum helps most, once and each month; nothing where help is not told."""
    kinds: tuple[HelpKind, ...] = ("once", "monthly")
    lines = [line for kind in kinds if (line := _best(view, kind, say))]
    if not lines:
        return
    st.header(say("family.best.title"), anchor=False)
    for line in lines:
        st.markdown(line)
    st.caption(say("family.best.note"))


def _best(view: View, kind: HelpKind, say: Words) -> str:
    document = view.document
    any_aim = next((each for each in document.helps if (each.kind, each.months) == (kind, None)), None)
    if any_aim is None:
        return ""
    # All aims of a kind have the same sums.
    fen = any_aim.sums[position(any_aim, round_sum(document.owed or 0, kind))]
    found = document.best_aim(kind, fen)
    if found is None:
        return ""
    at = found.nearest(fen)
    aim = "only" if document.hidden.amounts else "household" if found.to is None else "lender"
    named = {} if found.to is None else {"debt": plain(view.names.get(found.to) or say("family.debts.gone"))}
    return say(f"family.best.{kind}_{aim}", amount=theme.money(found.sums[at]), effect=effect(found, at, say), **named)


def round_sum(owed: int, kind: HelpKind) -> int:
    """Give a round sum that is a small part of what is owed, fen: 1, 2 or 5 and zeros, from one yuan."""
    most = owed // _SHARES[kind]
    power = FEN_IN_A_YUAN
    while power * 10 <= most:
        power *= 10
    return next((factor * power for factor in _ROUND if factor * power <= most), power)


def position(help_: Help, fen: int) -> int:
    """Give the position of the sum that lies nearest, but not that of nothing."""
    return max(help_.nearest(fen), min(1, len(help_.sums) - 1))


def effect(help_: Help, at: int, say: Words) -> str:
    """Say what one sum does: when all is cleared, and how much less is paid."""
    saved = help_.saved[at]
    if saved is None:
        return say("family.effect.failed")
    less = "less" if saved > 0 else "more" if saved < 0 else "none"
    amount = {"amount": theme.money(abs(saved))} if saved else {}
    then = say(f"family.effect.{less}", **amount)
    return say("format.sentence_separator").join([_date(help_.free_on[0], help_.free_on[at], say), then])


def _date(before: date | None, after: date | None, say: Words) -> str:
    if after is None:
        return say("family.effect.open" if before is None else "family.effect.lost")
    month = theme.month(after, say)
    if before is None:
        return say("family.effect.able", month=month)
    months = sooner(before, after)
    if not months:
        return say("family.effect.same")
    key = "sooner" if months > 0 else "later"
    return say(f"family.effect.{key}", duration=theme.duration(abs(months), say), month=month)


def sooner(before: date, after: date) -> int:
    """Count the months between two days free of debt; below 0 where the second is later."""
    return month_index(before) - month_index(after)
