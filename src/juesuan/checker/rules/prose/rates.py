"""Rates against the amounts they are made of: change ÷ former amount, outlay ÷ budget.

What a rate is of is not always certain. It is blamed only where no reading of the words makes it hold: first that of
its own mention, then that of the wholes and of what stands in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from juesuan.account import BUDGETS, COMPARABLE, NOTHING, Issue, Range, Severity, grown, ratio
from juesuan.checker.rules.prose.model.compared import bases_for, levels_for, like, only_budget
from juesuan.checker.rules.prose.model.found import issue, name_of, rate
from juesuan.checker.rules.prose.model.numbers import Number, Prose, is_word
from juesuan.statute.language import load_prose_rules

ZERO = Decimal(0)
UPSIDE_DOWN = "分子、分母颠倒算的"
SURE_DIGITS = 3
"""A rate printed with as many digits does not fit other amounts by chance."""


class RateReading(msgspec.Struct, frozen=True):
    """One way in which a rate may be meant: what it should be, and the numbers that say so.

    `expected` is None where the base is nothing: then there is no rate.
    """

    expected: Range | None
    numbers: tuple[Number, ...]
    formula: str
    swapped: Range | None = None
    """What comes of the usual mistake."""
    mistake: str = ""


Reader = Callable[[Prose, Number, int], list[RateReading]]
"""What a rate should be, by the amounts of a mention."""


def check_rates(prose: Prose) -> Iterator[Issue]:
    """Every rate of change or completion that its amounts contradict (Z101, Z102, Z104, Z105)."""
    for number in prose.numbers:
        if number.stated.mention < 0:
            continue
        if number.measure == "变动率":
            yield from _judged(prose, number, "Z101", read_changes)
        elif number.measure == "完成率":
            yield from _judged(prose, number, "Z102", read_completions)


def _judged(prose: Prose, number: Number, code: str, read: Reader) -> Iterator[Issue]:
    readings = read(prose, number, number.stated.mention)
    if not readings and number.measure == "完成率" and (whole := _listed_whole(prose, number)) is not None:
        readings = read(prose, number, whole)
    wrong = readings and mention_thatholds(prose, number, read) is None
    if wrong and not _of_what_stands_above(prose, number, readings):
        yield from blamed(prose, number, code, readings)


def _of_what_stands_above(prose: Prose, number: Number, readings: list[RateReading]) -> bool:
    """Whether a rate of change holds for an amount told right above, where its own amounts only come behind it.

    收入总计507.86万元。/ 与上年相比，增加49.70万元，增长10.85%。与年初预算相比，…决算数504.63万元: of the total above.
    """
    own = number.stated
    change = _related_change(prose, number) if number.measure == "变动率" else None
    levels = [n for reading in readings for n in reading.numbers if n is not change]
    behind = all(n.stated.passage == own.passage and n.stated.sentence > own.sentence for n in levels)
    if change is None or not levels or not behind or digits(number) < SURE_DIGITS:
        return False
    above = [n for n in prose.passages.get(own.passage - 1, ()) if n.is_money and n.measure == levels[0].measure]
    return any(holds(number, _of_level(change, level)) for level in above)


def _listed_whole(prose: Prose, number: Number) -> int | None:
    """What a completion is of that follows a list of parts: 基本支出5486万元、项目支出2623万元，预算执行率98.38%.

    None where only one part was told, or where the whole's own completion is.
    """
    own = number.stated
    whole = next(iter(prose.ancestors(own.mention)), None)
    if whole is None or prose.of(whole, "完成率"):
        return None
    before = [n.stated for n in prose.passages[own.passage] if n.stated.sentence == own.sentence]
    parts = {stated.mention for stated in before if stated.within == whole and stated.start < own.start}
    return whole if len(parts) > 1 else None


def mention_thatholds(prose: Prose, number: Number, read: Reader) -> int | None:
    """The mention by whose amounts a rate holds: its own before others that the words may mean; None for none.

    A coarse rate fits other amounts by chance: then only a whole is taken for what it may be of.
    """
    own = number.stated.mention
    if any(holds(number, reading) for reading in read(prose, number, own)):
        return own
    others = prose.related(number) if digits(number) >= SURE_DIGITS else prose.wholes(number)
    for mention in others:
        if _tells_its_own(prose, mention, number):
            continue
        if any(holds(number, reading) for reading in read(prose, number, mention)):
            return mention
    return None


def _tells_its_own(prose: Prose, mention: int, number: Number) -> bool:
    """Whether a mention has such a rate of its own in the sentence: what stands with a part is then the part's.

    合计减少3.59万元，下降15.31%，其中：公务用车费减少3.59万元，下降15.31%: the second is copied, not told of the whole.
    """
    own = number.stated
    rates = prose.of(mention, number.measure)
    return any(n.stated.sentence == own.sentence and n.stated.base == own.base and n is not number for n in rates)


def moved(prose: Prose) -> dict[int, int]:
    """Rates and their changes that hold for another mention only, by their place in the account, and that mention."""
    places = {id(stated): n for n, stated in enumerate(prose.account.stated)}
    found: dict[int, int] = {}
    for number in prose.numbers:
        if number.measure != "变动率" or not read_changes(prose, number, number.stated.mention):
            continue
        mention = mention_thatholds(prose, number, read_changes)
        if mention is None or mention == number.stated.mention:
            continue
        change = _related_change(prose, number)
        for each in (number, change):
            if each is not None and id(each.stated) in places:
                found[places[id(each.stated)]] = mention
    return found


def digits(number: Number) -> int:
    """How many digits tell a rate from others: none of 100 %, which many amounts make, and few of whole per cents."""
    if abs(number.value) == 1 or number.step > Decimal("0.001"):
        return min(2, len(number.text) - 1)
    return len("".join(sign for sign in number.stated.text if sign.isdigit()).lstrip("0"))


def holds(number: Number, reading: RateReading) -> bool:
    """Whether a rate, as printed, can be what `reading` makes of its amounts."""
    if reading.expected is None:
        return not number.value
    if number.stated.unchosen:
        return abs(number.range).meets(abs(reading.expected))
    return number.range.meets(reading.expected)


def blamed(prose: Prose, number: Number, code: str, readings: list[RateReading]) -> Iterator[Issue]:
    """The issue of a rate that none of `readings` makes hold, by the reading that comes nearest."""
    reading = min(readings, key=lambda each: _distance(number, each))
    if reading.expected is None:
        base = reading.numbers[-1]
        hint = f"（写的数是{reading.mistake}）" if reading.swapped and number.range.meets(reading.swapped) else ""
        message = f"作为基数的{name_of(base)}为零，没有比率，不应写{number.text}{hint}。"
        if base.measure == "决算" and number.measure == "完成率":
            message = f"决算为零，完成率不会是{number.text}；预算也为零的没有完成率。"
        if reading.formula == "变动":
            message = f"上年为零（本年数全部是增加的），没有增长率，不应写{number.text}。"
        # A rate that another budget gives names the wrong one; else it is only a rate of nothing.
        severity: Severity | None = "error" if hint and number.measure == "完成率" and base.measure != "决算" else None
        yield issue(prose, "Z105", message, (number, *reading.numbers), stated=number.text, severity=severity)
        return
    expected = reading.expected
    right = rate(expected.value, number)
    numbers = (number, *reading.numbers)
    if number.measure == "变动率" and number.value * expected.value < 0:
        word = "增加" if expected.value > 0 else "减少"
        wording = f"写的是“{number.stated.wording}”" if number.stated.wording else f"写作{number.text}"
        message = f"{wording}，按两个数计算应为{word}{rate(abs(expected.value), number)}。"
        yield issue(prose, "Z121", message, numbers, stated=number.text, expected=right, equation=reading.formula)
        return
    gap = number.range.gap(expected)
    more_than_whole = code == "Z103" and expected.low > 1
    if gap < number.step and not more_than_whole:
        rounded = _rounded(expected.value, number)
        message = f"{number.text}与按数额计算的{rate(expected.value, number)}只差最末一位，四舍五入应为{rounded}。"
        yield issue(prose, "Z104", message, numbers, stated=number.text, expected=right, equation=reading.formula)
        return
    hint = f"（写的数正是{reading.mistake}）" if reading.swapped and number.range.meets(reading.swapped) else ""
    message = f"{name_of(number)}写作{number.text}，按{reading.formula}应为{right}{hint}。"
    yield issue(
        prose, code, message, numbers, stated=number.text, expected=right,
        difference=rate(abs(expected.value - number.value), number), equation=reading.formula,
    )  # fmt: skip


def _rounded(value: Decimal, number: Number) -> str:
    step = number.step * 100
    decimals = max(0, -int(step.adjusted()))
    return f"{round(abs(value) * 100, decimals):.{decimals}f}%"


def _distance(number: Number, reading: RateReading) -> Decimal:
    return Decimal(1000) if reading.expected is None else abs(number.value - reading.expected.value)


# Changes


def read_changes(prose: Prose, number: Number, mention: int) -> list[RateReading]:
    """The rate of change as the amounts of `mention` have it: of change and level, change and base, level and base."""
    if number.stated.base == COMPARABLE:
        return []
    change = _related_change(prose, number)
    levels = levels_for(prose, mention, number)
    # What is told beside a rate says more than a budget told elsewhere, perhaps in round figures.
    bases = bases_for(prose, mention, number, anywhere=change is None or not levels)
    found: list[RateReading] = []
    for base in bases:
        if change is not None and change.is_about == base.is_about:
            found.append(_of_base(change, base, (change, base)))
        found.extend(
            _of_levels(level, base) for level in levels if level.is_about == base.is_about and level is not base
        )
    if change is not None and not bases:
        sure = not levels or change.range.low == change.range.high
        if not change.value and change.measure == "变动额" and sure:
            found.append(RateReading(NOTHING, (change,), f"变动额{change.text}"))
        for level in levels:
            if level.is_about == change.is_about:
                found.append(_of_level(change, level))
    return found


def _of_base(change: Number, base: Number, numbers: tuple[Number, ...]) -> RateReading:
    formula = f"{change.text}÷{base.text}"
    return RateReading(ratio(change.range, base.range), numbers, formula)


def _of_levels(level: Number, base: Number) -> RateReading:
    expected = ratio(level.range - base.range, base.range)
    if expected is not None:
        whole = ratio(level.range, base.range)
        expected = whole.shifted(Decimal(-1)) if whole else expected
    if expected is None and not level.value:
        expected = NOTHING
    swapped = ratio(level.range - base.range, level.range)
    told = f"（{level.text}－{base.text}）÷{base.text}"
    return RateReading(expected, (level, base), told, swapped, "以本年数为分母的")


def _of_level(change: Number, level: Number) -> RateReading:
    before = level.range - change.range
    expected = grown(change.range, level.range)
    if expected is None and not change.value and not level.value:
        expected = NOTHING
    if expected is None and before.value:
        # The former amount is too small to be known: any rate may be right.
        expected = Range(ZERO, Decimal(-1000000), Decimal(1000000))
    formula = f"{change.text}÷（{level.text}{'－' if change.value >= 0 else '＋'}{_unsigned(change)}）"
    if expected is None:
        formula = "变动"
    return RateReading(expected, (change, level), formula, ratio(change.range, level.range), "以本年数为分母的")


def _unsigned(number: Number) -> str:
    return number.text.lstrip("-－−")


def _related_change(prose: Prose, number: Number) -> Number | None:
    """The amount of change told with a rate: of the same mention and base, the nearest before it in the sentence."""
    mention = number.stated.mention
    own = number.stated
    found = [
        each
        for each in prose.of(mention, "变动额")
        if each.stated.base == own.base and not each.stated.unchosen
        and each.stated.base_year == own.base_year
    ]
    same = [each for each in found if each.stated.sentence == own.sentence]
    before = [each for each in same if each.stated.start < own.start]
    return before[-1] if before else same[0] if same else found[-1] if found else None


# Completion


def read_completions(prose: Prose, number: Number, mention: int) -> list[RateReading]:
    """The completion as the amounts of `mention` have it: the outlay to the budget that is named."""
    found = [
        _of_budget(prose, number, level, budget)
        for level in prose.of(mention, "决算")
        for budget in _budgets(prose, number, mention)
        if level.is_about == budget.is_about
    ]
    if not found:
        found = [_of_difference(level, change) for level in prose.of(mention, "决算")
                 for change in prose.of(mention, "变动额")
                 if _is_of_budget(number, change) and level.is_about == change.is_about]  # fmt: skip
    found = found or _of_counts(prose, number, mention)
    if not found:
        # Whatever the budget, nothing was carried out of it.
        here = [n for n in prose.of(mention, "决算") if n.stated.passage == number.stated.passage]
        found = [RateReading(None, (level,), "") for level in here[:1] if not level.value]
    return found


def _of_counts(prose: Prose, number: Number, mention: int) -> list[RateReading]:
    """The completion of a count that was planned: 计划48.0公里，实际完成45.6公里，完成率95%."""
    own, rules = number.stated, load_prose_rules()
    counts = [n for n in prose.of(mention, "数量") if n.stated.sentence == own.sentence and n.stated.end <= own.start]
    if len(counts) != 2 or counts[0].stated.unit != counts[1].stated.unit:
        return []
    text, (first, second) = prose.text_of(own), counts
    before, between = text[: first.stated.start], text[first.stated.end : second.stated.start]
    before = re.split("[。；;：:]", before)[-1]
    if not any(word in before for word in rules.planned) or not any(word in between for word in rules.carried_out):
        return []
    upside_down = ratio(first.range, second.range)
    formula = f"{second.text}÷{first.text}"
    return [RateReading(ratio(second.range, first.range), (second, first), formula, upside_down, UPSIDE_DOWN)]


def _is_of_budget(number: Number, change: Number) -> bool:
    """Whether a difference to a budget says what the budget of the completion was (完成预算100%，比预算多5万元)."""
    base = number.stated.base or "预算"
    return change.stated.base in (base, *like(base)) and not change.stated.unchosen and not is_word(change)


def _of_difference(level: Number, change: Number) -> RateReading:
    sign = "－" if change.value >= 0 else "＋"
    formula = f"{level.text}÷（{level.text}{sign}{_unsigned(change)}）"
    return RateReading(ratio(level.range, level.range - change.range), (level, change), formula)


def _budgets(prose: Prose, number: Number, mention: int) -> list[Number]:
    """The budgets that a completion may be of: told in the mention, else the only one told of the subject."""
    base = number.stated.base
    for measures in ((base,) if base in BUDGETS else (), like(base or "预算")):
        here = [n for n in prose.of(mention, *measures) if n.stated.passage == number.stated.passage]
        if here:
            return here
        beside = [n for n in prose.of(number.stated.mention, *measures) if n.stated.sentence == number.stated.sentence]
        if beside and mention != number.stated.mention:
            # 完成年初预算的106.9%（年初预算3557.45万元）, behind the parts of what it is of.
            return beside
    return only_budget(prose, mention, number, (base, *like(base or "预算")))


def _of_budget(prose: Prose, number: Number, level: Number, budget: Number) -> RateReading:
    swapped, mistake = ratio(budget.range - level.range, budget.range), "比预算减少的比例"
    upside_down = ratio(budget.range, level.range)
    if upside_down and number.range.meets(upside_down) and upside_down.value != 1:
        swapped, mistake = upside_down, UPSIDE_DOWN
    for other in prose.of(level.stated.mention, *BUDGETS):
        of_other = ratio(level.range, other.range) if other.value != budget.value else None
        if of_other and number.range.meets(of_other):
            swapped, mistake = of_other, f"按{other.measure}{other.text}算的"
    told = f"{level.text}÷{budget.text}"
    return RateReading(ratio(level.range, budget.range), (level, budget), told, swapped, mistake)
