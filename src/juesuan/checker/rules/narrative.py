"""Findings on the narrative: what a sentence states by its figures and its words, held against the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from juesuan.account import (
    WAN,
    ZERO,
    Account,
    Address,
    Claim,
    Figure,
    Issue,
    StatedOperand,
    Statement,
    excerpt,
    printed,
    total,
    with_unit,
)
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.quantities import Known, Quantities, absolute, as_printed, within
from juesuan.checker.engine.relations import forms_with_known_blanks
from juesuan.checker.rules.items import check_items
from juesuan.checker.rules.lists import NameList, check_lists
from juesuan.checker.rules.opposite_directions import check_opposite_directions
from juesuan.statute import Clause, Listing, Measurer, ParagraphPlan, Shares, Statute, load_rules, parse_quantity
from juesuan.statute.articulation import Comparison, Name, Place
from juesuan.statute.language import NUMBER, PERCENT, load_prose_rules, parse_when

_FIGURE = re.compile(rf"{NUMBER}(?=万元|元|%|辆|批次|人次|个团组|台)")

_LISTED = re.compile(rf"({NUMBER})万元")


class Verified(msgspec.Struct, frozen=True):
    """What the sentences came to: findings, and how many claims were held against figures or could not be."""

    findings: tuple[Issue, ...]
    decided: int
    undecided: int
    unread: int = 0
    """Figures of the narrative that no declared quantity was recognised in."""


def verify_narrative(context: CheckContext) -> Verified:
    """Every recognised sentence held against the figures it is declared to be made of.

    A claim is wrong only where no values within the printed figures can give it (DESIGN, rule 2); a share cut off
    instead of rounded is a notice. Words (增加, 无预算安排) are wrong where their condition is false for every value in
    the printed figures.
    """
    account = context.account
    if not account.facts:
        return Verified((), 0, 0)
    checker = _Checker(account, context.statute)
    findings = [finding for statement in account.statements for finding in checker.statement(statement)]
    findings.extend(checker.near_misses())
    findings.extend(
        check_opposite_directions(account.statements, account.passages, checker.plan_of, checker.is_undecided)
    )
    findings.extend(check_items(context))
    findings.extend(check_lists(context, checker.known))
    return Verified(tuple(findings), checker.decided, checker.undecided, _unread(context))


def _unread(context: CheckContext) -> int:
    found = 0
    for _, paragraph in context.paragraphs():
        spans = [(claim.start, claim.end) for claim in paragraph.claims]
        for match in _FIGURE.finditer(paragraph.text):
            found += not any(start <= match.start() < end for start, end in spans)
    return found


class _Checker:
    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.measurer = Measurer(account, statute)
        self.intervals = Quantities(account, self.measurer, within)
        self.points = Quantities(account, self.measurer, as_printed)
        self.known = forms_with_known_blanks(account, statute)
        self.decided = 0
        self.undecided = 0
        self.near: list[tuple[Claim, Decimal]] = []
        self.clauses: dict[str, tuple[ParagraphPlan, Clause]] = {
            clause.key: (paragraph, clause)
            for section in statute.sections
            for paragraph in section.paragraphs
            for clause in paragraph.clauses
        }

    def plan_of(self, statement: Statement) -> str:
        """The key of the paragraph that a sentence is of."""
        return self.clauses[statement.clause][0].key

    def is_undecided(self, statement: Statement, name: str) -> bool:
        """Whether no figure decides the quantity `name` of a sentence."""
        plan, clause = self.clauses[statement.clause]
        return self.intervals.of({**plan.let, **clause.let}, statement).get(name) is None

    def statement(self, statement: Statement) -> Iterator[Issue]:
        plan, clause = self.clauses[statement.clause]
        let = {**plan.let, **clause.let}
        known = self.intervals.of(let, statement)
        wrong = False
        for claim in statement.claims:
            for finding in self._claim(claim, let, known, statement):
                wrong = wrong or finding.severity == "error"
                yield finding
        for name, text in statement.lists:
            if clause.shares:
                yield from self._shares(clause.shares, text, statement)
            else:
                yield from self._list(clause.lists[name], text, statement)
        if not wrong and statement.when and self._false(statement.when, known) and not self._of_other_budget(statement):
            yield self._words(statement, let, known)

    def _claim(
        self, claim: Claim, let: Mapping[str, str], known: Known, statement: Statement
    ) -> Iterator[Issue]:
        text = let.get(claim.name, "")
        value = known.get(claim.name)
        if value is None or not text:
            self.undecided += 1
            yield from self._of_nothing(claim, text, let, statement)
            yield from self._more_than_all(claim, statement)
            return
        self.decided += 1
        low, high = absolute(value)
        figure = claim.figure
        middle = self.points.of(let, statement).get(claim.name) or value
        if figure.high >= low and figure.low <= high:
            if not low <= figure.value <= high:
                # A sentence in 元 under tables in 万元 says the same more precisely.
                self._compare(claim, text, absolute(middle)[0])
            return
        unit = _worded(self._unit(text, let, statement), figure)
        stated, expected = _written(figure.value, unit), _written(middle[0], unit)
        step = figure.resolution
        finer = unit == PERCENT or high - low < step
        if finer and step and figure.value <= high and low < figure.value + step:
            if unit == PERCENT:
                expected = f"{printed(middle[0] * 100, max(0, -int(step.adjusted()) - 2))}%"
            message = f"正文的{claim.name}{stated}是截去尾数所得，四舍五入应为{expected}。"
            yield self._finding(claim, statement, "notice", message, stated, expected, text)
            return
        other = self._other_base(claim, text, let, statement)
        why = f"所写的{stated}是以“{other}”为分母算得的，分母不对。" if other else ""
        message = f"正文“{excerpt(statement.text)}”中的{claim.name}为{stated}，按表中数字应为{expected}。{why}"
        yield self._finding(claim, statement, "error", message, stated, expected, text)

    def _other_base(self, claim: Claim, text: str, let: Mapping[str, str], statement: Statement) -> str:
        """The amount of the sentence that a stated rate is the rate of, where it should be of another; else empty."""
        quantity = parse_quantity(text)
        if quantity.divisor is None or not claim.figure.value:
            return ""
        known = self.points.of(let, statement)
        whole = self.points.sum(quantity.divisor, known, statement)
        part = self.points.sum(quantity.sum, known, statement)
        if whole is None or part is None:
            return ""
        fits = []
        for name, value in known.items():
            if value is None or value == whole or not value[0] or parse_quantity(let[name]).divisor is not None:
                continue
            if claim.figure.low <= abs(part[0] / value[0]) <= claim.figure.high:
                fits.append(name)
        return fits[0] if len(fits) == 1 else ""

    def _of_nothing(
        self, claim: Claim, text: str, let: Mapping[str, str], statement: Statement
    ) -> Iterator[Issue]:
        """A share of a budget that is nothing (规则 59): there is none to be stated."""
        quantity = parse_quantity(text) if text else None
        if quantity is None or quantity.divisor is None or not claim.figure.value:
            return
        divisor = self.intervals.sum(quantity.divisor, self.intervals.of(let, statement), statement)
        if divisor == (ZERO, ZERO) and "预算" in str(quantity.divisor[0].operand):
            stated = _written(claim.figure.value, PERCENT)
            message = f"正文“{excerpt(statement.text)}”写完成{stated}，而预算为零，没有完成比例。"
            source = claim.source or statement.source
            yield Issue("N63", load_rules()["N63"].severity, message, (source,) if source else (), stated)

    @staticmethod
    def _more_than_all(claim: Claim, statement: Statement) -> Iterator[Issue]:
        """A share (占比) of more than the whole: wrong whatever it is a share of."""
        if claim.name.endswith("占比") and claim.figure.low > 1:
            stated = _written(claim.figure.value, PERCENT)
            message = f"正文“{excerpt(statement.text)}”中的占比为{stated}，部分不会超过全部的100%。"
            places = tuple(place for place in (claim.source or statement.source,) if place)
            yield Issue("N66", load_rules()["N66"].severity, message, places, stated, "不超过100%")

    def _compare(self, claim: Claim, text: str, value: Decimal) -> None:
        """Note a figure of a table that the sentence repeats with another last digit."""
        quantity = parse_quantity(text)
        single = quantity.divisor is None and len(quantity.sum) == 1 and isinstance(quantity.sum[0].operand, Place)
        if single and claim.figure.resolution and 2 * abs(value - claim.figure.value) > claim.figure.resolution:
            self.near.append((claim, value))

    def near_misses(self) -> Iterator[Issue]:
        """One notice on all figures that differ from their table in the last digit only."""
        if not self.near:
            return
        pairs = "；".join(
            f"{claim.name}正文{_written(claim.figure.value, '万元')}、表中{_written(value, '万元')}"
            for claim, value in self.near
        )
        places = tuple(claim.source for claim, _ in self.near if claim.source)
        message = f"正文有 {len(self.near)} 个数与表中同一个数的尾数不同：{pairs}。"
        yield Issue("R002", load_rules()["R002"].severity, message, places)

    def _finding(
        self,
        claim: Claim,
        statement: Statement,
        severity: str,
        message: str,
        stated: str,
        expected: str,
        text: str,
    ) -> Issue:
        source = claim.source or statement.source
        return Issue(
            claim.clause,
            "error" if severity == "error" else "notice",
            message,
            (source,) if source else (),
            stated,
            expected,
            equation=f"{claim.name} = {text}",
            operands=self._operands(statement),
        )

    def _list(self, listing: Listing, text: str, statement: Statement) -> Iterator[Issue]:
        """A list of names held against the lines that carry an amount: none missing, none too many (规则 60)."""
        if listing.form not in self.known:
            # Names cannot be too many for a table that is not there: that it is missing is one finding.
            self.undecided += 1
            return
        self.decided += 1
        names = NameList(self.account, self.statute, listing, statement.row)
        yield from names.compared(text, statement.text, statement.source)

    def _shares(self, shares: Shares, text: str, statement: Statement) -> Iterator[Issue]:
        """Amounts listed by name (甲10万元，乙20万元): they make the total that the paragraph states, and its count."""
        plan, clause = self.clauses[statement.clause]
        known = self.points.of({**plan.let, **clause.let}, statement)
        parts = [Decimal(number.replace(",", "")) * WAN for number in _LISTED.findall(text)]
        whole, count = known.get(shares.total), known.get(shares.count)
        if not parts or whole is None:
            self.undecided += 1
            return
        self.decided += 1
        places = (statement.source,) if statement.source else ()
        gap = abs(whole[0] - total(parts))
        if gap > Decimal(50) * (len(parts) + 1):
            stated, expected = _written(whole[0], "万元"), _written(total(parts), "万元")
            message = f"正文的{shares.total}为{stated}，所列{len(parts)}项之和为{expected}。"
            yield Issue(statement.clause, "error", message, places, stated, expected, _written(gap, "万元"))
        if count is not None and count[0] != len(parts) and not text.endswith("等"):
            message = f"正文写共{count[0]:f}个，所列为{len(parts)}个。"
            yield Issue(statement.clause, "error", message, places, f"{count[0]:f}", str(len(parts)))

    def _operands(self, statement: Statement) -> tuple[StatedOperand, ...]:
        plan, clause = self.clauses[statement.clause]
        found: dict[Address, StatedOperand] = {}
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
                        found[operand.address] = StatedOperand(name, with_unit(fact.figure.value, unit), fact.source)
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

    def _of_other_budget(self, statement: Statement) -> bool:
        """Whether the paragraph tells a later budget too, so that 小于预算 need not be about the approved one."""
        texts = [passage.text for passage in self.account.passages if passage.source == statement.source]
        later = load_prose_rules().later_budgets
        return "预算" in statement.when and any(word in text for word in later for text in (*texts, statement.text))

    def _words(self, statement: Statement, let: Mapping[str, str], known: Known) -> Issue:
        values = []
        for name, value in known.items():
            if name in statement.when and value is not None:
                values.append(f"{name}为{_written((value[0] + value[1]) / 2, self._unit(let[name], let, statement))}")
        message = f"正文写“{excerpt(statement.text)}”，与表中数字不符：{'，'.join(values)}。"
        places = (statement.source,) if statement.source else ()
        return Issue(statement.clause, "error", message, places, operands=self._operands(statement))


def _worded(unit: str, figure: Figure) -> str:
    """The unit that an amount of the text is worded in where its table is in yuan: 万元 unless it is exact."""
    return "万元" if unit == "元" and figure.resolution > 1 else unit


def _written(value: Decimal, unit: str) -> str:
    if unit == PERCENT:
        return f"{printed(abs(value) * 100, 2, trim=True)}%"
    return with_unit(abs(value), unit)
