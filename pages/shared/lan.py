"""Serving the phones of a home: `ASHORE_MODE=lan` opens a second listener, on this machine's address at home.

The app itself goes on listening on this machine only. Whoever comes through the second listener meets the door of
`pages.shared.door` first. It is opened on a private address and on nothing else, so that a machine that is on the
internet itself never serves strangers by accident.
"""

import asyncio
import ipaddress
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import streamlit as st
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shared.door import OUTSIDE, PAIR_PATH
from pages.shared.pairing import Pairing

MODE_VARIABLE = "ASHORE_MODE"
ADDRESS_VARIABLE = "ASHORE_LAN_ADDRESS"
_LAN = "lan"
_PORTS_TRIED = 10
# An address that nobody has (RFC 5737): asking how one would get there sends nothing.
_NOWHERE = ("192.0.2.1", 9)
_log = logging.getLogger(__name__)


def is_wanted() -> bool:
    """Say whether the household asked for its phones to be served."""
    return os.environ.get(MODE_VARIABLE, "").strip().lower() == _LAN


pairing: Pairing | None = Pairing() if is_wanted() else None
"""The pairing of this process; None at home, where nobody but this machine is served."""

_address: str | None = None


def address() -> str | None:
    """Give the address that phones open, `http://…`; None where no listener could be opened."""
    return _address


def pairing_link() -> str | None:
    """Give the link that pairs whoever opens it, for the picture on the desk."""
    if pairing is None or _address is None:
        return None
    return f"{_address}{PAIR_PATH}#{pairing.secret}"


def home_address() -> str | None:
    """Give this machine's address in the home network; None where it has none, or a public one."""
    found = os.environ.get(ADDRESS_VARIABLE) or _way_out()
    try:
        parsed = ipaddress.ip_address(found or "")
    except ValueError:
        return None
    return str(parsed) if parsed.is_private and not parsed.is_unspecified else None


def _way_out() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_NOWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])


class _Server(uvicorn.Server):
    """A server beside the app's own, which alone listens for signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[None]:
    """Serve other devices at home for as long as the app runs; nothing but that where nobody asked for it."""
    global _address
    found = home_address() if is_wanted() else None
    listener = None if found is None else _listener(found, int(st.get_option("server.port")))
    if listener is None:
        if is_wanted():
            _log.warning("no address in a home network was found, so phones cannot be served; see %s", ADDRESS_VARIABLE)
        yield
        return

    async def from_outside(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, OUTSIDE: True}, receive, send)

    config = uvicorn.Config(
        from_outside,
        lifespan="off",
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        use_colors=False,
        ws_max_size=int(st.get_option("server.maxMessageSize")) * 1_000_000,
    )
    server = _Server(config)
    host, port = listener.getsockname()[:2]
    _address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        _address = None
        server.should_exit = True
        await task


def _listener(host: str, first_port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first_port, first_port + _PORTS_TRIED):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            listener.close()
            continue
        return listener
    return None
