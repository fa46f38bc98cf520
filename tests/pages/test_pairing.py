"""Who is let in: the desk; other devices after pairing; nobody by a header, a guess, or a foreign name."""

from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from pages.shared import lan
from pages.shared.door import OUTSIDE, PAIRED_HEADER, Door
from pages.shared.pairing import (
    CODE_DIGITS,
    DEVICES_MAX,
    WAIT_SECONDS_MAX,
    WRONG_FREE,
    WRONG_MAX,
    Pairing,
)
from pages.shared.words import words_in
from tests import loops

PHONE = "192.168.1.20"
DESK = "127.0.0.1"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def wrong_code(pairing: Pairing) -> str:
    return f"{(int(pairing.code) + 1) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


class TestPairing:
    def test_the_code_and_the_secret_pair_a_browser(self) -> None:
        pairing = Pairing(Clock())
        spaced = f" {pairing.code[:4]} {pairing.code[4:]} "
        tokens = {pairing.offer(spaced), pairing.offer(pairing.secret)}
        assert len(tokens) == pairing.device_count == 2
        assert all(pairing.is_paired(token) for token in tokens)

    @pytest.mark.parametrize("offered", ["", "0", "é", "\x00", "９" * 8, "x" * 1000, "\udcff"])
    def test_anything_else_does_not(self, offered: str) -> None:
        pairing = Pairing(Clock())
        assert pairing.offer(offered) == "wrong"
        assert pairing.device_count == 0
        assert not pairing.is_paired(offered)

    def test_each_start_has_its_own(self) -> None:
        assert len({Pairing().code for _ in range(20)}) > 15
        assert len(Pairing().code) == CODE_DIGITS >= 6
        assert len(Pairing().secret) >= 22  # 128 bits

    def test_guessing_slows_down_and_ends(self) -> None:
        clock = Clock()
        pairing = Pairing(clock)
        looked_at = seconds = 0
        while not pairing.closed:
            if pairing.offer(wrong_code(pairing)) == "wrong":
                looked_at += 1
            else:
                clock.now += 1
                seconds += 1
        assert looked_at == WRONG_MAX
        assert seconds > (WRONG_MAX - WRONG_FREE - 7) * WAIT_SECONDS_MAX
        assert pairing.offer(pairing.code) == "closed"

    def test_a_right_code_too_soon_is_not_looked_at(self) -> None:
        clock = Clock()
        pairing = Pairing(clock)
        for _ in range(WRONG_FREE):
            assert pairing.offer(wrong_code(pairing)) == "wrong"
        assert pairing.offer(pairing.code) == "wait"
        clock.now += WAIT_SECONDS_MAX
        assert pairing.is_paired(pairing.offer(pairing.code))

    def test_the_picture_works_also_when_guessing_closed_the_code(self) -> None:
        clock = Clock()
        pairing = Pairing(clock)
        while not pairing.closed:
            pairing.offer(wrong_code(pairing))
            clock.now += WAIT_SECONDS_MAX
        assert pairing.is_paired(pairing.offer(pairing.secret))

    def test_a_new_code_disconnects_everybody(self) -> None:
        pairing = Pairing(Clock())
        old, token = pairing.code, pairing.offer(pairing.secret)
        pairing.renew()
        assert not pairing.is_paired(token)
        assert pairing.code != old
        assert pairing.device_count == 0

    def test_the_oldest_device_makes_room(self) -> None:
        pairing = Pairing(Clock())
        tokens = [pairing.offer(pairing.secret) for _ in range(DEVICES_MAX + 1)]
        assert [pairing.is_paired(token) for token in tokens] == [False] + [True] * DEVICES_MAX


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """The app behind the door: it says whether it takes the visitor for a paired device."""
    names = [name for name, _ in scope["headers"]]
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await PlainTextResponse("app, paired" if PAIRED_HEADER.encode() in names else "app")(scope, receive, send)


class Answer:
    def __init__(self, sent: list[dict[str, Any]]) -> None:
        self.kind = sent[0]["type"]
        self.status = sent[0].get("status")
        self.headers = {name.decode(): value.decode() for name, value in sent[0].get("headers", [])}
        self.text = b"".join(message.get("body", b"") for message in sent[1:]).decode()


def ask(
    pairing: Pairing | None,
    client: str | None,
    path: str = "/",
    *,
    method: str = "GET",
    body: bytes = b"",
    kind: str = "http",
    outside: bool = False,
    **headers: Any,
) -> Answer:
    sent: list[dict[str, Any]] = []
    given = {"host": "localhost:8501", "accept": "text/html"} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope: dict[str, Any] = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "client": None if client is None else (client, 50000),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    if outside:
        scope[OUTSIDE] = True

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def knock() -> None:
        await Door(behind, pairing)(scope, receive, send)

    loops.run(knock())
    return Answer(sent)


def says(name: str, value: str) -> dict[str, Any]:
    """A header that a client makes up."""
    return {name: value}


