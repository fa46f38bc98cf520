"""What a page shows while the engine is not ready: why, and what is known without it. It looks again by itself."""

import streamlit as st

from core.levers import recorded_debt
from core.plan import Plan
from pages.shared import engine, theme
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words

_LOOK_AGAIN_SECONDS = 1.0


def show(plan: Plan, say: Words) -> None:
    """Say that the engine is being made ready, and list the debts as the plan records them."""
    wait(say)
    total = sum(recorded_debt(debt) for debt in plan.debts)
    st.metric(say("warming.owed"), theme.money(total), border=True)
    rows = [Row(debt.name, "", "", [theme.money(recorded_debt(debt))]) for debt in plan.debts]
    st.html(figures_table(say("warming.debts_title"), [say("warming.debt"), say("warming.owed")], rows))


def wait(say: Words, body: str = "warming.body") -> None:
    """Say that the engine is being made ready, and look again until it is.

    Args:
        say: The reader's catalogue.
        body: Key of what can be done meanwhile.
    """
    with st.container(border=True, key="warming"):
        if engine.failed():
            st.markdown(say("warming.failed"))
        else:
            st.subheader(say("warming.title"), anchor=False)
            st.markdown(say(body))
            _look_again()


@st.fragment(run_every=_LOOK_AGAIN_SECONDS)
def _look_again() -> None:
    # The first run of the fragment is part of the page's own; only a later one may ask for the page anew.
    if engine.ready() or engine.failed():
        st.rerun()
