"""Lists by a classification (按支出功能分类，包括……; 一般公共服务支出（类）……): they name all there is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from juesuan.account import Issue, total_range
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.checker.rules.prose.shares import whole_of_list
from juesuan.statute import load_lexicon
from juesuan.statute.language import expression, load_prose_rules

Found = tuple[Issue, tuple[Number, ...]]
"""A finding, and the numbers that it is of."""
_LEAST_CLASSES = 3
_APART = 3
"""So many paragraphs may lie between two classes of one list: each may have paragraphs of its own below it."""


def listed_by_class(prose: Prose) -> Iterator[Found]:
    """Z115: what is listed by a classification is all there is, so that it makes up the amount told before."""
    yield from _introduced(prose)
    yield from _classes(prose)
    yield from _items(prose)


def _classes(prose: Prose) -> Iterator[Found]:
    """The functional classes that are told as the parts of one amount, each once."""
    for mention in list(prose.mentions):
        for measure in LEVELS:
            for whole in prose.of(mention, measure)[:1]:
                parts = _parts(prose, whole)
                named = [part for part in parts if part.stated.subject in load_lexicon().classes]
                if len({part.stated.subject for part in named}) < max(_LEAST_CLASSES, len(named)):
                    continue
                if any((whole.range - total_range([n.range for n in each])).holds_zero() for each in (parts, named)):
                    continue
                shared = _shared(prose, named)
                if shared is not None and not shared.range.meets(whole.range):
                    continue
                if _is_of_another(prose, whole, parts) or _of_outlay_before(prose, named):
                    continue
                yield _differing(prose, whole, parts, f"{name_of(whole)}按类")


def _is_of_another(prose: Prose, whole: Number, parts: Sequence[Number]) -> bool:
    """Whether another amount in the sentence of the whole is what is listed: 总支出530万元，其中本年支出500万元。"""
    added = total_range([part.range for part in parts])
    beside = [n for n in prose.passages.get(whole.stated.passage, ()) if n.stated.sentence == whole.stated.sentence]
    if any(n is not whole and n.measure == whole.measure and n.is_money and n.range.meets(added) for n in beside):
        return True
    # A part between them that was not taken for one: what is missing is told.
    gap = whole.range - added
    lines = range(whole.stated.passage, parts[-1].stated.passage + 1)
    between = [n for at in lines for n in prose.passages.get(at, ()) if _place(whole) < _place(n) < _place(parts[-1])]
    return any(n not in parts and n.is_money and n.measure == whole.measure and n.range.meets(gap) for n in between)


def _items(prose: Prose) -> Iterator[Found]:
    """The items of the classification that follow an amount, each in a paragraph of its own: every one is asked for.

    Where the document has tables, they tell which item is missing; they have no column for the budgets of later in the
    year, so that these are asked of every item that is told.
    """
    later = load_prose_rules().later_budgets
    measures = [each for each in LEVELS if each in later or not prose.account.tables]
    for mention, children in list(prose.children.items()):
        told = {n.stated.subject for child in children for n in prose.mentions.get(child, ())[:1] if _is_item(n)}
        for measure in measures:
            for whole in prose.of(mention, measure)[:1]:
                items = [n for child in children for n in prose.of(child, measure)[:1] if _is_item(n)]
                apart = {n.stated.passage for n in items} - {whole.stated.passage}
                if len(items) < _LEAST_CLASSES or len(apart) < len(items) or not whole.is_money:
                    continue
                if prose.account.tables and told - {n.stated.subject for n in items}:
                    continue
                if not (whole.range - total_range([n.range for n in items])).holds_zero():
                    yield _differing(prose, whole, sorted(items, key=_place), f"{name_of(whole)}按科目")


def _is_item(number: Number) -> bool:
    word = load_lexicon().exact(number.stated.subject)
    classes = load_lexicon().classes
    return word is not None and word.category == "item" and number.stated.subject not in classes


def _parts(prose: Prose, whole: Number) -> list[Number]:
    """What is told directly as a part of `whole` in the same measure, from its first class on without a wide gap."""
    children = [
        n for child in prose.children.get(whole.stated.mention, ()) for n in prose.of(child, whole.measure)[:1]
        if n.is_money and _place(n) > _place(whole)
    ]  # fmt: skip
    ordered = sorted(dict.fromkeys(children), key=_place)
    first = next((n for n, part in enumerate(ordered) if part.stated.subject in load_lexicon().classes), len(ordered))
    found = ordered[first : first + 1]
    for before, part in itertools.pairwise(ordered[first:]):
        apart = part.stated.passage - before.stated.passage
        # A list of items is over where a paragraph tells of something else (“三公”经费预算13.5万元).
        if apart > _APART or (apart and _is_other(part)):
            break
        found.append(part)
    return found


def _is_other(number: Number) -> bool:
    word = load_lexicon().exact(number.stated.subject)
    return word is not None and word.category == "subject"


def _place(number: Number) -> tuple[int, int]:
    return number.stated.passage, number.stated.start


def _differing(prose: Prose, whole: Number, listed: Sequence[Number], what: str) -> Found:
    gap = whole.range - total_range([n.range for n in listed])
    added = amount(total_range([n.range for n in listed]).value, listed[0])
    message = f"{what}列出的各项之和为{added}，总数为{whole.text}，相差{amount(abs(gap.value), listed[0])}。"
    found = issue(prose, "Z115", message, (whole, *listed), stated=whole.text, expected=added)
    return found, (whole, *listed)


def _introduced(prose: Prose) -> Iterator[Found]:
    """Z115: what is listed by a classification is all there is, so that it makes up the amount told before."""
    says = expression(load_prose_rules().classified)
    for numbers in prose.passages.values():
        text = prose.text_of(numbers[0].stated)
        match = says.search(text)
        if not match:
            continue
        sentence = next((n.stated.sentence for n in numbers if n.stated.start >= match.end()), -1)
        listed = [n for n in numbers if n.stated.sentence == sentence and n.is_money and n.measure in LEVELS]
        listed = [n for n in listed if n.stated.start >= match.end() and n.measure == listed[0].measure]
        first, rest = listed[:1], listed[1:]
        if rest and all(first[0].stated.mention in prose.ancestors(part.stated.mention) for part in rest):
            # 按功能分类，一般公共预算支出3870.28万元，具体为：…: the list begins with what it makes up.
            wholes, listed = first, [part for part in rest if part.stated.within == first[0].stated.mention]
        else:
            wholes = _wholes_before(prose, listed) if rest else []
        if wholes and (shared := _shared(prose, listed)):
            wholes = [shared]
        gaps = [whole.range - total_range([n.range for n in listed]) for whole in wholes]
        if not wholes or any(gap.holds_zero() for gap in gaps) or _of_all_before(prose, listed):
            continue
        yield _differing(prose, wholes[0], listed, match[0])


def _shared(prose: Prose, listed: Sequence[Number]) -> Number | None:
    """The amount that the parts of a list are told to be shares of, as their shares show; None where none is shown."""
    shares = prose.of(listed[-1].stated.mention, "占比")
    return whole_of_list(prose, shares[0], listed[-1]) if shares else None


def _of_all_before(prose: Prose, listed: Sequence[Number]) -> bool:
    """Whether an amount further above is what a list makes up: the total of the section, not its last item."""
    added = total_range([n.range for n in listed])
    return any(
        (n.range - added).holds_zero() for n in prose.numbers
        if n.is_money and n.measure == listed[0].measure and n.stated.passage < listed[0].stated.passage
    )  # fmt: skip


def _of_outlay_before(prose: Prose, listed: Sequence[Number]) -> bool:
    """Whether classes make up an outlay told before them, as fine: 一般公共预算支出8896.58万元。按功能分类：…"""
    added, step = total_range([n.range for n in listed]), max(n.step for n in listed)
    outlays = (n for n in prose.numbers if n.measure == listed[0].measure and _place(n) < _place(listed[0]))
    return any("支出" in n.stated.subject and n.step <= step and n.range.meets(added) for n in outlays)


def _wholes_before(prose: Prose, listed: Sequence[Number]) -> list[Number]:
    """What a list may be of: the amount that it is told to be a part of, else those of the two paragraphs before."""
    first = listed[0]
    found = [n for above in prose.ancestors(first.stated.mention) for n in prose.of(above, first.measure)]
    if not found:
        return []
    near = [
        n
        for n in prose.numbers
        if n.measure == first.measure and n.is_money and n not in listed
        and 0 <= first.stated.passage - n.stated.passage <= 2
    ]  # fmt: skip
    return [*found, *near]
