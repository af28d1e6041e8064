"""The forms that we publish are read back as printed, in every format and under every scheme, and nothing is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import openpyxl
import pytest

import juesuan
from generate import Options, unit
from juesuan.account import Account, Figure, PerformanceSheet
from juesuan.checker import check
from juesuan.compiler.assembly import assemble
from juesuan.publisher import lay_out, publish
from juesuan.publisher.document import Heading
from juesuan.publisher.evaluation import evaluation
from juesuan.reader import read_document
from juesuan.scoring import adopt, score_sheet
from juesuan.statute import Statute, load_statute

PRINTED = ("kind", "title", "scheme", "execution_score", "score", "goals", "attributes", "date")
OF_INDICATOR = ("level1", "level2", "name", "weight", "target", "actual", "score")


def same(published: Account, read: Account) -> None:
    """Every figure and text of the forms that is printed came back."""
    assert len(read.sheets) == len(published.sheets) > 0
    for sheet, back in zip(published.sheets, read.sheets, strict=True):
        for field in PRINTED:
            assert getattr(back, field) == getattr(sheet, field), field
        assert len(back.indicators) == len(sheet.indicators)
        for indicator, line in zip(sheet.indicators, back.indicators, strict=True):
            for field in OF_INDICATOR:
                assert getattr(line, field) == getattr(indicator, field), (indicator.name, field)
            assert line.source is not None
        _money(sheet, back)


def _money(sheet: PerformanceSheet, back: PerformanceSheet) -> None:
    for field in ("budget", "outlay", "initial", "basic", "project"):
        figure: Figure | None = getattr(back, field)
        if figure is not None:
            exact: Figure = getattr(sheet, field)
            assert figure.low <= exact.value <= figure.high, field
    assert {"budget", "outlay"} <= set(dict(back.places))


@pytest.mark.parametrize("form", ["pdf", "docx", "html", "xlsx"])
def test_the_forms_of_the_example(form: str, published: dict[str, Path], example: Account) -> None:
    read = read_document(published[form]).account
    same(example, read)
    for sheet, back in zip(example.sheets, read.sheets, strict=True):
        assert (back.deviation, back.improvement) == (sheet.deviation, sheet.improvement)
        assert back.notes == read.sheets[0].notes != ()
    assert _texts(read) == _texts(example)


def _texts(account: Account) -> list[str]:
    """The key work, white space disregarded."""
    return [re.sub(r"\s", "", f"{work.matter}|{work.goal}|{work.outcome}") for work in account.key_work]


def test_json_loses_nothing(published: dict[str, Path], example: Account) -> None:
    assert read_document(published["json"]).account.sheets == example.sheets


def test_the_workbook_computes_rate_execution_and_total(published: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(published["xlsx"])
    assert book.sheetnames[-4:] == [
        "重点工作完成情况表", "自评表1 武汉市人力资源和社会保障信息中心", "自评表2 人社系统信息化建设项目",
        "自评表3 日常系统运行经费项目",
    ]
    formulas = [str(c.value) for row in book[book.sheetnames[-2]].iter_rows() for c in row if c.data_type == "f"]
    # Title and captions in rows 1 to 3, project and its attributes to row 8, headers in row 9; budget, outlay, rate and
    # score from column D in row 10; seven indicators below their headers, the score of each in column G.
    assert formulas == [
        "=ROUND(E10/D10,4)", "=ROUND(20*MAX(0,MIN(1,E10/D10)),2)", "=ROUND(SUM(G10,G12:G18),2)",
    ]


@pytest.mark.parametrize("key", ["national", "anhui", "sichuan"])
@pytest.mark.parametrize("form", ["docx", "html", "xlsx"])
def test_the_same_forms_under_every_scheme(key: str, form: str, example: Account, tmp_path: Path) -> None:
    scheme = load_statute(example.profile, example.year).schemes[key]
    sheets = tuple(_with_reason(score_sheet(adopt(sheet, scheme), scheme).sheet) for sheet in example.sheets)
    account = msgspec.structs.replace(example, sheets=sheets)
    (path,) = juesuan.publish(account, tmp_path, [form])
    read = read_document(path).account
    same(account, read)
    for sheet, back in zip(account.sheets, read.sheets, strict=True):
        assert (back.deviation, back.improvement) == (sheet.deviation, sheet.improvement)
        assert [line.reason for line in back.indicators] == [line.reason for line in sheet.indicators]
    # Low execution and missed targets are explained, and the form has room for that.
    found = check(read, statute=load_statute(example.profile, example.year)).findings
    assert not {"E152", "E154", "E155"} & {finding.code for finding in found}


def _with_reason(sheet: PerformanceSheet) -> PerformanceSheet:
    """The form with the reason of its first indicator."""
    first, *others = sheet.indicators
    lines = (msgspec.structs.replace(first, reason="年中系统升级停机两周"), *others)
    return msgspec.structs.replace(sheet, indicators=lines)


def _under(scheme: str) -> Statute:
    law = load_statute("national")
    return msgspec.structs.replace(law, profile=msgspec.structs.replace(law.profile, scheme=scheme))


@pytest.mark.parametrize("scheme", ["national", "anhui", "sichuan"])
@pytest.mark.parametrize(("seed", "magnitude", "budget"), [(0, 2, "different"), (1, 5, "zero"), (2, 9, "same")])
def test_units_of_every_size(scheme: str, seed: int, magnitude: int, budget: str, tmp_path: Path) -> None:
    law = _under(scheme)
    shape = Options(items=3, magnitude=magnitude, budget=budget)
    account = assemble(unit(shape, seed, law), law).account
    (path,) = publish(account, tmp_path, ["docx"], statute=law)
    reading = read_document(path, "national")
    same(account, reading.account)
    report = check(reading.account, statute=reading.statute)
    assert not [f.message for f in report.findings if f.code.startswith("E") and f.severity == "error"]


@pytest.mark.parametrize("form", ["pdf", "docx", "html", "xlsx"])
def test_a_place_without_an_appendix_prints_the_forms_that_were_filled_in(form: str, tmp_path: Path) -> None:
    law = load_statute("shanghai-2024")
    account = assemble(unit(Options(items=3), 3, law), law).account
    (path,) = publish(account, tmp_path, [form], statute=law)
    same(account, read_document(path, "shanghai-2024").account)


def test_without_forms_there_is_no_appendix() -> None:
    law = load_statute("shanghai-2024")
    account = assemble(unit(Options(items=3), 3, law), law).account
    titles = [[b.text for b in lay_out(a, law).blocks if isinstance(b, Heading) and b.level == 1]
              for a in (account, msgspec.structs.replace(account, sheets=()))]
    assert titles[0] == [*titles[1], f"第{'一二三四五六七'[len(titles[1])]}部分　附件"]


@pytest.mark.parametrize(
    ("target", "actual", "printed"),
    [
        ("≥95%", "96%", ("≥", "95", "%", "96")),
        ("30万笔", "31万笔", ("", "30", "万笔", "31")),
        # What follows these numbers is no unit alone: they stay whole.
        ("95%以上", "98%", ("", "95%以上", "", "98%")),
        ("2小时内", "1小时", ("", "2小时内", "", "1小时")),
        ("24小时不间断", "24小时", ("", "24小时不间断", "", "24小时")),
        ("有效推动", "有效推动", ("", "有效推动", "", "有效推动")),
    ],
)
def test_sign_number_and_unit_stand_apart_in_sichuan(
    target: str, actual: str, printed: tuple[str, str, str, str], example: Account
) -> None:
    law = _under("sichuan")
    line = msgspec.structs.replace(example.sheets[1].indicators[0], target=target, actual=actual)
    sheet = msgspec.structs.replace(example.sheets[1], indicators=(line,))
    table = evaluation(sheet, law, law.schemes["sichuan"], 2022, "某中心")
    row = next(row for row in table.body if any(cell.text == line.name for cell in row))
    assert tuple(cell.text for cell in row[3:7]) == printed


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_a_transfer_payment_has_its_own_form(form: str, example: Account, tmp_path: Path) -> None:
    law = _under("national")
    attributes = (("项目类别", "市对下转移支付项目"),)
    building = msgspec.structs.replace(example.sheets[1], attributes=attributes)
    sheets = tuple(_with_reason(score_sheet(adopt(sheet, law.schemes["national"]), law.schemes["national"]).sheet)
                   for sheet in (building, example.sheets[2]))
    account = msgspec.structs.replace(example, sheets=sheets)
    (path,) = publish(account, tmp_path, [form])
    read = read_document(path).account
    assert [sheet.heading for sheet in read.sheets] == [
        "转移支付区域（项目）绩效自评表（2022年度）", "项目支出绩效自评表（2022年度）",
    ]
    same(account, read)
    assert [line.reason for line in read.sheets[0].indicators] == [line.reason for line in sheets[0].indicators]
