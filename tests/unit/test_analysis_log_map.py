"""Maps of logs: what they say, in both languages, and what is said of bad ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.analysis.log_map import LogMap, MappedEvent, read_log_map
from partybuild_flow.case import Actor
from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Problem
from partybuild_flow.reader import read_texts

PARCELS = """\
workflow: parcels
fields:
  weight: {type: number, max: 40}
  size:   {type: choice, values: [small, middle, large]}
  number: {type: text}
  late:   {type: boolean}
roles: [clerk, porter]
states:
  at desk:     {id: at-desk}
  handed over: {id: handed-over, final: true}
  sent back:   {id: sent-back, final: true}
  lost:        {final: true}
transitions:
  - {on: drop off, id: drop-off, by: clerk, needs: [number, weight, size], to: at desk}
  - {on: hand over, id: hand-over, from: at desk, by: [clerk, porter], not-by: [drop off], to: handed over}
  - {on: send back, id: send-back, from: at desk, by: clerk, to: sent back}
  - {on: remind, from: at desk, by: clock, set: {late: true}}
  - {on: lose, from: at desk, by: clerk, to: lost}
deadlines:
  fetching: {while: at desk, due: 168 hours, fire: remind}
"""

MAP = """\
log: parcels
unit: depot
roles:
  default: porter
  Ada: [clerk, porter]
events:
  Drop off: drop off
  Hand over: {event: hand-over}
  Send back: send back
data:
  number: {case: concept:name}
  weight: weight
  size: {attribute: size, values: {S: small, L: large}}
"""

CHINESE_MAP = """\
日志: parcels
单位: depot
角色:
  默认: porter
  Ada: [clerk, porter]
事件:
  Drop off: drop off
  Hand over: {事件: hand-over}
  Send back: send back
数据:
  number: {事项: concept:name}
  weight: weight
  size: {属性: size, 取值: {S: small, L: large}}
