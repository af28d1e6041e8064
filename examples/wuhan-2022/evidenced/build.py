"""The example with evidence: `python build.py --scale 0.001` writes its workbook, declaration and operational data.

The workbook has no actual value for what can be counted: compiling it takes them from the data. Targets that count
things are scaled like the data, so that the small example scores like the true one.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from juesuan.account import Indicator
from juesuan.compiler.entries import Gathered
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.scoring import parse_value, print_value
from juesuan.scoring.evidence import EvidencePlan, read_plan
from juesuan.statute import load_statute

HERE = Path(__file__).parent
COUNTED = ("笔", "人", "条")
"""Units of the targets that grow with the data."""

RESULTS = {
    "人社系统信息化建设项目": ("保障查询打印业务全年不间断", "社会保障卡覆盖全市参保人员"),
    "日常系统运行经费项目": ("短信按月发送", "机房和网络稳定运行"),
}
"""Outputs of the projects in words: their figures come from the data."""

KEY_WORK = {
    "社会保障卡发行": "年末有效持卡人数和电子社保卡申领人口覆盖率均完成年度目标，合作银行服务网点覆盖各区。",
    "便民服务": "线上服务平台访问量稳步上升；自助服务一体机更新上线；街道政务服务中心可办理社保卡业务。",
}
"""Outcomes without figures, which would be those of another size."""


def module(path: Path) -> ModuleType:
    """The Python file at `path`, loaded."""
    described = importlib.util.spec_from_file_location(path.stem, path)
    if described is None or described.loader is None:
        raise ImportError(str(path))
    loaded = importlib.util.module_from_spec(described)
    described.loader.exec_module(loaded)
    return loaded


def scaled(target: str, scale: Decimal) -> str:
    """A target that counts things, at this scale: 30万笔 is 300笔 at 0.001."""
    value = parse_value(target)
    if value.unit not in COUNTED or value.number is None or scale == 1:
        return target
    number = value.number * scale
    large = number >= 10_000
    return print_value(msgspec.structs.replace(value, number=number, scale="万" if large else ""))


def without_counted_values(gathered: Gathered, plan: EvidencePlan, scale: Decimal) -> Gathered:
    """`gathered` with the actual values left out that evidence gives, and targets at this scale."""
    def changed(subject: str, indicator: Indicator) -> Indicator:
        bound = plan.binding(subject, indicator.name) is not None
        new: dict[str, Any] = {"target": scaled(indicator.target, scale)}
        if bound:
            new["actual"] = ""
        else:
            new["evidence"] = "工作总结和应用推广台账"
        return msgspec.structs.replace(indicator, **new)

    gathered.indicators = [(subject, changed(subject, item)) for subject, item in gathered.indicators]
    gathered.key_work = [
        msgspec.structs.replace(work, outcome=KEY_WORK.get(work.matter, work.outcome)) for work in gathered.key_work
    ]
    gathered.projects = [msgspec.structs.replace(p, outputs=RESULTS[p.name]) for p in gathered.projects]
    return gathered


def build(folder: Path, scale: float = 0.001, seed: int = 2022) -> None:
    """Writes the whole example into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    maker = module(HERE.parent / "operations" / "generate.py").generate(folder / "data", scale, seed)
    text = (HERE / "evidence.toml").read_text(encoding="utf-8")
    declared = re.sub(r"interval = \d+", f"interval = {maker.interval}", text)
    (folder / "evidence.toml").write_text(declared, encoding="utf-8", newline="\n")
    original = module(HERE.parent / "build.py")
    ledger, budget = original.entries()
    gathered = original.gathered(original.by_sheet(ledger) + budget)
    plan = read_plan(folder / "evidence.toml")
    filled = without_counted_values(gathered, plan, Decimal(str(scale)))
    write_workbook(folder / "workbook.xlsx", load_statute("wuhan-2022"), filled=filled)


def main() -> None:
    """Builds the example beside this file, or in the folder given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    parser.add_argument("--scale", type=float, default=0.001)
    parser.add_argument("--seed", type=int, default=2022)
    options = parser.parse_args()
    build(options.folder, options.scale, options.seed)
    print(f"{options.folder}: juesuan compile {options.folder} -o out")


if __name__ == "__main__":
    main()
