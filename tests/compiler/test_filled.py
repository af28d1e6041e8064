"""Forms on a screen: under the workbook's rules, nothing typed is lost, cells are named as people see them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan.account import Address, Fact, Figure
from juesuan.compiler import compile_sources
from juesuan.compiler.editor.carry_over import of_last_year
from juesuan.compiler.editor.content import (
    ContentPlace,
    FilingContent,
    Page,
    contents_of,
    number_text,
    of_gathered,
    of_workbook,
    with_ledger,
)
from juesuan.compiler.editor.examination import examine
from juesuan.compiler.sources import Sources, gather
from juesuan.compiler.workbook.plan import sheets
from juesuan.compiler.workbook.writer import write_contents
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"
WHOLE = EXAMPLE / "whole" / "workbook.xlsx"
LAW = load_statute("wuhan-2022", 2022)


@pytest.fixture
def filled() -> FilingContent:
    """The example's workbook as forms."""
    return of_workbook(WHOLE, LAW)[0]


def test_the_forms_of_a_workbook_make_the_account_of_the_workbook(filled: FilingContent):
    made, wanted = examine(filled, LAW).compilation, compile_sources(WHOLE)
    assert made.final and wanted.final
    figures = [{address: fact.figure for address, fact in c.account.facts.items()} for c in (made, wanted)]
    assert figures[0] == figures[1] and len(figures[0]) > 150
    assert made.account.narrative == wanted.account.narrative
    assert [s.score for s in made.account.sheets] == [Decimal("91.02"), Decimal("87.20"), Decimal("97.82")]


def test_a_wrong_cell_is_named_as_it_stands_on_the_screen(filled: FilingContent):
    line = filled.page("支出").lines[2]
    line.cells["basic"] = "12 万"
    notes = [note for note in examine(filled, LAW).placed if note.level == "error"]
    cell = next(note for note in notes if "12 万" in note.message)
    assert cell.spots == (ContentPlace("支出", line.id, "basic"),)
    assert "应填 120000" in cell.message


def test_a_broken_equation_stands_beside_each_cell_that_takes_part(filled: FilingContent):
    cells = filled.page("三公经费").cells
    cells["b12"] = "99999.99"  # 公务接待费: more than the budget of it.
    notes = [note for note in examine(filled, LAW).placed if ContentPlace("三公经费", 0, "b12") in note.spots]
    assert notes and all(note.issue.code and note.why and note.basis for note in notes)
    assert any("三公经费" in note.message and "“公务接待费 决算数”" in note.message for note in notes)


def test_a_broken_equation_between_sums_stands_above_the_sheets_that_they_are_sums_of(filled: FilingContent):
    filled.page("支出").lines[0].cells["basic"] = "6801980"
    (note,) = (note for note in examine(filled, LAW).placed if note.issue.code == "X36")
    assert "相差 1,000,000.00" in note.message, "one million typed too much"
    assert note.spots == (ContentPlace("支出"), ContentPlace("基本支出")), "many lines of either: the sheets"


def test_a_missing_reason_is_asked_for_where_it_is_written(filled: FilingContent):
    line = next(line for line in filled.page("支出").lines if line.cells.get("reason"))
    del line.cells["reason"]
    key, other = next((key, text) for key, text in filled.page("原因说明").cells.items() if text)
    del filled.page("原因说明").cells[key]
    missing = [note for note in examine(filled, LAW).placed if note.level == "missing"]
    assert {note.spots for note in missing} == {
        (ContentPlace("支出", line.id, "reason"),), (ContentPlace("原因说明", 0, key),),
    }, other


def test_nothing_filled_in_asks_for_everything_and_breaks_nothing():
    found = examine(FilingContent(), LAW)
    spots = {spot for note in found.placed if note.level == "error" for spot in note.spots}
    assert ContentPlace("单位信息", 0, "name") in spots
    assert not found.compilation.sound


def test_a_line_keeps_its_id_while_others_go(filled: FilingContent):
    page = filled.page("支出")
    kept, last = page.lines[3].id, page.last
    del page.lines[0]
    assert page.line(kept) is page.lines[2]
    assert page.add({}).id == last + 1


