"""`juesuan score` as a user runs it: tables, CSV, JSON, another scheme, problem list, exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from juesuan.account import Account, from_json, to_json
from juesuan.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def published(published_example: dict[str, Path]) -> dict[str, Path]:
    return published_example


def test_a_published_text_is_scored_line_by_line(published: dict[str, Path]) -> None:
    result = run("score", published["docx"])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    # 20 × 784.05 ÷ 2,178.48 = 7.198
    execution = next(line for line in lines if "784.05÷2,178.48万元＝35.99%" in line)
    assert execution.split()[:4] == ["预算执行情况", "20", "7.20", "7.20"]
    totals = [line.split() for line in lines if line.split()[:1] == ["总分"]]
    assert totals == [
        ["总分", "100", "91.02", "91.02", "优"], ["总分", "100", "87.20", "87.20", "良"],
        ["总分", "100", "97.82", "97.82", "优"],
    ]
    assert "[E151]" in result.output


@pytest.mark.parametrize("source", ["whole", "whole/workbook.xlsx", "."])
def test_a_workbook_has_nothing_stated(source: str) -> None:
    result = run("score", EXAMPLE / source)
    assert result.exit_code == 0, result.output
    totals = [line.split() for line in result.output.splitlines() if line.split()[:1] == ["总分"]]
    assert totals == [["总分", "100", score, grade] for score, grade in
                      [("91.02", "优"), ("87.20", "良"), ("97.82", "优")]]


def test_another_scheme(published: dict[str, Path]) -> None:
    # National: 10 points of execution. 10 × 35.99 % = 3.60, and 90 of 90 for the rest: 93.60.
    result = run("score", published["docx"], "--scheme", "national", "--format", "json")
    (file,) = json.loads(result.output)
    building = file["forms"][1]
    assert building["scheme"] == "national"
    assert building["execution"] == {"points": "10", "stated": None, "computed": "3.60"}
    assert building["total"] == {"stated": None, "computed": "93.60"}
    weights = [indicator["weight"] for indicator in building["indicators"]]
    # 40 points of output become 50; 满意度 is absent, so that its 10 go to the 30 of 效益: 40 as before.
    assert weights == ["12.50"] * 4 + ["15", "15", "10"]


def test_the_workbook_under_the_national_scheme() -> None:
    # 10 × 1,777.496 ÷ 3,227.02 = 5.508, 10 × 784.05 ÷ 2,178.48 = 3.599, 10 × 187.64 ÷ 210.54 = 8.912; 90 for the rest.
    result = run("score", EXAMPLE / "whole", "--scheme", "national")
    assert result.exit_code == 0, result.output
    totals = [line.split() for line in result.output.splitlines() if line.split()[:1] == ["总分"]]
    assert totals == [["总分", "100.00", score, "优"] for score in ("95.51", "93.60", "98.91")]


def test_an_unknown_scheme_names_those_there_are(published: dict[str, Path]) -> None:
    result = run("score", published["docx"], "--scheme", "mars")
    assert result.exit_code == 2
    assert "wuhan" in result.output


def test_csv_has_a_line_for_every_score(published: dict[str, Path]) -> None:
    result = run("score", published["json"], "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.output)))
    # Three forms: execution and total, and 9 + 7 + 7 indicators.
    assert len(rows) == 3 * 2 + 23
    holders = next(row for row in rows if row["三级指标"] == "社保卡持卡人数")
    assert (holders["分值"], holders["目标值"], holders["表中得分"], holders["算得得分"]) == (
        "10", "985万人", "10.00", "10.00",
    )


@pytest.fixture
def wrong(published: dict[str, Path], tmp_path: Path) -> Path:
    """The account with one score too high by one point."""
    data = json.loads(published["json"].read_bytes())
    data["sheets"][1]["indicators"][0]["score"] = "11.00"
    path = tmp_path / "wrong.json"
    account = from_json(json.dumps(data))
    assert isinstance(account, Account)
    path.write_bytes(to_json(account))
    return path


def test_errors_and_the_problem_list(wrong: Path, tmp_path: Path) -> None:
    output = tmp_path / "问题.xlsx"
    result = run("score", wrong, "-o", output)
    assert result.exit_code == 1
    assert "[E104]" in result.output
    sheet = openpyxl.load_workbook(output).active
    assert sheet is not None
    codes = {row[4] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {"E104", "E107"} <= codes
    assert all(str(code).startswith("E") for code in codes)


def test_what_cannot_be_read_is_said_and_the_rest_scored(wrong: Path, tmp_path: Path) -> None:
    result = run("score", tmp_path / "nothing.pdf", wrong)
    assert result.exit_code == 2
    assert "读不出来：nothing.pdf" in result.output
    assert "总分" in result.output


def test_a_text_without_forms_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# 2023年度某单位决算\n\n单位：某中心\n", encoding="utf-8")
    result = run("score", path)
    assert result.exit_code == 0
    assert "没有绩效自评表" in result.output


def test_the_list_of_problems_is_a_workbook(wrong: Path, tmp_path: Path) -> None:
    assert run("score", wrong, "-o", tmp_path / "a.txt").exit_code == 2


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's workbook with last year's value above a target, and a registered project without its form."""
    book = openpyxl.load_workbook(EXAMPLE / "whole" / "workbook.xlsx")
    sheet = book["绩效指标"]
    heads = {str(cell.value).partition("\n")[0]: cell.column for cell in sheet[4]}
    row = next(row for row in range(5, 40) if sheet.cell(row, heads["三级指标"]).value == "月均发送短信量")
    sheet.cell(row, heads["上年实际完成值"]).value = "12万条"
    sheet.cell(row, heads["上级下达的目标值"]).value = "≥11万条"
    projects = book["项目"]
    heads = {str(cell.value).partition("\n")[0]: cell.column for cell in projects[4]}
    line = {"项目名称": "机房改造", "功能分类科目编码": "2080108", "全年预算数": 1, "全年执行数": 1}
    for label, value in line.items():
        projects.cell(7, heads[label]).value = value
    path = tmp_path_factory.mktemp("below") / "workbook.xlsx"
    book.save(path)
    return path


def test_findings_stand_under_their_forms(below: Path) -> None:
    lines = run("score", below).output.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("《")]
    running = next(number for number, line in enumerate(lines) if line.startswith("《日常系统运行经费项目》"))
    less = next(number for number, line in enumerate(lines) if "[E162]" in line)
    assert less > running and "上年实际完成值“12万条”" in lines[less] and "月均发送短信量" in lines[less]
    assert not any("[P313]" in line for line in lines)
    rest = lines.index("各表之间和正文")
    without = next(number for number, line in enumerate(lines) if "[E146]" in line)
    assert without > rest > max(starts) and "机房改造" in lines[without]


def test_against_last_year_s_account(published: dict[str, Path], tmp_path: Path) -> None:
    data = json.loads(published["json"].read_bytes())
    data["year"] = 2021
    for sheet in data["sheets"]:
        for indicator in sheet["indicators"]:
            if indicator["name"] == "月均发送短信量":
                indicator["actual"] = "12万条"
    last = tmp_path / "2021.json"
    last.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    for source in (published["docx"], EXAMPLE / "whole"):
        lines = run("score", source, "--against", last).output.splitlines()
        (found,) = [line for line in lines if "[E166]" in line]
        assert "目标11万条" in found and "上年完成12万条" in found
        assert not any("[E166]" in line for line in run("score", source).output.splitlines())
    result = run("score", published["docx"], "--against", tmp_path / "nothing.json")
    assert result.exit_code == 2 and "读不出来：nothing.json" in result.output
