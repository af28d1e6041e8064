"""`juesuan score`: self-evaluation forms scored again, of published files, accounts and workbooks alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from juesuan.account import os_error_text
from juesuan.cli.check.run import expanded, filtered, read_others
from juesuan.cli.profile_name import PROFILE
from juesuan.cli.score.results import ScoredFile, ScoredForm

if TYPE_CHECKING:
    from juesuan.account import Account
    from juesuan.statute import Statute

NOTHING_AT_ERROR, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes of score, as those of check."""
FAMILY = "E"
"""How the codes of the rules on self-evaluation begin."""
_BOOKS = (".xlsx", ".xlsm")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
@click.option("--scheme", default=None, help="换一个评分办法重新计分；见 juesuan statute schemes")
@click.option("--against", "others", multiple=True, type=click.Path(path_type=Path), metavar="文件",
              help="上年的决算文本或数据：目标值与上年完成值对照。可写多次")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="另存自评表的问题清单（.xlsx）")
def score(
    files: tuple[Path, ...],
    profile: str | None,
    scheme: str | None,
    others: tuple[Path, ...],
    form: str,
    output: Path | None,
) -> None:
    """绩效自评表逐项复算：公开文本、决算数据（JSON）、填报工作簿（或所在文件夹）都可以。"""
    from juesuan.cli.score import text as score_text
    from juesuan.compiler import NoSchemeError

    if output is not None and output.suffix.lower() != ".xlsx":
        click.echo(f"问题清单只能存为 .xlsx：{output}", err=True)
        sys.exit(UNREADABLE)
    results: list[ScoredFile] = []
    against, lost = read_others(expanded(others), profile)
    unreadable = [(item.file, item.reason) for item in lost]
    for path in _paths(files):
        try:
            results.append(score_path(path, profile, scheme, against))
        except NoSchemeError as error:
            click.echo(str(error), err=True)
            sys.exit(UNREADABLE)
        except _readable_errors() as error:
            unreadable.append((path.name, str(error)))
    click.echo(score_text.rendered(form, results), nl=False)
    for name, reason in unreadable:
        click.echo(f"读不出来：{name}：{reason}", err=True)
    written = output is None or _write(output, results, unreadable)
    if unreadable or not written:
        sys.exit(UNREADABLE)
    sys.exit(ERRORS if any(result.wrong for result in results) else NOTHING_AT_ERROR)


def _readable_errors() -> tuple[type[Exception], ...]:
    from juesuan.account import UnreadableFileError, UnreadableSourceError
    from juesuan.statute import StatuteError

    return UnreadableFileError, UnreadableSourceError, StatuteError


def _paths(files: Sequence[Path]) -> list[Path]:
    """Files one by one; a folder with a workbook of ours stays a folder, since its ledger belongs to it."""
    found: list[Path] = []
    for path in files:
        found.extend([path] if path.is_dir() and _has_workbook(path) else expanded([path]))
    return found


def _has_workbook(path: Path) -> bool:
    """Whether `path` is a workbook to fill in, or a folder with one."""
    from juesuan.account import UnreadableSourceError
    from juesuan.compiler import find_sources

    if not path.is_dir() and (path.suffix.lower() not in _BOOKS or not path.is_file()):
        return False
    try:
        return find_sources([path]).workbook is not None
    except UnreadableSourceError:
        return False


def score_path(
    path: Path, profile: str | None = None, scheme: str | None = None, against: Sequence[Account] = ()
) -> ScoredFile:
    """The forms of a file or of a folder with a workbook, scored, and held to those of the accounts `against`.

    Raises UnreadableFileError, UnreadableSourceError, StatuteError or NoSchemeError.
    """
    make = _compiled if _has_workbook(path) else _published
    return make(path, profile, scheme, against)


def _published(path: Path, profile: str | None, scheme: str | None, against: Sequence[Account]) -> ScoredFile:
    from juesuan.inspection import inspect_account
    from juesuan.reader import read_document

    reading = read_document(path, profile)
    account, statute = reading.account, reading.statute
    forms = _scored(account, statute, scheme, stated=True)
    checked = None
    if scheme is None:
        _, located = inspect_account(account, statute, path, notes=reading.notes, against=against)
        checked = filtered(located, FAMILY, "")
    return ScoredFile(path.name, account.unit.name, account.year, account.profile, forms, checked)


def _compiled(path: Path, profile: str | None, scheme: str | None, against: Sequence[Account]) -> ScoredFile:
    from juesuan.checker import FOUND_BY_SCORING
    from juesuan.compiler import compile_sources
    from juesuan.inspection import inspect_account

    compilation = compile_sources(path, profile, scheme=scheme or "")
    account, statute = compilation.account, compilation.statute
    forms = _scored(account, statute, None, stated=False)
    problems = tuple(str(problem) for problem in compilation.problems)
    _, located = inspect_account(account, statute, path, against=against)
    checked = filtered(located, FAMILY, ",".join(sorted(FOUND_BY_SCORING)))
    name, unit = path.name or str(path), account.unit.name
    return ScoredFile(name, unit, account.year, account.profile, forms, checked, compiled=True, problems=problems)


def _scored(account: Account, statute: Statute, key: str | None, *, stated: bool) -> tuple[ScoredForm, ...]:
    from juesuan.compiler import with_scheme
    from juesuan.scoring import adopt, as_printed, score_sheet

    if key is not None:
        with_scheme(statute, key)
    forms = []
    for sheet in account.sheets:
        if key is not None:
            scheme = statute.schemes[key]
            # What the form prints of its own scheme does not hold under another.
            bare = msgspec.structs.replace(sheet, execution_points=None, allotments=())
            forms.append(ScoredForm(sheet, score_sheet(adopt(bare, scheme), scheme), scheme, stated=False))
            continue
        scheme = statute.schemes.get(sheet.scheme, statute.schemes[statute.profile.scheme])
        # The totals of a form that was compiled are ours; points given to words stay, since nobody can work them out.
        own = sheet if stated else msgspec.structs.replace(sheet, execution_score=None, score=None)
        forms.append(ScoredForm(sheet, score_sheet(own, as_printed(own, scheme)), as_printed(own, scheme), stated))
    return tuple(forms)


def _write(output: Path, results: Sequence[ScoredFile], unreadable: Sequence[tuple[str, str]]) -> bool:
    """The problem list of what was found on published forms; False where it cannot be written."""
    from juesuan.checker.reports import Unreadable, write_problem_list

    checked = [result.checked for result in results if result.checked is not None]
    try:
        write_problem_list(output, checked, [Unreadable(name, reason) for name, reason in unreadable])
    except OSError as error:
        click.echo(f"写不进去：{output}（{os_error_text(error)}）。文件可能正在 Excel 中打开。", err=True)
        return False
    click.echo(f"问题清单：{output}", err=True)
    return True
