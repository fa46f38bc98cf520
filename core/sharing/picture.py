"""A picture of where a household stands, for a chat: drawn on this machine, without a browser.

It knows no plan and says nothing by itself: whoever asks hands over sentences, made from a link's document alone, so
what that link hides cannot be in it.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw

from core.sharing.fonts import Cut, Fonts, installed

WIDTH = 1080
_MARGIN = 72
_INNER = WIDTH - 2 * _MARGIN
_EDGE = _MARGIN // 2
_HEIGHT_MAX = 6000
_CHART = 400
_CHART_LEFT = 118
_TITLE, _LARGE, _SIGN, _TEXT, _SMALL = 54, 84, 52, 36, 29
_LEADING = 1.45
_LINES_MAX = 3
_HEADROOM = 1.05
_MORE = "…"


class Colours(NamedTuple):
    """Colours, as `#rrggbb`: the ground, letters, quiet letters, rules, and what is meant to be seen first."""

    paper: str
    ink: str
    quiet: str
    rule: str
    strong: str


class Course(NamedTuple):
    """What is owed over time.

    Attributes:
        days: Ordinals, rising; two or more.
        owed: On those days, from 0, in any unit.
        heights: Labels along the left edge: how high, and what it says.
        dates: Labels below: which day, and what it says; one that would touch the one before is left out.
        end: What is said at the end of the line; may be empty.
    """

    days: Sequence[int]
    owed: Sequence[int]
    heights: Sequence[tuple[int, str]]
    dates: Sequence[tuple[int, str]]
    end: str


class Sign(NamedTuple):
    """A figure under its name."""

    name: str
    figure: str


class Listed(NamedTuple):
    """A line of a list: what it is about, a line below it, and a figure at the right; the last two may be empty."""

    name: str
    note: str
    figure: str


class Picture(NamedTuple):
    """What the picture says, from the top; empty parts leave no gap.

    Attributes:
        title: Of the household.
        below_title: A quiet line.
        first: The figure that is read first.
        others: Figures beside and below it.
        chart_title: Over the chart.
        course: What the chart shows; None: no chart.
        list_title: Over the list.
        listed: Its lines.
        footer: Quiet lines at the bottom.
    """

    title: str
    below_title: str
    first: Sign
    others: Sequence[Sign]
    chart_title: str
    course: Course | None
    list_title: str
    listed: Sequence[Listed]
    footer: Sequence[str]


def png(picture: Picture, colours: Colours, fonts: Fonts | None = None) -> bytes:
    """Draw a picture, `WIDTH` pixels wide and as high as it needs.

    Args:
        picture: What it says. Signs that the fonts do not have are left out.
        colours: What it is drawn in.
        fonts: What it is written with; None: what is installed.

    Returns:
        A PNG.
    """
    sheet = _Sheet(colours, fonts or installed())
    sheet.head(picture)
    if picture.course is not None:
        sheet.chart(picture.chart_title, picture.course)
    sheet.list(picture.list_title, picture.listed)
    sheet.foot(picture.footer)
    return sheet.png()


class _Sheet:
    """A sheet that is filled from the top, and cut off below."""

    def __init__(self, colours: Colours, fonts: Fonts) -> None:
        self._colours = colours
        self._fonts = fonts
        self._image = Image.new("RGB", (WIDTH, _HEIGHT_MAX), colours.paper)
        self._draw = ImageDraw.Draw(self._image)
        self._y = _MARGIN

    def png(self) -> bytes:
        """Give what has been drawn."""
        image = self._image.crop((0, 0, WIDTH, min(self._y + _MARGIN, _HEIGHT_MAX)))
        into = BytesIO()
        # 64 shades are enough for letters and a line, and a chat takes the file at once.
        image.quantize(64).save(into, "PNG", optimize=True)
        return into.getvalue()

    def head(self, picture: Picture) -> None:
        """Write the title and the figures."""
        colours, fonts = self._colours, self._fonts
        self._write(picture.title, fonts.bold, _TITLE, colours.ink)
        self._write(picture.below_title, fonts.plain, _SMALL, colours.quiet)
        self._y += 40
        self._write(picture.first.name, fonts.plain, _TEXT, colours.quiet)
        self._write(picture.first.figure, fonts.bold, _LARGE, colours.strong, lines=1)
        for one in picture.others:
            self._y += 20
            self._write(one.name, fonts.plain, _TEXT, colours.quiet)
            self._write(one.figure, fonts.bold, _SIGN, colours.ink)

    def chart(self, title: str, course: Course) -> None:
        """Draw what is owed over time."""
        colours, small = self._colours, self._fonts.plain
        self._heading(title)
        left, right, top = _MARGIN + _CHART_LEFT, WIDTH - _MARGIN, self._y + 16
        bottom = top + _CHART
        first, span = course.days[0], max(course.days[-1] - course.days[0], 1)
        ceiling = max(*course.owed, *(high for high, _ in course.heights), 1) * _HEADROOM

        def place(day: int, owed: int) -> tuple[float, float]:
            return left + (right - left) * (day - first) / span, bottom - _CHART * owed / ceiling

        for high, text in course.heights:
            y = place(first, high)[1]
            self._draw.line((left, y, right, y), colours.rule, 2)
            self._draw.text(
                (left - 16, y),
                _shortened(text, small, _SMALL, left - 16 - _EDGE),
                colours.quiet,
                small.at(_SMALL),
                anchor="rm",
            )
        free = float(_EDGE)
        for day, written in course.dates:
            x, text = place(day, 0)[0], small.clean(written)
            half = small.at(_SMALL).getlength(text) / 2
            if x - half < free or x + half > WIDTH - _EDGE:
                continue
            free = x + half + 24
            self._draw.line((x, bottom, x, bottom + 10), colours.rule, 2)
            self._draw.text((x, bottom + 18), text, colours.quiet, small.at(_SMALL), anchor="mt")
        line = [place(*point) for point in zip(course.days, course.owed, strict=True)]
        self._draw.line(line, colours.strong, 7, joint="curve")
        x, y = line[-1]
        self._draw.ellipse((x - 11, y - 11, x + 11, y + 11), colours.strong)
        strong = self._fonts.bold
        end = _shortened(course.end, strong, _SMALL, _INNER / 2)
        begins = right - strong.at(_SMALL).getlength(end)
        # Above all of the line that it stands over, also where that comes down steeply.
        over = [*(point for point in line if point[0] >= begins), *[point for point in line if point[0] < begins][-1:]]
        highest = min(height for _, height in over)
        self._draw.text((right, highest - 26), end, colours.strong, strong.at(_SMALL), anchor="rb")
        self._y = bottom + 18 + round(_SMALL * _LEADING)

    def list(self, title: str, lines: Sequence[Listed]) -> None:
        """Write a list, a figure at the right of each line."""
        if not lines:
            return
        colours, fonts = self._colours, self._fonts
        self._heading(title)
        for one in lines:
            figure = _shortened(one.figure, fonts.bold, _TEXT, _INNER / 2)
            wide = fonts.bold.at(_TEXT).getlength(figure)
            self._draw.text((WIDTH - _MARGIN, self._y), figure, colours.ink, fonts.bold.at(_TEXT), anchor="ra")
            self._write(one.name, fonts.plain, _TEXT, colours.ink, lines=1, width=_INNER - wide - 32)
            self._write(one.note, fonts.plain, _SMALL, colours.quiet)
            self._y += 14

    def foot(self, lines: Sequence[str]) -> None:
        """Write quiet lines below a rule."""
        self._y += 34
        self._draw.line((_MARGIN, self._y, WIDTH - _MARGIN, self._y), self._colours.rule, 2)
        self._y += 26
        for line in lines:
            self._write(line, self._fonts.plain, _SMALL, self._colours.quiet)

    def _heading(self, text: str) -> None:
        self._y += 48
        self._write(text, self._fonts.bold, _TEXT, self._colours.ink)
        self._y += 10

    def _write(
        self, text: str, cut: Cut, size: int, colour: str, *, lines: int = _LINES_MAX, width: float = _INNER
    ) -> None:
        for line in wrapped(cut.clean(text), cut, size, width, lines):
            self._draw.text((_MARGIN, self._y), line, colour, cut.at(size))
            self._y += round(size * _LEADING)


def wrapped(text: str, cut: Cut, size: int, width: float, lines: int) -> list[str]:
    """Break a text into lines: at blanks where there are any, else between signs; what is too much ends in `…`.

    Args:
        text: On one line, all of it to be drawn.
        cut: What it is written with.
        size: In pixels.
        width: What a line may take, in pixels.
        lines: How many there may be.
    """
    font = cut.at(size)
    found: list[str] = []
    rest = text
    while rest:
        if font.getlength(rest) <= width:
            return [*found, rest]
        fits = max(1, next(k for k in range(1, len(rest) + 1) if font.getlength(rest[:k]) > width) - 1)
        if len(found) == lines - 1:
            while fits > 1 and font.getlength(rest[:fits] + _MORE) > width:
                fits -= 1
            return [*found, rest[:fits].rstrip() + _MORE]
        at = _break(rest, fits)
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return found


def _shortened(text: str, cut: Cut, size: int, width: float) -> str:
    """Write a text on one line of a width."""
    return "".join(wrapped(cut.clean(text), cut, size, width, 1))


def _break(text: str, fits: int) -> int:
    """Give where to break: not inside a Latin word or a figure, nor before a sign that closes."""
    at = fits
    while at > 1 and not (text[at] == " " or (_is_wide(text[at - 1]) and text[at] not in "，。、：；！？）”》")):
        at -= 1
    return at if at > 1 else fits


def _is_wide(letter: str) -> bool:
    return letter > "\u2e80"
