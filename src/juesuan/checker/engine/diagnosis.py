"""One cause, one finding: the fewest printed figures whose correction makes every relation hold.

One wrong total breaks twenty equations, and equations that each hold within rounding may still be impossible together.
All linear relations over the printed figures are one system: each figure lies in the interval it was printed for, or is
wrong. A small mixed-integer program finds the smallest set of wrong ones; where several sets are as small, that is said
rather than one of them chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Address, Figure
from juesuan.checker.engine.quiet_solver import quiet_library
from juesuan.statute import Instance

MONEY_STEP = 100.0
"""Unit of the program: yuan in 0.01 万元, so that coefficients stay near one."""

SECONDS = 5.0
"""The time that the program may take for one component."""

ALTERNATIVES = 4
"""How many other smallest repairs are looked for before saying “several”."""


class Cause(msgspec.Struct, frozen=True):
    """A smallest set of figures to correct, the interval (yuan) that each then must lie in, and the relations broken.

    `others` are sets of the same size that would do as well.
    """

    addresses: tuple[Address, ...]
    ranges: tuple[tuple[Decimal, Decimal] | None, ...]
    broken: tuple[Instance, ...]
    others: tuple[tuple[Address, ...], ...] = ()


def components(failed: Sequence[Instance], equations: Sequence[Instance]) -> list[list[Instance]]:
    """The equations that hang together with failed ones through shared cells, one list for each separate cause."""
    by_cell: dict[Address, list[int]] = {}
    for index, instance in enumerate(equations):
        for address in instance.addresses():
            by_cell.setdefault(address, []).append(index)
    place = {id(instance): index for index, instance in enumerate(equations)}
    seen: set[int] = set()
    groups = []
    for start in failed:
        todo = [place[id(start)]]
        group: list[int] = []
        while todo:
            index = todo.pop()
            if index in seen:
                continue
            seen.add(index)
            group.append(index)
            for address in equations[index].addresses():
                todo.extend(by_cell[address])
        if group:
            groups.append([equations[index] for index in sorted(group)])
    return groups


def diagnose(
    equations: Sequence[Instance], failed: Sequence[Instance], figures: Mapping[Address, Figure | None]
) -> Cause | None:
    """The smallest repair of one component, or None where the program finds none in its time.

    `figures` holds every cell of the equations, None for a blank, which may be wrong too (a figure left out).
    """
    program = _Program(equations, figures)
    first = program.repair(())
    if first is None or not first:
        return None
    others: list[tuple[Address, ...]] = []
    excluded = [first]
    while len(others) < ALTERNATIVES:
        other = program.repair(tuple(excluded))
        if other is None or len(other) > len(first):
            break
        excluded.append(other)
        others.append(tuple(sorted(other)))
    addresses = tuple(sorted(first))
    ranges = tuple(program.span(address, first) for address in addresses)
    broken = tuple(i for i in failed if set(i.addresses()) & {*first, *(a for other in others for a in other)})
    return Cause(addresses, ranges, broken, tuple(others))


class _Program:
    def __init__(self, equations: Sequence[Instance], figures: Mapping[Address, Figure | None]) -> None:
        self.cells = sorted({address for instance in equations for address in instance.addresses()})
        self.index = {address: n for n, address in enumerate(self.cells)}
        self.figures = figures
        self.equations = equations
        biggest = max((abs(self._value(a)) for a in self.cells), default=1.0)
        self.reach = 2 * biggest + 10

    def _value(self, address: Address) -> float:
        figure = self.figures.get(address)
        return 0.0 if figure is None else int(figure.value * 100) / 100 / MONEY_STEP

    def _half(self, address: Address) -> float:
        figure = self.figures.get(address)
        return 0.0 if figure is None else int(figure.resolution * 50) / 100 / MONEY_STEP

    def _rows(self) -> tuple[list[list[float]], list[float]]:
        """The equations over the cells: coefficients and right sides."""
        rows, sides = [], []
        for instance in self.equations:
            row = [0.0] * len(self.cells)
            for operand in instance.left:
                row[self.index[operand.address]] += operand.sign
            for operand in instance.right:
                row[self.index[operand.address]] -= operand.sign
            rows.append(row)
            sides.append(int(instance.constant * 100) / 100 / MONEY_STEP)
        return rows, sides

    def repair(self, excluded: Sequence[frozenset[Address]]) -> frozenset[Address] | None:
        """The smallest set of cells to correct that contains none of `excluded`; None where there is none in time."""
        import numpy
        from scipy.optimize import Bounds, LinearConstraint, milp

        size = len(self.cells)
        rows, sides = self._rows()
        values = numpy.array([self._value(a) for a in self.cells])
        halves = numpy.array([self._half(a) for a in self.cells])
        identity = numpy.eye(size)
        constraints = [
            LinearConstraint(numpy.hstack([numpy.array(rows), numpy.zeros((len(rows), size))]), sides, sides),
            LinearConstraint(numpy.hstack([identity, -self.reach * identity]), -numpy.inf, values + halves),
            LinearConstraint(numpy.hstack([identity, self.reach * identity]), values - halves, numpy.inf),
        ]
        for cut in excluded:
            row = numpy.zeros(2 * size)
            row[[size + self.index[address] for address in cut]] = 1
            constraints.append(LinearConstraint(row, -numpy.inf, len(cut) - 1))
        lower = numpy.concatenate([numpy.full(size, -self.reach), numpy.zeros(size)])
        upper = numpy.concatenate([numpy.full(size, self.reach), numpy.ones(size)])
        with quiet_library():
            result = milp(
                numpy.concatenate([numpy.zeros(size), numpy.ones(size)]),
                integrality=numpy.concatenate([numpy.zeros(size), numpy.ones(size)]),
                bounds=Bounds(lower, upper),
                constraints=constraints,
                options={"time_limit": SECONDS},
            )
        if result.x is None or not result.success:
            return None
        return frozenset(a for n, a in enumerate(self.cells) if result.x[size + n] > 0.5)

    def span(self, address: Address, wrong: frozenset[Address]) -> tuple[Decimal, Decimal] | None:
        """The least and greatest yuan that a corrected cell can have, all right ones within their intervals."""
        import numpy
        from scipy.optimize import linprog

        rows, sides = self._rows()
        bounds = [
            (-self.reach, self.reach)
            if cell in wrong
            else (self._value(cell) - self._half(cell), self._value(cell) + self._half(cell))
            for cell in self.cells
        ]
        ends = []
        for direction in (1.0, -1.0):
            goal = numpy.zeros(len(self.cells))
            goal[self.index[address]] = direction
            result = linprog(goal, A_eq=numpy.array(rows), b_eq=sides, bounds=bounds)
            if not result.success or result.fun is None:
                return None
            ends.append(Decimal(str(round(direction * result.fun * MONEY_STEP, 2))))
        return min(ends), max(ends)
