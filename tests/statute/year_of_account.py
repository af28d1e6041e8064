"""One account through everything, in a process of its own: `python year_of_account.py YEAR FOLDER [line]`.

Writes a workbook, compiles it, publishes the six formats; prints as JSON what came of it. The statute is that of the
package which PYTHONPATH names. With `line` the unit has the income and the outlay that only the law of 2026 has lines
for, and each format is read and checked as well.
"""

from __future__ import annotations

import hashlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import juesuan
from juesuan.account import Fact, Figure, Unit
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.workbook.plan import address_of
from juesuan.compiler.workbook.writer import write_workbook
from juesuan.reader import read_document
from juesuan.statute import load_statute

GENERAL, OTHER = "一般公共预算", "其他资金"
ITEM = "2070205"


def gathered(year: int, line: bool) -> Gathered:
    entries = [
        Entry("收入", GENERAL, Decimal("1000000.00"), function=ITEM),
        Entry("支出", GENERAL, Decimal("1000000.00"), nature="基本支出", function=ITEM, period="年初预算"),
        Entry("支出", GENERAL, Decimal("1000000.00"), nature="基本支出", function=ITEM),
        Entry("支出", GENERAL, Decimal("1000000.00"), nature="基本支出", economy="30101"),
    ]
    if line:
        entries += [
            Entry("收入", "财政专户管理资金", Decimal("123456.78"), function=ITEM),
            Entry("支出", OTHER, Decimal("100000.00"), nature="基本支出", function="2330301"),
        ]
    facts = [
        Fact(address_of(f"上年!{place}"), Figure(Decimal("900000.00")))
        for place in ("表1!31行1栏", "表4!32行1栏", "表5!合计行1栏")
    ]
    texts = {
        "主要职能": "收藏和展出。", "机构设置": "内设办公室。", "绩效结果应用": "用于安排预算。",
        "一般公共预算收入变动": "增加了展览", "收支总计变动": "增加了展览",
        "一般公共预算支出变动": "增加了展览", "财政拨款收支变动": "增加了展览",
    }  # fmt: skip
    return Gathered(unit=Unit("示例市博物馆", nature="事业单位", supervisor="示例市文化局"), year=year,
                    entries=entries, facts=facts, texts=texts)  # fmt: skip


def main(year: int, folder: Path, line: bool) -> dict[str, Any]:
    law = load_statute("national", year)
    book = folder / "workbook.xlsx"
    write_workbook(book, law, filled=gathered(year, line))
    account = juesuan.compile(book, "national")
    files = juesuan.publish(account, folder / "published")
    result: dict[str, Any] = {
        "package": juesuan.__file__,
        "facts": {key: str(fact.figure.value) for key, fact in account.facts.items()},
        "printed": {code: relation.printed for code, relation in law.relations.items()},
        "hashes": {file.suffix: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "read": {}, "found": {}, "year": account.year,
    }  # fmt: skip
    for file in files:
        if file.suffix == ".csv":
            result["csv"] = file.read_text(encoding="utf-8-sig")
            continue
        if not line:
            continue  # Of another year's account only the bytes are compared.
        reading = read_document(file, "national")
        result["read"][file.suffix] = {
            key: str(fact.figure.value) for key, fact in reading.account.facts.items() if key.startswith("表1!")
        }
        report = juesuan.check(reading.account, statute=reading.statute)
        result["found"][file.suffix] = [f"{i.code} {i.message}" for i in report.findings if i.severity == "error"]
    return result


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), Path(sys.argv[2]), "line" in sys.argv[3:]), ensure_ascii=False))
