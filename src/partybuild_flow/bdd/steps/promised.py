"""Steps that say what must have been decided, told and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from partybuild_flow.bdd.coverage import fired_in
from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.near import or_near
from partybuild_flow.bdd.scene import Refusal, Scene
from partybuild_flow.bdd.steps.attempts import settle
from partybuild_flow.bdd.steps.said import Said, event_id, field_of, state_ids
from partybuild_flow.bdd.steps.standing import expect_same
from partybuild_flow.bdd.telling import (
    TOLD,
    fired_names,
    recipients,
    rule_names,
    seen_value,
    told_effect,
)
from partybuild_flow.bdd.written import items, moment, value_of
from partybuild_flow.case import Effect, Entry, Fired
from partybuild_flow.engine.sight import shown_effects
from partybuild_flow.errors import CaseNotFound
from partybuild_flow.explain import event_name
from partybuild_flow.facts import MASK

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow
    from partybuild_flow.engine import Form, Possible


def _refused(scene: Scene, said: Said) -> None:
    refusal, reason = scene.refusal, said["reason"]
    if refusal is None:
        raise StepFailed("not-refused")
    scene.unasked = None
    if reason not in refusal.sentence() and reason not in refusal.sentence(said.language):
        raise StepFailed("other-reason", reason=reason, refusal=refusal.sentence())


def _accepted(scene: Scene, _: Said) -> None:
    settle(scene)
    if scene.refusal is not None:
        raise StepFailed("refused", refusal=scene.refusal.sentence())
    if scene.decision is None:
        raise StepFailed("no-decision")


def _unchanged(scene: Scene, said: Said) -> None:
    if scene.happened:
        entry = scene.happened[-1]
        event = event_name(scene.engine.workflow_of(entry.case), entry.event, said.language)
        raise StepFailed("changed", case=entry.case.id, event=event)


def _possible(scene: Scene, said: Said) -> None:
    found = _possible_now(scene, said)
    wanted = {_written(found, each) for each in items(said["events"])}
    open_now = {each.name for each in found if each.form is not None}
    expect_same(
        sorted(wanted), sorted(open_now), "possible", said, actor=scene.actor_of(said.get("actor")).id
    )


def _impossible(scene: Scene, said: Said) -> None:
    workflow = scene.engine.workflow_of(scene.case(said.get("case")))
    event = event_id(workflow, said["event"])
    found = next((each for each in _possible_now(scene, said) if each.event == event), None)
    actor = scene.actor_of(said.get("actor"))
    if found is not None and found.form is not None:
        raise StepFailed("is-possible", actor=actor.id, event=found.name)
    reason = said["reason"]
    decision = scene.engine.ask(scene.case_id(said.get("case")), event, by=actor)
    scene.refused.append(decision)
    refusal = Refusal(decision)
    if reason and reason not in refusal.sentence() and reason not in refusal.sentence(said.language):
        raise StepFailed("other-reason", reason=reason, refusal=refusal.sentence())


def _possible_now(scene: Scene, said: Said) -> tuple[Possible, ...]:
    return scene.possible(said.get("actor"), said.get("case"))


def _written(found: tuple[Possible, ...], name: str) -> str:
    return next((each.name for each in found if name in (each.name, each.event)), name)


def _explained(scene: Scene, said: Said) -> None:
    told = _explanation(scene, said)
    if said["text"] not in told:
        raise StepFailed("explained", text=said["text"])


def _not_explained(scene: Scene, said: Said) -> None:
    if said["text"] in _explanation(scene, said):
        raise StepFailed("not-explained", text=said["text"])


def _explanation(scene: Scene, said: Said) -> str:
    decision = scene.decision
    if decision is None:
        raise StepFailed("no-decision")
    scene.unasked = None
    return decision.explain() + "\n" + decision.explain(said.language)


def _fired(scene: Scene) -> list[tuple[Workflow, Fired]]:
    """What fired in the last step: in its entries, or in the decision that refused it."""
    found = [
        (scene.engine.workflow_of(entry.case), fired) for entry in scene.happened for fired in entry.fired
    ]
    refusal = scene.refusal.decision if scene.refusal else None
    asked = refusal or (None if scene.happened else scene.decision)
    if asked is not None:
        found += [(asked.plan.workflow, each) for each in fired_in(asked)]
    return found


def _rule(scene: Scene, said: Said) -> None:
    found = _fired(scene)
    if not any(said["rule"] in rule_names(workflow, each) for workflow, each in found):
        _known_rule(scene, said["rule"])
        told = tuple(
            name for workflow, each in found for name in fired_names(workflow, [each], said.language)
        )
        raise StepFailed("rule", rule=said["rule"], fired=tuple(dict.fromkeys(told)))


def _no_rule(scene: Scene, said: Said) -> None:
    _known_rule(scene, said["rule"])
    if any(said["rule"] in rule_names(workflow, each) for workflow, each in _fired(scene)):
        raise StepFailed("no-rule", rule=said["rule"])


def _known_rule(scene: Scene, name: str) -> None:
    names = [
        spelling
        for workflow in scene.engine.workflows
        for rule_set in workflow.rule_sets.values()
        for rule in rule_set.rules
        for spelling in (rule.name, rule.id)
    ]
    if name not in names:
        raise StepFailed("unknown-rule", rule=name, near=or_near(name, names))


def _row(scene: Scene, said: Said) -> None:
    rows = _rows_of(scene, said["table"])
    if said["row"] not in rows:
        raise StepFailed("row", table=said["table"], row=said["row"], rows=tuple(rows))


def _no_row(scene: Scene, said: Said) -> None:
    if said["row"] in _rows_of(scene, said["table"]):
        raise StepFailed("no-row", table=said["table"], row=said["row"])


def _rows_of(scene: Scene, name: str) -> list[str]:
    """The rows of a table that held in the last step."""
    tables = [table for workflow in scene.engine.workflows for table in workflow.tables.values()]
    if not any(name in (table.name, table.id) for table in tables):
        raise StepFailed("unknown-table", table=name, near=or_near(name, [each.name for each in tables]))
    return [
        fired.rule
        for workflow, fired in _fired(scene)
        if (table := workflow.tables.get(fired.rules)) and name in (table.name, table.id)
    ]


def _notice(scene: Scene, said: Said) -> None:
    if not _told(scene, said):
        told = tuple(
            told_effect(effect, said.language)
            for entry in scene.happened
            for effect in _shown(scene, entry)
            if effect.kind in TOLD
        )
        raise StepFailed("notice", text=said["text"], told=told)


def _shown(scene: Scene, entry: Entry) -> tuple[Effect, ...]:
    """The effects of an entry as a report tells them: it is read by whoever runs the features."""
    plan = scene.library.of(entry.case.definition)
    return shown_effects(plan, entry, plan.personal) if plan.personal else entry.effects


def _no_notice(scene: Scene, said: Said) -> None:
    if told := _told(scene, said):
        raise StepFailed("no-notice", told=told)


def _told(scene: Scene, said: Said) -> tuple[str, ...]:
    """The notices of the last step that a step is about, as a report tells them."""
    return tuple(
        told_effect(shown, said.language)
        for entry in scene.happened
        for effect, shown in zip(entry.effects, _shown(scene, entry), strict=True)
        if effect.kind in TOLD
        and said["text"] in effect.text
        and (
            "to" not in said or said["to"] in recipients(scene.engine.workflow_of(entry.case), entry, effect)
        )
    )


def _history_count(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    found = len(scene.engine.history(case.id))
    if found != int(said["count"]):
        raise StepFailed("count", wanted=said["count"], found=found)


def _history(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    workflow = scene.engine.workflow_of(case)
    wanted = [event_name(workflow, each, said.language) for each in items(said["events"])]
    found = [event_name(workflow, entry.event, said.language) for entry in scene.engine.history(case.id)]
    expect_same(wanted, found, "history", said)


def _count(scene: Scene, said: Said) -> None:
    workflow = scene.workflow(said["workflow"])
    _expect_count(len(scene.engine.cases(workflow=workflow.id)), said)


def _count_state(scene: Scene, said: Said) -> None:
    workflow = scene.workflow(said["workflow"])
    states = state_ids(workflow, said["state"])
    _expect_count(sum(each.state in states for each in scene.engine.cases(workflow=workflow.id)), said)


def _count_field(scene: Scene, said: Said) -> None:
    workflow = scene.workflow(said["workflow"])
    field = field_of(workflow, said["field"])
    wanted = value_of(field, said["value"], scene.names)
    found = scene.engine.cases(workflow=workflow.id)
    _expect_count(sum(each.data.get(field.id) == wanted for each in found), said)


def _count_due(scene: Scene, said: Said) -> None:
    workflow = scene.workflow(said["workflow"])
    before = moment(said["moment"])
    _expect_count(len(scene.engine.cases(workflow=workflow.id, due_before=before)), said)


def _expect_count(found: int, said: Said) -> None:
    if found != int(said["count"]):
        raise StepFailed("count", wanted=said["count"], found=found)


def _form(scene: Scene, said: Said) -> None:
    form = _form_of(scene, said)
    expect_same(
        _names(scene, said), [each.name for each in form.questions], "form", said, event=said["event"]
    )


def _form_required(scene: Scene, said: Said) -> None:
    required = [each.name for each in _form_of(scene, said).questions if each.required]
    expect_same(_names(scene, said), required, "form", said, event=said["event"])


def _names(scene: Scene, said: Said) -> list[str]:
    workflow = scene.workflow()
    return [field_of(workflow, each).name for each in items(said["fields"])]


def _form_of(scene: Scene, said: Said) -> Form:
    event = event_id(scene.workflow(), said["event"])
    found = next((each for each in _possible_now(scene, said) if each.event == event), None)
    if found is None or found.form is None:
        raise StepFailed("no-form", event=said["event"], reasons=found.reasons if found else ())
    return found.form


def _sees(scene: Scene, said: Said) -> None:
    case_id = scene.case_id(said.get("case"))
    case = scene.engine.case(case_id, by=scene.actor_of(said["actor"]))
    field = field_of(scene.engine.workflow_of(case), said["field"])
    value = case.data.get(field.id)
    wanted, told = said["value"], seen_value(value, said.language)
    if wanted not in (value, told) and (told == MASK or value_of(field, wanted, scene.names) != value):
        raise StepFailed("field", case=case.id, field=field.name, wanted=wanted, value=told)


def _cannot_see(scene: Scene, said: Said) -> None:
    case_id = scene.case_id(said.get("case"))
    actor = scene.actor_of(said["actor"])
    try:
        scene.engine.case(case_id, by=actor)
    except CaseNotFound:
        return
    raise StepFailed("can-see", actor=actor.id, case=case_id)


def _whole(scene: Scene, _: Said) -> None:
    broken = scene.engine.verify().broken
    if broken:
        raise StepFailed("broken", case=broken[0][0], reason=broken[0][1])


STEPS: Final[Mapping[str, Callable[[Scene, Said], None]]] = {
    "refused": _refused,
    "accepted": _accepted,
    "unchanged": _unchanged,
    "possible": _possible,
    "impossible": _impossible,
    "explained": _explained,
    "not-explained": _not_explained,
    "rule": _rule,
    "no-rule": _no_rule,
    "row": _row,
    "no-row": _no_row,
    "notice": _notice,
    "no-notice": _no_notice,
    "history-count": _history_count,
    "history": _history,
    "count": _count,
    "count-state": _count_state,
    "count-field": _count_field,
    "count-due": _count_due,
    "form": _form,
    "form-required": _form_required,
    "sees": _sees,
    "cannot-see": _cannot_see,
    "whole": _whole,
}
"""By the key of the sentence."""
