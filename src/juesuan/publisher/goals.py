"""Forms of performance goals (绩效目标表) laid out as evaluation.yaml declares them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from juesuan.account import Figure, Indicator, PerformanceGoals, plain
from juesuan.publisher.document import Align, Cell, Table, label_cell
from juesuan.statute import MONEY_UNITS, Statute, load_evaluation

GOALS = "绩效目标表"
"""How the keys of forms of goals begin."""
WAN = "万元"
_WIDTHS = {"level1": 10.0, "level2": 12.0, "name": 26.0, "target": 16.0, "weight": 8.0}
LABEL_WIDTH = 12.0


def goals(form: PerformanceGoals, statute: Statute, year: int, unit: str) -> Table:
    """The printed form of `form`, money in 万元; points have a column where some indicator has any."""
    words = load_evaluation().goal_forms
    weighed = any(indicator.weight for indicator in form.indicators)
    columns = [key for key in words.columns if key != "weight" or weighed]
    return Table(
        key=f"{GOALS} {form.title}",
        title=words.titles[form.kind].format(year=year, unit=unit, project=form.title),
        widths=(LABEL_WIDTH, *(_WIDTHS[key] for key in columns)),
        header=(),
        body=tuple(_rows(form, statute, columns)),
        small=True,
        heading=2,
    )


def _rows(form: PerformanceGoals, statute: Statute, columns: list[str]) -> Iterator[tuple[Cell, ...]]:
    words, width = load_evaluation().goal_forms, len(columns)
    yield label_cell(words.names[form.kind]), Cell(form.title, colspan=width)
    if form.kind == "项目":
        yield label_cell(words.supervisor), Cell(form.supervisor, colspan=width)
        yield label_cell(words.implementer), Cell(form.implementer, colspan=width)
    money = [(words.whole, form.budget), *((part.label, part.budget) for part in form.parts)]
    for number, (label, figure) in enumerate(money):
        first = (label_cell(words.money, rowspan=len(money)),) if not number else ()
        yield *first, label_cell(label, colspan=2), _money(figure, statute, width - 2)
    if form.goals:
        texts = [f"{n}. {text}" for n, text in enumerate(form.goals, 1)] if len(form.goals) > 1 else list(form.goals)
        yield label_cell(words.goals), Cell("\n".join(texts), colspan=width)
    if form.indicators:
        heads = (label_cell(words.columns[key]) for key in columns)
        yield label_cell(words.indicators, rowspan=len(form.indicators) + 1), *heads
        for _, group in groupby(form.indicators, key=lambda line: line.level1):
            yield from _group(list(group), columns)


def _group(group: list[Indicator], columns: list[str]) -> Iterator[tuple[Cell, ...]]:
    """The lines of a level-1 indicator, its name and those of level 2 standing once beside theirs."""
    for index, line in enumerate(group):
        cells = []
        for key in columns:
            if key == "level1":
                if not index:
                    cells.append(Cell(line.level1, "center", rowspan=len(group)))
            elif key == "level2":
                above = group[index - 1].level2 if index else None
                if line.level2 != above:
                    run = next((n for n, other in enumerate(group[index:]) if other.level2 != line.level2), None)
                    cells.append(Cell(line.level2, "center", rowspan=run or len(group) - index))
            elif key == "weight":
                cells.append(Cell(plain(line.weight) if line.weight else "", "center"))
            else:
                align: Align = "left" if key == "name" else "center"
                cells.append(Cell(line.name if key == "name" else line.target, align))
        yield tuple(cells)


def _money(figure: Figure | None, statute: Statute, colspan: int) -> Cell:
    if figure is None:
        return Cell("", "center", colspan)
    text = statute.amount_text(figure.value, WAN, table=True)
    return Cell(text, "center", colspan, amount=figure.value / MONEY_UNITS[WAN])
