"""The published budget and last year's account as sources: budget by item, last year's figures, standing texts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from export_files import UNIT, Layout, Sheet, Value, amount, headed, nine_tables, tree_lines, write

from juesuan.account import Account, Address, Fact, Figure, Unit
from juesuan.cli import main
from juesuan.compiler import Compilation, Gathered
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.inspection import compile_sources
from juesuan.publisher import publish
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
DUTIES = "负责全市人力资源和社会保障信息系统的建设、运行维护和安全保障"


@pytest.fixture(scope="module")
def ledgers() -> Compilation:
    return compile_sources([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])


@pytest.fixture(scope="module")
def export(ledgers: Compilation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "导出.xls"
    return write(nine_tables(ledgers.account, ledgers.statute, Layout()), path)


@pytest.fixture(scope="module")
def last(ledgers: Compilation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example's account as if it were the year before's, published."""
    account = msgspec.structs.replace(ledgers.account, year=2021)
    law = load_statute("wuhan-2022", 2021)
    paths = publish(account, tmp_path_factory.mktemp("last"), ["docx", "xlsx", "json", "pdf"], statute=law)
    return {path.suffix.lstrip("."): path for path in paths}


def budget(folder: Path, ledgers: Compilation, *, unit: str = UNIT, year: int = 2022, more: int = 0) -> Path:
    """The published budget with the table of general public expenditure, in 万元; `more` yuan on the first item."""
    law = load_statute("budget", year)
    account = Account("budget", year, Unit(unit))
    for fact in ledgers.account.facts.values():
        where = fact.address
        if where.period == "年初预算" and where.form == "表5":
            value = fact.figure.value + (more if where.row == "2080108" and where.column in ("1", "3") else 0)
            account.put(Fact(Address("预5", where.row, where.column), Figure(value)))
    layout = Layout(money="元", unit=unit, year=year)
    lines, merged = tree_lines(account, law, law.forms["预5"], layout)
    return write([headed(law.forms["预5"].title, "预算公开05表", lines, merged, layout)], folder / "预算公开.xlsx")


@pytest.mark.parametrize("format", ["docx", "xlsx", "json"])
def test_last_year_gives_its_figures_with_their_places(export: Path, last: dict[str, Path], format: str) -> None:
    made = compile_sources([export, last[format]])
    for address in ("表1!31行1栏", "表4!32行1栏", "表5!合计行1栏"):
        fact = made.account.facts[f"上年!{address}"]
        # The published file is in 万元: 17,774,960 yuan are printed 1,777.50.
        assert abs(fact.figure.value - Decimal(17774960)) <= 50
        assert format == "json" or (fact.source and fact.source.file == last[format].name)
    assert not [m for m in made.missing if m.address == "上年数"]


@pytest.mark.parametrize("format", ["docx", "json"])
def test_standing_texts_come_along(export: Path, last: dict[str, Path], format: str) -> None:
    made = compile_sources([export, last[format]])
    assert made.account.texts["主要职能"].startswith(DUTIES)
    assert "社保卡管理中心" in made.account.texts["机构设置"]
    assert not {"主要职能", "机构设置"} & {missing.address for missing in made.missing}
    assert "主要成效" not in str(made.account.texts), "what belongs to last year only does not"


def test_the_budget_gives_the_approved_amounts_by_item(
    export: Path, ledgers: Compilation, tmp_path: Path
) -> None:
    made = compile_sources([export, budget(tmp_path, ledgers)])
    wanted = {k: f.figure.value for k, f in ledgers.account.facts.items() if f.address.period == "年初预算"}
    assert {k: f.figure.value for k, f in made.account.facts.items() if f.address.period == "年初预算"} == wanted
    fact = made.account.facts["年初预算!表5!2080108行3栏"]
    assert fact.source and str(fact.source).startswith("预算公开.xlsx 工作表")
    assert not [m for m in made.missing if m.address == "支出"]


def test_the_platforms_approval_gives_the_same(export: Path, ledgers: Compilation, tmp_path: Path) -> None:
    """部门预算批复表 of the budget platform: by fund, or of the general public budget alone."""
    account = ledgers.account
    wanted = {k: f.figure.value for k, f in account.facts.items() if f.address.period == "年初预算"}
    codes = sorted({f.address.row for f in account.facts.values() if f.address.period == "年初预算"} - {"合计"})

    def of(row: str, column: str) -> Value:
        return amount(account, "表5", row, column, Layout(), "年初预算")

    names = {code: ledgers.statute.functional.name(code, 2022) for code in codes}
    whole: list[list[Value]] = [
        ["科目编码", "科目名称", "合计", "一般公共预算", None, None, "单位资金"],
        [None, None, None, "小计", "基本支出", "项目支出", None],
        *([code, names[code], of(code, "1"), *(of(code, c) for c in "123"), None] for code in codes),
        ["合计", None, of("合计", "1"), *(of("合计", c) for c in "123"), None],
    ]
    alone: list[list[Value]] = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        *([code, names[code], *(of(code, c) for c in "123")] for code in codes),
    ]
    for title, lines, merged in (
        ("部门预算批复表", whole, [(0, 3, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 6, 1, 6)]),
        ("一般公共预算支出批复表", alone, []),
    ):
        path = write([headed(title, "附表", lines, merged, Layout())], tmp_path / f"{title}.xls")
        made = compile_sources([export, path])
        assert made.sound, made.messages()[:3]
        assert {k: f.figure.value for k, f in made.account.facts.items() if f.address.period == "年初预算"} == wanted


