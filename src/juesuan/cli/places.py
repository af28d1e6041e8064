"""What a unit does whose place has no profile: the guide, and a copy of the statute to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

_GUIDES = Path(__file__).parent / "guides"
_NOT_DATA = shutil.ignore_patterns("*.py", "__pycache__")


def show_guide() -> bool:
    """Prints the guide 《没有本地口径怎么办》."""
    click.echo((_GUIDES / "place.md").read_text(encoding="utf-8"))
    return True


def copy_statute(target: str | None) -> bool:
    """Copies the statute's data to the folder `target`, with a profile to begin with; False where it cannot.

    A folder that has anything in it is left alone: it may hold somebody's changes.
    """
    from juesuan.statute import ROOT

    if not target:
        click.echo("请写要复制到哪个文件夹：juesuan statute copy 我的法规", err=True)
        return False
    folder = Path(target)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        click.echo(f"{folder} 已有内容，没有覆盖；请换一个新的文件夹。", err=True)
        return False
    shutil.copytree(ROOT, folder, ignore=_NOT_DATA, dirs_exist_ok=True)
    profile = folder / "profiles" / "local.yaml"
    shutil.copyfile(_GUIDES / "local.yaml", profile)
    click.echo(f"已复制到 {folder}。本地口径的样板：{profile}")
    click.echo(f"改好后检查：juesuan statute check --statute {folder}")
    return True
