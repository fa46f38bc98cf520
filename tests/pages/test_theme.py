"""How numbers and dates are written, and that colours live in one place."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from core.simulate import STRATEGIES
from pages.shared import theme
from pages.shared.words import words_in

ROOT = Path(__file__).parents[2]
ZH, EN = words_in("zh"), words_in("en")


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "¥0.00"), (5, "¥0.05"), (123450, "¥1,234.50"), (100_000_000, "¥1,000,000.00"), (-12345678, "−¥123,456.78")],
)
def test_money_is_exact_to_the_fen(fen: int, written: str) -> None:
    assert theme.money(fen) == written


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (0, "0", "0"),
        (5_050, "50.5", "50.5"),
        (50_000, "500", "500"),
        (-200_000, "-2,000", "-2k"),
        (999_900, "9,999", "10k"),
        (1_000_000, "1万", "10k"),
        (12_500_000, "12.5万", "125k"),
        (100_000_000, "100万", "1,000k"),
    ],
)
def test_axis_amounts_are_short(fen: int, chinese: str, english: str) -> None:
    assert theme.money_short(fen, ZH) == chinese
    assert theme.money_short(fen, EN) == english


def test_dates() -> None:
    day = date(2029, 3, 5)
    assert (theme.day(day, ZH), theme.month(day, ZH)) == ("2029年3月5日", "2029年3月")
    assert (theme.day(day, EN), theme.month(day, EN)) == ("5 Mar 2029", "Mar 2029")


@pytest.mark.parametrize(
    ("months", "chinese", "english"),
    [
        (0, "0 个月", "0 months"),
        (1, "1 个月", "1 month"),
        (12, "1 年", "1 year"),
        (29, "2 年 5 个月", "2 years 5 months"),
    ],
)
def test_durations(months: int, chinese: str, english: str) -> None:
    assert theme.duration(months, ZH) == chinese
    assert theme.duration(months, EN) == english


def test_every_strategy_has_a_colour_of_its_own() -> None:
    assert set(theme.STRATEGY_COLOURS) == set(STRATEGIES)
    assert len(set(theme.STRATEGY_COLOURS.values())) == len(STRATEGIES)


def test_no_colour_value_outside_the_settings() -> None:
    files = [ROOT / "app.py", *(path for kind in ("py", "css", "toml") for path in (ROOT / "pages").rglob(f"*.{kind}"))]
    hexadecimal = re.compile(r"(?<!&)#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|rgba?\(")  # an entity is no colour
    assert not [path for path in files if hexadecimal.search(path.read_text("utf-8"))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chart_colours_can_be_told_from_the_ground(scheme: str) -> None:
    """WCAG 2: at least 4.5 to 1, for the names at the ends of the lines are text."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][scheme]
    ground = luminance(settings["backgroundColor"])
    names = [*settings["chartCategoricalColors"][: len(STRATEGIES)], settings["chartCategoricalColors"][-1]]
    for colour in [*names, settings["primaryColor"], settings["textColor"]]:
        light, dark = sorted((luminance(colour), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_privacy_settings() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["address"] == "localhost"
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["client"]["toolbarMode"] == "minimal"
    assert "http" not in settings["theme"]["font"]
