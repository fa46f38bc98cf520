"""kill -9 at random moments, on either database: what was confirmed is there, and nothing half."""

import pytest

from tests.databases import BACKENDS
from tests.store_kill import run, target_of

TARGETS = {"sqlite": "sqlite", "postgresql": "postgres"}


@pytest.mark.parametrize("backend", BACKENDS)
def test_kill_loses_nothing_confirmed(backend: str) -> None:
    """Twenty times; `python -m tests.store_kill` does it 200 times."""
    with target_of(TARGETS[backend]) as target:
        tally = run(kills=20, seed=20, target=target)
    assert tally.losses == []
    assert tally.confirmed > 20
