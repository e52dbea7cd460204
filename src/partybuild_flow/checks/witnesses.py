"""Concrete facts for which conditions hold, found by trying; nothing is claimed that was not evaluated.

What tables and rule sets conclude is computed from the facts tried, so that an example never shows
an output that its own table would not give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from itertools import islice
from math import prod
from typing import Final, NamedTuple

from partybuild_flow.checks.boxes import Box, Region, TooManyBoxesError, common, meeting
from partybuild_flow.checks.concluded import concluded_type
from partybuild_flow.checks.conditions import Conditions, domain_of
from partybuild_flow.checks.ranges import ORDERED_KINDS, Line, Values
from partybuild_flow.checks.trees import Key, constants_of, walk
from partybuild_flow.checks.tried_values import USUAL, distinct, near, usual
from partybuild_flow.definition import Row, Table, Workflow
from partybuild_flow.facts import HOME, rules_read
from partybuild_flow.feel import (
    AMBIENT,
    ANY,
    BOOLEAN,
    DATETIME,
    Expression,
    Node,
    Type,
    Value,
    text_of,
)
from partybuild_flow.feel.tree import Filter, For, Name, Path, Quantified
from partybuild_flow.feel.types import Kind
from partybuild_flow.feel.values import kind_of
from partybuild_flow.messages import Phrase
from partybuild_flow.rules.reference import conclude_rule_set, conclude_table

MOST_TRIES: Final = 150
"""For one question."""
MOST_COST: Final = 10_000
"""For all questions about a workflow together: 1 is a try of some comparisons, about 30 µs."""
_COST_OF_LOOP: Final = 2_500
_TESTS_A_COST: Final = 20
MOST_CANDIDATES: Final = 9
_STRIDE: Final = 2_654_435_761
"""A prime larger than any number of candidates: steps of it visit every combination once, far apart."""
_AMBIENT: Final[Mapping[str, Type]] = {symbol.id: symbol.type for symbol in AMBIENT}
_DEADLINE: Final[Mapping[str, Type]] = {"due": DATETIME, "open": BOOLEAN}


class Slot(NamedTuple):
    """Something that may be chosen freely: a fact, or an entry of a fact that is a context."""

    fact: str
    entry: str = ""


Choice = Mapping[Slot, Value]
Told = tuple[str, ...] | Phrase


class Question(NamedTuple):
    """Settled conditions, the region where all may hold, fields that must not be null, and the proof.

    What the tables and rule sets of `given` conclude is chosen as freely as a field.
    """

    nodes: tuple[Node, ...]
    region: Region
    present: frozenset[str]
    holds: Callable[[Mapping[str, Value]], bool]
    given: frozenset[str] = frozenset()


class _Prepared(NamedTuple):
    """What is known of some conditions before the first try."""

    nodes: tuple[Node, ...]
    rules: tuple[str, ...]
    slots: tuple[Slot, ...]
    written: Mapping[Kind | None, list[Value]]
    cost: int


class Witnesses:
    """Finds facts of one workflow."""

    def __init__(self, workflow: Workflow, conditions: Conditions) -> None:
        self._workflow = workflow
        self._conditions = conditions
        self._rows: dict[str, tuple[Box, ...]] = {}
        self._trees: dict[str, tuple[Node, ...]] = {}
        self._left = MOST_COST
        self._prepared: tuple[Question, _Prepared] | None = None

    @property
    def spent(self) -> bool:
        """Whether the budget of all questions is spent."""
        return self._left <= 0

    def refill(self) -> None:
        """Give the questions that follow a budget of their own."""
        self._left = max(self._left, MOST_COST // 4)

    def find(self, question: Question) -> Choice | None:
        """Values for which the question's conditions hold; None if none were found within the budget."""
        prepared = self._prepare(question)
        rules, cost = prepared.rules, prepared.cost
        candidates = {slot: self._candidates(slot, prepared.written, question) for slot in prepared.slots}
        if not all(candidates.values()):
            return None
        seeds = [*question.region[:16], *self._seeds(question.region[:4], rules)]
        tried: set[str] = set()
        for choice in islice(self._choices(seeds, candidates), MOST_TRIES):
            told = repr(choice)
            if told not in tried:
                if self._left < cost:
                    self._left = 0
                    return None
                self._left -= cost
                tried.add(told)
                facts = self.facts(choice, rules)
                if facts is not None and question.holds(facts):
                    return choice
        return None

    def _prepare(self, question: Question) -> _Prepared:
        if self._prepared is not None:
            last, known = self._prepared
            if last.nodes is question.nodes and last.given == question.given:
                return known
        rules: dict[str, None] = {}
        nodes = self._expanded(question.nodes, rules, set(question.given))
        written: dict[Kind | None, list[Value]] = {}
        for node in nodes:
            for value in constants_of(node):
                written.setdefault(kind_of(value), []).append(value)
        tried = {kind: distinct(values) for kind, values in written.items()}
        slots = tuple(self._slots(nodes, question.given))
        known = _Prepared(nodes, tuple(rules), slots, tried, self._cost(nodes, rules))
        self._prepared = (question, known)
        return known

    def facts(self, choice: Choice, rules: Iterable[str]) -> dict[str, Value] | None:
        """All facts that follow from a choice; None if they cannot stand together."""
        facts: dict[str, Value] = {each.id: each.value for each in self._workflow.parameters.values()}
        for slot, value in choice.items():
            if slot.entry:
                facts[slot.fact] = {**(facts.get(slot.fact) or {}), slot.entry: value}  # type: ignore[dict-item]
            else:
                facts[slot.fact] = value
        _add_moments(facts)
        if not all(_possible(facts.get(deadline), facts.get("now")) for deadline in self._workflow.deadlines):
            return None
        for name in rules:
            table = self._workflow.tables.get(name)
            rules_of = self._workflow.rule_sets.get(name)
            said = conclude_table(table, facts) if table else conclude_rule_set(rules_of, facts)  # type: ignore[arg-type]
            if said.conflict:
                return None
            facts[name] = dict(said.outputs)
        return facts

    def directly(self, question: Question, choice: Choice) -> Choice:
        """A choice for which a question holds, told by what the question itself reads."""
        facts = self.facts(choice, self._prepare(question).rules) or {}
        direct = question._replace(given=frozenset((*self._workflow.tables, *self._workflow.rule_sets)))
        found: dict[Slot, Value] = {}
        for slot in self._prepare(direct).slots:
            value = facts.get(slot.fact)
            found[slot] = (
                (value.get(slot.entry) if isinstance(value, dict) else None) if slot.entry else value
            )
        return found

    def told(self, choice: Choice) -> Told:
        """A choice in words, such as `得分=90`, in file order; without any facts that nothing matters."""
        words = tuple(f"{self._name(slot)}={text_of(value)}" for slot, value in choice.items())
        return words or Phrase("in-any-case")

    def _cost(self, nodes: Sequence[Node], rules: Iterable[str]) -> int:
        """What one try costs; a condition that walks through a list may take as long as the evaluator lets it."""
        loops = any(isinstance(each, For | Quantified | Filter) for node in nodes for each in walk(node))
        tables = [self._workflow.tables[name] for name in rules if name in self._workflow.tables]
        tests = sum(len(table.rows) * len(table.inputs) for table in tables)
        return 1 + tests // _TESTS_A_COST + (_COST_OF_LOOP if loops else 0)

    def _name(self, slot: Slot) -> str:
        workflow = self._workflow
        parts = (workflow.fields, workflow.look_ups, workflow.deadlines, workflow.tables, workflow.rule_sets)
        name = next((part[slot.fact].name for part in parts if slot.fact in part), slot.fact)
        entries = {id_: written for written, id_ in self._whole(slot.fact).spellings.items()}
        return f"{name}.{entries.get(slot.entry, slot.entry)}" if slot.entry else name

    def _expanded(self, nodes: Sequence[Node], rules: dict[str, None], seen: set[str]) -> tuple[Node, ...]:
        """The conditions and all that is in the tables and rule sets they read; notes these in `rules`."""
        every = list(nodes)
        for name in _names_in(nodes):
            if name in seen or not (name in self._workflow.tables or name in self._workflow.rule_sets):
                continue
            seen.add(name)
            inner = self._expanded(self._trees_of(name), rules, seen)
            rules.setdefault(name)
            every += inner
        return tuple(every)

    def _trees_of(self, name: str) -> tuple[Node, ...]:
        if name not in self._trees:
            table = self._workflow.tables.get(name)
            expressions = _of_table(table) if table else _of_rules(self._workflow, name)
            self._trees[name] = tuple(self._conditions.settled(each.tree) for each in expressions)
        return self._trees[name]

    def _slots(self, nodes: Sequence[Node], given: frozenset[str]) -> list[Slot]:
        """What may be chosen, in file order."""
        workflow = self._workflow
        read = dict.fromkeys(_names_in(nodes))
        for name in [each for each in read if each in workflow.tables or each in workflow.rule_sets]:
            if name in given:
                continue
            read |= dict.fromkeys(sorted(rules_read(workflow, name)))
        entries = dict.fromkeys(
            Slot(each.source.id, each.entry)
            for node in nodes
            for each in walk(node)
            if isinstance(each, Path) and isinstance(each.source, Name)
        )
        slots: list[Slot] = []
        concluded = (name for name in (*workflow.tables, *workflow.rule_sets) if name in given)
        for fact in (*workflow.fields, *workflow.look_ups, *concluded, *workflow.deadlines, *_AMBIENT):
            if fact in read and not (fact == "today" and "now" in read):
                own = [slot for slot in entries if slot.fact == fact and self._type(slot).kind != "any"]
                slots += own if self._is_context(fact) and own else [Slot(fact)]
        return slots

    def _is_context(self, fact: str) -> bool:
        return fact in self._workflow.deadlines or (
            fact not in self._workflow.fields and self._whole(fact).kind == "context"
        )

    def _whole(self, fact: str) -> Type:
        """The type of a fact, not of an entry of it."""
        workflow = self._workflow
        rules = workflow.tables.get(fact) or workflow.rule_sets.get(fact)
        if rules is not None:
            return concluded_type(rules)
        if fact in workflow.look_ups:
            return workflow.look_ups[fact].type
        return workflow.fields[fact].type if fact in workflow.fields else _AMBIENT.get(fact, ANY)

    def _type(self, slot: Slot) -> Type:
        if slot.fact in self._workflow.deadlines:
            return _DEADLINE.get(slot.entry, ANY)
        whole = self._whole(slot.fact)
        return whole.entries.get(slot.entry, ANY) if slot.entry else whole

    def _candidates(
        self, slot: Slot, written: Mapping[Kind | None, list[Value]], question: Question
    ) -> list[Value]:
        """Values worth trying: those at the borders of the region and around the constants written."""
        of = self._type(slot)
        if of.kind == "list":
            items = [each for each in self._around(of.item or ANY, None, written) if each is not None]
            return [[], *([each] for each in items[:4]), items]
        found = [value for box in question.region[:16] for value in self._in_box(slot, box)]
        found += self._around(of, slot, written)
        values = distinct(value for value in found if value is not None)[:MOST_CANDIDATES]
        return values if slot.fact in question.present else [*values, None]

    def _in_box(self, slot: Slot, box: Box) -> list[Value]:
        values = box.get(_key_of(slot))
        return [] if values is None else self._samples(slot, values)

    def _samples(self, slot: Slot, values: Values) -> list[Value]:
        of = self._type(slot)
        if not isinstance(values, Line):
            return values.samples(of.values)
        return values.samples(of.kind, self._decimals(slot)) if of.kind in ORDERED_KINDS else []

    def _decimals(self, slot: Slot) -> int | None:
        return self._conditions.decimals(Name((0, 0), self._type(slot), slot.fact))

    def _around(
        self, of: Type, slot: Slot | None, constants: Mapping[Kind | None, list[Value]]
    ) -> list[Value]:
        field = self._workflow.fields.get(slot.fact) if slot else None
        domain = self._conditions.domains.get(_key_of(slot)) if slot else None
        domain = domain or domain_of(of, field)
        decimals = self._decimals(slot) if slot else None
        written = constants.get(of.kind, [])
        beside = near(written, of.kind)
        if of.kind in USUAL or of.kind == "context":
            return distinct([*written, *beside, usual(of)])
        narrowed = domain.on_grid(decimals) if isinstance(domain, Line) and decimals is not None else domain
        if isinstance(narrowed, Line):
            samples = narrowed.samples(of.kind, decimals) if of.kind in ORDERED_KINDS else []
        else:
            samples = narrowed.samples((True, False) if of.kind == "boolean" else of.values)
        if of.kind == "datetime":
            samples = [*samples, datetime(2024, 1, 1, 12, tzinfo=HOME)]
        return distinct(value for value in [*written, *beside, *samples] if narrowed.contains(value))

    def _seeds(self, region: Region, rules: Iterable[str]) -> Iterator[Box]:
        """The region with what rows of the tables read ask for: what leads to an output is not guessed."""
        for name in rules:
            if name in self._workflow.tables:
                for row in self._row_boxes(self._workflow.tables[name]):
                    yield from (both for box in region if (both := common(box, row)) is not None)

    def _row_boxes(self, table: Table) -> tuple[Box, ...]:
        if table.id not in self._rows:
            boxes: list[Box] = []
            for row in table.rows:
                try:
                    boxes += row_region(self._conditions, table, row)[:2]
                except TooManyBoxesError:
                    continue
            self._rows[table.id] = tuple(boxes)
        return self._rows[table.id]

    def _choices(self, seeds: Iterable[Box], candidates: Mapping[Slot, list[Value]]) -> Iterator[Choice]:
        slots = list(candidates)
        for box in seeds:
            sampled = {slot: self._in_box(slot, box) for slot in slots}
            yield {slot: (sampled[slot] or candidates[slot])[0] for slot in slots}
            yield {slot: (sampled[slot] or candidates[slot])[-1] for slot in slots}
        total = prod(len(values) for values in candidates.values())
        for number in range(total):
            place = number * _STRIDE % total
            choice: dict[Slot, Value] = {}
            for slot in slots:
                place, index = divmod(place, len(candidates[slot]))
                choice[slot] = candidates[slot][index]
            yield choice


