"""The walk of the guide: from the three files that a unit holds to its disclosure, as an accountant goes it.

`python scripts/walk.py` does every step with the commands themselves, fills in what is asked for with the example's
answers, and prints the times. `make pictures` takes its pictures (docs/images/walk-*.png).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from held_files import EXAMPLE, build
from openpyxl import load_workbook

HELD = ("决算软件导出.xls", "2022年预算公开.pdf", "2021年决算公开.docx")
ASK, OUT = "补充.xlsx", "输出"
ANSWERS = {
    "单位信息": {"单位性质": "事业单位"},
    "文字说明": {"绩效结果应用": build.TEXTS["绩效结果应用"]},
    "三公经费": {"开支财政拨款的公务用车保有量": 1, "公务用车运行维护费的用途": build.TEXTS["运维用途"]},
    "采购和资产": {
        "政府采购货物支出": 4634500,
        "政府采购服务支出": 2635600,
        "其他用车": 1,
        "单价 100 万元（含）以上设备（台、套）": 5,
    },
}
"""What the accountant fills in besides projects and reasons, by sheet and the name beside the cell."""


def juesuan(folder: Path, *arguments: str) -> str:
    """What a command says when it is run in `folder`."""
    command = [sys.executable, "-m", "juesuan.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def fill_in(path: Path) -> tuple[int, int]:
    """Fills in the workbook that asks for the rest; gives how many questions that were, and how many reasons."""
    book = load_workbook(path)
    asked = 0
    for sheet, answers in ANSWERS.items():
        fields = _fields(book[sheet], answers)
        for row, value in fields.items():
            book[sheet].cell(row, 2).value = value
        # What was procured and what there is, is one question: the list asks it as one.
        asked += 1 if sheet == "采购和资产" else len(fields)
    projects = {function: name for function, (name, _) in build.PROJECTS.items()}
    columns = _heads(book["项目"])
    for row in range(5, 5 + len(projects)):
        code = str(book["项目"].cell(row, columns["功能分类科目编码"]).value)
        name = book["项目"].cell(row, columns["项目名称"])
        asked += 1 if name.value == projects[code] else 2
        name.value = projects[code]
        book["项目"].cell(row, columns["全年预算数"]).value = build.BUDGET[code]
    lines, columns = book["绩效指标"], _heads(book["绩效指标"])
    for row in range(5, lines.max_row + 1):
        # The example reached what it aimed at: its published forms repeat the targets.
        if target := lines.cell(row, columns["年初目标值"]).value:
            lines.cell(row, columns["实际完成值"]).value = target
    asked += 1
    given = _fields(book["原因说明"], build.REASONS)
    for row, text in given.items():
        book["原因说明"].cell(row, 2).value = text
    reasons = len(given) + _explain_execution(book["绩效自评表"])
    columns = _heads(book["支出"])
    for row in range(5, book["支出"].max_row + 1):
        text = build.REASONS.get(f"{book['支出'].cell(row, columns['功能分类科目编码']).value}:预决算差异")
        if text:
            book["支出"].cell(row, columns["预决算差异原因"]).value = text
            reasons += 1
    book.save(path)
    return asked, reasons


def _explain_execution(forms: Any) -> int:
    """Writes why little of the budget was spent, of the unit and of the project that is behind; gives how many."""
    columns, written = _heads(forms), 0
    for row in range(5, forms.max_row + 1):
        if forms.cell(row, columns["对象"]).value in ("整体支出", build.BUILDING):
            forms.cell(row, columns["偏差大或目标未完成原因分析"]).value = build.DEVIATION
            forms.cell(row, columns["改进措施及结果应用方案"]).value = build.IMPROVEMENT
            written += 1
    return written


def _fields(sheet: Any, answers: dict[str, Any]) -> dict[int, Any]:
    labels = {row: sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)}
    return {row: answers[label] for row, label in labels.items() if label in answers}


def _heads(sheet: Any) -> dict[str, int]:
    return {str(cell.value).split("\n")[0]: cell.column for cell in sheet[4]}


def walk(folder: Path) -> dict[str, float]:
    """Goes the walk in `folder`, which holds the three files; gives the seconds of each step."""
    took: dict[str, float] = {}

    def step(name: str, *arguments: str) -> str:
        begun = time.perf_counter()
        said = juesuan(folder, *arguments)
        took[name] = time.perf_counter() - begun
        return said

    print(step("说明文件", *HELD))
    print(step("列出还缺什么", "new", "--from", *HELD, "-o", ASK))
    asked, reasons = fill_in(folder / ASK)
    print(f"填写：{asked} 个问题，{reasons} 处原因\n")
    print(step("编制", "compile", *HELD, ASK, "-o", OUT))
    (pdf,) = (folder / OUT).glob("*.pdf")
    print(step("核对", "check", str(pdf), "--against", HELD[2], "--against", HELD[1]))
    return took


def main() -> None:
    """Goes the walk in an empty folder and prints what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in HELD:
            (folder / file).write_bytes((EXAMPLE / "held" / file).read_bytes())
        for step, seconds in walk(folder).items():
            print(f"{step}：{seconds:.1f} 秒")


if __name__ == "__main__":
    main()
