"""The documents that the law comes from, and what a declaration's reference names of them: document and article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Issue, spaceless
from juesuan.statute.source import StatuteError, convert, read_yaml

FILE = "documents.yaml"
_STRAY = "《》 　、，"


class Dated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every dated declaration may say: its first and last year of account, and the document it comes from.

    Without a year it holds as long as the rules that the statute knows; without a reference it is that of the form,
    the section or the profile it stands in.
    """

    since: int | None = None
    until: int | None = None
    reference: str = ""


class LegalDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A law, an act or a published form: its names (the full title first), number and date.

    `known` tells what the entry was written from: the document itself (文件), or general knowledge (知识), which has to
    be held against the document before anybody relies on it.
    """

    names: tuple[str, ...]
    known: Literal["文件", "知识"]
    date: str
    number: str = ""
    through: int | None = None
    kind: Literal["", "决算", "预算"] = ""

    @property
    def title(self) -> str:
        """The full title."""
        return self.names[0]


class Reference(msgspec.Struct, frozen=True):
    """A document and the article of it that a declaration rests on."""

    document: LegalDocument
    article: str = ""

    def __str__(self) -> str:
        document = self.document
        number = f"（{document.number}，{document.date}）" if document.number else f"（{document.date}）"
        doubt = "，凭知识写入，未与原文核对" if document.known == "知识" else ""
        return f"《{document.title}》{number}{self.article}{doubt}"


class _Documents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    documents: tuple[LegalDocument, ...]


@cache
def load_documents(root: Path) -> tuple[LegalDocument, ...]:
    """The documents registered under `root`. Raises StatuteError."""
    mistakes: list[Issue] = []
    read = convert(read_yaml(root / FILE, FILE, mistakes), _Documents, (FILE, 1), mistakes)
    if mistakes or read is None:
        raise StatuteError(mistakes)
    return read.documents


def references(basis: str, documents: Sequence[LegalDocument]) -> tuple[Reference, ...]:
    """What the parts of a basis (财预〔2016〕143号；预算法第十四条) name of `documents`, in order."""
    found = (_reference(part, documents) for part in re.split(r"[；;]", basis))
    return tuple(reference for reference in found if reference)


def _reference(part: str, documents: Sequence[LegalDocument]) -> Reference | None:
    part = spaceless(part)
    named = [
        (len(name), document) for document in documents for name in (*document.names, document.number)
        if name and spaceless(name) in part
    ]  # fmt: skip
    if not named:
        return None
    document = max(named, key=lambda item: item[0])[1]
    rest = part
    for name in sorted((*document.names, document.number), key=len, reverse=True):
        rest = rest.replace(spaceless(name), "") if name else rest
    rest = rest.strip(_STRAY)
    return Reference(document, rest[1:-1] if rest.startswith("（") and rest.endswith("）") else rest)
