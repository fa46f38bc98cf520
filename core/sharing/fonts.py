"""Fonts that this machine has installed, for a picture that is drawn without a browser; none is fetched or shipped.

A font is found by its file's name in the folders where systems keep them. What it has no sign for is left out of a text
rather than drawn as a box.
"""

import os
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

# Each: the names of the files of a plain and of a bold cut, and what its family calls its simplified Chinese.
_CHINESE = (
    ("NotoSansCJK-Regular", "NotoSansCJK-Bold", "SC"),
    ("NotoSansCJKsc-Regular", "NotoSansCJKsc-Bold", ""),
    ("NotoSansSC-Regular", "NotoSansSC-Bold", ""),
    ("SourceHanSansSC-Regular", "SourceHanSansSC-Bold", ""),
    ("SourceHanSans-Regular", "SourceHanSans-Bold", "SC"),
    ("PingFang", "PingFang", "SC"),
    ("Hiragino Sans GB", "Hiragino Sans GB", "GB"),
    ("msyh", "msyhbd", ""),
    ("wqy-microhei", "wqy-microhei", ""),
    ("wqy-zenhei", "wqy-zenhei", ""),
    ("DroidSansFallback", "DroidSansFallback", ""),
)
_LATIN = (("DejaVuSans", "DejaVuSans-Bold", ""), ("LiberationSans-Regular", "LiberationSans-Bold", ""))
_FILES = (".ttc", ".ttf", ".otf")
_CUTS_MAX = 12
_NO_SIGN = "\U0010fffe"  # never a letter, so what is drawn for it is what is drawn for any that is missing
_PROBE = 24
_SAMPLE = "欠债还清"
# What is written where a font lacks a sign that figures need.
_INSTEAD = {"¥": "CNY ", "•": "*", "−": "-", "—": "-"}


@dataclass(frozen=True)
class Cut:
    """One cut of a font: its file, and its place in a file that holds several; no file: the one inside Pillow."""

    file: Path | None = None
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Give it at a size, in pixels."""
        return _loaded(self, size)

    def clean(self, text: str) -> str:
        """Leave out what it has no sign for and what has no sign at all, and write what is left on one line."""
        shown = "".join(
            letter if _can_draw(self, letter) else _INSTEAD.get(letter, "")
            for letter in unicodedata.normalize("NFC", text)
        )
        return " ".join(shown.split())


@dataclass(frozen=True)
class Fonts:
    """What a picture is written with.

    Attributes:
        plain: For most of it.
        bold: For what is read first.
        chinese: Whether they have Chinese signs.
    """

    plain: Cut
    bold: Cut
    chinese: bool


@cache
def installed() -> Fonts:
    """Find what is installed: a font with Chinese signs, else one with Latin letters, else the one inside Pillow."""
    return found_in(_folders())


def found_in(folders: tuple[Path, ...]) -> Fonts:
    """Find a font in folders and what lies below them.

    Args:
        folders: Those that do not exist are passed over.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                if Path(name).suffix.lower() in _FILES:
                    files.setdefault(Path(name).stem, Path(place, name))
    for families, chinese in ((_CHINESE, True), (_LATIN, False)):
        for plain, bold, own in families:
            found = _cut(files.get(plain), own)
            if found is not None and (not chinese or found.clean(_SAMPLE) == _SAMPLE):
                return Fonts(found, _cut(files.get(bold), own) or found, chinese)
    return Fonts(Cut(), Cut(), chinese=False)


def _folders() -> tuple[Path, ...]:
    home = Path.home()
    return (
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"),
        home / "Library/Fonts",
        Path("/Library/Fonts"),
        Path("/System/Library/Fonts"),
        Path("/System/Library/AssetsV2/com_apple_MobileAsset_Font7"),
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
    )


def _cut(file: Path | None, own: str) -> Cut | None:
    """Give the cut of a file whose family name has a part of its own; the first where none has."""
    if file is None:
        return None
    first: Cut | None = None
    for index in range(_CUTS_MAX):
        try:
            # Not `truetype`, which looks in other folders for a file that it cannot read.
            family = ImageFont.FreeTypeFont(file, _PROBE, index).getname()[0] or ""
        except OSError:
            break
        first = first or Cut(file, index)
        if own in family.split() or not own:
            return Cut(file, index)
    return first


@cache
def _loaded(cut: Cut, size: int) -> ImageFont.FreeTypeFont:
    if cut.file is not None:
        return ImageFont.FreeTypeFont(cut.file, size, cut.index)
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType")
    return found


@cache
def _can_draw(cut: Cut, letter: str) -> bool:
    if letter.isspace():
        return True
    if unicodedata.category(letter)[0] == "C" or "\ufe00" <= letter <= "\ufe0f":
        return False
    return _drawn(cut, letter) != _drawn(cut, _NO_SIGN)


def _drawn(cut: Cut, letter: str) -> bytes:
    image = Image.new("L", (2 * _PROBE, 2 * _PROBE))
    ImageDraw.Draw(image).text((_PROBE // 2, 0), letter, 255, cut.at(_PROBE))
    return image.tobytes()
