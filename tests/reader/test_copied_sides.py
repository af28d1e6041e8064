"""Tables of income beside outlay in copies with a cell a line: labels of both sides, headings, dashes, lost blanks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.reader import read_document

HEADS = ["收入", "支出", "项目", "决算数", "项目", "决算数"]
GRANT_HEADS = [
    "项目", "决算数", "项目", "小计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款",
]  # fmt: skip


def read(tmp_path: Path, title: str, cells: list[str]) -> dict[str, Decimal | None]:
    """The figures of a table with a cell on each line."""
    path = tmp_path / "table.txt"
    above = ["示例市某某中心2022年度部门决算", "第二部分 部门决算表", title, "金额单位：元"]
    path.write_text("\n".join([*above, *(f"{cell} |" for cell in cells)]), "utf-8")
    facts = read_document(path, profile="national").account.facts.values()
    return {str(fact.address): fact.figure.value for fact in facts}


@pytest.mark.parametrize(
    "totals",
    [["总计", "9", "九、卫生健康支出", "2", "", "", "本年支出合计", "9", "", "", "总计", "9"],
     ["", "", "九、卫生健康支出", "2", "", "", "本年支出合计", "9", "总计", "9", "总计", "9"],
     ["", "", "本年支出合计", "9", "", "", "总计", "9", "总计", "9", "", ""]],
)  # fmt: skip
def test_a_label_of_both_sides_stands_once_on_each(tmp_path: Path, totals: list[str]) -> None:
    lines = ["二、政府性基金预算财政拨款收入", "4", "一、一般公共服务支出", "3"]
    lines += ["五、事业收入", "3", "五、教育支出", "4"]
    rest = ["本年收入合计", "7", "八、社会保障和就业支出", "1", "年初结转和结余", "2", "十、节能环保支出", "1", *totals]
    found = read(tmp_path, "收入支出决算总表", [*HEADS, *lines, *rest])
    assert (found["表1!31行1栏"], found["表1!62行2栏"]) == (9, 9)
    assert found["表1!58行2栏"] == 9


def test_headings_with_the_words_of_lines_are_no_lines(tmp_path: Path) -> None:
    left = [("二、政府性基金预算财政拨款", "70"), ("本年收入合计", "70"), ("年初财政拨款结转和结余", "20"),
            ("政府性基金预算财政拨款", "20"), ("总计", "90")]  # fmt: skip
    right = [("五、教育支出", "30"), ("六、科学技术支出", "40"), ("九、卫生健康支出", "20"), ("本年支出合计", "90"),
             ("总计", "90")]  # fmt: skip
    cells = [text for (a, b), (c, d) in zip(left, right, strict=True) for text in (a, b, c, d, "0.00", d, "0.00")]
    found = read(tmp_path, "财政拨款收入支出决算总表", [*GRANT_HEADS, *cells, *["", "", "其他支出", "", "", "", ""]])
    assert (found["表4!2行1栏"], found["表4!28行1栏"], found["表4!30行1栏"]) == (70, 20, 20)
    assert found["表4!38行4栏"] == 40


def test_a_dash_holds_the_place_of_an_amount(tmp_path: Path) -> None:
    left = [("三、国有资本经营预算财政拨款", "90"), ("本年收入合计", "90"), ("总计", "90")]
    right = [("七、文化旅游体育与传媒支出", "30"), ("八、社会保障和就业支出", "40"), ("九、卫生健康支出", "5"),
             ("十、节能环保支出", "15"), ("本年支出合计", "90"), ("总计", "90")]  # fmt: skip
    beside = [*left, *[("", "")] * 3]
    cells = [text for (a, b), (c, d) in zip(beside, right, strict=True) for text in (a, b, c, d, "-", "-", d)]
    found = read(tmp_path, "财政拨款收入支出决算总表", [*GRANT_HEADS, *cells])
    assert (found["表4!40行2栏"], found["表4!40行5栏"]) == (40, 40)
    assert found.get("表4!40行3栏") is None


def test_a_line_without_its_blank_cells_is_not_read_by_order(tmp_path: Path) -> None:
    """What makes up its whole is read, and 14.00, which both kinds of vehicles' cost may be, is given to neither."""
    path = tmp_path / "table.txt"
    path.write_text(
        "2017年度一般公共预算财政拨款“三公”经费及机关运行经费支出决算表\n单位：万元\n"
        "一般公共预算财政拨款“三公”经费 | 机关运行经费决算数 | |||||||||||\n"
        "合计 | 因公出国（境）费 | 公务用车购置及运行费 | 公务接待费 | |||||||||\n"
        "小计 | 公务用车购置费 | 公务用车运行费 | ||||||||||\n"
        f"{'预算数 | 决算数 | ' * 6}301.50 |\n"
        "32.00 | 9.10 | 24.00 | 8.70 | 24.00 | 8.70 | 8.00 | 0.40 |\n",
        "utf-8",
    )
    claims = {(said.subject, said.measure): said.figure.value for said in read_document(path).account.stated}
    assert claims["三公经费合计", "预算"] == 320000
    assert claims["公务用车购置及运行维护费", "决算"] == 87000
    assert claims["公务接待费", "决算"] == 4000
    assert not {said for said, _ in claims} & {"因公出国（境）费", "公务用车购置费", "公务用车运行维护费"}


def test_the_fund_of_all_income_is_that_of_lines_that_lost_their_blanks(tmp_path: Path) -> None:
    """Two amounts of four: the sum, and that of the one fund that stands on the left."""
    left = [("三、国有资本经营预算财政拨款", "90"), ("本年收入合计", "90"), ("总计", "90")]
    right = [("七、文化旅游体育与传媒支出", "30"), ("八、社会保障和就业支出", "40"), ("九、卫生健康支出", "5"),
             ("十、节能环保支出", "15"), ("本年支出合计", "90"), ("总计", "90")]  # fmt: skip
    beside = [*left, *[("", "")] * 3]
    cells = [text for (a, b), (c, d) in zip(beside, right, strict=True) for text in (a, b, c, d, "", "", d)]
    found = read(tmp_path, "财政拨款收入支出决算总表", [*GRANT_HEADS, *cells])
    assert (found["表4!40行2栏"], found["表4!40行5栏"]) == (40, 40)
    assert found.get("表4!40行3栏") is None


def test_lines_that_are_blank_every_second_time_are_one_with_the_line_above(tmp_path: Path) -> None:
    heads = ["项目", "本年收入合计", "其他收入", "财政拨款收入", "上级补助收入", "事业收入", "附属单位上缴收入"]
    heads += ["经营收入"]
    lines = [("合计", "70", "20", "50"), ("[201]一般公共服务支出", "30", "", "30"),
             ("[20105]统计信息事务", "30", "", "30"), ("[2010501]行政运行", "30", "", "30"),
             ("[206]科学技术支出", "40", "20", "20"),
             ("[20603]应用研究", "40", "20", "20"), ("[2060302]社会公益研究", "40", "20", "20")]  # fmt: skip
    cells = [text for line in lines for text in (*line, "", "", "", "")]
    found = read(tmp_path, "收入决算表", [*heads, *cells])
    assert (found["表2!合计行1栏"], found["表2!合计行2栏"], found["表2!合计行7栏"]) == (70, 50, 20)
    assert found["表2!2060302行7栏"] == 20
