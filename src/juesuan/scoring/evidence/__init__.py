"""Evidence (佐证): actual values from recorded, repeatable, read-only queries over a unit's operational data."""

from juesuan.scoring.evidence.declare import (
    FILE_NAME,
    Binding,
    DataSet,
    EvidencePlan,
    Parameter,
    QueryLimits,
    add_binding,
    add_data_set,
    data_files,
    read_plan,
)
from juesuan.scoring.evidence.errors import EvidenceError
from juesuan.scoring.evidence.queries import Query, library_query, query_names
from juesuan.scoring.evidence.results import Result, agrees, printed_result, result_of
from juesuan.scoring.evidence.running import EvidenceResult, WantedEvidence, run_plan
from juesuan.scoring.evidence.sandbox import Sandbox
from juesuan.scoring.evidence.verifying import RecomputedEvidence, verify

__all__ = [
    "FILE_NAME",
    "Binding",
    "DataSet",
    "EvidenceError",
    "EvidencePlan",
    "EvidenceResult",
    "Parameter",
    "Query",
    "QueryLimits",
    "RecomputedEvidence",
    "Result",
    "Sandbox",
    "WantedEvidence",
    "add_binding",
    "add_data_set",
    "agrees",
    "data_files",
    "library_query",
    "printed_result",
    "query_names",
    "read_plan",
    "result_of",
    "run_plan",
    "verify",
]
