"""Makes the pictures of the documentation: `make pictures`, or `python scripts/pictures.py web` for some.

`documents` are pages of the example's own output, `walk` the workbook of the guide's walk, `web` the pages of a server
at work, `desk` those of one person's own.
Needs the development extras (pypdfium2, playwright), chromium and, for the workbooks, LibreOffice.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import desk_pictures
import pypdfium2
import walk
import web_pictures
from PIL import Image, ImageOps

import juesuan

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
EXAMPLE = ROOT / "examples" / "wuhan-2022"
PAGES = ("单位决算公开", "收入支出决算总表（表1）", "图1：收、支决算总计变动情况", "总分")
"""What the pages shown have on them."""

GAP = 16


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Pictures of one height in a row, on grey."""
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    height = max(picture.height for picture in pictures) + 2 * GAP
    sheet = Image.new("RGB", (width, height), "#dcdcdc")
    left = GAP
    for picture in pictures:
        sheet.paste(picture, (left, GAP))
        left += picture.width + GAP
    return sheet


def page_pictures(pdf: Path, texts: tuple[str, ...], scale: float, first: int = 3) -> list[Image.Image]:
    """The first page, from the page `first` on, that has each of `texts`; the cover for the first of them."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number, text in enumerate(texts):
        for index in range(first if number else 0, len(document)):
            if text in document[index].get_textpage().get_text_range():
                large = document[index].render(scale=3 * scale).to_pil()
                found.append(large.resize((large.width // 3, large.height // 3), Image.Resampling.LANCZOS))
                break
    return found


def documents() -> None:
    """Compiles the example: its document and its workbook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        account = juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
        (pdf,) = juesuan.publish(account, folder, ["pdf"])
        side_by_side(page_pictures(pdf, PAGES, 0.62)).save(IMAGES / "document.png", optimize=True)
        book = EXAMPLE / "whole" / "workbook.xlsx"
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, str(book)], check=True)
        front, sheet = page_pictures(folder / "workbook.pdf", ("填完后运行", "支出决算和年初预算"), 1.0)
        sheets = [front.crop((0, 0, front.width, 420)), sheet.crop((0, 0, sheet.width, 420))]
        side_by_side(sheets).save(IMAGES / "workbook.png", optimize=True)


def the_walk() -> None:
    """The workbook that asks for the rest: its list and two of its sheets, with the cells to be filled in marked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in walk.HELD:
            (folder / file).write_bytes((EXAMPLE / "held" / file).read_bytes())
        walk.juesuan(folder, "new", "--from", *walk.HELD, "-o", walk.ASK)
        book = str(folder / walk.ASK)
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", name, book], check=True)
        texts = ("填完后运行", "要改、要填和要核实的", "支出决算和年初预算")
        _, listed, spent = page_pictures(folder / "补充.pdf", texts, 1.5, 1)
        parts = [_trimmed(listed, 560), _trimmed(spent, 360)]
        width = max(part.width for part in parts)
        sheet = Image.new("RGB", (width + 2 * GAP, sum(part.height for part in parts) + 3 * GAP), "#dcdcdc")
        top = GAP
        for part in parts:
            sheet.paste(part, (GAP, top))
            top += part.height + GAP
        sheet.save(IMAGES / "walk-questions.png", optimize=True)


def _trimmed(picture: Image.Image, height: int) -> Image.Image:
    """A page without the white around it, and no more than `height` of it."""
    box = ImageOps.invert(picture.convert("L")).getbbox() or (0, 0, *picture.size)
    left, top, right, bottom = box
    return picture.crop((left - 8, top - 8, right + 8, min(bottom + 8, top + height)))


def chromium() -> Path:
    """The browser's program."""
    programs = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
    return Path(os.environ.get("CHROMIUM") or next(filter(Path.exists, programs), programs[-1]))


def main(wanted: list[str]) -> None:
    """Writes docs/images, all or those that are `wanted`."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    if "documents" in wanted or not wanted:
        documents()
    if "walk" in wanted or not wanted:
        the_walk()
    if "web" in wanted or not wanted:
        web_pictures.main(IMAGES, chromium())
    if "desk" in wanted or not wanted:
        desk_pictures.main(IMAGES, chromium())


if __name__ == "__main__":
    main(sys.argv[1:])
