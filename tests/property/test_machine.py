"""The table that runs is the machine of the library transitions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.definition import By, State, Transition, Workflow
from partybuild_flow.machine import START, Machine
from partybuild_flow.problems import Position

AT = Position("workflow.yaml", 1, 1)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Up to six leaf states in up to two nested compounds, up to ten transitions of up to four events."""
    count = draw(st.integers(2, 6))
    parents = [draw(st.sampled_from([None, "outer", "inner"])) for _ in range(count)]
    leaves = [f"leaf_{number}" for number in range(count)]
    children = {
        "inner": tuple(leaf for leaf, parent in zip(leaves, parents, strict=True) if parent == "inner"),
        "outer": tuple(leaf for leaf, parent in zip(leaves, parents, strict=True) if parent == "outer"),
    }
    states: dict[str, State] = {}
    inner_in_outer = bool(children["inner"])
    if inner_in_outer:
        children["outer"] = (*children["outer"], "inner")
    if children["outer"]:
        states["outer"] = State(id="outer", name="outer", position=AT, children=children["outer"])
    if inner_in_outer:
        states["inner"] = State(
            id="inner", name="inner", position=AT, parent="outer", children=children["inner"]
        )
    for leaf, parent in zip(leaves, parents, strict=True):
        states[leaf] = State(id=leaf, name=leaf, position=AT, parent=parent)
    events = ["report", "__class__", "to_leaf_1", "派单"]
    transitions = [
        Transition(
            position=AT,
            number=number,
            event=draw(st.sampled_from(events)),
            event_name="event",
            starts=starts,
            sources=()
            if starts
            else tuple(draw(st.lists(st.sampled_from(sorted(states)), min_size=1, max_size=2, unique=True))),
            targets=draw(
                st.one_of(
                    st.nothing() if starts else st.just(dict[str, str]()),
                    st.sampled_from(leaves).map(lambda leaf: {"": leaf}),
                    st.tuples(st.sampled_from(leaves), st.sampled_from(leaves)).map(
                        lambda two: {"yes": two[0], "no": two[1]}
                    ),
                )
            ),
            by=(By(position=AT, role="anyone"),),
        )
        for number, starts in enumerate(draw(st.lists(st.booleans(), min_size=1, max_size=10)), start=1)
    ]
    return Workflow(
        position=AT, id="w", name="w", version=1, language="en", fields={}, roles={}, states=states,
        events={event: event for event in events if any(each.event == event for each in transitions)},
        transitions=tuple(transitions), texts={}, hash="",
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(workflow=workflows(), data=st.data())
def test_the_first_transition_of_the_table_with_a_verdict_is_what_the_machine_takes(
    workflow: Workflow, data: st.DataObject
) -> None:
    machine = Machine(workflow)
    table = machine.table()
    leaves = [START, *(state.id for state in workflow.states.values() if not state.children)]
    verdicts = {
        transition.number: data.draw(st.sampled_from(sorted(transition.targets) or [""]))
        for transition in workflow.transitions
        if data.draw(st.booleans())
    }
    for state in leaves:
        for event in workflow.events:
            candidates = table.get((state, event), ())
            taken = next((each for each in candidates if each.number in verdicts), None)
            expected = None
            if taken is not None:
                target = taken.targets.get(verdicts[taken.number], state)
                expected = (taken.number, target)
            assert machine.step(state, event, verdicts) == expected
