"""The lexicon: words expanded from their notation, the longest found, money and counts told by the unit."""

from __future__ import annotations

from decimal import Decimal

from juesuan.statute import load_lexicon
from juesuan.statute.language.lexicon import expanded


def test_a_notation_stands_for_every_choice():
    assert expanded("公车[购置|运行]费?") == ["公车购置费", "公车购置", "公车运行费", "公车运行"]
    assert expanded("上[一]?年") == ["上一年", "上年"]


def test_the_longest_word_is_found_at_each_place():
    text = "公务用车购置及运行维护费较上年下降"
    found = [(text[start:end], word.category) for start, end, word in load_lexicon().find(text)]
    assert found == [
        ("公务用车购置及运行维护费", "subject"), ("较", "compare"), ("上年", "period"), ("下降", "direction"),
    ]  # fmt: skip


def test_names_of_the_classification_are_words():
    lexicon = load_lexicon()
    assert lexicon.exact("行政运行") is not None
    other = lexicon.exact("其它行政事业单位养老支出")
    assert other is not None and other.key == "其他行政事业单位养老支出"


def test_the_unit_tells_money_from_counts_of_one_matter():
    lexicon = load_lexicon()
    assert lexicon.counted("公务接待费", "批次") == "公务接待批次"
    assert lexicon.counted("国内公务接待批次", "万元") == "国内公务接待费"
    assert lexicon.counted("会议费", "个") == "会议费"


def test_units_scale_to_base_units():
    lexicon = load_lexicon()
    assert [lexicon.scale(unit) for unit in ("万元", "%", "辆", "万人")] == [
        Decimal(10000), Decimal("0.01"), Decimal(1), Decimal(10000),
    ]  # fmt: skip
    assert lexicon.unit_at("500余台", 4) == "台"


def test_parts_are_known_to_be_of_their_wholes():
    lexicon = load_lexicon()
    assert lexicon.part_of("公务用车购置费", "三公经费合计")
    assert not lexicon.part_of("三公经费合计", "公务用车购置费")


def test_every_whole_and_family_names_a_subject():
    lexicon = load_lexicon()
    wholes = {subject.whole for subject in lexicon.subjects.values() if subject.whole}
    members = {name for family in lexicon.families.values() for name in (*family.of, *family.units.values())}
    assert wholes | members <= set(lexicon.subjects)
