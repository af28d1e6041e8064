"""Documents of older years: other line numbers, one line for the three funds, names that were given up in 2019."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import juesuan
from juesuan.reader import read_document

NUMERALS = [tens + ones for tens in ("", "十", "二十") for ones in ("", *"一二三四五六七八九") if tens + ones]


def numbered(names: str) -> list[str]:
    return [f"{numeral}、{name}" for numeral, name in zip(NUMERALS, names.split(), strict=False)]


INCOME = numbered("财政拨款收入 上级补助收入 事业收入 经营收入 附属单位上缴收入 其他收入")
OUTLAY = numbered(
    "一般公共服务支出 外交支出 国防支出 公共安全支出 教育支出 科学技术支出 文化体育与传媒支出 社会保障和就业支出 "
    "医疗卫生与计划生育支出 节能环保支出 城乡社区支出 农林水支出 交通运输支出 资源勘探信息等支出 商业服务业等支出 "
    "金融支出 援助其他地区支出 国土海洋气象等支出 住房保障支出 粮油物资储备支出 其他支出 债务还本支出 债务付息支出"
)
AMOUNTS = {
    "一、财政拨款收入": "900.00", "三、事业收入": "80.50", "本年收入合计": "980.50", "用事业基金弥补收支差额": "4.50",
    "年初结转和结余": "15.00", "总计": "1,000.00", "八、社会保障和就业支出": "60.00",
    "九、医疗卫生与计划生育支出": "900.00", "本年支出合计": "960.00", "结余分配": "10.00", "年末结转和结余": "30.00",
}  # fmt: skip
NOTE = "注：24行=（1+2+3+4+5+6）行；28行=（24+25+26）行；52行=（29+30+……+51）行；56行=（52+53+54）行。"


def page(amounts: dict[str, str], year: int = 2018) -> str:
    """公开01表 as it was printed for 2018: income from line 1, expenditure from line 29, totals in 28 and 56."""
    left = [*INCOME, *[""] * 17, "本年收入合计", "用事业基金弥补收支差额", "年初结转和结余", "", "总计"]
    right = [*OUTLAY, "本年支出合计", "结余分配", "年末结转和结余", "", "总计"]
    rows = "".join(
        f"<tr><td>{a}</td><td>{n}</td><td>{amounts.get(a, '')}</td>"
        f"<td>{b}</td><td>{n + 28}</td><td>{amounts.get(b, '')}</td></tr>"
        for n, (a, b) in enumerate(zip(left, right, strict=True), start=1)
    )
    heads = "<tr><td>项目</td><td>行次</td><td>决算数</td><td>项目</td><td>行次</td><td>决算数</td></tr>"
    return (
        f"<html><body><h1>示例县医院{year}年度部门决算</h1><p>收入支出决算总表</p><p>公开01表</p>"
        f"<p>编制单位：示例县医院　金额单位：万元</p><table><tr><td colspan=3>收入</td><td colspan=3>支出</td></tr>"
        f"{heads}<tr><td>栏次</td><td></td><td>1</td><td>栏次</td><td></td><td>2</td></tr>{rows}</table>"
        f"<p>{NOTE}</p></body></html>"
    )


def read(folder: Path, amounts: dict[str, str]) -> tuple[dict[str, Decimal], list[str]]:
    """The figures of 表1 in 万元 by address, and the errors of its sums."""
    path = folder / "2018.html"
    path.write_text(page(amounts), encoding="utf-8")
    reading = read_document(path, "national")
    assert reading.account.year == reading.statute.year == 2018
    found = {key: fact.figure.value / 10000 for key, fact in reading.account.facts.items() if key.startswith("表1!")}
    report = juesuan.check(reading.account, statute=reading.statute)
    return found, [issue.message for issue in report.findings if issue.code.startswith(("T", "P"))]


def test_lines_stand_where_their_meaning_is_in_every_year(tmp_path: Path) -> None:
    facts, errors = read(tmp_path, AMOUNTS)
    assert facts == {
        "表1!财政拨款行1栏": 900, "表1!5行1栏": Decimal("80.5"), "表1!27行1栏": Decimal("980.5"),
        "表1!28行1栏": Decimal("4.5"), "表1!29行1栏": 15, "表1!31行1栏": 1000, "表1!39行2栏": 60, "表1!40行2栏": 900,
        "表1!58行2栏": 960, "表1!59行2栏": 10, "表1!60行2栏": 30, "表1!62行2栏": 1000,
    }  # fmt: skip
    assert errors == []


@pytest.mark.parametrize(
    ("label", "amount"), [("本年支出合计", "961.00"), ("用事业基金弥补收支差额", "5.50"), ("年末结转和结余", "31.00")]
)
def test_a_sum_that_does_not_hold_is_told(tmp_path: Path, label: str, amount: str) -> None:
    _, errors = read(tmp_path, AMOUNTS | {label: amount})
    assert errors
