"""Undo and redo within a session. Pure: nothing here is saved; whoever undoes saves what then stands as a revision."""

from dataclasses import dataclass
from typing import Generic, TypeVar

STEPS_MAX = 50
"""As many steps can be undone; the oldest is forgotten first."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class EditHistory(Generic[_T]):
    """The states that a session has been through, and where it stands among them.

    Every method gives a new history and leaves this one as it is.

    Attributes:
        present: The state now.
        past: The states before it, oldest first; `STEPS_MAX` at most.
        future: The states that were undone, the one undone last first.

    >>> edits = EditHistory("a").push("b").push("c").undo()
    >>> edits.present, edits.can_undo, edits.redo().present
    ('b', True, 'c')
    """

    present: _T
    past: tuple[_T, ...] = ()
    future: tuple[_T, ...] = ()

    @property
    def can_undo(self) -> bool:
        """Whether there is a state to go back to."""
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone state to return to."""
        return bool(self.future)

    def push(self, state: _T) -> "EditHistory[_T]":
        """Enter a new state; what had been undone is forgotten. A state equal to the present one is no step."""
        if state == self.present:
            return self
        return EditHistory(state, (*self.past, self.present)[-STEPS_MAX:])

    def undo(self) -> "EditHistory[_T]":
        """Go one state back; unchanged where there is none."""
        if not self.past:
            return self
        return EditHistory(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redo(self) -> "EditHistory[_T]":
        """Return to the state that was undone last; unchanged where there is none."""
        if not self.future:
            return self
        return EditHistory(self.future[0], (*self.past, self.present), self.future[1:])
