"""Synthetic units (合成数据): what a unit of a given kind and size receives, spends and reports, year after year.

Everything follows from the seed: the same seed gives the same unit. A year's opening balances are the closing ones of
the year before, its stated last year's figures are those of that year; basic expenditure by economic code is that by
item.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random

import msgspec

from juesuan.account import ZERO, Address, Fact, Figure, Indicator, Period, Project, Unit, total
from juesuan.compiler import Entry, Gathered, SheetText
from juesuan.statute import Statute, load_evaluation, placeholders

GENERAL, OTHER = "一般公共预算", "其他资金"
FISCAL = (GENERAL, "政府性基金预算", "国有资本经营预算")
SYNTHETIC = "合成数据"
"""Stands in the name of every unit, on every cover and in every file: nobody is to take it for a real account."""

FIELDS = (
    ("教育", ("2050202", "2050203", "2050299"), ("小学", "中学", "幼儿园")),
    ("卫生", ("2100201", "2100399", "2100402"), ("医院", "卫生院", "疾病预防中心")),
    ("人社", ("2080150", "2080108", "2080199"), ("服务中心", "信息中心", "档案中心")),
    ("文旅", ("2070104", "2070109", "2070199"), ("图书馆", "文化馆", "博物馆")),
    ("农业", ("2130104", "2130106", "2130199"), ("技术推广站", "检测中心", "种子站")),
    ("住建", ("2120199", "2120104", "2120501"), ("质量监督站", "服务中心", "管理所")),
)
"""What departments do: their items and what their units are called."""

SOCIAL = (("2080505", "30108", "0.16"), ("2101102", "30110", "0.08"), ("2210201", "30113", "0.12"))
"""Items that every unit has, the economic code they are spent by, and their share of salaries."""

SALARIES = (("30101", "0.42"), ("30102", "0.13"), ("30107", "0.45"))
OFFICE = ("30201", "30205", "30207", "30211", "30228", "30239")

ACTUALS = {"8": "2", "10": "4", "11": "5", "12": "6"}
"""Columns of table 9: what was spent, and its budget."""


class UnitPlan(msgspec.Struct, frozen=True):
    """What stays of a unit from year to year."""

    code: str
    name: str
    field: int
    staff: int
    head: bool
    department: str
    subsidised: bool
    """Whether it receives money from the department's own office and pays some up."""


class UnitYear(msgspec.Struct):
    """A unit's year: what `compile` makes an account of, with the closing balances by source and item."""

    gathered: Gathered
    closing: dict[tuple[str, str], Decimal]


