"""Last year's document with this year's figures: the same file, and an account of every number in it."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from juesuan.account import Account, JuesuanError, Source, UnreadableFileError, spaceless
from juesuan.checker import Report
from juesuan.inspection import inspect
from juesuan.publisher import prepare
from juesuan.reader import Reading, TextPlace, read_document, read_raw_document, understand
from juesuan.revision.docx import DocxFile, Edit, Reviser, apart, apply_edits, release
from juesuan.revision.docx.names import P, T, W
from juesuan.revision.rolling.charts import Charts, drawn_charts
from juesuan.revision.rolling.evaluation import FormsOutcome, evaluation_edits, goal_edits, key_work_edits
from juesuan.revision.rolling.figures import Sentences, conflicts, year_ahead
from juesuan.revision.rolling.progress import LEFT, Progress, RolledNumber, ordinals_in
from juesuan.revision.rolling.prose import ProseRoller
from juesuan.revision.rolling.tables import TableRoller
from juesuan.revision.rolling.years import years_in
from juesuan.revision.setting import set_in_word
from juesuan.revision.texts import Texts, printing_as
from juesuan.statute import load_statute
from juesuan.statute.language import compact, load_revision_words

_AROUND = re.compile(r"word/(?:header|footer)\d*\.xml")
_DAY = re.compile(r"(20\d{2})年\d{1,2}月\d{1,2}日")
_FORMULA = re.compile(r"\d+(?:\.\d+)?(?=[×*]\D)")
_CHANGES = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
BUDGET = "预算"
_NO_FIGURE = "不是数据"


class NotRollableError(JuesuanError):
    """The document and the figures do not belong together; the message says why, and what to do."""


class Rolled(msgspec.Struct, frozen=True):
    """What came of a document: numbers renewed, unchanged by nature, and left; other problems; our check of it."""

    renewed: int
    unchanged: int
    left: tuple[RolledNumber, ...]
    problems: tuple[tuple[Source, str], ...]
    report: Report
    conflicts: tuple[str, ...] = ()
    """Figures of last year that the sources and last year's document state differently."""
    changed: tuple[tuple[Source, str], ...] = ()
    """Indicators and forms of projects that were put in or taken out."""

    @property
    def total(self) -> int:
        """All numbers of last year's document."""
        return self.renewed + self.unchanged + len(self.left)


def roll_docx(
    path: Path,
    target: Path,
    account: Account,
    *,
    budget: Account | None = None,
    profile: str | None = None,
    date: str = "",
    any_unit: bool = False,
) -> Rolled:
    """Writes last year's document at `path`, with the figures of `account`, to `target`.

    A document of another format (PDF, HTML) is set in Word first, its text and order in our layout. `budget` is the
    published budget of the year. What was understood gets this year's figure in its own print; the rest stays, is
    highlighted and listed. Raises UnreadableFileError, and NotRollableError for another unit or year (a different name
    is let pass with `any_unit`).
    """
    if path.suffix.lower() != ".docx":
        with TemporaryDirectory() as folder:
            # The name stands in every place that is told.
            word = Path(folder) / target.name
            lost = _set(path, word, profile)
            rolled = roll_docx(word, target, account, budget=budget, profile=profile, date=date, any_unit=any_unit)
        return msgspec.structs.replace(rolled, problems=(*lost, *rolled.problems))
    file = _opened(path)
    if drawn_charts(file):
        prepare(["docx"])
    others = _of_reviewers(file)
    last = understand(file.index.raw, profile)
    _demand_fit(last, account, any_unit)
    if budget is not None:
        _demand_budget(budget, account, last.statute.profile.kind, any_unit)
    release(file)
    texts = Texts({source: tuple(place.text for place in found) for source, found in file.index.places.items()})
    progress = Progress(texts)
    statute = printing_as(load_statute(last.account.profile, account.year), texts)
    figures = year_ahead(account, last.account, budget, statute)
    old, new = Sentences(last.account, last.statute), Sentences(figures, statute)
    tables = TableRoller(file, texts, last, figures, statute, progress)
    prose = ProseRoller(file, texts, last.account, old, new, progress)
    edits = [*tables.edits(), *prose.edits()]
    forms = FormsOutcome()
    for made in (evaluation_edits, goal_edits, key_work_edits):
        edits += apart(made(file, texts, last.account, figures, statute, progress, forms), edits)
    edits += _titles_in_cells(file, texts, last.account, account.year, progress, edits)
    _settle_plain(file, texts, last.account, progress)
    edits += _marked(file, progress, edits)
    edits += _around(file, last.account.year, account.year - last.account.year)
    charts = Charts(file, old, new)
    charts.roll()
    edits += charts.edits
    problems = [*others, *tables.problems, *prose.problems, *charts.problems, *forms.problems]
    apply_edits(file, edits, Reviser("juesuan", date), tracked=False)
    for element in (*tables.removed, *prose.removed, *charts.removed, *forms.removed):
        if element.getparent() is not None:
            element.getparent().remove(element)
    file.save(target)
    report = inspect(target, profile).report
    return Rolled(
        progress.count("更新") + charts.renewed,
        progress.count("不变"),
        tuple(progress.left()),
        tuple(problems),
        report,
        tuple(conflicts(account, last.account, statute)),
        tuple(forms.changed),
    )


