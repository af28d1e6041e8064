"""The unit desk: from an empty form to the published account, by several people, without a lost change."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from juesuan.account import from_json
from juesuan.web.filing.filings import content_of
from juesuan.web.infra.audit import verify
from juesuan.web.infra.models import AuditEntry, Filing, Publication
from juesuan.web.publication import publications as publication
from juesuan.web.review.uploads import stored_path

from .conftest import ONE_ENGINE, SERVER_ENGINE, Browser, City
from .filling import WORKBOOK, begin, in_the_workbook, open_season, revision, save, take, upload
from .publishing import publish, renamed, work
from .samples import account, published

LEDGER = WORKBOOK.parents[1] / "ledger.csv"


def test_a_workbook_is_taken_in_cell_by_cell(city: City):
    open_season(city, approved="2023-08-10")
    browser, address = begin(city)
    page = upload(browser, address)
    assert "已从 workbook.xlsx 读入" in page, page
    assert content_of(_filing(city)).pages == in_the_workbook().pages


def _filing(city: City) -> Filing:
    with city.site.database.reading() as session:
        return session.scalars(select(Filing)).one()


def _unit_named_rightly(browser: Browser, address: str) -> None:
    assert save(browser, address, "单位信息", **{"0.name": (_value(browser, address, "单位信息", "0.name"),
                                                      "测试市第一中学")}).status_code == 200


def _value(browser: Browser, address: str, sheet: str, field: str) -> str:
    page = browser.get(f"{address}/sheets/{sheet}").text
    return html.unescape(re.search(rf'name="w\.{re.escape(field)}" value="([^"]*)"', page)[1])


def test_a_filing_begins_with_what_the_server_knows(city: City):
    open_season(city, approved="2023-08-10")
    browser, address = begin(city)
    page = browser.get(f"{address}/sheets/单位信息").text
    for text in ("测试市第一中学", "201", "2022", "测试市教育局", "2023-08-10"):
        assert f'value="{text}"' in page
    listed = browser.get("/filings").text
    assert "2023-09-14" in listed, "35 days after approval on 10 August: 15 to pass it to the unit, 20 to publish"
    assert browser.post("/filings", {"year": "2022"}).status_code == 400, "there is one account of a unit and year"


@ONE_ENGINE
def test_this_year_begins_with_the_account_published_last_year(city: City):
    publish(city, account())
    open_season(city, 2023, "national")
    browser, address = begin(city, year=2023)
    page = browser.get(f"{address}/sheets/上年数").text
    assert 'value="17774960.00"' in page, "total income of 2022 in the example"


def test_a_change_is_kept_and_its_findings_stand_beside_it(started):
    city, browser, address = started
    before = _value(browser, address, "支出", "1.basic")
    told = save(browser, address, "支出", **{"1.basic": (before, "一百万")}).json()
    assert told["saved"] == ["1.basic"] and told["conflicts"] == []
    found = browser.get(f"{address}/check?sheet=支出").json()
    assert [note["level"] for note in found["notes"]["1.basic"]] == ["error"]
    assert "一百万" in found["notes"]["1.basic"][0]["message"]
    assert found["sheets"]["支出"][0] >= 1
    assert "一百万" in browser.get(f"{address}/sheets/支出").text, "what is wrong is shown again, not lost"
    with city.site.database.reading() as session:
        last = session.scalars(select(AuditEntry).where(AuditEntry.action == "filing.edit")
                               .order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.actor == "editor" and "一百万" in last.after and before in last.before


@ONE_ENGINE
def test_sums_and_names_are_those_of_the_lines(started):
    _, browser, address = started
    shown = browser.get(f"{address}/check?sheet=支出").json()
    assert shown["sums"]["project"] == "9,716,900.00", "by hand: 2415600+790400+4634500 and 186400+612000+778000+300000"
    assert "信息化建设" in shown["computed"].values()


def test_two_who_edit_different_cells_do_not_hinder_each_other(started):
    city, browser, address = started
    other = city.browser("colleague")
    one, two = (_value(browser, address, "三公经费", field) for field in ("0.b5", "0.b6"))
    other.get(f"{address}/sheets/三公经费")
    assert save(browser, address, "三公经费", **{"0.b5": (one, "31000")}).json()["conflicts"] == []
    assert save(other, address, "三公经费", **{"0.b6": (two, "8000")}).json()["conflicts"] == []
    cells = content_of(_filing(city)).page("三公经费").cells
    assert (cells["b5"], cells["b6"]) == ("31000", "8000")


def test_who_changes_what_another_has_just_changed_is_told_and_overwrites_nothing(started):
    city, browser, address = started
    other = city.browser("colleague")
    was = _value(browser, address, "三公经费", "0.b5")
    other.get(address)
    save(other, address, "三公经费", **{"0.b5": (was, "32000")})
    told = save(browser, address, "三公经费", **{"0.b5": (was, "33000"), "0.b6": ("7000", "7100")}).json()
    assert told["conflicts"] == [{"field": "0.b5", "value": "32000", "by": "colleague甲"}]
    assert told["saved"] == ["0.b6"], "the rest of what was sent is not lost"
    assert content_of(_filing(city)).page("三公经费").cells["b5"] == "32000"
    page = browser.post(f"{address}/sheets/三公经费", {"w.0.b5": was, "c.0.b5": "33000"})
    assert page.status_code == 409 and "现在是“32000”" in page.text, "without the script the page says so"


def test_lines_come_and_go(started):
    city, browser, address = started
    before = len(content_of(_filing(city)).page("支出").lines)
    browser.get(f"{address}/sheets/支出")
    new = {"n.0.function": "2210203", "n.0.source": "其他资金", "n.0.basic": "5.00"}
    assert browser.post(f"{address}/sheets/支出", new).status_code == 303
    lines = content_of(_filing(city)).page("支出").lines
    assert len(lines) == before + 1
    assert lines[-1].cells == {"function": "2210203", "source": "其他资金", "basic": "5.00"}
    taken = browser.post(f"{address}/sheets/支出", {"remove": str(lines[-1].id)})
    assert taken.status_code == 200, "the sheet, which offers to bring it back"
    gone = save(browser, address, "支出", **{f"{lines[-1].id}.basic": ("5.00", "6.00")}).json()
    assert gone["conflicts"] == [{"field": f"{lines[-1].id}.basic", "value": None, "by": "editor甲"}]
    assert len(content_of(_filing(city)).page("支出").lines) == before


def test_a_new_line_whose_answer_was_lost_is_not_added_again(started):
    city, browser, address = started
    there = content_of(_filing(city)).page("支出")
    browser.get(f"{address}/sheets/支出")
    new = {"seen": str(there.last), "n.0.function": "2210203", "n.0.basic": "5.00", "n.1.function": "2210203",
           "n.1.basic": "5.00"}
    headers = {"accept": "application/json"}
    first, again = (browser.post(f"{address}/sheets/支出", new, headers=headers).json()["added"] for _ in range(2))
    assert first == again == [there.last + 1, there.last + 2], "two equal lines are two lines, sent twice or not"
    assert len(content_of(_filing(city)).page("支出").lines) == len(there.lines) + 2


def test_a_ledger_brings_its_amounts_and_leaves_what_no_ledger_knows(started):
    city, browser, address = started
    was = _value(browser, address, "支出", "1.basic")
    save(browser, address, "支出", **{"1.basic": (was, "1.00")})
    before = content_of(_filing(city))
    assert "已从 ledger.csv 读入" in upload(browser, address, LEDGER)
    after = content_of(_filing(city))
    assert after.page("三公经费") == before.page("三公经费")
    first = after.page("支出").lines[0].cells
    assert first["basic"] == "5801980.00", "the ledger's amount of 2080150 stands again"
    assert first["budget_basic"] == "5851900", "the approved budget, which no ledger knows, is still there"
    reasons = [[line.cells.get("reason") for line in filled.page("支出").lines] for filled in (before, after)]
    assert reasons[0] == reasons[1] and any(reasons[0])
    assert [line.id for line in before.page("项目").lines] == [line.id for line in after.page("项目").lines]
    assert after.page("项目").lines[0].cells["results"] == before.page("项目").lines[0].cells["results"]


@ONE_ENGINE
@pytest.mark.parametrize("form", ["pdf", "json"])
def test_last_years_published_file_fills_what_is_blank(city: City, tmp_path: Path, form: str):
    open_season(city, 2023, "national")
    browser, address = begin(city, year=2023)
    save(browser, address, "上年数", **{"0.fiscal": ("", "1.00")})
    page = upload(browser, address, published(tmp_path, account(), form))
    assert "已从" in page, page
    filled = content_of(_filing(city))
    cells = filled.page("上年数").cells
    assert cells["fiscal"] == "1.00", "what somebody has filled in stays"
    # 17,774,960 yuan; the PDF prints 1,777.50 万元.
    assert float(cells["total"]) == {"json": 17774960, "pdf": 17775000}[form]
    assert filled.page("单位信息").cells["year"] == "2023"
    wrong = upload(browser, address, published(tmp_path, renamed(account(), year=2020), form))
    assert "这是 2020 年度的文件，应为 2022 年度的决算" in wrong


@ONE_ENGINE
def test_a_file_that_is_no_workbook_changes_nothing(started, tmp_path: Path):
    city, browser, address = started
    before = _filing(city).content
    for name, content in (("坏.xlsx", b"PK\x03\x04no"), ("x.csv", "甲,乙\n1,2\n".encode()), ("x.exe", b"MZ\x90\x00")):
        path = tmp_path / name
        path.write_bytes(content)
        assert 'class="trouble"' in upload(browser, address, path)
    assert _filing(city).content == before


@ONE_ENGINE
def test_the_workbook_to_go_on_with_in_excel_has_what_was_typed(started):
    _, browser, address = started
    save(browser, address, "单位信息", **{"0.approved": (_value(browser, address, "单位信息", "0.approved"), "八月")})
    answer = browser.get(f"{address}/workbook.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    texts = {cell.value for row in book["单位信息"].iter_rows() for cell in row}
    assert "八月" in texts and any(cell.value == 5851900 for row in book["支出"].iter_rows() for cell in row)


@ONE_ENGINE
def test_the_preview_is_the_document_and_marks_what_is_missing(started):
    _, browser, address = started
    page = browser.get(f"{address}/page").text
    assert "没有公开" in page and "1,777.5" in page
    pdf = browser.get(f"{address}/files/pdf")
    assert pdf.content.startswith(b"%PDF") and pdf.headers["content-type"] == "application/pdf"
    assert browser.get(f"{address}/files/exe").status_code == 404


def test_what_a_reason_can_be_written_from_stands_beside_it(started):
    city, browser, address = started
    line = content_of(_filing(city)).page("支出").lines[0]
    field = f"{line.id}.reason"
    save(browser, address, "支出", **{field: (line.cells["reason"], "")})
    # 585.19 approved, 580.198 spent, all of it basic expenditure.
    found = browser.get(f"{address}/check?sheet=支出").json()["notes"][field]
    assert "2080150 事业运行 年初预算 585.19、决算 580.2，减少 4.99 万元，须说明原因" in found[0]["message"]
    assert found[0]["offer"][0] == "差额来自：基本支出 减少 4.99（万元）"
    assert "<summary>可参考</summary>" in browser.get(f"{address}/sheets/支出").text
    page = browser.get(f"{address}/reasons").text
    assert "人员变动：人员退休、调出" in page
    assert "required autofocus></textarea>" in page, "nothing is filled in unasked"

    key = html.unescape(re.search(r'name="key" value="([^"]+)"', page)[1])
    told = browser.post(f"{address}/reasons", {"key": key, "answer": "人员经费增加"})
    assert told.status_code == 400 and "减少 4.99 万元，而写的原因方向相反" in html.unescape(told.text)
    assert ">人员经费增加</textarea>" in told.text, "what was written stays"
    again = {"key": key, "answer": "人员经费增加", "sure": "人员经费增加"}
    assert browser.post(f"{address}/reasons", again).status_code == 303
    (note,) = browser.get(f"{address}/check?sheet=支出").json()["notes"][field]
    assert (note["code"], note["level"]) == ("Z161", "warning")


def test_missing_reasons_are_asked_for_one_after_another(started):
    city, browser, address = started
    filled = content_of(_filing(city))
    reasons = dict(filled.page("原因说明").cells)
    for key in list(reasons)[:2]:
        told = save(browser, address, "原因说明", **{f"0.{key}": (reasons[key], "")})
        assert told.json()["saved"] == [f"0.{key}"], told.text
    seen = set()
    for left in (2, 1):
        page = browser.get(f"{address}/reasons").text
        assert f"还有 {left} 处" in page
        key = html.unescape(re.search(r'name="key" value="([^"]+)"', page)[1])
        seen.add(key)
        assert browser.post(f"{address}/reasons", {"key": key, "answer": ""}).status_code == 400
        assert browser.post(f"{address}/reasons", {"key": key, "answer": "我写的原因"}).status_code == 303
    assert seen == set(list(reasons)[:2])
    assert "没有缺少的文字" in browser.get(f"{address}/reasons").text


def test_what_is_not_sound_or_not_complete_is_not_sent_in(started):
    city, browser, address = started
    was = _value(browser, address, "支出", "1.basic")
    save(browser, address, "支出", **{"1.basic": (was, "很多")})
    answer = take(city, "editor", address, "submit")
    assert answer.status_code == 400 and "还有错误" in answer.text
    assert _filing(city).state == "drafting"


@ONE_ENGINE
def test_the_account_of_another_unit_or_year_is_not_sent_in(started):
    city, browser, address = started
    answer = take(city, "editor", address, "submit")
    assert answer.status_code == 400 and "登记的机构名称是“测试市第一中学”，两者应当相同" in answer.text
    _unit_named_rightly(browser, address)
    save(browser, address, "单位信息", **{"0.year": ("2022", "2021")})
    assert "这份决算是 2022 年度的" in take(city, "editor", address, "submit").text
    assert _filing(city).state == "drafting"


@SERVER_ENGINE
def test_the_whole_way_from_a_returned_filing_to_a_corrected_publication(started):
    city, browser, address = started
    _unit_named_rightly(browser, address)
    assert take(city, "editor", address, "submit").status_code == 303
    late = save(browser, address, "三公经费", **{"0.b5": ("30000", "1")})
    assert late.status_code == 400, "sent in: not to be edited"
    assert take(city, "approver", address, "return").status_code == 400, "a reason is demanded"
    assert take(city, "approver", address, "return", reason="核对接待费").status_code == 303
    assert "核对接待费" in browser.get(address).text
    assert save(browser, address, "三公经费", **{"0.b6": ("7000", "7100")}).status_code == 200
    for name, key in (("editor", "submit"), ("approver", "confirm"), ("department", "pass"), ("reviewer", "approve")):
        answer = take(city, name, address, key)
        assert answer.status_code == 303, (key, answer.text)
    row = _filing(city)
    assert row.state == "approved"
    assert work(city) == 1
    with city.site.database.reading() as session:
        first = session.scalars(select(Publication)).one()
    assert (first.state, first.version, first.digest) == ("published", 1, row.account)
    made = from_json(stored_path(publication.accounts(city.site), first.digest, "json").read_bytes())
    assert made.unit.name == "测试市第一中学"

    assert take(city, "approver", address, "reopen", reason="接待费预算写错，更正为7200元").status_code == 303
    assert save(browser, address, "三公经费", **{"0.b6": ("7100", "7200")}).status_code == 200
    for name, key in (("editor", "submit"), ("approver", "confirm"), ("department", "pass"), ("reviewer", "approve")):
        assert take(city, name, address, key).status_code == 303, key
    assert work(city) == 1
    with city.site.database.reading() as session:
        versions = session.scalars(select(Publication).order_by(Publication.version)).all()
        assert verify(session).fault == ""
        actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [(p.version, p.current) for p in versions] == [(1, False), (2, True)]
    assert versions[1].note == "接待费预算写错，更正为7200元"
    others = ("filing.view", "filing.edit", "filing.weigh")
    assert [action for action in actions if action.startswith("filing.") and action not in others] == [
        "filing.begin", "filing.import", "filing.submit", "filing.return",
        *["filing.submit", "filing.confirm", "filing.pass", "filing.approve"],
        "filing.reopen", "filing.submit", "filing.confirm", "filing.pass", "filing.approve",
    ]


def test_a_step_on_a_page_that_is_out_of_date_is_refused(started):
    city, browser, address = started
    _unit_named_rightly(browser, address)
    seen = revision(browser, address)
    save(browser, address, "三公经费", **{"0.b6": ("7000", "7100")})
    answer = browser.post(f"{address}/submit", {"revision": seen})
    assert answer.status_code == 400 and "又有变动" in answer.text
    assert _filing(city).state == "drafting"


@pytest.mark.parametrize(("name", "key"), [("approver", "confirm"), ("department", "pass"), ("reviewer", "approve")])
def test_nobody_takes_a_step_before_it_is_their_turn(started, name: str, key: str):
    city, _, address = started
    answer = take(city, name, address, key, revision="2")
    assert answer.status_code == 400 and "不能" in answer.text
    assert _filing(city).state == "drafting"


@ONE_ENGINE
def test_evidence_is_taken_from_uploaded_data_only(started):
    city, browser, address = started
    csv = "卡号\n" + "\n".join(str(number) for number in range(300_000))
    indicator = content_of(_filing(city)).page("绩效指标").lines[0]
    assert indicator.cells["target"] == "30万笔"
    save(browser, address, "绩效指标", **{f"{indicator.id}.actual": (indicator.cells["actual"], "")})
    browser.get(address)
    files = {"file": ("cards.csv", csv.encode())}
    assert browser.post(f"{address}/data", files=files).status_code == 303
    name = indicator.cells["name"]
    rows = {
        "佐证数据": {"n.0.name": "d", "n.0.place": "cards.csv", "n.0.columns": "卡号 文本"},
        "佐证": {"n.0.subject": "整体支出", "n.0.name": name, "n.0.query": "SELECT count(*) FROM d", "n.0.unit": "笔"},
    }
    for sheet, fields in rows.items():
        assert browser.post(f"{address}/sheets/{sheet}", fields).status_code == 303
    _unit_named_rightly(browser, address)
    answer = take(city, "editor", address, "submit")
    assert answer.status_code == 303, answer.text
    made = from_json(stored_path(publication.accounts(city.site), _filing(city).account, "json").read_bytes())
    proof = made.sheets[0].indicators[0].proof
    assert made.sheets[0].indicators[0].actual == "30万笔" and proof is not None and "cards.csv" in str(proof)


@ONE_ENGINE
def test_evidence_from_the_server_itself_is_refused(started):
    city, browser, address = started
    indicator = content_of(_filing(city)).page("绩效指标").lines[0]
    save(browser, address, "绩效指标", **{f"{indicator.id}.actual": (indicator.cells["actual"], "")})
    for place in ("/etc/passwd", "../../secret", str(city.settings.data / "juesuan.sqlite")):
        browser.get(f"{address}/sheets/佐证数据")
        browser.post(f"{address}/sheets/佐证数据", {"n.0.name": "d", "n.0.place": place, "n.0.columns": "a 文本"})
        rule = {"n.0.subject": "整体支出", "n.0.name": indicator.cells["name"], "n.0.query": "SELECT min(a) FROM d"}
        browser.post(f"{address}/sheets/佐证", rule)
        answer = take(city, "editor", address, "submit")
        assert answer.status_code == 400, place
        line = content_of(_filing(city)).page("佐证数据").lines[-1]
        proof = content_of(_filing(city)).page("佐证").lines[-1]
        browser.get(address)
        browser.post(f"{address}/sheets/佐证数据", {"remove": str(line.id)})
        browser.post(f"{address}/sheets/佐证", {"remove": str(proof.id)})
