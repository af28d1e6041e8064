"""A published document taught: a profile that prints another unit's account as this one is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import yaml

from juesuan.account import Account, JuesuanError, Source
from juesuan.checker import check
from juesuan.reader import read_raw_document, understand
from juesuan.revision.learning.frame import FrameReader, Tree
from juesuan.revision.learning.openings import Openings
from juesuan.revision.learning.sentences import Learner, LearntWordings, NotLearnt, same
from juesuan.revision.learning.tellings import Tellings
from juesuan.revision.rolling.figures import Sentences
from juesuan.revision.rolling.occurrences import occurrences
from juesuan.revision.texts import Texts
from juesuan.statute import Statute, StatuteError, Writer, load_statute
from juesuan.statute.language import compact
from juesuan.statute.loader import own_profile

_OPEN = re.compile(r"【待填：[^】]*】")
_SHORTEST = 12
"""A paragraph with fewer signs is no sentence of the explanation."""
WORDING = "W"
"""The codes of what is wrong with words begin so."""
TRIAL = "试用"
"""The key of a profile while it is tried."""


class NotTeachableError(JuesuanError):
    """The document has nothing to learn from; the message says why, and what to do."""


class Learnt(msgspec.Struct, frozen=True):
    """What was learnt: the profile as YAML, what it says in words, its sentences, and what was not learnt."""

    text: str
    base: str
    told: tuple[str, ...]
    sentences: tuple[str, ...]
    """Clauses as the document words them, each written back with last year's figures as it stood there."""
    as_before: int
    """Clauses that the document words as the base does."""
    left: tuple[NotLearnt, ...]


def learn_profile(path: Path, key: str, base: str | None = None) -> Learnt:
    """The profile, called `key`, of the place whose document is at `path`: DOCX, PDF, HTML or any that we read.

    It lies on `base`, else on the profile by which the document is read. Raises UnreadableFileError, NotTeachableError
    for a document without tables, StatuteError for a `base` that there is none of.
    """
    raw = read_raw_document(path)
    reading = understand(raw, base)
    account, statute = reading.account, reading.statute
    if not account.tables or not account.facts:
        raise NotTeachableError(f"{path.name}：没有读到决算表的数字，学不到口径。请用 juesuan read 看看读到了什么。")
    texts = Texts(_texts(raw.texts()))
    old = Sentences(account, statute)
    openings = Openings(account, statute, texts, Tellings(account, texts, old))
    spoilt = _spoilt(account, statute)
    frame = FrameReader(raw, account, statute, texts, openings, spoilt)
    tree: Tree = {
        "base": statute.profile.key,
        "key": key,
        "title": f"{key}（从{path.name}学到）",
        "kind": statute.profile.kind,
        "basis": f"从{path.name}（{account.year}年度）学到",
    } | frame.tree()
    openings.word = str(tree.get("unit_word", ""))
    found = occurrences(account, texts)
    results = list(Learner(old, openings, found).learn())
    left = [*frame.left, *(each for each in results if isinstance(each, NotLearnt))]
    heard = [each for each in results if isinstance(each, LearntWordings)]
    left += [NotLearnt(_said(each), each.source, spoilt[each.source]) for each in heard if each.source in spoilt]
    wordings, wrong = _tried(tree, [each for each in heard if each.source not in spoilt], account, openings)
    left += wrong
    told = [f"{name}" for name in frame.told]
    new, before = _compared(wordings)
    return Learnt(
        _yaml(_with_sentences(tree, wordings), path, account),
        statute.profile.key,
        tuple(told),
        tuple(new),
        before,
        tuple(_in_order([*left, *_unheard(account, {*found, *(each.source for each in wordings)}, statute)])),
    )


def _spoilt(account: Account, statute: Statute) -> dict[Source, str]:
    """Where the document's words themselves are wrong (another year, a blank never filled in), and why nothing is
    learnt there: every unit of the place would repeat the mistake.
    """
    wrong = [issue for issue in check(account, statute=statute).findings if issue.severity == "error"]
    words = [issue for issue in wrong if issue.code.startswith(WORDING)]
    return {place: f"原文有错，没有学（{issue.code}：{issue.message}）" for issue in words for place in issue.places}


def _texts(every: Iterator[tuple[Source, str]]) -> dict[Source, tuple[str, ...]]:
    found: dict[Source, tuple[str, ...]] = {}
    for source, text in every:
        found.setdefault(source, (text,))
    return found


def _tried(
    tree: Tree, wordings: Sequence[LearntWordings], account: Account, openings: Openings
) -> tuple[list[LearntWordings], list[NotLearnt]]:
    """The wordings that write last year's figures as the document has them, and those that do not."""
    kept = list(wordings)
    wrong: list[NotLearnt] = []
    while True:
        try:
            statute = _loaded(_with_sentences(tree, kept), account.year)
        except StatuteError as error:
            if not kept:
                raise
            spoilt = next((each for each in kept if not _loads(tree, [each], account.year)), kept[-1])
            wrong.append(NotLearnt(_said(spoilt), spoilt.source, f"写不成口径：{error.mistakes[0].message}"))
            kept.remove(spoilt)
            continue
        bad = [(each, told) for each in kept if (told := _rewritten(each, account, statute))]
        if not bad:
            return kept, wrong
        for each, told in bad:
            wrong.append(NotLearnt(_said(each), each.source, f"写回上年的数与原文不同：{told}"))
            kept.remove(each)


def _said(wordings: LearntWordings) -> str:
    return "".join(wordings.pieces.values())


def _loads(tree: Tree, wordings: Sequence[LearntWordings], year: int) -> bool:
    try:
        _loaded(_with_sentences(tree, wordings), year)
    except StatuteError:
        return False
    return True


