"""Read, check, locate; compile, check: what is done with every account, the same for command line, server and store."""

from juesuan.inspection.beginning import Beginning, begin_from, of_accounts
from juesuan.inspection.compilation import (
    ask_for_rest,
    compile_account,
    compile_intake,
    compile_sources,
    with_contradictions,
)
from juesuan.inspection.document import Inspection, inspect, inspect_account
from juesuan.inspection.marking import mark_workbook

__all__ = [
    "Beginning",
    "Inspection",
    "ask_for_rest",
    "begin_from",
    "compile_account",
    "compile_intake",
    "compile_sources",
    "inspect",
    "inspect_account",
    "mark_workbook",
    "of_accounts",
    "with_contradictions",
]
