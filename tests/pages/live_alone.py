"""A page with nothing but the slider, which says what it was told; for the tests of the slider."""

import os

import streamlit as st

from core import simulate
from pages.shared import document, live, privacy, session
from pages.shared.words import words_in

simulate.warm()
say = words_in(os.environ.get("ASHORE_TEST_LANGUAGE", "zh"))
privacy.on_arrival()
sample = st.selectbox("sample", session.samples())
strategy = st.selectbox("strategy", [None, *simulate.STRATEGIES])
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if not st.checkbox("away"):
    told = live.show(session.sample_plan(sample), say, key="alone", strategy=strategy)
    st.markdown(f"told {told}")
st.markdown(f"runs {st.session_state['runs']}")
st.button("again")
privacy.choose(say)
document.set_language(say("language.html"))
