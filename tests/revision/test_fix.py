"""A faulty document comes back: what is certain as tracked changes, the rest as comments, all else as it was."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from revised import comments, planted, rewritten, set_in_word, texts
from word_rules import broken_rules

from juesuan.inspection import inspect
from juesuan.reader import read_raw_document
from juesuan.revision import NotCorrectableError, correct
from juesuan.statute.language import compact

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"

DETERMINED = (
    ("合计", "1,777.5", "1,787.50"),  # the total of 收入决算表, which its parts and three other tables give
    ("截至2022年12月31日", "2022", "2023"),
    ("支出决算为60.54万元", "小于年初预算", "大于年初预算"),
    ("年初预算为24.25万元", "持平。", "持平。。"),
)


def errors(path: Path) -> set[str]:
    return {f.code for f in inspect(path).report.findings if f.severity == "error"}


@pytest.fixture(scope="module")
def damaged(published: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(published["docx"], tmp_path_factory.mktemp("damaged") / "损坏.docx", *DETERMINED)


def test_what_is_certain_is_corrected_and_nothing_else_changes(
    published: dict[str, Path], damaged: Path, tmp_path: Path
) -> None:
    assert errors(damaged)
    fixed = tmp_path / "更正.docx"
    correction = correct(damaged, fixed, date="2024-05-06T07:08:09")
    assert len(correction.fixed) == len(DETERMINED)
    assert texts(fixed) == texts(published["docx"])
    assert broken_rules(fixed) == []
    assert texts(rewritten(fixed, tmp_path / "no.docx", accept=False)) == texts(damaged)
    assert texts(rewritten(fixed, tmp_path / "yes.docx", accept=True)) == texts(published["docx"])
    before = {(f.code, f.message) for f in inspect(published["docx"]).report.findings}
    assert {(f.code, f.message) for f in inspect(fixed).report.findings} == before
    for code in {each.finding.code for each in correction.fixed}:
        assert any(f"[{code}]" in text and "更正" in text for text in comments(fixed))
    with zipfile.ZipFile(damaged) as old, zipfile.ZipFile(fixed) as new:
        for name in old.namelist():
            if name not in ("word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"):
                assert old.read(name) == new.read(name), name
        marks = new.read("word/document.xml").decode()
    assert marks.count("<w:ins ") == marks.count("<w:del ") == len(DETERMINED)
    assert 'w:author="juesuan" w:date="2024-05-06T07:08:09"' in marks


def test_what_is_not_certain_is_a_comment_at_its_place(published: dict[str, Path], tmp_path: Path) -> None:
    """An item of 表6 stands in no other table: the item or the sum may be wrong."""
    bad = planted(published["docx"], tmp_path / "坏.docx", ("30108", "37.12", "38.12"))
    fixed = tmp_path / "更正.docx"
    correction = correct(bad, fixed, unsafe=True)
    assert correction.fixed == () and texts(fixed) == texts(bad)
    assert any("[T601]" in text for text in comments(fixed))
    assert len([text for text in comments(fixed) if text.startswith("[")]) == len(correction.commented)


def test_a_likely_correction_waits_for_consent(published: dict[str, Path], tmp_path: Path) -> None:
    """The budget stands in the prose only: a wrong completion may as well be a wrong budget."""
    bad = planted(published["docx"], tmp_path / "坏.docx", ("年初预算为585.19万元", "99.1%", "89.1%"))
    careful = correct(bad, tmp_path / "a.docx")
    assert careful.fixed == () and careful.unsafe == 1
    bold = correct(bad, tmp_path / "b.docx", unsafe=True)
    assert [(each.finding.code, each.change.before) for each in bold.fixed] == [("N533", "89.1")]
    assert not errors(tmp_path / "b.docx")


def test_planted_faults_are_mended_or_left_alone(published: dict[str, Path], tmp_path: Path) -> None:
    """Some of all that can be changed in the example: the old text again, or a comment; never a third thing."""
    sys.path.insert(0, str(ROOT / "bench"))
    from tampering import attempts

    original = texts(published["docx"])
    raw = read_raw_document(published["docx"])
    mended = 0
    tries = list(attempts(raw))
    chosen = [each for kind in ("表中数字", "正文数字", "方向", "名称")
              for each in [t for t in tries if t.kind == kind][3::97][:1]]  # fmt: skip
    for number, each in enumerate(chosen):
        bad = tmp_path / f"{number}.docx"
        _tamper(published["docx"], bad, each.change)
        fixed = tmp_path / f"{number}-fixed.docx"
        correction = correct(bad, fixed, unsafe=True)
        assert texts(fixed) in (original, texts(bad)), each
        assert bool(correction.fixed) == (texts(fixed) == original), each
        mended += bool(correction.fixed)
    assert mended * 2 > len(chosen)


def _tamper(path: Path, target: Path, change: object) -> None:
    from tampering import Change

    from juesuan.revision.docx import DocxFile, Edit, Reviser, apply_edits

    assert isinstance(change, Change)
    file = DocxFile(path)
    block = file.index.raw.blocks[change.block]
    part = block if change.cell < 0 else block.cells[change.cell]
    start = len(compact(part.text[: change.start]))
    end = start + len(compact(part.text[change.start : change.end]))
    place = file.index.places[part.source][0]
    apply_edits(file, [Edit(place, start, end, change.put)], Reviser("x"), tracked=False)
    file.save(target)


def test_a_workbook_comes_back_with_marked_cells(published: dict[str, Path], tmp_path: Path) -> None:
    right = openpyxl.load_workbook(published["xlsx"])["收入决算表"]["D12"].value
    bad = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(published["xlsx"]) as old, zipfile.ZipFile(bad, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "xl/worksheets/sheet2.xml":
                data = re.sub(rb'(<c r="D12"[^>]*><v>)[^<]*', rb"\g<1>200.64", data)
            new.writestr(entry, data)
    assert errors(bad)
    fixed = tmp_path / "更正.xlsx"
    correction = correct(bad, fixed)
    assert len(correction.fixed) == 1 and not errors(fixed)
    made = openpyxl.load_workbook(fixed)
    assert float(made["收入决算表"]["D12"].value) == right
    assert made["收入决算表"]["D12"].fill.fgColor.rgb.endswith("FFF2A8")
    assert "200.64" in made["收入决算表"]["D12"].comment.text
    assert made["收入决算表"]["C12"].value == openpyxl.load_workbook(bad)["收入决算表"]["C12"].value


def test_other_files_are_told_what_to_do(published: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "决算.html"
    page.write_text("<p>决算</p>", encoding="utf-8")
    with pytest.raises(NotCorrectableError, match="另存为"):
        correct(page, tmp_path / "更正.html")
    with pytest.raises(NotCorrectableError, match=r"\.docx"):
        correct(published["docx"], tmp_path / "更正.pdf")
    with pytest.raises(NotCorrectableError, match="找不到"):
        correct(tmp_path / "没有.docx", tmp_path / "更正.docx")
    assert not list(tmp_path.glob("更正*"))


@pytest.mark.parametrize("name", ["shanghai-putuo-finance-2024-damaged.pdf", "wuhan-hrss-info-center-2022.md"])
def test_real_documents_put_into_word(name: str, tmp_path: Path) -> None:
    if not (REAL / name).exists():
        pytest.skip("the real documents are not here")
    document = set_in_word(read_raw_document(REAL / name), tmp_path / "文件.docx")
    fixed = tmp_path / "更正.docx"
    correction = correct(document, fixed)
    assert correction.fixed
    changed = [(old, new) for old, new in zip(texts(document), texts(fixed), strict=True) if old != new]
    assert 0 < len(changed) <= len(correction.fixed)
    assert texts(rewritten(fixed, tmp_path / "no.docx", accept=False)) == texts(document)
    assert _places(fixed) <= _places(document)


def _places(path: Path) -> set[tuple[str, str, str, int]]:
    """What somebody must do something about, by rule and place."""
    findings = inspect(path).report.findings
    return {(f.code, f.place.sheet, f.place.cell, f.place.paragraph) for f in findings if f.severity != "notice"}


def test_the_command(damaged: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from juesuan.cli import main

    out = tmp_path / "更正.docx"
    result = CliRunner().invoke(main, ["fix", str(damaged), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert f"更正 {len(DETERMINED)} 处" in result.output and out.exists()
    again = CliRunner().invoke(main, ["fix", str(damaged), "-o", str(out)])
    assert again.exit_code == 2 and "--force" in again.output
    same = CliRunner().invoke(main, ["fix", str(damaged), "-o", str(damaged)])
    assert same.exit_code == 2 and "没有覆盖" in same.output
