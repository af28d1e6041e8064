"""Last year's forms of self-evaluation with this year's indicators and projects: lines and whole forms come and go."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import docx
import msgspec
import pytest
from docx.table import Table
from revised import comments, texts
from word_rules import broken_rules

from juesuan.account import Account, Figure, Indicator, KeyWork, PerformanceSheet
from juesuan.compiler import assemble, collect, find_sources
from juesuan.publisher import publish
from juesuan.reader import read
from juesuan.revision import Rolled, roll_docx

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole"
NEW, GONE = "网络安全建设项目", "日常系统运行经费项目"
WHOLE, KEPT, REMOVED = range(3)


def indicator(level1: str, level2: str, name: str, points: int, target: str, actual: str) -> Indicator:
    return Indicator(level1, level2, name, Decimal(points), target, actual, score=Decimal(points))


def lines(sheet: PerformanceSheet) -> list[tuple[object, ...]]:
    return [
        (each.level1, each.level2, each.name, each.weight, each.target, each.actual, each.score)
        for each in sheet.indicators
    ]


@pytest.fixture(scope="module")
def last_year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Account, Path]:
    gathered = collect(find_sources([EXAMPLE]))
    account = assemble(gathered.gathered, gathered.statute).account
    return account, publish(account, tmp_path_factory.mktemp("last"), ["docx"], statute=gathered.statute)[0]


@pytest.fixture(scope="module")
def this_year(last_year: tuple[Account, Path]) -> Account:
    """2023: the form of the unit loses its first indicator and the only one of 时效, and gets one at the head of 数量,
    one within 质量 (whose points are 2, 4 and 4 now), one of a new 成本; of the projects one is another."""
    account, _ = last_year
    sheets = list(account.sheets)
    was = sheets[WHOLE].indicators
    four = {"weight": Decimal(4), "score": Decimal(4)}
    sheets[WHOLE] = msgspec.structs.replace(
        sheets[WHOLE],
        indicators=(
            indicator("产出指标", "数量指标", "新机房数量", 10, "≥2个", "3个"),
            was[1],
            msgspec.structs.replace(was[2], **four),
            indicator("产出指标", "质量指标", "等保测评通过率", 2, "100%", "100%"),
            msgspec.structs.replace(was[3], **four),
            indicator("产出指标", "成本指标", "单位成本", 10, "≤5万元", "4.8万元"),
            *was[5:],
        ),
        improvement="按季度通报执行进度。",
        deviation="",
    )
    sheets[REMOVED] = msgspec.structs.replace(
        sheets[REMOVED],
        title=NEW,
        budget=Figure(Decimal("1234500")),
        outlay=Figure(Decimal("1111050")),
        execution_score=Decimal(18),
        score=Decimal(98),
        indicators=(
            indicator("产出指标", "数量指标", "购置设备数量", 40, "≥12台", "12台"),
            indicator("效益指标", "社会效益指标", "安全事件数", 40, "0起", "0起"),
        ),
    )
    return msgspec.structs.replace(account, year=2023, sheets=tuple(sheets))


@pytest.fixture(scope="module")
def rolled(
    last_year: tuple[Account, Path], this_year: Account, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Rolled, Path]:
    target = tmp_path_factory.mktemp("this") / "2023.docx"
    return roll_docx(last_year[1], target, this_year), target


def test_lines_come_and_go_within_their_levels(rolled: tuple[Rolled, Path], this_year: Account) -> None:
    made = read(rolled[1]).sheets
    assert broken_rules(rolled[1]) == []
    assert [sheet.title for sheet in made] == [sheet.title for sheet in this_year.sheets]
    for ours, theirs in zip(made, this_year.sheets, strict=True):
        assert lines(ours) == lines(theirs)
    points = {(each.level1, each.level2): each.points for each in made[WHOLE].allotments}
    assert points["产出指标", "质量指标"] == points["产出指标", "成本指标"] == 10
    assert ("产出指标", "时效指标") not in points
    assert {(each.level1, each.level2): each.points for each in made[REMOVED].allotments} == {
        ("产出指标", ""): 40, ("产出指标", "数量指标"): 40, ("效益指标", ""): 40, ("效益指标", "社会效益指标"): 40,
    }


def test_what_came_and_went_is_listed(rolled: tuple[Rolled, Path]) -> None:
    unit = "武汉市人力资源和社会保障信息中心"
    told = [text for _, text in rolled[0].changed]
    assert told == [
        f"“{unit}”新有的指标“新机房数量”，仿“社保卡持卡人数”一行加上",
        f"“{unit}”新有的指标“等保测评通过率”，仿“机房稳定运行时间”一行加上",
        f"“{unit}”新有的指标“单位成本”，仿“故障及时处理时效”一行加上",
        f"“{unit}”今年没有的指标“社保自助查询打印等业务年处理量”，已删去",
        f"“{unit}”今年没有的指标“故障及时处理时效”，已删去",
        f"新有的自评表“{NEW}”，仿“{GONE}”的加在后面，请逐格核对",
        f"今年没有的自评表“{GONE}”，已删去",
    ]
    assert not [text for _, text in rolled[0].problems if "自评表" in text or "指标" in text]


def test_another_project_s_form_has_its_own_title_money_and_notes(rolled: tuple[Rolled, Path]) -> None:
    made = read(rolled[1])
    sheet = made.sheets[REMOVED]
    assert (sheet.budget.value, sheet.outlay.value, sheet.score) == (1_234_500, 1_111_100, 98)
    assert sheet.heading == f"2023年度{NEW}自评表" and sheet.stated_rate and sheet.stated_rate.value == Decimal("0.9")
    assert sheet.notes == made.sheets[KEPT].notes
    titles = [p.text for p in docx.Document(str(rolled[1])).paragraphs if p.text.endswith("自评表")]
    assert titles == [f"2023年度{name}自评表" for name in (
        "武汉市人力资源和社会保障信息中心单位整体绩效", "人社系统信息化建设项目", NEW)]
    contents = [text.rpartition("\t")[0] for text in texts(rolled[1]) if "自评表\t" in text]
    assert contents == titles


def test_texts_of_last_year_are_to_be_confirmed_and_new_ones_written(rolled: tuple[Rolled, Path]) -> None:
    sheet = read(rolled[1]).sheets[WHOLE]
    assert sheet.improvement == "按季度通报执行进度。"
    assert sheet.deviation.startswith("预算执行率存在偏差")
    cell = next(
        cell for table in docx.Document(str(rolled[1])).tables for row in table.rows for cell in row.cells
        if cell.text.startswith("预算执行率存在偏差")
    )
    assert {str(run.font.highlight_color) for run in cell.paragraphs[0].runs if run.text} == {"YELLOW (7)"}
    assert "沿用上年文字，请确认。" in comments(rolled[1])


def key_work(path: Path) -> list[tuple[str, str, str]]:
    return [(each.matter, each.goal, each.outcome) for each in read(path).key_work]


def test_key_work_comes_and_goes(last_year: tuple[Account, Path], tmp_path: Path) -> None:
    """Of four matters the second is no more, the fourth comes first, and one is new."""
    account, path = last_year
    was = account.key_work
    moved = msgspec.structs.replace(was[3], outcome="三级等保测评全部通过。")
    new = KeyWork("数据共享", "接口上线", "与8个部门的接口上线。")
    now = (moved, was[0], new, was[2])
    target = tmp_path / "今年.docx"
    result = roll_docx(path, target, msgspec.structs.replace(account, year=2023, key_work=now))
    wanted = [(each.matter, *("".join(text.split()) for text in (each.goal, each.outcome))) for each in now]
    assert key_work(target) == wanted
    assert [text for _, text in result.changed] == [
        "重点工作新有的“数据共享”，仿相邻的行加上", f"今年没有的重点工作“{was[1].matter}”，已删去"
    ]
    table = next(t for t in docx.Document(str(target)).tables if t.rows[0].cells[1].text == "重要事项")
    assert [row.cells[0].text for row in table.rows] == ["序号", "1", "2", "3", "4"]
    assert broken_rules(target) == []


def test_key_work_that_is_not_told_is_to_be_confirmed(last_year: tuple[Account, Path], tmp_path: Path) -> None:
    account, path = last_year
    target = tmp_path / "今年.docx"
    roll_docx(path, target, msgspec.structs.replace(account, year=2023, key_work=()))
    assert key_work(target) == key_work(path)
    table = next(t for t in docx.Document(str(target)).tables if t.rows[0].cells[1].text == "重要事项")
    marks = {
        str(run.font.highlight_color)
        for row in table.rows[1:] for cell in row.cells[1:] for p in cell.paragraphs for run in p.runs if run.text
    }  # fmt: skip
    # Last year's numbers are marked besides.
    assert marks == {"YELLOW (7)", "TURQUOISE (3)"}


HEADS = ("一级指标", "二级指标", "三级指标", "指标性质", "年度指标值", "度量单位", "全年完成值", "分值", "得分")
HAND_MADE = (
    ("产出指标", "数量指标", "培训期数", "≥", "4", "期", "4", "20.0", "20.0"),
    ("产出指标", "质量指标", "合格率", "≥", "90", "%", "95", "30.0", "30.0"),
    ("效益指标", "社会效益指标", "知晓率", "≥", "80", "%", "85", "40.0", "40.0"),
)  # fmt: skip


def hand_made(path: Path, folder: Path) -> Path:
    """The document with the project's form replaced by one of another scheme: no merged levels, each line names them;
    sign, unit and points in columns of their own."""
    document = docx.Document(str(path))
    table = next(t for t in document.tables if any(KEPT_NAME in c.text for c in t.rows[0].cells))
    form = document.add_table(rows=0, cols=len(HEADS))
    _row(form, ("项目名称", KEPT_NAME, "", "", "", "", "", "", ""))
    _row(form, ("项目资金（万元）", "", "全年预算数", "全年执行数", "分值", "执行率", "得分", "", ""))
    _row(form, ("年度资金总额", "", "2,178.48", "784.05", "10", "35.99%", "3.6", "", ""))
    for line in (HEADS, *HAND_MADE):
        _row(form, line)
    _row(form, ("总分", "", "", "", "", "", "", "100", "93.6"))
    table._tbl.addprevious(form._tbl)
    table._tbl.getparent().remove(table._tbl)
    target = folder / "手工.docx"
    document.save(str(target))
    return target


KEPT_NAME = "人社系统信息化建设项目"


def _row(table: Table, texts: Sequence[str]) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = text


def test_levels_named_in_every_line_and_values_in_parts(last_year: tuple[Account, Path], tmp_path: Path) -> None:
    account, path = last_year
    made = hand_made(path, tmp_path)
    before = read(made).sheets[KEPT]
    assert [line[2:5] for line in lines(before)][:2] == [("培训期数", 20, "≥4期"), ("合格率", 30, "≥90%")]
    now = (
        indicator("产出指标", "数量指标", "培训期数", 15, "≥6期", "7期"),
        indicator("产出指标", "数量指标", "培训人次", 5, "≥300人次", "320人次"),
        indicator("产出指标", "成本指标", "人均成本", 30, "≤450元", "430.5元"),
        indicator("效益指标", "社会效益指标", "知晓率", 40, "≥85%", "88%"),
    )
    sheets = list(account.sheets)
    sheets[KEPT] = msgspec.structs.replace(sheets[KEPT], indicators=now)
    target = tmp_path / "今年.docx"
    result = roll_docx(made, target, msgspec.structs.replace(account, year=2023, sheets=tuple(sheets)))
    after = read(target).sheets[KEPT]
    assert lines(after) == [
        (each.level1, each.level2, each.name, each.weight, each.target, each.actual, each.score) for each in now
    ]
    form = next(t for t in docx.Document(str(target)).tables if t.rows[3].cells[0].text == HEADS[0])
    assert [cell.text for cell in form.rows[5].cells] == [
        "产出指标", "数量指标", "培训人次", "≥", "300", "人次", "320", "5.0", "5.0"
    ]
    assert not [text for _, text in result.problems if "指标" in text]
    assert broken_rules(target) == []
