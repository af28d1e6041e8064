"""A disclosure made by hand, with everything a writer must cope with."""

from __future__ import annotations

from juesuan.publisher.document import Block, Cell, Chart, Document, Heading, Table, Text, TextGap

UNIT = "武汉市人力资源和社会保障信息中心"
NASTY = (
    "特殊字符：# $x^2$ *星号* _下划线_ @引用 <b>标签</b> &amp; // 注释 /* 块 */ \\反斜杠 \"双引号\" '单引号' `反引号` "
    "= 等号 - 减号 + 加号 ~ 波浪 {{ 花括号 }} {% 百分 %} [方括号] </script> #let x = 1; ]]> 结束"
)
FUNCTIONS = (
    "一般公共服务支出", "外交支出", "国防支出", "公共安全支出", "教育支出", "科学技术支出",
    "文化旅游体育与传媒支出", "社会保障和就业支出", "卫生健康支出", "节能环保支出", "城乡社区支出", "农林水支出",
    "交通运输支出", "资源勘探工业信息等支出", "商业服务业等支出", "金融支出", "援助其他地区支出",
    "自然资源海洋气象等支出", "住房保障支出", "粮油物资储备支出", "国有资本经营预算支出", "灾害防治及应急管理支出",
    "其他支出", "债务还本支出", "债务付息支出", "抗疫特别国债安排的支出",
)  # fmt: skip
INCOMES = (
    "一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "上级补助收入",
    "事业收入", "经营收入", "附属单位上缴收入", "其他收入",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
SPENT = {"社会保障和就业支出": "1,597.51", "卫生健康支出": "83.43", "住房保障支出": "96.56"}


def numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else "") + (NUMERALS[ones - 1] if ones else "")


def head(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, align="center", colspan=colspan, rowspan=rowspan, header=True)


def amount(text: str) -> Cell:
    return Cell(text, align="right")


def middle(text: str) -> Cell:
    return Cell(text, align="center")


def paired_rows(amounts: int) -> tuple[tuple[Cell, ...], ...]:
    """36 body rows, as in the longest published forms, for 表1 (one amount column at the right) and 表4 (four)."""
    rows: list[tuple[Cell, ...]] = []
    last = 36
    for number in range(1, 27):
        name = f"{numeral(number)}、{FUNCTIONS[number - 1]}"
        value = SPENT.get(FUNCTIONS[number - 1], "")
        income = f"{numeral(number)}、{INCOMES[number - 1]}" if number <= 8 else ""
        left = (Cell(income), middle(str(number)), amount("1,777.50" if number == 1 else ""))
        right = (Cell(name), middle(str(number + last)), *(amount(value if n < 2 else "") for n in range(amounts)))
        rows.append((*left, *right))
    tail = (
        ("本年收入合计", "本年支出合计", "1,777.50"),
        ("使用非财政拨款结余", "结余分配", ""),
        ("年初结转和结余", "年末结转和结余", ""),
        *[("", "", "")] * 6,
        ("总计", "总计", "1,777.50"),
    )
    for number, (income, spending, value) in enumerate(tail, 27):
        left = (Cell(income, align="center", bold=bool(value)), middle(str(number)), amount(value))
        right = (Cell(spending, align="center", bold=bool(value)), middle(str(number + last)))
        rows.append((*left, *right, *(amount(value if n < 2 else "") for n in range(amounts))))
    return tuple(rows)


TABLE_1 = Table(
    key="表1",
    title="2022年度收入支出决算总表（表1）",
    widths=(30, 7, 15, 32, 7, 15),
    header=(
        (head("收入", 3), head("支出", 3)),
        (head("项目"), head("行次"), head("决算数"), head("项目"), head("行次"), head("决算数")),
        (head("栏次"), head(""), head("1"), head("栏次"), head(""), head("2")),
    ),
    body=paired_rows(1),
    number="公开01表",
    left=f"单位：{UNIT}",
    right="单位：万元",
    notes=(
        "注：1. 本表反映单位本年度的总收支和年末结转结余情况。",
        "2. 本套报表金额单位转换时可能存在尾数误差。",
        "27行=（1+2+3+4+5+6+7+8）行；31行=（27+28+29）行；",
        "58行=（32+33+…+57）行；62行=（58+59+60）行。",
    ),
    small=True,
    heading=2,
)

