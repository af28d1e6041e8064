"""Whole jurisdictions: one ledger of many units compiled, departments held against the sum of their units."""

from juesuan.corpus.jurisdiction.compilation import MEMORY, compile_jurisdiction
from juesuan.corpus.jurisdiction.ledger import insert
from juesuan.corpus.jurisdiction.model import DEPARTMENT, UNIT
from juesuan.corpus.jurisdiction.organisation import (
    DEPARTMENT_LEVELS,
    HEAD_LEVELS,
    Member,
    OrganisationError,
    OrganisationList,
    read_organisation,
)
from juesuan.corpus.jurisdiction.output import publish_units, write_jurisdiction
from juesuan.corpus.jurisdiction.rollup import check_department

__all__ = [
    "DEPARTMENT",
    "DEPARTMENT_LEVELS",
    "HEAD_LEVELS",
    "MEMORY",
    "UNIT",
    "Member",
    "OrganisationError",
    "OrganisationList",
    "check_department",
    "compile_jurisdiction",
    "insert",
    "publish_units",
    "read_organisation",
    "write_jurisdiction",
]