def yuan(value: Decimal | float | int) -> Decimal:
    """An amount in fen."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


class UnitMaker:
    """Makes the years of one unit."""

    def __init__(self, plan: UnitPlan, seed: int) -> None:
        self.plan = plan
        self._seed = seed

    def year(self, statute: Statute, before: UnitYear | None, received: Decimal, paid: Decimal) -> UnitYear:
        """The year of `statute`. `received` is the subsidy from above, `paid` what is paid to the units below."""
        return _YearMaker(self.plan, Random(f"{self._seed}:{self.plan.code}:{statute.year}"), statute, before).made(
            received, paid
        )


class _YearMaker:
    def __init__(self, plan: UnitPlan, random: Random, statute: Statute, before: UnitYear | None) -> None:
        self.plan, self.random, self.statute, self.before = plan, random, statute, before
        self.entries: list[Entry] = []
        self.facts: list[Fact] = []
        self.projects: list[Project] = []
        self.items = FIELDS[plan.field][1]

    def made(self, received: Decimal, paid: Decimal) -> UnitYear:
        self.general()
        self.own(received, paid)
        self.outings()
        self.assets()
        if self.before:
            self.facts.extend(prior_facts(self.before.gathered))
        unit = unit_of(self.plan)
        gathered = gathered_of(unit, self.entries, self.facts, self.projects, self.statute)
        return UnitYear(gathered, closing(self.entries))

    def share(self, low: float, high: float) -> Decimal:
        """A random ratio with four decimals."""
        return Decimal(self.random.randint(int(low * 10000), int(high * 10000))).scaleb(-4)

    def basic(self, function: str, economy: str, amount: Decimal) -> None:
        self.entries.append(Entry("支出", GENERAL, amount, "基本支出", function, economy))

    def general(self) -> None:
        """The general budget: salaries, what goes with them, running costs, projects; and their approved budgets."""
        main = self.items[self.random.randint(0, 0)]
        salaries = yuan(self.plan.staff * 92000 * self.share(0.9, 1.15))
        spent: dict[tuple[str, str], Decimal] = {}
        approved: dict[tuple[str, str], Decimal] = {}
        for economy, share in SALARIES:
            part = yuan(salaries * Decimal(share))
            self.basic(main, economy, part)
            spent[main, "基本支出"] = spent.get((main, "基本支出"), ZERO) + part
        for economy in OFFICE:
            part = yuan(self.plan.staff * self.random.randint(400, 4000) + self.random.randint(0, 99) / 100)
            self.basic(main, economy, part)
            spent[main, "基本支出"] += part
        for function, economy, share in SOCIAL:
            part = yuan(salaries * Decimal(share))
            self.basic(function, economy, part)
            spent[function, "基本支出"] = part
        for number in range(1 + self.plan.staff % 3):
            function = self.items[1 + number % 2]
            outlay = yuan(self.random.randint(3_000_000, 90_000_000) / 100)
            name = f"{FIELDS[self.plan.field][0]}{('业务运行', '设备更新', '专项服务')[number]}"
            budget, initial = yuan(outlay * self.share(1, 1.3)), yuan(outlay * self.share(0.85, 1.1))
            self.entries.append(Entry("支出", GENERAL, outlay, "项目支出", function, project=name))
            spent[function, "项目支出"] = spent.get((function, "项目支出"), ZERO) + outlay
            approved[function, "项目支出"] = approved.get((function, "项目支出"), ZERO) + initial
            self.projects.append(
                Project(name, function, budget, outlay, initial, results=("如期完成",), outputs=("完成年度任务",))
            )
        for key, amount in spent.items():
            # What is approved of an item for projects is what is approved for each of them.
            granted = approved.get(key) or yuan(amount * self.share(0.85, 1.1))
            self.entries.append(Entry("支出", GENERAL, granted, key[1], key[0], period="年初预算"))
        for function in dict.fromkeys(function for function, _ in spent):
            outlay = total(amount for (item, _), amount in spent.items() if item == function)
            self.funded(GENERAL, GENERAL, function, outlay)

    def funded(self, kind: str, source: str, function: str, outlay: Decimal) -> None:
        """Income and opening balance of an item, so that it is never overspent."""
        opening = self.before.closing.get((source, function), ZERO) if self.before else ZERO
        retained = yuan(outlay * self.share(0, 0.06)) if self.random.random() < 0.4 else ZERO
        income = max(ZERO, outlay + retained - opening)
        if income:
            self.entries.append(Entry("收入", kind, income, function=function))
        if opening:
            self.entries.append(Entry("年初结转", source, opening, function=function))

    def own(self, received: Decimal, paid: Decimal) -> None:
        """Money that is not the budget's: fees earned, subsidies received and paid, what is paid up."""
        main = self.items[0]
        earned = yuan(self.plan.staff * self.random.randint(1000, 30000)) if not self.plan.head else ZERO
        spent = ZERO
        if received:
            self.entries.append(Entry("收入", "上级补助收入", received, function=main))
            spent += received
        if paid:
            self.entries.append(Entry("支出", OTHER, paid, "对附属单位补助支出", main))
        if spent + earned:
            self.entries.append(Entry("支出", OTHER, spent + earned, "基本支出", main))
        if earned or paid:
            self.funded("其他收入" if self.plan.head else "事业收入", OTHER, main, earned + paid)
        elif self.before and self.before.closing.get((OTHER, main)):
            self.entries.append(Entry("年初结转", OTHER, self.before.closing[OTHER, main], function=main))

    def state(self, form: str, row: str, column: str, amount: Decimal | int, period: Period = "本年") -> None:
        if amount:
            self.facts.append(Fact(Address(form, row, column, period), Figure(Decimal(amount))))

    def outings(self) -> None:
        """三公: cars to run and guests to feed; with the vehicles and counts behind them."""
        vehicles = max(1, self.plan.staff // 25)
        running = yuan(vehicles * self.random.randint(1_500_000, 3_400_000) / 100)
        repairs = yuan(running * self.share(0.2, 0.5))
        self.state("表9", "金额", "5", yuan(running * self.share(1, 1.3)))
        self.state("表9", "金额", "11", running)
        self.state("三公明细", "维修费", "数", repairs)
        self.state("三公明细", "燃料费", "数", running - repairs)
        guests = yuan(self.random.randint(100_000, 1_200_000) / 100)
        self.state("表9", "金额", "6", yuan(guests * self.share(1, 1.5)))
        self.state("表9", "金额", "12", guests)
        self.state("三公明细", "国内接待费", "数", guests)
        self.state("三公明细", "国内接待批次", "数", self.random.randint(2, 20))
        self.state("三公明细", "国内接待人次", "数", self.random.randint(20, 200))
        self.state("三公明细", "保有量", "数", vehicles)
        self.state("资产", "机要通信用车", "数", vehicles)

    def assets(self) -> None:
        goods = yuan(self.random.randint(1_000_000, 30_000_000) / 100)
        self.state("采购", "货物", "数", goods)
        self.state("采购", "服务", "数", yuan(goods / 3))
        self.state("采购", "中小企业", "数", goods)
        self.state("采购", "小微企业", "数", yuan(goods / 2))
        self.state("采购", "货物中小", "数", goods)


def unit_of(plan: UnitPlan) -> Unit:
    """The unit as its account names it."""
    nature = "行政单位" if plan.head else "事业单位"
    return Unit(plan.name, plan.code, nature, supervisor=plan.department, offices=("办公室", "业务科"))


def gathered_of(
    unit: Unit, entries: list[Entry], facts: list[Fact], projects: list[Project], statute: Statute
) -> Gathered:
    """Everything an account is compiled from, with a text wherever the law can want one."""
    kinds = statute.schemes[statute.profile.scheme]
    done = f"{8 + len(unit.name) % 3}个"
    indicators = [
        Indicator(name, second, f"{name[:-2]}完成数", Decimal(weight), "10个", done, reason=REASON)
        for name, second, weight in WEIGHTS.get(kinds.key, WEIGHTS["national"])
    ]
    funds = load_evaluation().scopes[kinds.execution.scope].sources
    spent = total(
        e.amount for e in entries
        if e.period == "本年" and e.nature in ("基本支出", "项目支出") and (not funds or e.source in funds)
    )  # fmt: skip
    subjects = ["整体支出", *(project.name for project in projects)]
    return Gathered(
        unit=unit,
        year=statute.year,
        entries=entries,
        facts=facts,
        texts=texts(statute, entries),
        dates={"published": f"{statute.year + 1}-09-20"},
        projects=projects,
        sheets=[
            SheetText(
                subject,
                f"{statute.year + 1}-03-01",
                budget=None if place else yuan(spent * Decimal("1.02")),
                outlay=None if place else spent,
                goals=("保障运行",),
                deviation=REASON,
                improvement="改进",
            )
            for place, subject in enumerate(subjects)
        ],
        indicators=[(subject, indicator) for subject in subjects for indicator in indicators],
    )


REASON = "业务量变化"
_OUTPUT, _EFFECT = ("产出指标", "数量指标"), ("效益指标", "社会效益指标")
WEIGHTS = {
    "national": ((*_OUTPUT, 50), (*_EFFECT, 30), ("满意度指标", "服务对象满意度指标", 10)),
    "wuhan": ((*_OUTPUT, 40), (*_EFFECT, 40)),
}


def texts(statute: Statute, entries: Iterable[Entry]) -> dict[str, str]:
    """A text for everything that the profile's clauses can ask for."""
    words = {"预决算差异": "业务量与年初预计不同", "主要用于": "日常业务"}
    found = {field.key: f"本单位为{SYNTHETIC}，由程序生成，不是任何真实单位。" for field in statute.profile.overview}
    functions = sorted({entry.function for entry in entries if entry.function})
    for _, clause in statute.clauses():
        for case in clause.cases:
            for name in placeholders(case.text):
                kind, _, key = name.partition(":")
                if kind in ("理由", "文"):
                    found.setdefault(key, words.get(key, "业务需要"))
                    found.update({f"{function}:{key}": words.get(key, "业务需要") for function in functions})
    for section in statute.sections:
        found.update({p.text: "由程序生成的合成文字。" for p in section.paragraphs if p.text})
    return found


def summed(entries: Iterable[Entry], record: str, sources: Iterable[str] = ()) -> Decimal:
    """The sum of this year's entries of a record, of some sources."""
    wanted = tuple(sources)
    return total(
        e.amount for e in entries if e.record == record and e.period == "本年" and (not wanted or e.source in wanted)
    )


def closing(entries: Iterable[Entry]) -> dict[tuple[str, str], Decimal]:
    """What is left of each source and item."""
    found: dict[tuple[str, str], Decimal] = {}
    for entry in entries:
        if entry.period == "本年":
            source = entry.source if entry.source in FISCAL else OTHER
            sign = -1 if entry.record == "支出" else 1
            found[source, entry.function] = found.get((source, entry.function), ZERO) + sign * entry.amount
    return found


def prior_facts(before: Gathered) -> list[Fact]:
    """The figures of last year that this year's account states."""
    entries = before.entries
    income, opening = summed(entries, "收入"), summed(entries, "年初结转")
    fiscal = summed(entries, "收入", FISCAL) + summed(entries, "年初结转", FISCAL)
    amounts = {
        ("表1", "31", "1"): income + opening,
        ("表4", "32", "1"): fiscal,
        ("表5", "合计", "1"): summed(entries, "支出", (GENERAL,)),
        **{("表4", str(line), "1"): summed(entries, "收入", (fund,)) for line, fund in enumerate(FISCAL, 1)},
    }
    facts = [Fact(Address(*place, "上年"), Figure(amount)) for place, amount in amounts.items()]
    for fact in before.facts:
        if fact.address.form == "表9" and fact.address.column in ACTUALS and fact.address.period == "本年":
            facts.append(Fact(msgspec.structs.replace(fact.address, period="上年"), fact.figure))
    return facts
