"""What the page tests share: nothing to wait for, neither a kernel that warms up nor a browser that must draw."""

import pytest

from core import simulate
from pages.shared import charts


@pytest.fixture(scope="session", autouse=True)
def warm_engine() -> None:
    simulate.warm()


@pytest.fixture(autouse=True)
def no_browser_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "FIRST_PAUSE_SECONDS", 0)
