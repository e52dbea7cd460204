"""Names and ids: every part may be referred to by either, and each leads to one part only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from partybuild_flow.feel import AMBIENT
from partybuild_flow.feel.lexer import CHINESE_WORDS, KEYWORDS
from partybuild_flow.feel.scope import is_word_character
from partybuild_flow.messages import Phrase
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.text import Scalar

_ID: Final = re.compile(r"[a-z][a-z0-9-]*")
_NEVER_IN_NAMES: Final = re.compile("[\n,，：;；]|: ")
_NEVER_READ: Final = re.compile(r"""[.?？"“”'{}\[\]、]|//|/\*""")
_TAKEN: Final = frozenset((*KEYWORDS, *CHINESE_WORDS, *(symbol.id for symbol in AMBIENT), "item"))
_COMMAS: Final = re.compile("[，、]")


def check_id(word: Scalar, findings: Findings) -> None:
    """An id is small letters, digits and hyphens, so that programs and addresses can hold it."""
    if not _ID.fullmatch(word.text):
        findings.add(word.problem("PF208", id=word.text))


class Names:
    """The parts of one kind, or of several kinds that share their names, by name and id.

    `readable` says that expressions read them, which forbids some more names.
    """

    def __init__(self, findings: Findings, *, readable: bool = False) -> None:
        self._findings = findings
        self._readable = readable
        self._parts: dict[str, tuple[str, Phrase, Scalar]] = {}
        self._names: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def name(self, id_: str) -> str:
        """The name that people read."""
        return self._names[id_]

    def declare(self, kind: str, name: Scalar, written_id: Scalar | None) -> str | None:
        """The id of a new part; None if another one has its name or id. `kind` is the code of its phrase."""
        self._check_name(name)
        if written_id is not None:
            check_id(written_id, self._findings)
        for word in (name, written_id):
            if word is not None and word.text in self._parts:
                _, other, first = self._parts[word.text]
                where = {"path": first.source.path, "line": first.line, "column": first.column}
                self._findings.add(word.problem("PF207", name=word.text, other=other, **where))
                return None
        id_ = (written_id or name).text
        self._names[id_] = name.text
        for word in (name, written_id):
            if word is not None:
                self._parts[word.text] = (id_, Phrase(kind), word)
        return id_

    def _check_name(self, name: Scalar) -> None:
        text = name.text
        found = _NEVER_IN_NAMES.search(text) or (_NEVER_READ.search(text) if self._readable else None)
        if found and found[0] == "，":
            self._findings.add(name.problem("PF114", written=text))
        elif found:
            sign = Phrase("line-end") if found[0] == "\n" else found[0].strip()
            self._findings.add(name.problem("PF209", name=text, sign=sign))
        elif self._readable and (text in _TAKEN or not is_word_character(text[0]) or text[0].isdecimal()):
            self._findings.add(name.problem("PF210", name=text))

    def kind_of(self, spelling: str) -> Phrase | None:
        """What kind of part has this name or id; None if there is none."""
        found = self._parts.get(spelling)
        return found[1] if found else None

    def id_of(self, spelling: str) -> str | None:
        """The id of the part of this name or id; None if there is none."""
        found = self._parts.get(spelling)
        return found[0] if found else None

    def spellings(self, kind: str | None = None) -> tuple[str, ...]:
        """All names and ids of the parts of a kind, the names first."""
        found = [
            (word.text in self._names and self._names[id_] != word.text, word.text)
            for id_, phrase, word in self._parts.values()
            if kind is None or phrase.code == kind
        ]
        return tuple(text for _, text in sorted(found, key=lambda pair: pair[0]))

    def find(self, word: Scalar, code: str, kind: str | None = None, **data: object) -> str | None:
        """The id of the part that is meant; None, after a problem of this code, if there is none.

        The problem is told with what was written (`word`), a hint and `data`.
        """
        found = self._parts.get(word.text)
        if found is not None and (kind is None or found[1].code == kind):
            return found[0]
        if word.text in self._findings.broken:
            return None
        pieces = [piece.strip() for piece in _COMMAS.split(word.text)]
        if len(pieces) > 1 and any(piece in self._parts for piece in pieces):
            self._findings.add(word.problem("PF114", written=word.text))
            return None
        hint = hint_at(word.text, self._names_of(kind))
        if found is not None:
            hint = Phrase("is-a", {"kind": found[1]})
        self._findings.add(word.problem(code, word=word.text, hint=hint, **data))
        return None

    def _names_of(self, kind: str | None) -> tuple[str, ...]:
        ids = {id_: None for id_, phrase, _ in self._parts.values() if kind is None or phrase.code == kind}
        names = tuple(self._names[id_] for id_ in ids)
        return (*names, *(id_ for id_ in ids if id_ not in names)) if len(names) <= 4 else names
