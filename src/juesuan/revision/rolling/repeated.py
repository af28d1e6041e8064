"""A sentence told of several lines or columns one after another: the pieces that are new, and that are no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import Source
from juesuan.revision.rolling.figures import Sentences
from juesuan.revision.rolling.occurrences import Occurrence
from juesuan.revision.rolling.wording import Doubt, Put, Rewording
from juesuan.statute import parse_place
from juesuan.statute.language import Measured, compact


def pieces(
    group: Sequence[Occurrence], source: Source, text: str, wording: Rewording, new: Sentences, old: Sentences
) -> Iterator[Put | Doubt]:
    """The changes of the pieces of one clause in one paragraph, in the order they stand in."""
    key = group[0].statement.clause
    wanted = _wanted(key, new)
    before = _wanted(key, old)
    printed = [(each.statement.row, each.statement.column) for each in group]
    all_printed = any(place not in before for place in printed)
    """Whether the document also tells of lines that have nothing."""
    staying = [
        each for each, place in zip(group, printed, strict=True) if place in wanted or all_printed or not before
    ]
    if not staying:
        for each in group:
            yield Doubt(each.start, each.end, "今年没有这一项，请改写整句")
        return
    _, clause = new.clauses[key]
    join = text[group[0].end : group[1].start] if len(group) > 1 else clause.join or "；"
    for index, each in enumerate(group):
        if each in staying:
            yield from wording.reworded(each, source, text)
        elif index + 1 < len(group):
            yield Put(each.start, group[index + 1].start, "")
        else:
            last = next(other for other in reversed(group[:index]) if other in staying)
            yield Put(last.end, each.end, "")
    for place in wanted:
        if place not in printed:
            ahead = [
                each
                for each, at in zip(group, printed, strict=True)
                if each in staying and _order(at, wanted) < _order(place, wanted)
            ]
            anchor = ahead[-1] if ahead else staying[0]
            made = _like(anchor, place, source, text, wording, new)
            if made is None:
                yield Doubt(anchor.start, anchor.end, "今年新有的一项没有写入，请补写")
            elif ahead:
                yield Put(anchor.end, anchor.end, join + made)
            else:
                yield Put(anchor.start, anchor.start, made + join)


def _wanted(key: str, sentences: Sentences) -> list[tuple[str, str]]:
    """The lines or columns that the law has the clause tell of."""
    plan, clause = sentences.clauses[key]
    found = []
    outer: dict[str, Measured] = {}
    for name, quantity in plan.let.items():
        outer[name] = sentences.measurer.quantity(quantity, outer)
    for row, column in sentences.measurer.loop(clause.each, clause.skip):
        names = dict(outer)
        for name, quantity in clause.let.items():
            names[name] = sentences.measurer.quantity(quantity, names, row, column)
        if sentences.measurer.holds(clause.where, names):
            found.append((row or "", column or ""))
    return found


def _order(place: tuple[str, str], wanted: Sequence[tuple[str, str]]) -> int:
    return list(wanted).index(place) if place in wanted else -1


def _like(
    model: Occurrence, place: tuple[str, str], source: Source, text: str, wording: Rewording, new: Sentences
) -> str | None:
    """The piece of one line or column, worded as that of another; None where its name is not found in it."""
    said = model.statement
    puts = [put for put in wording.reworded(model, source, text, *place) if isinstance(put, Put)]
    old, now = (_label(said.clause, *each, new) for each in ((said.row, said.column), place))
    at = text.find(compact(old), model.start, model.end) if old else -1
    if at < 0 or not now:
        return None
    puts = [*puts, Put(at, at + len(compact(old)), now)]
    made = text[model.start : model.end]
    for put in sorted(puts, key=lambda each: each.start, reverse=True):
        if model.start <= put.start and put.end <= model.end:
            made = made[: put.start - model.start] + put.text + made[put.end - model.start :]
    return made


def _label(key: str, row: str, column: str, new: Sentences) -> str:
    _, clause = new.clauses[key]
    form = new.statute.forms[parse_place(clause.each).form or ""]
    if column:
        return form.columns[column].label if column in form.columns else ""
    return new.statute.name_of(form, row)

