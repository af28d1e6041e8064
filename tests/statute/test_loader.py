"""The loader: every mistake at once with file and line, overlays, and a change of the law that changes everything."""

from __future__ import annotations

import csv
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from generate import Options, unit
from juesuan.account import Issue, Source, Unit
from juesuan.compiler.assembly import assemble
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.workbook.plan import sheets
from juesuan.publisher import lay_out
from juesuan.publisher.data import write_csv, write_json
from juesuan.publisher.document import Table
from juesuan.publisher.xlsx.writer import write_xlsx
from juesuan.statute import ROOT, StatuteError, load_statute, profiles
from juesuan.statute.source import Node, Sequence, overlay, read_yaml


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the statute's data."""
    folder = tmp_path / "statute"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.lark"))
    return folder


def edit(root: Path, file: str, old: str, new: str, count: int = 1) -> int:
    """Replaces `old` and gives the line on which the change begins."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, (file, old)
    start = text.index(old)
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return text[:start].count("\n") + 1


def mistakes(root: Path, profile: str = "national") -> tuple[Issue, ...]:
    with pytest.raises(StatuteError) as caught:
        load_statute(profile, None, root)
    return tuple(caught.value.mistakes)


@pytest.mark.parametrize("key", profiles())
def test_every_profile_loads(key: str) -> None:
    statute = load_statute(key)
    assert len(statute.printed) >= 9
    assert {field.key for field in statute.profile.overview} >= {"主要职能", "机构设置"}


def test_all_mistakes_are_listed_at_once_with_file_and_line(root: Path) -> None:
    clauses, inside, between = "clauses/national.yaml", "relations/inside.yaml", "relations/between.yaml"
    (root / "schemes" / "sichuan.yaml").write_text("key: sichuan\ntitle: [一\nbasis: 二\n", encoding="utf-8")
    expected = {
        ("schemes/sichuan.yaml", 3): "不是合格的 YAML",
        ("forms/table2.yaml", edit(root, "forms/table2.yaml", "wide: true", "wide: true\nbreite: 3") + 1): "breite",
        (inside, edit(root, inside, "  is: 27行 = (1+2+3+4+5+6+7+8)行", "  is: 27行 = (1+2+99)行")): "没有“99行”",
        (between, edit(root, between, "27行1栏 = 表2!合计行1栏", "27行1栏 = = 表2!合计行1栏")): "X30",
        (between, edit(root, between, "58行2栏 = 表3!合计行1栏", "58行2栏 = 表30!合计行1栏")): "没有“表30”这张表",
        (clauses, edit(root, clauses, "机关运行!金额行数栏", "机关运作!金额行数栏")): "没有“机关运作”这张表",
        (clauses, edit(root, clauses, "{总计}万元。\"}]", "{总记}万元。\"}]")): "“{总记}”没有声明",
        (clauses, edit(root, clauses, "when: 收入合计 > 0,", "when: 收入合计 大于 0,")): "收入合计 大于 0",
        (clauses, edit(root, clauses, "when: 支出合计 > 0,", "when: 支出合记 > 0,")): "“支出合记”没有声明",
        ("classification/functional.csv", 3): "编码应为",
    }  # fmt: skip
    # A missing basis is told at the relation that lacks it; a key written twice where it is written again.
    x31 = edit(root, between, "X341:\n", "X341:\n")
    edit(root, between, "  why: 一般公共预算财政拨款收入在两张总表中应一致。\n  basis: 部门决算报表 表间审核关系\n",
         "  why: 一般公共预算财政拨款收入在两张总表中应一致。\n")  # fmt: skip
    twice = edit(root, "relations/structure.yaml", "R22:\n", "R21:\n")
    lines = (root / "classification/functional.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = "2010X,人大事务,,,knowledge\n"
    (root / "classification/functional.csv").write_text("".join(lines), encoding="utf-8")
    found = mistakes(root)
    for (file, line), words in expected.items():
        assert any(m.place == Source(file=file, line=line) and words in m.message for m in found), (file, line, words)
    assert any(m.place.file == between and abs(m.place.line - x31) <= 1 and "basis" in m.message for m in found)
    again = Source(file="relations/structure.yaml", line=twice)
    assert any(m.place == again and "写了两次" in m.message for m in found)
    # Nothing else is said: no mistake draws others after it, and each is in Chinese.
    assert len(found) == len(expected) + 2, "\n".join(map(str, found))
    assert all(re.search(r"[\u4e00-\u9fff]", mistake.message) for mistake in found)
    assert str(found[0]).startswith(f"{found[0].place.file} 第{found[0].place.line}行：")
    assert {issue.code for issue in found} == {"H101", "H102", "H103"}


def test_a_form_that_is_no_yaml_is_one_mistake(root: Path) -> None:
    path = root / "forms" / "table9.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  - {key: [\n", encoding="utf-8")
    found = mistakes(root, "wuhan-2022")
    assert [mistake.place.file for mistake in found] == ["forms/table9.yaml"]
    assert "不是合格的 YAML" in found[0].message and found[0].code == "H101"


def test_an_unknown_profile_names_those_there_are(root: Path) -> None:
    [mistake] = mistakes(root, "wuhan")
    assert all(key in mistake.message for key in profiles()) and mistake.code == "H104"


def test_a_basis_that_is_no_registered_document_is_a_mistake(root: Path) -> None:
    edit(root, "relations/between.yaml", "  basis: 部门决算报表 表间审核关系\n", "  basis: 某通知\n")
    assert {mistake.code for mistake in mistakes(root)} == {"H105"}


def test_a_relation_without_examples_is_a_mistake(root: Path) -> None:
    line = edit(root, "relations/inside.yaml", "  ok: {31行: 12.00, 62行: 12.00}\n", "")
    [mistake] = mistakes(root)
    assert mistake.place.file == "relations/inside.yaml" and "ok" in mistake.message and mistake.code == "H106"
    assert 0 < line - mistake.place.line < 9


def tree(tmp_path: Path, text: str) -> Node:
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")
    found: list[Issue] = []
    read = read_yaml(path, "t.yaml", found)
    assert not found
    return read


def test_overlays_drop_insert_and_replace(tmp_path: Path) -> None:
    base = tree(tmp_path, "a: 1\nlist: [{key: x, v: 1}, {key: y, v: 2, w: 3}, {key: z}]\nplain: [1, 2]\ngone: 5\n")
    change = tree(
        tmp_path,
        "a: 2\nlist: [{key: x, drop: true}, {key: y, v: 9}, {key: n, before: y}, {key: last}]\nplain: [3]\ngone:\n",
    )
    merged = overlay(base, change)
    assert merged["a"] == "2"
    assert merged["list"] == [{"key": "n"}, {"key": "y", "v": "9", "w": "3"}, {"key": "z"}, {"key": "last"}]
    assert merged["plain"] == ["3"]
    assert "gone" not in merged
    assert merged.at("a") == ("t.yaml", 1)
    assert isinstance(merged["list"], Sequence) and base["list"][0]["key"] == "x"


def test_scalars_stay_as_they_are_written(tmp_path: Path) -> None:
    read = tree(tmp_path, "code: 0108\nrate: 1.10\nyes: yes\nempty: ~\n")
    assert dict(read) == {"code": "0108", "rate": "1.10", "yes": "yes", "empty": None}


DONATED = Decimal("123456.78")


def donation(root: Path) -> Gathered:
    """A ninth kind of income, put into the law by hand, and a unit that receives it."""
    edit(root, "forms/table1.yaml", "      - {key: 空行9, line: 9, number: {1900: 7, 2019: 9}}\n",
         "      - {key: 捐赠收入, line: 9, label: 九、捐赠收入, "
         "takes: {record: 收入, sources: [捐赠收入]}}\n")  # fmt: skip
    edit(root, "forms/table2.yaml", "takes: {record: 收入, sources: [其他收入]}}\n",
         "takes: {record: 收入, sources: [其他收入]}}\n"
         "      - {key: 8, heads: [捐赠收入], takes: {record: 收入, sources: [捐赠收入]}}\n")  # fmt: skip
    edit(root, "relations/inside.yaml", "is: 27行 = (1+2+3+4+5+6+7+8)行", "is: 27行 = (1+2+3+4+5+6+7+8+9)行")
    edit(root, "relations/inside.yaml", "is: 1栏各行 = (2+3+4+5+6+7)栏各行", "is: 1栏各行 = (2+3+4+5+6+7+8)栏各行")
    return Gathered(
        unit=Unit("示例市博物馆"), year=2022,
        entries=[
            Entry("收入", "一般公共预算", Decimal(1000000), function="2070205"),
            Entry("收入", "捐赠收入", DONATED, function="2070205"),
        ],
    )  # fmt: skip


def test_a_new_line_in_the_law_changes_everything_without_code(root: Path, tmp_path: Path) -> None:
    gathered = donation(root)
    statute = load_statute("national", None, root)
    compilation = assemble(gathered, statute)
    account = compilation.account
    assert [fault.message for fault in compilation.faults if fault.severity == "error"] == []
    assert account.facts["表1!9行1栏"].figure.value == DONATED
    assert account.facts["表2!2070205行8栏"].figure.value == DONATED
    for total in ("表1!27行1栏", "表1!31行1栏", "表2!合计行1栏"):
        assert account.facts[total].figure.value == Decimal(1000000) + DONATED
    document = lay_out(account, statute)
    tables = {block.key: block for block in document.blocks if isinstance(block, Table)}
    [row] = [row for row in tables["表1"].body if row[0].text == "九、捐赠收入"]
    assert [cell.text for cell in row[:3]] == ["九、捐赠收入", "9", "12.35"]
    assert "27行 = (1+2+3+4+5+6+7+8+9)行" in tables["表1"].notes[-1]
    assert any(cell.text == "捐赠收入" for row in tables["表2"].header for cell in row)
    prose = "".join(p.text for section in account.narrative for p in section.paragraphs)
    # 123456.78 / 1123456.78 = 10.99 %
    assert "捐赠收入12.35万元，占本年收入11%" in prose
    # Excel sums the new line too.
    write_xlsx(document, account, statute, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["收入支出决算总表"]
    [line] = [row for row in sheet.iter_rows() if row[0].value == "九、捐赠收入"]
    assert line[2].value == pytest.approx(12.345678)
    first = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("一、一般公共预算"))
    [whole] = [row for row in sheet.iter_rows() if row[0].value == "本年收入合计"]
    assert whole[2].value == f"=ROUND(SUM(C{first[2].row}:C{line[2].row}),6)"
    # JSON and CSV.
    write_json(account, tmp_path / "t.json")
    facts = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["facts"]
    assert facts["表1!9行1栏"]["figure"]["value"] == "123456.78"
    write_csv(account, statute, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        [written] = [row for row in csv.DictReader(file) if row["表"] == "表1" and row["行"] == "9"]
    assert (written["行名称"], written["数值"], written["印刷值"]) == ("九、捐赠收入", "123456.78", "12.35")
    # The workbook to fill in.
    income = next(sheet for sheet in sheets(statute) if sheet.key == "收入")
    slot = income.slot("捐赠收入")
    assert slot is not None and slot.plan.label == "捐赠收入" and slot.plan.entry is not None
    assert slot.plan.entry.source == "捐赠收入"


def test_without_the_new_line_the_income_is_not_lost_silently() -> None:
    gathered = Gathered(
        unit=Unit("示例市博物馆"), year=2022, entries=[Entry("收入", "捐赠收入", DONATED, function="2070205")]
    )
    compilation = assemble(gathered, load_statute("national"))
    assert not compilation.sound
    assert "捐赠收入 收入 2070205 123,456.78元" in compilation.faults[0].message


def test_a_new_label_is_printed_everywhere(root: Path, tmp_path: Path) -> None:
    edit(root, "forms/table1.yaml", "2019: 五、事业收入", "2019: 五、事业单位业务收入")
    statute = load_statute("wuhan-2022", None, root)
    account = assemble(unit(Options(), 5, statute), statute).account
    document = lay_out(account, statute)
    [table] = [block for block in document.blocks if isinstance(block, Table) and block.key == "表1"]
    assert "五、事业单位业务收入" in {cell.text for row in table.body for cell in row}
    write_xlsx(document, account, statute, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["收入支出决算总表"]
    assert "五、事业单位业务收入" in {row[0].value for row in sheet.iter_rows()}
    income = next(sheet for sheet in sheets(statute) if sheet.key == "收入")
    assert "事业单位业务收入" in {slot.plan.label for slot in income.slots}
