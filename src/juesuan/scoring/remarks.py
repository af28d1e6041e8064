"""Remarks on a self-evaluation: what scoring found, with a stable code, its place and a sentence a unit can act on."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan.account import Indicator, PerformanceSheet, Source

Severity = Literal["错误", "警告", "提示"]


class RemarkRule(msgspec.Struct, frozen=True):
    """A kind of remark: its code, usual severity, title and the act or form it rests on."""

    code: str
    severity: Severity
    title: str
    basis: str


class Remark(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing found while scoring; `indicator` is the position of the indicator in the sheet, if it is about one."""

    code: str
    severity: Severity
    place: str
    text: str
    indicator: int | None = None
    source: Source | None = None


_NATIONAL = "财预〔2020〕10号"
_TARGETS = "财预〔2020〕10号；中央部门预算绩效目标管理办法（财预〔2015〕88号）"
_FORM = "绩效自评表及填报说明"
_ROLL_UP = "自评表备注（汇总原则）"

RULES: dict[str, RemarkRule] = {
    rule.code: rule
    for rule in (
        RemarkRule("P101", "警告", "一级指标不在评分办法中", _FORM),
        RemarkRule("P102", "提示", "二级指标放在别的一级指标之下", _FORM),
        RemarkRule("P103", "错误", "指标没有权重", _FORM),
        RemarkRule("P104", "错误", "一级指标权重合计不符", _NATIONAL),
        RemarkRule("P105", "错误", "权重总计不等于满分", _NATIONAL),
        RemarkRule("P106", "错误", "缺少一级指标", _NATIONAL),
        RemarkRule("P201", "错误", "执行率偏低没有说明原因", _FORM),
        RemarkRule("P202", "警告", "没有预算数", _FORM),
        RemarkRule("P203", "警告", "执行数超过预算数", _FORM),
        RemarkRule("P301", "错误", "实际完成值空白", _FORM),
        RemarkRule("P302", "错误", "目标值与实际完成值不能比较", _NATIONAL),
        RemarkRule("P303", "错误", "定性指标没有分档", _NATIONAL),
        RemarkRule("P304", "提示", "实际完成值不是具体数值", _FORM),
        RemarkRule("P305", "提示", "没有写计量单位", _FORM),
        RemarkRule("P306", "警告", "偏差大没有说明原因", _NATIONAL),
        RemarkRule("P307", "警告", "超额过多没有说明原因", _NATIONAL),
        RemarkRule("P308", "警告", "实际完成值全部与目标值相同", _NATIONAL),
        RemarkRule("P309", "提示", "定性指标满分没有依据", _NATIONAL),
        RemarkRule("P310", "错误", "自评比例超出范围", _NATIONAL),
        RemarkRule("P311", "错误", "得分与所填档次不符", _NATIONAL),
        RemarkRule("P312", "警告", "目标值低于上年实际完成值", _TARGETS),
        RemarkRule("P313", "警告", "目标值低于上级下达的目标", _TARGETS),
        RemarkRule("P314", "提示", "上年值或上级目标与目标值不能比较", _FORM),
        RemarkRule("P401", "错误", "指标得分与算得不符", _FORM),
        RemarkRule("P402", "错误", "预算执行得分与算得不符", _FORM),
        RemarkRule("P403", "错误", "总分与各项得分之和不符", _FORM),
        RemarkRule("P404", "提示", "有指标没有得分，总分不完整", _FORM),
        RemarkRule("P405", "警告", "项目没有绩效自评表", _NATIONAL),
        RemarkRule("P501", "错误", "各单位数值不能汇总", _ROLL_UP),
        RemarkRule("P502", "警告", "各单位同一指标的权重不同", _ROLL_UP),
        RemarkRule("P503", "警告", "各单位同一指标的写法不同", _ROLL_UP),
    )
}


class Notebook:
    """Collects the remarks on one sheet, so that every remark names its place in the same way."""

    def __init__(self, sheet: PerformanceSheet) -> None:
        self._sheet = sheet
        self._remarks: list[Remark] = []

    def on_sheet(self, code: str, part: str, text: str, severity: Severity | None = None) -> None:
        """A remark on `part` of the form (预算执行情况, 总分 …)."""
        self._add(code, f"《{self._sheet.title}》{part}", text, severity, None, self._sheet.source)

    def on_indicator(
        self, code: str, index: int, indicator: Indicator, text: str, severity: Severity | None = None
    ) -> None:
        """A remark on the indicator at position `index`."""
        place = f"《{self._sheet.title}》{indicator.level1}—{indicator.level2}—{indicator.name}"
        self._add(code, place, text, severity, index, indicator.source or self._sheet.source)

    def _add(
        self, code: str, place: str, text: str, severity: Severity | None, index: int | None, source: Source | None
    ) -> None:
        self._remarks.append(Remark(code, severity or RULES[code].severity, place, text, index, source))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The remarks so far, in the order they were made."""
        return tuple(self._remarks)
