"""Parts against their whole: amounts, changes, counts, and what follows from them (last year's, the budget's)."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Issue, Range, total_range
from juesuan.checker.rules.prose.model.found import amount, issue
from juesuan.checker.rules.prose.model.ledger import Known, known_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.checker.rules.prose.sums.classified import Found, listed_by_class
from juesuan.checker.rules.prose.sums.slips import with_another_unit, with_exchanged_digits
from juesuan.checker.rules.prose.sums.told import stated_wholes
from juesuan.statute import load_lexicon
from juesuan.statute.language import Composition, load_prose_rules

ONE_WAN = Decimal(10000)

MOST_TRIED = 64
"""So many combinations of differing statements are tried before the parts count as undecided."""


def check_compositions(prose: Prose) -> Iterator[Issue]:
    """Parts that do not make up their whole: Z111 amounts, Z112 changes, Z113 derived amounts, Z114 counts."""
    seen: set[tuple[Number, ...]] = set()
    every = (_declared(prose), stated_wholes(prose), listed_by_class(prose), with_exchanged_digits(prose),
             with_another_unit(prose))
    for finding, blamed in itertools.chain.from_iterable(every):
        if not any(set(blamed) <= set(other) or set(other) <= set(blamed) for other in seen):
            seen.add(blamed)
            yield finding


# Wholes that are declared


class _Sum(msgspec.Struct, frozen=True):
    """A whole and its parts as one reading has them."""

    whole: Known
    parts: tuple[Known, ...]

    @property
    def gap(self) -> Range:
        return self.whole.range - total_range([part.range for part in self.parts])

    @property
    def numbers(self) -> tuple[Number, ...]:
        return (*self.whole.numbers, *(n for part in self.parts for n in part.numbers))


def _declared(prose: Prose) -> Iterator[Found]:
    for composition in load_prose_rules().compositions:
        for group in _groups(prose, composition):
            for entry in sorted({entry for values in group.values() for entry in values}, key=_stated_first):
                yield from _entry(prose, composition, entry, group)


Values = dict[str, dict[str, list[Known]]]
"""Subject, entry of the ledger, and what the text tells of it."""


def _groups(prose: Prose, composition: Composition) -> Iterator[Values]:
    """The values of whole and parts that speak of one thing: of the whole document, or of one mention of the whole."""
    if composition.unique:
        found: Values = defaultdict(lambda: defaultdict(list))
        for subject in filter(None, (composition.whole, *composition.parts, composition.unless)):
            for number in prose.subjects.get(subject, ()):
                above = prose.mentions.get(number.stated.within)
                if above and above[0].stated.subject in composition.parts and subject in composition.parts:
                    # (1)国内接待费，其中：外事接待费: told as a part of another part, beside it it does not count.
                    continue
                if prose.mentions[number.stated.mention][0] is number:
                    _gather(prose, number.stated.mention, found[subject])
        for child, subject in _others_within(prose, composition.whole):
            _gather(prose, child, found[subject])
        if composition.whole in found:
            yield found
        return
    if composition.related:
        yield from _related(prose, composition)
        return
    for whole in dict.fromkeys(n.stated.mention for n in prose.subjects.get(composition.whole, ())):
        found = defaultdict(lambda: defaultdict(list))
        _gather(prose, whole, found[composition.whole])
        children = [*prose.children.get(whole, ()), *_told_again(prose, whole), *_sharing(prose, composition, whole)]
        children += _continued(prose, composition, children)
        for child in dict.fromkeys(children):
            _gather(prose, child, found[prose.subject_of(child)])
        if any(part in found for part in composition.parts):
            yield found


def _told_again(prose: Prose, whole: int) -> Iterator[int]:
    """Parts of the same subject as told before, in the sentence that tells of it again: 支出预算减少5万元，主要是…."""
    first = prose.mentions[whole][0].stated
    for number in prose.passages.get(first.passage, ()):
        above, own = prose.mentions.get(number.stated.within), number.stated
        behind = own.sentence == first.sentence and own.start > first.start and own.within != whole
        earlier = above is not None and above[0].stated.sentence != first.sentence
        if behind and earlier and prose.subject_of(own.within) == first.subject:
            yield own.mention


def _continued(prose: Prose, composition: Composition, children: Sequence[int]) -> list[int]:
    """The part that begins the paragraph after the one with the others: 其中：人员经费752万元。/ 公用经费31万元。"""
    told = {prose.subject_of(child) for child in children} & set(composition.parts)
    if not told:
        return []
    last = max(n.stated.passage for child in children for n in prose.mentions.get(child, ())[:1])
    following = prose.passages.get(last + 1, ())[:1]
    return [
        n.stated.mention for n in following
        if n.stated.within < 0 and n.measure in LEVELS and n.stated.subject in set(composition.parts) - told
    ]  # fmt: skip


def _others_within(prose: Prose, whole: str) -> Iterator[tuple[int, str]]:
    """What the text tells as a part of a whole that the lexicon does not know as one (其他交通费用 of 公务用车…)."""
    for mention in dict.fromkeys(n.stated.mention for n in prose.subjects.get(whole, ())):
        for child in prose.children.get(mention, ()):
            subject = prose.subject_of(child)
            if subject not in load_lexicon().subjects:
                yield child, subject


def _related(prose: Prose, composition: Composition) -> Iterator[Values]:
    """The values of whole and parts that stand in one sentence, each told there once."""
    for number in prose.subjects.get(composition.whole, ()):
        sentence = number.stated.sentence
        related = [
            n
            for name in (composition.whole, *composition.parts)
            for n in prose.subjects.get(name, ())
            if n.measure == number.measure and n.stated.sentence == sentence and number.measure in LEVELS
        ]
        found: Values = defaultdict(lambda: defaultdict(list))
        for n in related:
            entry = n.measure if n.measure in ("决算", "数量") else "预算"
            found[n.stated.subject][entry].append(Known(n.range, (n,)))
        once = all(len(values) == 1 for each in found.values() for values in each.values())
        if once and len(found) > len(composition.needed()):
            yield found


def _sharing(prose: Prose, composition: Composition, whole: int) -> Iterator[int]:
    """Mentions that are told to be a share of the whole (占基本支出预算79.89%), and the parts told between them.

    Only where the text speaks of the whole once: else it is not certain of which.
    """
    levels = [n for n in prose.subjects[composition.whole] if n.measure in LEVELS]
    if len(_distinct([Known(n.range, (n,)) for n in levels])) != 1:
        return
    shares = [n.stated for n in prose.numbers if n.measure == "占比" and n.stated.base == composition.whole]
    shares = [stated for stated in shares if stated.within < 0 and stated.subject in composition.parts]
    if not shares:
        return
    first, last = shares[0].passage, shares[-1].passage
    for mention, numbers in prose.mentions.items():
        own = numbers[0].stated
        between = own.within < 0 and first <= own.passage <= last
        if between and own.subject in composition.parts and mention != whole:
            yield mention


def _stated_first(entry: str) -> tuple[bool, str]:
    """What texts state before what follows from it, so that one contradiction is reported where it stands."""
    return not entry.startswith(("变动", "决算", "数量")), entry


def _gather(prose: Prose, mention: int, into: dict[str, list[Known]]) -> None:
    for entry, known in known_of(prose, mention):
        into[entry].append(known)
    for number in prose.of(mention, "数量"):
        into["数量"].append(Known(number.range, (number,)))


def _entry(prose: Prose, composition: Composition, entry: str, group: Values) -> Iterator[Found]:
    """One entry (决算, 预算, 上年, a change): every way to choose among differing statements is tried."""
    wholes = _distinct(group[composition.whole].get(entry, []))
    parts = {name: _distinct(group[name].get(entry, [])) for name in composition.parts if name in group}
    parts = {name: values for name, values in parts.items() if values}
    if not wholes or not parts or (composition.unless and group[composition.unless].get(entry)):
        return
    known = {name for each in load_prose_rules().compositions if each.whole == composition.whole for name in each.parts}
    known |= {composition.whole, composition.unless}
    strange = {name for name in group.keys() - known if any(_alike(v, wholes[0]) for v in group[name].get(entry, ()))}
    change = entry.startswith("变动")
    # A part with an amount of its own whose change is not told (购置费17.98万元，上年无此项支出) moves the whole too.
    open_ended = change and any(_has_amount(prose, name) for name in composition.parts if name not in parts)
    complete = all(name in parts for name in composition.needed()) and not strange and not open_ended
    told = [n for values in parts.values() for each in values for n in each.numbers]
    listed = composition.listed and not complete and not strange and len(parts) > 1
    complete = (complete or listed) and not any(_is_cut(prose, n) for n in told)
    derived = not any(known.is_stated for known in wholes) or any(
        not any(known.is_stated for known in values) for values in parts.values()
    )
    tried = list(itertools.islice(itertools.product(wholes, *parts.values()), MOST_TRIED + 1))
    if len(tried) > MOST_TRIED:
        return
    sums = [_Sum(chosen[0], tuple(chosen[1:])) for chosen in tried]
    # What came to nothing this year has not grown: the whole cannot have grown by more than the others.
    shrinking = change and not complete and not strange and not open_ended and all(
        name in parts or _is_nothing(group.get(name, {})) for name in composition.needed())  # fmt: skip
    wrong = [each for each in sums if not _holds(each, complete=complete, signed=change, shrinking=shrinking)]
    if len(wrong) < len(sums) or _told_apart(prose, composition, entry, wrong):
        return
    if composition.alone and any(part.range.meets(each.whole.range) for each in wrong for part in each.parts):
        return
    best = min(wrong, key=lambda each: abs(each.gap.value))
    code = "Z112" if change else "Z113" if derived else "Z114" if entry == "数量" else "Z111"
    found = _found(prose, composition, best, entry, code, complete)
    short = listed and best.gap.value > 0
    yield (msgspec.structs.replace(found, severity="warning") if short else found), best.numbers


def _alike(one: Known, other: Known) -> bool:
    first, second = one.numbers[0], other.numbers[0]
    return first.is_money == second.is_money and (first.is_money or first.stated.unit == second.stated.unit)


def _told_apart(prose: Prose, composition: Composition, entry: str, sums: Sequence[_Sum]) -> bool:
    """Whether what seems a part of a part is told beside it, so that both make up the whole.

    公务用车及运行维护费251万元、公务用车购置费56万元: the name of the first does not say that it holds the second.
    """
    names = {name for each in load_prose_rules().compositions if each.whole in composition.parts for name in each.parts}
    apart: list[Known] = []
    for name in sorted(names - set(composition.parts)):
        for mention in dict.fromkeys(n.stated.mention for n in prose.subjects.get(name, ())):
            above = prose.parents.get(mention, -1)
            if above < 0 or prose.subject_of(above) == composition.whole:
                apart += [known for of, known in known_of(prose, mention) if of == entry]
    return any((each.gap - known.range).holds_zero() for each in sums for known in apart if known.range.value)


def _is_cut(prose: Prose, number: Number) -> bool:
    """Whether the text ends within the brackets in which a number stands: other parts may have followed."""
    text = prose.text_of(number.stated).replace("（", "(").replace("）", ")")
    opened = text.rfind("(", 0, number.stated.start)
    return opened >= 0 and ")" not in text[opened:]


def _is_nothing(values: Mapping[str, Sequence[Known]]) -> bool:
    """Whether all that the text tells of a part this year is that there was nothing."""
    told = [known for entry in ("决算", "预算") for known in values.get(entry, ()) if known.is_stated]
    return bool(told) and not any(known.range.value for known in told)


def _has_amount(prose: Prose, subject: str) -> bool:
    """Whether the text tells any amount of a subject that is not nothing, in the year of the document."""
    year = prose.account.year
    told = (n for n in prose.subjects.get(subject, ()) if n.stated.year in (0, year))
    return any(n.measure in ("决算", "预算") and n.value for n in told)


def _holds(each: _Sum, *, complete: bool, signed: bool, shrinking: bool = False) -> bool:
    """Whether the parts can make up the whole; parts that are not all told may come to less."""
    gap = each.gap
    if complete:
        return gap.holds_zero()
    if shrinking:
        # The wrong word of direction is a finding of its own.
        added = total_range([part.range for part in each.parts])
        return gap.low <= 0 or (each.whole.range + added).holds_zero()
    return signed or gap.high >= 0


def _distinct(values: Sequence[Known]) -> list[Known]:
    """Each value once, what the text states before what only follows from it; a finer statement covers a coarser."""
    found: list[Known] = []
    for known in sorted(values, key=lambda k: (not k.is_stated, k.range.high - k.range.low)):
        if not any(known.range.meets(other.range) for other in found):
            found.append(known)
    return found


def _found(prose: Prose, composition: Composition, sum_: _Sum, entry: str, code: str, complete: bool) -> Issue:
    whole, parts = sum_.whole, sum_.parts
    like = min((n for n in sum_.numbers if n.measure not in ("变动率", "完成率")), key=lambda n: n.step or ONE_WAN)
    added, stated = amount(total_range([p.range for p in parts]).value, like), amount(whole.range.value, like)
    gap = amount(abs(sum_.gap.value), like)
    names = "、".join(f"{part.numbers[0].stated.subject}{amount(part.range.value, like)}" for part in parts)
    what = _what(entry)
    derived = "（由本年数和变动推得）" if not whole.is_stated else ""
    tail = f"各部分（{names}）之和为{added}，相差{gap}。"
    if not complete:
        tail = f"只列出的部分（{names}）之和就有{added}，多出{gap}。"
        if sum_.gap.value > 0:
            tail = f"列出的部分（{names}）之和为{added}，相差{gap}；没有列出的部分本年没有发生，不会使它增加。"
    message = f"{composition.whole}{what}{derived}为{stated}，{tail}"
    severity = composition.severity
    if composition.whole in load_prose_rules().explained or _mixed_bases(sum_):
        severity = "warning"
    return issue(
        prose, code, message, sum_.numbers, stated=stated, expected=added, difference=gap,
        equation=f"{composition.whole}={'+'.join(p.numbers[0].stated.subject for p in parts)}",
        severity=severity,
    )  # fmt: skip


def _what(entry: str) -> str:
    if entry in ("决算", "预算", "数量"):
        return entry
    if entry.startswith("变动·"):
        return f"与{entry.removeprefix('变动·').rstrip('0123456789')}比的变动"
    return f"{entry.rstrip('0123456789')}数"


def _mixed_bases(sum_: _Sum) -> bool:
    """Whether one of the figures follows from a rate: then the former amount is only known roughly."""
    return any(n.measure == "变动率" for n in sum_.numbers)
