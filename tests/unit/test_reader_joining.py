"""What is included among transitions, what stands twice and counts once, mappings and lists for several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.reader import read_texts, read_workflow
from partybuild_flow.reader.filling import has_holes
from tests.leave import LEAVE, changed
from tests.unit.test_reader_including import lay_out, told

BACK = """\
fragment: back
takes: {event: text, from: state, by: role, why: {type: text, default: ground}, set?: parts, tell?: parts, says?: text, to?: state}
fields: {<why>: {type: text}}
transitions:
  - on: <event>
    from: <from>
    by: <by>
    needs: [<why>]
    set: <set>
    to: <to>
    effects: [{notify: <tell>, message: <says>}]
"""
VALUES = "fragment: values\nlists:\n  offices: [north, south]\n  both: {days: 1, office: south}\n"
PLACE = "  - {on: grant,"


def among(*given: str, fragment: str = BACK) -> dict[str, str]:
    """The texts of a definition in which fragments stand before a transition."""
    items = "".join(f"  - {{fragment: back, with: {each}}}\n" for each in given)
    return {
        "workflow.yaml": changed(LEAVE, (PLACE, items + PLACE)),
        "shared/back.fragment.yaml": fragment,
    }


def events(workflow: Workflow) -> list[str]:
    return [each.event for each in workflow.transitions]


def test_transitions_of_a_fragment_stand_where_it_is_included_among_others() -> None:
    workflow = read_texts(among("{event: hand back, from: asked, by: head, to: refused}"), "workflows/leave")
    assert events(workflow) == ["ask", "hand back", "grant", "refuse"]
    assert "ground" in workflow.fields
    assert workflow.transitions[1].notices == ()
    assert [each.path for each in workflow.transitions[1].position.included] == [
        "workflows/leave/workflow.yaml"
    ]


def test_a_field_that_reads_the_same_at_each_inclusion_is_one_field() -> None:
    workflow = read_texts(
        among(
            "{event: hand back, from: asked, by: head}",
            "{event: take back, from: asked, by: clerk}",
            "{event: turn down, from: asked, by: head, why: cause}",
        ),
        "leave",
    )
    assert [each.needs[0].field for each in workflow.transitions[1:4]] == ["ground", "ground", "cause"]
    assert list(workflow.fields)[-2:] == ["ground", "cause"]


def test_fields_of_one_name_that_read_otherwise_are_a_problem() -> None:
    typed = changed(
        BACK,
        ("set?: parts", "kind: {type: text, default: text}, set?: parts"),
        ("{type: text}}\ntrans", "{type: <kind>}}\ntrans"),
    )
    given = ("{event: a, from: asked, by: head}", "{event: b, from: asked, by: head, kind: date}")
    assert "PF207" in " ".join(told(among(*given, fragment=typed)))


def test_parts_are_put_where_they_are_asked_for() -> None:
    given = "{event: a, from: asked, by: [{role: head}, clerk], set: {days: days + 1}, tell: clerk, says: 'back: {days}'}"
    way = read_texts(among(given), "leave").transitions[1]
    assert [each.role for each in way.by] == ["head", "clerk"]
    assert [each.field for each in way.settings] == ["days"]
    assert [each.to for each in way.notices] == ["clerk"]


def test_a_mapping_is_written_once_and_stands_whole_or_among_other_entries() -> None:
    text = changed(
        LEAVE,
        (
            "transitions:",
            "lists:\n  short: {days: days + 1}\n  head's: {by: head, set: <short>}\ntransitions:",
        ),
        ("by: head, to: granted", "<head's>, to: granted"),
    )
    way = read_texts({"workflow.yaml": text}, "leave").transitions[1]
    assert ([each.role for each in way.by], [each.field for each in way.settings]) == (["head"], ["days"])


def test_an_entry_that_a_mapping_brings_again_is_a_problem() -> None:
    text = changed(
        LEAVE,
        ("transitions:", "lists:\n  head's: {by: head}\ntransitions:"),
        ("by: head, to: granted", "<head's>, by: clerk, to: granted"),
    )
    assert any("PF132" in each for each in told({"workflow.yaml": text}))


def test_a_list_cannot_be_a_key() -> None:
    text = changed(
        LEAVE,
        ("transitions:", "lists:\n  heads: [head]\ntransitions:"),
        ("by: head, to: granted", "by: head, <heads>, to: granted"),
    )
    assert any("PF158" in each for each in told({"workflow.yaml": text}))


def shared_values() -> dict[str, str]:
    text = changed(
        LEAVE, ("fields:\n", "include: values\nfields:\n  place: {type: choice, values: <offices>}\n")
    )
    return {"workflow.yaml": text, "shared/values.fragment.yaml": VALUES}


def test_a_fragment_of_lists_gives_them_to_whoever_includes_it() -> None:
    workflow = read_texts(shared_values(), "leave")
    assert workflow.fields["place"].type.values == ("north", "south")
    assert set(workflow.texts) == {"workflow.yaml", "shared/values.fragment.yaml"}


def test_lists_stand_in_the_parameters_and_tables_of_the_definition_too() -> None:
    parameters = "parameters:\n  main office: {type: choice, values: <offices>, value: north, source: ours}\n"
    workflow = read_texts({**shared_values(), "parameters.yaml": parameters}, "leave")
    assert workflow.parameters["main office"].type.values == ("north", "south")


def test_a_list_that_only_a_table_uses_is_used_and_one_that_no_file_uses_is_a_problem() -> None:
    parameters = "parameters:\n  main office: {type: choice, values: <sites>, value: north, source: ours}\n"
    text = changed(LEAVE, ("transitions:", "lists: {sites: [north, south]}\ntransitions:"))
    assert read_texts({"workflow.yaml": text, "parameters.yaml": parameters}, "leave").parameters
    assert any("PF156" in each for each in told({"workflow.yaml": text}))


def test_ones_own_list_hides_an_included_one_of_its_name() -> None:
    texts = shared_values()
    texts["workflow.yaml"] = changed(
        texts["workflow.yaml"], ("fields:\n", "lists: {offices: [east]}\nfields:\n")
    )
    assert read_texts(texts, "leave").fields["place"].type.values == ("east",)


def test_a_problem_in_what_a_list_brings_is_told_where_the_list_is_written() -> None:
    texts = shared_values()
    texts["shared/values.fragment.yaml"] = changed(VALUES, ("[north, south]", "[north, north]"))
    assert all(each.startswith("workflows/shared/values.fragment.yaml:3:") for each in told(texts))


def test_a_definition_that_includes_among_transitions_only_finds_the_shared_files(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, among("{event: a, from: asked, by: head}"))
    assert "a" in events(read_workflow(folder))


@pytest.mark.parametrize("given", ["{event: a, from: asked}", "{event: a, from: nowhere, by: head}", "[]"])
def test_what_is_wrong_with_an_inclusion_among_transitions_is_told(given: str) -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        read_texts(among(given), "leave")
    assert [each.position.path for each in refused.value.problems] == ["leave/workflow.yaml"]


def test_only_a_name_in_angle_brackets_is_a_hole() -> None:
    assert has_holes("a: <b c>")
    assert not any(map(has_holes, ("a < b", "< 5", "a <= b >= c", "[1..2)")))
