"""Running a coroutine in a test: Playwright, once started, has a loop of its own in the tests' thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


def run(work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Run a coroutine to its end on a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
