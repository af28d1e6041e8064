"""Synthetic jurisdictions (合成数据): units, departments, ledgers and published files, with planted contradictions.

The answer key says for every planted contradiction the file, its kind, the rules that must find it, the place, and what
stood there before and after. The same seed gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

import msgspec

from juesuan.account import ZERO, Address, CsvWriter, Fact, Figure, Project, total
from juesuan.compiler import Entry, Gathered, assemble
from juesuan.corpus.jurisdiction import Member, OrganisationList
from juesuan.publisher import lay_out
from juesuan.statute import load_statute
from juesuan.statute.checking import load_rollup
from juesuan.synthetic.across import plant_across
from juesuan.synthetic.approved import PROFILES, budget_of
from juesuan.synthetic.faults import ACROSS, EXPECTED, IN_DOCUMENT, SECOND, STATED, UNSEEN, plant
from juesuan.synthetic.files import LAID_OUT, marked, write_document
from juesuan.synthetic.ledger import write_ledger
from juesuan.synthetic.unit import (
    FIELDS,
    SYNTHETIC,
    UnitMaker,
    UnitPlan,
    UnitYear,
    gathered_of,
    prior_facts,
    unit_of,
    yuan,
)

SHARES = {"docx": 30, "pdf": 25, "html": 20, "xlsx": 5, "md": 15, "json": 5}
"""Of a hundred published files, how many are of each format."""

KEY, ORGANISATION, MANIFEST = "answers.json", "organisation.csv", "manifest.csv"
PLANTED = Decimal("0.4")
"""The share of documents in which a contradiction is planted."""

Progress = Callable[[int, int], None]


class Answer(msgspec.Struct, frozen=True):
    """A planted contradiction in a file: which rules (beginnings of codes) must find it."""

    file: str
    kind: str
    codes: tuple[str, ...]
    place: str
    before: str
    after: str
    detectable: bool = True
    """Whether the documents give it away at all: what rounding may have made is none that anyone can find."""


class SimulationOrder(msgspec.Struct, frozen=True):
    """What is asked for."""

    units: int
    departments: int
    first: int
    last: int
    seed: int
    profile: str = "national"
    shares: dict[str, int] = msgspec.field(default_factory=lambda: dict(SHARES))
    planted: Decimal = PLANTED
    rows: int = 0
    """Lines of each year's ledger; as many as there are months and entries if zero."""
    kinds: tuple[str, ...] = ()
    """The kinds of contradictions that are planted; every one if there are none."""

    @property
    def years(self) -> range:
        """The years that are published."""
        return range(self.first, self.last + 1)


class DocumentJob(msgspec.Struct, frozen=True):
    """A document to be written: whose, of which year, in which format, and what is planted in it."""

    gathered: Gathered
    profile: str
    year: int
    form: str
    path: str
    kind: str
    seed: int
    department: bool
    budget: str
    """The path of the published budget; its ending is the format."""
    before: Gathered | None = None
    """The year before, of which the budget tells."""


def plans(order: SimulationOrder) -> list[UnitPlan]:
    """The units: each department has an office of its own and others, by size."""
    random = Random(f"{order.seed}:units")
    found = []
    for number in range(order.units):
        department = number % order.departments
        within = number // order.departments
        field = department % len(FIELDS)
        title = f"合成市第{department + 1}{FIELDS[field][0]}局"
        head = within == 0
        names = FIELDS[field][2]
        name = f"{title}（本级）" if head else f"{title}第{within}{names[within % 3]}"
        found.append(
            UnitPlan(
                f"{100 + department}{within + 1:03}", f"{name}{SYNTHETIC}", field, random.randint(12, 260), head,
                f"{title}{SYNTHETIC}", not head and random.random() < 0.3,
            )
        )  # fmt: skip
    return found


def organisation_of(order: SimulationOrder) -> OrganisationList:
    """The organisation: departments first, then their units."""
    units = plans(order)
    departments = [
        Member(unit.code[:-3], unit.department, level="部门", nature="行政单位", kind=FIELDS[unit.field][0])
        for unit in units[: order.departments]
    ]
    members = [
        Member(unit.code, unit.name, unit.code[:-3], level, nature, unit.staff, FIELDS[unit.field][0])
        for unit in sorted(units, key=lambda unit: unit.code)
        for level, nature in [("本级", "行政单位") if unit.head else ("", "事业单位")]
    ]
    return OrganisationList((*departments, *members))


