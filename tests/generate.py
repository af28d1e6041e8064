"""Random but sound units: everything that one fills in for a year, in every shape that real accounts take.

`unit(options, seed, statute)` is a plain function; `options()` the hypothesis strategy of the shapes. Sound means that
the accounts balance, that basic expenditure by economic code equals that by functional item, and that every reason the
law can want is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random

import msgspec
from hypothesis import strategies as st

from juesuan.account import Address, Fact, Figure, Indicator, KeyWork, Period, Project, Unit
from juesuan.compiler.entries import Entry, Gathered, SheetText
from juesuan.statute import Statute
from juesuan.statute.clause import placeholders

GENERAL, FUND, CAPITAL, OTHER = "一般公共预算", "政府性基金预算", "国有资本经营预算", "其他资金"
FISCAL = (GENERAL, FUND, CAPITAL)
OWN_INCOME = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
OWN_NATURES = ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
ECONOMIC = (
    "30101", "30102", "30103", "30107", "30108", "30109", "30110", "30113", "30199", "30301", "30302", "30305", "30307",
    "30201", "30205", "30207", "30211", "30228", "30239", "30299", "30701", "31002", "31099", "31204", "39999",
)  # fmt: skip
"""Codes of basic expenditure; those that the figures of 三公 bound are left out."""

WORDS = {"预决算差异": "业务量与年初预计不同", "主要用于": "日常业务"}
WEIGHTS = {
    "national": (("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)),
    "wuhan": (("产出指标", 40), ("效益指标", 40)),
}
SECOND_LEVEL = {"产出指标": "数量指标", "效益指标": "社会效益指标", "满意度指标": "服务对象满意度指标"}


class Options(msgspec.Struct, frozen=True):
    """The shape of a unit. `prior` and `budget` say how last year's and the approved figures stand to this year's."""

    funds: tuple[str, ...] = FISCAL
    own: bool = True
    items: int = 6
    magnitude: int = 7
    ledger: bool = True
    openings: bool = True
    deficit: bool = False
    prior: str = "different"
    budget: str = "different"
    outings: str = "within"
    running: bool = True
    projects: bool = True
    named: bool = True
    """Whether the entries name their projects, as a ledger does; a workbook states the source of a project's funds."""


COMPARED = ("absent", "zero", "same", "near", "different")
"""How a figure that this year's is compared with stands to it; near is a few yuan away."""


def options(max_items: int = 12) -> st.SearchStrategy[Options]:
    """Every shape of a unit, the simplest first."""
    return st.builds(
        Options,
        funds=st.lists(st.sampled_from(FISCAL), unique=True, max_size=3).map(lambda found: tuple(sorted(found))),
        own=st.booleans(),
        items=st.integers(0, max_items),
        magnitude=st.sampled_from((7, 2, 5, 9, 11)),
        ledger=st.booleans(),
        openings=st.booleans(),
        deficit=st.booleans(),
        prior=st.sampled_from(COMPARED),
        budget=st.sampled_from(COMPARED),
        outings=st.sampled_from(("none", "within", "unspent", "unplanned")),
        running=st.booleans(),
        projects=st.booleans(),
        named=st.booleans(),
    )


def unit(shape: Options, seed: int, statute: Statute) -> Gathered:
    """The unit of `shape` that `seed` makes, for the year and codes of `statute`."""
    return _Maker(shape, Random(seed), statute).gathered()


