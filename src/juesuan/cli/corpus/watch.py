"""`juesuan watch`: what was posted at a list of addresses."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from juesuan.account import os_error_text

if TYPE_CHECKING:
    from juesuan.corpus.watch import Posting

QUIET, TO_SEE, UNREADABLE = 0, 1, 2
"""Exit codes: nothing that somebody must see; something changed, vanished, came late, differs or has errors; the list
cannot be read."""


@click.command()
@click.argument("addresses", type=click.Path(path_type=Path, dir_okay=False), metavar="清单.csv")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="放取到的文件和状态的文件夹；下次用同一个，才看得出变化")
@click.option("--private", "private", multiple=True, metavar="主机",
              help="允许取的内部网络主机（可写多个）；默认一律不取")
@click.option("--pause", default=2.0, show_default=True, type=click.FloatRange(0), help="同一网站两次之间至少几秒")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="一个文件最多取几秒")
@click.option("--megabytes", default=60, show_default=True, type=click.IntRange(1, 2000), help="一个文件最多多少 MB")
def watch(
    addresses: Path, folder: Path, private: tuple[str, ...], pause: float, seconds: float, megabytes: int
) -> None:
    """查看清单里的网址张贴了什么：取下来，核对，与批复稿逐个数对照，看有没有换过、撤下、迟到。

    清单是 CSV：单位,类别（决算、预算）,年度,网址，后面可以有 期限（2026-09-15）、批复稿（文件名）。守 robots.txt。
    类别写 列表页 的，是列着许多单位的一页：其中这个年度的决算、预算逐个查看；网页后面附着文件的，查看附件。
    返回码：0 没有要看的；1 有变了的、不见了的、迟到的、与批复稿不同的或有错误的；2 清单读不出来。
    """
    from juesuan.account import NotAnAccountError, UnreadableFileError
    from juesuan.corpus.watch import (
        LIST,
        BadAddressesError,
        Fetcher,
        FetchLimits,
        approved_account,
        look,
        look_at_list,
        places_of,
        read_addresses,
        read_state,
        write_state,
    )

    try:
        places = read_addresses(addresses.read_bytes(), addresses.parent)
        folder.mkdir(parents=True, exist_ok=True)
        state = read_state(folder)
    except (BadAddressesError, OSError) as error:
        click.echo(str(error) if isinstance(error, BadAddressesError) else
                   f"读不出来：{addresses}（{os_error_text(error)}）", err=True)
        sys.exit(UNREADABLE)
    fetcher = Fetcher(FetchLimits(megabytes * 1024 * 1024, seconds, pause, frozenset(private)))
    now = datetime.now()
    to_see = False
    for place in places:
        if place.kind == LIST:
            state[place.url] = look_at_list(place, state, fetcher, now)
            write_state(folder, state)
    for place in places_of(places, state):
        if place.kind == LIST:
            to_see |= _listed(state[place.url])
            continue
        try:
            approved = approved_account(Path(place.approved)) if place.approved else None
        except (UnreadableFileError, NotAnAccountError) as error:
            click.echo(f"批复稿读不出来：{place.approved}（{error}）", err=True)
            sys.exit(UNREADABLE)
        before = len(state[place.url].seen) if place.url in state else 0
        posting = look(place, state.get(place.url), folder, fetcher, now, approved)
        state[place.url] = posting
        write_state(folder, state)
        to_see |= _told(posting, before, now)
    sys.exit(TO_SEE if to_see else QUIET)


def _listed(posting: Posting) -> bool:
    """Says what a list page led to; whether it could not be read."""
    from juesuan.corpus.watch import EVENTS

    last = posting.seen[-1]
    click.echo(f"{posting.unit}　{posting.year}年度列表页　{posting.url}")
    click.echo(f"  {EVENTS[last.event]}：{last.reason}")
    return last.event == "failed"


def _told(posting: Posting, before: int, now: datetime) -> bool:
    """Says what is known of an address; whether somebody must see it."""
    from juesuan.corpus.watch import EVENTS

    new = posting.seen[before:]
    event = new[-1] if new else None
    click.echo(f"{posting.unit}　{posting.year}年度{posting.kind}　{posting.url}")
    click.echo(f"  {EVENTS[event.event]}{f'：{event.reason}' if event.reason else ''}" if event else "  没有变化")
    if posting.unlisted:
        click.echo(f"  列表页上没有它的链接了（{posting.unlisted} 起）")
    late = posting.late(now.date())
    gone = bool(posting.seen) and posting.seen[-1].event in ("gone", "absent")
    if late:
        how = f"第一次看到已迟 {late} 天" if posting.first else f"逾期 {late} 天还没有"
        click.echo(f"  期限 {posting.due}，{how}")
    elif posting.due and not posting.first:
        click.echo(f"  期限 {posting.due}，未到期")
    checked = posting.checked
    wrong = False
    if checked and not gone:
        if checked.trouble:
            click.echo(f"  {checked.trouble}")
        else:
            click.echo(f"  核对：{checked.conclusion}，错误 {checked.errors}，须说明 {checked.warnings}，"
                       f"提示 {checked.notices}")
        if not posting.is_its_own:
            click.echo(f"  张贴的是“{checked.unit}”{checked.year}年度的文件，不是这一份")
            wrong = True
        if checked.compared:
            click.echo(f"  与批复稿对照 {checked.compared} 个数，不同 {len(checked.differences)} 个")
        for each in checked.differences[:20]:
            click.echo(f"    {each.what}：批复 {each.approved or '空白'}，张贴 {each.posted or '没有'}")
        wrong |= bool(checked.errors or checked.differences or checked.trouble)
    changed = event is not None and event.event in ("changed", "gone", "failed", "forbidden")
    return bool(late or wrong or changed or posting.unlisted)
