"""The list of addresses: whose, what, of which year, where, until when, and what was approved."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from juesuan.account import JuesuanError, csv_lines

HEADINGS = ("单位", "类别", "年度", "网址")
MORE = ("期限", "批复稿")
"""Columns that may follow: the last day for publication (ISO), and the file of the approved version."""

KINDS = ("决算", "预算")
LIST = "列表页"
"""In place of a kind: the address is of a page that lists what many have posted."""



class BadAddressesError(JuesuanError, ValueError):
    """A list cannot be used; the message names every line that is wrong."""


class PostedAddress(msgspec.Struct, frozen=True):
    """Where something is to be posted, or (`kind` LIST) a page that leads to it.

    `due` and `approved` are empty where they are not known.
    """

    unit: str
    kind: str
    year: int
    url: str
    due: str = ""
    approved: str = ""


def read_addresses(data: bytes, folder: Path | None = None) -> list[PostedAddress]:
    """The addresses of a CSV list (单位,类别,年度,网址, then 期限, 批复稿 where wanted); files lie in `folder`.

    Raises BadAddressesError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    try:
        lines = [[cell.strip() for cell in line] for line in csv_lines(io.StringIO(text, newline=""))]
    except csv.Error as error:
        raise BadAddressesError(f"清单不是 CSV 文件（{error}）。") from None
    if not lines or tuple(lines[0][:4]) != HEADINGS:
        raise BadAddressesError(f"第1行应为：{','.join(HEADINGS)}，后面可以有 {'、'.join(MORE)}")
    columns = {name: place for place, name in enumerate(lines[0])}
    found: list[PostedAddress] = []
    mistakes = []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cells):
            continue
        given = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        wrong = _wrong(given, {each.url for each in found}, folder)
        if wrong:
            mistakes.append(f"第{number}行：{wrong}")
            continue
        approved = str((folder or Path()) / given["批复稿"]) if given.get("批复稿") else ""
        found.append(PostedAddress(
            given["单位"], given["类别"], int(given["年度"]), given["网址"], given.get("期限", ""), approved
        ))
    if mistakes:
        raise BadAddressesError("\n".join(mistakes[:20]))
    return found


def _wrong(given: dict[str, str], known: set[str], folder: Path | None) -> str:
    parts = urlsplit(given["网址"])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return f"网址“{given['网址']}”应以 http:// 或 https:// 开头，不含用户名。"
    if given["网址"] in known:
        return f"网址 {given['网址']} 已经出现过。"
    if not given["单位"] or given["类别"] not in (*KINDS, LIST):
        return f"单位不能空着，类别应为 {'、'.join(KINDS)}；一页上列着许多单位的，写 {LIST}。"
    if given["类别"] == LIST and given.get("批复稿"):
        return f"{LIST}没有自己的批复稿。"
    if not (given["年度"].isdigit() and len(given["年度"]) == 4):
        return f"年度“{given['年度']}”应为四位年份。"
    try:
        date.fromisoformat(given.get("期限") or "2000-01-01")
    except ValueError:
        return f"期限“{given['期限']}”应写成 2026-09-15 的样子。"
    if given.get("批复稿") and folder is not None and not (folder / given["批复稿"]).is_file():
        return f"找不到批复稿 {given['批复稿']}。"
    return ""
