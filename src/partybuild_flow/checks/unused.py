"""Parts of a definition that nothing uses: often a name that was meant elsewhere."""

from __future__ import annotations

from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.relations import check_relations
from partybuild_flow.checks.unread_outputs import check_unread_outputs
from partybuild_flow.definition import Transition, Workflow
from partybuild_flow.facts import expressions_of, rules_read
from partybuild_flow.facts.relation_plan import targets_of, with_relations
from partybuild_flow.feel import Expression


def check_unused(workflow: Workflow, findings: Findings) -> None:
    """Note what is never used, and fields that are read though nothing ever fills them."""
    read = _read(workflow)
    _check_fields(workflow, read, findings)
    check_relations(workflow, read, findings)
    roles = {by.role for each in _allowing(workflow) for by in each.by}
    told = _told(workflow)
    for role in workflow.roles.values():
        if role.id not in roles | told:
            findings.add("PF241", role.position, role=role.name)
    for parameter in workflow.parameters.values():
        if parameter.id not in read:
            findings.add("PF242", parameter.position, parameter=parameter.name)
    for look_up in workflow.look_ups.values():
        if look_up.id not in read:
            findings.add("PF243", look_up.position, look_up=look_up.name)
    for rules in (*workflow.tables.values(), *workflow.rule_sets.values()):
        if rules.id not in read:
            findings.add("PF244", rules.position, rules=rules.name)
    relations = workflow.relations.values()
    within = [criterion.value for each in relations for criterion in each.where]
    within += [each.during for each in relations if each.during]
    check_unread_outputs(workflow, [*_expressions(workflow), *within], read, findings)
    for deadline in workflow.deadlines.values():
        acts = deadline.fires is not None or deadline.warns or deadline.erases
        if not acts and deadline.id not in read:
            findings.add("PF245", deadline.position, deadline=deadline.name)


def _check_fields(workflow: Workflow, read: frozenset[str], findings: Findings) -> None:
    filled = {need.field for each in _allowing(workflow) for need in each.needs}
    filled |= {setting.field for each in workflow.transitions for setting in each.settings}
    filled |= {each.collect.into for each in workflow.transitions if each.collect and each.collect.into}
    used = read | {field for key in workflow.unique for field in key}
    used |= _told(workflow)
    used |= {by.field for each in _allowing(workflow) for by in each.by if by.field}
    for field in workflow.fields.values():
        if field.id in filled:
            continue
        code = "PF248" if field.id in used else "PF240"
        findings.add(code, field.position, field=field.name)


def _allowing(workflow: Workflow) -> tuple[Transition, ...]:
    """All that says who may do something: the transitions, and the correction of fields."""
    return workflow.transitions if workflow.correct is None else (*workflow.transitions, workflow.correct)


def _told(workflow: Workflow) -> set[str]:
    """Ids of the roles and fields that somebody is told by."""
    told = {notice.to for each in workflow.transitions for notice in each.notices}
    return told | {warn.to for each in workflow.deadlines.values() for warn in each.warns}


def _read(workflow: Workflow) -> frozenset[str]:
    """Ids of everything that some expression reads, or that a look-up is asked with."""
    found = {name for expression in _expressions(workflow) for name in expression.reads}
    for name in (*workflow.tables, *workflow.rule_sets):
        found |= rules_read(workflow, name) - {name}
    for look_up in workflow.look_ups.values():
        found.update(look_up.inputs)
    found |= {target for each in workflow.transitions for target in targets_of(each)}
    return frozenset(with_relations(workflow, found))


def _expressions(workflow: Workflow) -> list[Expression]:
    """The expressions outside of tables, rule sets and relations."""
    found = [each for transition in workflow.transitions for each in expressions_of(transition)]
    found += [each for deadline in workflow.deadlines.values() for each in deadline.expressions]
    found += [each for rate in workflow.rates.values() for each in rate.expressions]
    return found
