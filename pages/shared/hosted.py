"""Hosted for many households (`ASHORE_MODE=hosted`), or at home for one: which of the two, and what follows from it."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

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
    """Delete, from time to time, what nobody has opened for as long as the retention says."""
    task = asyncio.create_task(_sweeping())
    try:
        yield
    finally:
        task.cancel()


async def _sweeping() -> None:
    while True:
        try:
            gone = await asyncio.to_thread(lambda: stores.store().delete_unopened(datetime.now(UTC)))
            if gone:
                _log.info("%d plans that nobody had opened were deleted", gone)
        except StoreError as error:
            _log.warning("plans that nobody opens could not be looked for: %s", error)
        await asyncio.sleep(_SWEEP_SECONDS)
