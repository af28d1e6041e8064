"""What reviewers see of a filing, who may take which step, and what is asked before anything is public."""

from __future__ import annotations

import html
import re

import msgspec
import pytest
from sqlalchemy import select

from juesuan.account import Issue, Severity
from juesuan.compiler.editor import ContentPlace, PlacedIssue
from juesuan.web.auth.users import add_user
from juesuan.web.filing.findings import FiledFinding, FindingExplanation, carried, key_of, together, with_place
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import Filing, FilingStep, Publication

from .conftest import PASSWORD, SERVER_ENGINE, Browser, City
from .filling import revision, save, take
from .publishing import work
from .samples import UNIT

SAID = "指标由系统自动统计，已逐项核对。"


@pytest.fixture
def ready(started: tuple[City, Browser, str]) -> tuple[City, Browser, str]:
    """A filing that can be sent in: the workbook of the example under the name of the unit."""
    _, browser, address = started
    save(browser, address, "单位信息", **{"0.name": ("武汉市人力资源和社会保障信息中心", UNIT)})
    return started


def _row(city: City) -> Filing:
    with city.site.database.reading() as session:
        return session.scalars(select(Filing)).one()


def _explain(browser: Browser, address: str, text: str = SAID):
    page = browser.get(address).text
    fields = re.findall(r'name="e\.(\w+)"', page)
    seen = dict(re.findall(r'name="s\.(\w+)" value="([^"]*)"', page))
    sent = {f"e.{key}": text for key in fields} | {f"s.{key}": seen[key] for key in fields}
    return browser.post(f"{address}/explanations", sent)


def _count(page: str, level: str) -> str:
    found = re.search(rf'<li class="{level}"><b>(\d+)</b>([^<]*)', page)
    assert found
    return f"{found[1]}{found[2]}"


def _go(city: City, address: str, *steps: tuple[str, str]) -> None:
    for name, key in steps:
        answer = take(city, name, address, key, reason="核对接待费")
        assert answer.status_code == 303, (key, re.sub(r"<[^>]+>|\s+", " ", answer.text)[:400])


PASSED = (("editor", "submit"), ("approver", "confirm"), ("department", "pass"))


@SERVER_ENGINE
def test_one_count_of_findings_is_told_on_every_page(ready):
    city, browser, address = ready
    # E144 once, E151 in each of three forms, E153 in two: by hand from the example's workbook.
    assert _count(browser.get(address).text, "warning") == "6 须说明（6 处没有说明）"
    notices = _count(browser.get(address).text, "notice")
    assert _explain(browser, address).status_code == 303
    assert _count(browser.get(address).text, "warning") == "6 须说明"
    _go(city, address, ("editor", "submit"))
    row = _row(city)
    assert (row.errors, row.missing, row.warnings, row.unexplained) == (0, 0, 6, 0)
    for name in ("editor", "approver", "reviewer", "inspector"):
        page = city.browser(name).get(address).text
        assert (_count(page, "warning"), _count(page, "notice")) == ("6 须说明", notices), name
        assert page.count(SAID) == 6, name
    listed = re.search(rf"{UNIT}</a>.*?</tr>", city.browser("reviewer").get("/filings").text, re.DOTALL)
    assert listed and re.findall(r'class="amount[^"]*">([\d*]*)<', listed[0]) == ["0", "0", "6", "0"]
    assert "，6 处须说明" in city.browser("approver").get("/desk").text


def test_cells_of_one_rule_are_one_finding_as_the_checker_counts_them():
    def cell(code: str, about: str, line: int, severity: Severity = "notice") -> PlacedIssue:
        issue = Issue(code, severity, f"第{line}行", about=about, indicator=line)
        return PlacedIssue(issue, (ContentPlace("绩效指标", line, "actual"),))

    limits = [cell("E157", form, line) for form, line in (("甲", 1), ("甲", 2), ("乙", 3))]
    far = [cell("E154", form, line, "warning") for form, line in (("甲", 1), ("甲", 4), ("乙", 5))]
    own = [cell("E110", "甲", 6)]
    found = [Issue("E157", "notice", "三处写成了限度"), Issue("X432", "notice", "不一致"),
             *(Issue("E154", "warning", f"{form}偏差大", about=form) for form in ("甲", "乙"))]
    made = together([*limits, *far, *own], found)
    assert [(note.issue.code, len(note.spots)) for note in made] == [
        ("E154", 2), ("E154", 1), ("E110", 1), ("E157", 3), ("X432", 0)]

    # What was explained cell by cell before is the explanation of the one finding.
    said = {key_of(note): FindingExplanation(f"原因{note.spots[0].line}", with_place(note), "lin", "2023-09-01")
            for note in far[:2]}
    given = carried(said, [*limits, *far, *own], made)
    assert given[key_of(made[0])].text == "原因1；原因4" and key_of(made[1]) not in given
    assert FiledFinding(made[0], "", "", "", "", given[key_of(made[0])]).explained