TABLE_4 = Table(
    key="表4",
    title="2022年度财政拨款收入支出决算总表（表4）",
    widths=(26, 6, 13, 28, 6, 13, 13, 12, 12),
    header=(
        (head("收　入", 3), head("支　出", 6)),
        (
            head("项目", 1, 2), head("行次", 1, 2), head("决算数", 1, 2),
            head("项目", 1, 2), head("行次", 1, 2), head("决算数", 4),
        ),
        (head("小计"), head("一般公共预算财政拨款"), head("政府性基金预算财政拨款"), head("国有资本经营预算财政拨款")),
        (
            head("栏次"), head(""), head("1"), head("栏次"), head(""),
            head("2"), head("3"), head("4"), head("5"),
        ),
    ),
    body=paired_rows(4),
    number="公开04表",
    left=f"单位：{UNIT}",
    right="单位：万元",
    notes=("注：本表反映单位本年度一般公共预算财政拨款、政府性基金预算财政拨款的总收支和年末结转结余情况。",),
    small=True,
    heading=2,
)  # fmt: skip

CODES = (
    ("208", "社会保障和就业支出", "1,597.51"),
    ("20801", "人力资源和社会保障管理事务", "1,551.89"),
    ("2080108", "信息化建设", "784.05"),
    ("2080150", "事业运行", "580.20"),
    ("2080199", "其他人力资源和社会保障管理事务支出", "187.64"),
    ("20805", "行政事业单位养老支出", "45.62"),
    ("2080502", "事业单位离退休", "8.50"),
    ("2080505", "机关事业单位基本养老保险缴费支出", "37.12"),
    ("210", "卫生健康支出", "83.43"),
    ("21011", "行政事业单位医疗", "83.43"),
    ("2101102", "事业单位医疗", "41.44"),
    ("221", "住房保障支出", "96.56"),
    ("22102", "住房改革支出", "96.56"),
    ("2210201", "住房公积金", "60.54"),
)

