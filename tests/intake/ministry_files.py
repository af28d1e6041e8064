"""The ministry's own sheets (财决各表) as its software exports them, written from an account and its ledger.

Layouts and words are those of the official forms; what the disclosure has no place for (年初预算数 by class, economic
classes of projects) is filled with amounts of our own, so that it can be seen to be listed.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from export_files import UNIT, Layout, Sheet, Value, amount, code_cells

from juesuan.account import Account
from juesuan.statute import Statute, level_of, with_parents

BUDGET, WHOLE = Decimal(32270200), Decimal(20000000)
"""The approved budget, and the adjusted one."""

INCOME = tuple(
    (name, str(number))
    for number, name in enumerate(
        ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"), 1
    )
)
OUTLAY = tuple(
    (name, str(number))
    for number, name in enumerate(
        ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"), 1
    )
)
"""Headings with the columns of the public table."""

OUTLAY_ONLY = ("", "", "1", "2", "3", "")

Spent = dict[tuple[str, str, str], Decimal]
"""Expenditure in yuan by item, economic code and nature."""


def spent_in(ledger: Path) -> Spent:
    """What the example's ledger says was spent."""
    found: Spent = {}
    with ledger.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            if line["收支类别"] == "支出":
                key = (line["EXP_FUNC_CODE"], line["DEP_BGT_ECO_CODE"], line["支出性质"])
                found[key] = found.get(key, Decimal(0)) + Decimal(line["金额"])
    return found


def ministry_sheets(account: Account, statute: Statute, spent: Spent, layout: Layout | None = None) -> list[Sheet]:
    """The sheets of an export, in the order of the software."""
    layout = layout or Layout(codes=3)
    both, basic, project = ("基本支出", "项目支出"), ("基本支出",), ("项目支出",)
    tables: list[tuple[str, str, list[list[Value]]]] = [
        ("Z01 收入支出决算总表", "01", three_blocks(account, statute, layout)),
        ("Z01_1 财政拨款收入支出决算总表", "01-1", fiscal_blocks(account, statute, layout)),
        ("Z03 收入决算表", "03", by_item(account, statute, "表2", INCOME, layout)),
        ("Z04 支出决算表", "04", by_item(account, statute, "表3", OUTLAY, layout)),
        ("Z05 支出决算明细表", "05", details(statute, spent, both, layout)),
        ("Z05_1 基本支出决算明细表", "05-1", details(statute, spent, basic, layout)),
        ("Z05_2 项目支出决算明细表", "05-2", details(statute, spent, project, layout)),
        ("Z06 项目收入支出决算表", "06", projects(account, statute, layout)),
        ("Z07 一般公共预算财政拨款收入支出决算表", "07", by_fund(account, statute, "表5", OUTLAY_ONLY, layout)),
        ("Z08 一般公共预算财政拨款支出决算明细表", "08", details(statute, spent, both, layout)),
        ("Z08_1 一般公共预算财政拨款基本支出决算明细表", "08-1", details(statute, spent, basic, layout)),
        ("Z08_2 一般公共预算财政拨款项目支出决算明细表", "08-2", details(statute, spent, project, layout)),
        ("Z09 政府性基金预算财政拨款收入支出决算表", "09", by_fund(account, statute, "表7", "123456", layout)),
        ("Z10 政府性基金预算财政拨款支出决算明细表", "10", details(statute, {}, both, layout)),
        ("Z11 国有资本经营预算财政拨款收入支出决算表", "11", by_fund(account, statute, "表8", OUTLAY_ONLY, layout)),
        ("Z12 国有资本经营预算财政拨款支出决算明细表", "12", details(statute, {}, both, layout)),
        ("F02 基本数字表", "附02", [["项目", "行次", "年末数"], ["一、年末实有人数", "1", Decimal(42)]]),
        ("F03 机构运行信息表", "附03", running(account, layout)),
    ]
    return [headed(f"{name}(财决{number}表)", f"财决{number}表", lines, layout) for name, number, lines in tables]


def headed(sheet: str, number: str, lines: list[list[Value]], layout: Layout) -> Sheet:
    """The lines under title, number, unit and money."""
    title = sheet.partition(" ")[2].partition("(")[0]
    width = max(map(len, lines))
    blank: list[Value] = [None] * (width - 1)
    top: list[list[Value]] = [
        [title, *blank],
        [*blank, number],
        [f"编制单位：{UNIT}", f"{layout.year}年度", *blank[2:], f"金额单位：{layout.money}"],
    ]
    return Sheet(sheet[:31], [*top, *lines], [(0, 0, 0, width - 1), *merged_heads(lines, len(top))])


