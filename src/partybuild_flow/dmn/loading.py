"""A model with the models that it imports, found in its own folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from partybuild_flow.dmn.elements import Definitions, Element, Import
from partybuild_flow.dmn.reading import read_dmn
from partybuild_flow.dmn.texts import Texts
from partybuild_flow.dmn.types import model_types
from partybuild_flow.errors import DmnError
from partybuild_flow.feel.standard import BUILTINS, Evaluator, Frame, StandardType, Value

MOST_MODELS: Final = 100
"""How many files one model may lead to."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a file says, however often it is imported."""

    definitions: Definitions
    types: dict[str, StandardType]
    texts: Texts


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A model where it stands: the names of the imports that lead to it, and what it imports itself.

    A model that is imported in two ways stands in two places, and may be given other inputs in each.
    """

    source: Source
    path: tuple[str, ...]
    imports: dict[str, Loaded]

    @property
    def definitions(self) -> Definitions:
        """What stands in its file."""
        return self.source.definitions

    @property
    def types(self) -> dict[str, StandardType]:
        """Its types and the imported ones, by the names that it reads them under."""
        return self.source.types

    @property
    def texts(self) -> Texts:
        """Its texts as trees."""
        return self.source.texts

    def element(self, reference: str) -> tuple[Loaded, Element] | None:
        """The element that a reference leads to, here or in an imported model, with the model that holds it."""
        namespace, _, id_ = reference.rpartition("#")
        homes = [self]
        while homes:
            home = homes.pop(0)
            if home.definitions.namespace == namespace or (not namespace and home is self):
                found = home.definitions.elements.get(id_)
                if found is not None:
                    return home, found
            homes.extend(home.imports.values())
        return None

    def names_of(self, other: Loaded) -> tuple[str, ...]:
        """The names of the imports that lead from here to another model, none for this one."""
        return tuple(name for name in other.path[len(self.path) :] if name)


class Loading:
    """The reading of one model and all that it leads to; every file once."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent.resolve()
        self._sources: dict[Path, Source] = {}
        self._open: list[Path] = []
        self._places = 0
        self._others: dict[str, Path] | None = None

    def load(self, path: Path, place: tuple[str, ...] = ()) -> Loaded:
        """The model in this file.

        Raises:
            DmnError: the file or an imported one cannot be read, or they import each other in a circle.
        """
        resolved = path.resolve()
        self._places += 1
        if resolved in self._open or self._places > MOST_MODELS:
            raise DmnError(f"{path}: models import each other in a circle, or too many of them")
        known = self._sources.get(resolved)
        definitions = known.definitions if known is not None else read_dmn(path)
        self._open.append(resolved)
        imports = {
            each.name: self.load(self._file_of(each, path), (*place, each.name))
            for each in definitions.imports
        }
        self._open.remove(resolved)
        if known is None:
            known = self._sources[resolved] = _assembled(definitions, imports)
        return Loaded(known, place, imports)

    def _file_of(self, wanted: Import, path: Path) -> Path:
        """The file of an imported model: where it is said to be, or the one of its namespace in the folder."""
        if wanted.location:
            near = (path.parent / wanted.location).resolve()
            if near.is_relative_to(self._folder) and near.is_file():
                return near
        if self._others is None:
            self._others = {}
            for each in sorted(self._folder.rglob("*.dmn")):
                try:
                    self._others.setdefault(read_dmn(each).namespace, each)
                except DmnError:
                    continue
        if wanted.namespace not in self._others:
            raise DmnError(f"{path}: there is no model of the namespace {wanted.namespace} in its folder")
        return self._others[wanted.namespace]


def _assembled(definitions: Definitions, imports: dict[str, Loaded]) -> Source:
    entry_names = set(definitions.entry_names)
    imported: dict[str, StandardType] = {}
    for name, other in imports.items():
        entry_names |= other.definitions.entry_names
        prefix = f"{name}." if name else ""
        imported.update({key: kind for key, kind in other.types.items() if key.startswith("{")})
        imported.update({prefix + key: kind for key, kind in other.types.items() if not key.startswith("{")})
    types: dict[str, StandardType] = {}
    type_names = [*imported, *(each.name for each in definitions.types)]
    texts = Texts(entry_names, [name for name in type_names if not name.startswith("{")])
    frame = Frame(BUILTINS)
    known = texts.known(Frame({"?": None}, frame))

    def tests(text: str, value: Value) -> bool:
        return texts.verdict(text, value, frame, Evaluator(types, []), known)

    types.update(model_types(definitions, imported, tests))
    return Source(definitions, types, texts)
