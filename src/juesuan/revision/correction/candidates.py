"""What a finding asks for, as changes of the text: every place where the wrong figure or word may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Account, Issue, Source
from juesuan.revision.numbers import PrintedNumber, numbers_in, quantity
from juesuan.revision.texts import USUAL_DECIMALS, Texts
from juesuan.statute import Statute, load_lexicon
from juesuan.statute.language import compact, load_revision_words
from juesuan.statute.register import text_of

AGREEING = 3
"""So many figures of a sentence outweigh its word."""


class Change(msgspec.Struct, frozen=True):
    """What stands from `start` to `end` of a paragraph is to read `text`; `part` counts the paragraphs of a cell."""

    source: Source
    part: int
    start: int
    end: int
    text: str
    before: str = ""
    finer: str = ""
    """The same with more decimals, where `text` may be too coarse."""


def alternatives(finding: Issue, account: Account, statute: Statute, texts: Texts) -> list[Change]:
    """The changes of which one would mend what is found; none where what is right is not known.

    The first place of a finding is the figure or sentence that is blamed.
    """
    if not finding.places or (finding.severity == "notice" and not finding.stated):
        return []
    source = finding.places[0]
    found: list[Change] = []
    clauses = {clause.key for _, clause in statute.clauses()}
    for part, text in enumerate(texts.of(source)):
        if finding.stated and finding.expected:
            found += _of_number(finding, source, part, text, texts)
            if not found and quantity(finding.expected) is None:
                found += _of_words(finding, source, part, text)
        if finding.code in clauses and (not finding.stated or finding.stated.endswith("%")):
            # A rate that does not follow may stand beside the wrong word.
            found += _of_direction(finding, account, source, part, text)
    return found


def _of_number(finding: Issue, source: Source, part: int, text: str, texts: Texts) -> Iterator[Change]:
    stated, expected = quantity(finding.stated), quantity(finding.expected)
    if stated is None or expected is None:
        return
    in_cell = bool(source.cell)
    for number in _in_sentence(finding, text, [n for n in numbers_in(text) if _same(n, stated, in_cell)]):
        scale = load_lexicon().scale(number.unit) if number.unit else _scale(number, stated)
        value = expected.base / scale
        if not in_cell and number.value >= 0:
            value = abs(value)
        style = texts.style(source, number.unit)
        put, finer = style.printed(value), ""
        if number.unit in load_lexicon().rates and number.decimals:
            # A rate is as precise as its sentence has it: the amounts that it follows from may not give more.
            put = msgspec.structs.replace(style, decimals=number.decimals).printed(value)
            finer = msgspec.structs.replace(style, decimals=max(style.decimals, USUAL_DECIMALS)).printed(value)
        if put != number.text:
            yield Change(source, part, number.start, number.end, put, number.text, finer)


def _same(number: PrintedNumber, stated: PrintedNumber, in_cell: bool) -> bool:
    if in_cell and not number.unit:
        return any(number.value * scale == stated.base for scale in _scales(stated))
    if bool(number.unit) != bool(stated.unit):
        return stated.unit == "" and abs(number.value) == abs(stated.value)
    return abs(number.base) == abs(stated.base)


def _scales(stated: PrintedNumber) -> Sequence[Decimal]:
    lexicon = load_lexicon()
    return tuple(lexicon.money.values()) if stated.unit in lexicon.money else (lexicon.scale(stated.unit),)


def _scale(number: PrintedNumber, stated: PrintedNumber) -> Decimal:
    """What one of a cell's number is in base units; that of the unit stated where the cell prints nothing but zero."""
    own = load_lexicon().scale(stated.unit)
    if number.value * own == stated.base:
        return own
    return next((scale for scale in _scales(stated) if number.value * scale == stated.base), own)


def _in_sentence(finding: Issue, text: str, numbers: Sequence[PrintedNumber]) -> Sequence[PrintedNumber]:
    """Of several places with the number stated those in the sentence that the message quotes, where it quotes one."""
    if len(numbers) < 2:
        return numbers
    _, _, rest = finding.message.partition("“")
    quoted = compact(rest.partition("”")[0]).rstrip("…")
    start = text.find(quoted) if quoted else -1
    if start < 0:
        return numbers
    inside = [number for number in numbers if number.start >= start]
    return inside or numbers


def _of_words(finding: Issue, source: Source, part: int, text: str) -> Iterator[Change]:
    stated = compact(finding.stated)
    start = text.find(stated)
    while start >= 0:
        yield Change(source, part, start, start + len(stated), finding.expected.strip(), stated)
        start = text.find(stated, start + len(stated))


def _of_direction(finding: Issue, account: Account, source: Source, part: int, text: str) -> Iterator[Change]:
    """The words of the sentence that say a direction, each turned round."""
    words = load_revision_words()
    for statement in account.statements:
        if statement.clause != finding.code or statement.source != source:
            continue
        start = text.find(statement.text)
        if start < 0:
            continue
        for match in words.directions().finditer(text, start, start + len(statement.text)):
            yield Change(source, part, *match.span(), words.opposite(match[0]), match[0])


def fixable(finding: Issue, account: Account, statute: Statute, *, unsafe: bool) -> bool:
    """Whether the register lets a program correct what is found; `unsafe` where a person will agree.

    What rests on figures that only the prose states is not safe, for any of them may be the wrong one; but a word that
    contradicts all figures of its sentence is.
    """
    allowed = text_of(finding, statute).fix
    if unsafe or allowed != "safe":
        return unsafe and bool(allowed)
    if all(operand.source is None or operand.source.cell for operand in finding.operands):
        return True
    figures = [len(s.claims) for s in account.statements if s.clause == finding.code and s.source == finding.place]
    return not finding.stated and max(figures, default=0) >= AGREEING
