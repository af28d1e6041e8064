"""The glossary's items: known definitions, the unit's own, last year's; and those that define nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, GlossaryEntry, Passage, Source, Unit
from juesuan.checker import check
from juesuan.compiler.assembly import Compilation, assemble
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.explaining import former_definitions
from juesuan.statute import load_statute
from juesuan.statute.language import known_definition, repeats_name

LAW = load_statute("national", 2023)
GROWTH = "2130122"
"""农业生产发展: an item of which no definition is declared."""


def made(*codes: str, **texts: str) -> Compilation:
    gathered = Gathered(unit=Unit("示例中心"), year=2023, texts=dict(texts))
    for code in codes:
        gathered.entries.append(Entry("支出", "一般公共预算", Decimal(100), nature="基本支出", function=code))
        gathered.entries.append(Entry("收入", "一般公共预算", Decimal(100), function=code))
    gathered.places = {f"名词:{GROWTH}": Source(file="决算.xlsx", sheet="名词解释", cell="C5")}
    return assemble(gathered, LAW)


def glossary(compilation: Compilation) -> dict[str, str]:
    return {entry.code: entry.text for entry in compilation.account.glossary if entry.code.isdigit()}


def test_known_items_are_defined_and_the_rest_is_listed():
    compilation = made("2130314", "2130301", "2130399", GROWTH)
    said = glossary(compilation)
    assert said["2130314"].startswith("反映防汛业务支出，包括防汛物资购置管护")
    assert said["2130301"] == "反映行政单位（包括实行公务员管理的事业单位）的基本支出。"
    assert said["2130399"] == "反映除上述项目以外其他用于水利方面的支出。"
    assert said[GROWTH] == "见财政部《2023年政府收支分类科目》对本科目的说明。"
    (note,) = (note for note in compilation.notes if note.code == "L206")
    assert note.severity == "notice"
    assert "有 1 个科目没有解释" in note.message and "2130122 农业生产发展" in note.message


def test_the_units_own_definition_is_taken_and_an_empty_one_told():
    own = "反映支持粮油生产、适度规模经营和农业社会化服务等方面的支出。"
    compilation = made(GROWTH, **{f"名词:{GROWTH}": own})
    assert glossary(compilation)[GROWTH] == own and not compilation.notes
    (note,) = made(GROWTH, **{f"名词:{GROWTH}": "反映用于农业生产发展方面的支出"}).notes
    assert (note.where, note.place.cell) == ("名词解释!C5", "C5") and "只重复了科目名称" in note.message


@pytest.mark.parametrize(
    ("name", "text", "empty"),
    [
        ("防汛", "反映用于防汛方面的支出。", True),
        ("住房公积金", "反映住房公积金支出", True),
        ("其他水利支出", "反映其他水利支出。", True),
        ("信息化建设", "主要是指本单位用于信息化建设的各项支出", True),
        ("事业单位离退休", "反映事业单位开支的离退休经费。", False),
        ("事业运行", "反映事业单位的基本支出", False),
        ("防汛", "反映防汛物资购置和水毁修复支出", False),
    ],
)
def test_a_text_that_only_repeats_the_name_is_no_definition(name: str, text: str, empty: bool):
    assert repeats_name(name, text) is empty


def test_last_years_definitions_come_along_where_none_is_known():
    heading = "农林水支出（类）农业农村（款）"
    former = Account("national", 2022, Unit("示例中心"))
    former.passages = (
        Passage(f"1. {heading}农业生产发展（项）：反映支持粮油生产的支出。"),
        Passage(f"2. {heading}防灾救灾（项）：反映用于防灾救灾方面的支出。"),
        Passage("3. 农林水支出(类)水利(款)防汛(项):反映抢险的支出。"),
    )
    assert former_definitions(former, LAW) == {f"名词:{GROWTH}": "反映支持粮油生产的支出。"}
    former.passages = ()
    former.glossary = (GlossaryEntry("…", "见财政部《2022年政府收支分类科目》对本科目的说明。", GROWTH),)
    assert former_definitions(former, LAW) == {}


def test_the_checker_notices_definitions_that_repeat_the_name():
    account = made("2130314", "2130305").account
    account.passages = (
        Passage("第五部分 名词解释"),
        Passage("1. 农林水支出（类）水利（款）防汛（项）：反映用于防汛方面的支出。"),
        Passage("2. 农林水支出（类）水利（款）水利工程建设（项）：反映堤防、水库等工程的建设支出。"),
    )
    found = [issue for issue in check(account, statute=LAW).findings if issue.code == "N70"]
    assert [issue.severity for issue in found] == ["notice"]
    assert "防汛“反映用于防汛方面的支出”" in found[0].message and "水利工程建设" not in found[0].message


def test_what_the_classification_itself_words_so_is_no_finding():
    known = known_definition("2070104", LAW)
    assert known is not None and repeats_name("图书馆", known.text)
    account = made("2070104").account
    line = f"文化旅游体育与传媒支出（类）文化和旅游（款）图书馆（项）：{known.text}"
    account.passages = (Passage("第五部分 名词解释"), Passage(line))
    assert not [issue for issue in check(account, statute=LAW).findings if issue.code == "N70"]