class TestAtHome:
    @pytest.mark.parametrize("client", [DESK, "::1", "::ffff:127.0.0.1"])
    @pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST"])
    def test_this_machine_is_let_in(self, client: str, host: str) -> None:
        assert ask(None, client, host=host).text == "app"

    @pytest.mark.parametrize(
        "client", [PHONE, "203.0.113.9", "fe80::1%eth0", "::ffff:192.168.1.20", "no address", None]
    )
    def test_anybody_else_is_refused_in_words(self, client: str | None) -> None:
        answer = ask(None, client, accept_language="en-GB,en;q=0.8")
        assert (answer.status, answer.text) == (403, words_in("en")("lan.refused"))
        assert ask(None, client).text == words_in("zh")("lan.refused")

    @pytest.mark.parametrize("name", ["x_forwarded_for", "forwarded", "x_real_ip", "via", "x_forwarded_host"])
    def test_what_came_through_a_tunnel_is_not_this_machine(self, name: str) -> None:
        assert ask(None, DESK, **says(name, DESK)).status == 403

    @pytest.mark.parametrize("name", ["x_forwarded_for", "forwarded", "x_real_ip", PAIRED_HEADER.replace("-", "_")])
    def test_nobody_becomes_this_machine_by_saying_so(self, name: str) -> None:
        assert ask(None, PHONE, **says(name, DESK)).status == 403

    @pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""])
    def test_a_strangers_name_for_this_machine_is_refused(self, host: str) -> None:
        assert ask(None, DESK, host=host).status == 403

    def test_sockets_too(self) -> None:
        assert ask(None, DESK, kind="websocket").kind == "websocket.accept"
        assert ask(None, PHONE, kind="websocket").kind == "websocket.close"


class TestWithPhones:
    def test_a_phone_is_asked_for_the_code_and_gets_nothing_else(self) -> None:
        pairing = Pairing()
        answer = ask(pairing, PHONE)
        assert 'name="code"' in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert pairing.code not in answer.text
        assert pairing.secret not in answer.text
        for path in ("/static/x.js", "/_stcore/health", "/media/a.png"):
            assert ask(pairing, PHONE, path, accept="*/*").status == 403
        assert ask(pairing, PHONE, kind="websocket").kind == "websocket.close"

    @pytest.mark.parametrize("offer", ["code", "secret"])
    def test_pairing_gives_a_cookie_that_no_script_reads(self, offer: str) -> None:
        pairing = Pairing()
        answer = ask(pairing, PHONE, "/pair", method="POST", body=f"code={getattr(pairing, offer)}".encode())
        cookie = answer.headers["set-cookie"]
        assert (answer.status, answer.headers["location"]) == (303, "/")
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        token = cookie.partition(";")[0]
        assert ask(pairing, PHONE, cookie=f"other=1; {token}").text == "app, paired"
        assert ask(pairing, PHONE, kind="websocket", cookie=token).kind == "websocket.accept"
        assert ask(pairing, PHONE, "/pair", cookie=token).headers["location"] == "/"
        pairing.renew()
        assert ask(pairing, PHONE, cookie=token).text != "app, paired"

    @pytest.mark.parametrize("body", [b"", b"code=", b"code=1", b"x" * 2000, b"code=%FF%00", b"code=" + b"9" * 900])
    def test_a_wrong_code_is_refused_in_words(self, body: bytes) -> None:
        answer = ask(Pairing(), PHONE, "/pair", method="POST", body=body)
        assert answer.status in (403, 413)
        assert "set-cookie" not in answer.headers

    def test_another_site_cannot_offer_a_code(self) -> None:
        pairing = Pairing()
        body = f"code={pairing.secret}".encode()
        answer = ask(pairing, PHONE, "/pair", method="POST", body=body, origin="http://evil.example")
        assert answer.status == 403
        assert pairing.device_count == 0

    @pytest.mark.parametrize(
        "cookie", ["ashore_paired=x", "ashore_paired", "=;=", "\x01", "ashore_paired=" + "x" * 4000]
    )
    def test_a_made_up_cookie_is_none(self, cookie: str) -> None:
        assert 'name="code"' in ask(Pairing(), PHONE, cookie=cookie).text

    def test_who_comes_through_the_second_listener_is_asked_even_from_this_machine(self) -> None:
        assert 'name="code"' in ask(Pairing(), DESK, outside=True).text
        assert ask(Pairing(), DESK).text == "app"

    def test_the_desk_is_not_taken_for_a_phone(self) -> None:
        assert ask(Pairing(), DESK, **says(PAIRED_HEADER.replace("-", "_"), "1")).text == "app"


class TestAddress:
    @pytest.mark.parametrize(
        ("named", "expected"),
        [("192.168.1.5", "192.168.1.5"), ("10.0.0.2", "10.0.0.2"), ("8.8.8.8", None), ("0.0.0.0", None), ("x", None)],
    )
    def test_only_a_private_address_is_served(
        self, named: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(lan.ADDRESS_VARIABLE, named)
        assert lan.home_address() == expected

    @pytest.mark.parametrize(("mode", "wanted"), [("lan", True), (" LAN ", True), ("", False), ("home", False)])
    def test_phones_are_served_only_where_asked_for(
        self, mode: str, wanted: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(lan.MODE_VARIABLE, mode)
        assert lan.is_wanted() == wanted
        assert lan.pairing_link() is None
