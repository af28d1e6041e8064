"""The year of a document by what speaks for it; nothing stands in where nothing does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from juesuan.cli import main
from juesuan.reader import read_document
from juesuan.reader.identity import titled_units, unit_name


def year_of_text(tmp_path: Path, text: str) -> int:
    path = tmp_path / "说明.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path).account.year


@pytest.mark.parametrize(("text", "year"), [
    ("某某局2018年“三公”经费决算情况说明\n公务接待费3万元。", 2018),
    ("某某局１８年度部门决算\n公务接待费3万元。", 2018),
    ("某某局二〇一八年部门决算\n公务接待费3万元。", 2018),
    ("2018年度\n某某局部门决算情况说明\n公务接待费3万元。", 2018),
    ("某某局2018-度“三公”经费决算表\n公务接待费3万元。", 2018),
    ("公务接待费3万元，较2017年决算数下降5%。", 2018),
    ("某某局2018年部门决算\n发布时间：2019-09-20\n公务接待费3万元，比2017年减少1万元。", 2018),
    ("公务接待费3万元，比上年减少1万元。", 0),
    ("发布时间：2019-09-20\n公务接待费3万元。", 0),
])  # fmt: skip
def test_the_year_is_told_by_titles_and_comparisons(tmp_path: Path, text: str, year: int):
    assert year_of_text(tmp_path, text) == year


def test_an_unknown_year_is_said_to_be_unknown(tmp_path: Path):
    path = tmp_path / "说明.txt"
    path.write_text("公务接待费3万元，比上年减少1万元，下降25%。", encoding="utf-8")
    as_data = json.loads(CliRunner().invoke(main, ["check", str(path), "--format", "json"]).stdout)
    assert as_data[0]["year"] is None
    assert "年度：未写明" in CliRunner().invoke(main, ["check", str(path)]).stdout


@pytest.mark.parametrize(("text", "name"), [
    ("部门某某局", "某某局"), ("2024年度", ""), ("2021年度机关", ""), ("部门", ""), ("预算单位某某中心", "某某中心"),
    ("区级", ""), ("某某局（本级）", "某某局（本级）"),
])  # fmt: skip
def test_what_stands_before_a_name_is_no_part_of_it(text: str, name: str):
    assert unit_name(text) == name


def test_a_title_names_the_unit_before_or_behind_the_year():
    assert list(titled_units(["某某县文物中心2023年度部门决算"])) == ["某某县文物中心"]
    assert list(titled_units(["2018年度某某第三小学部门决算"])) == ["某某第三小学"]
    assert list(titled_units(["2018年度部门决算情况说明"])) == []


def test_every_number_of_the_prose_is_a_line_of_csv(tmp_path: Path):
    path = tmp_path / "说明.txt"
    path.write_text("某某局2023年“三公”经费决算\n公务接待费3.50万元，比上年减少1万元，下降22.22%。", encoding="utf-8")
    lines = CliRunner().invoke(main, ["read", str(path), "--format", "claims"]).stdout.lstrip("\ufeff").splitlines()
    assert lines[0] == "text,subject,measure,value,unit,base,period,address,status,why,place"
    assert [line.split(",")[:9] for line in lines[1:]] == [
        ["3.50万元", "公务接待费", "决算", "3.50", "万元", "", "2023年", "", "仅正文"],
        ["1万元", "公务接待费", "变动额", "-1", "万元", "上年", "2023年", "", "可核对"],
        ["22.22%", "公务接待费", "变动率", "-22.22", "%", "上年", "2023年", "", "可核对"],
    ]
