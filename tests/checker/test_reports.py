"""Reports that people and programs rely on: SARIF by its schema, the page on its own, the PDF left as it was."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import msgspec
import openpyxl
import pikepdf
import pytest

import juesuan
from juesuan.account import Account, Fact, Figure, Issue, Source, StatedOperand
from juesuan.checker import Report, Tally, check
from juesuan.checker.reports import (
    Accepted,
    Checked,
    Located,
    Unreadable,
    as_json,
    locate,
    page_text,
    sarif_text,
    write_marked,
    write_problem_list,
)
from juesuan.reader import read_document
from juesuan.statute.register import all_rule_texts, rule_pages

ROOT = Path(__file__).parents[2]
SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.4.json"
CELL = "表1!1行1栏"
"""The cell made wrong: line 1 of form 1, general budget revenue; 1,777.50万元 in the example."""


def checked(path: Path) -> Checked:
    reading = read_document(path)
    report = check(reading.account, statute=reading.statute, file=path.name, notes=reading.notes)
    return locate(report, reading.account, reading.statute, path)


@pytest.fixture(scope="module")
def wrong(example: Account, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example published with 37万元 too much in one cell of form 1."""
    changed = msgspec.structs.replace(example, facts=dict(example.facts))
    fact = example.facts[CELL]
    changed.put(Fact(fact.address, Figure(fact.figure.value + Decimal(370000), fact.figure.resolution)))
    folder = tmp_path_factory.mktemp("wrong")
    return {path.suffix[1:]: path for path in juesuan.publish(changed, folder, ["pdf", "docx"])}


@pytest.fixture(scope="module")
def pdf(wrong: dict[str, Path]) -> Checked:
    return checked(wrong["pdf"])


def the_wrong_cell(item: Checked) -> Located:
    (found,) = [located for located in item.found if located.place == CELL and located.finding.severity == "error"]
    return found


def test_the_place_is_the_address_in_every_format(wrong: dict[str, Path], pdf: Checked) -> None:
    in_pdf, in_docx = the_wrong_cell(pdf), the_wrong_cell(checked(wrong["docx"]))
    assert in_pdf.finding.stated == in_docx.finding.stated == "1,814.50万元"
    assert in_pdf.fingerprint == in_docx.fingerprint


def test_a_line_is_quoted_where_there_is_no_picture(wrong: dict[str, Path]) -> None:
    (quote,) = the_wrong_cell(checked(wrong["docx"])).quotes
    assert "收入支出决算总表" in quote
    assert "一般公共预算财政拨款收入" in quote
    assert "1,814.5" in quote


def test_sarif_is_valid_and_says_where(pdf: Checked) -> None:
    report = msgspec.structs.replace(pdf.report, faults=(Issue("Q301", "error", "规则出错"),))
    accepted = (Accepted(pdf.found[-1], "已说明", "2030-01-31"),)
    item = Checked(report, pdf.found[:-1], Path("决算.pdf"), accepted)
    text = sarif_text([item], [Unreadable("坏 文件.pdf", "不是 PDF")])
    log = json.loads(text)
    jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rule["help"]["text"] and rule["properties"]["basis"] for rule in rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    (result,) = [r for r in run["results"] if r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == CELL]
    assert result["level"] == "error"
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "%E5%86%B3%E7%AE%97.pdf"
    assert physical["region"]["properties"]["page"] > 0
    assert len(physical["region"]["properties"]["box"]) == 4
    (suppressed,) = [r for r in run["results"] if "suppressions" in r]
    assert suppressed["suppressions"][0]["justification"] == "已说明"
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    told = [notification["message"]["text"] for notification in invocation["toolExecutionNotifications"]]
    assert told == ["读不出来：不是 PDF", "本程序的问题：规则出错"]


def test_a_line_of_text_is_a_region(tmp_path: Path) -> None:
    finding = Issue("T901", "error", "不成立", (Source(file="a.md", line=355),), "3.70万元", "3.00万元")
    report = Report("a.md", "national", "某单位", 2022, (finding,), Tally(1, 0, 0, 1, 0))
    text = sarif_text([Checked(report, (Located(finding, "表9!3行"),), Path("a.md"))])
    (result,) = json.loads(text)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 355}


