"""A profile learnt of a published document: titles, order, sentences; and only what holds for another unit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from revised import planted, texts

import juesuan
from juesuan.account import Account
from juesuan.cli.main import main
from juesuan.compiler import assemble
from juesuan.inspection import compile_sources
from juesuan.revision import Learnt, NotTeachableError, learn_profile
from juesuan.statute import load_statute
from juesuan.statute.language import compact
from juesuan.statute.loader import own_profile
from juesuan.synthetic.unit import UnitMaker, UnitPlan

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "wuhan-2022" / "whole"
REAL = ROOT.parent / "shared" / "real"
PLAN = UnitPlan("100001", "某市服务中心合成数据", 2, 26, False, "某市某局合成数据", False)


def learnt(path: Path, folder: Path, key: str, base: str | None = "national") -> tuple[Learnt, str]:
    """What a document teaches, and the key of the profile as a user's file."""
    result = learn_profile(path, key, base)
    file = folder / f"{key}.yaml"
    file.write_text(result.text, encoding="utf-8")
    return result, own_profile(file)


def written(account: Account) -> list[str]:
    return [compact(p.text) for section in account.narrative for p in section.paragraphs]


def other_unit(profile: str, seed: int) -> Account:
    """A generated unit's account of 2024 under a profile, with that of the year before it."""
    nothing = Decimal(0)
    maker = UnitMaker(PLAN, seed)
    first = maker.year(load_statute(profile, 2023), None, nothing, nothing)
    statute = load_statute(profile, 2024)
    return assemble(maker.year(statute, first, nothing, nothing).gathered, statute).account


def test_the_example_under_what_it_taught_is_the_example(
    account: Account, published: dict[str, Path], tmp_path: Path
) -> None:
    """Learnt on the national base, the Wuhan document comes again: titles, order, numbering, style, sentences."""
    _, key = learnt(published["docx"], tmp_path, "武汉学")
    again = compile_sources(EXAMPLE, key)
    made = juesuan.publish(again.account, tmp_path / "again", ["docx"])[0]
    was, now = ([compact(text) for text in texts(path)] for path in (published["docx"], made))
    assert not again.missing
    assert now == was


@pytest.fixture(scope="module")
def reworded(published: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Learnt, str]:
    """The example as another place would word it."""
    folder = tmp_path_factory.mktemp("reworded")
    path = planted(
        published["docx"],
        folder / "外地.docx",
        ("2022年度收、支总计", "2022年度收、支总计1,777.5万元。", "本年收入和支出总计均为1,777.5万元，"),
        ("与2021年度相比，收、支总计各减少", "收、支总计各减少325.92万元，下降", "减少325.92万元，降低"),
        ("2022年度一般公共预算财政拨款基本支出805.81万元，", "，其中：", "，2022年末在职48人。"),
        (
            "本单位当年无政府性基金预算财政拨款收入支出。",
            "当年无政府性基金预算财政拨款收入支出",
            "没有政府性基金预算财政拨款收支",
        ),
    )
    return learnt(path, folder, "外地学")


def test_a_sentence_of_the_place_is_written_of_another_unit(reworded: tuple[Learnt, str]) -> None:
    result, key = reworded
    assert len(result.sentences) >= 4
    said = written(other_unit(key, 1))
    assert said[0].startswith("本年收入和支出总计均为")
    assert "万元，与2023年度相比，" in said[0]
    assert "本单位没有政府性基金预算财政拨款收支。" in said


def test_words_for_the_other_direction_are_turned(reworded: tuple[Learnt, str]) -> None:
    _, key = reworded
    statute = load_statute(key, 2024)
    cases = next(clause.cases for _, clause in statute.clauses() if clause.key == "N102")
    by_condition = {case.when: case.text for case in cases}
    assert "减少{变动}万元，降低{幅度}%" in by_condition["变动 < 0"]
    assert "增加{变动}万元，提高{幅度}%" in by_condition["变动 > 0"]
    # The sentence before ends in a comma now, so that these go on from it.
    assert all(text.startswith("，") for text in by_condition.values())


def test_a_number_nobody_knows_is_not_written_into_every_document(reworded: tuple[Learnt, str]) -> None:
    result, key = reworded
    assert any("48" in each.text and "48" in each.why for each in result.left)
    assert not any("48人" in text for text in written(other_unit(key, 1)))


