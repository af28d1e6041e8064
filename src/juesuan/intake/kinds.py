"""What a file is that somebody has at hand, by its content, and so what can be done with it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan.account import UnreadableFileError, UnreadableSourceError
from juesuan.compiler import is_our_file, is_workbook_to_fill
from juesuan.intake.files import OWNER, SPREADSHEETS, demand_no_package, shadow_text


class HeldFile(msgspec.Struct, frozen=True):
    """A file, what it is, of which unit and year it says it is (empty, 0: unknown), how many tables it has, and why it
    cannot be read where it cannot.

    `kind` is 填报工作簿, 台账, 佐证声明 (what the compiler takes), 导出的报表, 决算数据, a kind of document that the
    reader knows (决算公开 …), or 临时文件, 软件数据包, 读不出.
    """

    path: Path
    kind: str
    unit: str = ""
    year: int = 0
    tables: int = 0
    reason: str = ""


def refuse_what_is_no_document(path: Path) -> None:
    """Raises UnreadableFileError for a file that is not published and would be checked in vain, saying what it is.

    That are a workbook to fill in, a ledger, the shadow of an open file, a package of the official software.
    """
    if path.name.startswith(OWNER):
        raise UnreadableFileError(shadow_text(path))
    try:
        demand_no_package([path])
    except UnreadableSourceError as error:
        raise UnreadableFileError(str(error)) from None
    if path.is_file() and is_workbook_to_fill(path):
        raise UnreadableFileError(
            f"{path.name} 是填报工作簿，不是公开文本；由它编制公开文本，请在网上“填报”里读入，"
            f"或者运行：juesuan compile {path.name} -o 输出文件夹"
        )
    if path.is_file() and is_our_file(path) and _is_ledger(path):
        raise UnreadableFileError(
            f"{path.name} 是预算执行台账，不是公开文本；由它编制公开文本，请在网上“填报”里读入，或者运行："
            f"juesuan compile {path.name} 填报工作簿.xlsx -o 输出文件夹"
        )


def identify(path: Path) -> HeldFile:
    """What the file at `path` is. Reads it where only that can tell; never raises for what it contains."""
    if path.name.startswith(OWNER):
        return HeldFile(path, "临时文件")
    try:
        demand_no_package([path])
    except UnreadableSourceError as error:
        return HeldFile(path, "软件数据包", reason=str(error))
    if path.suffix.lower() == ".toml":
        return HeldFile(path, "佐证声明")
    if is_workbook_to_fill(path):
        return HeldFile(path, "填报工作簿")
    if is_our_file(path) and _is_ledger(path):
        return HeldFile(path, "台账")
    return _read(path)


def _is_ledger(path: Path) -> bool:
    from juesuan.compiler.ledger import has_ledger
    from juesuan.statute import ledger_plan

    if path.suffix.lower() == ".parquet":
        return True
    try:
        return has_ledger(path, ledger_plan())
    except (UnreadableSourceError, OSError):
        return False


def _read(path: Path) -> HeldFile:
    from juesuan.reader import read_document

    try:
        account = read_document(path).account
    except UnreadableFileError as error:
        return HeldFile(path, "读不出", reason=str(error))
    kind = account.document or "其他"
    if path.suffix.lower() == ".json":
        kind = "决算数据"
    elif kind == "决算公开" and not account.stated and path.suffix.lower() in SPREADSHEETS:
        kind = "导出的报表"
    return HeldFile(path, kind, account.unit.name, account.year, len(account.tables))
