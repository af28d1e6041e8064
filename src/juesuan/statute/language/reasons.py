"""Reasons that the law asks for: which difference each explains, what makes it, and what is commonly said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast, get_args

import msgspec

from juesuan.account import ZERO, Account, Address, Period
from juesuan.statute.articulation.notation import (
    Comparison,
    Name,
    NotationError,
    Place,
    Quantity,
    Sum,
    parse_condition,
    parse_place,
    parse_quantity,
)
from juesuan.statute.clause import Clause, placeholders
from juesuan.statute.form import TOTAL, level_of
from juesuan.statute.language.measure import Measured, Measurer, lines
from juesuan.statute.profile import Statute
from juesuan.statute.reference import Dated
from juesuan.statute.source import demand_declared

FILE = "reasons.yaml"
REASON = "理由:"
"""How a clause marks a reason that the unit gives."""
LAST: Period = "上年"
BUDGET: Period = "年初预算"
FINAL_BUDGET = "预算"
"""What a difference is measured from: last year, the approved budget, or a budget that stands beside the outlay."""

_SUFFIX = re.compile(r"(?:预决算差异|变动)$")
_NUMERAL = re.compile(r"^(?:[一二三四五六七八九十]+、|其中：)")
_PERIODS = re.compile(f"({'|'.join(get_args(Period))})!")
DEFAULT_KIND, ITEM_KIND = "支出", "项"


class ReasonAsked(msgspec.Struct, frozen=True):
    """A reason that a clause asks for: the figures that it is to explain, in base units, and what the unit wrote.

    `than` is what the difference is from: a period (上年, 年初预算, 上年执行), or 预算. `whole` names this year's
    figure in the notation.
    """

    key: str
    section: str
    subject: str
    now: Decimal
    before: Decimal | None
    than: str
    unit: str
    whole: str = ""
    row: str = ""
    text: str = ""

    @property
    def change(self) -> Decimal:
        """By how much the figure is above what it is compared with; below nought where it is less."""
        return self.now - (self.before or ZERO)

    def described(self, statute: Statute) -> str:
        """The difference in words: 2130314 防汛 年初预算 80.00、决算 75.23，减少 4.77 万元."""
        unit = self.unit

        def shown(value: Decimal) -> str:
            return statute.amount_text(abs(value), unit, table=False)

        words = load_reasons().words[statute.profile.kind]
        of, own = words.get(self.than, self.than), words["now"]
        if not self.before:
            return f"{self.subject} 无{of}、{own} {shown(self.now)} {unit}"
        now, before = shown(self.now), shown(self.before)
        word = "增加" if self.change > 0 else "减少"
        return f"{self.subject} {of} {before}、{own} {now}，{word} {shown(self.change)} {unit}"


class PartOfChange(msgspec.Struct, frozen=True):
    """A part of the figure that a reason explains, then and now, in base units."""

    name: str
    now: Decimal
    before: Decimal
    kind: str = ""
    """基本支出 or 项目支出 where the part is one of them."""

    @property
    def change(self) -> Decimal:
        """By how much it changed."""
        return self.now - self.before


# What is declared


class LinesOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All lines of a level of a form, those `under` certain codes where given."""

    form: str
    level: str
    column: str
    under: tuple[str, ...] = ()


class Breakdown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure and what it consists of; in place of the figure `projects` stand the projects of its item."""

    whole: str
    parts: tuple[str, ...] = ()
    lines: LinesOf | None = None
    projects: str = ""


class ReasonPhrase(Dated, frozen=True, forbid_unknown_fields=True):
    """What is commonly said of a kind of reason: one wording for more, one for less."""

    name: str
    of: tuple[str, ...]
    more: str = ""
    less: str = ""
    than: str = ""
    of_part: str = ""
    codes: tuple[str, ...] = ()
    """The items, by the beginning of their codes, that it is about, where it is about some only."""


class ReasonBank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything declared of reasons."""

    breakdowns: tuple[Breakdown, ...]
    words: dict[str, dict[str, str]]
    """By kind of disclosure, what this year's figure (now) and what it is compared with are called."""
    subjects: dict[str, str]
    """What a reason is about, where its name does not say it."""
    kinds: dict[str, tuple[str, ...]]
    phrases: tuple[ReasonPhrase, ...]

    def kind_of(self, key: str) -> str:
        """The kind of the reason called `key` (2080108:预决算差异)."""
        row, _, bare = key.rpartition(":")
        found = next((kind for kind, keys in self.kinds.items() if bare in keys), "")
        return found or (ITEM_KIND if row else DEFAULT_KIND)


