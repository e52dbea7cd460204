"""Rule sets: derived facts, their types, and the strata in which rules may read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from partybuild_flow.definition import Output, Rule, RuleSet, Setting
from partybuild_flow.feel import ANY, BOOLEAN, Expression, Scope, Symbol, Type
from partybuild_flow.reader.expressions import read_expression
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_tables import (
    Outputs,
    declared_outputs,
    read_defaults,
    read_examples,
    told_by,
)
from partybuild_flow.reader.resolve_transitions import read_pair
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import WrittenOutput, WrittenRule, WrittenRuleSet


class _Read(NamedTuple):
    """A rule with its expressions; `reads` and `sets` are derived facts."""

    written: WrittenRule
    id: str
    when: Expression | None
    conclusions: tuple[tuple[Scalar, str, Expression], ...]
    reads: set[str]
    sets: tuple[str, ...]


def read_rule_set(
    written: WrittenRuleSet, id_: str, scope: Scope, facts: Names, findings: Findings
) -> RuleSet:
    """The rule set, its rules in strata; what has problems is left out of it."""
    outputs = declared_outputs(_derived(written), findings, readable=True)
    clashing = _check_apart(outputs, facts, findings)
    rules = list(_rules(_rule_ids(written.rules, findings), outputs, _inside(scope, outputs), findings))
    strata = None if clashing else _strata(rules, outputs.names, findings)
    if strata is not None and any(outputs.types[read] is None for rule in rules for read in rule.reads):
        strata = _again(strata, outputs, scope, findings)
    elif strata is None:
        strata = [rules]
    defaults = read_defaults(written.default, outputs, scope, findings)
    found = []
    for output, part in outputs.parts.items():
        values = _values(output, strata)
        if output not in defaults and not _concluded(part, written.rules):
            findings.add(part.name.problem("PF309", output=part.name.text))
        values += [defaults[output]] if output in defaults else []
        found.append(
            Output(
                position=part.name.position,
                id=output,
                name=part.name.text,
                type=outputs.types[output] or told_by(part, values, findings),
                default=defaults.get(output),
            )
        )
    return RuleSet(
        position=written.rule_set.position,
        id=id_,
        name=written.rule_set.text,
        first=written.first,
        outputs=tuple(found),
        strata=tuple(tuple(_made(stratum)) for stratum in strata),
        examples=tuple(read_examples(written.examples, found, outputs.names, scope, findings)),
    )


def _derived(written: WrittenRuleSet) -> list[WrittenOutput]:
    """The outputs as written, and those that only a conclusion names."""
    known = {word.text for part in written.outputs for word in (part.name, part.id) if word}
    derived = list(written.outputs)
    for rule in written.rules:
        for pair in rule.conclude:
            if pair.key is not None and pair.key.text not in known:
                known.add(pair.key.text)
                derived.append(WrittenOutput.model_validate({"@node": pair.key, "@name": pair.key}))
    return derived


def _check_apart(outputs: Outputs, facts: Names, findings: Findings) -> bool:
    """Whether, after a problem, a derived fact has the name of a field or the like, though it is read by it."""
    clashing = False
    for part in outputs.parts.values():
        for word in (part.name, part.id):
            kind = facts.kind_of(word.text) if word else None
            if word is not None and kind is not None:
                findings.add(word.problem("PF316", name=word.text, other=kind))
                clashing = True
    return clashing


def _rule_ids(rules: Iterable[WrittenRule], findings: Findings) -> list[tuple[WrittenRule, str]]:
    names = Names(findings)
    found = ((rule, names.declare("part-rule", rule.name, rule.id)) for rule in rules)
    return [(rule, id_) for rule, id_ in found if id_ is not None]


def _inside(scope: Scope, outputs: Outputs, told: Mapping[str, Type] = MappingProxyType({})) -> Scope:
    """What rules read: the facts, and the derived facts with their written types or those told by rules."""
    types = {id_: type_ or told.get(id_, ANY) for id_, type_ in outputs.types.items()}
    apart = ((id_, part) for id_, part in outputs.parts.items() if scope.find(id_) is None)
    return scope.extended(Symbol(id_, (part.name.text,), types[id_]) for id_, part in apart)


def _rules(
    written: Iterable[tuple[WrittenRule, str]], outputs: Outputs, scope: Scope, findings: Findings
) -> Iterator[_Read]:
    for rule, id_ in written:
        when = read_expression(rule.when, scope, findings, BOOLEAN)
        conclusions = []
        for pair in rule.conclude:
            output = outputs.names.id_of(pair.key.text) if pair.key else None
            value = read_pair(pair, scope, findings, outputs.types.get(output or ""))
            if pair.key is not None and output is not None and value is not None:
                conclusions.append((pair.key, output, value))
        expressions = [when, *(value for _, _, value in conclusions)]
        reads = {read for expression in expressions if expression for read in expression.reads}
        sets = tuple(output for _, output, _ in conclusions)
        yield _Read(rule, id_, when, tuple(conclusions), reads & set(outputs.parts), sets)


def _strata(rules: list[_Read], names: Names, findings: Findings) -> list[list[_Read]] | None:
    """The rules by stratum, in file order within one; None, after a problem, if they need each other."""
    setters: dict[str, list[_Read]] = {}
    for rule in rules:
        for output in rule.sets:
            setters.setdefault(output, []).append(rule)
    levels: dict[str, int] = {}
    left = list(rules)
    while left:
        ready = [
            rule
            for rule in left
            if all(setter.id in levels for read in rule.reads for setter in setters.get(read, ()))
        ]
        if not ready:
            _tell_cycle(left, setters, names, findings)
            return None
        before = dict(levels)
        for rule in ready:
            below = [before[setter.id] + 1 for read in rule.reads for setter in setters.get(read, ())]
            levels[rule.id] = max(below, default=0)
        left = [rule for rule in left if rule.id not in levels]
    strata: list[list[_Read]] = [[] for _ in range(max(levels.values(), default=-1) + 1)]
    for rule in rules:
        strata[levels[rule.id]].append(rule)
    return strata


def _tell_cycle(
    left: list[_Read], setters: Mapping[str, list[_Read]], names: Names, findings: Findings
) -> None:
    """The shortest way round from the first rule that stands in a cycle."""
    waiting = {rule.id for rule in left}
    for rule in left:
        paths: list[tuple[_Read, tuple[str, ...]]] = [(rule, ())]
        seen: set[str] = set()
        while paths:
            at, facts = paths.pop(0)
            for read in sorted(at.reads):
                for setter in setters.get(read, ()):
                    path = (*facts, names.name(read))
                    if setter.id == rule.id:
                        shown = " ← ".join((path[-1], *path))
                        findings.add(
                            rule.written.name.problem("PF320", rule=rule.written.name.text, path=shown)
                        )
                        return
                    if setter.id in waiting and setter.id not in seen:
                        seen.add(setter.id)
                        paths.append((setter, path))


def _again(
    strata: list[list[_Read]], outputs: Outputs, scope: Scope, findings: Findings
) -> list[list[_Read]]:
    """The rules once more, stratum by stratum, now that those before tell the types of what they read."""
    told: dict[str, Type] = {}
    again: list[list[_Read]] = []
    for number, stratum in enumerate(strata):
        written = [(rule.written, rule.id) for rule in stratum]
        again.append(list(_rules(written, outputs, _inside(scope, outputs, told), findings)))
        later = {output for rest in strata[number + 1 :] for rule in rest for output in rule.sets}
        for output, part in outputs.parts.items():
            if output not in later and output not in told:
                told[output] = told_by(part, _values(output, again), Findings())
    return again


def _values(output: str, strata: Iterable[Iterable[_Read]]) -> list[Expression]:
    """Every expression that an output may get its value from."""
    return [
        value for rules in strata for rule in rules for _, each, value in rule.conclusions if each == output
    ]


def _concluded(part: WrittenOutput, rules: Iterable[WrittenRule]) -> bool:
    """Whether a rule concludes the output, even if its expression has a problem."""
    words = {word.text for word in (part.name, part.id) if word}
    return any(pair.key is not None and pair.key.text in words for rule in rules for pair in rule.conclude)


def _made(stratum: Iterable[_Read]) -> Iterator[Rule]:
    for rule in stratum:
        written = rule.written
        if rule.when is not None:
            yield Rule(
                position=written.name.position,
                id=rule.id,
                name=written.name.text,
                when=rule.when,
                conclusions=tuple(
                    Setting(position=key.position, field=output, value=value)
                    for key, output, value in rule.conclusions
                ),
                because=written.because.text if written.because else None,
            )
