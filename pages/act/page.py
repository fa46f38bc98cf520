"""The page: one lender at a time, what to say and write, what to lean on; the log of calls; calendar and workbook."""

from pathlib import Path

import streamlit as st

from core.household import HouseholdDocument
from core.today import BEFORE_LENDERS
from pages.act import answers, calls, downloads, letter, phone, rules, sections
from pages.act.answers import Lenders
from pages.shared import decisions, engine, inputs, session, warming
from pages.shared.words import DEFAULT_LANGUAGE, LANGUAGES, Words, words_in

_STYLESHEET = Path(__file__).with_name("style.css")
_DEBT = "act.debt"


def show() -> None:
    """Show the page."""
    say = session.words()
    st.html(_STYLESHEET)
    st.title(say("act.title"), anchor=False)
    document = session.household()
    _show_first(document, say)
    section = sections.choose(say)
    if section == "calls":
        calls.show(document, say)
    elif not engine.ready():
        warming.show(document.plan, say)
    else:
        found = answers.lenders(document)
        if found is None:
            st.markdown(say("table.failed"))
        elif section == "files":
            downloads.show(document, say)
        elif not found.order:
            with st.container(key="verdict"):
                st.markdown(say("act.clear"))
        else:
            _show_lender(document, found, section, say)
    inputs.offer_keypads()


def _show_first(document: HouseholdDocument, say: Words) -> None:
    """Say that something else comes before lenders, where it does."""
    if any(getattr(document.answers, name) for name in BEFORE_LENDERS):
        with st.container(border=True, key="act_first"):
            st.markdown(say("act.crisis", page=say("nav.overview")))
            st.page_link("pages/overview/page.py", label=say("act.crisis_link"))


def _show_lender(document: HouseholdDocument, found: Lenders, section: str, say: Words) -> None:
    decisions.show_problems(say)
    debt = st.selectbox(
        say("act.which"),
        found.order,
        key=f"{_DEBT}.{session.document_key()}",
        format_func=lambda one: _label(found, one, say),
        filter_mode=None,
        persist_state="session",
    )
    talk = answers.talk(document, found, debt if debt in found.order else found.order[0])
    if section != "rules":
        with st.container(key="act_about"):
            phone.show_facts(talk, say)
            phone.show_offer(talk, say)
    if section == "phone":
        foreign = say.language != DEFAULT_LANGUAGE
        phone.show(talk, _choose_words(section, say.language, say) if foreign else say, say)
    elif section == "letter":
        # The lender reads Chinese, whatever the household reads.
        letter.show(talk, _choose_words(section, DEFAULT_LANGUAGE, say), say)
    else:
        rules.show(talk, say)
    if talk.known.preset is None:
        st.caption(say("act.product_hint", page=say("nav.household")))


def _label(found: Lenders, debt: str, say: Words) -> str:
    name, days = found.late.names[debt], found.days_late(debt)
    if days:
        return say("act.which_late", debt=name, days=say.counted("format.day_count", days))
    return say("act.which_offer", debt=name) if debt in found.offered else name


def _choose_words(section: str, first: str, say: Words) -> Words:
    """Choose the language of what is said or written."""
    language = st.segmented_control(
        say("act.words_in"),
        LANGUAGES,
        default=first,
        key=f"act.language.{section}.{say.language}",
        format_func=lambda one: words_in(one)("language.name"),
        required=True,
        persist_state="session",
    )
    return words_in(language)


show()
