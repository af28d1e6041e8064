"""What holds for every form: bounds, monotony, and the roll-up of one."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan.account import Indicator, PerformanceSheet
from juesuan.scoring import roll_up, score_sheet

from .data import BEN, KEYS, OUT, QUANTITY, SOCIAL, indicator, scheme, sheet

SCHEMES = {key: scheme(key) for key in KEYS}
ANY = st.sampled_from(KEYS)
NUMBERS = st.decimals(min_value=0, max_value=100000, places=2, allow_nan=False)
GOALS = st.decimals(min_value="0.01", max_value=100000, places=2, allow_nan=False)
WEIGHTS = st.decimals(min_value="0.5", max_value=60, places=2, allow_nan=False)
TEXTS = st.one_of(
    st.builds(lambda sign, n, unit: f"{sign}{n}{unit}",
              st.sampled_from(["", "≥", "≤", "=", ">", "<", "约"]), NUMBERS,
              st.sampled_from(["%", "个", "万人", "小时", "元", ""])),
    st.sampled_from(["有效推动", "7*24小时", "12月底前", "2023年1月5日", "10-20个", "80%-90%", "达成预期指标", ""]),
)
LINES = st.builds(
    lambda group, weight, target, actual, grade: Indicator(
        group, QUANTITY if group == OUT else SOCIAL, "某指标", weight, target, actual, grade),
    st.sampled_from([OUT, BEN]), WEIGHTS, TEXTS, TEXTS,
    st.none() | st.decimals(min_value=0, max_value=1, places=2, allow_nan=False),
)


@st.composite
def sheets(draw: st.DrawFn) -> PerformanceSheet:
    lines = draw(st.lists(LINES, max_size=5))
    named = tuple(
        Indicator(i.level1, i.level2, f"指标{n}", i.weight, i.target, i.actual, i.grade) for n, i in enumerate(lines))
    return sheet(named, str(draw(NUMBERS)), str(draw(NUMBERS)))


def points(target: str, actual: Decimal, weight: Decimal, key: str, unit: str) -> Decimal:
    form = sheet((indicator(OUT, QUANTITY, "某指标", str(weight), target, f"{actual}{unit}"),))
    score = score_sheet(form, SCHEMES[key]).lines[0].computed
    assert score is not None
    return score


@settings(deadline=None)
@given(sheets(), ANY)
def test_scores_lie_between_nothing_and_the_weight(form: PerformanceSheet, key: str) -> None:
    scored = score_sheet(form, SCHEMES[key])
    for line in scored.lines:
        assert line.computed is None or 0 <= line.computed <= line.indicator.weight
    assert scored.execution is None or 0 <= scored.execution <= SCHEMES[key].execution.points
    parts = [scored.execution, *(line.computed for line in scored.lines)]
    assert scored.total == sum((p for p in parts if p is not None), Decimal(0))
    # A score is missing only where an issue says why.
    unscored = {n for n, line in enumerate(scored.lines) if line.computed is None}
    assert unscored <= {r.indicator for r in scored.issues if r.code in ("E113", "E156", "E160", "E115", "E114")}


@settings(deadline=None)
@given(GOALS, NUMBERS, NUMBERS, WEIGHTS, ANY, st.sampled_from(["个", "%", "小时"]))
def test_more_is_never_worse_for_a_positive_target(
    goal: Decimal, one: Decimal, other: Decimal, weight: Decimal, key: str, unit: str
) -> None:
    low, high = sorted((one, other))
    target = f"≥{goal}{unit}"
    assert points(target, low, weight, key, unit) <= points(target, high, weight, key, unit)
    assert points(target, goal, weight, key, unit) == weight


@settings(deadline=None)
@given(GOALS, NUMBERS, NUMBERS, WEIGHTS, ANY, st.sampled_from(["个", "%", "小时"]))
def test_less_is_never_worse_for_a_negative_target(
    goal: Decimal, one: Decimal, other: Decimal, weight: Decimal, key: str, unit: str
) -> None:
    low, high = sorted((one, other))
    target = f"≤{goal}{unit}"
    assert points(target, low, weight, key, unit) >= points(target, high, weight, key, unit)
    assert points(target, goal, weight, key, unit) == weight


@settings(deadline=None)
@given(GOALS, GOALS, NUMBERS, NUMBERS, WEIGHTS)
def test_nearer_to_an_interval_is_never_worse(
    one: Decimal, other: Decimal, first: Decimal, second: Decimal, weight: Decimal
) -> None:
    low, high = sorted((one, other))
    target = f"{low}-{high}个"
    scores = [points(target, actual, weight, "wuhan", "个") for actual in sorted((first, second))]
    if max(first, second) <= low:
        assert scores[0] <= scores[1]
    if min(first, second) >= high:
        assert scores[0] >= scores[1]
    assert points(target, low, weight, "wuhan", "个") == points(target, high, weight, "wuhan", "个") == weight


@settings(deadline=None)
@given(GOALS, NUMBERS, NUMBERS, ANY)
def test_execution_grows_with_the_outlay(budget: Decimal, one: Decimal, other: Decimal, key: str) -> None:
    less, more = (score_sheet(sheet((), str(budget), str(outlay)), SCHEMES[key]).execution
                  for outlay in sorted((one, other)))
    assert less is not None and more is not None and less <= more


@settings(deadline=None)
@given(sheets(), ANY)
def test_roll_up_of_one_is_itself(form: PerformanceSheet, key: str) -> None:
    assert roll_up([form], SCHEMES[key]) == score_sheet(form, SCHEMES[key])


@settings(deadline=None)
@given(sheets(), ANY)
def test_scoring_twice_changes_nothing(form: PerformanceSheet, key: str) -> None:
    first = score_sheet(form, SCHEMES[key])
    again = score_sheet(first.sheet, SCHEMES[key])
    assert again.sheet == first.sheet
    assert not {"E103", "E102", "E107"} & {r.code for r in again.issues}


@st.composite
def complete(draw: st.DrawFn) -> PerformanceSheet:
    """A form in which every line earns a score: counted ones, and words with a grade."""
    counted = st.tuples(GOALS.map("≥{}个".format), NUMBERS.map("{}个".format), st.none())
    grades = st.decimals(min_value=0, max_value=1, places=2, allow_nan=False)
    words = st.tuples(st.just("有效推动"), st.just("有所推动"), grades)
    lines = draw(st.lists(st.tuples(WEIGHTS, counted | words), min_size=1, max_size=5))
    named = (Indicator(OUT, QUANTITY, f"指标{n}", weight, *values) for n, (weight, values) in enumerate(lines))
    return sheet(tuple(named), str(draw(GOALS)), str(draw(NUMBERS)))


@settings(deadline=None)
@given(complete(), ANY, st.sampled_from([Decimal("0.01"), Decimal("-0.01")]), st.data())
def test_a_stated_score_changed_by_a_hundredth_is_found(
    form: PerformanceSheet, key: str, step: Decimal, data: st.DataObject
) -> None:
    """Whichever it is: of an indicator, of execution, the total. What the total's rounding allows is a notice."""
    stated = score_sheet(form, SCHEMES[key]).sheet
    assert stated.score is not None and stated.execution_score is not None
    place = data.draw(st.integers(-2, len(stated.indicators) - 1))
    if place == -2:
        wrong = msgspec.structs.replace(stated, score=stated.score + step)
    elif place == -1:
        wrong = msgspec.structs.replace(stated, execution_score=stated.execution_score + step)
    else:
        lines = list(stated.indicators)
        score = lines[place].score
        assert score is not None
        lines[place] = msgspec.structs.replace(lines[place], score=score + step)
        wrong = msgspec.structs.replace(stated, indicators=tuple(lines))
    before = {r.code for r in score_sheet(stated, SCHEMES[key]).issues}
    found = {r.code for r in score_sheet(wrong, SCHEMES[key]).issues}
    assert not {"E103", "E102", "E107"} & before
    assert {"E103", "E102", "E107"} & found


@settings(deadline=None)
@given(st.lists(sheets(), min_size=1, max_size=3), ANY)
def test_roll_up_never_fails(forms: list[PerformanceSheet], key: str) -> None:
    scored = roll_up(forms, SCHEMES[key])
    assert scored.sheet.budget.value == sum(f.budget.value for f in forms)
    assert scored.sheet.outlay.value == sum(f.outlay.value for f in forms)
    for line in scored.lines:
        assert line.computed is None or 0 <= line.computed <= line.indicator.weight


@settings(deadline=None)
@given(sheets())
def test_two_equal_halves_score_like_one(form: PerformanceSheet) -> None:
    """Two units with the same values and amounts: sums double on both sides and averages stay, so scores stay."""
    one, two = score_sheet(form, SCHEMES["wuhan"]), roll_up([form, form], SCHEMES["wuhan"])
    assert one.execution == two.execution
    for single, double in zip(one.lines, two.lines, strict=True):
        if double.computed is not None:
            assert single.computed == double.computed
