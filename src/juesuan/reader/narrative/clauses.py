"""The narrative read back through the clauses that write it: claims with places, and figures that only it states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from juesuan.account import (
    Account,
    Address,
    Claim,
    Fact,
    Figure,
    Paragraph,
    Section,
    Source,
    Statement,
    ordinal_of,
    without_ordinal,
)
from juesuan.reader.narrative.amounts import amid_a_name, figure_of
from juesuan.reader.narrative.items import ItemNames
from juesuan.reader.raw import RawDocument, RawText
from juesuan.statute import (
    MONEY_UNITS,
    Clause,
    ParagraphPlan,
    SectionPlan,
    Statute,
    direction,
    parse_place,
    parse_quantity,
)
from juesuan.statute.articulation import Place
from juesuan.statute.language import LIST, NAMES, Measured, Measurer, Pattern, compact, patterns

_SUFFIX = re.compile(r"(?:的?(?:总体)?情况的?说明|的?情况|的?说明)+$")
_BEFORE = re.compile(r"^(?:关于|\d{4}年度?|[一-鿿]{2,30}(?:关于)?\d{4}年度?)+(?:[部门单位]{2}(?=.{4}))?")
_PAGE = re.compile(r"[\s.…·]*[-—]?\s*\d{1,3}\s*[-—]?\s*$")
"""What stands behind an entry of the table of contents."""
_LONGEST = 60
"""A heading has fewer signs than this."""
_CAPTION_LINES = 4
"""So many lines stand between the title of a table and its grid at most."""
_QUOTES = str.maketrans("", "", "“”\"‘’'《》：:。")


class ClauseMatch(msgspec.Struct, frozen=True):
    """A sentence that was recognised: its clause, the wording matched, the line it is about and its claims."""

    clause: Clause
    plan: ParagraphPlan
    when: str
    row: str
    column: str
    claims: tuple[Claim, ...]
    lists: tuple[tuple[str, str], ...]
    text: str
    start: int
    source: Source | None

    def statement(self) -> Statement:
        """The sentence as the account keeps it."""
        return Statement(
            self.clause.key, self.text, self.when, self.row, self.column, self.claims, self.lists, self.source
        )


class FoundSection(msgspec.Struct, frozen=True):
    """A section found in the document: its text without white space, and where each paragraph of it begins."""

    plan: SectionPlan
    text: str
    starts: tuple[int, ...]
    sources: tuple[Source | None, ...]
    paragraphs: tuple[str, ...]

    def source_at(self, offset: int) -> Source | None:
        """The place of the paragraph that `offset` of the text lies in."""
        index = max((n for n, start in enumerate(self.starts) if start <= offset), default=0)
        return self.sources[index] if self.sources else None

    def paragraph_end(self, offset: int) -> int:
        """Where the paragraph that `offset` lies in ends: before the next one that begins with a number."""
        for start, text in zip(self.starts, self.paragraphs, strict=True):
            if start > offset and ordinal_of(compact(text)):
                return start
        return len(self.text)


def stem(title: str) -> str:
    """A heading without its ordinal, year, and the words that vary (关于、情况、说明)."""
    bare = _BEFORE.sub("", without_ordinal(compact(title)))
    return _SUFFIX.sub("", bare).translate(_QUOTES)


def find_parts(raw: RawDocument, statute: Statute) -> list[FoundSection]:
    """The sections of the explanation that the document has; of several places with a title, the one with most text."""
    titles = {stem(title): plan for plan in statute.sections for title in (*plan.aliases, plan.title)}
    texts = [block for block in raw.blocks if isinstance(block, RawText)]
    contents = _contents([block.text for block in texts])
    above = _above_tables(raw)
    marks = [
        (index, titles.get(stem(block.text)))
        for index, block in enumerate(texts)
        if len(block.text) < _LONGEST and index not in contents and index not in above
    ]
    headings = [(index, plan) for index, plan in marks if plan is not None]
    best: dict[str, FoundSection] = {}
    for number, (index, plan) in enumerate(headings):
        stop = headings[number + 1][0] if number + 1 < len(headings) else _end(texts, index + 1)
        part = _part(plan, texts[index + 1 : stop])
        if plan.key not in best or len(part.text) > len(best[plan.key].text):
            best[plan.key] = part
    return [best[plan.key] for plan in statute.sections if plan.key in best]


def _above_tables(raw: RawDocument) -> set[int]:
    """The titles of tables, by their number among the texts: they end in 表, and nothing but the lines between a title
    and its grid (number, unit, money) stands before a grid. A section may bear the name of the table that it explains.
    """
    found: set[int] = set()
    title: int | None = None
    number = -1
    for block in raw.blocks:
        if not isinstance(block, RawText):
            if title is not None:
                found.add(title)
            title = None
            continue
        number += 1
        text = compact(block.text)
        if title is not None and (number - title > _CAPTION_LINES or text.endswith("。")):
            title = None
        # Of a title and the number below it (预算08表) the title counts.
        if title is None and text.endswith("表"):
            title = number
    return found


def _contents(texts: Sequence[str]) -> range:
    """The table of contents: what follows 目录 until an entry stands there again as a heading, or a sentence."""
    start = next((n + 1 for n, text in enumerate(texts) if compact(text) in ("目录", "目次")), 0)
    if not start:
        return range(0)
    seen: set[str] = set()
    for index in range(start, len(texts)):
        entry = stem(_PAGE.sub("", texts[index]))
        if entry in seen or len(texts[index]) >= _LONGEST or "。" in texts[index]:
            return range(start, index)
        seen.add(entry)
    return range(start, len(texts))


def _end(texts: Sequence[RawText], start: int) -> int:
    for index in range(start, len(texts)):
        if re.match(r"第[一二三四五六七八]部分", compact(texts[index].text)):
            return index
    return len(texts)


def _part(plan: SectionPlan, texts: Sequence[RawText]) -> FoundSection:
    pieces = [compact(block.text) for block in texts]
    starts = [sum(len(piece) for piece in pieces[:n]) for n in range(len(pieces))]
    sources = tuple(block.source for block in texts)
    return FoundSection(plan, "".join(pieces), tuple(starts), sources, tuple(block.text for block in texts))


class ClauseMatcher:
    """Recognises the sentences of a document's sections for one account."""

    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.measurer = Measurer(account, statute)
        self.decimals = 0
        """Decimals that amounts of money have at least: trailing zeros are dropped (3万元 among 1,777.51 is 3.00)."""
        self.items = ItemNames(account, statute)

    def least(self, plan: ParagraphPlan) -> int:
        """The decimals that amounts of a paragraph have at least: the document's, unless the place rounds there."""
        return self.decimals if plan.decimals is None else plan.decimals

    def prints(self, address: Address) -> bool:
        """Whether the document's table has the column of an address; of an empty table that is not known."""
        tables = [table for table in self.account.tables if table.form == address.form]
        filled = any(True for _ in self.account.of_form(address.form))
        return filled and any(f"{address.column}栏" not in table.absent for table in tables)

    def matches(self, part: FoundSection) -> Iterator[ClauseMatch]:
        """Every sentence of the section that a clause knows, each clause at most once a line.

        The first clause of a paragraph finds where it stands; the others are looked for in that paragraph only, so that
        a sentence about one expense is never taken for one about another.
        """
        cursor = 0
        for plan in part.plan.paragraphs:
            if plan.continues:
                # The same sentence as before, of other lines: it was read already.
                continue
            if plan.heading:
                cursor = max(cursor, part.text.find(stem(plan.heading), cursor))
            elif plan.each and plan.clauses:
                yield from self._repeated(part, plan, cursor)
            elif plan.clauses:
                found = self._first(plan, part.text, cursor)
                if found is None:
                    continue
                stop = part.paragraph_end(found)
                for clause in plan.clauses:
                    yield from self._clause(part, plan, clause, part.text[found:stop], found, "")
                cursor = found + 1

    @staticmethod
    def _first(plan: ParagraphPlan, text: str, cursor: int) -> int | None:
        """Where the first clause of a paragraph begins behind `cursor`."""
        known = patterns(plan.clauses[0], frozenset(plan.let))
        starts = [match.start() for pattern in known if (match := pattern.search(text, cursor))]
        return min(starts, default=None)

    def _repeated(self, part: FoundSection, plan: ParagraphPlan, cursor: int) -> Iterator[ClauseMatch]:
        """A paragraph for each line: the clause with the names says where each begins."""
        inherited = frozenset(plan.let)
        anchor = next(((c, p) for c in plan.clauses for p in patterns(c, inherited) if p.names), None)
        if anchor is None:
            return
        clause, pattern = anchor
        found = [(m, self._line(pattern, m)) for m in pattern.finditer(part.text, cursor)]
        for number, (match, row) in enumerate(found):
            if not row:
                continue
            stop = found[number + 1][0].start() if number + 1 < len(found) else len(part.text)
            segment = part.text[match.start() : stop]
            for other in plan.clauses:
                if other is clause and pattern.names == pattern.quantities:
                    continue
                yield from self._clause(part, plan, other, segment, match.start(), row)

    def _line(self, pattern: Pattern, match: re.Match[str]) -> str:
        names = [match.group(n + 1) for n, name in enumerate(pattern.quantities) if name in NAMES]
        return self.items.code(names)

    def _clause(
        self, part: FoundSection, plan: ParagraphPlan, clause: Clause, text: str, shift: int, row: str
    ) -> Iterator[ClauseMatch]:
        known = patterns(clause, frozenset(plan.let))
        if clause.each:
            for pattern in known[:1]:
                for match in pattern.finditer(text):
                    line, column = self._place(clause, pattern, match)
                    if line or column:
                        yield self._match(part, plan, clause, pattern, match, shift, line, column)
            return
        matches = [(p, m) for p in known if (m := p.search(text)) and not amid_a_name(text, m.start())]
        if matches:
            pattern, match = max(matches, key=lambda pair: (len(pair[0].quantities), pair[0].weight))
            yield self._match(part, plan, clause, pattern, match, shift, row, "")

    def _place(self, clause: Clause, pattern: Pattern, match: re.Match[str]) -> tuple[str, str]:
        """The line or column that a repeated clause is about here, by the name it prints."""
        name = next((match.group(n + 1) for n, key in enumerate(pattern.quantities) if key in NAMES), "")
        place = parse_place(clause.each) if "!" in clause.each else None
        form = self.statute.forms.get(place.form or "") if place else None
        if form is None or place is None:
            return "", ""
        if place.columns is not None:
            labels = {compact(c.label): key for key, c in form.columns.items() if key not in clause.skip}
            return "", labels.get(re.sub(r"^(?:其中|本年|当年|占)+", "", name), "")
        if form.layout.coded:
            return self.items.code((name,)), ""
        rows = [row for row in form.rows.values() if row.label and row.line not in clause.skip]
        names = [(compact(word), row.line) for row in rows for word in (row.label, *row.reads)]
        found = [(len(word), line) for word, line in names if name.endswith(word)]
        return max(found, default=(0, ""))[1], ""

    def _match(
        self,
        part: FoundSection,
        plan: ParagraphPlan,
        clause: Clause,
        pattern: Pattern,
        match: re.Match[str],
        shift: int,
        row: str,
        column: str,
    ) -> ClauseMatch:
        claims = []
        lists = []
        measured = self.names(plan, clause, row, column)
        for number, name in enumerate(pattern.quantities):
            if name in NAMES:
                continue
            if name.startswith(LIST):
                lists.append((name.removeprefix(LIST), match.group(number + 1)))
                continue
            start, end = match.span(number + 1)
            unit = _stated_unit(match.string[end:], measured[name].unit)
            figure = figure_of(match.group(number + 1), unit, self.least(plan))
            place = part.source_at(shift + start)
            claims.append(Claim(clause.key, name, figure, shift + start, shift + end, row or column, place))
        source = part.source_at(shift + match.start())
        when, begin = pattern.case.when, shift + match.start()
        return ClauseMatch(clause, plan, when, row, column, tuple(claims), tuple(lists), match.group(0), begin, source)

    def names(self, plan: ParagraphPlan, clause: Clause, row: str, column: str) -> dict[str, Measured]:
        """The quantities of a clause measured on the account as far as it is known."""
        names: dict[str, Measured] = {}
        for name, text in {**plan.let, **clause.let}.items():
            names[name] = self.measurer.quantity(text, names, row or None, column or None)
        return names


