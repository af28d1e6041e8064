"""The narrative in words that are not our own: heard by the phrases around its figures, and held against the tables.

The figures are the example's (its tables are read from the DOCX we publish); the sentences follow the manner of other
provinces, in our own words.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import juesuan
from juesuan.account import Account, Source
from juesuan.checker import Report, check
from juesuan.reader.account import Reading, to_account
from juesuan.reader.files import read_raw
from juesuan.reader.raw import RawBlock, RawDocument, RawText

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022" / "whole"

OTHER_WORDS = """
一、收入支出决算总体情况说明
2022年度收、支总计均为1777.50万元。与2021年相比，收、支总计各减少了325.92万元，降低15.49%。主要变动原因是项目减少。
二、收入决算情况说明
2022年本年收入合计1777.50万元，其中：一般公共预算拨款占大头。
三、支出决算情况说明
2022年本年支出合计1777.50万元，其中：基本支出805.81万元，占45.3%；项目支出971.69万元，占54.7%。
四、财政拨款收入支出决算总体情况说明
2022年财政拨款收、支总计均为1777.50万元。与2021年相比，财政拨款收、支总计各减少325.92万元，降低15.49%。
五、一般公共预算财政拨款支出决算情况说明
（一）一般公共预算财政拨款支出决算总体情况
2022年一般公共预算财政拨款支出1777.50万元，占本年支出合计的100%。与2021年相比，一般公共预算财政拨款支出减少325.92万元，降低15.49%。
（三）一般公共预算财政拨款支出决算具体情况
2022年一般公共预算支出决算数为1777.50万元，完成预算的55.08%。其中：
1.社会保障和就业（类）行政事业单位养老支出（款）事业单位离退休（项）：支出决算为8.50万元，年初预算为21.88万元，完成年初预算38.85%，决算数低于预算数，主要原因是待遇调整。
2.住房保障支出（类）住房改革支出（款）住房公积金（项）：支出决算为60.54万元，年初预算为60.87万元，决算数小于年初预算数的主要原因是人员变动。
六、一般公共预算财政拨款基本支出决算情况说明
2022年一般公共预算财政拨款基本支出805.81万元，其中：人员经费支出744.25万元，主要包括工资福利支出；日常公用经费61.55万元，主要包括办公费等。
九、财政拨款“三公”经费支出决算情况说明
（一）“三公”经费财政拨款支出决算总体情况说明
2022年“三公”经费财政拨款支出决算为1.16万元，完成预算31.35%，较上年度减少0.79万元，下降40.51%。
（二）“三公”经费财政拨款支出决算具体情况说明
其中：公务用车运行维护费支出1.16万元。主要用于维修和保险。截至2022年12月31日，公务用车保有量为1辆。
十、机关运行经费支出情况
本单位为事业单位，没有机关运行经费。
十一、政府采购支出情况
本年没有实施政府采购。
十二、国有资产占用情况
本单位国有资产情况见公开网站，车辆数见前文。
十三、预算绩效情况
本单位对全部项目开展了绩效自评。
第四部分 名词解释
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> RawDocument:
    """The example's tables as the DOCX prints them, the paragraphs above them, and no narrative."""
    account = juesuan.compile(EXAMPLE)
    assert isinstance(account, Account)
    (path,) = juesuan.publish(account, tmp_path_factory.mktemp("docx"), ["docx"])
    document = read_raw(path)
    stop = max(
        index
        for index, block in enumerate(document.blocks)
        if isinstance(block, RawText) and block.text.replace(" ", "").startswith("第三部分")
    )
    return msgspec.structs.replace(document, blocks=document.blocks[:stop])


def _read(raw: RawDocument, narrative: str) -> Reading:
    texts = ["第三部分 2022年度单位决算情况说明", *filter(None, narrative.split("\n"))]
    blocks: list[RawBlock] = [RawText(text, Source("x.docx", paragraph=n)) for n, text in enumerate(texts, 900)]
    return to_account(msgspec.structs.replace(raw, blocks=(*raw.blocks, *blocks)), "wuhan-2022")


def _errors(raw: RawDocument, narrative: str) -> list[str]:
    reading = _read(raw, narrative)
    report = check(reading.account, statute=reading.statute)
    assert isinstance(report, Report)
    return [f"{finding.code} {finding.message}" for finding in report.findings if finding.severity == "error"]


def _stated(reading: Reading) -> set[str]:
    return {f"{s.row}{c.name}" for s in reading.account.statements for c in s.claims}


def test_a_sound_narrative_in_other_words_gives_no_alarm(raw: RawDocument) -> None:
    # N58 is true: this narrative explains two of ten items only.
    assert [error for error in _errors(raw, OTHER_WORDS) if not error.startswith("N58")] == []


def test_the_budget_of_a_purchase_is_not_that_of_all_vehicles(raw: RawDocument) -> None:
    both = (
        "公务用车购置及运行维护费支出1.16万元，其中公务用车购置年初预算数为0万元，决算数为0万元；"
        "公务用车运行维护费支出1.16万元。"
    )
    narrative = OTHER_WORDS.replace("公务用车运行维护费支出1.16万元。", both)
    assert [error for error in _errors(raw, narrative) if not error.startswith("N58")] == []