def unit_years(order: SimulationOrder) -> dict[int, dict[str, Gathered]]:
    """Every unit's years, the one before the first included: its figures are last year's of the first."""
    units = plans(order)
    found: dict[int, dict[str, Gathered]] = {}
    before: dict[str, UnitYear] = {}
    for year in range(order.first - 1, order.last + 1):
        statute = load_statute(order.profile, year)
        random = Random(f"{order.seed}:transfers:{year}")
        received = {plan.code: yuan(random.randint(10, 90) * 10000) for plan in units if plan.subsidised}
        for plan in units:
            paid = total(received[p.code] for p in units if p.subsidised and p.department == plan.department)
            made = UnitMaker(plan, order.seed).year(
                statute, before.get(plan.code), received.get(plan.code, ZERO), paid if plan.head else ZERO
            )
            before[plan.code] = made
            found.setdefault(year, {})[plan.code] = made.gathered
    return found


def department_years(
    order: SimulationOrder, years: Mapping[int, Mapping[str, Gathered]]
) -> dict[int, dict[str, Gathered]]:
    """Every department's years: its units together, without what they paid each other."""
    organisation = organisation_of(order)
    found: dict[int, dict[str, Gathered]] = {}
    for year, units in years.items():
        statute = load_statute(order.profile, year)
        for code, members in organisation.departments.items():
            own = [units[member] for member in members if member in units]
            sides = organisation.sides(members)
            entries: dict[Entry, Decimal] = {}
            for member in members:
                for entry in units[member].entries if member in units else ():
                    if not _internal(entry, sides[member]):
                        bare = msgspec.structs.replace(entry, amount=ZERO)
                        entries[bare] = entries.get(bare, ZERO) + entry.amount
            facts = _added(fact for gathered in own for fact in gathered.facts)
            before = found.get(year - 1, {}).get(code)
            facts += prior_facts(before) if before else []
            name = organisation.by_code[code].name
            plan = UnitPlan(code, name, 0, 0, True, "", False)
            summed = [msgspec.structs.replace(entry, amount=amount) for entry, amount in entries.items()]
            projects = _projects(project for gathered in own for project in gathered.projects)
            found.setdefault(year, {})[code] = gathered_of(unit_of(plan), summed, facts, projects, statute)
    return found


def _internal(entry: Entry, sides: Iterable[str]) -> bool:
    return any(
        (entry.source == transfer.income and entry.record == "收入" and transfer.received in sides)
        or (entry.nature == transfer.outlay and transfer.paid in sides)
        for transfer in load_rollup().transfers
    )


def _added(facts: Iterable[Fact]) -> list[Fact]:
    found: dict[Address, Decimal] = {}
    for fact in facts:
        if fact.address.period == "本年":
            found[fact.address] = found.get(fact.address, ZERO) + fact.figure.value
    return [Fact(address, Figure(amount)) for address, amount in found.items()]


def _projects(projects: Iterable[Project]) -> list[Project]:
    found: dict[str, Project] = {}
    for project in projects:
        known = found.get(project.name)
        found[project.name] = project if known is None else msgspec.structs.replace(
            known, budget=known.budget + project.budget, outlay=known.outlay + project.outlay,
            initial=(known.initial or ZERO) + (project.initial or ZERO),
        )  # fmt: skip
    return list(found.values())


