"""Forms of performance goals of a budget: their totals are what their parts make, each with its own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account, Address, Fact, Figure, PerformanceGoals, Unit
from juesuan.account.model import Fund
from juesuan.checker import check
from juesuan.reader import read_document

FORM = """某某委员会2026年部门预算

财政项目支出绩效目标申报表

（2026年度）

| 项目名称 |  | 某立交工程 |  | 项目性质 | 阶段性项目 | 项目类别 | 特定目标类 |
|---|---|---|---|---|---|---|---|
| 主管部门 |  | 某某委员会 |  | 实施单位 | 某某中心 |  |  |
| 计划开始日期 |  | 2026/1/1 |  | 计划完成日期 | 2027/12/31 |  |  |
| 项目资金（元） |  | 项目资金总额 |  | {whole} | 年度资金申请总额 |  | {year} |
|  |  | 其中：财政资金 |  | 700,000.00 | 其中：当年财政拨款 |  | 200,000.00 |
|  |  |  |  |  | 上年结转资金 |  | 20,000.00 |
|  |  | 其他资金 |  | 30,000.00 | 其他资金 |  | 0 |
| 项目绩效目标 | 年度总体目标 |  | 完成前期征收。 |  |  |  |  |
|  | 一级指标 | 二级指标 | 三级指标 |  |  | 年度指标值 |  |
|  | 产出指标 | 数量指标 | 道路长度 |  |  | 985米 |  |
|  | 满意度指标 | 服务对象满意度指标 | 居民满意度 |  |  | ≥90% |  |
"""


@pytest.mark.parametrize(("whole", "year", "says"), [
    ("730,000.00", "220,000.00", ""),
    ("733,000.00", "220,000.00", "项目资金总额为73.30万元，所列财政资金70.00万元、其他资金3.00万元之和为73.00万元"),
    ("730,000.00", "200,000.00", "年度资金申请总额为20.00万元，所列当年财政拨款20.00万元、上年结转资金2.00万元"),
])  # fmt: skip
def test_the_two_totals_side_by_side(tmp_path: Path, whole: str, year: str, says: str) -> None:
    path = tmp_path / "goals.md"
    path.write_text(FORM.format(whole=whole, year=year), encoding="utf-8")
    reading = read_document(path)
    (form,) = reading.account.goals
    assert form.title == "某立交工程"
    assert [indicator.target for indicator in form.indicators] == ["985米", "≥90%"]
    found = [i.message for i in check(reading.account, statute=reading.statute).findings if i.code == "E174"]
    assert len(found) == bool(says)
    assert all(says in message for message in found)


SCALE = """某某学校2023年部门预算

实训基地改造绩效目标表

单位：万元

| 项目名称 | 实训基地改造 | 预算规模 | {whole} | 其中：财政资金 | 45.60 |
|---|---|---|---|---|---|
|  |  |  |  | 其他资金 | 0.00 |
| 绩效目标 | 改善实训条件。 |  |  |  |  |
| 一级指标 | 二级指标 | 三级指标 | 指标描述 | 指标值 | 确定依据 |
| 产出指标 | 数量指标 | 改造实训室 | 改造的间数 | ≥2间 | 工作计划 |
| 满意度指标 | 服务对象满意度指标 | 学生满意度 | 问卷调查 | ≥90% | 历史标准 |
"""


@pytest.mark.parametrize(("whole", "says"), [("45.60", 0), ("54.60", 1)])
def test_the_size_of_the_budget_is_what_its_funds_make(tmp_path: Path, whole: str, says: int) -> None:
    path = tmp_path / "goals.md"
    path.write_text(SCALE.format(whole=whole), encoding="utf-8")
    reading = read_document(path)
    found = [i.message for i in check(reading.account, statute=reading.statute).findings if i.code == "E174"]
    assert len(found) == says


def _budget(**changes: str) -> list[str]:
    """The codes on a budget with 30 万元 of basic and 10 of project expenditure, and three forms of goals."""
    amounts = {"预3!合计行1栏": "40", "预3!合计行2栏": "30", "预3!合计行3栏": "10", "整体": "40", "基本支出": "30",
               "项目支出": "10", "甲": "6", "乙": "4", "资金": "10", **changes}  # fmt: skip

    def wan(key: str) -> Figure:
        return Figure(Decimal(amounts[key]) * 10000, Decimal(100))

    account = Account("budget", 2022, Unit("某中心"))
    for key in ("1", "2", "3"):
        account.put(Fact(Address("预3", "合计", key), wan(f"预3!合计行{key}栏")))
    account.put(Fact(Address("绩效目标", "个数", "数"), Figure(Decimal(2))))
    account.put(Fact(Address("绩效目标", "资金", "数"), wan("资金")))
    parts = tuple(Fund(label, budget=wan(label)) for label in ("基本支出", "项目支出"))
    account.goals = (
        PerformanceGoals("整体", "某中心", wan("整体"), parts),
        *(PerformanceGoals("项目", name, wan(name)) for name in ("甲", "乙")),
    )
    return [issue.code for issue in check(account).findings if issue.code in ("E175", "E176")]


def test_forms_are_held_to_the_tables_and_to_the_explanation() -> None:
    assert _budget() == []
    assert _budget(整体="40.01") == []
    assert _budget(整体="41") == _budget(基本支出="31") == _budget(项目支出="9") == ["E175"]
    assert _budget(甲="7") == _budget(资金="11") == ["E176"]


def test_more_projects_than_forms_are_not_summed_up() -> None:
    """A document may print the forms of some projects only: then nothing is said of the sum."""
    reading = Account("budget", 2022, Unit("某中心"))
    reading.put(Fact(Address("绩效目标", "个数", "数"), Figure(Decimal(3))))
    reading.put(Fact(Address("绩效目标", "资金", "数"), Figure(Decimal(900000))))
    reading.goals = (PerformanceGoals("项目", "甲", Figure(Decimal(10000))),)
    assert [issue.code for issue in check(reading).findings if issue.code == "E176"] == []


WEIGHED = """某某街道2026年部门预算

2026年重点专项资金绩效目标表

| 项目名称 | 环卫清扫 | 项目分类 | 一般性项目 |
|---|---|---|---|
| 当年预算（万元） | 120.72 | 本级支出（万元） | 120.72 |
| 指标名称 | 指标权重 | 计量单位 | 指标值 |
| 清扫面积 | 30 | 万平方米 | ≥126 |
| 清扫合格率 | {weight} | % | ≥95 |
| 成本控制 | 40 | 万元 | ≤120.72 |
| 权重合计 | 100 |  |  |
"""


@pytest.mark.parametrize(("weight", "says"), [("30", ""), ("40", "表上印作100，各项指标权重之和为110，应为100")])
def test_weights_of_goals_make_a_hundred(weight: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "budget.md"
    path.write_text(WEIGHED.format(weight=weight), "utf-8")
    account = read_document(path, "budget").account
    (form,) = account.goals
    assert [(each.name, each.weight) for each in form.indicators][:1] == [("清扫面积", 30)]
    assert (form.budget.value, form.full) == (1207200, 100)
    found = [issue.message for issue in check(account).findings if issue.code == "E106"]
    assert all(says in message for message in found) and len(found) == (1 if says else 0)
