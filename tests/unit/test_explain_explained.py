"""Explanations as data and as a page: what was asked, in the words of the definition, with where it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow import Actor, Decision, Engine, EventRefused
from partybuild_flow.explain.explained import Point
from partybuild_flow.messages import catalogue
from tests.unit.conftest import Pbflow

LOAN = """\
workflow: loan
fields:
  amount: {type: money, min: 0}
  purpose: {type: text}
  income: {type: money, personal: sensitive, seen-by: officer}
  rate: {type: number}
parameters:
  limit: {value: 1000, source: "by-law <3> & \\"4\\""}
look-ups:
  listed: {with: [purpose], type: boolean}
roles: [member, officer, porter]
states: {filed: {}, lent: {final: true}}
transitions:
  - {on: file, by: member, needs: [amount, purpose, income?], to: filed}
  - {on: lend, from: filed, by: [officer, porter], when: amount <= limit and not(listed) and window.open, set: {rate: terms.rate}, to: lent}
deadlines:
  window: {while: filed, due: 48 hours}
"""
TERMS = """\
table: terms
hit: U
inputs: [income, amount]
outputs: {rate: {type: number}}
rows:
  - ["< 100", "-", 3]
  - [">= 100", "< 500", 2]
  - [">= 100", ">= 500", 1]
"""
MEMBER = Actor("mia", [("member", "park")])
OFFICER = Actor("olaf", [("officer", "park")])
PORTER = Actor("pete", [("porter", "park")])
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    folder = tmp_path / "loan"
    folder.mkdir()
    (folder / "workflow.yaml").write_text(LOAN, encoding="utf-8")
    (folder / "terms.table.yaml").write_text(TERMS, encoding="utf-8")
    with Engine.open("memory://", folder, look_ups={"listed": lambda purpose: purpose == NASTY}) as opened:
        yield opened


def asked(engine: Engine, by: Actor = OFFICER, **data: Any) -> Decision:
    given = {"amount": 600, "purpose": "roof", "income": 250, **data}
    return engine.ask(engine.start("loan", given, by=MEMBER).case.id, "lend", by=by)


def parts(point: Point) -> Iterator[Point]:
    yield point
    for each in point.points:
        yield from parts(each)


def of_kind(decision: Decision, kind: str) -> list[Point]:
    return [each for top in decision.explanation().points for each in parts(top) if each.kind == kind]


class Page(HTMLParser):
    """A page read as a browser reads it: its tags must close, what it says is kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


def test_every_row_stands_at_its_place_and_the_one_that_was_hit_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    decision = asked(engine)
    (hit,) = of_kind(decision, "hit")
    assert hit.position == f"{tmp_path / 'loan' / 'terms.table.yaml'}:8:5"
    assert [(each.title, each.text, each.mark) for each in hit.points] == [
        ("income", ">= 100", "✔"),
        ("amount", ">= 500", "✔"),
    ]
    assert [each.mark for each in of_kind(decision, "row")] == ["✘", "✘"]
    assert [(each.title, each.value) for each in of_kind(decision, "setting")] == [("rate", "1")]


def test_what_was_read_tells_its_kind_its_source_and_that_it_was_missing(engine: Engine) -> None:
    (guard,) = of_kind(asked(engine), "guard")
    assert [(each.name, each.kind, each.value) for each in guard.seen] == [
        ("amount", "field", "600"),
        ("limit", "parameter", "1000"),
        ("listed", "look-up", "false"),
        ("window.open", "deadline", "true"),
    ]
    assert guard.seen[1].source == 'by-law <3> & "4"'
    decision = asked(engine, income=None)
    (table,) = of_kind(decision, "table")
    assert table.seen[0].value is None
    # Of the second row the amount alone says that it does not hold.
    assert [each.mark for each in of_kind(decision, "row")] == ["？", "✘", "？"]


def test_the_data_is_json_and_agrees_with_the_trace(engine: Engine) -> None:
    decision = asked(engine, amount=2000)
    record = json.loads(json.dumps(decision.explanation("en").record()))
    assert (record["accepted"], record["target"]) == (False, "")
    assert record["sentence"] == decision.explain_in("en")
    assert record["reasons"] == list(decision.reasons_in("en"))
    marks = [(point["mark"], point["title"]) for point in record["points"]]
    assert [mark for mark, _ in marks] == [line.mark for line in decision.trace_in("en") if line.depth == 0]
    assert marks == [("✘", "lend")]


def test_a_page_stands_alone_runs_nothing_and_escapes_everything(engine: Engine) -> None:
    decision = asked(engine, purpose=NASTY)
    for language in ("en", "zh-CN"):
        page = decision.explain_html(language)
        read = Page(page)
        names = {tag for tag, _ in read.tags}
        assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
        told = [value or "" for _, attributes in read.tags for value in attributes.values()]
        assert not any(name.startswith("on") for _, attributes in read.tags for name in attributes)
        assert not any("//" in each for each in told)
        assert ("html", {"lang": language}) in read.tags
        assert 'by-law <3> & "4"' in read.said
        assert "by-law <3>" not in page
        assert all(
            attributes["aria-label"] for tag, attributes in read.tags if attributes.get("role") == "img"
        )


def test_whoever_may_not_see_a_value_learns_neither_it_nor_which_tests_of_it_hold(engine: Engine) -> None:
    seen, hidden = asked(engine), asked(engine, PORTER)
    assert "250" in json.dumps(seen.explanation().record())
    for told in (json.dumps(hidden.explanation().record()), hidden.explain_html("en"), hidden.explain("en")):
        assert "250" not in told.replace(hidden.case.id, "")
    rows = of_kind(hidden, "row")
    assert {each.mark for each in rows} == {"***"}
    assert {test.mark for row in rows for test in row.points if test.title == "income"} == {"***"}


def test_a_refused_event_explains_itself_through_its_error(engine: Engine) -> None:
    case = engine.start("loan", {"amount": 600, "purpose": NASTY, "income": 250}, by=MEMBER).case.id
    with pytest.raises(EventRefused) as refused:
        engine.send(case, "lend", by=OFFICER)
    decision = refused.value.decision
    assert isinstance(decision, Decision)
    assert of_kind(decision, "guard")[0].mark == "✘"
    # Errors end in logs: the page of one quotes nothing personal to anybody.
    assert "250" not in Page(decision.explain_html()).said.replace(case, "")


def test_every_word_of_a_page_is_there_in_both_languages() -> None:
    for language in ("en", "zh-CN"):
        words = [code for code in catalogue(language) if code.startswith("explained.")]
        assert len(words) > 30


def test_the_command_writes_the_page_and_tells_places(pbflow: Pbflow) -> None:
    pbflow("new", "suggestion", "--language", "en")
    who = ("--by", "u-1:clerk@park/lake")
    begun = pbflow("case", "start", "suggestion", "topic=parking", "content=more", *who, "--json")
    case = json.loads(begun.stdout)["case"]["id"]
    told = pbflow("case", "ask", case, "accept", *who, "--explain", "--html", "why.html")
    assert told.exit_code == 0
    assert "workflow.yaml:" in told.stdout
    assert "written to why.html" in told.stdout
    Page((pbflow.folder / "why.html").read_text(encoding="utf-8"))
    found = json.loads(pbflow("case", "ask", case, "accept", *who, "--explain", "--json").stdout)
    assert found["explanation"]["points"][0]["kind"] == "transition"
    assert found["decision"]["accepted"] is True