def _stated_unit(behind: str, unit: str) -> str:
    """The unit of an amount as the sentence says it behind the number; that of its table where it does not."""
    if unit not in MONEY_UNITS:
        return unit
    return next((match for match in MONEY_UNITS if behind.startswith(match)), unit)


def derived_facts(match: ClauseMatch, matcher: ClauseMatcher) -> Iterator[Fact]:
    """The figures that only the narrative states: last year's, the approved budget's, counts, by their addresses.

    Last year's figure is seldom stated itself; it follows from this year's and the change with its direction.
    """
    stated = {claim.name: claim for claim in match.claims}
    let: Mapping[str, str] = {**match.plan.let, **match.clause.let}
    for name, text in let.items():
        if name in stated:
            address = _single(text, match, matcher)
            if address and matcher.account.get(address) is None:
                yield Fact(address, stated[name].figure, stated[name].source)
            continue
        minuend, subtrahend, change = _difference(name, let)
        if change not in stated or not minuend:
            continue
        address = _single(text, match, matcher)
        if address is None or matcher.account.get(address) is not None:
            continue
        sign = direction(match.when, change)
        names = matcher.names(match.plan, match.clause, match.row, match.column)
        known = stated[minuend].figure.value if minuend in stated else names[minuend].value
        if sign and known is not None and subtrahend == name:
            figure = stated[change].figure
            # Both are rounded: what follows from them is as uncertain as the two together.
            rounding = figure.resolution + (stated[minuend].figure if minuend in stated else figure).resolution
            yield Fact(address, Figure(known - sign * figure.value, rounding), stated[change].source)


