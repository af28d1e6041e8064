"""A publication is made in a process of its own: its files, its page, and what the portal searches and compares."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec

from juesuan.account import (
    Account,
    Fact,
    JuesuanError,
    PerformanceGoals,
    PerformanceSheet,
    PublishError,
    from_json,
    plain,
    rounded,
    to_disk,
)
from juesuan.corpus.compare import value_of
from juesuan.intake import standing_texts
from juesuan.publisher import FIGURE, Document, Heading, Table, Text, anchors, glance, lay_out, printable, publish
from juesuan.statute import Statute, load_statute
from juesuan.statute.comparison import SCORE, address_of, load_indicators
from juesuan.web.infra.limited_process import LimitedOrder, TooLongError, WorkError, carry_out, main_of
from juesuan.web.infra.sealing import sm3
from juesuan.web.publication.pages import write_glance, write_page

PAGE, CONTENTS, GLANCE = "page.html", "contents.json", "glance.html"
"""What lies beside the files that can be downloaded: the page's body, everything else that is known of it, and what the
page shows first."""

IN_THE_FILE = "见原文件。"
"""What the page of an account that was read says in the place of a text that was not."""

MADE, READ = ("pdf", "docx", "html", "xlsx", "json", "csv"), ("xlsx", "json", "csv")
"""The formats of an account that was compiled; and of one that was read from a file, which is itself the disclosure."""


class BuildError(JuesuanError):
    """A publication cannot be made; the message is for people."""


class BuildOrder(LimitedOrder, frozen=True):
    """What the process is to do: make everything of the account at `account` in `folder`."""

    account: str
    folder: str
    code: str
    original: str = ""
    national: bool = False
    """Whether files get the digest SM3 besides."""
    only_glance: bool = False
    """Whether only what the page shows first is made, of a version that was made before there was such."""


class File(msgspec.Struct, frozen=True):
    """A file that can be downloaded: its name in the address, the name to save it under, its size in bytes."""

    name: str
    shown: str
    size: int
    sha256: str
    sm3: str = ""
    """Where the national algorithms are asked for."""


NAME, TEXT, LINE = 0, 1, 2
"""Kinds of passages: the unit's names, running text, a line of a table."""


class SearchEntry(msgspec.Struct, frozen=True):
    """A passage for the search."""

    kind: int
    heading: str
    anchor: str
    text: str


class PublishedAmount(msgspec.Struct, frozen=True):
    """A fact as the portal gives it out."""

    form: str
    period: str
    row: str
    row_name: str
    column: str
    column_name: str
    value: str
    measure: str
    resolution: str


class PublishedFormLine(msgspec.Struct, frozen=True):
    """A line of a self-evaluation form."""

    level1: str
    level2: str
    name: str
    weight: str
    target: str
    actual: str
    score: str


class FormRecord(msgspec.Struct, frozen=True):
    """A self-evaluation form, or a form of goals of a budget; amounts in yuan, the outlay of goals empty."""

    kind: str
    title: str
    scheme: str
    budget: str
    outlay: str
    score: str
    indicators: tuple[PublishedFormLine, ...]


class BuiltContents(msgspec.Struct, frozen=True):
    """What was made of the account with this digest."""

    digest: str
    files: tuple[File, ...]
    pieces: tuple[SearchEntry, ...]
    amounts: tuple[PublishedAmount, ...]
    indicators: dict[str, str]
    sheets: tuple[FormRecord, ...]


def run(order: BuildOrder, cache: Path) -> None:
    """Has `order` carried out within its limits. Raises MakingError."""
    try:
        carry_out("juesuan.web.publication.build", order, Path(order.folder), cache, order.seconds)
    except TooLongError:
        raise BuildError("生成公开文件用的时间太长，已停止。") from None
    except WorkError as error:
        raise BuildError(str(error)) from None


def _work(order: BuildOrder) -> None:
    try:
        if order.only_glance:
            account = from_json(Path(order.account).read_bytes())
            _write_glance(Path(order.folder), account, load_statute(account.profile, account.year))
        else:
            build_publication(order)
    except (PublishError, BuildError) as error:
        raise BuildError(f"公开文件没有生成：{error}") from None