def simulate(order: SimulationOrder, folder: Path, workers: int = 1, progress: Progress | None = None) -> list[Answer]:
    """Writes the jurisdiction into `folder`: organisation.csv, 台账/ (ledgers by year), 预算/ and 决算/ (published
    files), manifest.csv and answers.json; gives the answers. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    organisation = organisation_of(order)
    _write_organisation(organisation, folder / ORGANISATION)
    years = unit_years(order)
    (folder / "台账").mkdir(exist_ok=True)
    for year in order.years:
        ledger = folder / "台账" / f"{year}年预算执行台账（{SYNTHETIC}）.parquet"
        write_ledger(years[year], ledger, order.rows)
    jobs = _jobs(order, years, department_years(order, years))
    answers: list[Answer] = []
    for name in ("决算", "预算"):
        (folder / name).mkdir(exist_ok=True)
    work = partial(_write, folder)
    if workers > 1:
        # Not by fork: the database has threads, whose locks a forked process would wait for for ever.
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            done = pool.map(work, jobs, chunksize=4)
            for number, answer in enumerate(done, 1):
                answers.extend(answer)
                if progress:
                    progress(number, len(jobs))
    else:
        for number, job in enumerate(jobs, 1):
            answers.extend(work(job))
            if progress:
                progress(number, len(jobs))
    _write_manifest(organisation, jobs, folder / MANIFEST)
    data = {"说明": f"{SYNTHETIC}的答案", "seed": order.seed, "answers": msgspec.to_builtins(answers)}
    (folder / KEY).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return answers


def _jobs(
    order: SimulationOrder,
    units: Mapping[int, Mapping[str, Gathered]],
    departments: Mapping[int, Mapping[str, Gathered]],
) -> list[DocumentJob]:
    random = Random(f"{order.seed}:files")
    forms, weights = list(order.shares), list(order.shares.values())
    jobs = []
    turn = 0
    for year in order.years:
        for code, gathered in sorted({**units[year], **departments[year]}.items()):
            form, other = (random.choices(forms, weights)[0] for _ in range(2))
            kinds: tuple[str, ...] = (*IN_DOCUMENT, *ACROSS) if form in LAID_OUT else STATED.get(form, ACROSS)
            if order.kinds:
                kinds = tuple(kind for kind in kinds if kind in order.kinds)
            kinds = tuple(kind for kind in kinds if kind not in UNSEEN.get(other, ()))
            if year == order.first:
                kinds = tuple(kind for kind in kinds if kind not in SECOND)
            kind = ""
            if kinds and random.random() < order.planted:
                # Every kind in turn, so that a small jurisdiction has all of them.
                kind, turn = kinds[turn % len(kinds)], turn + 1
            path, budget = f"决算/{code}-{year}.{form}", f"预算/{code}-{year}-预算.{other}"
            before = {**units[year - 1], **departments[year - 1]}.get(code)
            jobs.append(
                DocumentJob(
                    gathered, order.profile, year, form, path, kind, order.seed, code in departments[year], budget,
                    before,
                )
            )  # fmt: skip
    return jobs


def _write(folder: Path, job: DocumentJob) -> list[Answer]:
    """Writes a published account and its budget, with what is planted in either."""
    statute = load_statute(job.profile, job.year)
    random = Random(f"{job.seed}:{job.path}")
    gathered, planted = plant_across(job.gathered, job.kind, random)
    account = assemble(gathered, statute).account
    document = marked(lay_out(account, statute, draft=False))
    if job.kind in IN_DOCUMENT:
        start = IN_DOCUMENT.index(job.kind)
        for kind in (*IN_DOCUMENT[start:], *IN_DOCUMENT[:start]):
            done = plant(document, kind, random) if kind == job.kind or kind not in SECOND else None
            if done:
                document, planted = done
                break
    write_document(job.form, document, account, statute, folder / job.path)
    _write_budget(job, folder)
    if planted is None:
        return []
    codes = EXPECTED[planted.kind]
    return [
        Answer(job.path, planted.kind, codes, planted.place, planted.before, planted.after, planted.detectable)
    ]


def _write_budget(job: DocumentJob, folder: Path) -> None:
    """Compiles the budget of the year and writes it as it is published."""
    statute = load_statute(PROFILES[job.department], job.year)
    budget = assemble(budget_of(job.gathered, statute, job.before), statute).account
    form = job.budget.rpartition(".")[2]
    write_document(form, marked(lay_out(budget, statute, draft=False)), budget, statute, folder / job.budget)


def _write_organisation(organisation: OrganisationList, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        writer.line(("单位编码", "单位名称", "上级编码", "层级", "性质", "编制人数", "类别"))
        for m in organisation.members:
            writer.line((m.code, m.name, m.superior, m.level, m.nature, "" if m.staff is None else m.staff, m.kind))


def _write_manifest(organisation: OrganisationList, jobs: Sequence[DocumentJob], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        writer.line(("单位编码", "年度", "文件", "部门编码", "级次"))
        for job in jobs:
            code = job.gathered.unit.code if job.gathered.unit else ""
            level = "部门" if job.department else "单位"
            for name in (job.path, job.budget):
                writer.line((code, job.year, name, organisation.department(code), level))
