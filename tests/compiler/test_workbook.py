"""The workbook to fill in: written, filled, read back; and every mistake in it named with its cell."""

from __future__ import annotations

import datetime
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from juesuan.account import Address, Source, UnreadableSourceError
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.workbook.plan import sheets
from juesuan.compiler.workbook.reader import read_workbook
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.statute.loader.load import load_statute
from juesuan.statute.profile import Statute

from .workbook_sample import sample


@pytest.fixture(scope="module")
def statute() -> Statute:
    return load_statute("wuhan-2022")


def bare(value: Any) -> Any:
    """`value` without the places where things were found."""
    if isinstance(value, msgspec.Struct):
        kept = (n for n in value.__struct_fields__ if n not in ("text_sources", "places"))
        names = [n for n in kept if not isinstance(getattr(value, n), Source)]
        return {name: bare(getattr(value, name)) for name in names if getattr(value, name) is not None}
    if isinstance(value, list | tuple):
        return [bare(item) for item in value]
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items()}
    return value


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, statute: Statute) -> Path:
    """The sample workbook."""
    path = tmp_path_factory.mktemp("sample") / "填报.xlsx"
    write_workbook(path, statute, filled=sample())
    return path


@pytest.fixture(scope="module")
def opened(filled: Path) -> Book:
    """The sample workbook as openpyxl opens it, which takes longer than to read it."""
    return load_workbook(filled)


@pytest.fixture
def edited(tmp_path: Path, statute: Statute, opened: Book) -> Callable[[dict[str, object]], Gathered]:
    """The sample workbook with some cells changed ({"支出!E5": -1}), as read."""

    def edit(changes: dict[str, Any]) -> Gathered:
        path = tmp_path / "填报.xlsx"
        before = []
        for where, value in changes.items():
            sheet, _, place = where.partition("!")
            cell = opened[sheet][place]
            before.append((cell, cell.value, cell.number_format))
            cell.value = value
        opened.save(path)
        for cell, value, number_format in reversed(before):
            cell.value, cell.number_format = value, number_format
        return read_workbook(path, statute)

    return edit


def places(found: Gathered) -> list[str]:
    return [f"{problem.where}：{problem.message}" for problem in found.problems]


def test_a_filled_workbook_gives_back_what_was_filled_in(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, statute, filled=sample())
    found = read_workbook(path, statute)
    assert found.problems == []
    assert bare(found) == bare(sample())


@pytest.mark.parametrize("profile", ["national", "wuhan-2022", "shanghai-2024"])
def test_every_profile_has_a_workbook(tmp_path: Path, profile: str) -> None:
    law = load_statute(profile)
    path = tmp_path / "a.xlsx"
    write_workbook(path, law)
    names = load_workbook(path).sheetnames
    assert names[0] == "填报说明"
    assert [sheet.key for sheet in sheets(law)] == [name for name in names if name not in ("填报说明", "科目", "选项")]


def test_same_input_same_bytes(tmp_path: Path, statute: Statute) -> None:
    write_workbook(tmp_path / "a.xlsx", statute, filled=sample())
    time.sleep(1.1)
    write_workbook(tmp_path / "b.xlsx", statute, filled=sample())
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_thing_knows_its_cell(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, statute, filled=sample())
    found = read_workbook(path, statute)
    book = load_workbook(path)
    for entry in found.entries:
        assert entry.place is not None
        assert Decimal(str(book[entry.place.sheet][entry.place.cell].value)) == entry.amount
    for fact in found.facts:
        assert fact.source is not None
        assert Decimal(str(book[fact.source.sheet][fact.source.cell].value)) == fact.figure.value
    assert found.text_sources["2080108:预决算差异"].cell == "L5"


def test_an_empty_workbook_asks_for_what_it_needs(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, statute)
    found = read_workbook(path, statute)
    single = [slot for sheet in sheets(statute) if sheet.plan.layout == "fields" for slot in sheet.inputs]
    wanted = [slot.plan.label for slot in single if slot.insisted]
    assert [problem.message for problem in found.problems] == [f"“{label}”必须填写" for label in wanted]
    assert found.entries == [] and found.facts == []


