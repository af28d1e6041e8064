"""Projects that the prose of a budget tells, against the table of projects of the same document."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader import read_document

LINES = [("经营主体登记经费", "24.50"), ("市场秩序综合执法经费", "46.80"), ("食品安全抽检监测", "90.00")]
TOLD = (
    "<p>某县市场监督管理局2024年部门预算</p><p>七、项目支出情况说明</p>"
    "<p>2024年项目支出161.30万元，共涉及项目{count}个、资金161.30万元，具体如下：</p>"
    "<p>（一）项目名称：经营主体登记经费；设立的政策依据：有关规定；预算安排规模：24.50万元；资金执行时间：2024年1月—12月。</p>"
    "<p>（二）项目名称：食品安全抽检监测；设立的政策依据：有关规定；预算安排规模：{amount}万元；资金执行时间：2024年1月—12月。</p>"
)


def found(folder: Path, count: int = 3, amount: str = "90.00") -> set[tuple[str, str]]:
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in [*LINES, ("合计", "161.30")])
    table = f"<p>项目支出情况表</p><p>单位：万元</p><table><tr><td>项目名称</td><td>合计</td></tr>{rows}</table>"
    path = folder / "page.html"
    body = TOLD.format(count=count, amount=amount)
    path.write_text(f"<html><body>{body}{table}</body></html>", encoding="utf-8")
    reading = read_document(path)
    findings = check(reading.account, statute=reading.statute).findings
    return {(issue.code, issue.stated) for issue in findings if issue.severity == "error"}


def test_projects_as_the_table_has_them(tmp_path: Path) -> None:
    assert found(tmp_path) == set()


@pytest.mark.parametrize(
    ("count", "amount", "expected"), [(4, "90.00", ("Z114", "4个")), (3, "96.00", ("Z181", "96.00万元"))]
)
def test_a_count_or_an_amount_that_the_table_has_not(
    tmp_path: Path, count: int, amount: str, expected: tuple[str, str]
) -> None:
    assert expected in found(tmp_path, count, amount)


def test_a_table_of_the_units_that_have_the_projects_counts_no_projects(tmp_path: Path) -> None:
    rows = "<tr><td>某县市场监督管理局</td><td>71.30</td></tr><tr><td>某县检验检测中心</td><td>90.00</td></tr>"
    table = f"<table><tr><td>单位名称</td><td>合计</td></tr>{rows}<tr><td>合计</td><td>161.30</td></tr></table>"
    path = tmp_path / "page.html"
    body = TOLD.format(count=3, amount="90.00") + f"<p>项目支出情况表</p><p>单位：万元</p>{table}"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    reading = read_document(path)
    assert not [each for each in check(reading.account, statute=reading.statute).findings if each.severity == "error"]
