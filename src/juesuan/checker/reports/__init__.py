"""Reports on files that were checked: data, SARIF, problem list, page, marked PDF; accepted findings apart."""

from __future__ import annotations

from juesuan.checker.reports.annotated_pdf import finding_text, write_marked
from juesuan.checker.reports.data import as_json, json_text
from juesuan.checker.reports.html_report import Chapter, ReportEntry, View, chapter_of, page_text
from juesuan.checker.reports.locations import Accepted, Checked, Located, Since, Unreadable, locate
from juesuan.checker.reports.pictures import PagesError
from juesuan.checker.reports.problem_list import write_problem_list
from juesuan.checker.reports.rounds import (
    NEW,
    FormerFinding,
    RoundError,
    Rounds,
    compared,
    counted,
    known_of,
    missing,
    read_round,
    since,
)
from juesuan.checker.reports.sarif import sarif_text
from juesuan.checker.reports.verdict import conclusion_text, coverage_text, verdict_text, year_text

__all__ = [
    "NEW",
    "Accepted",
    "Chapter",
    "Checked",
    "FormerFinding",
    "Located",
    "PagesError",
    "ReportEntry",
    "RoundError",
    "Rounds",
    "Since",
    "Unreadable",
    "View",
    "as_json",
    "chapter_of",
    "compared",
    "conclusion_text",
    "counted",
    "coverage_text",
    "finding_text",
    "json_text",
    "known_of",
    "locate",
    "missing",
    "page_text",
    "read_round",
    "sarif_text",
    "since",
    "verdict_text",
    "write_marked",
    "write_problem_list",
    "year_text",
]