"""


@pytest.fixture(scope="module")
def parcels() -> Workflow:
    return read_texts({"workflow.yaml": PARCELS}, "parcels")


def map_of(folder: Path, text: str, workflow: Workflow) -> LogMap:
    path = folder / "log.yaml"
    path.write_text(text, encoding="utf-8")
    return read_log_map(path, workflow)


def problems_of(folder: Path, text: str, workflow: Workflow) -> list[str]:
    with pytest.raises(WorkflowInvalid) as caught:
        map_of(folder, text, workflow)
    prefix = f"{(folder / 'log.yaml').as_posix()}:"
    return [str(problem).removeprefix(prefix) for problem in caught.value.problems]


def test_names_and_ids_lead_to_ids(tmp_path: Path, parcels: Workflow) -> None:
    found = map_of(tmp_path, MAP, parcels)
    assert found.events == {
        "Drop off": MappedEvent("drop-off", {}),
        "Hand over": MappedEvent("hand-over", {}),
        "Send back": MappedEvent("send-back", {}),
    }


def test_both_languages_say_the_same(tmp_path: Path, parcels: Workflow) -> None:
    english, chinese = map_of(tmp_path, MAP, parcels), map_of(tmp_path, CHINESE_MAP, parcels)
    assert (english.language, chinese.language) == ("en", "zh-CN")
    for part in ("log", "case", "activity", "time", "actor", "unit", "roles", "others", "events", "data"):
        assert getattr(chinese, part) == getattr(english, part)


def test_what_is_not_said_is_as_the_standard_names_it(tmp_path: Path, parcels: Workflow) -> None:
    found = map_of(tmp_path, "log: a\nevents: {}\n", parcels)
    assert (found.case, found.activity) == ("concept:name", "concept:name")
    assert (found.time, found.actor) == ("time:timestamp", "org:resource")


def test_an_actor_holds_roles_of_its_own_or_those_of_everybody_else(
    tmp_path: Path, parcels: Workflow
) -> None:
    found = map_of(tmp_path, MAP, parcels)
    assert found.actor_of({"org:resource": "Ada"}) == Actor("Ada", (("clerk", "depot"), ("porter", "depot")))
    assert found.actor_of({"org:resource": "Ben"}) == Actor("Ben", (("porter", "depot"),))


def test_an_event_that_nobody_did_is_done_by_the_log(tmp_path: Path, parcels: Workflow) -> None:
    assert map_of(tmp_path, MAP, parcels).actor_of({}) == Actor("parcels", (("porter", "depot"),))


def test_one_list_of_roles_is_for_everybody(tmp_path: Path, parcels: Workflow) -> None:
    found = map_of(tmp_path, "log: a\nroles: [clerk]\nevents: {}\n", parcels)
    assert found.actor_of({"org:resource": "Eve"}).roles == (("clerk", ""),)


def test_values_are_translated_and_others_stay(tmp_path: Path, parcels: Workflow) -> None:
    data = map_of(tmp_path, MAP, parcels).data
    assert data["size"].value({}, {"size": "S"}) == "small"
    assert data["size"].value({}, {"size": "XL"}) == "XL"
    assert data["weight"].value({}, {"weight": Decimal("2.5")}) == Decimal("2.5")
    assert data["weight"].value({}, {}) is None


def test_a_field_may_come_from_the_case(tmp_path: Path, parcels: Workflow) -> None:
    assert (
        map_of(tmp_path, MAP, parcels).data["number"].value({"concept:name": "7"}, {"concept:name": "go"})
        == "7"
    )


def test_data_may_come_with_every_event_of_an_activity(tmp_path: Path, parcels: Workflow) -> None:
    text = "log: a\nevents:\n  Drop small: {event: drop off, data: {size: small}}\n"
    assert map_of(tmp_path, text, parcels).events == {
        "Drop small": MappedEvent("drop-off", {"size": "small"})
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "log: a\nevents:\n  Go: hand ovr\n",
            "3:7: PF520 “hand ovr” is not an event of parcels; did you mean “hand over”?",
        ),
        (
            "log: a\nevents:\n  Go: {event: fly}\n",
            "3:15: PF520 “fly” is not an event of parcels; write one of: "
            "drop off, hand over, send back, remind, lose",
        ),
        (
            "log: a\nevents: {}\ndata:\n  wieght: w\n",
            "4:3: PF521 “wieght” is not a field of parcels; did you mean “weight”?",
        ),
        (
            "log: a\nevents: {}\nroles: [clark]\n",
            "3:9: PF522 “clark” is not a role of parcels; did you mean “clerk”?",
        ),
        (
            "log: a\nevents: {}\nroles: {Ada: clark}\n",
            "3:14: PF522 “clark” is not a role of parcels; did you mean “clerk”?",
        ),
        (
            "log: a\nevents: {}\ndata: {late: l}\n",
            "3:8: PF523 no event of parcels brings the field “late”; take it out, or let an event need it",
        ),
        (
            "log: a\nevents: {}\ndata:\n  size: {attribute: s, values: {S: smal}}\n",
            "4:36: PF524 “smal” is not a value of “size”; did you mean “small”?",
        ),
        (
            "log: a\nevents:\n  Go: {event: drop off, data: {size: smal}}\n",
            "3:38: PF524 “smal” is not a value of “size”; did you mean “small”?",
        ),
        (
            "log: a\nevents: {}\nroles: {Ada: {clerk: x}}\n",
            "3:14: PF525 one role, a list of roles, or a role for each actor is expected here",
        ),
        (
            "log: a\nevents: {}\ndata:\n  size: {attribute: s, case: t}\n",
            "4:3: PF526 the field “size” is the event's or the case's; write either “attribute” or “case”",
        ),
        (
            "日志: a\n事件: {}\n数据:\n  size: {取值: {S: small}}\n",
            "4:3: PF526 字段“size”取自事件或事项的一个属性；请写“属性”和“事项”之一",
        ),
        ("日志: a\n事件:\n  Go: hand ovr\n", "3:7: PF520 “hand ovr”不是parcels的事件；是否想写“hand over”？"),
    ],
)
def test_bad_maps_are_told_where_the_fault_stands(
    tmp_path: Path, parcels: Workflow, text: str, expected: str
) -> None:
    (found,) = problems_of(tmp_path, text, parcels)
    assert found == expected


def test_all_problems_come_at_once_in_file_order(tmp_path: Path, parcels: Workflow) -> None:
    text = "log: a\nroles: clark\nevents: {Go: fly, Come: swim}\ndata: {wieght: w}\nactivty: b\n"
    found = problems_of(tmp_path, text, parcels)
    assert [each.split(" ")[0] for each in found] == ["2:8:", "3:14:", "3:25:", "4:8:", "5:1:"]


@pytest.mark.parametrize(
    "text", ["", "log: a\n", "- log\n", "log: [a]\nevents: {}\n", "\t", "log: a\nevents: [b]\n"]
)
def test_what_is_no_map_is_a_problem(tmp_path: Path, parcels: Workflow, text: str) -> None:
    assert problems_of(tmp_path, text, parcels)


@given(st.integers(0, len(MAP)), st.integers(0, 12), st.text("{}[]:,-#&*!|>'\"% \t\n\\aé：事", max_size=6))
def test_any_text_gives_a_map_or_problems(
    tmp_path_factory: pytest.TempPathFactory, parcels: Workflow, at: int, less: int, more: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(MAP[:at] + more + MAP[at + less :], encoding="utf-8")
    found: LogMap | tuple[Problem, ...]
    try:
        found = read_log_map(path, parcels)
    except WorkflowInvalid as invalid:
        found = invalid.problems
    assert found
    assert isinstance(found, LogMap) or all(str(each).startswith(path.as_posix()) for each in found)


def test_a_map_that_is_not_there_is_a_problem(tmp_path: Path, parcels: Workflow) -> None:
    with pytest.raises(WorkflowInvalid) as caught:
        read_log_map(tmp_path / "no.yaml", parcels)
    assert caught.value.problems[0].position.path.endswith("no.yaml")
