"""The two catalogues say the same things, and everything on screen comes from them."""

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from core.simulate import STRATEGIES
from pages.shared import session
from pages.shared.words import LANGUAGES, words_in

ROOT = Path(__file__).parents[2]
SOURCES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef]")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_catalogues_have_the_same_keys() -> None:
    assert set(words_in("zh").sentences) == set(words_in("en").sentences)


def test_each_part_of_a_page_stands_in_one_file_only() -> None:
    for language in LANGUAGES:
        tables = [
            (path.name, name)
            for path in (ROOT / "pages" / "shared" / "words" / language).glob("*.toml")
            for name in tomllib.loads(path.read_text("utf-8"))
        ]
        names = [name for _, name in tables]
        assert len(names) == len(set(names)), tables


@pytest.mark.parametrize("key", sorted(words_in("zh").sentences))
def test_both_sentences_of_a_key_have_the_same_placeholders(key: str) -> None:
    chinese, english = (words_in(language).sentences[key] for language in LANGUAGES)
    assert placeholders(chinese) == placeholders(english)


def test_no_chinese_is_left_in_the_english_catalogue() -> None:
    """The name of the other language stands in its own catalogue."""
    assert not [key for key, sentence in words_in("en").sentences.items() if CHINESE.search(sentence)]


def test_samples_and_strategies_have_words() -> None:
    keys = words_in("zh").sentences
    assert {key for key in keys if key.startswith("sample.")} == {f"sample.{name}" for name in session.samples()}
    assert {key.split(".")[1] for key in keys if key.startswith("strategy.")} == set(STRATEGIES)


def test_every_key_is_used() -> None:
    """Some literal or f-string of the sources leads to each key, so no sentence outlives its place on screen."""
    patterns = [re.compile(pattern) for path in SOURCES for pattern in key_patterns(ast.parse(path.read_text("utf-8")))]
    unused = [key for key in words_in("zh").sentences if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert not unused


def key_patterns(tree: ast.AST) -> list[str]:
    """Turn the strings of a source into patterns of the keys they can name: alone, counted, or behind a prefix."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z_.]+", node.value):
            found.append(rf"(comparison\.|table\.)?{re.escape(node.value)}(\.one|\.other)?")
        elif isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9_]+" for part in node.values
            ]
            if isinstance(node.values[0], ast.Constant):
                found.append("".join(parts))
    return found


def test_no_chinese_stands_in_the_code_of_the_pages() -> None:
    """Docstrings may quote it; what is shown comes from the catalogues."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        }
        strings = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not [text for text in strings - docstrings if CHINESE.search(text)], path


def test_counting_and_listing() -> None:
    english = words_in("en")
    assert english.counted("format.day_count", 1) == "1 day"
    assert english.counted("format.day_count", 1848) == "1,848 days"
    assert english.listed(["A", "B"]) == "A, B"
    assert words_in("zh").listed(["甲", "乙"]) == "甲、乙"


def test_a_missing_key_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        words_in("zh")("no.such.key")
