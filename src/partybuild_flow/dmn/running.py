"""One evaluation of a model: inputs, decisions and knowledge, each worked out once, when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partybuild_flow.dmn.boxed import Boxes
from partybuild_flow.dmn.elements import Decision, DecisionService, Element, InputData, Knowledge
from partybuild_flow.dmn.exchange import value_in
from partybuild_flow.dmn.loading import Loaded
from partybuild_flow.dmn.types import type_named
from partybuild_flow.feel.standard import BUILTINS, Evaluator, Frame, Logic, Value
from partybuild_flow.feel.standard.types import ANY, resolved

Key = tuple[tuple[str, ...], str]
"""An element: the imports that lead to its model, and its id."""


class Run:
    """What is known so far. `given` are values that stand for elements, as a decision service gets them."""

    def __init__(
        self,
        model: Loaded,
        inputs: Mapping[str, Any],
        evaluator: Evaluator,
        given: Mapping[Key, Value] | None = None,
    ) -> None:
        self._model = model
        self._inputs = inputs
        self._evaluator = evaluator
        self._found: dict[Key, Value] = dict(given or {})
        self._open: set[Key] = set()

    def value(self, home: Loaded, element: Element) -> Value:
        """The value of an element: of knowledge and services a function."""
        key = (home.path, element.id)
        if key in self._found:
            return self._found[key]
        if key in self._open:
            self._evaluator.tell(f"“{element.name}” requires itself")
            return None
        self._open.add(key)
        try:
            match element:
                case InputData():
                    found = self._input(home, element)
                case Decision():
                    found = self._decision(home, element)
                case Knowledge():
                    found = self._knowledge(home, element)
                case DecisionService():
                    found = self._service(home, element)
        finally:
            self._open.discard(key)
        self._found[key] = found
        return found

    def _boxes(self, home: Loaded) -> Boxes:
        return Boxes(home.texts, home.types, self._evaluator)

    def _input(self, home: Loaded, element: InputData) -> Value:
        found, given = self._handed_in(home, element.variable.name)
        if not found:
            found, given = self._handed_in(home, element.name)
        if not found:
            self._evaluator.tell(f"the input “{element.name}” is not given")
            return None
        return self._boxes(home).bound(value_in(given, self._evaluator.tell), element.variable)

    def _handed_in(self, home: Loaded, name: str) -> tuple[bool, Any]:
        """An input by its name: with its namespace, with the names of imports before it, or alone."""
        path = self._model.names_of(home)
        for key in (f"{{{home.definitions.namespace}}}{name}", ".".join((*path, name))):
            if key in self._inputs:
                return True, self._inputs[key]
        inside: Any = self._inputs
        for part in path:
            inside = inside.get(part) if isinstance(inside, Mapping) else None
        if isinstance(inside, Mapping) and name in inside:
            return True, inside[name]
        return (True, self._inputs[name]) if name in self._inputs else (False, None)

    def _frame(self, home: Loaded, references: tuple[str, ...]) -> Frame:
        """The scope of an element: what it requires, by name; what is imported inside a context of its import."""
        names: dict[str, Any] = {}
        for reference in references:
            found = home.element(reference)
            if found is None:
                self._evaluator.tell(f"there is no element “{reference}”")
                continue
            other, element = found
            value = self.value(other, element)
            inside = names
            for part in home.names_of(other):
                inside = inside.setdefault(part, {})
            inside[element.variable.name] = value
        return Frame(names, Frame(BUILTINS))

    def _decision(self, home: Loaded, element: Decision) -> Value:
        if element.logic is None:
            self._evaluator.tell(f"the decision “{element.name}” has no logic")
            return None
        boxes = self._boxes(home)
        frame = self._frame(home, element.requires)
        return boxes.bound(boxes.value(element.logic, frame), element.variable)

    def _knowledge(self, home: Loaded, element: Knowledge) -> Value:
        if element.logic is None:
            self._evaluator.tell(f"“{element.name}” has no logic")
            return None
        boxes = self._boxes(home)
        own: dict[str, Value] = {}
        frame = Frame(own, self._frame(home, element.requires))
        declared = resolved(type_named(element.variable.type, home.types), home.types)
        result = declared.item or ANY if declared.kind == "function" else declared
        if result is ANY and element.logic.body is not None:
            result = type_named(element.logic.body.type, home.types)
        own[element.variable.name] = made = boxes.logic(element.name, element.logic, frame, result)
        return made

    def _service(self, home: Loaded, element: DecisionService) -> Value:
        inputs = [home.element(each) for each in (*element.input_data, *element.input_decisions)]
        known = [each for each in inputs if each is not None]
        boxes = self._boxes(home)

        def body(given: dict[str, Value]) -> Value:
            inner = {(other.path, each.id): given[each.variable.name] for other, each in known}
            return Run(self._model, {}, self._evaluator, inner).outputs(home, element)

        names = tuple(each.variable.name for _, each in known)
        types = tuple(type_named(each.variable.type, other.types) for other, each in known)
        declared = resolved(boxes.type_of(element.variable.type), home.types)
        result = declared.item or ANY if declared.kind == "function" else ANY
        return Logic(element.name, names, types, body, self._evaluator, result)

    def outputs(self, home: Loaded, element: DecisionService) -> Value:
        """What a service gives: the value of its one output, or of several a context by their names."""
        found = [home.element(each) for each in element.outputs]
        values = {each.variable.name: self.value(other, each) for other, each in filter(None, found)}
        return next(iter(values.values())) if len(values) == 1 else values

    def asked(self, home: Loaded, element: Element) -> Value:
        """The value of an element that a program asks for; knowledge and services get the inputs as arguments."""
        if isinstance(element, (Decision, InputData)):
            return self.value(home, element)
        function = self.value(home, element)
        if not isinstance(function, Logic):
            return None
        handed = {name: self._handed_in(home, name) for name in function.parameters}
        missing = [name for name, (found, _) in handed.items() if not found]
        for name in missing:
            self._evaluator.tell(f"the input “{name}” is not given")
        arguments = [value_in(given, self._evaluator.tell) for _, given in handed.values()]
        return self._evaluator.called(function, arguments)
