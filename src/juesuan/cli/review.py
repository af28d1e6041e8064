"""The reviewer's commands: read a published file, check many, explain a rule."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from juesuan.check import Finding, Report
    from juesuan.check.reports import Unreadable
    from juesuan.read import Reading

NOTHING_AT_ERROR, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes of check: nothing at error level, errors found, a file could not be read."""



@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--profile", default=None, help="口径；默认按地区和年度识别")
def read(file: Path, form: str, profile: str | None) -> None:
    """读出一份公开文本里的全部决算数。"""
    from juesuan.account import to_json
    from juesuan.read import UnreadableFileError, read_document

    try:
        reading = read_document(file, profile)
    except UnreadableFileError as error:
        click.echo(f"读不出来：{error}", err=True)
        sys.exit(UNREADABLE)
    if form == "json":
        click.echo(to_json(reading.account).decode(), nl=False)
    elif form == "csv":
        _csv(reading)
    else:
        _table(reading)


def _rows(reading: Reading) -> Iterator[tuple[str, ...]]:
    for fact in reading.account.facts.values():
        form = reading.statute.forms[fact.address.form]
        unit = form.unit_of(fact.address.row)
        amount = reading.statute.amount_text(fact.figure.value, unit, table=True)
        column = form.columns[fact.address.column].label
        row = reading.statute.name_of(form, fact.address.row)
        yield form.title, fact.address.row, row, column, amount, unit, str(fact.source or "")


def _csv(reading: Reading) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["表", "行", "行名称", "栏名称", "数额", "单位", "位置"])
    writer.writerows(_rows(reading))


def _table(reading: Reading) -> None:
    account = reading.account
    click.echo(f"{account.year}年度 {account.unit.name or '（没有认出单位名称）'}　口径：{account.profile}")
    title = ""
    for form, code, row, column, amount, unit, _ in _rows(reading):
        if form != title:
            title = form
            click.echo(f"《{title}》（{unit}）")
        click.echo(f"  {code}\t{row}\t{column}\t{amount}")
    for note in reading.notes:
        click.echo(f"注意：{note}")
    if account.unplaced:
        click.echo(f"没有归入公开表的内容 {len(account.unplaced)} 处：")
        for item in account.unplaced:
            click.echo(f"  {item.text[:80]}（{item.source or ''}）")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", default=None, help="口径；默认按地区和年度识别")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--select", default="", help="只看这些编号开头的，逗号分隔，如 T,X3")
@click.option("--ignore", default="", help="不看这些编号开头的，逗号分隔")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="另存问题清单（.xlsx）")
def check(
    files: tuple[Path, ...], profile: str | None, form: str, select: str, ignore: str, output: Path | None
) -> None:
    """核对一份或多份公开文本的决算表：表内、表间公式，表的完整，科目，年度和单位。"""
    from juesuan.check.reports import Unreadable, as_json, write_problem_list
    from juesuan.statute import load_statute

    results = [_filtered(result, select, ignore) for result in _check_all(_expanded(files), profile)]
    reports = [result for result in results if not isinstance(result, Unreadable)]
    unreadable = [result for result in results if isinstance(result, Unreadable)]
    if form == "json":
        data = [as_json(report) for report in reports] + [{"file": u.file, "unreadable": u.reason} for u in unreadable]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _print(report)
        for item in unreadable:
            click.echo(f"读不出来：{item.file}：{item.reason}", err=True)
        if len(results) > 1:
            _summary(reports, unreadable)
    if output:
        write_problem_list(output, [(r, load_statute(r.profile, r.year)) for r in reports], unreadable)
        click.echo(f"问题清单：{output}", err=form == "json")
    if unreadable:
        sys.exit(UNREADABLE)
    sys.exit(ERRORS if any(report.count("error") for report in reports) else NOTHING_AT_ERROR)


