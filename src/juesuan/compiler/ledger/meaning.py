"""What the lines of a ledger mean: the words and codes of a group of lines read as the statute declares them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from juesuan.account import Period
from juesuan.compiler.coding import Classification, Coding
from juesuan.compiler.ledger.files import KEYS
from juesuan.compiler.ledger.sql import LedgerGroup
from juesuan.compiler.messages import BadValueError, Message, say
from juesuan.compiler.workbook.plan import needs_function
from juesuan.statute import LedgerFund, LedgerPlan, Statute

GENERAL, BASIC, PROJECT, SPENT, INCOME = "一般公共预算", "基本支出", "项目支出", "支出", "收入"

APPROVED: Period = "年初预算"

_MEANING = slice(KEYS.index("fund"), KEYS.index("nature") + 1)
"""The keys that say what a line is, besides the record."""


class EntryHeading(msgspec.Struct, frozen=True, order=True):
    """What an entry is added up under."""

    record: str
    period: Period
    source: str
    nature: str
    function: str
    economy: str
    project: str


class Judged(msgspec.Struct, frozen=True):
    """What a group of lines means; without a heading where that cannot be said. `faults` are (kind, message)."""

    heading: EntryHeading | None
    faults: tuple[tuple[str, Message], ...] = ()


class Meanings:
    """Says what groups of lines mean, each meaning worked out once. `extra_codes` are those a unit declares itself."""

    def __init__(self, statute: Statute, plan: LedgerPlan, extra_codes: Mapping[str, str] | None = None) -> None:
        self._statute = statute
        self._plan = plan
        self._coding = Coding(statute, extra_codes)
        self._judged: dict[tuple[object, ...], Judged] = {}

    def judge(self, group: LedgerGroup) -> Judged:
        """What a group means; worked out once for all groups that differ by unit and project only."""
        named = bool(group.key("project") or group.key("project_code"))
        key = (group.keys[_MEANING], group.keys[-1], named)
        judged = self._judged.get(key)
        if judged is None:
            judged = self._judged[key] = self._meaning(group, named)
        return judged

    def _meaning(self, group: LedgerGroup, named: bool) -> Judged:
        faults: list[tuple[str, Message]] = []
        disclosure = self._statute.profile.kind
        kind = self._plan.record(group.key("record"), disclosure)
        if kind is None:
            options = "、".join(dict.fromkeys(kind.names[0] for kind in self._plan.kinds_of_records(disclosure)))
            faults.append(("收支类别", say("ledger.record", found=group.key("record"), options=options)))
        fund = self._plan.fund(group.key("fund"))
        if not group.key("fund"):
            faults.append(("资金来源", say("ledger.fund")))
        elif fund is None:
            options = "、".join(fund.names[0] for fund in self._plan.funds)
            faults.append(("资金来源", say("ledger.fund.unknown", found=group.key("fund"), options=options)))
        function = self._code(group.key("function"), "功能分类", faults)
        if kind is None:
            return Judged(None, tuple(faults))
        source = "" if fund is None else self._income(fund) if kind.record == INCOME else fund.outlay
        period: Period = self._statute.profile.approved if kind.period == APPROVED else kind.period
        spent = kind.record == SPENT
        nature = self._nature(group, faults) if spent else ""
        economy = self._code(group.key("economy"), "经济分类", faults) if spent else ""
        function_given = bool(group.key("function"))
        wanted = kind.record in (SPENT, INCOME) or needs_function(self._statute, kind.record, source)
        if not function_given and wanted:
            faults.append(("功能分类科目", say("ledger.function")))
        current = spent and period == "本年"
        if current and nature == BASIC and source == GENERAL and not group.key("economy"):
            faults.append(("经济分类科目", say("ledger.economy")))
        if current and nature == PROJECT and not named:
            faults.append(("项目", say("ledger.project")))
        placed = fund and (function or not (wanted or function_given)) and (nature or not spent)
        heading = EntryHeading(kind.record, period, source, nature, function, economy, "") if placed else None
        return Judged(heading, tuple(faults))

    def _income(self, fund: LedgerFund) -> str:
        """The source that income of a fund is shown under: the narrower one where the tables have it."""
        shown = {
            source
            for form in self._statute.published
            for part in form.leaves()
            if part.takes and part.takes.record == INCOME
            for source in part.takes.sources
        }
        return fund.narrower if fund.narrower in shown else fund.source

    def _nature(self, group: LedgerGroup, faults: list[tuple[str, Message]]) -> str:
        written = group.key("nature")
        nature = self._plan.nature(written)
        options = "、".join(nature.nature for nature in self._plan.natures)
        if not written:
            faults.append(("支出性质", say("ledger.nature", options=options)))
        elif not nature:
            faults.append(("支出性质", say("ledger.nature.unknown", found=written, options=options)))
        return nature

    def _code(self, written: str, classification: Classification, faults: list[tuple[str, Message]]) -> str:
        try:
            return self._coding.read(written, classification) or ""
        except BadValueError as error:
            faults.append((f"{classification}科目", error.message))
            return str(error.remainder)
