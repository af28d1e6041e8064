"""`juesuan simulate`: synthetic jurisdictions (合成数据), and findings held against their answer key."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import click

from juesuan.account import os_error_text
from juesuan.cli.output import stop
from juesuan.cli.profile_name import PROFILE


class _Group(click.Group):
    """A group that is a command too: without `score` it makes a jurisdiction."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        if arguments[:1] not in (["score"], ["make"], ["-h"], ["--help"]):
            arguments = ["make", *arguments]
        return super().parse_args(context, arguments)


@click.group(cls=_Group)
def simulate() -> None:
    """生成合成地区（juesuan simulate --units …），或把核对结果与答案对照（juesuan simulate score）。"""


@simulate.command()
@click.option("--units", type=click.IntRange(1), required=True, help="单位数")
@click.option("--departments", type=click.IntRange(1), required=True, help="部门数")
@click.option("--years", required=True, help="年度，如 2021-2023")
@click.option("--seed", type=int, default=1, show_default=True, help="种子：相同的种子得到相同的文件")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@click.option("--profile", type=PROFILE, default="national", show_default=True, help="口径")
@click.option("--shares", default="", help="各格式的份数比，如 docx=30,pdf=25,html=20,md=15,xlsx=5,json=5")
@click.option("--planted", type=click.FloatRange(0, 1), default=0.4, show_default=True, help="放入矛盾的文件所占比例")
@click.option("--rows", type=click.IntRange(0), default=0, help="每年台账的行数；默认每笔十二行")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="进程数")
def make(
    units: int, departments: int, years: str, seed: int, output: Path, profile: str, shares: str, planted: float,
    rows: int, jobs: int,
) -> None:  # fmt: skip
    """生成合成地区：组织机构、台账、公开的预算和决算，其中放入各种矛盾，答案在 answers.json。全部是合成数据。"""
    from juesuan.statute import StatuteError
    from juesuan.synthetic import SHARES, SimulationOrder
    from juesuan.synthetic import simulate as write

    first, _, last = years.partition("-")
    if not (first.isdigit() and (last or first).isdigit() and int(first) <= int(last or first)):
        stop(f"“{years}”不是年度；请写成 2021-2023。")
    order = SimulationOrder(
        units, min(departments, units), int(first), int(last or first), seed, profile, _shares(shares) or dict(SHARES),
        Decimal(str(planted)), rows,
    )  # fmt: skip
    try:
        answers = write(order, output, jobs, _shown)
    except StatuteError as error:
        stop("\n".join(str(mistake) for mistake in error.mistakes))
    except OSError as error:
        stop(f"文件读写出错：{error.filename or ''}（{os_error_text(error)}）")
    click.echo(f"合成数据：{units} 个单位、{order.departments} 个部门，{order.first} 至 {order.last} 年：{output}")
    click.echo(f"放入矛盾 {len(answers)} 处，答案：{output / 'answers.json'}")


def _shares(text: str) -> dict[str, int]:
    from juesuan.synthetic import SHARES

    found: dict[str, int] = {}
    for part in filter(None, text.split(",")):
        name, _, count = part.partition("=")
        if name.strip() not in SHARES or not count.strip().isdigit():
            stop(f"“{part}”不对；格式可用：{'、'.join(SHARES)}，写成 docx=30。")
        found[name.strip()] = int(count)
    return found


def _shown(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r写文件 {done}/{whole}", err=True, nl=done == whole)


@simulate.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--store", type=str, default=None, help="已经收入库的，用库里的核对结果；默认当场核对")
def score(folder: Path, store: str | None) -> None:
    """把核对结果与文件夹里的答案对照，按矛盾的种类给出查出率，以及错误的准确率。"""
    from juesuan.account import UnreadableFileError
    from juesuan.corpus import StoreError
    from juesuan.synthetic import findings_in_folder, findings_in_store, read_answers
    from juesuan.synthetic import score as judged

    try:
        answers = read_answers(folder)
    except (OSError, ValueError) as error:
        stop(f"没有可读的答案：{folder / 'answers.json'}（{error}）")
    try:
        found = findings_in_store(store) if store else findings_in_folder(folder, _shown)
    except (StoreError, UnreadableFileError, OSError) as error:
        stop(str(error))
    result = judged(answers, found)
    click.echo("种类\t放入\t查出\t查出率")
    for mark in result.marks:
        click.echo(f"{mark.kind}\t{mark.planted}\t{mark.found}\t{mark.found / mark.planted:.1%}")
    click.echo(f"合计查出率 {result.recall:.1%}；报错 {result.errors} 处，准确率 {result.precision:.1%}")
    if result.undetectable:
        rest = f"可判定的查出率 {result.recall_of_detectable:.1%}"
        click.echo(f"其中 {result.undetectable} 处在四舍五入之内、从文件无法判定；{rest}")
    for answer in result.missed:
        outcome = "没有查出" if answer.detectable else "没有查出（无法判定）"
        click.echo(f"{outcome}：{answer.file} {answer.kind} {answer.place}（{answer.before} → {answer.after}）")
    for finding in result.false:
        click.echo(f"误报：{finding.file} {finding.code}")
    sys.exit(1 if result.recall_of_detectable < 1 or result.false else 0)
