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
    ("changed", "expected"),
    [({"count": 4}, ("Z114", "4个")), ({"amount": "96.00"}, ("Z181", "96.00万元"))],
)
def test_a_count_or_an_amount_that_the_table_has_not(
    tmp_path: Path, changed: dict[str, int | str], expected: tuple[str, str]
) -> None:
    assert expected in found(tmp_path, **changed)  # type: ignore[arg-type]
