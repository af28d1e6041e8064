"""Relations as Excel formulas: each total computed by the cell reference of the relation that the law prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from juesuan.account import Account, Address, total
from juesuan.statute import Expander, Instance, Operand, Statute, lines

Cells = Mapping[Address, tuple[str, int, int]]
"""Where each address stands: sheet, row and column, from zero."""


def giving(account: Account, statute: Statute) -> dict[Address, Instance]:
    """For each figure of `account` that a relation computes exactly: that relation at its line and column.

    A figure that the relation does not give (a document that contradicts itself) is left as it stands.
    """

    def rows(key: str) -> Sequence[str]:
        # Fixed codes are summed whether they carry an amount or not: a cell filled in later counts.
        codes = statute.forms[key].codes
        return sorted(codes) if codes else lines(account, statute, key)

    expander = Expander(statute.forms, rows)
    found: dict[Address, Instance] = {}
    for relation in statute.relations.values():
        if not relation.gives:
            continue
        for instance in expander.instances(relation):
            target = instance.target
            if target is None or target in found or account.get(target) is None:
                continue
            operands, constant = instance.solved()
            value = total(o.sign * account.amount(o.address) for o in operands) + constant
            if value == account.amount(target):
                found[target] = instance
    return found


def formula(instance: Instance, cells: Cells, sheet: str) -> str | None:
    """The formula of `instance` in `sheet`, rounded to 10⁻⁶ 万元 so that binary noise stays out; None if it cannot be.

    Blank cells take part, so that a figure filled in later is summed too.
    """
    operands, constant = instance.solved()
    if constant or any(operand.address not in cells for operand in operands):
        operands = tuple(operand for operand in operands if operand.address in cells)
        if constant or not operands:
            return None
    parts = [_range(run, cells, sheet) for run in _runs(operands, cells)]
    if len(operands) == 1 and operands[0].sign > 0:
        return f"={parts[0][1]}"
    if all(sign > 0 for sign, _ in parts):
        return f"=ROUND(SUM({','.join(text for _, text in parts)}),6)"
    body = "".join(f"{'-' if sign < 0 else '+'}{_summed(text)}" for sign, text in parts)
    return f"=ROUND({body.removeprefix('+')},6)"


def _summed(text: str) -> str:
    return f"SUM({text})" if ":" in text else text


def _runs(operands: Sequence[Operand], cells: Cells) -> list[list[Operand]]:
    """Operands of one sign that stand below or beside each other without a gap, together."""
    runs: list[list[Operand]] = []
    for operand in sorted(operands, key=lambda o: (-o.sign, cells[o.address])):
        if runs and runs[-1][-1].sign == operand.sign and _continues(runs[-1], cells, cells[operand.address]):
            runs[-1].append(operand)
        else:
            runs.append([operand])
    return runs


def _continues(run: Sequence[Operand], cells: Cells, place: tuple[str, int, int]) -> bool:
    """Whether `place` goes on the run: below its last cell, or beside it, in the direction the run has taken."""
    sheet, row, column = cells[run[-1].address]
    below, right = place == (sheet, row + 1, column), place == (sheet, row, column + 1)
    if len(run) == 1:
        return below or right
    same_row = cells[run[0].address][1] == row
    return right if same_row else below


def _range(run: Sequence[Operand], cells: Cells, sheet: str) -> tuple[int, str]:
    first, last = cells[run[0].address], cells[run[-1].address]
    prefix = "" if first[0] == sheet else f"'{first[0]}'!"
    start = cell_name(first[1], first[2])
    return run[0].sign, prefix + (start if len(run) == 1 else f"{start}:{cell_name(last[1], last[2])}")


def cell_name(row: int, column: int) -> str:
    """The name of a cell (B7) from its row and column counted from zero."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return f"{name}{row + 1}"

