"""Scoring schemes (绩效自评评分办法) as data: one YAML file for each place, decoded into the types below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import msgspec

from juesuan.account import JuesuanError, SheetKind
from juesuan.statute.reference import Dated

Direction = Literal["正向", "反向", "等于", "区间"]
"""How an actual value is held to its target: the more the better, the less the better, exactly, within two limits."""

EmptyBudget = Literal["满分", "零分", "不计分"]
"""What execution earns when there was no budget at all; 不计分 leaves it to a person and says so."""

AboveExact = Literal["满分", "按比例"]
"""What an indicator `= X` earns when the actual value is above X: the full weight, or w·A/B."""

AmountBasis = Literal["预算数", "执行数"]
"""Which amount weighs a unit or sub-project when relative values are rolled up."""

FundScope = Literal["全部支出", "财政资金"]
"""Which money the form of the whole unit is about: all expenditure of the unit, or only that of the treasury; where
each stands in the tables is declared in evaluation.yaml."""

IndicatorColumn = Literal["level1", "level2", "name", "sign", "target", "unit", "actual", "weight", "score", "reason"]
ExecutionColumn = Literal["initial", "budget", "outlay", "rate", "weight", "score", "reason"]


class _Declared(Dated, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every declaration carries: the act or published form it rests on, and its reason in one sentence."""

    basis: str
    why: str


