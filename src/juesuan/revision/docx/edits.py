"""Changes to the text of a DOCX, each at a place that the reader's index gives, applied together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

import msgspec

from juesuan.reader import TextPlace
from juesuan.revision.docx.comments import Commenter
from juesuan.revision.docx.names import COMPATIBLE, P, T
from juesuan.revision.docx.package import DocxFile
from juesuan.revision.docx.runs import (
    NotEditableError,
    Reviser,
    check_editable,
    highlight,
    insert_after,
    into_empty,
    isolated,
    run_like,
    strike_out,
    wrap_inserted,
)


class Edit(msgspec.Struct, frozen=True):
    """What stands from `start` to `end` of a paragraph (offsets without white space) is to read `text`.

    With `text` None nothing is changed and only the comments are made. A stretch without length is an insertion.
    """

    place: TextPlace
    start: int
    end: int
    text: str | None = None
    comments: tuple[str, ...] = ()
    highlight: str = ""


def apart(more: Iterable[Edit], edits: Iterable[Edit]) -> list[Edit]:
    """The edits that no other edit is about the words of."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for edit in edits:
        spans.setdefault(id(edit.place.paragraph), []).append((edit.start, edit.end))
    return [
        edit
        for edit in more
        if not any(edit.start < last and first < edit.end for first, last in spans.get(id(edit.place.paragraph), ()))
    ]


def obstacle(edit: Edit) -> str:
    """Why an edit cannot be made in place, in Chinese; empty where it can."""
    signs = edit.place.signs()[edit.start : edit.end]
    if not signs:
        return ""
    try:
        check_editable(signs)
    except NotEditableError as error:
        return str(error)
    return ""


def apply_edits(file: DocxFile, edits: Iterable[Edit], reviser: Reviser, *, tracked: bool) -> None:
    """Makes the edits, tracked (w:del, w:ins) or plainly; formatting stays that of the text replaced.

    Edits of one paragraph must not overlap. Comments whose place Word allows none in (text boxes, notes) stand at the
    paragraph around it or at the beginning. Raises NotEditableError; see `obstacle`.
    """
    commenter: Commenter | None = None
    together: dict[int, list[Edit]] = {}
    for edit in edits:
        together.setdefault(id(edit.place.paragraph), []).append(edit)
    for group in together.values():
        copies = _given_twice(group[0].place.paragraph) if group[0].place.boxed else []
        for edit in sorted(group, key=lambda each: (each.start, each.end), reverse=True):
            if edit.comments and commenter is None:
                commenter = Commenter(file.comments(), reviser)
            _apply(file, edit, reviser, commenter, tracked)
        for older, copy in copies:
            if copy is None:
                older.getparent().remove(older)
            else:
                copy.getparent().replace(copy, deepcopy(group[0].place.paragraph))


def _given_twice(paragraph: Any) -> list[tuple[Any, Any]]:
    """The older form (mc:Fallback) in which a text box is given as well, with its copy of a paragraph of the box; None
    where the two forms do not say the same: the older one, which is optional, is then left out."""
    found = []
    for newer in paragraph.iterancestors(f"{COMPATIBLE}Choice"):
        for older in newer.itersiblings(f"{COMPATIBLE}Fallback"):
            mine, others = ([*form.iter(P)] for form in (newer, older))
            same = [_plain(each) for each in mine] == [_plain(each) for each in others]
            found.append((older, others[mine.index(paragraph)] if same else None))
    return found


def _plain(paragraph: Any) -> str:
    return "".join(text.text or "" for text in paragraph.iter(T))


def _apply(file: DocxFile, edit: Edit, reviser: Reviser, commenter: Commenter | None, tracked: bool) -> None:
    every = edit.place.signs()
    signs = every[edit.start : edit.end]
    elements: list[Any] = []
    if edit.text is not None:
        elements = _replaced(file, edit, every, reviser, tracked)
    elif signs and not obstacle(edit):
        elements = isolated(signs)
        if edit.highlight:
            for run in elements:
                highlight(run, edit.highlight)
    if not edit.comments or commenter is None:
        return
    if edit.place.boxed or file.part_of(edit.place.paragraph) != file.main:
        around = list(edit.place.paragraph.iterancestors(P))
        paragraph = around[-1] if around else file.first_paragraph()
        if paragraph is not None:
            commenter.on_paragraph(paragraph, edit.comments)
    elif elements:
        commenter.about(elements, edit.comments)
    else:
        commenter.on_paragraph(edit.place.paragraph, edit.comments)


def _replaced(
    file: DocxFile, edit: Edit, every: Sequence[tuple[str, Any, int]], reviser: Reviser, tracked: bool
) -> list[Any]:
    text = edit.text or ""
    signs = every[edit.start : edit.end]
    if signs:
        runs = isolated(signs)
        model = runs[0]
        if not tracked:
            new = [run_like(model, text, colour=edit.highlight)] if text else []
            for run in new:
                model.addprevious(run)
            for run in runs:
                run.getparent().remove(run)
            return new
        struck = strike_out(runs, reviser, file.numbers)
        if not text:
            return struck
        after = struck[-1] if struck[-1].getparent() is struck[0].getparent() else struck[0]
        mark = insert_after(after, run_like(model, text, colour=edit.highlight), reviser, file.numbers)
        return [*struck, mark] if after is struck[-1] else [struck[0], mark]
    if not every:
        run = run_like(None, text, colour=edit.highlight)
        into_empty(edit.place.paragraph, run)
        return [wrap_inserted(run, reviser, file.numbers)] if tracked else [run]
    beside = [every[edit.start - 1]] if edit.start else [every[0]]
    neighbour = isolated(beside)[0]
    run = run_like(neighbour, text, colour=edit.highlight)
    if not edit.start:
        neighbour.addprevious(run)
        return [wrap_inserted(run, reviser, file.numbers)] if tracked else [run]
    if tracked:
        return [insert_after(neighbour, run, reviser, file.numbers)]
    neighbour.addnext(run)
    return [run]
