"""Plain text whose columns only blanks hold apart, as programs copy the pages of a PDF."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from juesuan.reader import read_document
from juesuan.reader.files import read_raw
from juesuan.reader.raw import RawTable

ROWS = [
    ("", "合计", "320.50", "300.50", "15.00", "5.00"),
    ("201", "一般公共服务支出", "320.50", "300.50", "15.00", "5.00"),
    ("20126", "档案事务", "320.50", "300.50", "15.00", "5.00"),
    ("2012601", "行政运行", "200.50", "190.50", "10.00", ""),
    ("2012604", "档案馆", "120.00", "110.00", "5.00", "5.00"),
]
HEADS = ("科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "其他收入")


def _aligned(rows: list[tuple[str, ...]]) -> str:
    """The form as it is copied: two columns of names, then amounts that end below each other."""
    return "".join(
        f"{code:10}{name:14}" + "".join(f"{each:>14}" for each in cells) + "\n" for code, name, *cells in [HEADS, *rows]
    )


TITLE = f"{'收入决算表':>40}\n\n{'公开02表':>76}\n部门：青山档案中心{'单位：万元':>64}\n\n"
INCOME = TITLE + _aligned(ROWS)
WORDS = "2023年度收入总计320.50万元，比上年增加20.50万元，增长6.83%，主要是档案馆  修缮经费增加。\n"


def _table(folder: Path, text: str) -> RawTable | None:
    file = folder / "公开.txt"
    file.write_text(text, encoding="utf-8")
    return next((block for block in read_raw(file).blocks if isinstance(block, RawTable)), None)


def test_every_cell_of_an_aligned_form_is_read(tmp_path: Path) -> None:
    file = tmp_path / "青山档案中心2023年度决算.txt"
    file.write_text("青山档案中心2023年度单位决算\n\n" + INCOME + "\n" + WORDS, encoding="utf-8")
    found = sorted(fact.figure.value for fact in read_document(file).account.of_form("表2"))
    assert found == sorted(Decimal(each) * 10_000 for row in ROWS for each in row[2:] if each)


def test_chinese_signs_may_be_twice_as_wide(tmp_path: Path) -> None:
    def padded(text: str, width: int) -> str:
        return text + " " * (width - len(text) - sum(sign > "\u2e80" for sign in text))

    # Names of several lengths: by the count of signs their amounts stand nowhere below each other.
    names = [(f"{code:10}{padded(name, 36)}", amounts) for code, name, *amounts in ROWS]
    lines = "".join(name + "".join(f"{each:>12}" for each in amounts) + "\n" for name, amounts in names)
    head = f"{padded('科目编码', 10)}{padded('科目名称', 36)}本年收入合计  财政拨款收入    事业收入    其他收入\n"
    table = _table(tmp_path, "收入决算表\n公开02表\n部门：青山档案中心　　单位：万元\n" + head + lines)
    assert table is not None
    assert {cell.text for cell in table.cells if cell.text[:1].isdigit()} == {
        text for _, _, *amounts in ROWS for text in amounts if text
    } | {code for code, *_ in ROWS if code}


def test_amounts_without_a_blank_between_stay_text(tmp_path: Path) -> None:
    torn = "".join(f"{code:10}{name:14}  505.90.0 52.00.0\n" for code, name, *_ in ROWS)
    assert _table(tmp_path, TITLE + torn) is None


def test_sentences_stay_text(tmp_path: Path) -> None:
    assert _table(tmp_path, WORDS * 12) is None


def test_a_table_whose_amounts_lost_their_names_stays_text(tmp_path: Path) -> None:
    nameless = [("", "", *cells) for _, _, *cells in ROWS]
    assert _table(tmp_path, INCOME) is not None
    assert _table(tmp_path, TITLE + _aligned(nameless)) is None
