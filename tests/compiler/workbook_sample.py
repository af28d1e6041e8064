"""A filled-in account for the tests of the workbook: every kind of sheet and cell is used."""

from __future__ import annotations

from decimal import Decimal

from juesuan.account import Fact, Figure, Indicator, KeyWork, Project, Unit
from juesuan.compiler.entries import Entry, Gathered, SheetText
from juesuan.compiler.workbook.plan import address_of


def yuan(text: str) -> Decimal:
    return Decimal(text)


def sample() -> Gathered:
    """What a small unit fills in, without any fault."""
    general = "一般公共预算"
    return Gathered(
        unit=Unit(
            name="示例市信息中心",
            code="102001",
            nature="事业单位",
            supervisor="示例市人力资源和社会保障局",
            members=(("示例市信息中心", "本级"), ("示例市档案馆", "")),
            offices=("办公室", "网络科"),
        ),
        year=2022,
        entries=[
            Entry("收入", general, yuan("11000000.10"), function="2080108"),
            Entry("收入", "事业收入", yuan("50000.00"), function="2080108"),
            Entry("收入", general, yuan("650000.00"), function="2080505"),
            Entry("支出", general, yuan("5000000.00"), nature="基本支出", function="2080108", period="年初预算"),
            Entry("支出", general, yuan("6000000.00"), nature="项目支出", function="2080108", period="年初预算"),
            Entry("支出", general, yuan("5100000.05"), nature="基本支出", function="2080108"),
            Entry("支出", general, yuan("5900000.05"), nature="项目支出", function="2080108"),
            Entry("支出", general, yuan("650000.00"), nature="基本支出", function="2080505"),
            Entry("支出", "其他资金", yuan("50000.00"), nature="基本支出", function="2080108"),
            Entry("支出", general, yuan("5000000.05"), nature="基本支出", economy="30101"),
            Entry("支出", general, yuan("750000.00"), nature="基本支出", economy="30201"),
            Entry("年初结转", general, yuan("0.01"), function="2080108"),
            Entry("年初结转", "其他资金", yuan("1200.00")),
        ],
        facts=[
            Fact(address_of("表1!28行1栏"), Figure(yuan("12.34"))),
            Fact(address_of("表9!金额行5栏"), Figure(yuan("30000.00"))),
            Fact(address_of("表9!金额行11栏"), Figure(yuan("28888.88"))),
            Fact(address_of("三公明细!保有量行数栏"), Figure(Decimal(3))),
            Fact(address_of("上年!表1!31行1栏"), Figure(yuan("12000000.00"))),
            Fact(address_of("上年!表4!32行1栏"), Figure(yuan("0.00"))),
            Fact(address_of("上年!表5!合计行1栏"), Figure(yuan("11500000.00"))),
        ],
        texts={
            "主要职能": "负责信息化建设。\n负责网络安全。",
            "2080108:预决算差异": "年中追加人员经费",
            "2080108:主要用于": "信息系统运行维护",
            "收支总计变动": "项目减少",
            "运维用途": "车辆燃料、维修",
            "科目:2080199": "试行科目",
        },
        dates={"published": "2023-09-15"},
        projects=[
            Project(
                name="信息系统运维",
                function="2080108",
                budget=yuan("6000000.00"),
                outlay=yuan("5900000.05"),
                initial=yuan("6000000.00"),
                results=("系统可用率 99.9%", "无安全事故"),
                outputs=("运维 12 个系统",),
                problems="支付进度偏慢",
                improvement="按月调度",
            )
        ],
        attributes={"信息系统运维": (("项目类别", "部门预算项目"), ("项目属性", "持续性项目"))},
        sheets=[
            SheetText("整体支出", date="2023-03-31", budget=yuan("12000000.00"), goals=("保障系统运行",)),
            SheetText("信息系统运维", deviation="无", improvement="继续"),
        ],
        indicators=[
            (
                "整体支出",
                Indicator("产出指标", "数量指标", "运维系统数量", Decimal(20), "≥12个", "12个", evidence="台账",
                          reason="新增系统延至下年", last_year="11个", superior="≥10个"),
            ),
            (
                "信息系统运维",
                Indicator("效益指标", "社会效益", "服务能力", Decimal("6.5"), "提升", "提升", grade=Decimal("0.95")),
            ),
        ],
        key_work=[KeyWork("平台建设", "建成一体化平台", "已上线")],
    )