def _expanded(paths: Sequence[Path]) -> list[Path]:
    """Files, and the files of folders, in order of name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))))
        else:
            found.append(path)
    return found


def _check_all(files: Sequence[Path], profile: str | None) -> list[Report | Unreadable]:
    if len(files) < 2:
        return [_check_one(file, profile) for file in files]
    from juesuan.check.reports import Unreadable

    results: list[Report | Unreadable] = []
    with ProcessPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
        jobs = pool.map(_check_one, files, [profile] * len(files))
        with click.progressbar(jobs, length=len(files), label="核对", file=sys.stderr) as bar:
            results.extend(bar)
    # A malformed PDF can leave its process unable to read others: those are read once more, each by a new process.
    for index, result in enumerate(results):
        if isinstance(result, Unreadable) and files[index].is_file():
            with ProcessPoolExecutor(1) as pool:
                results[index] = pool.submit(_check_one, files[index], profile).result()
    return results


def _check_one(file: Path, profile: str | None) -> Report | Unreadable:
    from juesuan.check import check as check_account
    from juesuan.check.reports import Unreadable
    from juesuan.read import UnreadableFileError, read_document

    try:
        reading = read_document(file, profile)
    except UnreadableFileError as error:
        return Unreadable(file.name, str(error))
    return check_account(reading.account, statute=reading.statute, file=file.name, notes=reading.notes)


def _filtered(result: Report | Unreadable, select: str, ignore: str) -> Report | Unreadable:
    import msgspec

    from juesuan.check.reports import Unreadable

    if isinstance(result, Unreadable) or not (select or ignore):
        return result
    wanted = tuple(filter(None, select.split(",")))
    unwanted = tuple(filter(None, ignore.split(",")))

    def kept(finding: Finding) -> bool:
        return (not wanted or finding.code.startswith(wanted)) and not (unwanted and finding.code.startswith(unwanted))

    return msgspec.structs.replace(result, findings=tuple(f for f in result.findings if kept(f)))


def _print(report: Report) -> None:
    from juesuan.check import SEVERITY_NAMES

    tally = report.relations
    click.echo(f"{report.file}　{report.year}年度 {report.unit}（{report.profile}）")
    click.echo(
        f"  公式：判定 {tally.decided} 条，成立 {tally.held}，尾数内成立 {tally.rounding}，"
        f"不成立 {tally.failed}；缺数未判 {tally.undecided}；正文数字核对 {report.claims[0]} 个"
    )
    for finding in report.findings:
        click.echo(f"  {SEVERITY_NAMES[finding.severity]} [{finding.code}] {finding.message}")
        for place in finding.places[:4]:
            click.echo(f"      在 {place}")
        if finding.severity == "error":
            for operand in finding.operands:
                click.echo(f"      {operand.name} = {operand.stated}（{operand.source or ''}）")
    for note in report.notes:
        click.echo(f"  注意：{note}")
    if not report.findings:
        click.echo("  没有发现问题。")


def _summary(reports: Sequence[Report], unreadable: Sequence[Unreadable]) -> None:
    click.echo("文件\t错误\t须说明\t提示")
    for report in reports:
        counts = (report.count("error"), report.count("warning"), report.count("notice"))
        click.echo("\t".join([report.file, *map(str, counts)]))
    click.echo(f"共 {len(reports) + len(unreadable)} 份，读不出来 {len(unreadable)} 份。")


@click.command()
@click.argument("code", required=False)
@click.option("--profile", default="national", show_default=True, help="口径")
def rule(code: str | None, profile: str) -> None:
    """说明一条核对规则：为什么、依据、例子、怎样改。"""
    from juesuan.check import SEVERITY_NAMES
    from juesuan.cli import lawbook
    from juesuan.statute import load_rules, load_statute

    rules = load_rules()
    law = load_statute(profile)
    if code is None:
        for entry in rules.values():
            click.echo(f"{entry.key}\t{SEVERITY_NAMES[entry.severity]}\t{entry.title}")
        for relation in law.relations.values():
            if relation.kind == "equation":
                click.echo(f"{relation.code}\t公式\t{relation.why}")
        return
    if code in rules:
        entry = rules[code]
        click.echo(f"{entry.key}　{entry.title}（{SEVERITY_NAMES[entry.severity]}）")
        click.echo(f"为什么：{entry.why}\n依据：{entry.basis}\n怎样改：{entry.mend}")
        return
    if not lawbook.show(law, "relations", code):
        sys.exit(UNREADABLE)
