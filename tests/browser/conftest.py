"""A browser and a server for the tests in this folder.

They need a Chromium. Where there is none they are left out and the end of the run says so; in CI that is an error.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response

from tests.chromium import find_chromium

ROOT = Path(__file__).parents[2]
STARTED_WITHIN_SECONDS = 60

CHROMIUM = find_chromium()
MISSING = "no Chromium found: the browser tests did not run (set CHROMIUM to its path)"
if CHROMIUM is None:
    if os.environ.get("CI"):
        raise pytest.UsageError(MISSING)
    collect_ignore_glob = ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line(MISSING, yellow=True)


@contextmanager
def running_server() -> Iterator[str]:
    """Run the app as a household would, and give its address once it takes traffic."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "ASHORE_DATA_DIR": folder}
        process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(f"http://localhost:{port}/_stcore/health", process)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the app did not start")


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """The address of a server that nobody has visited yet."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server that the tests share."""
    with running_server() as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., "Visit"]]:
    """Open an address in a window of its own, and watch what the browser says and asks for."""
    opened: list[Visit] = []

    def open_page(address: str, *, width: int, height: int = 844, scheme: str = "light") -> Visit:
        opened.append(Visit(browser, address, width, height, scheme))
        return opened[-1]

    yield open_page
    for one in opened:
        one.close()


class Visit:
    """One visitor: the page, and what was noticed while it was open."""

    def __init__(self, browser: Browser, address: str, width: int, height: int, scheme: str) -> None:
        self._context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        self.page = self._context.new_page()
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._note_failure)
        self.page.on("request", lambda request: self.hosts.update(hosts_of(request.url)))
        self.page.on("websocket", lambda socket: self.hosts.update(hosts_of(socket.url)))
        self.page.goto(address)

    def is_complete(self) -> None:
        """Wait for the verdict, the table and the chart."""
        self.page.locator(".st-key-verdict").wait_for(timeout=90_000)
        self.page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=30_000)
        self.page.locator("table.figures:visible").first.wait_for()
        self.page.wait_for_timeout(500)

    def _note_failure(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def close(self) -> None:
        self._context.close()


def hosts_of(address: str) -> list[str]:
    """Give the host that an address leads to; none for what the page holds itself.

    >>> hosts_of("ws://localhost:8501/_stcore/stream"), hosts_of("data:image/png;base64,AA")
    (['localhost:8501'], [])
    """
    found = re.match(r"(?:https?|wss?)://([^/]+)", address)
    return [found[1]] if found else []
