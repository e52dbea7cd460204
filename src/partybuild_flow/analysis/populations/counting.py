"""The counting of an edit's effect: what SQL surely knows, then, row by row, what it leaves to the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlglot import exp

from partybuild_flow.analysis.populations.judge import CONFLICT, Judge
from partybuild_flow.analysis.populations.population import Population, columns_in
from partybuild_flow.analysis.populations.questions import Question, needed_rules, reads_of
from partybuild_flow.analysis.populations.report import Change, Effect, Moves, same
from partybuild_flow.analysis.populations.statements import Answer, side_of
from partybuild_flow.analysis.populations.typed import typed_column
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.facts import UnfitError
from partybuild_flow.facts.forms import conversion
from partybuild_flow.feel import Value, term_of
from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.rules.sql import Code, Sql, surely

ROWS_AT_ONCE: Final = 10_000
Pair = tuple[Value, Value]


class Faulty(NamedTuple):
    """A cell that fits its field in neither definition."""

    row: int
    case: str
    column: str
    field: Field
    unfit: Any


UNFIT: Final = "？"
"""The group of cases whose value does not fit its field."""


class Dimension(NamedTuple):
    """What cases are grouped by: its name, its column, its field; units to so many levels."""

    name: str
    heading: str
    field: Field | None
    levels: int = 0


class Outcome(NamedTuple):
    """One output of one decision while it is counted."""

    question: Question
    output: str
    number: int
    before: Code | None
    after: Code | None
    answers: tuple[Answer, Answer]


class Counting:
    """One comparison: the definitions, the questions, the population, and what was counted so far."""

    def __init__(
        self,
        old: Workflow,
        new: Workflow,
        questions: Sequence[Question],
        population: Population,
        dimensions: Sequence[Dimension],
        constants: Mapping[str, Value],
        note: Callable[[str, int], None],
    ) -> None:
        self._sides = (old, new)
        self._questions = questions
        self._population = population
        self._dimensions = dimensions
        self._note = note
        self._ids = tuple(each.id for each in questions)
        self.missing: list[str] = []
        self.faults: list[Faulty] = []
        self._fields = self._fields_read()
        self._constants = tuple(self._constants_of(each, constants) for each in self._sides)
        self._judges = [
            Judge(each, self._ids, known) for each, known in zip(self._sides, self._constants, strict=True)
        ]
        self._moves: dict[int, Counter[Pair]] = {}
        self._groups: dict[tuple[int, str, Value], Counter[Pair]] = {}
        self.outcomes: list[Outcome] = []
        self._by_engine: Counter[int] = Counter()
        self.cases = 0

    def _fields_read(self) -> dict[str, tuple[str, tuple[Field, ...]]]:
        """By id the column and the field, in one definition or both, of everything that decisions read."""
        found: dict[str, tuple[str, tuple[Field, ...]]] = {}
        for side in self._sides:
            for id_ in needed_rules(side, self._ids):
                for read in sorted(reads_of(side, id_)):
                    fields = tuple(each.fields[read] for each in self._sides if read in each.fields)
                    heading = self._population.heading_of(fields)
                    if heading is not None:
                        found[read] = (heading, fields)
                    elif (
                        read not in side.tables and read not in side.rule_sets and read not in side.parameters
                    ):
                        self.missing.append(fields[0].name if fields else self._name(side, read))
        self.missing = [each for each in dict.fromkeys(self.missing) if each not in ("now", "today")]
        return found

    @staticmethod
    def _name(side: Workflow, read: str) -> str:
        for named in (side.relations, side.look_ups, side.deadlines):
            if read in named:
                return named[read].name
        return read

    def _constants_of(self, side: Workflow, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Parameters, the time, and null for whatever the cases do not hold."""
        known: dict[str, Value] = {}
        for id_ in needed_rules(side, self._ids):
            for read in reads_of(side, id_):
                if read not in self._fields and read not in side.tables and read not in side.rule_sets:
                    known[read] = None
        return known | {each.id: each.value for each in side.parameters.values()} | dict(given)

    def run(self, keep: Callable[[Change], None]) -> None:
        """Count, and hand over every change."""
        select, outcomes = self._judged()
        population = self._population
        source: Sql = select.subquery("judged")
        if population.materialised:
            self._note("judge", 0)
            created = exp.Create(this=exp.to_table("judged"), kind="TABLE", expression=select)
            population.connection.execute(created.sql(dialect=population.dialect))
            source = exp.to_table("judged")
        counted = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(source.copy())
        self.cases = int(next(population.rows(counted))[0])
        for each in outcomes:
            self._count(each, source)
            for change in self._changed(each, source):
                keep(change)
        self._by_row(outcomes, source, keep)

    def effects(self) -> tuple[Effect, ...]:
        """What was counted."""
        return tuple(self._effect(each) for each in self.outcomes)

    def _effect(self, outcome: Outcome) -> Effect:
        groups: dict[str, dict[str, Moves]] = {}
        for (number, dimension, value), moves in self._groups.items():
            if number == outcome.number:
                groups.setdefault(dimension, {})["" if value is None else str(value)] = _ordered(moves)
        left_out = dict.fromkeys(pair for answer in outcome.answers for pair in answer.left_out)
        return Effect(
            outcome.question.name,
            outcome.question.kind,
            outcome.question.outputs[outcome.output],
            _ordered(self._moves.get(outcome.number, Counter())),
            {name: dict(sorted(values.items())) for name, values in groups.items()},
            self._by_engine[outcome.number],
            tuple(left_out),
        )

    def _judged(self) -> tuple[exp.Select, list[Outcome]]:
        """The SELECT with everything that is asked later, one row a case."""
        population = self._population
        columns: dict[tuple[str, ...], Code] = {}
        doubts: dict[str, Sql] = {}
        typed: dict[str, Sql] = {}
        for id_, (heading, fields) in self._fields.items():
            raw = exp.column(heading, quoted=True)
            found = typed_column(
                raw,
                population.headings[heading],
                fields[-1],
                population.dialect,
                spreadsheet=population.spreadsheet,
            )
            if found is None or len({each.type.kind for each in fields}) > 1:
                continue
            typed[f"f:{id_}"] = found.sql
            columns[id_,] = found.code
            if found.doubt is not None:
                typed[f"d:{id_}"] = surely(found.doubt)
                doubts[id_] = exp.column(f"d:{id_}", quoted=True)
        source = self._numbered(typed)
        sides = [
            side_of(side, self._ids, columns, doubts, known, population.dialect, prefix)
            for side, known, prefix in zip(self._sides, self._constants, ("o:", "n:"), strict=True)
        ]
        for step in (step for side in sides for step in side.steps):
            added = [exp.alias_(sql, name, quoted=True) for name, sql in step.columns.items()]
            source = exp.select("*", *added).from_(source.subquery("s"))
        self.outcomes = self._outcomes_of(sides)
        raws = [exp.column(f"r:{each}", quoted=True) for each in self._headings()]
        selected: list[Sql] = [exp.column("n"), *raws]
        for each in self.outcomes:
            selected += _told(each)
        return exp.select(*selected).from_(source.subquery("s")), self.outcomes

    def _headings(self) -> list[str]:
        population = self._population
        headings = [heading for heading, _ in self._fields.values()]
        headings += [each.heading for each in self._dimensions]
        headings += [each for each in (population.id, population.unit) if each]
        return list(dict.fromkeys(headings))

    def _numbered(self, typed: Mapping[str, Sql]) -> exp.Select:
        number = exp.Window(this=exp.RowNumber())
        columns = [exp.alias_(sql, name, quoted=True) for name, sql in typed.items()]
        raw = columns_in(self._headings())
        return exp.select(exp.alias_(number, "n"), *raw, *columns).from_(self._population.relation)

    def _outcomes_of(self, sides: Sequence[Any]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for question in self._questions:
            answers = tuple(side.answers[question.id] for side in sides)
            for output in question.outputs:
                codes = [answer.outputs.get(output) for answer in answers]
                outcomes.append(Outcome(question, output, len(outcomes), codes[0], codes[1], answers))
        return outcomes

    def _count(self, outcome: Outcome, source: Sql) -> None:
        """The moves of the rows that SQL decides, in all and by each dimension."""
        if outcome.before is None or outcome.after is None:
            return
        pair: list[Sql] = [exp.column(f"b{outcome.number}"), exp.column(f"a{outcome.number}")]
        counted = exp.alias_(exp.Count(this=exp.Star()), "c")
        sure = exp.Not(this=exp.column(f"d{outcome.number}"))
        codes = (outcome.before, outcome.after)
        base = exp.select(*pair, counted).from_(source.copy()).where(sure.copy()).group_by(*pair)
        for before, after, count in self._population.rows(base):
            self._add(outcome, (_value(before, codes[0]), _value(after, codes[1])), count)
        for dimension in self._dimensions:
            column = exp.column(f"r:{dimension.heading}", quoted=True)
            grouped = exp.select(column, *pair, counted.copy()).from_(source.copy()).where(sure.copy())
            for value, before, after, count in self._population.rows(grouped.group_by(column.copy(), *pair)):
                key = (outcome.number, dimension.name, _group(value, dimension))
                move = (_value(before, codes[0]), _value(after, codes[1]))
                self._groups.setdefault(key, Counter())[move] += count

    def _add(self, outcome: Outcome, pair: Pair, count: int) -> None:
        self._moves.setdefault(outcome.number, Counter())[pair] += count

    def _changed(self, outcome: Outcome, source: Sql) -> Iterator[Change]:
        """The rows that SQL decides otherwise now, with what the decision read."""
        if outcome.before is None or outcome.after is None:
            return
        n = outcome.number
        raws = [exp.column(f"r:{each}", quoted=True) for each in self._headings()]
        moved = exp.NullSafeNEQ(this=exp.column(f"b{n}"), expression=exp.column(f"a{n}"))
        select = (
            exp.select(exp.column("n"), *raws, *(exp.column(f"{each}{n}") for each in ("b", "a", "x", "y")))
            .from_(source.copy())
            .where(exp.And(this=exp.Not(this=exp.column(f"d{n}")), expression=moved))
        )
        for number, *cells, before, after, fired_before, fired_after in self._population.rows(select):
            row = dict(zip(self._headings(), cells, strict=True))
            pair = (_value(before, outcome.before), _value(after, outcome.after))
            yield self._change(outcome, number, row, pair, (fired_before or "", fired_after or ""))

    def _change(
        self, outcome: Outcome, number: int, row: Mapping[str, Any], pair: Pair, fired: tuple[str, str]
    ) -> Change:
        population, question = self._population, outcome.question
        reads = {read for side in self._sides for read in reads_of(side, question.id)}
        case = str(row[population.id]) if population.id else str(number)
        values = {
            fields[-1].name: row[heading] for id_, (heading, fields) in self._fields.items() if id_ in reads
        }
        unit = str(row[population.unit] or "") if population.unit else ""
        return Change(question.id, outcome.output, case, unit, pair[0], pair[1], fired[0], fired[1], values)

    def _by_row(self, outcomes: Sequence[Outcome], source: Sql, keep: Callable[[Change], None]) -> None:
        """What SQL left open, decided by the engine."""
        if not outcomes:
            return
        open_ones = [exp.column(f"d{each.number}") for each in outcomes]
        raws = [exp.column(f"r:{each}", quoted=True) for each in self._headings()]
        select = (
            exp.select(exp.column("n"), *raws, *open_ones)
            .from_(source.copy())
            .where(exp.or_(*(each.copy() for each in open_ones)))
        )
        for done, (number, *cells) in enumerate(self._population.rows(select), 1):
            if done % ROWS_AT_ONCE == 0:
                self._note("engine", done)
            width = len(raws)
            row = dict(zip(self._headings(), cells[:width], strict=True))
            facts = self._facts(number, row)
            verdicts = [judge.verdicts(facts) for judge in self._judges]
            for outcome, is_open in zip(outcomes, cells[width:], strict=True):
                if is_open:
                    self._decided(outcome, number, row, verdicts, keep)

    def _decided(
        self,
        outcome: Outcome,
        number: int,
        row: Mapping[str, Any],
        verdicts: Sequence[Mapping[str, Any]],
        keep: Callable[[Change], None],
    ) -> None:
        before, after = (each[outcome.question.id] for each in verdicts)
        pair = (_hashable(before.outputs[outcome.output]), _hashable(after.outputs[outcome.output]))
        self._by_engine[outcome.number] += 1
        self._add(outcome, pair, 1)
        for dimension in self._dimensions:
            key = (outcome.number, dimension.name, _group(row[dimension.heading], dimension))
            self._groups.setdefault(key, Counter())[pair] += 1
        if not same(*pair):
            fired = (",".join(before.fired), ",".join(after.fired))
            keep(self._change(outcome, number, row, pair, fired))

    def _facts(self, number: int, row: Mapping[str, Any]) -> dict[str, Value]:
        """The row's values, as the engine takes what people send; what does not fit is a fault."""
        population = self._population
        if population.recall is not None and population.id is not None:
            known = population.recall(str(row[population.id]))
            return {id_: known.get(id_) for id_ in self._fields}
        facts: dict[str, Value] = {}
        for id_, (heading, fields) in self._fields.items():
            unfit: Any = None
            for field in reversed(fields):
                try:
                    facts[id_] = conversion(field)(population.sent(field, row[heading]))
                    break
                except UnfitError as error:
                    unfit = error.unfit
            else:
                facts[id_] = None
                case = str(row[population.id]) if population.id else str(number)
                self.faults.append(Faulty(number, case, heading, fields[-1], unfit))
        return facts


def _told(outcome: Outcome) -> list[Sql]:
    """What is asked of an outcome: before, after, whether the engine decides, and what fired."""
    n = outcome.number
    old, new = outcome.answers
    doubts = [each.doubt for each in (old, new) if each.doubt is not None]
    doubt: Sql = surely(exp.or_(*(each.copy() for each in doubts))) if doubts else exp.false()
    if outcome.before is None or outcome.after is None:
        nothing = exp.Cast(this=exp.null(), to=exp.DataType.build("text"))
        parts: list[Sql] = [nothing, nothing.copy(), exp.true(), nothing.copy(), nothing.copy()]
    else:
        fired = [exp.Cast(this=each.fired.copy(), to=exp.DataType.build("text")) for each in (old, new)]
        parts = [outcome.before.sql.copy(), outcome.after.sql.copy(), doubt, *fired]
    return [
        exp.alias_(part, f"{name}{n}") for part, name in zip(parts, ("b", "a", "d", "x", "y"), strict=True)
    ]


def plain_number(value: Decimal) -> Decimal:
    """The number without trailing zeros, and without an exponent."""
    digits = NUMBERS.normalize(value)
    return digits if int(digits.as_tuple().exponent) <= 0 else digits.quantize(Decimal(1), context=NUMBERS)


def _value(found: Any, code: Code) -> Value:
    if found is None:
        return None
    if code.kind == "number":
        return plain_number(Decimal(found))
    if code.kind == "term":
        return term_of(found)
    if code.kind == "duration":
        return timedelta(microseconds=int(found))
    return str(found) if isinstance(found, list) else found


def _hashable(value: Value) -> Value:
    """An outcome that can be counted: numbers without trailing zeros, lists and contexts as text."""
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return str(value) if isinstance(value, list | dict) else value


def _group(value: Any, dimension: Dimension) -> Value:
    if value is None or dimension.field is None:
        return "/".join(value.split("/")[: dimension.levels or None]) if isinstance(value, str) else value
    try:
        return str(conversion(dimension.field)(value))
    except UnfitError:
        # It may be anything, somebody's name in a column of choices for instance.
        return UNFIT


def _ordered(moves: Counter[Pair]) -> Moves:
    """The most frequent first."""
    return dict(moves.most_common())


__all__ = ["CONFLICT", "Counting", "Dimension", "Faulty", "Outcome"]
