"""Help and complaints of the command line are Chinese, and every command stands under those who use it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from juesuan.cli.help import LOCALE, USERS
from juesuan.cli.main import main


def test_every_command_stands_once_under_its_users() -> None:
    listed = [name for names in USERS.values() for name in names]
    assert sorted(listed) == sorted(name for name, command in main.commands.items() if not command.hidden)
    shown = CliRunner().invoke(main, ["--help"]).output
    assert all(re.search(rf"^  {name} +\S", shown, re.M) for name in listed)


@pytest.mark.parametrize("command", ["", *main.commands])
def test_help_has_no_english_sentence(command: str) -> None:
    shown = CliRunner().invoke(main, [*command.split(), "--help"]).output
    assert "显示这段说明。" in shown
    for phrase in ("Show ", "Usage", "Options", "default:", "Commands", "Error"):
        assert phrase not in shown, phrase


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    """Every command and those below it, as they are typed."""
    for name, command in group.commands.items():
        yield f"{before}{name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


NAMES = {
    "PDF", "CSV", "JSON", "XLSX", "SQL", "HTML", "ZIP", "SARIF", "TOML", "URL", "JUESUAN", "LDAP", "OIDC", "SECRET",
    "SMTP", "DOCX", "BRL", "OPENID",
}  # fmt: skip
"""What is called so in Chinese too."""


@pytest.mark.parametrize("command", ["", *commands(main)])
def test_what_is_to_be_typed_has_a_chinese_name(command: str) -> None:
    shown = CliRunner().invoke(main, [*command.split(), "--help"]).output
    assert set(re.findall(r"(?<![a-zA-Z_])[A-Z]{3,}(?![a-z])", shown)) - NAMES == set()
    assert "[required]" not in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["chek"], "没有“chek”这个命令"),
        (["check"], "缺少参数"),
        (["check", "a.pdf", "--formt", "x"], "没有 --formt 这个选项"),
        (["read", "a.pdf", "--format", "x"], "可选"),
        (["rule", "T101", "another"], "多写了参数"),
    ],
)
def test_what_was_typed_wrongly_is_told_in_chinese(words: list[str], says: str) -> None:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert says in result.output and "Error" not in result.output and "Try " not in result.output


def test_the_compiled_messages_are_current() -> None:
    polib = pytest.importorskip("polib")
    folder = LOCALE / "zh_CN" / "LC_MESSAGES"
    source = polib.pofile(str(folder / "messages.po"), encoding="utf-8")
    assert (folder / "messages.mo").read_bytes() == source.to_binary(), "run python scripts/click_messages.py"