TABLE_2 = Table(
    key="表2",
    title="2022年度收入决算表（表2）",
    widths=(4, 4, 4, 26, 13, 13, 12, 12, 12, 14, 12),
    header=(
        (
            head("项目", 4), head("本年收入合计", 1, 3), head("财政拨款收入", 1, 3), head("上级补助收入", 1, 3),
            head("事业收入", 1, 3), head("经营收入", 1, 3), head("附属单位上缴收入", 1, 3), head("其他收入", 1, 3),
        ),
        (head("功能分类科目编码", 3, 2), head("科目名称", 1, 2)),
        (),
        (
            head("类"), head("款"), head("项"), head("栏次"),
            head("1"), head("2"), head("3"), head("4"), head("5"), head("6"), head("7"),
        ),
    ),
    body=(
        (Cell("合计", align="center", colspan=4), amount("1,777.50"), amount("1,777.50"), *[amount("")] * 5),
        *(
            (Cell(code, colspan=3), Cell(name, indent=len(code) // 2 - 1), amount(value), amount(value),
             *[amount("")] * 5)
            for code, name, value in CODES
        ),
    ),
    number="公开02表",
    left=f"单位：{UNIT}",
    right="单位：万元",
    notes=("注：本表反映单位本年度取得的各项收入情况。", "1栏各行=（2+3+4+5+6+7）栏各行。"),
    wide=True,
    heading=2,
)  # fmt: skip

LONG = Table(
    key="表3",
    title="2022年度支出决算表（表3）",
    widths=(12, 34, 16, 16, 16),
    header=((head("科目编码"), head("科目名称"), head("本年支出合计"), head("基本支出"), head("项目支出")),),
    body=tuple(
        (Cell(f"{2080000 + n}"), Cell(f"第{n}项科目名称"), amount(f"{n * 1234.56:,.2f}"), amount(f"{n * 1000:,.2f}"),
         amount(f"{n * 234.56:,.2f}"))
        for n in range(1, 121)
    ),
    number="公开03表",
    left=f"单位：{UNIT}",
    right="单位：万元",
    notes=("注：本表反映单位本年度各项支出情况。",),
    heading=2,
)  # fmt: skip

REASON = (
    "“预算执行率”指标存在偏差的原因：一是部分项目通过政府采购招投标开展，实际中标金额低于预算金额导致资金出现结余，节约了财政资金。"
    "二是信息化项目资金虽开展项目立项建设，同年10月提交项目实施方案，但暂未得到上级相关部门更进一步的工作指示，无法开展实施。"
)
TARGETS = (
    "1. 保障人社信息系统机房7*24小时不间断稳定运行\n2. 保障人社信息化系统正常运行，推动“互联网+人社”的发展\n"
    "3. 保障全市社会保障卡的发行和日常管理"
)


def label(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, align="center", colspan=colspan, rowspan=rowspan, header=True)


FORM = Table(
    key="整体自评表",
    title=f"2022年度{UNIT}整体绩效自评表",
    widths=(12, 11, 14, 30, 13, 13, 12),
    header=(),
    body=(
        (label("单位名称"), Cell(UNIT, colspan=6)),
        (label("基本支出总额"), Cell("805.81", colspan=2, align="center"), label("项目支出总额"),
         Cell("971.69", colspan=3, align="center")),
        (label("预算执行情况（万元）（20分）", 1, 2), label("", 2), label("预算数（A）"), label("执行数（B）"),
         label("执行率（B/A）"), label("得分（20分*执行率）")),
        (label("部门整体支出总额", 2), middle("3,227.02"), middle("1,777.50"), middle("55.08%"), middle("11.02")),
        (label("年度目标"), Cell(TARGETS, colspan=6)),
        (label("年度绩效指标", 1, 8), label("一级指标"), label("二级指标"), label("三级指标"),
         label("年初目标值（A）"), label("实际完成值（B）"), label("得分")),
        (label("产出指标（40分）", 1, 4), label("数量指标（20分）", 1, 2),
         Cell("社保自助查询打印等业务年处理量（10分）"),
         middle("30万笔"), middle("30万笔"), middle("10.00")),
        (Cell("社保卡持卡人数（10分）"), middle("985万人"), middle("985万人"), middle("10.00")),
        (label("质量指标（10分）"), Cell("机房稳定运行时间（10分）"),
         middle("7*24小时"), middle("7*24小时"), middle("10.00")),
        (label("时效指标（10分）"), Cell("故障及时处理时效（10分）"),
         middle("2小时内"), middle("2小时内"), middle("10.00")),
        (label("效益指标（40分）", 1, 3), label("社会效益指标（30分）", 1, 2),
         Cell("加强“智慧人社”便民服务应用推广（15分）"),
         middle("有效加强"), middle("有效加强"), middle("15.00")),
        (Cell("推动社保经办服务事项“网上办”（15分）"), middle("有效推动"), middle("有效推动"), middle("15.00")),
        (label("服务对象满意度指标（10分）"), Cell("服务对象满意度（10分）"),
         middle("≥90%"), middle("90%"), middle("10.00")),
        (label("总分"), Cell("91.02分", colspan=6, align="center", bold=True)),
        (label("偏差大或目标未完成原因分析"), Cell(REASON, colspan=6)),
        (label("改进措施及结果应用方案"), Cell(REASON * 2, colspan=6)),
    ),
    left=f"单位名称：{UNIT}",
    right="填报日期：2023年5月20日",
    notes=("备注：1. 预算执行情况口径：预算数为调整后财政资金总额（包括上年结余结转），"
           "执行数为资金使用单位财政资金实际支出数。",),
    heading=2,
)  # fmt: skip

BARE = Table(
    key="内设机构",
    title="",
    widths=(10, 40, 20),
    header=((head("序号"), head("单位名称"), head("备注")),),
    body=(
        (middle("1"), Cell(UNIT), Cell("下属预算单位")),
        (middle("2"), Cell("武汉市人力资源和社会保障局本级"), Cell("")),
    ),
    bare=True,
)

CHART = Chart(
    key="图1",
    caption="图1：收入、支出决算总计变动情况（单位：万元）",
    spec={
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {
            "values": [
                {"年度": year, "类别": kind, "金额": value}
                for year, kind, value in (
                    ("2021年", "收入总计", 3001.02), ("2021年", "支出总计", 3001.02),
                    ("2022年", "收入总计", 1777.50), ("2022年", "支出总计", 1777.50),
                )
            ]
        },
        "mark": "bar",
        "encoding": {
            "x": {"field": "年度", "type": "nominal", "title": None},
            "xOffset": {"field": "类别"},
            "y": {"field": "金额", "type": "quantitative", "title": "万元"},
            "color": {"field": "类别", "type": "nominal", "title": None},
        },
    },
    description="柱状图：2021年收、支总计均为3,001.02万元，2022年收、支总计均为1,777.50万元。",
)  # fmt: skip

PIE = Chart(
    key="图2",
    caption="图2：支出决算结构",
    spec={
        "data": {"values": [{"类别": "基本支出", "金额": 805.81}, {"类别": "项目支出", "金额": 971.69}]},
        "height": 220,
        "width": 300,
        "mark": {"type": "arc", "innerRadius": 50},
        "encoding": {
            "theta": {"field": "金额", "type": "quantitative"},
            "color": {"field": "类别", "type": "nominal", "title": None},
        },
    },
    description="环形图：基本支出805.81万元，占45.3%；项目支出971.69万元，占54.7%。",
)

OUTLOOK = (
    "2022年度收、支总计1,777.50万元。与2021年度相比，收、支总计各减少1,223.52万元，下降40.8%，主要原因是信息化项目资金减少，"
    "部分项目通过政府采购招投标开展，实际中标金额低于预算金额，节约了财政资金。"
)
GAPPED = "主要原因是【待填写：变动原因】，与上年相比减少10.00万元。"


def blocks() -> tuple[Block, ...]:
    gap = TextGap(GAPPED.index("【"), GAPPED.index("】") + 1)
    return (
        Heading(1, f"第一部分　{UNIT}概况", "概况"),
        Heading(2, "一、单位主要职能"),
        Text(
            "主要承担市人力资源和社会保障信息系统建设、运行维护和安全保障；承担市人力资源和社会保障数据中心及灾备体系的建设、管理。"
        ),
        Text(NASTY),
        Text("第一行\n第二行（换行）"),
        Heading(2, "二、机构设置情况"),
        Text("从决算单位构成看，本单位由以下单位组成："),
        BARE,
        Text("以上单位均已纳入决算编制范围。"),
        Heading(1, f"第二部分　{UNIT}2022年度单位决算表", "决算表"),
        TABLE_1,
        TABLE_2,
        LONG,
        TABLE_4,
        Heading(1, f"第三部分　{UNIT}2022年度单位决算情况说明", "说明"),
        Heading(2, "一、收入支出决算总体情况说明"),
        Text(OUTLOOK),
        CHART,
        Heading(2, "二、支出决算情况说明"),
        Text(GAPPED, (gap,)),
        PIE,
        Heading(3, "（一）基本支出", listed=False),
        *(Text(OUTLOOK) for _ in range(6)),
        Heading(4, "1. 人员经费", listed=False),
        Text(OUTLOOK),
        Text("右对齐的一行", indent=False, align="right"),
        Heading(1, "第四部分　附件"),
        Heading(2, f"一、2022年度{UNIT}整体绩效自评表", listed=False),
        FORM,
    )


def sample(*, draft: bool = False) -> Document:
    return Document(
        title=f"2022年度{UNIT}单位决算公开",
        cover=("2022年度武汉市人力资源和社会保障", "信息中心单位决算公开"),
        date="2023年10月25日",
        subject="单位决算公开",
        author=UNIT,
        year=2022,
        blocks=blocks(),
        draft=draft,
        timestamp="2023-10-25",
    )