def test_forms_and_workbook_are_each_other_again(filled: FilingContent, tmp_path: Path):
    filled.page("支出").lines[0].cells["basic"] = "十二万"
    filled.page("单位信息").cells["approved"] = "下个月"
    write_contents(tmp_path / "w.xlsx", LAW, contents_of(filled, LAW))
    again, strange = of_workbook(tmp_path / "w.xlsx", LAW)
    assert strange == []
    for sheet in sheets(LAW):
        one, other = filled.page(sheet.key), again.page(sheet.key)
        assert {k: _plain(v) for k, v in one.cells.items()} == {k: _plain(v) for k, v in other.cells.items()}
        assert [{k: _plain(v) for k, v in line.cells.items()} for line in one.lines] == [
            {k: _plain(v) for k, v in line.cells.items()} for line in other.lines
        ]


def _plain(text: str) -> object:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


TYPED = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_whatever_is_typed_is_a_finding_at_most(data: st.DataObject):
    filled = FilingContent()
    for sheet in data.draw(st.lists(st.sampled_from(sheets(LAW)), max_size=4, unique_by=lambda s: s.key)):
        cells = st.dictionaries(st.sampled_from([slot.plan.key for slot in sheet.inputs]), TYPED, max_size=4)
        if sheet.plan.layout == "fields":
            filled.pages[sheet.key] = Page(cells=data.draw(cells))
        for line in data.draw(st.lists(cells, max_size=3)) if sheet.plan.layout == "list" else ():
            filled.page(sheet.key).add(line)
    before = msgspec.json.encode(filled)
    found = examine(filled, LAW)
    for note in found.placed:
        for spot in note.spots:
            assert spot.line == 0 or filled.page(spot.sheet).line(spot.line), note
    assert msgspec.json.decode(msgspec.json.encode(filled), type=FilingContent) == filled
    assert len(before) <= len(msgspec.json.encode(filled)), "nothing typed is taken away"


def test_a_ledger_becomes_lines_of_the_same_amounts():
    gathered = gather(Sources(None, (EXAMPLE / "ledger.csv",), LAW.profile.key), LAW)
    filled = of_gathered(gathered, LAW)
    spent = [Decimal(line.cells[key]) for line in filled.page("支出").lines for key in ("basic", "project")
             if key in line.cells]
    assert sum(spent) == sum(e.amount for e in gathered.entries if e.record == "支出" and e.function)
    assert {line.cells["source"] for line in filled.page("支出").lines} == {"一般公共预算"}


def test_a_ledger_changes_its_amounts_and_nothing_that_it_does_not_know(filled: FilingContent):
    ledger = of_gathered(gather(Sources(None, (EXAMPLE / "ledger.csv",), LAW.profile.key), LAW), LAW)
    (project,) = (sheet for sheet in sheets(LAW) if sheet.key == "项目")
    before, after = filled.page("项目"), with_ledger(project, filled.page("项目"), ledger.page("项目"))
    assert [line.cells["budget"] for line in after.lines] == [line.cells["budget"] for line in before.lines]
    assert [Decimal(line.cells["outlay"]) for line in after.lines] == [7_840_500, 1_876_400]


def test_the_ledger_of_a_budget_fills_the_workbook_that_goes_with_it():
    law = load_statute("budget-unit", 2022)
    filled, _ = of_workbook(EXAMPLE / "budget" / "workbook.xlsx", law)
    ledger = of_gathered(gather(Sources(None, (EXAMPLE / "budget" / "ledger.csv",), law.profile.key), law), law)
    for sheet in sheets(law):
        filled.pages[sheet.key] = with_ledger(sheet, filled.page(sheet.key), ledger.page(sheet.key)) \
            if ledger.page(sheet.key).lines or ledger.page(sheet.key).cells else filled.page(sheet.key)
    lines = [line.cells for line in filled.page("支出").lines]
    assert all(line.get("source") == "一般公共预算" for line in lines), "a line without its source is the ledger's"
    assert len({line["function"] for line in lines}) == len(lines)
    made, wanted = examine(filled, law).compilation, compile_sources(
        [EXAMPLE / "budget" / "workbook.xlsx", EXAMPLE / "budget" / "ledger.csv"]
    )
    assert made.final
    assert {form.title: form.budget.value for form in made.account.goals} == {
        form.title: form.budget.value for form in wanted.account.goals
    }
    figures = [{address: fact.figure for address, fact in c.account.facts.items()} for c in (made, wanted)]
    assert figures[0] == figures[1]


