"""Decision tables: inputs, outputs, rows and examples. Source: DMN 1.5, clause 8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from partybuild_flow.definition import Example, Output, Row, Table
from partybuild_flow.feel import ANY, Expression, Scope, Type, Value, choice_of, context_of, tree
from partybuild_flow.feel.types import joined
from partybuild_flow.reader.expressions import read_expression, read_output, read_tests
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_fields import read_value, type_of, type_phrase
from partybuild_flow.reader.resolve_transitions import check_choice
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import Facts, Pair, WrittenOutput, WrittenTable


def declared_outputs(
    written: Iterable[WrittenOutput], findings: Findings, *, readable: bool = False
) -> tuple[Names, dict[str, WrittenOutput]]:
    """The names of outputs and what is written for each, by id."""
    names = Names(findings, readable=readable)
    found = {}
    for output in written:
        id_ = names.declare("part-output", output.name, output.id)
        if id_ is not None:
            found[id_] = output
    return names, found


def context_type(outputs: Iterable[Output]) -> Type:
    """The type of what a table or rule set concludes."""
    known = tuple(outputs)
    return context_of(
        {output.id: output.type for output in known},
        {output.name: output.id for output in known if output.name != output.id},
    )


def read_table(written: WrittenTable, id_: str, scope: Scope, findings: Findings) -> Table:
    """The table; what has problems is left out of it."""
    names, outputs = declared_outputs(written.outputs, findings)
    types = {output: type_of(part, findings) for output, part in outputs.items()}
    inputs = [read_expression(word, scope, findings) for word in written.inputs]
    rows = list(_rows(written, inputs, list(outputs), types, scope, findings))
    defaults = read_defaults(written.default, outputs, names, types, scope, findings)
    found = []
    for column, (output, part) in enumerate(outputs.items()):
        values = [row.values[column] for row in rows if column < len(row.values)]
        values += [defaults[output]] if output in defaults else []
        type_ = types[output] or told_by(part, values, findings)
        found.append(
            Output(
                position=part.name.position,
                id=output,
                name=part.name.text,
                type=type_,
                default=defaults.get(output),
            )
        )
    examples = read_examples(written.examples, found, names, scope, findings)
    return Table(
        position=written.table.position,
        id=id_,
        name=written.table.text,
        hit=written.hit,
        inputs=tuple(each for each in inputs if each),
        outputs=tuple(found),
        rows=tuple(rows),
        examples=tuple(examples),
    )


def _rows(
    written: WrittenTable,
    inputs: list[Expression | None],
    outputs: list[str],
    types: Mapping[str, Type | None],
    scope: Scope,
    findings: Findings,
) -> Iterator[Row]:
    expected = len(written.inputs) + len(written.outputs)
    for number, row in enumerate(written.rows, 1):
        if len(row.cells) != expected:
            counts = {"inputs": len(written.inputs), "outputs": len(written.outputs)}
            problem = row.node.problem("PF301", row=number, found=len(row.cells), expected=expected, **counts)
            findings.add(problem)
            continue
        tests = tuple(
            read_tests(cell, scope, findings, each.type if each else ANY)
            for cell, each in zip(row.cells, inputs, strict=False)
        )
        cells = zip(outputs, row.cells[len(inputs) :], strict=False)
        values = [_value(cell, types[output], scope, findings) for output, cell in cells]
        given = tuple(value for value in values if value)
        if len(given) == len(values):
            yield Row(position=row.node.position, number=number, tests=tests, values=given)


def _value(cell: Scalar, expected: Type | None, scope: Scope, findings: Findings) -> Expression | None:
    value = read_output(cell, scope, findings, expected)
    if value is not None and expected is not None:
        check_choice(cell, value, expected, findings)
    return value


def read_defaults(
    written: Iterable[Pair],
    outputs: Mapping[str, WrittenOutput],
    names: Names,
    types: Mapping[str, Type | None],
    scope: Scope,
    findings: Findings,
) -> dict[str, Expression]:
    """The default of each output, written with the output or apart."""
    found: dict[str, Expression] = {}
    words = {id_: part.default for id_, part in outputs.items() if part.default is not None}
    for pair in written:
        id_ = names.find(pair.key, "PF304") if pair.key else None
        if id_ is None or pair.key is None:
            continue
        if id_ in words:
            findings.add(pair.key.problem("PF251", word=pair.key.text))
        elif isinstance(pair.value, Scalar) and pair.value.text:
            words[id_] = pair.value
        else:
            findings.add(pair.key.problem("PF110", key=pair.key.text))
    for id_, word in words.items():
        value = _value(word, types[id_], scope, findings)
        if value is not None:
            found[id_] = value
    return found


def told_by(part: WrittenOutput, values: list[Expression], findings: Findings) -> Type:
    """The type of an output without a written one: that of its values, a choice if all are known texts."""
    texts = [value.tree.value for value in values if isinstance(value.tree, tree.Constant)]
    if values and len(texts) == len(values) and all(isinstance(text, str) for text in texts):
        return choice_of(tuple(dict.fromkeys(str(text) for text in texts)))
    found = values[0].type if values else ANY
    for value in values[1:]:
        wider = joined(found, value.type)
        if wider.kind == "any" and "any" not in (found.kind, value.type.kind):
            data = {"output": part.name.text, "one": type_phrase(found), "other": type_phrase(value.type)}
            findings.add(part.name.problem("PF314", **data))
            return ANY
        found = wider
    return found


def read_examples(
    written: Iterable[Facts], outputs: Iterable[Output], names: Names, scope: Scope, findings: Findings
) -> Iterator[Example]:
    """The examples of a table or rule set: names of its outputs say what is expected, the others what is given."""
    types = {output.id: output.type for output in outputs}
    for facts in written:
        given: dict[str, Value] = {}
        expected: dict[str, Value] = {}
        for pair in facts.pairs:
            output = names.id_of(pair.key.text) if pair.key else None
            if output is not None and output in types:
                expected[output] = read_value(pair.value, types[output], findings)
            elif pair.key is not None:
                _give(pair.key, pair, given, names, scope, findings)
        if not expected and not any(pair.key and pair.key.text in findings.broken for pair in facts.pairs):
            findings.add(facts.node.problem("PF315", outputs=tuple(names.name(id_) for id_ in names)))
        yield Example(position=facts.node.position, given=given, expected=expected)


def _give(
    key: Scalar, pair: Pair, given: dict[str, Value], names: Names, scope: Scope, findings: Findings
) -> None:
    """One fact of an example, or one entry of a fact, such as `办理.due`."""
    whole = scope.find(key.text)
    if whole is not None:
        given[whole.id] = read_value(pair.value, whole.type, findings)
        return
    name, _, entry = key.text.rpartition(".")
    part = scope.find(name) if name else None
    entry = part.type.spellings.get(entry, entry) if part else entry
    if part is not None and entry in part.type.entries:
        entries = given.setdefault(part.id, {})
        if isinstance(entries, dict):
            given[part.id] = {**entries, entry: read_value(pair.value, part.type.entries[entry], findings)}
        return
    if key.text not in findings.broken:
        known = [symbol.spellings[0] for symbol in scope.symbols]
        hint = hint_at(key.text, (*(names.name(id_) for id_ in names), *known))
        findings.add(key.problem("PF306", word=key.text, hint=hint))