def merged_heads(lines: list[list[Value]], first: int) -> list[tuple[int, int, int, int]]:
    """The areas of headings: each reaches to the right over blanks, and down over what is blank below it."""
    depth = next(
        n for n, line in enumerate(lines)
        if any(isinstance(value, Decimal) for value in line) or "栏次" in line or str(line[0])[:2] in ("合计", "一、")
    )  # fmt: skip
    found: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    for row in range(depth):
        for column, value in enumerate(lines[row]):
            if value is None or (row, column) in taken:
                continue
            right = column
            above = [at for at in range(column + 1, len(lines[row])) if row and lines[row - 1][at] is not None]
            while right + 1 < min([len(lines[row]), *above]) and lines[row][right + 1] is None:
                if (row, right + 1) in taken:
                    break
                right += 1
            bottom = row
            while bottom + 1 < depth and all(lines[bottom + 1][at] is None for at in range(column, right + 1)):
                bottom += 1
            area = {(line, at) for line in range(row, bottom + 1) for at in range(column, right + 1)}
            if len(area) > 1 and not area & taken:
                taken |= area
                found.append((row + first, column, bottom + first, right))
    return found


def three_blocks(account: Account, statute: Statute, layout: Layout) -> list[list[Value]]:
    """财决01表: income, expenditure by function, expenditure by nature and economic class, side by side."""
    heads: list[Value] = []
    for name in ("项目", "项目(按功能分类)", "项目(按支出性质和经济分类)"):
        heads += [name, "行次", "年初预算数", "全年预算数", "决算数"]
    groups: list[Value] = ["收入", *[None] * 4, "支出", *[None] * 9]
    counting: list[Value] = ["栏次", None, "1", "2", "3", "栏次", None, "4", "5", "6", "栏次", None, "7", "8", "9"]
    form = statute.forms["表1"]
    basic, project = (amount(account, "表3", "合计", column, layout) for column in ("2", "3"))
    staff, office = (amount(account, "表6", key, "1", layout) for key in ("人员经费合计", "公用经费合计"))
    total = amount(account, "表3", "合计", "1", layout)
    natures: list[tuple[str, Value]] = [
        ("一、基本支出", basic), ("　　人员经费", staff), ("　　公用经费", office), ("二、项目支出", project),
        ("　　其中：基本建设类项目", None), ("三、上缴上级支出", None), ("四、经营支出", None),
        ("五、对附属单位补助支出", None),
        ("经济分类支出合计", total), ("一、工资福利支出", Decimal(7340090)), ("二、商品和服务支出", Decimal(5697930)),
        ("三、对个人和家庭的补助", Decimal(102440)), ("六、资本性支出", Decimal(4634500)),
    ]  # fmt: skip
    lines: list[list[Value]] = [groups, heads, counting]
    left, middle = form.blocks[0].rows, form.blocks[1].rows
    for n in range(max(len(left), len(middle))):
        line: list[Value] = []
        for rows, column in ((left, "1"), (middle, "2")):
            row = rows[n] if n < len(rows) else None
            first = row and row.line in ("1", "27", "31", "39", "58", "62")
            line += [row.label or None, row.number] if row else [None, None]
            line += [BUDGET if first else None, WHOLE if first else None]
            line += [amount(account, "表1", row.line, column, layout) if row else None]
        nature = natures[n] if n < len(natures) else (None, None)
        line += [nature[0], str(63 + n) if nature[0] else None, BUDGET if n == 0 else None, None, nature[1]]
        lines.append(line)
    return lines


