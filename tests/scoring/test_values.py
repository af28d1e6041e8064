"""Values as written: hand-made expectations, canonical spellings, and comparison across units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan.scoring import Value, comparable, parse_value, print_value
from juesuan.scoring.values.comparable import ComparablePair, align

# text, kind, comparison, number or (low, high) or day, unit, canonical spelling
WRITTEN: list[tuple[str, str, str, object, str, str]] = [
    # as the Wuhan forms have them
    ("30 万笔", "数量", "", "300000", "笔", "30万笔"),
    ("985 万人", "数量", "", "9850000", "人", "985万人"),
    (">1000 万人", "数量", ">", "10000000", "人", ">1000万人"),
    ("7*24 小时", "时长", "", "168", "小时/周", "7*24小时"),
    ("95%以上", "比率", "≥", "0.95", "%", "≥95%"),
    ("2 小时内", "时长", "≤", "2", "小时", "≤2小时"),
    ("24 小时不间断", "时长", "", "24", "小时/天", "24小时不间断"),
    ("11 万条", "数量", "", "110000", "条", "11万条"),
    ("100%", "比率", "", "1", "%", "100%"),
    ("99%", "比率", "", "0.99", "%", "99%"),
    # signs and words of comparison
    ("≥95%", "比率", "≥", "0.95", "%", "≥95%"),
    ("＞＝95％", "比率", "≥", "0.95", "%", "≥95%"),
    ("$\\geq$ 95\\%", "比率", "≥", "0.95", "%", "≥95%"),
    ("≤2小时", "时长", "≤", "2", "小时", "≤2小时"),
    ("不少于12次", "次数", "≥", "12", "次", "≥12次"),
    ("不低于 98.5%", "比率", "≥", "0.985", "%", "≥98.5%"),
    ("不超过90万元", "金额", "≤", "900000", "元", "≤90万元"),
    ("小于3天", "时长", "<", "3", "天", "<3天"),
    ("大于500个", "数量", ">", "500", "个", ">500个"),
    ("至少 3 家", "数量", "≥", "3", "家", "≥3家"),
    ("=100%", "比率", "=", "1", "%", "=100%"),
    ("约30场", "次数", "≈", "30", "场", "约30场"),
    ("20人左右", "数量", "≈", "20", "人", "约20人"),
    ("5%以下", "比率", "≤", "0.05", "%", "≤5%"),
    ("控制在5%以内", "比率", "≤", "0.05", "%", "≤5%"),
    ("90万元内", "金额", "≤", "900000", "元", "≤90万元"),
    ("达到95%（含）以上", "比率", "≥", "0.95", "%", "≥95%"),
    ("≥95%以上", "比率", "≥", "0.95", "%", "≥95%"),
    ("500余台", "数量", ">", "500", "台", ">500台"),
    ("190 余亿条", "数量", ">", "19000000000", "条", ">190亿条"),
    ("≥100百分比", "比率", "≥", "1", "%", "≥100%"),
    # ranges
    ("80%-90%", "比率", "区间", ("0.8", "0.9"), "%", "80%-90%"),
    ("80～90%", "比率", "区间", ("0.8", "0.9"), "%", "80%-90%"),
    ("10～20个", "数量", "区间", ("10", "20"), "个", "10-20个"),
    ("1至2万人", "数量", "区间", ("10000", "20000"), "人", "1-2万人"),
    ("100-80%", "比率", "区间", ("0.8", "1"), "%", "80%-100%"),
    # numbers
    ("1,110.71 万人", "数量", "", "11107100", "人", "1110.71万人"),
    ("2万亿元", "金额", "", "2000000000000", "元", "2万亿元"),
    ("0 次", "次数", "", "0", "次", "0次"),
    ("100", "数量", "", "100", "", "100"),
    ("-5%", "比率", "", "-0.05", "%", "-5%"),
    ("增长5%", "比率", "", "0.05", "%", "增长5%"),
    ("同比下降≥5%", "比率", "≥", "0.05", "%", "同比下降≥5%"),
    ("3.5‰", "比率", "", "0.0035", "‰", "3.5‰"),
    ("5个百分点", "比率", "", "5", "个百分点", "5个百分点"),
    ("1000米", "数量", "", "1000", "米", "1000米"),
    ("3百份", "数量", "", "300", "份", "3百份"),
    # units and rates
    ("36 万人次", "次数", "", "360000", "人次", "36万人次"),
    ("985万名", "数量", "", "9850000", "人", "985万人"),
    ("5台(套)", "数量", "", "5", "台", "5台(套)"),
    ("每月1次", "次数", "", "1", "次/个月", "1次/月"),
    ("2次/年", "次数", "", "2", "次/年", "2次/年"),
    ("月均11万条", "数量", "", "110000", "条/个月", "11万条/月"),
    ("100元/人", "比率", "", "100", "元/人", "100元/人"),
    ("5 个工作日内", "时长", "≤", "5", "个工作日", "≤5个工作日"),
    ("12个月", "时长", "", "12", "个月", "12个月"),
    ("2小时内到达现场", "时长", "≤", "2", "小时", "≤2小时"),
    ("7天×24小时", "时长", "", "168", "小时/周", "7*24小时"),
    ("100%完成", "比率", "", "1", "%", "100%"),
    ("3个内部系统", "数量", "", "3", "个内部系统", "3个内部系统"),
    # dates
    ("2022年12月底前", "日期", "≤", (2022, 12, 31), "", "2022年12月31日前"),
    ("12月31日前完成", "日期", "≤", (0, 12, 31), "", "12月31日前"),
    ("2022年6月", "日期", "", (2022, 6, 30), "", "2022年6月30日"),
    ("2024年2月底前", "日期", "≤", (2024, 2, 29), "", "2024年2月29日前"),
    ("2022-12-20", "日期", "", (2022, 12, 20), "", "2022年12月20日"),
    ("年底前", "日期", "≤", (0, 12, 31), "", "12月31日前"),
    ("2022年内完成", "日期", "", (2022, 12, 31), "", "2022年12月31日"),
]


@pytest.mark.parametrize(("text", "kind", "comparison", "figure", "unit", "canonical"), WRITTEN)
def test_written_forms(text: str, kind: str, comparison: str, figure: object, unit: str, canonical: str) -> None:
    value = parse_value(text)
    assert (value.text, value.kind, value.comparison, value.unit) == (text, kind, comparison, unit), value.reason
    if isinstance(figure, str):
        assert value.number == Decimal(figure)
    elif isinstance(figure, tuple) and len(figure) == 2:
        assert (value.low, value.high) == (Decimal(figure[0]), Decimal(figure[1]))
    else:
        assert value.day == figure
    assert print_value(value) == canonical
    assert print_value(parse_value(canonical)) == canonical


@pytest.mark.parametrize("text", ["有效推动", "有效加强", "达成预期指标", "实时", "符合相关规定", "无", "逐步降低"])
def test_words_are_qualitative(text: str) -> None:
    value = parse_value(text)
    assert value.kind == "定性" and not value.measured
    assert print_value(value) == text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("≤95%以上", "互相矛盾"),
        ("10 20", "不能识别"),
        ("出动30车次、60人次", "不能识别"),
        ("2月30日前", "没有“2月30日”"),
        ("8*30小时", "天数×小时"),
        ("10个-20人", "单位不同"),
        ("≥80%-90%", "区间前后"),
        ("2022年度预算执行良好", "不能识别"),
        ("第3名", "不能识别"),
        ("1-12月", "不能识别"),
        ("10/", "不能识别"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, part: str) -> None:
    value = parse_value(text)
    assert value.kind == "无法比较" and part in value.reason
    assert print_value(value) == text


def test_blank() -> None:
    assert parse_value("").kind == parse_value(" \u3000").kind == "空"


_SIGNS = "0123456789.,%≥≤><=~-*/()（）xX＞％ 万亿千百"
_WORDS = "人次笔小时天年月日底前内以上下不超过约达到至有效推动增长每均余"


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(_SIGNS + _WORDS), max_size=14))
def test_reading_never_raises(text: str) -> None:
    value = parse_value(text)
    assert value.text == text
    assert value.measured or value.kind in ("定性", "无法比较", "空")
    # Canonical spelling: reading what was printed prints the same and means the same.
    printed = print_value(value)
    again = parse_value(printed)
    assert print_value(again) == printed
    if value.measured:
        assert (again.kind, again.number, again.low, again.high, again.unit, again.day) == (
            value.kind, value.number, value.low, value.high, value.unit, value.day)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_survived(text: str) -> None:
    assert parse_value(text).text == text


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
UNITS = st.sampled_from(
    ["人", "笔", "次", "人次", "元", "%", "‰", "小时", "天", "个工作日", "次/年", "条/个月", "GB", "元/人", ""])
SIGNS = st.sampled_from(["", "≥", "≤", ">", "<", "=", "≈"])


@settings(deadline=None)
@given(NUMBERS, UNITS, SIGNS, st.sampled_from(["", "万", "亿"]), st.sampled_from(["", "增长", "下降"]))
def test_canonical_round_trip(number: Decimal, unit: str, sign: str, scale: str, measure: str) -> None:
    if unit in ("%", "‰", "小时", "天", "个工作日") or number == 0:
        scale = ""
    made = parse_value(print_value(Value("", "数量", sign, number, unit=unit, scale=scale, measure=measure)))
    assert (made.number, made.unit, made.comparison, made.scale, made.measure) == (number, unit, sign, scale, measure)
    assert parse_value(print_value(made)) == made  # its text is canonical now


@pytest.mark.parametrize(
    ("target", "actual", "low", "reached"),
    [
        ("1000万人", "10000000人", "10000000", "10000000"),
        ("≤2小时", "90分钟", "2", "1.5"),
        ("≤3天", "36小时", "3", "1.5"),
        ("7*24小时", "24小时不间断", "168", "168"),
        ("1次/月", "12次/年", "1", "1"),
        ("≥2公顷", "30亩", "2", "2"),
        ("≤1TB", "512GB", "1", "0.5"),
        ("985万名", "985万人", "9850000", "9850000"),
        ("≥95%", "98", "0.95", "0.98"),
        ("≤90万元", "89.5", "900000", "895000"),
        ("30", "28笔", "30", "28"),
        ("95", "96%", "0.95", "0.96"),
        ("下降5%", "下降6%", "0.05", "0.06"),
        ("下降5%", "-6%", "0.05", "0.06"),
        ("增长5%", "下降1%", "0.05", "-0.01"),
    ],
)
def test_units_are_converted(target: str, actual: str, low: str, reached: str) -> None:
    goal, done = parse_value(target), parse_value(actual)
    assert comparable(goal, done)
    pair = align(goal, done)
    assert isinstance(pair, ComparablePair)
    assert (Decimal(pair.low.numerator) / pair.low.denominator) == Decimal(low)
    assert (Decimal(pair.actual.numerator) / pair.actual.denominator) == Decimal(reached)


@pytest.mark.parametrize(
    ("target", "actual", "part"),
    [
        ("30笔", "30人", "不能换算"),
        ("5个工作日", "5天", "不能换算"),
        ("1个月", "30天", "不能换算"),
        ("100万人", "100万人次", "不能换算"),
        ("有效推动", "有效推动", "定性"),
        ("95%", "良好", "文字"),
        ("95%", "", "没有填写"),
        ("12月底前", "100%", "日期"),
        ("95%", "90%-98%", "区间"),
        ("95%", "第3名", "不能识别"),
    ],
)
def test_what_cannot_be_compared_says_why(target: str, actual: str, part: str) -> None:
    result = comparable(parse_value(target), parse_value(actual))
    assert not result and part in result.reason
