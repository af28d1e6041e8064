"""The pages of a layout as files of each format: web page, text, Markdown, workbook."""

from __future__ import annotations

import html
from pathlib import Path

import xlsxwriter

from reader.layouts import UNIT, Grid, Layout, Page


def write(pages: list[Page], layout: Layout, year: int, folder: Path) -> Path:
    """The file of the pages in the layout's format."""
    path = folder / f"account.{layout.file}"
    if layout.file == "xlsx":
        _workbook(pages, layout, year, path)
    else:
        writers = {"html": _html, "md": _markdown, "txt": _text}
        path.write_text(writers[layout.file](pages, layout, year), encoding="utf-8")
    return path


def _parts(page: Page, layout: Layout) -> list[Grid]:
    """The grids of a page: one, or two with the headings again."""
    spare = [""] if layout.spare and len(page.heads[0]) < 8 else []
    heads = [[*line, *spare] for line in _split(page.heads, layout)]
    body = [[*line, *spare] for line in page.body]
    cut = len(body) // 2
    if not layout.parts or cut < 3 or layout.file == "txt":
        return [[*heads, *body]]
    return [[*heads, *body[:cut]], [*heads, *body[cut:]]]


def _split(heads: Grid, layout: Layout) -> Grid:
    """The lowest headings in two lines, as a sheet prints them that breaks a text over two cells."""
    if not layout.split_heads or layout.spans != "repeated" or layout.file == "txt":
        return heads
    at = max((n for n, line in enumerate(heads) if not any(text.isdigit() for text in line)), default=0)
    cut = [text if len(text) < 6 or (at and heads[at - 1][n] == text) else text[: len(text) // 2]
           for n, text in enumerate(heads[at])]  # fmt: skip
    rest = [text if piece == text else text[len(piece) :] for piece, text in zip(cut, heads[at], strict=True)]
    return [*heads[:at], cut, rest, *heads[at + 1 :]]


def _opening(page: Page, layout: Layout, year: int) -> list[str]:
    return [
        f"{year}年度{page.title}" if layout.which % 2 else page.title,
        f"单位：{UNIT}",
        f"金额单位：{layout.unit}",
    ]


def _cover(year: int) -> list[str]:
    return [f"{UNIT}{year}年度部门决算", "第二部分 部门决算表"]


def _html(pages: list[Page], layout: Layout, year: int) -> str:
    found = [f"<p>{text}</p>" for text in _cover(year)]
    for page in pages:
        opening = _opening(page, layout, year)
        if layout.title == "above":
            found.extend(f"<p>{text}</p>" for text in opening)
        for number, grid in enumerate(_parts(page, layout)):
            width = len(grid[0])
            first = []
            if layout.title == "inside" and number == 0:
                first = [f'<tr><td colspan="{width}">{text}</td></tr>' for text in opening]
            heads = len(_split(page.heads, layout))
            rows = [_html_row(line, layout.spans if n < heads else "repeated") for n, line in enumerate(grid)]
            found.append(f"<table>{''.join(first + rows)}</table>")
    return f"<html><body>{''.join(found)}</body></html>"


def _html_row(line: list[str], spans: str) -> str:
    cells: list[tuple[str, int]] = []
    for text in line:
        if spans == "kept" and cells and text and cells[-1][0] == text:
            cells[-1] = (text, cells[-1][1] + 1)
        elif spans == "lost" and cells and text and _last(cells) == text:
            cells.append(("", 1))
        else:
            cells.append((text, 1))
    made = "".join(
        f'<td colspan="{span}">{html.escape(text)}</td>' if span > 1 else f"<td>{html.escape(text)}</td>"
        for text, span in cells
    )
    return f"<tr>{made}</tr>"


def _last(cells: list[tuple[str, int]]) -> str:
    return next((text for text, _ in reversed(cells) if text), "")


def _text(pages: list[Page], layout: Layout, year: int) -> str:
    """Copied from a web page: every cell on a line of its own with a bar behind it."""
    found = _cover(year)
    for page in pages:
        found.extend(_opening(page, layout, year))
        for grid in _parts(page, layout):
            found.extend(f"{text} |" if text else "|" for line in grid for text in line)
    return "\n".join(found) + "\n"


def _markdown(pages: list[Page], layout: Layout, year: int) -> str:
    found = _cover(year)
    for page in pages:
        found.extend(_opening(page, layout, year))
        for grid in _parts(page, layout):
            lines = ["| " + " | ".join(line) + " |" for line in grid]
            rule = "|" + "---|" * len(grid[0])
            found.append("\n".join([lines[0], rule, *lines[1:]]))
    return "\n\n".join(found) + "\n"


def _workbook(pages: list[Page], layout: Layout, year: int, path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for number, page in enumerate(pages, 1):
            sheet = book.add_worksheet(f"Z{number:02} {page.title[:20].replace('“', '').replace('”', '')}")
            rows: Grid = [[text] for text in _opening(page, layout, year)]
            width = len(page.heads[0])
            for line, row in enumerate(rows):
                sheet.merge_range(line, 0, line, width - 1, row[0]) if width > 1 else sheet.write(
                    line, 0, row[0]
                )
            for line, row in enumerate([*page.heads, *page.body], len(rows)):
                for column, text in enumerate(row):
                    plain = text.replace(",", "")
                    heading = line < len(rows) + len(page.heads)
                    number_like = (
                        not heading
                        and column
                        and plain.replace(".", "").replace("-", "").isdigit()
                        and "." in plain
                    )
                    if number_like:
                        sheet.write_number(
                            line, column, float(plain), book.add_format({"num_format": "0.00"})
                        )
                    elif text:
                        sheet.write_string(line, column, text)
