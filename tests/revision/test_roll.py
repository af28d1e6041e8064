"""Last year's document as this year's template: every number renewed, unchanged by nature, or listed with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

import docx
import msgspec
import pytest
from revised import chart_data, comments, set_in_word, texts, with_chart
from word_rules import broken_rules

import juesuan
from juesuan.account import Account, Fact, Figure, to_json
from juesuan.compiler import Entry, assemble
from juesuan.inspection import compile_sources, inspect_account
from juesuan.reader import Reading, read, read_document, read_raw_document
from juesuan.revision import NotRollableError, Rolled, roll_docx
from juesuan.statute import load_statute
from juesuan.synthetic.unit import FIELDS, UnitMaker, UnitPlan, gathered_of, prior_facts, unit_of

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real"
PLAN = UnitPlan("100001", "某市服务中心合成数据", 2, 26, False, "某市某局合成数据", False)
NOTHING = Decimal(0)


def two_years(profile: str, seed: int) -> tuple[Account, Account]:
    """A generated unit's account of 2023 and the one of 2024, whose figures are all others."""
    before, after = load_statute(profile, 2023), load_statute(profile, 2024)
    maker = UnitMaker(PLAN, seed)
    first = maker.year(before, None, NOTHING, NOTHING)
    second = maker.year(after, first, NOTHING, NOTHING)
    return assemble(first.gathered, before).account, assemble(second.gathered, after).account


def changed_year(profile: str, change: str) -> tuple[Account, Account]:
    """2024 as 2023 was (持平), or with an item gone and another come, or without receptions."""
    before, after = load_statute(profile, 2023), load_statute(profile, 2024)
    first = UnitMaker(PLAN, 2).year(before, None, NOTHING, NOTHING).gathered
    entries, facts, projects = list(first.entries), list(first.facts), list(first.projects)
    if change == "items":
        gone = FIELDS[PLAN.field][1][1]
        come = f"{gone[:5]}03"
        entries = [_coded(entry, gone, come) for entry in entries]
        projects = [msgspec.structs.replace(p, function=come if p.function == gone else p.function) for p in projects]
    if change == "zero":
        facts = [f for f in facts if f.address.column not in ("6", "12") and "接待" not in f.address.row]
    second = gathered_of(unit_of(PLAN), entries, [*facts, *prior_facts(first)], projects, after)
    return assemble(first, before).account, assemble(second, after).account


def _coded(entry: Entry, gone: str, come: str) -> Entry:
    return msgspec.structs.replace(entry, function=come) if entry.function == gone else entry


def published(account: Account, folder: Path) -> Path:
    return juesuan.publish(account, folder, ["docx"], draft=True)[0]

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole"


def rolled(last: Account, this: Account, folder: Path) -> tuple[Rolled, Path, Path]:
    """What was rolled, the document, and the one that is published for the same account."""
    target = folder / "今年.docx"
    result = roll_docx(published(last, folder / "a"), target, this)
    return result, target, published(this, folder / "b")


@cache
def reading(path: Path) -> Reading:
    """A file is read once for all that is asked of it."""
    return read_document(path)


def errors(path: Path) -> set[tuple[str, str]]:
    report, _ = inspect_account(reading(path).account, reading(path).statute, path)
    return {(f.code, f.message) for f in report.findings if f.severity == "error"}


_NUMBERS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def said(paragraphs: Iterable[str]) -> list[str]:
    """Sentences with figures, numbers written in one way: without commas and trailing zeros."""
    found = []
    for text in paragraphs:
        if "。" in text and _NUMBERS.search(text) and "：反映" not in text and "：指" not in text:
            found.append(_NUMBERS.sub(lambda m: f"{Decimal(m[0].replace(',', '')).normalize():f}", text))
    return found


def figures(path: Path) -> dict[str, Decimal]:
    facts = reading(path).account.facts.items()
    return {key: fact.figure.value for key, fact in facts if fact.address.period == "本年" and fact.figure.value}


def pictures(path: Path) -> list[tuple[bytes, str]]:
    """The charts of a document, as they are drawn and as they are described."""
    word = docx.Document(str(path))
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
    return [
        (word.part.related_parts[fill.get(relation)].blob, fill.xpath("../..//@descr")[0])
        for fill in word.element.body.iter(f"{space}blip")
    ]


