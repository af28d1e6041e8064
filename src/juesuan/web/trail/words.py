"""Entries of the trail in words: what was done, to what, what was there before and is after."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.compiler.workbook import sheets
from juesuan.web.auth.organisations import KINDS
from juesuan.web.auth.rights import load_rights
from juesuan.web.auth.users import full_names
from juesuan.web.filing.filings import statute_of
from juesuan.web.filing.seasons import profile_titles
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.audit import SYSTEM
from juesuan.web.infra.models import AuditEntry, Filing, Organisation, Publication, ReviewFile
from juesuan.web.review.reviews import STATES
from juesuan.web.site.site import local

LONGEST = 200
"""Signs of one value on the page; the export has all."""

FILLED_IN = ("filing.edit", "filing.import")
"""The actions that record cells of the sheets."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_FINDING, _FOUND = re.compile(r"^([0-9a-f]{8})[0-9a-f]{24}$"), r"问题 \1…"
"""What earlier versions noted of a finding that a unit explained."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table in words.yaml."""

    actions: dict[str, str]
    subjects: dict[str, str]
    fields: dict[str, str]


class WordedEntry(msgspec.Struct, frozen=True):
    """An entry as people read it; `changes` are one line each."""

    entry: AuditEntry
    person: str
    action: str
    subject: str
    changes: tuple[str, ...]


@cache
def load_words() -> Words:
    """The words. Raises ValueError for a file that is not as it should be."""
    return msgspec.convert(yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")), Words)


def worded(session: Session, entries: Sequence[AuditEntry], longest: int = LONGEST) -> list[WordedEntry]:
    """The entries in words; values are cut off behind `longest` signs."""
    words = load_words()
    people = full_names(session, (entry.actor for entry in entries)) | {SYSTEM.name: "程序"}
    subjects = _subjects(session, entries, words)
    labels = _labels(session, entries)
    return [
        WordedEntry(
            entry, people.get(entry.actor, entry.actor), words.actions.get(entry.action, entry.action),
            subjects.get(entry.subject, entry.subject),
            tuple(_changes(entry, words, longest, labels.get(entry.subject, {}))),
        )
        for entry in entries
    ]


def _subjects(session: Session, entries: Sequence[AuditEntry], words: Words) -> dict[str, str]:
    """What the subjects are called, by what the trail calls them."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        kind, _, key = entry.subject.partition(":")
        wanted.setdefault(kind, set()).add(key)
    found: dict[str, dict[str, str]] = {
        "user": full_names(session, wanted.get("user", ())),
        "organisation": {row.code: row.name for row in session.scalars(
            select(Organisation).where(Organisation.code.in_(wanted.get("organisation", ()))))},
    }
    numbers = {kind: [int(key) for key in keys if key.isdigit()] for kind, keys in wanted.items()}
    things: list[Filing | ReviewFile | Publication] = [
        *session.scalars(select(Filing).where(Filing.id.in_(numbers.get("filing", ())))),
        *session.scalars(select(ReviewFile).where(ReviewFile.id.in_(numbers.get("document", ())))),
        *session.scalars(select(Publication).where(Publication.id.in_(numbers.get("publication", ())))),
    ]
    for thing in things:
        found.setdefault(thing.__tablename__, {})[str(thing.id)] = _called(thing)
    return {
        f"{kind}:{key}": f"{words.subjects.get(kind, kind)} {found.get(kind, {}).get(key, key)}"
        for kind, keys in wanted.items() for key in keys
    }


def _called(row: Filing | ReviewFile | Publication) -> str:
    if isinstance(row, ReviewFile):
        return row.name
    named = row.season.named if isinstance(row, Filing) else row.named
    version = f"第{row.version}版" if isinstance(row, Publication) else ""
    return f"{row.organisation.name} {named}{version}"


Labels = Mapping[str, Mapping[str, str]]
"""What the cells of the sheets of a filing are called, by sheet and key."""


def _labels(session: Session, entries: Sequence[AuditEntry]) -> dict[str, Labels]:
    """The labels of the filings whose cells the entries speak of, by what the trail calls the filings."""
    found: dict[str, Labels] = {}
    named = {entry.subject for entry in entries if entry.action in FILLED_IN}
    numbers = [int(key) for key in (name.partition(":")[2] for name in named) if key.isdigit()]
    for filing in session.scalars(select(Filing).where(Filing.id.in_(numbers))):
        found[f"filing:{filing.id}"] = {
            sheet.key: {slot.plan.key: slot.plan.label for slot in sheet.inputs} for sheet in sheets(statute_of(filing))
        }
    return found


def _told(value: Any, labels: Labels) -> Any:
    """What was recorded of cells, by the labels that their sheets show; a line by the number it was given."""
    if not isinstance(value, dict):
        return value
    if isinstance(sheet := value.get("sheet"), str):
        return {sheet: _cells(value.get("cells", {}), labels.get(sheet, {}))}
    return {key: _page(part, labels[key]) if key in labels and isinstance(part, dict) else part
            for key, part in value.items()}


def _page(page: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """A sheet as it was before a file was taken in."""
    lines = {f"第{line.get('id', 0)}条": _cells(line.get("cells", {}), labels) for line in page.get("lines", ())}
    return _cells(page.get("cells", {}), labels) | lines


def _cells(cells: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in cells.items():
        line, _, key = name.rpartition(".")
        if isinstance(value, dict):
            told[f"第{name}条"] = _cells(value, labels)
        else:
            told[f"第{line}条 {labels.get(key, key)}" if line not in ("", "0") else labels.get(key, key)] = value
    return told


def _changes(entry: AuditEntry, words: Words, longest: int, labels: Labels) -> Iterator[str]:
    before, after = (
        _flat(_told(json.loads(text), labels) if text else None, words) for text in (entry.before, entry.after)
    )
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        label = f"{name}：" if name else ""
        cut = [value if len(value) <= longest else f"{value[:longest]}…" for value in (old, new)]
        yield f"{label}{cut[1]}" if not old else f"{label}{cut[0]} → {cut[1]}" if new else f"{label}原为 {cut[0]}"


@cache
def _values() -> Mapping[str, Mapping[str, str]]:
    """What values of some parts are called: they are named where they are declared."""
    states = {key: state.title for key, state in load_way().states.items()}
    profiles = {key: title for titles in profile_titles().values() for key, title in titles.items()}
    return {"role": load_rights().roles, "kind": KINDS, "state": STATES | states, "profile": profiles}


def _flat(value: Any, words: Words, above: str = "") -> dict[str, str]:
    """What was recorded, by the names of its parts in words."""
    if isinstance(value, Mapping):
        return {
            name: text for key, part in value.items()
            for name, text in _flat(
                _values().get(key, {}).get(part, part) if isinstance(part, str) else part, words,
                f"{above} {words.fields.get(key) or _FINDING.sub(_FOUND, key)}".strip(),
            ).items()
        }
    if value is None or value == "":
        return {}
    text = {True: "是", False: "否"}[value] if isinstance(value, bool) else value
    if isinstance(text, str) and _MOMENT.fullmatch(text):
        text = local(text)
    return {above: text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)}
