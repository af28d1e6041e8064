"""Writes the example's ledger and workbooks from the figures below: `python examples/wuhan-2022/build.py`.

The figures are those of the account that a unit published for 2022, where they hold together; README.md says which
were chosen differently and why. The texts are ours.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from juesuan.account import Address, Fact, Figure, Indicator, KeyWork, Project, Unit
from juesuan.compiler.entries import Entry, Gathered, SheetText
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.statute import load_statute

HERE = Path(__file__).parent
UNIT = Unit(
    name="武汉市人力资源和社会保障信息中心",
    code="128010",
    nature="事业单位",
    supervisor="武汉市人力资源和社会保障局",
    offices=("办公室", "社保卡管理中心", "人力资源信息管理科", "社保信息科", "医疗结算信息科", "系统网络科"),
)
GENERAL = "一般公共预算"
BUILDING, RUNNING = "人社系统信息化建设项目", "日常系统运行经费项目"

BASIC = {
    "2080150": {
        "30101": 1123700, "30102": 145200, "30107": 3747450, "30109": 66700, "30112": 96300, "30305": 7100,
        "30201": 66630, "30205": 5500, "30207": 8600, "30209": 199400, "30211": 500, "30213": 1800,
        "30226": 28700, "30228": 82800, "30229": 203000, "30231": 11600, "30299": 7000,
    },
    "2080502": {"30302": 78000, "30305": 7000},
    "2080505": {"30108": 371200},
    "2101102": {"30110": 414360},
    "2101199": {"30110": 411380, "30307": 8540},
    "2210201": {"30113": 605400},
    "2210202": {"30102": 117700},
    "2210203": {"30102": 242500},
}
"""Basic expenditure in yuan by functional item and economic code."""

PROJECTS = {
    "2080108": (BUILDING, {"30213": 2415600, "30227": 790400, "31007": 4634500}),
    "2080199": (RUNNING, {"30201": 186400, "30207": 612000, "30213": 778000, "30227": 300000}),
}
"""Project expenditure in yuan by functional item: project, and amounts by economic code."""

BUDGET = {
    "2080108": 21784800, "2080150": 5851900, "2080199": 2105400, "2080502": 218800, "2080505": 393100,
    "2080506": 98400, "2101102": 426800, "2101199": 422100, "2210201": 608700, "2210202": 117700, "2210203": 242500,
}
"""The approved budget (年初预算) in yuan."""

BUDGET_BY_ECONOMY = {
    "2080150": {
        "30101": 1150000, "30102": 150000, "30107": 3800000, "30112": 100000, "30201": 70000, "30207": 9900,
        "30209": 200000, "30217": 7000, "30226": 30000, "30228": 85000, "30229": 210000, "30231": 30000, "30299": 10000,
    },
    "2080502": {"30302": 218800},
    "2080505": {"30108": 393100},
    "2080506": {"30109": 98400},
    "2101102": {"30110": 426800},
    "2101199": {"30110": 413500, "30307": 8600},
    "2210201": {"30113": 608700},
    "2210202": {"30102": 117700},
    "2210203": {"30102": 242500},
}
"""The basic expenditure of the approved budget in yuan by functional item and economic code."""

BUDGET_FACTS = {
    "预9!金额!5": 30000, "预9!金额!6": 7000, "采购预算!货物!数": 9800000, "采购预算!服务!数": 4200000,
    "采购预算!预留中小!数": 5600000, "采购预算!预留小微!数": 3360000, "占用资产!其他用车!数": 1, "占用资产!百万设备!数": 5,
}
BUDGET_LAST_YEAR = {
    "预9!金额!5": 30000, "预9!金额!6": 10000, "预1!收入总计!1": 30186600, "预4!收入总计!1": 30186600,
    "预5!合计!1": 30186600, "预5!合计!2": 8412300, "预5!合计!3": 21774300,
}
BUDGET_REASONS = {
    "收支总预算变动": "社保业务信息系统省级集中，配套建设和数据迁移的项目预算增加",
    "财政拨款收支变动": "社保业务信息系统省级集中，配套建设和数据迁移的项目预算增加",
    "一般公共预算支出变动": "社保业务信息系统省级集中，配套建设和数据迁移的项目预算增加",
    "比上年执行数变动": "上年部分信息化项目未达到付款条件，本年安排尾款和新增建设内容",
    "公务接待费变动": "压减公务接待",
}
BUDGET_PURPOSES = {
    "2080108": "人社信息系统的建设、改造和软硬件购置",
    "2080150": "在职人员工资福利和日常公用经费",
    "2080199": "信息系统和机房的日常运行维护",
}

SAVED = "厉行节约，倡导绿色出行，公务用车出车次数减少"
CENTRAL = "社保业务信息系统实现省级集中，本级信息化建设项目减少"
REASONS = {
    "收支总计变动": f"一是{CENTRAL}；二是部分项目招标后的合同金额低于预算金额，节约了财政资金",
    "财政拨款收支变动": CENTRAL,
    "一般公共预算收入变动": f"一是{CENTRAL}；二是部分项目招标后的合同金额低于预算金额，当年拨款相应减少",
    "一般公共预算支出变动": f"一是{CENTRAL}；二是部分项目招标后的合同金额低于预算金额，节约了财政资金",
    "三公经费预决算差异": SAVED,
    "三公经费变动": SAVED,
    "公务用车费预决算差异": SAVED,
    "公务用车费变动": SAVED,
    "公务接待费预决算差异": "本年度没有发生公务接待",
    "2080108:预决算差异": "部分项目已完成立项并提交实施方案，当年尚未达到付款条件，未形成支出",
    "2080150:预决算差异": "人员调整，基本支出略有节余",
    "2080199:预决算差异": "部分运行维护工作的实际花费低于预算，资金有节余",
    "2080502:预决算差异": "退休人员待遇调整，部分待遇改由养老保险基金支付",
    "2080505:预决算差异": "养老保险缴费基数调整",
    "2080506:预决算差异": "职业年金由事业运行经费列支，本科目当年没有支出",
    "2101102:预决算差异": "医疗保险缴费基数调整",
    "2101199:预决算差异": "医疗补助按实际发生额支付",
    "2210201:预决算差异": "年中人员退休，缴存人数减少",
}
TEXTS = {
    "主要职能": "负责全市人力资源和社会保障信息系统的建设、运行维护和安全保障；负责数据中心和灾备体系的建设与管理；"
    "负责全市社会保障卡的发行和日常管理；负责与上级及相关部门的接口和数据共享；完成上级交办的其他工作。",
    "机构设置": "内设办公室、社保卡管理中心、人力资源信息管理科、社保信息科、医疗结算信息科、系统网络科6个机构。",
    "重点工作概述": "2022年，信息中心围绕年度目标，重点推进社会保障卡发行、省级集中系统上线、便民服务和信息安全四个方面的工作，均按计划完成。",
    "绩效管理工作": "自评遵循科学规范、分级分类、绩效相关的原则，对照年初批复的绩效目标逐项评分",
    "整体自评结果": "各项产出和效益指标达到年初目标，预算执行率偏低是主要扣分原因",
    "绩效结果应用": "1. 编报项目预算前做好摸底调研，合理确定工作目标，加强全过程监管。\n"
    "2. 优化绩效指标设置，提高指标与实际工作的关联度。\n3. 将评价结果与下年度预算安排挂钩，压减低效支出。",
    "运维用途": "公务用车的维修和保险",
    "其他用车用途": "日常公务出行",
}
DEVIATION = (
    "预算执行率存在偏差：一是部分项目通过公开招标实施，中标金额低于预算金额；"
    "二是部分信息化项目当年完成立项和方案编制，尚未达到付款条件。"
)
IMPROVEMENT = "加强项目前期论证，按进度编制预算；对执行进度实行动态监控，及时调整预算和绩效目标。"
FACTS = {
    "表9!金额!5": 30000, "表9!金额!6": 7000, "表9!金额!11": 11600,
    "三公明细!保有量!数": 1, "三公明细!维修费!数": 9400, "三公明细!保险费!数": 2200,
    "采购!货物!数": 4634500, "采购!服务!数": 2635600, "采购!中小企业!数": 7270100, "采购!小微企业!数": 2031300,
    "采购!货物中小!数": 4634500, "采购!服务中小!数": 2635600,
    "资产!其他用车!数": 1, "资产!百万设备!数": 5,
}
LAST_YEAR = {
    "表9!金额!11": 19500, "表1!31!1": 21034200, "表4!32!1": 21034200, "表4!1!1": 21034200, "表5!合计!1": 21034200,
}
EFFECTIVE, PROMOTED = ("加强“智慧人社”便民服务应用推广", "有效加强"), ("继续推动“一卡通”应用", "有效推动")
ONLINE = ("推动社保经办服务事项“网上办”", "有效推动")
OUTPUT, BENEFIT = "产出指标", "效益指标"
INDICATORS: dict[str, list[tuple[str, str, str, int, str]]] = {
    "整体支出": [
        (OUTPUT, "数量指标", "社保自助查询打印等业务年处理量", 10, "30万笔"),
        (OUTPUT, "数量指标", "社保卡持卡人数", 10, "985万人"),
        (OUTPUT, "质量指标", "机房稳定运行时间", 5, "7*24小时"),
        (OUTPUT, "质量指标", "设备、系统验收合格率", 5, "95%以上"),
        (OUTPUT, "时效指标", "故障及时处理时效", 10, "2小时内"),
        (BENEFIT, "社会效益指标", EFFECTIVE[0], 10, EFFECTIVE[1]),
        (BENEFIT, "社会效益指标", PROMOTED[0], 10, PROMOTED[1]),
        (BENEFIT, "社会效益指标", ONLINE[0], 10, ONLINE[1]),
        (BENEFIT, "服务对象满意度指标", "服务对象满意度", 10, "90%"),
    ],
    BUILDING: [
        (OUTPUT, "数量指标", "查询打印社保业务数量", 10, "30万笔"),
        (OUTPUT, "数量指标", "服务市民数", 10, ">1000万人"),
        (OUTPUT, "质量指标", "系统数据完整可靠程度", 10, "100%"),
        (OUTPUT, "时效指标", "为社保经办机构提供实时查询打印数据服务", 10, "24小时不间断"),
        (BENEFIT, "社会效益指标", PROMOTED[0], 15, PROMOTED[1]),
        (BENEFIT, "社会效益指标", EFFECTIVE[0], 15, EFFECTIVE[1]),
        (BENEFIT, "社会效益指标", ONLINE[0], 10, ONLINE[1]),
    ],
    RUNNING: [
        (OUTPUT, "数量指标", "月均发送短信量", 10, "11万条"),
        (OUTPUT, "数量指标", "持社保卡人数", 10, "985万人"),
        (OUTPUT, "质量指标", "全年正常运行时间占比", 10, "99%"),
        (OUTPUT, "时效指标", "机房故障处理时效", 10, "2小时内"),
        (BENEFIT, "社会效益指标", EFFECTIVE[0], 15, EFFECTIVE[1]),
        (BENEFIT, "社会效益指标", "推动“互联网+人社”发展", 15, "有效推动"),
        (BENEFIT, "服务对象满意度指标", "服务对象满意度", 10, "90%"),
    ],
}
ATTRIBUTES = (("项目类别", "部门预算项目"), ("项目属性", "持续性项目"), ("项目类型", "常年性项目"))
GOALS = (
    "保障人社信息系统机房全年不间断稳定运行",
    "保障人社信息系统正常运行，推动“互联网+人社”发展",
    "保障全市社会保障卡的发行和日常管理",
)
KEY_WORK = [
    KeyWork(
        "社会保障卡发行",
        "1. 有效持卡人数1110万。\n2. 电子社保卡申领人口覆盖率46%。",
        "年末全市有效持卡人数1110.71万，电子社保卡申领人口覆盖率61.5%，均完成年度目标；合作银行服务网点达到810家。",
    ),
    KeyWork(
        "省级集中系统上线",
        "完成数据清理和业务专网带宽扩容，配合省级集中系统上线，业务平稳过渡。",
        "清理各类数据约190亿条，完成接口改造、电子档案系统建设和专网扩容，系统按期上线，全年业务运行平稳。",
    ),
    KeyWork(
        "便民服务",
        "1. 提高线上服务应用率。\n2. 更新政务自助服务一体机。\n3. 社保卡业务下沉到街道。",
        "线上服务平台日均访问超过36万人次；500余台自助服务一体机更新上线，开通27项服务；173个街道政务服务中心可办理社保卡业务。",
    ),
    KeyWork("信息安全", "完成网络安全体系加固和信息系统等级保护测评。", "网络安全加固和等级保护测评按期完成，通过上级各项检查。"),
]


def _address(text: str, period: str = "本年") -> Address:
    form, row, column = text.split("!")
    return Address(form, row, column, "上年" if period == "上年" else "本年")


def _facts(values: dict[str, int], period: str = "本年") -> list[Fact]:
    return [Fact(_address(text, period), Figure(Decimal(value))) for text, value in values.items()]


def entries() -> tuple[list[Entry], list[Entry]]:
    """The year's entries as a ledger knows them, and the approved budget."""
    spent = [
        Entry("支出", GENERAL, Decimal(amount), "基本支出", function, economy)
        for function, amounts in BASIC.items()
        for economy, amount in amounts.items()
    ]
    spent += [
        Entry("支出", GENERAL, Decimal(amount), "项目支出", function, economy, project)
        for function, (project, amounts) in PROJECTS.items()
        for economy, amount in amounts.items()
    ]
    received: dict[str, Decimal] = {}
    for entry in spent:
        received[entry.function] = received.get(entry.function, Decimal(0)) + entry.amount
    earned = [Entry("收入", GENERAL, amount, function=function) for function, amount in received.items()]
    budget = [
        Entry("支出", GENERAL, Decimal(amount), _nature(function), function, period="年初预算")
        for function, amount in BUDGET.items()
    ]
    return earned + spent, budget


