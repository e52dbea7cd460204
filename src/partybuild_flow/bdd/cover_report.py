"""The coverage of definitions as lines for a terminal, as JSON and as a page of HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Final

from partybuild_flow.bdd.coverage import KINDS, Coverage, Key, Point
from partybuild_flow.bdd.telling import near_path
from partybuild_flow.messages import Language, sentence

MOST_TOLD: Final = 200
"""How many missed points a terminal is told; the files hold all."""

_STYLE: Final = (
    "body{font:15px/1.5 sans-serif;margin:2em;max-width:70em}table{border-collapse:collapse;margin:1em 0}"
    "td,th{border:1px solid #ccc;padding:.2em .6em;text-align:left}.missed{background:#fdd}.hit{background:#dfd}"
)


def terminal_lines(covered: Coverage, least: float | None = None) -> Iterator[str]:
    """A line for each workflow, a line for each point that was missed, and the whole."""
    for workflow in covered.workflows:
        yield _workflow_line(covered, workflow)
    missed = covered.missed
    yield from (missed_line(point) for point in missed[:MOST_TOLD])
    if len(missed) > MOST_TOLD:
        yield f"… {len(missed) - MOST_TOLD}"
    hit, known = covered.part()
    language = spoken(covered)
    data = {"hit": hit, "known": known, "percent": shown_percent(covered.percent)}
    yield sentence("feature.cover.total", language, data)
    if least is not None and covered.percent < least:
        yield sentence("feature.cover.under", language, {"least": f"{least:g}"})


def missed_line(point: Point) -> str:
    """A missed point in one sentence, in the language of its workflow."""
    told = sentence(f"feature.cover.{point.key.kind}", point.language, {"name": point.name})
    return f"{near_path(point.path)}:{point.line}: {told}"


def shown_percent(percent: float) -> str:
    """A share with one decimal, cut rather than rounded, so that 100 means all."""
    return f"{int(percent * 10) / 10:g}"


def spoken(covered: Coverage) -> Language:
    """The language of the first workflow."""
    return next((point.language for point in covered.points.values()), "en")


def write_reports(covered: Coverage, wanted: Iterable[str]) -> None:
    """Write the files that `--flow-cover=json:FILE` and `html:FILE` name."""
    for each in wanted:
        form, _, name = each.partition(":")
        if form == "json":
            Path(name).write_text(
                json.dumps(record(covered), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        elif form == "html":
            Path(name).write_text(page(covered), encoding="utf-8")


def record(covered: Coverage) -> dict[str, object]:
    """The coverage as an object of JSON."""
    hit, known = covered.part()
    return {
        "hit": hit,
        "known": known,
        "percent": round(covered.percent, 3),
        "workflows": [
            {
                "workflow": workflow,
                "name": name,
                **{
                    kind: dict(zip(("hit", "known"), covered.part(workflow, kind), strict=True))
                    for kind in KINDS
                },
                "points": [
                    {
                        "kind": key.kind,
                        "part": key.part,
                        "place": key.place,
                        "name": point.name,
                        "path": near_path(point.path),
                        "line": point.line,
                        "scenarios": covered.hits.get(key, 0),
                    }
                    for key, point in _points(covered, workflow)
                ],
            }
            for workflow, name in covered.workflows.items()
        ],
    }


def page(covered: Coverage) -> str:
    """The coverage as a page of HTML that needs nothing else."""
    title = escape(sentence("feature.cover.title", spoken(covered), {}))
    parts = [
        f"<!doctype html><meta charset='utf-8'><title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>"
    ]
    for workflow, name in covered.workflows.items():
        parts.append(f"<h2>{escape(name)}</h2><p>{escape(_workflow_line(covered, workflow))}</p><table>")
        for key, point in _points(covered, workflow):
            count = covered.hits.get(key, 0)
            parts.append(
                f"<tr class='{'hit' if count else 'missed'}'><td>{escape(key.kind)}</td><td>{escape(point.name)}</td>"
                f"<td>{escape(near_path(point.path))}:{point.line}</td><td>{count}</td></tr>"
            )
        parts.append("</table>")
    return "\n".join(parts) + "\n"


def _points(covered: Coverage, workflow: str) -> list[tuple[Key, Point]]:
    return [(key, point) for key, point in covered.points.items() if key.workflow == workflow]


def _workflow_line(covered: Coverage, workflow: str) -> str:
    shares = {kind: "{}/{}".format(*covered.part(workflow, kind)) for kind in KINDS}
    hit, known = covered.part(workflow)
    language = next(point.language for _, point in _points(covered, workflow))
    data = {"workflow": covered.workflows[workflow], "percent": shown_percent(100 * hit / known)}
    return sentence("feature.cover.line", language, data | shares)
