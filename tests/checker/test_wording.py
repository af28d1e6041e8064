"""What is left over in the words: blanks, choices, years, units, stops, names; and what must not be taken for such."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, Passage, SeenTable, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording import check_wording
from juesuan.statute import load_statute


def _found(*texts: str) -> list[tuple[str, str]]:
    account = Account("national", 2024, Unit("某市财政局"), passages=tuple(Passage(text) for text in texts))
    account.put(Fact(Address("表1", "58", "2"), Figure(Decimal("17775000"), Decimal(100))))
    context = CheckContext(account, load_statute("national"))
    return [(finding.code, finding.stated) for finding in check_wording(context)]


@pytest.mark.parametrize(
    ("text", "code", "stated"),
    [
        ("第二部分 某市XX局2024年度部门决算表", "W101", "XX"),
        ("主要用于××万元的支出。", "W101", "××"),
        ("较上年减少2.00万元，主要原因是减少。", "W112", "原因是减少。"),
        ("共有车辆____辆。", "W101", "____"),
        ("收入总计（此处填写金额）万元。", "W101", "（此处"),
        ("决算数较上年增加(减少)的主要原因是人员变动。", "W102", "增加（减少）"),
        ("决算数大于/小于预算数的主要原因是人员变动。", "W102", "大于/小于"),
        ("比上年下降（增长）3%。", "W102", "下降（增长）"),
        ("决算数大小于预算数的主要原因是人员变动。", "W102", "大小于"),
        ("公务用车运行维护费比上年减增加21.90万元。", "W102", "减增加21.90"),
        ("高等职业教育（项）。年初预算___万元，支出决算612.00万元。", "W101", "__万元"),
        ("绩效自评共涉及 个项目，涉及资金20.00万元。", "W107", "涉及个项目"),
        ("纳入本部门2022年部门汇总决算编制范围的单位共计4家。", "W103", "2022"),
        ("年中新增“艺术季”活动经费、金色年华”集体婚礼经费。", "W122", "”"),
        ("15.“教育支出（类）普通教育（款）学前教育（项）12.00万元，主要用于日常运转。", "W122", "“"),
        ("政府性基金预算财政拨款收入2.80万元，支出收入2.80万元。", "W102", "支出收入2.80万元"),
        ("教育支出（类）26.02万元，占0.13%；城乡社区支出（类）15411.43万元，占76.23；其他略。", "W108", "76.23"),
        ("政府性基金预算0万元，与2025年预算增加持平。", "W102", "增加持平"),
        ("公务接待费支出决算减少为0.00万元，与上年持平。", "W102", "减少为0.00万元，与上年持平"),
        ("公务接待费支出决算减少为0.00万元，与2023年持平。", "W102", "减少为0.00万元，与2023年持平"),
        ("国内公务接待支出0.40万（含外宾接待支出0万元）。", "W108", "0.40万（含外宾"),
        ("2023年收入预算总体减少的主要原因是项目减少。", "W103", "2023"),
        ("四、其他 我单位2023年度无政府性基金预算财政拨款支出。", "W103", "2023"),
        ("开支培训费万元，用于业务培训。", "W107", "费万元，"),
        ("（2）公务用车购置费0.40万", "W108", "0.40万"),
        ("内设机构6个，分别为：办公室、预算科、国库科、农业科、监督科。", "W119", "6"),
        ("第三部分 某市财政局202年度部门决算情况说明", "W109", "202年度"),
        ("七、绩效目标（包括总目标、年度目标等，具体见表格）", "W111", "（包括总目标、年度目标等，具体见表格）"),
        ("收入100.00万元，比2025年预算增加增加27.45万元。", "W118", "增加增加"),
        ("项目247个。（绩效目标管理情况，以及编报绩效目标的项目数量、预算金额等）", "W111",
         "（绩效目标管理情况，以及编报绩效目标的项目数量、预算金额等）"),
        ("二、单位构成（仅有一个单位的部门，本部分内容为“机构设置”）", "W111", "仅有一个单位的部门"),
        ("截至2023年12月31日，共有车辆0辆。", "W103", "2023"),
        ("截止 2025 年 12 月 31 日，共有车辆0辆。", "W103", "2025"),
        ("第三部分 某市财政局2023年度部门决算情况说明", "W103", "2023"),
        ("2023年度收入支出总计1777.50万元。", "W103", "2023"),
        ("2024年度收入支出总计1777.50万元，与2024年度相比增加10.00万元。", "W103", "2024"),
        ("2023年度无机关运行经费支出。", "W103", "2023"),
        ("十三、关于2023年度预算绩效情况的说明", "W103", "2023"),
        ("行政事业单位养老支出（款）（项）：支出决算为76.96万元。", "W120", "（项）"),
        ("说明相关任务目标的完成情况(100字以内)", "W111", "（100字以内）"),
        ("一般公共服务支出（类） （款）行政运行（项）。", "W120", "（款）"),
        ("其他收入23.00万元，占1.32元。", "W104", "1.32元"),
        ("我单位共有职工人，其中正式职工305人。", "W107", "共有职工人，"),
        ("1个项目编报了绩效目标，涉及财政拨款项目预算资金元。", "W107", "预算资金元。"),
        ("截至2026年12月，共有车辆3辆。", "W103", "2026"),
        ("2023年度没有政府性基金预算财政拨款收入，也没有支出。", "W103", "2023"),
        ("2023年度本单位无项目支出，未开展绩效评价。", "W103", "2023"),
        ("2023年度“三公”经费支出决算数小于预算数的主要原因是未购置车辆。", "W103", "2023"),
        ("2023年度预算绩效管理工作开展情况如下。", "W103", "2023"),
        ("2023年，在局党组的正确领导下，各项工作圆满完成。", "W103", "2023"),
        ("第四部分 2023年度重点工作完成情况", "W103", "2023"),
        ("2024年度支出合计1,777.50元。", "W104", "1,777.50元"),
        ("2024年度支出合计1777.50万元元。", "W104", "万元元"),
        ("包括财政拨款和其他收入。。", "W105", "。。"),
        ("包括财政拨款，，其他收入。", "W105", "，，"),
        ("某市教育局2024年度收入支出总计1777.50万元。", "W106", "某市教育局"),
    ],
)
def test_what_is_left_over_is_found(text: str, code: str, stated: str) -> None:
    assert (code, stated) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "截至2024年12月31日，某市财政局共有车辆0辆。",
        "与2023年度相比，收入支出总计减少56.95万元。",
        "比2023年度决算数增加2.55万元，增长1.40%。",
        "使用2022年度结转资金10.00万元。",
        "2024年度无机关运行经费支出，2023年度无机关运行经费支出。",
        "较2019年增长12%。",
        "某市财政局2024年度收入支出总计1777.50万元。",
        "市财政局2024年度收入支出总计1777.50万元。",
        "2024年度某市财政局政府采购支出总额10万元。",
        "支持IPv6和Windows XP系统改造。",
        "一、收入支出决算总表………………………………3",
        "单价100万元（含）以上设备2台（套）。",
        "每人每天补助100元。",
        "得分=权重×B/A，得分不得突破权重总额。",
        "反映收入增加或减少的情况。",
        "公务接待费支出决算较年初预算减少为0.50万元，与上年持平。",
    ],
)
def test_sound_words_are_left_in_peace(text: str) -> None:
    assert _found(text) == []


def test_a_template_is_not_searched_for_blanks() -> None:
    account = Account("national", 2024, Unit("某市XX局"), passages=(Passage("某市XX局2024年度收入支出总计XX万元。"),))
    assert list(check_wording(CheckContext(account, load_statute("national")))) == []


def test_a_template_has_years_all_the_same() -> None:
    texts = ("某市XX局2024年度收入支出总计XX万元。", "某市XX局2023年度无政府性基金预算财政拨款收入。")
    account = Account("national", 2024, Unit("某市XX局"), passages=tuple(map(Passage, texts)))
    found = list(check_wording(CheckContext(account, load_statute("national"))))
    assert [(each.code, each.stated) for each in found] == [("W103", "2023")]


def test_so_many_wrong_years_are_one_question() -> None:
    found = _found(*[f"{name}截至2023年12月31日，共有车辆0辆。" for name in "甲乙丙丁戊己庚"])
    assert found == [("W103", "2023年")]


def _years(kind: str, *texts: str) -> list[tuple[str, str]]:
    """What is found of years in a whole disclosure of 2024."""
    account = Account(kind, 2024, Unit("某市财政局"), passages=tuple(Passage(text) for text in texts))
    account.put(Fact(Address("表1", "58", "2"), Figure(Decimal("17775000"), Decimal(100))))
    account.tables = (SeenTable("表1", "收入支出决算总表"),)
    context = CheckContext(account, load_statute(kind))
    return [(each.code, each.stated) for each in check_wording(context) if each.code in ("W103", "W117")]


TITLES = ("某市2024年市级部门预算", "2024年部门收入预算总表", "2024年部门支出预算总表", "2024年部门财政拨款收支预算表")
SPENT = "2023年当年预算执行数为45.00万元，2024年预算安排50.00万元，比2023年预算执行数增加5.00万元。"


@pytest.mark.parametrize(("texts", "found"), [
    (TITLES, []),
    (("某市2023年市级部门预算", *TITLES[1:]), [("W103", "2023")]),
    ((*TITLES[:3], "2023年部门财政拨款收支预算表"), [("W103", "2023")]),
    ((*TITLES, "2023年部门预算执行情况"), []),
    ((*TITLES[:3], "2023年度", "部门财政拨款收支预算表"), [("W103", "2023")]),
    ((*TITLES, "2023年度某市财", "政局部门预算公开"), [("W103", "2023")]),
    ((*TITLES, "2024年度某市财", "政局部门预算公开"), []),
    ((*TITLES, "2023年工作总结", "2024年部门预算公开"), []),
    (("2023年度，我单位编报绩效目标的项目3个。",), [("W103", "2023")]),
    (("我单位组织对2023年度一般公共预算项目支出开展绩效自评。",), [("W103", "2023")]),
    (("1.2024年培训费预算6万元。", "2.2024年会议费预算6万元。", "2023年某市财政局下属3家机关运行经费预算为8万元。"),
     [("W117", "2023")]),
    (("2023年，某市财政局收入预算100.00万元。",), [("W103", "2023")]),
    (("截至2022年8月31日，共有车辆2辆。",), [("W103", "2022")]),
    (("截至2023年8月31日，共有车辆2辆。", "截至2022年12月31日，共有车辆2辆。"), []),
    (("六、年度预算安排", "总投资526.06万元。2023年安排建设资金500万元。", "七、绩效目标"), [("W103", "2023")]),
    (("六、年度预算安排", "2023年安排建设资金500万元，2024年安排26万元。", "七、绩效目标"), []),
    (("六、年度预算安排", "2024年度预算安排22.51万元。", "七、绩效目标", "2023年安排500万元。"), []),
    ((SPENT, SPENT, SPENT), []),
    ((SPENT, SPENT, SPENT.replace("2023年当年", "2022年当年")), [("W117", "2024")]),
    ((SPENT, SPENT, SPENT.replace("2024", "2023")), [("W117", "2023")]),
    ((SPENT, SPENT, SPENT.replace("比2023", "比2022")), [("W117", "2022")]),
    ((SPENT, SPENT, "公务接待费5.00万元，比2023年预算减少1.00万元；会议费3.00万元，比2022年预算减少1.00万元。"),
     [("W117", "2022")]),
    ((SPENT, SPENT, "公务接待费5.00万元，比2023年预算减少1.00万元，比2019年预算减少8.00万元。"), []),
])  # fmt: skip
def test_years_of_titles_and_of_what_a_budget_is_held_against(texts: tuple[str, ...], found: list[tuple[str, str]]):
    assert sorted(_years("budget", *texts)) == sorted(found)


def test_names_of_persons_may_be_left_out() -> None:
    assert _found("项目负责人：××，财务负责人：××，联系电话：××××") == []


def test_an_item_explained_twice_and_an_amount_in_two_units() -> None:
    item = "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）"
    twice = (f"3.{item}。", "年初预算为38.20万元，支出决算为35.91万元。", "4.其他。", f"8.{item}。",
             "年初预算为38.20万元，支出决算为35.91万元。")  # fmt: skip
    assert ("W118", item) in _found(*twice)
    other = (*twice[:4], "年初预算为18.20万元，支出决算为15.91万元。")
    assert "W118" not in {code for code, _ in _found(*other)}
    units = ("日常支出24,105,332.18元。", "支出31,684,207.55元。", "基本支出用于日常支出24,105,332.18万元。")
    assert ("W104", "24,105,332.18万元") in _found(*units)
    assert "W104" not in {code for code, _ in _found(*units[:2], "基本支出用于日常支出24,105,332.18元。")}


@pytest.mark.parametrize("text", [
    "内设机构5个，分别为：办公室、预算科、国库科、农业科、监督科。",
    "下属单位3个，分别是：住房和城乡建设局、水务局和气象局。",
    "重点项目12个，分别为道路、桥梁等。",
])  # fmt: skip
def test_as_many_named_as_counted(text: str) -> None:
    assert "W119" not in {code for code, _ in _found(text)}
