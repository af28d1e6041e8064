"""Published files read: PDF, scans, DOCX, XLSX, HTML, Markdown become an account, each figure with its source."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from juesuan.account import Account, Fact, UnreadableFileError, os_error_text

if TYPE_CHECKING:
    from juesuan.reader.account import Reading
    from juesuan.reader.evaluation.lines import ReadLine
    from juesuan.reader.formats.places import DocxIndex, TextPlace
    from juesuan.reader.raw import RawCell, RawDocument, RawTable, RawText
    from juesuan.statute import Statute

_PLACES = {
    "DocxIndex": "formats.places",
    "RawCell": "raw",
    "RawDocument": "raw",
    "RawTable": "raw",
    "RawText": "raw",
    "ReadLine": "evaluation.lines",
    "Reading": "account",
    "TextPlace": "formats.places",
}


def __getattr__(name: str) -> Any:
    # Compiling from exported tables reads no prose, whose words and grammar load slowly.
    if name not in _PLACES:
        raise AttributeError(f"module 'juesuan.reader' has no attribute {name!r}")
    return getattr(import_module(f"juesuan.reader.{_PLACES[name]}"), name)


def read_document(
    path: Path | str, profile: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Reading:
    """What the file at `path` publishes: its account, the statute it stands under, and notes for the user.

    An account in JSON is taken as it is. Scanned pages are recognised, which takes seconds each: `progress` is told how
    many of how many have been. Recognised figures are held against the relations. Raises UnreadableFileError for a file
    that cannot be read.
    """
    target = Path(path)
    if target.suffix.lower() == ".json":
        return _from_json(target)
    from juesuan.reader.account import to_account
    from juesuan.reader.files import read_raw

    raw = read_raw(target, progress)
    reading = to_account(raw, profile)
    if raw.second is None:
        return reading
    from juesuan.reader.ocr.relations import held_against_relations

    return held_against_relations(reading, raw, profile)


def _from_json(path: Path) -> Reading:
    from juesuan.account import NotAnAccountError, from_json
    from juesuan.reader.account import Reading
    from juesuan.statute import StatuteError, load_statute

    try:
        account = from_json(path.read_bytes())
        return Reading(account, load_statute(account.profile, account.year), ())
    except StatuteError as error:
        raise UnreadableFileError(f"{path.name}：{error.mistakes[0].message}") from None
    except NotAnAccountError as error:
        raise UnreadableFileError(f"{path.name}：{error}") from None
    except OSError as error:
        raise UnreadableFileError(f"{path.name}：读不出来（{os_error_text(error)}）") from None


def read(path: Path | str, profile: str | None = None) -> Account:
    """The account that the file at `path` publishes, every figure with its place. Raises UnreadableFileError."""
    return read_document(path, profile).account


def index_docx(path: Path | str, name: str = "") -> DocxIndex:
    """The raw document that a DOCX is read as, with the elements that each of its texts stands in.

    `name` is how its sources call the file. Raises UnreadableFileError.
    """
    from juesuan.reader.formats.docx import index_docx as index

    return index(Path(path), name=name)


def read_raw_document(path: Path | str) -> RawDocument:
    """The paragraphs and grids of a file, whatever they mean. Raises UnreadableFileError."""
    from juesuan.reader.files import read_raw

    return read_raw(Path(path))


def understand(raw: RawDocument, profile: str | None = None) -> Reading:
    """What a raw document publishes, as `read_document` gives it of a file that is no account in JSON."""
    from juesuan.reader.account import to_account

    return to_account(raw, profile)


def read_figures(raw: RawDocument, profile: str | None = None) -> dict[str, Fact]:
    """The figures of the tables of a raw document by the text of their address, each with the place it stands in."""
    from juesuan.reader.account import to_figures

    return to_figures(raw, profile)


def indicator_lines(table: RawTable, statute: Statute) -> tuple[ReadLine, ...]:
    """The lines of indicators of a form of self-evaluation or of goals, with their cells; none of any other grid."""
    from juesuan.reader.evaluation.document import indicator_lines as lines_of

    return lines_of(table, statute)


__all__ = [
    "DocxIndex",
    "RawCell",
    "RawDocument",
    "RawTable",
    "RawText",
    "ReadLine",
    "Reading",
    "TextPlace",
    "index_docx",
    "indicator_lines",
    "read",
    "read_document",
    "read_figures",
    "read_raw_document",
    "understand",
]
