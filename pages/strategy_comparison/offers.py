"""The offers of a household: a form for each kind, and those that are noted down, with what each one changes."""

import streamlit as st

from core.household import Lever, Offer
from core.lever_effects import Weighing, loan_rate
from core.levers import FamilyLoan, NewLoan
from core.plan import PlanError
from core.ways import Proposal, Way, is_proposed, weighed
from pages.shared import decisions, theme
from pages.shared.inputs import complain, plain
from pages.shared.kept import Kept
from pages.shared.words import Words
from pages.strategy_comparison import fee, help, keep, lender, new_loan
from pages.strategy_comparison.case import Case, option_name, strategy_name

CARDS_MAX = 6
"""So many offers are shown at once; more on request."""

_KINDS = ("lender", "loan", "help", "fee")
_SHOWN = "offer.shown"
_weighed: Kept[Weighing | None] = Kept(200)


def show(case: Case, say: Words) -> None:
    """Show the section."""
    st.header(say("offer.title"), anchor=False)
    st.caption(say("offer.lead"))
    kind = st.segmented_control(
        say("offer.kind"),
        _KINDS,
        key=keep.field("kind"),
        format_func=lambda one: say(f"offer.{one}"),
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
    )
    if kind is not None:
        with st.container(border=True, key="offer_form"):
            if kind == "lender":
                lender.show(case, say)
            elif kind == "loan":
                new_loan.show(case, say)
            elif kind == "help":
                help.show(case, say)
            else:
                fee.show(case, say)
    _show_list(case, say)


# -- those that are noted down


def _show_list(case: Case, say: Words) -> None:
    st.header(say("offer.list"), anchor=False)
    ways = {way.key: way for way in case.ways()}
    listed = sorted(case.proposals, key=lambda each: _place(each, ways))
    if not listed:
        st.caption(say("offer.list_none"))
    count = CARDS_MAX * st.session_state.get(_SHOWN, 1)
    for proposal in listed[:count]:
        _show_card(proposal, ways.get(proposal.option.id), case, say)
    if len(listed) > count:
        st.button(say("offer.more", count=min(CARDS_MAX, len(listed) - count)), key="offer.more", on_click=_show_more)
    _show_dropped(case, say)


def _place(proposal: Proposal, ways: dict[str, Way]) -> tuple[int, int]:
    """Put what is chosen first, then what is best; what cannot be done comes last."""
    if proposal.option.state == "chosen":
        return 0, 0
    way = ways.get(proposal.option.id)
    return (2, 0) if way is None or not way.able else (1, way.paid + way.outcome.closing_payoff)


def _show_more() -> None:
    st.session_state[_SHOWN] = st.session_state.get(_SHOWN, 1) + 1


def _show_card(proposal: Proposal, way: Way | None, case: Case, say: Words) -> None:
    option = proposal.option
    chosen = option.state == "chosen"
    with st.container(border=True, key=f"offer_card_{option.id}", gap="small"):
        badge = f" :green-badge[{say('offer.state_chosen')}]" if chosen else ""
        st.markdown(f"**{plain(option_name(option, say))}**{badge}")
        if proposal.problems:
            st.caption(say("offer.blocked"))
            for each in proposal.problems:
                complain(keep.told(each, say))
        else:
            strategy = way.strategy if way is not None else case.followed or ""
            _show_effect(proposal, strategy, case, say)
        _show_buttons(option, chosen, not proposal.problems, say)


def _show_effect(proposal: Proposal, strategy: str, case: Case, say: Words) -> None:
    found = _weighed.ask((case.written, proposal.option.id, strategy), lambda: _weigh(proposal, strategy, case))
    if found is None:
        st.caption(say("offer.effect.unknown"))
        return
    st.markdown(say("format.clause_separator").join(_effects(found, strategy, case, say)))
    if isinstance(proposal.lever, NewLoan | FamilyLoan):
        _show_cost(proposal.lever, case, say)
    for warning in found.warnings:
        if warning == "fee_to_others":
            fee.show_warning(case, say)
        sentence = say(f"offer.warning.{warning}")
        st.markdown(f":red[{sentence}]" if warning in ("fee_in_advance", "moves_the_hole") else f"⚠ {sentence}")


def _weigh(proposal: Proposal, strategy: str, case: Case) -> Weighing | None:
    try:
        return weighed(case.found, proposal, strategy)
    except PlanError:
        return None


def _effects(found: Weighing, strategy: str, case: Case, say: Words) -> list[str]:
    name = strategy_name(strategy, say)
    if found.saved is None:
        told = [say("offer.effect.unknown")]
    elif found.saved:
        key = "offer.effect.less" if found.saved > 0 else "offer.effect.more"
        told = [say(key, strategy=name, amount=theme.money(abs(found.saved)))]
    else:
        told = [say("offer.effect.same", strategy=name)]
    free = found.after.free_on
    if found.sooner:
        key = "offer.effect.sooner" if found.sooner > 0 else "offer.effect.later"
        told.append(say(key, duration=theme.duration(abs(found.sooner), say)))
    elif found.sooner == 0:
        told.append(say("offer.effect.same_time"))
    elif free is not None:
        told.append(say("offer.effect.newly_free", month=theme.month(free, say)))
    if free is None:
        told.append(say("offer.effect.open", end=theme.month(case.found.plan.end, say)))
    elif found.sooner is not None:
        told.append(say("offer.effect.free", month=theme.month(free, say)))
    return told


def _show_cost(loan: NewLoan | FamilyLoan, case: Case, say: Words) -> None:
    try:
        rate = loan_rate(case.found.before, loan)
    except PlanError:
        return
    if rate.effective_annual:
        st.markdown(say("loan.cost", rate=f"{rate.effective_annual:,.2%}"))


def _show_buttons(option: Lever | Offer, chosen: bool, able: bool, say: Words) -> None:
    with st.container(horizontal=True, gap="small"):
        if chosen:
            _button(say("offer.back"), "back", option.id, "considered", "offer.back_done")
        elif able:
            _button(say("offer.use"), "use", option.id, "chosen", "offer.used")
        _button(say("offer.drop"), "drop", option.id, "dropped", "offer.dropped")


def _button(label: str, what: str, option_id: str, state: decisions.State, told: str) -> None:
    key = f"offer.{what}.{option_id}"
    st.button(label, key=key, on_click=decisions.set_state, args=(option_id, state, told))


def _show_dropped(case: Case, say: Words) -> None:
    dropped = [each for each in case.options.values() if is_proposed(each) and each.state == "dropped"]
    if not dropped:
        return
    with st.expander(say("offer.dropped_list", count=len(dropped))):
        for option in dropped[: CARDS_MAX * st.session_state.get(_SHOWN, 1)]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(plain(option_name(option, say)), width="stretch")
                _button(say("offer.revive"), "revive", option.id, "considered", "offer.revived")
                st.button(
                    say("offer.remove"),
                    key=f"offer.remove.{option.id}",
                    on_click=decisions.remove,
                    args=(option.id, "offer.removed"),
                )
