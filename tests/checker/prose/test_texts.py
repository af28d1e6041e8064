"""Short texts read from files and checked: what a careful reader finds sound is not blamed, what is wrong is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader import read_document


def _found(text: str, folder: Path) -> set[str]:
    """Codes of the errors and warnings on a text."""
    (folder / "text.txt").write_text(text, encoding="utf-8")
    reading = read_document(folder / "text.txt")
    report = check(reading.account, statute=reading.statute)
    return {finding.code for finding in report.findings if finding.severity != "notice"}


SOUND = {
    "a whole compared with last year and with a year before": (
        "某局2023年度“三公”经费决算8.00万元，比上年增加2.00万元，比2019年减少4.00万元，降低33.33%。其中："
        "公务接待费3.00万元，比上年增加1.00万元；公务用车运行维护费5.00万元，比上年增加1.00万元。"
    ),
    "differences without a direction": (
        "某局2023年度“三公”经费支出决算8.00万元，年初预算为10.00万元，差值为2.00万元。其中：公务接待费支出3.00万元，"
        "年初预算为4.00万元，差值为1.00万元；公务用车运行维护费支出5.00万元，年初预算为6.00万元，差值为1.00万元。"
    ),
    "two years one after another": (
        "2022年某局“三公”经费预算中，因公出国（境）费0万元，公务接待费3.00万元，公务用车运行维护费5.00万元。"
        "2023年某局“三公”经费预算中，因公出国（境）费0万元，公务接待费2.00万元，公务用车运行维护费5.00万元（零增长）。"
    ),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_not_blamed(text: str, tmp_path: Path) -> None:
    assert _found(text, tmp_path) == set()


FAULTY = {
    "a difference that its amounts do not have": (
        "某局2023年度公务接待费支出决算3.00万元，年初预算为4.00万元，差值为2.00万元。", "Z106",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), FAULTY.values(), ids=FAULTY.keys())
def test_what_is_wrong_is_found(text: str, code: str, tmp_path: Path) -> None:
    assert code in _found(text, tmp_path)