def _single(text: str, match: ClauseMatch, matcher: ClauseMatcher) -> Address | None:
    """The one address that a quantity is, if it is one that no published table of this year prints."""
    quantity = parse_quantity(text)
    if quantity.divisor is not None or len(quantity.sum) != 1:
        return None
    operand = quantity.sum[0].operand
    if not isinstance(operand, Place):
        return None
    found = matcher.measurer.addresses(operand, match.row or None, match.column or None)
    if len(found) != 1:
        return None
    address = found[0].address
    form = matcher.statute.forms[address.form]
    if address.period != "本年" or not form.published:
        return address
    return None if form.printed(address.row, address.column) or matcher.prints(address) else address


def _difference(name: str, let: Mapping[str, str]) -> tuple[str, str, str]:
    """The change that `name` is subtracted in: minuend, subtrahend and the name of the change."""
    for change, text in let.items():
        first, _, second = text.partition(" - ")
        if second.strip() == name:
            return first.strip(), second.strip(), change
    return "", "", ""


def sections_of(parts: Sequence[FoundSection], match: Sequence[ClauseMatch]) -> tuple[Section, ...]:
    """The narrative as sections of paragraphs with the claims found in them."""
    claims = [claim for sentence in match for claim in sentence.claims]
    sections = []
    for part in parts:
        own = [claim for claim in claims if any(c.key == claim.clause for p in part.plan.paragraphs for c in p.clauses)]
        paragraphs = []
        for number, text in enumerate(part.paragraphs):
            start = part.starts[number]
            stop = part.starts[number + 1] if number + 1 < len(part.starts) else len(part.text)
            inside = tuple(
                msgspec.structs.replace(claim, start=claim.start - start, end=claim.end - start)
                for claim in own
                if start <= claim.start < stop
            )
            paragraphs.append(Paragraph(compact(text), inside, source=part.sources[number]))
        sections.append(Section(part.plan.key, part.plan.title, tuple(paragraphs), part.plan.charts))
    return tuple(sections)