def fiscal_blocks(account: Account, statute: Statute, layout: Layout) -> list[list[Value]]:
    """财决01-1表: the same of fiscal funds, expenditure by fund under each of budget, adjusted budget and outcome."""
    funds = ["小计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    groups: list[Value] = ["收入", *[None] * 4, "支出", *[None] * 27]
    heads: list[Value] = ["项目", "行次", "年初预算数", "全年预算数", "决算数"]
    below: list[Value] = [None] * 5
    for name in ("项目(按功能分类)", "项目(按支出性质和经济分类)"):
        heads += [name, "行次"]
        below += [None, None]
        for kind in ("年初预算数", "全年预算数", "决算数"):
            heads += [kind] * 4
            below += funds
    form = statute.forms["表4"]
    basic, project = (amount(account, "表5", "合计", column, layout) for column in ("2", "3"))
    natures: list[tuple[str, Value]] = [("一、基本支出", basic), ("二、项目支出", project)]
    lines: list[list[Value]] = [groups, heads, below]
    left, right = form.blocks[0].rows, form.blocks[1].rows
    for n in range(max(len(left), len(right))):
        one = left[n] if n < len(left) else None
        line: list[Value] = [one.label or None, one.number, None, None] if one else [None] * 4
        line += [amount(account, "表4", one.line, "1", layout) if one else None]
        two = right[n] if n < len(right) else None
        line += [two.label or None, two.number, *[None] * 8] if two else [None] * 10
        line += [amount(account, "表4", two.line, c, layout) if two else None for c in ("2", "3", "4", "5")]
        name, value = natures[n] if n < len(natures) else (None, None)
        lines.append([*line, name, str(65 + n) if name else None, *[None] * 8, value, value, None, None])
    return lines


def stubs(layout: Layout, depth: int) -> list[list[Value]]:
    """The headings of code and name."""
    first: list[Value] = ["项目", *[None] * layout.codes]
    second: list[Value] = ["支出功能分类科目编码", *[None] * (layout.codes - 1), "科目名称"]
    return [first, second, *[[None] * (layout.codes + 1) for _ in range(depth - 2)]]


def by_item(
    account: Account, statute: Statute, form: str, columns: Sequence[tuple[str, str]], layout: Layout
) -> list[list[Value]]:
    """A table of items with plain columns."""
    heads = stubs(layout, 2)
    heads[0] += [name for name, _ in columns]
    heads[1] += [None] * len(columns)
    codes = with_parents(sorted(fact.address.row for fact in account.of_form(form) if level_of(fact.address.row)))
    counting: list[Value] = ["类", "款", "项", "栏次"][3 - layout.codes :]
    lines = [[*counting, *(str(n + 1) for n in range(len(columns)))]]
    lines.append(["合计", *[None] * layout.codes, *(amount(account, form, "合计", key, layout) for _, key in columns)])
    for code in codes:
        name = statute.functional.name(code, statute.year)
        lines.append([*code_cells(code, layout), name, *(amount(account, form, code, k, layout) for _, k in columns)])
    return [*heads, *lines]


def details(statute: Statute, spent: Spent, natures: Sequence[str], layout: Layout) -> list[list[Value]]:
    """A table of items with a column for each economic code: 合计, then each 类 with its 小计 and its 款."""
    rows = {key: value for key, value in spent.items() if key[2] in natures}
    economic = [entry.code for entry in statute.economic.of_year(statute.year)]
    classes = list(dict.fromkeys(code[:3] for code in economic))
    heads = stubs(layout, 2)
    heads[0].append("合计")
    heads[1].append(None)
    columns: list[str] = []
    for group in classes:
        members = [code for code in economic if len(code) == 5 and code[:3] == group]
        names = [statute.economic.name(code, statute.year) for code in members]
        heads[0] += [statute.economic.name(group, statute.year), *[None] * len(members)]
        heads[1] += ["小计", *names]
        columns += [group, *members]
    codes = with_parents(sorted({function for function, _, _ in rows}))
    lines: list[list[Value]] = []
    for row in ("合计", *codes):
        mine = {key: v for key, v in rows.items() if row == "合计" or key[0].startswith(row)}
        cells = [sum(mine.values(), Decimal(0))]
        cells += [sum((v for key, v in mine.items() if key[1].startswith(code)), Decimal(0)) for code in columns]
        name: list[Value] = (
            ["合计", *[None] * layout.codes]
            if row == "合计"
            else [*code_cells(row, layout), statute.functional.name(row, statute.year)]
        )
        lines.append([*name, *(cell or None for cell in cells)])
    return [*heads, *lines]


def by_fund(
    account: Account, statute: Statute, form: str, columns: Sequence[str], layout: Layout
) -> list[list[Value]]:
    """财决07、09、11表: opening, income, outlay and closing of one fund by item.

    `columns` are those of the public table for opening, income, outlay, its basic and project part, and closing.
    """
    heads = stubs(layout, 3)
    for name, parts in (
        ("年初结转和结余", ["合计", "基本支出结转", "项目支出结转和结余"]),
        ("本年收入", ["合计", "基本支出", "项目支出"]),
        ("本年支出", ["合计", "基本支出", None, None, "项目支出"]),
        ("年末结转和结余", ["合计", "基本支出结转", "项目支出结转和结余"]),
    ):
        heads[0] += [name, *[None] * (len(parts) - 1)]
        heads[1] += parts
        heads[2] += ["小计", "人员经费", "公用经费"] if None in parts else [None] * len(parts)
        if None in parts:
            heads[2] = [*heads[2][:-3], None, "小计", "人员经费", "公用经费", None]
    facts = [fact.address.row for fact in account.of_form(form) if level_of(fact.address.row)]
    lines: list[list[Value]] = []
    for row in ("合计", *with_parents(sorted(facts))):
        name: list[Value] = (
            ["合计", *[None] * layout.codes]
            if row == "合计"
            else [*code_cells(row, layout), statute.functional.name(row, statute.year)]
        )
        opening, income, total, basic, project, closing = (
            amount(account, form, row, column, layout) if column else None for column in columns
        )
        outlay: list[Value] = [total, basic, basic, None, project]
        lines.append([*name, opening, None, opening, income, None, None, *outlay, closing, None, closing])
    return [*heads, *lines]


def projects(account: Account, statute: Statute, layout: Layout) -> list[list[Value]]:
    """财决06表: the projects by name below their items, with opening, income, outlay and closing."""
    heads = stubs(layout, 2)
    for name in ("年初结转和结余", "本年收入", "本年支出", "年末结转和结余"):
        heads[0] += [name, None]
        heads[1] += ["合计", "其中：财政拨款"]
    spent: dict[str, Decimal] = {}
    for project in account.projects:
        spent[project.function] = spent.get(project.function, Decimal(0)) + project.outlay

    def line(name: list[Value], value: Decimal | None) -> list[Value]:
        shown = None if value is None else value / (1 if layout.money == "元" else 10000)
        return [*name, None, None, shown, shown, shown, shown, None, None]

    lines = [line(["合计", *[None] * layout.codes], sum(spent.values(), Decimal(0)))]
    for code in with_parents(sorted(spent)):
        total = sum((value for item, value in spent.items() if item.startswith(code)), Decimal(0))
        lines.append(line([*code_cells(code, layout), statute.functional.name(code, statute.year)], total))
        for project in (each for each in account.projects if each.function == code):
            lines.append(line([*[None] * layout.codes, project.name], project.outlay))
    return [*heads, *lines]


def running(account: Account, layout: Layout) -> list[list[Value]]:
    """财决附03表: 三公, running costs, vehicles and procurement, two blocks side by side."""

    def of(form: str, row: str, column: str) -> Value:
        return amount(account, form, row, column, layout)

    def count(form: str, row: str) -> Value:
        fact = account.facts.get(f"{form}!{row}行数栏")
        return fact.figure.value if fact else None

    left: list[list[Value]] = [
        ["一、“三公”经费支出", "1", None, None, None],
        ["（一）支出合计", "2", None, of("表9", "金额", "1"), of("表9", "金额", "7")],
        ["　1．因公出国（境）费", "3", None, None, None],
        ["　2．公务用车购置及运行维护费", "4", None, of("表9", "金额", "3"), of("表9", "金额", "9")],
        ["　　（1）公务用车购置费", "5", None, None, None],
        ["　　（2）公务用车运行维护费", "6", None, of("表9", "金额", "5"), of("表9", "金额", "11")],
        ["　3．公务接待费", "7", None, of("表9", "金额", "6"), of("表9", "金额", "12")],
        ["　　（1）国内接待费", "8", None, None, None],
        ["（二）相关统计数", "9", None, None, None],
        ["　1．因公出国（境）团组数（个）", "10", None, None, None],
        ["　4．公务用车保有量（辆）", "13", None, None, count("三公明细", "保有量")],
    ]
    right: list[list[Value]] = [
        ["四、机关运行经费", "20", None],
        ["五、国有资产占用情况", "23", None],
        ["（一）车辆数合计（辆）", "24", count("资产", "车辆")],
        ["　8．其他用车", "32", count("资产", "其他用车")],
        ["（二）单价100万元（含）以上设备（不含车辆）", "33", count("资产", "百万设备")],
        ["六、政府采购支出信息", "34", None],
        ["（一）政府采购支出合计", "35", of("采购", "总额", "数")],
        ["　1．政府采购货物支出", "36", of("采购", "货物", "数")],
        ["　3．政府采购服务支出", "38", of("采购", "服务", "数")],
        ["（二）政府采购授予中小企业合同金额", "39", of("采购", "中小企业", "数")],
        ["　其中：授予小微企业合同金额", "40", of("采购", "小微企业", "数")],
    ]
    heads: list[Value] = ["项目", "行次", "年初预算数", "全年预算数", "统计数", "项目", "行次", "统计数"]
    return [heads, *[[*one, *two] for one, two in zip(left, right, strict=True)]]
