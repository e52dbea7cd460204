"""An explanation as one page of HTML: nothing is loaded, nothing runs, it can be kept, sent and printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from partybuild_flow.explain.explained import Explanation, Point, Seen
from partybuild_flow.explain.naming import FAILS, HOLDS, UNKNOWN
from partybuild_flow.facts import MASK
from partybuild_flow.messages import Language, sentence

_STYLE: Final = """
:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:1.3rem}h2{font-size:1.15rem;border-top:1px solid;padding-top:.6rem}h3{font-size:1rem;margin-bottom:.2rem}
tr.hit{outline:2px solid}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{font-weight:600}dd{margin:0}
table{border-collapse:collapse;margin:.4rem 0}caption{text-align:start;font-weight:600}
th,td{border:1px solid #888;padding:.2rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
.no{color:#b3261e}.yes{color:#1b6e3c}.open{color:#8a5a00}.at{font-size:.8rem;opacity:.75}
code{font-family:ui-monospace,monospace;white-space:pre-wrap}
@media (prefers-color-scheme:dark){.no{color:#ff8a80}.yes{color:#7ed29a}.open{color:#ffc46b}}
@media print{body{max-width:none;padding:0}.no,.yes,.open{color:#000}article,tr{break-inside:avoid}}
"""
_VERDICTS: Final = {HOLDS: ("yes", "holds"), FAILS: ("no", "fails"), UNKNOWN: ("open", "unknown"), MASK: ("open", "hidden")}  # fmt: skip


def page_of(explanation: Explanation) -> str:
    """The page; every text of definitions and cases is escaped."""
    language = explanation.language
    verdict = _verdict(HOLDS if explanation.accepted else FAILS, language)
    facts = {
        "workflow": f"{explanation.workflow} ({explanation.version})",
        "event": explanation.event,
        "case": explanation.case,
        "state": explanation.state,
        "target": explanation.target,
        "at": explanation.at,
        "definition": explanation.definition,
    }
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{language}">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(explanation.sentence)}</title><style>{_STYLE}</style></head>",
        f"<body><main><h1>{verdict} {escape(explanation.sentence)}</h1>",
        "<dl>",
        *(f"<dt>{_word(name, language)}</dt><dd>{escape(told)}</dd>" for name, told in facts.items() if told),
        "</dl>",
        *(part for point in explanation.points for part in _transition(point, language)),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _transition(point: Point, language: Language) -> Iterator[str]:
    yield "<article>"
    yield f"<h2>{_verdict(point.mark, language)} {escape(point.title)}: {escape(point.text or '')}{_at(point)}</h2>"
    for part in point.points:
        yield f"<section><h3>{_verdict(part.mark, language)} {escape(part.title)}{_at(part)}</h3>"
        if part.text is not None:
            yield f"<p><code>{escape(part.text)}</code></p>"
        if part.value is not None:
            yield f"<p>{_word('result', language)} <strong>{escape(part.value)}</strong></p>"
        if part.seen:
            yield from _seen_table(part.seen, language)
        if part.kind == "table":
            yield from _rows(part, language)
        elif part.points:
            yield from _rules(part, language)
        yield "</section>"
    yield "</article>"


def _seen_table(seen: Iterable[Seen], language: Language) -> Iterator[str]:
    yield _head(("what", "value", "kind", "position"), language, "values")
    for each in seen:
        kind = escape(sentence(f"explained.kind.{each.kind}", language, {}))
        source = f" ({escape(each.source)})" if each.source else ""
        cells = (_value(each, language), kind + source, escape(each.position or ""))
        told = "".join(f"<td>{cell}</td>" for cell in cells)
        yield f'<tr><th scope="row">{escape(each.name)}</th>{told}</tr>'
    yield "</tbody></table>"


def _rows(table: Point, language: Language) -> Iterator[str]:
    yield _head(("verdict", "row", "tests", "conclusion", "position"), language, "rows")
    for row in table.points:
        tests = "<br>".join(
            f"{_verdict(test.mark, language)} {escape(test.title)}: <code>{escape(test.text or '')}</code>"
            for test in row.points
        )
        cells = (tests, escape(row.value or ""), escape(row.position or ""))
        yield _line(row, cells, language)
    yield "</tbody></table>"


def _rules(rule_set: Point, language: Language) -> Iterator[str]:
    yield _head(("verdict", "rule", "condition", "read", "conclusion", "position"), language, "rules")
    for rule in rule_set.points:
        read = "<br>".join(f"{escape(each.name)} = {_value(each, language)}" for each in rule.seen)
        because = f"{escape(rule.because)}<br>" if rule.because else ""
        condition = f"{because}<code>{escape(rule.text or '')}</code>"
        cells = (condition, read, escape(rule.value or ""), escape(rule.position or ""))
        yield _line(rule, cells, language)
    yield "</tbody></table>"


def _line(point: Point, cells: Iterable[str], language: Language) -> str:
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    verdict = _verdict(point.mark, language)
    look, hit = (' class="hit"', f" ({_word('hit', language)})") if point.kind == "hit" else ("", "")
    return f'<tr{look}><td>{verdict}</td><th scope="row">{escape(point.title)}{hit}</th>{told}</tr>'


def _head(columns: Iterable[str], language: Language, caption: str) -> str:
    cells = "".join(f'<th scope="col">{_word(each, language)}</th>' for each in columns)
    return f"<table><caption>{_word(caption, language)}</caption><thead><tr>{cells}</tr></thead><tbody>"


def _value(seen: Seen, language: Language) -> str:
    if seen.value is None:
        return f"{_verdict(UNKNOWN, language)} {_word('missing', language)}"
    return escape(seen.value)


def _verdict(mark: str, language: Language) -> str:
    look, told = _VERDICTS[mark]
    return f'<span class="{look}" role="img" aria-label="{_word(told, language)}">{mark}</span>'


def _at(point: Point) -> str:
    return f' <span class="at">{escape(point.position)}</span>' if point.position else ""


def _word(code: str, language: Language) -> str:
    return escape(sentence(f"explained.{code}", language, {}))
