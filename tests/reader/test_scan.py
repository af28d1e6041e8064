"""Scans of our own published pages are read back: every figure in its cell, every place on its page."""

from __future__ import annotations

import builtins
import hashlib
import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2
import pytest
from own_documents import account, bare, laid_out, laid_tables, published, tables, texts
from own_scans import picture_pdf, rendered, scanned, scanned_pages
from PIL import Image, ImageDraw

from juesuan.account import Address, Source, UnreadableFileError
from juesuan.publisher.document import Document, Table, placed
from juesuan.reader import read_document
from juesuan.reader import recognition as scan_offer
from juesuan.reader.account import to_account
from juesuan.reader.amounts import read_amount
from juesuan.reader.files import read_raw
from juesuan.reader.ocr.page import rendered as drawn_page
from juesuan.reader.ocr.relations import held_against_relations
from juesuan.reader.raw import RawBlock, RawDocument, RawTable

INCOME, EXPENDITURE, BASIC = "表2", "表3", "表6"


@pytest.fixture(scope="module", autouse=True)
def recognised_once() -> Iterator[None]:
    """What the models gave for a picture they give again without reckoning, which takes seconds a page."""
    from juesuan.reader.ocr import engine, picture, text

    known: dict[str, list[object]] = {}

    def remembering(reckon: Callable[..., list[object]]) -> Callable[..., list[object]]:
        def remembered(seen: engine.Picture | Sequence[engine.Picture]) -> list[object]:
            digest = hashlib.sha256(reckon.__name__.encode())
            for part in seen if isinstance(seen, list) else [seen]:
                digest.update(repr(part.shape).encode() + part.tobytes())
            key = digest.hexdigest()
            if key not in known:
                known[key] = reckon(seen)
            return list(known[key])

        return remembered

    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((text, "read_lines"), (picture, "read_lines"), (picture, "find_lines")):
            patch.setattr(module, name, remembering(getattr(engine, name)))
        yield


@pytest.fixture(scope="module")
def document() -> Document:
    return laid_out(account())


@pytest.fixture(scope="module")
def text_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(account(), tmp_path_factory.mktemp("scan"), "pdf")


def table(document: Document, key: str) -> Table:
    return next(table for table in laid_tables(document) if table.key == key)


@pytest.fixture(scope="module")
def pages(document: Document, text_pdf: Path) -> Mapping[str, int]:
    """The page that each table stands on, found by its title."""
    found: dict[str, int] = {}
    with pypdfium2.PdfDocument(text_pdf) as pdf:
        for index in range(len(pdf)):
            page = pdf[index]
            text = page.get_textpage()
            content = bare(text.get_text_range())
            text.close()
            page.close()
            for laid in laid_tables(document):
                if laid.title and content.startswith(bare(laid.title)):
                    found.setdefault(laid.key, index)
    return found


