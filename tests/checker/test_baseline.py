"""The baseline: what is accepted is listed apart, and no entry works silently when it should not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from juesuan.account import Issue, Source
from juesuan.checker import Report, Tally
from juesuan.checker.baseline import BaselineError, apply_baseline, entries_text, not_concerned, read_baseline
from juesuan.checker.reports import Checked, Located

TODAY = date(2026, 6, 30)


def item(*findings: tuple[str, str, str]) -> Checked:
    """A checked file of one unit with findings of code, place and stated figure."""
    found = tuple(
        Located(Issue(code, "error", f"{code}“不符”\\", (Source(file="a.md", line=9),), stated), place)
        for code, place, stated in findings
    )
    report = Report("a.md", "national", "某单位", 2025, tuple(f.finding for f in found), Tally(1, 0, 0, 1, 0))
    return Checked(report, found, Path("a.md"))


def entry(reason: str = "已作说明", **more: str) -> str:
    lines = {"unit": '"某单位"', "year": "2025", "rule": '"T901"', "place": '"表9!3行"', "reason": f'"{reason}"'} | more
    return "[[accepted]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def applied(tmp_path: Path, text: str, checked: Checked) -> Checked:
    path = tmp_path / "base.toml"
    path.write_text(text, encoding="utf-8")
    (result,) = apply_baseline(read_baseline(path), [checked], TODAY)
    return result


def codes(checked: Checked) -> list[str]:
    return [finding.code for finding in checked.report.findings]


def test_what_is_accepted_is_not_counted_but_listed(tmp_path: Path) -> None:
    result = applied(tmp_path, entry(), item(("T901", "表9!3行", "3.70万元"), ("T902", "表9!3行", "")))
    assert codes(result) == ["T902"]
    assert result.count("error") == 1
    (accepted,) = result.accepted
    assert (accepted.located.finding.code, accepted.reason) == ("T901", "已作说明")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (entry(reason=" "), ["T901", "B003"]),
        (entry(until="2026-06-29"), ["T901", "B002"]),
        (entry(until="2026-06-30"), []),
        (entry(until='"2026-06-29"'), ["T901", "B002"]),
        (entry(place='"表9!4行"'), ["T901", "B001"]),
        (entry(rule='"T902"'), ["T901", "B001"]),
        (entry(stated='"3.70万元"'), []),
        (entry(stated='"3.80万元"'), ["T901", "B001"]),
    ],
)
def test_an_entry_that_does_not_work_says_so(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert codes(applied(tmp_path, text, item(("T901", "表9!3行", "3.70万元")))) == expected


def test_the_finding_names_the_line_of_the_entry(tmp_path: Path) -> None:
    text = "# 说明\n\n" + entry() + "\n" + entry(reason="")
    result = applied(tmp_path, text, item(("T901", "表9!3行", "")))
    (finding,) = result.report.findings
    assert (finding.code, finding.places[0].file, finding.places[0].line) == ("B003", "base.toml", 10)


def test_other_units_and_years_are_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "base.toml"
    path.write_text(entry(unit='"别的单位"') + entry(year="2024"), encoding="utf-8")
    baseline = read_baseline(path)
    checked = item(("T901", "表9!3行", ""))
    assert apply_baseline(baseline, [checked], TODAY) == [checked]
    assert len(not_concerned(baseline, [checked])) == 2


def test_written_entries_count_only_once_reasons_are_given(tmp_path: Path) -> None:
    checked = item(("T901", "表9!3行", '3.70"\\\n万元'), ("T902", "表9!3行", ""))
    text = entries_text([checked])
    assert codes(applied(tmp_path, text, checked)) == ["T901", "T902", "B003", "B003"]
    reasoned = text.replace('reason = ""', 'reason = "已作说明"')
    assert codes(applied(tmp_path, reasoned, checked)) == []


def test_what_people_wrote_stays_when_entries_are_added() -> None:
    present = "# 我的备注\n" + entry()
    text = entries_text([item(("T902", "表9!3行", ""))], present)
    assert text.startswith(present)
    assert 'rule = "T902"' in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[accepted]]\nunit = 本单位\n', "base.toml 第2行第8列：写法有误"),
        (entry(year='"2025"'), "base.toml 第3行：“year”应为整数"),
        (entry(plase='"表9"'), "base.toml 第7行：不认识“plase”"),
        (entry(until='"明年"'), "base.toml 第7行：“明年”不是日期"),
        ('\n[[accepted]]\nunit = "某单位"\n', "base.toml 第2行：缺少“year”"),
        ('[accept]\n', "不认识的“accept”"),
        ("accepted = 1\n", "应写成 [[accepted]] 条目"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "base.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        read_baseline(path)
    assert told in str(caught.value)
