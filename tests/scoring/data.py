"""Schemes and forms for the tests: the three forms of the Wuhan account of 2022, figures in yuan."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files

import yaml

from juesuan.account import Figure, Indicator, PerformanceSheet
from juesuan.statute.scheme import Scheme, decode_scheme

KEYS = ("national", "wuhan", "sichuan", "anhui")
STEP = Decimal(100)
"""Published amounts are 万元 with two decimals: a step of 100 yuan."""


def scheme(key: str) -> Scheme:
    text = (files("juesuan.statute") / "schemes" / f"{key}.yaml").read_text(encoding="utf-8")
    return decode_scheme(yaml.safe_load(text))


def wan(amount: str) -> Figure:
    return Figure(Decimal(amount) * 10000, STEP)


def indicator(group: str, child: str, name: str, weight: int | str, target: str, actual: str | None = None,
              grade: str | None = None, score: str | None = None, evidence: str = "") -> Indicator:
    return Indicator(group, child, name, Decimal(weight), target, target if actual is None else actual,
                     Decimal(grade) if grade else None, Decimal(score) if score else None, evidence)


def sheet(indicators: tuple[Indicator, ...], budget: str = "100", outlay: str = "100", title: str = "某项目",
          deviation: str = "", scheme_key: str = "wuhan") -> PerformanceSheet:
    return PerformanceSheet("项目", title, scheme_key, wan(budget), wan(outlay), indicators, deviation=deviation)


OUT, BEN = "产出指标", "效益指标"
QUANTITY, QUALITY, TIME = "数量指标", "质量指标", "时效指标"
SOCIAL, CONTENT = "社会效益指标", "服务对象满意度指标"
REASON = "部分项目中标价低于预算，节约了资金。"

WHOLE = PerformanceSheet(
    "整体", "单位整体绩效自评表", "wuhan", wan("3227.02"), wan("1777.50"),
    (
        indicator(OUT, QUANTITY, "自助查询打印业务量", 10, "30 万笔"),
        indicator(OUT, QUANTITY, "持卡人数", 10, "985 万人"),
        indicator(OUT, QUALITY, "机房稳定运行时间", 5, "7*24 小时"),
        indicator(OUT, QUALITY, "验收合格率", 5, "95%以上"),
        indicator(OUT, TIME, "故障处理时效", 10, "2 小时内"),
        indicator(BEN, SOCIAL, "便民服务推广", 10, "有效加强"),
        indicator(BEN, SOCIAL, "一卡通应用", 10, "有效推动"),
        indicator(BEN, SOCIAL, "网上办", 10, "有效推动"),
        indicator(BEN, CONTENT, "服务对象满意", 10, "90%"),
    ),
    basic=wan("805.81"), project=wan("971.69"), deviation=REASON,
)
SYSTEMS = PerformanceSheet(
    "项目", "信息化建设项目", "wuhan", wan("2178.48"), wan("784.05"),
    (
        indicator(OUT, QUANTITY, "查询打印业务数量", 10, "30 万笔"),
        indicator(OUT, QUANTITY, "服务市民数", 10, ">1000 万人"),
        indicator(OUT, QUALITY, "数据完整可靠程度", 10, "100%"),
        indicator(OUT, TIME, "实时查询打印服务", 10, "24 小时不间断"),
        indicator(BEN, SOCIAL, "一卡通应用", 15, "有效推动"),
        indicator(BEN, SOCIAL, "便民服务推广", 15, "有效加强"),
        indicator(BEN, SOCIAL, "网上办", 10, "有效推动"),
    ),
    deviation=REASON,
)
OPERATION = PerformanceSheet(
    "项目", "日常系统运行经费项目", "wuhan", wan("210.54"), wan("187.64"),
    (
        indicator(OUT, QUANTITY, "月均短信量", 10, "11 万条"),
        indicator(OUT, QUANTITY, "持卡人数", 10, "985 万人"),
        indicator(OUT, QUALITY, "正常运行时间占比", 10, "99%"),
        indicator(OUT, TIME, "故障处理时效", 10, "2 小时内"),
        indicator(BEN, SOCIAL, "便民服务推广", 15, "有效加强"),
        indicator(BEN, SOCIAL, "互联网+人社", 15, "有效推动"),
        indicator(BEN, CONTENT, "服务对象满意", 10, "90%"),
    ),
    deviation=REASON,
)
FORMS = (WHOLE, SYSTEMS, OPERATION)
