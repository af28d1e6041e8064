"""Official exports compiled: the ledger's account, figure by figure, from nine public tables in many layouts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest
from export_files import UNIT, WAN, Layout, Sheet, Value, headed, nine_tables, write, write_each

from juesuan.account import Account, Address, Source, UnreadableSourceError
from juesuan.compiler import Compilation
from juesuan.inspection import ask_for_rest, compile_sources
from juesuan.intake.exports import listed
from juesuan.reader.amounts import read_amount

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
WORKBOOK = EXAMPLE / "workbook.xlsx"


@pytest.fixture(scope="module")
def ledgers() -> Compilation:
    return compile_sources([EXAMPLE / "ledger.csv", WORKBOOK])


def nine(account: Account) -> dict[str, Decimal]:
    """This year's figures of the nine tables in yuan."""
    return {
        key: fact.figure.value
        for key, fact in account.facts.items()
        if fact.address.period == "本年" and fact.address.form.startswith("表") and fact.figure.value
    }


def written(ledgers: Compilation, layout: Layout, path: Path) -> Path:
    return write(nine_tables(ledgers.account, ledgers.statute, layout), path)


@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
@pytest.mark.parametrize(
    "layout",
    [
        Layout(),
        Layout(money="万元"),
        Layout(codes=3, names="plain", shuffled=3),
        Layout(blank_row=True, total_last=True, names="number"),
        Layout(merged=False, counted=False),
        Layout(names="software", codes=3, money="万元", total_last=True, shuffled=7),
    ],
)
def test_the_account_is_the_ledgers(ledgers: Compilation, tmp_path: Path, layout: Layout, ending: str) -> None:
    made = compile_sources([written(ledgers, layout, tmp_path / f"导出{ending}")])
    assert made.sound, made.messages()[:5]
    assert made.account.unit.name == UNIT and made.account.year == 2022
    wanted, got = nine(ledgers.account), nine(made.account)
    # 万元 with two decimals: half of 0.01万元 is 50 yuan.
    limit = Decimal(0) if layout.money == "元" else WAN / 200
    assert got.keys() == wanted.keys()
    assert {key: (wanted[key], got[key]) for key in wanted if abs(wanted[key] - got[key]) > limit} == {}


def in_words(value: Decimal) -> str:
    """An amount with commas and 元."""
    return f"{value:,.2f}元"


def in_ten_thousands(value: Decimal) -> str:
    return f"{value / WAN:,.6f}万元"


def in_currency(value: Decimal) -> str:
    return f"¥{value:,.2f}"


def full_width(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))


@pytest.mark.parametrize(
    ("told", "stated"),
    [(told, stated) for told in (in_words, in_ten_thousands) for stated in ("元", "万元", "")]
    + [(in_currency, "元"), (full_width, "元")],
)
def test_amounts_as_texts(
    ledgers: Compilation, tmp_path: Path, told: Callable[[Decimal], str], stated: str
) -> None:
    """With commas, 元, 万元, ¥ and full-width signs; what has its own unit is right whatever the sheet states."""
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout(shuffled=5, names="plain"))
    for sheet in sheets:
        sheet.lines[2][-1] = f"金额单位：{stated}" if stated else None
        sheet.lines = [[told(v) if isinstance(v, Decimal) else v for v in line] for line in sheet.lines]
    notes = Sheet("填报说明", [["填报说明"], ["一、本套报表金额单位为元。"], ["二、2022年度。"]])
    made = compile_sources([write([notes, *sheets], tmp_path / "导出.xlsx")])
    assert made.sound, made.messages()[:5]
    assert nine(made.account) == nine(ledgers.account)


def test_amounts_below_nought_in_brackets() -> None:
    """Bookkeepers write (1,234.50) for -1,234.50; (12) is a number of a list."""
    amounts = [read_amount(text) for text in ("(1,234.50)", "（0.50）", "-¥8.00", "￥-8.00")]
    assert [amount.value for amount in amounts if amount] == [Decimal(n) for n in ("-1234.50", "-0.50", "-8", "-8")]
    assert read_amount("(12)") is None and read_amount("（1,2）") is None


def test_every_figure_knows_its_sheet_and_cell(ledgers: Compilation, tmp_path: Path) -> None:
    made = compile_sources([written(ledgers, Layout(names="number"), tmp_path / "导出.xls")])
    fact = made.account.get(Address("表3", "2080108", "3"))
    assert fact is not None and fact.figure.value == 7840500
    assert str(fact.source).startswith("导出.xls 工作表“公开03表” 单元格 E")


def test_a_file_for_each_table_in_a_folder(ledgers: Compilation, tmp_path: Path) -> None:
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout())
    folder = write_each({f"表{n}": sheet for n, sheet in enumerate(sheets)}, tmp_path, ".xls")
    assert nine(compile_sources([folder]).account) == nine(ledgers.account)


def test_with_the_workbook_the_whole_disclosure_is_the_ledgers(ledgers: Compilation, tmp_path: Path) -> None:
    made = compile_sources([written(ledgers, Layout(), tmp_path / "导出.xls"), WORKBOOK])
    assert made.final, made.messages()
    assert [p.text for s in made.account.narrative for p in s.paragraphs] == [
        p.text for s in ledgers.account.narrative for p in s.paragraphs
    ]
    assert [(s.title, s.score) for s in made.account.sheets] == [(s.title, s.score) for s in ledgers.account.sheets]


def test_what_no_table_says_is_asked_in_one_list(ledgers: Compilation, tmp_path: Path) -> None:
    made = compile_sources([written(ledgers, Layout(), tmp_path / "导出.xls")])
    asked = {missing.address for missing in made.missing if missing.code == "L205"}
    # Vehicles were run (11,600 yuan), nobody went abroad, nobody was received.
    assert asked == {"单位信息", "上年数", "支出", "三公经费", "采购和资产", "项目"}
    assert "公务用车保有量" in str([m.expected for m in made.missing])
    assert "团组" not in str([m.expected for m in made.missing])
    assert {"主要职能", "机构设置"} <= {missing.address for missing in made.missing}


