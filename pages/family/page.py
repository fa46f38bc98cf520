"""The page: where the household stands, what helps most, what a sum would do, a pledge, and a picture.

It is read-only: whoever comes by a link changes nothing of the household. The document is read anew on each run, so a
page that stays open follows the household.
"""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from core.plan import PlanError
from core.sharing import Ended, Family, NotFound, SharingError
from core.store import StoreError
from pages.family import effects, gift, pictures, pledge, stands
from pages.family.shown import View, view_of
from pages.shared import inputs, session, shelf, theme
from pages.shared.words import Words

_STYLESHEET = Path(__file__).with_name("style.css")


def show() -> None:
    """Show the page."""
    say = session.words()
    st.html(_STYLESHEET)
    family = shelf.family()
    if family is None:
        return
    try:
        view = view_of(family, say)
    except Ended as ended:
        _show_ended(ended, say)
    except PlanError as error:
        _show_failed([each.zh if say.language == "zh" else each.en for each in error.problems], say)
    except (SharingError, StoreError) as error:
        _show_failed([error.zh if say.language == "zh" else error.en], say)
    else:
        try:
            _show(family, view, say)
        except (Ended, NotFound):
            st.rerun()  # it ended in the middle: the next run says so, in place of the page


def _show(family: Family, view: View, say: Words) -> None:
    st.title(say("family.title"), anchor=False)
    inputs.offer_keypads()
    stands.show(view, say)
    stands.show_details(view, say)
    effects.show_best(view, say)
    if view.document.owed == 0:
        st.markdown(say("family.gift.none"))
    else:
        st.header(say("family.gift.title"), anchor=False)
        with st.container(border=True, key="family_gift"):
            given = gift.show(view, say)
        with st.container(border=True, key="family_pledge"):
            pledge.show(family, view, given, say)
    pledge.show_sent(family, view, say)
    with st.container(key="family_picture"):
        pictures.show(view, say)
        st.caption(say("family.picture.print"))
        st.button(say("family.again"), key="family.again")
    # The page is before a person: a robot that asks for the address brings no secret, and never comes this far.
    with suppress(StoreError):
        family.seen()


def _show_ended(ended: Ended, say: Words) -> None:
    st.title(say("family.gone.title"), anchor=False)
    key = "expired" if ended.reason == "expired" else "revoked"
    st.markdown(say(f"family.gone.{key}", day=theme.day(ended.when.astimezone().date(), say)))


def _show_failed(sentences: list[str], say: Words) -> None:
    st.title(say("family.gone.title"), anchor=False)
    for sentence in sentences:
        inputs.complain(sentence)
    st.button(say("family.gone.again"), key="family.retry")


show()
