"""Named queries: those of the library that comes with the program, and .sql files of a unit's own."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from juesuan.scoring.evidence.errors import EvidenceError

LIBRARY = "juesuan.scoring.evidence.library"
_HEADER = re.compile(r"--\s*(名称|单位)\s*[:：]\s*(.+?)\s*$")
LARGEST = 100_000
"""The most characters a query may have."""


class Query(msgspec.Struct, frozen=True):
    """A query: its name in the declaration, its title and the unit of its result as its header comment gives them."""

    name: str
    text: str
    title: str = ""
    unit: str = ""


def query_names() -> tuple[str, ...]:
    """The names of the queries that come with the program."""
    return tuple(sorted(file.name.removesuffix(".sql") for file in files(LIBRARY).iterdir()
                        if file.name.endswith(".sql")))


@cache
def library_query(name: str) -> Query:
    """The query of the library called `name`. Raises EvidenceError, listing them, where there is none."""
    if name not in query_names():
        raise EvidenceError(f"没有“{name}”这个查询；可用：{'、'.join(query_names())}，或写自己的 .sql 文件名")
    return written_query((files(LIBRARY) / f"{name}.sql").read_text(encoding="utf-8"), name)


def find_query(name: str, folder: Path) -> Query:
    """The query `name`: of the library, or the .sql file of that name in `folder` or below.

    Raises EvidenceError where there is none, and for a file outside of `folder`.
    """
    if not name.endswith(".sql"):
        return library_query(name)
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise EvidenceError(f"查询文件“{name}”不在佐证所在的文件夹里；请移到该文件夹内")
    try:
        return written_query(path.read_text(encoding="utf-8-sig"), name)
    except FileNotFoundError as error:
        raise EvidenceError(f"找不到查询文件“{name}”") from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"查询文件“{name}”打不开，或不是 UTF-8 编码") from error


def written_query(text: str, name: str) -> Query:
    """The query of `text` with what its header comment says. Raises EvidenceError for an endless text."""
    if len(text) > LARGEST:
        raise EvidenceError(f"查询“{name}”太长（{len(text)} 字），最多 {LARGEST} 字")
    header: dict[str, str] = {}
    for line in text.strip().splitlines():
        if not line.startswith("--"):
            break
        if match := _HEADER.match(line):
            header.setdefault(match[1], match[2])
    return Query(name, text.strip(), header.get("名称", ""), header.get("单位", ""))
