"""An edited DOCX taken back: its texts into the account, everything else into a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import Account, Source, spaceless
from juesuan.compiler import Compilation
from juesuan.compiler.marking import take_texts, write_texts
from juesuan.inspection import compile_intake
from juesuan.intake import take_in
from juesuan.publisher import lay_out
from juesuan.publisher.binding import Printed, PrintedParagraph, place_of, printed
from juesuan.revision.edited.document import EditedDocx, NotTakenError
from juesuan.revision.edited.reading import GAP, Edits, HandFigure, Remark, TakenText, read_edits

_ENDS = "。；;."


class ChangedFigure(msgspec.Struct, frozen=True):
    """A figure that was changed by hand, and what the account says; `account` is empty where it has none there now."""

    figure: HandFigure
    account: str


class TakenBack(msgspec.Struct):
    """The compilation with the texts of the document, and what was found in it.

    `taken` are the texts that entered the account, `refused` those that it has no place for.
    """

    edited: EditedDocx
    compilation: Compilation
    taken: list[TakenText]
    refused: list[TakenText]
    figures: list[ChangedFigure]
    remarks: list[Remark]

    @property
    def clean(self) -> bool:
        """Whether everything that was edited entered the account."""
        return not (self.refused or self.figures or self.remarks)


def take_back(
    sources: Sequence[Path],
    path: Path,
    profile: str | None = None,
    *,
    root: Path | None = None,
    scheme: str = "",
    accept: bool = False,
) -> TakenBack:
    """The compilation of `sources` with what was edited in the DOCX at `path`, which was made from them.

    With `accept` a document of another unit or year is taken from as well. Raises NotTakenError where the document is
    none of ours or of another unit or year, UnreadableFileError where it cannot be read, and as compile_sources does.
    """
    edited = EditedDocx(path)
    paths = list(sources)
    before = compile_intake(take_in(paths, profile, root=root, accept=accept), scheme)
    if not accept:
        demand_fit(edited, before.account, "确要取回（如单位改名）请加 --yes。")
    layout = lay_out(before.account, before.statute)
    edits = read_edits(edited, (place_of(block) for block in layout.blocks))
    if not edits.texts:
        return TakenBack(edited, before, [], [], changed_figures(edits, printed(layout)), edits.remarks)
    own = _texts(printed(layout))
    intake = take_in(paths, profile, root=root, accept=accept)
    homeless = set(take_texts(intake.collected.gathered, {taken.key: taken.text for taken in edits.texts}))
    compilation = compile_intake(intake, scheme)
    after = printed(lay_out(compilation.account, compilation.statute))
    now = _texts(after)
    taken: list[TakenText] = []
    refused: list[TakenText] = []
    for text in edits.texts:
        arrived = text.key not in homeless and (not text.text or _same(now.get(text.key, ""), text.text))
        (taken if arrived else refused).append(text)
        edits.remarks.extend(_overtaken(text, own.get(text.key, "")))
    return TakenBack(edited, compilation, taken, refused, changed_figures(edits, after), edits.remarks)


def demand_fit(edited: EditedDocx, account: Account, hint: str = "") -> None:
    """Raises NotTakenError, with a hint what to do, where the document is of another unit or year than the account."""
    made = edited.printed
    if spaceless(made.unit) != spaceless(account.unit.name):
        raise NotTakenError(
            f"{edited.name} 是“{made.unit}”的，给的账是“{account.unit.name}”的，没有取回任何内容。{hint}"
        )
    if made.year != account.year:
        raise NotTakenError(
            f"{edited.name} 是 {made.year} 年度的，给的账是 {account.year} 年度的，没有取回任何内容。{hint}"
        )


def _texts(record: Printed) -> dict[str, str]:
    """The texts of the unit that a document prints, by their keys; lines of one text are joined."""
    found: dict[str, list[str]] = {}
    for item in record.items:
        pieces = item.pieces if isinstance(item, PrintedParagraph) else item.cells
        whole = isinstance(item, PrintedParagraph) and len(pieces) == 1
        for piece in pieces:
            if piece.kind == "text" and (whole or piece.key not in found):
                found.setdefault(piece.key, []).append(piece.text)
    return {key: "\n".join(lines) for key, lines in found.items()}


def _same(one: str, other: str) -> bool:
    return spaceless(one).rstrip(_ENDS) == spaceless(other).rstrip(_ENDS)


def _overtaken(text: TakenText, own: str) -> list[Remark]:
    """What the account says for a text that was changed there, too, since the document was made."""
    if not own or own.startswith(GAP) or _same(own, text.old) or _same(own, text.text):
        return []
    told = f"“{text.key}”在账里也改过：“{own}”；用了 Word 里的：“{text.text}”。"
    return [Remark("文字", told, text.source)]


def changed_figures(edits: Edits, record: Printed) -> list[ChangedFigure]:
    """The figures changed by hand that do not say what the account says now."""
    known = {
        (item.place, piece.key): piece.text
        for item in record.items
        for piece in (item.pieces if isinstance(item, PrintedParagraph) else item.cells)
        if piece.kind == "figure"
    }
    changed = (ChangedFigure(each, known.get((each.place, each.key), "")) for each in edits.figures)
    return [each for each in changed if spaceless(each.figure.now) != spaceless(each.account)]


def write_workbook_back(back: TakenBack, folder: Path) -> tuple[Path | None, list[Source], list[str]]:
    """Writes a copy of the workbook with the texts that were taken into `folder`.

    Gives its path, the cells that were written, and the keys that it has no cell for; None where there is no workbook
    or nothing was taken. Raises OSError.
    """
    source = back.compilation.workbook
    if source is None or not back.taken:
        return None, [], [text.key for text in back.taken]
    from juesuan.compiler import collect, find_sources

    gathered = collect(find_sources([source]), back.compilation.statute.profile.key).gathered
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{source.stem.removesuffix(SUFFIX)}{SUFFIX}.xlsx"
    texts = {text.key: text.text for text in back.taken}
    written, homeless = write_texts(source, target, back.compilation.statute, gathered, texts)
    return target, written, homeless


SUFFIX = "（取回文字）"
"""How the name of the copy of the workbook ends."""
