"""Contradictions planted in synthetic documents, as they happen in real ones: what is changed, and who must find it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from random import Random

import msgspec

from juesuan.publisher import Block, Cell, Document, Heading, Table, Text


class Planted(msgspec.Struct, frozen=True):
    """A contradiction: its kind, where it stands, what stood there before and what after."""

    kind: str
    place: str
    before: str
    after: str
    detectable: bool = True


EXPECTED: dict[str, tuple[str, ...]] = {
    "合计": ("T", "X", "P101", "D001", "N", "E12", "A048"),
    "明细": ("T", "X", "P101", "D001", "N", "E12", "A048"),
    "占比": ("N",),
    "幅度": ("N", "A048"),
    "方向": ("N", "A048", "Z112", "Z113"),
    "年度": ("W103", "N"),
    "单位名称": ("F105", "W106"),
    "缺表": ("F101",),
    "得分": ("E",),
    "列举": ("N60", "N"),
    "截断": ("N",),
    "年初年末": ("Y",),
    "上年数": ("A048",),
    "年初预算": ("A049",),
    "年初预算分项": ("A049",),
    "项目预算": ("A050",),
    "绩效目标": ("A050",),
    "三公预算": ("A051",),
    "采购": ("A052",),
    "部门汇总": ("D501",),
}
"""The beginnings of the codes of the rules that must find each kind."""

NOTICED = ("截断",)
"""Kinds that are told as a notice: nobody is misled by them."""

IN_DOCUMENT = ("合计", "明细", "占比", "方向", "年度", "单位名称", "缺表", "得分", "列举", "截断")
"""The kinds that are planted in a laid out document."""

AGAINST_BUDGET = ("年初预算", "年初预算分项", "三公预算", "项目预算", "绩效目标", "采购")
"""The kinds that only the budget of the year brings to light."""

ACROSS = ("年初年末", "上年数", *AGAINST_BUDGET)
"""The kinds that only another document of the unit brings to light."""

SECOND = ("年初年末", "上年数", "方向")
"""The kinds that may need last year's document: a wrong direction can be consistent with itself."""

STATED = {"xlsx": ("年初年末", "三公预算")}
"""The kinds that formats without a narrative can show: a workbook says nothing of last year or of approved amounts."""

UNSEEN = {"xlsx": ("采购",)}
"""The kinds that a budget in such a format cannot show: what is to be bought stands in the narrative."""

_NUMBER = re.compile(r"\d{1,3}(,\d{3})*\.\d{2}")
_SHARE = re.compile(r"占[^，。；%]{0,20}?(\d+(\.\d+)?)%")
_DIRECTION = re.compile(r"(增加|减少)(?=\d)")


def plant(document: Document, kind: str, random: Random) -> tuple[Document, Planted] | None:
    """The document with one contradiction of `kind`; None where it has no place for one."""
    return _MAKERS[kind](document, random)


def _with(document: Document, index: int, block: Block | None) -> Document:
    blocks = [*document.blocks[:index], *((block,) if block else ()), *document.blocks[index + 1 :]]
    return msgspec.structs.replace(document, blocks=tuple(blocks))


def _texts(document: Document) -> Iterator[tuple[int, Text]]:
    """The paragraphs of the explanation."""
    inside = False
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading) and block.level == 1:
            inside = "情况说明" in block.text
        elif inside and isinstance(block, Text):
            yield index, block


def _described(kind: str, index: int, block: Text, start: int, end: int, put: str, document: Document) -> tuple[
    Document, Planted
]:  # fmt: skip
    text = block.text[:start] + put + block.text[end:]
    planted = Planted(kind, f"正文：{block.text[:40]}", block.text[max(0, start - 12) : end + 6], put)
    return _with(document, index, msgspec.structs.replace(block, text=text)), planted


def _cells(document: Document, forms: tuple[str, ...]) -> Iterator[tuple[int, Table, int, int, Cell]]:
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table) and block.key in forms:
            for row, cells in enumerate(block.body):
                for place, cell in enumerate(cells):
                    if cell.address and _NUMBER.fullmatch(cell.text):
                        yield index, block, row, place, cell


def _put(document: Document, found: tuple[int, Table, int, int, Cell], text: str) -> Document:
    index, table, row, place, cell = found
    cells = list(table.body[row])
    cells[place] = msgspec.structs.replace(cell, text=text)
    body = [*table.body[:row], tuple(cells), *table.body[row + 1 :]]
    return _with(document, index, msgspec.structs.replace(table, body=tuple(body)))


def _slipped(text: str, random: Random) -> str:
    return f"{Decimal(text.replace(',', '')) + Decimal(random.randint(37, 9999)) / 100:,.2f}"


def _cell(kind: str, wanted: Callable[[Cell], bool], forms: tuple[str, ...]) -> Callable[
    [Document, Random], tuple[Document, Planted] | None
]:  # fmt: skip
    def make(document: Document, random: Random) -> tuple[Document, Planted] | None:
        found = [each for each in _cells(document, forms) if wanted(each[-1])]
        if not found:
            return None
        chosen = random.choice(found)
        put = _slipped(chosen[-1].text, random)
        return _put(document, chosen, put), Planted(kind, str(chosen[-1].address), chosen[-1].text, put)

    return make


def _is_total(cell: Cell) -> bool:
    address = cell.address
    if address is None:
        return False
    return address.row == "合计" or (address.form, address.row) in (("表1", "27"), ("表1", "58"))


def _is_detail(cell: Cell) -> bool:
    return cell.address is not None and len(cell.address.row) == 7


def _share(document: Document, random: Random) -> tuple[Document, Planted] | None:
    found = [(i, b, m) for i, b in _texts(document) for m in _SHARE.finditer(b.text) if 5 < float(m.group(1)) < 90]
    if not found:
        return None
    index, block, match = random.choice(found)
    put = f"{Decimal(match.group(1)) + random.choice((3, 5, -4))}"
    return _described("占比", index, block, match.start(1), match.end(1), put, document)


