"""A visitor without a screen: the browser's side of Streamlit's protocol, for measuring what a server carries.

It does what the browser does with the messages: keeps the elements of the page, sends the state of every widget with
each move, keeps large elements and asks for them by their hash, comes back with its session after a broken connection.
"""

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http.client import HTTPMessage
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

XSRF_COOKIE = "_streamlit_xsrf"
RUN_SECONDS_MAX = 30.0
RETRY_SECONDS, RETRY_SECONDS_MAX = 0.5, 8.0
_ENTRY = "ashore_entry"
_FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_BYTES_MAX = 64 * 1024 * 1024


class Broken(Exception):
    """The page did not come: the connection broke, the script failed, or nothing came in time."""


class Interrupted(Broken):
    """The connection was lost while the page was on its way."""


class Shown(NamedTuple):
    """An element on the page.

    Attributes:
        kind: Streamlit's name for it, such as `slider`.
        proto: What it says.
        run: The run of the script that showed it last.
        fragment: The fragment that it belongs to; empty for the page itself.
    """

    kind: str
    proto: Any
    run: str
    fragment: str

    @property
    def key(self) -> str:
        """The key that the app gave it; empty where it has none."""
        found = re.match(r"\$\$ID-[^-]+-(.*)", getattr(self.proto, "id", ""))
        return "" if found is None or found[1] == "None" else found[1]


class Answer(NamedTuple):
    """What came of a move.

    Attributes:
        seconds: From the message sent to the end of the script's run.
        messages: How many messages came.
        size: Their bytes.
    """

    seconds: float
    messages: int
    size: int


