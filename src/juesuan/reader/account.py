"""A raw document made into an account: every amount at its address with its place, and all that has no place kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from juesuan.account import (
    Account,
    Fact,
    Figure,
    Issue,
    OtherTable,
    Passage,
    RowLabel,
    SeenTable,
    Source,
    Unit,
    Unplaced,
)
from juesuan.reader.amounts import money_of, read_amount
from juesuan.reader.evaluation.copied import with_copied_forms
from juesuan.reader.evaluation.document import read_evaluations
from juesuan.reader.identity import Identity, identify, units
from juesuan.reader.kinds import document_kind
from juesuan.reader.narrative.amounts import money_decimals
from juesuan.reader.narrative.clauses import ClauseMatch, ClauseMatcher, derived_facts, find_parts, sections_of
from juesuan.reader.narrative.phrases import match_phrases
from juesuan.reader.prose.document import read_prose
from juesuan.reader.prose.normal import normal_form
from juesuan.reader.raw import RawBlock, RawDocument, RawTable, RawText
from juesuan.reader.tables import Loose, Placed, Recognised, recognise
from juesuan.reader.tables.assignment import Choice, assign
from juesuan.reader.tables.continued import together
from juesuan.reader.tables.copied.flat import folded, titles_apart
from juesuan.reader.tables.copied.lined import gridded
from juesuan.reader.tables.copied.run_together import known_heads, separated
from juesuan.reader.tables.copied.sentences import captions_as_texts, with_sentences_apart
from juesuan.reader.tables.copied.two_sided import with_two_sides
from juesuan.reader.tables.evidence import look, weigh
from juesuan.reader.tables.ordinals import without_ordinals
from juesuan.reader.tables.others import other_tables
from juesuan.reader.tables.placement.agreement import agrees
from juesuan.reader.tables.titles import form_of_title, is_table_number, names_a_table, titles_within
from juesuan.reader.tables.wrapped import WrappedLabels
from juesuan.statute import MONEY_UNITS, Form, Statute, load_lexicon, load_statute
from juesuan.statute.language import load_aliases, unique_subjects

TITLE_DISTANCE = 6
"""How many paragraphs above a table its title may stand (title, number, unit, money)."""


class Reading(msgspec.Struct, frozen=True):
    """What a document was read as: the account, the statute it stands under, and what was met on the way."""

    account: Account
    statute: Statute
    notes: tuple[Issue, ...]


def to_account(raw: RawDocument, profile: str | None = None) -> Reading:
    """The account that `raw` publishes, under the profile of its place and year unless one is given.

    Each fact has the resolution of its column's unit in this document (万元 with two decimals: 100 yuan). Grids that
    are none of the forms, and amounts within a form that have no address, are unplaced; torn numbers that were joined
    are named in the notes.
    """
    identity = identify(raw, profile)
    statute = load_statute(identity.profile, identity.year or None)
    return _Assembler(raw, identity, statute).reading()


def to_figures(raw: RawDocument, profile: str | None = None) -> dict[str, Fact]:
    """The figures of the forms of `raw` by the text of their address; its prose is not read."""
    identity = identify(raw, profile)
    statute = load_statute(identity.profile, identity.year or None)
    return _Assembler(raw, identity, statute).tabled().facts


class _Assembler:
    def __init__(self, raw: RawDocument, identity: Identity, statute: Statute) -> None:
        self.raw = raw = msgspec.structs.replace(raw, blocks=tuple(with_copied_forms(raw.blocks, statute)))
        self.identity = identity
        self.statute = statute
        self.notes: list[str] = list(raw.notes)
        self.unplaced: list[Unplaced] = list(raw.unplaced)
        self.evaluations = read_evaluations(raw, statute)
        self.found: list[tuple[Recognised, str]] = []
        self.seen: list[SeenTable] = []
        self.latest = False
        self.tabular: set[int] = set()
        """The grids, by identity, that are forms and say nothing that sentences would say in the same words."""
        self.others: list[OtherTable] = []
        self.unassigned: dict[int, RawTable] = {}
        """The grids, by identity, that are none of the forms."""

    def reading(self) -> Reading:
        blocks = self._blocks()
        account = self.tabled(blocks)
        self._read_prose(account, blocks)
        return Reading(account, self.statute, tuple(Issue("Q202", "notice", note) for note in self.notes))

    def tabled(self, blocks: Sequence[RawBlock] | None = None) -> Account:
        """The account as the tables and forms alone tell it; its passages are not understood yet."""
        identity = self.identity
        above: list[Passage] = []
        passages: list[Passage] = []
        blocks = self._blocks() if blocks is None else blocks
        self.choices = self._assigned(blocks)
        for block in blocks:
            if isinstance(block, RawText):
                above.append(Passage(block.text, block.source, block.heading))
                continue
            self._below(above)
            self._table(block, _near([passage.text for passage in above], self.statute))
            passages.extend(above)
            above = []
        self._below(above)
        unit = Unit(identity.unit or self._implementer(), nature="")
        account = Account(self.statute.profile.key, identity.year, unit)
        account.extend(self._facts())
        account.labels = tuple(self._labels())
        account.tables = tuple(self.seen)
        account.passages = (*passages, *above)
        account.sheets = self.evaluations.sheets
        account.goals = self.evaluations.goals
        account.key_work = self.evaluations.key_work
        account.unplaced = (*self.unplaced, *self.evaluations.unplaced)
        account.others = tuple(self.others)
        self.notes.extend(self.evaluations.notes)
        return account

    def _read_prose(self, account: Account, blocks: Sequence[RawBlock]) -> None:
        """Adds what the passages, and grids that are none of the forms, say."""
        lexicon = load_lexicon()
        texts = [normal_form(passage.text, lexicon).text for passage in account.passages]
        account.document = document_kind(texts, len(self.seen), self.statute.profile.kind == "预算")
        tabled = frozenset(account.facts)
        self._match_clauses(account)
        # A text with one table is a statement, whose table says the same as its sentences: it is read with them.
        loose = len(self.found) <= 1
        # Lines of the classification are no statements: their sums are checked as those of a table.
        coded = {id(table) for table in self.unassigned.values() if table.source in self._coded()}
        forms = self.evaluations.taken | coded | self.tabular
        prose = [
            block for block in blocks
            if isinstance(block, RawText) or (id(block) not in forms and (loose or id(block) in self.unassigned))
        ]  # fmt: skip
        account.stated = read_prose(prose, account, self.statute, tabled, loose=loose)
        account.unplaced = self._not_stated(account)

    def _implementer(self) -> str:
        """The unit that carried out the project of a form of evaluation which stands by itself; empty for several."""
        named = {re.sub(r"^\d+[-—]", "", sheet.implementer) for sheet in self.evaluations.sheets if sheet.implementer}
        return named.pop() if len(named) == 1 else ""

    def _coded(self) -> set[Source | None]:
        """Where the tables begin of which most lines have a code of the classification."""
        return {
            table.source for table in self.others
            if 2 * sum(bool(line.code) for line in table.lines) > len(table.lines)
        }  # fmt: skip

    def _blocks(self) -> list[RawBlock]:
        """The blocks of the document, tables in parts put together, forms of evaluation as they are."""
        taken = self.evaluations.scored
        if any(id(block) in taken for block in self.raw.blocks):
            cut = next(n for n, block in enumerate(self.raw.blocks) if id(block) in taken)
            return [*self._gridded(self.raw.blocks[:cut]), *self.raw.blocks[cut:]]
        return self._gridded(self.raw.blocks)

    def _gridded(self, blocks: Sequence[RawBlock]) -> list[RawBlock]:
        taken, wrapped = self.evaluations.taken, WrappedLabels(self.statute)
        blocks = [
            block if id(block) in taken else wrapped.put_together(without_ordinals(block))
            for block in captions_as_texts(blocks)
        ]
        whole = list(with_two_sides(list(separated(list(titles_apart(blocks)), self.statute)), self.statute))
        apart = gridded(whole, self._likeness, known_heads(self.statute))
        grids = folded(apart, self._likeness)
        return together(list(with_sentences_apart(grids, self.evaluations.taken)), self._title)

    def _not_stated(self, account: Account) -> tuple[Unplaced, ...]:
        """What found no place, but for the numbers of grids that were read as statements; the grids that look like a
        form are told in any case."""
        as_statements = {stated.source for stated in account.stated if stated.source}
        stated = {
            table.source: sum(1 for cell in table.cells if read_amount(cell.text) and cell.source in as_statements)
            for table in self.unassigned.values()
        }
        unassigned = [
            msgspec.structs.replace(item, amounts=max(0, item.amounts - stated[item.source]))
            if item.amounts and item.source in stated and not item.like
            else item
            for item in account.unplaced
        ]
        pairs = zip(unassigned, account.unplaced, strict=True)
        return tuple(new for new, old in pairs if new.amounts or not old.amounts)

    def _likeness(self, table: RawTable, above: Sequence[str]) -> float:
        """How much a grid is like the form that it is most like, and what of its amounts that form has a place for."""
        seen = look(table, above)
        best = weigh(seen, self.statute, self.identity.unit)[0]
        placed = recognise(table, self.statute.forms[best.form], self.statute).amounts
        return best.score + len({id(entry.cell) for entry in placed}) / max(1, len(table.cells))

    def _title(self, text: str) -> str:
        form = self._form(text)
        return form.key if form else ""

    def _match_clauses(self, account: Account) -> None:
        """The sentences of the narrative; what only they state becomes facts of the account."""
        parts = find_parts(self.raw, self.statute)
        matcher = ClauseMatcher(account, self.statute)
        # Heard twice: how precisely the document prints amounts is only known when all have been seen.
        matcher.decimals = money_decimals(
            claim for part in parts for sentence in matcher.matches(part) for claim in sentence.claims
        )
        matches: list[ClauseMatch] = []
        for part in parts:
            for sentence in matcher.matches(part):
                matches.append(sentence)
                account.extend(derived_facts(sentence, matcher))
        for sentence in match_phrases(parts, matcher, matches):
            matches.append(sentence)
            account.extend(derived_facts(sentence, matcher))
        account.narrative = sections_of(parts, matches)
        account.statements = tuple(sentence.statement() for sentence in matches)

    def _below(self, texts: Sequence[Passage]) -> None:
        """The paragraphs under the last table are its notes: what it shows, its equations, why it is empty."""
        if self.seen and self.latest:
            notes = (*self.seen[-1].notes, *texts[:TITLE_DISTANCE])
            self.seen[-1] = msgspec.structs.replace(self.seen[-1], notes=notes)
        self.latest = False

    def _table(self, table: RawTable, above: Sequence[str]) -> None:
        if id(table) in self.evaluations.taken:
            return
        texts = [*above, *(text for _, text in titles_within(table))]
        choice = self.choices[id(table)]
        if not choice.form:
            self._leave_unassigned(table, texts, choice)
            return
        form, title = self.statute.forms[choice.form], choice.title
        recognised = recognise(table, form, self.statute)
        nothing = not recognised.amounts and any("." in cell.text and read_amount(cell.text) for cell in table.cells)
        if nothing or (choice.weak and not agrees(recognised, self.statute)):
            # Nothing in its title says what it is, and its figures deny it; or none of them has a place in the form.
            self._leave_unassigned(table, texts, msgspec.structs.replace(choice, form=""))
            return
        unit = next((name for text in (*reversed(texts), *_corners(table)) for name in units(text)), "")
        below = tuple(Passage(cell.text, cell.source) for cell in table.cells if cell.colspan == table.width)
        self.seen.append(SeenTable(form.key, title, table.source, unit, below))
        self.latest = True
        money = money_of([*texts, *_corners(table)][::-1]) or form.unit
        self.seen[-1] = msgspec.structs.replace(
            self.seen[-1], absent=recognised.absent, numbers=_own_numbers(recognised)
        )  # fmt: skip
        placed = {id(cell) for entry in recognised.amounts for cell in (entry.cell, *entry.more)}
        meant = {printed.replace(" ", ""): code for code, printed in recognised.misprints}
        self.others.extend(other_tables(table, form.title, money, placed, meant))
        self.found.append((recognised, money))
        if not is_statement(form):
            self.tabular.add(id(table))

    def _assigned(self, blocks: Sequence[RawBlock]) -> dict[int, Choice]:
        """What each grid of the document was taken for, all of them weighed together."""
        above: list[str] = []
        grids = []
        for block in blocks:
            if isinstance(block, RawText):
                above.append(block.text)
                continue
            if id(block) not in self.evaluations.taken:
                grids.append(look(block, _near(above, self.statute)))
            above = []
        return {id(choice.seen.table): choice for choice in assign(grids, self.statute, self.identity.unit)}

    def _form(self, text: str) -> Form | None:
        return form_of_title(text, self.statute, self.identity.unit)

    def _leave_unassigned(self, table: RawTable, texts: Sequence[str], choice: Choice) -> None:
        self.unassigned[id(table)] = table
        title = choice.title if choice.like else next((text for text in reversed(texts) if text.strip()), "")
        words = "、".join(cell.text for cell in table.cells[:6] if cell.text.strip())
        # The ordinals of a list of units are no figures.
        numbered = {cell.column for cell in table.cells if cell.text.strip() == "序号"}
        figures = [cell for cell in table.cells if cell.column not in numbered and read_amount(cell.text) is not None]
        named = next((text for text in reversed(texts) if names_a_table(text) and not is_table_number(text)), title)
        owner = next((name for text in (*reversed(texts), *_corners(table)) for name in units(text)), "")
        others = [
            msgspec.structs.replace(other, owner=owner)
            for other in other_tables(table, named, money_of([*texts, *_corners(table)][::-1]), ())
        ]
        self.others.extend(others)
        # Beside codes of the classification only what stands in columns of amounts is one.
        amounts = sum(line.filled for other in others for line in other.lines) or len(figures)
        text = f"表格“{title}”（{table.height}行{table.width}列）：{words}"
        self.unplaced.append(Unplaced(text, table.source, amounts=amounts, like=choice.like))

    def _facts(self) -> list[Fact]:
        decimals: dict[str, int] = {}
        amounts: list[tuple[Placed, str]] = []
        aliases = load_aliases()
        for recognised, money in self.found:
            self.unplaced.extend(_left(loose, recognised.form) for loose in recognised.rest)
            for placed in recognised.amounts:
                amount = placed.amount
                if amount is None:
                    where, text = placed.address, placed.cell.text
                    # A heading that the total was printed over: the total is not blank, it was not printed.
                    lost = int(aliases.heading(text) not in aliases.heading_words)
                    self.unplaced.append(Unplaced(text, placed.cell.source, where.form, where.row, where.column, lost))
                    continue
                decimals[money] = max(decimals.get(money, 0), amount.decimals)
                amounts.append((placed, money))
                if amount.joined:
                    self.notes.append(f"数字“{placed.cell.text}”中间断开，按“{amount.value}”读（{placed.cell.source}）")
        return [self._fact(placed, money, decimals[money]) for placed, money in amounts]

    def _fact(self, placed: Placed, money: str, decimals: int) -> Fact:
        amount = placed.amount
        value = amount.value if amount else Decimal(0)
        unit = self.statute.forms[placed.address.form].unit_of(placed.address.row)
        if unit not in MONEY_UNITS:
            return Fact(placed.address, Figure(value), placed.cell.source)
        scale = MONEY_UNITS[money]
        return Fact(placed.address, Figure(value * scale, scale.scaleb(-decimals)), placed.cell.source)

    def _labels(self) -> list[RowLabel]:
        return [
            RowLabel(recognised.form.key, row, cell.text, cell.source, dict(recognised.misprints).get(row, ""))
            for recognised, _ in self.found
            for row, cell in recognised.names
        ]


def _left(loose: Loose, form: Form) -> Unplaced:
    """An amount that was not read, with what is known of its place; one beside the form names no form."""
    cell = loose.cell
    if loose.aside:
        return Unplaced(cell.text, cell.source, amounts=1)
    return Unplaced(cell.text, cell.source, form.key, loose.row, loose.column, 1)


def is_statement(form: Form) -> bool:
    """Whether a form says of the “三公” expenses what a statement of them says in sentences."""
    lexicon = load_lexicon()
    words = lexicon.find(normal_form(form.title, lexicon).text)
    return any(word.key in unique_subjects() for _, _, word in words)


def _own_numbers(recognised: Recognised) -> tuple[tuple[str, str], ...]:
    """The printed numbers of lines, where they are not those of the form: only then an equation needs them."""
    known = {row.line: row.number for row in recognised.form.rows.values()}
    differ = any(known.get(line, number) not in ("", number) for number, line in recognised.numbers)
    return recognised.numbers if differ else ()


def _near(above: Sequence[str], statute: Statute) -> list[str]:
    """What may be the title and the captions of a table: the paragraphs above it without cells of its headings."""
    heads = {block.head for form in statute.readable for block in form.blocks if block.head}
    return [text for text in above if text not in heads][-TITLE_DISTANCE:]


def _corners(table: RawTable) -> list[str]:
    """The texts of the first lines of a grid, where a sheet prints its unit of money."""
    return [cell.text for cell in table.cells if cell.row < 4]
