"""Tables that stay readable on a phone: a row becomes a block of labelled figures where there is no room for columns.

Written as HTML, because neither `st.table` nor `st.dataframe` can do that without scrolling sideways. Every text is
escaped, so a name that a household typed is never taken for markup; the roles keep it a table for screen readers also
where the stylesheet lays its rows out as blocks.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_FIGURE_MAX = 24
"""A longer cell holds words, which may break over lines."""


class Row(NamedTuple):
    """One row of a table.

    Attributes:
        name: What the row is about; its heading.
        note: A line of explanation under the name; may be empty.
        mark: A short label beside the name that sets the row apart; may be empty.
        cells: The figures, in the order of the columns.
    """

    name: str
    note: str
    mark: str
    cells: Sequence[str]


def figures_table(caption: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Lay rows of figures out as an HTML table.

    Args:
        caption: What the table shows, for those who hear the page.
        columns: The headings, the heading of the names first.
        rows: Every row with one cell fewer than there are columns.

    Returns:
        A `<table class="figures">`, for `st.html` with the stylesheet of the theme.
    """
    head = "".join(f'<th role="columnheader" scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(_row(columns, row) for row in rows)
    return (
        f'<table class="figures" role="table" aria-label="{escape(caption)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(columns: Sequence[str], row: Row) -> str:
    mark = f'<span class="mark">{escape(row.mark)}</span>' if row.mark else ""
    note = f'<span class="note">{escape(row.note)}</span>' if row.note else ""
    cells = "".join(
        f'<td role="cell"{_kind(cell)} data-label="{escape(column)}">{escape(cell)}</td>'
        for column, cell in zip(columns[1:], row.cells, strict=True)
    )
    kind = ' class="marked"' if row.mark else ""
    return (
        f'<tr role="row"{kind}><th role="rowheader" scope="row"><span class="name">{escape(row.name)}</span>'
        f"{mark}{note}</th>{cells}</tr>"
    )


def _kind(cell: str) -> str:
    return ' class="words"' if len(cell) > _FIGURE_MAX else ""
