"""One cause, one finding: the fewest printed figures whose correction makes every relation hold.

One wrong total breaks twenty equations, and equations that each hold within rounding may still be impossible together.
All linear relations over the printed figures are one system: each figure lies in the interval it was printed for, or is
wrong. Broken equations that share a cell are looked at together: mostly one figure puts them all right, which interval
arithmetic tells at once. Where none does, a small mixed-integer program over the equations around them finds the
smallest set of wrong ones. Where several sets are as small, that is said rather than one of them chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Address, Figure
from juesuan.checker.engine.quiet_solver import quiet_library
from juesuan.checker.engine.slips import needed_for
from juesuan.statute import Instance

MONEY_STEP = 100.0
"""Unit of the program: yuan in 0.01 万元, so that coefficients stay near one.

The solver reckons in floating point, and nothing else does: it chooses figures, and the end of a range that it gives is
a sum of printed figures and halves of their steps, whole fen, which rounding to fen gives back. Its tolerance is
10⁻⁷ of this unit, 10⁻⁵ yuan; what a float can tell of amounts up to 10¹³ yuan is finer than a fen.
"""

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
) -> list[Cause] | None:
    """The smallest repairs of one component, one cause for each group of broken equations that share no cell.

    None where the program finds none in its time. `figures` holds every cell of the equations, None for a blank, which
    may be wrong too (a figure left out).
    """
    of_cell: dict[Address, list[Instance]] = {}
    for instance in equations:
        for address in dict.fromkeys(instance.addresses()):
            of_cell.setdefault(address, []).append(instance)
    causes: list[Cause] = []
    rest: list[Instance] = []
    for group in _sharing(failed):
        alone = _alone(group, of_cell, figures)
        if alone:
            causes.append(_single_cause(alone, group, equations, figures))
        else:
            rest.extend(group)
    if rest:
        several = _several(rest, equations, figures)
        if several is None:
            return None
        causes.append(several)
    return causes


def _sharing(failed: Sequence[Instance]) -> list[list[Instance]]:
    """Broken equations in groups that share cells."""
    return components(failed, failed)


def _alone(
    group: Sequence[Instance], of_cell: Mapping[Address, Sequence[Instance]], figures: Mapping[Address, Figure | None]
) -> list[tuple[Address, tuple[Decimal, Decimal]]]:
    """The cells each of which alone, corrected, makes all its equations hold, and what they must then lie between."""
    cells = set.intersection(*(set(instance.addresses()) for instance in group))
    found = []
    for cell in sorted(cells):
        spans = [needed_for(cell, instance, figures) for instance in of_cell[cell]]
        known = [span for span in spans if span is not None]
        if len(known) < len(spans) or not known:
            continue
        low, high = max(span[0] for span in known), min(span[1] for span in known)
        printed = figures.get(cell)
        # Amounts of accounts are seldom below nought: a repair that needs one is looked at with all the others.
        if low <= high and (high >= 0 or (printed is not None and printed.value < 0)):
            found.append((cell, (low, high)))
    return found


def _single_cause(
    alone: Sequence[tuple[Address, tuple[Decimal, Decimal]]],
    group: Sequence[Instance],
    equations: Sequence[Instance],
    figures: Mapping[Address, Figure | None],
) -> Cause:
    (address, span), *others = alone
    if others:
        return Cause((address,), (span,), tuple(group), tuple((other,) for other, _ in others[:ALTERNATIVES]))
    if any(figure is not None and figure.resolution for figure in figures.values()):
        # The rounding of all together leaves less room than that of each equation by itself.
        near = _around(group, equations)
        span = _Program(near, figures, frozenset([address])).span(address, frozenset([address])) or span
    return Cause((address,), (span,), tuple(group))


def _around(failed: Sequence[Instance], equations: Sequence[Instance]) -> list[Instance]:
    """The equations that have a cell of the broken ones."""
    cells = {address for instance in failed for address in instance.addresses()}
    return [instance for instance in equations if not cells.isdisjoint(instance.addresses())]


def _several(
    failed: Sequence[Instance], equations: Sequence[Instance], figures: Mapping[Address, Figure | None]
) -> Cause | None:
    """The smallest repair that needs more than one figure: among the cells of the broken equations, else among all."""
    suspects = frozenset(address for instance in failed for address in instance.addresses())
    for near, cells in ((_around(failed, equations), suspects), (equations, None)):
        program = _Program(near, figures, cells)
        first = program.repair(())
        if first:
            return _cause(program, first, failed)
    return None


def _cause(program: _Program, first: frozenset[Address], failed: Sequence[Instance]) -> Cause:
    others: list[tuple[Address, ...]] = []
    excluded = [first]
    while len(others) < ALTERNATIVES:
        other = program.repair(tuple(excluded))
        if other is None or len(other) > len(first):
            break
        excluded.append(other)
        others.append(tuple(sorted(other)))
    addresses = tuple(sorted(first))
    # Where several repairs are as small, none is asserted, and what each figure would have to be is not asked.
    ranges = tuple(None if others else program.span(address, first) for address in addresses)
    broken = tuple(i for i in failed if set(i.addresses()) & {*first, *(a for other in others for a in other)})
    return Cause(addresses, ranges, broken, tuple(others))


class _Program:
    """The printed figures of some equations as a program; only `suspects` may be wrong, or all where None."""

    def __init__(
        self,
        equations: Sequence[Instance],
        figures: Mapping[Address, Figure | None],
        suspects: frozenset[Address] | None,
    ) -> None:
        self.cells = sorted({address for instance in equations for address in instance.addresses()})
        self.index = {address: n for n, address in enumerate(self.cells)}
        self.figures = figures
        self.equations = equations
        self.suspects = frozenset(self.cells) if suspects is None else suspects
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
        free = len(self.suspects) == size
        least = [-self.reach if value < 0 or free else 0.0 for value in values]
        lower = numpy.concatenate([least, numpy.zeros(size)])
        may = numpy.array([1.0 if cell in self.suspects else 0.0 for cell in self.cells])
        upper = numpy.concatenate([numpy.full(size, self.reach), may])
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
