"""The tables of a store, declared once: what is written, what can be asked for, and docs/store.md come from here."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

FORMAT = 2
"""The number of this layout; a store of another is not opened."""


class StoreColumn(msgspec.Struct, frozen=True):
    """A column: its name, its type in DuckDB, and what it holds."""

    name: str
    type: str
    meaning: str


class StoreTable(msgspec.Struct, frozen=True):
    """A table: its columns, whether it is kept by year, and the order of its rows once compacted."""

    name: str
    meaning: str
    columns: tuple[StoreColumn, ...]
    order: tuple[str, ...]
    yearly: bool = True
    derived: tuple[StoreColumn, ...] = ()
    """Columns that follow from all documents together: computed when the store is opened or compacted."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that a shard holds."""
        return tuple(column.name for column in self.columns)

    @property
    def all_columns(self) -> tuple[StoreColumn, ...]:
        """Every column that can be asked for."""
        return (*self.columns, *self.derived)


def _columns(text: str) -> tuple[StoreColumn, ...]:
    """Columns from lines of name, type and meaning, parted by “|”."""
    found = []
    for line in text.strip().splitlines():
        name, kind, meaning = (part.strip() for part in line.split("|"))
        found.append(StoreColumn(name, kind, meaning))
    return tuple(found)


_OF = _columns("""
    document  | VARCHAR | the document (see documents.document)
    unit_code | VARCHAR | code of the unit (单位代码) by manifest, document or other documents of the name; else empty
    unit      | VARCHAR | name of the unit (单位名称) as the document states it
    year      | INTEGER | year of the account (年度)
    kind      | VARCHAR | 决算 or 预算
    number    | INTEGER | position in the document, from zero
""")

_PLACE = _columns("""
    page       | INTEGER | page, from one; empty where the format has none
    box_left   | DOUBLE  | points from the left edge of the page
    box_bottom | DOUBLE  | points from the lower edge of the page
    box_right  | DOUBLE  | points from the left edge of the page
    box_top    | DOUBLE  | points from the lower edge of the page
    sheet      | VARCHAR | sheet of a workbook
    cell       | VARCHAR | cell of a sheet
    line       | INTEGER | line of a text file
    paragraph  | INTEGER | paragraph of a document
    recognised | BOOLEAN | recognised from a picture of the page
""")

_BY_DOCUMENT = ("unit_code", "unit", "kind", "document", "number")

DOCUMENTS = StoreTable(
    "documents",
    "Every document that was read, by one version of the rules: whose account of which year it is, and what it came to",
    _columns("""
        document    | VARCHAR | identity: SHA-256 of fingerprint and engine, 32 hexadecimal digits
        fingerprint | VARCHAR | SHA-256 of the bytes of the file
        engine      | VARCHAR | the version of the rules that read and checked it
        file        | VARCHAR | the file it was read from (others with the same bytes: table files)
        format      | VARCHAR | ending of the file, lower case
        bytes       | BIGINT  | size of the file
        given_code  | VARCHAR | code of the unit (单位代码) by manifest or document when it was read
        unit        | VARCHAR | name of the unit (单位名称)
        year        | INTEGER | year of the account
        kind        | VARCHAR | 决算 or 预算
        profile     | VARCHAR | the profile it was read under
        nature      | VARCHAR | nature of the unit (单位性质) where the document says so
        supervisor  | VARCHAR | department in charge (主管部门) where the document says so
        date        | VARCHAR | ISO date that the document states on a line of its own, else empty
        figures     | VARCHAR | digest of the figures of its tables in 万元: equal for two formats of one account
        facts       | INTEGER | rows in facts
        claims      | INTEGER | rows in claims
        unplaced    | INTEGER | rows in unplaced
        errors      | INTEGER | findings of severity error
        warnings    | INTEGER | findings of severity warning
        notices     | INTEGER | findings of severity notice
        decided     | INTEGER | relations decided
        held        | INTEGER | relations that hold exactly
        rounding    | INTEGER | relations that hold within rounding
        failed      | INTEGER | relations that fail
        undecided   | INTEGER | relations that could not be decided
        notes       | VARCHAR | what was met on the way, a line each
        faults      | VARCHAR | what went wrong in this program while checking, a line each
    """),
    ("year", "unit_code", "unit", "kind", "document"),
    yearly=False,
    derived=_columns("""
        unit_code       | VARCHAR | code of the unit: by manifest, document, or the only one known for its name
        account         | VARCHAR | the account: unit code (else name), year and kind
        version         | INTEGER | the version of the account, from one; two formats of one version share it
        versions        | INTEGER | how many versions of the account there are
        standing        | VARCHAR | current, format (the current version in another format), superseded, reread
        current         | BOOLEAN | whether this is the document that stands for its account
        department_code | VARCHAR | code of the department (部门代码) by the manifest
        region          | VARCHAR | region (区划) by the manifest
        level           | VARCHAR | level of government (级次) by the manifest
    """),
)

