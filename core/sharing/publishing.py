"""When links are brought up to date: at once, but no more often than every few seconds, and the newest always.

Somebody who moves a slider saves many times a minute, and never waits for his links: a thread of the process brings
them up to date, whether or not the browser is still there. While they must rest, only the newest attempt waits. What a
stopped process leaves undone, the owner's next opening does.
"""

from collections.abc import Callable
from threading import Lock, Timer

from core.sharing.errors import SharingError
from core.store.errors import StoreError

Attempt = Callable[[], float]
"""Brings up to date what may be, and gives the seconds after which the rest may; 0: all is done."""

Later = Callable[[float, Callable[[], None]], None]
"""Calls something after so many seconds, on any thread."""

_AGAIN_SECONDS = 5.0
_FAILURES_MAX = 12


def on_timer(seconds: float, call: Callable[[], None]) -> None:
    """Call something after so many seconds, on a thread that does not keep the process alive."""
    timer = Timer(seconds, call)
    timer.daemon = True
    timer.start()


class Publisher:
    """Takes attempts, and makes the newest of each plan until nothing is left to do."""

    def __init__(self, later: Later = on_timer) -> None:
        """Take what calls later."""
        self._later = later
        self._lock = Lock()
        self._waiting: dict[str, Attempt] = {}

    def offer(self, plan: str, attempt: Attempt) -> None:
        """Make an attempt as soon as may be, on another thread, in place of one that waits already."""
        with self._lock:
            is_waiting = plan in self._waiting
            self._waiting[plan] = attempt
        if not is_waiting:
            self._later(0.0, lambda: self._due(plan, 0))

    def forget(self, plan: str) -> None:
        """Make no further attempt for a plan."""
        with self._lock:
            self._waiting.pop(plan, None)

    def _due(self, plan: str, failures: int) -> None:
        with self._lock:
            attempt = self._waiting.pop(plan, None)
        if attempt is None:
            return
        try:
            seconds = attempt()
            failures = 0
        except (StoreError, SharingError):  # nobody is there to be told; the owner's next opening does what is left
            seconds, failures = _AGAIN_SECONDS, failures + 1
        if seconds > 0 and failures < _FAILURES_MAX:
            with self._lock:
                newer_waits = plan in self._waiting
                self._waiting.setdefault(plan, attempt)
            if not newer_waits:
                self._later(seconds, lambda: self._due(plan, failures))
