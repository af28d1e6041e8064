"""Figures read right from a scan of the published example: `make bench-ocr`.

The example's PDF is drawn page by page at 200 dots per inch, turned a little, given grain, saved as JPEG of quality 60
and put into a PDF of pictures. Printed for each table: figures read right out of all, first as recognised, then as they
stand in the account after they were held against the relations. Target: 99 % of the figures.

    python bench/ocr.py [SEED]
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "read"))

from own_documents import account, laid_out, laid_tables, published, tables  # noqa: E402
from own_scans import jpeg, picture_pdf, rendered, scanned  # noqa: E402

from juesuan.publisher.document import placed  # noqa: E402
from juesuan.reader import read_document  # noqa: E402
from juesuan.reader.account import to_account  # noqa: E402
from juesuan.reader.amounts import read_amount  # noqa: E402
from juesuan.reader.files import read_raw  # noqa: E402
from juesuan.reader.ocr.relations import held_against_relations  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", nargs="?", type=int, default=0)
    seed: int = parser.parse_args().seed
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), seed)


def measure(folder: Path, seed: int) -> None:
    """Scans the example, reads it and prints what was read right."""
    truth = account()
    path = published(truth, folder, "pdf")
    with pypdfium2.PdfDocument(path) as document:
        pages = len(document)
    pictures = [jpeg(scanned(rendered(path, index), seed * 1000 + index)) for index in range(pages)]
    scan = picture_pdf(pictures, folder / "scan.pdf")
    start = time.perf_counter()
    raw = read_raw(scan)
    taken = time.perf_counter() - start
    laid, found = laid_tables(laid_out(truth)), tables(raw)
    print(f"{pages} pages, {taken / pages:.1f} s a page; tables {len(found)} of {len(laid)}")
    right = total = 0
    for table, read in zip(laid, found, strict=False):
        grid = read.grid()
        mine = all_ = texts = wrong_texts = 0
        for line in placed([*table.header, *table.body], len(table.widths)):
            for place in line:
                printed = re.sub(r"\s+", "", place.cell.text)
                at = grid[place.row][place.column] if place.row < read.height and place.column < read.width else None
                seen = re.sub(r"\s+", "", at.text) if at else ""
                texts += bool(printed)
                wrong_texts += printed != seen
                if read_amount(printed):
                    all_ += 1
                    mine += printed == seen
                if printed != seen:
                    print(f"      {table.key} row {place.row} column {place.column}: {printed!r} read as {seen!r}")
        print(f"  {table.key:12} figures {mine:4} of {all_:4}   cells {texts - wrong_texts} of {texts}")
        right, total = right + mine, total + all_
    print(f"figures of the tables as recognised: {right} of {total} ({right / total:.2%})")
    first = to_account(raw)
    reading = held_against_relations(first, raw, None)
    printed = read_document(path).account.facts
    for what, account_read in (("as recognised", first.account), ("held against the relations", reading.account)):
        facts = account_read.facts
        same = [key for key, fact in printed.items() if key in facts and facts[key].figure == fact.figure]
        print(f"facts of the account {what}: {len(same)} of {len(printed)} as from the PDF with text")
    print("  not the same:", [key for key in printed if key not in same], [key for key in facts if key not in printed])
    for note in reading.notes:
        print("  ", note)


if __name__ == "__main__":
    main()
