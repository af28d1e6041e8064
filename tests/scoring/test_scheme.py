"""The schemes as data: they decode, add up, carry their basis, and contradictions are refused."""

from __future__ import annotations

import copy
from decimal import Decimal
from importlib.resources import files
from typing import Any, get_args

import msgspec
import pytest
import yaml

from juesuan.scoring.values.units import Kind
from juesuan.statute.scheme import SchemeError, decode_scheme

from .data import KEYS, scheme


@pytest.mark.parametrize("key", KEYS)
def test_scheme_is_sound_and_documented(key: str) -> None:
    s = scheme(key)
    assert s.key == key
    assert s.execution.points + s.indicator_points == 100
    declared = [s, s.execution, *s.groups, s.grades, s.qualitative, s.quantitative, s.deviation, s.roll_up, s.form]
    assert all(d.basis.strip() and d.why.strip() for d in declared)
    assert set(s.roll_up.added) | set(s.roll_up.averaged) <= set(get_args(Kind))
    assert [g.name for g in s.grades.levels] == ["优", "良", "中", "差"]
    assert set(s.form.titles) == set(s.form.total_funds) == {"整体", "项目"}


def test_figures_of_each_place() -> None:
    points = {key: scheme(key).execution.points for key in KEYS}
    assert points == {"national": 10, "wuhan": 20, "sichuan": 10, "anhui": 10}
    middle = {key: scheme(key).qualitative.bands[1].lower for key in KEYS}
    assert middle == {"national": Decimal("0.6"), "wuhan": Decimal("0.5"), "sichuan": Decimal("0.6"),
                      "anhui": Decimal("0.6")}
    assert [g.weight for g in scheme("anhui").groups] == [50, 30, 10]
    assert [c.key for c in scheme("anhui").form.execution][:3] == ["initial", "budget", "outlay"]
    assert [g.weight for g in scheme("sichuan").groups] == [None] * 4


def test_names_are_found_as_printed() -> None:
    wuhan = scheme("wuhan")
    group = wuhan.group("产出 指标 (40 分)")
    assert group is not None and group.name == "产出指标"
    child = wuhan.child(group, "时效指标（10分）")
    assert child is not None and child.name == "时效指标"
    home = wuhan.home("满意度指标")
    assert home is not None and home.name == "效益指标"
    home = scheme("national").home("服务对象满意度指标")
    assert home is not None and home.name == "满意度指标"
    assert wuhan.group("过程指标") is None


def _as_text(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _as_text(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_as_text(value) for value in tree]
    return str(tree).lower() if isinstance(tree, bool) else str(tree)


def test_scalars_may_be_strings() -> None:
    assert decode_scheme(_as_text(_wuhan())) == scheme("wuhan")


def _wuhan() -> dict[str, Any]:
    text = (files("juesuan.statute") / "schemes" / "wuhan.yaml").read_text(encoding="utf-8")
    mapping: dict[str, Any] = copy.deepcopy(yaml.safe_load(text))
    return mapping


def test_contradictions_are_refused() -> None:
    wrong = _wuhan()
    wrong["groups"][0]["weight"] = 41
    with pytest.raises(SchemeError, match="81 分，应为 80 分"):
        decode_scheme(wrong)
    wrong = _wuhan()
    wrong["qualitative"]["bands"][1]["lower"] = 0.4
    with pytest.raises(SchemeError, match="首尾相接"):
        decode_scheme(wrong)
    wrong = _wuhan()
    wrong["grades"]["levels"].reverse()
    with pytest.raises(SchemeError, match="由高到低"):
        decode_scheme(wrong)
    wrong = _wuhan()
    wrong["groups"][1]["absent_to"] = "过程指标"
    with pytest.raises(SchemeError, match="不存在"):
        decode_scheme(wrong)
    wrong = _wuhan()
    wrong["roll_up"]["averaged"].append("数量")
    with pytest.raises(SchemeError, match="重复"):
        decode_scheme(wrong)
    wrong = _wuhan()
    wrong["executon"] = {}
    with pytest.raises(msgspec.ValidationError):
        decode_scheme(wrong)
    wrong = _wuhan()
    del wrong["deviation"]["basis"]
    with pytest.raises(msgspec.ValidationError):
        decode_scheme(wrong)
