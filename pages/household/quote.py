"""The true rate of an instalment quote: what is received, what is taken first, what is paid each month."""

import streamlit as st

from core.plan_values import INSTALMENTS_MAX
from core.rates import quote_rate
from pages.shared import inputs
from pages.shared.words import Words


def show(key: str, say: Words) -> None:
    """Show the calculator, closed until somebody opens it."""
    with st.expander(say("quote.title")):
        st.caption(say("quote.note"))
        received = inputs.money(say, f"{key}_quote_received", say("quote.received"))
        fee = inputs.money(say, f"{key}_quote_fee", say("quote.fee"))
        paid = inputs.money(say, f"{key}_quote_paid", say("quote.paid"))
        count = inputs.whole(say, f"{key}_quote_count", say("quote.count"), low=1, high=INSTALMENTS_MAX)
        if received.value is None or paid.value is None or count.value is None or not fee.ok:
            return
        found = quote_rate(received.value, fee.value or 0, [paid.value] * count.value)
        if found.reason is not None or found.nominal_annual is None or found.effective_annual is None:
            st.markdown((found.zh if say.language == "zh" else found.en) or "")
            return
        st.markdown(
            say(
                "quote.result",
                nominal=f"{100 * found.nominal_annual:.2f}%",
                effective=f"{100 * found.effective_annual:.2f}%",
            )
        )