def test_with_a_ledger_the_workbook_leaves_out_what_the_ledger_knows(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, statute, ledger=True, filled=sample())
    book = load_workbook(path)
    assert "收入" not in book.sheetnames and "基本支出" not in book.sheetnames
    heads = [str(cell.value) for cell in book["支出"][4]]
    assert any("年初预算" in head for head in heads) and not any(head.startswith("决算") for head in heads)
    found = read_workbook(path, statute)
    assert found.problems == []
    assert {entry.period for entry in found.entries if entry.record == "支出"} == {"年初预算"}
    assert found.texts == sample().texts


MISTAKES: dict[str, tuple[object, str]] = {
    "收入!A5": ("20801", "“20801”是款级科目"),
    "收入!C6": ("12,000元", "“12,000元”不是数字；金额以元为单位，只填数字，应填 12000"),
    "支出!A6": ("2080597", "2022 年的功能分类科目表中没有 2080597；相近的有："),
    "支出!C7": ("自筹", "“自筹”不在可选项之内；应为：一般公共预算、政府性基金预算、国有资本经营预算、其他资金"),
    "支出!D5": (-5000000, "金额为负数（-5000000）"),
    "支出!F5": (510.000005, "“510.000005”的小数多于两位；似以万元填写，应为元：5100000.05"),
    "单位信息!B6": ("22年", "“22年”不是年份；应填四位年份，例如 2022"),
    "单位信息!B10": ("去年九月", "“去年九月”不是可识别的日期"),
    "绩效指标!A5": ("信息系统运行", "既不是“整体支出”，也不是“项目”表中的名称；应与其完全一致，最接近的是“信息"),
    "绩效指标!H6": (120, "“120”应在 0 至 100 之间"),
    "项目!D5": (None, "缺少“全年预算数”；这一行有其他内容时必须填写"),
    "绩效自评表!A6": ("整体支出", "与第 5 行重复（整体支出）"),
    "三公经费!B22": ("3辆", "“3辆”不是整数"),
}


@pytest.mark.parametrize("where", MISTAKES)
def test_each_mistake_is_named_alone(edited: Callable[[dict[str, object]], Gathered], where: str) -> None:
    value, message = MISTAKES[where]
    sheet, _, cell = where.partition("!")
    found = places(edited({where: value}))
    assert [text for text in found if text.startswith(f"工作表“{sheet}”单元格 {cell}：") and message in text], found


def test_ten_planted_mistakes_give_ten_messages(edited: Callable[[dict[str, object]], Gathered]) -> None:
    chosen = [where for where in MISTAKES if where not in ("收入!A5", "支出!F5", "三公经费!B22")]
    found = edited({where: MISTAKES[where][0] for where in chosen})
    assert len(chosen) == 10
    assert sorted(problem.where for problem in found.problems) == sorted(
        f"工作表“{sheet}”单元格 {cell}" for sheet, _, cell in (where.partition("!") for where in chosen)
    ), places(found)
    assert all(problem.place.file == "填报.xlsx" for problem in found.problems)