def _nature(function: str) -> str:
    return "项目支出" if function in PROJECTS else "基本支出"


def by_sheet(ledger: list[Entry]) -> list[Entry]:
    """The ledger's entries as the full workbook asks for them: by function, and basic ones by economic code too."""
    functions: dict[tuple[str, str, str], Decimal] = {}
    economies: dict[str, Decimal] = {}
    for entry in ledger:
        key = (entry.record, entry.nature, entry.function)
        functions[key] = functions.get(key, Decimal(0)) + entry.amount
        if entry.nature == "基本支出":
            economies[entry.economy] = economies.get(entry.economy, Decimal(0)) + entry.amount
    return [
        *(Entry(record, GENERAL, amount, nature, function) for (record, nature, function), amount in functions.items()),
        *(Entry("支出", GENERAL, amount, "基本支出", economy=code) for code, amount in sorted(economies.items())),
    ]


def gathered(accounts: list[Entry]) -> Gathered:
    """Everything that the unit fills in, with the entries given."""
    outlay = {function: sum(amounts.values()) for function, (_, amounts) in PROJECTS.items()}
    projects = [
        Project(
            BUILDING, "2080108", Decimal(BUDGET["2080108"]), Decimal(outlay["2080108"]), Decimal(BUDGET["2080108"]),
            results=("如期完成部、省两级社会保险信息系统的对接", "完成网络安全加固和等级保护测评", "扩大人社公共服务的线上应用"),
            outputs=("查询打印社保业务30万笔", "服务市民超过1000万人"),
            problems=DEVIATION, improvement=IMPROVEMENT,
        ),
        Project(
            RUNNING, "2080199", Decimal(BUDGET["2080199"]), Decimal(outlay["2080199"]), Decimal(BUDGET["2080199"]),
            results=("保障信息系统日常稳定运行", "推广政务自助服务", "完成社保卡业务下沉的认领和培训"),
            outputs=("月均发送短信11万条", "持社保卡人数985万人"),
            problems="部分运行维护工作的实际花费低于预算，资金有节余。",
            improvement="按季度分析执行进度，及时调整预算和绩效目标。",
        ),
    ]
    short = "部分运行维护工作的实际花费低于预算，资金有节余。"
    return Gathered(
        unit=UNIT,
        year=2022,
        entries=accounts,
        facts=_facts(FACTS) + _facts(LAST_YEAR, "上年"),
        texts={**TEXTS, **REASONS},
        dates={"published": "2023-10-25"},
        projects=projects,
        attributes={BUILDING: ATTRIBUTES, RUNNING: ATTRIBUTES},
        sheets=[
            SheetText("整体支出", "2023-05-20", goals=GOALS, deviation=DEVIATION, improvement=IMPROVEMENT),
            SheetText(BUILDING, "2023-05-20", deviation=DEVIATION, improvement=IMPROVEMENT),
            SheetText(RUNNING, "2023-05-20", deviation=short, improvement="按季度分析执行进度，及时调整预算和绩效目标。"),
        ],
        indicators=[
            (subject, Indicator(level1, level2, name, Decimal(weight), target, target))
            for subject, rows in INDICATORS.items()
            for level1, level2, name, weight, target in rows
        ],
        key_work=KEY_WORK,
    )


