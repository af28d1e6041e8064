"""The language of the narrative: clauses written and matched, quantities, phrasings, aliases, residue of templates."""

from juesuan.statute.language.aliases import bare, load_aliases
from juesuan.statute.language.definitions import (
    OWN,
    Definition,
    definition_of,
    entries_of,
    known_definition,
    refers_elsewhere,
    repeats_name,
)
from juesuan.statute.language.documents import load_document_words
from juesuan.statute.language.matching import LIST, NAMES, NUMBER, Pattern, compact, compact_places, patterns
from juesuan.statute.language.measure import PERCENT, Measured, Measurer, of_project, parse_when
from juesuan.statute.language.phrasings import CLASSES, ITEMS, ParagraphReading, expression, load_phrasings, number_of
from juesuan.statute.language.prose import (
    Composition,
    CountRule,
    Disjoint,
    EconomicList,
    GroupRule,
    Reasons,
    StatedParts,
    Tallied,
    UnitCost,
    load_prose_rules,
    unique_subjects,
)
from juesuan.statute.language.reasons import (
    REASON,
    PartOfChange,
    ReasonAsked,
    ReasonPhrase,
    load_reasons,
    parts_of,
    phrases_for,
    reason_places,
    wording_of,
)
from juesuan.statute.language.residue import Wording, load_residue
from juesuan.statute.language.revising import RevisionWords, load_revision_words
from juesuan.statute.language.writing import PROJECT_TEXTS, PROJECTS, listed_names
from juesuan.statute.script import PRONUNCIATION, simplified

__all__ = [
    "CLASSES",
    "ITEMS",
    "LIST",
    "NAMES",
    "NUMBER",
    "OWN",
    "PERCENT",
    "PROJECTS",
    "PROJECT_TEXTS",
    "PRONUNCIATION",
    "REASON",
    "Composition",
    "CountRule",
    "Definition",
    "Disjoint",
    "EconomicList",
    "GroupRule",
    "Measured",
    "Measurer",
    "ParagraphReading",
    "PartOfChange",
    "Pattern",
    "ReasonAsked",
    "ReasonPhrase",
    "Reasons",
    "RevisionWords",
    "StatedParts",
    "Tallied",
    "UnitCost",
    "Wording",
    "bare",
    "compact",
    "compact_places",
    "definition_of",
    "entries_of",
    "expression",
    "known_definition",
    "listed_names",
    "load_aliases",
    "load_document_words",
    "load_phrasings",
    "load_prose_rules",
    "load_reasons",
    "load_residue",
    "load_revision_words",
    "number_of",
    "of_project",
    "parse_when",
    "parts_of",
    "patterns",
    "phrases_for",
    "reason_places",
    "refers_elsewhere",
    "repeats_name",
    "simplified",
    "unique_subjects",
    "wording_of",
]
