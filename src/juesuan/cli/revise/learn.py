"""`juesuan profile learn`: what a published document teaches of its place, as a profile for every unit of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text, spaceless
from juesuan.cli.output import stop
from juesuan.cli.profile_name import PROFILE

if TYPE_CHECKING:
    from juesuan.revision import Learnt

DONE, UNREADABLE = 0, 2
LONGEST = 60
"""Signs of a sentence that are shown."""


@click.group()
def profile() -> None:
    """口径：从一份已公开的文件学它的表名、次序、标题和语句。"""


@profile.command()
@click.argument("last", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="本地.yaml",
    help="学到的口径；文件名就是口径的名称",
)
@click.option("--base", type=PROFILE, default=None, help="以哪个口径为底，只记与它不同的；默认按文件的地区和年度识别")
@click.option("--force", is_flag=True, help="文件已存在时覆盖")
def learn(last: Path, output: Path, base: str | None, force: bool) -> None:
    """从一份已公开的文件（Word、PDF、网页）学本地的写法，以后给本地的每个单位用。"""
    from juesuan.account import UnreadableFileError
    from juesuan.revision import NotTeachableError, learn_profile
    from juesuan.statute import StatuteError

    if output.suffix.lower() not in (".yaml", ".yml"):
        stop(f"{output}：写出的是口径，请把文件名写成 .yaml。")
    if output.exists() and not force:
        stop(f"{output} 已存在，没有覆盖。确要覆盖请加 --force。")
    try:
        learnt = learn_profile(last, spaceless(output.stem), base)
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(learnt.text, encoding="utf-8")
    except (UnreadableFileError, NotTeachableError) as error:
        stop(f"没有学到：{error}")
    except StatuteError as error:
        stop("\n".join(f"[{mistake.code}] {mistake}" for mistake in error.mistakes))
    except OSError as error:
        stop(f"文件读写出错：{error.filename or output}（{os_error_text(error)}）。")
    for line in _lines(learnt, output):
        click.echo(line)
    sys.exit(DONE)


def _lines(learnt: Learnt, output: Path) -> Iterator[str]:
    from juesuan.cli.output import quoted

    yield f"底本：{learnt.base}。学到的："
    yield from (f"  {each}" for each in learnt.told)
    yield f"  语句 {len(learnt.sentences)} 种写法与底本不同，{learnt.as_before} 句与底本相同："
    yield from (f"      {each}" for each in learnt.sentences)
    if learnt.left:
        yield f"没有学到、仍用底本的 {len(learnt.left)} 处："
    for each in learnt.left:
        place = f"（{each.source}）" if each.source else ""
        text = each.text if len(each.text) <= LONGEST else f"{each.text[:LONGEST]}……"
        yield f"  {each.why}：“{text}”{place}"
    yield f"已写：{output}。请打开逐句看一遍：单位自己的话、只对一个单位成立的说法，改掉或删去。"
    yield f"用它编制：juesuan compile 决算.xlsx --profile {quoted(output)} -o 输出"
