"""Hosted: the owner's own link, which nobody can give back, and bringing the family's links up to date."""

import streamlit as st

from core.household import HouseholdDocument, dump_household
from core.sharing import Figures, Owner, figures_of
from pages.shared import entry, hosted, keeping, qr, session, shelf, theme
from pages.shared.kept import Kept
from pages.shared.words import Words

_PUBLISHED = "owner_link.published"
_REMEMBER = "owner_link.remember"
_figures: Kept[Figures] = Kept()


def show_new(say: Words) -> None:
    """Ask the owner of a plan that was made just now to put its link away, until that is done."""
    here = shelf.owner()
    if here is None or not shelf.is_new():
        return
    with st.container(border=True, key="owner_link_new"):
        st.header(say("owner_link.new_title"), anchor=False)
        st.markdown(say("owner_link.new_body"))
        show(here, say)
        st.button(say("owner_link.kept"), key="owner_link.kept", type="primary", on_click=shelf.link_is_kept)


def show(here: Owner, say: Words) -> None:
    """Show the link to be copied, scanned or downloaded, what it means to lose it, and what the device keeps."""
    link = here.address.link(hosted.root())
    day = theme.day(shelf.deletes_on(here), say)
    st.code(link, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            say("owner_link.download"),
            say("owner_link.file", link=link, day=day),
            file_name="ashore-link.txt",
            mime="text/plain",
            key="owner_link.download",
            on_click="ignore",
        )
        with st.popover(say("owner_link.picture")):
            qr.show(link, say("owner_link.picture_alt"))
    st.caption(say("owner_link.lost"))
    st.caption(say("owner_link.deleted", day=day))
    on = st.toggle(say("owner_link.remember"), key=_REMEMBER, value=entry.is_remembered(), on_change=_remember)
    if on:
        st.caption(say("owner_link.remembered"))


def figures(document: HouseholdDocument) -> Figures:
    """Give what the household's plan comes to, as links show it."""
    return _figures.ask(dump_household(document), lambda: figures_of(document))


def publish() -> None:
    """Bring the family's links up to date where the plan has been opened or saved since that was done last."""
    owner, here = shelf.owner(), keeping.opened()
    if owner is None or here is None or here.id != owner.address.id or here.number == 0:
        return
    if here.failure is not None or here.theirs is not None:  # what is on screen is not that revision
        return
    state = (here.id, here.number)
    if st.session_state.get(_PUBLISHED) != state:
        st.session_state[_PUBLISHED] = state
        document = session.household()
        owner.publish(lambda: figures(document), here.number)


def _remember() -> None:
    entry.remember(st.session_state[_REMEMBER])
