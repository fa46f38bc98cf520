"""A page of constant data for `benchmarks.pages`: the widgets and charts of a page of the app, and nothing behind them.

Run by Streamlit. `ASHORE_PEER` names a file with the page's elements in two states; any control shows the other one.
"""

import json
import os
from pathlib import Path
from typing import Any

import plotly.io
import streamlit as st

_SHOWN = "peer.shown"
_NAMED = {"title": st.title, "header": st.header, "subheader": st.subheader, "caption": st.caption}


def _other() -> None:
    st.session_state[_SHOWN] = 1 - st.session_state.get(_SHOWN, 0)


def play(nodes: list[dict[str, Any]], place: str) -> None:
    """Show elements one after another."""
    for index, node in enumerate(nodes):
        _play_one(node, f"{place}.{index}")


def _play_one(node: dict[str, Any], key: str) -> None:
    kind = node["kind"]
    if kind == "column":
        return
    if kind == "columns":
        for place, (column, child) in enumerate(zip(st.columns(len(node["children"])), node["children"], strict=True)):
            with column:
                play(child["children"], f"{key}.{place}")
    elif kind == "expander":
        with st.expander(node["label"]):
            play(node["children"], key)
    elif kind == "grid":
        with st.grid(4, min_column_width=150):
            play(node["children"], key)
    elif kind == "block":
        with st.container(border=node["border"], horizontal=node["horizontal"], key=node["key"]):
            play(node["children"], key)
    elif kind in _NAMED:
        _NAMED[kind](node["body"])
    elif kind == "markdown":
        st.markdown(node["body"])
    elif kind == "html":
        st.html(node["body"])
    elif kind == "metric":
        st.metric(node["label"], node["body"], border=True)
    elif kind == "plotly":
        st.plotly_chart(plotly.io.from_json(node["spec"]), height=node["height"], key=key)
    else:
        _play_widget(node, key)


def _play_widget(node: dict[str, Any], key: str) -> None:
    kind, label = node["kind"], node["label"] or "·"
    if kind == "toggle":
        st.toggle(label, key=key, on_change=_other)
    elif kind == "slider":
        st.slider(label, node["low"], node["high"], node["value"], node["step"], key=key, on_change=_other)
    elif kind == "button":
        st.button(label, key=key)
    elif kind == "choices":
        st.pills(label, node["options"], key=key)
    elif kind == "selectbox":
        st.selectbox(label, node["options"], key=key)
    elif kind == "text":
        st.text_input(label, key=key)
    elif kind == "number":
        st.number_input(label, key=key)
    elif kind == "date":
        st.date_input(label, key=key)


st.set_page_config(layout="centered")
states = json.loads(Path(os.environ["ASHORE_PEER"]).read_text("utf-8"))
play(states[st.session_state.get(_SHOWN, 0)], "p")
