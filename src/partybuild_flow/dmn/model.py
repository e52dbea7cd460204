"""DMN models to evaluate: what programs call."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from partybuild_flow.dmn.elements import Element, InputData
from partybuild_flow.dmn.exchange import value_out
from partybuild_flow.dmn.loading import Loaded, Loading
from partybuild_flow.dmn.running import Run
from partybuild_flow.errors import DmnError
from partybuild_flow.feel.standard import Evaluator, Exhausted


class DmnWarning(UserWarning):
    """Why a part of a DMN model has no value."""


class DmnModel:
    """A DMN model that has been read, with the models it imports. Safe to share between threads."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._loaded.definitions.name

    @property
    def decisions(self) -> tuple[str, ...]:
        """The names that `evaluate` takes: of decisions, decision services and business knowledge models."""
        elements = self._loaded.definitions.elements.values()
        return tuple(each.name for each in elements if not isinstance(each, InputData))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs that the model itself defines."""
        elements = self._loaded.definitions.elements.values()
        return tuple(each.name for each in elements if isinstance(each, InputData))

    def evaluate(
        self,
        decision: str,
        inputs: Mapping[str, Any] | None = None,
        *,
        told: list[str] | None = None,
    ) -> Any:
        """The value of a decision, decision service or business knowledge model, by its name or id.

        Inputs and results are Decimal, str, bool, date, time, datetime, timedelta, YearMonthDuration,
        list, dict and None (int and float are taken as numbers too). An input of an imported model is
        found under its name, under `import.name`, or inside a dict under the name of the import. A service
        of several decisions gives a dict by their names. What goes wrong inside FEEL gives None; why is
        added to the list `told`, or without one said as a DmnWarning.

        Raises:
            DmnError: the model has nothing of this name.
        """
        home, element = self._find(decision)
        sentences: list[str] = []
        evaluator = Evaluator(self._loaded.types, sentences)
        try:
            value = Run(self._loaded, inputs or {}, evaluator).asked(home, element)
        except Exhausted:
            evaluator.tell("it takes too many steps or calls inside each other")
            value = None
        except RecursionError:
            evaluator.tell("it is nested too deeply")
            value = None
        result = value_out(value, evaluator.tell)
        for sentence in sentences:
            if told is None:
                _warn(f"{element.name}: {sentence}")
            else:
                told.append(sentence)
        return result

    def _find(self, wanted: str) -> tuple[Loaded, Element]:
        elements = self._loaded.definitions.elements
        name = " ".join(wanted.split())
        found = [each for each in elements.values() if each.name == name] or [
            each for id_, each in elements.items() if id_ == wanted
        ]
        if found:
            return self._loaded, found[0]
        for prefix, other in self._loaded.imports.items():
            for each in other.definitions.elements.values():
                if name in (f"{prefix}.{each.name}", each.name):
                    return other, each
        raise DmnError(f"the model “{self.name}” has no decision “{wanted}”")


def _warn(sentence: str) -> None:
    """Say a warning; one that a program has made an error is still none, for an evaluation never fails."""
    try:
        warnings.warn(sentence, DmnWarning, stacklevel=3)
    except DmnWarning:
        return


def load_dmn(path: str | PathLike[str]) -> DmnModel:
    """The DMN model in a file, with those it imports from the same folder. DMN 1.1 to 1.5.

    Raises:
        DmnError: a file cannot be opened or is no DMN model.
    """
    file = Path(path)
    return DmnModel(Loading(file).load(file))
