"""The one typed door to the kernel: loads it once, checks nothing twice, and spreads scenarios over threads."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.engine import layout as c
from core.engine.jit import CACHE_FOLDER, COMPILES, compile_kernel
from core.engine.lower import Batch, Ints

_lock = threading.Lock()


@dataclass(frozen=True)
class Answers:
    """What the kernel wrote, int64, with the columns of `layout`.

    Attributes:
        answers: (scenarios, A_WIDTH).
        cleared: Dates as ordinals, 0 while open; the debts of each scenario one after another.
        lines: (scenarios × samples, N_WIDTH).
        details: (scenarios × samples × debts, F_WIDTH); no rows where no details were asked for.
        book: (entries, G_WIDTH), in the order in which they happened; no rows where no ledger was asked for.
    """

    answers: Ints
    cleared: Ints
    lines: Ints
    details: Ints
    book: Ints


@lru_cache(maxsize=1)
def _load() -> Callable[..., Any]:
    from core.engine import kernel  # compiles or loads its functions: not before they are wanted

    entry: Any = kernel.run  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return compile_kernel(entry, kernel.SIGNATURE)


def load() -> float:
    """Compile the kernel, or load it from its cache; returns the seconds that it took."""
    began = time.perf_counter()
    with _lock:
        _load()
    return time.perf_counter() - began


def is_loaded() -> bool:
    """Whether the kernel is in this process."""
    return _load.cache_info().currsize > 0


def is_cached() -> bool:
    """Whether this version of the kernel lies compiled on disk, or needs no compiling at all."""
    return not COMPILES or (CACHE_FOLDER is not None and any(CACHE_FOLDER.glob("**/*.nbc")))


def run(batch: Batch, *, threads: int = 1, ledger_room: int = 0, walk_days: bool = False) -> Answers:
    """Run a batch.

    Args:
        batch: Laid out by `lower`; not modified.
        threads: How many threads share the scenarios. The answer does not depend on it.
        ledger_room: How many ledger entries to make room for at first; 0 for no ledger. With one, a single thread runs.
        walk_days: Visit every day instead of the events only (a test mode, slower, the same answer).
    """
    with _lock:
        kernel = _load()
    count = len(batch.scenarios)
    answers = np.zeros((count, c.A_WIDTH), np.int64)
    cleared = np.zeros(batch.cleared_rows, np.int64)
    lines = np.zeros((batch.sample_rows, c.N_WIDTH), np.int64)
    details = np.zeros((batch.detail_rows, c.F_WIDTH), np.int64)

    def run_part(low: int, high: int, book_room: int = 0) -> tuple[int, Ints]:
        limits = batch.limits.copy()
        limits[0, c.R_BOOK] = book_room
        memory = np.empty(_memory_size(limits[0], len(batch.months)), np.int64)
        kernel(
            batch.scenarios,
            batch.debts,
            batch.terms,
            batch.open_bills,
            batch.lumps,
            batch.tied,
            answers,
            lines,
            details,
            limits,
            batch.flows,
            batch.samples,
            batch.months,
            cleared,
            memory,
            low,
            high,
            int(walk_days),
        )
        book = memory[len(memory) - book_room * c.G_WIDTH :].reshape(book_room, c.G_WIDTH)
        return int(memory[c.H_ENTRIES]), book

    no_book = np.zeros((0, c.G_WIDTH), np.int64)
    if ledger_room > 0:
        entries, book = run_part(0, count, ledger_room)
        if entries > ledger_room:
            entries, book = run_part(0, count, entries)
        return Answers(answers, cleared, lines, details, book[:entries])

    parts = min(threads, count)
    if parts <= 1:
        run_part(0, count)
    else:
        edges = [count * k // parts for k in range(parts + 1)]
        with ThreadPoolExecutor(parts) as pool:
            list(pool.map(run_part, edges[:-1], edges[1:]))
    return Answers(answers, cleared, lines, details, no_book)


def _memory_size(limits: Ints, months: int) -> int:
    debts, terms, bills, book = (int(limits[k]) for k in (c.R_DEBTS, c.R_TERMS, c.R_BILLS, c.R_BOOK))
    return c.H_WIDTH + months + debts * (c.ROW_WIDTH + bills * c.P_WIDTH + 4) + terms * c.T_WIDTH + book * c.G_WIDTH
