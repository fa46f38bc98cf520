"""kill -9 of a hosted server: what a page had confirmed is there, and nothing half."""

from tests.server_kill import run


def test_kill_loses_nothing_that_a_page_confirmed() -> None:
    """Twenty times; `python -m tests.server_kill` does it 200 times."""
    tally = run(kills=20, seed=4)
    assert tally.losses == []
    assert tally.confirmed > 20