@pytest.mark.parametrize(("profile", "seed"), [("wuhan-2022", 2), ("national", 4)])
def test_another_year_s_figures(profile: str, seed: int, tmp_path: Path) -> None:
    """The document says what the one that is published for the account says, figure by figure."""
    result, target, wanted = rolled(*two_years(profile, seed), tmp_path)
    assert [(entry.number.text, entry.why) for entry in result.left] == [("2024", "日期，请确认")]
    assert result.renewed + result.unchanged + len(result.left) == result.total > 700
    assert figures(target) == figures(wanted)
    assert errors(target) == errors(wanted)
    assert {re.sub("原因：[^。]*", "", text) for text in said(texts(target))} == {
        re.sub("原因：[^。]*", "", text) for text in said(texts(wanted))
    }
    assert any("沿用上年文字，请确认" in text for text in comments(target))
    assert not any("图" in told for _, told in result.problems)
    assert pictures(target) == pictures(wanted)


@pytest.mark.parametrize("change", ["same", "items", "zero"])
def test_items_come_and_go_and_amounts_stay_or_vanish(change: str, tmp_path: Path) -> None:
    result, target, wanted = rolled(*changed_year("wuhan-2022", change), tmp_path)
    assert not [entry for entry in result.left if entry.why != "日期，请确认"]
    assert figures(target) == figures(wanted)
    assert errors(target) == errors(wanted)
    assert broken_rules(target) == []
    prose = "".join(texts(target))
    if change == "same":
        assert "与2023年度相比，收、支总计持平。" in prose
    if change == "items":
        gone, come = "信息化建设", "机关服务"
        assert f"{come}(项)" in prose and f"{gone}(项)。" not in prose
        assert any("请写明原因" in text for text in comments(target))
    if change == "zero":
        assert "公务接待费无预算安排，无支出" in prose


def test_what_the_figures_do_not_tell_is_listed(tmp_path: Path) -> None:
    """This year's tables alone: what only the prose tells (procurement, assets, the budget) stays and is listed."""
    last, this = two_years("wuhan-2022", 3)
    tables = msgspec.structs.replace(
        this, facts={key: fact for key, fact in this.facts.items() if key.startswith("表")}, projects=(), sheets=()
    )
    result, _, _ = rolled(last, tables, tmp_path)
    left = {entry.context for entry in result.left}
    assert any("政府采购" in text for text in left) and any("年初预算" in text for text in left)
    assert all(entry.source and entry.why for entry in result.left)
    # They are last year's numbers that still stand there.
    old = "".join("".join(text.split()) for text in texts(published(last, tmp_path / "c")))
    assert all(entry.context in old for entry in result.left)


def test_a_table_that_this_years_file_has_not_is_not_nothing(tmp_path: Path) -> None:
    """This year's figures are read from a file without 支出决算表: its figures stay, marked and listed; none becomes 0,
    no line of it is taken out."""
    last, this = two_years("wuhan-2022", 2)
    given = docx.Document(str(published(this, tmp_path / "b")))
    table = next(t for t in given.tables if any("上缴上级支出" in cell.text for cell in t.rows[0].cells))
    table._tbl.getparent().remove(table._tbl)
    given.save(str(tmp_path / "缺表.docx"))
    part = read(tmp_path / "缺表.docx")
    assert not any(fact.address.form == "表3" for fact in part.facts.values())
    path, target = published(last, tmp_path / "a"), tmp_path / "今年.docx"
    result = roll_docx(path, target, part)
    old, new = ({k: v for k, v in figures(each).items() if k.startswith("表3")} for each in (path, target))
    assert old == new
    listed = {entry.number.value for entry in result.left if entry.source.cell}
    assert {(value / 10000).quantize(Decimal("0.01")) for value in old.values()} <= listed
    assert not any(re.search(r"(?:支出合计|基本支出|项目支出)0(?:\.0+)?万元", text) for text in texts(target))


