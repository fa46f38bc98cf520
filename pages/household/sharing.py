"""Hosted: the owner's link, links for the family, what the family offers, and deleting everything."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.household import HouseholdDocument, dump_household
from core.plan import PlanError
from core.sharing import Hidden, Link, Owner, SharingError, redacted
from core.simulate import STRATEGIES
from core.store import DocumentId, StoreError
from core.today import followed
from pages.family import effects, stands
from pages.family.shown import View, names_of
from pages.shared import (
    decisions,
    engine,
    hosted,
    inputs,
    keeping,
    owner_link,
    pledges,
    qr,
    saved,
    session,
    shelf,
    theme,
    warming,
)
from pages.shared.words import Words

_HIDES = ("lender_names", "amounts", "incomes", "names", "notes")
_SHOWN_FIRST = ("lender_names", "amounts")
_DAYS = (7, 30, 90, 0)
_DEFAULT_DAYS = 90
_MADE = "sharing.made"
_TOLD = "sharing.told"
_PREVIEW = "preview"


def show(document: HouseholdDocument, say: Words) -> None:
    """Show what can be shared; a plan that is not kept yet has nothing to share."""
    owner = shelf.owner()
    if owner is None:
        st.markdown(say("sharing.not_yet"))
        return
    _show_told(say)
    if any(each.answer is None for each in pledges.offered()) and engine.ready():
        st.header(say("sharing.offers"), anchor=False)
        pledges.show_waiting(_strategy(document), say)
    st.header(say("sharing.new"), anchor=False)
    st.markdown(say("sharing.new_note"))
    if engine.ready():
        _make(document, owner, say)
    else:
        warming.wait(say)
    _list(owner, say)
    if any(each.answer is not None for each in pledges.offered()):
        with st.expander(say("sharing.answered")):
            pledges.show_answered(say)
    with st.expander(say("sharing.limits_title")):
        st.markdown(say("sharing.limits"))
    if not shelf.is_new():
        st.header(say("sharing.own"), anchor=False)
        owner_link.show(owner, say)
    _delete(owner, say)


def _strategy(document: HouseholdDocument) -> str:
    way = followed(session.answers.ask(decisions.current().plan, STRATEGIES), document.chosen)
    return STRATEGIES[0] if way is None else way.strategy


# -- making a link


def _make(document: HouseholdDocument, owner: Owner, say: Words) -> None:
    name = inputs.name(say, "sharing_name", say("sharing.name"), needed=False)
    shown = st.pills(
        say("sharing.shows"),
        _HIDES,
        selection_mode="multi",
        default=_SHOWN_FIRST,
        format_func=lambda one: say(f"sharing.show_{one}"),
        key="sharing.shown",
    )
    st.caption(say("sharing.shows_note"))
    days = st.segmented_control(
        say("sharing.expires"),
        _DAYS,
        default=_DEFAULT_DAYS,
        format_func=lambda one: say.counted("format.day_count", one) if one else say("sharing.never"),
        key="sharing.days",
        required=True,
    )
    hidden = Hidden.model_validate({field: field not in shown for field in _HIDES})
    with st.expander(say("sharing.preview"), on_change="rerun", key="sharing.preview_open") as preview:
        if preview.open:
            _preview(document, hidden, say)
    if not st.button(say("sharing.make"), key="sharing.make", type="primary"):
        return
    if not name.ok or not name.value:
        inputs.complain(say("sharing.needs_name"))
        return
    here = keeping.opened()
    ends = datetime.now(UTC) + timedelta(days=days) if days else None
    try:
        link = owner.make_link(
            name.value, hidden, owner_link.figures(document), 0 if here is None else here.number, ends
        )
    except PlanError as error:
        inputs.complain(" ".join(one.zh if say.language == "zh" else one.en for one in error.problems))
    except (SharingError, StoreError) as error:
        inputs.complain(saved.told(error, say))
    else:
        st.session_state[_MADE] = link.address.id


def _preview(document: HouseholdDocument, hidden: Hidden, say: Words) -> None:
    """Show what the family would read: the very document that a link would carry, on the parts of its page."""
    redacted_one = redacted(owner_link.figures(document), hidden, lambda debt: debt)
    version = (_PREVIEW, hash(dump_household(document)), hash(hidden))
    view = View(_PREVIEW, redacted_one, session.today(), version, names_of(redacted_one, say))
    st.caption(say("sharing.preview_note"))
    stands.show(view, say)
    stands.show_details(view, say)
    effects.show_best(view, say)


# -- the links


def _list(owner: Owner, say: Words) -> None:
    try:
        found = owner.links()
    except (SharingError, StoreError) as error:
        inputs.complain(saved.told(error, say))
        return
    live = [link for link in reversed(found.links) if link.ended_at is None]
    ended = [link for link in reversed(found.links) if link.ended_at is not None]
    if found.refused:
        st.markdown(f":red[{say.counted('sharing.altered', found.refused)}]")
    if live:
        st.header(say("sharing.links"), anchor=False)
    for link in live:
        with st.expander(f"{inputs.plain(link.name)} · {_seen(link, say)}", expanded=_is_made(link)):
            _show_link(owner, link, say)
    if ended:
        with st.expander(say.counted("sharing.ended", len(ended))):
            for link in ended:
                why = "expired" if link.has_expired else "revoked"
                st.markdown(f"- {inputs.plain(link.name)} · {say(f'sharing.{why}', day=_day(link.ended_at, say))}")


def _is_made(link: Link) -> bool:
    return st.session_state.get(_MADE) == link.address.id


def _seen(link: Link, say: Words) -> str:
    if not link.views:
        return say("sharing.unseen")
    return say("sharing.seen", times=f"{link.views:,}", at=saved.moment(link.seen_at) if link.seen_at else "")


def _show_link(owner: Owner, link: Link, say: Words) -> None:
    address = link.address.link(hosted.root())
    st.code(address, language=None, wrap_lines=True)
    hides = [say(f"sharing.show_{field}") for field in _HIDES if getattr(link.hidden, field)]
    st.caption(say("sharing.hides", what=say.listed(hides)) if hides else say("sharing.hides_nothing"))
    made = _day(link.made_at, say)
    until = say("sharing.never") if link.expires_at is None else _day(link.expires_at, say)
    st.caption(say("sharing.dates", made=made, until=until))
    with st.container(horizontal=True):
        with st.popover(say("owner_link.picture")):
            qr.show(address, say("sharing.picture_alt"))
        st.button(say("sharing.end"), key=f"sharing.end.{link.address.id}", on_click=_end, args=(owner, link))


def _day(at: datetime | None, say: Words) -> str:
    return "" if at is None else theme.day(at.astimezone().date(), say)


def _end(owner: Owner, link: Link) -> None:
    try:
        owner.revoke(link)
    except (SharingError, StoreError) as error:
        st.session_state[_TOLD] = (error.zh, error.en)


def _show_told(say: Words) -> None:
    told: tuple[str, str] | None = st.session_state.pop(_TOLD, None)
    if told is not None:
        inputs.complain(told[0] if say.language == "zh" else told[1])


# -- deleting


def _delete(owner: Owner, say: Words) -> None:
    st.header(say("sharing.delete_title"), anchor=False)
    st.markdown(say("sharing.delete_note"))
    sure = st.checkbox(say("sharing.delete_sure"), key="sharing.sure")
    st.button(
        say("sharing.delete"),
        key="sharing.delete",
        disabled=not sure,
        on_click=keeping.delete,
        args=(DocumentId(owner.address.id),),
    )
