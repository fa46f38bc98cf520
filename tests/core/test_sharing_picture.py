"""The picture for a chat: its size, what is drawn in it, and that no sign is drawn as a box."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from core.sharing.fonts import Cut, Fonts, found_in, installed
from core.sharing.picture import WIDTH, Colours, Course, Listed, Picture, Sign, png, wrapped

COLOURS = Colours("#ffffff", "#101010", "#707070", "#d0d0d0", "#0f6b5c")
COURSE = Course(
    [1, 31, 61, 91], [9_000, 6_000, 3_000, 0], [(0, "0"), (5_000, "5k")], [(31, "Jan"), (32, "Feb")], "clear in Mar"
)
PICTURE = Picture(
    title="Where the household stands",
    below_title="As of 9 Nov 2026",
    first=Sign("Owed now", "¥101,176.36"),
    others=[Sign("Expected clear", "Oct 2028")],
    chart_title="How the debts go",
    course=COURSE,
    list_title="Next",
    listed=[Listed("Card", "10 Nov 2026", "¥2,980.00"), Listed("Loan", "14 Nov 2026", "")],
    footer=["Not legal advice."],
)
BUILT_IN = Fonts(Cut(), Cut(), chinese=False)


def drawn(picture: Picture, fonts: Fonts | None = None) -> Image.Image:
    return Image.open(BytesIO(png(picture, COLOURS, fonts))).convert("RGB")


def lettered(image: Image.Image) -> int:
    """Count the pixels that are not paper."""
    return sum(count for count, colour in image.getcolors(1 << 20) or [] if colour != (255, 255, 255))


def test_it_is_as_wide_as_a_chat_wants_and_something_stands_in_every_part() -> None:
    image = drawn(PICTURE)
    assert image.width == WIDTH
    assert 1_200 < image.height < 2_200
    for part in range(8):
        box = (0, part * image.height // 8, WIDTH, (part + 1) * image.height // 8)
        assert lettered(image.crop(box)) > 200, part
    margin = 30
    for box in ((0, 0, margin, image.height), (WIDTH - margin, 0, WIDTH, image.height), (0, 0, WIDTH, margin)):
        assert not lettered(image.crop(box))


def test_the_same_words_give_the_same_picture() -> None:
    assert png(PICTURE, COLOURS) == png(PICTURE, COLOURS)


def test_what_there_is_not_leaves_no_gap() -> None:
    bare = PICTURE._replace(course=None, listed=[], others=[], footer=[])
    assert drawn(bare).height < drawn(PICTURE).height - 800


def test_a_line_of_what_is_owed_is_drawn_in_the_strong_colour_and_comes_down() -> None:
    image = drawn(PICTURE._replace(first=Sign("", "")))
    strong = [
        (x, y)
        for y in range(0, image.height, 3)
        for x in range(200, WIDTH, 3)
        if image.getpixel((x, y)) == (15, 107, 92)
    ]
    left = min(y for x, y in strong if x < 260)
    right = max(y for x, y in strong if x > 980)
    assert right - left > 200


@pytest.mark.parametrize(
    "text", ["", " ", "🛟", "<b>小明</b>", "a\u202eb", "x" * 500, "长" * 500, "word " * 200, "\n\t"]
)
@pytest.mark.parametrize("fonts", [None, BUILT_IN])
def test_any_text_can_be_drawn(text: str, fonts: Fonts | None) -> None:
    picture = PICTURE._replace(
        title=text,
        first=Sign(text, text),
        others=[Sign(text, text)],
        course=COURSE._replace(heights=[(1, text)], dates=[(31, text)], end=text),
        listed=[Listed(text, text, "¥1.00")] * 3,
        footer=[text],
    )
    image = drawn(picture, fonts)
    assert image.width == WIDTH
    assert image.height < 5_000
    assert not lettered(image.crop((0, 0, 30, image.height)))


def test_no_more_than_one_point_or_none_owed_is_no_division_by_zero() -> None:
    flat = COURSE._replace(days=[1, 1], owed=[0, 0], heights=[])
    assert drawn(PICTURE._replace(course=flat)).width == WIDTH


class TestFonts:
    def test_signs_that_a_font_lacks_are_left_out(self) -> None:
        plain = installed().plain
        assert plain.clean("A🛟B\ufe0f\u200d\u202e") == "AB"
        assert plain.clean("¥1,234.50 −5 — •") == "¥1,234.50 −5 — •"
        assert plain.clean(" a \n b\t") == "a b"

    def test_what_is_left_is_never_a_box(self) -> None:
        """No letter that passes is drawn as what a font draws for a letter that it lacks."""
        fonts = installed()
        text = "家里现在的情况欠款会怎么走¥1,234.50−—…·：；，。“”ABCabc🛟🏠" + "".join(map(chr, range(0x2500, 0x2600)))
        for cut in (fonts.plain, fonts.bold, BUILT_IN.plain):
            font = cut.at(40)
            box = font.getmask("\U0010fffe")
            missing = [box.getpixel((x, y)) for y in range(box.size[1]) for x in range(box.size[0])]
            for letter in cut.clean(text).replace(" ", ""):
                mask = font.getmask(letter)
                assert [mask.getpixel((x, y)) for y in range(mask.size[1]) for x in range(mask.size[0])] != missing

    def test_without_a_font_figures_are_still_read(self) -> None:
        fonts = found_in(())
        assert (fonts.chinese, fonts.plain.file) == (False, None)
        assert fonts.plain.clean("¥1,234.50 −5 欠") == "CNY 1,234.50 -5"
        assert isinstance(fonts.plain.at(20), ImageFont.FreeTypeFont)

    def test_a_folder_with_latin_letters_only_is_not_taken_for_chinese(self, tmp_path: Path) -> None:
        (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
        (tmp_path / "readme.txt").write_text("x")
        fonts = found_in((tmp_path, tmp_path / "nowhere"))
        assert not fonts.chinese
        assert fonts.plain.file is None

    def test_what_is_installed_says_truly_whether_it_is_chinese(self) -> None:
        fonts = installed()
        assert fonts.chinese == (fonts.plain.clean("欠债还清") == "欠债还清")


class TestLines:
    def test_latin_words_and_figures_stay_whole(self) -> None:
        lines = wrapped("Interest and fees 1,234.50 in all", Cut(), 40, 360, 9)
        assert len(lines) > 1
        assert " ".join(lines) == "Interest and fees 1,234.50 in all"

    def test_what_is_too_much_ends_in_dots(self) -> None:
        lines = wrapped("word " * 50, Cut(), 40, 300, 2)
        assert len(lines) == 2
        assert lines[-1].endswith("…")

    @settings(max_examples=60, deadline=None)
    @given(st.text("ab 欠，1.", max_size=60), st.integers(60, 700), st.integers(1, 4))
    def test_lines_fit_and_nothing_is_lost_before_the_end(self, text: str, width: int, lines: int) -> None:
        cut = installed().plain
        clean = cut.clean(text)
        found = wrapped(clean, cut, 40, width, lines)
        assert len(found) <= lines
        for line in found:
            assert cut.at(40).getlength(line) <= width or len(line) <= 2
        if found and not found[-1].endswith("…"):
            assert "".join(found).replace(" ", "") == clean.replace(" ", "")
