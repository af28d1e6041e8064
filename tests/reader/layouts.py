"""One sound account printed in the many layouts of places, years and programs, with what each of them prints.

A layout is a handful of choices; `pages` prints the tables of a compiled account in it and says which amount stands at
which address; `layout_files.write` puts them into a file of a format. Nothing here uses the publisher.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from hypothesis import strategies as st

from juesuan.account import Account, Address
from juesuan.statute import Column, Form, FormBlock, Statute, lines

UNIT = "示例市某某中心"
WAN = Decimal(10000)
TITLES = {
    "表1": ("收入支出决算总表", "收支决算总表", "收入支出决算表"),
    "表2": ("收入决算表", "收入决算总表"),
    "表3": ("支出决算表", "支出决算总表"),
    "表4": ("财政拨款收入支出决算总表", "财政拨款收支决算总表", "财政拨款收入支出决算表"),
    "表5": ("一般公共预算财政拨款支出决算表", "一般公共预算财政拨款收入支出决算表"),
    "表6": ("一般公共预算财政拨款基本支出决算明细表", "一般公共预算财政拨款基本支出决算表"),
    "表7": ("政府性基金预算财政拨款收入支出决算表",),
    "表8": ("国有资本经营预算财政拨款支出决算表",),
    "表9": ("财政拨款“三公”经费支出决算表", "一般公共预算财政拨款“三公”经费支出决算表"),
}
OTHER_HEADS = {
    "本年收入合计": "合计",
    "附属单位上缴收入": "附属单位缴款",
    "年初结转和结余": "年初结转结余",
    "小计": "合计",
}
OTHER_LABELS = {
    "一般公共预算财政拨款收入": "一般公共预算拨款收入",
    "使用非财政拨款结余": "使用非财政拨款结余（含专用结余）",
}
BEFORE = ("", "预算单位", "部门", "本级", "某某区", "示例市某某中心", "表{n} ", "{n}、")
BEHIND = ("", "（汇总）", "（公开）", "（续）", "情况", "（一）")
"""What places print before and behind a title."""

Grid = list[list[str]]


@dataclass(frozen=True)
class Layout:
    """The choices that make a layout; the first of each is the national one."""

    file: str = "html"
    codes: str = "one"
    total: str = "first"
    unit: str = "万元"
    grouping: bool = False
    trim: bool = False
    blank: str = ""
    numbers: str = "declared"
    counted: bool = True
    title: str = "above"
    other_words: bool = False
    outings: str = "across"
    economic: str = "blocks"
    parts: bool = False
    spare: bool = False
    only_filled: bool = False
    which: int = 0
    spans: str = "kept"
    words: tuple[str, str] = ("", "")
    mixed_columns: bool = False
    mixed_tables: bool = False
    split_heads: bool = False
    lost_zeros: bool = False


def layouts() -> st.SearchStrategy[Layout]:
    """Every layout, the national one first."""
    return st.builds(
        Layout,
        file=st.sampled_from(("html", "md", "xlsx", "txt")),
        codes=st.sampled_from(("one", "three", "named")),
        total=st.sampled_from(("first", "last")),
        unit=st.sampled_from(("万元", "元")),
        grouping=st.booleans(),
        trim=st.booleans(),
        blank=st.sampled_from(("", "-", "0", "0.00", "—", "--")),
        numbers=st.sampled_from(("declared", "none", "counted")),
        counted=st.booleans(),
        title=st.sampled_from(("above", "inside")),
        other_words=st.booleans(),
        outings=st.sampled_from(("across", "down", "crossed", "paired")),
        economic=st.sampled_from(("blocks", "list", "split")),
        parts=st.booleans(),
        spare=st.booleans(),
        only_filled=st.booleans(),
        which=st.integers(0, 2),
        spans=st.sampled_from(("kept", "repeated", "lost")),
        words=st.tuples(st.sampled_from(BEFORE), st.sampled_from(BEHIND)),
        mixed_columns=st.booleans(),
        mixed_tables=st.booleans(),
        split_heads=st.booleans(),
        lost_zeros=st.booleans(),
    )


@dataclass
class Page:
    """A table as it is printed: its title, the lines of its headings, its lines, and where which amount stands."""

    title: str
    heads: Grid
    body: Grid
    places: dict[Address, tuple[int, int]] = field(default_factory=dict)
    """Line of the body and column of each amount that is printed."""


class Printer:
    """Prints the tables of one account in one layout."""

    def __init__(self, account: Account, statute: Statute, layout: Layout) -> None:
        self.account, self.statute, self.layout = account, statute, layout

    def pages(self) -> Iterator[Page]:
        forms = list(self.statute.published)
        if self.layout.mixed_tables:
            Random(self.layout.which).shuffle(forms)
        for form in forms:
            if not any(True for _ in self.account.of_form(form.key)):
                continue
            if form.key == "表9":
                yield self.outings(form)
            elif form.is_tree:
                yield self.tree(form)
            elif form.classification:
                yield self.economic(form)
            else:
                yield self.fixed(form)

    def title(self, form: Form) -> str:
        titles = TITLES[form.key]
        title = titles[self.layout.which % len(titles)]
        before, behind = self.layout.words
        if behind == "情况":
            title, behind = title.removesuffix("表").replace("总", "总体") + "情况表", ""
        return before.format(n=form.key[-1]) + title + behind

    def amount(self, address: Address) -> str:
        """An amount as the layout prints it; blank for none."""
        fact = self.account.get(address)
        return self.number(fact.figure.value) if fact and fact.figure.value else self.layout.blank

    def number(self, value: Decimal) -> str:
        scaled = value / WAN if self.layout.unit == "万元" else value
        rounded = scaled.quantize(Decimal("0.01"), ROUND_HALF_UP)
        text = f"{rounded:,.2f}" if self.layout.grouping else f"{rounded:.2f}"
        return text.rstrip("0").rstrip(".") if self.layout.trim else text

    def head(self, text: str) -> str:
        return OTHER_HEADS.get(text, text) if self.layout.other_words else text

    def label(self, text: str) -> str:
        for plain, other in OTHER_LABELS.items():
            if self.layout.other_words and text.endswith(plain):
                return text.replace(plain, other)
        return text

    def put(self, page: Page, line: int, column: int, address: Address) -> None:
        page.body[line][column] = self.amount(address)
        if self.account.get(address) is not None:
            page.places[address] = (line, column)

    def columns(self, block: FormBlock) -> list[Column]:
        """The columns of a table of the classification, the total first, the others in any order."""
        first, *others = block.columns
        if self.layout.mixed_columns and all(len(column.heads) == 1 for column in block.columns):
            Random(self.layout.which + 7).shuffle(others)
        return [first, *others]

    def tree(self, form: Form) -> Page:
        block = form.blocks[0]
        columns = self.columns(block)
        stubs = {"one": ["科目编码", "科目名称"], "three": ["类", "款", "项", "科目名称"], "named": ["项目"]}[
            self.layout.codes
        ]
        above = {"one": "项目", "three": "功能分类科目编码", "named": "项目"}[self.layout.codes]
        depth = max(len(column.heads) for column in columns)
        heads = [
            [above if level < depth - 1 and self.layout.codes != "named" else stub for stub in stubs]
            for level in range(depth)
        ]
        if self.layout.codes == "three":
            heads = [
                ["功能分类科目编码" if stub != "科目名称" and level < depth - 1 else stub for stub in stubs]
                for level in range(depth)
            ]
        for column in columns:
            for level in range(depth):
                heads[level].append(self.head(column.heads[min(level, len(column.heads) - 1)]))
        if self.layout.counted:
            heads.append(
                ["栏次" if n == len(stubs) - 1 else "" for n in range(len(stubs))]
                + [str(n + 1) for n in range(len(columns))]
            )
        rows = lines(self.account, self.statute, form.key)
        if self.layout.total == "last":
            rows = [*rows[1:], rows[0]]
        page = Page(self.title(form), heads, [])
        for row in rows:
            page.body.append([*self.stubs(row, form), *[""] * len(columns)])
            for n, column in enumerate(columns):
                self.put(page, len(page.body) - 1, len(stubs) + n, Address(form.key, row, column.key))
        return page

    def stubs(self, row: str, form: Form) -> list[str]:
        name = (
            ""
            if row == "合计"
            else self.statute.codes(form.classification or "功能分类").name(row, self.statute.year)
        )
        if self.layout.codes == "one":
            return ["", "合计"] if row == "合计" else [row, name]
        if self.layout.codes == "named":
            return ["合计" if row == "合计" else f"[{row}]{name}"]
        if row == "合计":
            return ["合计", "合计", "合计", "合计"] if self.layout.file != "md" else ["", "", "", "合计"]
        below = [part.lstrip("0") or part if self.layout.lost_zeros else part for part in (row[3:5], row[5:7])]
        return [row[:3], *below, name]

    def fixed(self, form: Form) -> Page:
        numbered = self.layout.numbers != "none"
        parts = [self.block(form, block, numbered) for block in form.blocks]
        depth = max(len(heads) for heads, _, _ in parts)
        height = max(len(body) for _, body, _ in parts)
        page = Page(self.title(form), [[] for _ in range(depth)], [[] for _ in range(height)])
        for heads, body, places in parts:
            left = len(page.heads[0])
            width = len(heads[0])
            for level in range(depth):
                page.heads[level].extend(heads[min(level, len(heads) - 1)])
            for number in range(height):
                page.body[number].extend(body[number] if number < len(body) else [""] * width)
            page.places.update({address: (line, left + place) for address, (line, place) in places.items()})
        above: list[str] = []
        for (heads, _, _), block in zip(parts, form.blocks, strict=True):
            above.extend([block.head] * len(heads[0]))
        page.heads.insert(0, above)
        return page

    def block(
        self, form: Form, block: FormBlock, numbered: bool
    ) -> tuple[Grid, Grid, dict[Address, tuple[int, int]]]:
        stubs = ["项目", "行次"] if numbered else ["项目"]
        depth = max(len(column.heads) for column in block.columns)
        heads = [
            [*stubs, *(column.heads[min(level, len(column.heads) - 1)] for column in block.columns)]
            for level in range(depth)
        ]
        body: Grid = []
        places: dict[Address, tuple[int, int]] = {}
        rows = block.rows
        if self.layout.only_filled:
            keys = {fact.address.row for fact in self.account.of_form(form.key)}
            rows = tuple(row for row in rows if row.line in keys)
        for row in rows:
            number = {"declared": row.number, "counted": str(len(body) + 1)}.get(self.layout.numbers, "")
            label = row.label or (row.reads[0] if row.reads else "")
            body.append([self.label(label), *([number] if numbered else []), *[""] * len(block.columns)])
            for n, column in enumerate(block.columns):
                address = Address(form.key, row.line, column.key)
                if label:
                    body[-1][len(stubs) + n] = self.amount(address)
                if self.account.get(address) is not None:
                    places[address] = (len(body) - 1, len(stubs) + n)
        return heads, body, places

    def economic(self, form: Form) -> Page:
        column = next(iter(form.columns))
        rows = lines(self.account, self.statute, form.key)
        staff = [row for row in rows if row[:3] in ("301", "303")]
        office = [row for row in rows if row not in staff]
        closing = [total.key for total in form.totals]
        name = self.statute.economic.name
        year = self.statute.year
        if self.layout.economic == "blocks":
            page = Page(
                self.title(form),
                [["人员经费"] * 3 + ["公用经费"] * 3, ["科目编码", "科目名称", "决算数"] * 2],
                [],
            )
            for n in range(max(len(staff), len(office))):
                page.body.append([""] * 6)
                for left, part in ((0, staff), (3, office)):
                    if n < len(part):
                        page.body[n][left : left + 2] = [part[n], name(part[n], year)]
                        self.put(page, n, left + 2, Address(form.key, part[n], column))
            page.body.append([closing[0], closing[0], "", closing[1], closing[1], ""])
            self.put(page, len(page.body) - 1, 2, Address(form.key, closing[0], column))
            self.put(page, len(page.body) - 1, 5, Address(form.key, closing[1], column))
            return page
        if self.layout.economic == "list":
            page = Page(self.title(form), [["经济分类科目编码", "科目名称", "金额"]], [])
            for part, total in ((staff, closing[0]), (office, closing[1])):
                for row in part:
                    page.body.append([row, name(row, year), ""])
                    self.put(page, len(page.body) - 1, 2, Address(form.key, row, column))
                page.body.append(["", total, ""])
                self.put(page, len(page.body) - 1, 2, Address(form.key, total, column))
            return page
        page = Page(self.title(form), [["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"]], [])
        for row in rows:
            page.body.append([row, name(row, year), "", self.layout.blank, self.layout.blank])
            self.put(page, len(page.body) - 1, 2, Address(form.key, row, column))
            page.body[-1][3 if row in staff else 4] = page.body[-1][2]
        whole = sum((self.account.amount(Address(form.key, key, column)) for key in closing), Decimal(0))
        page.body.append(["", "合计", self.number(whole), "", ""])
        self.put(page, len(page.body) - 1, 3, Address(form.key, closing[0], column))
        self.put(page, len(page.body) - 1, 4, Address(form.key, closing[1], column))
        return page

    def outings(self, form: Form) -> Page:
        row = next(iter(form.rows))
        columns = form.blocks[0].columns
        budget, outcome = columns[:6], columns[6:]
        if self.layout.outings == "across":
            depth = 3
            heads = [
                [column.heads[min(level, len(column.heads) - 1)] for column in columns]
                for level in range(depth)
            ]
            page = Page(self.title(form), heads, [[""] * 12])
            if self.layout.counted:
                page.heads.append([str(n + 1) for n in range(12)])
            for n, column in enumerate(columns):
                self.put(page, 0, n, Address(form.key, row, column.key))
            return page
        if self.layout.outings == "crossed":
            heads = [
                ["项目", *(column.heads[min(level, len(column.heads) - 1)] for column in budget)]
                for level in (1, 2)
            ]
            page = Page(self.title(form), heads, [["预算数", *[""] * 6], ["决算数", *[""] * 6]])
            for line, part in enumerate((budget, outcome)):
                for n, column in enumerate(part):
                    self.put(page, line, n + 1, Address(form.key, row, column.key))
            return page
        labels = [
            "合计",
            "1．因公出国（境）费",
            "2．公务用车购置及运行维护费",
            "（1）公务用车购置费",
            "（2）公务用车运行维护费",
            "3．公务接待费",
        ]
        if self.layout.outings == "down":
            page = Page(self.title(form), [["项目", "行次", "预算数", "决算数"]], [])
            for n, label in enumerate(labels):
                page.body.append([label, str(n + 1), "", ""])
                self.put(page, n, 2, Address(form.key, row, budget[n].key))
                self.put(page, n, 3, Address(form.key, row, outcome[n].key))
            return page
        page = Page(
            self.title(form), [["项目", "预算数", "决算数"] * 2], [["", "", ""] * 2 for _ in range(3)]
        )
        for n, label in enumerate(labels):
            line, left = n % 3, 3 * (n // 3)
            page.body[line][left] = label
            self.put(page, line, left + 1, Address(form.key, row, budget[n].key))
            self.put(page, line, left + 2, Address(form.key, row, outcome[n].key))
        return page


def changed(pages: list[Page], layout: Layout, address: Address, step: Decimal) -> None:
    """Change the one figure at `address` in print by `step` of the layout's unit."""
    for page in pages:
        if address in page.places:
            line, column = page.places[address]
            text = page.body[line][column].replace(",", "")
            page.body[line][column] = f"{Decimal(text) + step:.2f}"


def printed(pages: list[Page], layout: Layout) -> dict[str, Decimal]:
    """Every amount other than nothing that the pages print, in yuan, by its address."""
    scale = WAN if layout.unit == "万元" else Decimal(1)
    found = {}
    for page in pages:
        for address, (line, column) in page.places.items():
            text = page.body[line][column].replace(",", "")
            if text not in ("", "-", "—", "--") and Decimal(text):
                found[str(address)] = Decimal(text) * scale
    return found
