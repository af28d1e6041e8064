"""`juesuan FILE…`, or files dropped on the program: what each file is, and what can be done with it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from juesuan.account import Issue
    from juesuan.intake import HeldFile

DONE, UNREADABLE = 0, 2
MOST = 50
"""So many files of a folder are looked into; of more only the number is said."""

LISTED = 12
"""So many things that a workbook still wants are told, of more only the number."""
WIDEST = 90
"""Signs of each."""

CHECKED = ("决算公开", "预算公开", "三公经费说明", "三公经费汇总", "其他")
"""Kinds of documents that can be checked."""
TEMPLATES = (".docx", ".pdf", ".html", ".htm")
"""Files of last year that this year's document can be made from."""
SOURCES = ("导出的报表", "填报工作簿", "台账", "佐证声明")
"""Kinds of files that an account is compiled from."""

WHAT = {
    "填报工作簿": "填报工作簿（本程序生成、由单位填写的）",
    "台账": "预算执行台账",
    "佐证声明": "绩效指标佐证的声明，与填报工作簿放在同一个文件夹里用",
    "临时文件": "Word、Excel 打开文件时的临时文件，不是文件本身；关闭那个文件后它自己会消失",
    "软件数据包": "决算软件的数据包",
    "导出的报表": "决算软件导出的报表",
    "决算数据": "决算数据（本程序的 JSON）",
    "其他": "没有认出是哪一种公开文本",
    "目录": "目录，没有数字可以核对",
    "政府报告": "政府的预算报告，不是单位的公开文本",
    "读不出": "读不出来",
}
"""What is said of a kind; a document is called by its kind."""


@click.command(hidden=True)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def held(files: tuple[Path, ...]) -> None:
    """说明每个文件是什么，可以怎么办。"""
    from juesuan.intake import identify

    missing = [file for file in files if not file.exists()]
    for file in missing:
        click.echo(f"找不到文件：{file}。请检查路径和文件名；名称里有空格的，前后加引号。", err=True)
    looked = [identify(file) for file in _each(files)]
    for number, each in enumerate(looked, 1):
        click.echo(f"{number}. {each.path.name}　{_described(each)}")
        for line in _wanting(each):
            click.echo(f"     {line}")
        for what, command in _commands(each):
            click.echo(f"     {what}：{command}")
    for what, command in _together(looked):
        click.echo(f"{what}：\n     {command}")
    _wait()
    sys.exit(UNREADABLE if missing or not looked else DONE)


def _each(files: Sequence[Path]) -> Iterator[Path]:
    """The files, and those in folders as far as they are not too many."""
    for file in files:
        if file.is_dir():
            inside = sorted(child for child in file.iterdir() if child.is_file() and not child.name.startswith("."))
            click.echo(f"文件夹 {file}：{len(inside)} 个文件" + (f"，只看前 {MOST} 个" if len(inside) > MOST else ""))
            click.echo(f"     全部核对：juesuan check {_quoted(file)} -o 问题清单.xlsx")
            yield from inside[:MOST]
        elif file.exists():
            yield file


def _described(file: HeldFile) -> str:
    parts = [WHAT.get(file.kind, file.kind)]
    if file.unit:
        parts.append(file.unit)
    if file.year:
        parts.append(f"{file.year}年度")
    elif file.kind in CHECKED:
        parts.append("年度：未写明")
    if file.tables:
        parts.append(f"认出 {file.tables} 张表")
    return "，".join(parts) + (f"：{file.reason.removeprefix(f'{file.path.name}：')}" if file.reason else "")


def _wanting(file: HeldFile) -> Iterator[str]:
    """What a workbook still wants before it can be published: cells to correct, texts and reasons to write."""
    from juesuan.account import JuesuanError
    from juesuan.inspection import compile_sources

    if file.kind != "填报工作簿":
        return
    try:
        compilation = compile_sources([file.path])
    except (JuesuanError, OSError) as error:
        yield f"不能编制：{error}"
        return
    wrong = [*compilation.problems, *(fault for fault in compilation.faults if fault.severity == "error")]
    for title, every in (("处要改或必须填写", wrong), ("处缺少的文字和原因", list(compilation.missing))):
        if not every:
            continue
        yield f"有 {len(every)} {title}："
        yield from (f"  {n}. {_short(_placed(issue))}" for n, issue in enumerate(every[:LISTED], 1))
        if len(every) > LISTED:
            yield f"  …… 另有 {len(every) - LISTED} 处，编制时全部列出；--mark 副本.xlsx 标在格里"
    if not wrong and not compilation.missing:
        yield "已填齐，可以编制。"