def test_reasons_stay_when_their_direction_turns(tmp_path: Path) -> None:
    """A budget that fell and rises: the word before 的主要原因 turns, last year's reasons stay to be confirmed."""
    path = REAL / "shanghai-finance-bureau-unit-budget-2025.pdf"
    if not path.exists():
        pytest.skip("the real documents are not here")
    target = tmp_path / "今年.docx"
    roll_docx(path, target, grown(read(path)))
    text = "".join(texts(target))
    assert "财政拨款收入支出增加的主要原因是预计注册会计师考试人数、科次减少，项目经费减少等。" in text
    # A paragraph that goes on over lines of the page is one.
    assert "公务用车运行费35.42万元，比2025年预算增加3.22万元。" in text


def test_a_text_that_the_unit_does_not_give_again_stays_to_be_confirmed(tmp_path: Path) -> None:
    """The use of other vehicles is the unit's own words: without them the sentence is not cut off at its comma."""
    account = compile_sources([EXAMPLE]).account
    texts_now = {key: text for key, text in account.texts.items() if "其他用车" not in key}
    assert len(texts_now) < len(account.texts)
    this = msgspec.structs.replace(account, year=2023, texts=texts_now)
    _, target, _ = rolled(account, this, tmp_path)
    said = next(text for text in texts(target) if "共有车辆" in text)
    assert "其中：其他用车1辆，其他用车主要用于日常公务出行。单价100万元" in said.replace(" ", "")
    word = next(p for p in docx.Document(str(target)).paragraphs if "共有" in p.text)
    marked = "".join(run.text for run in word.runs if run.font.highlight_color is not None)
    assert marked == "其他用车主要用于日常公务出行"


def test_what_was_level_and_is_no_more_says_by_how_much(tmp_path: Path) -> None:
    """21.56 and 1.35 万元 were as the year before; a tenth more is 2.16 and 0.14. Where a reason ends in a semicolon,
    the next sentence is no reason: its year moves on."""
    path = REAL / "shanghai-putuo-wanli-budget-2024.pdf"
    if not path.exists():
        pytest.skip("the real documents are not here")
    target = tmp_path / "今年.docx"
    roll_docx(path, target, grown(read(path)))
    text = "".join(texts(target))
    assert "公务用车购置费27.50万元，比2024年预算增加2.50万元，主要原因是购置公务用车；" in text
    assert "；公务用车运行费23.72万元，比2024年预算增加2.16万元，主要原因是" in text
    assert "（三）公务接待费1.49万元。比2024年预算增加0.14万元，主要原因是" in text
    assert "（一）因公出国（境）费0.00万元，比2024年预算持平。" in text
    assert any("上年持平，今年不同" in told for told in comments(target))


def test_another_unit_or_year_is_refused(tmp_path: Path) -> None:
    last, this = two_years("wuhan-2022", 1)
    path = published(last, tmp_path / "a")
    other = msgspec.structs.replace(this, unit=msgspec.structs.replace(this.unit, name="某市另一中心合成数据"))
    for account, words in ((other, "--any-unit"), (last, "年度")):
        with pytest.raises(NotRollableError, match=words):
            roll_docx(path, tmp_path / "今年.docx", account)
    assert not (tmp_path / "今年.docx").exists()


def grown(account: Account) -> Account:
    """The account a year later with every amount a tenth more."""
    later = msgspec.structs.replace(account, year=account.year + 1, facts={})
    for fact in account.facts.values():
        if fact.address.period != "上年":
            value = fact.figure.value * Decimal("1.1")
            later.put(Fact(fact.address, Figure(value, fact.figure.resolution)))
    return later


@pytest.mark.parametrize("name", ["shanghai-putuo-finance-2024.pdf", "wuhan-hrss-info-center-2022.md"])
def test_real_documents_a_year_later(name: str, tmp_path: Path) -> None:
    """Every amount is either this year's, or listed; none stays last year's in silence. A PDF is set by the program."""
    path = REAL / name
    if not path.exists():
        pytest.skip("the real documents are not here")
    if path.suffix != ".pdf":
        path = set_in_word(read_raw_document(path), tmp_path / "上年.docx")
    last = read(path)
    result = roll_docx(path, tmp_path / "今年.docx", grown(last))
    told = f"{result.renewed} renewed, {result.unchanged} unchanged, {len(result.left)} left"
    print(f"{name}: {result.total} numbers, {told}")
    assert result.renewed > len(result.left)
    assert broken_rules(tmp_path / "今年.docx") == []
    old, new = figures(path), figures(tmp_path / "今年.docx")
    # What only the prose tells is listed where it was not understood.
    amounts = {key: value for key, value in old.items() if value >= 1000 and key.startswith("表")}
    assert [key for key, value in amounts.items() if new.get(key) == value] == []


