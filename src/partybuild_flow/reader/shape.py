"""What is wrong with the shape of a part: keys without meaning, values of another form, words not allowed.

What pydantic finds is told by the type of its error and where its `loc` leads, in our words.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple, get_args

from pydantic_core import ErrorDetails

from partybuild_flow.feel import nearest
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Problem
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.text import ALIAS, AnyNode, Mapping, Scalar, Sequence
from partybuild_flow.reader.written import PART_WORDS
from partybuild_flow.reader.written_form import Place, Written

WORD: Final = Place("word")


class _Keyword(NamedTuple):
    place: Place
    required: bool


@cache
def keywords_of(model: type[Written]) -> dict[str, _Keyword]:
    """The keywords that may stand in a part, in English, with how their values are written."""
    return {
        str(info.alias): _Keyword(_place(info.annotation, *info.metadata), info.is_required())
        for info in model.model_fields.values()
        if not str(info.alias).startswith("@")
    }


def _place(*annotations: object) -> Place:
    for annotation in annotations:
        if isinstance(annotation, Place):
            return annotation
        inner = get_args(annotation)
        if inner and (found := _place(*inner)) is not WORD:
            return found
    return WORD


@cache
def spellings_of(model: type[Written], language: Language) -> dict[str, tuple[str, bool]]:
    """What may be written as a key: the English keyword, and whether the spelling is of this language."""
    found: dict[str, tuple[str, bool]] = {}
    for keyword in (*keywords_of(model), *model.later):
        found[spelled(keyword, "en" if language == "zh-CN" else "zh-CN")] = (keyword, False)
    for keyword in (*keywords_of(model), *model.later):
        found[spelled(keyword, language)] = (keyword, True)
    return found


class Shapes:
    """Tells problems of shape; each method gives what the reader needs to go on."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def tell(self, model: type[Written], found: ErrorDetails, nodes: dict[str, AnyNode], at: AnyNode) -> None:
        """One finding of pydantic as a problem at the word at fault, judged by its type."""
        keyword, rest = str(found["loc"][0]), found["loc"][1:]
        kind, context = found["type"], dict(found.get("ctx", {}))
        language = at.source.language
        if kind == "missing":
            key = spelled(keyword, language)
            self._findings.add(at.problem("PF107", key=key, part=PART_WORDS[model]))
            return
        if keyword == "@name":
            self._findings.add(at.problem("PF110", key=at.text if isinstance(at, Scalar) else ""))
            return
        node = _descend(nodes[keyword], rest)
        if kind in ("greater_than_equal", "less_than_equal"):
            bounds = (
                Phrase("at-least", {"least": context["ge"]})
                if "ge" in context
                else Phrase("at-most", {"most": context["le"]})
            )
            written = node.text if isinstance(node, Scalar) else ""
            self._findings.add(node.problem("PF112", written=written, bounds=bounds))
        elif kind == "too_short":
            self._findings.add(node.problem("PF110", key=spelled(keyword, language)))
        elif kind.startswith("PF"):
            context.setdefault("key", spelled(keyword, language))
            self._findings.add(node.problem(kind, **context))
        else:
            self.wrong(node, _item_place(keywords_of(model)[keyword].place, rest), keyword)

    def wrong(self, node: AnyNode, place: Place, keyword: str | None = None) -> None:
        """The problem of a list where a word is expected and the like, unless a colon was glued."""
        if isinstance(node, Scalar) and node.style == ALIAS:
            return
        if isinstance(node, Scalar) and self.glued(node, place):
            return
        what = PART_WORDS[place.model] if place.model else Phrase("part-entry")
        if keyword:
            what = Phrase("key", {"key": spelled(keyword, node.source.language)})
        form = Phrase(f"form-{place.form}")
        found = Phrase(f"found-{type(node).__name__.lower()}")
        self._findings.add(node.problem("PF108", what=what, expected=form, found=found))

    def glued(self, word: Scalar, place: Place) -> bool:
        """Whether a colon without a space, or a full-width one, glues a key to its value; it is told."""
        if place.form not in ("part", "parts", "named", "pairs") or word.style:
            return False
        for colon, code in (("：", "PF130"), (":", "PF131")):
            key, found, _ = word.text.partition(colon)
            if found and key.strip():
                self._findings.add(self._glue_problem(word, code, key, len(key)))
                return True
        return False

    @staticmethod
    def _glue_problem(word: Scalar, code: str, key: str, offset: int) -> Problem:
        return Problem(code, word.at(offset), {"key": key.strip()}, word.source.language)

    def unknown(self, model: type[Written], key: Scalar) -> str:
        """The keyword that a key without meaning here was probably meant to be, `*` if nobody knows."""
        language = key.source.language
        allowed = tuple(spelled(keyword, language) for keyword in keywords_of(model))
        for colon, code in (("：", "PF130"), (":", "PF131")):
            before, found, _ = key.text.partition(colon)
            keyword, _ = spellings_of(model, language).get(before.strip(), (None, True))
            if found and keyword is not None:
                self._findings.add(self._glue_problem(key, code, before, len(before)))
                return keyword
        meant = nearest(key.text, allowed)
        hint = Phrase("did-you-mean", {"word": meant}) if meant else Phrase("else")
        data = {"word": key.text, "part": PART_WORDS[model], "allowed": allowed, "hint": hint}
        self._findings.add(key.problem("PF104", **data))
        return "*" if meant is None else spellings_of(model, language)[meant][0]


def _descend(node: AnyNode, steps: tuple[int | str, ...]) -> AnyNode:
    """The node that the rest of pydantic's `loc` leads to."""
    for step in steps:
        if isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
        elif isinstance(node, Mapping) and isinstance(step, int):
            node = node.entries[step][1]
    return node


def _item_place(place: Place, steps: tuple[int | str, ...]) -> Place:
    """How the item is written at which the steps end."""
    if not steps:
        return place
    return Place("words") if place.form == "groups" and len(steps) == 1 else WORD
