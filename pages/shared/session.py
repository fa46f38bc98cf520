"""The reader's session: which language, which household is open, and the engine's answers about it.

Answers are kept for the whole process by what they answer (the plan's canonical bytes and the strategy), so a plan that
two sessions share is worked out once, and a plan that changed by a fen is a new question.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st

from core import simulate
from core.household import HouseholdDocument, household_of
from core.levers import reported_days
from core.outcome import Outcome
from core.plan import Plan, dump_plan, read_plan
from core.simulate import Scenario
from pages.shared.words import DEFAULT_LANGUAGE, LANGUAGES, Words, words_in

SAMPLES = Path(__file__).parents[2] / "sample_data"
ANSWERS_MAX = 50

_ARRIVED = "session.arrived."
_LANGUAGE = "session.language"
_HOUSEHOLD = "session.household"
_FIRST_SAMPLE = "first_missed_weilidai"


def on_arrival(parameter: str) -> str | None:
    """Give a query parameter of the address by which the session came; None on every later run.

    A link between pages drops the query, so what it says is read once, and must not come back with the back button.
    """
    if _ARRIVED + parameter in st.session_state:
        return None
    st.session_state[_ARRIVED + parameter] = True
    return st.query_params.get(parameter)


def words() -> Words:
    """Give the catalogue of the reader's language: what `?lang=` asked for on arrival, and chosen since."""
    asked = on_arrival("lang")
    if _LANGUAGE not in st.session_state:
        st.session_state[_LANGUAGE] = asked if asked in LANGUAGES else DEFAULT_LANGUAGE
    return words_in(st.session_state[_LANGUAGE])


def choose_language(say: Words) -> None:
    """Show the choice of language."""
    st.segmented_control(
        say("language.choice"),
        LANGUAGES,
        key=_LANGUAGE,
        format_func=lambda language: words_in(language)("language.name"),
        label_visibility="collapsed",
        required=True,
    )


@cache
def samples() -> tuple[str, ...]:
    """Give the names of the sample households, the one to open first at the head."""
    names = sorted(path.stem for path in SAMPLES.glob("*.json"))
    return (_FIRST_SAMPLE, *(name for name in names if name != _FIRST_SAMPLE))


def choose_household(say: Words) -> str:
    """Show the choice of a household and give the name of the one that is open."""
    return st.selectbox(
        say("household.choice"),
        samples(),
        key=_HOUSEHOLD,
        format_func=lambda name: say(f"sample.{name}"),
        filter_mode=None,
        persist_state="session",
    )


@cache
def sample_plan(name: str) -> Plan:
    """Read a sample household's plan.

    Args:
        name: One of `samples()`.
    """
    return read_plan(SAMPLES / f"{name}.json")


def household() -> HouseholdDocument:
    """Give the document of the household that is open."""
    return household_of(sample_plan(st.session_state.get(_HOUSEHOLD) or samples()[0]))


Answered = TypeVar("Answered")


class Kept(Generic[Answered]):
    """Answers of one kind by their question, the longest unused one dropped first. Safe to share between sessions."""

    def __init__(self, size: int = ANSWERS_MAX) -> None:
        """Keep at most `size` answers."""
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Answered] = OrderedDict()

    def __len__(self) -> int:
        """Count the answers that are kept."""
        return len(self._kept)

    def ask(self, question: Hashable, work_out: Callable[[], Answered]) -> Answered:
        """Give the answer to a question, working it out where it is not at hand."""
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


class AnswerStore:
    """Outcomes by question, the longest unused one dropped first. Safe to share between sessions."""

    def __init__(self, size: int) -> None:
        """Keep at most `size` outcomes."""
        self._size = size
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], Outcome] = OrderedDict()

    def __len__(self) -> int:
        """Count the outcomes that are kept."""
        return len(self._kept)

    def ask(self, plan: Plan, strategies: Sequence[str]) -> list[Outcome]:
        """Give a plan's outcomes, working out in one call those that are not at hand.

        Args:
            plan: The plan; the engine must be ready.
            strategies: Names of `core.simulate.STRATEGIES`.

        Returns:
            An outcome a strategy, in the same order, reported on `plan.start` and on every month-end.
        """
        written = dump_plan(plan)
        found: dict[str, Outcome] = {}
        with self._lock:
            for strategy in strategies:
                if (written, strategy) in self._kept:
                    self._kept.move_to_end((written, strategy))
                    found[strategy] = self._kept[written, strategy]
        missing = [strategy for strategy in strategies if strategy not in found]
        if missing:
            fresh = simulate.simulate_days([Scenario(plan, strategy) for strategy in missing], reported_days(plan))
            found.update(zip(missing, fresh, strict=True))
            self._keep(written, {strategy: found[strategy] for strategy in missing})
        return [found[strategy] for strategy in strategies]

    def _keep(self, written: str, fresh: dict[str, Outcome]) -> None:
        with self._lock:
            for strategy, outcome in fresh.items():
                self._kept[written, strategy] = outcome
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


answers = AnswerStore(ANSWERS_MAX)
"""The store that the pages ask."""
