"""An Excel file that openpyxl has changed, saved with what that library would leave out."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

_FORMULA = re.compile(
    rb'(<c r="([A-Z]+[0-9]+)"[^>]*?)(?: t="[a-z]+")?((?:[^>]*?)>)(<f[^>]*?(?:/>|>.*?</f>))<v ?/?>(?:</v>)?', re.S
)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)")
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"


def save_with_values(book: Any, values: Any, target: Path) -> None:
    """Saves `book` to `target` with the results that its formulas have in `values` (the same file, data only), which
    openpyxl would leave out; Excel calculates anew. No clock enters the file. Raises OSError.
    """
    book.calculation.fullCalcOnLoad = True
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        plain, whole = Path(folder) / "plain.xlsx", Path(folder) / "whole.xlsx"
        book.save(plain)
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                data = old.read(entry)
                match = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
                if match and book.worksheets[int(match[1]) - 1].title in values.sheetnames:
                    data = _with_values(data, values[book.worksheets[int(match[1]) - 1].title])
                elif entry.filename == "docProps/core.xml" and (created := _CREATED.search(data)):
                    data = _MODIFIED.sub(rb"\g<1>" + created[1], data)
                new.writestr(zipfile.ZipInfo(entry.filename), data, zipfile.ZIP_DEFLATED)
        shutil.copyfile(whole, target)


def _with_values(data: bytes, sheet: Any) -> bytes:
    def valued(match: re.Match[bytes]) -> bytes:
        value = sheet[match[2].decode()].value
        if isinstance(value, str) and not value.startswith("#"):
            text = escape(value, quote=False).encode()
            return match[1] + b' t="str"' + match[3] + match[4] + b"<v>" + text + b"</v>"
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return match[0]
        return match[1] + match[3] + match[4] + f"<v>{value}</v>".encode()

    return _FORMULA.sub(valued, data)


def kept_drop_downs(path: Path) -> dict[str, list[DataValidation]]:
    """The drop-downs by sheet that newer Excel keeps in an extension of the file which openpyxl drops, to be added."""
    from openpyxl.worksheet.datavalidation import DataValidation

    found: dict[str, list[DataValidation]] = {}
    with zipfile.ZipFile(path) as package:
        for name, part in _sheets(package):
            tree = etree.fromstring(package.read(part))
            for each in tree.iter(f"{{{_X14}}}dataValidation"):
                formula = each.findtext(f"{{{_X14}}}formula1/{{{_XM}}}f")
                ranges = each.findtext(f"{{{_XM}}}sqref")
                if formula and ranges and each.get("type") == "list":
                    rule = DataValidation(
                        type="list", formula1=formula, sqref=ranges, allow_blank=True,
                        errorStyle=each.get("errorStyle"), showErrorMessage=each.get("showErrorMessage") == "1",
                        error=each.get("error"), showInputMessage=each.get("showInputMessage") == "1",
                        prompt=each.get("prompt"), promptTitle=each.get("promptTitle"),
                    )  # fmt: skip
                    found.setdefault(name, []).append(rule)
    return found


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets of a file by name, each with its part."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    try:
        links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        book = etree.fromstring(package.read("xl/workbook.xml"))
    except KeyError:
        return
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    for sheet in book.iter(f"{{{main}}}sheet"):
        target = targets.get(sheet.get(f"{{{relation}}}id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in package.namelist():
            yield str(sheet.get("name")), part
