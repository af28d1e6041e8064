"""Random but sound budgets: everything that one fills in for the budget of a year, in the shapes that real ones take.

`budget(shape, seed, statute)` is a plain function, `shapes()` the hypothesis strategy. Sound means that income and what
is carried over pay for the expenditure, fund by fund, and that every reason the law can want is given. What a place's
tables have no column for is left out.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

import msgspec
from hypothesis import strategies as st

from generate import CAPITAL, FISCAL, FUND, GENERAL, OTHER, WORDS
from juesuan.account import Address, Fact, Figure, Indicator, Period, Project, Unit
from juesuan.compiler.entries import Entry, Gathered, SheetText
from juesuan.statute import Statute
from juesuan.statute.clause import placeholders

STAFF = ("30101", "30102", "30103", "30107", "30110", "30301", "30305")
SOCIAL = (("2080505", "30108"), ("2080506", "30109"), ("2210201", "30113"))
"""Items of which the amount usually is that of one economic code."""
OFFICE = ("30201", "30205", "30207", "30211", "30228", "30239", "30299", "31002")
LINES = {GENERAL: ("1", "3"), FUND: ("2", "4"), CAPITAL: ("3", "5")}
"""The line of income of a fund and the column of its expenditure in the summary of the fiscal funds."""
ITEMS = {GENERAL: "预5", FUND: "预6", CAPITAL: "预7"}


class Shape(msgspec.Struct, frozen=True):
    """The shape of a budget; `prior` says how last year's budget and outcome stand to this year's."""

    funds: tuple[str, ...] = FISCAL
    own: bool = True
    items: int = 4
    magnitude: int = 7
    carried: bool = True
    left: bool = True
    prior: str = "different"
    outings: bool = True
    running: bool = True
    goals: bool = True
    social: bool = False
    """Whether pensions and housing are paid by the items and economic codes that are one (2080505 and 30108 …)."""


def shapes(max_items: int = 6) -> st.SearchStrategy[Shape]:
    """Every shape of a budget, the simplest first."""
    return st.builds(
        Shape,
        funds=st.lists(st.sampled_from(FISCAL), unique=True, max_size=3).map(lambda found: tuple(sorted(found))),
        own=st.booleans(),
        items=st.integers(0, max_items),
        magnitude=st.sampled_from((7, 3, 9)),
        carried=st.booleans(),
        left=st.booleans(),
        prior=st.sampled_from(("absent", "same", "different")),
        outings=st.booleans(),
        running=st.booleans(),
        goals=st.booleans(),
        social=st.booleans(),
    )


def budget(shape: Shape, seed: int, statute: Statute, name: str = "示例市某某中心") -> Gathered:
    """The budget of `shape` that `seed` makes, for the year, codes and tables of `statute`."""
    return _Maker(shape, Random(seed), statute, name).gathered()


class _Maker:
    def __init__(self, shape: Shape, random: Random, statute: Statute, name: str) -> None:
        self.shape, self.random, self.statute, self.name = shape, random, statute, name
        codes = [code.code for code in statute.functional.of_year(statute.year) if len(code.code) == 7]
        # Of what usually equals an item of the economic classification nothing is drawn at random.
        self.codes = [code for code in codes if not code.startswith(("22102", "20805", "21011"))]
        leaves = [part.takes for form in statute.published for part in form.leaves() if part.takes]
        self.sources = sorted({s for takes in leaves if takes.record == "收入" for s in takes.sources} - set(FISCAL))
        printed = {c.key for block in statute.forms["预3"].blocks for c in block.columns}
        columns = (c for c in statute.forms["预3"].columns.values() if c.takes and c.key in printed)
        self.natures = [column.takes.natures[0] for column in columns if column.takes]
        self.carries = statute.forms["预1"].printed("上年结转", "1")
        self.entries: list[Entry] = []
        self.facts: list[Fact] = []
        self.projects: list[Project] = []
        self.totals: dict[str, Decimal] = {}
        self.office = Decimal(0)

    def yuan(self) -> Decimal:
        """An amount in fen, of any size below 10^magnitude yuan and no less than what prints as 0.10 万元."""
        digits = self.random.randint(4, max(4, self.shape.magnitude))
        return Decimal(self.random.randint(100_000, 10 ** (digits + 2))).scaleb(-2)

    def state(self, form: str, row: str, column: str, amount: Decimal, period: Period = "本年") -> None:
        if amount or period != "本年":
            self.facts.append(Fact(Address(form, row, column, period), Figure(amount)))

    def gathered(self) -> Gathered:
        for source in (*self.shape.funds, *((OTHER,) if self.shape.own else ())):
            for function in self.chosen(source):
                self.item(source, function)
        if self.shape.social and GENERAL in self.shape.funds:
            for function, economy in SOCIAL:
                self.pension(function, economy)
        self.balance()
        self.outings()
        self.supplements()
        self.last_year()
        subjects = ["整体支出", *(project.name for project in self.projects[:3])] if self.shape.goals else []
        return Gathered(
            unit=Unit(self.name, "100001", supervisor="示例市某某局", offices=("办公室", "业务科")),
            year=self.statute.year,
            entries=self.entries,
            facts=self.facts,
            texts=self.texts(),
            dates={"published": f"{self.statute.year}-02-20"},
            projects=self.projects,
            sheets=[SheetText(subject, goals=("保障运行", "按期完成")) for subject in subjects],
            indicators=[
                (subject, Indicator(one, two, f"{two}完成数", Decimal(weight), f"≥{self.random.randint(2, 99)}个", ""))
                for subject in subjects
                for one, two, weight in (("产出指标", "数量指标", 50), ("效益指标", "社会效益指标", 40))
            ],
        )

    def chosen(self, source: str) -> list[str]:
        found = self.random.sample(self.codes, self.shape.items)
        if source == CAPITAL and found:
            found[0] = next(code for code in self.codes if code.startswith("223"))
        return list(dict.fromkeys(found))

    def item(self, source: str, function: str) -> None:
        natures = self.random.sample(["基本支出", "项目支出"], self.random.randint(1, 2))
        if source == OTHER and self.random.random() < 0.3:
            natures = [self.random.choice(self.natures)]
        amounts = {nature: self.yuan() for nature in natures}
        for nature, amount in amounts.items():
            self.spend(source, function, nature, amount)
            if source != OTHER and self.shape.prior != "absent":
                before = amount if self.shape.prior == "same" else self.random.choice((self.yuan(), amount * 2, amount))
                self.entries.append(Entry("支出", source, before, nature, function, period="上年执行"))
        spent = sum(amounts.values(), Decimal(0))
        self.totals[source] = self.totals.get(source, Decimal(0)) + spent
        carried = Decimal(0)
        if self.shape.carried and self.carries and self.random.random() < 0.4:
            carried = (spent / 3).quantize(Decimal("0.01"))
            self.entries.append(Entry("年初结转", source, carried, function=function))
        kind = source if source != OTHER else self.random.choice(self.sources)
        self.entries.append(Entry("收入", kind, spent - carried, function=function))

    def pension(self, function: str, economy: str) -> None:
        """An item that is one economic code: what is paid under it is the code's whole amount, this year and last."""
        amount = self.yuan()
        self.totals[GENERAL] = self.totals.get(GENERAL, Decimal(0)) + amount
        self.entries.append(Entry("支出", GENERAL, amount, "基本支出", function, economy))
        self.entries.append(Entry("收入", GENERAL, amount, function=function))
        if self.shape.prior != "absent":
            before = amount if self.shape.prior == "same" else self.yuan()
            self.entries.append(Entry("支出", GENERAL, before, "基本支出", function, period="上年执行"))

    def spend(self, source: str, function: str, nature: str, amount: Decimal) -> None:
        if nature == "项目支出":
            name = f"项目{function}{source[:2]}"
            self.entries.append(Entry("支出", source, amount, nature, function, project=name))
            self.projects.append(Project(name, function, amount, Decimal(0), fund=source))
            return
        staff = (amount / 2).quantize(Decimal("0.01"))
        parts = (("人员经费", staff, STAFF), ("公用经费", amount - staff, OFFICE))
        if nature != "基本支出":
            self.entries.append(Entry("支出", source, amount, nature, function))
            return
        for part, share, codes in parts:
            if not share:
                continue
            if source == GENERAL:
                self.entries.append(Entry("支出", source, share, nature, function, self.random.choice(codes)))
                self.office += share if part == "公用经费" else 0
            else:
                self.entries.append(Entry("支出", source, share, nature, function, part=part))

    def balance(self) -> None:
        """More income than expenditure of the general fund, which is then carried over at the year's end."""
        if not (self.shape.left and self.carries and GENERAL in self.totals):
            return
        function = next(e.function for e in self.entries if (e.record, e.source) == ("收入", GENERAL))
        more = self.yuan()
        self.entries.append(Entry("收入", GENERAL, more, function=function))
        self.state("预1", "年终结转", "2", more)
        self.state("预4", "年终结转", "3", more)

    def outings(self) -> None:
        if not self.shape.outings:
            return
        for column in ("2", "4", "5", "6"):
            amount = self.yuan() if self.random.random() < 0.7 else Decimal(0)
            if column == "4" and amount:
                amount = Decimal(self.random.randint(150_000, 400_000))
                self.state("购置资产", "其他用车", "数", Decimal(1))
            self.state("预9", "金额", column, amount)
            if self.shape.prior != "absent":
                before = amount if self.shape.prior == "same" else self.random.choice((self.yuan(), amount))
                self.state("预9", "金额", column, before, "上年")

    def supplements(self) -> None:
        if not self.shape.running:
            return
        self.state("预9", "金额", "机关", (self.office / 2).quantize(Decimal("0.01")))
        for line in ("货物", "服务"):
            self.state("采购预算", line, "数", self.yuan())
        self.state("采购预算", "预留中小", "数", Decimal(900))
        self.state("采购预算", "预留小微", "数", Decimal(400))
        self.state("占用资产", "其他用车", "数", Decimal(self.random.randint(0, 3)))
        self.state("占用资产", "百万设备", "数", Decimal(self.random.randint(0, 5)))

    def last_year(self) -> None:
        if self.shape.prior == "absent":
            return
        fiscal = {source: self.totals.get(source, Decimal(0)) for source in FISCAL}
        if self.shape.prior == "different":
            fiscal = {source: self.random.choice((self.yuan(), amount)) for source, amount in fiscal.items()}
        whole = sum(fiscal.values(), Decimal(0))
        self.state("预1", "收入总计", "1", whole + self.yuan(), "上年")
        self.state("预4", "收入总计", "1", whole, "上年")
        for source, form in ITEMS.items():
            self.state(form, "合计", "1", fiscal[source], "上年")

    def texts(self) -> dict[str, str]:
        """A text for everything that the profile's clauses can ask for, for every item that occurs."""
        texts = {field.key: "由单位填写的文字。" for field in self.statute.profile.overview}
        functions = sorted({entry.function for entry in self.entries if entry.function and entry.period == "本年"})
        classes = sorted({function[:3] for function in functions})
        for plan in (part for section in self.statute.sections for part in section.paragraphs):
            cases = [case.text for clause in plan.clauses for case in clause.cases]
            names = [name.partition(":") for text in cases for name in placeholders(text)]
            for key in (key for kind, _, key in names if kind in ("理由", "文")):
                codes = classes if "各类行" in plan.each else functions
                where = [f"{code}:{key}" for code in codes] if plan.each else [key]
                texts.update(dict.fromkeys(where, WORDS.get(key, "业务需要")))
        # Ways of saying it that a place leaves to the unit, half of the time.
        wishes = {
            "资产时点": "上年12月31日",
            "机关运行单位": "1家机关",
            "逐项列出绩效项目": "是",
            "绩效目标编报单位": "3个预算单位",
        }
        known = {
            key for _, clause in self.statute.clauses() for case in clause.cases for key in case.has if key in wishes
        }
        for key in sorted(known):
            texts.pop(key, None)
            if self.random.random() < 0.5:
                texts[key] = wishes[key]
        return texts
