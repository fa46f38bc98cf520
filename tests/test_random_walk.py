"""A hundred random steps of use break nothing; `python -m tests.random_walk` takes as many as it is told."""

import pytest

from core import simulate
from pages.shared import charts
from tests.random_walk import walk

STEPS = 100


@pytest.mark.parametrize("seed", [20261124])
def test_random_use_breaks_nothing(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    simulate.warm()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASHORE_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setattr(charts, "FIRST_PAUSE_SECONDS", 0)
        trouble, walker = walk(STEPS, seed)
    assert trouble is None, trouble
    assert len(walker.steps) == STEPS