def test_the_questions_fit_in_a_short_workbook(ledgers: Compilation, tmp_path: Path) -> None:
    export, questions = written(ledgers, Layout(), tmp_path / "导出.xls"), tmp_path / "补充.xlsx"
    _, sheets = ask_for_rest([export], questions)
    assert "收入" not in sheets and "基本支出" not in sheets and "结转结余" not in sheets
    book = openpyxl.load_workbook(questions)
    assert book["单位信息"]["B4"].value == UNIT
    labels = [cell.value for cell in book["三公经费"]["A"]]
    assert "开支财政拨款的公务用车保有量" in labels
    assert "公务用车运行维护费 决算数" not in labels, "the export has it"
    items = [cell.value for cell in book["支出"]["A"] if cell.value and str(cell.value).isdigit()]
    assert "2080108" in items and "2210201" in items
    # Given back unfilled, it hides nothing and adds nothing.
    made = compile_sources([export, questions])
    assert nine(made.account) == nine(ledgers.account)
    assert {problem.code for problem in made.problems} == {"L121"}, [str(p) for p in made.problems]


def changed(sheets: list[Sheet], sheet: int, old: Decimal, new: Decimal) -> list[Sheet]:
    lines = [[new if value == old else value for value in line] for line in sheets[sheet].lines]
    return [msgspec.structs.replace(s, lines=lines) if n == sheet else s for n, s in enumerate(sheets)]


def test_contradictions_inside_an_export_are_said_with_their_cells(ledgers: Compilation, tmp_path: Path) -> None:
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout(names="number"))
    path = write(changed(sheets, 2, Decimal(7840500), Decimal(7840600)), tmp_path / "导出.xls")
    made = compile_sources([path])
    assert not made.sound
    said = [fault.message for fault in made.faults if fault.severity == "error"]
    assert said and all("导出.xls 工作表“公开03表” 单元格" in text for text in said)
    _, asked = ask_for_rest([path], tmp_path / "补充.xlsx")
    assert asked == [] and not (tmp_path / "补充.xlsx").exists()


def test_one_figure_in_two_tables_must_be_one(ledgers: Compilation, tmp_path: Path) -> None:
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout(names="number"))
    write(sheets, tmp_path / "导出.xls")
    write(changed(sheets, 4, Decimal(7840500), Decimal(7840600))[4:5], tmp_path / "另一份.xls")
    made = compile_sources([tmp_path / "导出.xls", tmp_path / "另一份.xls"])
    twice = next(f for f in made.faults if f.code == "L204" and f.address == "表5!2080108行3栏")
    assert "导出.xls" in twice.message and "另一份.xls" in twice.message and "7,840,600.00元" in twice.message


def test_nothing_of_an_export_is_dropped_silently(ledgers: Compilation, tmp_path: Path) -> None:
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout(names="number"))
    sheets[2].lines.append(["", "补充合计", Decimal("1.25"), Decimal("2.5")])
    lines: list[list[Value]] = [["月份", "数额"], ["一月", Decimal(12)], ["二月", Decimal(13)]]
    own = headed("本单位自编收入台账", "附表", lines, [], Layout())
    made = compile_sources([write([*sheets, own], tmp_path / "导出.xls")])
    cells = str([str(note) for note in made.notes if note.code == "Q205"])
    last = len(sheets[2].lines)
    assert f"C{last}:D{last}" in cells and "公开03表" in cells
    assert "本单位自编收入台账" in cells and "B5:B6" in cells


def test_what_was_not_read_of_an_export_is_said(ledgers: Compilation, tmp_path: Path) -> None:
    path = written(ledgers, Layout(names="number"), tmp_path / "导出.xlsx")
    book = openpyxl.load_workbook(path)
    book["公开03表"].sheet_state = "hidden"
    book["公开09表"]["D8"].value = "=1+1"
    book.save(path)
    made = compile_sources([path])
    said = "".join(str(note) for note in made.notes)
    assert "“公开03表”是隐藏的" in said and "没有计算结果" in said and "=1+1" in said


def test_a_table_without_its_unit_of_money_is_not_guessed(ledgers: Compilation, tmp_path: Path) -> None:
    sheets = nine_tables(ledgers.account, ledgers.statute, Layout(names="number"))
    for sheet in sheets:
        sheet.lines[2][-1] = None
    made = compile_sources([write(sheets, tmp_path / "导出.xls")])
    assert {problem.code for problem in made.problems} == {"Q207"} and not nine(made.account)


def test_what_is_no_export_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "决算.jio").write_bytes(b"\0\1\2")
    with pytest.raises(UnreadableSourceError, match=r"决算\.jio.*数据包.*导出 Excel"):
        compile_sources([tmp_path / "决算.jio"])
    write([Sheet("s", [["通讯录"], ["张三", Decimal(1)]])], tmp_path / "其他.xls")
    with pytest.raises(UnreadableSourceError, match="没有认出"):
        compile_sources([tmp_path / "其他.xls"])


def test_cells_are_listed_in_areas_that_hold_no_used_one() -> None:
    def cells(*names: str) -> list[Source]:
        return [Source(cell=name) for name in names]

    assert listed(cells("B2", "C2", "B3", "C3", "E3"), cells("D3")) == "B2:C3、E3"
    assert listed(cells("B2", "AA4"), cells("D5")) == "B2:AA4", "blank cells may lie within"
    assert listed(cells("B2", "B4"), cells("B3")) == "B2、B4"
