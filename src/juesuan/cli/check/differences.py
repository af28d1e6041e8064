"""`juesuan diff`: two documents of one unit side by side, and what must agree between them."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from juesuan.account import spaceless
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.account import Issue
    from juesuan.checker import DocumentComparison
    from juesuan.reader import Reading

SAME, DIFFERENT, UNREADABLE = 0, 1, 2
"""Exit codes: nothing contradicts; errors between the two; a file could not be read."""

HEADINGS = ("表", "行", "栏", "甲", "乙", "相差", "单位", "甲位置", "乙位置")


class FigureDifference(msgspec.Struct, frozen=True):
    """A figure that is not the same in both: amounts in the printed unit, None for a blank."""

    form: str
    row: str
    column: str
    first: Decimal | None
    second: Decimal | None
    unit: str
    places: tuple[str, str]

    @property
    def gap(self) -> Decimal:
        """The second less the first."""
        return (self.second or Decimal(0)) - (self.first or Decimal(0))


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="甲")
@click.argument("second", type=click.Path(path_type=Path), metavar="乙")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
def diff(first: Path, second: Path, form: str, profile: str | None) -> None:
    """比较同一单位的两份文件：两个年度的决算、年初预算与决算，或同一决算的两个版本。

    两个年度的：本年年初结转应等于上年年末结转，文中的上年数应等于上年公开的数。预算与决算的：年初预算应等于公开的
    预算。没有矛盾时退出码为 0，有错误为 1，有文件读不出来为 2。
    """
    from juesuan.account import UnreadableFileError
    from juesuan.reader import read_document

    readings = []
    for path in (first, second):
        try:
            readings.append(read_document(path, profile))
        except UnreadableFileError as error:
            click.echo(f"读不出来：{error.coded}", err=True)
            sys.exit(UNREADABLE)
    left, right = readings
    comparison = _compared(left, right)
    lines = list(_lines(left, right))
    if form == "json":
        click.echo(json.dumps(_data(first, second, comparison, lines), ensure_ascii=False, indent=2))
    elif form == "csv":
        _csv(lines)
    else:
        _text(left, right, comparison, lines)
    contradicted = comparison is not None and any(f.severity == "error" for f in comparison.findings)
    sys.exit(DIFFERENT if contradicted else SAME)


def _compared(left: Reading, right: Reading) -> DocumentComparison | None:
    """The newer final account against the older one or the budget; None for two versions of one document."""
    from juesuan.checker import compare
    from juesuan.checker.rules import period_of

    pairs = ((left, right), (right, left))
    for now, other in pairs:
        if period_of(now.statute, now.account.year, other.statute, other.account.year):
            return compare(now.account, now.statute, other.account, other.statute)
    if left.account.year == right.account.year and left.statute.profile.kind == right.statute.profile.kind:
        return None
    return compare(left.account, left.statute, right.account, right.statute)


def _lines(left: Reading, right: Reading) -> Iterator[FigureDifference]:
    from juesuan.checker.rules import differences
    from juesuan.statute import MONEY_UNITS

    if left.statute.profile.kind != right.statute.profile.kind:
        return
    for address, mine, theirs in differences(left.account, right.account):
        statute = left.statute if mine else right.statute
        form = statute.forms[address.form]
        unit = form.unit_of(address.row)
        scale = MONEY_UNITS.get(unit, Decimal(1))
        amounts = [fact.figure.value / scale if fact else None for fact in (mine, theirs)]
        places = tuple(str(fact.source or "") if fact else "" for fact in (mine, theirs))
        name = statute.name_of(form, address.row)
        row = f"{form.layout.printed_code(address.row)} {name}".strip() or address.row
        column = form.columns[address.column].label
        yield FigureDifference(form.title, row, column, amounts[0], amounts[1], unit, (places[0], places[1]))


def _amount(value: Decimal | None) -> str:
    from juesuan.account import printed

    return "" if value is None else printed(value, 2, grouping=True)


def _csv(lines: list[FigureDifference]) -> None:
    from juesuan.account import CsvWriter

    writer = CsvWriter(sys.stdout)
    writer.line(HEADINGS)
    for line in lines:
        amounts = ["" if v is None else f"{v:.2f}" for v in (line.first, line.second, line.gap)]
        writer.line([line.form, line.row, line.column, *amounts, line.unit, *line.places])


def _data(
    first: Path, second: Path, comparison: DocumentComparison | None, lines: list[FigureDifference]
) -> dict[str, object]:
    return {
        "first": first.name,
        "second": second.name,
        "decided": comparison.decided if comparison else 0,
        "findings": [_finding(finding) for finding in comparison.findings] if comparison else [],
        "figures": [
            {
                "form": line.form, "row": line.row, "column": line.column, "unit": line.unit,
                "first": None if line.first is None else f"{line.first:.2f}",
                "second": None if line.second is None else f"{line.second:.2f}",
                "difference": f"{line.gap:.2f}", "places": list(line.places),
            }
            for line in lines
        ],
    }  # fmt: skip


def _finding(finding: Issue) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(finding)
    return {**plain, "places": [str(place) for place in finding.places]}


def _text(left: Reading, right: Reading, comparison: DocumentComparison | None, lines: list[FigureDifference]) -> None:
    from juesuan.account import SEVERITY_NAMES

    for name, reading in (("甲", left), ("乙", right)):
        account = reading.account
        click.echo(f"{name}：{account.year}年度 {account.unit.name}（{reading.statute.profile.kind}）")
    if comparison is not None:
        click.echo(f"两份文件之间核对 {comparison.decided} 处：")
        for finding in comparison.findings:
            click.echo(f"  {SEVERITY_NAMES[finding.severity]} [{finding.code}] {finding.message}")
            for place in finding.places:
                click.echo(f"      在 {place}")
        if not comparison.findings:
            click.echo("  没有矛盾。")
    form = ""
    whole = {line.form for line in lines}
    for index, has in enumerate("乙甲"):
        # A table that only one of the two has is said once, not figure by figure.
        filled = {line.form for line in lines if (line.first, line.second)[index] is not None}
        for title in sorted(whole - filled):
            click.echo(f"《{title}》只在{has}中有数字。")
        whole &= filled
    for line in lines:
        if line.form not in whole:
            continue
        if line.form != form:
            form = line.form
            click.echo(f"《{form}》（{line.unit}）")
        amounts = f"甲 {_amount(line.first) or '空白'}\t乙 {_amount(line.second) or '空白'}\t相差 {_amount(line.gap)}"
        click.echo(f"  {line.row}\t{line.column}\t{amounts}")
    if comparison is None:
        _wording(left, right)
        if not lines:
            click.echo("两份文件的数字全部相同。")


def _wording(left: Reading, right: Reading) -> None:
    """The paragraphs that two versions of a document word differently."""
    first = [spaceless(passage.text) for passage in left.account.passages]
    second = [spaceless(passage.text) for passage in right.account.passages]
    changed = [line for line in difflib.unified_diff(first, second, n=0, lineterm="") if line[:1] in "+-"][2:]
    if changed:
        click.echo(f"文字有 {len(changed)} 段不同（- 甲，+ 乙）：")
        for line in changed:
            click.echo(f"  {line[0]} {line[1:]}")
