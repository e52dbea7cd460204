"""What an edit does to cases: how many go from which outcome to which, and which ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from partybuild_flow.feel import Value

Moves: TypeAlias = Mapping[tuple[Value, Value], int]
"""How many cases had the first outcome before and have the second one after."""


class Change(NamedTuple):
    """A case whose outcome changes, with what the decision read of it and the rows or rules that held."""

    decision: str
    output: str
    case: str
    unit: str
    before: Value
    after: Value
    fired_before: str
    fired_after: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Effect:
    """One output of one decision. `groups` are the moves by the value of a field, or by the unit."""

    decision: str
    kind: str
    output: str
    moves: Moves
    groups: Mapping[str, Mapping[str, Moves]]
    by_engine: int
    left_out: tuple[tuple[str, str], ...]
    """What SQL could not say exactly: the reason's code and the words of the definition."""

    @property
    def changed(self) -> int:
        """How many cases change."""
        return sum(count for (before, after), count in self.moves.items() if not same(before, after))


@dataclass(frozen=True, slots=True)
class Impact:
    """What an edit does. `changes` are the first ones; all of them stand in the files that were asked for."""

    old: str
    new: str
    cases: int
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    """What decisions read and the cases do not hold: taken as missing."""
    seconds: float

    @property
    def changed(self) -> int:
        """How many outcomes change, of all decisions together."""
        return sum(each.changed for each in self.effects)

    def as_json(self) -> dict[str, Any]:
        """The report under its keys, ready for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "cases": self.cases,
            "changed": self.changed,
            "decisions": [_effect_record(each) for each in self.effects],
            "changes": [each._asdict() for each in self.changes],
            "same": list(self.same),
            "removed": list(self.removed),
            "added": list(self.added),
            "missing": list(self.missing),
            "seconds": round(self.seconds, 3),
        }


def same(before: Value, after: Value) -> bool:
    """Whether two outcomes are one; true is not 1, as it is in Python."""
    return before == after and isinstance(before, bool) is isinstance(after, bool)


def _effect_record(effect: Effect) -> dict[str, Any]:
    return {
        "decision": effect.decision,
        "kind": effect.kind,
        "output": effect.output,
        "changed": effect.changed,
        "matrix": _moves_record(effect.moves),
        "groups": {
            dimension: {value: _moves_record(moves) for value, moves in groups.items()}
            for dimension, groups in effect.groups.items()
        },
        "by_engine": effect.by_engine,
        "left_out": [{"reason": reason, "text": text} for reason, text in effect.left_out],
    }


def _moves_record(moves: Moves) -> list[dict[str, Any]]:
    return [{"before": before, "after": after, "count": count} for (before, after), count in moves.items()]