class _Maker:
    def __init__(self, shape: Options, random: Random, statute: Statute) -> None:
        self.shape, self.random, self.statute = shape, random, statute
        self.codes = [code.code for code in statute.functional.of_year(statute.year) if len(code.code) == 7]
        self.projects: dict[tuple[str, str], Project] = {}
        self.entries: list[Entry] = []
        self.facts: list[Fact] = []

    def yuan(self, magnitude: int | None = None) -> Decimal:
        """A positive amount in fen, of any size below 10^magnitude yuan."""
        digits = self.random.randint(1, magnitude or self.shape.magnitude)
        return Decimal(self.random.randint(1, 10 ** (digits + 2))).scaleb(-2)

    def gathered(self) -> Gathered:
        for fund in self.shape.funds:
            self.fund(fund)
        if self.shape.own:
            self.fund(OTHER)
        self.outings()
        if self.shape.running:
            self.supplements()
        self.prior_year()
        return Gathered(
            unit=Unit("示例市某某中心", "100001", supervisor="示例市某某局", offices=("办公室", "业务科")),
            year=self.statute.year,
            entries=self.entries,
            facts=[fact for fact in self.facts if fact.figure.value or fact.address.period == "上年"],
            texts=self.texts(),
            dates={"published": f"{self.statute.year + 1}-09-20"},
            projects=list(self.projects.values()),
            sheets=[SheetText("整体支出", goals=("保障运行",), deviation="无", improvement="继续")],
            indicators=[("整体支出", indicator) for indicator in self.indicators()],
            key_work=[KeyWork("平台建设", "建成", "已建成")],
        )

    def chosen(self, fund: str) -> list[str]:
        found = self.random.sample(self.codes, min(self.shape.items, len(self.codes)))
        if fund == CAPITAL and found:
            found[0] = next(code for code in self.codes if code.startswith("223"))
        return list(dict.fromkeys(found))

    def fund(self, source: str) -> None:
        for function in self.chosen(source):
            spent = self.expenditure(source, function)
            self.income(source, function, spent)

    def expenditure(self, source: str, function: str) -> Decimal:
        natures = self.random.sample(OWN_NATURES[:2], self.random.randint(1, 2))
        if source == OTHER and self.random.random() < 0.3:
            natures = [self.random.choice(OWN_NATURES)]
        if not self.shape.projects:
            natures = ["基本支出" if nature == "项目支出" else nature for nature in natures]
        spent = Decimal(0)
        for nature in dict.fromkeys(natures):
            amount = self.yuan()
            spent += amount
            self.spend(source, function, nature, amount)
            if source != OTHER:
                self.approve(source, function, nature, amount)
        return spent

    def spend(self, source: str, function: str, nature: str, amount: Decimal) -> None:
        """Basic expenditure of the general fund goes to several economic codes, as a ledger or as a workbook has it."""
        if nature == "项目支出":
            self.spend_on_projects(source, function, amount)
        elif source != GENERAL or nature != "基本支出":
            self.entries.append(Entry("支出", source, amount, nature, function))
        else:
            parts = self.split(amount)
            economies = self.random.sample(ECONOMIC, len(parts))
            pairs = list(zip(economies, parts, strict=True))
            if self.shape.ledger:
                self.entries.extend(Entry("支出", source, part, nature, function, code) for code, part in pairs)
            else:
                self.entries.append(Entry("支出", source, amount, nature, function))
                self.entries.extend(Entry("支出", source, part, nature, economy=code) for code, part in pairs)

    def split(self, amount: Decimal) -> list[Decimal]:
        fen = int(amount * 100)
        cuts = sorted({self.random.randint(1, fen) for _ in range(self.random.randint(0, 4))} - {fen})
        return [Decimal(b - a).scaleb(-2) for a, b in zip([0, *cuts], [*cuts, fen], strict=True)]

    def spend_on_projects(self, source: str, function: str, amount: Decimal) -> None:
        """One project or two of an item; the same ones whatever pays for them."""
        parts = self.split(amount)[:2] if self.random.random() < 0.5 else [amount]
        parts[-1] += amount - sum(parts)
        for number, part in enumerate(parts):
            name = f"{'示范工程' if number else '项目'}{function}号"
            self.project(source, function, name, part)
            entry = Entry("支出", source, part, "项目支出", function, project=name if self.shape.named else "")
            self.entries.append(entry)

    def project(self, source: str, function: str, name: str, amount: Decimal) -> None:
        fund = "" if self.shape.named else source
        known = self.projects.get((name, fund), Project(name, function, Decimal(0), Decimal(0), fund=fund))
        budget = known.budget + amount + self.random.choice((Decimal(0), self.yuan()))
        self.projects[name, fund] = msgspec.structs.replace(
            known, outlay=known.outlay + amount, budget=budget, results=("如期完成",), outputs=("完成全部任务",)
        )

    def approve(self, source: str, function: str, nature: str, amount: Decimal) -> None:
        approved = self.compared(amount, self.shape.budget)
        if approved:
            self.entries.append(Entry("支出", source, approved, nature, function, period="年初预算"))
        if self.random.random() < 0.1 and self.shape.budget == "different":
            unspent = self.random.choice(self.codes)
            self.entries.append(Entry("支出", source, self.yuan(), nature, unspent, period="年初预算"))

    def compared(self, amount: Decimal, kind: str) -> Decimal:
        if kind in ("absent", "zero"):
            return Decimal(0)
        if kind == "same":
            return amount
        if kind == "near":
            return max(Decimal(0), amount + Decimal(self.random.randint(-99, 99)))
        return self.random.choice((self.yuan(), amount, amount * 2, Decimal(0)))

    def income(self, source: str, function: str, spent: Decimal) -> None:
        """Income so that nothing is overspent: with a deficit the opening balance of the same item pays the rest."""
        if self.shape.deficit:
            opening = spent * self.random.randint(0, 100) / 100
            opening = opening.quantize(Decimal("0.01"))
            income = spent - opening
        else:
            opening = self.yuan() if self.shape.openings and self.random.random() < 0.5 else Decimal(0)
            income = spent + self.random.choice((Decimal(0), self.yuan()))
        kind = source if source != OTHER else self.random.choice(OWN_INCOME)
        if income:
            self.entries.append(Entry("收入", kind, income, function=function))
        if opening:
            self.entries.append(Entry("年初结转", source, opening, function=function))

    def state(self, form: str, row: str, column: str, amount: Decimal, period: Period = "本年") -> None:
        self.facts.append(Fact(Address(form, row, column, period), Figure(amount)))

    def outings(self) -> None:
        """The figures of 三公, last year's, and the counts and details that stand behind them."""
        kind = self.shape.outings
        if kind == "none":
            return
        for budget, actual in (("2", "8"), ("4", "10"), ("5", "11"), ("6", "12")):
            if self.random.random() < 0.3:
                continue
            planned = self.yuan(6)
            spent = Decimal(0) if kind == "unspent" else (planned * self.random.randint(1, 100) / 100)
            spent = spent.quantize(Decimal("0.01"))
            if kind != "unplanned":
                self.state("表9", "金额", budget, planned)
            self.state("表9", "金额", actual, spent)
            self.state("表9", "金额", actual, self.compared(spent, self.shape.prior), "上年")
            if actual == "11" and spent:
                fuel = spent / 2
                self.state("三公明细", "维修费", "数", fuel.quantize(Decimal("0.01")))
                self.state("三公明细", "燃料费", "数", spent - fuel.quantize(Decimal("0.01")))
            if actual == "12" and spent:
                self.state("三公明细", "国内接待费", "数", spent)
                self.state("三公明细", "国内接待批次", "数", Decimal(3))
                self.state("三公明细", "国内接待人次", "数", Decimal(21))
            if actual == "8" and spent:
                self.state("三公明细", "出国团组", "数", Decimal(1))
                self.state("三公明细", "出国人次", "数", Decimal(2))
            if actual == "10" and spent:
                self.state("三公明细", "购置数量", "数", Decimal(1))

    def supplements(self) -> None:
        """Procurement, vehicles and large equipment."""
        goods, services = self.yuan(), self.yuan()
        self.state("采购", "货物", "数", goods)
        self.state("采购", "服务", "数", services)
        self.state("采购", "中小企业", "数", goods)
        self.state("采购", "小微企业", "数", min(goods, Decimal(100)))
        self.state("采购", "货物中小", "数", goods)
        self.state("资产", "机要通信用车", "数", Decimal(2))
        self.state("资产", "其他用车", "数", Decimal(self.random.randint(0, 3)))
        self.state("资产", "百万设备", "数", Decimal(self.random.randint(0, 5)))

    def prior_year(self) -> None:
        if self.shape.prior == "absent":
            return
        own = {fund: self.sum("收入", [fund]) for fund in FISCAL}
        income, opening = self.sum("收入"), self.sum("年初结转")
        fiscal = sum(own.values(), Decimal(0)) + self.sum("年初结转", FISCAL)
        for place, amount in (
            (("表1", "31", "1"), income + opening),
            (("表4", "32", "1"), fiscal),
            (("表5", "合计", "1"), self.sum("支出", [GENERAL])),
            *((("表4", str(line), "1"), own[fund]) for line, fund in enumerate(FISCAL, 1)),
        ):
            self.state(*place, self.compared(amount, self.shape.prior), "上年")

    def sum(self, record: str, sources: Iterable[str] = ()) -> Decimal:
        wanted = tuple(sources)
        return sum(
            (
                entry.amount
                for entry in self.entries
                if entry.record == record
                and entry.period == "本年"
                and (not wanted or entry.source in wanted)
                and (entry.function or not entry.economy)
            ),
            Decimal(0),
        )

    def texts(self) -> dict[str, str]:
        """A text for everything that the profile's clauses can ask for, for every item that occurs."""
        texts = {field.key: "由单位填写的文字" for field in self.statute.profile.overview}
        functions = sorted({entry.function for entry in self.entries if entry.function})
        for _, clause in self.statute.clauses():
            for case in clause.cases:
                for name in placeholders(case.text):
                    kind, _, key = name.partition(":")
                    if kind not in ("理由", "文"):
                        continue
                    texts.setdefault(key, WORDS.get(key, "业务需要"))
                    texts.update({f"{function}:{key}": WORDS.get(key, "业务需要") for function in functions})
        for section in self.statute.sections:
            texts.update({p.text: "由单位填写的文字" for p in section.paragraphs if p.text})
        return texts

    def _count(self, least: int, most: int) -> str:
        return f"{self.random.randint(least, most)}个"

    def indicators(self) -> list[Indicator]:
        weights = WEIGHTS.get(self.statute.profile.scheme, WEIGHTS["national"])
        return [
            Indicator(kind, SECOND_LEVEL[kind], f"{kind}完成数", Decimal(weight), "10个", self._count(5, 12))
            for kind, weight in weights
        ]
