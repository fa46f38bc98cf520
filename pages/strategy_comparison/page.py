"""The page: the same money in several ways: compare them, note down offers, see what to promise, and what is paid."""

from pathlib import Path

import streamlit as st

from pages.shared import decisions, engine, inputs, pledges, sections, session, warming
from pages.strategy_comparison import offers, ours, payments, promise, ways
from pages.strategy_comparison.case import read

_STYLESHEET = Path(__file__).with_name("style.css")
SECTION = "comparison.section"
SECTIONS = ("compare", "offers", "promise", "detail")


def show() -> None:
    """Show the page; only the section that is looked at is worked out."""
    say = session.words()
    st.html(_STYLESHEET)
    st.title(say("comparison.title"), anchor=False)
    if not engine.ready():
        warming.show(session.plan(), say)
        return
    section = sections.choose(SECTION, SECTIONS, say("ways.section"), lambda one: say(f"ways.{one}"))
    decisions.show_problems(say)
    case = read()
    ours.show(case, say)
    if case.followed is not None and section in ("compare", "offers"):
        pledges.show_waiting(case.followed, say)
    if section == "compare":
        ways.show(case, say)
    elif case.followed is None:
        st.markdown(say("table.failed"))
    elif section == "offers":
        offers.show(case, say)
    elif section == "promise":
        promise.show(case, case.followed, say)
    else:
        payments.show(case, say)
    inputs.offer_keypads()


show()
