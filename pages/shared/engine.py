"""Getting the engine ready once a process, without holding a page up.

On the very first start the kernel is compiled, which takes a while; later starts load it from disk. Either way a thread
of its own does it, and a page asks `ready()` before it asks for answers.
"""

import gc
import logging
from threading import Event, Lock, Thread

from core import simulate

_LOADING_SECONDS_MAX = 1.5
_lock = Lock()
_done = Event()
_thread: Thread | None = None
_failed = False


def start() -> None:
    """Begin to compile or load the kernel, unless that has begun already."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = Thread(target=_warm, name="ashore-warm-up", daemon=True)
            _thread.start()


def ready() -> bool:
    """Say whether answers can be asked for now.

    A kernel that only has to be loaded is waited for, since that is over before a reader could read a notice about it.
    """
    if simulate.is_warm():
        return True
    start()
    if simulate.is_cached():
        _done.wait(_LOADING_SECONDS_MAX)
    return simulate.is_warm()


def failed() -> bool:
    """Say whether the warm-up has ended without a usable kernel."""
    return _failed


def _warm() -> None:
    global _failed
    try:
        simulate.warm()
        # What is loaded by now stays: a later collection need not look it over while a page waits for its answer.
        gc.collect()
        gc.freeze()
    except Exception:
        # Nobody joins this thread: what went wrong must be told here, and the page must stop waiting.
        logging.getLogger(__name__).exception("the engine could not be made ready")
        _failed = True
    finally:
        _done.set()
