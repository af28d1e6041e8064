"""What governs a number that names nothing, and tables whose headings and lines a copy has moved."""

from __future__ import annotations

import pytest

from reader.test_prose import ALL, RUNNING, VISITS, said, stated, value_of

INCOME, OUTLAY, CARS, ABROAD = "收入总计", "支出总计", "公务用车购置及运行维护费", "因公出国（境）费"
FUND_INCOME, FUND_OUTLAY = "政府性基金预算财政拨款收入", "政府性基金预算财政拨款支出"
PUBLIC_OUTLAY = "一般公共预算财政拨款支出"


@pytest.mark.parametrize(("paragraphs", "expected"), [
    # One name, two numbers, the unit behind the last.
    (("收、支总计分别是12.50，14.00万元，比上年分别减少2.50、3.50万元。",),
     [(INCOME, "决算", "", "125000"), (OUTLAY, "决算", "", "140000"),
      (INCOME, "变动额", "上年", "-25000"), (OUTLAY, "变动额", "上年", "-35000")]),
    (("总收入12万元，总支出12万元，较上年决算数分别增加2万元和2万元，分别增长20%和20%。",),
     [(INCOME, "决算", "", "120000"), (OUTLAY, "决算", "", "120000"), (INCOME, "变动额", "上年", "20000"),
      (OUTLAY, "变动额", "上年", "20000"), (INCOME, "变动率", "上年", "20"), (OUTLAY, "变动率", "上年", "20")]),
    # An item in a line of its own is what the next paragraph is about; the next paragraph goes on with its own.
    (("2、农林水支出（类）水利（款）水利工程建设（项）。", "年初预算为0万元，支出决算为24万元。"),
     [("水利工程建设", "年初预算", "", "0"), ("水利工程建设", "决算", "", "240000")]),
    # A part on a project is of the project, whatever was told before its heading.
    (("公务接待费预算2万元。", "六、年度预算安排", "2023年度预算安排614.51万元。"),
     [(VISITS, "预算", "", "20000"), ("项目", "预算", "", "6145100")]),
    # 收入 of a fund, then its 支出.
    (("政府性基金预算财政拨款收入10万元；年初结转和结余2万元；支出12万元。",),
     [(FUND_INCOME, "决算", "", "100000"), ("年初结转和结余", "决算", "", "20000"),
      (FUND_OUTLAY, "决算", "", "120000")]),
    (("一般公共预算财政拨款支出10万元。与上年相比，一般公共预算财政拨款增加1万元。",),
     [(PUBLIC_OUTLAY, "决算", "", "100000"), (PUBLIC_OUTLAY, "变动额", "上年", "10000")]),
    # Back to the whole, of which other parts follow.
    (("“三公”经费预算16万元，其中公务接待费10万元。实际支出12万元，其中：因公出国（境）费支出5万元。",),
     [(ALL, "预算", "", "160000"), (VISITS, "预算", "", "100000"), (ALL, "决算", "", "120000"),
      (ABROAD, "决算", "", "50000")]),
    (("公务用车购置及运行维护费28万元（购置8万元，运行维护20万元）。",),
     [(CARS, "决算", "", "280000"), ("公务用车购置费", "决算", "", "80000"), (RUNNING, "决算", "", "200000")]),
    (("公务接待费支出0万元，本年无预算。",), [(VISITS, "决算", "", "0"), (VISITS, "预算", "", "0")]),
    (("公务接待费2万元，较2023年度预算无增减。",), [(VISITS, "决算", "", "20000"), (VISITS, "变动额", "预算", "0")]),
    (("公务接待费3万元，接待30批次、200人次，人均150元。",),
     [(VISITS, "决算", "", "30000"), ("公务接待批次", "数量", "", "30"), ("公务接待人次", "数量", "", "200"),
      ("人均接待费", "决算", "", "150")]),
    (("公务用车购置费0万元，购置0辆；运行维护费8万元，保有5辆。",),
     [("公务用车购置费", "决算", "", "0"), ("公务用车购置数", "数量", "", "0"), (RUNNING, "决算", "", "80000"),
      ("公务用车保有量", "数量", "", "5")]),
    (("上级补助收入、事业收入、其他收入均为0万元。",),
     [("上级补助收入", "决算", "", "0"), ("事业收入", "决算", "", "0"), ("其他收入", "决算", "", "0")]),
    (("财政拨款收入9万元，其中一般公共预算5万元、政府性基金预算4万元。",),
     [("财政拨款收入", "决算", "", "90000"), ("一般公共预算财政拨款收入", "决算", "", "50000"),
      ("政府性基金预算财政拨款收入", "决算", "", "40000")]),
    (("公务接待费预算执行率93.8%，得9.38分。产出指标分值50分，得分48分。",),
     [(VISITS, "完成率", "预算", "93.8"), ("预算执行得分", "数量", "", "9.38"),
      ("产出指标分值", "数量", "", "50"), ("产出指标得分", "数量", "", "48")]),
    (("养护乡道503公里。", "该项目年初预算380万元。"),
     [("养护乡道", "数量", "", "503"), ("项目", "年初预算", "", "3800000")]),
    (("“三公”经费预算75万元，支出60万元，“三公”经费控制率为80%。",),
     [(ALL, "预算", "", "750000"), (ALL, "决算", "", "600000"), (ALL, "完成率", "预算", "80")]),
    (("在职人员由上年的30人减少为28人。",), [("在职人员", "上年决算", "", "30"), ("在职人员", "数量", "", "28")]),
    (("“三公”经费394.85万元，比2022247.15万元增加147.70万元。",),
     [(ALL, "决算", "", "3948500"), (ALL, "上年决算", "", "2471500"), (ALL, "变动额", "上年", "1477000")]),
])  # fmt: skip
def test_what_governs_a_number_that_names_nothing(
    paragraphs: tuple[str, ...], expected: list[tuple[str, str, str, str]]
) -> None:
    assert said(*paragraphs) == expected


