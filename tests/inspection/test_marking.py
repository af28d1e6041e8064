"""Complaints marked in a copy of the workbook: beside their cells, in a list, harmless when the copy is compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.comments import Comment

from juesuan.cli import main
from juesuan.compiler.workbook import COMPLAINTS
from juesuan.inspection import ask_for_rest, compile_sources, mark_workbook

WHOLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole" / "workbook.xlsx"
REASON = "人员调整，基本支出略有节余"
"""What the example's workbook says in 支出!L5."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook without the reason in 支出!L5, with one against the figures in L9 and a comment of the user; and
    the copy in which that is marked.
    """
    path = tmp_path_factory.mktemp("标注")
    book = load_workbook(WHOLE)
    sheet = book["支出"]
    assert sheet["L5"].value == REASON
    sheet["L5"].value = None
    sheet["L9"].value = "医疗经费增加"
    sheet["L9"].comment = Comment("问过财务科", "老王")
    book.save(path / "决算.xlsx")
    mark_workbook(compile_sources(path / "决算.xlsx"), path / "待改.xlsx")
    return path


def coloured(sheet: Any) -> dict[str, str]:
    """The formulas under which cells are coloured, by cell."""
    return {str(area.sqref): rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules}


def test_each_complaint_stands_beside_its_cell(folder: Path):
    sheet = load_workbook(folder / "待改.xlsx")["支出"]
    # 585.19 approved, 580.198 spent (printed 580.2); 42.21 and 41.992 (printed 41.99).
    assert "待填：2080150 事业运行 年初预算 585.19、决算 580.2，减少 4.99 万元，须说明原因" in sheet["L5"].comment.text
    assert "差额来自：基本支出 减少 4.99（万元）" in sheet["L5"].comment.text
    assert "人员变动——人员退休、调出" in sheet["L5"].comment.text
    assert sheet["L9"].comment.text.startswith("问过财务科") and "方向相反" in sheet["L9"].comment.text
    assert set(coloured(sheet)) == {"L5", "L9"}
    assert "LEN(TRIM(L5))=0" in coloured(sheet)["L5"], "red until something is written"
    assert 'EXACT(L9,"医疗经费增加")' in coloured(sheet)["L9"], "red until it is changed"
    assert sheet["L5"].value is None, "nothing is filled in unasked"


def test_all_complaints_are_listed_with_links(folder: Path):
    sheet = load_workbook(folder / "待改.xlsx")[COMPLAINTS]
    rows = {row[2].value: row for row in sheet.iter_rows(min_row=4)}
    assert rows["支出!L5"][1].value == "待填" and rows["支出!L9"][1].value == "错误"
    assert rows["支出!L5"][2].hyperlink.location == "'支出'!L5"
    assert "人员变动：" in rows["支出!L5"][6].value


def test_the_workbook_itself_is_not_touched(folder: Path):
    before = (folder / "决算.xlsx").read_bytes()
    mark_workbook(compile_sources(folder / "决算.xlsx"), folder / "再来.xlsx")
    assert (folder / "决算.xlsx").read_bytes() == before
    assert (folder / "再来.xlsx").read_bytes() == (folder / "待改.xlsx").read_bytes(), "no clock in it"


def test_the_copy_is_compiled_like_the_workbook_and_filled_in_is_final(folder: Path, tmp_path: Path):
    marked, first = compile_sources(folder / "待改.xlsx"), compile_sources(folder / "决算.xlsx")
    assert [m.message for m in marked.missing] == [m.message for m in first.missing]
    assert marked.problems == ()
    book = load_workbook(folder / "待改.xlsx")
    book["支出"]["L5"].value, book["支出"]["L9"].value = REASON, "医疗补助按实际发生额支付"
    book.save(tmp_path / "填好.xlsx")
    filled = compile_sources(tmp_path / "填好.xlsx")
    assert filled.final and not filled.against_figures
    mark_workbook(filled, tmp_path / "再标.xlsx")
    sheet = load_workbook(tmp_path / "再标.xlsx")["支出"]
    assert coloured(sheet) == {} and sheet["L5"].comment is None
    assert sheet["L9"].comment.text == "问过财务科"


def test_formulas_keep_their_results(tmp_path: Path):
    mark_workbook(compile_sources(WHOLE), tmp_path / "待改.xlsx")
    book = load_workbook(tmp_path / "待改.xlsx", data_only=True)
    # The example's own file has these results: F 5,801,980 in line 5, and the name of item 2080150.
    assert (book["支出"]["K5"].value, book["支出"]["B5"].value) == (5_801_980, "事业运行")


def test_what_the_command_refuses(folder: Path):
    def run(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(main, list(map(str, arguments)))
        return result.exit_code, result.output

    own = folder / "决算.xlsx"
    assert run("compile", own, "--mark", own, "--force")[1].startswith(f"{own} 就是填报工作簿本身")
    code, text = run("compile", own, "--mark", folder / "待改.xlsx")
    assert code == 2 and "已存在，没有覆盖" in text
    assert run("compile", own)[0] == 2
    code, text = run("compile", own, "--mark", folder / "新.xlsx")
    assert code == 1 and "已生成标注的工作簿" in text and "待办清单" in text


def test_the_workbook_that_asks_for_the_rest_is_marked(tmp_path: Path):
    held = WHOLE.parents[1] / "held"
    path = tmp_path / "补充.xlsx"
    files = [held / name for name in ("决算软件导出.xls", "2022年预算公开.pdf", "2021年决算公开.docx")]
    compilation, _ = ask_for_rest(files, path)
    book = load_workbook(path)
    rows = [[cell.value for cell in row] for row in book[COMPLAINTS].iter_rows(min_row=4)]
    reasons = [row for row in rows if "须说明原因" in row[3]]
    # 18 reasons that the example gives in build.py; besides them ten questions at most, those that files answer apart.
    assert len(reasons) == 18 and len({row[2] for row in rows if row not in reasons}) <= 13
    listed = {row[2]: row for row in rows}
    budget = listed["支出!F5"]
    assert budget[3].startswith("2080108 信息化建设 年初预算 2,178.48、决算 784.05，减少 1,394.43 万元")
    assert budget[4] == "项目支出 减少 1,394.43（万元）"
    said = "部分项目已完成立项并提交实施方案，当年尚未达到付款条件，未形成支出"
    assert budget[5] == said, "as last year's document says"
    assert listed["三公经费!B30"][5] == "公务用车的维修和保险"
    assert "单位信息!B7" in listed and book["单位信息"]["B7"].value is None, "what kind of unit it is, no file says"
    assert book["单位信息"]["B8"].value == "武汉市人力资源和社会保障局", "as last year's self-evaluation names it"
    assert "LEN(TRIM(F5))=0" in coloured(book["支出"])["F5"]
    # Every indicator's own blank is red, until its actual value (column G) is written.
    red = coloured(load_workbook(_marked(files, path, tmp_path))["绩效指标"])
    assert set(red) == {f"G{line}" for line in range(5, 28)} and "LEN(TRIM(G5))=0" in red["G5"]
    assert "2021" not in (compilation.account.texts["机构设置"]), "the next part's title does not belong to it"


def _marked(files: list[Path], path: Path, folder: Path) -> Path:
    """The copy that the command marks; it says how to go on with all files, the copy in the place of the workbook."""
    copy = folder / "待改.xlsx"
    words = [str(each) for each in (*files, path)]
    result = CliRunner().invoke(main, ["compile", *words, "--mark", str(copy)])
    assert f"juesuan compile {' '.join([*words[:-1], str(copy)])} -o" in result.output
    return copy
