"""Law, custom and estimates as dated data: one TOML a subject, and the loader that answers for a date.

The id of a fact is `subject.name`: the file and the table in it. A fact says what it is (title, unit, kind), when a
person last compared it with its source, and its values, each with the date from which it applies or, where nobody says,
on which it was first seen, with certainty and sources. `H` is sure, `M` likely, `L` weak; what a compiler put between
two grades stands in the lower one.
"""

from core.facts.loader import FactFileError, facts, load_facts
from core.facts.model import (
    Answer,
    Backing,
    Band,
    Bracket,
    Certainty,
    Dated,
    Fact,
    FactDateError,
    Facts,
    Kind,
    Source,
    Span,
    Text,
    backing,
)

__all__ = [
    "Answer",
    "Backing",
    "Band",
    "Bracket",
    "Certainty",
    "Dated",
    "Fact",
    "FactDateError",
    "FactFileError",
    "Facts",
    "Kind",
    "Source",
    "Span",
    "Text",
    "backing",
    "facts",
    "load_facts",
]
