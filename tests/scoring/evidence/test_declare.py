"""The declaration evidence.toml: what is wrong in it is named and left out, the rest holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.scoring.evidence import EvidenceError, WantedEvidence, read_plan, run_plan

GOOD = """
[data.tickets]
file = "tickets.csv"
columns = { opened = "时间", closed = "时间" }
time = "opened"

[[indicator]]
form = ["整体支出", "运行项目"]
name = "故障处理"
query = "repair_hours"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "evidence.toml"
    path.write_text(text, encoding="utf-8")
    (folder / "tickets.csv").write_text(
        "opened,closed\n2022-01-01 00:00:00,2022-01-01 01:30:00\n", encoding="utf-8"
    )
    return path


def test_a_declaration_runs(tmp_path: Path) -> None:
    plan = read_plan(written(tmp_path, GOOD))
    assert plan.problems == []
    wanted = [
        WantedEvidence("整体支出", "故障处理", "2小时内"),
        WantedEvidence("运行项目", "故障处理", "≤120分钟"),
        WantedEvidence("整体支出", "别的"),
    ]
    first, second = run_plan(plan, wanted, 2022)
    assert first.evidence is not None and second.evidence is not None
    assert (first.evidence.value, second.evidence.value) == ("1.5小时", "90分钟")
    assert first.evidence.result == "1.5"
    assert first.evidence.query == "故障处理时长（中位数）"
    assert dict(first.evidence.parameters) == {"first": "2022-01-01", "next": "2023-01-01"}
    data = first.evidence.data[0]
    assert (data.name, data.place, data.rows, data.begins) == ("tickets", "tickets.csv", 1, "2022-01-01 00:00:00")
    assert len(data.fingerprint) == 64


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("[strange]\n", "不认识的部分“strange”"),
        ("[data.other]\nfile = 'a.doc'\ncolumns = {a = '文本'}\n", "不认识的文件类型"),
        ("[data.other]\nfile = 'a.csv'\ncolumns = {}\n", "没有声明列"),
        ("[data.other]\nfile = 'a.csv'\ncolumns = {'a b' = '文本'}\n", "列名“a b”不能用"),
        ("[data.other]\nfile = 'a.csv'\ncolumns = {a = '文本'}\ntime = 'b'\n", "时间列“b”不在"),
        ("[data.other]\nfile = 'a.sqlite'\ncolumns = {a = '文本'}\n", "用 table 写明表名"),
        ("[data.'x y']\nfile = 'a.csv'\ncolumns = {a = '文本'}\n", "名称只能用文字"),
        ("[data.TICKETS]\nfile = 'a.csv'\ncolumns = {a = '文本'}\n", "同名的数据集"),
        ("[data.other]\ncolumns = {a = '文本'}\n", "file（文件）或 postgresql"),
        ("[data.other]\nfile = 'a.csv'\ncolumns = {a = '文本'}\nnonsense = 1\n", "nonsense"),
        ("[[indicator]]\nform = '整体支出'\nname = '甲'\nquery = 'nothing'\n", "没有“nothing”这个查询；可用"),
        ("[[indicator]]\nform = '整体支出'\nname = '甲'\nquery = 'own.sql'\n", "找不到查询文件“own.sql”"),
        ("[[indicator]]\nform = '整体支出'\nname = '甲'\nquery = '../../own.sql'\n", "不在佐证所在的文件夹里"),
        ("[[indicator]]\nform = '整体支出'\nname = '甲'\n", "query（查询的名称或 .sql 文件）或 sql"),
        ("[[indicator]]\nform = '整体支出'\nname = '故障处理'\nquery = 'uptime'\n", "一个指标只能有一个查询"),
        ("[[indicator]]\nform = '整体支出'\nname = '甲'\nquery = 'uptime'\ndecimals = 9\n", "decimals 为 9"),
        ("[limits]\nseconds = 0\n", "seconds 至少为 1"),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_holds(tmp_path: Path, addition: str, message: str) -> None:
    plan = read_plan(written(tmp_path, GOOD + addition))
    assert len(plan.problems) == 1 and message in plan.problems[0]
    found = run_plan(plan, [WantedEvidence("整体支出", "故障处理", "2小时内")], 2022)
    assert found[0].evidence is not None


@pytest.mark.parametrize("text", ["[data", "a = = 1", "indicator = 1"])
def test_what_is_no_declaration_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(EvidenceError, match=r"evidence\.toml"):
        read_plan(written(tmp_path, text))


def test_own_queries_with_parameters(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "open.sql").write_text(
        "-- 名称：超时故障\n-- 单位：件\nSELECT count(*) FROM tickets WHERE closed - opened > $hours * "
        "INTERVAL 1 HOUR\n",
        encoding="utf-8",
    )
    missing = "[[indicator]]\nform = '整体支出'\nname = '超时'\nquery = 'queries/open.sql'\n"
    addition = missing + "parameters = { hours = 1 }\n"
    found = run_plan(read_plan(written(tmp_path, GOOD + addition)), [WantedEvidence("整体支出", "超时", "≤5件")], 2022)
    assert found[0].evidence is not None
    assert (found[0].evidence.query, found[0].evidence.value) == ("超时故障", "1件")
    found = run_plan(read_plan(written(tmp_path, GOOD + missing)), [WantedEvidence("整体支出", "超时", "≤5件")], 2022)
    assert "参数“hours”，没有给出" in found[0].failure