class Visitor:
    """One browser tab."""

    def __init__(self, address: str, query: str = "lang=zh") -> None:
        """Be a visitor of the app at an address; `connect` goes there.

        Attributes:
            link: The plan and the secret that the tab keeps, in hosted mode.
        """
        self.address = address.rstrip("/")
        self.query = query
        self.cookies: dict[str, str] = {}
        self.shown: dict[tuple[int, ...], Shown] = {}
        self.pages: dict[str, str] = {}
        self.session = ""
        self.lost = asyncio.Event()
        self.headers: HTTPMessage | None = None
        self._carried_out: str | None = None
        self._page = ""
        self._run = ""
        self._states: dict[str, WidgetState] = {}
        self._kept: dict[str, ForwardMsg] = {}
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ended: asyncio.Future[float] | None = None
        self._count = self._size = 0
        self.link: dict[str, str] | None = None

    # -- connecting

    async def connect(self) -> None:
        """Ask for the page's own file and the server's health, as a browser does, and open the socket.

        Raises:
            OSError, InvalidHandshake: The server cannot be reached.
        """
        for path in (f"/?{self.query}", "/_stcore/health"):
            self.headers = await asyncio.to_thread(self._get, path)
        place = urlsplit(self.address)
        scheme = "wss" if place.scheme == "https" else "ws"
        tokens = ["streamlit", self.cookies.get(XSRF_COOKIE, "none"), *([self.session] if self.session else [])]
        self._socket = await connect(
            f"{scheme}://{place.netloc}/_stcore/stream",
            additional_headers={"Cookie": self._cookie_header()},
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=tokens,  # type: ignore[arg-type]
            compression=None,
            max_size=_BYTES_MAX,
            max_queue=None,
            proxy=None,
        )
        self.lost = asyncio.Event()
        self._reader = asyncio.create_task(self._read(self._socket))

    async def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def come_back(self, seconds_max: float = 60.0) -> Answer:
        """After a broken connection, do as the browser does: try until a server answers, then ask for the page.

        Raises:
            Broken: No server has answered in time.
        """
        give_up, pause = time.monotonic() + seconds_max, RETRY_SECONDS
        while True:
            try:
                await self.connect()
                return await self.ask()
            except (OSError, InvalidHandshake, ConnectionClosed, Broken) as error:
                if time.monotonic() + pause > give_up:
                    raise Broken("no server answered") from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, RETRY_SECONDS_MAX)

    def _get(self, path: str) -> HTTPMessage:
        request = urllib.request.Request(self.address + path, headers={"Cookie": self._cookie_header()})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as response:
            for one in response.headers.get_all("Set-Cookie") or ():
                name, _, value = one.partition(";")[0].partition("=")
                self.cookies[name.strip()] = value.strip()
            response.read()
            return response.headers

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    # -- asking and answers

    async def ask(
        self, change: WidgetState | None = None, *, trigger: bool = False, fragment: str = "", page: str | None = None
    ) -> Answer:
        """Send what the reader did, or nothing but the wish for the page, and wait until the script has run.

        Args:
            change: The new state of a widget.
            trigger: Whether that holds for this one run only, as for a button.
            fragment: The fragment that the widget belongs to.
            page: The page to go to, by the last part of its address.

        Raises:
            Broken: The page did not come.
        """
        if self._socket is None:
            raise Interrupted("not connected")
        sent = BackMsg()
        state = sent.rerun_script
        state.query_string = self.query
        state.page_script_hash = self._page if page is None else self.pages[page]
        state.fragment_id = fragment
        state.cached_message_hashes.extend(self._kept)
        state.context_info.url = self.address + "/"
        state.context_info.timezone = "Asia/Shanghai"
        state.context_info.timezone_offset = -480
        state.context_info.locale = "zh-CN"
        if change is not None and not trigger:
            self._states[change.id] = change
        widgets = {**self._states, change.id: change} if change is not None else self._states
        state.widget_states.widgets.extend(widgets.values())
        self._ended = asyncio.get_running_loop().create_future()
        self._count = self._size = 0
        began = time.perf_counter()
        try:
            await self._socket.send(sent.SerializeToString())
            ended = await asyncio.wait_for(self._ended, RUN_SECONDS_MAX)
        except TimeoutError as error:
            raise Broken("no end of the run") from error
        except ConnectionClosed as error:
            raise Interrupted("connection lost") from error
        finally:
            self._ended = None
        told = [one.proto.message for one in self.shown.values() if one.kind == "exception"]
        if told:
            raise Broken(f"an exception on the page: {told[0]}")
        answer = Answer(ended - began, self._count, self._size)
        more = await self._answer_entry()
        if more is None:
            return answer
        return Answer(answer.seconds + more.seconds, answer.messages + more.messages, answer.size + more.size)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                self._take(ForwardMsg.FromString(data))  # type: ignore[arg-type]
                self._count += 1
                self._size += len(data)
        except ConnectionClosed:
            pass
        finally:
            self.lost.set()
            self._end(Interrupted("connection lost"))

    def _end(self, failure: Exception | None = None) -> None:
        if self._ended is None or self._ended.done():
            return
        if failure is None:
            self._ended.set_result(time.perf_counter())
        else:
            self._ended.set_exception(failure)

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            kept = self._kept.get(message.ref_hash)
            if kept is None:
                self._end(Broken("a message that was never sent is referred to"))
                return
            self._show(kept, message.metadata)
        elif kind == "delta":
            if message.metadata.cacheable:
                self._kept[message.hash] = message
            self._show(message, message.metadata)
        elif kind == "new_session":
            session = message.new_session
            self.session = session.initialize.session_id or self.session
            self._page = session.page_script_hash
            self._run = message.metadata.run.script_run_id
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            self._end(Broken("page not found"))
        elif kind == "script_finished":
            if message.script_finished in _FINISHED:
                self._tidy(message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY)
                self._end()
            elif message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self._end(Broken("the script could not be compiled"))

    def _show(self, message: ForwardMsg, metadata: Any) -> None:
        delta, path = message.delta, tuple(metadata.delta_path)
        run = metadata.run.script_run_id or self._run
        if delta.WhichOneof("type") == "new_element":
            kind = delta.new_element.WhichOneof("type") or ""
            self.shown[path] = Shown(kind, getattr(delta.new_element, kind, None), run, delta.fragment_id)
        elif delta.WhichOneof("type") == "add_block":
            self.shown[path] = Shown("block", delta.add_block, run, delta.fragment_id)

    def _tidy(self, whole: bool) -> None:
        """At the end of a run, let go of what is no longer on the page, and note the state of what is new."""
        if whole:
            self.shown = {path: one for path, one in self.shown.items() if one.run == self._run}
        known = {one.proto.id for one in self.shown.values() if getattr(one.proto, "id", "")}
        self._states = {id: state for id, state in self._states.items() if id in known}
        for one in self.shown.values():
            if one.run == self._run and (one.kind in FIRST_STATES):
                fresh = getattr(one.proto, "set_value", False) or one.proto.id not in self._states
                state = FIRST_STATES[one.kind](one.proto) if fresh else None
                if state is not None:
                    self._states[one.proto.id] = state

    # -- the page

    def find(self, key: str, kind: str | None = None) -> Shown | None:
        """Give the element whose key begins so; None where there is none."""
        found = (one for one in self.shown.values() if one.key.startswith(key) and kind in (None, one.kind))
        return next(found, None)

    def of_kind(self, *kinds: str) -> Iterator[Shown]:
        """Give the elements of some kinds, from the top of the page down."""
        return (self.shown[path] for path in sorted(self.shown) if self.shown[path].kind in kinds)

    def state(self, widget: Shown) -> WidgetState:
        """Give where a widget stands."""
        return self._states.get(widget.proto.id) or WidgetState(id=widget.proto.id)

    async def press(self, button: Shown) -> Answer:
        """Press a button."""
        return await self.ask(
            WidgetState(id=button.proto.id, trigger_value=True), trigger=True, fragment=button.fragment
        )

    async def go(self, page: str) -> Answer:
        """Go to a page by its link."""
        return await self.ask(page=page)

    async def _answer_entry(self) -> Answer | None:
        """Be the browser's half of `pages.shared.entry`: keep the link of the tab and bring it along."""
        entry = next((one for one in self.of_kind("bidi_component") if one.proto.component_name == _ENTRY), None)
        if entry is None:
            return None
        data = json.loads(entry.proto.json or entry.proto.mixed.json)
        order = data.get("order") or {}
        if order.get("id") != self._carried_out:
            self._carried_out = order.get("id")
            self.link = None if order.get("forget") else order.get("keep", self.link)
        told = json.dumps({**(self.link or {"plan": "", "secret": ""}), "remembered": False}, separators=(",", ":"))
        if data.get("told") == told:
            return None
        state = WidgetState(id=entry.proto.id, json_value=json.dumps({"arrived": told}))
        return await self.ask(state, fragment=entry.fragment)


