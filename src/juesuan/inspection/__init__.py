"""Read, check, locate; compile, check: what is done with every account, the same for command line, server and store."""

from juesuan.inspection.compilation import ask_for_rest, compile_account, compile_sources, with_contradictions
from juesuan.inspection.document import Inspection, inspect, inspect_account

__all__ = [
    "Inspection",
    "ask_for_rest",
    "compile_account",
    "compile_sources",
    "inspect",
    "inspect_account",
    "with_contradictions",
]
