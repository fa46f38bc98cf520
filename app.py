"""Ashore's door: page settings, language, navigation. Every page runs through here, whatever address was asked for.

`streamlit run app.py` finds `app` below, imports this file once to serve it, and runs it as a script for each visit.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from core.store import StoreError
from pages.household import start
from pages.shared import document, engine, guests, hosted, lan, owner_link, privacy, saved, session, stores, theme
from pages.shared.door import Door
from pages.shared.words import Words


class Entry(NamedTuple):
    """A page: its address, its file, and the key of its name."""

    address: str
    file: str
    name: str


PAGES = (
    Entry("budget_cuts", "pages/budget_cuts/page.py", "nav.budget_cuts"),
    Entry("strategy_comparison", "pages/strategy_comparison/page.py", "nav.strategy_comparison"),
    Entry("overdue_cost", "pages/overdue_cost/page.py", "nav.overdue_cost"),
    Entry("act", "pages/act/page.py", "nav.act"),
    Entry("household", "pages/household/page.py", "nav.household"),
)
# The page at `/`; `st.Page` gives a default page no second address of its own.
HOME = Entry("overview", "pages/overview/page.py", "nav.overview")
# The one page of whoever comes by a link for the family.
FAMILY = Entry("family", "pages/family/page.py", "nav.family")

_WANTED = "page"


def main() -> None:
    """Run the page that was asked for, in the reader's language."""
    say = session.words()
    st.set_page_config(page_title=say("app.tab"), page_icon="🛟", layout="centered")
    st.html(theme.STYLESHEET)
    privacy.on_arrival()
    guest = guests.arrive() if hosted.is_on() else "owner"
    if guest == "family":
        _show_family(say)
    elif guest == "waiting":
        # All pages, so that whoever stands on one of them while a new server takes over is not sent to the first.
        st.navigation([_page(HOME, say, default=True), *(_page(each, say) for each in PAGES)], position="hidden")
        st.caption(say("guests.waiting"))
    else:
        _show_household(say)
    document.set_language(say("language.html"))


def _show_household(say: Words) -> None:
    home = _page(HOME, say, default=True)
    pages = {entry: _page(entry, say) for entry in PAGES}
    current = st.navigation([home, *pages.values()], position="hidden")
    wanted = session.on_arrival(_WANTED)
    for entry, page in pages.items():
        if entry.address == wanted:
            st.switch_page(page)
    with _bar(say):
        for entry, page in {HOME: home, **pages}.items():
            st.page_link(page, label=say(entry.name))
        st.space("stretch")
        privacy.choose(say)
        session.choose_language(say)
    if hosted.is_on():
        guests.show_refused(say)
        owner_link.show_new(say)
    if session.is_open():
        if saved.show_state(say):
            start.begin_asking()
            st.switch_page(next(page for entry, page in pages.items() if entry.address == "household"))
        current.run()
    else:
        start.show(say)
    st.caption(say("app.footer"))
    saved.show_notice(say)
    if hosted.is_on():
        owner_link.publish()


def _show_family(say: Words) -> None:
    """Show what the link shows; of the owner's pages, none exists for whoever comes by it."""
    current = st.navigation([_page(FAMILY, say, default=True)], position="hidden")
    with _bar(say):
        st.space("stretch")
        privacy.choose(say)
        session.choose_language(say)
    current.run()
    st.caption(say("app.footer"))


def _page(entry: Entry, say: Words, *, default: bool = False) -> StreamlitPage:
    return st.Page(entry.file, title=say(entry.name), url_path=entry.address, default=default)


def _bar(say: Words) -> DeltaGenerator:
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar")
    bar.markdown(f"**{say('app.title')}**", width="content")
    return bar


@asynccontextmanager
async def _serving(served: st.App) -> AsyncIterator[None]:
    engine.start()
    if hosted.is_on():
        async with hosted.serving():
            yield
    else:
        async with lan.serving(served):
            yield


async def _to_the_root(request: Request) -> Response:
    """Answer a page's own address with the root, which then opens that page.

    Streamlit takes such an address badly: while a folder is named `pages`, a server's first visitor is told "Page not
    found", and every visitor's browser first asks for files beside the page that do not exist. A browser carries the
    fragment over by itself; `?lang=` is carried over here.
    """
    address = request.url.path.rstrip("/")
    query = urlencode([*request.query_params.multi_items(), (_WANTED, address.rpartition("/")[2])])
    # Relative, so that it also holds where a proxy serves the app below a path of its own.
    return RedirectResponse(f"{'..' if request.url.path.endswith('/') else '.'}/?{query}")


def _health(_: Request) -> Response:
    """Say whether the store answers; for whoever watches the server, and about no household."""
    try:
        answers = stores.store().answers()
    except StoreError:
        answers = False
    return JSONResponse({"store": "ok" if answers else "unavailable"}, 200 if answers else 503)


def _addresses() -> list[Route]:
    pages = [Route(f"/{each.address}{slash}", _to_the_root) for each in (HOME, *PAGES, FAMILY) for slash in ("", "/")]
    return [Route("/health", _health), *pages]


if __name__ == "__main__":
    main()
else:
    # At home a door refuses strangers; hosted, everybody may come, and a plan is behind its own secret.
    _door = [] if hosted.is_on() else [Middleware(Door, pairing=lan.pairing)]
    app = st.App(__file__, lifespan=_serving, routes=_addresses(), middleware=_door)
