"""`juesuan compare`: units against their peers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text
from juesuan.cli.output import stop

if TYPE_CHECKING:
    from juesuan.corpus.compare import PeerGroup, Trend


@click.command()
@click.argument("source", type=str, metavar="库或 accounts.parquet")
@click.option("--organisation", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="组织机构表 CSV：层级、类别（同类才比）和编制人数（人均）")
@click.option("--indicator", "keys", multiple=True, help="只比这些指标，可给多个；不写则全部")
@click.option("--year", "years", type=int, multiple=True, help="只比这些年度，可给多个")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("-o", "--output", "outputs", multiple=True, type=click.Path(path_type=Path, dir_okay=False),
              help="另存为文件，看后缀：.html 报告（含图），.csv，.json；写 .svg 则每幅图存一个文件；可写多次")
def compare(
    source: str, organisation: Path | None, keys: tuple[str, ...], years: tuple[int, ...], form: str,
    outputs: tuple[Path, ...],
) -> None:  # fmt: skip
    """同类单位比较：三公、基本支出、预算完成率、绩效得分的名次、四分位、趋势和异常。

    只比同一层级、同一类别、同一年度的单位；没有分母的不比，同类少于八个的不比。
    """
    import duckdb

    from juesuan.corpus import StoreError
    from juesuan.corpus.compare import compare_units, from_accounts, from_store, trends
    from juesuan.corpus.jurisdiction import OrganisationError, read_organisation
    from juesuan.statute.comparison import load_indicators

    declared = [indicator.key for indicator in load_indicators().indicators]
    unknown = [key for key in keys if key not in declared]
    if unknown:
        stop(f"没有“{'、'.join(unknown)}”这个指标；可用：{'、'.join(declared)}")
    wrong = [path.name for path in outputs if path.suffix.lower() not in (".html", ".csv", ".json", ".svg")]
    if wrong:
        stop(f"{'、'.join(wrong)}：不知道存成什么；后缀可用 .html、.csv、.json、.svg。")
    try:
        units = read_organisation(organisation) if organisation else None
        whole = source.endswith(".parquet")
        observations = from_accounts(Path(source), units) if whole else from_store(source, units)
    except (OrganisationError, StoreError) as error:
        stop(str(error))
    except duckdb.Error as error:
        stop(f"{source}：读不出来（{str(error).splitlines()[0]}）。")
    chosen = [each for each in observations if not years or each.year in years]
    if not chosen:
        stop("没有可比的决算。请检查库、年度和组织机构表。")
    groups = compare_units(chosen, keys)
    over_years = trends(groups)
    click.echo(_text(form, groups, over_years), nl=False)
    for wanted in outputs:
        for path, text in _files(wanted, groups, over_years).items():
            try:
                path.write_text(text, encoding="utf-8", newline="\n")
            except OSError as error:
                stop(f"写不进去：{path}（{os_error_text(error)}）。")
            click.echo(f"已存：{path}", err=True)


def _files(wanted: Path, groups: Sequence[PeerGroup], over_years: Sequence[Trend]) -> dict[Path, str]:
    """The files that an output comes to: one, but for pictures one each."""
    from juesuan.corpus.compare import chart_files

    if wanted.suffix.lower() != ".svg":
        return {wanted: _text(wanted.suffix.lower()[1:], groups, over_years)}
    pictures = chart_files(groups, over_years)
    return {wanted.with_name(f"{wanted.stem} {_plain(title)}.svg"): text for title, text in pictures.items()}


def _plain(title: str) -> str:
    """A title without signs that a file's name cannot have."""
    return re.sub(r'[\\/:*?"<>|\s]+', " ", title).strip()


def _text(form: str, groups: Sequence[PeerGroup], over_years: Sequence[Trend]) -> str:
    from juesuan.corpus.compare import csv_text, json_text, page, text_of

    if form == "html":
        return page(groups, over_years)
    if form == "csv":
        return csv_text(groups)
    if form == "json":
        return json_text(groups, over_years)
    return text_of(groups, over_years)
