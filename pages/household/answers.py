"""The engine's answer about where each debt stands, worked out once for each state of a plan."""

from core.plan import Plan, dump_plan
from core.positions import Position, positions
from pages.shared.kept import Kept

_kept: Kept[tuple[Position, ...]] = Kept()


def where(plan: Plan) -> tuple[Position, ...]:
    """Give where each debt stands; the engine must be ready.

    Raises:
        Refused: The plan has no answer.
    """
    return _kept.ask(dump_plan(plan), lambda: positions(plan))
