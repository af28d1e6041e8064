"""The commands of `juesuan`: new, compile, statute, demo; and, from `review`, read, check, rule."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text
from juesuan.cli import output as reports
from juesuan.cli import web
from juesuan.cli.check import commands as review
from juesuan.cli.check.differences import diff
from juesuan.cli.check.proof import verify
from juesuan.cli.corpus import commands as corpus
from juesuan.cli.corpus import compare, jurisdiction, simulate
from juesuan.cli.corpus.watch import watch
from juesuan.cli.desk import desk
from juesuan.cli.held import held
from juesuan.cli.help import CommandsByUser
from juesuan.cli.profile_name import KIND, PROFILE, profile_of
from juesuan.cli.revise import edited as edited_file
from juesuan.cli.revise.fix import fix
from juesuan.cli.revise.learn import profile
from juesuan.cli.revise.roll import roll
from juesuan.cli.score.commands import score
from juesuan.cli.score.evidence import evidence
from juesuan.version import VERSION

if TYPE_CHECKING:
    from juesuan.revision import TakenBack
    from juesuan.statute import Kind

DONE, FAULTY, UNREADABLE = 0, 1, 2
"""Exit codes: done; the accounts have faults; a file or the statute cannot be read."""

ALL_FORMATS = "docx,pdf,html,xlsx,json,csv"


@click.group(cls=CommandsByUser, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="juesuan", message="%(prog)s %(version)s", help="显示版本。")
def main() -> None:
    """决算公开和预算公开：编制、评分、公开、核对。"""
    # A command lives for seconds and frees nothing in circles: looking for them often costs a twentieth of its time.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles default to a code page that lacks many signs; a message must not die of it.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


for command in (desk, held, review.read, review.check, review.rule, diff, score, evidence, fix, roll, profile):
    main.add_command(command)
for command in (verify, watch):
    main.add_command(command)
for command in (web.serve, web.user, web.organisations, web.audit, web.backup, web.restore):
    main.add_command(command)
for command in (corpus.ingest, corpus.check_store, corpus.query, corpus.export):
    main.add_command(command)
for command in (jurisdiction.jurisdiction, jurisdiction.rollup, simulate.simulate, compare.compare):
    main.add_command(command)


@contextmanager
def _explained() -> Iterator[None]:
    """Turns the errors that users can cause into messages and exit codes; a traceback is never their business."""
    from juesuan.account import NotAnAccountError, UnreadableSourceError
    from juesuan.compiler import NoSchemeError
    from juesuan.statute import StatuteError

    try:
        yield
    except (UnreadableSourceError, NotAnAccountError) as error:
        click.echo(f"读不出来：{error.coded}", err=True)
        sys.exit(UNREADABLE)
    except NoSchemeError as error:
        click.echo(str(error), err=True)
        sys.exit(UNREADABLE)
    except StatuteError as error:
        click.echo("法规数据有错误：", err=True)
        for mistake in error.mistakes:
            click.echo(f"  [{mistake.code}] {mistake}", err=True)
        sys.exit(UNREADABLE)
    except BrokenPipeError:
        # Nobody reads on (juesuan … | head): the library ends the program quietly.
        raise
    except PermissionError as error:
        click.echo(f"写不进去：{error.filename}。文件可能正在 Excel 或 Word 中打开，请关闭后重试。", err=True)
        sys.exit(UNREADABLE)
    except OSError as error:
        click.echo(f"文件读写出错：{error.filename or ''}（{os_error_text(error)}）", err=True)
        sys.exit(UNREADABLE)


@main.command()
@click.argument("files", nargs=-1, metavar="[工作簿.xlsx]", type=click.Path(path_type=Path))
@click.option("--from", "held", multiple=True, type=click.Path(path_type=Path),
              help="决算软件导出的报表、公开的预算、上年公开的决算等；只问其中没有的（可写多个）")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="工作簿的文件名")
@KIND
@click.option("--profile", type=PROFILE, default=None,
              help="口径或地名，默认为全国通用；见 juesuan statute profiles")
@click.option("--year", type=int, default=None, help="决算或预算年度，默认为口径的年度")
@click.option("--statute", "root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None,
              help="使用另一套法规数据文件夹，见 juesuan statute place")
@click.option("--ledger", is_flag=True, help="另有预算执行台账，工作簿只填台账里没有的内容")
@click.option("--yes", "accept", is_flag=True, help="文件写明的单位或年度不同也取用")
@click.option("--force", is_flag=True, help="文件已存在时覆盖")
def new(
    files: tuple[Path, ...],
    held: tuple[Path, ...],
    output: Path | None,
    kind: Kind | None,
    profile: str | None,
    year: int | None,
    root: Path | None,
    ledger: bool,
    accept: bool,
    force: bool,
) -> None:
    """新建一份决算或预算的填报工作簿；有导出的报表时，只问报表里没有的。"""
    rest = files if output else files[1:]
    out = output or next(iter(files), None)
    if out is None or (rest and not held):
        click.echo("请写明一个工作簿的文件名：juesuan new 决算.xlsx", err=True)
        sys.exit(UNREADABLE)
    if out.suffix.lower() != ".xlsx":
        out = out.with_suffix(".xlsx")
    if out.exists() and not force:
        click.echo(f"{out} 已存在，没有覆盖。确要覆盖请加 --force。", err=True)
        sys.exit(UNREADABLE)
    with _explained():
        chosen = profile_of(profile, kind)
        if held:
            sys.exit(_ask([*held, *rest], out, chosen if profile else None, kind, accept, root))
        from juesuan.compiler import new_workbook
        from juesuan.statute import NATIONAL

        new_workbook(out, chosen or NATIONAL, ledger=ledger, year=year, root=root)
    click.echo(f"已生成填报工作簿：{out}")
    click.echo(f"填好后运行：juesuan compile {reports.quoted(out)} -o 输出文件夹")


def _ask(
    held: Sequence[Path], out: Path, profile: str | None, kind: Kind | None, accept: bool, root: Path | None
) -> int:
    """Writes the workbook that asks for what the files do not say."""
    from juesuan.inspection import ask_for_rest

    compilation, sheets = ask_for_rest(list(held), out, profile, kind=kind, accept=accept, root=root)
    reports.noticed(compilation)
    if not sheets:
        reports.faults(compilation, draft=True)
        return FAULTY
    reports.asked(compilation, out, sheets, held)
    return DONE


@main.command()
@click.argument("source", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件…")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=None, help="输出文件夹")
@click.option("--mark", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="副本.xlsx",
              help="另写一份标注的工作簿：要改、要填的单元格标红、加批注；只标注可以不写 -o")
@click.option("--force", is_flag=True, help="标注的副本已存在时覆盖")
@KIND
@click.option("--profile", type=PROFILE, default=None, help="口径；默认用工作簿自带的")
@click.option("--scheme", default="", help="绩效自评换一个评分办法和表式；默认用口径的，见 juesuan statute schemes")
@click.option("--formats", default=ALL_FORMATS, show_default=True, help="要生成的格式，逗号分隔")
@click.option("--draft", is_flag=True, help="出草稿：缺少的文字标出待填位置")
@click.option("--fonts", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None,
              help="PDF 优先使用的字体文件夹（如仿宋_GB2312、方正小标宋）")
@click.option("--summary", is_flag=True, help="另出一页绩效自评摘要（图）")
@click.option("--yes", "accept", is_flag=True, help="文件写明的单位或年度不同也取用")
@click.option("--edited", type=click.Path(path_type=Path, dir_okay=False), default=None, metavar="改过的.docx",
              help="取回在 Word 里改过的文字、原因和增加的段落；手工改的数字逐个指出，不收")
@click.option("--layout", type=click.Choice(["made", "edited"]), default="made", show_default=True,
              help="与 --edited 合用：made 重新排版，edited 保留改过的 Word 的版面和写法，只换决算数")
@click.option("--statute", "root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None,
              help="使用另一套法规数据文件夹")
def compile(
    source: tuple[Path, ...],
    output: Path | None,
    mark: Path | None,
    force: bool,
    kind: Kind | None,
    profile: str | None,
    scheme: str,
    formats: str,
    draft: bool,
    fonts: Path | None,
    summary: bool,
    accept: bool,
    edited: Path | None,
    layout: str,
    root: Path | None,
) -> None:
    """编制全套决算公开或预算公开文本。

    文件可以是填报工作簿、预算执行或批复的台账、决算软件导出的报表（.xls、.xlsx）、公开的预算、上年的决算，或文件夹。
    """
    chosen = [name.strip().lower() for name in formats.split(",") if name.strip()]
    if layout == "edited" and edited is None:
        click.echo("--layout edited 要与 --edited 改过的.docx 合用。", err=True)
        sys.exit(UNREADABLE)
    if output is None and mark is None:
        click.echo("请写明输出文件夹：-o 输出；只要一份标注的工作簿：--mark 副本.xlsx", err=True)
        sys.exit(UNREADABLE)
    if mark is not None and (mark := mark.with_suffix(".xlsx")).exists() and not force:
        click.echo(f"{mark} 已存在，没有覆盖（里面可能有已经填好的内容）。确要覆盖请加 --force。", err=True)
        sys.exit(UNREADABLE)
    with _explained():
        profile = profile_of(profile, kind)
    sys.exit(
        _compile(source, output, profile, chosen, draft, fonts, root, summary, scheme, accept, mark, edited, layout)
    )


def _compile(
    source: Sequence[Path],
    output: Path | None,
    profile: str | None,
    formats: Sequence[str],
    draft: bool = False,
    fonts: Path | None = None,
    root: Path | None = None,
    summary: bool = False,
    scheme: str = "",
    accept: bool = False,
    mark: Path | None = None,
    edited: Path | None = None,
    layout: str = "made",
) -> int:
    from juesuan.account import PublishError
    from juesuan.publisher import FORMATS, prepare, publish, publish_summary

    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        click.echo(f"没有“{'、'.join(unknown)}”这种格式；可用：{'、'.join(FORMATS)}", err=True)
        return UNREADABLE
    prepare(formats)
    with _explained(), reports.Steps(2 + len(formats)) as steps:
        from juesuan.inspection import compile_sources

        steps.begin("读取和汇总")
        back: TakenBack | None = None
        if edited is None:
            compilation = compile_sources(list(source), profile, root=root, scheme=scheme, accept=accept)
        else:
            back = edited_file.taken_back(list(source), edited, profile, root, scheme, accept)
            if back is None:
                return UNREADABLE
            compilation = back.compilation
        steps.finish("读取和汇总")
        if mark is not None:
            steps.stop()
            if not reports.marked(compilation, mark, source):
                return UNREADABLE
        if output is None:
            steps.stop()
            return DONE if compilation.final else FAULTY
        if not compilation.sound or (compilation.missing and not draft):
            steps.stop()
            if back is not None:
                edited_file.report(back)
            reports.faults(compilation, draft)
            return FAULTY
        account = compilation.account
        steps.finish("核对公式")
        try:
            closing = steps.finish
            law = compilation.statute
            written = publish(account, output, formats, statute=law, draft=draft, fonts=fonts, progress=closing)
            failures: list[tuple[str, str]] = []
            if summary and account.sheets:
                written += publish_summary(account, output, formats, statute=law, fonts=fonts)
        except PublishError as error:
            written, failures = error.written, error.failures
        steps.stop()
        reports.made(compilation, written, draft)
        if back is not None:
            failures += edited_file.finish(back, output, written, layout)
        for name, reason in failures:
            click.echo(f"没有生成 {name}：{reason}", err=True)
    return FAULTY if failures or not (back is None or back.clean) else DONE


@main.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("juesuan-demo"),
              show_default=True, help="输出文件夹")
def demo(output: Path) -> None:
    """编制随附的示例（武汉市某信息中心 2022 年度的决算和预算），看看能得到什么。"""
    from juesuan.cli.examples import example

    folder = example()
    click.echo(f"示例：{folder}")
    click.echo("  ledger.csv     预算执行台账（按月，金额为元）")
    click.echo("  workbook.xlsx  填报工作簿（年初预算、三公经费、原因说明、绩效指标等）")
    formats = ALL_FORMATS.split(",")
    done = _compile([folder / "ledger.csv", folder / "workbook.xlsx"], output, None, formats)
    click.echo(f"同一单位的预算：{folder / 'budget'}")
    sys.exit(done or _compile([folder / "budget"], output / "预算", None, formats))


@main.command()
@click.argument("what", default="", metavar="[forms|relations|clauses|schemes|profiles|codes|changes|check|copy|place]")
@click.argument("key", required=False)
@click.argument("until", required=False, metavar="[年度]")
@click.option("--profile", type=PROFILE, default="national", show_default=True, help="口径")
@click.option("--year", type=int, default=None, help="年度")
@click.option("--statute", "root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None,
              help="使用另一套法规数据文件夹")
def statute(
    what: str, key: str | None, until: str | None, profile: str, year: int | None, root: Path | None
) -> None:
    """查看法规数据：表、关系、语句、评分办法、口径、科目。

    changes 2024 2025 列出两个年度之间的变化；check 校验，copy 复制，place 说明没有本地口径怎么办。
    """
    from juesuan.cli import lawbook, places
    from juesuan.statute import load_statute

    with _explained():
        if what in ("copy", "place"):
            sys.exit(DONE if (places.show_guide() if what == "place" else places.copy_statute(key)) else UNREADABLE)
        if what == "changes":
            sys.exit(DONE if lawbook.show_changes(profile, key, until, root) else UNREADABLE)
        law = load_statute(profile, year, root) if root else load_statute(profile, year)
        if what == "check":
            sys.exit(DONE if lawbook.validate(law, root) else UNREADABLE)
        sys.exit(DONE if lawbook.show(law, what, key) else UNREADABLE)
