"""The desk's side of pairing: the address, the code and the picture for a phone at home."""

import streamlit as st

from pages.shared import lan, qr
from pages.shared.door import PAIRED_HEADER
from pages.shared.pairing import Pairing
from pages.shared.words import Words


def show(say: Words) -> None:
    """Show how a phone gets in; nothing where phones are not served, and nothing on a phone."""
    if lan.pairing is None or is_phone():
        return
    with st.expander(say("lan.desk.title")):
        link = lan.pairing_link()
        if link is None:
            st.markdown(say("lan.desk.nowhere", variable=lan.ADDRESS_VARIABLE))
            return
        _show_pairing(lan.pairing, link, say)


def is_phone() -> bool:
    """Say whether the reader sits at a paired device, and not at the desk."""
    return PAIRED_HEADER in st.context.headers


def _show_pairing(pairing: Pairing, link: str, say: Words) -> None:
    half = len(pairing.code) // 2
    st.markdown(say("lan.desk.scan"))
    qr.show(link, say("lan.desk.picture"))
    address = lan.address() or ""
    st.markdown(say("lan.desk.type", address=address, code=f"{pairing.code[:half]} {pairing.code[half:]}"))
    st.caption(say.counted("lan.desk.paired", pairing.device_count))
    if pairing.closed:
        st.markdown(say("lan.desk.closed"))
    st.button(say("lan.desk.renew"), key="lan.renew", on_click=pairing.renew)
    st.caption(say("lan.desk.note"))
