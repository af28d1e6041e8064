"""`juesuan evidence`: the queries behind actual values, run and computed again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.account import Account
    from juesuan.scoring.evidence import EvidencePlan, RecomputedEvidence

SAME, DRIFTED, UNREADABLE = 0, 1, 2
"""Exit codes: all values are there, and the same; some are not; nothing could be read."""

RECORD = "evidence.json"
"""The record that `run` leaves beside the declaration, an account like any other."""

SHORT = 12


@click.group()
def evidence() -> None:
    """绩效指标的佐证：由业务数据查询得出实际完成值，并可随时重新计算。"""


@evidence.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--profile", type=PROFILE, default=None, help="口径；默认用工作簿自带的")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help=f"记录存到哪里；默认为该文件夹里的 {RECORD}")
@click.option("--force", is_flag=True, help="有佐证取不到时，也覆盖原有的记录")
def run(folder: Path, profile: str | None, output: Path | None, force: bool) -> None:
    """运行文件夹（填报工作簿和 evidence.toml 所在文件夹）里的全部查询，列出结果并留下记录。"""
    from juesuan.account import UnreadableSourceError, to_json
    from juesuan.compiler import compile_sources
    from juesuan.statute import StatuteError

    try:
        compilation = compile_sources(folder, profile)
    except (UnreadableSourceError, StatuteError) as error:
        click.echo(f"读不出来：{error.coded}", err=True)
        sys.exit(UNREADABLE)
    account = compilation.account
    differing = [problem for problem in compilation.problems if problem.code == "V101"]
    proved = any(indicator.proof for sheet in account.sheets for indicator in sheet.indicators)
    if not proved and not compilation.unproved:
        click.echo("没有声明佐证：在工作簿旁写 evidence.toml，或填“佐证数据”“佐证”两张表。", err=True)
        sys.exit(UNREADABLE)
    target = output or (folder if folder.is_dir() else folder.parent) / RECORD
    if compilation.unproved and target.exists() and not force:
        for issue in compilation.unproved:
            click.echo(f"  [{issue.code}] {issue.message}")
        count = len(compilation.unproved)
        click.echo(f"有 {count} 处佐证取不到，原有的记录没有改动：{target}。确要覆盖请加 --force。", err=True)
        sys.exit(DRIFTED)
    try:
        target.write_bytes(to_json(account))
    except OSError as error:
        click.echo(f"写不进去：{target}（{os_error_text(error)}）", err=True)
        sys.exit(UNREADABLE)
    _print_found(account)
    for issue in compilation.unproved:
        click.echo(f"  [{issue.code}] {issue.message}")
    for issue in differing:
        click.echo(f"  [{issue.code}] {issue}")
    click.echo(f"记录：{target}")
    sys.exit(DRIFTED if compilation.unproved or differing else SAME)


def _print_found(account: Account) -> None:
    for sheet in account.sheets:
        proved = [indicator for indicator in sheet.indicators if indicator.proof is not None]
        if proved:
            click.echo(f"{sheet.title}（{len(proved)} 个指标有佐证）")
        for indicator in proved:
            proof = indicator.proof
            assert proof is not None
            data = "；".join(f"{d.name} {d.rows:,}行 {d.fingerprint[:SHORT]}" for d in proof.data)
            click.echo(f"  {indicator.name}：{proof.value}　目标 {indicator.target}　[{proof.query}] {data}")


@evidence.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="业务数据所在的文件夹（evidence.toml 所在处）；默认为所给路径所在的文件夹")
def verify(path: Path, data: Path | None) -> None:
    """对照业务数据重新计算（决算数据 .json，或有记录的文件夹）里的全部佐证。"""
    from juesuan.scoring.evidence import FILE_NAME, EvidenceError, read_plan
    from juesuan.scoring.evidence import verify as verified

    account = _recorded(path)
    folder = data or (path if path.is_dir() else path.parent)
    plan: EvidencePlan | None = None
    if (folder / FILE_NAME).is_file():
        try:
            plan = read_plan(folder / FILE_NAME)
        except EvidenceError as error:
            click.echo(f"读不出来：{error.coded}", err=True)
            sys.exit(UNREADABLE)
    checked = verified(account.sheets, folder, plan)
    if not checked:
        click.echo(f"{path}：没有一个指标有佐证，无从核对。", err=True)
        sys.exit(UNREADABLE)
    drifted = [item for item in checked if item.verdict != "一致"]
    for item in drifted:
        click.echo(_line(item))
    same = len(checked) - len(drifted)
    counted = f"{len(checked)} 个佐证，一致 {same} 个，不一致 {len(drifted)} 个"
    click.echo(f"{account.unit.name} {account.year}年度：{counted}。")
    sys.exit(DRIFTED if drifted else SAME)


def _line(item: RecomputedEvidence) -> str:
    return f"[{item.verdict}] {item.form} “{item.name}”：{item.text}"


def _recorded(path: Path) -> Account:
    """The account with the record: the file itself, or the record in the folder."""
    from juesuan.account import NotAnAccountError, from_json

    file = path / RECORD if path.is_dir() else path
    if not file.is_file():
        hint = "；请先运行 juesuan evidence run" if path.is_dir() else ""
        click.echo(f"找不到记录 {file}{hint}", err=True)
        sys.exit(UNREADABLE)
    try:
        return from_json(file.read_bytes())
    except (NotAnAccountError, OSError) as error:
        click.echo(f"读不出来：{file}：{error}", err=True)
        sys.exit(UNREADABLE)


@evidence.command()
@click.argument("name", required=False)
def queries(name: str | None) -> None:
    """自带的查询：不写名称列出全部，写名称显示全文。"""
    from juesuan.scoring.evidence import EvidenceError, library_query, query_names

    if name is None:
        for key in query_names():
            query = library_query(key)
            click.echo(f"{key:26}{query.title}（{query.unit}）")
        return
    try:
        click.echo(library_query(name).text)
    except EvidenceError as error:
        click.echo(str(error), err=True)
        sys.exit(UNREADABLE)
