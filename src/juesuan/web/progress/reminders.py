"""Whom to remind (催办): a text to copy, and the board as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from juesuan.web.progress.board import SITUATIONS, ProgressLine
from juesuan.web.site.site import local

SOON = 5
"""Days before the last one from which an organisation is reminded."""

HEADINGS = (
    "代码", "名称", "年度", "类别", "情况", "办理到", "公开期限", "剩余天数", "错误", "须说明", "最近办理", "办理人",
    "公开地址",
)
WIDTHS = (12, 30, 7, 7, 12, 20, 12, 9, 7, 8, 17, 12, 40)


def reminder(lines: Sequence[ProgressLine], heads: dict[int, str]) -> str:
    """The text of a reminder by department (`heads`: the department's name by organisation); empty for nobody."""
    late = [line for line in lines if line.situation == "late"]
    soon = [line for line in lines if line.situation in ("working", "early") and line.days is not None
            and line.days <= SOON]
    if not late and not soon:
        return ""
    told = [*late, *soon]
    kinds = "、".join(dict.fromkeys(line.kind for line in told))
    parts = [f"【催办】{told[0].year}年度{kinds}公开"]
    if late:
        parts.append(f"以下 {len(late)} {_counted(late)}已过公开期限，请立即公开，不能公开的书面说明原因：")
        parts += _listed(late, heads)
    if soon:
        parts.append(f"以下 {len(soon)} {_counted(soon)}在 {SOON} 日内到期，请按期公开：")
        parts += _listed(soon, heads)
    return "\n".join(parts)


def _counted(lines: Sequence[ProgressLine]) -> str:
    """What is counted: units, or with accounts and budgets beside each other their documents."""
    return "份" if len({line.kind for line in lines}) > 1 else "个单位"


def _listed(lines: Sequence[ProgressLine], heads: dict[int, str]) -> Iterator[str]:
    several = len({line.kind for line in lines}) > 1
    groups: dict[str, list[ProgressLine]] = {}
    for line in lines:
        groups.setdefault(heads.get(line.organisation.id, line.organisation.name), []).append(line)
    for head, members in groups.items():
        yield f"{head}："
        yield from (f"　　{line.organisation.name}（{line.kind if several else ''}{_told(line)}）" for line in members)


def _told(line: ProgressLine) -> str:
    days = line.days or 0
    left = f"逾期 {-days} 天" if days < 0 else "今天到期" if not days else f"还有 {days} 天"
    faults = f"，有 {line.errors} 处错误" if line.errors and line.touched else ""
    return f"期限 {line.due}，{left}，{line.state}{faults}"


def write_board(path: Path, lines: Sequence[ProgressLine], base: str) -> None:
    """Writes the lines as a workbook; `base` is what the addresses of the server begin with."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#f4f6f8", "border": 1})
        sheet = book.add_worksheet("进度")
        sheet.freeze_panes(1, 2)
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.write(0, column, heading, bold)
            sheet.set_column(column, column, width)
        for row, line in enumerate(lines, 1):
            for column, value in enumerate(_cells(line, base)):
                if value is not None:
                    sheet.write(row, column, value)
        sheet.autofilter(0, 0, len(lines), len(HEADINGS) - 1)


def _cells(line: ProgressLine, base: str) -> tuple[str | int | None, ...]:
    place = line.organisation
    where = "\n".join(base + each.address if each.address.startswith("/") else each.address
                      for each in line.places if each.public)
    return (
        place.code, place.name, line.year, line.kind, SITUATIONS[line.situation], line.state, line.due, line.days,
        line.errors, line.warnings, local(line.touched)[:16], line.by, where,
    )
