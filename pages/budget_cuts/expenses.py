"""A slider an expense: what moving it changes is told at once, and nothing is kept before the reader says so."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.household import Lever
from core.household_models import HouseholdDocument
from core.levers import CutExpense, PlanLever, as_option
from core.money import FEN_IN_A_YUAN
from core.plan import PlanError
from core.savings import Spending, cut_to, spendings
from pages.budget_cuts import answers, options, public, sentences
from pages.budget_cuts.answers import State
from pages.shared import decisions, inputs, privacy, session, theme
from pages.shared.inputs import plain
from pages.shared.words import Words

_STEPS_YUAN = (100, 50, 20, 10, 5, 1)
_STEPS_LEAST = 20
_ROUND = "budget_cuts.round"


def show(now: State, say: Words) -> None:
    """Show the sliders and what they change."""
    st.header(say("budget_cuts.cuts.title"), anchor=False)
    found = spendings(now.decided.before)
    if not found:
        st.markdown(say("budget_cuts.cuts.none"))
        st.page_link("pages/household/page.py", label=say("budget_cuts.cuts.to_household"))
        return
    if any(lever.kind == "monthly_budget" for lever in now.ours.values()):
        st.caption(say("budget_cuts.cuts.budget_is_set"))
    with st.container(key="cuts"):
        _show_sliders(now, found, say)


@st.fragment
def _show_sliders(now: State, found: Sequence[Spending], say: Words) -> None:
    cuts = {lever.expense: lever for lever in now.ours.values() if isinstance(lever, CutExpense)}
    draft = dict(cuts)
    free = [each for each in found if not each.essential]
    essential = [each for each in found if each.essential]
    if free:
        st.caption(say("budget_cuts.cuts.lead"))
    else:
        st.markdown(say("budget_cuts.cuts.all_essential"))
    for each in free:
        _slide(now, each, draft, say)
    if essential:
        _guard(now, essential, cuts, draft, say)
    _show_effect(now, found, cuts, draft, say)


def _slide(now: State, each: Spending, draft: dict[str, CutExpense], say: Words) -> None:
    """Show one slider, and put what it says among the cuts that are tried."""
    kept = draft.get(each.name)
    top = -(-each.now // FEN_IN_A_YUAN)
    start = top if kept is None else min(top, round(each.left(kept.share) / FEN_IN_A_YUAN))
    place = next(k for k, one in enumerate(now.decided.before.household.expenses) if one.name == each.name)
    # Whatever is kept or taken back lets the sliders begin anew from there.
    turn = f"{session.document_key()}.{session.turn_number()}.{st.session_state.get(_ROUND, 0)}"
    chosen = st.slider(
        say("budget_cuts.cuts.slider", name=plain(each.name), now=theme.money(each.now)),
        min_value=0,
        max_value=top,
        value=start,
        step=next((step for step in _STEPS_YUAN if top % step == 0 and top // step >= _STEPS_LEAST), 1),
        format=privacy.slider_format("localized"),
        key=f"budget_cuts.keep.{turn}.{place}.{top}.{start}",
        persist_state="session",
    )
    if chosen == start:
        return
    cut = cut_to(now.decided.before, each.name, chosen * FEN_IN_A_YUAN) if chosen < top else None
    if cut is None:
        draft.pop(each.name, None)
    else:
        draft[each.name] = cut


def _guard(
    now: State,
    essential: Sequence[Spending],
    cuts: Mapping[str, CutExpense],
    draft: dict[str, CutExpense],
    say: Words,
) -> None:
    """Name the floor that nothing goes below by itself; only a deliberate switch brings its sliders."""
    floor = sum(each.now for each in essential)
    with st.container(border=True, key="living_floor"):
        names = say.listed([plain(each.name) for each in essential])
        st.markdown(say("budget_cuts.floor.is", amount=theme.money(floor), names=names))
        beside = public.floor_sentence(now, say)
        if beside:
            st.caption(beside)
        opened = st.toggle(
            say("budget_cuts.floor.open"),
            value=any(each.name in cuts for each in essential),
            key=f"budget_cuts.floor.{session.document_key()}",
            persist_state="session",
        )
        if not opened:
            return
        st.warning(say("budget_cuts.floor.warning"), icon=":material/warning:")
        for each in essential:
            _slide(now, each, draft, say)
        left = sum(each.left(draft[each.name].share) if each.name in draft else each.now for each in essential)
        if left < floor:
            below = theme.money(floor - left)
            st.markdown(say("budget_cuts.floor.below", amount=theme.money(left), below=below))


def _show_effect(
    now: State,
    found: Sequence[Spending],
    cuts: Mapping[str, CutExpense],
    draft: Mapping[str, CutExpense],
    say: Words,
) -> None:
    if draft == cuts:
        return
    with st.container(key="cuts_effect"):
        _tell(now, found, cuts, draft, say)


def _tell(
    now: State,
    found: Sequence[Spending],
    cuts: Mapping[str, CutExpense],
    draft: Mapping[str, CutExpense],
    say: Words,
) -> None:
    levers: dict[str, PlanLever] = {
        key: lever for key, lever in options.named(now, say).items() if not isinstance(lever, CutExpense)
    }
    levers |= {say("budget_cuts.kept.quoted", name=cut.expense): cut for cut in draft.values()}
    try:
        tried = answers.with_levers(now, levers)
    except PlanError as error:
        options.complain(error.problems, say)
        return
    effect = answers.effect(now.base, tried, now.strategy)
    if effect is None:
        inputs.complain(say("table.failed"))
        return
    key = "budget_cuts.cuts.effect" if effect.freed >= 0 else "budget_cuts.cuts.effect_less"
    st.markdown(say(key, freed=theme.money(abs(effect.freed)), buys=sentences.effect(effect, say)))
    if any(each.name in draft and each.left(draft[each.name].share) % FEN_IN_A_YUAN for each in found):
        st.caption(say("budget_cuts.cuts.rounded"))
    if all(each.name in draft and draft[each.name].share == 1 for each in found):
        st.markdown(say("budget_cuts.cuts.everything"))
    with st.container(horizontal=True):
        pressed = st.button(say("budget_cuts.cuts.keep"), key="budget_cuts.keep_cuts", type="primary")
        st.button(say("budget_cuts.cuts.reset"), key="budget_cuts.reset_cuts", on_click=_begin_anew)
    if pressed:
        try:
            _keep(now.document, cuts, draft)
        except PlanError as error:
            options.complain(error.problems, say)
            return
        st.rerun()


def _begin_anew() -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _keep(document: HouseholdDocument, before: Mapping[str, CutExpense], cuts: Mapping[str, CutExpense]) -> None:
    """Keep all cuts in one change, so that one undo takes them back; a cut that is no longer wanted goes."""
    changed = {name for name in {*before, *cuts} if before.get(name) != cuts.get(name)}
    left: list[Lever] = []
    reused: dict[str, str] = {}
    for option in document.levers:
        expense = dict(option.params).get("expense")
        if option.kind == "cut_expense" and expense in changed:
            reused.setdefault(f"{expense}", option.id)
        else:
            left.append(option)
    for name in cuts:
        if name in changed:
            option = as_option(cuts[name], reused.get(name) or decisions.fresh_id("cut"), name)
            left.append(Lever.model_validate(option.model_copy(update={"state": "chosen"})))
    session.change(document.model_copy(update={"levers": tuple(left)}), "budget_cuts.saved.cuts")
    _begin_anew()
