"""An account published: DOCX, PDF, HTML, XLSX, JSON and CSV, all from one document and one set of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from juesuan.account import Account, PublishError
from juesuan.publisher.at_a_glance import Glance, glance
from juesuan.publisher.document import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Table,
    Text,
    anchors,
    contents,
    placed,
    printable,
    stretches,
)
from juesuan.publisher.layout import ADDED, lay_out
from juesuan.publisher.pages import FIGURE
from juesuan.publisher.tables import table
from juesuan.statute import Kind, Statute, load_statute

FORMATS = ("pdf", "docx", "html", "xlsx", "json", "csv")
"""Every format there is, in the order they are made."""

_ORDER = ("pdf", "json", "csv", "xlsx", "html", "docx")

DEFAULT_FORMATS = ("pdf", "docx", "html", "xlsx", "json", "csv")

Progress = Callable[[str], None]
"""Told the name of each file when it is finished."""


def publish(
    account: Account,
    folder: Path | str,
    formats: Sequence[str] = DEFAULT_FORMATS,
    *,
    statute: Statute | None = None,
    draft: bool = False,
    fonts: Path | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Writes `account` into `folder` in each of `formats` and gives the files' paths, in the order of FORMATS.

    `statute` is that of the account's profile and year unless given; `fonts` a folder of fonts for the PDF in front of
    the packaged ones. A file is complete or not there. Raises ValueError for an unknown format, and PublishError after
    all others are written where one cannot be (a sign that no font has, a file that is open elsewhere).
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"没有“{'、'.join(unknown)}”这种格式；可用：{'、'.join(FORMATS)}")
    law = statute or load_statute(account.profile, account.year)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    document = lay_out(account, law, draft=draft)
    stem = file_stem(account, draft, law.profile.kind)
    failures: dict[str, str] = {}

    def make(name: str) -> None:
        path = target / f"{stem}.{name}"
        aside = path.with_name(f".{path.name}.part")
        try:
            _write(name, document, account, law, aside, fonts)
            aside.replace(path)
        except PermissionError:
            failures[name] = f"{path.name} 写不进去，可能正在 Word、Excel 或阅读器中打开，请关闭后重试"
        except ValueError as error:
            failures[name] = str(error)
        else:
            if progress:
                progress(path.name)

    with ThreadPoolExecutor(1) as background:
        # The typesetter of the PDF lets go of the interpreter: the others are written meanwhile, DOCX last, which
        # takes its page numbers from it.
        jobs = [background.submit(make, name) for name in FORMATS if name in formats and name == "pdf"]
        for name in sorted(formats, key=_ORDER.index):
            if name != "pdf":
                make(name)
        for job in jobs:
            job.result()
    written = [target / f"{stem}.{name}" for name in FORMATS if name in formats and name not in failures]
    if failures:
        raise PublishError([(name, failures[name]) for name in FORMATS if name in failures], written)
    return written


SUMMARY_FORMATS = ("pdf", "docx", "html")
"""The formats that the performance summary is written in."""


def publish_summary(
    account: Account,
    folder: Path | str,
    formats: Sequence[str] = SUMMARY_FORMATS,
    *,
    statute: Statute | None = None,
    fonts: Path | None = None,
) -> list[Path]:
    """Writes the performance summary (绩效摘要) of `account` in those of `formats` that it has, and gives the paths.

    Raises ValueError where the account has no self-evaluation forms, and PublishError where a file cannot be written.
    """
    from juesuan.publisher.summary import summary

    law = statute or load_statute(account.profile, account.year)
    document = summary(account, law)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    stem = file_stem(account).removesuffix("决算公开") + "绩效摘要"
    written: list[Path] = []
    failures: list[tuple[str, str]] = []
    for name in (name for name in SUMMARY_FORMATS if name in formats):
        path = target / f"{stem}.{name}"
        aside = path.with_name(f".{path.name}.part")
        try:
            _write(name, document, account, law, aside, fonts)
            aside.replace(path)
        except PermissionError:
            failures.append((name, f"{path.name} 写不进去，可能正在 Word 或阅读器中打开，请关闭后重试"))
        except ValueError as error:
            failures.append((name, str(error)))
        else:
            written.append(path)
    if failures:
        raise PublishError(failures, written)
    return written


def prepare(formats: Sequence[str]) -> None:
    """Starts beside this process what takes long to start, for whoever knows already what will be asked for."""
    if {"pdf", "docx", "html"} & set(formats):
        from juesuan.publisher.charts.drawing import prepare as prepare_charts

        prepare_charts()


def file_stem(account: Account, draft: bool = False, kind: Kind = "决算") -> str:
    """The name of the published files: 2022年度某单位决算公开, 2022年度某单位预算公开."""
    name = "".join(sign for sign in account.unit.name if sign not in '\\/:*?"<>|').strip()
    return f"{account.year}年度{name}{kind}公开" + ("（草稿）" if draft else "")


def _write(name: str, document: Document, account: Account, law: Statute, path: Path, fonts: Path | None) -> None:
    # Each writer brings a library of its own, loaded only where its format is asked for.
    if name == "pdf":
        from juesuan.publisher.pdf.writer import write_pdf

        write_pdf(document, path, fonts=fonts)
    elif name == "docx":
        from juesuan.publisher.docx.writer import write_docx

        write_docx(document, path)
    elif name == "html":
        from juesuan.publisher.html.writer import write_html

        write_html(document, path)
    elif name == "xlsx":
        from juesuan.publisher.xlsx.writer import write_xlsx

        write_xlsx(document, account, law, path)
    else:
        from juesuan.publisher.data import write_csv, write_json

        if name == "json":
            write_json(account, path)
        else:
            write_csv(account, law, path)


__all__ = [
    "ADDED",
    "DEFAULT_FORMATS",
    "FIGURE",
    "FORMATS",
    "SUMMARY_FORMATS",
    "Block",
    "Cell",
    "Chart",
    "Document",
    "Glance",
    "Heading",
    "Table",
    "Text",
    "anchors",
    "contents",
    "file_stem",
    "glance",
    "lay_out",
    "placed",
    "prepare",
    "printable",
    "publish",
    "publish_summary",
    "stretches",
    "table",
]
