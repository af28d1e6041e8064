"""The baseline (基线): findings that a reviewer accepts, each with a reason; they are listed apart and not counted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import SEVERITY_NAMES, Issue, JuesuanError, Source, os_error_text, severity_rank
from juesuan.checker.reports import Accepted, Checked, Located
from juesuan.statute import load_rules

TABLE = "accepted"
UNUSED, EXPIRED, UNREASONED = "B001", "B002", "B003"

_KINDS: dict[str, tuple[type, ...]] = {
    "unit": (str,),
    "year": (int,),
    "rule": (str,),
    "place": (str,),
    "stated": (str,),
    "reason": (str,),
    "until": (str, date),
}
_NEEDED = ("unit", "year", "rule", "place", "reason")
_TOML_PLACE = re.compile(r"at line (\d+), column (\d+)")

HEAD = """\
# 决算核对的基线：复核人同意接受、不再计入的问题。
# 每条必须写明理由 reason，没有理由的不算数；不接受的整条删去。
# until 是到期日（如 2027-06-30），过期不再适用，可以不写。
# stated 是文中原来的数，数变了这一条就不再适用，可以删去这一行。
"""


class BaselineError(JuesuanError):
    """A baseline file cannot be used; the message names each line and what is wrong there."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class AcceptedFinding(msgspec.Struct, frozen=True):
    """One accepted finding. `stated` narrows it to the figure that was accepted; `until` is the last day it holds."""

    unit: str
    year: int
    rule: str
    place: str
    reason: str
    stated: str = ""
    until: date | None = None
    line: int = 0

    def covers(self, located: Located) -> bool:
        """Whether this entry is about `located`, in a report on its unit and year."""
        same = (located.finding.code, located.place) == (self.rule, self.place)
        return same and self.stated in ("", located.finding.stated)


class Baseline(msgspec.Struct, frozen=True):
    """The entries of a file, in order."""

    file: str
    entries: tuple[AcceptedFinding, ...]


