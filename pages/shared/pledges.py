"""Hosted: what the family has offered by its links, on the owner's pages, to be taken up or declined."""

import time

import streamlit as st

from core.lever_effects import Weighing, weigh
from core.plan import PlanError, dump_plan
from core.sharing import Offered, Owner, SharingError, as_chosen, as_lever
from core.store import StoreError
from pages.shared import decisions, keeping, session, shelf, theme
from pages.shared.inputs import plain
from pages.shared.kept import Kept
from pages.shared.words import Words

_LOOK_AGAIN_SECONDS = 5.0
_FOUND = "pledges.found"
_TOLD = "pledges.told"
_weighed: Kept[Weighing] = Kept()


def offered() -> tuple[Offered, ...]:
    """Give what was offered, the newest first; nothing at home, and what was known last where the store is silent."""
    owner = shelf.owner()
    if owner is None:
        return ()
    kept: tuple[str, float, tuple[Offered, ...]] | None = st.session_state.get(_FOUND)
    now = time.monotonic()
    if kept is not None and kept[0] == owner.address.id and now - kept[1] < _LOOK_AGAIN_SECONDS:
        return kept[2]
    try:
        found = tuple(reversed(owner.pledges(session.plan()).offers))
    except (SharingError, StoreError):
        return kept[2] if kept is not None and kept[0] == owner.address.id else ()
    st.session_state[_FOUND] = (owner.address.id, now, found)
    return found


def show_waiting(strategy: str, say: Words) -> None:
    """Show each offer that nobody has answered yet: who, what, what it would do, and both answers.

    Args:
        strategy: How the household uses its money.
        say: The reader's catalogue.
    """
    for each in offered():
        if each.answer is None:
            with st.container(border=True, key=f"pledge_{each.id}"):
                _show(each, strategy, say)


def show_answered(say: Words) -> None:
    """List the offers that were answered."""
    for each in offered():
        if each.answer is not None:
            st.markdown(f"- {_what(each, say)} · {say(f'pledges.{each.answer.verdict}')}")


def _show(each: Offered, strategy: str, say: Words) -> None:
    told: tuple[str, str] | None = st.session_state.get(f"{_TOLD}.{each.id}")
    st.markdown(f"**{say('pledges.title', link=plain(each.link_name))}**")
    st.markdown(_what(each, say))
    if each.pledge.message:
        st.markdown(f"> {plain(each.pledge.message)}")
    st.markdown(_effect(each, strategy, say))
    if told is not None:
        st.markdown(f":red[{plain(told[0] if say.language == 'zh' else told[1])}]")
    with st.container(horizontal=True):
        st.button(
            say("pledges.accept"), key=f"pledges.accept.{each.id}", type="primary", on_click=_accept, args=(each,)
        )
        st.button(say("pledges.decline"), key=f"pledges.decline.{each.id}", on_click=_decline, args=(each,))
    if each.debt_is_gone:
        st.caption(say("pledges.to_household"))


def _what(each: Offered, say: Words) -> str:
    pledge = each.pledge
    names = {debt.id: debt.name for debt in session.plan().debts}
    debt = names.get(each.debt or "")
    aim = say("pledges.for_household") if debt is None else say("pledges.for_debt", debt=plain(debt))
    lasting = pledge.kind == "monthly" and pledge.months is None
    how = "monthly_open" if lasting else pledge.kind
    months = theme.duration(pledge.months or 1, say)
    return say(f"pledges.{how}", who=plain(pledge.who), amount=theme.money(pledge.amount), months=months, aim=aim)


def _effect(each: Offered, strategy: str, say: Words) -> str:
    plan = decisions.current().plan
    try:
        lever = as_lever(each, plan, to_household=each.debt_is_gone)
        found = _weighed.ask((dump_plan(plan), each.id, strategy), lambda: weigh(plan, [lever], strategy))
    except PlanError as error:
        return plain(" ".join(one.zh if say.language == "zh" else one.en for one in error.problems))
    parts: list[str] = []
    if found.saved is not None:
        key = "saves" if found.saved >= 0 else "costs"
        parts.append(say(f"pledges.{key}", amount=theme.money(abs(found.saved))))
    if found.sooner:
        key = "sooner" if found.sooner > 0 else "later"
        parts.append(say(f"pledges.{key}", duration=theme.duration(abs(found.sooner), say)))
    elif found.after.free_on is not None and found.before.free_on is None:
        parts.append(say("pledges.frees", month=theme.month(found.after.free_on, say)))
    return say("format.sentence_separator").join(parts) if parts else say("pledges.no_change")


def _accept(each: Offered) -> None:
    document = session.household()
    try:
        option = as_chosen(each, document.plan, to_household=each.debt_is_gone)
        decisions.put(option, "pledges.accepted_notice")
    except PlanError as error:
        _tell(each, " ".join(one.zh for one in error.problems), " ".join(one.en for one in error.problems))
        return
    here = keeping.opened()
    if here is not None and here.failure is None and here.theirs is None:  # else nobody is told what is not kept
        _answer(each, "accepted")


def _decline(each: Offered) -> None:
    _answer(each, "declined")


def _answer(each: Offered, verdict: str) -> None:
    owner: Owner | None = shelf.owner()
    if owner is None:
        return
    try:
        owner.answer(each, "accepted" if verdict == "accepted" else "declined", session.today())
    except (SharingError, StoreError) as error:
        _tell(each, error.zh, error.en)
        return
    st.session_state.pop(_FOUND, None)
    st.session_state.pop(f"{_TOLD}.{each.id}", None)


def _tell(each: Offered, zh: str, en: str) -> None:
    st.session_state[f"{_TOLD}.{each.id}"] = (zh, en)