FILES = StoreTable(
    "files",
    "Every file that was given, with what a manifest says of it; several files may be one document",
    _columns("""
        file            | VARCHAR | path or address; members of an archive as archive.zip!/member
        fingerprint     | VARCHAR | SHA-256 of its bytes; empty where it could not be fetched
        unit_code       | VARCHAR | 单位代码 of the manifest
        year            | INTEGER | 年度 of the manifest
        position        | INTEGER | line of the manifest, from one
        department_code | VARCHAR | 部门代码 of the manifest
        region          | VARCHAR | 区划 of the manifest
        level           | VARCHAR | 级次 of the manifest
    """),
    ("file", "fingerprint", "position", "unit_code", "year", "department_code", "region", "level"),
    yearly=False,
)

FAILURES = StoreTable(
    "failures",
    "Files that did not become a document, with the reason",
    _columns("""
        file        | VARCHAR | the file
        fingerprint | VARCHAR | SHA-256 of its bytes; empty where it could not be fetched
        engine      | VARCHAR | the version of the rules
        stage       | VARCHAR | 获取, 读取, 核对 or 进程 (its reader died, or it went beyond the limits)
        reason      | VARCHAR | why, and what to do
    """),
    ("file", "fingerprint", "engine", "stage", "reason"),
    yearly=False,
)

ACCOUNTS = StoreTable(
    "accounts",
    "The whole account as read, for programs that need more than the tables: juesuan.account.from_json",
    (*_OF, *_columns("json | VARCHAR | the account as JSON (account.schema.json)")),
    _BY_DOCUMENT,
)

FACTS = StoreTable(
    "facts",
    "Every figure of the tables, by document",
    (
        *_OF,
        *_columns("""
            profile     | VARCHAR | the profile
            form        | VARCHAR | key of the form in the national set
            row         | VARCHAR | line number, classification code or row name
            row_name    | VARCHAR | the official name of the line
            column      | VARCHAR | column number or name
            column_name | VARCHAR | the heading of the column
            period      | VARCHAR | 本年, 上年 or 年初预算
            measure     | VARCHAR | 元 for money; else the unit of the count (辆, 人次 …)
            amount      | DECIMAL(18,2) | the amount in yuan, or the count; empty only where exact has it
            resolution  | DECIMAL(18,2) | the step of the printed notation in yuan (100 for 万元 with two decimals)
            exact       | VARCHAR | the exact decimal where amount had to round it or cannot hold it; else empty
            entries     | INTEGER | ledger rows it was summed from
        """),
        *_PLACE,
    ),
    _BY_DOCUMENT,
)

KEYED = StoreTable(
    "facts_by_key",
    "The figures of current documents, by address: one line and column over all units",
    tuple(
        column
        for column in FACTS.columns
        if column.name not in {"number", "entries", *(place.name for place in _PLACE)}
    ),
    ("kind", "form", "row", "column", "period", "unit_code", "unit", "document"),
)

CLAIMS = StoreTable(
    "claims",
    "Every figure that a sentence of the narrative states",
    (
        *_OF,
        *_columns("""
            clause     | VARCHAR | the declared sentence
            name       | VARCHAR | the quantity of the sentence
            row        | VARCHAR | the line the sentence is about
            amount     | DECIMAL(24,6) | yuan, counts, or a ratio of one
            resolution | DECIMAL(24,6) | the step of the printed notation
            exact      | VARCHAR | the exact decimal where it does not fit amount; else empty
            start      | INTEGER | offset of the number in its paragraph
            stop       | INTEGER | offset of its end
            sentence   | VARCHAR | the sentence
        """),
        *_PLACE,
    ),
    _BY_DOCUMENT,
)

