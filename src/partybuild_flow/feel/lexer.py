"""Text to tokens, one at a time and at any place, because only the parser knows which names are known.

Source: DMN 1.5, clause 10.3.1.2, rules 27 to 39 and 64 to 66.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal
from typing import Final, Literal, NamedTuple

from partybuild_flow.feel.faults import Report
from partybuild_flow.feel.scope import is_blank, is_word_character

MOST_DIGITS: Final = 34
LARGEST_EXPONENT: Final = 6144

FULL_WIDTH: Final = {"（": "(", "）": ")", "，": ",", "≥": ">=", "≤": "<=", "≠": "!="}
CHINESE_WORDS: Final = {"且": "and", "或": "or", "如果": "if", "那么": "then", "否则": "else"}
"""Only as whole words, with spaces around them: 或 within 或有 is a part of a name. What binds names (`some … satisfies`)
or tests (`in`, `not`) has no Chinese word: 在, 不, 非, 每 and 有 begin too many names."""
KEYWORDS: Final = frozenset(
    [
        "and",
        "or",
        "in",
        "between",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "true",
        "false",
        "null",
        "not",
        "function",
        "instance",
    ]
)
MISTAKEN: Final = {
    "==": "=",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "！=": "!=",
    "&&": "and",
    "||": "or",
    "＝": "=",
    "＞": ">",
    "＜": "<",
    "：": ":",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "【": "[",
    "】": "]",
    "＋": "+",
    "－": "-",
    "−": "-",
    "–": "-",
    "＊": "*",
    "×": "*",
    "／": "/",
    "÷": "/",
    "．": ".",
    "、": ",",
    "”": "“…”",
    "＂": '"',
    "「": "“…”",
    "『": "“…”",
    "'": '"',
    "‘": "“…”",
    "`": '"',
    "!": "not(…)",
    "！": "not(…)",
}
"""What is written in other languages or by a Chinese keyboard, and what is written here instead."""

_NUMBER: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_OPERATORS: Final = frozenset(("**", "..", "!=", "<=", ">=", *"<>=+-*/()[]{},:.@?"))
_ESCAPES: Final = {'"': '"', "\\": "\\", "'": "'", "n": "\n", "r": "\r", "t": "\t"}
_PIECE: Final = {'"': re.compile(r'[^"\\]*'), "”": re.compile(r"[^”\\]*")}
_CODE_POINT: Final = re.compile(r"u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}")

TokenKind = Literal["number", "text", "word", "operator", "end"]


class Token(NamedTuple):
    """A piece of text: `value` is the operator or word in its plain spelling, or the constant."""

    kind: TokenKind
    value: str | Decimal
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Its place in the text."""
        return (self.start, self.end)


def skip_blank(text: str, position: int) -> int:
    """The next place that holds neither white space nor a comment."""
    end = len(text)
    while position < end:
        if is_blank(text[position]):
            position += 1
        elif text.startswith("//", position):
            line_end = text.find("\n", position)
            position = end if line_end < 0 else line_end
        elif text.startswith("/*", position):
            comment_end = text.find("*/", position + 2)
            position = end if comment_end < 0 else comment_end + 2
        else:
            break
    return position


FIRST_ASTRAL: Final = "\U00010000"
"""From here on the standard has all characters in names, definitions only letters."""


def word_end(text: str, position: int, *, astral: bool = False) -> int:
    """Where the run of word characters ends that begins here."""
    while position < len(text) and (
        is_word_character(text[position]) or (astral and text[position] >= FIRST_ASTRAL)
    ):
        position += 1
    return position


def scan(text: str, position: int, report: Report) -> Token:
    """The token at this place or after the blanks here.

    Raises:
        Unreadable: there is no token; the report says why.
    """
    start = skip_blank(text, position)
    if start >= len(text):
        return Token("end", "", len(text), len(text))
    character = text[start]
    if character in '"“':
        return _text(text, start, report)
    number = _NUMBER.match(text, start)
    if number:
        return Token("number", _decimal(number[0], number.span(), report), *number.span())
    if character in FULL_WIDTH:
        return Token("operator", FULL_WIDTH[character], start, start + 1)
    if is_word_character(character) or (report.lenient and character >= FIRST_ASTRAL):
        end = word_end(text, start, astral=report.lenient)
        word = text[start:end]
        return Token("word", CHINESE_WORDS.get(word, word), start, end)
    for written in (text[start : start + 2], character):
        if written in _OPERATORS:
            return Token("operator", written, start, start + len(written))
        if written in MISTAKEN:
            raise report.stop("PF415", (start, start + len(written)), found=written, plain=MISTAKEN[written])
    raise report.stop("PF414", (start, start + 1), found=shown_character(character))


def shown_character(character: str) -> str:
    """A character as a message can hold it."""
    if unicodedata.category(character)[0] in "CZ":
        return f"U+{ord(character):04X}"
    return character


def _decimal(digits: str, span: tuple[int, int], report: Report) -> Decimal:
    mantissa, _, exponent = digits.lower().partition("e")
    significant = mantissa.replace(".", "").strip("0")
    places = exponent.lstrip("+-").lstrip("0")
    if len(significant) <= MOST_DIGITS and len(places) <= 5 and len(mantissa) <= LARGEST_EXPONENT:
        value = Decimal(digits)
        if not value or abs(value.adjusted()) <= LARGEST_EXPONENT:
            return value
    if report.lenient and len(digits) <= LARGEST_EXPONENT and not exponent:
        return Context(prec=MOST_DIGITS).create_decimal(digits)
    raise report.stop("PF417", span, digits=str(MOST_DIGITS), exponent=str(LARGEST_EXPONENT))


def _text(text: str, start: int, report: Report) -> Token:
    close = '"' if text[start] == '"' else "”"
    pieces: list[str] = []
    at = start + 1
    while True:
        piece = _PIECE[close].match(text, at)
        if piece:
            pieces.append(piece[0])
            at = piece.end()
        if at >= len(text):
            raise report.stop("PF413", (start, len(text)), open=text[start], close=close)
        if text[at] == close:
            break
        character, at = _escaped(text, at, report)
        pieces.append(character)
    value = "".join(pieces)
    try:
        value = value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise report.stop(
            "PF416", (start, at + 1), found=text[start : at + 1].encode("ascii", "replace").decode()
        ) from None
    for character in value:
        if unicodedata.category(character) == "Cc" and character not in "\t\n\r":
            raise report.stop("PF414", (start, at + 1), found=shown_character(character))
    return Token("text", value, start, at + 1)


def _escaped(text: str, at: int, report: Report) -> tuple[str, int]:
    """The character that an escape sequence says, and the place after it."""
    letter = text[at + 1 : at + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], at + 2
    code = _CODE_POINT.match(text, at + 1)
    if code and int(code[0][1:], 16) <= 0x10FFFF:
        return chr(int(code[0][1:], 16)), code.end()
    if report.lenient:
        return "\\", at + 1
    raise report.stop("PF416", (at, min(at + 2, len(text))), found=text[at : at + 2])
