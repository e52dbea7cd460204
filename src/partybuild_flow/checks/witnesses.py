"""Concrete facts for which conditions hold, found by trying; nothing is claimed that was not evaluated.

What tables and rule sets conclude is computed from the facts tried, so that an example never shows
an output that its own table would not give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import islice
from math import prod
from typing import Any, Final, NamedTuple

from partybuild_flow.checks.boxes import Box, Region, TooManyBoxesError, common, meeting
from partybuild_flow.checks.conditions import Conditions, domain_of
from partybuild_flow.checks.ranges import ORDERED_KINDS, Line, Values
from partybuild_flow.checks.trees import Key, constants_of, walk
from partybuild_flow.definition import Row, Table, Workflow
from partybuild_flow.facts import HOME, rules_read
from partybuild_flow.feel import AMBIENT, BOOLEAN, DATETIME, Expression, Node, Type, Value, text_of
from partybuild_flow.feel.tree import Filter, For, Name, Path, Quantified
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
_STEPS: Final[Mapping[str, Any]] = {
    "number": 1,
    "date": timedelta(days=1),
    "datetime": timedelta(hours=1),
    "duration": timedelta(hours=1),
}
_AMBIENT: Final[Mapping[str, Type]] = {symbol.id: symbol.type for symbol in AMBIENT}
_DEADLINE: Final[Mapping[str, Type]] = {"due": DATETIME, "open": BOOLEAN}


class Slot(NamedTuple):
    """Something that may be chosen freely: a fact, or an entry of a fact that is a context."""

    fact: str
    entry: str = ""


Choice = Mapping[Slot, Value]
Told = tuple[str, ...] | Phrase


class Question(NamedTuple):
    """Settled conditions, the region where all may hold, fields that must not be null, and the proof."""

    nodes: tuple[Node, ...]
    region: Region
    present: frozenset[str]
    holds: Callable[[Mapping[str, Value]], bool]


class Witnesses:
    """Finds facts of one workflow."""

    def __init__(self, workflow: Workflow, conditions: Conditions) -> None:
        self._workflow = workflow
        self._conditions = conditions
        self._rows: dict[str, tuple[Box, ...]] = {}
        self._trees: dict[str, tuple[Node, ...]] = {}
        self._left = MOST_COST

    def find(self, question: Question) -> Choice | None:
        """Values for which the question's conditions hold; None if none were found within the budget."""
        rules: dict[str, None] = {}
        nodes = self._expanded(question.nodes, rules, set())
        slots = self._slots(nodes)
        candidates = {slot: self._candidates(slot, nodes, question) for slot in slots}
        if not all(candidates.values()):
            return None
        cost = self._cost(nodes, rules)
        seeds = [*question.region[:16], *self._seeds(question.region[:4], rules)]
        tried: set[str] = set()
        for choice in islice(self._choices(seeds, candidates), MOST_TRIES):
            told = repr(choice)
            if told not in tried:
                if self._left < cost:
                    return None
                self._left -= cost
                tried.add(told)
                facts = self.facts(choice, rules)
                if facts is not None and question.holds(facts):
                    return choice
        return None

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
        parts = (workflow.fields, workflow.look_ups, workflow.deadlines)
        name = next((part[slot.fact].name for part in parts if slot.fact in part), slot.fact)
        return f"{name}.{slot.entry}" if slot.entry else name

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

    def _slots(self, nodes: Sequence[Node]) -> list[Slot]:
        """What may be chosen, in file order."""
        workflow = self._workflow
        read = dict.fromkeys(_names_in(nodes))
        for name in [each for each in read if each in workflow.tables or each in workflow.rule_sets]:
            read |= dict.fromkeys(sorted(rules_read(workflow, name)))
        entries = dict.fromkeys(
            Slot(each.source.id, each.entry)
            for node in nodes
            for each in walk(node)
            if isinstance(each, Path) and isinstance(each.source, Name)
        )
        slots: list[Slot] = []
        for fact in (*workflow.fields, *workflow.look_ups, *workflow.deadlines, *_AMBIENT):
            if fact in read and not (fact == "today" and "now" in read):
                own = [slot for slot in entries if slot.fact == fact and self._type(slot).kind != "any"]
                slots += own if self._is_context(fact) and own else [Slot(fact)]
        return slots

    def _is_context(self, fact: str) -> bool:
        look_up = self._workflow.look_ups.get(fact)
        return fact in self._workflow.deadlines or (look_up is not None and look_up.type.kind == "context")

    def _type(self, slot: Slot) -> Type:
        workflow = self._workflow
        if slot.fact in workflow.fields:
            return workflow.fields[slot.fact].type
        if slot.fact in workflow.deadlines:
            return _DEADLINE.get(slot.entry, Type("any"))
        if slot.fact in workflow.look_ups:
            answer = workflow.look_ups[slot.fact].type
            return answer.entries.get(slot.entry, Type("any")) if slot.entry else answer
        return _AMBIENT.get(slot.fact, Type("any"))

    def _candidates(self, slot: Slot, nodes: Sequence[Node], question: Question) -> list[Value]:
        """Values worth trying: those at the borders of the region and around the constants written."""
        of = self._type(slot)
        if of.kind == "list":
            items = [each for each in self._around(of.item or Type("any"), None, nodes) if each is not None]
            return [[], *([each] for each in items[:4]), items]
        found = [value for box in question.region[:16] for value in self._in_box(slot, box)]
        found += self._around(of, slot, nodes)
        distinct = _distinct(value for value in found if value is not None)[:MOST_CANDIDATES]
        return distinct if slot.fact in question.present else [*distinct, None]

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

    def _around(self, of: Type, slot: Slot | None, nodes: Sequence[Node]) -> list[Value]:
        field = self._workflow.fields.get(slot.fact) if slot else None
        domain = domain_of(of, field)
        decimals = self._decimals(slot) if slot else None
        written: list[Any] = [
            value for node in nodes for value in constants_of(node) if kind_of(value) == of.kind
        ]
        near = _near(written, of.kind)
        narrowed = domain.on_grid(decimals) if isinstance(domain, Line) and decimals is not None else domain
        if isinstance(narrowed, Line):
            usual = narrowed.samples(of.kind, decimals) if of.kind in ORDERED_KINDS else []
        else:
            usual = narrowed.samples((True, False) if of.kind == "boolean" else of.values)
        if of.kind == "datetime":
            usual = [*usual, datetime(2024, 1, 1, 12, tzinfo=HOME)]
        return _distinct(value for value in [*written, *near, *usual] if narrowed.contains(value))

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


def _near(written: Iterable[Any], kind: str) -> list[Value]:
    """What lies one step beside each of these."""
    found: list[Value] = []
    step = _STEPS.get(kind)
    for value in written if step is not None else ():
        try:
            found += [value + step, value - step]
        except (OverflowError, ArithmeticError):
            continue  # nothing lies beyond the end of the calendar
    return found


def _distinct(values: Iterable[Value]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


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