def test_its_figures_are_heard(raw: RawDocument) -> None:
    stated = _stated(_read(raw, OTHER_WORDS))
    assert {"总计", "变动", "幅度", "收入合计", "支出合计", "支出", "占比", "完成率"} <= stated
    assert {"基本", "人员", "公用", "保有量"} <= stated
    assert {"2080502预算", "2080502决算", "2080502完成率", "2210201预算", "2210201决算"} <= stated


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1777.50万元。与2021年相比，收、支", "1767.50万元。与2021年相比，收、支", "1,777.50万元"),
        ("各减少了325.92万元，降低15.49%", "各减少了325.92万元，降低18.49%", "15.49%"),
        ("本年支出合计1777.50万元", "本年支出合计1977.50万元", "1,777.50万元"),
        ("占本年支出合计的100%", "占本年支出合计的98%", "100%"),
        ("支出决算为8.50万元，年初预算为21.88", "支出决算为9.50万元，年初预算为21.88", "8.50万元"),
        ("完成年初预算38.85%", "完成年初预算58.85%", "38.85%"),
        ("决算数低于预算数", "决算数高于预算数", "与表中数字不符"),
        ("决算数小于年初预算数的主要原因", "决算数大于年初预算数的主要原因", "与表中数字不符"),
        ("基本支出805.81万元，其中：人员", "基本支出850.81万元，其中：人员", "805.81万元"),
        ("人员经费支出744.25万元", "人员经费支出774.25万元", "744.25万元"),
        ("日常公用经费61.55万元", "日常公用经费65.15万元", "61.55万元"),
        ("三公”经费财政拨款支出决算为1.16万元", "三公”经费财政拨款支出决算为1.61万元", "1.16万元"),
        ("下降40.51%", "下降45.01%", "40.51%"),
        ("运行维护费支出1.16万元", "运行维护费支出1.26万元", "1.16万元"),
    ],
)
def test_one_changed_figure_or_word_is_caught(raw: RawDocument, old: str, new: str, expected: str) -> None:
    assert OTHER_WORDS.count(old) == 1
    errors = [error for error in _errors(raw, OTHER_WORDS.replace(old, new)) if not error.startswith("N58")]
    assert len(errors) == 1, errors
    assert expected in errors[0]


def test_what_may_belong_to_two_things_is_not_guessed(raw: RawDocument) -> None:
    text = OTHER_WORDS.replace(
        "公用经费61.55万元", "公用经费61.55万元（其中甲处公用经费12.00万元，乙处公用经费49.55万元）"
    )
    assert [error for error in _errors(raw, text) if not error.startswith("N58")] == []


def test_amounts_in_yuan_are_read_as_yuan(raw: RawDocument) -> None:
    text = OTHER_WORDS.replace("本年支出合计1777.50万元", "本年支出合计17775000.00元")
    reading = _read(raw, text)
    (claim,) = [c for s in reading.account.statements for c in s.claims if c.name == "支出合计"]
    assert claim.figure.value == 17_775_000
    assert claim.figure.resolution < 1


def test_adjusted_and_initial_budgets_are_told_apart(raw: RawDocument) -> None:
    old = "年初预算为21.88万元，完成年初预算38.85%，决算数低于预算数"
    new = "年初预算为21.88万元，调整预算数为8.50万元，完成调整预算的100%，决算数低于年初预算数"
    assert old in OTHER_WORDS
    assert [error for error in _errors(raw, OTHER_WORDS.replace(old, new)) if not error.startswith("N58")] == []


def _codes(raw: RawDocument, narrative: str) -> dict[str, str]:
    reading = _read(raw, narrative)
    report = check(reading.account, statute=reading.statute)
    assert isinstance(report, Report)
    return {finding.code: finding.message for finding in report.findings}


def test_a_figure_with_another_last_digit_is_a_notice(raw: RawDocument) -> None:
    found = _codes(raw, OTHER_WORDS.replace("基本支出805.81万元，其中：人员", "基本支出805.8万元，其中：人员"))
    assert "基本正文805.80万元、表中805.81万元" in found["R002"]
    assert "R002" not in _codes(raw, OTHER_WORDS)


def test_a_class_that_the_structure_leaves_out(raw: RawDocument) -> None:
    structure = "（二）一般公共预算财政拨款支出决算结构情况\n主要用于：社会保障和就业支出（类）1597.51万元，占89.9%；"
    text = OTHER_WORDS.replace("（三）一般", f"{structure}\n（三）一般")
    # 221 住房保障支出 is named in the text; 210 卫生健康支出 nowhere.
    assert _codes(raw, text)["N57"].endswith("210卫生健康支出。")


def test_a_share_of_no_budget(raw: RawDocument) -> None:
    text = OTHER_WORDS.replace("其中：公务用车运行", "因公出国（境）费支出决算为0万元，完成预算100%。\n公务用车运行")
    assert "预算为零" in _codes(raw, text)["N63"]


def test_a_share_of_more_than_the_whole(raw: RawDocument) -> None:
    bought = (
        "2022年度某中心政府采购支出总额10.00万元，其中：政府采购货物支出10.00万元、政府采购工程支出0万元、"
        "政府采购服务支出0万元。货物采购授予中小企业合同金额占货物支出金额的103%。"
    )
    text = OTHER_WORDS.replace("本年没有实施政府采购。", bought)
    assert "103%" in _codes(raw, text)["N66"]
    assert "N66" not in _codes(raw, text.replace("103%", "100%"))


def test_projects_listed_make_the_projects_outlay(raw: RawDocument) -> None:
    listed = "项目支出主要用于：建设项目784.05万元，主要成效：完成对接；运行经费{}万元，主要成效：稳定。其中：\n1."
    text = OTHER_WORDS.replace("其中：\n1.", listed.format("178.64"))
    # 784.05 + 178.64 = 962.69, 表5: 971.69.
    assert "962.69万元，表中项目支出为971.69万元" in _codes(raw, text)["N68"]
    assert "N68" not in _codes(raw, OTHER_WORDS.replace("其中：\n1.", listed.format("187.64")))
