"""The law as data: forms, relations, clauses, schemes, classifications and profiles, and what they do by themselves."""

from juesuan.statute.articulation.notation import NotationError, parse, parse_place, parse_quantity
from juesuan.statute.articulation.relation import CLASS_NAMES, Relation, ToleranceClass
from juesuan.statute.articulation.solver import (
    Expander,
    Instance,
    Operand,
    Verdict,
    details_missing,
    judge,
    solve,
)
from juesuan.statute.articulation.tree import misnamed, missing_parents
from juesuan.statute.checking.evaluation import EvaluationWords, GoalForms, GoalSum, Scope, load_evaluation
from juesuan.statute.checking.rules import Rule, load_rules
from juesuan.statute.clause import Case, Clause, Listing, ParagraphPlan, SectionPlan, Shares, direction, placeholders
from juesuan.statute.codes import CodeTable
from juesuan.statute.deadlines import APPROVED, PUBLISHED, Deadlines, day_of, load_deadlines
from juesuan.statute.form import (
    CODE_LENGTHS,
    TOTAL,
    Column,
    Form,
    FormBlock,
    LineShape,
    Row,
    Stub,
    Takes,
    codes_above,
    digits_of,
    level_of,
    with_parents,
)
from juesuan.statute.language.lexicon import Lexicon, Word, load_lexicon, plain_name
from juesuan.statute.language.measure import Measurer, lines
from juesuan.statute.language.writing import Writer
from juesuan.statute.ledger import LedgerFund, LedgerPlan, ledger_plan
from juesuan.statute.loader.binding import bound_to_lines
from juesuan.statute.loader.load import NATIONAL, ROOT, load_statute, profiles
from juesuan.statute.places import EMPTY_TABLES, ROW_WORDS, MadeLines, PlaceLine, PlaceTable, SectionGroup
from juesuan.statute.profile import (
    MONEY_UNITS,
    ChartPlan,
    Explanation,
    GlossaryTerm,
    Itemised,
    Kind,
    Part,
    Profile,
    Statute,
    TextField,
)
from juesuan.statute.scheme import AboveExact, Band, Direction, Group, Scheme
from juesuan.statute.source import StatuteError
from juesuan.statute.units import UnitWords, load_units
from juesuan.statute.workbook import CellPlan, EntryPlan, OpeningPlan, SheetPlan, Workbook

__all__ = [
    "APPROVED",
    "CLASS_NAMES",
    "CODE_LENGTHS",
    "EMPTY_TABLES",
    "MONEY_UNITS",
    "NATIONAL",
    "PUBLISHED",
    "ROOT",
    "ROW_WORDS",
    "TOTAL",
    "AboveExact",
    "Band",
    "Case",
    "CellPlan",
    "ChartPlan",
    "Clause",
    "CodeTable",
    "Column",
    "Deadlines",
    "Direction",
    "EntryPlan",
    "EvaluationWords",
    "Expander",
    "Explanation",
    "Form",
    "FormBlock",
    "GlossaryTerm",
    "GoalForms",
    "GoalSum",
    "Group",
    "Instance",
    "Itemised",
    "Kind",
    "LedgerFund",
    "LedgerPlan",
    "Lexicon",
    "LineShape",
    "Listing",
    "MadeLines",
    "Measurer",
    "NotationError",
    "OpeningPlan",
    "Operand",
    "ParagraphPlan",
    "Part",
    "PlaceLine",
    "PlaceTable",
    "Profile",
    "Relation",
    "Row",
    "Rule",
    "Scheme",
    "Scope",
    "SectionGroup",
    "SectionPlan",
    "Shares",
    "SheetPlan",
    "Statute",
    "StatuteError",
    "Stub",
    "Takes",
    "TextField",
    "ToleranceClass",
    "UnitWords",
    "Verdict",
    "Word",
    "Workbook",
    "Writer",
    "bound_to_lines",
    "codes_above",
    "day_of",
    "details_missing",
    "digits_of",
    "direction",
    "judge",
    "ledger_plan",
    "level_of",
    "lines",
    "load_deadlines",
    "load_evaluation",
    "load_lexicon",
    "load_rules",
    "load_statute",
    "load_units",
    "misnamed",
    "missing_parents",
    "parse",
    "parse_place",
    "parse_quantity",
    "placeholders",
    "plain_name",
    "profiles",
    "solve",
    "with_parents",
]
