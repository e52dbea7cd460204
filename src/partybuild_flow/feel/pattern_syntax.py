"""The text of a regular expression to a tree. Source: XML Schema 1.1 part 2, appendix G, with the anchors,
reluctant quantifiers and groups of XPath functions and operators, clause 5.6.1."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from partybuild_flow.feel.blocks import BLOCKS

MOST_REPETITIONS: Final = 1_000
LONGEST_PATTERN: Final = 1_000
DEEPEST_GROUP: Final = 30

Test = Callable[[str], bool]
"""Whether a character is one of a class."""


class PatternRefused(Exception):
    """The pattern cannot be used; the reason in both languages."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        self.reason = reason
        self.reason_zh = reason_zh
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class One:
    """One character out of a class."""

    test: Test


@dataclass(frozen=True, slots=True)
class Anchor:
    """The begin (`^`) or end (`$`) of the text."""

    sign: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, the first that fits."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """So many times; without `most` any number. `greedy` takes as many as it can."""

    part: Part
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What a replacement may refer to by its number, from 1."""

    number: int
    part: Part


@dataclass(frozen=True, slots=True)
class Back:
    """The text that a group has matched; only the standard's own functions know it."""

    number: int


Part = One | Anchor | Sequence | Either | Repeated | Group | Back


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_name_start(character: str) -> bool:
    return character.isalpha() or character in "_:"


_CLASSES: Final[dict[str, Test]] = {
    "s": lambda character: character in " \t\n\r",
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": _is_word,
    "i": _is_name_start,
    "c": lambda character: (
        _is_name_start(character) or character in "-.·" or unicodedata.category(character) == "Nd"
    ),
}
_CONTROL: Final = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPABLE: Final = frozenset("\\|.?*+(){}-[]^$/")
_CATEGORIES: Final = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)


def negated(test: Test) -> Test:
    """The class of all other characters."""
    return lambda character: not test(character)


