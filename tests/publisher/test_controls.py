"""Content controls of the DOCX: figures are locked and bound, texts may be written in, and nothing reads otherwise."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

import juesuan
from juesuan.account import Address
from juesuan.publisher.binding import ITEM, NAMESPACE, regions
from juesuan.publisher.document import Bound, Cell, Document, Table, Text
from juesuan.publisher.docx.writer import write_docx
from publisher.sample import sample

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDER = ["rPr", "alias", "tag", "id", "lock", "placeholder", "temporary", "showingPlcHdr", "dataBinding", "label",
         "tabIndex", "text", "richText", "docPartObj"]  # fmt: skip
"""The order that ISO/IEC 29500-1 (17.5.2.38) wants."""
TEXT = "与2021年度相比，收、支总计各减少325.92万元，下降15.5%，主要原因：项目减少。"


def stretch(words: str, kind: str, key: str) -> Bound:
    start = TEXT.index(words)
    return Bound(start, start + len(words), kind, key)


BOUND = (
    stretch("减少", "direction", "N102"),
    stretch("325.92", "figure", "N102.变动"),
    stretch("下降", "direction", "N102"),
    stretch("15.5", "figure", "N102.幅度"),
    stretch("项目减少", "text", "收支总计变动"),
)
TABLE = Table(
    "表1", "收入支出决算总表", (1, 1), ((Cell("项目", header=True), Cell("决算数", header=True)),),
    ((Cell("收入"), Cell("1,777.5", "right", address=Address("表1", "1", "1"))),
     (Cell("支出"), Cell("", "right", address=Address("表1", "2", "1")))),
)  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = sample()
    document = Document(
        given.title, given.cover, given.date, given.subject, given.author, given.year,
        (Text(TEXT, key="总体.1", bound=BOUND), TABLE), profile="national", code="128010",
    )  # fmt: skip
    path = tmp_path_factory.mktemp("controls") / "made.docx"
    write_docx(document, path)
    return path


@pytest.fixture(scope="module")
def controls(file: Path) -> dict[str, etree._Element]:
    """The controls by what they hold."""
    with zipfile.ZipFile(file) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return {"".join(control.itertext()): control for control in root.iter(f"{W}sdt")}


def lock(control: etree._Element) -> str:
    found = control.find(f"{W}sdtPr/{W}lock")
    assert found is not None
    return str(found.get(f"{W}val"))


def test_figures_with_their_direction_and_unit_are_locked(controls: dict[str, etree._Element]) -> None:
    assert set(controls) == {"减少325.92万元", "下降15.5%", "项目减少", "1,777.5"}
    assert {words: lock(control) for words, control in controls.items()} == {
        "减少325.92万元": "sdtContentLocked", "下降15.5%": "sdtContentLocked", "1,777.5": "sdtContentLocked",
        "项目减少": "sdtLocked",
    }  # fmt: skip


def test_properties_stand_in_the_order_of_the_schema(controls: dict[str, etree._Element]) -> None:
    ids = set()
    for control in controls.values():
        names = [etree.QName(child).localname for child in control[0]]
        assert names == sorted(names, key=ORDER.index)
        ids.add(control[0].find(f"{W}id").get(f"{W}val"))
        for name in ("alias", "tag"):
            assert 0 < len(control[0].find(f"{W}{name}").get(f"{W}val")) <= 64
    assert len(ids) == len(controls)


def test_a_bare_figure_is_bound_to_the_value_that_it_shows(file: Path, controls: dict[str, etree._Element]) -> None:
    bound = [c for c in controls.values() if c.find(f"{W}sdtPr/{W}dataBinding") is not None]
    assert ["".join(control.itertext()) for control in bound] == ["1,777.5"]
    binding = bound[0].find(f"{W}sdtPr/{W}dataBinding")
    with zipfile.ZipFile(file) as package:
        data = etree.fromstring(package.read("customXml/item1.xml"))
        assert f'ds:itemID="{ITEM}"' in package.read("customXml/itemProps1.xml").decode()
    assert binding.get(f"{W}storeItemID") == ITEM
    shown = data.getroottree().xpath(binding.get(f"{W}xpath"), namespaces={"j": NAMESPACE})
    assert [value.text for value in shown] == ["1,777.5"]


def test_the_data_part_says_whose_it_is_and_what_was_printed(file: Path) -> None:
    with zipfile.ZipFile(file) as package:
        data = etree.fromstring(package.read("customXml/item1.xml"))
    assert (data.get("unit"), data.get("year"), data.get("code")) == (sample().author, str(sample().year), "128010")
    paragraph = next(p for p in data.iter(f"{{{NAMESPACE}}}p") if p.get("key") == "总体.1")
    assert "".join(paragraph.itertext()) == TEXT
    assert [(child.get("key"), child.text) for child in paragraph] == [
        ("N102；N102.变动", "减少325.92万元"), ("N102；N102.幅度", "下降15.5%"), ("收支总计变动", "项目减少"),
    ]  # fmt: skip
    cells = [(c.get("row"), c.get("column"), c.get("key"), c.text or "") for c in data.iter(f"{{{NAMESPACE}}}f")]
    assert ("1", "1", "表1!1行1栏", "1,777.5") in cells
    assert ("2", "1", "表1!2行1栏", "") in cells


def test_a_document_that_is_not_taken_back_has_no_controls(tmp_path: Path) -> None:
    given = sample()
    write_docx(
        Document(given.title, given.cover, "", "", "", 2022, (Text(TEXT, key="总体.1", bound=BOUND), TABLE)),
        tmp_path / "plain.docx",
    )
    with zipfile.ZipFile(tmp_path / "plain.docx") as package:
        assert not any(name.startswith("customXml") for name in package.namelist())
        assert b"<w:tag" not in package.read("word/document.xml")


def test_controls_end_where_no_space_is_set_between_ideographs_and_figures() -> None:
    text = "保有量1辆。共6个机构，占A类支出100%。"
    bounds = [Bound(m.start(), m.end(), "figure", "数") for m in re.finditer(r"\d+", text)]
    held = [text[start:end] for start, end, _ in regions(text, bounds)]
    assert held == ["有量1辆", "共6个", "支出100%"]
    adjoining = [Bound(0, 2, "direction", "向"), Bound(2, 5, "figure", "数"), Bound(6, 8, "text", "文")]
    assert [("减少325万原因"[s:e], len(b)) for s, e, b in regions("减少325万原因", adjoining)] == [
        ("减少325万", 2), ("原因", 1),
    ]  # fmt: skip


def test_publish_ties_the_whole_disclosure(tmp_path: Path) -> None:
    (path,) = juesuan.publish(juesuan.compile([EXAMPLE]), tmp_path, ["docx"])
    with zipfile.ZipFile(path) as package:
        text = package.read("word/document.xml").decode()
        printed = etree.fromstring(package.read("customXml/item1.xml"))
    figures = [each for each in printed.iter(f"{{{NAMESPACE}}}f") if each.text]
    assert text.count('w:val="sdtContentLocked"') == len(figures)
