"""The reviewer's commands: read a published file, check many, explain a rule."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from juesuan.account import os_error_text
from juesuan.cli.check.files import OUTPUTS_HELP, OutputError, planned, report_text, write_all
from juesuan.cli.check.run import check_all, expanded, filtered, once_each, read_others, wanting, watched
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.checker.reports import Checked, Rounds
    from juesuan.reader import Reading

NOTHING_AT_ERROR, ERRORS, UNREADABLE, INCONCLUSIVE = 0, 1, 2, 3
"""Exit codes of check: nothing at error level, errors found, a file could not be read or written, no error found but
too little of a file was understood to say so."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "claims"]), default="table",
              show_default=True, help="table、csv、json 是表中的数；claims 是正文里的每个数（CSV）")
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
def read(file: Path, form: str, profile: str | None) -> None:
    """读出一份公开文本里的全部决算数，或正文里的每个数。"""
    from juesuan.account import UnreadableFileError, to_json
    from juesuan.reader import read_document

    try:
        reading = read_document(file, profile, watched())
    except UnreadableFileError as error:
        click.echo(f"读不出来：{error.coded}", err=True)
        sys.exit(UNREADABLE)
    if form == "json":
        click.echo(to_json(reading.account).decode(), nl=False)
    elif form == "csv":
        _csv(reading)
    elif form == "claims":
        from juesuan.cli.check.claims import write_claims

        write_claims(reading)
    else:
        _table(reading)


def _rows(reading: Reading) -> Iterator[tuple[str, ...]]:
    for fact in reading.account.facts.values():
        form = reading.statute.forms[fact.address.form]
        unit = form.unit_of(fact.address.row)
        amount = reading.statute.amount_text(fact.figure.value, unit, table=True)
        column = form.columns[fact.address.column].label
        row = reading.statute.name_of(form, fact.address.row)
        yield form.title, fact.address.row, row, column, fact.address.period, amount, unit, str(fact.source or "")


def _csv(reading: Reading) -> None:
    from juesuan.account import CsvWriter

    writer = CsvWriter(sys.stdout)
    writer.line(["表", "行", "行名称", "栏名称", "期间", "数额", "单位", "位置"])
    writer.lines(_rows(reading))


def _table(reading: Reading) -> None:
    from juesuan.checker.reports import year_text

    account = reading.account
    click.echo(f"{year_text(account.year)} {account.unit.name or '（没有认出单位名称）'}　口径：{account.profile}")
    title = ""
    for form, code, row, column, period, amount, unit, _ in _rows(reading):
        if form != title:
            title = form
            click.echo(f"《{title}》（{unit}）")
        click.echo(f"  {code}\t{row}\t{column}\t{amount}" + (f"\t（{period}）" if period != "本年" else ""))
    for note in reading.notes:
        click.echo(f"注意 [{note.code}]：{note}")
    if account.unplaced:
        click.echo(f"没有归入公开表的内容 {len(account.unplaced)} 处：")
        for item in account.unplaced:
            click.echo(f"  {item.text[:80]}（{item.source or ''}）")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "html"]), default="text",
              show_default=True, help="在屏幕（标准输出）上给出的格式")
@click.option("-o", "--output", "outputs", multiple=True, type=str, metavar="文件或文件夹/", help=OUTPUTS_HELP)
@click.option("--against", "others", multiple=True, type=click.Path(path_type=Path), metavar="文件或文件夹",
              help="对照的文件：上年决算（核对结转和上年数）、当年公开的预算（核对年初预算）；可给多个")
