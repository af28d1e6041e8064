"""Whose money a project spends: from the ledger, from the unit's own word, or from the only possible source."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from juesuan.account import Project, Source
from juesuan.compiler.assembly import Compilation, assemble
from juesuan.compiler.entries import Entry, Gathered
from juesuan.statute import load_statute

GENERAL, FUND, CAPITAL, OTHER = "一般公共预算", "政府性基金预算", "国有资本经营预算", "其他资金"
LAW = load_statute("wuhan-2022")


def yuan(amount: int) -> Decimal:
    return Decimal(amount)


def spent(source: str, amount: int, function: str = "2120399", project: str = "") -> Entry:
    return Entry("支出", source, yuan(amount), "项目支出", function, project=project)


def project(name: str, outlay: int, function: str = "2120399", fund: str = "") -> Project:
    place = Source(file="workbook.xlsx", sheet="项目", cell="A5")
    return Project(name, function, yuan(outlay), yuan(outlay), fund=fund, source=place)


def compiled(entries: list[Entry], projects: list[Project], key: str = "wuhan-2022") -> Compilation:
    gathered = Gathered(year=2022, entries=entries, projects=projects)
    return assemble(gathered, LAW if key == LAW.profile.key else load_statute(key))


def listed(made: Compilation) -> str:
    """What the sentence on the projects of the general budget lists."""
    texts = (p.text for section in made.account.narrative if section.key == "一般公共预算" for p in section.paragraphs)
    return "".join(text.partition("项目支出主要用于：")[2] for text in texts)


def test_a_project_of_another_fund_is_not_listed_under_the_general_budget():
    """The sentence that was published: 422.41 under a total of 374.42, the difference paid from a government fund."""
    entries = [spent(GENERAL, 3_744_200), spent(FUND, 479_900, "2120899")]
    made = compiled(entries, [project("道路维护", 3_744_200), project("征地补偿", 479_900, "2120899")])
    assert listed(made) == "道路维护374.42万元。"
    assert not made.problems


def test_a_project_of_two_funds_is_listed_with_what_the_general_budget_paid():
    entries = [spent(GENERAL, 3_000_000), spent(FUND, 1_000_000)]
    made = compiled(entries, [project("道路维护", 4_000_000)])
    assert listed(made) == "道路维护300万元。"
    assert made.account.projects[0].outlay == 4_000_000


def test_the_ledger_knows_the_source_of_each_project():
    entries = [spent(GENERAL, 500_000, project="甲"), spent(FUND, 700_000, project="甲")]
    entries.append(spent(FUND, 90_000, project="乙"))
    made = compiled(entries, [Project(name, "2120399", yuan(0), yuan(outlay), source=Source(file="ledger.csv"))
                              for name, outlay in (("甲", 1_200_000), ("乙", 90_000))])
    assert [p.outlays for p in made.account.projects] == [{GENERAL: 500_000, FUND: 700_000}, {FUND: 90_000}]
    assert listed(made) == "甲50万元。"


def test_a_project_of_two_items_has_the_outlays_of_both():
    place = Source(file="ledger.csv")
    entries = [spent(GENERAL, 500_000, project="甲"), spent(GENERAL, 300_000, "2120501", "甲")]
    recorded = [Project("甲", "2120399", yuan(0), yuan(500_000), source=place),
                Project("甲", "2120501", yuan(0), yuan(300_000), source=place)]
    made = compiled(entries, recorded)
    assert [p.outlay for p in made.account.projects] == [800_000]
    assert listed(made) == "甲80万元。"


def test_the_unit_says_which_project_of_an_item_is_paid_from_where():
    entries = [spent(GENERAL, 500_000), spent(FUND, 700_000)]
    lines = [project("甲", 300_000, fund=GENERAL), project("乙", 200_000, fund=GENERAL)]
    lines.append(project("乙", 700_000, fund=FUND))
    made = compiled(entries, lines)
    assert not made.problems
    assert listed(made) == "甲30万元；乙20万元。"
    assert made.account.projects[1].outlay == 900_000


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([spent(GENERAL, 500_000), spent(FUND, 700_000)],
         ("科目 2120399 的项目支出有几种资金来源（一般公共预算、政府性基金预算）", "“资金来源”列")),
        ([spent(GENERAL, 500_000, "2080199"), spent(FUND, 700_000, "2120899")],
         ("科目 2120399 没有项目支出", "请核对项目的科目编码")),
    ],
)
def test_who_could_be_paid_from_several_is_asked_for(entries: list[Entry], words: tuple[str, ...]):
    made = compiled(entries, [project("甲", 300_000), project("乙", 200_000)])
    assert len(made.problems) == 2 and not made.sound
    for problem in made.problems:
        assert problem.where == "工作表“项目”单元格 A5"
        assert all(word in problem.message for word in words), problem.message


def test_nobody_is_asked_what_no_sentence_tells():
    two = [project("甲", 300_000), project("乙", 200_000)]
    assert not compiled([spent(FUND, 500_000), spent(OTHER, 700_000)], two).problems
    shanghai = compiled([spent(GENERAL, 500_000), spent(FUND, 700_000)], two, "shanghai-2024")
    assert not shanghai.problems, "its text lists no projects"


def test_without_a_project_of_the_general_budget_there_is_no_list():
    made = compiled([spent(FUND, 479_900)], [project("征地补偿", 479_900)])
    text = "".join(p.text for section in made.account.narrative for p in section.paragraphs)
    assert "项目支出主要用于" not in text


def test_projects_in_wan_are_told_by_what_was_spent_on_their_item() -> None:
    """An export or a ledger says 7,840,500 元 where the sheet of projects has 784.05."""
    made = compiled([spent(GENERAL, 7840500)], [project("系统建设", 784), project("维修", 7840500, "2120199")])
    assert not [each for each in made.problems if each.code == "L102"]
    small = msgspec.structs.replace(project("系统建设", 0), outlay=Decimal("784.05"))
    (told,) = [each for each in compiled([spent(GENERAL, 7840500)], [small]).problems if each.code == "L102"]
    assert "784.05" in told.message and "7840500" in told.message and "应改为元" in told.message
    assert str(told).startswith("workbook.xlsx 工作表“项目”")
