"""Short texts read from files and checked: what a careful reader finds sound is not blamed, what is wrong is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader import read_document


def _found(text: str, folder: Path) -> set[str]:
    """Codes of the errors and warnings on a text."""
    (folder / "text.txt").write_text(text, encoding="utf-8")
    reading = read_document(folder / "text.txt")
    report = check(reading.account, statute=reading.statute)
    return {finding.code for finding in report.findings if finding.severity != "notice"}


SOUND = {
    "a whole compared with last year and with a year before": (
        "某局2023年度“三公”经费决算8.00万元，比上年增加2.00万元，比2019年减少4.00万元，降低33.33%。其中："
        "公务接待费3.00万元，比上年增加1.00万元；公务用车运行维护费5.00万元，比上年增加1.00万元。"
    ),
    "differences without a direction": (
        "某局2023年度“三公”经费支出决算8.00万元，年初预算为10.00万元，差值为2.00万元。其中：公务接待费支出3.00万元，"
        "年初预算为4.00万元，差值为1.00万元；公务用车运行维护费支出5.00万元，年初预算为6.00万元，差值为1.00万元。"
    ),
    "vehicles bought told beside vehicles run": (
        "2023年某局“三公”经费支出41万元，其中：因公出国（境）费用没有；公务用车及运行维护费支出21万元；"
        "公务用车购置支出8万元；公务接待支出12万元。"
    ),
    "whole changes beside an amount with decimals": (
        "2023年某局“三公”经费预算1225.48万元，比2022年预算减少358万元，下降22.6%。其中：因公出国（境）费同比增加53万元，"
        "公务接待费同比减少897万元，公务用车运行维护费同比减少462万元，公务用车购置费同比增加948.5万元。"
    ),
    "totals whose difference is told": (
        "某区2023年决算：收入总计1872.40万元，支出总计1604.80万元，收支相抵，结余结转267.60万元。"
    ),
    "last year's budget and last year's outlay": (
        "某镇2023年“三公”经费决算数35.50万元，比上年预算数下降35.45%，比上年决算数下降34.26%；其中公务接待费15.50万元，"
        "比上年预算数下降18.42%，比上年决算数下降16.22%；公务用车运行维护费20.00万元，比上年预算数下降44.44%，"
        "比上年决算数下降43.66%。"
    ),
    "staff in grades, and beside them who has retired": (
        "某校2023年度决算。核定人员编制71人，实际正式教职工62人，其中高级29人，中级33人，退休职工28人。"
    ),
    "completions and the words that go with them": (
        "2023年某局公务接待费支出8.00万元，完成年初预算的80%，决算数小于预算数的主要原因是厉行节约。"
        "因公出国（境）费支出6.00万元，完成年初预算的120%，比预算数增加1.00万元。"
    ),
    "added to a budget within the year": (
        "2023年某局公务接待费年初预算10.00万元，年中追加2.00万元，调整后预算12.00万元，实际支出12.00万元，执行率100%。"
    ),
    "cut from a budget within the year, told as the reason": (
        "一般公共服务支出（类）统计信息事务（款）专项普查活动（项）20.04万元。年初预算为77.59万元，支出决算为20.04万元，"
        "完成年初预算的25.83%。决算数小于预算数的主要原因：按项目推进情况年中调减项目经费50万元。"
    ),
    "classes called without 支出": (
        "某街道2025年度一般公共预算财政拨款支出1,000.00万元，主要用于以下方面：\n1.“一般公共服务”300.00万元，占30.00%；\n"
        "2.“公共安全”200.00万元，占20.00%；\n3.“教育（类）”150.00万元，占15.00%；\n4.“卫生健康”150.00万元，占15.00%；\n"
        "5.“住房保障”200.00万元，占20.00%。"
    ),
    "saved of the budget": "2023年某局公务接待费预算5.00万元，实际支出3.00万元，节约2.00万元，节约率40%。",
    "a budget that an outlay is a part of": "2023年某局“三公”经费支出8.00万元，占年初预算10.00万元的80%。",
    "from what it was to what it is": "2023年某局公务接待费由2022年的5.00万元减少到3.00万元，下降40%。",
    "growth told with 为, and what something came to": (
        "2023年某局收入总计12.00万元，较上年增长为20%。在职人员由上年的30人减少为28人，公务用车从5辆增加为6辆。"
    ),
    "the third item in running lines is no part of the second": (
        "2023年某院“三公”经费支出462380.00元。1.因公出国（境）费0元；2.公务用车购置及运行维护费446580.00元，占96.58%，其中：\n"
        "购置费0元、运行维护费446580.00元，占公用经费17.73%；\n3.公务接待费15800.00元，占3.42%。"
    ),
    "vehicles given up in a reason, and those kept": (
        "某局2016年度部门决算。公务用车运行维护费15.40万元，比上年减少2.20万元，下降12.50%，系公车改革取消车辆5台，年末保有8台。"
    ),
    "where the money of an outlay comes from": (
        "某县2020年“三公”经费决算。财政拨款安排的“三公”经费支出71.70万元，年初预算100.00万元，完成预算的71.7%。"
    ),
    "an outlay behind an income": (
        "2020年某校决算：财政拨款收入5.81亿元，其中一般公共预算4.91亿元、政府性基金预算0.90亿元；教育支出8.94亿元。"
    ),
    "a share of what is named right before it": (
        "2023年某县决算：本年收入126.4亿元，其中税收收入88.3亿元，增长7.4%；非税收入38.1亿元，增长3.2%，税收占比69.9%。"
    ),
    "kinds that are all nothing": (
        "2022年某站决算：本年收入合计30.00万元，其中：财政拨款收入30.00万元。上级补助收入、事业收入、其他收入均为0万元。"
    ),
    "classes that make up the outlay, told one below the other": (
        "某镇2023年度部门决算\n一般公共预算财政拨款支出100.00万元，主要用于以下方面：\n1.一般公共服务支出（类）支出60.00万元。\n"
        "2.卫生健康支出（类）支出15.00万元。\n3.住房保障支出（类）支出25.00万元。"
    ),
    "scores and marks of a report": (
        "某局2022年度项目支出绩效自评报告\n项目自评得分96.4分。预算执行率100%，得10分。产出指标分值50分，得分50分；"
        "效益指标分值30分，得分27分；满意度指标分值10分，得分9.4分。"
    ),
    "saved, although much was needed": (
        "2023年某局公务接待费3.00万元，比上年增加1.00万元，增长50%，主要原因是恢复接待，同时厉行节约。"
    ),
    "posts of each kind": "2023年度某局决算。行政编制20名，事业编制10名，共有编制30名。",
    "guests and what each cost": "2023年某局接待国内来访团组20个，来宾200人次，国内公务接待支出4.00万元，人均200元。",
    "grades of projects": "某局2023年度对12个项目开展绩效自评，其中：评价等级为“优”的8个、“良”的3个、“中”的1个。",
    "shares of a total told behind them": (
        "某局2023年预算：基本支出预算70.00万元，占支出总预算的70%；项目支出预算30.00万元，占支出总预算的30%。"
        "支出总预算100.00万元。"
    ),
    "amounts and shares one after another": (
        "2023年某局政府采购支出总额100.00万元。货物、工程、服务政府采购规模分别为20.00万元、50.00万元和30.00万元，"
        "占政府采购支出总额的20%、50%和30%。"
    ),
    "shares of parts whose whole is stated nowhere": (
        "2023年度某局“三公”经费支出决算中，因公出国（境）费2.00万元，占20%；公务用车购置及运行维护费5.00万元，占50%；"
        "公务接待费3.00万元，占30%。"
    ),
    "the whole named again before it is compared with its budget": (
        "2023年度某局“三公”经费支出年初预算为12.00万元，支出决算为9.00万元，完成预算的75.00%，其中：公务接待费年初预算为1.00万元，"
        "支出决算为2.00万元，完成预算的200.00%。2023年度“三公”经费支出决算数小于预算数的主要原因：减少用车。"
    ),
    "a text without tables, whose lists nothing contradicts": (
        "某局2023年度部门决算情况说明\n2023年度基本支出100.00万元，其中：人员经费80.00万元，主要包括：基本工资、津贴补贴；"
        "公用经费20.00万元，主要包括：办公费、印刷费。\n2023年度机关运行经费支出20.00万元。"
    ),
    "an amount printed with fewer decimals than the others": (
        "2023年某局“三公”经费预算16.53万元，其中：公务接待费2.00万元，公务用车运行维护费14.5万元。"
        "公务用车运行维护费支出12.66万元，完成预算的87.13%。"
    ),
    "an amount of a reason compared with last year's": (
        "2023年某局“三公”经费支出39.48万元，比2022年的24.72万元增加14.76万元，原因是2023年部门预算45.16万元比2022年部门预算"
        "28.72万元增加16.44万元。"
    ),
    "what fell from one count to another": (
        "2023年某局因公出国（境）费22.00万元，比上年减少28.23万元，下降56.2%，因严格审批，出国人次从29人降为16人，下降44.8%。"
    ),
    "a list that the end of the text cuts off in its brackets": (
        "某市2023年“三公”经费预算190.00万元。其中：公务接待费74.00万元，因公出国（境）费4.00万元，公务用车购置及运行维护费"
        "112.00万元（内含购置2.00万元，运行维护79.00万元，其他"
    ),
    "a final account compared with the budget of its own year": (
        "2023年度某局“三公”经费支出决算说明\n1.因公出国（境）费支出0万元，与2023年度预算相比持平。"
    ),
    "two years one after another": (
        "2022年某局“三公”经费预算中，因公出国（境）费0万元，公务接待费3.00万元，公务用车运行维护费5.00万元。"
        "2023年某局“三公”经费预算中，因公出国（境）费0万元，公务接待费2.00万元，公务用车运行维护费5.00万元（零增长）。"
    ),
    "vehicles of every kind, of which some are none": (
        "2023年度某镇决算。共有公务用车2辆，其中：轿车0辆、越野车1辆、载客汽车1辆。共有车辆2辆，其中：其他用车2辆。"
    ),
    "guests by who came, with as many measures each": (
        "2023年某镇国内公务接待25批次，182人次，共计支出1.78万元，具体内容包括：县里检查16批次、110人次、1.08万元；"
        "乡镇交流9批次、72人次、0.70万元。"
    ),
    "posts, and beside them who is there": (
        "截至2023年底，某馆人员编制22人，其中行政编制0人、事业编制22人；实有人员21人。"
    ),
    "projects by grade behind how many there are": (
        "某院2023年度决算。共涉及项目6个，资金922.03万元。6个一般公共预算项目中5个等次为“优”、1个为“良”。"
    ),
    "a completion behind the parts of what it is of": (
        "2023年度某局一般公共预算财政拨款支出3803.10万元，其中：基本支出1394.15万元，项目支出2408.95万元。"
        "与年初预算相比，完成年初预算的106.9%（年初预算3557.45万元）。"
    ),
    "an item by its code and name, and what it is made of": (
        "某局2023年预算情况。1.2040601（行政运行）支出946.37万元。2.2040604（基层司法业务）支出72.50万元。"
    ),
    "projects of a list, each by its name": (
        "某局2022年度决算。2.养老服务补贴项目自评综述：全年预算数200万元，执行数181.3万元，执行率为90.65%。\n"
        "3.殡葬惠民项目：预算110万元，实际支出110万元，完成预算的100%。"
    ),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_not_blamed(text: str, tmp_path: Path) -> None:
    assert _found(text, tmp_path) == set()


FAULTY = {
    "vehicles of every kind that are fewer": (
        "2023年度某镇决算。共有公务用车3辆，其中：轿车0辆、越野车1辆、载客汽车1辆。", "Z114",
    ),
    "vehicles by use that are fewer, the rest among them": (
        "截至2023年12月31日，某院共有车辆11辆，其中，特种专业技术用车8辆（均为救护车），其他用车2辆；单位价值100万元以上设备27台（套）。",
        "Z114",
    ),
    "guests by who came that are more": (
        "2023年某镇国内公务接待25批次，208人次，共计支出1.78万元，具体内容包括：县里检查16批次、110人次、1.08万元；"
        "乡镇交流9批次、72人次、0.70万元。", "Z114",
    ),
    "projects by grade that are fewer": (
        "某院2023年度决算。从自评情况看，7个一般公共预算项目中5个等次为“优”、1个为“良”。", "Z114",
    ),
    "one share of several that are of the sum": (
        "某校2022年度决算。按功能分类：教育支出（类）3458.17万元，占74.0%；社会保障和就业支出（类）568.83万元，占12.2%；"
        "卫生健康支出（类）222.09万元，占7.4%；住房保障支出（类）424.45万元，占9.1%。", "Z103",
    ),
    "a share of the grand total beside one of the total": (
        "某院2023年度收入总计41722.82万元。\n本年收入合计40464.89万元，包括财政拨款收入5751.23万元，占本年收入合计14.2%；"
        "事业收入34286.91万元，占本年收入合计82.2%。", "Z103",
    ),
    "saved more than the budget was above the outlay": (
        "2023年某局公务接待费预算5.00万元，实际支出3.00万元，节约3.00万元。", "Z106",
    ),
    "a rate of savings": ("2023年某局公务接待费预算5.00万元，实际支出3.00万元，节约2.00万元，节约率60%。", "Z101"),
    "an outlay as a part of its budget": ("2023年某局决算：“三公”经费支出8.00万元，占年初预算10.00万元的70%。", "Z102"),
    "a rate from what was to what is": ("2023年某局公务接待费由2022年的5.00万元减少到3.00万元，下降60%。", "Z101"),
    "classes below each other that are fewer": (
        "某镇2023年度部门决算\n一般公共预算财政拨款支出100.00万元，主要用于以下方面：\n1.一般公共服务支出（类）支出60.00万元。\n"
        "2.卫生健康支出（类）支出15.00万元。\n3.住房保障支出（类）支出22.00万元。", "Z115",
    ),
    "a score that is not the sum": (
        "某局2022年度项目支出绩效自评报告\n项目自评得分97.4分。预算执行率100%，得10分。产出指标分值50分，得分50分；"
        "效益指标分值30分，得分27分；满意度指标分值10分，得分9.4分。", "Z114",
    ),
    "a completion of counts upside down": (
        "某站2022年度项目支出绩效自评报告\n年度计划小修里程48.0公里，实际完成45.6公里，完成率105.3%。", "Z102",
    ),
    "a completion told behind the parts": (
        "某局2021年度部门整体支出绩效自评报告\n部门调整后预算800.00万元；全年支出720.00万元，其中基本支出500.00万元、"
        "项目支出220.00万元，预算执行率111.11%。", "Z102",
    ),
    "small firms with more than small and middle ones": (
        "2023年某院政府采购支出总额500.00万元，授予中小企业合同金额200.00万元，其中授予小微企业合同金额280.00万元。",
        "Z111",
    ),
    "grown because of thrift": (
        "2025年某馆收支总预算412.00万元，比上年预算数增加31.00万元，增长8.14%，主要原因是厉行节约、压减一般性支出。",
        "Z161",
    ),
    "last year in one paragraph of several": (
        "某局2023年部门预算公开说明\n1、机关运行经费：2023年本部门机关运行经费预算20.00万元。\n"
        "2、“三公”经费：2023年“三公”经费预算5.00万元。\n3、政府采购：2022年本部门政府采购预算总额52.00万元。", "W117",
    ),
    "from as many to as many": ("2023年某局决算。在职人员由192人减少为192人。", "Z121"),
    "down to what is more": ("2023年某局公务接待费由2022年的3.00万元降至5.00万元。", "Z121"),
    "guests without 公务 before them": ("2023年某局公务接待费3.00万元，接待30批次、200人次，人均100元。", "Z132"),
    "posts of each kind and all": ("2023年度某局决算。行政编制20名，事业编制10名，共有编制31名。", "Z114"),
    "what each guest cost": (
        "2023年某局接待国内来访团组20个，来宾200人次，国内公务接待支出4.00万元，人均300元。", "Z132",
    ),
    "grades of projects that are not all": (
        "某局2023年度对12个项目开展绩效自评，其中：评价等级为“优”的9个、“良”的3个、“中”的1个。", "Z114",
    ),
    "shares of a total told behind": (
        "某局2023年预算：基本支出预算70.00万元，占支出总预算的70%；项目支出预算30.00万元，占支出总预算的35%。"
        "支出总预算100.00万元。", "Z103",
    ),
    "more guests as the reason for a smaller outlay": (
        "2023年某局公务接待费3.00万元，比上年减少1.00万元，下降25.00%，主要原因是接待批次增加。", "Z161",
    ),
    "more than the budget, which was not used up": (
        "2023年某局公务接待费支出8.00万元，完成年初预算的80%，决算数大于预算数的主要原因是业务增加。", "Z125",
    ),
    "more than the budget, of which all was used": (
        "2023年某局公务接待费支出8.00万元，完成年初预算的100%，決算數大於預算數的主要原因是業務增加。", "Z125",
    ),
    "the whole's rate told of a part again": (
        "某局2023年度公务用车购置及运行维护费支出决算为19.56万元，公务接待费支出决算为0.30万元。\n"
        "2023年度“三公”经费支出决算19.86万元，比上年减少3.59万元，下降15.31%，其中：公务用车购置及运行维护费支出决算"
        "减少3.59万元，下降15.31%。", "Z101",
    ),
    "approved budgets of the items that do not make up the one of all": (
        "某局2023年度部门决算情况说明\n五、一般公共预算财政拨款支出决算情况说明\n"
        "（三）一般公共预算财政拨款支出决算具体情况\n一般公共预算财政拨款支出年初预算为100.00万元，支出决算为85.00万元，"
        "完成年初预算的85.00%。其中：\n"
        "1.一般公共服务支出（类）统计信息事务（款）统计信息事务（项）。年初预算为40.00万元，支出决算为35.00万元。\n"
        "2.一般公共服务支出（类）统计信息事务（款）统计管理（项）。年初预算为20.00万元，支出决算为25.00万元。\n"
        "3.住房保障支出（类）住房改革支出（款）住房公积金（项）。年初预算为30.00万元，支出决算为25.00万元。", "N59",
    ),
    "a completion unlike the difference to the budget": (
        "2023年某局公务接待费支出6.00万元，完成年初预算的100%，决算数大于预算数1.00万元。", "Z102",
    ),
    "a share of an enumeration": (
        "2023年某局政府采购支出总额100.00万元。货物、工程、服务政府采购规模分别为20.00万元、50.00万元和30.00万元，"
        "占政府采购支出总额的20%、40%和30%。", "Z103",
    ),
    "a line of a list filled in beside its parts": (
        "2023年某局“三公”经费预算表\n项目 | 预算数 | 其中：财政拨款 |\n合计 | 34.35 | 34.35 |\n"
        "因公出国（境）费 | 0 | 0 |\n公务接待费 | 1.70 | 1.70 |\n公务用车费 | 0 | 0 |\n"
        "其中：公务用车运行维护费 | 32.65 | 32.65 |\n公务用车购置 | 0 | 0 |",
        "Z111",
    ),
    "last year's text under this year's title": (
        "某局2023年“三公”经费预算情况说明\n2022年某局“三公”经费支出合计13.00万元，比上年减少2.00万元。", "W103",
    ),
    "a share that the sum of the parts does not give": (
        "2023年度某局“三公”经费支出决算中，因公出国（境）费2.00万元，占20%；公务用车购置及运行维护费5.00万元，占40%；"
        "公务接待费3.00万元，占30%。", "Z103",
    ),
    "a blank in traditional script with its readings": (
        "2023年某局“三公”經(jīng)費(fèi)支出35.00萬(wàn)元，其中："
        "公務(wù)接待費(fèi)30.00萬(wàn)元，占 %，比上年減少 萬(wàn)元。", "W107",
    ),
    "last year's budgets that do not add up, by their rates": (
        "某镇2023年“三公”经费决算数35.50万元，比上年预算数下降35.45%，比上年决算数下降34.26%；其中公务接待费15.50万元，"
        "比上年预算数下降28.42%，比上年决算数下降16.22%；公务用车运行维护费20.00万元，比上年预算数下降44.44%，"
        "比上年决算数下降43.66%。", "Z113",
    ),
    "last year's amounts that do not add up, by changes and rates": (
        "2023年某局“三公”经费预算1225.48万元，比2022年预算减少358万元，下降22.6%。其中：因公出国（境）费同比增加53万元，"
        "增长50%；公务接待费同比减少897万元，下降80%；公务用车运行维护费同比减少462万元，下降60%；"
        "公务用车购置费同比增加948.5万元，增长90%。", "Z113",
    ),
    "the same total twice in one paragraph": (
        "2023年全县一般公共预算财政拨款“三公”经费支出决算汇总数为8.00万元。其中：公务接待费3.00万元；公务用车运行维护费"
        "5.00万元。2023年全县“三公”经费决算汇总数为9.00万元。", "Z151",
    ),
    "a change that the budget told before contradicts": (
        "2023年某镇“三公”经费预算为20.00万元，其中：公务接待费9.00万元，公务用车运行维护费11.00万元。\n"
        "2023年某镇“三公”经费支出共计9.00万元，较年初预算数减少10.00万元。", "Z106",
    ),
    "three of the items and a total that they do not make": (
        "某局2023年“三公”经费共计31.23万元，其中公务接待费1.58万元，公务用车运行维护费28.91万元，因公出国（境）费0万元。",
        "Z111",
    ),
    "changes of what there was, and a total that grew by more": (
        "某局2023年“三公”经费30.49万元，比上年增加15.15万元，其中公务接待费1.58万元，减少0.26万元，公务用车运行维护费28.91万元，"
        "增加14.79万元，因公出国（境）费0万元。", "Z112",
    ),
    "two changes of one total": (
        "2023年某县“三公”经费支出111.50万元，比上年减少16.64万元，下降12.99%。\n其中：公务接待费11.14万元。\n"
        "汇总来看，“三公”经费决算数比上年增加4.30万元。", "Z151",
    ),
    "parts of a sum in paragraphs apart, one with a wrong share": (
        "1.基本支出预算84.00万元，占总支出的84.00%，比上年减少1.00万元。\n2.项目支出预算16.00万元，占总支出的19.62%，"
        "比上年增加2.00万元。", "Z103",
    ),
    "a share in the total that is the completion": (
        "2023年某局“三公”经费预算18.00万元，决算6.28万元。\n在全年决算里，因公出国（境）费决算0万元，占比0%；"
        "公务接待费决算6.28万元，占比34.89%。", "Z103",
    ),
    "a whole and its parts in lines of their own": (
        "六、一般公共预算基本支出\n2023年一般公共预算基本支出91.00万元，包括：\n人员经费81.00万元，含工资、津贴。\n"
        "公用经费7.00万元，含办公费。\n七、“三公”经费\n2023年安排“三公”经费0万元。", "Z111",
    ),
    "the total of a year and that of the year before, and another change": (
        "某区2023年“三公”经费决算数合计为100.00万元，分别是公务接待费40.00万元、公务用车运行维护费60.00万元。"
        "2022年的经费决算数合计为80.00万元，分别是公务接待费30.00万元、公务用车运行维护费50.00万元。\n"
        "2023年“三公”经费决算数比上年增加27.00万元。", "Z113",
    ),
    "a reason for what did not change": (
        "2023年某局公务用车运行维护费预算18.00万元，与上年持平，原因是公务用车支出增加。", "Z161",
    ),
    "groups of last year without guests": (
        "2023年某局公务接待费0万元，国内公务接待批次0次，较上年减少119批次，国内公务接待0人次，与上年持平。", "Z133",
    ),
    "a difference that its amounts do not have": (
        "某局2023年度公务接待费支出决算3.00万元，年初预算为4.00万元，差值为2.00万元。", "Z106",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), FAULTY.values(), ids=FAULTY.keys())
def test_what_is_wrong_is_found(text: str, code: str, tmp_path: Path) -> None:
    assert code in _found(text, tmp_path)
