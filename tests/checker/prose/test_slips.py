"""Slips of typists in texts: digits exchanged or lost, words left out, old sentences; and what looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.prose.made import found
from juesuan.checker import check
from juesuan.reader import read_document

LATER_BUDGETS = (
    "某局2024年度一般公共预算财政拨款支出全年预算为100.00万元，支出决算为95.00万元。其中：\n"
    "1.一般公共服务支出（类）财政事务（款）行政运行（项）。全年预算为52.00万元，支出决算为51.00万元。\n"
    "2.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）。"
    "全年预算为9.37万元，支出决算为8.00万元。\n"
    "3.住房保障支出（类）住房改革支出（款）住房公积金（项）。全年预算为39.00万元，支出决算为36.00万元。"
)

SOUND = {
    "a list that leaves small parts out": (
        "某校2023年项目支出138.00万元，其中：商品和服务支出64.80万元，资本性支出52.30万元，"
        "债务利息及费用支出12.00万元。"
    ),
    "a part whose completion is of a budget not told": (
        "某院2023年度“三公”经费预算12.50万元，决算13.07万元，完成预算的104.56%。"
        "其中：因公出国（境）费决算4.46万元，完成预算的89.2%。"
    ),
    "a share of the grand total": (
        "某局2023年支出总计200.00万元，本年支出合计180.00万元。\n基本支出100.00万元，占支出总计的50%。"
    ),
    "what there was": "2023年某局购置车辆2辆，公务用车购置费30.00万元。2023年有购置车辆的情况。",
    "this year's reason": (
        "某区2023年“三公”经费决算8.00万元。\n2023年“三公”经费支出决算同比下降的原因主要是厉行节约。"
    ),
    "an item and its two natures": (
        "某县中学2023年部门预算。初中教育支出312.00万元，其中：基本支出300.00万元，项目支出12.00万元。"
    ),
    "items that are all": (
        "2023年某局一般公共预算支出决算数为11.00万元，其中：\n1.行政运行支出决算为6.00万元。\n"
        "2.机关服务支出决算为3.00万元。\n3.住房公积金支出决算为2.00万元。"
    ),
}
SOUND |= {
    "funds told side by side": (
        "某局2026年一般公共预算收支预算716.62万元，政府性基金收支预算0万元。与2025年预算相比，"
        "一般公共预算收支预算减少21.18万元，下降2.87%，主要原因是在职人员减少；政府性基金收支预算无变化。"
    ),
    "classes of an outlay told behind the income of the year": (
        "某校2024年财政拨款收支总预算557.93万元。收入按资金来源分为：一般公共预算拨款557.93万元（含上年结转8.40万元）；"
        "支出按功能分类分为：教育支出400.00万元（占71.69%）、社会保障和就业支出100.00万元（占17.92%）、"
        "住房保障支出57.93万元（占10.38%）。"
    ),
    "an outlay by where its money is from": (
        "某校2024年预算共安排项目支出235.54万元，主要包括：本年财政拨款安排185.14万元（其中，一般公共预算拨款安排"
        "185.14万元，政府性基金预算拨款安排0万元），财政拨款结转安排8.40万元，单位资金安排42.00万元。"
    ),
    "items of two sections with one name": (
        "2019年某镇一般公共预算财政拨款支出。\n1、一般公共服务支出（类）人大事务（款）行政运行（项）。年初预算为18.60万元，"
        "支出决算为18.60万元，完成年初预算的100%。\n2、一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行"
        "（项）。年初预算为470.00万元，支出决算为486.35万元，完成年初预算的103.48%。"
    ),
    "a limit that is kept": (
        "2020年某区政府债务限额7.00亿元，其中一般债务5.62亿元，专项债务1.38亿元。债务余额决算数5.81亿元，其中一般债务4.43亿元，"
        "专项债务1.38亿元。一般债务、专项债务余额均严格控制在限额以内。"
    ),
    "shares of the total in a paragraph below an item": (
        "2024年某校单位支出总预算100.00万元。\n1.基本支出70.00万元，占支出总预算70.00%。\n2.项目支出30.00万元，占支出总预算"
        "30.00%。\n按支出功能分类科目，分为：教育支出80.00万元，占80.00%；社会保障和就业支出15.00万元，占15.00%；"
        "住房保障支出5.00万元，占5.00%。"
    ),
    "a part of a part in brackets": "2023年某局编制数168人，其中：行政编制52人、事业编制116人（含参公编制38人）。",
    "what was before beside what is": "2024年某院公务用车运行费预算14万元，上年预算14万元，与2023年预算持平。",
    "the mean by money": (
        "2023年某院自评项目3个，其中：甲项目50.00万元，自评97分；乙项目30.00万元，自评95分；丙项目20.00万元，自评90分。"
        "平均得分95.00分。"
    ),
    "items whose budgets of later in the year are all": LATER_BUDGETS.replace("9.37", "9.00"),
}
FAULTY = {
    "items whose budgets of later in the year do not make the total": (LATER_BUDGETS, "Z115"),
    "a limit that is said to be kept": (
        "2020年某区政府债务限额6.94亿元，其中一般债务5.62亿元，专项债务1.32亿元。债务余额决算数5.81亿元，其中一般债务4.43亿元，"
        "专项债务1.38亿元。一般债务、专项债务余额均严格控制在限额以内。", "Z135",
    ),
    "a rate of other counts": (
        "2021年某院共受理各类案件4186件，审（执）结4052件，结案率98.60%，公用经费支出1.00万元。", "Z102",
    ),
    "what was before, and no change": (
        "2024年某院公务用车运行费预算10万元，上年预算14万元，与2023年预算持平。", "Z121",
    ),
    "an approved budget changed by another amount": (
        "2020年某县一般公共预算支出预算为282640万元，调整支出预算为291385万元，较年初预算增加8475万元。", "Z106",
    ),
    "a part in brackets that is more than its whole": (
        "2022年某局资产原值合计2318406.20元，其中：通用设备1204506.20元（其中车辆1340000元），"
        "专用设备301200元。", "Z111",
    ),
    "digits of a total exchanged": (
        "2022年返还性收入7241万元，系基数性补助，分项情况是：所得税基数返还收入806万元；成品油税费改革税收返还收入1612万元；"
        "增值税税收返还收入2054万元；消费税税收返还收入3万元；增值税“五五分享”税收返还收入2739万元。", "Z111",
    ),
    "nothing, and then an amount": (
        "某校为公益一类事业单位，无机关运行经费。2022年度机关运行经费支出18.64万元，比2021年增加1.14万元。", "Z134",
    ),
    "fewer, as the reason for more": (
        "2020年某局培训费预算1.50万元，支出决算2.13万元，较上年增加0.48万元，"
        "主要原因是受疫情影响，线下培训大幅减少。", "Z161",
    ),
    "a mean of other scores": (
        "2023年某院自评项目3个，其中：甲项目58.60万元，自评97分；乙项目21.30万元，自评95.5分；丙项目6.50万元，自评92分。"
        "平均得分95.83分。", "Z114",
    ),
    "scores of indicators that make another total": (
        "2018年某中心投入指标得14分（满分15分），过程指标得36分（满分40分），产出指标得28分（满分30分），"
        "效果指标得14分（满分15分），自评总分96分。", "Z114",
    ),
    "exchanged digits in a list": (
        "某校2023年项目支出13800万元，其中：商品和服务支出6480万元，资本性支出5230万元，债务利息及费用支出2000万元。",
        "Z111",
    ),
    "a share of another whole than the items beside it": (
        "某所2023年预算。一般公共预算支出1612480.40元。\n1.基本支出预算1548480.40元，占一般公共预算支出的96.03%。其中：\n"
        "工资福利支出预算1402116.50元，占基本支出预算86.95%。\n商品和服务支出预算132363.90元，占基本支出预算8.55%。\n"
        "对个人和家庭的补助支出预算14000.00元，占基本支出预算0.90%。", "Z103",
    ),
    "a negation lost": (
        "2023年某局公务用车购置支出0元，购置车辆0辆。2023年有购置车辆的情况。", "Z134",
    ),
    "one amount in two values a unit apart": (
        "某区2023年“三公”经费决算910万元，公务用车购置费43万元。\n2023年公务用车购置费42万元。", "Z151",
    ),
    "last year's sentence": (
        "某区2023年“三公”经费决算8.00万元。\n2022年某区“三公”经费支出决算同比下降的原因主要是厉行节约。", "W103",
    ),
    "an item that is not listed": (
        "2023年某局一般公共预算支出决算数为13.00万元，其中：\n1.行政运行支出决算为6.00万元。\n"
        "2.机关服务支出决算为3.00万元。\n3.住房公积金支出决算为2.00万元。", "Z115",
    ),
    "an item of a list twice": (
        "2023年某局人员经费81.00万元，主要包括：基本工资、职业年金缴费、职业年金缴费、住房公积金。", "W118",
    ),
    "the end of another year": (
        "2023年某局公务用车购置0辆。截至2022年12月底，单位共有公务用车3辆。公务用车运行维护费5.00万元。", "W103",
    ),
    "a reason for growth under a decrease": (
        "某局2023年公务接待费2.80万元，比上年减少0.40万元，下降12.50%，主要原因：来访调研任务增加。", "Z161",
    ),
    "the outlay of a fund denied where there was none, and told to have been": (
        "某局2023年没有国有资本经营预算拨款收入，也使用了国有资本经营预算拨款安排的支出。", "Z134",
    ),
    "a fund told to have been that there was none of": (
        "某局2023年度决算。2023年没有政府性基金预算财政拨款收入。\n"
        "某局2023年度有政府性基金预算财政拨款收入支出。", "Z134",
    ),
    "an item and its two natures": (
        "某县中学2023年部门预算。初中教育支出315.00万元，其中：基本支出300.00万元，项目支出12.00万元。", "Z111",
    ),
    "a score left blank": ("2023年某局自评项目3个，绩效自评价平均得分 分。", "W107"),
    "a count left blank": (
        "2023年某局共有车辆2辆，单位价值50万元以上设备1台（套），其中：单价100万元以上设备 台（套）。", "W107",
    ),
    "first digits lost": ("2023年某镇收入总计2,030.76万元，支出总计,030.76万元。", "W107"),
    "purchases by who buys": (
        "某局2023年政府采购支出总额100.00万元，其中：政府集中采购60.00万元，部门集中采购10.00万元，分散采购20.00万元。",
        "Z111",
    ),
    "both sides and their change": (
        "某镇2023年度收入总计4126.38万元，支出总计4126.38万元。收支较上年减少467.39万元，降低20.2%。", "Z101",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_not_blamed(text: str, tmp_path: Path) -> None:
    assert not found(text, tmp_path)


@pytest.mark.parametrize(("text", "code"), FAULTY.values(), ids=FAULTY.keys())
def test_a_slip_is_found(text: str, code: str, tmp_path: Path) -> None:
    assert code in found(text, tmp_path)


def test_exchanged_digits_in_parts_that_the_law_knows_are_told_once(tmp_path: Path) -> None:
    text = (
        "某局2023年政府采购支出总额13800万元，其中：政府采购货物支出6480万元，政府采购工程支出5230万元，"
        "政府采购服务支出2000万元。"
    )
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    reading = read_document(tmp_path / "text.txt")
    codes = [finding.code for finding in check(reading.account, statute=reading.statute).findings]
    assert codes.count("Z111") == 1


def test_a_mention_without_a_number_of_its_own_ends_no_rule(tmp_path: Path) -> None:
    """A part told of a whole that has lost its number: the other rules go on."""
    text = (
        "2021年某院机关正常运转的日常支出1758.55万元。其中：人员经费支出1536.80万元，占基本支出的87.39%；公用经费221.75万元，"
        "占基本支出的9.58%。\n公务用车购置及运行维护费减少1.44万元，其中：公务用车购置费0.00万元，公务用车运行维护费5.00万元。"
    )
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")
    assert not check(read_document(file).account).faults
