"""`juesuan jurisdiction` and `juesuan rollup`: many units compiled at once, departments held against units."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text
from juesuan.cli.output import stop
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.account import Issue
    from juesuan.reader import Reading

DONE, FAULTY, UNREADABLE = 0, 1, 2
SHOWN = 20


@click.command()
@click.argument("ledgers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--organisation", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="组织机构表 CSV：单位编码,单位名称,上级编码,层级,性质,编制人数")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@click.option("--figures", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="台账里没有的数（三公、车辆、上年数）CSV：单位编码,地址,数")
@click.option("--profile", type=PROFILE, default="national", show_default=True, help="口径")
@click.option("--year", type=int, default=None, help="决算年度，默认为口径的年度")
@click.option("--name", default="全部单位", show_default=True, help="地区的名称")
@click.option("--accounts", is_flag=True, help="每个单位、部门另存一份 JSON")
@click.option("--formats", default="", help="每个单位另出公开文本（草稿），如 docx,pdf")
@click.option("--memory", default=None, help="数据库可用的内存，如 1200MB")
@click.option("--jobs", type=int, default=2, show_default=True, help="出公开文本的进程数")
def jurisdiction(
    ledgers: tuple[Path, ...], organisation: Path, output: Path, figures: Path | None, profile: str, year: int | None,
    name: str, accounts: bool, formats: str, memory: str | None, jobs: int,
) -> None:  # fmt: skip
    """由含多个单位的台账（CSV、Parquet、XLSX 或所在文件夹）一次编出所有单位、部门和全地区的决算表。

    某个单位的错误逐条列在 problems.csv，不影响其他单位。没有错误时退出码为 0，有错误为 1，读不出来为 2。
    """
    import duckdb

    from juesuan.corpus.jurisdiction import (
        DEPARTMENT,
        MEMORY,
        UNIT,
        OrganisationError,
        compile_jurisdiction,
        publish_units,
        read_organisation,
        write_jurisdiction,
    )
    from juesuan.publisher import FORMATS
    from juesuan.statute import StatuteError, load_statute

    chosen = [part.strip().lower() for part in formats.split(",") if part.strip()]
    unknown = [part for part in chosen if part not in FORMATS]
    if unknown:
        stop(f"没有“{'、'.join(unknown)}”这种格式；可用：{'、'.join(FORMATS)}")
    try:
        units = read_organisation(organisation)
        statute = load_statute(profile, year)
        with compile_jurisdiction(
            _files(ledgers), units, statute, stated=figures, name=name, memory=memory or MEMORY
        ) as made:
            written = write_jurisdiction(made, output, accounts=accounts)
            errors = sum(1 for found in made.faults if found.issue.severity == "error")
            counts = len(made.units(UNIT)), len(made.units(DEPARTMENT))
            failures = publish_units(made, output / "公开文本", chosen, jobs, _shown) if chosen else []
            problems, mismatches, notes = made.problems, made.mismatches, made.notes
    except OrganisationError as error:
        stop(str(error))
    except StatuteError as error:
        stop("\n".join(str(mistake) for mistake in error.mistakes))
    except duckdb.Error as error:
        stop(f"数据库处理不了：{str(error).splitlines()[0]}。内存不够时请加大 --memory。")
    except OSError as error:
        stop(f"文件读写出错：{error.filename or ''}（{os_error_text(error)}）")
    click.echo(f"编制了 {counts[0]} 个单位、{counts[1]} 个部门和{name}的决算表：{written[0]}")
    for problem in problems[:SHOWN]:
        click.echo(f"  {problem.unit or '（不属于任何单位）'} [{problem.issue.code}] {problem.issue}")
    if len(problems) > SHOWN:
        click.echo(f"  ……共 {len(problems)} 处，见 {output / 'problems.csv'}")
    for mismatch in mismatches[:SHOWN]:
        click.echo(f"  [{mismatch.issue.code}] {mismatch.issue}")
    click.echo(f"公式不成立 {errors} 处，须说明 {len(made.faults) - errors} 处：{output / 'faults.csv'}")
    for note in notes:
        click.echo(f"注意：{note}")
    for code, reason in failures:
        click.echo(f"没有出文本：{code}：{reason}", err=True)
    sys.exit(FAULTY if problems or errors or mismatches or failures else DONE)


def _shown(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r出公开文本 {done}/{whole}", err=True, nl=done == whole)


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(p for p in sorted(path.rglob("*")) if p.suffix.lower() in (".csv", ".parquet", ".xlsx"))
        else:
            found.append(path)
    return found


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--organisation", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="组织机构表 CSV：单位编码,单位名称,上级编码,层级")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
def rollup(files: tuple[Path, ...], organisation: Path, form: str, profile: str | None) -> None:
    """部门公开的决算对照所属单位决算之和（减内部往来），差额追到单位。文件为部门和单位的公开文件或所在文件夹。

    没有错误时退出码为 0，有错误为 1，有文件读不出来为 2。
    """
    from juesuan.account import SEVERITY_NAMES
    from juesuan.corpus.jurisdiction import OrganisationError, check_department, read_organisation

    try:
        units = read_organisation(organisation)
    except OrganisationError as error:
        stop(str(error))
    readings, unreadable = _read(files, profile)
    by_year: dict[int, dict[str, Reading]] = {}
    for reading in readings:
        code = reading.account.unit.code if reading.account.unit.code in units.by_code else ""
        code = code or units.codes_by_name.get(reading.account.unit.name, "")
        if code:
            by_year.setdefault(reading.account.year, {})[code] = reading
        else:
            click.echo(f"组织机构表里没有“{reading.account.unit.name}”，没有对照。", err=True)
    found: list[tuple[str, Issue]] = []
    for year, accounts in sorted(by_year.items()):
        for code in units.departments:
            if code in accounts:
                parts = {unit: one.account for unit, one in accounts.items() if unit != code}
                findings = check_department(accounts[code].account, parts, units, accounts[code].statute, code)
                found.extend((f"{year}年度 {code} {units.by_code[code].name}", finding) for finding in findings)
    if form == "json":
        import msgspec

        data = [{"department": name, **msgspec.to_builtins(finding)} for name, finding in found]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for name, finding in found:
            click.echo(f"{name}：{SEVERITY_NAMES[finding.severity]} [{finding.code}] {finding.message}")
            for operand in finding.operands:
                click.echo(f"    {operand.name} {operand.stated}{f'（{operand.source}）' if operand.source else ''}")
        if not found:
            click.echo("部门与所属单位一致。")
    if unreadable:
        sys.exit(UNREADABLE)
    sys.exit(FAULTY if any(finding.severity == "error" for _, finding in found) else DONE)


def _read(files: Iterable[Path], profile: str | None) -> tuple[list[Reading], bool]:
    from juesuan.account import UnreadableFileError
    from juesuan.cli.check.run import expanded
    from juesuan.reader import read_document

    readings, failed = [], False
    for file in expanded(list(files)):
        try:
            readings.append(read_document(file, profile))
        except UnreadableFileError as error:
            failed = True
            click.echo(f"读不出来：{error.coded}", err=True)
    return readings, failed
