"""Files given without a command: what they are is said, and what can be done; a foreign file is refused by its kind."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from juesuan.cli import main

LEDGER = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "ledger.csv"
EXAMPLE = LEDGER.with_name("whole") / "workbook.xlsx"
PAGE = (
    "<h1>某市档案馆2023年度单位决算公开</h1><p>一、“三公”经费支出决算情况说明</p>"
    "<p>2023年度“三公”经费支出决算数为3.20万元，其中公务接待费3.20万元，国内公务接待12批次。</p>"
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "填报 工作簿.xlsx"
    assert run("new", path).exit_code == 0
    return path


def test_each_file_is_told_by_its_kind_with_what_can_be_done(tmp_path: Path, workbook: Path) -> None:
    page, package, shadow = tmp_path / "公开.html", tmp_path / "a.jio", tmp_path / "~$填报 工作簿.xlsx"
    page.write_text(PAGE, encoding="utf-8")
    package.write_bytes(b"JIO\0\1")
    shadow.write_bytes(b"\x05admin")
    ledger = shutil.copy(LEDGER, tmp_path / "台账.csv")
    result = run(page, package, shadow, workbook, ledger)
    assert result.exit_code == 0
    for expected in (
        "公开.html　三公经费说明，某市档案馆，2023年度", f"juesuan check {page} -o", "a.jio　决算软件的数据包",
        "临时文件", "填报 工作簿.xlsx　填报工作簿", f'juesuan compile "{workbook}" -o', "台账.csv　预算执行台账",
        "一起编制",
    ):  # fmt: skip
        assert expected in result.output, (expected, result.output)


def test_a_workbook_is_told_with_what_it_still_wants(tmp_path: Path) -> None:
    """The reasons that are missing, with their cells and differences, and what must be filled in."""
    path = Path(shutil.copy(EXAMPLE, tmp_path / "决算.xlsx"))
    assert "已填齐，可以编制" in run(path).output
    book = openpyxl.load_workbook(path)
    sheet = book["支出"]
    cells = [cell for row in sheet.iter_rows(max_row=8) for cell in row]
    column = next(cell.column for cell in cells if str(cell.value).startswith("预决算差异原因"))
    row = next(r for r in range(1, 60) if sheet.cell(r, column).value and r > 8)
    sheet.cell(row, column).value = None
    book.save(path)
    told = run(path).output
    assert "有 1 处缺少的文字和原因" in told and f"支出!{sheet.cell(row, column).coordinate}" in told, told
    assert "juesuan compile" in told
    empty = tmp_path / "空.xlsx"
    assert run("new", empty).exit_code == 0
    assert "处要改或必须填写" in run(empty).output and "单位信息!B4：“单位名称”必须填写" in run(empty).output


def test_a_folder_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "公开.html").write_text(PAGE, encoding="utf-8")
    result = run(tmp_path)
    assert "1 个文件" in result.output and "某市档案馆" in result.output


def test_an_unknown_year_is_not_made_up(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE.replace("2023年度", ""), encoding="utf-8")
    assert "年度：未写明" in run(page).output


def test_a_file_that_is_not_there_is_no_unknown_command(tmp_path: Path) -> None:
    result = run(tmp_path / "没有.pdf")
    assert result.exit_code == 2 and "找不到文件" in result.output
    assert "这个命令" in run("frob").output


@pytest.mark.parametrize("kind", ["workbook", "shadow", "package"])
def test_what_is_no_document_is_not_checked(kind: str, tmp_path: Path, workbook: Path) -> None:
    shadow, package = tmp_path / "~$公开.docx", tmp_path / "b.jio"
    shadow.write_bytes(b"\x05admin")
    package.write_bytes(b"JIO\0\1")
    path, words = {
        "workbook": (workbook, "juesuan compile"), "shadow": (shadow, "临时文件"), "package": (package, "数据包"),
    }[kind]  # fmt: skip
    result = run("check", path)
    assert result.exit_code == 2 and words in result.output


HELD = LEDGER.parent / "held"


def test_without_figures_of_the_year_nothing_is_said_to_be_right(tmp_path: Path) -> None:
    """A budget, last year's account or the short workbook alone: that is said, not a list of changes against nought."""
    files = {name: HELD / name for name in ("决算软件导出.xls", "2022年预算公开.pdf", "2021年决算公开.docx")}
    short = tmp_path / "补充.xlsx"
    assert run("new", "--from", *files.values(), "-o", short).exit_code == 0
    alone = run("compile", short, "-o", tmp_path / "a")
    assert alone.exit_code == 1 and "没有填本年的收入和支出" in alone.output and "报表" in alone.output
    for given in ("2022年预算公开.pdf", "2021年决算公开.docx"):
        told = run("compile", files[given], "-o", tmp_path / "a")
        assert told.exit_code == 1 and "没有本年的收入和支出" in told.output
        assert "减少" not in told.output and "核对无误" not in told.output
    assert not (tmp_path / "a").exists()
    # With the export beside it only what is not filled in is asked for, a column that is empty throughout once.
    told = run("compile", *files.values(), short, "-o", tmp_path / "a").output
    assert "没有本年" not in told
    assert told.count("实际完成值") == 1 and "工作表“绩效指标”第 5–27 行（23 处）：缺少“实际完成值”" in told


def test_last_years_document_is_offered_as_the_template() -> None:
    """What is said with the example's three files can be run as it stands, once the workbook is filled in."""
    held = LEDGER.parent / "held"
    files = [held / name for name in ("决算软件导出.xls", "2022年预算公开.pdf", "2021年决算公开.docx")]
    export, budget, last = files
    said = run(*files).output
    assert f"juesuan roll {last} --figures {export} --figures 补充.xlsx --budget {budget} -o 2022年决算.docx" in said
    assert "juesuan roll" not in run(export, budget).output
