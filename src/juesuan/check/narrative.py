"""Findings on the narrative: what a sentence states by its figures and its words, held against the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Claim, Statement, printed, total
from juesuan.check.findings import Finding, Operand, shown
from juesuan.check.quantities import Known, Quantities, absolute, as_printed, within
from juesuan.statute import Measurer, Statute, level_of, lines, load_rules, parse_quantity
from juesuan.statute.clause import Clause, Listing, ParagraphPlan
from juesuan.statute.measure import PERCENT, parse_when
from juesuan.statute.notation import Comparison, Name, Place
from juesuan.statute.writing import listed_names


class Verified(msgspec.Struct, frozen=True):
    """What the sentences came to: findings, and how many claims were held against figures or could not be."""

    findings: tuple[Finding, ...]
    decided: int
    undecided: int


def verify_narrative(account: Account, statute: Statute) -> Verified:
    """Every recognised sentence held against the figures it is declared to be made of.

    A claim is wrong only where no values within the printed figures can give it (DESIGN, rule 2); a share cut off
    instead of rounded is a notice. Words (增加, 无预算安排) are wrong where their condition is false for every value in
    the printed figures.
    """
    if not account.facts:
        return Verified((), 0, 0)
    checker = _Checker(account, statute)
    findings = [finding for statement in account.statements for finding in checker.statement(statement)]
    findings.extend(checker.items())
    return Verified(tuple(findings), checker.decided, checker.undecided)


class _Checker:
    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.measurer = Measurer(account, statute)
        self.intervals = Quantities(account, self.measurer, within)
        self.points = Quantities(account, self.measurer, as_printed)
        self.decided = 0
        self.undecided = 0
        self.clauses: dict[str, tuple[ParagraphPlan, Clause]] = {
            clause.key: (paragraph, clause)
            for section in statute.sections
            for paragraph in section.paragraphs
            for clause in paragraph.clauses
        }

    def statement(self, statement: Statement) -> Iterator[Finding]:
        plan, clause = self.clauses[statement.clause]
        let = {**plan.let, **clause.let}
        known = self.intervals.of(let, statement)
        wrong = False
        for claim in statement.claims:
            for finding in self._claim(claim, let, known, statement):
                wrong = wrong or finding.severity == "error"
                yield finding
        for name, text in statement.lists:
            yield from self._list(clause.lists[name], text, statement)
        if not wrong and statement.when and self._false(statement.when, known):
            yield self._words(statement, let, known)

    def _claim(
        self, claim: Claim, let: Mapping[str, str], known: Known, statement: Statement
    ) -> Iterator[Finding]:
        text = let.get(claim.name, "")
        value = known.get(claim.name)
        if value is None or not text:
            self.undecided += 1
            return
        self.decided += 1
        low, high = absolute(value)
        figure = claim.figure
        if figure.high >= low and figure.low <= high:
            return
        unit = self._unit(text, let, statement)
        middle = self.points.of(let, statement).get(claim.name) or value
        stated, expected = _written(figure.value, unit), _written(middle[0], unit)
        step = figure.resolution
        if unit == PERCENT and step and figure.value <= high and low < figure.value + step:
            message = f"正文的{claim.name}{stated}是截去尾数所得，四舍五入应为{expected}。"
            yield self._finding(claim, statement, "notice", message, stated, expected, text)
            return
        message = f"正文“{_excerpt(statement.text)}”中的{claim.name}为{stated}，按表中数字应为{expected}。"
        yield self._finding(claim, statement, "error", message, stated, expected, text)

    def _finding(
        self,
        claim: Claim,
        statement: Statement,
        severity: str,
        message: str,
        stated: str,
        expected: str,
        text: str,
    ) -> Finding:
        source = claim.source or statement.source
        return Finding(
            claim.clause,
            "error" if severity == "error" else "notice",
            message,
            (source,) if source else (),
            stated,
            expected,
            equation=f"{claim.name} = {text}",
            operands=self._operands(statement),
        )

    def _list(self, listing: Listing, text: str, statement: Statement) -> Iterator[Finding]:
        """A list of names held against the lines that carry an amount: none missing, none too many (规则 60)."""
        written = {_plain(name): name for name in re.split("[、，]", text.removesuffix("等"))}
        expected = {
            _plain(name): name for name in listed_names(self.account, self.statute, listing, statement.row)
        }
        self.decided += 1
        extra = [name for plain, name in written.items() if plain not in expected]
        missing = [] if text.endswith("等") else [name for plain, name in expected.items() if plain not in written]
        if not extra and not missing:
            return
        faults = [f"多列了{'、'.join(extra)}" if extra else "", f"漏列了{'、'.join(missing)}" if missing else ""]
        title = self.statute.forms[listing.form].title
        said = "；".join(filter(None, faults))
        message = f"正文“{_excerpt(statement.text)}”与《{title}》有数字的科目不一致：{said}。"
        places = (statement.source,) if statement.source else ()
        stated, right = "、".join(written.values()), "、".join(expected.values())
        yield Finding("N60", load_rules()["N60"].severity, message, places, stated, right)

    def _operands(self, statement: Statement) -> tuple[Operand, ...]:
        plan, clause = self.clauses[statement.clause]
        found: dict[Address, Operand] = {}
        for text in {**plan.let, **clause.let}.values():
            quantity = parse_quantity(text)
            for term in (*quantity.sum, *(quantity.divisor or ())):
                if not isinstance(term.operand, Place):
                    continue
                for operand in self.measurer.addresses(term.operand, statement.row or None, statement.column or None):
                    fact = self.account.get(operand.address)
                    if fact:
                        unit = self.statute.forms[operand.address.form].unit_of(operand.address.row)
                        name = self.statute.describe(operand.address)
                        found[operand.address] = Operand(name, shown(fact.figure.value, unit), fact.source)
        return tuple(found.values())

    def _unit(self, text: str, let: Mapping[str, str], statement: Statement) -> str:
        quantity = parse_quantity(text)
        if quantity.divisor is not None:
            return PERCENT
        operand = quantity.sum[0].operand
        if isinstance(operand, Name):
            return self._unit(let[operand.name], let, statement) if operand.name in let else "万元"
        if isinstance(operand, Place):
            found = self.measurer.addresses(operand, statement.row or None, statement.column or None)
            form = self.statute.forms[operand.form or ""]
            return form.unit_of(found[0].address.row) if found else form.unit
        return ""

    def _false(self, when: str, known: Known) -> bool:
        """Whether a condition is false whatever the values within the printed figures."""
        return any(isinstance(test, Comparison) and self._never(test, known) for test in parse_when(when))

    def _never(self, test: Comparison, known: Known) -> bool:
        nowhere = Statement("", "")
        left, right = self.intervals.sum(test.left, known, nowhere), self.intervals.sum(test.right, known, nowhere)
        if left is None or right is None:
            return False
        low, high = left[0] - right[1], left[1] - right[0]
        return {
            "=": low > 0 or high < 0,
            "≈": low > 0 or high < 0,
            ">": high <= 0,
            "≥": high < 0,
            "<": low >= 0,
            "≤": low > 0,
        }[test.comparator]

    def _words(self, statement: Statement, let: Mapping[str, str], known: Known) -> Finding:
        values = []
        for name, value in known.items():
            if name in statement.when and value is not None:
                values.append(f"{name}为{_written((value[0] + value[1]) / 2, self._unit(let[name], let, statement))}")
        message = f"正文写“{_excerpt(statement.text)}”，与表中数字不符：{'，'.join(values)}。"
        places = (statement.source,) if statement.source else ()
        return Finding(statement.clause, "error", message, places, operands=self._operands(statement))

    def items(self) -> Iterator[Finding]:
        """The items of the general budget: each explained once, and their budgets making the total (规则 59)."""
        told = {s.row for s in self.account.statements if level_of(s.row) == "项" and s.claims}
        if not told:
            return
        listed = [row for row in lines(self.account, self.statute, "表5") if level_of(row) == "项"]
        missing = [row for row in listed if row not in told]
        if missing:
            names = "、".join(f"{row}{self.statute.functional.name(row, self.statute.year)}" for row in missing)
            rule = load_rules()["N58"]
            yield Finding("N58", rule.severity, f"正文没有逐项说明一般公共预算支出的科目：{names}。", because=("N58",))
            return
        whole = self.account.get(Address("表5", "合计", "1", "年初预算"))
        parts = [fact for row in sorted(told) if (fact := self.account.get(Address("表5", row, "1", "年初预算")))]
        if whole is None or not parts:
            return
        gap = whole.figure.value - total(part.figure.value for part in parts)
        limit = (whole.figure.resolution + total(part.figure.resolution for part in parts)) / 2
        self.decided += 1
        if abs(gap) > limit:
            stated = shown(whole.figure.value, "万元")
            expected = shown(whole.figure.value - gap, "万元")
            difference = shown(abs(gap), "万元")
            message = f"正文的年初预算为{stated}，所列{len(parts)}个项级科目之和为{expected}，相差{difference}。"
            places = (whole.source,) if whole.source else ()
            yield Finding("N59", "error", message, places, stated, expected, difference, "年初预算 = Σ项")


def _written(value: Decimal, unit: str) -> str:
    if unit == PERCENT:
        return f"{printed(abs(value) * 100, 2, trim=True)}%"
    return shown(abs(value), unit)


def _plain(name: str) -> str:
    return re.sub(r"[\s（）()“”]", "", name)


def _excerpt(text: str) -> str:
    return text if len(text) <= 40 else text[:38] + "…"
