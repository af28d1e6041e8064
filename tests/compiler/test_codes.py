"""What is wrong in a workbook, a ledger or a file comes under the rule that explains it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Indicator, Issue, Project, Unit, UnreadableFileError, UnreadableSourceError
from juesuan.compiler import Entry, Gathered, cells
from juesuan.compiler.assembly import assemble
from juesuan.compiler.cells import Raw
from juesuan.compiler.coding import Classification, Coding
from juesuan.compiler.ledger.entries import read_ledger
from juesuan.compiler.ledger.sql import LISTED
from juesuan.compiler.messages import BadValueError, say
from juesuan.compiler.workbook.reader import read_workbook
from juesuan.reader import read_document
from juesuan.statute import load_statute

LAW = load_statute("national", 2022)
GENERAL = "一般公共预算"
HEAD = "单位编码,单位名称,资金性质,收支类别,支出性质,功能分类科目编码,经济分类科目编码,项目名称,月份,金额\n"


def code_of(read: Callable[[], object]) -> str:
    with pytest.raises(BadValueError) as caught:
        read()
    return caught.value.message.code


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("L101", lambda: cells.amount("壹万元")),
        ("L102", lambda: cells.amount("1.23456")),
        ("L103", lambda: cells.amount("-5")),
        ("L104", lambda: cells.points("185")),
        ("L105", lambda: cells.iso_date("年底", "2023-09-15")),
        ("L106", lambda: cells.choice("也许", ["是", "否"])),
    ],
)
def test_a_cell(code: str, read: Callable[[], object]) -> None:
    assert code_of(read) == code


@pytest.mark.parametrize(
    ("code", "written", "classification"),
    [
        ("L111", "20805", "功能分类"),
        ("L111", "合计", "功能分类"),
        ("L112", "2080506", "功能分类"),
        ("L113", "2089898", "功能分类"),
        ("L113", "30198", "经济分类"),
    ],
)
def test_a_code(code: str, written: Raw, classification: Classification) -> None:
    old = load_statute("national", 2010) if code == "L112" else LAW
    assert code_of(lambda: Coding(old).read(written, classification)) == code


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("uncached", "L107"), ("function.needed", "L114"), ("required.field", "L121"), ("duplicate", "L122"),
        ("project.missing", "L123"), ("project.fund", "L124"), ("sheet.missing", "L131"), ("label.unknown", "L132"),
        ("ledger.large", "J108"), ("evidence.differs", "V101"), ("evidence.place", "V102"), ("file.encrypted", "Q103"),
    ],
)
def test_the_words_belong_to_their_rule(key: str, code: str) -> None:
    names = ("found", "source", "record", "label", "line", "what", "code", "amount", "sheet", "funds", "name", "typed",
             "query", "data", "value", "entries", "file")  # fmt: skip
    message = say(key, **dict.fromkeys(names, "某"))
    assert message.code == code and "{" not in message


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,甲,,支出,基本支出,2080150,30101,,1,5", "J102"),
        ("1,甲,111,其他的,基本支出,2080150,30101,,1,5", "J103"),
        ("1,甲,111,支出,日常,2080150,30101,,1,5", "J104"),
        ("1,甲,111,支出,基本支出,,30101,,1,5", "J105"),
        ("1,甲,111,支出,基本支出,2080150,30101,,13,5", "J106"),
        ("1,甲,111,支出,基本支出,2080150,30101,,1,-5", "J107"),
        (",,111,支出,基本支出,2080150,30101,,1,5", "J109"),
        ("1,甲,111,支出,基本支出,2080150,30101,,1,5,多的", "J101"),
        ("1,甲,111,支出,基本支出,2080150,30101,,1,壹元", "L101"),
    ],
)
def test_a_line_of_a_ledger(tmp_path: Path, line: str, code: str) -> None:
    path = tmp_path / "明细账.csv"
    path.write_text(HEAD + "1,甲,111,支出,基本支出,2080150,30101,,1,100\n" + line + "\n", encoding="utf-8")
    assert code in {problem.code for problem in read_ledger(path, LAW).problems}


def test_many_lines_of_one_kind(tmp_path: Path) -> None:
    path = tmp_path / "明细账.csv"
    wrong = "1,甲,,支出,基本支出,2080150,30101,,1,5\n"
    path.write_text(HEAD + wrong * (LISTED + 1), encoding="utf-8")
    assert "J111" in {problem.code for problem in read_ledger(path, LAW).problems}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("没有.csv", None, "Q101"),
        ("空.csv", b"", "Q102"),
        ("名单.csv", "姓名,年龄\n甲,30\n".encode(), "J110"),
        ("旧.csv", b"\xff\xff,\xff\n", "Q105"),
    ],
)
def test_a_file_that_is_no_ledger(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableSourceError) as caught:
        read_ledger(path, LAW)
    assert caught.value.code == code


def test_files_of_another_kind(tmp_path: Path) -> None:
    book, document = tmp_path / "填报.xlsx", tmp_path / "决算.pdf"
    book.write_bytes(b"no workbook")
    document.write_bytes(b"no document")
    with pytest.raises(UnreadableSourceError) as source:
        read_workbook(book, LAW)
    with pytest.raises(UnreadableFileError) as published:
        read_document(document)
    assert (source.value.code, published.value.code) == ("Q104", "Q201")


def by_code(issues: tuple[Issue, ...]) -> dict[str, Issue]:
    return {issue.code: issue for issue in issues}


def test_what_only_the_whole_account_shows() -> None:
    gathered = Gathered(unit=Unit("示例中心"), year=2022)
    gathered.entries = [Entry("收入", "捐赠收入", Decimal(500), function="2080150")]
    gathered.projects = [Project("系统运维", "2080150", Decimal(0), Decimal(0))]
    gathered.indicators = [("系统运维", Indicator("产出指标", "数量指标", "次数", Decimal(40), "≥100次", "60次"))]
    made = assemble(gathered, LAW)
    lost = by_code(made.faults)["L201"]
    assert "500.00元" in lost.message and lost.severity == "error"
    texts = by_code(made.missing)
    assert {"L202", "L203"} <= set(texts)
    assert texts["L203"].address.startswith("偏差原因") and "比目标值差 40%" in texts["L203"].expected