def _opened(path: Path) -> DocxFile:
    """The file to be changed; what is none is told by the reader of all formats, which knows what else it may be."""
    try:
        return DocxFile(path)
    except UnreadableFileError:
        read_raw_document(path)
        raise


def _of_reviewers(file: DocxFile) -> list[tuple[Source, str]]:
    """What reviewers have left in last year's document: it stays, and is no text that could be brought to this year."""
    changes = sum(1 for root in list(file.roots.values()) for _ in root.iter(*_CHANGES))
    names = [name for name in file.targets(file.main).values() if name.endswith(".xml") and "/comments" in name]
    comments = sum(1 for name in names[:1] for _ in file.part(name).iter(f"{W}comment"))
    told = []
    if changes:
        told.append(f"上年的文件有 {changes} 处没有接受的修订，按接受以后的文字换数，请在 Word 里逐处接受或拒绝")
    if comments:
        told.append(f"上年的文件有 {comments} 条批注，原样留着，里面的数还是上年的；请处理以后删去")
    return [(Source(), text) for text in told]


def _set(path: Path, word: Path, profile: str | None) -> list[tuple[Source, str]]:
    """Sets a document in Word; gives what of it is not read there as it was."""
    raw = read_raw_document(path)
    before = understand(raw, profile)
    set_in_word(raw, word, before.account.unit.name, before.account.year)
    after = read_document(word, before.account.profile).account
    changed = [key for key, fact in before.account.facts.items() if key not in after.facts or
               after.facts[key].figure.value != fact.figure.value]
    statute = before.statute
    return [
        (Source(), f"{statute.describe(before.account.facts[key].address)}：排进 Word 以后没有认出，请对照原文件")
        for key in changed
    ]


def _demand_fit(last: Reading, account: Account, any_unit: bool) -> None:
    mine, theirs = last.account, account
    if not mine.facts:
        raise NotRollableError("上年的文件里没有读到决算表的数字，不能作为模板。请用 juesuan read 看看读到了什么。")
    if not mine.year:
        raise NotRollableError("上年的文件里没有认出决算年度，不能作为模板。")
    kind, given = last.statute.profile.kind, _kind(theirs)
    if given != kind:
        hint = "公开的预算请用 --budget 给。" if given == BUDGET else ""
        raise NotRollableError(f"文件是{kind}，给的数是{given}的：请给今年的{kind}数。{hint}")
    if theirs.year <= mine.year:
        raise NotRollableError(
            f"文件是{mine.year}年度的，数字是{theirs.year}年度的：数字应晚于文件的年度。请检查是不是拿错了文件。"
        )
    if spaceless(mine.unit.name) != spaceless(theirs.unit.name) and not any_unit:
        raise NotRollableError(
            f"文件的单位是“{mine.unit.name or '（没有认出）'}”，数字的单位是“{theirs.unit.name}”。"
            "确是同一单位（如改名）的，请加 --any-unit。"
        )