def test_a_table_run_together_in_a_line_of_text():
    text = ("一、决算表 单位：万元 项 目 预算数 决算数 合 计 65.00 64.00 0 0 公务接待费 21.00 21.00 "
            "公务用车购置及运行费 44.00 43.00 其中：公务用车运行维护费 44.00 43.00 二、情况说明 "
            "公务接待费21万元，比上年减少1万元。")  # fmt: skip
    found = said("某法院2023年“三公”经费支出决算说明", text)
    assert (ALL, "预算", "", "650000") in found and (ALL, "决算", "", "640000") in found
    assert (CARS, "决算", "", "430000") in found and (VISITS, "变动额", "上年", "-10000") in found


def test_a_part_of_part_of_a_table_is_told_within_it():
    cells = ["项目|2022年决算数|2023年决算数|", "3.公务接待费|32.50|34.76|", "(1)国内接待费|32.50|34.76|",
             "其中：外事接待费|0.31|0.09|"]  # fmt: skip
    found = stated("“三公”经费决算统计表", *cells)
    inner = [each for each in found if each.subject == "外事接待费"]
    outer = {each.mention for each in found if each.subject == "国内公务接待费"}
    assert inner and {each.within for each in inner} == outer


def test_columns_of_funds_and_of_changes_under_their_group():
    cells = ["项目|合计|一般公共预算|政府性基金预算|", "“三公”经费|29.00|28.00|1.00|", "公务接待费|29.00|28.00|1.00|"]
    assert [(e.subject, e.measure, e.fund) for e in stated("预算表", *cells, measure="预算")[:3]] == [
        (ALL, "预算", ""), (ALL, "预算", "一般公共预算财政拨款"), (ALL, "预算", "政府性基金预算财政拨款"),
    ]  # fmt: skip
    cells = ["项目|", "2022年决算数|", "2023年决算数|", "2023年决算比上年增减情况|", "增加额|", "增加幅度|",
             "公务接待费|", "10.00|", "12.00|", "2.00|", "20%|",
             "会议费|", "5.00|", "4.00|", "-1.00|", "-20%|"]  # fmt: skip
    assert said("“三公”经费决算统计表", *cells)[:4] == [
        (VISITS, "上年决算", "", "100000"), (VISITS, "决算", "", "120000"), (VISITS, "变动额", "上年", "20000"),
        (VISITS, "变动率", "上年", "20"),
    ]  # fmt: skip


def test_a_budget_has_shares_of_it_and_no_completion():
    found = said("2024年支出预算300万元，其中：基本支出210万元，占支出预算的70%。", measure="预算")
    assert ("基本支出", "占比", "本年支出合计", "70") in found
    assert said("支出预算：2024年年初预算数300万元，比上年预算减少30万元。", measure="预算")[0][1] == "预算"


def test_a_header_of_two_levels_over_one_line_has_its_parts_behind_their_whole():
    cells = ["“三公”经费合计|", "因公出国(境)费|", "公务用车购置及运行费|", "公务接待费|", "||", "小计|",
             "公务用车购置费|", "公务用车运行费|", "|||", "14.6|", "0|", "8.5|", "0|", "9.0|", "5.6|"]  # fmt: skip
    found = stated("“三公”经费支出预算表", "单位：万元", *cells, measure="预算")
    assert [(each.subject, value_of(each)) for each in found] == [
        (ALL, "146000"), (ABROAD, "0"), (CARS, "85000"), ("公务用车购置费", "0"), (RUNNING, "90000"), (VISITS, "56000"),
    ]  # fmt: skip
