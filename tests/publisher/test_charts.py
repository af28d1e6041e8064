"""Charts that can be read: when a pie is none, and that no label touches another or stands at another's slice."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from juesuan.publisher.charts.drawing import svg
from juesuan.publisher.charts.specifications import DIGIT_WIDTH, SIGN_WIDTH, specification_of
from juesuan.publisher.document import Chart
from juesuan.statute import ChartPlan

HEIGHT = 10
"""How high a label's signs are, in units of the drawing; its line is higher."""


def drawn(values: list[tuple[str, str, str]], kind: str = "pie") -> str:
    data = [
        {"类别": name, "数额": amount, "标签": amount, **({"系列": series} if series else {})}
        for name, series, amount in values
    ]
    plan = ChartPlan("图", "pie" if kind == "pie" else "grouped", "图")
    return svg(Chart("图", "图", specification_of(data, plan), ""))


def labels(drawing: str) -> list[tuple[str, float, float]]:
    """Text and place of every label of the marks: percentages, amounts."""
    found = []
    marks = drawing.partition('class="mark-text role-mark')[2].partition("</g>")[0]
    for x, y, text in re.findall(r'<text[^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>([^<]+)</text>', marks):
        found.append((text, float(x), float(y)))
    return found


def is_pie(drawing: str) -> bool:
    return "mark-arc" in drawing


@pytest.mark.parametrize(
    ("values", "pie"),
    [
        ([("财政拨款收入", "", "3290.66")], False),
        ([("财政拨款收入", "", "99.40"), ("其他收入", "", "0.60")], False),
        ([("基本支出", "", "54.00"), ("项目支出", "", "46.00")], True),
        ([(f"第{n}类支出", "", "10.00") for n in range(10)], False),
    ],
)
def test_a_pie_that_cannot_be_read_gives_way_to_bars(values: list[tuple[str, str, str]], pie: bool) -> None:
    drawing = drawn(values)
    assert is_pie(drawing) == pie
    if not pie:
        assert "（100.0%）" in drawing or "（99.4%）" in drawing or "（10.0%）" in drawing


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([(f"第{n}类支出", "", amount) for n, amount in enumerate(("28", "24", "20", "10", "9", "9"))], "pie"),
        ([(f"第{n}类支出", "", amount) for n, amount in enumerate(("8", "8", "8", "8", "34", "34"))], "pie"),
        (
            [(group, each, "12345.67") for group in ("公务用车购置费", "公务接待费") for each in ("预算", "决算")],
            "grouped",
        ),
        ([(f"20{n}年度", s, "12345678.90") for n in range(20, 24) for s in ("收入", "支出")], "grouped"),
        ([(f"20{n}年度", s, "13.90") for n in range(22, 24) for s in ("收入", "支出")], "grouped"),
    ],
)
def test_labels_do_not_touch(values: list[tuple[str, str, str]], kind: str) -> None:
    found = labels(drawn(values, kind))
    assert len(found) == len(values)
    for (one, x, y), (other, right, below) in combinations(found, 2):
        wide = (len(one) + len(other)) * DIGIT_WIDTH / 2
        assert abs(x - right) >= wide or abs(y - below) >= HEIGHT, (one, other)


def test_a_label_stands_at_its_own_slice() -> None:
    """Slices go clockwise from the top in the order given: the first ends at 31 %, right of the centre."""
    found = labels(drawn([("丙支出", "", "31"), ("甲支出", "", "30"), ("乙支出", "", "39")]))
    places = {text: (x, y) for text, x, y in found}
    assert set(places) == {"31.0%", "30.0%", "39.0%"}
    middle = sum(y for _, y in places.values()) / 3
    assert places["31.0%"][0] > places["39.0%"][0] and places["31.0%"][1] < middle < places["30.0%"][1]


def test_names_of_columns_have_room() -> None:
    names = ("因公出国（境）费", "公务用车购置及运行维护费", "公务接待费")
    drawing = drawn([(name, "", "5.00") for name in names], "bar")
    found = re.findall(r'translate\(([-\d.]+),([-\d.]+)\)"[^>]*>((?:因公|公务)[^<]+)</text>', drawing)
    assert len(found) >= 3
    for (x, y, one), (right, below, other) in combinations(found, 2):
        wide = (len(one) + len(other)) * SIGN_WIDTH / 2
        assert abs(float(x) - float(right)) >= wide or abs(float(y) - float(below)) >= SIGN_WIDTH
