"""What the page tests share: nothing to wait for, neither a kernel nor a browser that must draw, and a store each."""

from pathlib import Path

import pytest

from core import simulate
from pages.shared import charts


@pytest.fixture(scope="session", autouse=True)
def warm_engine() -> None:
    simulate.warm()


@pytest.fixture(autouse=True)
def no_browser_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "FIRST_PAUSE_SECONDS", 0)


@pytest.fixture(autouse=True)
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's household is open, and none that exists is touched."""
    monkeypatch.setenv("ASHORE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"
