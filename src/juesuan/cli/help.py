"""The help of the command line in Chinese: commands by who uses them, and the library's own messages translated."""

from __future__ import annotations

import gettext
import os
from pathlib import Path
from typing import Any

import click

LOCALE = Path(__file__).parent / "locale"

USERS = {
    "单位（编制、自查）": (
        "desk", "new", "compile", "roll", "fix", "score", "evidence", "profile", "statute", "demo",
    ),
    "审核（财政、主管部门、审计）": ("check", "read", "diff", "verify", "watch", "rule"),
    "研究、汇总（许多份决算）": (
        "ingest", "query", "export", "check-store", "compare", "jurisdiction", "rollup", "simulate",
    ),
    "运维（多人使用的平台）": ("serve", "organisations", "user", "audit", "backup", "restore"),
}  # fmt: skip
"""Every command under those who use it."""

ARGUMENTS = {
    "code": "编号", "file": "文件", "files": "文件…", "folder": "文件夹", "key": "[名称]", "last": "上年.docx",
    "ledgers": "台账…", "name": "名称", "path": "路径", "paths": "路径…", "source": "来源", "sql": "SQL语句",
    "target": "备份.tar.gz",
}  # fmt: skip
"""What the places for arguments are called, by the names that they have in the program."""

KINDS = {"text": "文字", "integer": "整数", "float": "数", "directory": "文件夹", "file": "文件", "path": "路径",
         "filename": "文件", "profile": "口径", "integer range": "整数", "float range": "数"}
"""What the values of options are called, by the library's name of their type."""

_WIDEST = 200
"""Signs of a command's first sentence that are shown whole."""


def in_chinese() -> None:
    """Has the command line library speak Chinese, whatever language the system is set to."""
    # gettext looks for its catalogue by this variable; processes that are started inherit it and do no harm with it.
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", str(LOCALE))
    gettext.textdomain("messages")


def name_places(command: click.Command) -> None:
    """Gives the arguments and options of a command, and of those below it, Chinese names in help and complaints."""
    command.options_metavar = "[选项]"
    for parameter in command.params:
        if parameter.metavar is None and isinstance(parameter, click.Argument):
            known = ARGUMENTS.get(parameter.name or "")
            if known is not None:
                parameter.metavar = known if parameter.required else f"[{known}]"
        elif parameter.metavar is None and not getattr(parameter, "is_flag", False):
            parameter.metavar = KINDS.get(parameter.type.name)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]…"
        for below in command.commands.values():
            name_places(below)


HELD = "held"
"""The hidden command that says of files what they are."""


def _is_file(text: str) -> bool:
    """Whether what stands in the place of a command is meant as a file: it exists, or is written as one."""
    return Path(text).exists() or bool(Path(text).suffix) or "/" in text or "\\" in text


class CommandsByUser(click.Group):
    """A group whose help lists its commands under those who use them; a new command must be among them."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Runs a command, everything that the library says of it in Chinese."""
        in_chinese()
        name_places(self)
        return super().main(*arguments, **options)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named; for a file in its place (dropped on the program) what says what files are."""
        if args and self.get_command(ctx, args[0]) is None and _is_file(args[0]):
            return HELD, self.get_command(ctx, HELD), args
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands of each sort of user."""
        for user, names in USERS.items():
            rows = [
                (name, command.get_short_help_str(_WIDEST))
                for name in names
                if (command := self.get_command(ctx, name)) is not None
            ]
            with formatter.section(user):
                formatter.write_dl(rows)
