"""Self-evaluation forms (绩效自评表) laid out as their scheme declares them."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from juesuan.account import Figure, Indicator, PerformanceSheet, plain, printed
from juesuan.performance import execution_rate
from juesuan.publish.document import Align, Cell, Table
from juesuan.statute import Scheme, Statute

TICKED, UNTICKED = "■", "□"


def evaluation(sheet: PerformanceSheet, statute: Statute, scheme: Scheme, year: int, unit: str) -> Table:
    """The printed form of `sheet`: amounts in the scheme's unit of money, scores in points."""
    layout = scheme.form
    width = max(len(layout.indicators), len(layout.execution) + 1)
    builder = _Builder(sheet, statute, scheme, width)
    title = layout.titles[sheet.kind].format(year=year, unit=unit, project=sheet.title)
    return Table(
        key=f"自评表 {sheet.title}",
        title=title,
        left=f"{layout.labels.unit}：{unit}",
        right=f"{layout.labels.date}：{_date(sheet.date)}" if sheet.date else "",
        widths=builder.widths(),
        header=(),
        body=tuple(builder.rows()),
        notes=_notes(layout.notes),
        small=True,
        heading=2,
    )


def _notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    if not notes:
        return ()
    return (f"注：1. {notes[0]}", *(f"{n}. {text}" for n, text in enumerate(notes[1:], 2)))


def _date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def points(value: Decimal | None, decimals: int = 2) -> str:
    """A score in points with its decimals, empty for none."""
    return "" if value is None else printed(value, decimals)


