"""Every sentence on screen, in the reader's language.

The sentences lie in one folder per language under `words/`, a file a page, with the same keys and the same named
placeholders (a test compares them). Nothing here formats money or dates; `theme.py` does, and hands the result in as a
placeholder.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"

_CATALOGUES = Path(__file__).with_name("words")


class Words:
    """The catalogue of one language: `words("page.title")` is the sentence at that key.

    Attributes:
        language: The language's code, one of `LANGUAGES`.
        sentences: Every sentence by its dotted key, placeholders unfilled.
    """

    def __init__(self, language: str, sentences: dict[str, str]) -> None:
        """Keep the flat catalogue; `words_in` reads it from its file."""
        self.language = language
        self.sentences = sentences

    def __call__(self, key: str, /, **values: str | int) -> str:
        """Give the sentence at `key` with its placeholders filled.

        Raises:
            KeyError: The catalogue has no such key, or a placeholder got no value. Both are mistakes of ours.
        """
        return self.sentences[key].format_map(values)

    def counted(self, key: str, number: int) -> str:
        """Give the sentence for a number of things: `key.one` or `key.other`, with `{number}` filled."""
        return self(f"{key}.one" if number == 1 else f"{key}.other", number=f"{number:,}")

    def listed(self, names: list[str]) -> str:
        """Join names as the language does: 甲、乙 or A, B."""
        return self("format.list_separator").join(names)


@cache
def words_in(language: str) -> Words:
    """Give the catalogue of a language.

    Args:
        language: One of `LANGUAGES`.

    >>> words_in("en")("language.name")
    'English'
    """
    sentences: dict[str, str] = {}
    for path in sorted((_CATALOGUES / language).glob("*.toml")):
        sentences.update(_flat(tomllib.loads(path.read_text("utf-8"))))
    return Words(language, sentences)


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
