"""What keeps a text from being YAML that we read, in our own words.

The parser's errors are told apart by their type and by the characters at their marks, never by
their English text, so that the C parser and the pure Python one lead to the same problem.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import yaml

_CLOSING: Final = {"[": "]", "{": "}"}
_NEVER: Final = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML does not allow, and what only some readers take for the end of a line."""
_MARKER: Final = re.compile(r"^(?:---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_CONTENT: Final = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
_DIRECTIVE: Final = re.compile(r"(?:[ \t]*(?:#.*)?\n)*(%)(?!YAML 1\.\d\s)")
_KEPT_QUESTION_MARK: Final = "\ue83f"
_INNER_QUESTION_MARK: Final = re.compile(r"(?<=[^\s\[{,:\-?])([ \t]*)\?")


class Wrong(NamedTuple):
    """The code of a problem, the index in the text where it stands, and the words of its sentence."""

    code: str
    at: int
    data: dict[str, object]


def first_wrong_character(text: str) -> Wrong | None:
    """The first character that no text may hold, or a directive, which we do not carry out."""
    found = _NEVER.search(text)
    if found:
        return Wrong("PF129", found.start(), {"character": f"U+{ord(found[0]):04X}"})
    directive = _DIRECTIVE.match(text)
    return Wrong("PF139", directive.start(1), {}) if directive else None


def only_document(text: str) -> tuple[str, Wrong | None]:
    """The text of the first document, and what is wrong if another one follows."""
    markers = _MARKER.finditer(text)
    for marker in markers:
        before = text[: marker.start()]
        if marker[0] == "---" and not _content(before):
            continue
        more = _CONTENT.search(text, marker.end())
        return before, Wrong("PF136", marker.start(), {}) if more else None
    return text, None


def _content(text: str) -> bool:
    """Whether anything but comments and directives is written."""
    return any(not found[0].lstrip().startswith("%") for found in _CONTENT.finditer(text))


def keep_question_marks(text: str) -> str:
    """The text with every question mark inside a plain word replaced by a character of the same length.

    PyYAML's pure Python scanner ends a plain word at `?` inside brackets, libyaml and YAML 1.2 do not.
    """
    return _INNER_QUESTION_MARK.sub(r"\1" + _KEPT_QUESTION_MARK, text)


def restore_question_marks(text: str) -> str:
    """What `keep_question_marks` replaced is put back."""
    return text.replace(_KEPT_QUESTION_MARK, "?")


def first_tab(text: str, quoted: list[tuple[int, int]]) -> Wrong | None:
    """The first tab outside quotes, blocks and comments; `quoted` are the spans of the former, in order."""
    at = text.find("\t")
    if at < 0:
        return None
    for start, end in [*quoted, (len(text), len(text))]:
        while 0 <= at < start:
            line = text[text.rfind("\n", 0, at) + 1 : at]
            if not re.search(r"(?:^|\s)#", line):
                return Wrong("PF128", at, {})
            at = text.find("\t", at + 1)
        if 0 <= at < end:
            at = text.find("\t", end)
    return None


def what_is_wrong(error: yaml.YAMLError, text: str) -> Wrong:
    """The problem behind an error of the parser."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Wrong("PF120", 0, {"character": text[:1]})
    end = len(text.rstrip())
    at = min(error.problem_mark.index, end)
    context = error.context_mark.index if error.context_mark else at
    found = text[at : at + 1]
    opened = text[context : context + 1] if context < at else ""
    scanner = isinstance(error, yaml.scanner.ScannerError)
    glued = _glued_colon(text, at)
    if glued is not None and opened not in ("'", '"'):
        return Wrong("PF130", glued, {"key": _key_before(text, glued)})
    if found == "\t":
        return Wrong("PF128", at, {})
    if scanner:
        return _scanner_error(text, at, context, opened)
    if found and found in "]}":
        return Wrong("PF120", at, {"character": found})
    if opened in _CLOSING:
        return _bracket_error(text, at, context)
    if _starts_line(text, at) and at < end:
        return Wrong("PF121", at, {})
    return Wrong("PF120", at, {"character": found or text[at - 1 : at]})


def _scanner_error(text: str, at: int, context: int, opened: str) -> Wrong:
    found = text[at : at + 1]
    if opened in ("'", '"'):
        backslash = text.rfind("\\", context, at + 1)
        escape = text[backslash : backslash + 2]
        if opened == '"' and backslash >= 0 and at - backslash <= 2 and len(escape.strip()) == 2:
            return Wrong("PF125", backslash, {"escape": escape})
        return Wrong("PF123", context, {"quote": opened})
    if found and found in "@`%":
        return Wrong("PF124", at, {"character": found})
    if opened and opened in "&*!|>":
        return Wrong("PF124", context, {"character": opened})
    if opened and "\n" in text[context:at]:
        return Wrong("PF127", context, {"line": text[context:at].split("\n", 1)[0].strip()[:40]})
    if found == ":":
        return Wrong("PF126", at, {})
    return Wrong("PF120", at, {"character": found or text[at - 1 : at]})


def _bracket_error(text: str, at: int, context: int) -> Wrong:
    opened = text[context]
    data: dict[str, object] = {"opened": opened, "closing": _CLOSING[opened]}
    elsewhere = at >= len(text.rstrip()) or "\n" in text[context:at]
    if text[at : at + 1] == ":" and not elsewhere:
        return Wrong("PF126", at, {})
    return Wrong("PF122", context if elsewhere else at, data)


def _starts_line(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()


def _key_before(text: str, colon: int) -> str:
    return re.split(r"[{\[,\n]|- ", text[:colon])[-1].strip()


def _glued_colon(text: str, at: int) -> int | None:
    """The full-width colon that stands where the colon after a key should, on this line or the one before."""
    begin = text.rfind("\n", 0, at) + 1
    before = text[: max(begin - 1, 0)].rstrip()
    for start, end in ((begin, at), (before.rfind("\n") + 1, len(before))):
        for found in re.finditer("：", text[start:end]):
            written = re.split(r"[{\[,]", text[start : start + found.start()])[-1].strip().removeprefix("- ")
            if written and not re.search(r"""[:'"#]|\s\s""", written):
                return start + found.start()
    return None
