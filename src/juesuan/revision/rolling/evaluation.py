"""The self-evaluation forms and the forms of goals, and what the prose tells of projects, with this year's figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import (
    ZERO,
    Account,
    Figure,
    Indicator,
    PerformanceGoals,
    PerformanceSheet,
    Source,
    bare_text,
    plain,
)
from juesuan.revision.docx import DocxFile, Edit
from juesuan.revision.numbers import PrintedNumber, numbers_in
from juesuan.revision.rolling.progress import Progress
from juesuan.revision.rolling.wording import Put
from juesuan.revision.texts import Texts
from juesuan.statute import load_evaluation, load_lexicon
from juesuan.statute.language import compact, load_revision_words

AMOUNTS = ("budget", "outlay", "basic", "project", "initial", "execution_score", "score", "stated_rate")
"""The fields of a form that are one number in a place of their own."""

SCORES = ("execution_score", "score")
"""Those of them that are points."""

_POINTS = re.compile(r"\d+(?:\.\d+)?(?:分(?=[）)×x*])|(?=×))")
_DATE = re.compile(r"20\d{2}年\d{1,2}月\d{1,2}日")


def matched(last: Account, account: Account) -> Iterator[tuple[PerformanceSheet, PerformanceSheet | None]]:
    """Last year's forms, each with this year's of the same thing."""
    for old in last.sheets:
        same = [
            new
            for new in account.sheets
            if new.kind == old.kind and (old.kind == "整体" or bare_text(new.title) == bare_text(old.title))
        ]
        yield old, same[0] if len(same) == 1 else None


def evaluation_edits(
    file: DocxFile, texts: Texts, last: Account, account: Account, progress: Progress
) -> Iterator[Edit]:
    """The edits of the forms; numbers of forms that this year has not are left with the reason."""
    for old, new in matched(last, account):
        sheets = {source.sheet for _, source in old.places if source.sheet}
        if new is None:
            for source, paragraphs in texts.texts.items():
                if source.sheet in sheets and source.cell:
                    for part, text in enumerate(paragraphs):
                        progress.doubt(source, part, 0, len(text), f"今年的数里没有“{old.title}”的自评表")
            continue
        yield from _fields(file, texts, old, new, progress)
        yield from _rates(file, texts, old, new, progress)
        yield from _indicators(file, texts, old, new, sheets, progress)
        _settle_points(texts, old, new, sheets, progress)


def _fields(
    file: DocxFile, texts: Texts, old: PerformanceSheet, new: PerformanceSheet, progress: Progress
) -> Iterator[Edit]:
    for field, source in old.places:
        places = file.index.places.get(source, ())
        if field == "date" and new.date and places:
            text = texts.of(source)[0]
            match = _DATE.search(text)
            if match:
                year, month, day = (int(part) for part in new.date.split("-"))
                progress.settle(source, 0, *match.span(), "更新")
                yield Edit(places[0], *match.span(), f"{year}年{month}月{day}日")
        if field not in AMOUNTS or not source.cell or not places:
            continue
        before, after = _printed_value(old, field), _value(new, field)
        if before is None or after is None:
            continue
        for part, text in enumerate(texts.of(source)):
            for number in numbers_in(text):
                scale = _scale(number, before)
                if scale is None:
                    continue
                printed = texts.style(source, number.unit).printed(after / scale)
                if field in SCORES:
                    printed = _points(after / scale, number)
                elif number.decimals and "." in number.text:
                    printed = f"{after / scale:.{number.decimals}f}" if number.text.endswith("0") else printed
                progress.settle(source, part, number.start, number.end, "更新")
                yield Edit(places[part], number.start, number.end, printed)
                break


def _points(value: Decimal, like: PrintedNumber) -> str:
    """A score in full, for it is a sum that is checked; with the zeros that last year's had."""
    needed = len(plain(value).partition(".")[2])
    return f"{value:.{max(needed, like.decimals if like.text.endswith('0') else 0)}f}"


