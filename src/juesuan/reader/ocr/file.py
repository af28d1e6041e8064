"""Scanned pages of a PDF and picture files, read by recognition; what that needs to be said is said once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import Source, UnreadableFileError
from juesuan.reader.pdf.page import PageContent
from juesuan.reader.pdf.table import TablePart
from juesuan.reader.pdf.watch import StuckError, watched
from juesuan.reader.raw import RawBlock, RawDocument, RawTable
from juesuan.reader.recognition import INSTALL, available

if TYPE_CHECKING:
    from juesuan.reader.ocr.engine import Picture
    from juesuan.reader.ocr.page import Progress, SecondLook

MOST_FRAMES = 3000
"""Pages of one picture file."""

MOST_PIXELS = 200_000_000
"""Of one picture: A3 at 600 dots per inch has a third of it."""


def scans_read(
    path: Path, pages: list[PageContent | None], progress: Progress | None = None
) -> tuple[list[PageContent | None], SecondLook | None]:
    """The pages of a PDF, those that are pictures read by recognition, and what gives their cells a second look.

    Without the packages for recognition the pages are left as they are; raises UnreadableFileError where no page has
    text of its own.
    """
    scans = [page.number for page in pages if page and page.scan]
    if not scans:
        return pages, None
    if not available():
        if not any(page and page.items and not page.scan for page in pages):
            raise UnreadableFileError(f"“{path.name}”是扫描件，没有文字层。{INSTALL}")
        return pages, None
    from juesuan.reader.ocr.page import SecondLook, scanned_page

    second = SecondLook()
    read: list[PageContent | None] = []
    for page in pages:
        if page is None or not page.scan:
            read.append(page)
            continue
        drawn = _drawn(path, page.number - 1)
        if drawn is None:
            page.notes.append(f"第{page.number}页的图像画不出来，没有识别。")
            read.append(page)
        else:
            read.append(scanned_page(*drawn, page.number, _last(read), second))
        if progress:
            progress(scans.index(page.number) + 1, len(scans))
    return read, second


def _drawn(path: Path, index: int) -> tuple[Picture, float] | None:
    """The page as a picture and its longer side in points; None where it cannot be drawn."""
    from juesuan.reader.ocr.page import rendered

    try:
        return watched(lambda beat: rendered(path, index))
    except StuckError:
        return None


def _last(pages: list[PageContent | None]) -> TablePart | None:
    """The table that the last page ends with."""
    page = pages[-1] if pages else None
    end = page.items[-1] if page and page.items else None
    return end if isinstance(end, TablePart) else None


def read_picture(path: Path, progress: Progress | None = None) -> RawDocument:
    """A picture file (PNG, JPEG, TIFF, BMP, GIF), each of its frames a page.

    Raises UnreadableFileError where it is damaged, or where the packages for recognition are not installed.
    """
    if not available():
        raise UnreadableFileError(f"“{path.name}”是图片。{INSTALL}")
    from juesuan.reader.ocr.page import SecondLook, scanned_page
    from juesuan.reader.pdf.assembly import assembled

    second = SecondLook()
    pages: list[PageContent | None] = []
    frames = _frames(path)
    for number in range(1, frames + 1):
        pages.append(scanned_page(*_frame(path, number - 1), number, _last(pages), second))
        if progress:
            progress(number, frames)
    return marked(msgspec.structs.replace(assembled(path.name, pages), format="picture"), pages, second)


def _frames(path: Path) -> int:
    from PIL import Image

    try:
        with Image.open(path) as image:
            frames = int(getattr(image, "n_frames", 1))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _damaged(path) from error
    if frames > MOST_FRAMES:
        raise UnreadableFileError(f"“{path.name}”有{frames}页，超过{MOST_FRAMES}页，请拆分后再读。")
    # An animated picture is no document.
    return 1 if path.suffix.lower() in (".gif", ".webp") else frames


def _frame(path: Path, index: int) -> tuple[Picture, float]:
    """Frame `index` in grey, and its longer side in points by the resolution it states."""
    import numpy
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            image.seek(index)
            if image.width * image.height > MOST_PIXELS:
                raise UnreadableFileError(f"“{path.name}”的图像过大，请缩小后再读。")
            stated = image.info.get("dpi", (0, 0))
            upright = ImageOps.exif_transpose(image)
            if upright.mode in ("RGBA", "LA", "P"):
                clear = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
            picture = numpy.asarray(upright.convert("L"), numpy.uint8)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _damaged(path) from error
    resolution = float(stated[0] or 0)
    length = max(picture.shape) * 72 / resolution if resolution > 1 else 0.0
    # What states no size that a page can have is taken for A4.
    return picture, length if 500 <= length <= 1300 else 842.0


def _damaged(path: Path) -> UnreadableFileError:
    return UnreadableFileError(f"“{path.name}”是图片，但已损坏或不完整，请重新获取。")


def marked(document: RawDocument, pages: list[PageContent | None], second: SecondLook | None) -> RawDocument:
    """The document with every source on a recognised page marked, and a note of which pages those are."""
    numbers = [page.number for page in pages if page and page.recognised and page.items]
    if not numbers or second is None:
        return document
    of = frozenset(numbers)

    def mark(source: Source | None) -> Source | None:
        return msgspec.structs.replace(source, recognised=True) if source and source.page in of else source

    blocks: list[RawBlock] = []
    for block in document.blocks:
        new = msgspec.structs.replace(block, source=mark(block.source))
        if isinstance(new, RawTable):
            cells = tuple(msgspec.structs.replace(cell, source=mark(cell.source)) for cell in new.cells)
            new = msgspec.structs.replace(new, cells=cells)
        blocks.append(new)
    unplaced = tuple(msgspec.structs.replace(item, source=mark(item.source)) for item in document.unplaced)
    note = f"第{_ranges(numbers)}页是扫描图像，文字由识别得出，数字请对照原件。"
    return msgspec.structs.replace(
        document, blocks=tuple(blocks), unplaced=unplaced, notes=(note, *document.notes), second=second.readings
    )


def _ranges(numbers: list[int]) -> str:
    """Numbers in ascending order as 3—5、8."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return "、".join(str(first) if first == last else f"{first}—{last}" for first, last in parts)