def read_baseline(path: Path) -> Baseline:
    """The baseline in a TOML file. Raises BaselineError with the line of every mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "不是 UTF-8 文本" if isinstance(error, UnicodeDecodeError) else os_error_text(error)
        raise BaselineError([f"{path}：基线文件读不出来（{reason}）。"]) from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BaselineError([_broken(path.name, error)]) from error
    mistakes = [f"{path.name}：不认识的“{key}”，只能有 [[{TABLE}]] 条目。" for key in tree if key != TABLE]
    items = tree.get(TABLE, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BaselineError([*mistakes, f"{path.name}：{TABLE} 应写成 [[{TABLE}]] 条目。"])
    lines = _lines_of_entries(text, len(items))
    entries = []
    for number, (item, line) in enumerate(zip(items, lines, strict=True)):
        end = lines[number + 1] if number + 1 < len(lines) else len(text.splitlines()) + 1
        entry = _Reader(path.name, text.splitlines()[line : end - 1], line, mistakes).entry(item)
        if entry:
            entries.append(entry)
    if mistakes:
        raise BaselineError(mistakes)
    return Baseline(path.name, tuple(entries))


def apply_baseline(baseline: Baseline, checked: Sequence[Checked], today: date) -> list[Checked]:
    """The files with what the baseline accepts set apart, and a finding for every entry that does not do its work.

    Entries on units and years that are not among `checked` are left alone; see `not_concerned`.
    """
    result = list(checked)
    for entry in baseline.entries:
        mine = [index for index, item in enumerate(result) if _concerns(entry, item)]
        if not mine:
            continue
        code = _fault(entry, today)
        if code is None:
            covering = [index for index in mine if any(entry.covers(located) for located in checked[index].found)]
            for index in covering:
                result[index] = _accept(entry, result[index])
            code = None if covering else UNUSED
        if code:
            result[mine[0]] = _add(_finding(code, entry, baseline.file), result[mine[0]])
    return result


def not_concerned(baseline: Baseline, checked: Sequence[Checked]) -> list[AcceptedFinding]:
    """The entries on units and years that were not checked: left aside, or misspelt."""
    return [entry for entry in baseline.entries if not any(_concerns(entry, item) for item in checked)]


def entries_text(checked: Iterable[Checked], present: str | None = None) -> str:
    """Entries without reason for all findings, to be filled in; after the text of the file `present`, unchanged."""
    parts = [HEAD if present is None else present.rstrip("\n") + "\n"]
    seen = set()
    for item in checked:
        for located in item.found:
            finding = located.finding
            key = (item.report.unit, item.report.year, located.fingerprint)
            if finding.code in (UNUSED, EXPIRED, UNREASONED) or key in seen:
                continue
            seen.add(key)
            parts.append(_entry_text(item.report.unit, item.report.year, located))
    return "\n".join(parts)


def _entry_text(unit: str, year: int, located: Located) -> str:
    finding = located.finding
    message = " ".join(finding.message.split())
    lines = [
        f"# {SEVERITY_NAMES[finding.severity]}：{message}",
        f"[[{TABLE}]]",
        f"unit = {_quoted(unit)}",
        f"year = {year}",
        f"rule = {_quoted(finding.code)}",
        f"place = {_quoted(located.place)}",
    ]
    if finding.stated:
        lines.append(f"stated = {_quoted(finding.stated)}")
    lines.append('reason = ""')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match.group()):04x}", escaped) + '"'


def _concerns(entry: AcceptedFinding, item: Checked) -> bool:
    return (entry.unit, entry.year) == (item.report.unit, item.report.year)


def _fault(entry: AcceptedFinding, today: date) -> str | None:
    if not entry.reason.strip():
        return UNREASONED
    return EXPIRED if entry.until and entry.until < today else None


def _accept(entry: AcceptedFinding, item: Checked) -> Checked:
    until = entry.until.isoformat() if entry.until else ""
    taken = [Accepted(located, entry.reason.strip(), until) for located in item.found if entry.covers(located)]
    left = [located for located in item.found if not entry.covers(located)]
    return item.with_found(left, [*item.accepted, *taken])


def _finding(code: str, entry: AcceptedFinding, file: str) -> Located:
    rule = load_rules()[code]
    where = f"{entry.rule} “{entry.place}”"
    messages = {
        UNUSED: f"基线接受的 {where} 这次没有发现。",
        EXPIRED: f"基线接受的 {where} 已于 {entry.until} 到期，不再适用。",
        UNREASONED: f"基线条目 {where} 没有写理由，不算数。",
    }
    source = Source(file=file, line=entry.line)
    finding = Issue(code, rule.severity, messages[code], (source,))
    return Located(finding, " ".join(filter(None, (entry.rule, entry.place, entry.stated))))


def _add(located: Located, item: Checked) -> Checked:
    found = sorted([*item.found, located], key=lambda one: severity_rank(one.finding.severity))
    return item.with_found(found)


def _broken(name: str, error: tomllib.TOMLDecodeError) -> str:
    place = _TOML_PLACE.search(str(error))
    where = f"第{place.group(1)}行第{place.group(2)}列" if place else "结尾"
    reason = str(error).partition(" (at ")[0]
    return f"{name} {where}：写法有误，不合 TOML 的规定（{reason}）。文字两边要有英文双引号，每条以 [[{TABLE}]] 开头。"


def _lines_of_entries(text: str, count: int) -> list[int]:
    """The line (from 1) on which each entry begins; 1 for all where they are not written as [[…]]."""
    heads = [n for n, line in enumerate(text.splitlines(), 1) if re.match(rf"\s*\[\[\s*{TABLE}\s*\]\]", line)]
    return heads if len(heads) == count else [1] * count


class _Reader:
    """Reads one entry and gathers its mistakes with their lines."""

    def __init__(self, file: str, lines: Sequence[str], head: int, mistakes: list[str]) -> None:
        self._file = file
        self._lines = lines
        self._head = head
        self._mistakes = mistakes

    def entry(self, item: dict[str, Any]) -> AcceptedFinding | None:
        before = len(self._mistakes)
        for key, value in item.items():
            if key not in _KINDS:
                self._mistake(key, f"不认识“{key}”；可以写 {'、'.join(_KINDS)}")
            elif not isinstance(value, _KINDS[key]) or isinstance(value, bool):
                self._mistake(key, f"“{key}”应为{'整数' if key == 'year' else '文字'}，写的是 {value}")
            elif isinstance(value, str) and key in ("rule", "place") and not value.strip():
                self._mistake(key, f"“{key}”不能空着")
        for key in _NEEDED:
            if key not in item:
                self._mistake(key, f"缺少“{key}”")
        until = self._day(item.get("until"))
        if len(self._mistakes) > before:
            return None
        return AcceptedFinding(
            item["unit"].strip(), item["year"], item["rule"].strip(), item["place"].strip(), item["reason"],
            item.get("stated", ""), until, self._head,
        )

    def _day(self, value: Any) -> date | None:
        """A day as TOML has it or as text; an empty text is none."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if not isinstance(value, str) or not value.strip():
            return None
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            self._mistake("until", f"“{value}”不是日期，应写成 2027-06-30 的样子")
            return None

    def _mistake(self, key: str, text: str) -> None:
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        line = next((n for n, line in enumerate(self._lines, self._head + 1) if pattern.match(line)), self._head)
        self._mistakes.append(f"{self._file} 第{line}行：{text}。")
