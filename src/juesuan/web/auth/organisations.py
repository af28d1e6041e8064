"""The organisation tree (机构): bureau, departments, units, and its import from CSV."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.web.auth.lists import BadListError, demand_no_mistakes, list_rows
from juesuan.web.infra.audit import Actor, Trail
from juesuan.web.infra.models import Organisation

KINDS = {"bureau": "财政部门", "department": "主管部门", "unit": "预算单位"}
_KINDS = {name: key for key, name in KINDS.items()}
HEADINGS = ("代码", "名称", "类型", "上级代码")


def in_order(rows: Iterable[Organisation]) -> list[Organisation]:
    """Organisations as their tree has them: each behind the one it belongs to, siblings by their codes."""
    known = {str(row.id): row for row in rows}
    return sorted(known.values(), key=lambda row: [
        known[part].code if part in known else "" for part in row.path.split("/")
    ])


def import_organisations(session: Session, trail: Trail, actor: Actor, data: bytes) -> tuple[int, int]:
    """Takes the CSV `data` (代码,名称,类型,上级代码) and gives how many organisations are new and how many changed.

    All lines are taken or none. Organisations that are not in the list stay. Raises BadListError.
    """
    known = {row.code: row for row in session.scalars(select(Organisation))}
    added = changed = 0
    for _, code, name, kind, above in _ordered(_rows(data), set(known)):
        parent = known.get(above)
        row = known.get(code)
        if row is None:
            above_id = parent.id if parent else None
            row = Organisation(code=code, name=name, kind=kind, parent_id=above_id, path=f"?{code}")
            session.add(row)
            session.flush()
            row.path = f"{parent.path if parent else '/'}{row.id}/"
            known[code] = row
            added += 1
            trail.append(session, actor, "organisation.add", f"organisation:{code}", after=_as_recorded(row, above))
            continue
        before = _as_recorded(row, _code_of(known, row.parent_id))
        if before == {"name": name, "kind": kind, "parent": above}:
            continue
        if parent and parent.path.startswith(row.path):
            raise BadListError(f"“{name}”（{code}）不能以自己所属的 {above} 为上级。")
        old = row.path
        row.name, row.kind, row.parent_id = name, kind, parent.id if parent else None
        new = f"{parent.path if parent else '/'}{row.id}/"
        if new != old:
            for below in [other for other in known.values() if other.path.startswith(old)]:
                below.path = new + below.path[len(old) :]
        changed += 1
        after = _as_recorded(row, above)
        trail.append(session, actor, "organisation.change", f"organisation:{code}", before=before, after=after)
    session.flush()
    return added, changed


Row = tuple[int, str, str, str, str]


def _rows(data: bytes) -> list[Row]:
    rows: list[Row] = []
    mistakes = []
    for number, (code, name, kind, above) in list_rows(data, HEADINGS):
        if not code or not name or len(code) > 40 or len(name) > 200:
            mistakes.append(f"第{number}行：代码、名称不能空着，也不能太长。")
        elif "/" in code or not code.strip("."):
            mistakes.append(f"第{number}行：代码“{code}”要作网址的一段，不能含有 /，也不能只有点。")
        elif kind not in _KINDS:
            mistakes.append(f"第{number}行：类型“{kind}”应为 {'、'.join(_KINDS)}。")
        elif any(code == row[1] for row in rows):
            mistakes.append(f"第{number}行：代码 {code} 已经出现过。")
        else:
            rows.append((number, code, name, _KINDS[kind], above))
    demand_no_mistakes(mistakes)
    return rows


def _ordered(rows: list[Row], known: set[str]) -> list[Row]:
    """The rows, each behind the one it belongs to."""
    ready, waiting = set(known), rows
    result: list[Row] = []
    while waiting:
        own = {row[1] for row in waiting}
        now = [row for row in waiting if not row[4] or (row[4] in ready and row[4] not in own - {row[1]})]
        if not now or any(row[4] == row[1] for row in now):
            lines = "\n".join(f"第{row[0]}行：上级 {row[4]} 不存在，或者互为上级。" for row in waiting[:20])
            raise BadListError(lines)
        result += now
        ready |= {row[1] for row in now}
        waiting = [row for row in waiting if row not in now]
    return result


def _code_of(known: dict[str, Organisation], identity: int | None) -> str:
    return next((row.code for row in known.values() if row.id == identity), "") if identity else ""


def _as_recorded(row: Organisation, above: str) -> dict[str, str]:
    return {"name": row.name, "kind": row.kind, "parent": above}
