"""Boxed expressions. Source: DMN 1.5, clauses 10.2.1 and 10.5."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from partybuild_flow.dmn import elements
from partybuild_flow.dmn.elements import Boxed, Variable
from partybuild_flow.dmn.tables import Deciding
from partybuild_flow.dmn.texts import Texts
from partybuild_flow.dmn.types import type_named
from partybuild_flow.feel.standard import Evaluator, Frame, Logic, StandardType, Value, shown
from partybuild_flow.feel.standard.types import converted
from partybuild_flow.feel.values import all_of, any_of


class Boxes:
    """The boxed expressions of one model in one evaluation."""

    def __init__(self, texts: Texts, types: Mapping[str, StandardType], evaluator: Evaluator) -> None:
        self._texts = texts
        self._types = types
        self._evaluator = evaluator

    def value(self, boxed: Boxed | None, frame: Frame) -> Value:
        """The value of a boxed expression; of none null."""
        if boxed is None:
            self._evaluator.tell("there is no expression")
            return None
        self._evaluator.spend()
        return _READERS[type(boxed)](self, boxed, frame)

    def type_of(self, written: str | None) -> StandardType:
        """The type that a reference names here."""
        return type_named(written, self._types)

    def bound(self, value: Value, variable: Variable) -> Value:
        """A value as its variable may hold it; null, and why, if it is of another type."""
        done, result = converted(value, self.type_of(variable.type), self._evaluator.types)
        if not done:
            self._evaluator.tell(f"“{variable.name}” is to be {variable.type}, but {shown(value)} is not")
        return result

    def logic(self, name: str, function: elements.BoxedFunction, frame: Frame, result: StandardType) -> Value:
        """A function as a value; one of Java or PMML is null whatever its arguments."""

        def body(given: dict[str, Value]) -> Value:
            if function.kind.upper() != "FEEL":
                self._evaluator.tell(f"“{name}” is a function of {function.kind}, which is not run")
                return None
            found = self.value(function.body, Frame(given, frame))
            done, value = converted(found, result, self._evaluator.types)
            if not done:
                self._evaluator.tell(f"the result of “{name}” is to be of another type than {shown(found)}")
            return value

        names = tuple(each.name for each in function.parameters)
        types = tuple(self.type_of(each.type) for each in function.parameters)
        return Logic(name, names, types, body, self._evaluator, result)

    def _text(self, boxed: elements.Text, frame: Frame) -> Value:
        if "FEEL" not in boxed.language.upper():
            self._evaluator.tell(f"an expression in {boxed.language} is not evaluated")
            return None
        return self._texts.value(boxed.text, frame, self._evaluator)

    def _table(self, boxed: elements.Table, frame: Frame) -> Value:
        return Deciding(boxed, self._texts, self._evaluator, frame, self.type_of).value()

    def _context(self, boxed: elements.BoxedContext, frame: Frame) -> Value:
        entries: dict[str, Value] = {}
        for variable, part in boxed.entries:
            value = self.value(part, Frame(dict(entries), frame))
            if variable is None or not variable.name:
                return value
            entries[variable.name] = self.bound(value, variable)
        return entries

    def _relation(self, boxed: elements.Relation, frame: Frame) -> Value:
        return [
            {
                column.name: self.bound(self.value(cell, frame), column)
                for column, cell in zip(boxed.columns, row, strict=False)
            }
            for row in boxed.rows
        ]

    def _list(self, boxed: elements.BoxedList, frame: Frame) -> Value:
        return [self.value(item, frame) for item in boxed.items]

    def _invocation(self, boxed: elements.BoxedInvocation, frame: Frame) -> Value:
        function = self.value(boxed.function, frame)
        arguments = [self.value(part, frame) for _, part in boxed.arguments]
        names = [name for name, _ in boxed.arguments]
        return self._evaluator.called(function, arguments, names)

    def _function(self, boxed: elements.BoxedFunction, frame: Frame) -> Value:
        body = boxed.body.type if boxed.body is not None else None
        return self.logic("function", boxed, frame, self.type_of(body))

    def _conditional(self, boxed: elements.Conditional, frame: Frame) -> Value:
        holds = self.value(boxed.condition, frame) is True
        return self.value(boxed.then if holds else boxed.otherwise, frame)

    def _filter(self, boxed: elements.BoxedFilter, frame: Frame) -> Value:
        source = self.value(boxed.source, frame)
        return self._evaluator.filtered(source, lambda inside: self.value(boxed.match, inside), frame)

    def _iterator(self, boxed: elements.Iterator, frame: Frame) -> Value:
        items = self._evaluator.items(self.value(boxed.source, frame))
        if items is None:
            return None
        results: list[Value] = []
        for item in items:
            self._evaluator.spend(1 + len(results) // 100)
            names = {boxed.variable: item, **({"partial": list(results)} if boxed.way == "for" else {})}
            results.append(self.value(boxed.body, Frame(names, frame)))
        if boxed.way == "for":
            return results
        return any_of(results) if boxed.way == "some" else all_of(results)


_READERS: Final[dict[type, Callable[[Boxes, Any, Frame], Value]]] = {
    elements.Text: Boxes._text,
    elements.Table: Boxes._table,
    elements.BoxedContext: Boxes._context,
    elements.Relation: Boxes._relation,
    elements.BoxedList: Boxes._list,
    elements.BoxedInvocation: Boxes._invocation,
    elements.BoxedFunction: Boxes._function,
    elements.Conditional: Boxes._conditional,
    elements.BoxedFilter: Boxes._filter,
    elements.Iterator: Boxes._iterator,
}