def parse_pattern(pattern: str, flags: str, *, liberal: bool = False) -> Part:
    """The tree of a pattern; a `liberal` one may refer back to its groups.

    Raises:
        PatternRefused: it cannot be used.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused(
            f"it has more than {LONGEST_PATTERN} characters", f"超过 {LONGEST_PATTERN} 个字符"
        )
    if "x" in flags:
        pattern = "".join(character for character in pattern if character not in " \t\n\r")
    reader = _Reader(pattern, dot_all="s" in flags, liberal=liberal)
    part = reader.either()
    if reader.at < len(pattern):
        raise PatternRefused("“)” closes nothing", "“)”没有对应的“(”")
    return part


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, *, dot_all: bool, liberal: bool = False) -> None:
        self._liberal = liberal
        self._closed: set[int] = set()
        self.at = 0
        self._pattern = pattern
        self._dot: Test = (lambda _: True) if dot_all else (lambda character: character not in "\n\r")
        self._groups = 0
        self._depth = 0

    def _next(self) -> str:
        return self._pattern[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self._pattern[self.at - 1 : self.at]

    def either(self) -> Part:
        """Alternatives."""
        parts = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self, part: Part) -> Part:
        sign = self._next()
        if sign not in ("?", "*", "+", "{") or sign == "":
            return part
        self.at += 1
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign) or self._counts()
        greedy = self._next() != "?"
        if not greedy:
            self.at += 1
        if self._next() in ("?", "*", "+", "{") and self._next():
            raise PatternRefused(f"nothing stands before “{self._next()}”", f"“{self._next()}”前面没有内容")
        return Repeated(part, least, most, greedy)

    def _counts(self) -> tuple[int, int | None]:
        end = self._pattern.find("}", self.at)
        least, comma, most = self._pattern[self.at : end].partition(",") if end >= 0 else ("", "", "")
        self.at = end + 1
        written = [number for number in (least, most) if number]
        if not least or not all(
            number.isascii() and number.isdigit() and len(number) < 5 for number in written
        ):
            raise PatternRefused("a count is written {2} or {2,5}", "次数应写作 {2} 或 {2,5}")
        counts = int(least), int(most) if most else (None if comma else int(least))
        if max(number for number in counts if number is not None) > MOST_REPETITIONS:
            raise PatternRefused(f"a count is at most {MOST_REPETITIONS}", f"次数最多为 {MOST_REPETITIONS}")
        if counts[1] is not None and counts[1] < counts[0]:
            raise PatternRefused("the second count is smaller than the first", "后一个次数小于前一个")
        return counts

    def _atom(self) -> Part:
        character = self._take()
        if character == "(":
            return self._group()
        if character == "[":
            return One(self._class())
        if character == ".":
            return One(self._dot)
        if character in "^$":
            return Anchor(character)
        if character == "\\" and self._liberal and self._next() in tuple("123456789"):
            return self._back()
        if character == "\\":
            return One(self._escape())
        if character in "?*+{":
            raise PatternRefused(f"nothing stands before “{character}”", f"“{character}”前面没有内容")
        if character in "]}":
            raise PatternRefused(f"“{character}” closes nothing", f"“{character}”没有对应的括号")
        return One(character.__eq__)

    def _group(self) -> Part:
        self._depth += 1
        if self._depth > DEEPEST_GROUP:
            raise PatternRefused(
                f"groups are nested deeper than {DEEPEST_GROUP}", f"分组嵌套超过 {DEEPEST_GROUP} 层"
            )
        number = 0
        if self._next() == "?":
            if self._pattern[self.at : self.at + 2] != "?:":
                raise PatternRefused("only (?: may stand after a bracket", "括号后只能写 (?:")
            self.at += 2
        else:
            self._groups += 1
            number = self._groups
        part = self.either()
        if self._take() != ")":
            raise PatternRefused("“(” is not closed", "“(”没有闭合")
        self._depth -= 1
        self._closed.add(number)
        return Group(number, part) if number else part

    def _back(self) -> Part:
        """A reference to a group that is closed; further digits belong to it where there are so many groups."""
        number = int(self._take())
        while self._next().isdigit() and number * 10 + int(self._next()) <= self._groups:
            number = number * 10 + int(self._take())
        if number not in self._closed:
            raise PatternRefused("it refers to a group that is not closed", "引用了尚未闭合的分组")
        return Back(number)

    def _escape(self) -> Test:
        letter = self._take()
        if letter in _CONTROL:
            return _CONTROL[letter].__eq__
        if letter in _ESCAPABLE and letter:
            return letter.__eq__
        if letter.lower() in _CLASSES and letter:
            test = _CLASSES[letter.lower()]
            return test if letter.islower() else negated(test)
        if letter in ("p", "P"):
            return self._category(letter)
        if letter.isdigit():
            raise PatternRefused("it refers back to a group", "使用了反向引用")
        raise PatternRefused(f"“\\{letter}” means nothing", f"“\\{letter}”没有意义")

    def _category(self, letter: str) -> Test:
        end = self._pattern.find("}", self.at)
        name = self._pattern[self.at + 1 : end] if self._next() == "{" and end >= 0 else ""
        block = BLOCKS.get(name.removeprefix("Is")) if name.startswith("Is") else None
        if block is not None:
            self.at = end + 1
            inside: Test = lambda character: block[0] <= ord(character) <= block[1]  # noqa: E731
            return inside if letter == "p" else negated(inside)
        if name not in _CATEGORIES:
            raise PatternRefused(
                f"“\\{letter}{{{name}}}” is no category", f"“\\{letter}{{{name}}}”不是字符类别"
            )
        self.at = end + 1

        def test(character: str) -> bool:
            return unicodedata.category(character).startswith(name)

        return test if letter == "p" else negated(test)

    def _class(self) -> Test:
        """A class in square brackets, from behind its opening bracket."""
        is_negative = self._next() == "^"
        if is_negative:
            self.at += 1
        tests: list[Test] = []
        without: Test | None = None
        while self._next() != "]" or not tests:
            if self._next() == "":
                raise PatternRefused("“[” is not closed", "“[”没有闭合")
            if self._pattern[self.at : self.at + 2] == "-[" and tests:
                self.at += 2
                without = self._class()
                break
            tests.append(self._range())
        if self._take() != "]":
            raise PatternRefused("“[” is not closed", "“[”没有闭合")
        return _class_of(tuple(tests), without, is_negative=is_negative)

    def _range(self) -> Test:
        """One member of a class: a character, a range of them, or an escape."""
        low = self._take()
        if low == "[":
            raise PatternRefused("“[” inside a class is written “\\[”", "字符组中的“[”请写作“\\[”")
        if low == "\\":
            test = self._escape()
            if self._next() != "-" or self._pattern[self.at + 1 : self.at + 2] in ("]", "["):
                return test
            low = self._pattern[self.at - 1]
            if low not in _ESCAPABLE:
                raise PatternRefused("a range needs a character on both sides", "范围两端应是字符")
        if self._next() != "-" or self._pattern[self.at + 1 : self.at + 2] in ("]", "[", ""):
            return low.__eq__
        self.at += 1
        high = self._take()
        if high == "\\":
            high = self._take()
            high = _CONTROL.get(high, high)
        if high < low:
            raise PatternRefused(f"the range “{low}-{high}” is empty", f"范围“{low}-{high}”是空的")
        return lambda character: low <= character <= high


def _class_of(tests: tuple[Test, ...], without: Test | None, *, is_negative: bool) -> Test:
    def test(character: str) -> bool:
        found = any(each(character) for each in tests) is not is_negative
        return found and not (without is not None and without(character))

    return test