@click.option("--select", default="", help="只看这些编号开头的，逗号分隔，如 T,X3")
@click.option("--ignore", default="", help="不看这些编号开头的，逗号分隔")
@click.option("--baseline", "baseline_file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="基线文件（.toml）：列在其中、写明理由的问题另列为“已接受”，不再计入")
@click.option("--write-baseline", "new_baseline", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="把现有问题写成基线条目，理由留空待填；与 --baseline 同一文件时接着写")
@click.option("--since", "last_round", type=click.Path(path_type=Path, dir_okay=False), default=None,
              metavar="问题清单.xlsx", help="上次的问题清单（或 JSON 报告）：写明哪些还在、哪些是新的、哪些没有了")
@click.option("--unchecked", is_flag=True, help="列出没有核对的每一个数：位置和原因")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="年-月-日", default=None,
    help="判断基线条目是否到期的日子；默认今天",
)  # fmt: skip
def check(
    files: tuple[Path, ...],
    profile: str | None,
    form: str,
    outputs: tuple[str, ...],
    others: tuple[Path, ...],
    select: str,
    ignore: str,
    baseline_file: Path | None,
    new_baseline: Path | None,
    last_round: Path | None,
    unchecked: bool,
    today: datetime | None,
) -> None:
    """核对一份或多份公开文本（或所在文件夹）：公式、正文、表的完整、科目、年度和单位。

    退出码：没有错误为 0，有错误为 1，有文件读不出来（或本程序出错、没有核对完）为 2，没有错误但有文件看懂的太少、
    不能下结论为 3。
    """
    from juesuan.checker import BaselineError, apply_baseline, not_concerned, read_baseline
    from juesuan.checker.reports import RoundError, Unreadable, read_round, since

    same = once_each(expanded(files))
    chosen = list(same)
    try:
        planned_outputs = planned(outputs, chosen)
        rounds = read_round(last_round) if last_round else None
        baseline = read_baseline(baseline_file) if baseline_file else None
        _refuse_to_overwrite(new_baseline, baseline_file)
    except (OutputError, BaselineError, RoundError) as error:
        click.echo(str(error), err=True)
        sys.exit(UNREADABLE)
    accounts, unreadable_others = read_others(expanded(others), None)
    results = check_all(chosen, profile, accounts)
    checked = [
        msgspec.structs.replace(result, same=same[file])
        for file, result in zip(chosen, results, strict=True) if not isinstance(result, Unreadable)
    ]
    unreadable = [result for result in results if isinstance(result, Unreadable)] + unreadable_others
    if baseline:
        aside = not_concerned(baseline, checked)
        checked = apply_baseline(baseline, checked, today.date() if today else date.today())
        if aside:
            click.echo(f"基线里有 {len(aside)} 条的单位或年度不在这次核对的文件中，没有用到。", err=True)
    checked = [filtered(item, select, ignore) for item in checked]
    if rounds is not None:
        if (is_wanted := wanting(select, ignore)) is not None:
            rounds = {of: [one for one in known if is_wanted(one.code)] for of, known in rounds.items()}
        checked = since(rounds, checked)
    click.echo(report_text(form, checked, unreadable, unchecked=unchecked), nl=False)
    if form == "text":
        for item in unreadable:
            click.echo(f"读不出来：{item.file}：[{item.code}] {item.reason}", err=True)
        for line in _not_come(rounds or {}, checked):
            click.echo(line)
    written = write_all(planned_outputs, form, checked, unreadable)
    for name, path in written.paths:
        click.echo(f"{name}：{path}", err=form != "text")
    for failure in written.failures:
        click.echo(failure, err=True)
    failed = bool(written.failures) | (new_baseline is not None and not _write_baseline(new_baseline, checked))
    if unreadable or failed or any(item.report.faults for item in checked):
        sys.exit(UNREADABLE)
    if any(item.count("error") for item in checked):
        sys.exit(ERRORS)
    sys.exit(INCONCLUSIVE if any(item.report.inconclusive for item in checked) else NOTHING_AT_ERROR)


def _not_come(rounds: Rounds, checked: Sequence[Checked]) -> Iterator[str]:
    """Of what the last round found something in, and nothing came this time."""
    from juesuan.checker.reports import missing

    left = missing(rounds, checked)
    if left:
        yield f"上次有问题、这次没有核对到的 {len(left)} 份："
    for (unit, year, kind), count in left:
        yield f"  {unit}{f' {year}年度' if year else ''}{kind}：{count} 处"


def _refuse_to_overwrite(new: Path | None, present: Path | None) -> None:
    """Reasons that people wrote are not overwritten. Raises OutputError."""
    if new and new.exists() and not (present and present.exists() and new.samefile(present)):
        raise OutputError(f"{new} 已存在，没有覆盖。要保留已写的理由并接着写，请同时加 --baseline {new}。")


def _write_baseline(path: Path, checked: Sequence[Checked]) -> bool:
    """Writes the entries, after those already in the file; False where that cannot be done."""
    from juesuan.checker import entries_text

    try:
        present = path.read_text(encoding="utf-8-sig") if path.exists() else None
        path.write_text(entries_text(checked, present), encoding="utf-8", newline="\n")
    except OSError as error:
        click.echo(f"写不进去：{path}（{os_error_text(error)}）。", err=True)
        return False
    click.echo(f"基线：{path}。请填写每条的理由，删去不接受的。", err=True)
    return True


@click.command()
@click.argument("code", required=False)
@click.option("--profile", type=PROFILE, default=None, help="口径；默认看所有口径的规则")
def rule(code: str | None, profile: str | None) -> None:
    """说明一条核对规则：为什么、依据、例子、怎样改。"""
    from juesuan.account import SEVERITY_NAMES
    from juesuan.statute import load_statute
    from juesuan.statute.register import all_rule_texts, rule_texts

    texts = rule_texts(load_statute(profile)) if profile else all_rule_texts()
    if code is None:
        for entry in texts.values():
            click.echo(f"{entry.code}\t{SEVERITY_NAMES[entry.severity]}\t{entry.title}")
    elif code.upper() in texts:
        click.echo(texts[code.upper()].plain())
    else:
        click.echo(f"没有“{code}”这条规则。运行 juesuan rule 看有哪些。", err=True)
        sys.exit(UNREADABLE)
