"""What a sum of the reader's would do: how it is given, to whom, and a slider over the sums of the document."""

from typing import NamedTuple

import streamlit as st

from core.sharing import Help
from core.sharing.family_models import HelpKind
from pages.family import effects, slider
from pages.family.shown import View
from pages.shared import inputs
from pages.shared.words import Words

KINDS: tuple[HelpKind, ...] = ("once", "monthly", "loan")


class Gift(NamedTuple):
    """What the reader has chosen so far.

    Attributes:
        kind: How it is given.
        months: For how long, of the choice beside the slider; None: to the end, or it has none.
        to: The key of the debt that it goes straight to; None: to the household.
        fen: Where the thumb stands; None where there are no figures.
    """

    kind: HelpKind
    months: int | None
    to: str | None
    fen: int | None


def show(view: View, say: Words) -> Gift:
    """Show the choices and the slider."""
    document = view.document
    kind: HelpKind = st.segmented_control(
        say("family.gift.kind"),
        KINDS,
        default=KINDS[0],
        key=f"family.kind.{view.link}",
        format_func=lambda one: say(f"family.gift.{one}"),
        required=True,
        persist_state="session",
    )
    able = [each for each in document.helps if each.kind == kind]
    if not able:
        st.markdown(say("family.gift.unknown"))
        return Gift(kind, None, None, None)
    months = _months(view, able, kind, say)
    to = _aim(view, [each for each in able if each.months == months], kind, say)
    found = document.help_of(kind, months, to)
    if found is None:
        return Gift(kind, months, to, None)
    if kind == "loan":
        st.caption(say("family.gift.loan_note"))
    fen = slider.show(view, found, say, on_move=lambda: prefill(view, found))
    at = found.nearest(fen)
    st.markdown(effects.effect(found, at, say) if at else say("family.gift.note"))
    if at:
        st.caption(say("family.gift.note"))
    return Gift(kind, months, to, fen)


def amount_key(view: View, kind: HelpKind) -> str:
    """Name the field of an amount that is offered."""
    return f"family_{view.link}_{kind}"


def prefill(view: View, help_: Help) -> None:
    """Put the slider's sum into the field of the offer: who moves it means that sum."""
    fen = slider.chosen(view, help_)
    st.session_state[f"money_{amount_key(view, help_.kind)}"] = inputs.grouped(fen) if fen else ""


def _months(view: View, able: list[Help], kind: HelpKind, say: Words) -> int | None:
    options = list(dict.fromkeys(each.months for each in able))
    if kind == "once":
        return options[0]
    label = say("family.gift.months_loan" if kind == "loan" else "family.gift.months")
    return inputs.choice(
        f"family_months_{kind}_{view.link}",
        label,
        options,
        options[0],
        lambda one: say("family.gift.to_the_end") if one is None else say.counted("format.month_count", one),
        kept=True,
    )


def _aim(view: View, able: list[Help], kind: HelpKind, say: Words) -> str | None:
    options = [each.to for each in able]
    if len(options) < 2:
        st.caption(say("family.gift.household_only"))
        return options[0]
    return inputs.choice(
        f"family_aim_{kind}_{view.link}",
        say("family.gift.aim"),
        options,
        options[0],
        lambda one: _aim_name(view, one, say),
        kept=True,
    )


def _aim_name(view: View, to: str | None, say: Words) -> str:
    if to is None:
        return say("family.gift.household")
    return say("family.gift.lender", debt=view.names.get(to) or say("family.debts.gone"))