def _rates(
    file: DocxFile, texts: Texts, old: PerformanceSheet, new: PerformanceSheet, progress: Progress
) -> Iterator[Edit]:
    """Execution rates that stand in the line of the money without being read: those that follow from it."""
    outlay = old.place("outlay")
    before, after = _value(old, "stated_rate"), _value(new, "stated_rate")
    if outlay is None or before is None or after is None or old.stated_rate is not None:
        return
    for source, paragraphs in texts.texts.items():
        if source.sheet != outlay.sheet or not source.cell or _row(source) != _row(outlay):
            continue
        for part, text in enumerate(paragraphs):
            number = next(numbers_in(text), None)
            if number is None or number.unit != "%" or not _is_rate(old, number):
                continue
            progress.settle(source, part, number.start, number.end, "更新")
            printed = f"{after * 100:.{number.decimals}f}"
            yield Edit(file.index.places[source][part], number.start, number.end, printed)


def _is_rate(sheet: PerformanceSheet, number: PrintedNumber) -> bool:
    """Whether a number may be the execution rate of the amounts that the form prints, rounded as they are."""
    if not sheet.budget.low > 0:
        return False
    half = Decimal("0.01").scaleb(-number.decimals) / 2
    least, most = sheet.outlay.low / sheet.budget.high, sheet.outlay.high / sheet.budget.low
    return least - half <= number.base <= most + half


def _printed_value(sheet: PerformanceSheet, field: str) -> Decimal | None:
    """What last year's form states, which need not be what follows from its rounded amounts."""
    return sheet.stated_rate.value if field == "stated_rate" and sheet.stated_rate else _value(sheet, field)


def _value(sheet: PerformanceSheet, field: str) -> Decimal | None:
    if field == "stated_rate":
        return sheet.outlay.value / sheet.budget.value if sheet.budget.value else None
    found = getattr(sheet, field)
    return found.value if isinstance(found, Figure) else found


def _scale(number: PrintedNumber, value: Decimal) -> Decimal | None:
    """In what a number is printed that stands for `value`: yuan, 万元, per cent, points; None where it is another."""
    lexicon = load_lexicon()
    scales = [lexicon.scale(number.unit)] if number.unit else [Decimal(1), Decimal(10000), Decimal("0.01")]
    step = Decimal(1).scaleb(-number.decimals)
    return next((scale for scale in scales if abs(number.value - value / scale) <= step), None)


def _indicators(
    file: DocxFile,
    texts: Texts,
    old: PerformanceSheet,
    new: PerformanceSheet,
    sheets: set[str],
    progress: Progress,
) -> Iterator[Edit]:
    by_name = {bare_text(each.name): each for each in new.indicators}
    for before in old.indicators:
        after = by_name.get(bare_text(before.name))
        if after is None or before.source is None or not before.source.cell:
            continue
        row = _row(before.source)
        cells = sorted(
            (source for source in texts.texts if source.sheet in sheets and source.cell and _row(source) == row),
            key=lambda source: (len(source.cell), source.cell),
        )
        yield from _along(file, texts, cells, before, after, progress)


def _along(
    file: DocxFile,
    texts: Texts,
    cells: Sequence[Source],
    before: Indicator,
    after: Indicator,
    progress: Progress,
) -> Iterator[Edit]:
    """Target, actual value and score, which stand in this order in the line of an indicator."""
    wanted = [(before.target, after.target), (before.actual, after.actual)]
    if before.score is not None and after.score is not None:
        wanted.append((plain(before.score), plain(after.score)))
    yield from _in_turn(file, texts, cells, wanted, progress)


def _in_turn(
    file: DocxFile, texts: Texts, cells: Sequence[Source], wanted: list[tuple[str, str]], progress: Progress
) -> Iterator[Edit]:
    """Of values that stand in a line one after another, each with what it is to be."""
    for source in cells:
        places = file.index.places.get(source, ())
        text = "".join(texts.of(source))
        if not wanted or len(places) != 1 or not text:
            continue
        old, new = wanted[0]
        number = next(numbers_in(text), None)
        same = compact(old) == text or (number is not None and number.text == text and plain(number.value) == old)
        if not same:
            continue
        wanted.pop(0)
        if number is not None and number.text == text and number.decimals and new:
            new = f"{Decimal(new):.{number.decimals}f}"
        progress.settle(source, 0, 0, len(text), "更新")
        if compact(new) != text:
            yield Edit(places[0], 0, len(text), new)


