"""Words of a document with what changes left open: figures, years, the unit, items, lists, reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import pairwise

import msgspec

from juesuan.account import Account, JuesuanError, Source
from juesuan.revision.learning.tellings import Tellings
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.occurrences import Stated
from juesuan.revision.texts import Texts
from juesuan.statute import CODE_LENGTHS, Clause, Statute, parse_place
from juesuan.statute.language import PLACEHOLDER, compact, load_revision_words
from juesuan.statute.loader import law_texts

_REASON = re.compile(r"(?:主要)?原因(?:主要)?(?:(?:[是为：:]|如下)+|(?=一是))(.+?)(?=。|$)")
_ORDINAL = re.compile(r"^[（(]?(\d{1,2})[)）.．、]")
_DAY = re.compile(r"(?:12月31日|1月1日)")
_OWN_NUMBER = re.compile(r"[一二三四五六七八九十\d]+\.?\d*")
_SIGNS = re.compile(r"[^\u4e00-\u9fff]+")
LONGEST_OWN = 6
"""So many signs in a row that the law nowhere writes are the unit's own words."""


class UnlearnableError(JuesuanError):
    """Why a sentence cannot be learnt; `text` is the part of it, where it is not the whole."""

    def __init__(self, why: str, text: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.text = text


class Opened(msgspec.Struct, frozen=True):
    """A wording with its placeholders, and from where to where of the paragraph it was learnt."""

    text: str
    start: int
    end: int
    lets: dict[str, str] = {}
    """The quantities besides the clause's own, by the names given to them."""


class Openings:
    """Opens the texts of one document."""

    def __init__(self, account: Account, statute: Statute, texts: Texts, tellings: Tellings) -> None:
        self.account = account
        self.statute = statute
        self.texts = texts
        self.tellings = tellings
        self.unit = compact(account.unit.name)
        self.word = ""
        """部门 or 单位, as the document calls the unit in its titles."""

    def text(self, source: Source) -> str:
        """The paragraph at a source, without white space."""
        return self.texts.of(source)[0]

    def title(self, text: str) -> str:
        """A title with the unit and the years left open. Raises UnlearnableError for one with another year."""
        opened = self._years(self._named(compact(text)))
        if re.search(r"\d{4}", PLACEHOLDER.sub("", opened)):
            raise UnlearnableError("标题里有别的年度", text)
        return opened

    def label(self, clause: Clause, row: str, column: str) -> tuple[str, str]:
        """The name of the line or column that a repeated clause is about, and the word for it."""
        form = self.statute.forms[parse_place(clause.each).form or ""] if "!" in clause.each else None
        if form is None:
            raise UnlearnableError("按项目写的语句")
        if column:
            return form.columns[column].label, "{栏名}"
        return self.statute.name_of(form, row), "{行名}"

    def open(
        self,
        source: Source,
        start: int,
        end: int,
        last: int,
        numbers: Sequence[Stated],
        row: str,
        reason: str,
        lists: Sequence[tuple[str, str]],
        model: str,
        label: tuple[str, str] = ("", ""),
    ) -> Opened:
        """The words from `start` to `end` of a paragraph, of which what was recognised ends at `last`.

        `model` is the wording of the law, which says what texts of the unit stand there; `reason` the reason that it
        asks for. Raises UnlearnableError for words that cannot stand in another unit's document.
        """
        text = self.text(source)
        end = self._end(text, start, end, last)
        puts = [(number.start, number.end, f"{{{number.name}}}") for number in numbers]
        for match in _REASON.finditer(text[:end], start):
            if not reason:
                raise UnlearnableError("这里的原因，底本没有对应的", match[0])
            puts = [put for put in puts if not (match.start(1) <= put[0] < match.end(1))]
            puts.append((*match.span(1), f"{{{reason}}}"))
        for name, listed in lists:
            at = text.find(listed, start, end)
            if at >= 0:
                puts.append((at, at + len(listed.removesuffix("等")), f"{{列举:{name}}}"))
        if label[0]:
            at = text.find(compact(label[0]), start, end)
            if at < 0:
                raise UnlearnableError(f"没有写“{label[0]}”", text[start:end])
            puts.append((at, at + len(compact(label[0])), label[1]))
        puts += self._items(text, start, end, row) if row else []
        puts += self._own(text, start, end, model)
        lets = {} if row or label[0] else self._others(source, text, start, end, puts)
        opened = self._filled(text, start, end, puts)
        self._demand_general(opened, text[start:end], bool(row))
        return Opened(opened, start, end, lets)

    def _others(
        self, source: Source, text: str, start: int, end: int, puts: list[tuple[int, int, str]]
    ) -> dict[str, str]:
        """Quantities for the numbers that no clause has, of which it is known what they are; they are put too."""
        lets: dict[str, str] = {}
        for number in numbers_in(text[:end]):
            if number.start < start or any(first <= number.start < last for first, last, _ in puts):
                continue
            quantity = self.tellings.let(source, number.start)
            if quantity:
                name = f"数{len(lets) + 1}"
                lets[name] = quantity
                puts.append((number.start, number.end, f"{{{name}}}"))
        return lets

    @staticmethod
    def _own(text: str, start: int, end: int, model: str) -> list[tuple[int, int, str]]:
        """Where the unit's own texts stand that the law's wording has: behind the same words."""
        puts = []
        for match in re.finditer(r"([^{}。；，]{2,})(\{(?:文:[^{}]+|主要成效|产出和效益|问题|改进措施)\})", model):
            at = text.find(compact(match[1]), start, end)
            if at < 0:
                raise UnlearnableError(f"找不到“{match[1]}”后面单位自己写的话", text[start:end])
            first = at + len(compact(match[1]))
            rest = re.search(r"，其中|。|；|$", text[first:end])
            puts.append((first, first + rest.start() if rest else end, match[2]))
        return puts

    @staticmethod
    def _end(text: str, start: int, end: int, last: int) -> int:
        """The end of the sentence with the last number, and of the comparison behind it: what follows is left alone."""
        if end < len(text):
            return end
        stop = last if text[last - 1 : last] == "。" else text.find("。", last) + 1 or end
        told = _REASON.search(text, start, stop)
        if not told and re.match(r"[^。]{0,24}(?:原因|持平)", text[stop:end]):
            stop = text.find("。", stop) + 1 or end
        return max(stop, start)

    def _items(self, text: str, start: int, end: int, row: str) -> list[tuple[int, int, str]]:
        """The names of the class, the section and the item that a paragraph is about, and its number."""
        puts = []
        cursor = start
        match = _ORDINAL.match(text[start:end])
        if match and start == 0:
            puts.append((start + match.start(1), start + match.end(1), "{序}"))
        for level, length in CODE_LENGTHS.items():
            if length > len(row):
                break
            name = compact(self.statute.functional.name(row[:length], self.statute.year))
            at = text.find(f"{name}（{level}）", cursor, end)
            if at >= 0:
                cursor = at + len(name) + 3
                puts.append((at, cursor, f"{{{level}名}}{{{level}}}"))
        return puts

    def end_of_name(self, text: str, row: str) -> int:
        """Where the name of the item that a paragraph is about ends, its full stop with it; 0 where it has none."""
        end = max((last for _, last, put in self._items(text, 0, len(text), row) if put != "{序}"), default=0)
        return end + 1 if end and text[end : end + 1] in ("。", "：") else end

    def _filled(self, text: str, start: int, end: int, puts: Sequence[tuple[int, int, str]]) -> str:
        made, cursor = "", start
        for first, last, put in sorted(puts):
            if first < cursor:
                continue
            made += self._years(self._named(text[cursor:first])) + put
            cursor = last
        return made + self._years(self._named(text[cursor:end]))

    def _named(self, text: str) -> str:
        text = text.replace(self.unit, "{单位}") if self.unit else text
        return text.replace(f"本{self.word}", "{称谓}") if self.word else text

    def _years(self, text: str) -> str:
        own = self.account.year
        for year, word in ((own, "{年度}"), (own - 1, "{上年}")):
            text = re.sub(rf"(?<!\d){year}(?=年)", word, text)
        return text

    def _lists_items(self, text: str) -> bool:
        """Whether a text names items of the classification one after another: those that one unit has."""
        return any(
            first in self._item_names and second in self._item_names
            for first, second in pairwise(re.split(r"[、，：；。|]", text))
        )

    @cached_property
    def _item_names(self) -> frozenset[str]:
        tables = (self.statute.economic, self.statute.functional)
        return frozenset(compact(code.name) for table in tables for code in table.of_year(self.statute.year))

    def _demand_general(self, opened: str, printed: str, numbered: bool) -> None:
        """Raises UnlearnableError for a number that would stand there every year, and for words of the unit's own."""
        bare = load_revision_words().fixed().sub("", _DAY.sub("", PLACEHOLDER.sub("|", opened)))
        if not numbered:
            bare = _ORDINAL.sub("", bare)
        number = re.search(r"\d[\d.,]*", bare)
        if number:
            raise UnlearnableError(f"不知道“{number[0]}”是哪个数", printed)
        if self._lists_items(bare):
            raise UnlearnableError("列举的是这个单位的科目", printed)
        own = own_words(bare)
        if own:
            raise UnlearnableError(f"“{own}”像是单位自己的话", printed)


def own_words(text: str) -> str:
    """The longest stretch of a text that the law nowhere writes, where it is long enough to be the unit's own."""
    longest, run, at = "", "", 0
    law = _law()
    while at < len(text):
        size = next((n for n in range(min(12, len(text) - at), 1, -1) if text[at : at + n] in law), 0)
        if size or _SIGNS.match(text[at]):
            run = ""
        else:
            run += text[at]
            longest = max(longest, run, key=len)
        at += size or 1
    return longest if len(longest) >= LONGEST_OWN else ""


@cache
def _law() -> str:
    """All words of the law: sentences, titles, labels, names of items, the words of prose."""
    return compact("\n".join(law_texts()))
