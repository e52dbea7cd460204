"""A place in the text that moves over its tokens, and what is said when the wrong one stands there."""

from __future__ import annotations

from typing import Final

from partybuild_flow.feel.faults import Report, Unreadable
from partybuild_flow.feel.lexer import CHINESE_WORDS, KEYWORDS, Token, scan

_EXPECTED_ZH: Final = {
    "a value": "一个值",
    "an operator or the end": "运算符或结尾",
    "a name": "一个名称",
    "a text in quotes": "引号中的文本",
    "then": "then（那么）",
    "else": "else（否则）",
}


class Cursor:
    """The tokens of a text, one after the other; tokens at a place are made once."""

    def __init__(self, text: str, report: Report) -> None:
        self.text = text
        self.report = report
        self.last = 0
        """Where the token before this place ends."""
        self._position = 0
        self._tokens: dict[int, Token] = {}

    def peek(self) -> Token:
        """The token that comes next."""
        token = self._tokens.get(self._position)
        if token is None:
            token = self._tokens[self._position] = scan(self.text, self._position, self.report)
        return token

    def take(self) -> Token:
        """The token that comes next; the place moves behind it."""
        token = self.peek()
        self.move(token.end)
        return token

    def move(self, position: int) -> None:
        """Go on at another place."""
        self._position = self.last = position

    @staticmethod
    def plain(token: Token) -> str:
        """The operator or keyword that a token is; nothing if it is neither."""
        value = str(token.value) if token.kind in ("word", "operator") else ""
        return value if token.kind == "operator" or value in KEYWORDS else ""

    def accept(self, plain: str) -> bool:
        """Whether this operator or keyword comes next; if so, the place moves behind it."""
        if self.plain(self.peek()) != plain:
            return False
        self.take()
        return True

    def expect(self, plain: str) -> Token:
        """The operator or keyword that must come next."""
        token = self.peek()
        if self.plain(token) != plain:
            raise self.unexpected(token, plain)
        return self.take()

    def close(self, plain: str, opening: Token) -> Token:
        """The bracket that must come next, for one that was opened."""
        token = self.peek()
        if token.kind == "end":
            written = self.text[opening.start : opening.end]
            raise self.report.stop("PF412", opening.span, open=written, close=plain)
        if self.plain(token) != plain:
            raise self.unexpected(token, f", {plain}" if plain in ")]}" else plain)
        return self.take()

    def finish(self) -> None:
        """The text must end here."""
        token = self.peek()
        if token.kind != "end":
            raise self.unexpected(token, "an operator or the end")

    def unexpected(self, token: Token, expected: str) -> Unreadable:
        """What to raise where another token was expected."""
        expected_zh = _EXPECTED_ZH.get(expected, expected)
        if token.kind == "end":
            end = len(self.text.rstrip())
            return self.report.stop("PF411", (end, end), expected=expected, expected_zh=expected_zh)
        found = self.text[token.start : token.end]
        glued = next((each for each in CHINESE_WORDS if found.startswith(each) and found != each), None)
        if glued is not None and token.kind == "word":
            return self.report.stop("PF434", token.span, name=found, word=glued)
        shown = found if len(found) <= 40 else found[:40] + "…"
        return self.report.stop("PF410", token.span, found=shown, expected=expected, expected_zh=expected_zh)
