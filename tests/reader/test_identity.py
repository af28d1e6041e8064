"""Which year a file is of: what it prints, and where it prints none, its name."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from juesuan.reader import read_document


def workbook(path: Path, title: str) -> Path:
    """A budget of one table, without a year unless the title has one."""
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [[title], ["单位：某某中心", None, None, "单位：万元"],
            ["收入", None, "支出", None], ["项目", "预算数", "项目", "预算数"],
            ["一、一般公共预算拨款收入", 100.00, "一、一般公共服务支出", 100.00],
            ["收入总计", 100.00, "支出总计", 100.00]]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(("name", "title", "year"), [
    ("114012-2021.xlsx", "部门收支总体情况表", 2021),
    ("某某中心2021年部门预算.xlsx", "部门收支总体情况表", 2021),
    ("某某中心2021年部门预算.xlsx", "2023年部门收支总体情况表", 2023),
    ("2021-2023.xlsx", "2023年部门收支总体情况表", 2023),
])
def test_a_workbook_that_prints_no_year_is_of_the_year_in_its_name(tmp_path: Path, name: str, title: str, year: int):
    assert read_document(workbook(tmp_path / name, title)).account.year == year


@pytest.mark.parametrize("lines", [
    ["2021年", "某縣源潭中學部門預算", "一、收入1.00萬元。"],
    ["2021年部門預算", "單位名稱:某縣源潭中學 | 單位:萬元 | |||", "收入 | 1.00 |"],
])
def test_a_unit_is_known_by_a_title_over_two_lines_and_in_either_script(tmp_path: Path, lines: list[str]):
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    account = read_document(tmp_path / "a.txt").account
    assert (account.unit.name, account.year) == ("某县源潭中学", 2021)


@pytest.mark.parametrize(("unit", "profile"), [
    ("天津市河东区市场监督管理局", "tianjin"),
    ("沈阳市和平区市场监督管理局", "national"),
    ("临沂市河东区市场监督管理局", "national"),
])
def test_a_district_is_of_the_city_before_it(tmp_path: Path, unit: str, profile: str):
    (tmp_path / "a.txt").write_text(f"{unit}2023年度部门决算\n2023年度支出决算100.00万元。", encoding="utf-8")
    assert read_document(tmp_path / "a.txt").account.profile == profile


def test_a_document_is_what_its_titles_call_it(tmp_path: Path):
    """收支总表 and 收入总表 are tables of both kinds; a document that only calls itself a budget is one."""
    titles = ["某站2023年单位预算", "第一部分 2023年单位预算说明", "二、收入预算情况说明", "第二部分 单位预算报表"]
    tables = ["一、收支总表", "二、收入总表", "三、支出总表", "收入支出总表", "收入总表", "财政拨款收支总表"]
    (tmp_path / "a.txt").write_text("\n".join([*titles, *tables, "2023年收入100.00万元。"]), encoding="utf-8")
    assert read_document(tmp_path / "a.txt").statute.profile.kind == "预算"


@pytest.mark.parametrize(("text", "unit"), [
    ("柳镇2020年“三公”经费决算数共计35.5万元。", "柳镇"),
    ("经云泉市财政局汇总，2018年云泉市部门及乡镇政府“三公”经费决算总额2771万元。", "云泉市"),
    ("按照政府工作安排,江浦区2016年一般公共预算安排“三公”经费决算数1986万元。", "江浦区"),
    ("东海科技职业学院\n政府采购决算公开情况说明\n2021年度政府采购支出总额28.00万元。", "东海科技职业学院"),
    ("东海市文联局财政拨款“三公”经费2015年决算情况如下：\n公务接待费3万元。", "东海市文联局"),
    ("根据有关规定，2018年本级“三公”经费9万元，各部门2018年支出决算3万元。", ""),
])  # fmt: skip
def test_a_sentence_that_begins_with_the_unit_names_it(text: str, unit: str, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    assert read_document(path).account.unit.name == unit


def test_a_part_named_after_its_matter_is_no_unit(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "某县民政局2024年度“三公”经费决算公开\n第一部分 财政拨款“三公”经费支出决算情况说明\n"
        "2024年度“三公”经费财政拨款支出预算为12.00万元，支出决算为10.77万元。", encoding="utf-8")
    assert read_document(tmp_path / "a.txt").account.unit.name == "某县民政局"