def test_the_data_of_a_chart_of_word(tmp_path: Path) -> None:
    """Numbers that are figures of the document are this year's, in the chart and in the workbook behind it."""
    last, this = two_years("wuhan-2022", 3)
    before, now = ({key: fact.figure.value / 10000 for key, fact in each.facts.items()} for each in (last, this))

    def shown(figures: dict[str, Decimal], key: str) -> str:
        return f"{figures[key]:.2f}"

    total, basic = "表1!31行1栏", "表5!合计行2栏"
    path = with_chart(
        published(last, tmp_path / "a"),
        tmp_path / "上年.docx",
        "2023年度收支情况",
        {
            "收入总计": {"2022年度": "1.23", "2023年度": shown(before, total)},
            "基本支出": {"2022年度": "4.56", "2023年度": shown(before, basic)},
            "在职人数": {"2022年度": "25", "2023年度": "26"},
        },
    )
    result = roll_docx(path, tmp_path / "今年.docx", this)
    found, cells = chart_data(tmp_path / "今年.docx")
    assert found["收入总计"] == {"2023年度": shown(before, total), "2024年度": shown(now, total)}
    assert found["基本支出"]["2024年度"] == shown(now, basic)
    assert [str(value) for value in cells[2][:2]] == ["2024年度", f"{float(shown(now, total))}"]
    # A number that is no figure of the account stays, and is told with its series.
    told = next(told for _, told in result.problems if "仍是上年的数" in told)
    assert "在职人数2023年度 26" in told and "收入总计" not in told
    assert any("图里这些数仍是上年的" in text for text in comments(tmp_path / "今年.docx"))


def test_a_web_page_is_a_template(tmp_path: Path) -> None:
    """Its text and order come again in a Word file of our layout, with this year's figures."""
    last, this = two_years("wuhan-2022", 2)
    page = juesuan.publish(last, tmp_path / "a", ["html"], draft=True)[0]
    target = tmp_path / "今年.docx"
    result = roll_docx(page, target, this)
    assert figures(target) == figures(published(this, tmp_path / "b"))
    assert not any("没有认出" in told for _, told in result.problems)
    assert {entry.why for entry in result.left} <= {"日期，请确认"}
    headings = [text for text in texts(target) if text.startswith("第")]
    assert [text[1:2] for text in headings[-5:]] == ["一", "二", "三", "四", "五"]


def test_the_command(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from juesuan.cli import main

    last, this = two_years("wuhan-2022", 1)
    path, account = published(last, tmp_path / "a"), tmp_path / "今年.json"
    account.write_bytes(to_json(this))
    out = tmp_path / "今年.docx"
    result = CliRunner().invoke(main, ["roll", str(path), "--figures", str(account), "-o", str(out)])
    assert result.exit_code == 1 and out.exists(), result.output
    assert "待核 1" in result.output and "日期，请确认" in result.output
    assert "2024年9月20日" in (tmp_path / "今年-待核清单.csv").read_text(encoding="utf-8-sig")
    again = CliRunner().invoke(main, ["roll", str(path), "--figures", str(account), "-o", str(out)])
    assert again.exit_code == 2 and "--force" in again.output


def test_the_example_a_year_later(tmp_path: Path) -> None:
    """Scores stay as exact as their sums; last year's figures that its document publishes otherwise are listed."""
    account = compile_sources([EXAMPLE / "workbook.xlsx"]).account
    result, target, _ = rolled(account, msgspec.structs.replace(account, year=account.year + 1), tmp_path)
    assert errors(target) == set()
    assert any("91.02" in text for text in texts(target))
    # The workbook has 2,103.42 for the year before, which the document of that year would not be this one.
    assert any("给的数是2,103.42万元，上年公开的是1,777.50万元" in text for text in result.conflicts)
    assert all("不一致" not in text for _, text in result.problems)