def _placed(issue: Issue) -> str:
    """What is wrong, with its cell where the words do not name it."""
    cell = f"{issue.place.sheet}!{issue.place.cell}"
    return issue.message if not issue.place.cell or issue.message.startswith(cell) else f"{cell}：{issue.message}"


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}……"


def _commands(file: HeldFile) -> Iterator[tuple[str, str]]:
    name, suffix = _quoted(file.path), file.path.suffix.lower()
    if file.kind in CHECKED:
        yield "核对", f"juesuan check {name} -o 问题清单.xlsx"
        if suffix in (".docx", ".xlsx"):
            yield "更正能确定的错", f"juesuan fix {name} -o 更正{suffix}"
    elif file.kind in SOURCES and file.kind != "佐证声明":
        yield "编制公开文本", f"juesuan compile {name} -o 输出"
        if file.kind != "填报工作簿":
            yield "列出还缺什么，做成一份工作簿来填", f"juesuan new --from {name} -o 填报.xlsx"
        if file.kind == "导出的报表":
            yield "核对报表本身", f"juesuan check {name} -o 问题清单.xlsx"
    elif file.kind == "决算数据":
        yield "核对", f"juesuan check {name}"
        yield "绩效自评复算", f"juesuan score {name}"


def _together(looked: Sequence[HeldFile]) -> Iterator[tuple[str, str]]:
    """What can be done with several files at once."""
    sources = [file for file in looked if file.kind in SOURCES]
    documents = [file for file in looked if file.kind in ("决算公开", "预算公开")]
    if sum(file.kind == "填报工作簿" for file in sources) > 1:
        return
    if sources and (documents or len(sources) > 1):
        names = " ".join(_quoted(file.path) for file in (*sources, *documents))
        if not any(file.kind == "填报工作簿" for file in sources):
            yield "列出还缺什么，做成一份工作簿来填", f"juesuan new --from {names} -o 补充.xlsx"
            names += " 补充.xlsx"
        yield "一起编制（预算和上年的决算用来取年初预算和上年数）", f"juesuan compile {names} -o 输出"
        yield from _template(looked, names.endswith(" 补充.xlsx"))
    elif len(documents) > 1 and len({file.unit for file in documents}) == 1:
        first, *others = sorted(documents, key=lambda file: (file.kind == "预算公开", -file.year))
        options = " ".join(f"--against {_quoted(file.path)}" for file in others)
        yield "互相对照（上年数、年初预算）", f"juesuan check {_quoted(first.path)} {options}"
    elif len(documents) > 1:
        yield "一起核对", f"juesuan check {' '.join(_quoted(file.path) for file in documents)} -o 问题清单.xlsx"


def _template(looked: Sequence[HeldFile], asked: bool) -> Iterator[tuple[str, str]]:
    """Last year's document as the template of this year's, where there is one; `asked` with a workbook to come."""
    figures = [file for file in looked if file.kind in SOURCES and file.kind != "佐证声明"]
    years = {file.year for file in figures if file.year}
    last = [f for f in looked if f.kind == "决算公开" and f.path.suffix.lower() in TEMPLATES and f.year + 1 in years]
    budgets = [file for file in looked if file.kind == "预算公开" and file.year in years]
    if len(last) != 1:
        return
    options = "".join(f" --figures {_quoted(file.path)}" for file in figures)
    options += " --figures 补充.xlsx" if asked else ""
    options += "".join(f" --budget {_quoted(file.path)}" for file in budgets[:1])
    yield (
        "或者以上年的文件为模板，版面、语句不变，换上今年的数",
        f"juesuan roll {_quoted(last[0].path)}{options} -o {last[0].year + 1}年决算.docx",
    )


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if any(sign in text for sign in " &()^;'") else text


def _wait() -> None:
    """Keeps the window open that Windows opened for files dropped on the program: it closes with it."""
    if sys.platform != "win32" or not sys.stdin.isatty():
        return
    with contextlib.suppress(Exception):
        import ctypes

        # The program and the starter that pip made for it: nobody else is in the window.
        processes = (ctypes.c_uint * 4)()
        if ctypes.windll.kernel32.GetConsoleProcessList(processes, 4) <= 2:
            input("按回车键关闭窗口。")
