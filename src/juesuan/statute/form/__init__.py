"""Forms (表) as declared: their parts, the levels of codes, the layouts of their lines."""

from juesuan.statute.form.form import Form
from juesuan.statute.form.layouts import LineLayout, LineShape
from juesuan.statute.form.levels import (
    CODE_LENGTHS,
    LEVELS,
    TOTAL,
    codes_above,
    digits_of,
    level_of,
    with_parents,
)
from juesuan.statute.form.parts import NO_NUMBER, Classification, Column, FormBlock, Row, Stub, StubKind, Takes, Total

__all__ = [
    "CODE_LENGTHS",
    "LEVELS",
    "NO_NUMBER",
    "TOTAL",
    "Classification",
    "Column",
    "Form",
    "FormBlock",
    "LineLayout",
    "LineShape",
    "Row",
    "Stub",
    "StubKind",
    "Takes",
    "Total",
    "codes_above",
    "digits_of",
    "level_of",
    "with_parents",
]