def _direction(document: Document, random: Random) -> tuple[Document, Planted] | None:
    found = [(i, b, m) for i, b in _texts(document) for m in _DIRECTION.finditer(b.text)]
    if not found:
        return None
    index, block, match = random.choice(found)
    put = "减少" if match.group(1) == "增加" else "增加"
    # Whoever mistakes the direction writes the other word for the rate too.
    tail = block.text[match.end() :]
    words = ("增长", "下降") if match.group(1) == "增加" else ("下降", "增长")
    stop = tail.find("。")
    clause = tail[: stop if stop >= 0 else len(tail)]
    rate = re.match(r"([\d,.]+万元，)" + words[0], clause)
    if rate:
        end = match.end() + rate.end()
        return _described("方向", index, block, match.start(), end, put + rate.group(1) + words[1], document)
    return _described("方向", index, block, match.start(), match.end(), put, document)


def _year(document: Document, random: Random) -> tuple[Document, Planted] | None:
    pattern = re.compile(rf"{document.year}(?=年度)")
    found = [(i, b, m) for i, b in _texts(document) for m in pattern.finditer(b.text)]
    if not found:
        return None
    index, block, match = random.choice(found)
    return _described("年度", index, block, match.start(), match.end(), str(document.year - 3), document)


def _unit_name(document: Document, random: Random) -> tuple[Document, Planted] | None:
    found = [
        (i, b) for i, b in enumerate(document.blocks) if isinstance(b, Table) and document.author in b.left and b.number
    ]
    if not found:
        return None
    index, table = random.choice(found)
    put = table.left.replace(document.author, "合成市另一单位（合成数据）")
    changed = _with(document, index, msgspec.structs.replace(table, left=put))
    return changed, Planted("单位名称", f"表头：{table.title}", table.left, put)


def _missing(document: Document, random: Random) -> tuple[Document, Planted] | None:
    found = [(i, b) for i, b in enumerate(document.blocks) if isinstance(b, Table) and b.key in ("表2", "表5", "表6")]
    if not found:
        return None
    index, table = random.choice(found)
    return _with(document, index, None), Planted("缺表", table.title, table.title, "")


def _score(document: Document, random: Random) -> tuple[Document, Planted] | None:
    for index, block in enumerate(document.blocks):
        if not (isinstance(block, Table) and block.key.startswith("自评表")):
            continue
        for row in range(len(block.body) - 1, -1, -1):
            label = "".join(cell.text for cell in block.body[row][:2])
            scores = [n for n, cell in enumerate(block.body[row]) if re.fullmatch(r"\d+(\.\d+)?", cell.text)]
            if "总分" in label or "合计" in label or "总得分" in label:
                if not scores:
                    continue
                cell = block.body[row][scores[-1]]
                put = f"{Decimal(cell.text) - random.choice((2, 3, 5))}"
                changed = _put(document, (index, block, row, scores[-1], cell), put)
                return changed, Planted("得分", f"{block.title}：{label}", cell.text, put)
    return None


_LISTED = re.compile(r"主要包括[：:]?([^。；]+?)、([^、。；（）]+)(?=[。；])")


def _items(document: Document, random: Random) -> tuple[Document, Planted] | None:
    found = [(i, b, m) for i, b in _texts(document) for m in _LISTED.finditer(b.text)]
    if not found:
        return None
    index, block, match = random.choice(found)
    return _described("列举", index, block, match.end(1), match.end(2), "", document)


_HALF = Decimal("0.005")
"""Half of the last digit of an amount in 万元."""


def _truncated(document: Document, random: Random) -> tuple[Document, Planted] | None:
    """A share cut off instead of rounded: 31.3 for 31.37. The figures beside it are rounded themselves: where amounts
    within them make a share that is rounded to what is written (170.28 of 146.47, 116.248% to 116.256%: 116.2%),
    nobody can find it.
    """
    pattern = re.compile(r"完成年初预算的(\d+(?:\.\d+)?)%")
    pair = re.compile(r"年初预算为?([\d,.]+)万元，支出决算为?([\d,.]+)万元")
    found = []
    for index, block in _texts(document):
        match, amounts = pattern.search(block.text), pair.search(block.text)
        if not match or not amounts:
            continue
        budget, actual = (Decimal(text.replace(",", "")) for text in amounts.groups())
        if not budget:
            continue
        exact = actual / budget * 100
        step = Decimal("0.1")
        cut, right = exact.quantize(step, ROUND_DOWN), exact.quantize(step, ROUND_HALF_UP)
        # The figures beside it are rounded themselves: only a clear case is one.
        if cut != right and Decimal("0.055") < exact - cut and budget > 50 and Decimal(match.group(1)) == right:
            least = (actual - _HALF) / (budget + _HALF) * 100
            found.append((index, block, match, f"{cut}", least.quantize(step, ROUND_HALF_UP) == right))
    if not found:
        return None
    index, block, match, put, decided = random.choice(found)
    changed, planted = _described("截断", index, block, match.start(1), match.end(1), put, document)
    return changed, msgspec.structs.replace(planted, detectable=decided)


_MAKERS: dict[str, Callable[[Document, Random], tuple[Document, Planted] | None]] = {
    "合计": _cell("合计", _is_total, ("表1", "表2", "表3", "表5")),
    "明细": _cell("明细", _is_detail, ("表2", "表3", "表5")),
    "占比": _share,
    "方向": _direction,
    "年度": _year,
    "单位名称": _unit_name,
    "缺表": _missing,
    "得分": _score,
    "列举": _items,
    "截断": _truncated,
}
