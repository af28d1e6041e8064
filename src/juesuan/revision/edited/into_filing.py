"""An edited DOCX taken back into what is filled in on the screen."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan.account import UnreadableFileError
from juesuan.compiler.editor import FilingContent, examine, put_texts
from juesuan.publisher import lay_out
from juesuan.publisher.binding import place_of, printed
from juesuan.revision.edited.document import EditedDocx, NotTakenError
from juesuan.revision.edited.reading import TakenText, read_edits
from juesuan.revision.edited.taking import changed_figures, demand_fit
from juesuan.statute import Statute


class TakenIntoFiling(msgspec.Struct, frozen=True):
    """What is filled in, with the document's texts; the sheets that they stand on; what was not taken, in words."""

    filled: FilingContent
    sheets: tuple[str, ...]
    taken: tuple[TakenText, ...]
    told: tuple[str, ...]


def is_ours(path: Path) -> bool:
    """Whether a DOCX was made by this program and still says from which account."""
    try:
        EditedDocx(path)
    except (NotTakenError, UnreadableFileError):
        return False
    return True


def take_into(filled: FilingContent, statute: Statute, path: Path, evidence: Path | None = None) -> TakenIntoFiling:
    """Takes texts and paragraphs of the edited DOCX at `path` into `filled`, which it was made from.

    Raises NotTakenError where it is none of ours or of another unit or year, UnreadableFileError.
    """
    edited = EditedDocx(path)
    compilation = examine(filled, statute, evidence).compilation
    demand_fit(edited, compilation.account)
    layout = lay_out(compilation.account, compilation.statute, draft=True)
    edits = read_edits(edited, (place_of(block) for block in layout.blocks))
    sheets, homeless = put_texts(filled, statute, {text.key: text.text for text in edits.texts})
    told = [f"“{key}”没有可填的格，没有取回。" for key in homeless]
    for changed in changed_figures(edits, printed(layout)):
        own = f"决算是“{changed.account}”" if changed.account else "决算里没有这个数"
        place = f"{changed.figure.source}：" if changed.figure.source else ""
        told.append(f"{place}手工改的数没有收，Word 里是“{changed.figure.now}”，{own}。数字有误的，请改填报表。")
    told += [f"{remark.source}：{remark.text}" if remark.source else remark.text for remark in edits.remarks]
    taken = tuple(text for text in edits.texts if text.key not in homeless)
    return TakenIntoFiling(filled, tuple(sheets), taken, tuple(told))
