"""What we write as DOCX keeps the rules of Word and WPS, which cannot be run here; the rules find what breaks them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from revised import planted
from word_rules import broken_rules

from juesuan.compiler import assemble, collect, find_sources
from juesuan.publisher import publish
from juesuan.revision import correct

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


def with_main(path: Path, target: Path, pattern: str, replacement: str) -> Path:
    """The document with the first match of a pattern in its main part replaced."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                data, times = re.subn(pattern, replacement, data, count=1)
                assert times == 1, pattern
            new.writestr(name, data.encode("utf-8", "surrogateescape"))
    return target


@pytest.fixture(scope="module")
def fixed(published: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with a wrong figure, corrected as a tracked change with a comment."""
    folder = tmp_path_factory.mktemp("fixed")
    damaged = planted(published["docx"], folder / "损坏.docx", ("合计", "1,777.5", "1,787.50"))
    assert correct(damaged, folder / "更正.docx").fixed
    return folder / "更正.docx"


@pytest.mark.parametrize(
    ("pattern", "replacement", "told"),
    [
        (r"(<w:tcW [^>]*/>)(<w:gridSpan [^>]*/>)", r"\2\1", "order within w:tcPr"),
        (r"(<w:alias [^>]*/>)(<w:tag [^>]*/>)", r"\2\1", "order within w:sdtPr"),
        (r"(<w:del [^>]*>)(.*?</w:del>)", r"\1\1\2</w:del>", "w:del within another change"),
        (r"<w:commentRangeStart [^>]*/>", "", "commentRangeStart without its end"),
        (r"<w:gridCol [^>]*/>", "", "a row of"),
        (r'<w:vMerge w:val="restart"/>', "", "a merged cell goes on that begins nowhere"),
        (r"<w:tc>(<w:tcPr>(?:(?!</w:tcPr>).)*</w:tcPr>)<w:p[ >](?:(?!</w:p>).)*</w:p></w:tc>", r"<w:tc>\1</w:tc>",
         "a cell does not end with a paragraph"),
        (r"</w:tbl>(?:(?!<w:tbl>).)*<w:tbl>", "</w:tbl><w:tbl>", "two tables without a paragraph"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_found(
    fixed: Path, tmp_path: Path, pattern: str, replacement: str, told: str
) -> None:
    assert broken_rules(fixed) == []
    broken = broken_rules(with_main(fixed, tmp_path / "坏.docx", pattern, replacement))
    assert any(told in each for each in broken), broken


def test_published_documents_of_accounts_and_budgets(published: dict[str, Path], tmp_path: Path) -> None:
    assert broken_rules(published["docx"]) == []
    made = collect(find_sources([EXAMPLE / "budget"]))
    account = assemble(made.gathered, made.statute).account
    (path,) = publish(account, tmp_path, ["docx"], statute=made.statute)
    assert broken_rules(path) == []
