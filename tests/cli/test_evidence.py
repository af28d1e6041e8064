"""Evidence from the command line: run, compiled into the disclosure, verified, and found to have drifted."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from juesuan.account import Account, Indicator, from_json
from juesuan.cli import main
from juesuan.compiler import compile_sources
from juesuan.reader import read_document

BUILD = Path(__file__).resolve().parents[2] / "examples" / "wuhan-2022" / "evidenced" / "build.py"
COUNTED = 15
"""Indicators of the three forms that can be counted."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example at a thousandth of its size, made anew."""
    described = importlib.util.spec_from_file_location("evidenced_build", BUILD)
    assert described is not None and described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("evidenced")
    module.build(folder, 0.001)
    assert CliRunner().invoke(main, ["evidence", "run", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def example(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "unit"))


def verify(folder: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["evidence", "verify", str(folder), *more])
    return result.exit_code, result.output


def proved(account: Account) -> dict[str, Indicator]:
    return {f"{sheet.title} {i.name}": i for sheet in account.sheets for i in sheet.indicators if i.proof}


def test_the_record_holds_and_one_row_breaks_it(example: Path) -> None:
    code, output = verify(example)
    assert code == 0 and f"{COUNTED} 个佐证，一致 {COUNTED} 个" in output
    survey = example / "data" / "survey.csv"
    lines = survey.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.endswith(",一般"))
    lines[number] = lines[number].replace(",一般", ",满意")
    survey.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, output = verify(example)
    assert code == 1
    assert output.count("[数值已变]") == 2 and "服务对象满意度" in output and "行数未变" in output


def test_other_data_with_the_same_value_is_drift_too(example: Path) -> None:
    tickets = example / "data" / "acceptances.csv"
    tickets.write_text(tickets.read_text(encoding="utf-8").replace("设备", "仪器"), encoding="utf-8")
    code, output = verify(example)
    assert code == 1 and "[数据已变]" in output and "数值仍为 62/63" in output


def test_missing_data_cannot_be_computed_again(example: Path) -> None:
    (example / "data" / "cards.parquet").unlink()
    code, output = verify(example)
    assert code == 1 and output.count("[不能重算]") == 3 and "找不到数据集“cards”" in output


def test_a_good_record_is_not_lost_when_data_are_missing(example: Path) -> None:
    record = next(example.glob("*.json")).read_bytes()
    (example / "data" / "survey.csv").unlink()
    result = CliRunner().invoke(main, ["evidence", "run", str(example)])
    assert result.exit_code == 1
    assert "原有的记录没有改动" in result.output
    assert next(example.glob("*.json")).read_bytes() == record
    assert CliRunner().invoke(main, ["evidence", "run", str(example), "--force"]).exit_code == 1
    assert next(example.glob("*.json")).read_bytes() != record


def test_what_cannot_be_read_at_all(example: Path, tmp_path: Path) -> None:
    assert verify(tmp_path / "nowhere")[0] == 2
    (example / "evidence.json").write_text("{}", encoding="utf-8")
    assert verify(example)[0] == 2
    (example / "evidence.json").unlink()
    code, output = verify(example)
    assert code == 2 and "juesuan evidence run" in output


def test_a_record_from_elsewhere_reads_nothing_outside(example: Path, tmp_path: Path) -> None:
    (tmp_path / "survey.csv").write_bytes((example / "data" / "survey.csv").read_bytes())
    record = example / "evidence.json"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("data/survey.csv", "../survey.csv"), encoding="utf-8")
    code, output = verify(example)
    assert code == 1 and "文件夹以外" in output
    record.write_text(
        text.replace('"kind": "CSV"', '"kind": "PostgreSQL"').replace("data/survey.csv", "postgresql://host/db"),
        encoding="utf-8",
    )
    code, output = verify(example)
    assert code == 1 and "没有连接" in output


def test_a_form_that_was_changed_after_the_evidence(example: Path) -> None:
    record = example / "evidence.json"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('"actual": "98.41%"', '"actual": "100%"'), encoding="utf-8")
    code, output = verify(example)
    assert code == 1 and "[表与佐证不符]" in output and "表中实际完成值为“100%”，佐证为“98.41%”" in output


def test_the_disclosure_shows_the_values_and_their_evidence(example: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["compile", str(example), "-o", str(out), "--summary"])
    assert result.exit_code == 0, result.output
    assert f"有佐证的实际完成值 {COUNTED} 个" in result.output
    name = "2022年度武汉市人力资源和社会保障信息中心决算公开"
    account = from_json((out / f"{name}.json").read_bytes())
    found = proved(account)
    assert len(found) == COUNTED
    # 11,107,100 × 0.001, and 305,213 × 0.001.
    assert found["人社系统信息化建设项目 服务市民数"].actual == "1.11万人"
    assert found["人社系统信息化建设项目 查询打印社保业务数量"].actual == "305笔"
    # 63 things were inspected for the first time, one of them did not pass.
    assert found["武汉市人力资源和社会保障信息中心 设备、系统验收合格率"].actual == "98.41%"
    for kind in ("pdf", "docx", "html"):
        reading = read_document(out / f"{name}.{kind}")
        actual = {i.name: i.actual for sheet in reading.account.sheets for i in sheet.indicators}
        assert actual["设备、系统验收合格率"] == "98.41%", kind
        assert len(reading.account.sheets) == 3, kind
    page = (out / f"{name}.html").read_text(encoding="utf-8")
    proof = found["武汉市人力资源和社会保障信息中心 设备、系统验收合格率"].proof
    assert proof is not None
    assert "绩效指标佐证清单" in page and proof.data[0].fingerprint[:12] in page
    book = openpyxl.load_workbook(out / f"{name}.xlsx")
    assert book["绩效指标佐证清单"].max_row >= COUNTED + 4
    summary = "2022年度武汉市人力资源和社会保障信息中心绩效摘要"
    assert all((out / f"{summary}.{kind}").is_file() for kind in ("pdf", "docx", "html"))
    # The published data are a record as well.
    assert verify(out / f"{name}.json", "--data", str(example))[0] == 0


