"""Which statutory form a grid is, by its title.

A title is recognised when nothing but the year, the unit's name, a number (表1, 公开01表) and layout stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.reader.raw import RawTable
from juesuan.statute import Form, Statute

_NOISE = re.compile(
    r"\d{4}年度?|[(（]?表[一二三四五六七八九十\d]+[)）]?|公开\d+表|财决\S*表|单位[:：].*|金额|部门公开表"
    r"|附[件表][\d-]*[:：]?|[(（]?续表?[)）]"
)
_PUNCTUATION = str.maketrans("", "", " 　\t\"'“”‘’（）()【】《》、，,．.：:　")
_BEFORE = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|\d{1,2}[、.．]|本级|部门|单位)+")
_UNIT_NAME = re.compile(r".*(?:[局厅委办院校所站会馆队处部镇乡社团]|中心|街道|政府|公司|大学|本级|机关)(?:部门|单位)?")
_OTHER = re.compile("拨款|预算|基金|资本|经费|支出|收入|收支")
"""Words that make another title of what stands before a title."""

_TITLES: dict[int, tuple[Statute, dict[str, Form]]] = {}
"""The titles of the statutes at hand, which are loaded once and live as long as the program."""


def normal(text: str) -> str:
    """A title without numbers of tables, years, 部门 before it, quotation marks and white space."""
    return _BEFORE.sub("", _NOISE.sub("", re.sub(r"\s+", "", text)).translate(_PUNCTUATION))


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
    return bool(_UNIT_NAME.fullmatch(text)) and not _OTHER.search(text)


def titles_within(table: RawTable) -> Iterator[tuple[int, str]]:
    """The lines of a grid that may be its title: those with a single cell of text, with their row."""
    for row, cells in enumerate(table.grid()):
        texts = {id(cell): cell for cell in cells if cell and cell.text.strip()}
        if len(texts) == 1:
            yield row, next(iter(texts.values())).text
        elif texts:
            return
