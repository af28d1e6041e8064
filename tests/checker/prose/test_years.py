"""Texts that tell of several years: each amount is held against that of the year that the words name."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.prose.made import found

SOUND = {
    "a whole compared with last year and with a year before": (
        "某局2023年度“三公”经费决算8.00万元，比上年增加2.00万元，比2019年减少4.00万元，降低33.33%。其中："
        "公务接待费3.00万元，比上年增加1.00万元；公务用车运行维护费5.00万元，比上年增加1.00万元。"
    ),
    "last year's budget and last year's outlay": (
        "某镇2023年“三公”经费决算数35.50万元，比上年预算数下降35.45%，比上年决算数下降34.26%；其中公务接待费15.50万元，"
        "比上年预算数下降18.42%，比上年决算数下降16.22%；公务用车运行维护费20.00万元，比上年预算数下降44.44%，"
        "比上年决算数下降43.66%。"
    ),
    "three years, each compared with the one before": (
        "2023年某县“三公”经费预算36.00万元。\n2020年“三公”经费支出49.00万元，其中：公务接待费19.00万元，公务用车运行维护费"
        "30.00万元。\n2021年“三公”经费支出42.00万元，较2020年减少7.00万元，下降14.29%，其中：公务接待费12.00万元，"
        "公务用车运行维护费30.00万元。\n2022年“三公”经费支出35.00万元，较2021年减少7.00万元，下降16.67%，其中：公务接待费"
        "10.00万元，公务用车运行维护费25.00万元。\n2023年“三公”经费预算较2022年决算增加1.00万元，增长2.86%，其中：公务接待费"
        "较上年决算增加1.00万元，增长10.00%。与2022年预算40.00万元相比，减少4.00万元，下降10.00%。"
    ),
    "what was spent this year and next year's budget": (
        "某局2023年“三公”经费决算和2024年预算情况\n2023年因公出国（境）费支出0万元，公务接待费支出12.00万元，公务用车运行维护费支出30.00万元。\n"
        "2024年公务接待费预算10.00万元，比上年预算减少5.00万元，下降33.33%；公务用车运行维护费预算31.00万元，"
        "比上年预算减少1.00万元，下降3.13%。"
    ),
    "last year's budget, and what was spent of it": (
        "2023年某会“三公”经费预算3.08万元，比2022年预算数减少0.32万元，下降9.41%；比2022年预算执行数2.93万元增加0.15万元，"
        "增长5.12%。其中：因公出国（境）费0万元，公务接待费0.48万元，公务用车购置及运行费2.60万元。"
    ),
    "two years one after another": (
        "2022年某局“三公”经费预算中，因公出国（境）费0万元，公务接待费3.00万元，公务用车运行维护费5.00万元。"
        "2023年某局“三公”经费预算中，因公出国（境）费0万元，公务接待费2.00万元，公务用车运行维护费5.00万元（零增长）。"
    ),
    "a final account compared with the budget of its own year": (
        "2023年度某局“三公”经费支出决算说明\n1.因公出国（境）费支出0万元，与2023年度预算相比持平。"
    ),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_not_blamed(text: str, tmp_path: Path) -> None:
    assert found(text, tmp_path) == set()


FAULTY = {
    "last year in one paragraph of several": (
        "某局2023年部门预算公开说明\n1、机关运行经费：2023年本部门机关运行经费预算20.00万元。\n"
        "2、“三公”经费：2023年“三公”经费预算5.00万元。\n3、政府采购：2022年本部门政府采购预算总额52.00万元。", "W117",
    ),
    "last year's text under this year's title": (
        "某局2023年“三公”经费预算情况说明\n2022年某局“三公”经费支出合计13.00万元，比上年减少2.00万元。", "W103",
    ),
    "last year's budgets that do not add up, by their rates": (
        "某镇2023年“三公”经费决算数35.50万元，比上年预算数下降35.45%，比上年决算数下降34.26%；其中公务接待费15.50万元，"
        "比上年预算数下降28.42%，比上年决算数下降16.22%；公务用车运行维护费20.00万元，比上年预算数下降44.44%，"
        "比上年决算数下降43.66%。", "Z113",
    ),
    "last year's amounts that do not add up, by changes and rates": (
        "2023年某局“三公”经费预算1225.48万元，比2022年预算减少358万元，下降22.6%。其中：因公出国（境）费同比增加53万元，"
        "增长50%；公务接待费同比减少897万元，下降80%；公务用车运行维护费同比减少462万元，下降60%；"
        "公务用车购置费同比增加948.5万元，增长90%。", "Z113",
    ),
    "the total of a year and that of the year before, and another change": (
        "某区2023年“三公”经费决算数合计为100.00万元，分别是公务接待费40.00万元、公务用车运行维护费60.00万元。"
        "2022年的经费决算数合计为80.00万元，分别是公务接待费30.00万元、公务用车运行维护费50.00万元。\n"
        "2023年“三公”经费决算数比上年增加27.00万元。", "Z113",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), FAULTY.values(), ids=FAULTY.keys())
def test_what_is_wrong_is_found(text: str, code: str, tmp_path: Path) -> None:
    assert code in found(text, tmp_path)