def test_the_summary_is_one_page(example: Path, tmp_path: Path) -> None:
    import pypdfium2

    from juesuan.publisher import publish_summary

    account = compile_sources(example).account
    document = pypdfium2.PdfDocument(str(publish_summary(account, tmp_path, ["pdf"])[0]))
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    assert "绩效自评摘要" in text and "91.02" in text and "97.82" in text and "图2" in text


def typed(example: Path, name: str, value: str) -> None:
    """Types an actual value into the workbook."""
    path = example / "workbook.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["绩效指标"]
    for row in sheet.iter_rows(min_row=5):
        if row[3].value == name:
            row[6].value = value
    book.save(path)


def test_a_typed_value_that_says_something_else_stops_the_compilation(example: Path, tmp_path: Path) -> None:
    typed(example, "设备、系统验收合格率", "100%")
    result = CliRunner().invoke(main, ["compile", str(example), "-o", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "填写为“100%”" in result.output and "得出“98.41%”" in result.output
    typed(example, "设备、系统验收合格率", "98.4%")
    compilation = compile_sources(example)
    assert compilation.sound
    kept = next(i for i in proved(compilation.account).values() if i.name == "设备、系统验收合格率")
    assert kept.actual == "98.4%"


def test_evidence_that_cannot_be_had_leaves_the_rest_as_it_is(example: Path) -> None:
    (example / "data" / "survey.csv").unlink()
    declaration = example / "evidence.toml"
    text = declaration.read_text(encoding="utf-8").replace(
        'query = "acceptance_rate"', 'sql = "SELECT count(*) FROM read_csv(\'/etc/passwd\')"'
    )
    declaration.write_text(text, encoding="utf-8")
    compilation = compile_sources(example)
    assert compilation.sound
    assert len(proved(compilation.account)) == COUNTED - 3
    told = "\n".join(map(str, compilation.unproved))
    assert {issue.code for issue in compilation.unproved} == {"V103"}
    assert told.count("没有佐证") == 3 and "找不到数据集“survey”" in told and "不能用 read_csv()" in told
    result = CliRunner().invoke(main, ["evidence", "run", str(example)])
    assert result.exit_code == 1 and "没有佐证" in result.output


def test_a_value_that_nobody_gives_is_asked_for(example: Path) -> None:
    typed(example, "推动“互联网+人社”发展", "")
    (problem,) = compile_sources(example).problems
    assert "推动“互联网+人社”发展" in problem.where and "实际完成值" in problem.message


def test_data_sets_and_queries_in_the_workbook(example: Path) -> None:
    (example / "evidence.toml").unlink()
    book = openpyxl.load_workbook(example / "workbook.xlsx")
    data, queries = book["佐证数据"], book["佐证"]
    columns = "item 文本\ninspected 日期\nresult 文本"
    for column, value in enumerate(("acceptances", "data/acceptances.csv", None, columns, "inspected"), 1):
        data.cell(5, column, value)
    for column, value in enumerate(("整体支出", "设备、系统验收合格率", "acceptance_rate"), 1):
        queries.cell(5, column, value)
    sheet = book["绩效指标"]
    for row in sheet.iter_rows(min_row=5):
        if row[3].value and not row[6].value and row[3].value != "设备、系统验收合格率":
            row[6].value = row[5].value
    book.save(example / "workbook.xlsx")
    compilation = compile_sources(example)
    assert compilation.problems == () and compilation.unproved == ()
    assert [i.actual for i in proved(compilation.account).values()] == ["98.41%"]


def test_the_queries_that_come_with_the_program() -> None:
    listed = CliRunner().invoke(main, ["evidence", "queries"])
    assert listed.exit_code == 0 and "card_holders" in listed.output and "有效持卡人数" in listed.output
    assert "SELECT count(DISTINCT holder)" in CliRunner().invoke(main, ["evidence", "queries", "card_holders"]).output
    assert CliRunner().invoke(main, ["evidence", "queries", "nothing"]).exit_code == 2


def test_the_same_seed_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    described = importlib.util.spec_from_file_location("evidenced_build", BUILD)
    assert described is not None and described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    module.build(tmp_path, 0.001)
    for path in sorted(tmp_path.rglob("*.*")):
        if path.is_file():
            assert path.read_bytes() == (built / path.relative_to(tmp_path)).read_bytes(), path.name