def test_evidence_comes_only_from_the_files_that_lie_in_the_folder(filled: FilingContent, tmp_path: Path):
    (tmp_path / "outside.csv").write_text("n\n1\n")
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "cards.csv").write_text("n\n7\n8\n")
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    subject, indicator = "整体支出", filled.page("绩效指标").lines[0].cells["name"]
    filled.page("绩效指标").lines[0].cells.pop("actual")
    filled.page("佐证").add({"subject": subject, "name": indicator, "query": "SELECT sum(n) FROM d", "unit": "万笔"})
    filled.page("佐证数据").add({"name": "d", "place": "cards.csv", "columns": "n 整数"})
    made = examine(filled, LAW, folder)
    assert made.compilation.account.sheets[0].indicators[0].actual == "15万笔", made.placed
    for place in ("../outside.csv", str(tmp_path / "outside.csv"), "link.csv", "postgresql://localhost/x"):
        filled.page("佐证数据").lines[0].cells["place"] = place
        notes = examine(filled, LAW, folder).placed
        assert any("不在已上传的佐证数据之内" in note.message for note in notes), place


def test_this_year_begins_with_what_last_year_settles(filled: FilingContent):
    last = examine(filled, LAW).compilation.account
    last.put(Fact(Address("表4", "60", "3"), Figure(Decimal("1200.50"))))
    last.put(Fact(Address("表4", "60", "2"), Figure(Decimal("1200.50"))))
    last.put(Fact(Address("表1", "60", "2"), Figure(Decimal("1500.75"))))
    last.put(Fact(Address("表7", "2120803", "6"), Figure(Decimal("30.00"))))
    begun = of_last_year(last, load_statute("national", 2023))
    assert begun.page("单位信息").cells["year"] == "2023"
    assert begun.page("单位信息").cells["name"] == last.unit.name
    assert begun.page("上年数").cells["total"] == "17774960.00"
    assert [line.cells for line in begun.page("结转结余").lines] == [
        {"source": "一般公共预算", "opening": "1200.50"},
        {"source": "政府性基金预算", "function": "2120803", "opening": "30.00"},
        {"source": "其他资金", "opening": "300.25"},
    ]
    assert set(begun.page("文字说明").cells) == {"主要职能", "机构设置"}
    assert begun.page("原因说明").cells == {} and begun.page("支出").lines == []
    assert all("actual" not in line.cells for line in begun.page("绩效指标").lines)


def test_every_cell_of_the_workbook_is_read_back(tmp_path: Path):
    """Also where a group's heading is called like the cell below it (机关运行经费)."""
    filled = FilingContent()
    for sheet in sheets(LAW):
        cells = {slot.plan.key: "甲" for slot in sheet.inputs}
        if sheet.plan.layout == "list":
            filled.page(sheet.key).add(cells)
        else:
            filled.page(sheet.key).cells.update(cells)
    write_contents(tmp_path / "all.xlsx", LAW, contents_of(filled, LAW))
    again = of_workbook(tmp_path / "all.xlsx", LAW)[0]
    assert {key: (page.cells, [line.cells for line in page.lines]) for key, page in again.pages.items()} == {
        key: (page.cells, [line.cells for line in page.lines]) for key, page in filled.pages.items()}


@pytest.mark.parametrize(("value", "shown"), [
    ("29941.570000", "29941.57"), ("300000.0000", "300000.00"), ("3", "3"), ("0.125", "0.125"), ("12.5", "12.5"),
])
def test_what_comes_from_files_stands_as_somebody_would_type_it(value: str, shown: str) -> None:
    assert number_text(Decimal(value)) == shown
