"""The set of tables and its codes, on accounts made by hand: each rule is broken once, a sound account breaks none."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Fact, Figure, Passage, RowLabel, SeenTable, Unit, Unplaced
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.prose.family import check_prose
from juesuan.checker.rules.structure import check_structure
from juesuan.checker.rules.wording import check_wording
from juesuan.statute import Form, load_statute

LAW = load_statute("national", 2022)
DETAIL = next(form for form in LAW.published if form.layout.coded and form.classification == "功能分类")


def _account(*labels: tuple[str, str]) -> Account:
    tables = tuple(SeenTable(form.key, form.title, notes=(Passage("无"),)) for form in LAW.published)
    account = Account("national", 2022, Unit("某市财政局"), tables=tables)
    account.labels = tuple(RowLabel(DETAIL.key, code, name) for code, name in labels)
    account.put(Fact(Address("表1", "27", "1"), Figure(Decimal(10000), Decimal(100))))
    return account


def _codes(account: Account) -> dict[str, str]:
    return {issue.code: issue.message for issue in check_structure(CheckContext(account, LAW))}


WHOLE = (("201", "一般公共服务支出"), ("20106", "财政事务"), ("2010601", "行政运行"))


def test_a_sound_account_breaks_nothing() -> None:
    assert _codes(_account(*WHOLE)) == {}


def test_an_item_without_its_class_and_group() -> None:
    (message,) = [text for code, text in _codes(_account(WHOLE[2])).items() if code == "C101"]
    assert "没有列示它的上级科目 20106" in message or "没有列示它的上级科目 201" in message
    assert "C101" not in _codes(_account(*WHOLE))


def test_a_name_that_its_code_does_not_bear() -> None:
    found = _codes(_account(*WHOLE[:2], ("2010601", "机关服务")))
    assert "2010601 写作“机关服务”" in found["C102"] and "“行政运行”" in found["C102"]


def test_a_code_that_no_list_has() -> None:
    found = _codes(_account(*WHOLE, ("2010698", "某项支出")))
    assert "2010698某项支出" in found["C103"]


def test_a_code_that_is_misprinted() -> None:
    account = _account(*WHOLE[:2])
    account.labels = (*account.labels, RowLabel(DETAIL.key, "2010601", "行政运行", printed="2010691"))
    assert "“行政运行”的编码印作“2010691”，应为 2010601" in _codes(account)["C104"]


OTHER = LAW.published[[form.key for form in LAW.published].index(DETAIL.key) + 1]


def test_a_name_known_from_practice_is_held_to_the_other_tables() -> None:
    """2010699 其他财政事务支出 is in no published list of this program: the other table of the document decides."""
    whole = (*WHOLE[:2], ("2010699", "其他财政事业支出"))
    account = _account(*whole)
    (alone,) = [i for i in check_structure(CheckContext(account, LAW)) if i.code == "C102"]
    account.labels = (*account.labels, *(RowLabel(OTHER.key, code, name) for code, name in WHOLE[:2]),
                      RowLabel(OTHER.key, "2010699", "其他财政事务支出"))  # fmt: skip
    (held,) = [i for i in check_structure(CheckContext(account, LAW)) if i.code == "C102"]
    assert (alone.severity, held.severity) == ("notice", "warning")


def test_names_of_a_template_are_read_before_it_is_filled_in() -> None:
    found = _codes(_account(*WHOLE[:2], ("2010601", "行运政行")))
    account = _account(*WHOLE[:2], ("2010601", "行运政行"))
    account.facts.clear()
    assert _codes(account) == {"C102": found["C102"], "F001": _codes(account)["F001"]}


def test_a_comparison_is_no_note_on_an_empty_table() -> None:
    account = _account(*WHOLE)
    compared = "公务接待费0.00万元。与2021年预算持平，主要原因是无公务接待事项支出。"
    notes = (Passage(compared), Passage("2021年度无相关收支。"))
    account.tables = tuple(msgspec.structs.replace(table, notes=notes) for table in account.tables[:1])
    found = list(check_wording(CheckContext(account, LAW)))
    assert [(each.code, each.stated) for each in found if each.code == "W103"] == [("W103", "2021")]


def test_no_table_at_all() -> None:
    assert set(_codes(Account("national", 2022, Unit("某市财政局")))) == {"F002"}


def test_tables_in_another_order() -> None:
    wuhan = load_statute("wuhan-2022", 2022)
    account = _account(*WHOLE)
    assert not wuhan.profile.any_order
    in_order = {issue.code for issue in check_structure(CheckContext(account, wuhan))}
    first, second, *rest = account.tables
    account.tables = (second, first, *rest)
    (moved,) = [issue for issue in check_structure(CheckContext(account, wuhan)) if issue.code == "F102"]
    assert "F102" not in in_order
    assert moved.stated.startswith(f"{second.title}、{first.title}")
    assert moved.expected.startswith(f"{first.title}、{second.title}")


def test_the_title_of_another_year() -> None:
    account = _account(*WHOLE)
    account.tables = tuple(
        msgspec.structs.replace(table, title=f"2021年度{table.title}") if table.form == DETAIL.key else table
        for table in account.tables
    )
    assert "表题为2021年度，决算年度是2022年度" in _codes(account)["F104"]


def test_a_table_that_looks_statutory_and_could_not_be_read() -> None:
    account = _account(*WHOLE)
    missing: Form = LAW.published[-1]
    account.tables = tuple(table for table in account.tables if table.form != missing.key)
    account.unplaced = (Unplaced("表格：单位 金额 12.00", like=missing.key),)
    assert set(_codes(account)) == {"F111"}


def test_a_number_of_a_table_without_a_line() -> None:
    account = _account(*WHOLE)
    account.unplaced = (Unplaced("12.34", form=DETAIL.key, amounts=1),)
    assert "有 1 个数没有认出是哪一行、哪一栏：12.34" in _codes(account)["U001"]


def test_a_table_with_figures_that_is_called_empty() -> None:
    account = _account(*WHOLE)
    note = (Passage("注：本单位无收支，故本表为空表。"),)
    account.tables = tuple(
        msgspec.structs.replace(table, notes=note) if table.form == "表1" else table for table in account.tables
    )
    assert {issue.code for issue in check_prose(CheckContext(account, LAW))} == {"Z172"}


def test_codes_of_the_government_classification_bear_their_own_names() -> None:
    """政府预算支出经济分类科目: 50102 is 社会保障缴费; 住房公积金 is 50103. One table alone is asked too."""
    law = load_statute("budget", 2024)
    form = next(form for form in law.published if form.classification == "经济分类")
    names = {"501": "机关工资福利支出", "50101": "工资奖金津补贴", "50102": "住房公积金"}
    account = Account("budget", 2024, Unit("某市水利局"), tables=(SeenTable(form.key, form.title),))
    account.labels = tuple(RowLabel(form.key, code, name) for code, name in names.items())
    account.put(Fact(Address(form.key, "501", "1"), Figure(Decimal(10000), Decimal(100))))
    (issue,) = check_structure(CheckContext(account, law))
    assert (issue.code, issue.stated, issue.expected) == ("C102", "住房公积金", "社会保障缴费")
