"""The form for a company that wants a fee for settling debts, with what is known of such companies."""

import streamlit as st

from core.facts import facts
from core.levers import ServiceFee, first_day
from pages.shared import inputs
from pages.shared.words import Words
from pages.strategy_comparison import keep
from pages.strategy_comparison.case import Case

_FACT = "collection.agents_warning"


@st.fragment
def show(case: Case, say: Words) -> None:
    """Show the form."""
    show_warning(case, say)
    name = inputs.name(say, keep.field("fee_name"), say("fee.name"), kept=True)
    amount = inputs.money(say, keep.field("fee_amount"), say("fee.amount"), low=1, needed=True, kept=True)
    day = inputs.day(
        say,
        keep.field("fee_day"),
        say("fee.date"),
        low=first_day(case.found.before),
        hint=say("fee.date_hint"),
        kept=True,
    )
    st.caption(say("fee.then"))
    below = st.container()
    if st.button(say("offer.save"), key="offer.save.fee", type="primary") and name.value and amount.value is not None:
        lever = ServiceFee(name=name.value, amount=amount.value, date=day.value)
        keep.save(lever, say("offer.named_fee", name=name.value), case, say, below)


def show_warning(case: Case, say: Words) -> None:
    """Say what is known of such companies, and who says so."""
    st.markdown(f":red[{say('fee.first')}]")
    fact = facts()[_FACT]
    answer = facts().as_read(_FACT, case.found.before.start)
    title = fact.title.zh if say.language == "zh" else fact.title.en
    st.markdown(f"{inputs.plain(title)} :gray-badge[{say(f'overdue.kind.{answer.dated.kind}')}]")
