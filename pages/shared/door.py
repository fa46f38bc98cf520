"""Who is let in: this machine always, other devices at home after pairing, nobody else.

A middleware in front of all of Streamlit, pages, sockets and files alike. What counts is the address that the
connection comes from; headers in which a client says where it comes from are believed by nobody. One of them, or a host
name that is not this machine's, even takes away the trust in a connection from this machine: a tunnel, or a page of a
stranger that had its own name point here, would look just like that.
"""

import ipaddress
import json
import secrets
from http import cookies
from importlib import resources
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from pages.shared.pairing import Pairing
from pages.shared.words import DEFAULT_LANGUAGE, LANGUAGES, Words, words_in

PAIR_PATH = "/pair"
OUTSIDE = "ashore.outside"
"""Set in the scope by a listener for other devices: whoever comes through it is not at the desk."""

PAIRED_HEADER = "x-ashore-paired"
"""Added for pages, so that they know a paired device from the desk; one that a client sends is dropped."""

_COOKIE = "ashore_paired"
_COOKIE_SECONDS = 30 * 24 * 3600
_BODY_MAX = 1024
_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_HOST_NAMES = ("localhost", "127.0.0.1", "::1")


class Door:
    """The middleware."""

    def __init__(self, app: ASGIApp, pairing: Pairing | None) -> None:
        """Stand in front of an app.

        Args:
            app: What is behind the door.
            pairing: How other devices get in; None where they do not.
        """
        self._app = app
        self._pairing = pairing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, ask it for the code, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != PAIRED_HEADER.encode()]
        if is_desk(connection) and not scope.get(OUTSIDE):
            await self._app(scope, receive, send)
        elif self._pairing is not None and self._pairing.is_paired(_token(connection)):
            if scope["path"] == PAIR_PATH:
                await RedirectResponse("/", 303)(scope, receive, send)
                return
            scope["headers"].append((PAIRED_HEADER.encode(), b"1"))
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            answer = await self._answer(Request(scope, receive))
            answer.headers["cache-control"] = "no-store"
            await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        say = words_in(_language(request))
        if self._pairing is None:
            return PlainTextResponse(say("lan.refused"), 403)
        if request.url.path == PAIR_PATH and request.method == "POST":
            return await self._try(request, self._pairing, say)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return _page(say, say("lan.enter"), 200 if request.url.path in ("/", PAIR_PATH) else 403)
        return PlainTextResponse(say("lan.enter"), 403)

    async def _try(self, request: Request, pairing: Pairing, say: Words) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
            return PlainTextResponse(say("lan.enter"), 403)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _BODY_MAX:
                return PlainTextResponse(say("lan.enter"), 413)
        offered = parse_qs(body.decode(errors="replace")).get("code", [""])[0]
        token = pairing.offer(offered)
        if token in ("wrong", "wait", "closed"):
            return _page(say, say(f"lan.{token}"), 403 if token == "wrong" else 429)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(_COOKIE, token, max_age=_COOKIE_SECONDS, httponly=True, samesite="strict", path="/")
        return answer


def is_desk(connection: HTTPConnection) -> bool:
    """Say whether a connection comes straight from this machine, by a name of this machine."""
    if connection.client is None or any(name in connection.headers for name in _FORWARDING):
        return False
    if not _is_loopback(connection.client.host):
        return False
    host = connection.headers.get("host", "")
    return _without_port(host) in _HOST_NAMES


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _without_port(host: str) -> str:
    """Take the port off a host.

    >>> _without_port("localhost:8501"), _without_port("[::1]:8501"), _without_port("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _token(connection: HTTPConnection) -> str:
    # A list of cookies that cannot be read is no cookie; Starlette's own reading takes the last of two of one name.
    jar: cookies.SimpleCookie = cookies.SimpleCookie()
    try:
        jar.load(connection.headers.get("cookie", ""))
    except cookies.CookieError:
        return ""
    return jar[_COOKIE].value if _COOKIE in jar else ""


def _language(request: Request) -> str:
    first = request.headers.get("accept-language", "").partition(",")[0].partition("-")[0].strip().lower()
    return first if first in LANGUAGES else DEFAULT_LANGUAGE


def _page(say: Words, sentence: str, status: int) -> Response:
    nonce = secrets.token_urlsafe(_BODY_MAX // 64)
    text = resources.files("pages.shared").joinpath("pair.html").read_text("utf-8")
    fills = {
        "language": say("language.html"),
        "title": say("app.tab"),
        "heading": say("lan.heading"),
        "sentence": sentence,
        "label": say("lan.label"),
        "button": say("lan.button"),
    }
    for name, value in fills.items():
        text = text.replace(f"[[{name}]]", value)
    text = text.replace("[[nonce]]", nonce).replace("[[path]]", json.dumps(PAIR_PATH))
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action 'self'"
    headers = {"content-security-policy": policy + "; frame-ancestors 'none'", "referrer-policy": "same-origin"}
    return HTMLResponse(text, status, headers)
