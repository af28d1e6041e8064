"""References: a basis names documents with number, date and article, and says where an entry is from knowledge."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from juesuan.statute import ROOT, Statute, StatuteError, load_statute


@pytest.fixture(scope="module")
def statute() -> Statute:
    return load_statute("national")


def test_a_basis_names_documents_and_articles(statute: Statute) -> None:
    form, law = statute.references("部门决算公开表式 公开01表（财决01表）；预算法第四十六条、第七十五条")
    assert (form.document.title, form.article) == ("部门决算公开表式", "公开01表（财决01表）")
    assert (law.document.title, law.article) == ("中华人民共和国预算法", "第四十六条、第七十五条")
    assert str(law).endswith("第四十六条、第七十五条，凭知识写入，未与原文核对")


def test_the_longer_name_and_the_number_are_the_same_document(statute: Statute) -> None:
    [rules] = statute.references("预算法实施条例第六条")
    assert (rules.document.number, rules.document.date) == ("国务院令第729号", "2020-08-03")
    [guide] = statute.references("财预〔2016〕143号 地方预决算公开操作规程")
    assert (guide.document.date, guide.article) == ("2016-10-27", "")
    [codes] = statute.references("财预〔2025〕41号")
    assert "凭知识" not in str(codes)


def test_every_form_relation_and_scheme_comes_from_a_document(statute: Statute) -> None:
    declared = [*statute.forms.values(), *statute.relations.values(), *statute.schemes.values()]
    assert [each for each in declared if not statute.references(each.basis)] == []
    own = statute.forms["表1"].rows["28"].reference
    assert statute.references(own)[0].document.number == "财会〔2017〕25号"


def test_a_basis_without_a_document_is_a_mistake(tmp_path: Path) -> None:
    root = tmp_path / "statute"
    shutil.copytree(ROOT, root)
    path = root / "relations" / "inside.yaml"
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("  basis: 部门决算公开表式 公开01表\n")].count("\n") + 1
    path.write_text(text.replace("  basis: 部门决算公开表式 公开01表\n", "  basis: 众所周知\n", 1), encoding="utf-8")
    with pytest.raises(StatuteError) as caught:
        load_statute("national", None, root)
    [mistake] = caught.value.mistakes
    assert mistake.place is not None
    assert (mistake.place.file, mistake.place.line) == ("relations/inside.yaml", line)
    assert "众所周知" in mistake.message and "documents.yaml" in mistake.message
