"""What the files share that a household takes away: their sentences, and what they are read off.

The sentences lie beside this module, a file a language, with the same keys and placeholders (a test compares them). The
core has a catalogue of its own because it knows no page. Figures come as fen and are written here in one way.
"""

import tomllib
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

from core.money import FEN_IN_A_YUAN
from core.plan_problems import is_plain

LANGUAGES = ("zh", "en")


class Words:
    """The sentences of the files in one language.

    Attributes:
        language: One of `LANGUAGES`.
        sentences: Every sentence by its dotted key, placeholders unfilled.
    """

    def __init__(self, language: str, sentences: dict[str, str]) -> None:
        """Keep the flat catalogue; `words_of` reads it from its file."""
        self.language = language
        self.sentences = sentences

    def __call__(self, key: str, /, **values: str | int) -> str:
        """Give the sentence at a key, filled; `KeyError` where there is none or a value is missing."""
        return self.sentences[key].format_map(values)

    def day(self, value: date) -> str:
        """Write a day as the language does."""
        return self("format.day", year=value.year, month=self(f"month.m{value.month}"), day=value.day)


@cache
def words_of(language: str) -> Words:
    """Give the sentences of a language.

    Raises:
        KeyError: There is no such language.

    >>> words_of("en").day(date(2026, 12, 5))
    '5 December 2026'
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    tables = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text("utf-8"))
    return Words(language, {f"{table}.{key}": text for table, texts in tables.items() for key, text in texts.items()})


def yuan(fen: int) -> str:
    """Write an amount for a reader.

    >>> yuan(123450), yuan(-5)
    ('¥1,234.50', '-¥0.05')
    """
    whole, cents = divmod(abs(fen), FEN_IN_A_YUAN)
    return f"{'-' if fen < 0 else ''}¥{whole:,}.{cents:02d}"


def one_line(text: str) -> str:
    """Write a name on one line: what is a control, a line break or half of a character becomes a blank.

    A plan file takes no such name, but a document that was built in Python may hold one.

    >>> one_line(" a\\r\\nb ")
    'a b'
    """
    return " ".join("".join(character if is_plain(character) else " " for character in text).split())


def visible_start(text: str) -> str:
    """Leave out what shows nothing at the start of a text: blanks of any width, joiners, marks of direction.

    >>> visible_start("\\u200b\\u3000a")
    'a'
    """
    for place, character in enumerate(text):
        if unicodedata.category(character) not in ("Cf", "Zs"):
            return text[place:]
    return ""
