"""What the page tests share: a kernel that is ready, so that no page is caught warming up."""

import pytest

from core import simulate


@pytest.fixture(scope="session", autouse=True)
def warm_engine() -> None:
    simulate.warm()
