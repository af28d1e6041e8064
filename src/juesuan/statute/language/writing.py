"""Clauses written: from the figures of an account to sentences whose every number is a claim with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

import msgspec

from juesuan.account import Account, Claim, Figure, Gap, Paragraph, Project, Section, Wording
from juesuan.statute.articulation.notation import parse_place
from juesuan.statute.clause import PLACEHOLDER, Case, Clause, Listing, ParagraphPlan, SectionPlan
from juesuan.statute.form import CODE_LENGTHS, TOTAL, level_of
from juesuan.statute.language.measure import PERCENT, Measured, Measurer, lines, of_fund, of_project
from juesuan.statute.language.reasons import ReasonAsked, asked_by
from juesuan.statute.language.revising import load_revision_words
from juesuan.statute.profile import MONEY_UNITS, Statute

Names = dict[str, Measured]


PROJECTS = "项目"
"""What `each` says to repeat a paragraph or clause over the unit's projects."""


def _numbered(parts: tuple[str, ...]) -> str:
    """Several sentences as one: 一是…；二是…."""
    ordinals = "一二三四五六七八九十"
    clean = [part.strip().rstrip("。；;") for part in parts if part.strip()]
    if len(clean) < 2 or len(clean) > len(ordinals):
        return "；".join(clean)
    return "；".join(f"{ordinals[index]}是{part}" for index, part in enumerate(clean))


PROJECT_NAME = "项目名称"
PROJECT_TEXTS: dict[str, Callable[[Project], str]] = {
    PROJECT_NAME: lambda project: project.name,
    "主要成效": lambda project: _numbered(project.results),
    "产出和效益": lambda project: _numbered(project.outputs),
    "问题": lambda project: project.problems,
    "改进措施": lambda project: project.improvement,
}
"""The words of a project that a clause may print."""


class Context(msgspec.Struct, frozen=True):
    """Where a clause stands: the line or column in hand and its number in the list."""

    row: str | None = None
    column: str | None = None
    number: int = 0
    project: Project | None = None
    fund: str = ""


class Fragment(msgspec.Struct):
    """A piece of a paragraph under construction."""

    text: str = ""
    claims: list[Claim] = []
    gaps: list[Gap] = []
    wordings: list[Wording] = []

    def append(self, other: Fragment) -> None:
        """Put `other` behind, moving its offsets."""
        shift = len(self.text)
        self.text += other.text
        moved = msgspec.structs.replace
        self.claims.extend(moved(c, start=c.start + shift, end=c.end + shift) for c in other.claims)
        self.gaps.extend(moved(g, start=g.start + shift, end=g.end + shift) for g in other.gaps)
        self.wordings.extend(moved(w, start=w.start + shift, end=w.end + shift) for w in other.wordings)


def listed_names(
    account: Account, statute: Statute, listing: Listing, here: str = "", *, possible: bool = False
) -> list[str]:
    """The names of the lines that a listing takes, those that carry an amount; `here` is the line in hand (此).

    With `possible` also those whose amount is printed as 0.00, which may be some yuan.
    """
    form = statute.forms[listing.form]
    under = tuple(here if code == "此" else code for code in listing.under)
    names: dict[str, None] = {}
    for row in lines(account, statute, listing.form):
        if row == TOTAL or level_of(row) != listing.level or (under and not row.startswith(under)):
            continue
        fact = account.facts.get(f"{listing.form}!{row}行{listing.column}栏")
        if fact and (fact.figure.value or (possible and fact.figure.high > 0)):
            names[statute.name_of(form, row).removesuffix(listing.strip)] = None
    return list(names)


