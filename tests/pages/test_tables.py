"""Tables of figures: what a household typed stays text."""

import pytest

from pages.shared.tables import Row, figures_table


def test_names_are_never_markup() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    table = figures_table(hostile, [hostile, hostile], [Row(hostile, hostile, hostile, [hostile])])
    assert "<img" not in table
    assert 'onerror="' not in table
    assert table.count("&lt;img") == 8


def test_a_row_is_labelled_for_small_screens() -> None:
    table = figures_table("t", ["Name", "Paid", "Owed"], [Row("A", "", "", ["1", "2"])])
    assert '<td role="cell" data-label="Paid">1</td><td role="cell" data-label="Owed">2</td>' in table
    assert "mark" not in table


def test_a_row_must_fill_its_columns() -> None:
    with pytest.raises(ValueError, match="shorter"):
        figures_table("t", ["Name", "Paid", "Owed"], [Row("A", "", "", ["1"])])


def test_only_a_cell_of_words_may_break_over_lines() -> None:
    table = figures_table("t", ["Name", "Owed", "Whom"], [Row("A", "", "", ["¥1,234,567.89", "much longer, " * 3])])
    assert table.count('class="words"') == 1
    assert 'class="words" data-label="Whom"' in table
