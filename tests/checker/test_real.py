"""Real documents: their real contradictions, and not one alarm on what is sound. Expectations read off the pages."""

from __future__ import annotations

from pathlib import Path

from juesuan.checker import Report, check
from juesuan.reader import read_document


def _report(path: Path) -> Report:
    reading = read_document(path)
    report = check(reading.account, statute=reading.statute, file=path.name, notes=reading.notes)
    assert isinstance(report, Report)
    return report


def _errors(report: Report) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.severity == "error":
            found.setdefault(finding.code, []).append(finding.message)
    return found


def test_wuhan_one_wrong_cell_is_one_finding(real: Path) -> None:
    report = _report(real / "wuhan-hrss-info-center-2022.md")
    (finding,) = [f for f in report.findings if f.code == "T901"]
    # 表9: 3.7 | | 3.7 | | 3 | 0.7: column 3 should be 3, which mends 1栏 = (2+3+6)栏 and 3栏 = (4+5)栏 at once.
    assert (finding.stated, finding.expected) == ("3.70万元", "3.00万元")
    assert finding.because == ("T901", "T902")
    assert finding.places[0].line == 355


def test_wuhan_contradictions_of_the_narrative(real: Path) -> None:
    errors = _errors(_report(real / "wuhan-hrss-info-center-2022.md"))
    # Ten items' budgets make 3,217.18, the stated total is 3,227.02.
    assert "相差9.84万元" in errors["N59"][0]
    # 1.16 of 3 is 38.67 %, not 31.3 %.
    assert "31.3%" in errors["N921"][0]
    assert "38.67%" in errors["N921"][0]
    # Table 9 has a budget of 0.7 for hosting; the text says there is none.
    assert "公务接待费无预算安排" in errors["N941"][0]
    # Table 6 has 职业年金缴费 6.67 and nothing for 其他工资福利支出; the text lists it the other way round.
    assert "多列了其他工资福利支出；漏列了职业年金缴费" in errors["N60"][0]
    # 决算数较上年增加(减少)的主要原因: the choice of the template is left.
    assert "增加（减少）" in errors["W102"][0]
    # 整体支出绩效自评，资金971.7万元: that is the projects' part of 1,777.50.
    assert "971.7" in errors["E143"][0]
    assert set(errors) == {"T901", "N59", "N60", "N921", "N941", "W102", "E143"}


def test_wuhan_what_is_to_be_explained(real: Path) -> None:
    report = _report(real / "wuhan-hrss-info-center-2022.md")
    warnings = {finding.code: finding.message for finding in report.findings if finding.severity == "warning"}
    # 结转至下年执行, and nothing is carried over at the end of the year.
    carried = [finding.message for finding in report.findings if finding.code == "N69"]
    assert any("结转至" in message for message in carried)
    # 事业运行 585.19 to 580.20, 事业单位医疗, 其他医疗 and 住房公积金 differ from their budgets without a reason.
    for name in ("事业运行", "事业单位医疗", "其他行政事业单位医疗支出", "住房公积金"):
        assert name in warnings["N61"]
    assert "信息化建设" not in warnings["N61"]
    # 目录: 十、机关运行经费支出说明; body: 十、机关运行经费支出情况. And two more like it.
    assert len([finding for finding in report.findings if finding.code == "F106"]) == 3


def test_wuhan_torn_numbers_are_joined_and_said(real: Path) -> None:
    report = _report(real / "wuhan-hrss-info-center-2022.md")
    assert [note for note in report.notes if note.code == "Q202" and "1,597.5 1" in note.message]
    assert report.relations.decided >= 190


def test_putuo_is_sound_but_for_slips_in_the_narrative(real: Path) -> None:
    report = _report(real / "shanghai-putuo-finance-2024.pdf")
    errors = _errors(report)
    # “财政拨款收入支出总计0.3万元” against 2,961.68 in the table; 2,106.66 of 2,940.05 is 71.65 %, not 71.73 %.
    # Table 6 has 0.31 at 奖励金 and nothing at 个人农业生产补贴; the text lists it the other way round.
    assert set(errors) == {"N401", "N512", "N60"}
    assert "2,961.68万元" in errors["N401"][0]
    assert "71.65%" in errors["N512"][0]
    assert report.relations.failed == 0
    assert report.unit == "上海市普陀区财政局"


def test_damaged_copy_every_planted_error(real: Path) -> None:
    report = _report(real / "shanghai-putuo-finance-2024-damaged.pdf")
    errors = _errors(report)
    # A table taken out, one emptied, a part's title with the template's XX and with last year.
    assert any("支出决算表" in message for message in errors["F101"])
    assert any("“三公”经费支出决算表" in message for message in errors["F103"])
    assert [message for message in errors["W101"] if "上海市普陀区XX局" in message]
    assert sorted(message[:12] for message in errors["W103"]) == ["“截至2023年12月3", "“第三部分上海市普陀区财"]
    # 总计0万元.
    assert "2,995.39万元" in errors["N101"][0]
    # The emptied table is one finding: the sentences on it are not blamed for what it no longer shows.
    assert not [code for code in errors if code.startswith("N9")]
    # Directions turned round: 1,560.05 to 1,511.89 and 80.81 to 80.38 as 大于, 62.29 to 60.99 as 等于.
    assert len(errors["N533"]) == 3
    # A full stop doubled.
    assert [finding.message for finding in report.findings if finding.code == "W105"]


def test_a_budget_has_its_own_slips_and_no_other(real: Path) -> None:
    report = _report(real / "shanghai-putuo-finance-budget-2025.pdf")
    found = [(f.code, f.severity, f.stated, f.expected) for f in report.findings]
    assert found == [
        # The empty table of the state capital budget says that there is no government fund.
        ("F110", "error", "政府性基金", "国有资本经营"),
        # Item 7 of the text: 887.36万元, the table has 873,617.00元.
        ("M301", "error", "887.36万元", "87.36万元"),
        ("N64", "warning", "其它行政事业单位养老支出", "其他行政事业单位养老支出"),
        # 877,080.00, 782,164.00, 2,049,197.00 and 2,687,760.00 yuan, cut off instead of rounded.
        ("M301", "notice", "87.70万元", "87.71万元"),
        ("M301", "notice", "78.21万元", "78.22万元"),
        ("M301", "notice", "204.91万元", "204.92万元"),
        ("M301", "notice", "268.77万元", "268.78万元"),
    ]
    assert [f.places[0].page for f in report.findings] == [18, 7, 7, 7, 8, 8, 8]
    assert report.unplaced == ()
    assert report.relations.failed == 0 and report.relations.decided > 200


def test_template_is_recognised_as_one(real: Path) -> None:
    report = _report(real / "shanghai-template-2024.pdf")
    assert [finding.code for finding in report.findings] == ["F001"]