def _slider(proto: Any) -> WidgetState:
    if proto.type == proto.SELECT_SLIDER:
        chosen = list(proto.raw_value) if proto.set_value else [proto.options[int(place)] for place in proto.default]
        return state_of(proto, chosen)
    return state_of(proto, [float(value) for value in (proto.value if proto.set_value else proto.default)])


def _choice(proto: Any) -> WidgetState | None:
    if proto.set_value:
        return state_of(proto, proto.raw_value) if proto.HasField("raw_value") else None
    return state_of(proto, proto.options[proto.default]) if proto.HasField("default") and proto.options else None


def _group(proto: Any) -> WidgetState:
    chosen = list(proto.raw_values) if proto.set_value else [proto.options[place].content for place in proto.default]
    return state_of(proto, chosen)


FIRST_STATES = {
    "slider": _slider,
    "checkbox": lambda proto: state_of(proto, proto.value if proto.set_value else proto.default),
    "selectbox": _choice,
    "radio": _choice,
    "button_group": _group,
    "text_input": lambda proto: state_of(proto, proto.value if proto.set_value else proto.default),
}
"""How a widget stands when it appears, or when the app has set it."""


def state_of(proto: Any, value: bool | str | Sequence[Any]) -> WidgetState:
    """Write down where a widget stands."""
    state = WidgetState(id=proto.id)
    if isinstance(value, bool):
        state.bool_value = value
    elif isinstance(value, str):
        state.string_value = value
    elif proto.DESCRIPTOR.name == "Slider" and proto.type != proto.SELECT_SLIDER:
        state.double_array_value.data.extend(value)
    else:
        state.string_array_value.data.extend(value)
    return state


async def settled(visitor: Visitor, seconds_max: float = 120.0) -> None:
    """Wait until the engine is ready and the page is complete; the first visitor of a server waits longest."""
    give_up = time.monotonic() + seconds_max
    while any("warming" in getattr(one.proto, "id", "") for one in visitor.of_kind("block")):
        if time.monotonic() > give_up:
            raise Broken("the engine never was ready")
        await asyncio.sleep(0.5)
        with suppress(Broken):
            await visitor.ask()
