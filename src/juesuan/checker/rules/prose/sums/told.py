"""Parts that the text itself tells of a whole (其中：…), whatever the forms know of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from juesuan.account import Range, spaceless, total_range
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.checker.rules.prose.sums.classified import Found
from juesuan.checker.rules.prose.sums.scores import SCORE
from juesuan.statute import load_lexicon
from juesuan.statute.language import load_prose_rules

_CONTAINED = re.compile(r"\((?:其中|含|内含|包括|包含)")
_UNIT = 3
"""So many signs of a unit may stand between a number and the bracket behind it."""
_OF_WHICH = re.compile(r"[（(，,]其中[:：]?[^，。；、,;\d]{1,15}")


def stated_wholes(prose: Prose) -> Iterator[Found]:
    """Z111, Z114: parts that come to more than what the text tells them to be parts of, or do not make it up."""
    for mention, children in prose.children.items():
        for measure in LEVELS:
            for whole in prose.of(mention, measure)[:1]:
                if whole.stated.unit != SCORE:
                    yield from _of_whole(prose, whole, children)


def _of_whole(prose: Prose, whole: Number, children: Sequence[int]) -> Iterator[Found]:
    parts: list[Number] = []
    for child in children:
        same = [n for n in prose.of(child, whole.measure) if n.is_about == whole.is_about]
        near = [n for n in same if n.stated.passage == whole.stated.passage]
        if near and not any(_repeats(near[0], part) for part in parts):
            parts.append(near[0])
    parts = [part for part in parts if not _within_brackets(prose, whole, part, parts)]
    named = {part.stated.subject for part in parts}
    parts = [part for part in parts if not named & _wholes_of(part.stated.subject)]
    for group in _lists(whole.stated.subject, parts):
        yield from _of_list(prose, whole, group)


def _within_brackets(prose: Prose, whole: Number, part: Number, parts: Sequence[Number]) -> bool:
    """Whether a part is told in brackets behind another: 事业编制116人（含参公编制38人） are 116 in all."""
    text = prose.text_of(part.stated).replace("（", "(").replace("）", ")")
    opened = text.rfind("(", whole.stated.end, part.stated.start)
    if opened < 0 or ")" in text[opened : part.stated.start] or not _CONTAINED.match(text, opened):
        return False
    return any(other is not part and other.stated.passage == part.stated.passage
               and other.stated.end <= opened <= other.stated.end + _UNIT for other in parts)  # fmt: skip


def _lists(whole: str, parts: Sequence[Number]) -> Iterator[list[Number]]:
    """The parts that are told beside each other: those of one sentence, and the items of a list, each in its own.

    Parts that a declaration knows are one list, whatever else the text tells of the whole (of which 授予中小企业).
    """
    declared = {name for each in load_prose_rules().compositions if each.whole == whole and not each.alone
                for name in each.parts}
    by_sentence: dict[tuple[bool, int], list[Number]] = defaultdict(list)
    for part in parts:
        by_sentence[part.stated.subject in declared, part.stated.sentence].append(part)
    for known in (True, False):
        lists = [group for (is_declared, _), group in by_sentence.items() if is_declared == known]
        yield from (group for group in lists if len(group) > 1)
        yield [group[0] for group in lists if len(group) == 1]


def _of_list(prose: Prose, whole: Number, parts: Sequence[Number]) -> Iterator[Found]:
    alone = len(parts) == 1 and (
        load_lexicon().part_of(parts[0].stated.subject, whole.stated.subject) or _is_told_of(prose, whole, parts[0])
    )
    if len(parts) < 2 and not alone:
        return
    grouped = _in_groups([part.range for part in parts], whole.range, beside=not _is_term(whole))
    if grouped or _before_stop(prose, whole, parts):
        return
    gap = whole.range - total_range([part.range for part in parts])
    if {part.stated.subject for part in parts} in map(set, load_prose_rules().natures) and gap.low > 0:
        declared = any(each.whole == whole.stated.subject for each in load_prose_rules().compositions)
        if not declared and len(parts) == len({part.stated.subject for part in parts}):
            yield _of_natures(prose, whole, parts, gap)
        return
    if gap.high >= 0:
        return
    if _of_both_sides(whole, parts) or _of_another(prose, whole, parts):
        return
    over, added = amount(-gap.value, whole), amount(total_range([p.range for p in parts]).value, whole)
    explained = whole.stated.subject in load_prose_rules().explained or not whole.is_money
    code = "Z111" if whole.is_money else "Z114"
    names = "、".join(f"{name_of(part)}{part.text}" for part in parts)
    message = f"{name_of(whole)}为{whole.text}，其中所列（{names}）之和为{added}，多出{over}。"
    finding = issue(
        prose, code, message, (whole, *parts), stated=whole.text, expected=added, difference=over,
        severity="warning" if explained else None,
    )  # fmt: skip
    yield finding, (whole, *parts)


def _of_both_sides(whole: Number, parts: Sequence[Number]) -> bool:
    """Whether what is listed under 收、支总计 is income and outlay, which do not add up to it."""
    subjects = [part.stated.subject for part in parts]
    both = any("收入" in subject for subject in subjects) and any("支出" in subject for subject in subjects)
    return both and whole.stated.subject in load_lexicon().pairs


def _of_another(prose: Prose, whole: Number, parts: Sequence[Number]) -> bool:
    """Whether parts that are not known for those of the whole make up another amount told before.

    涉及资金30万元，支出28万元，其中：甲项目安排……: what was planned for the projects is of the 30.
    """
    if not whole.is_money or any(load_lexicon().part_of(part.stated.subject, whole.stated.subject) for part in parts):
        return False
    total = total_range([part.range for part in parts])
    before = [n for n in prose.passages[whole.stated.passage] if n.stated.end <= parts[0].stated.start]
    return any(n.is_money and n is not whole and n.measure in LEVELS and n.range.meets(total) for n in before)


def _is_told_of(prose: Prose, whole: Number, part: Number) -> bool:
    """Whether a part stands right behind its whole: 通用设备120万元（其中车辆134万元）."""
    if whole.stated.passage != part.stated.passage or whole.stated.unit != part.stated.unit:
        return False
    between = prose.text_of(whole.stated)[whole.stated.end : part.stated.start]
    return _OF_WHICH.fullmatch(spaceless(between)) is not None


def _before_stop(prose: Prose, whole: Number, parts: Sequence[Number]) -> bool:
    """Whether the counts before a semicolon make up the whole: 263人，其中在职174人，退休89人；年末其他人员312人."""
    text, first = prose.text_of(whole.stated), parts[0].stated
    if whole.is_money or any(part.stated.passage != first.passage for part in parts):
        return False
    stop = next((at for at in range(first.end, len(text)) if text[at] in ";；"), len(text))
    leading = [part.range for part in parts if part.stated.start < stop]
    return len(leading) < len(parts) and (whole.range - total_range(leading)).holds_zero()


def _of_natures(prose: Prose, whole: Number, parts: Sequence[Number], gap: Range) -> Found:
    """What is told as 基本支出 and 项目支出 of an item is all of it."""
    added, short = amount(total_range([p.range for p in parts]).value, whole), amount(gap.value, whole)
    names = "、".join(f"{name_of(part)}{part.text}" for part in parts)
    message = f"{name_of(whole)}为{whole.text}，其中（{names}）之和为{added}，少了{short}。"
    numbers = (whole, *parts)
    return issue(prose, "Z111", message, numbers, stated=whole.text, expected=added, difference=short), numbers


def _wholes_of(subject: str) -> set[str]:
    """The wholes that a subject is declared to be a part of: beside one of them it is not counted again."""
    return {each.whole for each in load_prose_rules().compositions if subject in each.parts}


def _repeats(number: Number, other: Number) -> bool:
    return number.stated.subject == other.stated.subject and number.range.meets(other.range)


def _is_term(number: Number) -> bool:
    return number.stated.subject in load_lexicon().subjects


def _in_groups(parts: Sequence[Range], whole: Range, beside: bool) -> bool:
    """Whether parts one after another make up the whole several times (by function, then by use), or the last of them
    only part again one that was told before, or are told `beside` a whole that is no term of the lexicon."""
    running: list[Range] = []
    groups = 0
    for part in parts:
        running.append(part)
        gap = whole - total_range(running)
        if gap.holds_zero():
            groups += 1
            running = []
        elif gap.high < 0:
            return False
    rest = total_range(running)
    return groups > 0 and (beside or not rest.value or any(part.meets(rest) for part in parts if part not in running))