def row_region(conditions: Conditions, table: Table, row: Row) -> Region:
    """Where all tests of a row hold. Raises TooManyBoxesError."""
    return meeting(conditions.where(each) for each in row_conditions(conditions, table, row))


def row_conditions(conditions: Conditions, table: Table, row: Row) -> tuple[Node, ...]:
    """The tests of a row, settled, each with its input in the place of what it tests."""
    return tuple(
        conditions.settled(test.tree, conditions.settled(tested.tree))
        for tested, test in zip(table.inputs, row.tests, strict=True)
        if test is not None
    )


def _key_of(slot: Slot) -> Key:
    name: Key = ("Name", slot.fact, False)
    return ("Path", name, ("str", slot.entry)) if slot.entry else name


def _names_in(nodes: Iterable[Node]) -> list[str]:
    names = (each.id for node in nodes for each in walk(node) if isinstance(each, Name) and not each.local)
    return list(dict.fromkeys(names))


def _of_table(table: Table) -> list[Expression]:
    return [*table.inputs, *(test for row in table.rows for test in row.tests if test)]


def _of_rules(workflow: Workflow, name: str) -> list[Expression]:
    rules = workflow.rule_sets[name].rules
    return [*(rule.when for rule in rules), *(each.value for rule in rules for each in rule.conclusions)]


def _add_moments(facts: dict[str, Value]) -> None:
    """`today` is the day of `now` on the civil clock."""
    now, today = facts.get("now"), facts.get("today")
    if isinstance(now, datetime):
        facts["today"] = now.astimezone(HOME).date()
    elif today is not None:
        facts["now"] = datetime.combine(today, time(12), tzinfo=HOME)  # type: ignore[arg-type]


def _possible(deadline: Value, now: Value) -> bool:
    """Whether a deadline's entries can be so: it is open until it is due."""
    if not isinstance(deadline, dict) or "due" not in deadline or "open" not in deadline:
        return True
    due, is_open = deadline["due"], deadline["open"]
    if isinstance(due, datetime) and isinstance(now, datetime):
        return is_open is (now < due)
    return True
