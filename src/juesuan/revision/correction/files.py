"""A file corrected by what it is: Word in place, Excel as a marked copy, PDF by notes."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from juesuan.account import Account, JuesuanError, os_error_text
from juesuan.checker.reports import PagesError, write_marked
from juesuan.inspection import inspect
from juesuan.revision.correction.document import correct_docx
from juesuan.revision.correction.result import Commented, Correction
from juesuan.revision.correction.workbook import correct_xlsx
from juesuan.revision.docx import Reviser

KINDS = {"docx": "word/", "xlsx": "xl/"}
"""The folder that the parts of each format of office files stand in."""


class NotCorrectableError(JuesuanError):
    """A file of this kind cannot be corrected in place; the message says what to do."""


def correct(
    path: Path,
    target: Path,
    profile: str | None = None,
    *,
    date: str = "",
    unsafe: bool = False,
    against: Sequence[Account] = (),
) -> Correction:
    """Writes the file at `path`, corrected, to `target`; `date` (ISO, to the second) is that of the tracked changes.

    A PDF gets notes only. Raises UnreadableFileError, and NotCorrectableError for other formats or where the name of
    `target` is not of the same format.
    """
    kind = kind_of(path)
    if target.suffix.lower() != f".{kind}":
        raise NotCorrectableError(f"{path.name} 更正后还是 .{kind} 文件，请把 -o 的文件名写成 .{kind}。")
    if kind == "docx":
        reviser = Reviser("juesuan", date)
        return correct_docx(path, target, profile, reviser=reviser, unsafe=unsafe, against=against)
    if kind == "xlsx":
        return correct_xlsx(path, target, profile, unsafe=unsafe, against=against)
    seen = inspect(path, profile, against=against)
    try:
        write_marked(target, seen.checked)
    except PagesError as error:
        raise NotCorrectableError(str(error)) from error
    return Correction(seen, seen.report, (), tuple(Commented(finding) for finding in seen.report.findings))


def kind_of(path: Path) -> str:
    """docx, xlsx or pdf, by the content of the file. Raises NotCorrectableError for anything else."""
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except FileNotFoundError as error:
        raise NotCorrectableError(f"找不到文件“{path.name}”，请检查路径和文件名。") from error
    except OSError as error:
        raise NotCorrectableError(f"“{path.name}”打不开：{os_error_text(error)}。") from error
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as package:
                names = package.namelist()
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise NotCorrectableError(f"“{path.name}”已损坏，请用 Word、Excel 或 WPS 打开后另存。") from error
        for kind, folder in KINDS.items():
            if any(name.replace("\\", "/").lower().startswith(folder) for name in names):
                return kind
    raise NotCorrectableError(
        f"“{path.name}”不能在原文件上更正：能更正的是 Word（.docx）和 Excel（.xlsx），PDF 加批注。"
        "旧格式（.doc、.xls、.wps、.et）请用 Word、Excel 或 WPS 打开后另存为新格式；"
        "网页和文本请用 juesuan check 看问题。"
    )