def test_an_explanation_is_of_the_figures_that_it_was_written_to():
    def finding(rate: str, about: str = "甲项目") -> FiledFinding:
        note = PlacedIssue(Issue("E153", "warning", f"执行率只有{rate}%，7个指标全部得满分。", about=about))
        said = FindingExplanation(SAID, "执行率只有35.99%，7个指标全部得满分。", "editor", "")
        return FiledFinding(note, key_of(note), "", "", "", said)

    assert finding("35.99").explained and not finding("36.00").explained
    assert finding("35.99").key == finding("36.00").key != finding("35.99", "乙项目").key


@SERVER_ENGINE
def test_explanations_are_the_unit_s_own_and_never_lost_to_another_editor(ready):
    city, browser, address = ready
    other = city.browser("colleague")
    page = other.get(address).text
    key = re.findall(r'name="e\.(\w+)"', page)[0]
    _explain(browser, address)
    late = other.post(f"{address}/explanations", {f"e.{key}": "另一种说法", f"s.{key}": ""})
    assert late.status_code == 400 and f"刚才有人写了这一条的说明：“{SAID}”" in late.text
    assert "另一种说法" in late.text, "what was typed is not lost"
    long = browser.post(f"{address}/explanations", {f"e.{key}": "长" * 2001, f"s.{key}": ""})
    assert long.status_code == 400
    assert city.browser("reviewer").post(f"{address}/explanations", {f"e.{key}": "代写"}).status_code == 403
    _go(city, address, ("editor", "submit"))
    late = browser.post(f"{address}/explanations", {f"e.{key}": "送审以后"})
    assert late.status_code == 400 and "不能修改" in late.text


@SERVER_ENGINE
def test_nothing_is_public_before_what_will_be_was_seen_and_confirmed(ready):
    city, _, address = ready
    _go(city, address, *PASSED)
    reviewer = city.browser("reviewer")
    seen = re.search(r'name="revision" value="(\d+)"', reviewer.get(f"{address}/approval").text)
    assert seen
    asked = reviewer.post(f"{address}/approve", {"revision": seen[1]})
    assert asked.headers["location"] == f"{address}/approval", "asked once more"
    stale = reviewer.post(f"{address}/approve", {"revision": seen[1], "account": "0" * 64})
    assert stale.status_code == 400 and "不是现在这一稿" in stale.text
    page = html.unescape(reviewer.get(f"{address}/approval").text)
    for told in ("第1版", "/units/201/2022", "6 处没有说明", "2022年度单位决算表", "不能撤回"):
        assert told in page, told
    assert _row(city).state == "passed"
    _go(city, address, ("reviewer", "approve"))
    assert _row(city).state == "approved" and work(city) == 1
    assert city.browser("approver").get(f"{address}/approval").status_code == 403


@SERVER_ENGINE
def test_who_passed_for_the_department_does_not_also_approve(ready):
    city, _, address = ready
    _go(city, address, *PASSED[:2], ("reviewer", "pass"))
    page = city.browser("reviewer").get(address).text
    assert "是您办理的，“批复并公开”须由另一个人办理" in page and f'href="{address}/approval"' not in page
    answer = take(city, "reviewer", address, "approve", account=_row(city).account, revision=str(_row(city).revision))
    assert answer.status_code == 400 and "须由另一个人办理" in answer.text
    with city.site.database.writing() as session:
        add_user(session, city.site.trail, city.site.passwords, SYSTEM, name="second", full_name="乙",
                 role="bureau_reviewer", organisation="100", password=PASSWORD)
    _go(city, address, ("second", "approve"))
    assert _row(city).state == "approved"


