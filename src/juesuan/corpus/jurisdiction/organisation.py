"""The organisation of a jurisdiction: its units, who stands above whom, and which departments they make up."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from juesuan.account import JuesuanError, csv_lines, os_error_text
from juesuan.statute.checking import Side, load_rollup

DEPARTMENT_LEVELS = load_rollup().department_levels
HEAD_LEVELS = load_rollup().head_levels
"""Words for the unit that is the department's own office: it stands above the others of the department."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("单位编码", "单位代码", "编码"),
    "name": ("单位名称", "名称", "单位"),
    "superior": ("上级编码", "上级单位编码", "主管部门编码", "上级代码"),
    "level": ("层级", "级别", "单位层级"),
    "nature": ("性质", "单位性质", "单位类型"),
    "staff": ("编制人数", "编制数", "人数", "人员编制"),
    "kind": ("类别", "行业", "单位类别"),
}
REQUIRED = ("code", "name")


class OrganisationError(JuesuanError):
    """An organisation that cannot be used; the message says which line is wrong and what to do."""


class Member(msgspec.Struct, frozen=True):
    """A line of the organisation: a unit, or a department. `staff` is the number of posts (编制), None if not given."""

    code: str
    name: str
    superior: str = ""
    level: str = ""
    nature: str = ""
    staff: int | None = None
    kind: str = ""


class OrganisationList(msgspec.Struct, frozen=True, dict=True):
    """All units of a jurisdiction, in the order of the file."""

    members: tuple[Member, ...]

    @cached_property
    def by_code(self) -> dict[str, Member]:
        """The members by code."""
        return {member.code: member for member in self.members}

    @cached_property
    def codes_by_name(self) -> dict[str, str]:
        """The code of each name that only one member has."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        for member in self.members:
            if member.name in found:
                twice.add(member.name)
            found[member.name] = member.code
        return {name: code for name, code in found.items() if name not in twice}

    @cached_property
    def _heads(self) -> dict[str, str]:
        """The department's own office, by the department."""
        return {member.superior: member.code for member in self.members if member.level in HEAD_LEVELS}

    def department(self, code: str) -> str:
        """The department that a unit belongs to: the nearest line above it of that level, else the topmost."""
        last = code
        for step in self._upwards(code):
            last = step
            if self.by_code[step].level in DEPARTMENT_LEVELS:
                return step
        return last

    def paid_by(self, code: str) -> str:
        """The unit that pays `code` its subsidies: its superior, or that department's own office; empty for none."""
        member = self.by_code.get(code)
        if member is None:
            return ""
        superior = member.superior
        if member.level in HEAD_LEVELS and superior in self.by_code:
            superior = self.by_code[superior].superior
        return self._heads.get(superior, superior)

    def _upwards(self, code: str) -> Iterable[str]:
        while code in self.by_code:
            yield code
            code = self.by_code[code].superior

    @cached_property
    def departments(self) -> dict[str, tuple[str, ...]]:
        """The codes of each department's lines, the department's own among them."""
        found: dict[str, list[str]] = {}
        for member in self.members:
            found.setdefault(self.department(member.code), []).append(member.code)
        return {code: tuple(codes) for code, codes in found.items()}

    def sides(self, group: Sequence[str]) -> dict[str, set[Side]]:
        """For each unit of a group, whether it stands above others of the group, below one, or both."""
        within = set(group)
        found: dict[str, set[Side]] = {code: set() for code in group}
        for code in group:
            payer = self.paid_by(code)
            if payer in within and payer != code:
                found[code].add("下级")
                found[payer].add("上级")
        return found


def read_organisation(path: Path) -> OrganisationList:
    """The organisation in the CSV at `path` (UTF-8 or GB18030).

    Raises OrganisationError for a missing column, a code that stands twice, an unknown superior, or a circle.
    """
    lines = _rows(path)
    headings = [heading.strip() for heading in lines[0]]
    places = {
        key: next((headings.index(name) for name in names if name in headings), -1) for key, names in HEADINGS.items()
    }
    missing = [HEADINGS[key][0] for key in REQUIRED if places[key] < 0]
    if missing:
        raise OrganisationError(f"{path.name}：缺少列“{'、'.join(missing)}”；表头是：{'、'.join(headings)}。")
    members: dict[str, Member] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        member = _member(line, places, path.name, number)
        if member.code in members:
            raise OrganisationError(f"{path.name} 第{number}行：单位编码 {member.code} 重复；请合并为一行。")
        members[member.code] = member
    organisation = OrganisationList(tuple(members.values()))
    _sound(organisation, path.name)
    return organisation


def _rows(path: Path) -> list[list[str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OrganisationError(f"{path.name}：读不出来（{os_error_text(error)}）。") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            lines = list(csv_lines(data.decode(encoding).splitlines()))
        except (UnicodeDecodeError, csv.Error):
            continue
        if lines:
            return lines
    raise OrganisationError(f"{path.name}：不是可读的 CSV；请用 Excel 另存为 UTF-8 的 CSV。")


def _member(line: Sequence[str], places: dict[str, int], file: str, number: int) -> Member:
    cells = {key: line[place].strip() if 0 <= place < len(line) else "" for key, place in places.items()}
    if not cells["code"]:
        raise OrganisationError(f"{file} 第{number}行：缺少单位编码。")
    staff = cells.pop("staff")
    if staff and not staff.isdigit():
        raise OrganisationError(f"{file} 第{number}行：编制人数“{staff}”不是整数；不清楚的请留空。")
    return Member(**cells, staff=int(staff) if staff else None)


def _sound(organisation: OrganisationList, file: str) -> None:
    """Every superior is a line of the file, and nobody is above himself."""
    for member in organisation.members:
        if member.superior and member.superior not in organisation.by_code:
            raise OrganisationError(
                f"{file}：{member.code} {member.name} 的上级编码 {member.superior} 不在表中；请补上该单位，或留空。"
            )
        seen: set[str] = set()
        code = member.code
        while code:
            if code in seen:
                raise OrganisationError(f"{file}：{member.code} 的上级绕了一圈又回到自己；请改正上级编码。")
            seen.add(code)
            code = organisation.by_code[code].superior
