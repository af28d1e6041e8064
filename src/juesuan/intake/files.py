"""Which of the files given are what: our own (workbook, ledger, evidence), or others that are read and taken from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import UnreadableSourceError
from juesuan.compiler import is_our_file, is_workbook_to_fill, say, workbook_kind
from juesuan.statute.exports import load_packages

SPREADSHEETS = (".xls", ".et", ".xlsx", ".xlsm")
"""What of a folder is taken besides workbook and ledger: documents have to be named one by one."""

USUAL = (*SPREADSHEETS, ".csv", ".parquet", ".toml", ".pdf", ".docx", ".json")
"""Endings that are no package's."""


OWNER = "~$"
"""How the file is called that Word, Excel and WPS lay beside an open one."""


def shadow_text(path: Path) -> str:
    """What is said to who gives the shadow of an open file."""
    return (
        f"{path.name} 是 Word、Excel 打开文件时的临时文件，不是文件本身；请关闭那个文件，用名称前没有“~$”的那一份。"
    )


class GivenFiles(msgspec.Struct, frozen=True):
    """The files of a unit: `own` are read by the compiler, `others` by the reader."""

    own: tuple[Path, ...]
    others: tuple[Path, ...]


def sort_files(paths: Sequence[Path]) -> GivenFiles:
    """Sorts files, and the files of folders. A folder stays as it is where all in it is the compiler's.

    Raises UnreadableSourceError for a path that does not exist.
    """
    own: list[Path] = []
    others: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = [
                child for child in sorted(path.iterdir())
                if child.suffix.lower() in SPREADSHEETS and not child.name.startswith((OWNER, "."))
            ]  # fmt: skip
            foreign = [child for child in found if not is_our_file(child)]
            data = _data_of(path) if foreign else set()
            foreign = [child for child in foreign if child.resolve() not in data]
            others.extend(foreign)
            if not foreign:
                own.append(path)
                continue
            own.extend(child for child in sorted(path.iterdir()) if child not in foreign and is_our_file(child))
        elif not path.exists():
            raise UnreadableSourceError(f"找不到文件：{path}。请检查路径和文件名；名称里有空格的，前后加引号。")
        elif path.name.startswith(OWNER):
            raise UnreadableSourceError(shadow_text(path))
        else:
            (own if is_our_file(path) else others).append(path)
    budgets = _budgets_beside(own)
    return GivenFiles(tuple(path for path in own if path not in budgets), (*others, *budgets))


def _budgets_beside(own: Sequence[Path]) -> list[Path]:
    """The workbooks of budgets that are given with one of a final account, which takes from them."""
    books = {path: workbook_kind(path) for path in own if path.is_file() and is_workbook_to_fill(path)}
    budgets = [path for path, kind in books.items() if kind == "预算"]
    return budgets if len(budgets) < len(books) else []


def _data_of(folder: Path) -> set[Path]:
    """The data files that a declaration of evidence in `folder` names: they are no reports."""
    from juesuan.scoring.evidence import FILE_NAME, data_files

    declaration = folder / FILE_NAME
    return data_files(declaration) if declaration.is_file() else set()


def demand_no_package(paths: Sequence[Path]) -> None:
    """Raises UnreadableSourceError for a package that only the official software opens, saying what to export."""
    if all(path.is_dir() or path.suffix.lower() in USUAL for path in paths):
        return
    packages, instead = load_packages()
    for path in paths:
        if path.suffix.lower().lstrip(".") in packages:
            message = say("file.package", file=path.name, instead=instead)
            raise UnreadableSourceError(message, message.code)
