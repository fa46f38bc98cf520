"""The reader's session: which language, which household is open, and the engine's answers about it.

Answers are kept for the whole process by what they answer (the plan's canonical bytes and the strategy), so a plan that
two sessions share is worked out once, and a plan that changed by a fen is a new question.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from threading import Lock

import streamlit as st

from core import simulate
from core.household import HouseholdDocument
from core.levers import reported_days
from core.outcome import Outcome
from core.plan import Plan, dump_plan
from core.plan_checks import TODAY_DAYS_MAX
from core.simulate import Scenario
from pages.shared import keeping
from pages.shared.words import DEFAULT_LANGUAGE, LANGUAGES, Words, words_in

ANSWERS_MAX = 50

_ARRIVED = "session.arrived."
_LANGUAGE = "session.language"
_PARAMETER = "lang"
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
    asked = on_arrival(_PARAMETER)
    if _LANGUAGE not in st.session_state:
        st.session_state[_LANGUAGE] = asked if asked in LANGUAGES else DEFAULT_LANGUAGE
    return words_in(st.session_state[_LANGUAGE])


def choose_language(say: Words) -> None:
    """Show the choice of language, and note in the address where it stands: a page that is loaded anew keeps it."""
    st.segmented_control(
        say("language.choice"),
        LANGUAGES,
        key=_LANGUAGE,
        format_func=lambda language: words_in(language)("language.short"),
        label_visibility="collapsed",
        required=True,
    )
    chosen: str = st.session_state[_LANGUAGE]
    if chosen != st.query_params.get(_PARAMETER, DEFAULT_LANGUAGE):
        st.query_params[_PARAMETER] = chosen


@cache
def samples() -> tuple[str, ...]:
    """Give the names of the sample households, the one to open first at the head."""
    names = sorted(path.stem for path in keeping.SAMPLES.glob("*.json"))
    return (_FIRST_SAMPLE, *(name for name in names if name != _FIRST_SAMPLE))


@cache
def sample_plan(name: str) -> Plan:
    """Read a sample household's plan.

    Args:
        name: One of `samples()`.
    """
    return keeping.sample(name).plan


def today() -> date:
    """Give the household's own calendar day."""
    return date.today()


def is_open() -> bool:
    """Say whether a household is open; no page but the door and the household's own is ever run without one."""
    return keeping.opened() is not None


def household() -> HouseholdDocument:
    """Give the document of the household that is open, its plan rolled on to today (CALCULATION.md §8).

    An example stays on its own day until something is recorded in it: nobody missed the bills of its later months.

    Raises:
        LookupError: No household is open.
    """
    here = keeping.opened()
    if here is None:
        raise LookupError("no household is open")
    found = here.document.plan
    if here.is_example and found.today is None:
        return here.document
    return here.document.model_copy(update={"plan": rolled_on(found, today())})


def plan() -> Plan:
    """Give the open household's plan, rolled on to today.

    Raises:
        LookupError: No household is open.
    """
    return household().plan


def rolled_on(plan: Plan, day: date) -> Plan:
    """Let a plan's `today` be a later day, as far as a plan may reach; the plan itself where the day is not later."""
    latest = min(day, plan.as_of + timedelta(TODAY_DAYS_MAX))
    return plan if latest <= plan.start else plan.model_copy(update={"today": latest})


def document_key() -> str:
    """Give a name for the open household among the keys of widgets; another household has another one."""
    here = keeping.opened()
    return "none" if here is None or here.id is None else here.id


def turn_number() -> int:
    """Give a number that changes when the open household does, but not by a field: by undoing, opening, restoring."""
    return keeping.turns()


def change(document: HouseholdDocument, what: str, name: str = "") -> None:
    """Make a change that the reader confirmed; see `keeping.change`."""
    keeping.change(document, what, name)


def undo() -> None:
    """Take the last change back."""
    keeping.undo()


def redo() -> None:
    """Make again what was taken back."""
    keeping.redo()


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
