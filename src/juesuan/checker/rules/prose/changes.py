"""Changes of amounts: against the two amounts that they lie between, and against the words that tell a direction."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import BUDGETS, FORMER, Issue
from juesuan.checker.rules.prose.model.compared import bases_for, levels_for
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import Number, Prose, is_word
from juesuan.statute.language import unique_subjects

_NEARLY = ("基本", "大致", "大体", "略")
_MINUS = ("-", "－", "−")


def check_changes(prose: Prose) -> Iterator[Issue]:
    """Changes that are not the difference of their amounts (Z106), and directions that contradict each other (Z121)."""
    for number in prose.numbers:
        if number.stated.mention < 0:
            continue
        if number.measure in ("变动额", "变动率") and number.text.startswith(_MINUS):
            yield from _signed(prose, number)
        if number.measure == "变动额":
            yield from _difference(prose, number)
            yield from _flat(prose, number)
            yield from _twice(prose, number)
        elif number.measure == "变动率":
            yield from _contrary(prose, number)
        elif number.stated.direction is not None:
            yield from _led(prose, number)


def _difference(prose: Prose, number: Number) -> Iterator[Issue]:
    wrong = [pair for pair in _pairs(prose, number, number.stated.mention) if not _holds(number, *pair)]
    if not wrong or len(wrong) < len(_pairs(prose, number, number.stated.mention)):
        return
    for mention in prose.related(number):
        if any(_holds(number, *pair) for pair in _pairs(prose, number, mention)):
            return
    level, base = wrong[0]
    gap = level.range - base.range
    right = amount(abs(gap.value), level if level.step <= base.step else base)
    word = "增加" if gap.value > 0 else "减少"
    if not number.value and is_word(number):
        message = f"写的是“{number.text}”，而{level.text}比{base.text}{word}{right}。"
        yield issue(prose, "Z121", message, (number, level, base), stated=number.text, expected=f"{word}{right}")
        return
    if gap.value * number.value < 0 and abs(number.range).meets(abs(gap)):
        message = f"写的是“{number.stated.wording}{number.text}”，而{level.text}比{base.text}{word}{right}。"
        yield issue(prose, "Z121", message, (number, level, base), stated=number.text, expected=f"{word}{right}")
        return
    message = f"{name_of(number)}写作{number.text}，按{level.text}－{base.text}应为{word}{right}。"
    yield issue(
        prose, "Z106", message, (number, level, base), stated=number.text, expected=f"{word}{right}",
        equation=f"{level.text}－{base.text}",
    )  # fmt: skip


def _pairs(prose: Prose, number: Number, mention: int) -> list[tuple[Number, Number]]:
    """Level and base of a mention that a change may lie between; both told in the paragraph of the change."""
    here = number.stated.passage
    unique = number.stated.subject in unique_subjects()
    return [
        (level, base)
        for level in levels_for(prose, mention, number)
        for base in bases_for(prose, mention, number, anywhere=unique)
        if level is not base and level.is_about == base.is_about == number.is_about
        and (level.stated.passage == here or (unique and level.stated.passage == base.stated.passage))
        and (unique or base.stated.passage == here)
    ]  # fmt: skip


def _holds(number: Number, level: Number, base: Number) -> bool:
    gap = level.range - base.range
    if number.stated.unchosen:
        return abs(number.range).meets(abs(gap))
    if not number.value and any(word in number.stated.wording for word in _NEARLY):
        return True
    return number.range.meets(gap)


def _contrary(prose: Prose, number: Number) -> Iterator[Issue]:
    """A rate whose direction is not that of its amount: 增加5万元，下降3%."""
    own = number.stated
    if own.unchosen or not number.value:
        return
    for change in prose.of(own.mention, "变动额"):
        amount = change.stated
        same = amount.base == own.base and amount.base_year == own.base_year and amount.sentence == own.sentence
        if same and not amount.unchosen and amount.passage == own.passage and change.value * number.value < 0:
            message = f"数额写“{amount.wording}”，比率写“{own.wording}”，方向相反。"
            yield issue(prose, "Z121", message, (change, number), stated=f"{amount.wording}／{own.wording}")
            return


def _led(prose: Prose, number: Number) -> Iterator[Issue]:
    """What something came to, against what it was before and the word between: 由192人减少为192人, 从3万元降至5万元."""
    own = number.stated
    before = [
        n for n in prose.of(own.mention, *FORMER, *BUDGETS)
        if n.stated.sentence == own.sentence and n.stated.passage == own.passage and n.stated.end <= own.start
        and n.stated.unit == own.unit
    ]  # fmt: skip
    if not before or own.direction is None or (number.range - before[-1].range).value * own.direction > 0:
        return
    former = before[-1]
    if number.value == former.value and number.step != former.step:
        return
    word = "没有变化" if number.value == former.value else "增加" if number.value > former.value else "减少"
    message = f"写的是从{former.text}“{own.wording}”{number.text}，按这两个数是{word}。"
    yield issue(prose, "Z121", message, (number, former), stated=own.wording, expected=word)


def _flat(prose: Prose, number: Number) -> Iterator[Issue]:
    """持平 beside a change that is not nothing."""
    own = number.stated
    if own.direction != 0 or any(word in own.wording for word in _NEARLY):
        return
    if number.value and not is_word(number):
        message = f"写了“{own.wording}”，又写{number.text}。"
        yield issue(prose, "Z121", message, (number,), stated=number.text, expected=own.wording)
    if number.value or not is_word(number):
        return
    for change in prose.of(own.mention, "变动额", "变动率"):
        amount = change.stated
        same = amount.base == own.base and amount.base_year == own.base_year and amount.sentence == own.sentence
        if same and change.value and not is_word(change):
            message = f"写了“{own.text}”，又写{amount.wording}{change.text}。"
            yield issue(prose, "Z121", message, (number, change), stated=own.text, expected=change.text)
            return


def _twice(prose: Prose, number: Number) -> Iterator[Issue]:
    """Two amounts of one change, the second where its rate should stand: 增加1.00万元，增长50万元."""
    own = number.stated
    for other in prose.of(own.mention, "变动额"):
        amount = other.stated
        text = prose.text_of(own)
        follows = amount.passage == own.passage and amount.end < own.start and not is_word(other)
        between = text[amount.end : own.start] if follows else ""
        same = amount.base == own.base and own.wording != amount.wording
        if follows and between.strip("，,、 ") == own.wording and same:
            if other.value != number.value:
                message = f"“{amount.wording}{other.text}”后面的“{own.wording}{number.text}”应是比率，单位写错了。"
                yield issue(prose, "Z107", message, (number, other), stated=number.text, expected="%")
            return


def _signed(prose: Prose, number: Number) -> Iterator[Issue]:
    """A sign beside a word that says the direction already: 增加-5万元, 减少-5万元."""
    direction, wording = number.stated.direction, number.stated.wording
    if not direction or not wording or not number.value:
        return
    if direction > 0:
        message = f"“{wording}”后面的{number.text}是负数，是增是减说不清。"
    else:
        message = f"“{wording}”后面的{number.text}又带负号，是增是减说不清；减少的写正数。"
    yield issue(prose, "Z122", message, (number,), stated=number.text)
