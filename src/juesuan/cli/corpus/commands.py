"""The commands on many accounts: ingest, check-store, query, export."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juesuan.account import os_error_text
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    import duckdb

DONE, FAULTY, UNUSABLE = 0, 1, 2
"""Exit codes: done; some files failed; the store or the question cannot be used."""

SHOWN = 200
"""Rows that a table on the screen shows at most."""

_store = click.option("--store", required=True, help="决算库：文件夹，或 fsspec 认得的地址（s3://…）")
_engine = click.option(
    "--engine", default="local", show_default=True, help="local 本机多进程；dask 本机 Dask；dask://主机:端口 已有的集群"
)
_workers = click.option("--workers", type=click.IntRange(0), default=0, help="工作进程数，默认为处理器核数")


@contextmanager
def _explained() -> Iterator[None]:
    from juesuan.corpus import QueryError, StoreError

    try:
        yield
    except (StoreError, QueryError) as error:
        click.echo(str(error), err=True)
        sys.exit(UNUSABLE)
    except OSError as error:
        click.echo(f"文件读写出错：{error.filename or ''}（{os_error_text(error)}）", err=True)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        click.echo("\n已中断；已完成的部分都在库里，再运行一次同样的命令即可接着做。", err=True)
        sys.exit(UNUSABLE)


class _Bars:
    """A progress bar for each of the steps, one after the other."""

    def __init__(self) -> None:
        self.what = ""
        self.bar: Any = None
        self.done = 0

    def __call__(self, what: str, done: int, of: int) -> None:
        if what != self.what:
            self.finish()
            self.what, self.done = what, 0
            self.bar = click.progressbar(length=of, label=what, file=sys.stderr, show_pos=True)
            self.bar.__enter__()
        self.bar.update(done - self.done)
        self.done = done

    def finish(self) -> None:
        """Ends the bar in hand."""
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None


@click.command()
@click.argument("paths", nargs=-1, required=False)
@_store
@_engine
@_workers
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
@click.option("--retry", is_flag=True, help="以前失败的文件再读一次")
@click.option("--seconds", type=click.IntRange(1), default=600, show_default=True, help="一份文件最多读多少秒")
@click.option("--memory", type=click.IntRange(64), default=3072, show_default=True, help="读一份文件最多用多少 MB 内存")
@click.option("--compact/--no-compact", default=None, help="结束时整理库（按年度、单位排序）；默认分片多时整理")
def ingest(
    paths: tuple[str, ...],
    store: str,
    engine: str,
    workers: int,
    profile: str | None,
    retry: bool,
    seconds: int,
    memory: int,
    compact: bool | None,
) -> None:
    """把任意多份公开文件读入决算库：文件、文件夹、通配符、ZIP、清单 CSV（单位代码,年度,文件）。

    中断后再运行一次即接着做；重复运行不增加内容。有文件失败时退出码为 1，原因在 failures 表。
    只给 --compact 不给文件时，只整理库。
    """
    from juesuan.corpus import Limits, compact_store, ingest_files

    with _explained():
        if not paths:
            if not compact:
                click.echo("没有给出文件。只整理库请加 --compact。", err=True)
                sys.exit(UNUSABLE)
            compact_store(store)
            click.echo(f"已整理：{store}")
            return
        bars = _Bars()
        try:
            result = ingest_files(
                paths,
                store,
                engine=engine,
                workers=workers,
                profile=profile,
                retry=retry,
                compaction=compact,
                limits=Limits(seconds, memory),
                progress=bars,
            )
        finally:
            bars.finish()
    click.echo(
        f"给出 {result.given} 份文件：已在库 {result.known}，新读入 {result.documents}，失败 {result.failures}。"
    )
    if result.pairs:
        click.echo(f"前后年度和预算对照 {result.pairs} 对，发现 {result.findings} 处。")
    if result.failures:
        click.echo(f'失败的原因：juesuan query "SELECT file, reason FROM failures" --store {store}')
    sys.exit(FAULTY if result.failures else DONE)


@click.command("check-store")
@_store
@_engine
@_workers
def check_store(store: str, engine: str, workers: int) -> None:
    """把库里同一单位的上年决算、当年预算与决算互相核对；结果在 findings 表（other 为对照的文件）。"""
    from juesuan.corpus import check_store as check_all

    with _explained():
        bars = _Bars()
        try:
            pairs, findings = check_all(store, engine=engine, workers=workers, progress=bars)
        finally:
            bars.finish()
    click.echo(f"对照 {pairs} 对，发现 {findings} 处。")


@click.command()
@click.argument("sql")
@_store
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "parquet"]), default="table",
              show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="写入文件；parquet 必须给")
def query(sql: str, store: str, form: str, output: Path | None) -> None:
    """用 SQL 查询决算库，只读。表见 docs/store.md，如 documents、facts、facts_by_key、findings。"""
    from juesuan.corpus import Store

    if form == "parquet" and output is None:
        click.echo("parquet 是二进制格式，请用 -o 文件.parquet 写入文件。", err=True)
        sys.exit(UNUSABLE)
    with _explained(), Store(store, output=output) as opened:
        if form == "parquet" and output is not None:
            opened.write_parquet(sql, output)
            return
        relation = opened.query(sql)
        if output is None:
            _SHAPES[form](relation, sys.stdout)
            return
        aside = output.absolute().with_name(f".{output.name}.part")
        with aside.open("w", encoding="utf-8-sig" if form == "csv" else "utf-8", newline="") as file:
            _SHAPES[form](relation, file)
        aside.replace(output)


@click.command()
@_store
@click.option("--package", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="导出为 Frictionless 数据包（datapackage.json 和 CSV）的文件夹")
@click.option("--xbrl", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="导出为 xBRL-JSON 和分类标准的文件夹")
@click.option("--year", type=int, default=None, help="只导出这一年度")
@click.option("--unit", default="", help="只导出这个单位（代码或名称）")
@click.option("--document", default="", help="只导出这份文件（documents.document），用于 --xbrl")
def export(
    store: str, package: Path | None, xbrl: Path | None, year: int | None, unit: str, document: str
) -> None:
    """把库里的数据导出为通用格式，供别的程序使用。"""
    from juesuan.corpus import Store

    if not (package or xbrl):
        click.echo("请用 --package 文件夹 或 --xbrl 文件夹 指明导出成什么。", err=True)
        sys.exit(UNUSABLE)
    with _explained(), Store(store) as opened:
        if package:
            from juesuan.corpus.export import write_package

            click.echo(f"数据包：{write_package(opened, package, year, unit)}")
        if xbrl:
            from juesuan.corpus.export import export_xbrl

            for path in export_xbrl(opened, xbrl, year=year, unit=unit, document=document):
                click.echo(f"xBRL-JSON：{path}")


def _as_table(relation: duckdb.DuckDBPyRelation, file: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = _rows(relation)
    table = Table(*relation.columns, box=None, pad_edge=False, header_style="bold")
    left = 0
    for number, row in enumerate(rows):
        if number < SHOWN:
            table.add_row(*(_text(value) for value in row))
        else:
            left += 1
    console = Console(file=file, width=None if file.isatty() else 10_000, soft_wrap=True)
    console.print(table, markup=False)
    if left:
        click.echo(f"……还有 {left} 行；全部请用 --format csv。", err=True)


def _as_csv(relation: duckdb.DuckDBPyRelation, file: Any) -> None:
    from juesuan.account import CsvWriter

    writer = CsvWriter(file)
    writer.line(relation.columns)
    for row in _rows(relation):
        writer.line([_text(value) for value in row])


def _as_json(relation: duckdb.DuckDBPyRelation, file: Any) -> None:
    """A list of objects, a row a line; decimals as strings, so that nothing makes floats of them."""
    names = relation.columns
    start = "["
    for row in _rows(relation):
        values = {name: value if _plain(value) else str(value) for name, value in zip(names, row, strict=True)}
        file.write(f"{start}\n{json.dumps(values, ensure_ascii=False)}")
        start = ","
    file.write("\n]\n" if start == "," else "[]\n")


def _rows(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    from juesuan.corpus import fetched

    return fetched(relation)


def _plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def _text(value: object) -> str:
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


_SHAPES: dict[str, Callable[[Any, Any], None]] = {"table": _as_table, "csv": _as_csv, "json": _as_json}