def test_the_platforms_approval_is_a_source_of_the_budget_itself(ledgers: Compilation, tmp_path: Path) -> None:
    """What an account has as 年初预算 is this year's in the budget; the workbook gives the rest."""
    account = ledgers.account
    codes = sorted({f.address.row for f in account.facts.values() if f.address.period == "年初预算"} - {"合计"})
    lines: list[list[Value]] = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        *(
            [code, ledgers.statute.functional.name(code, 2022),
             *(amount(account, "表5", code, column, Layout(), "年初预算") for column in "123")]
            for code in codes
        ),
    ]  # fmt: skip
    title = "一般公共预算支出批复表"
    path = write([headed(title, "附表", lines, [], Layout())], tmp_path / f"{title}.xls")
    law = load_statute("budget", 2022)
    write_workbook(tmp_path / "预算.xlsx", law, filled=Gathered(unit=account.unit, year=2022))
    made = compile_sources([path, tmp_path / "预算.xlsx"])
    wanted = {
        str(msgspec.structs.replace(f.address, form="预5", period="本年")): f.figure.value
        for f in account.facts.values()
        if f.address.period == "年初预算" and f.address.form == "表5"
    }
    assert {key: made.account.facts[key].figure.value for key in wanted} == wanted
    assert made.account.facts["预3!合计行1栏"].figure.value == 32270200


def test_what_was_filled_in_stays_and_the_difference_is_told(ledgers: Compilation, tmp_path: Path) -> None:
    paths = [EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx", budget(tmp_path, ledgers, more=10000)]
    made = compile_sources(paths)
    assert made.account.facts["年初预算!表5!2080108行3栏"].figure.value == 21784800
    (note,) = [note for note in made.notes if note.code == "Q208"]
    assert "21,784,800.00元" in note.message and "21,794,800.00元" in note.message and "预算公开.xlsx" in note.message


def test_another_units_or_years_file_gives_no_figure(export: Path, ledgers: Compilation, tmp_path: Path) -> None:
    cases = [("示例市档案馆", 2022, "示例市档案馆"), (UNIT, 2021, "2021 年度的预算")]
    for number, (unit, year, told) in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        foreign = budget(folder, ledgers, unit=unit, year=year)
        made = compile_sources([export, foreign])
        (problem,) = made.problems
        assert problem.code == "Q206" and told in problem.message and "--yes" in problem.message
        assert not [f for f in made.account.facts.values() if f.address.period == "年初预算"]
        accepted = compile_sources([export, foreign], accept=True)
        assert accepted.sound and "Q206" in {note.code for note in accepted.notes}
        assert [f for f in accepted.account.facts.values() if f.address.period == "年初预算"]


def test_an_export_of_another_unit_does_not_go_into_the_workbooks(ledgers: Compilation, tmp_path: Path) -> None:
    layout = Layout(unit="示例市档案馆")
    foreign = write(nine_tables(ledgers.account, ledgers.statute, layout), tmp_path / "导出.xls")
    made = compile_sources([foreign, EXAMPLE / "workbook.xlsx"])
    assert "Q206" in {problem.code for problem in made.problems}
    assert not [f for f in made.account.facts.values() if f.address.form == "表2"]


def test_this_years_opening_is_held_to_last_years_closing(
    ledgers: Compilation, last: dict[str, Path], tmp_path: Path
) -> None:
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout(names="number"))
    shifted = [_opened(sheet) for sheet in sheets]
    made = compile_sources([write(shifted, tmp_path / "导出.xls"), last["json"]])
    assert "Y101" in {note.code for note in made.notes}, [str(m) for m in made.messages()][:5]


def _opened(sheet: Sheet) -> Sheet:
    """The tables with 100 yuan carried over from the year before, and carried on."""
    lines = [list(line) for line in sheet.lines]
    if sheet.name not in ("公开01表", "公开04表"):
        return sheet
    for line in lines:
        for place, value in enumerate(line):
            if value in ("年初结转和结余", "年末结转和结余", "年初财政拨款结转和结余", "年末财政拨款结转和结余"):
                line[place + 2] = Decimal(100)
                if value == "年末财政拨款结转和结余":
                    line[place + 3] = Decimal(100)
            elif value == "总计":
                line[place + 2] = Decimal(17775060)
                if sheet.name == "公开04表" and place:
                    line[place + 3] = Decimal(17775060)
            elif value == "一般公共预算财政拨款" and sheet.name == "公开04表" and line[place + 1] == "29":
                line[place + 2] = Decimal(100)
    return Sheet(sheet.name, lines, sheet.merged)


def test_the_command_asks_before_it_takes(export: Path, ledgers: Compilation, tmp_path: Path) -> None:
    foreign = budget(tmp_path, ledgers, unit="示例市档案馆")
    arguments = ["new", "--from", str(export), str(foreign), "-o", str(tmp_path / "补充.xlsx")]
    refused = CliRunner().invoke(main, arguments)
    assert refused.exit_code == 1 and "示例市档案馆" in refused.output and not (tmp_path / "补充.xlsx").exists()
    taken = CliRunner().invoke(main, [*arguments, "--yes"])
    assert taken.exit_code == 0, taken.output
    assert "juesuan compile" in taken.output and (tmp_path / "补充.xlsx").exists()
