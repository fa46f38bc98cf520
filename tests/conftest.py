"""What all tests may use: an empty place for a store, on either database, and a browser."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from core.store.places import DATABASE_VARIABLE
from tests.chromium import QUIET, find_chromium
from tests.databases import BACKENDS, MISSING, POSTGRESQL, Cluster, running_cluster

os.environ.pop(DATABASE_VARIABLE, None)  # no test may touch the database of whoever runs them
collect_ignore = [] if POSTGRESQL else ["core/test_store_server.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if POSTGRESQL is None:
        terminalreporter.write_line(MISSING, yellow=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server that the tests share; whoever stops it starts it again."""
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; one for all folders, since a thread has room for one Playwright only."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty store may be made: a file, and again a database of a server."""
    with empty_place(request, request.param, tmp_path) as made:
        yield made


@contextlib.contextmanager
def empty_place(request: pytest.FixtureRequest, backend: str, folder: Path) -> Iterator[str]:
    if backend == "sqlite":
        yield str(folder / "data" / "ashore.db")
        return
    server: Cluster = request.getfixturevalue("cluster")
    url = server.new_database()
    yield url
    server.empty_database(url)
