"""Changes as a reader may see them: rows and rules by their names and lines, personal values masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from partybuild_flow.analysis.populations.judge import CONFLICT
from partybuild_flow.analysis.populations.population import Population
from partybuild_flow.analysis.populations.questions import GUARD, Question, guard_of
from partybuild_flow.analysis.populations.report import Change, Effect, Moves
from partybuild_flow.case import Actor, Case
from partybuild_flow.definition import Workflow
from partybuild_flow.facts import Plan, plan
from partybuild_flow.facts.masking import MASK, STRANGER, hidden_names
from partybuild_flow.facts.quoting import expression_quotes, quoting_outputs
from partybuild_flow.feel import Value
from partybuild_flow.messages import SEPARATORS, Language, sentence
from partybuild_flow.units import Units

_NOBODY: Final = "\0"
"""Rows do not say who began a case, and no reader is called so: it would make him concerned."""
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Telling:
    """What one reader is told; a reader of None is the host, who sees everything."""

    def __init__(
        self,
        sides: tuple[Workflow, Workflow],
        questions: Sequence[Question],
        population: Population,
        reader: Actor | None,
        units: Units,
        language: Language,
    ) -> None:
        self._sides = sides
        self._questions = {each.id: each for each in questions}
        self._population = population
        self._reader = reader
        self._units = units
        self._language = language
        new = sides[1]
        personal = any(field.personal for side in sides for field in side.fields.values())
        self._plan: Plan | None = plan(new) if personal and reader is not None else None
        self._ids = {field.name: field.id for side in sides for field in side.fields.values()}
        self._masked = self._hidden({}, "", STRANGER) if self._plan else frozenset()
        self._personal_id = population.id is not None and self._is_masked(population.id)
        self._personal_unit = population.unit is not None and self._is_masked(population.unit)

    def _is_masked(self, heading: str) -> bool:
        return self._ids.get(heading, heading) in self._masked

    def _hidden(self, data: Mapping[str, Value], unit: str, reader: Actor) -> frozenset[str]:
        if self._plan is None:
            return frozenset()
        case = Case("", self._sides[1].id, "", "", unit, 0, data, {}, (), _NOBODY, _NEVER, "")
        old = {each.id for each in self._sides[0].fields.values() if each.personal} - self._plan.personal
        return hidden_names(self._plan, case, reader, self._units) | old

    def change(self, change: Change) -> Change:
        """The change as it is told."""
        question = self._questions[change.decision]
        hidden: frozenset[str] = frozenset()
        if self._plan is not None and self._reader is not None:
            data = {self._ids[name]: value for name, value in change.values.items()}
            hidden = self._hidden(data, change.unit, self._reader)
        values = {
            name: MASK if self._ids[name] in hidden and value is not None else value
            for name, value in change.values.items()
        }
        before, after = change.before, change.after
        if hidden and self._quotes(change.decision, change.output, hidden):
            before, after = MASK, MASK
        return Change(
            question.name,
            question.outputs[change.output],
            MASK if self._personal_id and self._reader is not None else change.case,
            MASK if self._personal_unit and self._reader is not None else change.unit,
            self._outcome(before),
            self._outcome(after),
            self._fired(0, change.decision, change.fired_before),
            self._fired(1, change.decision, change.fired_after),
            values,
        )

    def effect(self, effect: Effect, question: Question, output: str) -> Effect:
        """The counts as they are told: outcomes that repeat personal values are one."""
        masked = bool(self._masked) and self._quotes(question.id, output, self._masked)
        groups = {
            dimension: {value: self._moves(moves, masked=masked) for value, moves in values.items()}
            for dimension, values in effect.groups.items()
        }
        return Effect(
            effect.decision,
            effect.kind,
            effect.output,
            self._moves(effect.moves, masked=masked),
            groups,
            effect.by_engine,
            effect.left_out,
        )

    def _moves(self, moves: Moves, *, masked: bool) -> Moves:
        found: dict[tuple[Value, Value], int] = {}
        for (before, after), count in moves.items():
            pair = (self._outcome(before), self._outcome(after))
            if masked:
                pair = (MASK, MASK if before == after else f"{MASK} ")
            found[pair] = found.get(pair, 0) + count
        return found

    def _outcome(self, value: Value) -> Value:
        return sentence("command.impact.conflict", self._language, {}) if value == CONFLICT else value

    def _quotes(self, decision: str, output: str, hidden: frozenset[str]) -> bool:
        for side in self._sides:
            guard = guard_of(side, decision)
            if guard is not None:
                if output == GUARD and expression_quotes(side, guard, frozenset()):
                    return True
            elif output in quoting_outputs(side, decision, hidden):
                return True
        return False

    def _fired(self, side: int, decision: str, fired: str) -> str:
        """Rows and rules by number or name, with their lines."""
        workflow = self._sides[side]
        told: list[str] = []
        guard = guard_of(workflow, decision)
        if guard is not None:
            return guard.text
        if decision in workflow.tables:
            lines = {str(row.number): row.position.line for row in workflow.tables[decision].rows}
            rows = [{"row": each, "line": lines[each]} for each in fired.split(",") if each]
            told += [sentence("command.impact.row", self._language, row) for row in rows]
        else:
            rules = {rule.id: rule for rule in workflow.rule_sets[decision].rules}
            found = [rules[each] for each in fired.split(",") if each]
            told += [
                sentence(
                    "command.impact.rule",
                    self._language,
                    {"rule": each.name, "line": each.position.line},
                )
                for each in found
            ]
        return SEPARATORS[self._language].join(told)