@SERVER_ENGINE
def test_a_correction_that_changes_nothing_is_refused_and_one_that_does_shows_what(ready):
    city, browser, address = ready
    _go(city, address, *PASSED, ("reviewer", "approve"))
    assert work(city) == 1
    _go(city, address, ("approver", "reopen"))
    refused = take(city, "editor", address, "submit")
    assert refused.status_code == 400 and "与已公开的第1版完全相同" in refused.text
    save(browser, address, "三公经费", **{"0.b6": ("7000", "7100")})
    _go(city, address, *PASSED)
    page = city.browser("reviewer").get(f"{address}/approval").text
    changes = page.split("“更正已公开的文本”以来改了 1 处")[1].split("</details>")[0]
    assert "7000" in changes and "7100" in changes and "第2版" in page


@SERVER_ENGINE
def test_what_changed_since_the_return_is_shown_to_who_decides_again(ready):
    city, browser, address = ready
    _go(city, address, ("editor", "submit"), ("approver", "return"))
    assert "“退回”以来改了 0 处" in browser.get(address).text
    save(browser, address, "三公经费", **{"0.b6": ("7000", "7100")})
    browser.post(f"{address}/sheets/重点工作", {"n.0.matter": "新的事项", "n.0.goal": "目标", "n.0.outcome": "完成"})
    _go(city, address, ("editor", "submit"))
    page = city.browser("approver").get(address).text
    assert "“退回”以来改了 4 处" in page
    changes = page.split("以来改了 4 处")[1].split("</details>")[0]
    assert re.search(r"<td>7000</td><td>7100</td>", changes) and "（新增）" in changes and "新的事项" in changes
    with city.site.database.reading() as session:
        sent = [step.content for step in session.scalars(select(FilingStep)) if step.step == "submit"]
        assert len(set(sent)) == 2 and session.scalar(select(Publication.id)) is None
    assert revision(browser, address) or msgspec.json.decode(_row(city).explanations) == {}


def test_a_correction_begun_by_mistake_is_withdrawn_and_everything_is_as_it_was_published(ready):
    city, browser, address = ready
    _explain(browser, address)
    refused = take(city, "approver", address, "withdraw", reason="没有可撤回的")
    assert refused.status_code == 400 and "撤回更正</button>" not in browser.get(address).text, "nothing is public yet"
    _go(city, address, *PASSED, ("reviewer", "approve"))
    work(city)
    names = ("state", "content", "account", "findings", "explanations", "correction", "warnings", "unexplained")
    before = {name: getattr(_row(city), name) for name in names}

    _go(city, address, ("approver", "reopen"))
    save(browser, address, "三公经费", **{"0.b6": ("7000", "7300")})
    assert take(city, "editor", address, "withdraw", reason="开错了").status_code == 403
    _go(city, address, ("editor", "submit"))
    assert take(city, "reviewer", address, "withdraw", reason="还在审核").status_code == 400
    _go(city, address, ("approver", "return"))
    assert _row(city).account != before["account"]
    assert take(city, "approver", address, "withdraw").status_code == 400, "a reason is demanded"
    _go(city, address, ("approver", "withdraw"))
    row = _row(city)
    assert {name: getattr(row, name) for name in names} == before
    assert row.settled == row.counted == row.revision
    page = browser.get(address).text
    assert "撤回更正" in page and "核对接待费" in page, "told in what was done"
    with city.site.database.reading() as session:
        assert [row.version for row in session.scalars(select(Publication))] == [1]
    _go(city, address, ("approver", "reopen"))
    save(browser, address, "三公经费", **{"0.b6": ("7000", "7400")})
    _go(city, address, *PASSED, ("reviewer", "approve"))
    assert work(city) == 1, "corrected after all"


def test_a_correction_that_an_earlier_program_began_says_why_it_cannot_be_withdrawn(ready):
    city, _, address = ready
    _go(city, address, *PASSED, ("reviewer", "approve"), ("approver", "reopen"))
    with city.site.database.writing() as session:
        session.scalars(select(FilingStep).where(FilingStep.step == "reopen")).one().content = ""
    told = take(city, "approver", address, "withdraw", reason="开错了")
    assert told.status_code == 400 and "升级以前" in told.text
    assert _row(city).state == "drafting"
