"""Decision tables: inputs, outputs, rows and examples. Source: DMN 1.5, clause 8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from partybuild_flow.definition import Example, Output, Parameter, Row, Table
from partybuild_flow.feel import (
    ANY,
    BOOLEAN,
    Expression,
    Scope,
    Symbol,
    Type,
    Value,
    choice_of,
    context_of,
    tree,
)
from partybuild_flow.feel.types import joined
from partybuild_flow.problems import Position
from partybuild_flow.reader.expressions import (
    READABLE,
    read_assigned,
    read_expression,
    read_output,
    read_tests,
)
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_fields import is_whole, read_value, type_of, type_phrase
from partybuild_flow.reader.text import AnyNode, Scalar
from partybuild_flow.reader.written import WrittenOutput, WrittenTable
from partybuild_flow.reader.written_form import Facts, Pair


class Outputs(NamedTuple):
    """The outputs of one table or rule set: names, what is written of each, written types."""

    names: Names
    parts: Mapping[str, WrittenOutput]
    types: Mapping[str, Type | None]


def declared_outputs(
    written: Iterable[WrittenOutput], findings: Findings, *, readable: bool = False
) -> Outputs:
    """The outputs by id; `readable` says that expressions read their bare names."""
    names = Names(findings, "outputs", "rules", readable=readable)
    found = {}
    for output in written:
        id_ = names.declare("part-output", output.name, output.id)
        if id_ is not None:
            found[id_] = output
    return Outputs(names, found, {id_: type_of(part, findings) for id_, part in found.items()})


def context_type(outputs: Iterable[Output]) -> Type:
    """The type of what a table or rule set concludes."""
    known = tuple(outputs)
    return context_of(
        {output.id: output.type for output in known},
        {output.name: output.id for output in known if output.name != output.id},
    )


def read_table(
    written: WrittenTable, id_: str, scope: Scope, findings: Findings, parameters: Iterable[Parameter] = ()
) -> Table:
    """The table; what has problems is left out of it. `parameters` are what `ensure` reads beside the outputs."""
    outputs = declared_outputs(written.outputs, findings)
    inputs = [read_expression(word, scope, findings) for word in written.inputs]
    whole = is_whole(written, "outputs", len(outputs.parts)) and is_whole(written, "inputs", len(inputs))
    rows = list(_rows(written, inputs, outputs, scope, findings)) if whole else []
    all_rows = is_whole(written, "rows", len(rows))
    defaults = read_defaults(written.default, outputs, scope, findings, cells=True)
    found = []
    for column, (output, part) in enumerate(outputs.parts.items()):
        values = [row.values[column] for row in rows]
        values += [defaults[output]] if output in defaults else []
        type_ = outputs.types[output] or (told_by(part, values, findings) if all_rows else ANY)
        found.append(
            Output(
                position=part.name.position,
                id=output,
                name=part.name.text,
                type=type_,
                default=defaults.get(output),
            )
        )
    return Table(
        position=written.table.position,
        id=id_,
        name=written.table.text,
        hit=written.hit,
        inputs=tuple(each for each in inputs if each),
        outputs=tuple(found),
        rows=tuple(rows),
        ensures=tuple(read_ensured(written.ensure, (*found, *parameters), findings)),
        examples=tuple(read_examples(written.examples, found, outputs.names, scope, findings)),
    )


def read_ensured(
    written: Iterable[Scalar], parts: Iterable[Output | Parameter], findings: Findings
) -> Iterator[tuple[Position, Expression]]:
    """The conditions of `ensure` about these parts; an output hides a parameter of the same name."""
    symbols: list[Symbol] = []
    taken: set[str] = set()
    for part in parts:
        if taken.isdisjoint((part.id, part.name)):
            taken |= {part.id, part.name}
            symbols.append(Symbol(part.id, (part.name,), part.type))
    scope = Scope(symbols)
    for word in written:
        condition = read_expression(word, scope, findings, BOOLEAN)
        if condition is not None:
            yield word.position, condition


def _rows(
    written: WrittenTable, inputs: list[Expression | None], outputs: Outputs, scope: Scope, findings: Findings
) -> Iterator[Row]:
    """The rows that are complete; an input that makes no sense is left out of each."""
    expected = len(written.inputs) + len(written.outputs)
    for number, row in enumerate(written.rows, 1):
        if len(row.cells) != expected:
            counts = {"inputs": len(written.inputs), "outputs": len(written.outputs)}
            findings.add(
                row.node.problem("PF301", row=number, found=len(row.cells), expected=expected, **counts)
            )
            continue
        tests = [
            read_tests(cell, scope, findings, each.type) if each else None
            for cell, each in zip(row.cells, inputs, strict=False)
        ]
        cells = zip(outputs.parts, row.cells[len(inputs) :], strict=False)
        values = [read_output(cell, scope, findings, outputs.types[output]) for output, cell in cells]
        given = tuple(value for value in values if value)
        if len(given) == len(values):
            yield Row(position=row.node.position, number=number, tests=tuple(tests), values=given)


def read_defaults(
    written: Iterable[Pair], outputs: Outputs, scope: Scope, findings: Findings, *, cells: bool = False
) -> dict[str, Expression]:
    """The default of each output that has one, written with the output or apart; `cells`: like an output cell."""
    read = read_output if cells else read_assigned
    words = {id_: part.default for id_, part in outputs.parts.items() if part.default is not None}
    for pair in written:
        id_ = outputs.names.find(pair.key, "PF304") if pair.key else None
        if id_ is None or pair.key is None:
            continue
        if id_ in words:
            findings.add(pair.key.problem("PF251", word=pair.key.text))
        elif isinstance(pair.value, Scalar) and pair.value.text:
            words[id_] = pair.value
        else:
            findings.add(pair.key.problem("PF110", key=pair.key.text))
    found = {id_: read(word, scope, findings, outputs.types[id_]) for id_, word in words.items()}
    return {id_: value for id_, value in found.items() if value is not None}


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
    """The examples of a table or rule set: what a name of an output says is expected, the rest is given."""
    types = {output.id: output.type for output in outputs}
    for facts in written:
        given: dict[str, Value] = {}
        expected: dict[str, Value] = {}
        unknown = False
        for key, value in facts.pairs:
            output = names.id_of(key.text) if key else None
            if output is not None and output in types:
                expected[output] = read_value(value, types[output], findings)
            elif key is not None:
                path = _path(key, names, scope, findings)
                unknown = unknown or path is None
                if path is not None:
                    _give(given, path, value, findings)
        if (
            not expected
            and not unknown
            and not any(key and key.text in findings.broken for key, _ in facts.pairs)
        ):
            findings.add(facts.node.problem("PF315", outputs=tuple(names.name(id_) for id_ in names)))
        yield Example(position=facts.node.position, given=given, expected=expected)


def _path(key: Scalar, names: Names, scope: Scope, findings: Findings) -> tuple[Symbol, str | None] | None:
    """The fact that an example names, or the entry of a fact, such as `办理.到期`."""
    whole = scope.find(key.text)
    if whole is not None:
        return whole, None
    name, _, written = key.text.rpartition(".")
    part = scope.find(name.strip()) if name else None
    entry = part.type.spellings.get(written.strip(), written.strip()) if part else ""
    if part is not None and (entry in part.type.entries or part.type.kind == "any"):
        return part, entry
    if findings.lost(*READABLE):
        return None
    known = [symbol.spellings[0] for symbol in scope.symbols]
    hint = hint_at(key.text, (*(names.name(id_) for id_ in names), *known))
    findings.add(key.problem("PF306", word=key.text, hint=hint))
    return None


def _give(
    given: dict[str, Value], path: tuple[Symbol, str | None], value: AnyNode, findings: Findings
) -> None:
    symbol, entry = path
    if entry is None:
        given[symbol.id] = read_value(value, symbol.type, findings)
        return
    known = given.get(symbol.id)
    read = read_value(value, symbol.type.entries.get(entry, ANY), findings)
    given[symbol.id] = {**(known if isinstance(known, dict) else {}), entry: read}
