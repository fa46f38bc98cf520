"""The calm start where no household is open: three questions, an example to look at, or a file."""

from datetime import timedelta

import streamlit as st

from core.facts import FactDateError
from core.household import DebtDetails, household_of, with_details
from core.plan import PlanError
from pages.household import debt_editor, upload
from pages.household.draft import Names, new_plan
from pages.shared import engine, hosted, inputs, keeping, scroll, session, warming
from pages.shared.saved import told
from pages.shared.words import Words

_MODE = "start.mode"
_PAYDAY = 10


def show(say: Words) -> None:
    """Show the start."""
    st.title(say("start.title"), anchor=False)
    failure = keeping.failure()
    if failure is not None:
        with st.container(border=True, key="start_failure"):
            st.markdown(f":red[{inputs.plain(told(failure, say))}]")
            with st.container(horizontal=True):
                st.button(say("saved.again"), key="start.again", on_click=keeping.look_again)
                if failure.reason == "broken":
                    st.button(say("start.set_aside"), key="start.aside", on_click=keeping.set_damaged_aside)
    st.markdown(say("start.lead_hosted" if hosted.is_on() else "start.lead"))
    if st.session_state.get(_MODE) == "questions":
        ask(say)
        return
    st.button(
        say("start.begin"), key="start.begin", type="primary", width="stretch", on_click=_set_mode, args=("questions",)
    )
    show_samples(say)
    upload.show(say, "start")


def show_samples(say: Words) -> None:
    """Show the examples; each opens as a copy."""
    st.header(say("start.samples"), anchor=False)
    st.caption(say("start.samples_note"))
    for name in session.samples():
        st.button(say(f"sample.{name}"), key=f"sample.{name}", width="stretch", on_click=open_sample, args=(name,))


def open_sample(name: str) -> None:
    """Open an example as a copy."""
    keeping.begin(keeping.sample(name), "saved.sample_opened")
    _set_mode("")


def _set_mode(mode: str) -> None:
    st.session_state[_MODE] = mode
    scroll.ask()


def ask(say: Words, *, back: str = "start.back") -> None:
    """Ask the three questions from which a household begins: what comes in, what living costs, the first debt."""
    st.button(say(back), key="start.leave", icon=":material/arrow_back:", on_click=leave)
    with st.container():
        if not engine.ready():
            warming.wait(say, "warming.typing")
    _ask(say)
    inputs.offer_keypads()


def leave() -> None:
    """Leave the questions."""
    _set_mode("")


def is_asking() -> bool:
    """Say whether the questions are on screen."""
    return st.session_state.get(_MODE) == "questions"


def begin_asking() -> None:
    """Put the questions on screen."""
    _set_mode("questions")


@st.fragment
def _ask(say: Words) -> None:
    today = session.today()
    as_of = today - timedelta(1)
    st.header(say("start.debt_question"), anchor=False)
    filled = debt_editor.fill("start", None, debt_editor.NEW, as_of, say)
    debts = None
    if filled.product is not None:
        debts = debt_editor.show_meaning(filled, debt_editor.ids_for(filled, []), as_of, today, say)
    st.header(say("start.income_question"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width=176):
            income = inputs.money(say, "start_income", say("start.income"), kept=True)
        with st.container(width=136):
            payday = inputs.whole(
                say, "start_payday", say("money.payday"), _PAYDAY, low=1, high=31, needed=True, kept=True
            )
    st.header(say("start.living_question"), anchor=False)
    living = inputs.money(say, "start_living", say("start.living"), hint=say("start.living_hint"), kept=True)
    if not st.button(say("start.go"), key="start.go", type="primary", width="stretch"):
        return
    if filled.product is None or debts is None or not (income.ok and payday.ok and living.ok):
        waits = filled.ok and debts is None and not engine.ready()
        key = "start.needs_engine" if waits else "start.needs_debt"
        st.markdown(f":red[{say(key)}]")
        return
    names = Names(say("start.income_name"), say("start.living_name"))
    try:
        plan = new_plan(debts, as_of, income.value, living.value, payday.value or _PAYDAY, names)
        document = household_of(plan)
        for one in debts:
            details: DebtDetails = filled.details.model_copy(update={"debt": f"{one['id']}"})
            document = with_details(document, details)
        keeping.begin(document, "saved.begun")
    except (PlanError, FactDateError) as error:
        st.markdown(f":red[{inputs.plain(str(error))}]")
        return
    leave()
    st.rerun()
