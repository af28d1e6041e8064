"""Damaged files: a result or a refusal in Chinese, in little time; never a crash, a traceback or a hang."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from juesuan.account import UnreadableFileError
from juesuan.publisher.document import Cell, Document, Heading, Table, Text
from juesuan.publisher.pdf.writer import write_pdf
from juesuan.reader.pdf_file import read_pdf
from juesuan.reader.raw import RawDocument

MUTATIONS = 200
SECONDS = 10


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A small account as we publish it, and the same with its streams open to damage."""
    folder = tmp_path_factory.mktemp("sound")
    head = (tuple(Cell(text, "center", header=True) for text in ("项目", "行次", "决算数")),)
    body = tuple((Cell(f"第{n}项支出"), Cell(str(n), "center"), Cell(f"{n}.50", "right")) for n in range(1, 40))
    document = Document(
        title="某单位决算公开", cover=("2022年度", "某单位", "决算公开"), date="2023年9月1日", subject="决算",
        author="某单位", year=2022,
        blocks=(
            Heading(1, "第一部分　概况", "a"), Text("负责全市信息系统的建设、运行维护和安全保障。" * 6),
            Table("表1", "收入支出决算总表（表1）", (30, 8, 20), head, body, left="单位：某单位", right="单位：万元"),
        ),
    )  # fmt: skip
    packed, open_ = folder / "packed.pdf", folder / "open.pdf"
    write_pdf(document, packed)
    with pikepdf.open(packed) as file:
        file.save(
            open_,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return packed.read_bytes(), open_.read_bytes()


def mutations(packed: bytes, plain: bytes) -> Iterator[bytes]:
    chance = random.Random(20240901)
    # Fonts are most of an open file; what is wrong with them says little of reading.
    content = [match.start() for match in re.finditer(rb" (re|m|l|Tf|Tm|Tj|cm|Td) ?\n| obj\b|/[A-Z]", plain)]
    for number in range(MUTATIONS):
        data = bytearray(packed if number % 3 == 0 else plain)
        kind = number % 5
        if kind == 0:
            data = data[: chance.randrange(len(data))]
        elif kind == 1:
            for _ in range(chance.choice((1, 10, 200))):
                place = chance.randrange(len(data))
                data[place] ^= 1 << chance.randrange(8)
        elif kind == 2:
            for _ in range(20):
                place = min(chance.choice(content) + chance.randrange(-6, 6), len(data) - 1)
                data[place] = chance.choice(b"0123456789.-/<>[]() \n")
        elif kind == 3:
            start = chance.randrange(len(data))
            del data[start : start + chance.randrange(1, 3000)]
        else:
            start = chance.randrange(len(data))
            data[start:start] = data[start : start + 500] * chance.randrange(1, 20)
        yield bytes(data)


def test_mutations_are_read_or_refused(sound: tuple[bytes, bytes], tmp_path: Path) -> None:
    path = tmp_path / "坏.pdf"
    read = refused = 0
    for number, data in enumerate(mutations(*sound)):
        path.write_bytes(data)
        start = time.monotonic()
        try:
            raw = read_pdf(path)
        except UnreadableFileError as error:
            assert re.search("[一-鿿]", str(error))
            refused += 1
        else:
            assert isinstance(raw, RawDocument)
            read += 1
        assert time.monotonic() - start < SECONDS, number
    assert read > 20
    assert refused > 20


def content(tmp_path: Path, stream: bytes, pages: int = 1) -> Path:
    file = pikepdf.new()
    body = file.make_indirect(pikepdf.Stream(file, stream))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    resources = file.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font)))
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=pikepdf.Array([0, 0, 600, 800]), Contents=body, Resources=resources
    )
    for _ in range(pages):
        file.pages.append(pikepdf.Page(file.make_indirect(page)))
    path = tmp_path / "big.pdf"
    file.save(path)
    return path


def timed(path: Path) -> RawDocument:
    start = time.monotonic()
    raw = read_pdf(path)
    assert time.monotonic() - start < SECONDS
    return raw


def test_a_drawing_of_many_lines_is_left_alone(tmp_path: Path) -> None:
    chance = random.Random(1)
    lines = "".join(
        f"{x} {y} m {x + 9} {y} l S {x} {y} m {x} {y + 9} l S\n"
        for x, y in ((chance.uniform(0, 590), chance.uniform(0, 790)) for _ in range(60_000))
    )
    raw = timed(content(tmp_path, lines.encode() + b"BT /F 12 Tf 50 500 Td (word) Tj ET"))
    assert raw.notes
    assert all("第1页" in note for note in raw.notes)


def test_a_page_of_too_many_objects_is_read_in_part(tmp_path: Path) -> None:
    raw = timed(content(tmp_path, b"BT /F 12 Tf 50 500 Td (word) Tj ET\n" + b"9 9 m 90 9 l S\n" * 220_000))
    assert "过多" in raw.notes[0]


def test_one_path_of_too_many_segments(tmp_path: Path) -> None:
    raw = timed(content(tmp_path, b"9 9 m " + b"90 90 l 9 9 l\n" * 150_000 + b"S\n"))
    assert "过多" in raw.notes[0]


def test_a_grid_of_very_many_cells(tmp_path: Path) -> None:
    across = "".join(f"10 {10 + 7 * n} m 590 {10 + 7 * n} l S\n" for n in range(110))
    down = "".join(f"{10 + 5 * n} 10 m {10 + 5 * n} 780 l S\n" for n in range(115))
    timed(content(tmp_path, (across + down + "BT /F 3 Tf 50 500 Td (word) Tj ET").encode()))


def test_places_beyond_all_measure(tmp_path: Path) -> None:
    stream = b"1e30 0 0 1e30 0 0 cm BT /F 1e20 Tf 1e30 1e38 Td (far) Tj ET\n0 0 m 1e38 0 l S 0 0 1e38 1e38 re S\n"
    assert timed(content(tmp_path, stream)).blocks == ()


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="请拆分"):
        read_pdf(content(tmp_path, b"", pages=3001))


def test_a_form_within_itself_is_given_up(tmp_path: Path) -> None:
    """pdfium never comes back from it; the process that reads it must, and end in peace."""
    file = pikepdf.new()
    inner = file.make_indirect(pikepdf.Stream(file, b"0 0 m 90 0 l S /X Do /X Do"))
    inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    inner.BBox = pikepdf.Array([0, 0, 600, 800])
    inner.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    file.add_blank_page()
    file.pages[0].Contents = file.make_indirect(pikepdf.Stream(file, b"/X Do"))
    file.pages[0].Resources = inner.Resources
    path = tmp_path / "loop.pdf"
    file.save(path)
    program = f"""
from pathlib import Path
from juesuan.reader.pdf_file import read_pdf
from juesuan.account import UnreadableFileError
from juesuan.reader.pdf import watch
watch.PATIENCE = 0.5  # It never comes back, however long it is waited for.
for _ in range(2):
    try:
        read_pdf(Path({str(path)!r}))
    except UnreadableFileError as error:
        print(error)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("结构异常") == 2
