"""Two replicas behind the nginx that `hosting/` configures.

They need nginx, and the one in a browser a Chromium. What is missing is left out and the end of the run says so; in CI
that is an error.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.serving import NGINX, free_port, proxied, settings, start, wait_for
from tests.browser.conftest import CHROMIUM

MISSING = "no nginx found: the tests of hosting/nginx.conf did not run (apt-get install nginx-light)"
collect_ignore_glob: list[str] = []
if NGINX is None:
    if os.environ.get("CI"):
        raise pytest.UsageError(MISSING)
    collect_ignore_glob += ["test_nginx.py", "test_policy.py"]
if CHROMIUM is None:
    collect_ignore_glob += ["test_policy.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if NGINX is None:
        terminalreporter.write_line(MISSING, yellow=True)


@dataclass
class Site:
    """Two replicas and nginx before them.

    Attributes:
        address: Where a visitor comes to.
        folder: Where nginx writes.
        replicas: The processes, by what their cookie says.
    """

    address: str
    folder: Path
    replicas: dict[str, subprocess.Popen[bytes]]

    @property
    def log(self) -> str:
        """What nginx has written about requests."""
        return (self.folder / "ashore.log").read_text("utf-8")

    @property
    def complaints(self) -> str:
        """What nginx has complained of."""
        return (self.folder / "ashore-error.log").read_text("utf-8")


@contextmanager
def running_site() -> Iterator[Site]:
    """Run both replicas on a store of their own, and nginx."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder, ports, front = Path(name), (free_port(), free_port()), free_port()
        own = {**settings(f"http://localhost:{front}"), "ASHORE_DATA_DIR": name}
        replicas = [start("app.py", port, **own) for port in ports]
        try:
            for port in ports:
                wait_for(f"http://localhost:{port}/_stcore/health")
            with proxied(folder, front, ports, hosted=True) as address:
                yield Site(address, folder, dict(zip("ab", replicas, strict=True)))
        finally:
            for process in replicas:
                process.kill()
                process.wait(20)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A site that the tests share."""
    with running_site() as running:
        yield running


@pytest.fixture
def fresh_site() -> Iterator[Site]:
    """A site in which a test may break something."""
    with running_site() as running:
        yield running