def build_publication(order: BuildOrder) -> None:
    """Writes everything into the folder, CONTENTS last. Raises PublishError and MakingError."""
    data = Path(order.account).read_bytes()
    folder, account = Path(order.folder), from_json(data)
    statute = load_statute(account.profile, account.year)
    original = Path(order.original) if order.original else None
    files = []
    for path in publish(account, folder / "made", READ if original else MADE, statute=statute):
        shown = path.name
        path = path.replace(folder / f"account{path.suffix}")
        files.append(_file(path, shown, order.national))
    (folder / "made").rmdir()
    if original:
        path = folder / f"original{original.suffix}"
        shutil.copyfile(original, path)
        files.insert(0, _file(path, f"{Path(files[0].shown).stem}（原文件）{original.suffix}", order.national))
    document = lay_out(_shown(account, statute) if original else account, statute)
    (folder / PAGE).write_text(write_page(document), encoding="utf-8", newline="\n")
    _write_glance(folder, account, statute)
    contents = BuiltContents(
        hashlib.sha256(data).hexdigest(), tuple(files), tuple(_pieces(account, document, order.code)),
        tuple(_amount(fact, statute) for fact in account.facts.values() if fact.address.form in statute.forms),
        indicators_of(account), (*map(_sheet, account.sheets), *map(_goals, account.goals)),
    )
    (folder / CONTENTS).write_bytes(msgspec.json.encode(contents))
    for path in folder.iterdir():
        to_disk(path)
    to_disk(folder)


def _shown(account: Account, statute: Statute) -> Account:
    """An account that was read, as its page shows it: texts that stand in the document are taken from there, and what
    was not read is to be seen in the file itself. A gap to be filled in is none of the public's business.
    """
    texts = {field.key: IN_THE_FILE for field in statute.profile.overview if field.required}
    own = {key: text for key, text in account.texts.items() if text}
    return msgspec.structs.replace(account, texts=texts | standing_texts(account, statute) | own)


def _write_glance(folder: Path, account: Account, statute: Statute) -> None:
    (folder / GLANCE).write_text(write_glance(glance(account, statute)), encoding="utf-8", newline="\n")


def _file(path: Path, shown: str, national: bool) -> File:
    data = path.read_bytes()
    return File(path.name, shown, len(data), hashlib.sha256(data).hexdigest(), sm3(data) if national else "")


def _pieces(account: Account, document: Document, code: str) -> Iterator[SearchEntry]:
    names = " ".join((account.unit.name, code, account.unit.supervisor, str(account.year)))
    yield SearchEntry(NAME, "", "", printable(names))
    heading, place = "", ""
    for number, (block, anchor) in enumerate(zip(document.blocks, anchors(document), strict=True), 1):
        if isinstance(block, Heading):
            heading, place = printable(block.text)[:300], anchor
        elif isinstance(block, Text):
            yield SearchEntry(TEXT, heading, f"p{number}", printable(block.text))
        elif isinstance(block, Table):
            title = printable(block.title or heading)[:300]
            for row in block.body:
                words = [printable(cell.text).strip() for cell in row]
                if any(word and not FIGURE.fullmatch(word) for word in words):
                    yield SearchEntry(LINE, title, anchor or place, " ".join(word for word in words if word))


def _amount(fact: Fact, statute: Statute) -> PublishedAmount:
    address, figure = fact.address, fact.figure
    form = statute.forms[address.form]
    unit = form.unit_of(address.row)
    column = form.columns.get(address.column)
    return PublishedAmount(
        address.form, str(address.period), address.row[:60], statute.name_of(form, address.row)[:200],
        address.column[:60], (column.label if column else "")[:200], plain(figure.value),
        "元" if unit == "万元" else unit, plain(figure.resolution),
    )


def indicators_of(account: Account) -> dict[str, str]:
    """The indicators of an account that its figures have, by key, as plain numbers."""
    plan = load_indicators().indicators
    quantities: dict[str, Decimal] = {}
    for indicator in plan:
        for quantity in indicator.quantities:
            address = address_of(quantity)
            fact = account.get(address) if address else None
            if fact:
                quantities[quantity] = fact.figure.value
    whole = next((sheet for sheet in account.sheets if sheet.kind == "整体" and sheet.score is not None), None)
    if whole is not None and whole.score is not None:
        quantities[SCORE] = whole.score
    found = ((indicator.key, value_of(indicator, quantities)) for indicator in plan)
    return {key: plain(value) for key, value in found if value is not None}


def _sheet(sheet: PerformanceSheet) -> FormRecord:
    lines = tuple(
        PublishedFormLine(
            line.level1, line.level2, line.name, plain(line.weight), line.target, line.actual, _points(line.score)
        )
        for line in sheet.indicators
    )
    return FormRecord(
        sheet.kind, printable(sheet.title)[:300], sheet.scheme[:40], plain(sheet.budget.value),
        plain(sheet.outlay.value), _points(sheet.score), lines,
    )


def _goals(form: PerformanceGoals) -> FormRecord:
    """A form of goals of a budget: nothing is spent and nothing scored yet."""
    lines = tuple(
        PublishedFormLine(line.level1, line.level2, line.name, plain(line.weight), line.target, "", "")
        for line in form.indicators
    )
    return FormRecord(form.kind, printable(form.title)[:300], "", plain(form.budget.value), "", "", lines)


def _points(score: Decimal | None) -> str:
    return "" if score is None else plain(rounded(score, 2))


if __name__ == "__main__":
    sys.exit(main_of(BuildOrder, _work, (BuildError,), task="生成公开文件", reserving=True))
