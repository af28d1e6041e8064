"""The commands as a user runs them: what they print, what they write, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from juesuan.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_demo_makes_every_format_and_says_where(tmp_path: Path) -> None:
    result = run("demo", "-o", tmp_path)
    budget = sorted(path.suffix for path in (tmp_path / "预算").iterdir())
    assert budget == [".csv", ".docx", ".html", ".json", ".pdf", ".xlsx"]
    assert result.exit_code == 0, result.output
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.suffix for path in files} == {".pdf", ".docx", ".html", ".xlsx", ".json", ".csv"}
    for path in files:
        assert path.name in result.output
    for score in ("91.02分", "87.20分", "97.82分"):
        assert score in result.output


def test_new_workbook_is_not_overwritten_unasked(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    assert run("new", book, "--profile", "wuhan-2022").exit_code == 0
    assert run("new", book).exit_code == 2
    assert run("new", book, "--force").exit_code == 0
    assert "填报说明" in openpyxl.load_workbook(book).sheetnames


def test_an_empty_workbook_is_refused_with_its_cells(tmp_path: Path) -> None:
    run("new", tmp_path / "a.xlsx")
    result = run("compile", tmp_path / "a.xlsx", "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert "工作表“单位信息”单元格 B4：“单位名称”必须填写" in result.output
    assert not (tmp_path / "out").exists()


@pytest.fixture
def without_a_reason(tmp_path: Path) -> Path:
    """The example's workbook with one reason taken out."""
    path = tmp_path / "workbook.xlsx"
    book = openpyxl.load_workbook(EXAMPLE / "whole" / "workbook.xlsx")
    cells = [cell for row in book["原因说明"].iter_rows() for cell in row]
    label = next(cell for cell in cells if cell.value == "收支总计变动")
    label.offset(column=1).value = None
    book.save(path)
    return path


def test_a_missing_reason_stops_the_final_text_but_not_a_draft(without_a_reason: Path, tmp_path: Path) -> None:
    final = run("compile", without_a_reason, "-o", tmp_path / "out", "--formats", "json")
    assert final.exit_code == 1
    # 表1 line 31: 1,777.50 this year, 2,103.42 the year before; the cell is where the reason is filled in.
    assert "原因说明!B5：收支总计 上年决算 2,103.42、决算 1,777.5，减少 325.92 万元，须说明原因" in final.output
    assert "可参考的说法：" in final.output
    draft = run("compile", without_a_reason, "-o", tmp_path / "out", "--formats", "json", "--draft")
    assert draft.exit_code == 0
    (written,) = (tmp_path / "out").iterdir()
    assert "草稿" in written.name
    assert "【待填：收支总计变动】" in written.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("compile", "nowhere.xlsx", "-o", "out"),
        ("statute", "--profile", "nowhere"),
        ("statute", "T999"),
        ("rule", "Z1"),
    ],
)
def test_what_cannot_be_read_ends_with_two(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("key", ["", "forms", "relations", "clauses", "schemes", "profiles", "codes", "check", "表4",
                                 "X36", "N533", "wuhan", "shanghai-2024", "2080108"])
def test_the_statute_can_be_read(key: str) -> None:
    result = run("statute", key) if key else run("statute")
    assert result.exit_code == 0
    assert result.output.strip()


def test_check_reports_as_data_and_by_exit_code(tmp_path: Path) -> None:
    assert run("demo", "-o", tmp_path).exit_code == 0
    (docx,) = tmp_path.glob("*.docx")
    listing = tmp_path / "list.xlsx"
    result = CliRunner().invoke(main, ["check", str(docx), "--format", "json", "-o", str(listing)])
    assert result.exit_code == 0
    (report,) = json.loads(result.stdout)
    assert set(report) >= {"file", "profile", "unit", "year", "summary", "findings", "unplaced"}
    assert report["summary"]["error"] == 0
    assert set(report["summary"]["relations"]) == {"decided", "held", "rounding", "failed", "undecided"}
    assert openpyxl.load_workbook(listing)["问题清单"]["A1"].value == "序号"


def test_check_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    assert run("demo", "-o", tmp_path / "demo").exit_code == 0
    (docx,) = (tmp_path / "demo").glob("*.docx")
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"no document")
    result = run("check", docx, bad)
    assert result.exit_code == 2
    assert docx.name in result.output
    assert "bad.docx" in result.output


def test_read_prints_the_figures_with_their_places(tmp_path: Path) -> None:
    assert run("demo", "-o", tmp_path).exit_code == 0
    (docx,) = tmp_path.glob("*.docx")
    result = run("read", docx, "--format", "csv")
    assert result.exit_code == 0
    assert "一般公共预算财政拨款收入" in result.output
    assert "1,777.5,万元" in result.output.replace('"', "")


def test_read_tells_last_years_figures_from_this_years(tmp_path: Path) -> None:
    """A change against the budget says nothing of last year."""
    said = (
        "# 某局2022年度部门决算情况说明\n\n机关运行经费支出说明\n\n"
        "2022年度机关运行经费支出84.30万元，{}增加4.30万元，增长5.38%。\n"
    )
    found = {}
    for base in ("比上年", "比年初预算数80.00万元"):
        file = tmp_path / "account.md"
        file.write_text(said.format(base), encoding="utf-8")
        header, *lines = (line.split(",") for line in run("read", file, "--format", "csv").output.splitlines())
        found[base] = {(line[header.index("期间")], line[header.index("数额")]) for line in lines}
    assert found == {"比上年": {("本年", "84.30"), ("上年", "80.00")}, "比年初预算数80.00万元": {("本年", "84.30")}}