def matched_goals(last: Account, account: Account) -> Iterator[tuple[PerformanceGoals, PerformanceGoals | None]]:
    """Last year's forms of goals, each with this year's of the same thing."""
    for old in last.goals:
        same = [
            new
            for new in account.goals
            if new.kind == old.kind and (old.kind == "整体" or bare_text(new.title) == bare_text(old.title))
        ]
        yield old, same[0] if len(same) == 1 else None


def goal_edits(
    file: DocxFile,
    texts: Texts,
    last: Account,
    account: Account,
    progress: Progress,
    problems: list[tuple[Source, str]],
) -> Iterator[Edit]:
    """The edits of the forms of goals of a budget; `problems` gets what of this year has no line in them."""
    for old, new in matched_goals(last, account):
        table = old.source.sheet if old.source else ""
        cells = sorted(
            (source for source in texts.texts if table and source.sheet == table and source.cell),
            key=lambda source: (_row(source), len(source.cell), source.cell),
        )
        if new is None:
            for source in cells:
                for part, text in enumerate(texts.of(source)):
                    progress.doubt(source, part, 0, len(text), f"今年的数里没有“{old.title}”的绩效目标表")
            continue
        yield from _goal_money(file, texts, cells, old, new, progress)
        yield from _goal_texts(file, texts, cells, old, new, progress)
        by_name = {bare_text(each.name): each for each in new.indicators}
        for before in old.indicators:
            after = by_name.pop(bare_text(before.name), None)
            row = _row(before.source) if before.source else 0
            line = [source for source in cells if _row(source) == row]
            if after is None:
                for source in line:
                    for part, text in enumerate(texts.of(source)):
                        progress.doubt(source, part, 0, len(text), f"今年的绩效目标里没有“{before.name}”")
                continue
            wanted = [(before.target, after.target), (plain(before.weight), plain(after.weight))]
            yield from _in_turn(file, texts, line, wanted, progress)
        place = old.source or Source()
        problems.extend((place, f"“{old.title}”今年新有的指标“{each.name}”没有写入") for each in by_name.values())
        labels = {part.label for part in old.parts}
        added = [part.label for part in new.parts if part.label not in labels]
        problems.extend((place, f"“{old.title}”今年新有的“{label}”没有写入") for label in added)


def _goal_money(
    file: DocxFile,
    texts: Texts,
    cells: Sequence[Source],
    old: PerformanceGoals,
    new: PerformanceGoals,
    progress: Progress,
) -> Iterator[Edit]:
    """The budget of the year and its parts: the amounts behind their labels."""
    after = {part.label: part.budget.value for part in new.parts if part.budget}
    amounts = {part.label: (part.budget.value, after.get(part.label, ZERO)) for part in old.parts if part.budget}
    wholes = [label for each in load_evaluation().goal_forms.sums if each.yearly for label in each.whole]
    amounts |= {label: (old.budget.value, new.budget.value) for label in wholes if label not in amounts}
    label, row = "", 0
    for source in cells:
        text = "".join(texts.of(source)).removeprefix("其中").lstrip(":：")
        if _row(source) != row:
            label, row = "", _row(source)
        if text in amounts:
            label = text
            continue
        number = next(numbers_in(text), None)
        places = file.index.places.get(source, ())
        if not label or number is None or number.start or len(places) != 1:
            continue
        before, value = amounts[label]
        scale = _scale(number, before)
        if scale is not None:
            progress.settle(source, 0, number.start, number.end, "更新")
            yield Edit(places[0], number.start, number.end, texts.style(source, number.unit).printed(value / scale))
        label = ""