def _loaded(tree: Tree, year: int) -> Statute:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "learnt.yaml"
        path.write_text(yaml.safe_dump({**tree, "key": TRIAL}, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return load_statute(own_profile(path), year)


def _rewritten(wordings: LearntWordings, account: Account, statute: Statute) -> str:
    """What the learnt clauses write of last year's figures, where it is not what stands in the document."""
    sentences = Sentences(account, statute)
    writer = Writer(account, statute)
    ordinal = re.match(r"[（(]?(\d+)", _said(wordings))
    for key, printed in wordings.pieces.items():
        paragraph, clause = sentences.clauses[key]
        if not _measured(sentences, wordings, key):
            # The document does not say enough for it to be written anew: last year's figure, the projects.
            continue
        number = int(ordinal[1]) if ordinal else 0
        written = compact(writer.clause(paragraph, clause, wordings.row, "", number))
        pattern = ".*?".join(re.escape(_plain(part)) for part in _OPEN.split(written))
        if not re.fullmatch(pattern, _plain(printed)):
            return written
    return ""


def _measured(sentences: Sentences, wordings: LearntWordings, key: str) -> bool:
    """Whether the document's own figures call for the case that was learnt and give the numbers that stand there."""
    clause = sentences.clauses[key][1]
    names = sentences.names(key, wordings.row, "")
    chosen = clause.cases[wordings.chosen[key]]
    if chosen.has or sentences.case(key, names) != chosen:
        return False
    return all(
        name not in names or names[name].value is None or abs(abs(names[name].amount) - value) <= step
        for name, value, step in wordings.stated.get(key, ())
    )


def _plain(text: str) -> str:
    """A text without punctuation, its numbers without commas and zeros that say nothing."""
    text = re.sub(r"(?<=\d),(?=\d)", "", text)
    text = re.sub(r"\d+\.\d+", lambda match: match[0].rstrip("0").rstrip("."), text)
    return re.sub(r"[：，,、；。]|(?<!\d)\.|\.(?!\d)", "", text)


def _compared(wordings: Sequence[LearntWordings]) -> tuple[list[str], int]:
    """The wordings that are not the base's, and how many are."""
    new: dict[str, None] = {}
    before = 0
    for each in wordings:
        for clause in each.plan.clauses:
            cases = each.cases.get(clause.key)
            if cases is None:
                continue
            pairs = zip(cases, clause.cases, strict=False)
            changed = [case.text for case, old in pairs if not same(case.text, old.text)]
            before += not changed
            if changed:
                new[f"{clause.key}：{max(changed, key=len)}"] = None
    return list(new), before


def _with_sentences(tree: Tree, wordings: Sequence[LearntWordings]) -> Tree:
    """The profile with the clauses of the wordings; of several of one clause each keeps the case that it words."""
    sections: dict[str, dict[str, dict[str, Any]]] = {}
    for each in wordings:
        for clause in each.plan.clauses:
            cases = each.cases.get(clause.key)
            if cases is None:
                continue
            known = sections.setdefault(each.plan.key, {}).get(clause.key)
            old = {(case.when, case.has): case.text for case in clause.cases}
            merged = []
            for index, case in enumerate(cases):
                text = case.text
                if known and index < len(known["cases"]) and text == old.get((case.when, case.has)):
                    text = known["cases"][index]["text"]
                merged.append(_case(case.when, case.has, text))
            made: dict[str, Any] = {"key": clause.key, "cases": merged}
            if clause.key in each.lets:
                made["let"] = each.lets[clause.key]
            if each.joins.get(clause.key, clause.join) != clause.join:
                made["join"] = each.joins[clause.key]
            sections[each.plan.key][clause.key] = made
    overlay = dict(tree["overlay"])
    titles = {each["key"]: dict(each) for each in overlay.get("sections", ())}
    of_plan = _sections_of(wordings)
    for plan, clauses in sections.items():
        section = titles.setdefault(of_plan[plan], {"key": of_plan[plan]})
        section.setdefault("paragraphs", []).append({"key": plan, "clauses": list(clauses.values())})
    if titles:
        overlay["sections"] = list(titles.values())
    return {**tree, "overlay": overlay}


def _sections_of(wordings: Sequence[LearntWordings]) -> dict[str, str]:
    return {each.plan.key: each.section for each in wordings}


def _case(when: str, has: Sequence[str], text: str) -> dict[str, Any]:
    made: dict[str, Any] = {"when": when} if when else {}
    return made | ({"has": list(has)} if has else {}) | {"text": text}


def _unheard(account: Account, found: set[Source], statute: Statute) -> Iterator[NotLearnt]:
    """Paragraphs of the explanation in which no sentence was recognised."""
    headings = {part for section in statute.sections for plan in section.paragraphs for part in (plan.heading,) if part}
    for section in account.narrative:
        for paragraph in section.paragraphs:
            text = paragraph.text
            sentence = len(text) >= _SHORTEST and re.search("[。；]", text)
            if paragraph.source in found or not sentence or any(same(text, each) for each in headings):
                continue
            yield NotLearnt(text, paragraph.source, "没有认出的段落")


def _in_order(every: Sequence[NotLearnt]) -> list[NotLearnt]:
    return list({(each.text, each.why): each for each in every}.values())


def _yaml(tree: Tree, path: Path, account: Account) -> str:
    head = (
        f"# 从 {path.name} 学到的口径：{account.unit.name} {account.year} 年度。\n"
        "# 只写与 base 不同的：表名、次序、部分和小节的标题、语句。每句都用上年的数写回过，与原文相同才收。\n"
        "# 用：juesuan compile 决算.xlsx --profile 本文件 -o 输出。请逐句看过，单位自己的话不要留在里面。\n"
    )
    return head + yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=1000)