def test_what_is_good_on_a_bad_line_is_kept(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = edited({"支出!D5": "约五百万"})
    assert len(found.problems) == 1
    amounts = [e.amount for e in found.entries if e.record == "支出" and e.function == "2080108"]
    assert amounts == [Decimal("6000000"), Decimal("5100000.05"), Decimal("5900000.05"), Decimal("50000")]


def test_an_unknown_code_of_a_known_class_keeps_its_amounts(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = edited({"收入!A6": "2080597"})
    assert Entry("收入", "一般公共预算", Decimal("650000"), function="2080597") in [
        msgspec.structs.replace(entry, place=None) for entry in found.entries
    ]
    assert len(found.problems) == 1


def test_a_code_may_be_declared(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = edited({"收入!A6": "2080597", "自定义科目!A6": 2080597, "自定义科目!B6": "试点支出"})
    assert found.problems == []
    assert found.texts["科目:2080597"] == "试点支出"


@pytest.mark.parametrize("code", [2080505, 2080505.0, "2080505.0", " 2080505 ", "２０８０５０５"])
def test_a_code_may_be_a_number(edited: Callable[[dict[str, object]], Gathered], code: object) -> None:
    found = edited({"收入!A6": code})
    assert found.problems == []
    assert found.entries[2].function == "2080505"


def test_codes_with_names_and_totals_are_explained(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"收入!A6": "2080505 养老", "收入!A9": "合计", "收入!C9": 11650000.1}))
    assert found == [
        "工作表“收入”单元格 A6：“2080505 养老”含有文字；应只填编码 2080505",
        "工作表“收入”单元格 A9：“合计”是合计行；合计由程序计算，请删除这一行",
    ]


def test_project_expenditure_needs_a_project(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"支出!G6": 100}))
    assert found == [
        "工作表“支出”单元格 G6：科目 2080505 有项目支出 100 元，但“项目”表中没有该科目的项目；"
        "应在“项目”表登记项目，或改填基本支出"
    ]


def test_amounts_in_wan_are_found_by_comparison(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"基本支出!B5": 500.00, "基本支出!B19": 75}))
    assert len(found) == 1
    assert found[0].startswith("工作表“基本支出”单元格 B5：金额 575（单元格 B5 至 B19）恰为“支出”表")


def test_funds_need_their_item(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"结转结余!A6": "政府性基金预算"}))
    assert found == ["工作表“结转结余”单元格 D6：政府性基金预算的年初结转须写明功能分类科目（7 位编码）"]


def test_repeated_lines_and_differing_texts(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"支出!C7": "一般公共预算", "支出!L7": "别的原因"}))
    assert found == [
        "工作表“支出”单元格 L7：科目 2080108 的“预决算差异原因”已在 L5 填写，两处内容不同；应只保留一处",
        "工作表“支出”单元格 A7：与第 5 行重复（一般公共预算、2080108）；应合并为一行",
    ]


def test_formulas_and_errors(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"收入!C6": "=1+1", "收入!C5": "#REF!"}))
    assert len(found) == 2 and "#REF!" in found[0] and "没有计算结果" in found[1]


def test_formulas_of_the_user_count_by_their_results(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, statute, filled=sample())
    changed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet6.xml"):  # 支出
                written = b"<v>5000000.00</v>"
                assert written in content
                content = content.replace(written, b"<f>2500000*2</f><v>5000000</v>")
            new.writestr(name, content)
    found = read_workbook(changed, statute)
    assert found.problems == []
    assert bare(found) == bare(sample())


def test_strange_sheets_columns_and_names_are_reported_if_they_hold_something(
    edited: Callable[[dict[str, object]], Gathered], tmp_path: Path, statute: Statute
) -> None:
    found = places(edited({"收入!K4": "备注", "收入!K5": "某", "单位信息!A20": "电话", "单位信息!B20": "027"}))
    assert found == [
        "工作表“单位信息”单元格 B20：不认识的项目“电话”，其填写的内容没有读取；应改用规定的项目名称，或删除",
        "工作表“收入”单元格 K4：不认识的列“备注”，其中的内容没有读取；应移入规定的列，或删除",
    ]
    path = tmp_path / "填报.xlsx"
    write_workbook(path, statute, filled=sample())
    book = load_workbook(path)
    book.create_sheet("空表")
    book.create_sheet("草稿")["B2"] = 1
    book["收入"].move_range("A4:J7", cols=2)
    book.save(path)
    found_again = read_workbook(path, statute)
    assert [problem.where for problem in found_again.problems] == ["工作表“草稿”"]
    assert bare(found_again.entries) == bare(sample().entries)


