"""Numbers under a header of labels: which of them stands under which label, also where a copy has lost blank cells."""

from __future__ import annotations

import itertools
from collections.abc import Sequence, Set
from decimal import Decimal

import msgspec

from juesuan.account import StatedMeasure
from juesuan.reader.prose.loose.cells import LooseCell
from juesuan.statute import Lexicon

_MOST = 9
"""Labels in a header of which each choice is tried."""


class MeasureColumn(msgspec.Struct, frozen=True):
    """What the numbers under a heading measure."""

    measure: StatedMeasure
    base: str = ""
    year: int = 0
    fund: str = ""
    """Of which money only the amounts are (其中：一般公共预算财政拨款)."""
    group: bool = False
    """It may only name those that follow it: 比上年增减情况 above 增减额 and 增减幅度."""


class Label(msgspec.Struct, frozen=True):
    """What the numbers beside a label are of: the subject, its unit where the label gives one."""

    subject: str
    unit: str
    known: bool


class HeadedNumbers(msgspec.Struct, frozen=True):
    """Puts the numbers of a line under the labels of a header.

    `stated` are subjects with what is said of them, in yuan; `scale` is what one of the printed unit is in yuan.
    """

    lexicon: Lexicon
    stated: Set[tuple[str, Decimal]]
    scale: Decimal

    def single(self, named: Sequence[Label], values: Sequence[LooseCell]) -> list[tuple[Label, LooseCell]]:
        """A number under each label: as many labels are taken as there are numbers, in order.

        Where there are more labels than numbers, those are taken under which the most numbers are what the prose says
        and make up their wholes. Labels of a second line are those of parts: they belong behind their whole.
        """
        count = min(len(named), len(values))
        if len(named) > _MOST:
            named = named[-count:]
        once = _once(named)
        chosen: list[Sequence[Label]] = list(itertools.combinations(named, count)) if len(once) != count else [once]
        chosen = [order for choice in chosen for order in (self._behind_wholes(choice), choice)]
        best = max(chosen, key=lambda choice: self._agreeing(choice, values), default=())
        return list(zip(best, values, strict=False))

    def several(
        self, named: Sequence[Label], step: int, values: Sequence[LooseCell]
    ) -> list[tuple[Label, Sequence[LooseCell]]]:
        """`step` numbers under each label, whose columns are the same (预算数 决算数 预算数 决算数).

        A number before or behind them may be of a label with a column of its own (机关运行经费决算数). Where blanks are
        lost, only what the prose says or what makes up its wholes tells under which labels the numbers stand; what
        neither tells is left out.
        """
        count, over = divmod(len(values), step)
        labels = _once(named)
        if len(labels) > _MOST:
            return []
        tried = [
            (sum(self._agreeing(order, part[n::step]) for n in range(step)), order, part)
            for part in (values[over:], values[: len(values) - over])
            for choice in itertools.combinations(labels, count)
            for order in (self._behind_wholes(choice), choice)
        ]
        score, order, part = max(tried, key=lambda each: each[0], default=(0, (), []))
        if not score and count != len(labels):
            return []
        equal = [other for points, other, _ in tried if points == score]
        # 14.00 is what 购置费 or 运行费 has where both make up the whole: nothing tells which.
        told = [n for n, each in enumerate(order) if all(other[n].subject == each.subject for other in equal)]
        return [(order[n], part[n * step : (n + 1) * step]) for n in told]

    def _agreeing(self, labels: Sequence[Label], values: Sequence[LooseCell]) -> int:
        """How many of the numbers, under these labels, the prose says of the same, and make up their wholes."""
        under = [(each.subject, number(value.text)) for each, value in zip(labels, values, strict=False)]
        said = sum((name, value * self.scale) in self.stated for name, value in under)
        return said + self._made_up(dict(under))

    def _behind_wholes(self, labels: Sequence[Label]) -> list[Label]:
        """The labels with the parts of each that are told last directly behind it."""
        placed: list[Label] = []
        for each in labels:
            whole = self.lexicon.subjects[each.subject].whole if each.subject in self.lexicon.subjects else ""
            at = [n for n, o in enumerate(placed) if whole in (o.subject, *self.lexicon.wholes_of(o.subject))]
            placed.insert(at[-1] + 1 if at else len(placed), each)
        return placed

    def _made_up(self, values: dict[str, Decimal]) -> int:
        """How many wholes are the sum of their parts, less those that are not (of one part, others may be left out)."""
        found = 0
        for whole, value in values.items():
            parts = [v for name, v in values.items() if name in self.lexicon.subjects
                     and self.lexicon.subjects[name].whole == whole]  # fmt: skip
            holds = bool(parts) and sum(parts) == value
            found += holds - (len(parts) > 1 and not holds)
        return found


def _once(named: Sequence[Label]) -> list[Label]:
    """The labels, of several with one subject the first."""
    first = {each.subject: n for n, each in reversed(list(enumerate(named)))}
    return [each for n, each in enumerate(named) if first[each.subject] == n]


def period(columns: Sequence[MeasureColumn]) -> int:
    """After how many columns the same ones come again, as they do under each of several labels; 1 where they do not."""
    lengths = range(2, len(columns) // 2 + 1)
    return next((n for n in lengths if list(columns[:n]) * (len(columns) // n) == list(columns)), 1)


def without_groups(columns: Sequence[MeasureColumn]) -> list[MeasureColumn]:
    """The columns without headings that only name others (比上年增减情况 above 增减额 and 增减幅度).

    The changes that follow several such headings are shared out among them, in order. A heading that no two changes
    follow is one of a column.
    """
    groups = [column for column in columns if column.group]
    changes = [column for column in columns if column.measure in ("变动额", "变动率") and not column.group]
    if not groups or len(changes) + len(groups) <= 2:
        return list(columns)
    share = len(changes) // len(groups)
    bases = iter([group.base for group in groups for _ in range(share)] if share * len(groups) == len(changes) else [])
    return [
        msgspec.structs.replace(column, base=next(bases, column.base)) if column in changes else column
        for column in columns if not column.group
    ]  # fmt: skip


def number(text: str) -> Decimal:
    """The number in a cell; nothing where it holds dashes only."""
    digits = text.replace(",", "").rstrip("%").lstrip("+")
    return Decimal(digits) if any(sign.isdigit() for sign in digits) else Decimal(0)
