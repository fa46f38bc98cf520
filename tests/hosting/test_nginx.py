"""What nginx does with the configuration that hosts are given."""

import asyncio
import re
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from benchmarks.serving import NGINX, configure, free_port, proxied
from benchmarks.visitor import Visitor
from tests import loops
from tests.hosting.conftest import Site

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CLOSED = (
    "/_stcore/metrics",
    "/_stcore/metrics?families=active_sessions",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/agent/mcp",
    "/_stcore/",
    "/metrics",
    "/%5fstcore/metrics",
    "/static/../_stcore/metrics",
    "//_stcore/metrics",
)
OPEN = ("/", "/_stcore/health", "/_stcore/host-config", "/favicon.png")


def ask(site: Site, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> HTTPResponse:
    """Ask for a path as it is written here, without a client's own tidying."""
    place = urlsplit(site.address)
    connection = HTTPConnection(f"{place.hostname}", place.port, timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def replica_of(response: HTTPResponse) -> str | None:
    found = re.search(r"ashore_replica=(\w)", " ".join(response.headers.get_all("Set-Cookie", [])))
    return None if found is None else found[1]


def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    assert NGINX is not None
    main = configure(tmp_path, 8999, (8501, 8502), hosted=True)
    call = subprocess.run([NGINX, "-t", "-p", str(tmp_path), "-c", str(main)], capture_output=True, text=True)
    assert call.returncode == 0, call.stderr
    assert "warn" not in call.stderr


@pytest.mark.parametrize("path", [*OPEN, "/_stcore/metrics", "/no_such_page"])
def test_every_answer_says_what_a_browser_may_do(site: Site, path: str) -> None:
    response = ask(site, path)
    for name, value in HEADERS.items():
        assert value in response.headers.get(name, ""), name
        assert len(response.headers.get_all(name, [])) == 1, name


@pytest.mark.parametrize("path", CLOSED)
def test_what_is_nobodys_business_is_not_found(site: Site, path: str) -> None:
    assert ask(site, path).status == 404
    assert ask(site, path, "POST", b"{}").status == 404


@pytest.mark.parametrize("path", OPEN)
def test_what_a_browser_needs_is_served(site: Site, path: str) -> None:
    assert ask(site, path).status == 200


def test_the_page_comes_packed(site: Site) -> None:
    response = ask(site, "/", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_file_that_is_too_large_is_refused(site: Site) -> None:
    assert ask(site, "/_stcore/upload_file/a/b", "PUT", b"0" * (3 * 1024 * 1024 + 1)).status == 413


def test_the_app_answers_through_its_connection(site: Site) -> None:
    async def visit() -> Visitor:
        visitor = Visitor(site.address)
        await visitor.connect()
        await visitor.ask()
        await visitor.close()
        return visitor

    visitor = loops.run(visit())
    assert visitor.session
    assert visitor.find("session.language") is not None
    assert visitor.cookies["ashore_replica"] in ("a", "b")


def test_nothing_but_the_connection_is_upgraded(site: Site) -> None:
    response = ask(
        site, "/_stcore/health", Upgrade="h2c", Connection="Upgrade, HTTP2-Settings", HTTP2_Settings="AAMAAABk"
    )
    assert response.status == 200


def test_cookies_are_for_https_only(site: Site) -> None:
    for cookie in ask(site, "/_stcore/health").headers.get_all("Set-Cookie", []):
        assert "Secure" in cookie
        assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("letter", ["a", "b"])
def test_a_visitor_stays_with_one_replica(site: Site, letter: str) -> None:
    answers = [ask(site, "/_stcore/health", Cookie=f"ashore_replica={letter}") for _ in range(20)]
    assert {replica_of(answer) for answer in answers} == {letter}


@pytest.mark.parametrize("cookie", ["", "ashore_replica=c", "ashore_replica=", "ashore_replica=a%0d%0ab"])
def test_visitors_without_a_replica_are_spread(site: Site, cookie: str) -> None:
    answers = [ask(site, "/_stcore/health", Cookie=cookie) for _ in range(40)]
    assert {replica_of(answer) for answer in answers} == {"a", "b"}


def test_files_that_never_change_carry_no_cookie(site: Site) -> None:
    place = urlsplit(site.address)
    connection = HTTPConnection(f"{place.hostname}", place.port, timeout=10)
    connection.request("GET", "/")
    name = re.search(rb'src="\./(static/js/index[^"]+)"', connection.getresponse().read())
    connection.close()
    assert name is not None
    response = ask(site, "/" + name[1].decode())
    assert response.status == 200
    assert response.headers["Set-Cookie"] is None
    assert "immutable" in response.headers["Cache-Control"]


def test_the_log_names_nobody(site: Site) -> None:
    ask(
        site,
        "/?plan=plan-in-query&lang=zh",
        Referer="https://referrer.invalid/",
        User_Agent="agent-of-somebody",
        X_Forwarded_For="203.0.113.9",
    )
    ask(site, "/_stcore/upload_file/session-in-path/file-in-path", "DELETE")
    ask(site, "/media/file-in-path.json")
    ask(site, "/some-typed-word")
    time.sleep(0.2)
    written = site.log + site.complaints
    assert " GET / 200 " in written
    for word in ("plan", "lang", "referrer", "agent", "203.0.113.9", "127.0.0.1", "in-path", "typed", "?", "session"):
        assert word not in written, word


def test_a_dead_replicas_visitors_are_taken_over(fresh_site: Site) -> None:
    """The other replica answers the same request, keeps whoever came over, and nothing is written about anybody."""

    async def visit() -> tuple[str, str]:
        visitor = Visitor(fresh_site.address)
        visitor.cookies["ashore_replica"] = "a"
        await visitor.connect()
        await visitor.ask()
        before = visitor.cookies["ashore_replica"]
        fresh_site.replicas["a"].kill()
        await asyncio.wait_for(visitor.lost.wait(), 10)
        await visitor.come_back()
        assert visitor.find("session.language") is not None
        await visitor.close()
        return before, visitor.cookies["ashore_replica"]

    assert loops.run(visit()) == ("a", "b")
    answers = [ask(fresh_site, f"/?plan={number}", Cookie="ashore_replica=a") for number in range(20)]
    assert {(answer.status, replica_of(answer)) for answer in answers} == {(200, "b")}
    assert fresh_site.complaints == ""


def test_no_replica_is_said_without_naming_the_visitor(fresh_site: Site) -> None:
    for process in fresh_site.replicas.values():
        process.kill()
        process.wait(20)
    answer = ask(fresh_site, "/?plan=plan-in-query", Referer="https://referrer.invalid/")
    assert answer.status == 502
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    time.sleep(0.2)
    assert " 502 " in fresh_site.log
    assert "plan" not in fresh_site.log + fresh_site.complaints


class Echo(BaseHTTPRequestHandler):
    """An upstream that notes what it is asked with."""

    heard: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).heard.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    Echo.heard = []
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Echo) for _ in range(2)]
    for server in servers:
        Thread(target=server.serve_forever, daemon=True).start()
    ports = (servers[0].server_port, servers[1].server_port)
    with proxied(tmp_path, free_port(), ports, hosted=True) as address:
        yield address, Echo.heard
    for server in servers:
        server.shutdown()
        server.server_close()


def test_where_a_visitor_comes_from_is_nginxs_word(heard: tuple[str, list[dict[str, str]]]) -> None:
    address, requests = heard
    ask(
        Site(address, Path(), {}),
        "/?plan=x",
        X_Real_IP="203.0.113.9",
        X_Forwarded_For="203.0.113.9, 203.0.113.10",
        X_Forwarded_Host="elsewhere.invalid",
        X_Forwarded_Proto="http",
        Forwarded="for=203.0.113.9",
        Connection="keep-alive, Upgrade",
        Upgrade="h2c",
    )
    found = requests[-1]
    assert (found["x-real-ip"], found["x-forwarded-for"], found["x-forwarded-proto"]) == (
        "127.0.0.1",
        "127.0.0.1",
        "https",
    )
    assert not {"x-forwarded-host", "forwarded", "upgrade", "connection"}.intersection(found)
    assert found["host"] == urlsplit(address).netloc