@cache
def load_reasons(root: Path = Path(__file__).parents[1]) -> ReasonBank:
    """What is declared of reasons. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, FILE, ReasonBank, _mistakes)


def _mistakes(bank: ReasonBank) -> Iterator[str]:
    kinds = {*bank.kinds, DEFAULT_KIND}
    for phrase in bank.phrases:
        if unknown := set(phrase.of) - kinds:
            yield f"“{phrase.name}”的 of 里没有声明的种类：{'、'.join(sorted(unknown))}。"
        if not phrase.more and not phrase.less:
            yield f"“{phrase.name}”的 more 和 less 至少写一个。"
    for text in reason_places(bank):
        try:
            parse_place(text)
        except NotationError as error:
            yield str(error)


def reason_places(bank: ReasonBank | None = None) -> list[str]:
    """Every place that the declaration names, in the notation."""
    declared = bank or load_reasons()
    return [
        place.strip()
        for breakdown in declared.breakdowns
        for text in (*breakdown.parts, *filter(None, [breakdown.projects]))
        for place in text.split("/")
    ]


# Which difference a clause asks the reason of


def asked_by(
    clause: Clause, names: Mapping[str, Measured], key: str, row: str, section: str, text: str, statute: Statute
) -> ReasonAsked | None:
    """The difference whose reason `clause` asks for under `key`, with its quantities `names`; None where none shows."""
    pair = _compared(clause, names)
    if pair is None:
        return None
    now, before = (names[name] for name in pair)
    named = statute.functional.name(row, statute.year) if level_of(row) else ""
    bare = key.rpartition(":")[2]
    subject = f"{row} {named}" if named else load_reasons().subjects.get(bare) or _SUFFIX.sub("", bare)
    whole = now.of.replace(" ", "")
    period = _PERIODS.match(before.of.strip())
    than = period[1] if period else FINAL_BUDGET
    return ReasonAsked(
        key, section, subject, now.amount, before.value, than, now.unit or before.unit, whole, row, text
    )


def _compared(clause: Clause, names: Mapping[str, Measured]) -> tuple[str, str] | None:
    """The two quantities that the conditions of a clause compare: 决算 < 预算, or 变动 > 0 with its two terms."""
    changes = {name: pair for name, measured in names.items() if (pair := _difference(measured.of))}
    tests = [test for case in clause.cases if case.when for test in parse_condition(case.when).tests]
    for test in tests:
        if isinstance(test, Comparison):
            left, right = _single(test.left), _single(test.right)
            if left in names and right in names:
                return left, right
            if left in changes:
                return changes[left]
    used = (name for case in clause.cases for name in placeholders(case.text))
    return next((changes[name] for name in used if name in changes), None)


def _difference(of: str) -> tuple[str, str] | None:
    if not of:
        return None
    parsed: Quantity = parse_quantity(of)
    terms = parsed.sum
    if parsed.divisor is not None or [term.sign for term in terms] != [1, -1]:
        return None
    first, second = (term.operand for term in terms)
    return (first.name, second.name) if isinstance(first, Name) and isinstance(second, Name) else None


def _single(terms: Sum) -> str:
    if len(terms) == 1 and terms[0].sign > 0 and isinstance(terms[0].operand, Name):
        return terms[0].operand.name
    return ""


# What makes the difference


def parts_of(
    asked: ReasonAsked, account: Account, statute: Statute, former: Account | None = None
) -> tuple[PartOfChange, ...]:
    """What the difference comes from: the parts of the figure that changed, the largest change first.

    `former` is last year's account, where it is known as a whole. Empty where the parts of what it is compared with are
    not known, or there is only one part that says the same again.
    """
    measuring = _Parts(asked, account, statute, former)
    for breakdown in load_reasons().breakdowns:
        if breakdown.whole == asked.whole:
            found = [part for part in measuring.of(breakdown) if part.change]
            if found and (len(found) > 1 or breakdown.projects or breakdown.lines):
                return tuple(sorted(found, key=lambda part: -abs(part.change)))
    return ()


class _Parts:
    """Measures the parts of one figure."""

    def __init__(self, asked: ReasonAsked, account: Account, statute: Statute, former: Account | None) -> None:
        self._asked = asked
        self._account = account
        self._statute = statute
        self._former = former
        self._measurer = Measurer(account, statute)

    def of(self, breakdown: Breakdown) -> Iterator[PartOfChange]:
        if not self._comparable(breakdown):
            return
        for text in breakdown.parts:
            if text == breakdown.projects and (projects := list(self._projects())):
                yield from projects
            else:
                yield from self._part(text)
        if breakdown.lines is not None:
            yield from self._lines(breakdown.lines)

    def _comparable(self, breakdown: Breakdown) -> bool:
        """Whether what the parts are compared with is known by parts at all."""
        than = self._asked.than
        if than == FINAL_BUDGET:
            return True
        forms = {parse_place(text.partition("/")[0].strip()).form for text in breakdown.parts}
        forms |= {breakdown.lines.form} if breakdown.lines else set()
        period = cast(Period, than)
        if period == LAST and self._former is not None:
            return any(any(self._former.of_form(form)) for form in forms if form)
        wanted = [a for text in breakdown.parts for a in self._addresses(text.partition("/")[0].strip())]
        if period == LAST and breakdown.parts:
            # Some of last year's figures stand in the workbook: only all of them together say what changed.
            return all(self._known(address, period) for address in wanted if self._account.get(address))
        rows = (fact.address.row for form in forms if form for fact in self._account.of_form(form, period))
        level = breakdown.lines.level if breakdown.lines else ""
        return any(not level or level_of(row) == level for row in rows)

    def _known(self, address: Address, period: Period) -> bool:
        return self._account.get(msgspec.structs.replace(address, period=period)) is not None

    def _addresses(self, text: str) -> list[Address]:
        place: Place = parse_place(text)
        form = self._statute.forms.get(place.form or "")
        if form is None:
            return []
        row = self._asked.row or None
        found = [operand.address for operand in self._measurer.addresses(place, row)]
        return [a for a in found if a.column in form.columns and (form.layout.coded or a.row in form.rows)]

    def _part(self, text: str) -> Iterator[PartOfChange]:
        one, _, other = (part.strip() for part in text.partition("/"))
        addresses = self._addresses(one)
        if not addresses:
            return
        now = sum((self._account.amount(a) for a in addresses), ZERO)
        if self._asked.than == FINAL_BUDGET:
            before = sum((self._account.amount(a) for a in self._addresses(other)), ZERO) if other else ZERO
        else:
            before = sum((self._before(a) for a in addresses), ZERO)
        name = self._name(addresses[0], one)
        yield PartOfChange(name, now, before, name if name in ("基本支出", "项目支出") else "")

    def _before(self, address: Address) -> Decimal:
        """What stood there in the year before, or in the approved budget."""
        period = cast(Period, self._asked.than)
        fact = self._account.get(msgspec.structs.replace(address, period=period))
        if fact is None and period == LAST and self._former is not None:
            fact = self._former.get(address)
        return fact.figure.value if fact else ZERO

    def _name(self, address: Address, text: str) -> str:
        form = self._statute.forms[address.form]
        if "此行" in text or "行" not in text or address.row == TOTAL:
            return form.columns[address.column].label
        return _NUMERAL.sub("", self._statute.name_of(form, address.row))

    def _lines(self, listed: LinesOf) -> Iterator[PartOfChange]:
        periods: tuple[Period, ...] = ("本年", cast(Period, self._asked.than))
        rows = dict.fromkeys(lines(self._account, self._statute, listed.form, periods))
        if self._asked.than == LAST and self._former is not None:
            rows.update(dict.fromkeys(f.address.row for f in self._former.of_form(listed.form)))
        form = self._statute.forms[listed.form]
        for row in sorted(rows):
            if level_of(row) == listed.level and (not listed.under or row.startswith(listed.under)):
                address = Address(listed.form, row, listed.column)
                name = f"{row} {self._statute.name_of(form, row)}"
                yield PartOfChange(name, self._account.amount(address), self._before(address))

    def _projects(self) -> Iterator[PartOfChange]:
        """The projects of the item, where the budget of each is known."""
        own = [project for project in self._account.projects if project.function == self._asked.row]
        if not own or self._asked.than != BUDGET or any(project.initial is None for project in own):
            return
        for project in own:
            yield PartOfChange(project.name, project.outlay, project.initial or ZERO, "项目支出")


# What is commonly said


def phrases_for(asked: ReasonAsked, parts: Iterable[PartOfChange], year: int) -> list[ReasonPhrase]:
    """The phrases that fit the reason by its kind, its direction and what it is compared with; those of its own item
    come first.

    Where one part (基本支出, 项目支出) makes most of the difference, those that speak of the other are left out.
    """
    bank = load_reasons()
    kind = bank.kind_of(asked.key)
    than = LAST if asked.than.startswith(LAST) else FINAL_BUDGET
    most = max((part for part in parts if part.kind), key=lambda part: abs(part.change), default=None)
    main = most.kind if most else ""
    fitting = [
        phrase
        for phrase in bank.phrases
        if kind in phrase.of
        and wording_of(phrase, asked)
        and phrase.than in ("", than)
        and (phrase.since or year) <= year <= (phrase.until or year)
        and (not phrase.codes or asked.row.startswith(phrase.codes))
        and (not main or phrase.of_part in ("", main))
    ]
    return sorted(fitting, key=lambda phrase: (not phrase.codes, bool(main) and not phrase.of_part))


def wording_of(phrase: ReasonPhrase, asked: ReasonAsked) -> str:
    """The wording of a phrase for the direction of the difference; empty where it has none."""
    return phrase.more if asked.change > 0 else phrase.less
