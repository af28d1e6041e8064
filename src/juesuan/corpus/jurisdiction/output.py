"""What compiling a jurisdiction leaves behind: the accounts as Parquet and JSON, and lists of what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from juesuan.account import SEVERITY_NAMES, CsvWriter, PublishError, quoted, to_json
from juesuan.compiler import Gathered, assemble
from juesuan.corpus.jurisdiction.model import DEPARTMENT, UNIT, WHOLE, Jurisdiction
from juesuan.inspection import with_contradictions
from juesuan.publisher import publish
from juesuan.statute import load_rules, load_statute

ACCOUNTS, PROBLEMS, FAULTS, TRANSFERS = "accounts.parquet", "problems.csv", "faults.csv", "transfers.csv"


SHOWN = 3
"""How many of a unit's errors are told where it cannot be published."""

Progress = Callable[[int, int], None]


def write_jurisdiction(made: Jurisdiction, folder: Path, *, accounts: bool = False) -> list[Path]:
    """Writes accounts.parquet (every cell of every account, yuan), problems.csv, faults.csv and transfers.csv; with
    `accounts` also one JSON for each account. The same input gives the same bytes. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / ACCOUNTS
    aside = folder / f".{ACCOUNTS}.part"
    made.connection.execute(
        "COPY (SELECT * FROM accounts ORDER BY level, unit_code, period, form, row, \"column\") "
        f"TO {quoted(str(aside), chr(39))} (FORMAT parquet, COMPRESSION zstd)"
    )
    aside.replace(target)
    written = [target]
    problems = ((p.unit, p.issue.code, p.issue.place.file, p.issue.where, p.issue.message) for p in made.problems)
    written.append(_csv(folder / PROBLEMS, ("单位编码", "规则", "文件", "位置", "问题"), problems))
    faults = (
        (f.level, f.unit, f.issue.code, SEVERITY_NAMES[f.issue.severity], f.issue.message, f.issue.equation,
         f.issue.basis or load_rules()[f.issue.code].basis)
        for f in made.faults
    )
    written.append(_csv(folder / FAULTS, ("层级", "编码", "规则", "程度", "问题", "公式", "依据"), faults))
    transfers = (
        (m.level, m.unit, m.issue.address, m.issue.stated, m.issue.expected, str(m.issue)) for m in made.mismatches
    )
    written.append(_csv(folder / TRANSFERS, ("层级", "编码", "往来", "付方", "收方", "问题"), transfers))
    if accounts:
        for level in (UNIT, DEPARTMENT, WHOLE):
            (folder / level).mkdir(exist_ok=True)
            for code in made.units(level):
                path = folder / level / f"{file_name(code)}.json"
                path.write_bytes(to_json(made.account(code, level)))
                written.append(path)
    return written


def file_name(code: str) -> str:
    """A code as the name of a file."""
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in code)


def _csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = CsvWriter(file)
        writer.line(headings)
        writer.lines(rows)
    return path


def publish_units(
    made: Jurisdiction, folder: Path, formats: Sequence[str], workers: int, progress: Progress | None = None
) -> list[tuple[str, str]]:
    """Publishes every unit as a draft (a ledger knows no reasons); gives the units that could not be, with why."""
    codes = made.units()
    profile, year = made.statute.profile.key, made.statute.year
    failures: list[tuple[str, str]] = []
    # Not by fork: the database has threads, whose locks a forked process would wait for for ever.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        jobs = [
            pool.submit(_publish, made.gathered(code), profile, year, folder / file_name(code), tuple(formats))
            for code in codes
        ]
        for number, (code, job) in enumerate(zip(codes, jobs, strict=True), 1):
            try:
                reason = job.result()
            except Exception as error:
                reason = f"本程序的问题：{type(error).__name__}：{error}"
            if reason:
                failures.append((code, reason))
            if progress:
                progress(number, len(codes))
    return failures


def _publish(gathered: Gathered, profile: str, year: int, folder: Path, formats: tuple[str, ...]) -> str:
    statute = load_statute(profile, year)
    compilation = with_contradictions(assemble(gathered, statute))
    if compilation.contradictions:
        return f"核对有错误，没有生成：{'；'.join(issue.message for issue in compilation.contradictions[:SHOWN])}"
    try:
        publish(compilation.account, folder, formats, statute=statute, draft=True)
    except PublishError as error:
        return str(error)
    return ""
