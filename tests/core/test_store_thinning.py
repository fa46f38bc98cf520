"""Which revisions are kept, and what can be undone: both pure, no database is asked."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.store import (
    DAYS_KEPT,
    NEWEST_KEPT,
    REVISION_BYTES_MAX,
    STEPS_MAX,
    EditHistory,
    RevisionInfo,
)
from core.store.thinning import superfluous

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def history_of(*ages_days: float, size: int = 1) -> list[RevisionInfo]:
    """A history whose revisions, newest first, are so many days old."""
    count = len(ages_days)
    return [RevisionInfo(count - i, NOON - timedelta(days=age), size) for i, age in enumerate(ages_days)]


class TestThinning:
    """Which revisions go so that a store does not grow for ever."""

    def test_newest_all_stay(self) -> None:
        """However many a day."""
        assert superfluous(history_of(*[0.0] * NEWEST_KEPT)) == []
        assert superfluous(history_of(*[0.0] * (NEWEST_KEPT + 2))) == [2, 1]
        assert superfluous([]) == []

    def test_of_older_days_the_last_one_stays(self) -> None:
        """Three earlier days with two revisions each leave three."""
        older = [1.1, 1.2, 2.1, 2.2, 3.1, 3.2]
        assert superfluous(history_of(*[0.0] * NEWEST_KEPT, *older)) == [5, 3, 1]

    def test_days_are_bounded(self) -> None:
        """The oldest days go."""
        days = range(1, DAYS_KEPT + 11)
        assert superfluous(history_of(*[0.0] * NEWEST_KEPT, *days)) == list(range(10, 0, -1))

    def test_bytes_are_bounded(self) -> None:
        """The oldest go first; the newest stays whatever its size."""
        assert superfluous(history_of(0, 0, 0, size=REVISION_BYTES_MAX // 2)) == [1]
        assert superfluous(history_of(0, 0, size=2 * REVISION_BYTES_MAX)) == [1]


class TestEditHistory:
    """Undo and redo in a session."""

    def test_undo_and_redo_walk_through_the_states(self) -> None:
        """Back to the first, forth to the last, and no further."""
        edits = EditHistory("a").push("b").push("c")
        assert (edits.present, edits.can_undo, edits.can_redo) == ("c", True, False)
        back = edits.undo().undo()
        assert (back.present, back.can_undo, back.can_redo) == ("a", False, True)
        assert back.undo() == back
        assert back.redo().redo() == edits
        assert edits.redo() == edits

    def test_new_state_ends_what_was_undone(self) -> None:
        """There is one way forward only."""
        edits = EditHistory("a").push("b").undo().push("c")
        assert (edits.present, edits.can_redo, edits.undo().present) == ("c", False, "a")

    def test_equal_state_is_no_step(self) -> None:
        """It does not end what was undone either."""
        edits = EditHistory("a").push("b").undo()
        assert edits.push("a") == edits

    def test_fifty_steps_can_be_undone(self) -> None:
        """The oldest is forgotten first."""
        edits = EditHistory(0)
        for state in range(1, 61):
            edits = edits.push(state)
        for _ in range(STEPS_MAX):
            edits = edits.undo()
        assert (STEPS_MAX, edits.present, edits.can_undo) == (50, 10, False)

    @given(st.lists(st.integers(0, 3) | st.sampled_from(["undo", "redo"]), max_size=80))
    def test_undo_always_undoes_the_last_step(self, steps: list[int | str]) -> None:
        """Whatever came before; and redo undoes the undoing."""
        edits: EditHistory[int] = EditHistory(0)
        for step in steps:
            before = edits
            edits = edits.push(step) if isinstance(step, int) else edits.undo() if step == "undo" else edits.redo()
            if isinstance(step, int) and edits != before:
                assert edits.undo().present == before.present
            if edits.can_undo:
                assert edits.undo().redo() == edits
            assert len(edits.past) <= STEPS_MAX
