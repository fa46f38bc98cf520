"""Putting a chart on a page: still under a thumb, described for those who do not see it, after what is read first."""

import time

import plotly.graph_objects as go
import streamlit as st

from pages.shared import theme

FIRST_PAUSE_SECONDS = 0.4

_SHOWN = "charts.shown"
# A thumb that scrolls past a chart must not drag or zoom it; hover and tap still answer.
_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


def show(figure: go.Figure, *, key: str, alt: str) -> None:
    """Show a chart at the fixed height of all charts.

    The first one of a session waits a moment: its library is by far the largest thing that the browser has to read, and
    while it does so, no figure that came along with the chart would appear (measured: half a second later).

    Args:
        figure: On `theme.chart_frame`.
        key: The chart's name among all elements.
        alt: What the chart shows, and where its figures are found.
    """
    if _SHOWN not in st.session_state:
        time.sleep(FIRST_PAUSE_SECONDS)
        st.session_state[_SHOWN] = True
    st.plotly_chart(figure, height=theme.CHART_HEIGHT, config=_CONFIG, key=key, alt=alt)
