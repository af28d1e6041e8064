"""Whose account of which year a document is, and under which profile it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from juesuan.account import spaceless
from juesuan.reader.dating import Sign, signs_of_year, year_of
from juesuan.reader.kinds import is_budget, kind_of_titles
from juesuan.reader.prose.normal import normal_form
from juesuan.reader.raw import RawDocument, RawTable, RawText
from juesuan.reader.tables.titles import form_of_title
from juesuan.statute import Kind, load_lexicon, load_statute
from juesuan.statute.language import PRONUNCIATION, compact, load_document_words, simplified
from juesuan.statute.loader import BASES, heads

_LONGEST = 60
"""A title of a table has no more signs than this."""
_CITY_BEFORE = re.compile(r"[\u4e00-\u9fff]{2,4}市$")
_UNIT = re.compile(r"^(?:编制|填报|填表)?(?:单位|部门)(?:名称)?[:：]\s*(\S.+)$")
_OF_MONEY = re.compile("(?:人民币)?(?:万|千|百万|亿)?元")
_PART = re.compile(r"^第[一二三四五]部分\s*(.+?)(?:20\d{2}年度?)?(?:单位|部门)?(?:概况|决算表|决算情况说明).*$")
_NAMED_AFTER = re.compile("支出|收入|收支|经费|三公|绩效")
"""Words of parts that are named after their matter, not after the unit."""
_NOT_OF_NAME = re.compile(
    r"^(?:(?:20\d{2}年?度?|部门|预算单位|单位|[区市县省]级|本级(?=.)|[:：、，\s])+)|(?:20\d{2}年?度?)?(?:部门|单位)?$"
)
_NO_NAME = re.compile(
    r"(?:(?:本|我|各|全|该)?(?:部门|单位|机关|本级|[局院校委办厅区市县镇乡]|预算|决算|机构|基本|主要|名称|财政拨款|一般公共|年度|盖章|公章)+)|[\d.年度第部分一二三四五六七八九十、]*"
)
_TITLED = re.compile(
    r"(?:第[一二三四五六]部分)?(?P<before>\D{0,40}?)20\d{2}年?度?(?P<after>\D{0,40}?)(?:部门|单位)?(?:汇总)?"
    r"(?:一般公共预算|财政拨款|三公|决算|预算|整体|绩效|公开)"
)
_YEARLESS = re.compile(r"(?P<before>\D{2,40}?)(?:部门|单位)(?:预算|决算)(?:公开|编制)?(?:情况)?(?:说明|报告)?")
"""A title over two lines, the year on the first."""
_BEGINS_WITH = re.compile(
    r"(?:^|[。;；])([一-鿿()（）]{2,30}?)(?=(?:20\d{2}年度?|财政拨款三公).{0,30}(?:三公|决算|预算|收入|支出|经费))"
)
_OF_AREA = re.compile(
    r"(?:^|[,，。;；])(?:20\d{2}年度?(?!度)([一-鿿]{1,10}?[市县区州旗])(?=[市县区]?本级|部门|各)"
    r"|([一-鿿]{1,10}[市县区州旗])(?=20\d{2}年.{0,16}(?:三公|决算|预算)))"
)
_OTHER_WORDS = re.compile(
    "关于|根据|按照|截至|经|其中|说明|情况|公开|部分|如下|预算|决算|支出|收入|网站|首页|领导|信息|^[全各本我区市县]+$"
)
"""Words that no name of a unit has, or only with others before it."""
_LONGEST_NAME = 40
_OPENING = 60
"""How many paragraphs from the beginning are looked through for the place."""


class Identity(msgspec.Struct, frozen=True):
    """Unit, year and profile of a document; empty or zero where it does not say: no default stands in for it."""

    unit: str
    year: int
    profile: str
    signs: tuple[Sign, ...] = ()
    """What speaks for the year, the heaviest first."""


def identify(
    raw: RawDocument, profile: str | None = None, normal: Callable[[str], str] | None = None
) -> Identity:
    """Unit and year as most places of the document state them, and the profile of the place, unless one is given.

    `normal` brings a text into the form that is looked at, where that is not the lexicon's normal form.
    """
    printed = [PRONUNCIATION.sub("", text.translate(simplified())) for text in _texts(raw)]
    texts = [(normal or _normal)(text) for text in printed]
    kind = load_statute(profile).profile.kind if profile else _kind(texts)
    law = load_statute(BASES[kind])
    titles = [text for text in texts if len(text) <= _LONGEST and form_of_title(text, law)]
    signs = signs_of_year(texts, titles, raw.file)
    year = year_of(signs)
    # With its brackets: they belong to a name (某局（本级）), which the tables bear as well.
    named = (
        Counter(name for text in printed for name in units(text)) or Counter(titled_units(texts[:_OPENING]))
        or Counter(told_units(texts[:_OPENING]))
    )  # fmt: skip
    unit = named.most_common(1)[0][0] if named else ""
    chosen = profile or _profile(unit, "".join(texts[:_OPENING]), year, kind)
    heaviest = sorted((sign for sign in signs if sign.year == year), key=lambda sign: -sign.weight)
    return Identity(unit, year, chosen, tuple(heaviest[:5]))


def _normal(text: str) -> str:
    return normal_form(text, load_lexicon()).text


def _kind(every: Sequence[str]) -> Kind:
    """Whether the document is a budget or final accounts: by what its titles call it, else by its tables."""
    if named := kind_of_titles(every):
        return named
    laws = {kind: load_statute(key) for kind, key in BASES.items()}
    texts = [text for text in every if len(text) <= _LONGEST]
    found = {
        kind: len({form.key for text in texts if (form := form_of_title(text, law))}) for kind, law in laws.items()
    }
    if found["预算"] == found["决算"]:
        return "预算" if is_budget(every) else "决算"
    return "预算" if found["预算"] > found["决算"] else "决算"


def _texts(raw: RawDocument) -> Iterator[str]:
    for block in raw.blocks:
        if isinstance(block, RawText):
            yield block.text
        elif isinstance(block, RawTable):
            yield from (cell.text for cell in block.cells if cell.row < 3)


def units(text: str) -> Iterator[str]:
    """The unit that a line names: the heading of a table (单位：某中心) or of a part."""
    for line in filter(None, re.split(r"[|｜]", spaceless(text))):
        for pattern in (_UNIT, _PART):
            match = pattern.match(line)
            if match and not _OF_MONEY.match(match[1]) and not (pattern is _PART and _NAMED_AFTER.search(match[1])):
                name = unit_name(re.sub(rf"(?:金额)?(?:单位[:：]{_OF_MONEY.pattern})?$", "", match[1]))
                if name:
                    yield name


def unit_name(text: str) -> str:
    """The name of a unit without a year and without 部门、预算单位、区级 before it; empty where no name is left."""
    name = _NOT_OF_NAME.sub("", text.strip("“”\"：:，,、"))
    if re.search("[,，。;；:：]", name) or len(name) > _LONGEST_NAME:
        return ""
    return "" if _NO_NAME.fullmatch(name) or len(name) < 2 else name


def titled_units(texts: Sequence[str]) -> Iterator[str]:
    """The units that the titles of a document name: 某某局2023年度部门决算, 2018年度某某学校部门决算."""
    for text in texts:
        line = re.sub(r"[\s“”]+", "", text)
        match = (_TITLED.match(line) or _YEARLESS.fullmatch(line)) if len(line) <= _LONGEST else None
        for part in match.groupdict().values() if match else ():
            name = unit_name(part.removeprefix("关于").partition("部门及")[0])
            if name and re.search(f"{load_document_words().organisations.every}$", name):
                yield name


def told_units(texts: Sequence[str]) -> Iterator[str]:
    """The units that a line or sentence begins with: 某镇2020年“三公”经费…, 2018年某市部门及乡镇…, 某学院 alone."""
    ending = load_document_words().organisations.every
    for text in texts:
        line = re.sub(r"[\s“”]+", "", text)
        alone = [line] if len(line) <= _LONGEST_NAME and re.fullmatch(r"[一-鿿()（）]+", line) else []
        areas = ("".join(found) for found in _OF_AREA.findall(line))
        for told in (*alone, *_BEGINS_WITH.findall(line), *areas):
            name = unit_name(told)
            if name and re.search(f"{ending}$", name) and not _OTHER_WORDS.search(name):
                yield name


def _names_place(text: str, name: str, place: str, places: Sequence[str]) -> bool:
    """Whether a text names a place; a district of the same name in another city (沈阳市和平区) is another place."""
    start = text.find(name)
    while start >= 0:
        city = _CITY_BEFORE.search(text[max(start - 5, 0) : start])
        if not city or any(known and known.removesuffix("市") in city[0] for known in (place, *places)):
            return True
        start = text.find(name, start + len(name))
    return False


def _profile(unit: str, text: str, year: int, kind: Kind) -> str:
    """The profile of the place that the unit's name, else the text, names, of the nearest year; else the national.

    One that is in force for the year goes before one that is not; of several of the place the one that the words of
    the first pages tell (单位预算, 部门预算).
    """
    printed = compact(text)
    for where in (unit, text):
        found = []
        for described in heads(kind):
            place = re.sub("[市省]$|壮族自治区$|自治区$", "", described.place)
            if any(name and _names_place(where, name, place, described.places) for name in (place, *described.places)):
                told = [word for word in described.told_by if word in printed]
                odd = len(told) < len(described.told_by)
                found.append((odd, described.distance(year), -len(told), described.key))
        if found:
            return min(found)[-1]
    return BASES[kind]