def budget_entries() -> list[Entry]:
    """The approved budget as the budget management system has it: income, and expenditure by item and economic code."""
    named = {function: project for function, (project, _) in PROJECTS.items()}
    earned = [Entry("收入", GENERAL, Decimal(amount), function=function) for function, amount in BUDGET.items()]
    basic = [
        Entry("支出", GENERAL, Decimal(amount), "基本支出", function, economy)
        for function, amounts in BUDGET_BY_ECONOMY.items()
        for economy, amount in amounts.items()
    ]
    projects = [
        Entry("支出", GENERAL, Decimal(BUDGET[function]), "项目支出", function, project=project)
        for function, project in named.items()
    ]
    return earned + basic + projects


def budget_gathered(entries_filled: list[Entry]) -> Gathered:
    """What the unit fills in for its budget besides the rows of the budget management system."""
    return Gathered(
        unit=UNIT,
        year=2022,
        entries=entries_filled,
        facts=[
            *_facts(BUDGET_FACTS),
            *_facts(BUDGET_LAST_YEAR, "上年"),
            Fact(Address("预5", "合计", "1", "上年执行"), Figure(Decimal(LAST_YEAR["表5!合计!1"]))),
        ],
        texts={
            "主要职能": TEXTS["主要职能"],
            "机构设置": TEXTS["机构设置"],
            **BUDGET_REASONS,
            **{f"{function}:主要用于": text for function, text in BUDGET_PURPOSES.items()},
        },
        dates={"published": "2022-02-15"},
        projects=[Project(name, code, Decimal(BUDGET[code]), Decimal(0)) for code, (name, _) in PROJECTS.items()],
        attributes={BUILDING: ATTRIBUTES, RUNNING: ATTRIBUTES},
        sheets=[
            SheetText("整体支出", goals=GOALS),
            SheetText(BUILDING, goals=("完成人社信息系统省级集中的配套建设", "扩大人社公共服务的线上应用")),
            SheetText(RUNNING, goals=("保障人社信息系统和机房全年稳定运行",)),
        ],
        indicators=[
            (subject, Indicator(level1, level2, name, Decimal(weight), target, ""))
            for subject, rows in INDICATORS.items()
            for level1, level2, name, weight, target in rows
        ],
    )