class Execution(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The budget execution line (预算执行情况): score = points × B/A, never above `points`.

    `reason_below` is the rate (1 = 100 %) under which the unit must give a reason; `empty_budget` the rule for A = 0;
    `scope` the money that A and B of the whole unit's form are about.
    """

    label: str
    points: Decimal
    reason_below: Decimal
    empty_budget: EmptyBudget
    scope: FundScope


class SubGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A level-2 indicator name. `plain` is the direction of a target written without a sign, such as `30万笔`."""

    name: str
    aliases: tuple[str, ...] = ()
    plain: Direction = "正向"


class Group(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A level-1 indicator with its weight in points; no weight where the law leaves it to the unit.

    `absent_to` names the group that takes over the points when a form has no indicator of this one; without it the
    group is compulsory.
    """

    name: str
    weight: Decimal | None = None
    aliases: tuple[str, ...] = ()
    absent_to: str = ""
    children: tuple[SubGroup, ...]


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A grade of the total score and its lower limit in points, which belongs to it."""

    name: str
    at_least: Decimal


class Grades(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The grades, best first."""

    levels: tuple[Grade, ...]


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A band of a qualitative indicator as shares of the weight: from `upper` down to `lower`, which belongs to it."""

    name: str
    upper: Decimal
    lower: Decimal
    aliases: tuple[str, ...] = ()


class Qualitative(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The bands of qualitative indicators (定性指标分档), best first."""

    bands: tuple[Band, ...]


class Quantitative(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the formulas w·B/A and w·A/B leave open (定量指标计分)."""

    above_exact: AboveExact


class Deviation(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Deviations from the target that oblige an explanation, as shares of it: short of it, and beyond it."""

    under: Decimal
    over: Decimal


class RollUp(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How several units or sub-projects become one form.

    `added` and `averaged` list kinds of value (数量, 比率 …); averages are rounded once to `decimals` places in the
    notation of the target.
    """

    added: tuple[str, ...]
    averaged: tuple[str, ...]
    amount: AmountBasis
    decimals: int


class Headed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of the indicator table of the form and the header printed over it."""

    key: IndicatorColumn
    header: str


class HeadedAmount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of the execution table of the form and the header printed over it."""

    key: ExecutionColumn
    header: str


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Row labels of the form; an empty label means that the form has no such row."""

    unit: str = "单位名称"
    date: str = "填报日期"
    project: str = "项目名称"
    supervisor: str = "主管部门"
    implementer: str = "实施单位"
    basic_outlay: str = ""
    project_outlay: str = ""
    goals: str
    goals_done: str = ""
    indicators: str
    total: str
    conclusion: str = ""
    deviation: str = ""
    improvement: str = ""


class FormLayout(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The printed self-evaluation form (绩效自评表): headers, row labels, fund rows and the notes under it.

    `total_funds` is the label of the amount row by kind of sheet; `funds` are the rows of its parts; `money` is the
    unit of printed amounts; `if_given` are the labels of rows that stand in the form only where there is a text for
    them.
    """

    titles: dict[SheetKind, str]
    total_funds: dict[SheetKind, str]
    funds: tuple[str, ...] = ()
    money: Literal["元", "万元"] = "万元"
    execution: tuple[HeadedAmount, ...]
    indicators: tuple[Headed, ...]
    labels: Labels
    if_given: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Scheme(_Declared, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How performance is scored in one place: execution, groups, bands, grades and the form it is printed in.

    `total` is the sum of all points; `decimals` the places of every score; `fixed_weights` is false where units may
    depart from the weights of the groups for a reason.
    """

    key: str
    name: str
    total: Decimal
    decimals: int
    fixed_weights: bool
    execution: Execution
    groups: tuple[Group, ...]
    grades: Grades
    qualitative: Qualitative
    quantitative: Quantitative
    deviation: Deviation
    roll_up: RollUp
    form: FormLayout
    transfer: FormLayout | None = None
    """The form of a project that is a transfer payment (转移支付), where it has one of its own."""

    def group(self, name: str) -> Group | None:
        """The level-1 group called `name`, by name or accepted alias, spaces and printed points disregarded."""
        wanted = bare_name(name)
        return next((g for g in self.groups if wanted in (g.name, *g.aliases)), None)

    def child(self, group: Group, name: str) -> SubGroup | None:
        """The level-2 indicator called `name` within `group`."""
        wanted = bare_name(name)
        return next((c for c in group.children if wanted in (c.name, *c.aliases)), None)

    def home(self, name: str) -> Group | None:
        """The level-1 group to which the level-2 name `name` belongs."""
        return next((g for g in self.groups if self.child(g, name)), None)

    @property
    def indicator_points(self) -> Decimal:
        """The points that all indicators share: the total less those of execution."""
        return self.total - self.execution.points


class SchemeError(JuesuanError, ValueError):
    """A scheme that contradicts itself; the message names the file's key and the entry."""


_SPACE = re.compile(r"\s+")
_POINTS = re.compile(r"[(（][^()（）]*[)）]$")


@lru_cache(maxsize=4096)
def bare_name(name: str) -> str:
    """A printed indicator name without white space and points in brackets: `产出 指标(40 分)` → 产出指标."""
    return _POINTS.sub("", _SPACE.sub("", name))


def decode_scheme(mapping: Mapping[str, Any]) -> Scheme:
    """The scheme declared by `mapping` (a YAML file as read; scalars may still be strings).

    Raises msgspec.ValidationError for a wrong shape and SchemeError where the figures contradict each other.
    """
    scheme = msgspec.convert(mapping, Scheme, strict=False)
    problems = list(_problems(scheme))
    if problems:
        raise SchemeError(f"评分办法 {scheme.key}：" + "；".join(problems))
    return scheme


def _problems(scheme: Scheme) -> list[str]:
    found: list[str] = []
    weights = [g.weight for g in scheme.groups if g.weight is not None]
    if len(weights) == len(scheme.groups) and sum(weights) != scheme.indicator_points:
        found.append(f"一级指标权重合计 {sum(weights)} 分，应为 {scheme.indicator_points} 分")
    names = {g.name for g in scheme.groups}
    found += [f"“{g.name}”的 absent_to 指向不存在的“{g.absent_to}”" for g in scheme.groups
              if g.absent_to and (g.absent_to not in names or g.absent_to == g.name)]
    limits = [level.at_least for level in scheme.grades.levels]
    if not limits or limits != sorted(limits, reverse=True) or limits[-1] != 0:
        found.append("等级应由高到低排列，末级下限为 0")
    bands = scheme.qualitative.bands
    edges = [b.lower for b in bands[:-1]] == [b.upper for b in bands[1:]]
    if not bands or not edges or bands[0].upper != 1 or bands[-1].lower != 0:
        found.append("定性指标分档应由 1 到 0 首尾相接")
    both = set(scheme.roll_up.added) & set(scheme.roll_up.averaged)
    if both:
        found.append(f"汇总方式重复：{'、'.join(sorted(both))}")
    return found
