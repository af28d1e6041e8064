"""`juesuan fix`: a faulty document comes back with tracked changes and comments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.revision import Correction

NOTHING_AT_ERROR, ERRORS, UNREADABLE = 0, 1, 2
"""Exit codes: no error is left, errors are left to a person, the file cannot be read or written."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="更正后的文件",
              help="更正后的文件；原文件不动")
@click.option("--unsafe", is_flag=True, help="须经人确认的更正也作（仍是修订，可逐条拒绝）")
@click.option("--against", "others", multiple=True, type=click.Path(path_type=Path), metavar="文件",
              help="同时与本单位的上年决算、当年预算对照；可重复")
@click.option("--profile", type=PROFILE, default=None, help="口径；默认按地区和年度识别")
@click.option("--force", is_flag=True, help="输出文件已存在时覆盖")
def fix(
    file: Path, output: Path, unsafe: bool, others: tuple[Path, ...], profile: str | None, force: bool
) -> None:
    """更正一份 Word 或 Excel：能确定的以修订方式改好，其余加批注。"""
    from juesuan.account import UnreadableFileError
    from juesuan.cli.check.run import read_others
    from juesuan.revision import NotCorrectableError, correct

    if output.exists() and file.exists() and output.samefile(file):
        click.echo(f"{output} 就是要更正的文件，没有覆盖。请换一个文件名。", err=True)
        sys.exit(UNREADABLE)
    if output.exists() and not force:
        click.echo(f"{output} 已存在，没有覆盖。确要覆盖请加 --force。", err=True)
        sys.exit(UNREADABLE)
    accounts, unreadable = read_others(others, profile)
    for other in unreadable:
        click.echo(f"读不出来：{other.reason}", err=True)
    if unreadable:
        sys.exit(UNREADABLE)
    try:
        now = datetime.now().isoformat(timespec="seconds")
        output.parent.mkdir(parents=True, exist_ok=True)
        correction = correct(file, output, profile, date=now, unsafe=unsafe, against=accounts)
    except (UnreadableFileError, NotCorrectableError) as error:
        click.echo(f"没有更正：{error}", err=True)
        sys.exit(UNREADABLE)
    except PermissionError:
        click.echo(f"写不进去：{output}。文件可能正在 Word 或 Excel 中打开，请关闭后重试。", err=True)
        sys.exit(UNREADABLE)
    except OSError as error:
        click.echo(f"没有写 {output}：{os_error_text(error)}。", err=True)
        sys.exit(UNREADABLE)
    for line in _lines(correction, output, unsafe):
        click.echo(line)
    sys.exit(ERRORS if correction.after.count("error") else NOTHING_AT_ERROR)


def _lines(correction: Correction, output: Path, unsafe: bool) -> Iterator[str]:
    from juesuan.account import SEVERITY_NAMES

    for fixed in correction.fixed:
        place = fixed.finding.place
        yield f"  已更正 [{fixed.finding.code}] {fixed.change.before} → {fixed.change.text}（{place}）"
        yield f"      {fixed.finding.message}"
    for left in correction.commented:
        finding = left.finding
        yield f"  已批注 [{finding.code}] {SEVERITY_NAMES[finding.severity]}：{finding.message}"
        if left.why:
            yield f"      没有更正：{left.why}"
    before, after = correction.before.report, correction.after
    yield (
        f"更正 {len(correction.fixed)} 处，批注 {len(correction.commented)} 处；"
        f"错误由 {before.count('error')} 个减为 {after.count('error')} 个（接受全部修订后）。"
    )
    if correction.unsafe and not unsafe:
        yield f"另有 {correction.unsafe} 处能推定正确值、须经人确认：加 --unsafe 也以修订方式改好，供逐条取舍。"
    word = "修订，用 Word 或 WPS 的“审阅”逐条接受或拒绝" if output.suffix.lower() == ".docx" else "标注"
    yield f"已写：{output}（{word}）"
