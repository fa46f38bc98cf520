"""The warm-up happens once, does not hold a page up, and tells when it fails."""

from threading import Event

import pytest

from core import simulate
from pages.shared import engine


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has not begun."""
    monkeypatch.setattr(engine, "_thread", None)
    monkeypatch.setattr(engine, "_done", Event())
    monkeypatch.setattr(engine, "_failed", False)
    monkeypatch.setattr(simulate, "is_cached", lambda: False)


@pytest.mark.usefixtures("cold")
def test_a_page_is_not_held_up_while_the_kernel_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, calls = Event(), []
    monkeypatch.setattr(simulate, "is_warm", compiled.is_set)
    monkeypatch.setattr(simulate, "warm", lambda: (calls.append(1), compiled.wait(10)))
    assert not engine.ready()
    assert not engine.ready()
    compiled.set()
    assert engine._thread is not None
    engine._thread.join(10)
    assert engine.ready()
    assert calls == [1]


@pytest.mark.usefixtures("cold")
def test_a_failure_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> float:
        raise OSError("no room")

    monkeypatch.setattr(simulate, "is_warm", lambda: False)
    monkeypatch.setattr(simulate, "warm", broken)
    engine.start()
    assert engine._thread is not None
    engine._thread.join(10)
    assert engine.failed()
    assert not engine.ready()
    assert "no room" in caplog.text
