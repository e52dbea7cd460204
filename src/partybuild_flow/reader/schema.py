"""The JSON Schema of written files, for editors: built from the written form itself, in either language.

Which words a place takes is asked of the validator that reads it, so the schema cannot say anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, get_args

from annotated_types import Ge, Le, MinLen
from pydantic import BeforeValidator, PlainValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from partybuild_flow.messages import Language, described, phrases
from partybuild_flow.reader.keywords import TRUTHS, spelled
from partybuild_flow.reader.shape import keywords_of
from partybuild_flow.reader.text import Scalar, Source
from partybuild_flow.reader.written import (
    PART_WORDS,
    WrittenFragment,
    WrittenParameters,
    WrittenRuleSet,
    WrittenTable,
    WrittenWorkflow,
)
from partybuild_flow.reader.written_calendar import WrittenCalendar
from partybuild_flow.reader.written_form import Form, Place, Written

Schema = dict[str, Any]

FILES: Final[dict[str, type[Written]]] = {
    "workflow": WrittenWorkflow,
    "table": WrittenTable,
    "rules": WrittenRuleSet,
    "parameters": WrittenParameters,
    "calendar": WrittenCalendar,
    "fragment": WrittenFragment,
}
"""The model of each kind of file."""
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_WORD: Final[Schema] = {"type": ["string", "number", "boolean"]}
_NAME: Final = "^<[^<>]+>$"
_FILLED: Final[Schema] = {"type": "string", "pattern": _NAME}
"""A list or a hole by its name, which stands for what is written elsewhere."""
_SPLICED: Final[Schema] = {_NAME: {}}
"""The same as a key, which stands for entries."""
_WITH_SPLICED: Final[Schema] = {"not": {"propertyNames": {"not": {"pattern": _NAME}}}}
"""Entries of which one at least is such a key; it may bring whatever is required."""
_NO_WORD: Final = "\x00"


def schema_of(language: Language, kind: str | None = None) -> Schema:
    """The schema of one kind of file, a key of `FILES`, or of any, with the keywords of a language."""
    making = _Making(language)
    files = [making.reference(model) for name, model in FILES.items() if kind in (name, None)]
    root = files[0] if len(files) == 1 else {"anyOf": files}
    return {"$schema": _DRAFT, **root, "$defs": making.definitions}


class _Making:
    """One schema on its way: the definitions of the parts that were met so far."""

    def __init__(self, language: Language) -> None:
        self.definitions: dict[str, Schema] = {}
        self._language = language
        self._described = described(language)

    def reference(self, model: type[Written]) -> Schema:
        """A reference to a part, whose definition is made where it is met first."""
        name = _part_name(model)
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self._part(model, name)
        return {"$ref": f"#/$defs/{name}"}

    def _part(self, model: type[Written], name: str) -> Schema:
        infos = {str(info.alias): info for info in model.model_fields.values()}
        properties: dict[str, Schema] = {}
        required = []
        for keyword, (place, is_required) in keywords_of(model).items():
            own = spelled(keyword, self._language)
            told = self._described.get(f"{name}.{keyword}") or self._described.get(keyword)
            properties[own] = self._value(place, model, infos[keyword])
            if told:
                properties[own] = {"description": told, **properties[own]}
            if is_required:
                required.append(own)
        part: Schema = {
            "type": "object",
            "properties": properties,
            "patternProperties": _SPLICED,
            "additionalProperties": False,
        }
        if required:
            part["anyOf"] = [{"required": required}, _WITH_SPLICED]
        else:
            part["type"] = ["object", "null"]
        title = phrases(self._language)[PART_WORDS[model].code]
        return {"title": title, **(part if model.short is None else {"anyOf": [_WORD, part]})}

    def _value(self, place: Place, model: type[Written], info: FieldInfo) -> Schema:
        """What may be written at a place, by its form."""
        inner = place.model or model
        word = self._word(info)
        some: Schema = {"type": "array", "items": word}
        if any(isinstance(each, MinLen) for each in _metadata(info)):
            some["minItems"] = 1
        match place.form:
            case "part":
                return self.reference(inner)
            case "parts":
                ones = [self.reference(inner), _FILLED]
                if place.among is not None:
                    ones.append({"type": "object", **self.reference(place.among)})
                return {"anyOf": [*ones, {"type": "array", "items": {"anyOf": ones}}]}
            case "named":
                return self._named(inner)
            case "item":
                return {"anyOf": [word, self._named(inner)]}
            case "sets":
                return _mapping(_mapping({"anyOf": [{}, self.reference(inner)]}))
            case _:
                return _plain(place.form, word, some)

    def _named(self, model: type[Written]) -> Schema:
        named = {**_mapping(self.reference(model)), "type": ["object", "null"]}
        if any(found.required for found in keywords_of(model).values()):
            return {"anyOf": [named, _FILLED]}
        return {"anyOf": [named, _FILLED, {"type": "array", "items": _WORD}]}

    def _word(self, info: FieldInfo) -> Schema:
        """What the word at a place may be, as the validator that reads it says."""
        read = next(_validators(info), None)
        if read is None:
            return _WORD
        try:
            read(self._scalar(_NO_WORD))
        except PydanticCustomError as error:
            bounds = _metadata(info)
            if error.type == "PF109":
                return {"enum": [*error.context["allowed"], *self._truths(read)]} if error.context else _WORD
            if error.type == "PF111":
                return {"enum": self._truths(read)}
            if error.type == "PF112":
                least = [("minimum", each.ge) for each in bounds if isinstance(each, Ge)]
                most = [("maximum", each.le) for each in bounds if isinstance(each, Le)]
                return {"type": "integer", **dict(least), **dict(most)}
            if error.type == "PF113":
                return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        return _WORD

    def _truths(self, read: Callable[[object], object]) -> list[object]:
        """The ways to write true and false that a place takes."""
        taken: list[object] = []
        for text, truth in TRUTHS.items():
            try:
                read(self._scalar(text))
            except PydanticCustomError:
                continue
            taken.append(truth if text in ("true", "false") else text)
        told = [each for each in taken if self._language == "zh-CN" and isinstance(each, str)]
        return told + [each for each in taken if isinstance(each, bool)]

    def _scalar(self, text: str) -> Scalar:
        return Scalar(Source("", text, self._language), 0, 1, 1, text)


def _plain(form: Form, word: Schema, some: Schema) -> Schema:
    """What may be written in the forms that hold no parts."""
    forms: dict[str, Schema] = {
        "word": word if word is _WORD else {"anyOf": [word, _FILLED]},
        "words": {"anyOf": [word, some]},
        "cells": {"anyOf": [some, _mapping(_WORD)]},
        "groups": {"anyOf": [some, {"type": "array", "items": some}]},
        "rows": {"type": "array", "items": {"type": "array", "items": _WORD}},
        "examples": {"type": "array", "items": {"type": "object"}},
        "pairs": {"anyOf": [{"type": "object"}, _FILLED]},
        "targets": {"anyOf": [_WORD, _mapping(_WORD)]},
    }
    return forms.get(form, {})


def _mapping(values: Schema) -> Schema:
    return {"type": "object", "patternProperties": _SPLICED, "additionalProperties": values}


def _part_name(model: type[Written]) -> str:
    """The name of a part: `WrittenLookUp` is `look-up`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__.removeprefix("Written")).lower()


def _metadata(annotation: object) -> list[object]:
    """What is noted of a field, wherever in its annotation it stands."""
    if isinstance(annotation, FieldInfo):
        return [*annotation.metadata, *_metadata(annotation.annotation)]
    own = list(getattr(annotation, "__metadata__", ()))
    return own + [found for inner in get_args(annotation) for found in _metadata(inner)]


def _validators(info: FieldInfo) -> Iterator[Callable[[object], object]]:
    for each in _metadata(info):
        if isinstance(each, BeforeValidator | PlainValidator):
            yield each.func  # type: ignore[misc]
        elif isinstance(each, FieldInfo):
            yield from _validators(each)