def write_budget_ledger(path: Path) -> None:
    """The rows of the approved budget as the budget management system exports them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(
            ["单位编码", "收支类别", "资金性质", "EXP_FUNC_CODE", "DEP_BGT_ECO_CODE", "支出性质", "项目名称", "批复金额"]
        )
        for entry in budget_entries():
            record = "收入预算" if entry.record == "收入" else "支出预算"
            writer.writerow(
                [UNIT.code, record, entry.source, entry.function, entry.economy, entry.nature, entry.project,
                 f"{entry.amount:.2f}"]
            )


def write_ledger(path: Path, ledger: list[Entry]) -> None:
    """The ledger as the budget management system exports it: one row for each month."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(
            ["单位编码", "收支类别", "资金来源", "EXP_FUNC_CODE", "DEP_BGT_ECO_CODE", "支出性质", "项目名称", "月份", "金额"]
        )
        for entry in ledger:
            months = 12 if entry.nature == "基本支出" or entry.record == "收入" else 4
            share = (entry.amount / months).quantize(Decimal("0.01"))
            for month in range(1, months + 1):
                amount = share if month < months else entry.amount - share * (months - 1)
                when = month if months == 12 else month * 3
                writer.writerow(
                    [UNIT.code, entry.record, entry.source, entry.function, entry.economy, entry.nature, entry.project,
                     when, f"{amount:.2f}"]
                )


def main() -> None:
    """Writes ledger.csv with its companion workbook.xlsx, whole/workbook.xlsx, which needs no ledger, and the budget."""
    statute = load_statute("wuhan-2022")
    ledger, budget = entries()
    write_ledger(HERE / "ledger.csv", ledger)
    write_workbook(HERE / "workbook.xlsx", statute, ledger=True, filled=gathered(budget))
    (HERE / "whole").mkdir(exist_ok=True)
    (HERE / "budget").mkdir(exist_ok=True)
    write_budget_ledger(HERE / "budget" / "ledger.csv")
    law = load_statute("budget-unit", 2022)
    write_workbook(HERE / "budget" / "workbook.xlsx", law, ledger=True, filled=budget_gathered([]))
    write_workbook(HERE / "whole" / "workbook.xlsx", statute, filled=gathered(by_sheet(ledger) + budget))


if __name__ == "__main__":
    main()
