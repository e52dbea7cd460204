"""States inside states, events and their ids."""

from __future__ import annotations

from tests.leave import read, told

NESTED = ("  asked: {}\n", "  open: {states: [asked, checked]}\n")


def test_a_state_may_list_those_inside_it() -> None:
    workflow = read(NESTED)
    assert list(workflow.states) == ["open", "asked", "checked", "granted", "refused"]
    assert workflow.states["open"].children == ("asked", "checked")
    assert workflow.states["asked"].parent == "open"
    assert workflow.leaves("open") == ("asked", "checked")


def test_a_state_inside_another_may_be_written_in_full_elsewhere() -> None:
    workflow = read(("  asked: {}\n", "  asked: {id: new}\n  open: {id: busy, states: [asked, checked]}\n"))
    assert workflow.states["new"].parent == "busy"
    assert workflow.states["busy"].children == ("new", "checked")
    assert workflow.transitions[0].targets == {"": "new"}


def test_a_state_may_be_written_in_full_inside_another() -> None:
    nested = "  open:\n    id: busy\n    states:\n      asked: {id: new}\n      done: {states: {late: }, final: true}\n"
    workflow = read(("  asked: {}\n", nested))
    assert workflow.states["late"].parent == "done"
    assert workflow.states["done"].parent == "busy"
    assert workflow.states["done"].final
    assert workflow.leaves("busy") == ("new", "late")


def test_a_state_stands_inside_one_other_only() -> None:
    assert told(("  asked: {}\n", "  open: {states: [asked]}\n  late: {states: [asked]}\n")) == [
        "PF211 asked"
    ]
    assert told(("  asked: {}\n", "  open: {states: [asked, asked]}\n")) == ["PF211 asked"]


def test_a_state_never_stands_inside_itself() -> None:
    assert told(("  asked: {}\n", "  asked: {}\n  open: {states: [open]}\n")) == ["PF212 open"]
    assert told(("  asked: {}\n", "  asked: {}\n  a: {states: [b]}\n  b: {states: [a]}\n")) == ["PF212 a"]


def test_a_transition_may_leave_a_state_with_others_inside_but_not_enter_it() -> None:
    assert read(NESTED, ("from: asked", "from: open")).transitions[1].sources == ("open",)
    assert told(NESTED, ("to: asked", "to: open")) == ["PF213 open"]


def test_states_do_not_share_a_name_or_id() -> None:
    assert told(("  asked: {}\n", "  asked: {id: granted}\n")) == ["PF207 granted"]


def test_the_id_of_an_event_stands_at_any_of_its_transitions() -> None:
    workflow = read(("{on: refuse", "{on: grant, id: decide"))
    assert workflow.events == {"ask": "ask", "decide": "grant"}
    assert [each.event for each in workflow.transitions] == ["ask", "decide", "decide"]
    assert [each.number for each in workflow.transitions] == [1, 2, 3]


def test_an_event_may_be_named_by_its_id() -> None:
    workflow = read(("{on: grant,", "{on: grant, id: decide,"), ("{on: refuse", "{on: decide"))
    assert workflow.events == {"ask": "ask", "decide": "grant"}


def test_an_event_has_one_id() -> None:
    changes = ("{on: grant,", "{on: grant, id: a,"), ("{on: refuse", "{on: grant, id: b")
    assert told(*changes) == ["PF229 b"]
    assert told(("{on: grant,", "{on: grant, id: Grant,")) == ["PF208 Grant"]