def _goal_texts(
    file: DocxFile,
    texts: Texts,
    cells: Sequence[Source],
    old: PerformanceGoals,
    new: PerformanceGoals,
    progress: Progress,
) -> Iterator[Edit]:
    """The goals in words (年度绩效目标), in the paragraphs and with the numbers that last year's stand in."""
    numbered = [compact(f"{number}.{goal}") for number, goal in enumerate(old.goals, 1)]
    printed = {"".join(numbered), "".join(map(compact, old.goals))}
    for source in cells if old.goals else ():
        paragraphs, places = texts.of(source), file.index.places.get(source, ())
        if "".join(paragraphs) not in printed or not places:
            continue
        same = [compact(goal) for goal in old.goals] == [compact(goal) for goal in new.goals]
        why = "绩效目标，今年的相同" if same else ""
        for part, text in enumerate(paragraphs):
            progress.settle(source, part, 0, len(text), "不变" if same else "更新", why)
        if same or not new.goals:
            return
        lines = [f"{number}. {goal}" if len(new.goals) > 1 else goal for number, goal in enumerate(new.goals, 1)]
        if len(paragraphs) == 1:
            yield Edit(places[0], 0, len(paragraphs[0]), "\n".join(lines))
            return
        for part, text in enumerate(paragraphs):
            rest = "\n".join(lines[part:]) if part == len(paragraphs) - 1 else "".join(lines[part : part + 1])
            yield Edit(places[part], 0, len(text), rest)
        return


def _settle_points(
    texts: Texts, old: PerformanceSheet, new: PerformanceSheet, sheets: set[str], progress: Progress
) -> None:
    """The points that a form gives, where they are the same this year."""
    weights = [{bare_text(each.name): each.weight for each in sheet.indicators} for sheet in (old, new)]
    if weights[0] != weights[1]:
        return
    points = {plain(each.weight) for each in old.indicators} | {plain(each.points) for each in old.allotments}
    if old.execution_points is not None:
        points.add(plain(old.execution_points))
    for source, paragraphs in texts.texts.items():
        if source.sheet in sheets and source.cell:
            for part, text in enumerate(paragraphs):
                if text in points:
                    progress.settle(source, part, 0, len(text), "不变", "自评表的分值")
                for match in _POINTS.finditer(text):
                    progress.settle(source, part, *match.span(), "不变", "自评表的分值")


def _row(source: Source) -> int:
    return int("".join(sign for sign in source.cell if sign.isdigit()) or 0)


def _likely(before: str) -> tuple[str, ...]:
    """The fields of a form that a number can be of, that of which the words before it speak first: last year's budget
    and outlay may have been the same.
    """
    words = re.split("[，。；：]", before)[-1]
    spent = any(word in words for word in load_revision_words().outlays)
    return ("outlay", "budget", "score", "stated_rate") if spent else ("budget", "outlay", "score", "stated_rate")


def project_numbers(
    source: Source, text: str, texts: Texts, pairs: Sequence[tuple[PerformanceSheet, PerformanceSheet | None]]
) -> Iterator[Put]:
    """Numbers of the prose behind the name of a project that are last year's amounts of it."""
    lexicon = load_lexicon()
    found = []
    for old, new in pairs:
        at = text.find(compact(old.title)) if old.kind == "项目" and new is not None else -1
        if at >= 0 and new is not None:
            found.append((at, old, new))
    found.sort(key=lambda each: each[0])
    for index, (start, old, new) in enumerate(found):
        stop = found[index + 1][0] if index + 1 < len(found) else len(text)
        for number in numbers_in(text):
            if not start <= number.start < stop or not number.unit:
                continue
            scale = lexicon.scale(number.unit)
            for field in _likely(text[start : number.start]):
                before, after = _printed_value(old, field), _value(new, field)
                if before is None or after is None or (number.unit in lexicon.money) != (field in ("budget", "outlay")):
                    continue
                step = scale.scaleb(-number.decimals)
                near = _is_rate(old, number) if field == "stated_rate" else False
                if near or abs(number.value * scale - before) <= step / 2:
                    style = texts.style(source, number.unit)
                    value = abs(after) / scale
                    put = _points(value, number) if field in SCORES else style.printed(value)
                    yield Put(number.start, number.end, put)
                    break