FINDINGS = StoreTable(
    "findings",
    "What the rules found in a document, or between two",
    (
        *_OF,
        *_columns("""
            other       | VARCHAR | the other document of a finding between two; else empty
            code        | VARCHAR | the rule
            severity    | VARCHAR | error, warning or notice
            message     | VARCHAR | the finding in a Chinese sentence
            stated      | VARCHAR | what is stated, in its printed unit
            expected    | VARCHAR | what was expected
            difference  | VARCHAR | the difference
            equation    | VARCHAR | the equation
            place       | VARCHAR | addresses or sentences: a place that outlives a new print
            places      | VARCHAR | JSON: every place (file, page and box, cell …) with its text
            operands    | VARCHAR | JSON: every operand of the equation with its place
            fingerprint | VARCHAR | the same for the same finding in every run
        """),
    ),
    ("unit_code", "unit", "kind", "document", "other", "number"),
)

PASSAGES = StoreTable(
    "passages",
    "Every paragraph of a document in reading order",
    (
        *_OF,
        *_columns("""
            heading | INTEGER | level of the heading, zero for running text
            text    | VARCHAR | the paragraph
        """),
        *_PLACE,
    ),
    _BY_DOCUMENT,
)

EVALUATIONS = StoreTable(
    "evaluations",
    "Every performance self-evaluation form (绩效自评表)",
    (
        *_OF,
        *_columns("""
            sheet_kind      | VARCHAR | 整体 or 项目
            title           | VARCHAR | what it is about
            scheme          | VARCHAR | the scheme it is scored by
            budget          | DECIMAL(18,2) | budget in yuan
            outlay          | DECIMAL(18,2) | expenditure in yuan
            execution_score | DECIMAL(18,2) | points for execution as stated
            score           | DECIMAL(18,2) | total as stated
        """),
        *_PLACE,
    ),
    _BY_DOCUMENT,
)

INDICATORS = StoreTable(
    "indicators",
    "Every indicator of the performance forms",
    (
        *_OF,
        *_columns("""
            evaluation | INTEGER | number of its form in evaluations
            title      | VARCHAR | what its form is about
            level1     | VARCHAR | 一级指标
            level2     | VARCHAR | 二级指标
            name       | VARCHAR | 三级指标
            weight     | DECIMAL(18,2) | points it weighs
            target     | VARCHAR | target as written
            actual     | VARCHAR | actual value as written
            score      | DECIMAL(18,2) | points stated
            reason     | VARCHAR | why it was missed or surpassed
        """),
        *_PLACE,
    ),
    _BY_DOCUMENT,
)

UNPLACED = StoreTable(
    "unplaced",
    "What the reader saw and could not place",
    (*_OF, *_columns("text | VARCHAR | what it says"), *_PLACE),
    _BY_DOCUMENT,
)

PAIRS = StoreTable(
    "pairs",
    "Two documents of a unit that were held against each other",
    _columns("""
        document | VARCHAR | the final account, or the budget
        other    | VARCHAR | the document it was held against
        engine   | VARCHAR | the version of the rules
        period   | VARCHAR | 上年 (last year's of its kind), 年初预算 (its budget) or 上年执行 (last year's account)
        decided  | INTEGER | figures and relations decided
        findings | INTEGER | rows in findings with this pair
    """),
    ("document", "other", "engine"),
    yearly=False,
)

STORED: tuple[StoreTable, ...] = (
    DOCUMENTS, FILES, FAILURES, ACCOUNTS, FACTS, CLAIMS, FINDINGS, PASSAGES, EVALUATIONS, INDICATORS, UNPLACED, PAIRS,
)  # fmt: skip
"""The tables that shards hold."""

TABLES: dict[str, StoreTable] = {table.name: table for table in (*STORED, KEYED)}
"""Every table that can be asked for, by name."""


def struct_of(columns: tuple[StoreColumn, ...]) -> str:
    """The columns as DuckDB's read_json wants them."""
    return "{" + ", ".join(f"'{column.name}': '{column.type}'" for column in columns) + "}"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return f'"{name}"'


def documentation() -> Iterator[str]:
    """The tables in Markdown, line by line."""
    for table in TABLES.values():
        yield f"### {table.name}"
        yield ""
        yield f"{table.meaning}."
        where = f"`{table.name}/year=…/`" if table.yearly else f"`{table.name}/`"
        yield f"Compacted into {where}, sorted by {', '.join(table.order)}."
        yield ""
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for column in table.columns:
            yield f"| {column.name} | {column.type} | {column.meaning} |"
        for column in table.derived:
            yield f"| {column.name} | {column.type} | {column.meaning} (follows from all documents) |"
        yield ""
