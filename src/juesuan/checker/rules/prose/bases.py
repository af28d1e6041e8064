"""What changes are told against: other years than their parts, the budget taken for last year, totals that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from juesuan.account import BUDGETS, FORMER, Account, Issue, ratio
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.statute.language import StatedParts, load_prose_rules

_TOTAL = "总计"
_LAST_YEAR = ("上年", "上年预算")


def check_bases(prose: Prose, account: Account) -> Iterator[Issue]:
    """What may have a reason outside the text, and has to be explained (Z164 to Z168)."""
    for number in prose.numbers:
        if number.stated.mention < 0:
            continue
        if number.measure in ("变动额", "变动率"):
            yield from _other_year(prose, number)
        if number.measure == "变动额":
            yield from _budget_as_last_year(prose, number)
    if not account.tables:
        yield from _only_last_year(prose, account)
    for balance in load_prose_rules().balances:
        yield from _balance(prose, balance.one, balance.other)
    for balance in load_prose_rules().mirrored:
        yield from _mirrored(prose, balance.one, balance.other)
    yield from _carried_over(prose)
    for parts in load_prose_rules().stated_parts:
        yield from _unstated_part(prose, account, parts)


def _other_year(prose: Prose, number: Number) -> Iterator[Issue]:
    """A whole compared with a year further back than its parts are."""
    base = number.stated.base
    year, own = number.stated.base_year, number.stated.year
    if not year or not own or year >= own - 1 or base in BUDGETS:
        return
    changes = prose.of(number.stated.mention, "变动额", "变动率")
    if any(n.stated.base == "上年" and n.stated.base_year in (0, own - 1) for n in changes):
        # The whole is told against last year as well.
        return
    for child in prose.children.get(number.stated.mention, ()):
        for part in prose.of(child, "变动额", "变动率"):
            if part.stated.base == "上年" and part.stated.base_year in (0, own - 1):
                message = f"总数与{year}年比，其中的{part.stated.subject}与上年比，基期不同，增减不能相加，须说明。"
                yield issue(prose, "Z164", message, (number, part), stated=f"{year}年", expected=f"{own - 1}年")
                return


def _only_last_year(prose: Prose, account: Account) -> Iterator[Issue]:
    """W103: last year's amount of a whole with a change against the year before, and this year's nowhere.

    A text copied from last year's whose title alone got the new year (2017年…合计13万元，比上年减少2万元, in 2018).
    """
    for whole in dict.fromkeys(each.whole for each in load_prose_rules().compositions if each.unique):
        numbers = prose.subjects.get(whole, ())
        if any(n.measure in LEVELS for n in numbers):
            continue
        for number in (n for n in numbers if n.measure in FORMER and n.stated.year == account.year - 1):
            changes = prose.of(number.stated.mention, "变动额", "变动率")
            if any(n.stated.base == "上年" and not n.stated.base_year for n in changes):
                message = (
                    f"写的是{number.stated.year}年的{whole}，并与上年相比；全文没有写{account.year}年的{whole}，"
                    "年度可能没有更新。"
                )
                # Without what it should be: the amounts may be last year's as well, so that no correction is certain.
                yield issue(prose, "W103", message, (number,), stated=f"{number.stated.year}年", severity="warning")
                break


def _budget_as_last_year(prose: Prose, number: Number) -> Iterator[Issue]:
    """A change against last year that is exactly the difference to the budget: was the budget taken for last year?"""
    mention = number.stated.mention
    if number.stated.base != "上年" or not number.value or prose.of(mention, *FORMER):
        return
    for outlay in prose.of(mention, "决算")[:1]:
        for budget in prose.of(mention, *BUDGETS):
            gap = outlay.range - budget.range
            if budget.value and gap.value == number.value and outlay.stated.passage == number.stated.passage:
                message = (
                    f"与上年比的{number.stated.wording}{number.text}正好是决算{outlay.text}与预算{budget.text}的差，"
                    f"似把预算数当成了上年数；上年确为{budget.text}的，不需处理。"
                )
                # Where the completion is right the same amount may well be that of last year.
                doubtful = any(not _completed(rate, outlay, budget) for rate in prose.of(mention, "完成率"))
                yield issue(
                    prose, "Z165", message, (number, outlay, budget), stated=number.text,
                    severity=None if doubtful else "notice",
                )  # fmt: skip
                return


def _completed(rate: Number, outlay: Number, budget: Number) -> bool:
    expected = ratio(outlay.range, budget.range)
    return expected is None or expected.meets(rate.range)


def _carried_over(prose: Prose) -> Iterator[Issue]:
    """Z116: what was carried over, received, spent and left, told in one sentence each once, that do not balance."""
    rule = load_prose_rules().carried_over
    wanted = (rule.before, rule.received, rule.spent, rule.after)
    for numbers in prose.passages.values():
        sentences: dict[int, list[Number]] = defaultdict(list)
        for number in numbers:
            if number.measure in ("决算", "预算") and number.stated.subject in (*wanted, *rule.also):
                sentences[number.stated.sentence].append(number)
        for told in sentences.values():
            if sorted(n.stated.subject for n in told) != sorted(wanted):
                continue
            before, received, spent, after = (next(n for n in told if n.stated.subject == name) for name in wanted)
            gap = before.range + received.range - spent.range - after.range
            if not gap.holds_zero():
                one = f"{before.text}＋{received.text}"
                message = f"{rule.before}＋收入（{one}）与支出＋{rule.after}（{spent.text}＋{after.text}）不相等。"
                right = amount((before.range + received.range - spent.range).value, after)
                yield issue(prose, "Z116", message, (after, before, received, spent), stated=after.text, expected=right)


def _balance(prose: Prose, one: str, other: str) -> Iterator[Issue]:
    """Two totals that are the same by definition, told in one sentence with different values, and their changes."""
    for left in prose.subjects.get(one, ()):
        for right in prose.subjects.get(other, ()):
            together = left.stated.passage == right.stated.passage and left.measure == right.measure
            if not together or left.measure not in ("决算", "预算") or left.is_about != right.is_about:
                continue
            if not left.range.meets(right.range):
                gap = left.range - right.range
                beside = [n for n in prose.passages[left.stated.passage] if n.is_about == left.is_about]
                if _TOTAL not in prose.quote(left, right) or any(n.range.meets(gap) for n in beside):
                    # Where the text tells the difference itself (结转结余), it tells totals without it.
                    continue
                message = f"{one}{left.text}与{other}{right.text}不相等；含结转和结余的两边应当相等，不含的须说明。"
                yield issue(prose, "Z166", message, (left, right), stated=left.text, expected=right.text)
            else:
                yield from _changes(prose, left, right)
            return


def _changes(prose: Prose, left: Number, right: Number) -> Iterator[Issue]:
    for one in _of_subject(prose, left, "上年"):
        for other in _of_subject(prose, right, "上年"):
            same = one.stated.base == other.stated.base and one.stated.passage == other.stated.passage
            if same and not one.range.meets(other.range):
                message = f"两边的总数相等，变动却不同：{name_of(one)}{one.text}，{name_of(other)}{other.text}。"
                yield issue(prose, "Z168", message, (one, other), stated=one.text, expected=other.text)
                return


def _mirrored(prose: Prose, one: str, other: str) -> Iterator[Issue]:
    """Income and outlay of the same amount, one told to have risen by what the other fell: one direction is wrong."""
    for left in prose.subjects.get(one, ()):
        for right in prose.subjects.get(other, ()):
            alike = left.measure == right.measure and left.stated.year == right.stated.year
            if not alike or left.measure not in ("决算", "预算") or not left.range.meets(right.range):
                continue
            for own in _of_subject(prose, left, *_LAST_YEAR):
                for opposite in _of_subject(prose, right, *_LAST_YEAR):
                    if own.stated.base == opposite.stated.base and own.value and own.value == -opposite.value:
                        message = f"{one}与{other}相等，变动额也相同，却一增一减，有一处方向写反了。"
                        yield issue(prose, "Z168", message, (own, opposite), stated=own.text, severity="warning")
                        return


def _of_subject(prose: Prose, number: Number, *bases: str) -> list[Number]:
    """The changes of what a number is of, against one of `bases`, in its paragraph or the next."""
    return [
        n for n in prose.subjects.get(number.stated.subject, ())
        if n.measure == "变动额" and n.stated.base in bases and n.stated.passage - number.stated.passage in (0, 1)
    ]  # fmt: skip


def _unstated_part(prose: Prose, account: Account, parts: StatedParts) -> Iterator[Issue]:
    """A part of which the text says nothing at all, where no total is told that the others make up."""
    text = "".join(passage.text for passage in account.passages)
    subjects = [subject for family in parts.families for subject in family]
    named = zip(parts.parts, parts.words, parts.families, strict=True)
    known = prose.subjects.keys()
    absent = [part for part, words, family in named if not _any(words, text) and not known & set(family)]
    numbers = [n for subject in subjects for n in prose.subjects.get(subject, ()) if n.is_money and n.value]
    total = any(n.is_money for n in prose.subjects.get(parts.of, ()))
    if len(absent) != 1 or total or not numbers or not _any(parts.says, text):
        return
    message = f"没有写到{absent[0]}；没有发生的也要写明没有。"
    first = min(numbers, key=lambda n: (n.stated.passage, n.stated.start))
    found = issue(prose, "Z167", message, (first,), expected=absent[0])
    yield msgspec.structs.replace(found, message=f"{first.stated.section}{found.message}")


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
