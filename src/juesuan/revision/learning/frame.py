"""The frame of a document: its tables, parts and sections by their titles and order, its cover, its figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from juesuan.account import Account, Source, ordinal_of, without_ordinal
from juesuan.reader import RawDocument, RawText
from juesuan.revision.learning.openings import Openings, UnlearnableError
from juesuan.revision.learning.sentences import NotLearnt
from juesuan.revision.texts import Texts
from juesuan.statute import Form, SectionPlan, Statute
from juesuan.statute.language import compact, load_revision_words

Tree = dict[str, Any]

_PART = re.compile(r"^(第[一二三四五六七八九十]+部分)([\s　:：、.．]*)(\S.*)$")
_TITLE = re.compile(r"^(\d{4}年度?)?(.*?)([(（]?表[一二三四五六七八九十\d]+[)）]?)?$")
_NUMBERED = re.compile(r"公开(\d+)表")
_CONTENTS = ("目录", "目次")
_COVER_LINES = 6
_LONGEST_LINE = 30
_DAY = re.compile(r"^[\d〇零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]+月")


class FrameReader:
    """Reads the frame off a document; `told` is what was learnt, `left` what was not."""

    def __init__(
        self, raw: RawDocument, account: Account, statute: Statute, texts: Texts, openings: Openings,
        spoilt: Mapping[Source, str],
    ) -> None:
        self.spoilt = spoilt
        self.raw = raw
        self.account = account
        self.statute = statute
        self.texts = texts
        self.openings = openings
        self.paragraphs = [block for block in raw.blocks if isinstance(block, RawText)]
        self.told: list[str] = []
        self.left: list[NotLearnt] = []
        self.style: Tree = {}

    def tree(self) -> Tree:
        """What the profile says of the frame, where it is not as the law has it."""
        forms, order = self._tables()
        sections, titles = self._sections()
        found: Tree = {
            "unit_word": self._unit_word(),
            "cover": self._cover(),
            "order": order,
            "parts": self._parts(),
            "sections": sections,
            "any_order": "false",
        }
        schemes = {sheet.scheme for sheet in self.account.sheets} & set(self.statute.schemes)
        if len(schemes) == 1:
            found["scheme"] = schemes.pop()
        self._figures()
        found["style"] = self.style
        overlay = {"forms": forms, "sections": titles, "glossary": self._terms()}
        return {key: value for key, value in found.items() if value} | {
            "overlay": {key: value for key, value in overlay.items() if value}
        }

    # Tables

    def _tables(self) -> tuple[Tree, list[str]]:
        """The titles of the tables by form, and their order."""
        forms: Tree = {}
        order: list[str] = []
        prefixes: list[str] = []
        endings: list[str] = []
        for table in self.account.tables:
            form = self.statute.forms.get(table.form)
            if form is None or not form.published or form.key in order:
                continue
            order.append(form.key)
            year, title, ending = self._title(table.title)
            prefixes.append(year)
            endings.append(ending)
            named: Tree = {}
            if title and title != compact(form.title) and re.search("表$", title):
                named = {"title": title, "aliases": list(dict.fromkeys([form.title, *form.aliases]))}
                self.told.append(f"表名：《{form.title}》写作《{title}》")
            unit = self._unit(form)
            if unit and unit != form.unit:
                named["unit"] = unit
            if named:
                forms[form.key] = named
        self._captions(prefixes, endings)
        return forms, self._completed(order)

    def _completed(self, order: list[str]) -> list[str]:
        """The order with the tables that the document does not print but the law wants, at the end of it."""
        known = list(self.statute.profile.order)
        missing = [key for key in known if key not in order and key not in self.statute.profile.optional]
        for key in missing:
            title = self.statute.forms[key].title
            self.left.append(NotLearnt(title, None, "文件里没有读到这张表，仍列在最后（不公开的，从 order 里删去）"))
        for key in (key for key in self.statute.profile.optional if key in known and key not in order):
            self.told.append(f"没有《{self.statute.forms[key].title}》，没有列入")
        if order and order != known:
            names = "、".join(self.statute.forms[key].title for key in order)
            self.told.append(f"表的次序：{names}")
        return [*order, *missing] if order else []

    def _title(self, printed: str) -> tuple[str, str, str]:
        """A title apart: the year before it, the title itself, the number behind it."""
        text = compact(printed).replace(compact(self.account.unit.name) or "\0", "")
        match = _TITLE.match(_NUMBERED.sub("", text))
        if match is None:
            return "", "", ""
        return match[1] or "", without_ordinal(match[2]), match[3] or ""

    def _captions(self, prefixes: Sequence[str], endings: Sequence[str]) -> None:
        if not prefixes:
            return
        numbered = next((m for text in self._all() if (m := _NUMBERED.search(text))), None)
        style = {
            "title_prefix": _usual(["{年度}" + text[4:] if text else "" for text in prefixes]),
            "table_in_title": _usual([re.sub(r"\d+|[一二三四五六七八九十]+", "{序}", text) for text in endings]),
            "table_number": ("公开{序:02}表" if len(numbered[1]) > 1 else "公开{序}表") if numbered else "",
            "line_numbers": "true" if any(text in ("行次", "栏次") for text in self._all()) else "false",
        }
        self.style.update(style)

    def _unit(self, form: Form) -> str:
        """元 or 万元, by how finely the amounts of a form are known."""
        steps = [fact.figure.resolution for fact in self.account.of_form(form.key) if fact.figure.value]
        if not steps or form.unit not in ("元", "万元"):
            return ""
        return "元" if sorted(steps)[len(steps) // 2] <= 1 else "万元"

    def _all(self) -> Iterator[str]:
        for texts in self.texts.texts.values():
            yield from texts

    # Parts and sections

    def _parts(self) -> list[Tree]:
        """The parts with their titles (第一部分 …), each as what it shows."""
        found: dict[str, tuple[str, str]] = {}
        wrong: dict[str, str] = {}
        for index, paragraph in enumerate(self.paragraphs):
            match = _PART.match(re.sub(r"[.…·\s　]*\d*$", "", paragraph.text.strip()))
            if match:
                found[match[1]] = match[2], self._whole(match[3], index)
                if paragraph.source is not None and paragraph.source in self.spoilt:
                    wrong[match[3]] = self.spoilt[paragraph.source]
        if not found:
            self.left.append(NotLearnt("第一部分……", None, "没有认出各部分的标题，仍用底本的部分"))
            return []
        parts: list[Tree] = []
        shown: set[str] = set()
        for number, (_, title) in found.items():
            try:
                part = self._part(title, shown, wrong.get(title, ""))
            except UnlearnableError as error:
                self.left.append(NotLearnt(f"{number}　{title}", None, error.why))
                continue
            shown.add(part.get("shows") or part["key"])
            parts.append(part)
        gap = Counter(gap for gap, _ in found.values()).most_common(1)[0][0]
        self.style["part_title"] = f"第{{序}}部分{gap or '　'}{{题}}"
        self.told.append("部分：" + "、".join(part["title"] for part in parts))
        for old in self.statute.profile.parts:
            if old.content in ("概况", "公开表", "情况说明", "名词解释") and old.content not in shown:
                parts.append({"key": old.key, "shows": old.content, "title": old.title})
                self.left.append(NotLearnt(old.title, None, f"没有认出{old.content}这一部分，仍列在后面"))
            elif old.content not in shown:
                # Not every unit has it; what the law wants of those that do is kept.
                parts.append(_kept(old.key, old.content, old.title, old.fields))
        return [{"key": old.key, "drop": "true"} for old in self.statute.profile.parts] + parts

    def _whole(self, title: str, index: int) -> str:
        """A title that is set in two lines, joined: the unit's name goes on in the second."""
        following = self.paragraphs[index + 1].text if index + 1 < len(self.paragraphs) else ""
        unit, joined = self.openings.unit, compact(title + following)
        broken = unit and unit not in compact(title) and unit in joined and len(following) < _LONGEST_LINE
        return joined if broken else title

    def _part(self, title: str, shown: set[str], wrong: str = "") -> Tree:
        """A part by its title; of one that is `wrong` there the title stays that of the base."""
        words = load_revision_words().parts
        plain = compact(title) if wrong else self.openings.title(title)
        content = next((key for key, every in words.items() if any(word in plain for word in every)), "")
        if not content or content in shown:
            raise UnlearnableError("不知道这一部分是什么")
        old = next((part for part in self.statute.profile.parts if part.content == content), None)
        if wrong:
            self.left.append(NotLearnt(title, None, wrong))
            if old is None:
                raise UnlearnableError(wrong)
            plain = old.title
        return _kept(f"{content}·学" if old else content, content, plain, old.fields if old else ())

    def _sections(self) -> tuple[list[str], list[Tree]]:
        """The order of the sections of the explanation, and the titles that are not the law's."""
        index = {each.source: number for number, each in enumerate(self.paragraphs)}
        plans = {plan.key: plan for plan in self.statute.sections}
        headings: list[tuple[int, str, str]] = []
        for section in self.account.narrative:
            places = [index[p.source] for p in section.paragraphs if p.source is not None and p.source in index]
            first = min(places, default=0)
            if first:
                headings.append((first, section.key, self._heading(first - 1, plans[section.key])))
        order = [key for _, key, _ in sorted(headings)]
        titles: list[Tree] = []
        for _, key, printed in sorted(headings):
            title = without_ordinal(compact(printed))
            if title == compact(plans[key].title):
                continue
            try:
                opened = self.openings.title(title)
            except UnlearnableError as error:
                self.left.append(NotLearnt(printed, None, error.why))
                continue
            if opened == compact(plans[key].title):
                continue
            titles.append({"key": key, "title": opened, "aliases": [plans[key].title, *plans[key].aliases]})
            self.told.append(f"标题：《{plans[key].title}》写作《{opened}》")
        if any(ordinal_of(compact(printed)).startswith(("(", "（")) for _, _, printed in headings):
            self.left.append(NotLearnt("（一）……", None, "有的内容在上一级标题之下，编号没有学，编制时各自成节"))
        rest = [plan.key for plan in self.statute.sections if plan.key not in order and not plan.reading]
        for key in rest if order else ():
            self.left.append(NotLearnt(plans[key].title, None, "文件里没有单独的这一节，仍按底本写在后面"))
        return ([*order, *rest] if order else []), titles

    def _heading(self, at: int, plan: SectionPlan) -> str:
        """The heading of a section whose text follows the paragraph at `at`: that may be one of the level below."""
        text = self.paragraphs[at].text
        above = self.paragraphs[at - 1].text if at else ""
        names = {compact(name) for name in (plan.title, *plan.aliases)}
        below = compact(text).startswith("（") and without_ordinal(compact(above)) in names
        return above if below else text

    # Words and figures

    def _unit_word(self) -> str:
        titles = "".join(compact(paragraph.text) for paragraph in self.paragraphs if len(paragraph.text) < 60)
        counts = {word: titles.count(f"{word}{self.statute.profile.kind}") for word in ("部门", "单位")}
        best = max(counts, key=lambda word: counts[word])
        return best if counts[best] else self.statute.profile.unit_word

    def _cover(self) -> str:
        """The lines before the contents, but for a date."""
        lines: list[str] = []
        for paragraph in self.paragraphs[: _COVER_LINES + 1]:
            text = compact(paragraph.text)
            if text in _CONTENTS or _PART.match(paragraph.text.strip()):
                return self._opened_cover("".join(f"{line}\n" for line in lines).strip())
            if text and not _DAY.match(text):
                lines.append(text)
        self.left.append(NotLearnt(lines[0] if lines else "封面", None, "没有认出封面，仍用底本的封面"))
        return ""

    def _opened_cover(self, text: str) -> str:
        try:
            name = compact(self.account.unit.name)
            # A long name is set in two lines.
            whole = text.replace("\n", "")
            joined = text if name in text or name not in whole else whole.replace(name, f"\n{name}\n").strip()
            return "\n".join(self.openings.title(line) for line in joined.split("\n"))
        except UnlearnableError as error:
            self.left.append(NotLearnt(text, None, error.why))
            return ""

    def _figures(self) -> None:
        """Decimals, commas and zeros of tables and prose."""
        cells = [fact.source for fact in self.account.facts.values() if fact.source and fact.source.cell]
        if cells:
            own = self.texts.style(cells[0], "")
            self.style |= {
                "table_decimals": str(own.decimals),
                "table_trim": _yes(own.trimmed),
                "table_grouping": _yes(own.grouped),
            }
        prose = next((paragraph.source for paragraph in self.paragraphs if paragraph.source), Source())
        money = self.texts.style(prose, "万元")
        rates = self.texts.style(prose, "%")
        self.style |= {
            "text_decimals": str(money.decimals),
            "text_trim": _yes(money.trimmed),
            "text_grouping": _yes(money.grouped),
            "percent_decimals": str(rates.decimals),
            "percent_trim": _yes(rates.trimmed),
        }
        every = "".join(text for _, text in self.raw.texts())
        if every.count("(类)") > every.count("（类）"):
            self.style["brackets"] = "()"

    def _terms(self) -> list[Tree]:
        """The explanations of terms that the document words otherwise; those of items of the classification are not a
        place's.
        """
        known = {term.term: term for term in self.statute.glossary}
        made: list[Tree] = []
        for entry in self.account.glossary:
            term = known.get(entry.term)
            text = compact(entry.text)
            if term is None or entry.code or not text or text == compact(term.text) or re.search(r"\d", text):
                continue
            if self.openings.unit and self.openings.unit in text:
                continue
            made.append({"key": term.key, "text": text})
        if made:
            self.told.append(f"名词解释：{len(made)} 条用文件的写法")
        return made


def _kept(key: str, content: str, title: str, fields: Sequence[str]) -> Tree:
    return {"key": key, "shows": content, "title": title} | ({"fields": list(fields)} if fields else {})


def _usual(texts: Sequence[str]) -> str:
    return Counter(texts).most_common(1)[0][0]


def _yes(value: bool) -> str:
    return "true" if value else "false"
