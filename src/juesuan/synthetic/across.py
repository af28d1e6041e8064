"""Contradictions between a unit's documents (合成数据): planted in what its final account is compiled of, so that the
account is sound in itself and only last year's account or the budget of the year brings them to light.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

import msgspec

from juesuan.account import ZERO, Fact, Figure
from juesuan.compiler import Entry, Gathered
from juesuan.synthetic.faults import Planted
from juesuan.synthetic.unit import GENERAL, yuan

PROJECT = "项目支出"
_Made = tuple[Gathered, Planted] | None


def plant_across(gathered: Gathered, kind: str, random: Random) -> tuple[Gathered, Planted | None]:
    """The unit with one contradiction of `kind` to its other documents, and what was planted; unchanged and None where
    `kind` is none of these or the unit has no place for it.
    """
    made = _MAKERS[kind](gathered, random) if kind in _MAKERS else None
    return made or (gathered, None)


def _moved(random: Random) -> Decimal:
    """So many yuan that no rounding hides them."""
    return yuan(random.randint(30_000, 900_000))


def _opening(gathered: Gathered, random: Random) -> _Made:
    """An opening balance that is not last year's closing one."""
    moved = _moved(random)
    extra = Entry("年初结转", GENERAL, moved, function=gathered.entries[0].function)
    changed = msgspec.structs.replace(gathered, entries=[*gathered.entries, extra])
    return changed, Planted("年初年末", "表1!29行1栏", "上年年末数", f"多 {moved} 元")


def _stated(kind: str, form: str, columns: tuple[str, ...], period: str, row: str = "") -> Callable[
    [Gathered, Random], _Made
]:  # fmt: skip
    """A maker that states another amount than the other document does, at one of the addresses."""

    def make(gathered: Gathered, random: Random) -> _Made:
        places = [
            number for number, fact in enumerate(gathered.facts)
            if (fact.address.form, fact.address.period) == (form, period) and fact.address.column in columns
            and fact.address.row == (row or fact.address.row)
        ]  # fmt: skip
        if not places:
            return None
        place = random.choice(places)
        fact = gathered.facts[place]
        value = fact.figure.value + _moved(random)
        facts = [*gathered.facts[:place], Fact(fact.address, Figure(value)), *gathered.facts[place + 1 :]]
        planted = Planted(kind, str(fact.address), str(fact.figure.value), str(value))
        return msgspec.structs.replace(gathered, facts=facts), planted

    return make


def _bought(gathered: Gathered, random: Random) -> _Made:
    """More bought than was planned: at least twice as much of one kind."""
    for number, fact in enumerate(gathered.facts):
        if (fact.address.form, fact.address.row) == ("采购", "货物"):
            value = fact.figure.value * random.randint(2, 4)
            facts = [*gathered.facts[:number], Fact(fact.address, Figure(value)), *gathered.facts[number + 1 :]]
            planted = Planted("采购", str(fact.address), str(fact.figure.value), str(value))
            return msgspec.structs.replace(gathered, facts=facts), planted
    return None


def _approved(gathered: Gathered, function: str, nature: str, moved: Decimal) -> list[Entry]:
    """The entries with `moved` yuan more approved for an item."""
    found = []
    for entry in gathered.entries:
        if (entry.period, entry.source, entry.function, entry.nature) == ("年初预算", GENERAL, function, nature):
            entry, moved = msgspec.structs.replace(entry, amount=entry.amount + moved), ZERO
        found.append(entry)
    if moved:
        found.append(Entry("支出", GENERAL, moved, nature, function, period="年初预算"))
    return found


def _whole(gathered: Gathered, random: Random) -> _Made:
    """An approved budget of another total."""
    functions = sorted({e.function for e in gathered.entries if (e.period, e.nature) == ("年初预算", PROJECT)})
    if not functions:
        return None
    function, moved = random.choice(functions), _moved(random)
    changed = msgspec.structs.replace(gathered, entries=_approved(gathered, function, PROJECT, moved))
    return changed, Planted("年初预算", f"年初预算!表5!{function}行3栏", "公开的预算", f"多 {moved} 元")


def _item(gathered: Gathered, random: Random) -> _Made:
    """An approved budget of the same total, with an amount under another item."""
    amounts = {
        e.function: e.amount for e in gathered.entries
        if (e.period, e.nature, e.source) == ("年初预算", PROJECT, GENERAL)
    }  # fmt: skip
    others = sorted({entry.function for entry in gathered.entries if entry.period == "年初预算"})
    if not amounts or len(others) < 2:
        return None
    function = random.choice(sorted(amounts))
    other = random.choice([each for each in others if each != function])
    moved = min(_moved(random), yuan(amounts[function] / 2))
    taken = msgspec.structs.replace(gathered, entries=_approved(gathered, function, PROJECT, -moved))
    changed = msgspec.structs.replace(taken, entries=_approved(taken, other, PROJECT, moved))
    return changed, Planted("年初预算分项", f"年初预算!表5!{function}行3栏", "公开的预算", f"{moved} 元计入 {other}")


def _project(gathered: Gathered, random: Random) -> _Made:
    """A self-evaluation form that says another amount was approved for its project."""
    if not gathered.projects:
        return None
    number = random.randrange(len(gathered.projects))
    project = gathered.projects[number]
    before = project.initial or ZERO
    changed = msgspec.structs.replace(project, initial=before + _moved(random))
    projects = [*gathered.projects[:number], changed, *gathered.projects[number + 1 :]]
    planted = Planted("项目预算", f"自评表：{project.name}", str(before), str(changed.initial))
    return msgspec.structs.replace(gathered, projects=projects), planted


def _goal(gathered: Gathered, random: Random) -> _Made:
    """A target that is not the one the budget has set."""
    if not gathered.indicators:
        return None
    number = random.randrange(len(gathered.indicators))
    subject, indicator = gathered.indicators[number]
    changed = msgspec.structs.replace(indicator, target="5个")
    indicators = [*gathered.indicators[:number], (subject, changed), *gathered.indicators[number + 1 :]]
    planted = Planted("绩效目标", f"自评表：{subject}：{indicator.name}", indicator.target, changed.target)
    return msgspec.structs.replace(gathered, indicators=indicators), planted


_MAKERS: dict[str, Callable[[Gathered, Random], _Made]] = {
    "年初年末": _opening,
    "上年数": _stated("上年数", "表5", ("1",), "上年", "合计"),
    "年初预算": _whole,
    "年初预算分项": _item,
    "三公预算": _stated("三公预算", "表9", ("5", "6"), "本年"),
    "项目预算": _project,
    "绩效目标": _goal,
    "采购": _bought,
}
