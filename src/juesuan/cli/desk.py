"""The command of one person's own desk: the browser opened on this computer, nothing to set up."""

from __future__ import annotations

from pathlib import Path

import click

from juesuan.cli.web import explained


@click.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="放内容的文件夹；默认在自己的用户文件夹里")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="端口；默认任选一个空着的")
@click.option("--no-browser", "silent", is_flag=True, help="不打开浏览器，只显示网址")
@click.option("--shortcut", is_flag=True, help="在桌面和开始菜单放一个图标，双击即打开")
def desk(data: Path | None, port: int, silent: bool, shortcut: bool) -> None:
    """在自己的电脑上填报、核对一个单位的决算：打开浏览器，不用登录，不联网。"""
    with explained():
        if shortcut:
            from juesuan.web import write_shortcuts

            for path in write_shortcuts():
                click.echo(f"已放好图标：{path}")
            return
        from juesuan.web import own_folder, run_desk

        folder = data or own_folder()
        click.echo(f"内容放在：{folder.absolute()}")
        run_desk(folder.absolute(), port, _told, opening=not silent)


def _told(address: str) -> None:
    click.echo(f"网址（只能用一次）：{address}")
    click.echo("用完请在页面右上角按“关闭程序”，或在这里按 Ctrl-C。")