def _demand_budget(budget: Account, account: Account, kind: str, any_unit: bool) -> None:
    """That the published budget is this unit's and of this year, else it would give others' figures in silence."""
    other = _kind(budget)
    if kind == BUDGET:
        raise NotRollableError("模板是预算：今年的预算数用 --figures 给，不用 --budget。")
    if other != BUDGET or not budget.facts:
        what = other if budget.facts else "认不出的文件"
        raise NotRollableError(f"--budget 给的是{what}，不是预算：请给{account.year}年公开的预算，或者不用 --budget。")
    if budget.year != account.year:
        known = f"{budget.year}年度" if budget.year else "没有认出年度"
        wanted = f"要的是{account.year}年度的：请换成{account.year}年公开的预算。"
        raise NotRollableError(f"--budget 给的是{known}的预算，{wanted}")
    mine, theirs = account.unit.name, budget.unit.name
    if spaceless(mine) != spaceless(theirs) and not any_unit:
        raise NotRollableError(
            f"--budget 给的是“{theirs or '（没有认出）'}”的预算，数字的单位是“{mine}”。"
            "确是同一单位（如改名）的，请加 --any-unit。"
        )


def _kind(account: Account) -> str:
    """Whether an account is of a final account (决算) or of a budget (预算)."""
    return load_statute(account.profile, account.year or None).profile.kind


def _titles_in_cells(
    file: DocxFile, texts: Texts, last: Account, year: int, progress: Progress, edits: list[Edit]
) -> list[Edit]:
    """The years within tables: titles and captions that stand in cells."""
    changed = {id(edit.place.paragraph) for edit in edits}
    made = []
    for source, paragraphs in texts.texts.items():
        for part, text in enumerate(paragraphs):
            place = file.index.places[source][part]
            if not source.cell or id(place.paragraph) in changed:
                continue
            for start, end, put in years_in(text, last.year, year - last.year):
                progress.settle(source, part, start, end, "更新")
                made.append(Edit(place, start, end, put))
    return made


def _settle_plain(file: DocxFile, texts: Texts, last: Account, progress: Progress) -> None:
    """Numbers that are no figures of a year: page numbers of the contents, ordinals, numbers of documents."""
    for block in file.index.raw.blocks:
        text, source = getattr(block, "text", ""), block.source
        if source is not None and "\t" in text and text.rpartition("\t")[2].strip().isdigit():
            head = len(compact(text.rpartition("\t")[0]))
            progress.settle(source, 0, head, len(compact(text)), "不变", "目录的页码")
    for stated in last.stated:
        source = stated.source
        if source is None or stated.status != _NO_FIGURE or not texts.of(source):
            continue
        passage = last.passages[stated.passage] if 0 <= stated.passage < len(last.passages) else None
        if passage is None or passage.source != source or _DAY.fullmatch(compact(stated.text)):
            # The year of a date is asked about below.
            continue
        start = len(compact(passage.text[: stated.start]))
        progress.settle(source, 0, start, start + len(compact(stated.text)), "不变", stated.why)
    name = compact(last.unit.name)
    constants = load_revision_words().fixed()
    for source, paragraphs in texts.texts.items():
        for part, text in enumerate(paragraphs):
            for match in _FORMULA.finditer(text):
                progress.settle(source, part, *match.span(), "不变", "计算方法里的数")
            for match in constants.finditer(text):
                progress.settle(source, part, *match.span(), "不变", "制度规定的界限")
            for match in re.finditer(re.escape(name), text) if name else ():
                progress.settle(source, part, *match.span(), "不变", "单位名称")
            for match in _DAY.finditer(text):
                progress.settle(source, part, match.end(1), match.end(), "不变", "日期")
                progress.doubt(source, part, match.start(), match.end(1), "日期，请确认")
            for start, end in ordinals_in(text):
                progress.settle(source, part, start, end, "不变", "编号")
            if source.cell.startswith("A") and text.isdigit() and len(text) < 3:
                progress.settle(source, part, 0, len(text), "不变", "序号")


def _marked(file: DocxFile, progress: Progress, edits: list[Edit]) -> list[Edit]:
    """The numbers that are left, highlighted."""
    every = (
        Edit(file.index.places[entry.source][entry.part], entry.number.start, entry.number.end, None, (), LEFT)
        for entry in progress.left()
    )
    return apart(every, edits)


def _around(file: DocxFile, year: int, shift: int) -> list[Edit]:
    """The years of headers and footers."""
    made = []
    for name in file.names():
        root = file.part(name) if _AROUND.fullmatch(name) else None
        for paragraph in root.iter(P) if root is not None else ():
            place = TextPlace(paragraph, tuple((text.text or "", text) for text in paragraph.iter(T)))
            made += [Edit(place, start, end, put) for start, end, put in years_in(place.text, year, shift)]
    return made

