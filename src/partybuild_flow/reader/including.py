"""Fragments included in a definition: their parts, with the holes filled, beside those of the file itself.

Works on trees, before any part is read: each node keeps the place it was written at, and one of a
fragment also where the fragment was included.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as Named
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Final, NamedTuple

from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.filling import Filler, Filling
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import spelled, told_language
from partybuild_flow.reader.shape import Shapes, keywords_of, spellings_of
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Sequence, Source, read_tree
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written import WrittenFragment, WrittenWorkflow
from partybuild_flow.reader.written_form import Pair, Pairs, Place, Written
from partybuild_flow.reader.written_include import WrittenHole, WrittenInclude

ENDING: Final = ".fragment.yaml"
SHARED: Final = "shared"
"""The folder beside the folders of definitions that holds what several of them include."""

_INCLUDES: Final = re.compile(r"^[\"']?(?:include|引用)[\"']?[ \t]*[:：]", re.MULTILINE)
_TITLE: Final = re.compile(r"^(?:fragment|片段|id|代号)[ \t]*:[ \t]+(.+?)[ \t]*(?:#.*)?$", re.MULTILINE)
_HEAD: Final = frozenset(("fragment", "id", "takes"))
_OWN: Final = frozenset(("include", "lists"))


class Argument(NamedTuple):
    """A word that was given for a hole which asks for the name of a part of this kind."""

    word: Scalar
    kind: str
    hole: str
    fragment: str


class Included(NamedTuple):
    """A tree with everything that it includes, the paths of those texts, and what they were given."""

    tree: AnyNode | None
    used: frozenset[str]
    arguments: tuple[Argument, ...]


Section = tuple[Scalar, AnyNode]
_Sections = list[tuple[str, Section]]


class _Lists(Written):
    """The `lists` of a file."""

    lists: Pairs = ()


class _Includes(Written):
    """The `include` of a file."""

    include: Annotated[tuple[WrittenInclude, ...], Place("parts", WrittenInclude)] = ()


def is_fragment(path: str) -> bool:
    """Whether a text of this path is one."""
    return path.endswith(ENDING)


def is_shared(path: str) -> bool:
    """Whether a text of this path lies beside the folder of the definition."""
    return path.startswith(f"{SHARED}/")


def named(root: str, path: str) -> str:
    """How messages name the text of a path, in a definition whose folder they name `root`."""
    place = PurePosixPath(root)
    if not is_shared(path):
        return (place / path).as_posix()
    return ((place / "..") if place == place.parent else place.parent).joinpath(path).as_posix()


def shared_files(folder: Path, text: str | None) -> list[Path]:
    """The files of fragments that a definition in this folder may share, if its `workflow.yaml` includes any."""
    if text is None or not _INCLUDES.search(text):
        return []
    return sorted((folder.resolve().parent / SHARED).glob(f"*{ENDING}"))


def including(tree: AnyNode, texts: Named[str, str], root: str, findings: Findings) -> Included:
    """The tree of a `workflow.yaml` with the parts of the fragments among `texts` that it includes.

    A fragment that lies in the folder itself and is not included is a problem.
    """
    fragments = {path: text for path, text in texts.items() if is_fragment(path)}
    work = _Including(fragments, root, findings)
    whole = work.whole(tree) if isinstance(tree, Mapping) else tree
    for path in sorted(fragments.keys() - work.used):
        if not is_shared(path) and not findings.lost("*"):
            findings.add(work.source(path, ()).problem("PF157", fragment=PurePosixPath(path).name))
    return Included(whole, frozenset(work.used), tuple(work.arguments))


def idle_fragments(folder: Path, included: Collection[str]) -> list[Problem]:
    """The problem of each fragment that the definitions in a folder share and none of them includes."""
    found = (folder / SHARED).glob(f"*{ENDING}")
    idle = sorted(path for path in found if f"{SHARED}/{path.name}" not in included)
    return [
        Problem("PF157", Position(path.as_posix(), 1, 1), {"fragment": path.name}, _language_of(path))
        for path in idle
    ]


def _language_of(path: Path) -> Language:
    return told_language(path.read_text(encoding="utf-8", errors="replace")) or "en"


class _Including:
    """One definition on its way to be whole."""

    def __init__(self, fragments: Named[str, str], root: str, findings: Findings) -> None:
        self.used: set[str] = set()
        self.arguments: list[Argument] = []
        self._fragments = fragments
        self._root = root
        self._findings = findings
        self._walk = Walk(findings)
        self._shapes = Shapes(findings)
        self._titles: dict[str, list[str]] = {}
        for path in sorted(fragments, key=lambda path: (is_shared(path), path)):
            for title in _titles(fragments[path]):
                others = self._titles.setdefault(title, [])
                if not others or is_shared(others[0]) == is_shared(path):  # one's own hides a shared one
                    others.append(path)

    def source(self, path: str, included: tuple[Scalar, ...]) -> Source:
        """The text of a fragment, included at these words, the innermost first."""
        text = self._fragments[path]
        language = told_language(text) or (included[0].source.language if included else "en")
        places = tuple(word.position._replace(included=()) for word in included)
        return Source(named(self._root, path), text, language, places)

    def whole(self, tree: Mapping) -> Mapping:
        """The tree of a definition with all that it includes."""
        filling = Filling(self._findings, fragment=False)
        sections = self._expanded(tree, WrittenWorkflow, filling, (), ())
        parts: dict[str, list[Section]] = {}
        for keyword, section in sections:
            if keyword not in _OWN:
                parts.setdefault(keyword or section[0].text, []).append(section)
        return replace(tree, entries=tuple(self._joined(tree, *each) for each in parts.items()))

    def _expanded(
        self,
        tree: Mapping,
        model: type[Written],
        filling: Filling,
        above: tuple[str, ...],
        at: tuple[Scalar, ...],
    ) -> _Sections:
        """The sections of a file by keyword, with its holes filled, and then those of what it includes."""
        spellings = spellings_of(model, tree.source.language)
        raw = [(spellings.get(key.text, ("", True))[0], (key, value)) for key, value in tree.entries]
        lists = self._lists(_only(tree, raw, "lists"), filling)
        sections: _Sections = []
        for keyword, (key, value) in raw:
            found = value if keyword in {*_HEAD, "lists"} else filling.filled(value)
            if found is not None:
                sections.append((keyword, (key, found)))
        for name in lists:
            if filling.sound and name.text not in filling.used:
                self._findings.add(name.problem("PF156", word=name.text))
        for each in self._includes(_only(tree, sections, "include")):
            sections += self._fragment(each, above, at)
        return sections

    def _lists(self, own: Mapping, filling: Filling) -> list[Scalar]:
        """Reads the lists of a file into what fills its holes; their names. A list may use those before it."""
        names = []
        for pair in self._pairs(own):
            name, value = pair
            found = filling.filled(value) if isinstance(value, Sequence) else None
            if name is None:
                continue
            names.append(name)
            filling.fillers.setdefault(name.text, Filler("list", found))
            if found is None:
                what = Phrase(f"found-{type(value).__name__.lower()}")
                self._findings.add(value.problem("PF159", list=name.text, found=what))
                filling.used.add(name.text)
                self._findings.lose("*")
        return names

    def _pairs(self, own: Mapping) -> tuple[Pair, ...]:
        part = self._walk.part(_Lists, own) if own.entries else None
        return part.lists if part is not None else ()

    def _includes(self, own: Mapping) -> tuple[WrittenInclude, ...]:
        """What a file includes; if something of it cannot be read, names may be missing."""
        if not own.entries:
            return ()
        before = len(self._findings.problems)
        part = self._walk.part(_Includes, own)
        if len(self._findings.problems) > before:
            self._findings.lose("*")
        return part.include if part is not None else ()

    def _fragment(self, written: WrittenInclude, above: tuple[str, ...], at: tuple[Scalar, ...]) -> _Sections:
        """The sections of a fragment, filled; none after a problem, after which names may be missing."""
        word = written.fragment
        path, *others = self._titles.get(word.text, ("",))
        if not path:
            hint = hint_at(word.text, self._titles)
            self._findings.add(word.problem("PF150", fragment=word.text, hint=hint))
        elif others:
            files = tuple(PurePosixPath(each).name for each in (path, *others))
            self._findings.add(word.problem("PF160", fragment=word.text, files=files))
        elif path in above:
            shown = " → ".join(_title(self._fragments[each]) for each in (*above[above.index(path) :], path))
            self._findings.add(word.problem("PF151", fragment=word.text, path=shown))
        else:
            self.used.add(path)
            source = self.source(path, (word, *at))
            tree, problems = read_tree(source)
            self._findings.problems.extend(problems)
            found = (
                self._filled(tree, written, (*above, path), (word, *at))
                if isinstance(tree, Mapping)
                else None
            )
            if found is not None:
                return found
            if tree is not None and not isinstance(tree, Mapping):
                self._walk.part(WrittenFragment, tree)
        self._findings.lose("*")
        return []

    def _filled(
        self, tree: Mapping, written: WrittenInclude, path: tuple[str, ...], at: tuple[Scalar, ...]
    ) -> _Sections | None:
        """The sections of a fragment with what it was given; None after a problem."""
        spellings = spellings_of(WrittenFragment, tree.source.language)
        entries = [(spellings.get(key.text, ("", True)), (key, value)) for key, value in tree.entries]
        head = self._walk.part(
            WrittenFragment,
            replace(tree, entries=tuple(each for (word, _), each in entries if word in {"", *_HEAD})),
        )
        for (word, own), (key, _) in entries:
            if not own and word not in _HEAD:
                right = spelled(word, tree.source.language)
                self._findings.add(key.problem("PF105", word=key.text, right=right))
        if head is None:
            return None
        filling = Filling(self._findings, fragment=True)
        if not self._given(head, written, filling):
            return None
        sections = self._expanded(tree, WrittenFragment, filling, path, at)
        for hole in head.takes:
            if filling.sound and _name(hole) not in filling.used:
                self._findings.add(hole.name.problem("PF156", word=_name(hole)))
        return [each for each in sections if each[0] not in {"", *_HEAD, *_OWN}]

    def _given(self, head: WrittenFragment, written: WrittenInclude, filling: Filling) -> bool:
        """Reads what was given for the holes; whether it was what they ask for."""
        fragment = written.fragment
        arguments = {pair.key.text: pair for pair in written.with_ if pair.key is not None}
        holes = {_name(hole): hole for hole in head.takes}
        missing = []
        for name, hole in holes.items():
            pair = arguments.get(name)
            node = pair.value if pair else hole.default
            kind = hole.type.value
            filling.fillers[name] = Filler(kind, node)
            if node is not None:
                self.arguments += [Argument(word, kind, name, fragment.text) for word in _words(node)]
            elif not hole.name.text.endswith(("?", "？")):
                missing.append(name)
        if missing and written.intact("with"):
            key = spelled("with", fragment.source.language)
            told = tuple(f"“{name}”" for name in missing)
            self._findings.add(fragment.problem("PF152", fragment=fragment.text, holes=told, key=key))
        unknown = [pair.key for pair in arguments.values() if pair.key and pair.key.text not in holes]
        for word in unknown:
            hint = hint_at(word.text, holes)
            self._findings.add(word.problem("PF153", fragment=fragment.text, word=word.text, hint=hint))
        return not missing and not unknown

    def _joined(self, tree: Mapping, keyword: str, sections: list[Section]) -> Section:
        """One section of several: the file's own parts first, then those of what it includes."""
        key, value = sections[0]
        if key.source is not tree.source:
            key = replace(key, text=spelled(keyword, tree.source.language))
        if len(sections) == 1:
            return key, value
        place = keywords_of(WrittenWorkflow)[keyword].place
        if place.form == "parts":
            items = [
                item
                for _, node in sections
                for item in (node.items if isinstance(node, Sequence) else (node,))
            ]
            return key, Sequence(value.source, value.start, value.line, value.column, tuple(items))
        entries = [entry for _, node in sections for entry in self._named(keyword, node)]
        return key, Mapping(value.source, value.start, value.line, value.column, tuple(entries))

    def _named(self, keyword: str, node: AnyNode) -> Iterable[Section]:
        if isinstance(node, Mapping):
            return node.entries
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            words = [item for item in node.items if isinstance(item, Scalar)]
            return [(item, replace(item, text="", style="", pieces=())) for item in words]
        if not (isinstance(node, Scalar) and node.blank):
            self._shapes.wrong(node, keywords_of(WrittenWorkflow)[keyword].place, keyword)
        return ()


def _only(tree: Mapping, sections: _Sections, keyword: str) -> Mapping:
    """A file with nothing but the section of one keyword."""
    return replace(tree, entries=tuple(section for each, section in sections if each == keyword))


def _name(hole: WrittenHole) -> str:
    return hole.name.text.rstrip("?？").rstrip()


def _words(node: AnyNode) -> Iterator[Scalar]:
    """The words that were given: one, or several in a list."""
    for each in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(each, Scalar):
            yield each


def _titles(text: str) -> list[str]:
    """The name and the id that stand at the top of a fragment."""
    return list(dict.fromkeys(found.strip("'\"") for found in _TITLE.findall(text)))


def _title(text: str) -> str:
    return next(iter(_titles(text)), "")
