"""`juesuan new --kind 预算 --from`: what the approval, last year's budget and account do not say is asked for, once."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from export_files import Layout, Value, headed, write
from openpyxl import load_workbook

from generate_budget import Shape, budget
from juesuan.account import Account, Address
from juesuan.cli import main
from juesuan.compiler import Gathered
from juesuan.compiler.workbook import Filler, write_contents
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.inspection import compile_sources
from juesuan.inspection.compilation import compile_intake
from juesuan.intake import questions, take_in
from juesuan.publisher import publish
from juesuan.statute import Statute, load_statute

HELD = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "held"
UNIT = "武汉市人力资源和社会保障信息中心"
SHAPE = Shape(funds=("一般公共预算",), own=False, carried=False, left=False)


def approval(planned: Gathered, law: Statute, path: Path, unit: str) -> Path:
    """部门预算批复表 of the general public budget by item, as the budget platform exports it."""
    items: dict[str, dict[str, Decimal]] = {}
    for entry in planned.entries:
        if (entry.record, entry.source, entry.period) == ("支出", "一般公共预算", "本年") and entry.function:
            natures = items.setdefault(entry.function, {})
            natures[entry.nature] = natures.get(entry.nature, Decimal(0)) + entry.amount
    lines: list[list[Value]] = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    for code, natures in sorted(items.items()):
        amounts = [natures.get("基本支出"), natures.get("项目支出")]
        lines.append([code, law.functional.name(code, law.year), sum(natures.values()), *amounts])
    layout = Layout(unit=unit, year=law.year)
    return write([headed("一般公共预算支出批复表", "附表", lines, [], layout)], path)


def as_workbook(planned: Gathered) -> Gathered:
    """As a workbook asks for it: by item, and basic expenditure once more by economic code."""
    entries = [msgspec.structs.replace(e, economy="", part="", project="") for e in planned.entries if e.function]
    economic = [msgspec.structs.replace(e, function="", part="", project="") for e in planned.entries if e.economy]
    planned.entries = [*entries, *economic]
    return planned


def asked(path: Path) -> dict[str, set[str]]:
    """The texts of the cells of each sheet."""
    book = load_workbook(path)
    return {sheet.title: {str(c.value) for row in sheet.iter_rows() for c in row if c.value} for sheet in book}


def new(*files: Path, out: Path, kind: str = "预算") -> str:
    arguments = ["new", "--kind", kind, *(part for file in files for part in ("--from", str(file))), "-o", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_the_files_do_not_say_is_asked_for(tmp_path: Path) -> None:
    """Approval of 2023, published budget and exported account of 2022."""
    law = load_statute("budget", 2023)
    sheet = approval(budget(SHAPE, 3, law, UNIT), law, tmp_path / "批复.xls", UNIT)
    told = new(sheet, HELD / "2022年预算公开.pdf", HELD / "决算软件导出.xls", out=tmp_path / "预算.xlsx")
    assert f"2023年度 {UNIT}" in told
    for what in ("收入预算", "经济分类", "“三公”经费预算", "政府采购预算", "项目的名称", "绩效目标"):
        assert what in told
    for what in ("支出预算", "上年执行数", "上年预算数"):
        assert f"还要填：{what}" not in told and f"还要填：各科目的{what}" not in told
    sheets = asked(tmp_path / "预算.xlsx")
    # 32,270,200 yuan: last year's published budget; 7,840,500 what was spent on 2080108 last year.
    assert "32270200" in sheets["上年数"] and "7840500" in sheets["支出"]
    # Nothing is said of what is not known yet: income is open, so no reason for its change is asked for.
    assert not any("收支总预算" in text for text in sheets["待办清单"])
    assert any("上年执行数" in text and "须说明原因" in text for text in sheets["待办清单"])
    assert "减少 0.00" not in told


def test_last_years_budget_alone(tmp_path: Path) -> None:
    told = new(HELD / "2022年预算公开.pdf", out=tmp_path / "预算.xlsx")
    assert "支出预算（给部门预算批复表即可）" in told and "上年执行数（给上年决算即可）" in told
    assert "0 处文字和原因" in told or "须说明原因" not in "".join(asked(tmp_path / "预算.xlsx")["待办清单"])
    assert "收支总预算变动" in asked(tmp_path / "预算.xlsx")["原因说明"]


def test_the_place_of_last_years_budget_is_kept(tmp_path: Path) -> None:
    law = load_statute("shanghai-unit-budget-2025", 2025)
    last = compile_sources(_filled(law, tmp_path / "上年.xlsx"))
    files = publish(last.account, tmp_path / "上年", ["docx"], statute=law)
    new(*files, out=tmp_path / "预算.xlsx")
    made = compile_sources([tmp_path / "预算.xlsx"])
    assert (made.statute.profile.key, made.account.year) == ("shanghai-unit-budget-2025", 2026)


def _filled(law: Statute, path: Path) -> list[Path]:
    planned = budget(Shape(carried=False, left=False), 7, law, "上海市示例区某中心")
    entries = []
    for entry in planned.entries:
        part = ("人员经费" if entry.economy[:3] in ("301", "303") else "公用经费") if entry.economy else entry.part
        entries.append(msgspec.structs.replace(entry, economy="", part=part, project=""))
        if entry.economy:
            entries.append(msgspec.structs.replace(entry, function="", project=""))
    planned.entries = entries
    write_contents(path, law, {sheet.key: Filler(planned).contents(sheet) for sheet in _sheets(law)})
    return [path]


def _sheets(law: Statute) -> tuple:
    from juesuan.compiler.workbook import sheets

    return tuple(sheets(law))


@pytest.mark.parametrize("seed", [3, 8])
def test_the_answers_and_the_files_make_the_budget(seed: int, tmp_path: Path) -> None:
    """What is asked, filled in as the unit knows it, gives the very budget of the whole workbook."""
    law = load_statute("budget", 2023)
    planned = budget(SHAPE, seed, law, UNIT)
    sheet = approval(planned, law, tmp_path / "批复.xls", UNIT)
    as_workbook(planned)
    intake = take_in([sheet], kind="预算")
    plan = questions(intake, compile_intake(intake)).plan
    filler = Filler(planned)
    contents = {each.key: filler.contents(each) for each in plan}
    write_contents(tmp_path / "补充.xlsx", law, contents, plan=plan)
    made = compile_sources([sheet, tmp_path / "补充.xlsx"])
    assert made.messages() == []

    def amounts(account: Account) -> dict[str, Decimal]:
        return {key: fact.figure.value for key, fact in account.facts.items()}

    write_contents(tmp_path / "全部.xlsx", law, {each.key: filler.contents(each) for each in _sheets(law)})
    assert amounts(made.account) == amounts(compile_sources([tmp_path / "全部.xlsx"]).account)
    assert made.account.amount(Address("预5", "合计", "1"))


def test_an_approval_that_contradicts_itself_is_told(tmp_path: Path) -> None:
    law = load_statute("budget", 2023)
    planned = budget(SHAPE, 3, law, UNIT)
    sheet = approval(planned, law, tmp_path / "批复.xls", UNIT)
    foreign = approval(planned, law, tmp_path / "别的.xls", "示例市档案馆")
    arguments = ["new", "--kind", "预算", "--from", str(sheet), str(foreign), "-o", str(tmp_path / "预算.xlsx")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1 and "示例市档案馆" in done.output and not (tmp_path / "预算.xlsx").exists()


def test_an_item_that_nobody_has_defined_has_its_place_in_a_budgets_workbook(tmp_path: Path) -> None:
    """The message names the sheet in which the definition is to be written: budgets have it as accounts do."""
    law = load_statute("budget", 2024)
    planned = as_workbook(budget(SHAPE, 3, law, UNIT))
    write_workbook(tmp_path / "预算.xlsx", law, filled=planned)
    made = compile_sources([tmp_path / "预算.xlsx"])
    told = [note.message for note in made.notes if "没有解释" in note.message]
    book = load_workbook(tmp_path / "预算.xlsx")
    assert "名词解释" in book.sheetnames and all("“名词解释”表" in text for text in told)
    code = next((code for text in told for code in re.findall(r"\b\d{7}\b", text)), "2080505")
    sheet = book["名词解释"]
    row = next(cell.row for cell in sheet["A"] if cell.value and "功能分类科目编码" in str(cell.value)) + 1
    sheet.cell(row, 1).value, sheet.cell(row, 3).value = code, "反映本单位为此安排的支出。"
    book.save(tmp_path / "预算.xlsx")
    again = compile_sources([tmp_path / "预算.xlsx"])
    assert again.account.texts[f"名词:{code}"] == "反映本单位为此安排的支出。"
    assert not [note for note in again.notes if "没有解释" in note.message and code in note.message]
