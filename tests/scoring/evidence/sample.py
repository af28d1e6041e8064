"""Small hand-made data sets as CSV files, and queries run over them."""

from __future__ import annotations

from pathlib import Path

from juesuan.scoring.evidence import EvidencePlan, QueryLimits, Result, Sandbox, add_data_set, library_query, result_of
from juesuan.scoring.evidence.running import parameters_of

YEAR = 2022


def plan_of(folder: Path, **tables: tuple[str, str]) -> EvidencePlan:
    """A plan with a CSV file for each table: its columns as `name type, name type`, and its lines."""
    plan = EvidencePlan(folder)
    for name, (columns, lines) in tables.items():
        pairs = [tuple(column.split()) for column in columns.split(",")]
        header = ",".join(column for column, _ in pairs)
        body = "\n".join(line.strip() for line in lines.strip().splitlines())
        (folder / f"{name}.csv").write_text(f"{header}\n{body}\n" if body else f"{header}\n", encoding="utf-8")
        add_data_set(plan, name, [(column, kind) for column, kind in pairs], file=f"{name}.csv", empty_allowed=True)
    return plan


def ask(plan: EvidencePlan, text: str, **parameters: object) -> Result:
    """The result of a query over the data of `plan`."""
    with Sandbox(plan.data.values(), plan.folder, QueryLimits(20, 512)) as sandbox:
        rows, names, _ = sandbox.run(text, {**parameters_of(YEAR), **parameters})
        return result_of(rows, names)


def library(folder: Path, query: str, parameters: dict[str, object] | None = None, **tables: tuple[str, str]) -> str:
    """The exact result of a named query over hand-made tables."""
    return ask(plan_of(folder, **tables), library_query(query).text, **(parameters or {})).exact
