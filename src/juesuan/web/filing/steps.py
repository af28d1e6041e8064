"""The way of a filing from draft to publication (申报流程): the table in steps.yaml, read once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import yaml

from juesuan.statute import Kind, load_deadlines


class FilingState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state: its Chinese title, whether the unit may edit, and the roles whose turn it is.

    One with a `switch` is only passed through where the bureau has switched it on for the year; else a filing goes on
    to the state `without`.
    """

    title: str
    editable: bool = False
    holders: tuple[str, ...] = ()
    switch: str = ""
    without: str = ""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_states": "from"}):
    """A step from one of the states `from_states` to another.

    `settles`: the account is compiled and must be final; `publishes`: it is published; `reason`: what must be given for
    it is called so; `held`: only those may take it whose turn it is; `apart`: steps on the same version that must
    have been taken by somebody else (职责分离). `brief` is its title without where it leads to.
    `corrects`: there is such a step only while a published version is being corrected.
    """

    title: str
    from_states: tuple[str, ...]
    to: str
    brief: str = ""
    note: str = ""
    settles: bool = False
    publishes: bool = False
    reason: str = ""
    held: bool = False
    apart: tuple[str, ...] = ()
    corrects: bool = False


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table. By what is disclosed (决算, 预算): `publication` is the deadline by kind of organisation,
    `approval` the event it runs from.
    """

    states: dict[str, FilingState]
    steps: dict[str, Step]
    approval: dict[Kind, str]
    publication: dict[Kind, dict[str, str]]

    def days(self, disclosed: Kind) -> dict[str, int]:
        """The days for publication after the bureau's approval, by kind of organisation."""
        deadlines, event = load_deadlines(), self.approval[disclosed]
        return {kind: deadlines.days(key, event) for kind, key in self.publication[disclosed].items()}

    def due(self, kind: str, approved: str, disclosed: Kind) -> str:
        """The last day for publication, from the day of approval (批复日期) in ISO; empty for none."""
        if not approved:
            return ""
        key, event = self.publication[disclosed][kind], self.approval[disclosed]
        return load_deadlines().last_day(key, date.fromisoformat(approved), event).isoformat()

    @property
    def switches(self) -> dict[str, str]:
        """What a bureau can switch on (保密审查 …), by the state that is then passed through."""
        return {key: state.switch for key, state in self.states.items() if state.switch}

    def target(self, key: str, switched: Collection[str]) -> str:
        """The state that the step `key` leads to where the states `switched` are passed through."""
        found = self.steps[key].to
        while self.states[found].switch and found not in switched:
            found = self.states[found].without
        return found

    def title_of(self, key: str, switched: Collection[str]) -> str:
        """The title of a step, which says where it leads to."""
        step, switch = self.steps[key], self.states[self.target(key, switched)].switch
        return f"{step.brief}，送{switch}" if switch and step.brief else step.title

    def final(self, state: str) -> bool:
        """Whether a filing in this state has been published by its last step."""
        return any(step.publishes and step.to == state for step in self.steps.values())

    def open_to(self, state: str, role: str, correcting: bool = False) -> list[str]:
        """The steps that lead out of `state` and that `role` may take if it has the right to.

        `correcting`: a published version is being corrected.
        """
        return [
            key for key, step in self.steps.items()
            if state in step.from_states and (not step.held or role in self.states[state].holders)
            and (correcting or not step.corrects)
        ]


@cache
def load_way() -> Way:
    """The table. Raises ValueError where a step names a state or another step that there is not."""
    way = msgspec.convert(yaml.safe_load((Path(__file__).parent / "steps.yaml").read_text(encoding="utf-8")), Way)
    named = {state for step in way.steps.values() for state in (*step.from_states, step.to)} - way.states.keys()
    named |= {state.without for state in way.states.values() if state.switch} - way.states.keys()
    named |= {step for plan in way.steps.values() for step in plan.apart} - way.steps.keys()
    if named:
        raise ValueError(f"steps.yaml: unknown states or steps {sorted(named)}")
    return way
