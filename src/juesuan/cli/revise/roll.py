"""`juesuan roll`: last year's Word file with this year's figures."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text
from juesuan.cli.output import stop
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.account import Account
    from juesuan.revision import Rolled

NOTHING_LEFT, TO_BE_SEEN_TO, UNREADABLE = 0, 1, 2
"""Exit codes: every number is this year's; some are to be seen to, or our check finds errors; files do not do."""

PUBLISHED = (".json", ".pdf", ".docx", ".html", ".htm", ".md")
"""Endings of files that publish an account, or are one: no accounts are compiled from them alone."""

TEMPLATES = (".docx", ".pdf", ".html", ".htm", ".md")
"""Endings of files that can be a template; those of pages that cannot be kept are set in our own layout."""

SHOWN = 40
"""Numbers to be seen to that are printed; the list has all."""


@click.command()
@click.argument("last", type=click.Path(path_type=Path))
@click.option("--figures", "sources", multiple=True, required=True, type=click.Path(path_type=Path), metavar="文件",
              help="今年的数：台账、工作簿、导出的报表（与 compile 相同，可重复），或决算 JSON、今年公开的文件")
@click.option("--budget", type=click.Path(path_type=Path), default=None, metavar="文件",
              help="今年公开的预算，取年初预算数")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="今年.docx",
              help="今年的文件；另写一份“待核清单”CSV")
@click.option("--profile", type=PROFILE, default=None, help="上年文件的口径；默认按地区和年度识别")
@click.option("--any-unit", is_flag=True, help="单位名称不同也做（如单位改名）")
@click.option("--force", is_flag=True, help="输出文件已存在时覆盖")
def roll(
    last: Path,
    sources: tuple[Path, ...],
    budget: Path | None,
    output: Path,
    profile: str | None,
    any_unit: bool,
    force: bool,
) -> None:
    """以上年的文件为模板换上今年的数：上年.docx → 今年.docx；PDF、网页的文字和次序照旧，按本程序的版面排成 Word。"""
    from juesuan.account import UnreadableFileError
    from juesuan.revision import NotRollableError, roll_docx, write_list

    if output.suffix.lower() != ".docx":
        stop(f"{output}：写出的是 Word 文件，请把文件名写成 .docx。")
    if output.exists() and not force:
        stop(f"{output} 已存在，没有覆盖。确要覆盖请加 --force。")
    if output.exists() and last.exists() and output.samefile(last):
        stop(f"{output} 就是上年的文件，没有覆盖。请换一个文件名。")
    if last.suffix.lower() not in TEMPLATES:
        stop(f"{last.name}：模板要用 Word（.docx）、PDF 或网页。.doc、.wps 请用 Word 或 WPS 打开后另存为 .docx。")
    account = _figures(sources)
    try:
        approved = _read(budget) if budget else None
        output.parent.mkdir(parents=True, exist_ok=True)
        now = datetime.now().isoformat(timespec="seconds")
        rolled = roll_docx(
            last, output, account, budget=approved, profile=profile, date=now, any_unit=any_unit
        )
        listed = output.with_name(f"{output.stem}-待核清单.csv")
        write_list(rolled, listed)
    except (UnreadableFileError, NotRollableError) as error:
        stop(f"没有生成：{error}")
    except PermissionError as error:
        stop(f"写不进去：{error.filename}。文件可能正在 Word 或 Excel 中打开，请关闭后重试。")
    except OSError as error:
        own = Path(error.filename or output)
        # What is written goes into a file of another name first, which says nothing to anybody.
        name = output if own.parent == output.parent else own
        stop(f"文件读写出错：{name}（{os_error_text(error)}）。")
    if last.suffix.lower() != ".docx":
        click.echo(f"{last.name} 不是 Word：文字、次序和表照原样，版面是本程序的；图、页眉页脚没有带过来。")
    for line in _lines(rolled, output, listed):
        click.echo(line)
    open_ones = rolled.left or rolled.problems or rolled.conflicts or rolled.report.count("error")
    sys.exit(TO_BE_SEEN_TO if open_ones else NOTHING_LEFT)


def _read(path: Path) -> Account:
    from juesuan.reader import read

    return read(path)


def _figures(sources: Sequence[Path]) -> Account:
    """This year's account: compiled from what `compile` takes, else read from a file that publishes it."""
    from juesuan.account import UnreadableFileError, UnreadableSourceError
    from juesuan.cli import output as reports
    from juesuan.inspection import compile_sources

    if len(sources) == 1 and sources[0].suffix.lower() in PUBLISHED:
        try:
            return _read(sources[0])
        except UnreadableFileError as error:
            stop(f"读不出来：{error}")
    try:
        compilation = compile_sources(list(sources))
    except UnreadableSourceError as error:
        if len(sources) == 1 and sources[0].is_file():
            try:
                account = _read(sources[0])
            except UnreadableFileError:
                stop(f"读不出来：{error}")
            if account.facts:
                return account
        stop(f"读不出来：{error}")
    if not compilation.sound:
        reports.faults(compilation, True)
        sys.exit(UNREADABLE)
    return compilation.account


def _lines(rolled: Rolled, output: Path, listed: Path) -> Iterator[str]:
    from juesuan.revision import place_of

    left = sorted(rolled.left, key=lambda entry: entry.why) if len(rolled.left) > SHOWN else list(rolled.left)
    for why, group in groupby(left[:SHOWN], key=lambda entry: entry.why):
        yield f"  待核：{why}"
        for entry in group:
            yield f"      {entry.number.text}{entry.number.unit}：“{entry.context}”（{place_of(entry.source)}）"
    if len(left) > SHOWN:
        yield f"      ……共 {len(left)} 处，见清单"
    for source, problem in rolled.problems:
        yield f"  没有写入：{problem}（{place_of(source)}）"
    for _, change in rolled.changed:
        yield f"  增删：{change}"
    for conflict in rolled.conflicts:
        yield f"  不一致：{conflict}"
    for finding in rolled.report.findings:
        if finding.severity == "error":
            yield f"  核对 [{finding.code}] {finding.message}"
    yield (
        f"全文 {rolled.total} 个数：更新 {rolled.renewed}，不变 {rolled.unchanged}（编号、编码、标准等），"
        f"待核 {len(rolled.left)}（仍是上年的，文中标青色）。"
    )
    yield "标黄色的文字沿用上年或须改写，旁边有批注，请逐处确认后去掉底色。"
    yield "目录的页码没有变，请在 Word 或 WPS 里更新域（全选后按 F9）。"
    yield f"已写：{output}，待核清单：{listed.name}"
