"""The disclosure laid out: an account and its statute become the document that every written format prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from juesuan.account import Account, GlossaryEntry, Paragraph, Section
from juesuan.publisher.binding import place_of
from juesuan.publisher.charts.specifications import figure
from juesuan.publisher.document import Block, Bound, Cell, Document, Heading, Table, Text, TextGap, ordinal
from juesuan.publisher.evaluation import evaluation
from juesuan.publisher.evidence import evidence_table
from juesuan.publisher.goals import goals
from juesuan.publisher.place_tables import place_table
from juesuan.publisher.tables import table
from juesuan.statute import Form, Part, SectionGroup, Statute, TextField, Writer

KEY_WORK = "重点工作"
"""The key of the key work table, and of the part it stands in."""
ADDED = "增补"
"""How the keys of paragraphs begin that the unit has added, before the place behind which they stand."""
GLOSSARY = "名词"
"""How the keys of explanations begin."""


def chinese_date(iso: str) -> str:
    """An ISO date as a cover prints it: 2023年10月25日; empty for none."""
    if not iso:
        return ""
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def lay_out(account: Account, statute: Statute, *, draft: bool = False) -> Document:
    """The whole disclosure of `account`: cover and all parts in the order of the profile."""
    return _Layout(account, statute).document(draft)


def _whole(line: str, key: str, text: str) -> Text:
    """A paragraph that is a text of the unit, or a line of one."""
    return Text(line, key=key, bound=(Bound(0, len(line), "text", text),))


def _explained(head: str, entry: GlossaryEntry) -> Text:
    key = f"{GLOSSARY}:{entry.code or entry.term}"
    whole = head + entry.text
    return Text(whole, key=key, bound=(Bound(len(head), len(whole), "text", key),) if entry.code else ())


def _bound(paragraph: Paragraph) -> tuple[Bound, ...]:
    """What of a paragraph of the narrative follows from the account, in order."""
    figures = (Bound(c.start, c.end, "figure", f"{c.clause}.{c.name}") for c in paragraph.claims)
    others = (Bound(w.start, w.end, w.kind, w.key) for w in paragraph.wordings)
    return tuple(sorted((*figures, *others), key=lambda each: (each.start, each.end)))


class _Layout:
    def __init__(self, account: Account, statute: Statute) -> None:
        self.account = account
        self.statute = statute
        self.writer = Writer(account, statute)
        self.charts = 0

    def document(self, draft: bool) -> Document:
        account, profile = self.account, self.statute.profile
        cover = self.writer.sentence(profile.cover)
        blocks: list[Block] = []
        for number, part in enumerate(self._parts(), 1):
            title = profile.style.part_title.format(序=ordinal(number), 题=self.writer.sentence(part.title))
            blocks.append(Heading(1, title, f"部分{number}", place=f"部分·{part.key}"))
            blocks.extend(self._part(part))
        blocks = [each for block in blocks for each in (block, *self._added(block))]
        return Document(
            title=cover.replace("\n", ""),
            cover=(*cover.split("\n"), *map(self.writer.sentence, profile.cover_lines)),
            date=chinese_date(account.dates.get("published", "")),
            subject=f"{account.year}年度{profile.unit_word}{profile.kind}公开",
            author=account.unit.name,
            year=account.year,
            blocks=tuple(blocks),
            draft=draft,
            timestamp=account.dates.get("published", ""),
            profile=account.profile,
            code=account.unit.code,
        )

    def _added(self, block: Block) -> Iterator[Text]:
        """The paragraphs that the unit has added behind a block."""
        place = place_of(block)
        key = f"{ADDED}:{place}"
        text = self.account.texts.get(key, "") if place else ""
        for number, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), 1):
            yield _whole(line, f"{key}:{number}", key)

    def _parts(self) -> Iterator[Part]:
        for part in self.statute.parts:
            if part.content == "附件" and not (self.account.sheets or self.account.goals):
                continue
            if part.content == KEY_WORK and not self.account.key_work:
                continue
            if part.optional and not any(self.account.texts.get(key, "").strip() for key in part.fields):
                continue
            yield part

    def _part(self, part: Part) -> Iterator[Block]:
        match part.content:
            case "概况":
                yield from self._overview(part)
            case "公开表":
                yield from self._tables()
            case "情况说明":
                sections = [s for s in self.account.narrative if not part.sections or s.key in part.sections]
                for number, (group, inside) in enumerate(self._grouped(sections), 1):
                    if group is None:
                        yield from self._section(number, inside[0], bare=part.bare)
                    else:
                        yield from self._group(number, group, inside)
            case "重点工作":
                yield from self._key_work(part)
            case "名词解释":
                yield from self._glossary()
            case _:
                yield from self._evaluations()

    def _field(self, key: str) -> TextField:
        return next(field for field in self.statute.profile.overview if field.key == key)

    def _overview(self, part: Part) -> Iterator[Block]:
        for number, key in enumerate(part.fields, 1):
            field = self._field(key)
            if not part.bare:
                yield Heading(2, f"{ordinal(number)}、{field.title}", f"概况{number}", place=f"题·{field.key}")
            yield from self._own_text(field)
            if key == part.fields[-1] and self.account.unit.members:
                yield self._members()

    def _own_text(self, field: TextField) -> Iterator[Block]:
        text = self.account.texts.get(field.key, "").strip()
        if not text and field.required:
            mark = f"【待填：{field.title}】"
            yield msgspec.structs.replace(_whole(mark, f"{field.key}:1", field.key), gaps=(TextGap(0, len(mark)),))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for number, line in enumerate(lines, 1):
            yield _whole(line, f"{field.key}:{number}", field.key)

    def _members(self) -> Table:
        header = tuple(Cell(text, "center", header=True) for text in ("序号", "单位名称", "备注"))
        body = tuple(
            (Cell(str(n), "center"), Cell(name), Cell(note))
            for n, (name, note) in enumerate(self.account.unit.members, 1)
        )
        return Table("下属单位", "", (8, 40, 30), (header,), body, bare=True)

    def _tables(self) -> Iterator[Block]:
        for form in self.statute.printed:
            if isinstance(form, Form):
                yield table(self.account, self.statute, form)
            else:
                yield from place_table(self.account, self.statute, form)

    def _section(self, number: int, section: Section, *, bare: bool = False) -> Iterator[Block]:
        if not bare:
            yield Heading(2, f"{ordinal(number)}、{section.title}", f"说明{number}", place=f"题·{section.key}")
        for index, paragraph in enumerate(section.paragraphs):
            if paragraph.level:
                key = f"说明{number}.{index}"
                yield Heading(paragraph.level, paragraph.text, key, listed=False, place=paragraph.key)
            elif paragraph.text:
                gaps = tuple(TextGap(gap.start, gap.end) for gap in paragraph.gaps)
                yield Text(paragraph.text, gaps, key=paragraph.key, bound=_bound(paragraph))
        for key in section.charts:
            chart = figure(self.statute.charts[key], self.charts + 1, self.account, self.statute)
            if chart:
                self.charts += 1
                yield chart

    def _grouped(self, sections: list[Section]) -> Iterator[tuple[SectionGroup | None, list[Section]]]:
        """The sections in order, those that stand under one heading together."""
        groups = {key: group for group in self.statute.profile.groups for key in group.sections}
        done: set[str] = set()
        for section in sections:
            group = groups.get(section.key)
            if group is None:
                yield None, [section]
            elif section.key not in done:
                inside = [each for key in group.sections for each in sections if each.key == key]
                done.update(each.key for each in inside)
                yield group, inside

    def _group(self, number: int, group: SectionGroup, sections: list[Section]) -> Iterator[Block]:
        yield Heading(2, f"{ordinal(number)}、{self.writer.sentence(group.title)}", f"说明{number}")
        for below, section in enumerate(sections, 1):
            if not group.bare:
                text = f"（{ordinal(below)}）{section.title}"
                yield Heading(3, text, f"说明{number}.{below}", listed=False, place=f"题·{section.key}")
            yield from self._section(number, section, bare=True)

    def _key_work(self, part: Part) -> Iterator[Block]:
        for key in part.fields:
            yield from self._own_text(self._field(key))
        header = tuple(
            Cell(text, "center", header=True) for text in ("序号", "重要事项", "工作内容及目标", "完成情况")
        )
        body = tuple(
            (
                Cell(str(n), "center"),
                Cell(work.matter, "center", key=f"{KEY_WORK}:{n}:matter", editable=True),
                Cell(work.goal, key=f"{KEY_WORK}:{n}:goal", editable=True),
                Cell(work.outcome, key=f"{KEY_WORK}:{n}:outcome", editable=True),
            )
            for n, work in enumerate(self.account.key_work, 1)
        )
        yield Table(KEY_WORK, "", (6, 16, 36, 50), (header,), body, bare=True)

    def _glossary(self) -> Iterator[Block]:
        number = item = 0
        for entry in self.account.glossary:
            if entry.code.isdigit():
                item += 1
                yield _explained(f"{item}. {entry.term}：", entry)
            elif entry.text:
                number += 1
                yield _explained(f"（{ordinal(number)}）{entry.term}：", entry)
            else:
                number += 1
                yield Text(f"（{ordinal(number)}）{entry.term}", key=f"{GLOSSARY}:{entry.term}")

    def _evaluations(self) -> Iterator[Block]:
        year, unit = self.account.year, self.account.unit.name
        forms = [(goal.title, goals(goal, self.statute, year, unit)) for goal in self.account.goals]
        for sheet in self.account.sheets:
            scheme = self.statute.schemes[sheet.scheme]
            forms.append((sheet.title, evaluation(sheet, self.statute, scheme, year, unit)))
        times = Counter(form.title for _, form in forms)
        for project, form in forms:
            # A scheme whose titles name no project gives several forms one title, and one line of the contents.
            alike = times[form.title] > 1
            yield msgspec.structs.replace(form, title=f"{form.title}：{project}") if alike else form
        evidence = evidence_table(self.account)
        if evidence is not None:
            yield evidence