def test_a_missing_heading_is_named(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = places(edited({"收入!A4": "代码"}))
    assert any("找不到表头“功能分类科目编码”" in text for text in found)


def test_merged_cells_give_their_code_to_each_line(tmp_path: Path, statute: Statute) -> None:
    path = tmp_path / "a.xlsx"
    filled = sample()
    filled.entries = [e for e in filled.entries if (e.record, e.function) != ("支出", "2080505")]
    write_workbook(path, statute, filled=filled)
    book = load_workbook(path)
    book["支出"].merge_cells("A5:A6")
    book["支出"].row_dimensions[6].hidden = True
    book.save(path)
    found = read_workbook(path, statute)
    assert [p for p in found.problems if "支出" in p.where and "A6" in p.where] == []
    assert bare(found.entries) == bare(filled.entries)


def test_dates_percentages_and_numbers_as_excel_holds_them(edited: Callable[[dict[str, object]], Gathered]) -> None:
    found = edited({"单位信息!B10": datetime.datetime(2023, 9, 1), "绩效指标!G5": 98.5, "绩效指标!F5": "95%"})
    assert found.problems == []
    assert found.dates["published"] == "2023-09-01"
    assert (found.indicators[0][1].actual, found.indicators[0][1].target) == ("98.5", "95%")


def test_a_rate_of_one_is_asked_back(edited: Callable[[dict[str, object]], Gathered]) -> None:
    assert "得分率按百分数填写，似应为 95" in places(edited({"绩效指标!H6": 0.95}))[0]


def test_files_that_are_no_workbooks(tmp_path: Path, statute: Statute) -> None:
    other = tmp_path / "other.xlsx"
    Book().save(other)
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("x.txt", "x")
    ole = bytes.fromhex("d0cf11e0a1b11ae1")
    cases = {
        "old.xls": (ole + b"\0" * 100, "旧的 .xls 格式"),
        "locked.xlsx": (ole + "EncryptedPackage".encode("utf-16-le"), "有打开密码"),
        "text.xlsx": (b"hello", "不是 Excel 工作簿"),
        "empty.xlsx": (b"", "文件是空的"),
    }
    for name, (content, message) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableSourceError, match=message):
            read_workbook(tmp_path / name, statute)
    absent = tmp_path / "no.xlsx"
    for path, message in ((other, "没有一张规定的工作表"), (broken, "是压缩包"), (absent, "没有这个文件")):
        with pytest.raises(UnreadableSourceError, match=message):
            read_workbook(path, statute)


def test_what_has_no_cell_is_refused(tmp_path: Path, statute: Statute) -> None:
    filled = Gathered(entries=[Entry("支出", "一般公共预算", Decimal(1), nature="别的", function="2080108")])
    filled.texts["没有的"] = "x"
    with pytest.raises(ValueError, match=r"别的.*没有的"):
        write_workbook(tmp_path / "a.xlsx", statute, filled=filled)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fen=st.lists(st.integers(1, 10**13), min_size=10, max_size=60))
def test_amounts_are_exact(tmp_path: Path, statute: Statute, fen: list[int]) -> None:
    codes = [c.code for c in statute.functional.of_year(2022) if len(c.code) == 7]
    entries = [
        Entry("收入", "一般公共预算", Decimal(value).scaleb(-2), function=code)
        for value, code in zip(fen, codes, strict=False)
    ]
    path = tmp_path / "a.xlsx"
    write_workbook(path, statute, filled=Gathered(entries=entries))
    assert [entry.amount for entry in read_workbook(path, statute).entries] == [entry.amount for entry in entries]


def test_addresses_lead_somewhere(statute: Statute) -> None:
    from juesuan.compiler.workbook.plan import address_of

    for sheet in sheets(statute):
        for slot in sheet.inputs:
            if slot.plan.address:
                address = address_of(slot.plan.address)
                assert isinstance(address, Address)
                assert statute.forms[address.form].layout.has(address.row)
                assert address.column in statute.forms[address.form].columns