class Writer:
    """Writes the sections of the explanation of the accounts for one account."""

    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.measurer = Measurer(account, statute)
        self.asked: dict[str, ReasonAsked] = {}
        """The reasons that the clauses written so far ask for, given or not, by their key."""
        self._usual = statute
        self._section = ""
        self._tendencies = load_revision_words().tendencies()

    def section(self, plan: SectionPlan) -> Section:
        """The section of `plan`, its paragraphs written."""
        self._section = plan.title
        paragraphs: list[Paragraph] = []
        last = 0
        for part in plan.paragraphs:
            with self._printing(part):
                written, last = self._paragraphs(part, last if part.continues else 0)
            paragraphs.extend(written)
        return Section(plan.key, self.sentence(plan.title), tuple(paragraphs), plan.charts)

    def clause(self, plan: ParagraphPlan, clause: Clause, row: str = "", column: str = "", number: int = 0) -> str:
        """The text of one clause of a paragraph at a line or column; `number` is that of the line in its list."""
        context = Context(row or None, column or None, number)
        with self._printing(plan):
            names = self._names(plan.let, {}, context)
            if clause.each and (row or column):
                return self._case(clause, context, self._names(clause.let, names, context)).text
            return self._clause(clause, context, names).text

    @contextmanager
    def _printing(self, plan: ParagraphPlan) -> Iterator[None]:
        """Amounts are printed, and compared as they are printed, with the decimals of the paragraph meanwhile."""
        usual = self.statute, self.measurer
        if plan.decimals is not None:
            style = msgspec.structs.replace(self.statute.profile.style, text_decimals=plan.decimals)
            profile = msgspec.structs.replace(self.statute.profile, style=style)
            self.statute = msgspec.structs.replace(self.statute, profile=profile)
            self.measurer = Measurer(self.account, self.statute)
        try:
            yield
        finally:
            self.statute, self.measurer = usual

    def sentence(self, text: str, let: Mapping[str, str] | None = None) -> str:
        """A single text with its placeholders filled, for titles and glossary."""
        clause = Clause("", (Case(text),), dict(let or {}))
        return self._clause(clause, Context(), {}).text

    def holds(self, condition: str, let: Mapping[str, str]) -> bool:
        """Whether `condition` over the quantities of `let` is true of the account."""
        return self.measurer.holds(condition, self._names(let, {}, Context()))

    def _paragraphs(self, plan: ParagraphPlan, last: int = 0) -> tuple[list[Paragraph], int]:
        """The paragraphs of a plan, and the number of the last one; those of a list are numbered from `last` on."""
        outer = self._names(plan.let, {}, Context()) if not plan.each else {}
        if plan.when and not self.measurer.holds(plan.when, outer):
            return [], last
        if plan.heading:
            return [Paragraph(self.sentence(plan.heading), level=plan.level, key=plan.key)], last
        if plan.text:
            return [self._text_line(line, plan, n) for n, line in enumerate(self._text_lines(plan.text), 1)], last
        if not plan.each:
            fragment = self._join(plan.clauses, Context(), outer)
            return ([_paragraph(fragment, plan.key)] if fragment.text else []), last
        written: list[Paragraph] = []
        for context in self._contexts(plan.each, (), Context()):
            context = msgspec.structs.replace(context, number=last + len(written) + 1)
            names = self._names(plan.let, {}, context)
            if self.measurer.holds(plan.where, names):
                about = context.project.name if context.project else context.row or context.column or ""
                written.append(_paragraph(self._join(plan.clauses, context, names), f"{plan.key}:{about}"))
        return written, last + len(written)

    def _contexts(self, each: str, skip: tuple[str, ...], outer: Context) -> list[Context]:
        if each == PROJECTS:
            return [msgspec.structs.replace(outer, project=project) for project in self.account.projects]
        return [
            msgspec.structs.replace(outer, row=row or outer.row, column=column or outer.column)
            for row, column in self.measurer.loop(each, skip)
        ]

    def _text_lines(self, key: str) -> list[str]:
        text = self.account.texts.get(key, "").strip()
        return [line.strip() for line in text.splitlines() if line.strip()] or [f"{{文:{key}}}"]

    def _text_line(self, line: str, plan: ParagraphPlan, number: int) -> Paragraph:
        key = f"{plan.key}:{number}"
        if line.startswith("{文:"):
            return _paragraph(self._fill(line, Clause("", ()), Context(), {}), key)
        return Paragraph(line, key=key, wordings=(Wording("text", plan.text, 0, len(line)),))

    def _join(self, clauses: tuple[Clause, ...], context: Context, names: Names) -> Fragment:
        joined = Fragment()
        for clause in clauses:
            joined.append(self._clause(clause, context, names))
        return joined

    def _names(self, let: Mapping[str, str], outer: Names, context: Context) -> Names:
        names = dict(outer)
        if context.fund:
            names.update(of_fund(self.account, context.fund))
        if context.project:
            names.update(of_project(self.account, context.project, context.fund))
        for name, text in let.items():
            names[name] = self.measurer.quantity(text, names, context.row, context.column)
        return names

    def _clause(self, clause: Clause, context: Context, outer: Names) -> Fragment:
        if clause.fund:
            context = msgspec.structs.replace(context, fund=clause.fund)
        if not clause.each:
            return self._case(clause, context, self._names(clause.let, outer, context))
        repeated = Fragment()
        number = 0
        for inner in self._contexts(clause.each, clause.skip, context):
            inner = msgspec.structs.replace(inner, number=number + 1)
            names = self._names(clause.let, outer, inner)
            if not self.measurer.holds(clause.where, names):
                continue
            number += 1
            piece = self._case(clause, inner, names)
            if repeated.text:
                repeated.append(Fragment(clause.join))
            repeated.append(piece)
        return repeated

    def _case(self, clause: Clause, context: Context, names: Names) -> Fragment:
        for case in clause.cases:
            texts = all(self._text(key, context) for key in case.has)
            if texts and self.measurer.holds(case.when, names):
                return self._fill(case.text, clause, context, names, turns=bool(case.when) or len(clause.cases) > 1)
        return Fragment()

    def _text(self, key: str, context: Context) -> str:
        """A text of the unit: that of the line in hand first (2080108:预决算差异), then the general one."""
        if context.project and key in PROJECT_TEXTS:
            text = PROJECT_TEXTS[key](context.project)
        else:
            text = self.account.texts.get(f"{context.row}:{key}" if context.row else key, "")
        return text.strip().rstrip("。；;.")

    def _fill(self, text: str, clause: Clause, context: Context, names: Names, *, turns: bool = False) -> Fragment:
        """The text with its placeholders filled; where it `turns` with the figures its words of direction are noted."""
        fragment = Fragment()
        end = 0
        for match in PLACEHOLDER.finditer(text):
            fragment.append(self._literal(text[end : match.start()], clause, turns))
            fragment.append(self._place(match.group(1), clause, context, names))
            end = match.end()
        fragment.append(self._literal(text[end:], clause, turns))
        return fragment

    def _literal(self, text: str, clause: Clause, turns: bool) -> Fragment:
        found = self._tendencies.finditer(text) if turns else ()
        return Fragment(text, [], [], [Wording("direction", clause.key, *match.span()) for match in found])

    def _place(self, name: str, clause: Clause, context: Context, names: Names) -> Fragment:
        kind, _, key = name.partition(":")
        if kind in ("理由", "文"):
            if kind == "理由":
                self._ask(key, clause, context, names)
            return self._written(kind, key, context)
        if kind == "列举":
            names_listed = self._listing(clause.lists[key], context)
            return Fragment(names_listed, [], [], [Wording("list", f"{clause.key}.{key}", 0, len(names_listed))])
        measured = names.get(name) or self.measurer.common.get(name)
        if measured:
            return self._number(clause, name, measured, context)
        if context.project and name in PROJECT_TEXTS:
            text = self._text(name, context)
            named = name == PROJECT_NAME
            return Fragment(text, [], [], [] if named else _own(f"项目:{context.project.name}:{name}", text))
        if name == "行名" and context.row:
            form = self.statute.forms[parse_place(clause.each).form or ""]
            return Fragment(self.statute.name_of(form, context.row))
        if name == "栏名" and context.column:
            form = self.statute.forms[parse_place(clause.each).form or ""]
            return Fragment(form.columns[context.column].label)
        return Fragment(self._word(name, context))

    def _written(self, kind: str, key: str, context: Context) -> Fragment:
        text = self._text(key, context)
        own = f"{context.row}:{key}" if context.row else key
        if text:
            return Fragment(text, [], [], _own(own, text))
        mark = f"【待填：{self._gap_title(key, context)}】"
        gap = Gap(own, "须说明原因" if kind == "理由" else "须填写", 0, len(mark))
        return Fragment(mark, [], [gap], _own(own, mark))

    def _ask(self, key: str, clause: Clause, context: Context, names: Names) -> None:
        """Note that a reason is asked for, with the difference that it explains."""
        own = f"{context.row}:{key}" if context.row else key
        text = self._text(key, context)
        found = asked_by(clause, names, own, context.row or "", self._section, text, self.statute)
        if found is not None:
            self.asked.setdefault(own, found)

    def _gap_title(self, key: str, context: Context) -> str:
        if not context.row or not level_of(context.row):
            return key
        return f"{context.row}{self.statute.functional.name(context.row, self.statute.year)}的{key}"

    def _number(self, clause: Clause, name: str, measured: Measured, context: Context) -> Fragment:
        if measured.unit == PERCENT:
            text, decimals = self.statute.percent_text(abs(measured.amount))
            step = Decimal(1).scaleb(-2 - decimals)
            value = Decimal(text) / 100
        else:
            text, step = self._amount(self.statute, measured)
            if measured.amount and not Decimal(text.replace(",", "")):
                # What is not nothing is not rounded to nothing where a paragraph has fewer decimals than the others.
                text, step = self._amount(self._usual, measured)
            value = Decimal(text.replace(",", "")) * MONEY_UNITS.get(measured.unit, Decimal(1))
        claim = Claim(clause.key, name, Figure(value, step), 0, len(text), context.row or context.column or "")
        return Fragment(text, [claim])

    @staticmethod
    def _amount(statute: Statute, measured: Measured) -> tuple[str, Decimal]:
        """An amount as the text prints it, and its resolution in base units."""
        text = statute.amount_text(abs(measured.amount), measured.unit, table=False)
        return text, statute.resolution(measured.unit, table=False)

    def _listing(self, listing: Listing, context: Context) -> str:
        if listing.level == PROJECTS:
            goals = (form for form in self.account.goals if form.kind == PROJECTS)
            amounts = ((form.title, self.statute.amount_text(form.budget.value, "万元", table=False)) for form in goals)
            return "，".join(f"{title}{amount}万元" for title, amount in amounts)
        return listing.join.join(listed_names(self.account, self.statute, listing, context.row or ""))

    def _word(self, name: str, context: Context) -> str:
        account, statute = self.account, self.statute
        left, right = statute.profile.style.brackets[0], statute.profile.style.brackets[-1]
        words = {
            "年度": str(account.year),
            "上年": str(account.year - 1),
            "单位": account.unit.name,
            "称谓": f"本{statute.profile.unit_word}",
            "部门单位": statute.profile.unit_word,
            "序": str(context.number),
            "类": f"{left}类{right}",
            "款": f"{left}款{right}",
            "项": f"{left}项{right}",
            "机构数": str(len(account.unit.offices)),
            "机构": "、".join(account.unit.offices),
        }
        if name in words:
            return words[name]
        row = context.row or ""
        if name in ("类名", "款名", "项名"):
            return statute.functional.name(row[: CODE_LENGTHS[name[0]]], statute.year)
        raise KeyError(name)


def _own(key: str, text: str) -> list[Wording]:
    return [Wording("text", key, 0, len(text))] if text else []


def _paragraph(fragment: Fragment, key: str) -> Paragraph:
    found = fragment
    return Paragraph(found.text, tuple(found.claims), tuple(found.gaps), key=key, wordings=tuple(found.wordings))
