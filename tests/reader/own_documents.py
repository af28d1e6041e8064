"""What the tests of several readers share: our own published documents, and files that have been damaged."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from juesuan.account import Account, UnreadableFileError
from juesuan.compiler import compile_sources
from juesuan.publisher import publish
from juesuan.publisher.document import Document, Heading, Table, Text, placed
from juesuan.publisher.layout import lay_out
from juesuan.reader.raw import RawDocument, RawTable, RawText
from juesuan.statute import load_statute

WHOLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole"
REAL = Path(__file__).parents[3] / "shared" / "real"
MUTATIONS = 80
"""So many of each format; `make fuzz` reads thousands."""


def account() -> Account:
    return compile_sources([WHOLE / "workbook.xlsx"]).account


def laid_out(of: Account) -> Document:
    return lay_out(of, load_statute(of.profile, of.year))


def published(of: Account, folder: Path, name: str) -> Path:
    return publish(of, folder, [name])[0]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def tables(raw: RawDocument) -> list[RawTable]:
    return [block for block in raw.blocks if isinstance(block, RawTable)]


def texts(raw: RawDocument) -> list[str]:
    return [block.text for block in raw.blocks if isinstance(block, RawText)]


def laid_tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def assert_same_tables(document: Document, raw: RawDocument) -> None:
    """Every table has its size, and every cell its text, its place, its spans and a source."""
    laid, found = laid_tables(document), tables(raw)
    assert [(len(table.header) + len(table.body), len(table.widths)) for table in laid] == [
        (table.height, table.width) for table in found
    ]
    for table, read in zip(laid, found, strict=True):
        cells = {(cell.row, cell.column): cell for cell in read.cells}
        top = 0
        for part in (table.header, table.body):
            for line in placed(part, len(table.widths)):
                for place in line:
                    cell = cells.pop((top + place.row, place.column))
                    assert bare(cell.text) == bare(place.cell.text), (table.key, place)
                    assert (cell.rowspan, cell.colspan) == (place.cell.rowspan, place.cell.colspan)
                    assert cell.source and cell.source.cell and cell.source.sheet
            top += len(part)
        assert not cells


def assert_same_texts(document: Document, raw: RawDocument) -> None:
    """Every heading, paragraph and note is a paragraph of its own, in order."""
    rest = iter([bare(text) for text in texts(raw)])
    for block in document.blocks:
        wanted: list[str] = []
        if isinstance(block, Heading | Text):
            wanted = [block.text]
        elif isinstance(block, Table):
            wanted = [block.title, *block.notes]
        for text in filter(None, wanted):
            assert bare(text) in rest, text


def damaged(data: bytes, seed: int) -> bytes:
    """The bytes with something wrong: cut off, bits flipped, a stretch doubled, taken out or filled with zeros."""
    chance = random.Random(seed)
    body = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        if not body:
            break
        at = chance.randrange(len(body))
        length = chance.choice((1, 8, 100, 3000))
        kind = chance.randrange(5)
        if kind == 0:
            del body[at:]
        elif kind == 1:
            body[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            body[at:at] = body[at : at + length]
        elif kind == 3:
            del body[at : at + length]
        else:
            body[at : at + length] = bytes(len(body[at : at + length]))
    return bytes(body)


def damaged_parts(data: bytes, seed: int) -> bytes:
    """A zip whose parts are damaged inside, so that the XML is reached."""
    chance = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        struck = chance.choice(names)
        for name in names:
            content = old.read(name)
            if name == struck:
                content = _scrambled(content, chance) if chance.random() < 0.6 else damaged(content, seed)
            if chance.random() > 0.03:
                new.writestr(name, content)
    return out.getvalue()


def _scrambled(content: bytes, chance: random.Random) -> bytes:
    """Well-formed still, but with odd values: numbers swapped in attributes, elements renamed."""
    numbers = (b'"0"', b'"-1"', b'"999999999"', b'"1E400"', b'""', b'"x"', b'"3"')
    return re.sub(rb'"(\d+)"', lambda match: chance.choice(numbers) if chance.random() < 0.05 else match[0], content)


def mutations(data: bytes, *, parts: bool = False) -> Iterator[bytes]:
    for seed in range(MUTATIONS):
        yield damaged_parts(data, seed) if parts and seed % 2 else damaged(data, seed)


def read_or_refused(read: Callable[[Path], RawDocument], path: Path) -> RawDocument | None:
    """The document, or None where the reader said that it cannot be read; anything else fails the test."""
    try:
        return read(path)
    except UnreadableFileError as error:
        assert re.search("[一-鿿]", str(error))
        return None
