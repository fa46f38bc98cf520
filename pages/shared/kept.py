"""Answers that are kept by their question, for the whole process, so that the same state is not worked out twice."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

KEPT_MAX = 50

_Answer = TypeVar("_Answer")


class Kept(Generic[_Answer]):
    """Answers of one kind by question, the longest unused one dropped first. Safe to share between sessions."""

    def __init__(self, size: int = KEPT_MAX) -> None:
        """Keep at most `size` answers."""
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()

    def __len__(self) -> int:
        """Count the answers that are kept."""
        return len(self._kept)

    def ask(self, question: Hashable, work_out: Callable[[], _Answer]) -> _Answer:
        """Give the answer to a question, working it out where it is not at hand.

        Two sessions that ask at once may both work it out; neither waits for the other.
        """
        with self._lock:
            if question in self._kept:
                self._kept.move_to_end(question)
                return self._kept[question]
        answer = work_out()
        with self._lock:
            self._kept[question] = answer
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return answer
