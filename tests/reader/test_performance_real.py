"""The three forms of a real account, as its Markdown has them: cells shifted, spans lost, one score cut off."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account, Figure
from juesuan.reader import Reading, read_document

REAL = Path(__file__).parents[2].parent / "shared" / "real"
OUT, BEN = "产出指标", "效益指标"
COUNT, QUALITY, TIME = "数量指标", "质量指标", "时效指标"
SOCIAL, CONTENT = "社会效益指标", "服务对象满意度指标"

# Read off the pages: level 1, level 2, beginning of the name, points, target, score. Actual values repeat the targets.
WHOLE = [
    (OUT, COUNT, "社保自助查询打印等", "10", "30万笔", "10.00"),
    (OUT, COUNT, "社保卡持卡人数", "10", "985万人", "10.00"),
    (OUT, QUALITY, "机房稳定运行时间", "5", "7*24小时", "5.00"),
    (OUT, QUALITY, "设备/系统验收合格率", "5", "95%以上", "5.00"),
    (OUT, TIME, "故障及时处理时效", "10", "2小时内", "10.00"),
    (BEN, SOCIAL, "加强“智慧人社”", "10", "有效加强", "10.00"),
    (BEN, SOCIAL, "继续推动“一卡通”", "10", "有效推动", "10.00"),
    (BEN, SOCIAL, "推动社保经办服务", "10", "有效推动", "10.00"),
    (BEN, CONTENT, "做好服务工作", "10", "90%", "10.00"),
]
BUILDING = [
    (OUT, COUNT, "查询打印社保业务数量", "10", "30万笔", "10.00"),
    (OUT, COUNT, "服务市民数", "10", ">1000万人", "10.00"),
    (OUT, QUALITY, "系统数据完整可靠程度", "10", "100%", "10.00"),
    (OUT, TIME, "为社保经办机构提供", "10", "24小时不间断", "10.00"),
    (BEN, SOCIAL, "继续推动“一卡通”", "15", "有效推动", "15.00"),
    (BEN, SOCIAL, "加强“智慧人社”", "15", "有效加强", "15.00"),
    (BEN, SOCIAL, "推动社保经办服务", "10", "有效推动", "10.00"),
]
RUNNING = [
    (OUT, COUNT, "月均发送短信量", "10", "11万条", "10.00"),
    (OUT, COUNT, "持社保卡人数", "10", "985万人", "10.00"),
    (OUT, QUALITY, "全年正常运行时间占比", "10", "99%", "10.00"),
    # The Markdown prints 效益指标 one line too early; 40 points for each block prove where this one belongs.
    (OUT, TIME, "机房故障处理时效", "10", "2小时内", "10.00"),
    # The score 15.00 is cut off in the file.
    (BEN, SOCIAL, "加强“智慧人社”", "15", "有效加强", None),
    (BEN, SOCIAL, "推动“互联网+人社”", "15", "有效推动", "15.00"),
    (BEN, CONTENT, "做好服务工作", "10", "90%", "10.00"),
]


@pytest.fixture(scope="module")
def reading() -> Reading:
    if not REAL.is_dir():
        pytest.skip("the real documents (../shared/real) are not here")
    return read_document(REAL / "wuhan-hrss-info-center-2022.md")


@pytest.fixture(scope="module")
def account(reading: Reading) -> Account:
    return reading.account


@pytest.mark.parametrize(("number", "expected"), [(0, WHOLE), (1, BUILDING), (2, RUNNING)])
def test_every_indicator_has_its_levels_and_values(
    account: Account, number: int, expected: list[tuple[str, str, str, str, str, str | None]]
) -> None:
    lines = account.sheets[number].indicators
    assert len(lines) == len(expected)
    for line, (level1, level2, name, weight, value, score) in zip(lines, expected, strict=True):
        assert (line.level1, line.level2) == (level1, level2), line.name
        assert line.name.startswith(name)
        assert "分" not in line.name[-3:]
        assert (line.weight, line.target, line.actual) == (Decimal(weight), value, value)
        assert line.score == (None if score is None else Decimal(score))
        assert line.source is not None
        assert line.source.line


def test_totals_rates_and_money(account: Account) -> None:
    step = Decimal(100)
    found = [
        (s.budget, s.outlay, s.stated_rate, s.execution_points, s.execution_score, s.score) for s in account.sheets
    ]
    rates = [Figure(Decimal(rate), Decimal("0.0001")) for rate in ("0.5508", "0.3599", "0.8912")]
    money = [("32270200", "17775000"), ("21784800", "7840500"), ("2105400", "1876400")]
    scores = [("11.02", "91.02"), ("7.20", "87.20"), ("17.82", "97.82")]
    for got, (budget, outlay), rate, (execution, whole) in zip(found, money, rates, scores, strict=True):
        amounts = (Figure(Decimal(budget), step), Figure(Decimal(outlay), step))
        assert got == (*amounts, rate, Decimal(20), Decimal(execution), Decimal(whole))
    assert account.sheets[0].basic == Figure(Decimal(8058100), step)
    assert account.sheets[0].project == Figure(Decimal(9716900), step)


def test_heads_and_texts(account: Account) -> None:
    whole, building, running = account.sheets
    assert [s.kind for s in account.sheets] == ["整体", "项目", "项目"]
    assert {s.scheme for s in account.sheets} == {"wuhan"}
    assert {s.date for s in account.sheets} == {"2023-05-20"}
    assert {s.unit for s in account.sheets} == {"武汉市人力资源和社会保障信息中心"}
    assert building.title == "2022年度人社信息化建设项目"
    assert running.heading == "2022年度日常系统运行经费项目自评表"
    assert building.supervisor == "武汉市人力资源和社会保障局"
    assert building.implementer == "武汉市人力资源和社会保障信息中心"
    kinds = ("部门预算项目", "持续性项目", "常年性项目")
    assert running.attributes == tuple(zip(("项目类别", "项目属性", "项目类型"), kinds, strict=True))
    assert len(whole.goals) == 3
    assert whole.goals[2] == "保障全市社会保障卡的发行和日常管理"
    assert whole.deviation.startswith("“预算执行率”指标存在偏差的原因")
    # The converter put the remarks of the form into the cell of the improvements.
    assert whole.improvement.endswith("使财政资金使用更加高效。")
    assert whole.notes[0].startswith("备注：1.预算执行情况口径")
    assert len(building.notes) == len(running.notes) == 4
    assert running.notes[3] == "4.基于经济性和必要性等因素考虑，满意度指标暂可不作为必评指标。"


def test_printed_points_of_blocks(account: Account) -> None:
    points = {(a.level1, a.level2): a.points for a in account.sheets[2].allotments}
    expected = {
        (OUT, ""): 40, (OUT, COUNT): 20, (OUT, QUALITY): 10, (OUT, TIME): 10,
        (BEN, ""): 40, (BEN, SOCIAL): 30, (BEN, CONTENT): 10,
    }
    assert points == {key: Decimal(value) for key, value in expected.items()}


def test_what_was_put_right_is_said(reading: Reading) -> None:
    (note,) = [note.message for note in reading.notes if "时效指标" in note.message]
    assert "产出指标" in note
    assert "第683行" in note


def test_key_work_in_pieces(account: Account) -> None:
    matters = [work.matter for work in account.key_work]
    assert matters == ["社会保障卡发行", "省集中系统上线", "加快推进政务便民业务", "全局信息安全建设完善"]
    assert account.key_work[0].goal.startswith("1、有效持卡人数1110万")
    assert "1110.71万" in account.key_work[0].outcome
    # Two cells of this line go on behind a line break in the file.
    assert account.key_work[2].outcome.endswith("得到进一步提高。")
    assert account.key_work[3].source is not None


def test_nothing_of_the_forms_is_left_over(account: Account) -> None:
    assert not [item.text for item in account.unplaced if "自评" in item.text or "完成情况" in item.text]
