"""One table as boxes: its rows, what its inputs may be, and facts that it was asked with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from partybuild_flow.checks.boxes import EVERYTHING, Box, Region, TooManyBoxesError, meeting
from partybuild_flow.checks.concluded import output_of
from partybuild_flow.checks.conditions import Conditions, domain_of
from partybuild_flow.checks.partition import Partition
from partybuild_flow.checks.ranges import ORDERED_KINDS, Line, Some, Values
from partybuild_flow.checks.trees import Key, constants_of, key_of, walk
from partybuild_flow.checks.witnesses import Choice, Question, Slot, Told, Witnesses, row_conditions
from partybuild_flow.definition import Row, Table, Workflow
from partybuild_flow.facts import rules_read
from partybuild_flow.feel import Node, Type, Value, evaluate
from partybuild_flow.feel.tree import Comparison, Name

Facts = Mapping[str, Value]


class RowSpace(NamedTuple):
    """A row with its conditions and where they hold; `known` is False where the budget was spent."""

    row: Row
    nodes: tuple[Node, ...]
    region: Region
    known: bool


class TableSpace:
    """What the checks of a table share."""

    def __init__(
        self, workflow: Workflow, conditions: Conditions, table: Table, witnesses: Witnesses
    ) -> None:
        self.table = table
        self._workflow = workflow
        self._conditions = conditions
        self._witnesses = witnesses
        self._names: dict[int, tuple[str, ...]] = {}
        self._columns: dict[Key, int] = {}
        self.rows = tuple(self._row(row) for row in table.rows)
        self.boxes: tuple[tuple[int, Box], ...] = tuple(
            (place, box) for place, each in enumerate(self.rows) for box in each.region
        )
        """The boxes of all rows, each with the place of its row."""

    def _row(self, row: Row) -> RowSpace:
        nodes = row_conditions(self._conditions, self.table, row)
        try:
            return RowSpace(row, nodes, meeting(self._conditions.where(node) for node in nodes), True)
        except TooManyBoxesError:
            return RowSpace(row, nodes, EVERYTHING, False)

    @cached_property
    def inputs(self) -> tuple[Node, ...]:
        """The inputs, settled."""
        return tuple(self._conditions.settled(each.tree) for each in self.table.inputs)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Everything that the table asks."""
        return (*self.inputs, *(node for each in self.rows for node in each.nodes))

    @cached_property
    def nullable(self) -> frozenset[Key]:
        """The things of which some row says what is to be when they are missing."""
        found: set[Key] = set()
        for each in self.rows:
            for node in each.nodes:
                if any(value is None for value in constants_of(node)):
                    found.update(key for key in _keys_below(node) if key in self._conditions.domains)
        return frozenset(found)

    def partition(self, *, null: bool) -> Partition:
        """The space of all that rows ask for; without `null` only where nothing is missing that no row expects to be."""
        asked = dict.fromkeys(key for _, box in self.boxes for key in box)
        keys = sorted(asked, key=self._column)
        domains = {key: self._conditions.domains[key] for key in keys}
        if not null:
            domains = {
                key: values if key in self.nullable else _present(key, values)
                for key, values in domains.items()
            }
        decimals = {key: self._conditions.decimals(self._conditions.nodes[key]) for key in keys}
        return Partition([box for _, box in self.boxes], domains, decimals)

    def from_steps(self, box: Box, *, told: bool = False) -> Box:
        """The same box with the numbers that its fields can have, or with ends as people write them."""
        found = dict(box)
        for key, values in box.items():
            decimals = self._conditions.decimals(self._conditions.nodes[key])
            if isinstance(values, Line):
                found[key] = values.rounder(decimals) if told else values.from_steps(decimals)
        return found

    def _column(self, key: Key) -> int:
        """The first input that is this thing, or else that has something to do with it."""
        if key not in self._columns:
            tested = [key_of(each) for each in self.inputs]
            below = {key_of(each) for each in walk(self._conditions.nodes[key])}
            parts = (place for place, each in enumerate(self.inputs) if below & set(map(key_of, walk(each))))
            self._columns[key] = tested.index(key) if key in tested else next(parts, len(tested))
        return self._columns[key]

    def named(self, key: Key) -> tuple[str, Type] | None:
        """What people call a thing that a box speaks of."""
        node = self._conditions.nodes[key]
        if isinstance(node, Name) and node.id in self._workflow.fields:
            return self._workflow.fields[node.id].name, node.type
        found = output_of(self._workflow, node)
        if found is not None:
            rules, output = found
            return output.name if isinstance(node, Name) else f"{rules.name}.{output.name}", node.type
        for tested, settled in zip(self.table.inputs, self.inputs, strict=True):
            if key_of(settled) == key:
                return tested.text, node.type
        return None

    # Examples

    def example(
        self, nodes: tuple[Node, ...], region: Region, holds: Callable[[Facts], bool], *, null: bool
    ) -> Told | None:
        """Facts in this region for which the proof holds; None if none were found.

        What other tables and rule sets conclude is computed from facts where these are found, or else
        chosen, if nothing else in the region depends on the same.
        """
        plain = self._plain_facts(nodes, region)
        if plain is not None and holds({**self._parameters, **{slot.fact: plain[slot] for slot in plain}}):
            return self._witnesses.told(plain)
        present = frozenset() if null else self._expected
        question = Question(nodes, region, present, holds)
        rules = frozenset(self._rules_in(nodes))
        choice = self._witnesses.find(question)
        if not rules:
            return None if choice is None else self._witnesses.told(choice)
        if choice is not None:
            return self._witnesses.told(self._witnesses.directly(question, choice))
        if not self._is_free(region):
            return None
        choice = self._witnesses.find(question._replace(given=rules))
        return None if choice is None else self._witnesses.told(choice)

    def _plain_facts(self, nodes: tuple[Node, ...], region: Region) -> Choice | None:
        """Fields with values of the first box, where nothing but fields is read and nothing is computed from them."""
        names = dict.fromkeys(name for node in nodes for name in self._names_of(node))
        fields, nodes_of = self._workflow.fields, self._conditions.nodes
        read = [name for name in names if name not in self._parameters]
        box = region[0]
        if not all(name in fields for name in read) or not all(
            isinstance(nodes_of[key], Name) for key in box
        ):
            return None
        choice: dict[Slot, Value] = {}
        for field in [fields[name] for name in fields if name in names]:
            key: Key = ("Name", field.id, False)
            values = box.get(key) or domain_of(field.type, field)
            if isinstance(values, Line) and field.type.kind in ORDERED_KINDS:
                decimals = self._conditions.decimals(Name((0, 0), field.type, field.id))
                choice[Slot(field.id)] = values.sample(field.type.kind, decimals)
            elif isinstance(values, Some) and field.type.kind in ("text", "boolean"):
                order = (True, False) if field.type.kind == "boolean" else field.type.values
                choice[Slot(field.id)] = values.samples(order)[0]
            else:
                return None
        return choice

    def _names_of(self, node: Node) -> tuple[str, ...]:
        if id(node) not in self._names:
            found = (each.id for each in walk(node) if isinstance(each, Name) and not each.local)
            self._names[id(node)] = tuple(dict.fromkeys(found))
        return self._names[id(node)]

    @cached_property
    def _parameters(self) -> dict[str, Value]:
        return {each.id: each.value for each in self._workflow.parameters.values()}

    def is_answered(self, facts: Facts) -> bool:
        """Whether no input is missing, but those of which a row says what is to be then."""
        return all(
            aware or evaluate(tested.tree, facts) is not None
            for tested, aware in zip(self.table.inputs, self._aware, strict=True)
        )

    @cached_property
    def _aware(self) -> tuple[bool, ...]:
        """For each input whether some row expects it to be missing."""
        return tuple(
            any(
                test is not None and any(value is None for value in constants_of(test.tree))
                for test in (row.tests[place] for row in self.table.rows)
            )
            for place in range(len(self.table.inputs))
        )

    @cached_property
    def _expected(self) -> frozenset[str]:
        """The fields that no row expects to be missing."""
        missing = {
            each.id
            for key in self.nullable
            for each in walk(self._conditions.nodes[key])
            if isinstance(each, Name)
        }
        return frozenset(self._workflow.fields) - missing

    def _rules_in(self, nodes: tuple[Node, ...]) -> Iterator[str]:
        every = (name for node in nodes for name in self._names_of(node))
        yield from (
            name for name in every if name in self._workflow.tables or name in self._workflow.rule_sets
        )

    def _is_free(self, region: Region) -> bool:
        """Whether in each box no two things depend on the same fact."""
        return all(self._is_apart(box) for box in region)

    def _is_apart(self, box: Box) -> bool:
        seen: set[str] = set()
        for key in box:
            names = {
                each.id
                for each in walk(self._conditions.nodes[key])
                if isinstance(each, Name) and not each.local
            }
            for name in tuple(names):
                if name in self._workflow.tables or name in self._workflow.rule_sets:
                    names |= rules_read(self._workflow, name)
            if not seen.isdisjoint(names):
                return False
            seen |= names
        return True


def _present(key: Key, values: Values) -> Values:
    """The values without null, and how two things stand to each other when neither is."""
    if key[0] == "related":
        return Some(frozenset("<=>"))
    return Line(values.pieces) if isinstance(values, Line) else Some(values.members, values.others)


def _keys_below(node: Node) -> Iterator[Key]:
    for each in walk(node):
        yield key_of(each)
        if isinstance(each, Comparison):
            one, other = sorted((key_of(each.left), key_of(each.right)), key=repr)
            yield ("related", one, other)
