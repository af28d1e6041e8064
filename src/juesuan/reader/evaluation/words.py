"""What the cells of a self-evaluation form say: headers and labels by meaning, points, ticks, dates, goals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

import msgspec

from juesuan.account import Figure, spaceless
from juesuan.reader.amounts import Amount, blank, read_amount
from juesuan.statute import Scheme, load_evaluation

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_POINTS = re.compile(r"[(（]\s*(\d+(?:\.\d+)?)\s*分\s*[)）]\s*$")
_ANY_POINTS = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*分(?!之|析|类|别|项|工|布|批|期|级)")
_SCORE = re.compile(r"(-?\d+(?:\.\d+)?)\s*分?")
_DATE = re.compile(r"(20\d{2})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_NUMBERED = re.compile(r"(?<![\d.])(\d{1,2})\s*[.．、](?!\d)")
_REMARK = re.compile(r"(?:备注|注)[:：]")

MOST_KNOWN = 200
"""Sets of schemes whose words are kept."""


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A header or label without white space, brackets with what they hold, and colons: `得分（20分）` is 得分."""
    return _BRACKETS.sub("", spaceless(text)).strip(":：")


class _Meanings(msgspec.Struct, frozen=True):
    """What the headers or labels of some schemes mean."""

    schemes: tuple[Scheme, ...]
    keys: dict[str, str]


_KNOWN: dict[tuple[str, tuple[int, ...]], _Meanings] = {}
"""By part and by the schemes, which stay for as long as they are asked about here."""


def _meanings(part: str, schemes: Iterable[Scheme]) -> dict[str, str]:
    asked = tuple(schemes)
    place = (part, tuple(map(id, asked)))
    known = _KNOWN.get(place)
    if known is None:
        declared: dict[str, tuple[str, ...]] = getattr(load_evaluation(), part)
        found = {bare(text): key for key, texts in declared.items() for text in texts}
        # What a scheme prints itself is known by its own declaration.
        found.update({bare(text): key for scheme in asked for key, text in _printed(part, scheme) if bare(text)})
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[place] = _Meanings(asked, found)
    return known.keys


def _printed(part: str, scheme: Scheme) -> list[tuple[str, str]]:
    """The keys and texts of the headers or labels that the form of a scheme prints itself."""
    if part == "labels":
        labels = scheme.form.labels
        return [(name, getattr(labels, name)) for name in labels.__struct_fields__]
    columns = scheme.form.execution if part == "execution" else scheme.form.indicators
    return [(str(column.key), column.header) for column in columns]


def header_meaning(text: str, part: str, schemes: Iterable[Scheme]) -> str:
    """Which column (`part`: execution or indicators) a header names; empty for any other text."""
    return _meanings(part, schemes).get(bare(text), "")


def label_meaning(text: str, schemes: Iterable[Scheme]) -> str:
    """Which row a label names (goals, total, deviation …); empty for any other text."""
    return _meanings("labels", schemes).get(bare(text), "")


def split_points(text: str) -> tuple[str, Decimal | None]:
    """A name and the points printed behind it: `数量指标（20 分）` is 数量指标 and 20."""
    match = _POINTS.search(text)
    return (text[: match.start()].strip(), Decimal(match[1])) if match else (text.strip(), None)


def points_within(text: str) -> Decimal | None:
    """The points that a label or header names anywhere: `得分（20分×执行率）` is 20."""
    match = _ANY_POINTS.search(text)
    return Decimal(match[1]) if match else None


def score_of(text: str) -> Decimal | None:
    """A printed score, with or without 分; None for anything else."""
    match = _SCORE.fullmatch(spaceless(text))
    return Decimal(match[1]) if match else None


def rate_of(text: str) -> Figure | None:
    """A printed execution rate as a ratio of one; without a percent sign, more than 1.5 is a percentage."""
    compact = spaceless(text).replace("％", "%")
    amount = read_amount(compact.rstrip("%"))
    if amount is None:
        return None
    percent = compact.endswith("%") or amount.value > Decimal("1.5")
    step = Decimal(1).scaleb(-amount.decimals)
    scale = Decimal("0.01") if percent else Decimal(1)
    return Figure(amount.value * scale, step * scale)


def amount_of(text: str) -> Amount | None:
    """A printed amount of money, None for a blank or words."""
    return None if blank(text) else read_amount(re.sub(r"(?:万元|元)$", "", text.strip()))


def date_of(text: str) -> str:
    """The ISO date that a text names, or nothing."""
    match = _DATE.search(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def goals_of(text: str) -> tuple[str, ...]:
    """A text of numbered goals, one by one; a text without numbers is one goal."""
    marks = list(_NUMBERED.finditer(text))
    wanted, selected = 1, []
    for mark in marks:
        if int(mark[1]) == wanted:
            selected.append(mark)
            wanted += 1
    if not selected or selected[0].start() > 0:
        return (text.strip(),) if text.strip() else ()
    ends = [*(mark.start() for mark in selected[1:]), len(text)]
    return tuple(text[mark.end() : end].strip() for mark, end in zip(selected, ends, strict=True))


def ticked(text: str) -> str | None:
    """The option ticked among `1.部门预算项目■ 2.财政专项资金□`; empty for none, None where there are no boxes."""
    words = load_evaluation()
    signs = "".join((*words.ticked, *words.unticked))
    pieces = re.findall(f"[^{signs}]*[{signs}]|[^{signs}]+$", text)
    if not any(sign in text for sign in signs):
        return None
    if text.strip()[:1] in signs:
        pieces = re.findall(f"[{signs}][^{signs}]*", text)
    chosen = [piece for piece in pieces if any(sign in piece for sign in words.ticked)]
    names = (re.sub(r"^\s*\d{1,2}\s*[.．、]", "", re.sub(f"[{signs}]", "", piece)).strip() for piece in chosen)
    return "、".join(name for name in names if name)


def without_remarks(text: str) -> tuple[str, str]:
    """A text and the remarks of the form (备注：…) that a converter has put into the same cell."""
    match = _REMARK.search(text)
    return (text[: match.start()].strip(), text[match.start() :].strip()) if match else (text, "")


def note_lines(texts: Iterable[str]) -> Iterator[str]:
    """The remarks printed under a form: from 注 or 备注 on as long as they are numbered."""
    begun = False
    for text in texts:
        if re.match(r"(?:备注|注|说明)\s*[:：]", text.strip()):
            begun = True
        elif not begun or not re.match(r"\s*(?:[(（]?\d{1,2}[.．、)）])", text):
            return
        yield text.strip()