class _Page(HTMLParser):
    """Whatever a page would load, and its elements by name."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.count: dict[str, int] = {}
        self.identities: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in attrs:
            if name == "id" and value:
                self.identities.append(value)
            if name in ("href", "src") and value:
                (self.targets if value.startswith("#") else self.loaded).append(value)


def test_the_page_stands_alone(pdf: Checked) -> None:
    text = page_text([pdf])
    page = _Page()
    page.feed(text)
    assert all(address.startswith("data:image/") for address in page.loaded)
    assert len(set(page.loaded)) == len(page.loaded), "a page is embedded once"
    assert "script" not in page.count and "link" not in page.count
    assert "url(" not in text
    assert len(set(page.identities)) == len(page.identities)
    assert {target[1:] for target in page.targets} <= set(page.identities)
    assert len(text) < 3_000_000
    for part in ("1,814.50万元", "1,777.50万元", pdf.report.unit, "判定", "依据"):
        assert part in text


def test_the_page_frames_the_figure_itself(pdf: Checked) -> None:
    """In the picture, the frame of the wrong cell lies where pdfplumber, an independent reader, finds the figure."""
    import pdfplumber

    finding = the_wrong_cell(pdf).finding
    with pdfplumber.open(pdf.path) as document:
        words = document.pages[finding.places[0].page - 1].extract_words()
    (word,) = [word for word in words if word["text"] == "1,814.5"]
    frames = re.findall(r'<rect class="frame error" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"',
                        page_text([pdf]))
    inside = [
        frame
        for frame in (tuple(map(float, found)) for found in frames)
        if frame[0] <= word["x0"] and frame[1] <= word["top"] + 3
        and frame[0] + frame[2] >= word["x1"] and frame[1] + frame[3] >= word["bottom"] - 4
    ]
    assert inside


def test_the_page_is_safe_from_what_documents_say() -> None:
    finding = Issue("T901", "error", "<script>alert(1)</script>", (Source(file="<b>.md", line=3),))
    fault = Issue("Q301", "error", "<u>")
    report = Report("<b>.md", "national", "<i>", 2022, (finding,), Tally(1, 0, 0, 1, 0), faults=(fault,))
    text = page_text([Checked(report, (Located(finding, "<s>", ("<q>",)),), Path("<b>.md"))])
    for tag in ("<script", "<b>.md", "<i>", "<u>", "<s>", "<q>"):
        assert tag not in text
    assert "本程序的问题" in text


def test_the_marked_copy_keeps_the_pages_and_names_the_finding(pdf: Checked, tmp_path: Path) -> None:
    accepted = (Accepted(Located(Issue("F101", "error", "缺一张表"), "表8"), "没有该项收支", ""),)
    item = Checked(pdf.report, pdf.found, pdf.path, accepted)
    before = pdf.path.read_bytes()
    write_marked(tmp_path / "a.pdf", item)
    write_marked(tmp_path / "b.pdf", item)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert pdf.path.read_bytes() == before
    place = the_wrong_cell(pdf).finding.places[0]
    with pikepdf.open(pdf.path) as original, pikepdf.open(tmp_path / "a.pdf") as marked:
        assert len(original.pages) == len(marked.pages)
        for old, new in zip(original.pages, marked.pages, strict=True):
            assert old.Contents.read_bytes() == new.Contents.read_bytes()
        page = marked.pages[place.page - 1]
        notes = [a for a in page.Annots if a.Subtype == "/Highlight" and "1,814.50万元" in str(a.Contents)]
        assert notes
        assert f"[{the_wrong_cell(pdf).finding.code}] 错误：" in str(notes[0].Contents)
        assert notes[0].Popup.Parent.objgen == notes[0].objgen
        left, bottom, right, top = (float(side) for side in notes[0].Rect)
        assert place.box is not None
        assert place.box[0] - 3 <= left < right <= place.box[2] + 3
        assert place.box[1] - 3 <= bottom < top <= place.box[3] + 3
        loose = [str(a.Contents) for a in marked.pages[0].Annots if a.Subtype == "/Text"]
        assert len(loose) == 1
        assert "接受的理由：没有该项收支" in loose[0]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_and_cropped_page_is_marked_where_it_is_seen(turn: int, tmp_path: Path) -> None:
    """The left half of a page is dark; a box on what is shown there has to come out on the dark half of the paper."""
    import pypdfium2

    path = tmp_path / "turned.pdf"
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(500, 400))
        page.obj.CropBox = pikepdf.Array([20, 30, 420, 330])
        page.obj.Contents = document.make_stream(b"0 g 100 200 40 20 re f")
        page.rotate(turn, relative=False)
        document.save(path)
    with pypdfium2.PdfDocument(path) as document:
        picture = document[0].render(scale=1).to_pil().convert("L")
    dark = [(n % picture.width, n // picture.width) for n, tone in enumerate(picture.tobytes()) if tone < 100]
    left, right = min(x for x, _ in dark), max(x for x, _ in dark) + 1
    top, bottom = min(y for _, y in dark), max(y for _, y in dark) + 1
    box = (float(left), float(picture.height - bottom), float(right), float(picture.height - top))
    finding = Issue("T101", "error", "不成立", (Source(file="turned.pdf", page=1, box=box),))
    report = Report("turned.pdf", "national", "某单位", 2022, (finding,), Tally(1, 0, 0, 1, 0))
    write_marked(tmp_path / "marked.pdf", Checked(report, (Located(finding, "表1"),), path))
    with pikepdf.open(tmp_path / "marked.pdf") as marked:
        (note,) = [a for a in marked.pages[0].Annots if a.Subtype == "/Highlight"]
        assert [float(side) for side in note.Rect] == pytest.approx([100, 200, 140, 220], abs=1.01)


def test_the_problem_list_has_accepted_and_unread_files(pdf: Checked, tmp_path: Path) -> None:
    accepted = (Accepted(pdf.found[0], "已作说明", "2030-01-31"),)
    report = msgspec.structs.replace(pdf.report, faults=(Issue("Q301", "error", "规则出错"),))
    item = Checked(report, pdf.found, pdf.path, accepted)
    write_problem_list(tmp_path / "list.xlsx", [item], [Unreadable("坏.pdf", "打不开")])
    rows = list(openpyxl.load_workbook(tmp_path / "list.xlsx")["问题清单"].iter_rows(values_only=True))
    severities = [row[5] for row in rows[1:]]
    assert severities[-3:] == ["已接受", "本程序的问题", "未读"]
    assert "已作说明（至2030-01-31）" in str(rows[-3][11])
    assert len(rows) == 1 + len(pdf.found) + 3


def test_data_keep_their_shape(pdf: Checked) -> None:
    data = as_json(pdf)
    assert list(data)[:7] == ["file", "profile", "unit", "year", "summary", "findings", "accepted"]
    assert {"unplaced", "notes", "faults"} <= set(data)
    (entry,) = [one for one in data["findings"] if one["place"] == CELL]
    assert (entry["stated"], entry["expected"]) == ("1,814.50万元", "1,777.50万元")
    assert entry["basis"]


def test_many_operands_do_not_hide_the_finding() -> None:
    operands = tuple(StatedOperand(f"第{n}项", "1.00万元", Source(file="a.md", line=n)) for n in range(1, 31))
    finding = Issue("T103", "error", "合计不符", (Source(file="a.md", line=31),), operands=operands)
    report = Report("a.md", "national", "某单位", 2022, (finding,), Tally(1, 0, 0, 1, 0))
    text = page_text([Checked(report, (Located(finding, "表1"),), Path("a.md"))])
    assert text.count("1.00万元") == 30


def test_every_rule_says_why_and_how_to_mend() -> None:
    for text in all_rule_texts().values():
        assert text.title and text.why and text.basis and text.mend, text.code


@pytest.mark.skipif(sys.platform == "win32", reason="line ends")
def test_the_pages_on_rules_are_current() -> None:
    folder = ROOT / "docs" / "rules"
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert present == rule_pages(), "run make rules"


def test_real_pages_are_framed_in_print(real: Path, tmp_path: Path) -> None:
    """“占71.73%” stands on page 21 of the document: the mark covers the figure and not the paragraph."""
    item = checked(real / "shanghai-putuo-finance-2024.pdf")
    write_marked(tmp_path / "marked.pdf", item)
    with pikepdf.open(tmp_path / "marked.pdf") as marked:
        notes = [a for a in marked.pages[20].Annots if a.Subtype == "/Highlight" and "71.73%" in str(a.Contents)]
        (note,) = notes
        left, bottom, right, top = (float(side) for side in note.Rect)
        assert right - left < 60
        assert top - bottom < 25