@pytest.fixture(scope="module")
def scan(text_pdf: Path, pages: Mapping[str, int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages lying, one standing, all askew, with grain, in grey, JPEG of quality 60."""
    wanted = [pages[key] for key in (INCOME, EXPENDITURE, BASIC)]
    return picture_pdf(scanned_pages(text_pdf, wanted), tmp_path_factory.mktemp("pictures") / "扫描件.pdf")


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def raw(scan: Path, told: list[tuple[int, int]]) -> RawDocument:
    return read_raw(scan, lambda done, of: told.append((done, of)))


def assert_figures(laid: Table, read: RawTable) -> None:
    """Every figure of the table stands in its cell, and the grid has its rows, columns and spans."""
    assert (read.height, read.width) == (len(laid.header) + len(laid.body), len(laid.widths))
    grid = read.grid()
    figures = 0
    for line in placed([*laid.header, *laid.body], len(laid.widths)):
        for place in line:
            cell = grid[place.row][place.column]
            assert cell is not None
            assert (cell.row, cell.column, cell.rowspan, cell.colspan) == (
                place.row, place.column, place.cell.rowspan, place.cell.colspan,
            )  # fmt: skip
            if read_amount(bare(place.cell.text)):
                figures += 1
                assert cell.text == bare(place.cell.text), place
            else:
                assert bool(cell.text) == bool(bare(place.cell.text)), (cell, place)
    assert figures > 50


def test_every_figure_of_the_scanned_tables_is_read(document: Document, raw: RawDocument) -> None:
    found = tables(raw)
    assert len(found) == 3
    for key, read in zip((INCOME, EXPENDITURE, BASIC), found, strict=True):
        assert_figures(table(document, key), read)


def test_titles_units_and_notes_stand_around_scanned_tables(document: Document, raw: RawDocument) -> None:
    whole = [re.sub(r"[（）()：:；;，,。]", "", text) for text in texts(raw)]
    for key in (INCOME, EXPENDITURE, BASIC):
        laid = table(document, key)
        for text in (laid.title, laid.left, laid.right, *laid.notes):
            assert not text or re.sub(r"[（）()：:；;，,。]", "", bare(text)) in whole, text


def test_places_of_recognised_text_are_those_of_the_page(raw: RawDocument, text_pdf: Path) -> None:
    """The box of a cell is where the same cell has it in the PDF with text, within what the scanner's turn misses."""
    of_text = {(t.height, t.width): t for t in tables(read_raw(text_pdf))}
    for read in tables(raw):
        same = of_text[read.height, read.width]
        for one, other in zip(read.cells, same.cells, strict=True):
            assert one.source and other.source and one.source.box and other.source.box
            assert one.source.recognised and not other.source.recognised
            # 0.8 degrees of turn about the middle move the corner of a page by 7 points.
            for low in (0, 1):
                middle, right = (sum(box[low::2]) / 2 for box in (one.source.box, other.source.box))
                assert abs(middle - right) < 8
    assert all(block.source and block.source.recognised for block in raw.blocks)


def test_recognition_is_told(raw: RawDocument, told: list[tuple[int, int]]) -> None:
    assert raw.notes[0] == "第1—3页是扫描图像，文字由识别得出，数字请对照原件。"
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert str(Source(file="a.pdf", page=3, recognised=True)) == "a.pdf 第3页（识别）"


def test_a_misread_figure_is_read_again_where_the_relations_tell(raw: RawDocument) -> None:
    """1,551.89 read as 1,561.89: its line, its item above and its items below contradict it; the picture decides."""
    wrong = "1,561.89"
    blocks: list[RawBlock] = list(raw.blocks)
    at = next(number for number, block in enumerate(blocks) if isinstance(block, RawTable))
    spoiled = blocks[at]
    assert isinstance(spoiled, RawTable)
    cell = next(cell for cell in spoiled.cells if cell.text == "1,551.89")
    cells = tuple(msgspec.structs.replace(c, text=wrong) if c is cell else c for c in spoiled.cells)
    blocks[at] = msgspec.structs.replace(spoiled, cells=cells)
    damaged = msgspec.structs.replace(raw, blocks=tuple(blocks))
    address = Address(INCOME, "20801", "1")
    first = to_account(damaged, "wuhan-2022")
    assert first.account.amount(address) == 15618900
    held = held_against_relations(first, damaged, "wuhan-2022")
    assert held.account.amount(address) == 15518900
    fact = held.account.get(address)
    assert fact and fact.source and fact.source.recognised
    assert held.notes[-1].message == (
        "第1页 单元格 表2!20801行1栏 识别为“1,561.89”，按公式核对改识为“1,551.89”，请对照原件。"
    )


def test_sound_figures_are_left_alone(raw: RawDocument) -> None:
    first = to_account(raw, "wuhan-2022")
    assert held_against_relations(first, raw, "wuhan-2022") == first


def test_facts_of_a_scan_say_that_they_were_recognised(scan: Path) -> None:
    facts = read_document(scan, "wuhan-2022").account.facts
    assert len(facts) > 100
    assert all(fact.source and fact.source.recognised for fact in facts.values())


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_that_lie_or_stand_on_their_head(
    document: Document, text_pdf: Path, pages: Mapping[str, int], tmp_path: Path, degrees: int
) -> None:
    # Askew too when it lies on one side; a straight page is the same one whichever way it was turned back.
    askew = None if degrees == 90 else 0.0
    picture = scanned(rendered(text_pdf, pages[EXPENDITURE]), 5, degrees=askew).rotate(degrees, expand=True)
    path = tmp_path / "倒放.png"
    picture.save(path, dpi=(200, 200))
    raw = read_raw(path)
    assert raw.format == "picture" and raw.pages == 1
    (read,) = tables(raw)
    assert_figures(table(document, EXPENDITURE), read)
    # The places are those on the picture as it is stored.
    width, height = (side * 72 / 200 for side in picture.size)
    first, last = read.cells[0].source, read.cells[-1].source
    assert first and last and first.box and last.box
    for left, bottom, right, top in (first.box, last.box):
        assert 0 < left < right < width and 0 < bottom < top < height
    upper = first.box[1] > last.box[1], first.box[0] < last.box[0]
    assert upper == {90: (False, True), 180: (False, False), 270: (True, False)}[degrees]


def test_a_picture_file_of_several_pages(scan: Path, tmp_path: Path) -> None:
    # The pages of the scan: what is on them is recognised already.
    found = [Image.fromarray(drawn[0]) for index in (0, 1) if (drawn := drawn_page(scan, index))]
    path = tmp_path / "两页.tif"
    found[0].save(path, save_all=True, append_images=found[1:], dpi=(200, 200))
    raw = read_raw(path)
    assert raw.pages == 2
    assert [read.source.page for read in tables(raw) if read.source] == [1, 2]


def mixed(text_pdf: Path, picture: Path, after: int, target: Path) -> Path:
    """The PDF with text, its page `after` replaced by the picture of it."""
    with pikepdf.open(text_pdf) as whole, pikepdf.open(picture) as scan:
        del whole.pages[after]
        whole.pages.insert(after, scan.pages[0])
        whole.save(target)
    return target


@pytest.fixture(scope="module")
def half(text_pdf: Path, pages: Mapping[str, int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("half")
    picture = picture_pdf(scanned_pages(text_pdf, [pages[INCOME]]), folder / "page.pdf")
    return mixed(text_pdf, picture, pages[INCOME], folder / "混合.pdf")


def test_a_scanned_page_among_pages_of_text(half: Path, text_pdf: Path, pages: Mapping[str, int]) -> None:
    raw = read_raw(half)
    number = pages[INCOME] + 1
    assert len(tables(raw)) == len(tables(read_raw(text_pdf)))
    for read in tables(raw):
        assert read.source and read.source.recognised == (read.source.page == number)
    assert any(note.startswith(f"第{number}页是扫描图像，文字由识别得出") for note in raw.notes)
    facts = read_document(half).account.facts
    printed = read_document(text_pdf).account.facts
    assert {key: fact.figure for key, fact in facts.items()} == {key: fact.figure for key, fact in printed.items()}
    assert {fact.address.form for fact in facts.values() if fact.source and fact.source.recognised} == {INCOME}


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name in ("cv2", "rapidocr"):
            raise ImportError(name)
        return real(name, package)

    monkeypatch.setattr(scan_offer.importlib, "import_module", without)


@pytest.mark.usefixtures("not_installed")
def test_without_the_extra_a_scan_says_what_to_install(scan: Path, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.new("L", (100, 100), 255).save(picture)
    for path in (scan, picture):
        with pytest.raises(UnreadableFileError, match=r"pip install juesuan\[ocr\]") as caught:
            read_raw(path)
        assert path.name in str(caught.value)


@pytest.mark.usefixtures("not_installed")
def test_without_the_extra_the_pages_with_text_are_read(half: Path, text_pdf: Path, pages: Mapping[str, int]) -> None:
    raw = read_raw(half)
    number = pages[INCOME] + 1
    assert len(tables(raw)) == len(tables(read_raw(text_pdf))) - 1
    assert [note for note in raw.notes if f"第{number}页是扫描图像" in note and "juesuan[ocr]" in note]
    assert f"第{number}页（扫描图像）" in [item.text for item in raw.unplaced]


def test_reading_needs_no_module_of_recognition_for_text(text_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *rest: object, **more: object) -> object:
        assert name.split(".")[0] not in ("cv2", "rapidocr", "onnxruntime")
        return real(name, *rest, **more)

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert read_raw(text_pdf).second is None


def test_blank_pages_and_photographs(tmp_path: Path) -> None:
    blank = scanned(Image.new("L", (1654, 2339), 255), 1)
    photograph = Image.radial_gradient("L").resize((1654, 2339))
    ImageDraw.Draw(photograph).ellipse((400, 600, 1200, 1500), fill=30)
    raw = read_raw(picture_pdf([blank, photograph], tmp_path / "照片.pdf"))
    assert raw.blocks == () and raw.pages == 2
    assert raw.notes == ("第2页是图像，没有认出文字。",)
    assert [item.text for item in raw.unplaced] == ["第2页（图像）"]


def test_pictures_without_text_are_told_among_pages_of_text(text_pdf: Path, tmp_path: Path) -> None:
    cover = Image.new("L", (1111, 833), 255)
    cover.paste(128, (28, 28, 1083, 805))
    picture = picture_pdf([cover], tmp_path / "图.pdf")
    path = tmp_path / "封面.pdf"
    with pikepdf.open(text_pdf) as text, pikepdf.open(picture) as grey, pikepdf.new() as whole:
        whole.pages.extend([text.pages[0], grey.pages[0]])
        whole.add_blank_page()
        whole.save(path)
    raw = read_raw(path)
    assert raw.notes == ("第2页是图像，没有认出文字。",)
    assert [(item.text, item.source and item.source.page) for item in raw.unplaced] == [("第2页（图像）", 2)]
    assert raw.pages == 3 and raw.blocks


def test_damaged_pictures_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "a.png"
    Image.new("L", (400, 400), 255).save(whole)
    data = whole.read_bytes()
    for content in (data[:60], data[:8] + bytes(500)):
        whole.write_bytes(content)
        with pytest.raises(UnreadableFileError, match="损坏"):
            read_raw(whole)


