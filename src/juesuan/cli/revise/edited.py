"""What `juesuan compile --edited` says of the edited Word file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text

if TYPE_CHECKING:
    from juesuan.account import Source
    from juesuan.revision import TakenBack

SHOWN = 40
"""Texts, figures and remarks of each kind that are printed; of more only the number is said."""
_LENGTH = 80
_BEFORE = 16
"""So much is quoted of the paragraph that one was added behind."""


def taken_back(
    sources: list[Path], edited: Path, profile: str | None, root: Path | None, scheme: str, accept: bool
) -> TakenBack | None:
    """The edited file taken back; None where nothing is taken from it, which is said."""
    from juesuan.account import UnreadableFileError
    from juesuan.revision import NotTakenError, take_back

    try:
        return take_back(sources, edited, profile, root=root, scheme=scheme, accept=accept)
    except (UnreadableFileError, NotTakenError) as error:
        click.echo(f"没有取回：{error}", err=True)
        return None


def finish(back: TakenBack, folder: Path, written: list[Path], layout: str) -> list[tuple[str, str]]:
    """Keeps the texts in a copy of the workbook, the edited layout where it was asked for; says what was found.

    Gives what could not be written, with the reason.
    """
    from juesuan.revision import refresh, write_workbook_back

    failures: list[tuple[str, str]] = []
    report(back)
    if layout == "edited":
        for path in (path for path in written if path.suffix == ".docx"):
            notes = refresh(back, path)
            click.echo(f"版面按改过的 Word，只换了决算数：{path}")
            for note in notes[:SHOWN]:
                click.echo(f"  {note}")
            if len(notes) > SHOWN:
                click.echo(f"  另有 {len(notes) - SHOWN} 处")
    try:
        target, cells, homeless = write_workbook_back(back, folder)
    except OSError as error:
        return [*failures, ("填报工作簿的副本", f"写不进去（{os_error_text(error)}），可能正在 Excel 中打开")]
    told_of_workbook(back, target, cells, homeless)
    return failures


def report(back: TakenBack) -> None:
    """Prints what was taken, which figures were changed by hand, and what was not taken and why."""
    for line in _lines(back):
        click.echo(line)


def _lines(back: TakenBack) -> Iterator[str]:
    name = back.edited.name
    if not (back.taken or back.refused or back.figures or back.remarks):
        yield f"{name}：没有改动，与决算一致。"
        return
    if back.taken:
        yield f"从 {name} 取回 {len(back.taken)} 处文字："
        yield from _some(
            [f"  {_place(t.source)}{_key(t.key, back)}：{_quoted(t.text) or '（删去）'}" for t in back.taken]
        )
    if back.figures:
        yield f"{name} 里有 {len(back.figures)} 处数字（或增减、占比、列举）是手工改的，没有收进决算："
        yield from _some(
            [
                f"  {_place(each.figure.source)}Word 里是“{each.figure.now}”，"
                + (f"决算是“{each.account}”" if each.account else "决算里没有这个数")
                for each in back.figures
            ]
        )
        yield "  数字有误的，请改填报工作簿或台账，再重新编制。"
    if back.refused:
        yield f"{len(back.refused)} 处文字决算里没有地方放，没有收："
        yield from _some([f"  {_place(t.source)}{_key(t.key, back)}：{_quoted(t.text)}" for t in back.refused])
    if back.remarks:
        yield "请留意："
        yield from _some([f"  {_place(remark.source)}{remark.text}" for remark in back.remarks])


def told_of_workbook(back: TakenBack, target: Path | None, written: list[Source], homeless: list[str]) -> None:
    """Prints where the texts were kept."""
    if target is not None:
        click.echo(f"取回的文字已写入填报工作簿的副本：{target}（{len(written)} 格）。")
        click.echo("以后用这一份编制，原工作簿没有动。")
    elif back.taken and back.compilation.workbook is None:
        told = "没有填报工作簿，取回的文字只在这次生成的文件里；可用 juesuan new 生成工作簿，把文字填进去。"
        click.echo(told, err=True)
    for key in homeless if target is not None else ():
        click.echo(f"  “{_key(key, back)}”在工作簿里没有对应的单元格，只在这次生成的文件里。", err=True)


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  另有 {len(lines) - SHOWN} 处"


def _place(source: Source | None) -> str:
    if source is None:
        return ""
    if source.cell:
        return f"{source.sheet} {source.cell} "
    return f"第{source.paragraph}段 " if source.paragraph else ""


def _key(key: str, back: TakenBack) -> str:
    """What a text is called: an added paragraph by the words that it stands behind."""
    kind, _, place = key.partition(":")
    if kind != "增补":
        return key
    before = next((item for item in back.edited.printed.items if item.place == place), None)
    words = getattr(before, "text", "") or place
    return f"增加在“{words[:_BEFORE]}{'…' if len(words) > _BEFORE else ''}”之后"


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= _LENGTH else flat[:_LENGTH] + '…'}”" if flat else ""
