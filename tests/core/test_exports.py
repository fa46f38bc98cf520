"""The catalogues of the files that a household takes away: the same keys and placeholders, all of them used."""

import re
from pathlib import Path
from string import Formatter

import pytest

from core.exports import LANGUAGES, one_line, visible_start, words_of, yuan

CORE = Path(__file__).parents[2] / "core"
SOURCES = [*CORE.glob("workbook*.py"), *CORE.glob("calendar_*.py"), *(CORE / "exports").glob("*.py")]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    first, second = (words_of(language).sentences for language in LANGUAGES)
    assert list(first) == list(second)
    for key, text in first.items():
        assert placeholders(text) == placeholders(second[key]), key
        assert text.strip(), key
        assert not re.search(r"[\u3400-\u9fff]", second[key]), key


def test_every_sentence_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES)
    # A key with something filled in stands for all that it may become.
    spoken = re.findall(r'f?"([a-z]+\.[^"\s]*)"', code)
    patterns = [re.escape(re.sub(r"\{.*?\}", "\0", each)).replace("\0", r"\w+") for each in spoken]
    used = re.compile("|".join(patterns))
    assert [key for key in words_of("en").sentences if not used.fullmatch(key)] == []


def test_no_chinese_stands_in_the_code() -> None:
    for path in SOURCES:
        text = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text("utf-8"))
        assert not re.search(r"[\u3400-\u9fff]", text), path


def test_small_writers() -> None:
    assert [yuan(fen) for fen in (0, 5, -123_456_789)] == ["¥0.00", "¥0.05", "-¥1,234,567.89"]
    assert one_line("a\u2028b\x00c\ud800") == "a b c"
    assert one_line("  \r\n\t ") == ""
    assert visible_start("\u200e\u3000") == ""
    with pytest.raises(KeyError):
        words_of("fr")
