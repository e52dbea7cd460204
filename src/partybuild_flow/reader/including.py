"""Fragments included in a definition: their parts, with the holes filled, beside those of the file itself.

Works on trees, before any part is read: each node keeps the place it was written at, and one of a
fragment also where the fragment was included.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from collections.abc import Mapping as Named
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Annotated, Final, NamedTuple

from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.filling import Filler, Filling, has_holes
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.joining import Joining, Section, items_of, sequence
from partybuild_flow.reader.keywords import spelled, told_language
from partybuild_flow.reader.shape import spellings_of
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Source, read_tree
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written import WrittenFragment, WrittenWorkflow
from partybuild_flow.reader.written_form import Pair, Pairs, Place, Written
from partybuild_flow.reader.written_include import WrittenHole, WrittenInclude

ENDING: Final = ".fragment.yaml"
SHARED: Final = "shared"
"""The folder beside the folders of definitions that holds what several of them include."""

_INCLUDES: Final = re.compile(
    r"(?:^|[-{,][ \t]*)[\"']?(?:include|引用|fragment|片段)[\"']?[ \t]*[:：]", re.MULTILINE
)
_TITLE: Final = re.compile(r"^(?:fragment|片段|id|代号)[ \t]*:[ \t]+(.+?)[ \t]*(?:#.*)?$", re.MULTILINE)
_HEAD: Final = frozenset(("fragment", "id", "takes"))
_OWN: Final = frozenset(("include", "lists"))
_NOTHING: Final = Filler("list", None)


class Argument(NamedTuple):
    """A word that was given for a hole which asks for the name of a part of this kind."""

    word: Scalar
    kind: str
    hole: str
    fragment: str


class Lists(NamedTuple):
    """The lists that a definition may use in all of its files: its own, by their names, and those it includes."""

    names: tuple[Scalar, ...]
    filling: Filling

    def filled(self, tree: AnyNode) -> AnyNode | None:
        """A tree of one of its files with lists in the places of their names."""
        return self.filling.filled(tree) if has_holes(tree.source.text) else tree

    def hold_to_use(self, findings: Findings) -> None:
        """Tells the lists of its own that no file has used."""
        for name in self.names:
            if self.filling.sound and name.text not in self.filling.used:
                findings.add(name.problem("PF156", word=name.text))


class Included(NamedTuple):
    """A tree with everything that it includes, the paths of those texts, what they were given, and its lists."""

    tree: AnyNode | None
    used: frozenset[str]
    arguments: tuple[Argument, ...]
    lists: Lists


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
    return Included(whole, frozenset(work.used), tuple(work.arguments), work.lists)


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
        self.lists = Lists((), Filling(findings, fragment=False))
        self._fragments = fragments
        self._root = root
        self._findings = findings
        self._walk = Walk(findings)
        self._joining = Joining(findings)
        self._titles: dict[str, list[str]] = {}
        for path in sorted(fragments, key=lambda path: (is_shared(path), path)):
            for title in titles_of(fragments[path]):
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
        sections, names = self._expanded(tree, WrittenWorkflow, self.lists.filling, (), ())
        self.lists = self.lists._replace(names=tuple(names))
        parts: dict[str, list[Section]] = {}
        for keyword, section in sections:
            if keyword not in _OWN:
                parts.setdefault(keyword or section[0].text, []).append(section)
        return replace(tree, entries=tuple(self._joining.joined(tree, *each) for each in parts.items()))

    def _expanded(
        self,
        tree: Mapping,
        model: type[Written],
        filling: Filling,
        above: tuple[str, ...],
        at: tuple[Scalar, ...],
    ) -> tuple[_Sections, list[Scalar]]:
        """The sections of a file by keyword, with its holes filled, and then those of what it includes; its lists."""
        raw = [(_keyword(model, key), (key, value)) for key, value in tree.entries]
        for _, (_, value) in (each for each in raw if each[0] == "include"):
            self._take_lists(value, filling)
        names = self._lists(_only(tree, raw, "lists"), filling)
        sections: _Sections = []
        for keyword, (key, value) in raw:
            found = value if keyword in {*_HEAD, "lists"} else filling.filled(value)
            if found is not None and keyword == "transitions":
                sections += self._transitions(key, found, above, at)
            elif found is not None:
                sections.append((keyword, (key, found)))
        for each in self._includes(_only(tree, sections, "include")):
            sections += self._fragment(each, above, at)
        return sections, names

    def _take_lists(self, included: AnyNode, filling: Filling) -> None:
        """Makes the lists of those fragments known that hold nothing else; what is wrong there is told later."""
        for item in items_of(included):
            written = Walk(Findings()).part(WrittenInclude, item)
            paths = self._titles.get(written.fragment.text, []) if written is not None else []
            if written is None or len(paths) != 1:
                continue
            tree, _ = read_tree(self.source(paths[0], (written.fragment,)))
            if isinstance(tree, Mapping) and _is_lists(tree):
                theirs = Filling(Findings(), fragment=True)
                own = [(_keyword(WrittenFragment, key), (key, value)) for key, value in tree.entries]
                _Including({}, "", Findings())._lists(_only(tree, own, "lists"), theirs)
                filling.fillers.update(theirs.fillers | filling.fillers)

    def _transitions(
        self, key: Scalar, node: AnyNode, above: tuple[str, ...], at: tuple[Scalar, ...]
    ) -> _Sections:
        """The transitions of a file, those of each fragment that is included among them at its place, and its parts."""
        items: list[AnyNode] = []
        parts: _Sections = []
        if not any(map(_is_inclusion, items_of(node))):
            return [("transitions", (key, node))]
        for item in items_of(node):
            if not _is_inclusion(item):
                items.append(item)
                continue
            before = len(self._findings.problems)
            written = self._walk.part(WrittenInclude, item)
            if len(self._findings.problems) > before:
                self._findings.lose("*")
            for keyword, section in self._fragment(written, above, at) if written is not None else ():
                if keyword == "transitions":
                    items += items_of(section[1])
                else:
                    parts.append((keyword, section))
        return [("transitions", (key, sequence(node, items))), *parts]

    def _lists(self, own: Mapping, filling: Filling) -> list[Scalar]:
        """Reads the lists of a file into what fills its holes; their names. A list may use those before it."""
        names = []
        for pair in self._pairs(own):
            name, value = pair
            found = None if isinstance(value, Scalar) else filling.filled(value)
            if name is None:
                continue
            names.append(name)
            if filling.fillers.get(name.text, _NOTHING).kind == "list":
                filling.fillers[name.text] = Filler("list", found)
            if isinstance(value, Scalar):
                self._findings.add(value.problem("PF159", list=name.text, found=Phrase("found-scalar")))
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
        sections, lists = self._expanded(tree, WrittenFragment, filling, path, at)
        for name in (*(hole.name for hole in head.takes), *(lists if not _is_lists(tree) else ())):
            word = _bare(name)
            if filling.sound and word not in filling.used:
                self._findings.add(name.problem("PF156", word=word))
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


def _is_inclusion(node: AnyNode) -> bool:
    """Whether an entry among transitions is a fragment that is included there."""
    if not isinstance(node, Mapping):
        return False
    return any(_keyword(WrittenInclude, key) == "fragment" for key, _ in node.entries)


def _is_lists(tree: Mapping) -> bool:
    """Whether a fragment holds nothing but lists, which are then for those who include it."""
    found = {_keyword(WrittenFragment, key) for key, _ in tree.entries}
    return "lists" in found and found <= {"fragment", "id", "lists"}


def _keyword(model: type[Written], key: Scalar) -> str:
    """The keyword that a key spells, in either language; empty if there is none."""
    return spellings_of(model, key.source.language).get(key.text, ("", True))[0]


def _only(tree: Mapping, sections: _Sections, keyword: str) -> Mapping:
    """A file with nothing but the section of one keyword."""
    return replace(tree, entries=tuple(section for each, section in sections if each == keyword))


def _name(hole: WrittenHole) -> str:
    return _bare(hole.name)


def _bare(name: Scalar) -> str:
    return name.text.rstrip("?？").rstrip()


def _words(node: AnyNode) -> Iterator[Scalar]:
    """The words that were given: one, or several in a list."""
    for each in items_of(node):
        if isinstance(each, Scalar):
            yield each


def titles_of(text: str) -> list[str]:
    """The name and the id that stand at the top of a fragment."""
    return list(dict.fromkeys(found.strip("'\"") for found in _TITLE.findall(text)))


def _title(text: str) -> str:
    return next(iter(titles_of(text)), "")
