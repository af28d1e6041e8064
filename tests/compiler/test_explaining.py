"""Reasons: which are asked for, with which figures and cells; what is offered; which contradict the figures."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from juesuan.account import Account, Address, Fact, Figure, Issue, Period, Source, Statement, Unit
from juesuan.compiler.assembly import Compilation, assemble
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.explaining import former_reasons, offer_for
from juesuan.statute import load_statute
from juesuan.statute.language import ReasonAsked, load_prose_rules, load_reasons, phrases_for

LAW = load_statute("national", 2023)
FLOOD = "2130314"


def spent(amount: str, nature: str = "项目支出", period: Period = "本年", code: str = FLOOD) -> Entry:
    return Entry("支出", "一般公共预算", Decimal(amount), nature=nature, function=code, period=period)


def made(*entries: Entry, **texts: str) -> Compilation:
    """A unit with the outlay of `entries`, paid for by as much income, and these texts."""
    now = sum(entry.amount for entry in entries if entry.period == "本年")
    gathered = Gathered(unit=Unit("示例中心"), year=2023, texts=dict(texts))
    gathered.entries = [*entries, Entry("收入", "一般公共预算", Decimal(now), function=FLOOD)]
    cell = Source(file="决算.xlsx", sheet="支出", cell="L17")
    gathered.places = {f"{FLOOD}:预决算差异": cell, "{function}:预决算差异": msgspec.structs.replace(cell, cell="L4")}
    return assemble(gathered, LAW)


def about(issues: tuple[Issue, ...], key: str) -> Issue:
    return next(issue for issue in issues if issue.address == key)


def test_a_missing_reason_names_cell_item_amounts_and_direction():
    compilation = made(spent("800000", period="年初预算"), spent("752300"))
    missing = about(compilation.missing, f"{FLOOD}:预决算差异")
    assert missing.message == (
        "支出!L17：2130314 防汛 年初预算 80.00、决算 75.23，减少 4.77 万元，须说明原因"
    )
    assert missing.place.cell == "L17"


def test_where_the_sheet_has_no_line_yet_the_sheet_is_named():
    other = "2130305"
    compilation = made(spent("800000", period="年初预算", code=other), spent("100000", code=other))
    missing = about(compilation.missing, f"{other}:预决算差异")
    assert missing.message.startswith("支出：2130305 水利工程建设")
    assert (missing.place.sheet, missing.place.cell) == ("支出", "")


def test_without_a_budget_the_message_says_so():
    missing = about(made(spent("752300")).missing, f"{FLOOD}:预决算差异")
    assert missing.expected == "2130314 防汛 无年初预算、决算 75.23 万元，须说明原因"


@pytest.mark.parametrize(
    ("reason", "against"),
    [
        ("防汛经费增加", True),
        ("压减一般性支出，经费减少", False),
        ("在职人员增加", False),
        ("结转资金增加，工程尚未完工", False),
        ("上年一次性支出增加", False),
        ("经费增加，但支出减少", False),
    ],
)
def test_a_reason_against_the_direction_is_told_where_it_stands(reason: str, against: bool):
    key = f"{FLOOD}:预决算差异"
    compilation = made(spent("800000", period="年初预算"), spent("752300"), **{key: reason})
    assert [issue.code for issue in compilation.against_figures] == (["Z161"] if against else [])
    if against:
        (issue,) = compilation.against_figures
        assert issue.message == (
            "2130314 防汛 年初预算 80.00、决算 75.23，减少 4.77 万元，原因却写“防汛经费增加”，方向相反。"
        )
        assert issue.where == "支出!L17"
        assert compilation.sound, "what was written may be right: it is told and keeps nobody from publishing"


def test_the_parts_of_a_difference_are_named_with_their_amounts():
    compilation = made(
        spent("800000", period="年初预算"), spent("300000", "基本支出", "年初预算"),
        spent("752300"), spent("310000", "基本支出"),
    )  # fmt: skip
    offer = compilation.offer(f"{FLOOD}:预决算差异")
    assert offer is not None
    # 110.00 approved, 106.23 spent: 75.23 - 80.00 = -4.77 of projects, 31.00 - 30.00 = +1.00 basic.
    assert offer.difference == "2130314 防汛 年初预算 110.00、决算 106.23，减少 3.77 万元"
    assert offer.parts == "项目支出 减少 4.77、基本支出 增加 1.00（万元）"
    names = [name for name, _ in offer.phrases]
    assert "项目结转" in names and "人员变动" not in names, "projects make the difference"


def last_year() -> Account:
    former = Account(profile="national", year=2022, unit=Unit("示例中心"))
    for row, amount in {"合计": 500_000, "213": 500_000, "21303": 500_000, FLOOD: 200_000, "2130305": 300_000}.items():
        former.put(Fact(Address("表5", row, "1"), Figure(Decimal(amount))))
    return former


def test_last_years_account_gives_items_and_reasons():
    key = "一般公共预算支出变动"
    compilation = made(spent("752300"), spent("100000", code="2130305"))
    last = Address("表5", "合计", "1", "上年")
    gathered = Gathered(unit=Unit("示例中心"), year=2023, facts=[Fact(last, Figure(Decimal(500_000)))])
    gathered.entries = [spent("752300"), spent("100000", code="2130305")]
    compilation = assemble(gathered, LAW)
    former = last_year()
    former.texts[key] = "水利工程完工"
    offer = offer_for(compilation.asked[key], compilation.account, LAW, former)
    # 75.23 - 20.00 = 55.23; 10.00 - 30.00 = -20.00.
    assert offer.parts == "2130314 防汛 增加 55.23、2130305 水利工程建设 减少 20.00（万元）"
    assert offer.last == "水利工程完工"
    assert compilation.account.texts == {}, "nothing is filled in unasked"
    plain = compilation.offer(key)
    assert plain is not None and (plain.parts, plain.last) == ("", ""), "last year's items are not known"


def test_last_years_reason_is_read_from_the_sentences_of_its_document():
    former = last_year()
    former.statements = (
        Statement("N102", "与2021年度相比，收、支总计各减少3.00万元，下降1%，主要原因：一是项目完工；", row=""),
        Statement("N533", "年初预算为1.00万元，支出决算为2.00万元，主要原因：追加防汛经费", row=FLOOD),
        Statement("N904", "决算数较上年减少的主要原因：【待填：三公经费变动】"),
    )
    assert former_reasons(former, LAW) == {
        "收支总计变动": "一是项目完工", f"{FLOOD}:预决算差异": "追加防汛经费",
    }  # fmt: skip


def asked(key: str, change: int, than: str = "上年", row: str = "") -> ReasonAsked:
    return ReasonAsked(key, "", "", Decimal(100 + change), Decimal(100), than, "万元", row=row)


def test_phrases_fit_kind_direction_and_year():
    def names(reason: ReasonAsked, year: int) -> set[str]:
        return {phrase.name for phrase in phrases_for(reason, (), year)}

    assert "新冠疫情" in names(asked("出国费变动", -1), 2022)
    assert "新冠疫情" not in names(asked("出国费变动", -1), 2025)
    assert "招标采购结余" not in names(asked("预决算差异", 1, "年初预算"), 2023), "a saving explains no increase"
    assert "接待批次" not in names(asked("出国费变动", 1), 2023)
    assert "缴费基数和人数" in names(asked("2210201:预决算差异", 1, "年初预算", "2210201"), 2023)
    assert "缴费基数和人数" not in names(asked(f"{FLOOD}:预决算差异", 1, "年初预算", FLOOD), 2023)


def test_no_phrase_contradicts_its_own_direction():
    words = load_prose_rules().reasons
    for phrase in load_reasons().phrases:
        assert not phrase.more or words.direction(phrase.more) >= 0, phrase.more
        assert not phrase.less or words.direction(phrase.less) <= 0, phrase.less


def test_every_reason_of_every_place_has_phrases_for_either_direction():
    for profile in ("national", "wuhan-2022", "shanghai-2024"):
        for key, _ in load_statute(profile).reasons():
            for change in (1, -1):
                assert phrases_for(asked(key, change), (), 2024), (profile, key, change)


def test_a_budget_is_compared_with_last_years_budget_and_outlay():
    law = load_statute("budget", 2024)
    gathered = Gathered(unit=Unit("示例中心"), year=2024)
    gathered.entries = [spent("752300"), Entry("收入", "一般公共预算", Decimal(752_300), function=FLOOD)]
    periods: tuple[Period, ...] = ("上年", "上年执行")
    gathered.facts = [Fact(Address("预5", "合计", "1", period), Figure(Decimal(800_000))) for period in periods]
    gathered.facts.append(Fact(Address("预5", FLOOD, "1", "上年执行"), Figure(Decimal(800_000))))
    compilation = assemble(gathered, law)
    told = {missing.address: missing.expected for missing in compilation.missing}
    assert told["一般公共预算支出变动"] == "一般公共预算支出 上年预算 80.00、预算 75.23，减少 4.77 万元，须说明原因"
    assert told["比上年执行数变动"].startswith("一般公共预算支出 上年执行数 80.00、预算 75.23，减少 4.77 万元")
    assert told[f"{FLOOD}:增减"].startswith("2130314 防汛 上年执行数 80.00、预算 75.23，减少 4.77 万元")
    offer = compilation.offer("比上年执行数变动")
    assert offer is not None and offer.parts == "2130314 防汛 减少 4.77（万元）"