class _Builder:
    def __init__(self, sheet: PerformanceSheet, statute: Statute, scheme: Scheme, width: int) -> None:
        self.sheet = sheet
        self.statute = statute
        self.scheme = scheme
        self.labels = scheme.form.labels
        self.width = width
        """Grid columns beside the label at the left."""

    def widths(self) -> tuple[float, ...]:
        wide = {"name": 26.0, "level1": 10.0, "level2": 12.0, "reason": 18.0, "target": 14.0, "actual": 14.0}
        keys = [column.key for column in self.scheme.form.indicators]
        named = [wide.get(key, 9.0) for key in keys]
        return (12.0, *named, *[9.0] * (self.width - len(named)))

    def rows(self) -> list[tuple[Cell, ...]]:
        rows = [*self._heading(), *self._execution()]
        if self.labels.goals and self.sheet.goals:
            goals = [f"{n}. {text}" for n, text in enumerate(self.sheet.goals, 1)]
            rows.append(self._line(self.labels.goals, "\n".join(goals)))
        rows.extend(self._indicators())
        total = points(self.sheet.score, self.scheme.decimals)
        rows.append(self._line(self.labels.total, f"{total}分" if total else "", "center"))
        for label, text in (
            (self.labels.deviation, self.sheet.deviation),
            (self.labels.improvement, self.sheet.improvement),
        ):
            if label:
                rows.append(self._line(label, text))
        return rows

    @staticmethod
    def _label(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
        return Cell(text, "center", colspan, rowspan, header=True)

    def _line(self, label: str, text: str, align: Align = "left") -> tuple[Cell, ...]:
        return (self._label(label), Cell(text, align, colspan=self.width))

    def _pair(self, first: tuple[str, str], second: tuple[str, str]) -> tuple[Cell, ...]:
        left = self.width // 2
        return (
            self._label(first[0]),
            Cell(first[1], "center", colspan=left - 1),
            self._label(second[0]),
            Cell(second[1], "center", colspan=self.width - left),
        )

    def _heading(self) -> list[tuple[Cell, ...]]:
        sheet, labels = self.sheet, self.labels
        if sheet.kind == "项目":
            rows = [self._line(labels.project, sheet.title, "center")]
            rows.append(self._pair((labels.supervisor, sheet.supervisor), (labels.implementer, sheet.implementer)))
            rows.extend(self._line(name, self._ticks(name, chosen)) for name, chosen in sheet.attributes)
            return rows
        rows = [self._line(labels.unit, sheet.title, "center")]
        if labels.basic_outlay:
            pairs = ((labels.basic_outlay, sheet.basic), (labels.project_outlay, sheet.project))
            first, second = ((label, self._money(figure)) for label, figure in pairs)
            rows.append(self._pair(first, second))
        return rows

    def _ticks(self, name: str, chosen: str) -> str:
        options = [
            option
            for plan in self.statute.workbook.sheets
            for cell in plan.cells
            if cell.label == name
            for option in cell.options
        ]
        return "    ".join(f"{n}. {o}{TICKED if o == chosen else UNTICKED}" for n, o in enumerate(options, 1))

    def _money(self, figure: Figure | None) -> str:
        if figure is None:
            return ""
        return self.statute.amount_text(figure.value, self.scheme.form.money, table=True)

    def _execution(self) -> list[tuple[Cell, ...]]:
        layout, execution = self.scheme.form, self.scheme.execution
        span = self.width - len(layout.execution)
        label = f"{execution.label}\n（{layout.money}）\n（{plain(execution.points)}分）"
        heads = [self._label(column.header) for column in layout.execution]
        rate = execution_rate(self.sheet)
        percent = "" if rate is None else printed(Decimal(rate.numerator * 100) / Decimal(rate.denominator), 2) + "%"
        values = {
            "initial": self._money(self.sheet.initial),
            "budget": self._money(self.sheet.budget),
            "outlay": self._money(self.sheet.outlay),
            "rate": percent,
            "weight": plain(execution.points),
            "score": points(self.sheet.execution_score, self.scheme.decimals),
            "reason": "",
        }
        cells = [Cell(values[column.key], "center") for column in layout.execution]
        fund = layout.total_funds[self.sheet.kind]
        return [
            (self._label(label, rowspan=2), Cell("", colspan=span), *heads),
            (Cell(fund, "center", colspan=span), *cells),
        ]

    def _indicators(self) -> list[tuple[Cell, ...]]:
        layout = self.scheme.form.indicators
        extra = self.width - len(layout)
        lines = self.sheet.indicators
        heads = [self._label(c.header, colspan=1 + (extra if c.key == "name" else 0)) for c in layout]
        label = self._label(self.labels.indicators, rowspan=len(lines) + 1)
        rows: list[tuple[Cell, ...]] = [(label, *heads)]
        for _, group in groupby(lines, key=lambda line: line.level1):
            rows.extend(self._group(list(group), extra))
        return rows

    def _group(self, group: list[Indicator], extra: int) -> list[tuple[Cell, ...]]:
        rows = []
        sizes = {key: len(list(part)) for key, part in groupby(group, key=lambda line: line.level2)}
        seen: set[str] = set()
        for index, line in enumerate(group):
            cells = []
            for column in self.scheme.form.indicators:
                if column.key == "level1":
                    if index == 0:
                        cells.append(self._spanned(line.level1, group, len(group)))
                elif column.key == "level2":
                    if line.level2 not in seen:
                        seen.add(line.level2)
                        part = [other for other in group if other.level2 == line.level2]
                        cells.append(self._spanned(line.level2, part, sizes[line.level2]))
                else:
                    span = 1 + (extra if column.key == "name" else 0)
                    align: Align = "left" if column.key in ("name", "reason") else "center"
                    cells.append(Cell(self._value(line, column.key), align, colspan=span))
            rows.append(tuple(cells))
        return rows

    def _weighed(self) -> bool:
        return any(column.key == "weight" for column in self.scheme.form.indicators)

    def _spanned(self, name: str, group: list[Indicator], span: int) -> Cell:
        weight = "" if self._weighed() else f"\n（{plain(sum((i.weight for i in group), Decimal(0)))}分）"
        return Cell(name + weight, "center", rowspan=span)

    def _value(self, line: Indicator, key: str) -> str:
        name = line.name if self._weighed() else f"{line.name}（{plain(line.weight)}分）"
        return {
            "name": name,
            "sign": "",
            "target": line.target,
            "unit": "",
            "actual": line.actual,
            "weight": plain(line.weight),
            "score": points(line.score, self.scheme.decimals),
            "reason": "",
        }[key]
