"""Hosted for many households (`ASHORE_MODE=hosted`), or at home for one: which of the two, and what follows from it."""

import asyncio
import logging
import os
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from core.store import StoreError
from pages.shared import stores
from pages.shared.lan import MODE_VARIABLE

PUBLIC_URL_VARIABLE = "ASHORE_PUBLIC_URL"
_HOSTED = "hosted"
_VISITOR_HEADER = "X-Real-IP"
_SWEEP_SECONDS = 3600.0
_log = logging.getLogger(__name__)


def is_on() -> bool:
    """Say whether this process serves many households, each behind a link of its own."""
    return os.environ.get(MODE_VARIABLE, "").strip().lower() == _HOSTED


def root() -> str:
    """Give the address that links begin with: the one that the host named, else the one that the reader came by."""
    named = os.environ.get(PUBLIC_URL_VARIABLE, "").strip().rstrip("/")
    if named:
        return named
    scheme, _, rest = str(st.context.url or "").partition("://")
    return f"{scheme}://{rest.partition('/')[0]}" if rest else ""


def visitor() -> str:
    """Give the address that a visitor comes from, as the proxy before us says it; for limits, and never kept."""
    return st.context.headers.get(_VISITOR_HEADER) or st.context.ip_address or ""


@asynccontextmanager
async def serving() -> AsyncIterator[None]:
    """Write down nothing about anybody, and delete, from time to time, what nobody has opened for long."""
    be_discreet()
    task = asyncio.create_task(_sweeping())
    try:
        yield
    finally:
        task.cancel()


def be_discreet() -> None:
    """See to it that this process logs no figure and no name, whatever goes wrong: an error may carry them.

    What Python says for debugging may repeat what browsers send; of an error its kind and its places are enough to
    mend it.
    """
    logging.disable(logging.DEBUG)
    logging.setLogRecordFactory(_DiscreetRecord)
    threading.excepthook = _tell_thread


class _DiscreetRecord(logging.LogRecord):
    """A record that tells of an exception what it is and where it came from, and not what it says."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if self.exc_info and self.exc_info[1] is not None:
            self.exc_text = _places(self.exc_info[1])


def _places(error: BaseException) -> str:
    """Name an error and the calls that led to it, the innermost last; not the lines themselves, nor the message."""
    calls = traceback.extract_tb(error.__traceback__)
    return "\n".join([type(error).__name__, *(f"  {call.filename}:{call.lineno} {call.name}" for call in calls)])


def _tell_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None:
        _log.error("a thread ended early", exc_info=found.exc_value)


async def _sweeping() -> None:
    while True:
        try:
            gone = await asyncio.to_thread(lambda: stores.store().delete_unopened(datetime.now(UTC)))
            if gone:
                _log.info("%d plans that nobody had opened were deleted", gone)
        except StoreError as error:
            _log.warning("plans that nobody opens could not be looked for: %s", error)
        await asyncio.sleep(_SWEEP_SECONDS)
