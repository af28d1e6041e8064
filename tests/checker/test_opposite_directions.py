"""Two sentences of one paragraph that contradict each other, on a document of our own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.compiler.assembly import assemble
from juesuan.publisher import lay_out
from juesuan.publisher.html.writer import write_html
from juesuan.reader import read_document
from juesuan.statute import load_statute
from juesuan.synthetic.jurisdiction import SimulationOrder, unit_years


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A published account with three outlays less than last year's."""
    law = load_statute("national", 2022)
    unit = next(iter(unit_years(SimulationOrder(2, 1, 2022, 2022, 4))[2022].values()))
    path = tmp_path_factory.mktemp("opposed") / "a.html"
    write_html(lay_out(assemble(unit, law).account, law), path)
    return path.read_text(encoding="utf-8")


def _told(text: str, folder: Path) -> list[str]:
    path = folder / "b.html"
    path.write_text(text, encoding="utf-8")
    reading = read_document(path)
    report = check(reading.account, statute=reading.statute)
    return [finding.message for finding in report.findings if "方向相反" in finding.message]


def test_a_sound_account_has_none(html: str, tmp_path: Path) -> None:
    assert _told(html, tmp_path) == []


@pytest.mark.parametrize("sentence", ["较上年增加{}万元，增长{}%", "决算数较上年增加的主要原因"])
def test_one_of_two_directions_turned_is_found(sentence: str, html: str, tmp_path: Path) -> None:
    """较上年增加0.08万元 … 决算数较上年增加的主要原因: no table prints last year's figure, but both cannot be."""
    pattern = "[^，。]*?".join(map(re.escape, sentence.split("{}")))
    start = html.rindex("“三公”经费财政拨款支出预算为")
    match = re.compile(pattern).search(html, start)
    assert match is not None
    turned = match.group(0).replace("增加", "减少").replace("增长", "下降")
    [message] = _told(html[: match.start()] + turned + html[match.end() :], tmp_path)
    assert turned in message
