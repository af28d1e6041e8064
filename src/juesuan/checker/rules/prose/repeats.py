"""The same figure told twice in different values, and what is told to be nothing and has an amount."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import Issue, Severity, spaceless
from juesuan.checker.rules.prose.model.found import issue, name_of
from juesuan.checker.rules.prose.model.numbers import Number, Prose, is_word, slipped
from juesuan.statute import load_lexicon
from juesuan.statute.language import NUMBER, expression, load_prose_rules, unique_subjects

_QUOTES = re.compile(r"[\s“”\"‘’]")
_FIGURE = re.compile(NUMBER)
_LEAST_OF_A_NAME = 3
"""So many signs before the name of a line, besides filling words, make another name of it."""
_TWINS = 2
"""So many other names of two lists have the same amounts, or the lists are not of the same."""
_LEAST_IN_LINE = 5
"""A line of so many numbers is one of a table."""
_ECONOMIC = re.compile(r"(?<!\d)30[1-9]\d{2}(?![\d.])")
"""The code of an item of the economic classification: a copied line of the table of basic outlay."""
_YEAR = re.compile(r"20\d{2}年度?")
MEASURES = ("决算", "预算", "年初预算", "全年预算")
_EMPTY = "为是共计合总汇数额支出"


def check_repeats(prose: Prose) -> Iterator[Issue]:
    """Z151: the same figure twice in different values; Z134: told to be nothing, and an amount."""
    for subject, numbers in prose.subjects.items():
        levels = [n for n in numbers if n.is_money and n.measure in MEASURES]
        yield from _in_a_paragraph(prose, levels)
        if subject in unique_subjects():
            # The lists of a statement; beside the tables of a whole disclosure a list may be of anything.
            lists = prose.cells if len(prose.account.tables) <= 1 else []
            cells = [n for n in lists if n.stated.subject == subject and n.measure in MEASURES and n.is_money]
            yield from _in_the_document(prose, [*levels, *cells])
            yield from _changes_twice(prose, numbers)
    yield from _in_twin_lists(prose)


def _key(number: Number) -> tuple[str, int, str]:
    return number.measure, number.stated.year, number.stated.fund


def _in_a_paragraph(prose: Prose, levels: Sequence[Number]) -> Iterator[Issue]:
    """Two amounts of one item in one paragraph, as “350.35万元，主要用于……2024年预算安排352.67万元”; one and none."""
    first: dict[tuple[object, ...], Number] = {}
    for number in levels:
        known = first.setdefault((*_key(number), number.stated.passage), number)
        if known is not number and _denied(prose, known, number):
            message = f"写的是“{number.text}”，前面{name_of(known)}为{known.text}。"
            yield issue(
                prose, "Z134", message, (number, known), stated=number.text, expected=known.text, severity="warning"
            )
        elif known is not number and _denied(prose, number, known):
            message = f"前面写的是“{known.text}”，后面{name_of(number)}为{number.text}。"
            yield issue(
                prose, "Z134", message, (number, known), stated=number.text, expected=known.text, severity="warning"
            )
        elif known is not number and not _agree(known, number) and _repeats(prose, number):
            yield _differ(prose, known, number, severity="warning" if known.range.meets(number.range) else None)


def _denied(prose: Prose, known: Number, number: Number) -> bool:
    """Whether what has an amount is said not to have been, in a sentence of its own and of nobody else."""
    apart = known.stated.sentence != number.stated.sentence and not is_word(known)
    return apart and is_word(number) and not number.value and bool(known.value) and not owner_of(prose, number)


def _agree(one: Number, other: Number) -> bool:
    """Whether two amounts can be one: printed as finely as each other they are equal, else within rounding."""
    if one.step and one.step == other.step:
        return one.value == other.value
    return one.range.meets(other.range)


def _repeats(prose: Prose, number: Number) -> bool:
    """Whether nothing but year and measure stand before an amount: it is of what the paragraph is about."""
    before = prose.text_of(number.stated)[: number.stated.start]
    clause = re.split("[，,。；;：:、（(]", before)[-1]
    return expression(load_prose_rules().repeated).fullmatch(spaceless(clause)) is not None


def _same_words(prose: Prose, one: Number, other: Number) -> bool:
    """Whether two sentences of a paragraph name the same thing: nothing but measure and funds may differ."""
    if one.stated.within >= 0 or other.stated.within >= 0 or one.stated.sentence == other.stated.sentence:
        return False
    return owner_of(prose, one) == owner_of(prose, other)


def owner_of(prose: Prose, number: Number) -> str:
    """Whose amount a number is, by the clause before it: what is left of it without year, subject and measure."""
    before = prose.text_of(number.stated)[: number.stated.start]
    clause = _QUOTES.sub("", re.split("[，,。；;：:、（(）)]", before)[-1])
    for start, end, word in reversed(list(load_lexicon().find(clause))):
        if word.category in ("subject", "measure", "scope"):
            clause = clause[:start] + clause[end:]
    return "".join(sign for sign in _YEAR.sub("", clause) if sign not in _EMPTY)


def ends_longer_name(prose: Prose, number: Number) -> bool:
    """Whether the name of a line of 三公 ends a longer one (离线存储介质购置费), of what the line is not."""
    if number.stated.subject not in unique_subjects() or is_word(number):
        return False
    owner = owner_of(prose, number)
    for word in sorted((prose.account.unit.name, *load_lexicon().fillers), key=len, reverse=True):
        owner = owner.replace(word, "") if word else owner
    return len(re.findall("[\u4e00-\u9fff]", owner)) >= _LEAST_OF_A_NAME


def _in_the_document(prose: Prose, levels: Sequence[Number]) -> Iterator[Issue]:
    """Amounts of 三公 items: every paragraph speaks of the same."""
    first: dict[tuple[str, int], Number] = {}
    reported: set[tuple[Decimal, Decimal]] = set()
    shares = load_prose_rules().shares_of_outlay
    for number in levels:
        if prose.subject_of(number.stated.within) in shares or _ECONOMIC.search(prose.text_of(number.stated)):
            continue
        if number.stated.subject in load_prose_rules().short_named and ends_longer_name(prose, number):
            continue
        key = (number.measure, number.stated.year)
        known = first.setdefault(key, number)
        here = known.stated.passage == number.stated.passage and not (is_word(known) or is_word(number))
        here = here and not _same_words(prose, known, number)
        if known is number or _agree(known, number) or here:
            continue
        if (known.value, number.value) in reported or not _same_fund(prose, known, number):
            continue
        if _in_line_of(prose, known, number) or _in_line_of(prose, number, known):
            continue
        reported.add((known.value, number.value))
        nothing = next((n for n in (known, number) if is_word(n)), None)
        if nothing is not None:
            other = number if nothing is known else known
            message = f"写的是“{nothing.text}”，另一处{name_of(other)}为{other.text}。"
            yield issue(prose, "Z134", message, (nothing, other), stated=nothing.text, expected=other.text)
        else:
            yield _differ(prose, known, number, severity="warning")


def _in_twin_lists(prose: Prose) -> Iterator[Issue]:
    """One project of two paragraphs that list the same projects, all others with the same amounts.

    其中：委托费418.80万元，业务费10.00万元，维护费166.66万元 beside another paragraph with 423.00, 10 and 166.66.
    """
    lists: dict[int, dict[tuple[object, ...], Number]] = {}
    for subject, numbers in prose.subjects.items():
        for number in numbers:
            free = number.is_money and number.measure in MEASURES and subject not in load_lexicon().subjects
            if free and not number.stated.address:
                lists.setdefault(number.stated.passage, {}).setdefault((subject, *_key(number)), number)
    long = sorted(passage for passage, names in lists.items() if len(names) > _TWINS)
    for one, other in itertools.combinations(long, 2):
        both = lists[one].keys() & lists[other].keys()
        wrong = [key for key in both if not _agree(lists[one][key], lists[other][key])]
        values = {lists[one][key].value for key in both if key not in wrong}
        if len(wrong) == 1 and len(values - {Decimal(0)}) >= _TWINS:
            yield _differ(prose, lists[one][wrong[0]], lists[other][wrong[0]], severity="warning")


def _in_line_of(prose: Prose, cell: Number, other: Number) -> bool:
    """Whether the copied line of a number has the other one too: blanks are lost, its column is not sure."""
    text = prose.text_of(cell.stated)
    figures = [] if re.search("[，。；]", text) else _FIGURE.findall(text)
    own = _FIGURE.search(other.stated.text)
    return len(figures) >= _LEAST_IN_LINE and own is not None and own[0] in figures and not is_word(other)


def _changes_twice(prose: Prose, numbers: Sequence[Number]) -> Iterator[Issue]:
    """Two changes of one item against one base, in different paragraphs: 较2020年减少166万元, 较2020年增加43万元."""
    first: dict[tuple[str, int, str], Number] = {}
    for number in numbers:
        own = number.stated
        if number.measure != "变动额" or own.unchosen or not number.is_money or not prose.levels(own.mention, "决算"):
            continue
        known = first.setdefault((own.base, own.year, own.fund), number)
        if known.stated.passage == own.passage or known.range.meets(number.range):
            continue
        if own.base_year not in (0, known.stated.base_year) and known.stated.base_year:
            continue
        if abs(known.range).meets(abs(number.range)):
            # The wrong word of direction is a finding of its own.
            continue
        yield _differ(prose, known, number, severity="warning")
        return


def _same_fund(prose: Prose, one: Number, other: Number) -> bool:
    """Whether two amounts may be of the same money: a sentence need not name it, the columns of a table do."""
    if one.stated.fund == other.stated.fund:
        return True
    if any(is_word(number) and number.stated.fund for number in (one, other)):
        # 无政府性基金预算安排的“三公”经费支出 says nothing of those that other funds pay.
        return False
    named = one if one.stated.fund else other
    return not (one.stated.fund and other.stated.fund) and not _is_cell(prose, named)


def _is_cell(prose: Prose, number: Number) -> bool:
    """Whether a number is a cell of a copied table: nothing stands beside it, or bars do."""
    text = prose.text_of(number.stated).strip()
    return not text or "|" in text or text == number.stated.text.strip()


def _differ(prose: Prose, known: Number, number: Number, severity: Severity | None = None) -> Issue:
    same = slipped(known.value, number.value, known.step) or slipped(number.value, known.value, number.step)
    hint = "；数字相同，单位写错了" if same else ""
    message = f"{name_of(known)}前面写{known.text}，后面写{number.text}{hint}。"
    return issue(
        prose, "Z151", message, (number, known), stated=number.text, expected=known.text,
        severity=severity,
    )
