"""Make unifont-gb2312.hex from GNU Unifont's outline font: ``python .ci/build_unifont.py FONT.otf``.

Each line is ``CODE:ROWS`` as in Unifont's own .hex format: 16 rows of 8 dots (32 digits) or of 16 dots (64 digits).
Kept: ASCII, everything of GB 2312, and a few signs of terminals' screens.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TARGET = Path(__file__).with_name("unifont-gb2312.hex")
EXTRA = "€¥£•–—…“”‘’°±×÷←↑→↓■□▲▼◆●○"
SIZE = 16


def characters() -> list[str]:
    """All characters to keep, in the order of their code points."""
    kept = {chr(code) for code in range(0x20, 0x7F)} | set(EXTRA)
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            kept.update(bytes((high, low)).decode("gb2312", errors="ignore"))
    return sorted(kept)


def rows(font: ImageFont.FreeTypeFont, character: str) -> str:
    """The glyph as hexadecimal rows, or an empty string when the font has none."""
    width = 8 if font.getlength(character) <= SIZE // 2 else SIZE
    picture = Image.new("1", (width, SIZE))
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    pen.text((0, 14), character, fill=1, font=font, anchor="ls")
    return picture.tobytes().hex().upper()


def main(source: str) -> None:
    font = ImageFont.truetype(source, SIZE)
    missing = rows(font, "\U0010fffe")
    lines = [(character, rows(font, character)) for character in characters()]
    text = "".join(f"{ord(character):04X}:{dots}\n" for character, dots in lines if dots != missing)
    TARGET.write_text(text, encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])