def test_a_document_of_another_place_teaches_its_titles_and_order(tmp_path: Path) -> None:
    source = REAL / "shanghai-putuo-finance-2024.pdf"
    if not source.is_file():
        pytest.skip("the real documents lie beside the repository")
    _, key = learnt(source, tmp_path, "普陀学")
    statute = load_statute(key, 2023)
    assert statute.profile.order == ("表1", "表2", "表3", "表4", "表5", "表6", "表9", "表7", "表8")
    assert statute.forms["表8"].title == "国有资本经营预算财政拨款收入支出决算表"
    assert [part.title for part in statute.profile.parts][:4] == [
        "{单位}概况",
        "{单位}{年度}年度部门决算表",
        "{单位}{年度}年度部门决算情况说明",
        "名词解释",
    ]
    said = written(other_unit(key, 1))
    assert said[0].startswith("某市服务中心合成数据2024年度收入支出总计")
    assert said[1].startswith("本年收入合计") and "占本年收入" not in said[1]
    assert not any("普陀" in text for text in said)
    # What its sentences say of nothing but this year is not learnt.
    assert not any("财政拨款收入支出总计持平。与" in text for text in said)


def test_the_command_tells_what_was_not_learnt_and_writes_a_profile(published: dict[str, Path], tmp_path: Path) -> None:
    run = CliRunner()
    target = tmp_path / "武汉命令.yaml"
    result = run.invoke(main, ["profile", "learn", str(published["docx"]), "-o", str(target), "--base", "national"])
    assert result.exit_code == 0, result.output
    assert "底本：national" in result.output and "没有学到、仍用底本的" in result.output
    out = tmp_path / "输出"
    made = run.invoke(main, ["compile", str(EXAMPLE), "--profile", str(target), "-o", str(out), "--formats", "json"])
    assert made.exit_code == 0, made.output
    assert run.invoke(main, ["profile", "learn", str(target), "-o", str(target)]).exit_code == 2
    missing = run.invoke(main, ["compile", str(EXAMPLE), "--profile", str(tmp_path / "没有.yaml"), "-o", str(out)])
    assert "找不到口径文件" in missing.output


def test_a_document_without_tables_teaches_nothing(tmp_path: Path) -> None:
    page = tmp_path / "空.html"
    page.write_text("<p>某单位2023年度部门决算</p>", encoding="utf-8")
    with pytest.raises(NotTeachableError):
        learn_profile(page, "空")


def test_a_file_with_a_key_that_is_taken_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "本地.yaml"
    file.write_text("base: national\nkey: sichuan\ntitle: 本地\n", encoding="utf-8")
    with pytest.raises(juesuan.statute.StatuteError, match="自带的口径"):
        own_profile(file)


@pytest.mark.skipif(not REAL.exists(), reason="the real documents are not here")
def test_what_is_wrong_in_the_words_of_a_document_is_not_taught(tmp_path: Path) -> None:
    """Its title “XX局2024年度部门决算表”, “2023年度…情况说明” and “截至2023年12月31日” are planted mistakes."""
    result = learn_profile(REAL / "shanghai-putuo-finance-2024-damaged.pdf", "有错")
    assert "XX" not in result.text and "截至{上年}年" not in result.text
    assert "{上年}年度部门决算情况说明" not in result.text
    why = [each.why for each in result.left]
    assert any("W101" in each for each in why) and any("W103" in each for each in why)
    sound = learn_profile(REAL / "shanghai-putuo-finance-2024.pdf", "无错")
    assert [each for each in sound.left if "原文有错" in each.why] == []


def test_nothing_is_said_to_be_worded_otherwise_that_is_worded_the_same(tmp_path: Path) -> None:
    for name in ("shanghai-putuo-wanli-budget-2024.pdf", "shanghai-putuo-finance-budget-2025.pdf"):
        if not (REAL / name).exists():
            pytest.skip("the real documents are not here")
        for line in learn_profile(REAL / name, "写法").told:
            if line.startswith("标题："):
                one, other = line.removeprefix("标题：").split("写作")
                assert one != other, line
