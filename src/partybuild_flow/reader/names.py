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
_TAKEN: Final = frozenset(
    (*KEYWORDS, *CHINESE_WORDS, *(word for symbol in AMBIENT for word in symbol.spellings), "item")
)
_COMMAS: Final = re.compile("[，、]")


def check_id(word: Scalar, findings: Findings) -> None:
    """An id is small letters, digits and hyphens, so that programs and addresses can hold it."""
    if not _ID.fullmatch(word.text):
        findings.add(word.problem("PF208", id=word.text))


class Names:
    """The parts of one kind, or of several kinds that share their names, by name and id.

    `sections` are the keywords under which they are written; `readable` says that expressions read
    them, which forbids some more names.
    """

    def __init__(self, findings: Findings, *sections: str, readable: bool = False) -> None:
        self._findings = findings
        self._sections = sections
        self._readable = readable
        self._parts: dict[str, tuple[str, Phrase, Scalar]] = {}
        self._names: dict[str, str] = {}

    def __contains__(self, id_: object) -> bool:
        return id_ in self._names

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
            if self._readable and written_id.text in _TAKEN:
                self._findings.add(written_id.problem("PF210", name=written_id.text))
        for word in (name, written_id):
            if word is not None and word.text in self._parts:
                _, other, first = self._parts[word.text]
                self._findings.add(
                    word.problem("PF207", name=word.text, other=other, where=str(first.position))
                )
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

    def find(
        self, word: Scalar, code: str, *kinds: str, also: tuple[str, ...] = (), **data: object
    ) -> str | None:
        """The id of the part that is meant; None, after a problem of this code, if there is none.

        The problem is told with what was written (`word`), a hint and `data`; `also` are words that may stand
        here besides names.
        """
        found = self._parts.get(word.text)
        if found is not None and (not kinds or found[1].code in kinds):
            return found[0]
        if word.text in self._findings.broken or self._findings.lost(*self._sections):
            return None
        pieces = [piece.strip() for piece in _COMMAS.split(word.text)]
        if len(pieces) > 1 and any(piece in self._parts for piece in pieces):
            self._findings.add(word.problem("PF114", written=word.text))
            return None
        names, ids = self._names_of(kinds)
        hint = hint_at(word.text, (*names, *also), ids)
        if found is not None:
            hint = Phrase("is-a", {"kind": found[1]})
        self._findings.add(word.problem(code, word=word.text, hint=hint, **data))
        return None

    def _names_of(self, kinds: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names and the ids of the parts of these kinds, all if none is given."""
        ids = {id_: None for id_, phrase, _ in self._parts.values() if not kinds or phrase.code in kinds}
        return tuple(self._names[id_] for id_ in ids), tuple(ids)
