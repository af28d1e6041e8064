"""Which statutory form a grid is, by its title.

A title is recognised when nothing but the year, the unit's name, a number (表1, 公开01表) and layout stand beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from juesuan.account import spaceless
from juesuan.reader.raw import RawTable
from juesuan.statute import Form, Statute
from juesuan.statute.language import in_one_script, load_document_words

_NOISE = re.compile(
    r"\d{4}年度?|[(（]?表[一二三四五六七八九十\d]+[)）]?|公开\d+表|财决\S*表|单位[:：].*|金额|部门公开表"
    r"|附[件表][\d-]*[:：]?|[(（]?续表?[)）]"
)
_PUNCTUATION = str.maketrans("", "", " 　\t\"'“”‘’（）()【】《》、，,．.：:　")
_BEFORE = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|\d{1,2}[、.．]|本级|预算单位|部门|单位|[省市区县]级)+")
_OTHER = re.compile("拨款|预算|基金|资本|经费|支出|收入|收支")
"""Words that make another title of what stands before a title."""

_OTHER_MATTER = 0.4
LONGEST = 60
"""A title of a table has no more signs than this."""
_NO_TITLE = re.compile(
    r"[。；;！？]|^(?:[(（]?(?:注|备注|说明|附注)\d*[:：]|(?:公开\d+表)?(?:编制|填报|填表|预算|公开)?(?:单位|部门)(?:名称)?[:：]|(?:金额)?单位[:：])"
    r"|\.{3,}|…|^第[一二三四五六]部分|^[-—第]*\d{1,4}[-—页]*$|^目录$"
)
_OF_DOCUMENT = re.compile(
    r"^(?!.*(?:收入|支出|收支|拨款|基金|经营|三公|经费)).*(?:部门|单位|本级|\d{4}年度?)[决预]算(?:信息)?(?:公开)?(?:情况)?(?:的?说明|报告|目录)?$"
)
"""The title of a whole document, on its cover or above its parts."""
_NAMES = re.compile(r"表(?:[(（][^)）]*[)）]|[一二三四五六七八九十\d-]*)?$")

_TITLES: dict[int, tuple[Statute, dict[str, Form]]] = {}
"""The titles of the statutes at hand, which are loaded once and live as long as the program."""


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """A title without numbers of tables, years, 部门 before it, quotation marks and white space."""
    text = in_one_script(spaceless(text))
    return _BEFORE.sub("", _NOISE.sub("", text).translate(_PUNCTUATION))


def form_of_title(text: str, statute: Statute, unit: str = "") -> Form | None:
    """The form that `text` is the title of, the year, the unit's name and numbers aside; None where it is none."""
    title = normal(text.replace(unit, "") if unit else text)
    forms = _titles(statute)
    if not title or title in forms:
        return forms.get(title)
    endings = [name for name in forms if title.endswith(name) and _is_unit(title.removesuffix(name))]
    return forms[max(endings, key=len)] if endings else None


def _titles(statute: Statute) -> dict[str, Form]:
    """The readable forms by their titles: a form's own title before another's alias."""
    known = _TITLES.get(id(statute))
    if known is None or known[0] is not statute:
        forms: dict[str, Form] = {}
        for name, form in ((form.title, form) for form in statute.readable):
            forms.setdefault(normal(name), form)
        for form in statute.readable:
            for name in form.aliases:
                forms.setdefault(normal(name), form)
        known = _TITLES[id(statute)] = (statute, forms)
    return known[1]


def _is_unit(text: str) -> bool:
    """Whether what stands before a title is the name of a unit rather than a part of another title."""
    ending = load_document_words().organisations.known
    return bool(re.fullmatch(f".*{ending}(?:部门|单位)?", text)) and not _OTHER.search(text)


def titles_within(table: RawTable) -> Iterator[tuple[int, str]]:
    """The lines of a grid that may be its title: those with a single cell of text, with their row."""
    for row, cells in enumerate(table.grid()):
        texts = {id(cell): cell for cell in cells if cell and cell.text.strip()}
        if len(texts) == 1:
            yield row, next(iter(texts.values())).text
        elif texts:
            return


_NUMBER = re.compile(r"[(（]?(?:公开|财决附?|附|预算)?表?[\d一二三四五六七八九十-]+表?[)）]?")


def may_be_title(text: str) -> bool:
    """Whether a paragraph can be the title of a table: short, no sentence, no note and no line for unit or money."""
    plain = spaceless(text)
    return bool(plain) and len(plain) <= LONGEST and not _NO_TITLE.search(plain) and not _OF_DOCUMENT.match(plain)


def title_behind(text: str) -> str:
    """A paragraph that may hold a title: what stands behind the note of the table before, run together with it."""
    note, _, title = text.rstrip().rpartition("。")
    return title if note and names_a_table(title) else text


def is_table_number(text: str) -> bool:
    """Whether a text is only the number of a table (公开05表, 表3), which says nothing of what it is about."""
    return bool(_NUMBER.fullmatch(spaceless(text)))


def names_a_table(text: str) -> bool:
    """Whether a text says of itself that it is the title of a table (…表)."""
    plain = spaceless(text)
    return may_be_title(text) and bool(_NAMES.search(plain))


def likeness(text: str, form: Form, unit: str = "") -> float:
    """How alike a text and the titles of a form are, from 0 to 1: the share of pairs of signs that they have in common.

    Words before the title (预算单位, 区级, a unit's name) cost little; a title that lies whole within the text gains.
    """
    title = normal(text.replace(unit, "") if unit else text)
    if not title:
        return 0.0
    ending = load_document_words().organisations.sure
    named = re.match(f".{{2,25}}?{ending}(?:部门|单位|机关|本级)?(?=.{{4}})", title)
    ways = [title, title[named.end() :]] if named and not _OTHER.search(named[0]) else [title]
    return max(_alike(way, known) * _of_one_matter(way, known) for known in _known(form) for way in ways)


@cache
def _of_one_matter(title: str, known: str) -> float:
    """1 where a title is on nothing that the known one is not on; what is left of its weight otherwise."""
    matters = load_document_words().tables.matters
    return _OTHER_MATTER if any(word in title and word not in known for word in matters) else 1.0


@cache
def _alike(title: str, known: str) -> float:
    if title == known:
        return 1.0
    one, other = Counter(pairwise(title)), Counter(pairwise(known))
    common = (one & other).total()
    dice = 2 * common / max(1, one.total() + other.total())
    before = title.removesuffix(known) if title.endswith(known) else None
    if before is not None and not _OTHER.search(before):
        return max(dice, 0.9)
    return dice * (1.0 if known in title else 0.9)


def _known(form: Form) -> tuple[str, ...]:
    return _normalised((form.title, *form.aliases))


@cache
def _normalised(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normal(title) for title in titles))
