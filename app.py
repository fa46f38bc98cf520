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
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pages.household import start
from pages.shared import document, engine, lan, privacy, saved, session, theme
from pages.shared.door import Door


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

_WANTED = "page"


def main() -> None:
    """Run the page that was asked for, in the reader's language."""
    say = session.words()
    st.set_page_config(page_title=say("app.tab"), page_icon="🛟", layout="centered")
    st.html(theme.STYLESHEET)
    home = st.Page(HOME.file, title=say(HOME.name), url_path=HOME.address, default=True)
    pages = {entry: st.Page(entry.file, title=say(entry.name), url_path=entry.address) for entry in PAGES}
    current = st.navigation([home, *pages.values()], position="hidden")
    privacy.on_arrival()
    wanted = session.on_arrival(_WANTED)
    for entry, page in pages.items():
        if entry.address == wanted:
            st.switch_page(page)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        st.markdown(f"**{say('app.title')}**", width="content")
        for entry, page in {HOME: home, **pages}.items():
            st.page_link(page, label=say(entry.name))
        st.space("stretch")
        privacy.choose(say)
        session.choose_language(say)
    if session.is_open():
        if saved.show_state(say):
            start.begin_asking()
            st.switch_page(next(page for entry, page in pages.items() if entry.address == "household"))
        current.run()
    else:
        start.show(say)
    st.caption(say("app.footer"))
    saved.show_notice(say)
    document.set_language(say("language.html"))


@asynccontextmanager
async def _serving(served: st.App) -> AsyncIterator[None]:
    engine.start()
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


def _addresses() -> list[Route]:
    return [Route(f"/{entry.address}{slash}", _to_the_root) for entry in (HOME, *PAGES) for slash in ("", "/")]


if __name__ == "__main__":
    main()
else:
    app = st.App(__file__, lifespan=_serving, routes=_addresses(), middleware=[Middleware(Door, pairing=lan.pairing)])
