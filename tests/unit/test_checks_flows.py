"""Personal values are followed to wherever more people would see them; what repeats no value is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from partybuild_flow import check
from partybuild_flow.engine.library import read_workflows

WORKFLOW = """\
workflow: request
fields:
  phone: {{type: text, personal: sensitive, seen-by: [clerk, person]}}
  illness: {{type: text, personal: sensitive}}
  age: {{type: number, personal: true}}
  aliases: {{type: list, item: text, personal: true}}
  person: {{type: person, personal: true}}
  works: {{type: unit}}
  note: {{type: text}}
  figure: {{type: number}}
  yes: {{type: boolean}}
  notes: {{type: list, item: text}}
  public: {{type: text, personal: false}}
  weak: {{type: text, personal: true}}
  equal: {{type: text, personal: sensitive, seen-by: clerk}}
  wider: {{type: text, personal: sensitive, seen-by: [clerk, nurse]}}
  grade: {{type: number, personal: sensitive}}
  earlier one: {{type: case, workflow: request, id: earlier-one}}
roles: [clerk, nurse, handler]
states: {{open: {{}}, closed: {{final: true}}}}
transitions:
  - {{on: report, by: anyone, to: open,
     needs: [phone?, age?, aliases?, person?, works?, note?, figure?, notes?, public?, weak?, equal?, wider?]}}
  - {{on: again, from: open, by: cases, needs: [note?, public?, equal?]}}
  - {{on: examine, from: open, by: nurse, needs: [illness]}}
  - {{on: act, from: open, by: clerk, {act}}}
  - {{on: mark, from: open, by: nurse, needs: [grade], collect: {{value: grade, as: {way}, at-least: 1, into: {into}}}}}
  - {{on: close, from: open, by: [{{role: handler, at: works}}, clerk], to: closed}}
cases:
  others: {{workflow: request, where: {{same: [person]}}}}
deadlines:
  waiting: {{while: open, due: 24 hours, warn: [{{at: 50%, notify: {warned}, message: "{told}"}}]}}
"""

RULES = {
    "copying.table.yaml": """\
table: copying
hit: F
inputs: [age]
outputs: {copy: {type: text}, level: {type: text}}
rows:
  - ["> 60", phone, '"high"']
  - ["-", illness, '"low"']
""",
    "drawing.rules.yaml": """\
rule-set: drawing
outputs: {first: {type: text}, second: {type: text}, third: {type: text}}
default: {third: '"none"'}
rules:
  one: {when: age > 3, conclude: {first: illness}, because: it is so}
  two: {when: first != "x", conclude: {second: first}, because: it is so}
""",
}


def found(tmp_path: Path, **parts: str) -> list[str]:
    """The codes about flows, each with the source and where it flows."""
    given = {"act": "limit: 3", "way": "mean", "into": "grade", "warned": "clerk", "told": "soon"} | parts
    folder = tmp_path / "request"
    folder.mkdir()
    (folder / "workflow.yaml").write_text(WORKFLOW.format(**given), encoding="utf-8")
    for name, text in RULES.items():
        (folder / name).write_text(text, encoding="utf-8")
    problems = check(read_workflows(tmp_path)[0])
    told = [each for each in problems if each.code in ("PF374", "PF375", "PF376")]
    assert all(each.severity == "warning" for each in told)
    return [f"{each.code} {each.data['source']}" for each in told]


@pytest.mark.parametrize(
    ("value", "field", "sources"),
    [
        ("phone", "note", ["phone"]),
        ('"call " + phone', "note", ["phone"]),
        ('if age > 3 then phone else "x"', "note", ["phone"]),
        ("age * 2 + 1", "figure", ["age"]),
        ("for a in aliases return a", "notes", ["aliases"]),
        ('aliases[item != "x"]', "notes", ["aliases"]),
        ("append(notes, phone)", "notes", ["phone"]),
        ("upper case(phone)", "note", ["phone"]),
        ("copying.copy", "note", ["illness", "phone"]),
        ("drawing.second", "note", ["illness"]),
        ("others[1].phone", "note", ["others.phone"]),
        ('others[note = "x"].phone', "notes", ["others.phone"]),
        ("for each in others return each.illness", "notes", ["others.illness"]),
        ("phone", "weak", ["phone"]),
        ("phone", "wider", ["phone"]),
        ("illness", "wider", ["illness"]),
        ("phone", "equal", []),
        ("phone", "public", []),
        ("copying.level", "note", []),
        ("drawing.third", "note", []),
        ('phone = "x"', "yes", []),
        ("count(aliases)", "figure", []),
        ("string length(phone)", "figure", []),
        ('some a in aliases satisfies a = "x"', "yes", []),
        ('if phone = "x" then "a" else "b"', "note", []),
        ('count(others[phone = "x"])', "figure", []),
        ("others[1].note", "note", []),
        ("note", "public", []),
    ],
)
def test_what_a_field_is_set_from_is_followed(
    tmp_path: Path, value: str, field: str, sources: list[str]
) -> None:
    told = found(tmp_path, act=f"set: {{{field}: '{value}'}}")
    assert told == [f"PF374 {each}" for each in sources]


@pytest.mark.parametrize(
    ("way", "into", "told"), [("mean", "figure", ["PF374 grade"]), ("mean", "grade", [])]
)
def test_a_mean_of_marks_is_as_personal_as_the_marks(
    tmp_path: Path, way: str, into: str, told: list[str]
) -> None:
    assert found(tmp_path, way=way, into=into) == told


@pytest.mark.parametrize(
    ("to", "text", "sources"),
    [
        ("clerk", "{phone}", []),
        ("nurse", "{phone} and {illness}", ["phone"]),
        ("clerk", "{illness}", ["illness"]),
        ("person", "{phone}, {age}", []),
        ("person", "{illness}", ["illness"]),
        ("works", "{age}", []),
        ("works", "{phone}", ["phone"]),
        ("clerk", "{others[1].phone}", ["others.phone"]),
        ("nurse", "{count(aliases)} {note}", []),
    ],
)
def test_whom_a_message_tells_what_he_is_not_shown_is_told(
    tmp_path: Path, to: str, text: str, sources: list[str]
) -> None:
    (tmp_path / "act").mkdir()
    (tmp_path / "warn").mkdir()
    told = [f"PF375 {each}" for each in sources]
    assert found(tmp_path / "act", act=f'effects: [{{notify: {to}, message: "{text}"}}]') == told
    # A warning may read no relation.
    if "others" not in text:
        assert found(tmp_path / "warn", warned=to, told=text) == told


@pytest.mark.parametrize(
    ("field", "value", "sources"),
    [("note", "phone", ["phone"]), ("public", "phone", []), ("equal", "phone", []), ("note", "note", [])],
)
def test_what_is_sent_to_a_field_that_is_protected_less_is_told(
    tmp_path: Path, field: str, value: str, sources: list[str]
) -> None:
    told = found(tmp_path, act=f"effects: [{{send: again, to: earlier one, with: {{{field}: {value}}}}}]")
    assert told == [f"PF376 {each}" for each in sources]


def test_a_workflow_without_personal_fields_is_not_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    text = "workflow: plain\nfields: {a: {type: text}, b: {type: text}}\nroles: [x]\nstates: {open: {final: true}}\n"
    text += "transitions:\n  - {on: begin, by: x, needs: [a], set: {b: a}, to: open}\n"
    (folder / "workflow.yaml").write_text(text, encoding="utf-8")
    assert not any(each.code.startswith("PF37") for each in check(read_workflows(folder)[0]))
