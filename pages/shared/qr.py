"""A link as a picture that a camera reads."""

from html import escape

import segno
import streamlit as st

_SCALE, _BORDER = 5, 4


def show(link: str, alt: str) -> None:
    """Show the picture; dark on light whatever the theme: cameras do not read it the other way round."""
    picture = segno.make(link, error="m").svg_data_uri(scale=_SCALE, border=_BORDER, dark="black", light="white")
    st.html(f'<img src="{picture}" alt="{escape(alt)}" style="max-width:100%">')
