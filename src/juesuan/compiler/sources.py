"""The files an account is made from: which is the workbook, which are ledgers, and under which profile they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import UnreadableSourceError, has_more_tags
from juesuan.compiler.entries import Gathered
from juesuan.compiler.file_kinds import ZIP, is_workbook, may_be_document
from juesuan.compiler.workbook.plan import PROFILE_PROPERTY
from juesuan.statute import NATIONAL, Kind, Statute, load_statute

LEDGERS = (".csv", ".parquet")
WORKBOOKS = (".xlsx", ".xlsm")
OLD = (".xls", ".et", ".ett", ".ods")

SNIFFED = 1 << 16
"""So much of a file is looked at to tell its kind."""

OWN_CODE = "科目:"
"""How the texts of a workbook mark a code that the unit declares itself."""


class Sources(msgspec.Struct, frozen=True):
    """The files of one account: the workbook to fill in, ledgers beside it, and the profile the workbook names."""

    workbook: Path | None
    ledgers: tuple[Path, ...]
    profile: str
    evidence: Path | None = None
    """The declaration of evidence beside the workbook."""


def find_sources(paths: Sequence[Path], known_sheet: str = "单位信息") -> Sources:
    """Sorts `paths` (files, or folders whose files are taken) into the workbook and the ledgers.

    An Excel file with the sheet `known_sheet` is a workbook, any other a ledger. Raises UnreadableSourceError where a
    path does not exist, nothing usable is found, or there are two workbooks.
    """
    workbooks: list[tuple[Path, str]] = []
    ledgers: list[Path] = []
    evidence, operational = _declared(paths)
    for path in _files(paths):
        if path.suffix == ".toml" or path.resolve() in operational:
            continue
        if path.suffix.lower() in LEDGERS:
            ledgers.append(path)
            continue
        sheets, profile = _peek(path)
        if known_sheet in sheets:
            workbooks.append((path, profile))
        else:
            ledgers.append(path)
    if len(workbooks) > 1:
        names = "、".join(path.name for path, _ in workbooks)
        raise UnreadableSourceError(f"有两份填报工作簿：{names}；一次只能编制一个单位，请只留一份。")
    if not workbooks and not ledgers:
        places = "、".join(map(str, paths))
        old = [file.name for path in paths if path.is_dir() for file in sorted(path.iterdir())
               if file.suffix.lower() in OLD]
        hint = f"其中 {'、'.join(old)} 请在 Excel 或 WPS 中另存为 .xlsx。" if old else ""
        raise UnreadableSourceError(f"{places} 里没有填报工作簿（.xlsx）或台账（.csv、.parquet、.xlsx）。{hint}")
    workbook, profile = workbooks[0] if workbooks else (None, "")
    return Sources(workbook, tuple(ledgers), profile or NATIONAL, evidence)


def _declared(paths: Sequence[Path]) -> tuple[Path | None, set[Path]]:
    """The declaration of evidence among `paths`, in them or beside a workbook of them, and the data files it names.

    Raises UnreadableSourceError where there are two.
    """
    folders = [path.parent if path.suffix.lower() in WORKBOOKS else path for path in paths if path.suffix != ".toml"]
    candidates = [path for path in paths if path.suffix == ".toml"]
    candidates += [file for folder in folders if folder.is_dir() for file in sorted(folder.glob("*.toml"))]
    if not candidates:
        return None, set()
    # The database behind evidence takes a tenth of a second to load: only for those who have some.
    from juesuan.scoring.evidence import FILE_NAME, data_files

    found = {path.resolve(): path for path in candidates if path.name == FILE_NAME and path.is_file()}
    if len(found) > 1:
        raise UnreadableSourceError(f"有两份 {FILE_NAME}：{'、'.join(map(str, found.values()))}；请只留一份。")
    declaration = next(iter(found.values()), None)
    return declaration, data_files(declaration) if declaration else set()


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(
                child
                for child in sorted(path.iterdir())
                if child.suffix.lower() in (*LEDGERS, *WORKBOOKS) and not child.name.startswith(("~$", "."))
            )
        elif path.is_file():
            found.append(path)
        else:
            raise UnreadableSourceError(f"找不到文件：{path}。请检查路径和文件名。")
    return found


def _peek(path: Path) -> tuple[list[str], str]:
    """The names of the sheets and the remembered profile; what cannot be opened is left to the reader to explain."""
    # Loaded when a workbook is looked into: who checks a PDF comes through here too and need not wait for it.
    from openpyxl.reader.excel import ExcelReader

    if has_more_tags(path):
        return [], ""
    with path.open("rb") as file:
        try:
            # By content: a renamed file is what it is. Only its list of sheets and its properties are read; cells,
            # texts and styles are many times as much.
            book: Any = ExcelReader(file, read_only=True)
            book.read_manifest()
            book.read_workbook()
            book.read_custom()
        except Exception:
            # Any broken file: reading it as a ledger gives the message that says what is wrong with it.
            return [], ""
        properties = {item.name: str(item.value) for item in book.wb.custom_doc_props.props}
        return [sheet.name for sheet in book.parser.sheets], properties.get(PROFILE_PROPERTY, "")


def is_workbook_to_fill(path: Path, known_sheet: str = "单位信息") -> bool:
    """Whether a file is one of our workbooks to fill in (填报工作簿), by its content."""
    with path.open("rb") as file:
        start = file.read(len(ZIP))
    return start == ZIP and known_sheet in _peek(path)[0]


def workbook_kind(path: Path) -> Kind:
    """Whether a workbook to fill in is of final accounts or of a budget, by the profile that it was made for."""
    return load_statute(_peek(path)[1] or NATIONAL).profile.kind


def is_our_file(path: Path, known_sheet: str = "单位信息") -> bool:
    """Whether a file is one that an account is compiled from by itself, by its content: a workbook to fill in, a
    ledger, evidence; or is none that could be anything else.
    """
    if path.suffix.lower() == ".toml":
        return True
    with path.open("rb") as file:
        start = file.read(SNIFFED)
    if may_be_document(path, start):
        return False
    if not start.startswith(ZIP) or known_sheet in _peek(path)[0]:
        return True
    from juesuan.compiler.ledger import has_ledger
    from juesuan.statute import ledger_plan

    return not is_workbook(path) or has_ledger(path, ledger_plan())


def own_codes(gathered: Gathered) -> dict[str, str]:
    """The codes, with their names, that the unit declares besides those of our tables (工作表“自定义科目”)."""
    return {key.removeprefix(OWN_CODE): name for key, name in gathered.texts.items() if key.startswith(OWN_CODE)}


def gather(sources: Sources, statute: Statute) -> Gathered:
    """Everything that the files say, with every problem met. Raises UnreadableSourceError for a broken file."""
    gathered = Gathered()
    if sources.workbook:
        from juesuan.compiler.workbook.reader import read_workbook

        gathered.add([read_workbook(sources.workbook, statute)])
    if sources.ledgers:
        from juesuan.compiler.ledger.entries import read_ledger

        unit = gathered.unit.code if gathered.unit and gathered.unit.code else None
        extra = own_codes(gathered)
        gathered.add([read_ledger(list(sources.ledgers), statute, unit=unit, extra_codes=extra)])
    return gathered
