"""Which states, transitions, rules and rows of tables the scenarios have come by. Values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from partybuild_flow.case import Entry, Fired
from partybuild_flow.decide import GENERATED, Decision, conclude
from partybuild_flow.engine.told import Told
from partybuild_flow.facts import Plan
from partybuild_flow.messages import Language

if TYPE_CHECKING:
    from partybuild_flow.bdd.scene import Scene
    from partybuild_flow.definition import Transition, Workflow

BEFORE_RULES: Final = frozenset(
    ("refused.role", "refused.not-by", "refused.limit", "refused.extra", "refused.needs", "refused.unique")
)
"""Reasons for which no rule of a transition is asked."""

KINDS: Final = ("state", "transition", "rule", "row")


class Key(NamedTuple):
    """What identifies a point: the id of its workflow, its kind, the part it belongs to, its place there.

    A state is its id; a transition its number and outcome; a rule or row its rule set or table and its id or number.
    """

    workflow: str
    kind: str
    part: str
    place: str = ""


class Point(NamedTuple):
    """One thing that scenarios should come by, as people find it: its name and where it is written."""

    key: Key
    name: str
    path: str
    line: int
    language: Language
    workflow: str


class Coverage:
    """What there is to come by, and how many scenarios have come by each."""

    def __init__(self) -> None:
        self.points: dict[Key, Point] = {}
        self.hits: Counter[Key] = Counter()

    def know(self, workflow: Workflow) -> None:
        """Count the points of a definition among what there is."""
        for point in points_of(workflow):
            self.points.setdefault(point.key, point)

    def add(self, keys: Iterable[Key]) -> None:
        """Count what one scenario has come by."""
        self.hits.update(set(keys))

    def part(self, workflow: str | None = None, kind: str | None = None) -> tuple[int, int]:
        """How many points were hit, and how many there are, of a workflow, of a kind, or altogether."""
        wanted = [
            key
            for key in self.points
            if (workflow is None or key.workflow == workflow) and (kind is None or key.kind == kind)
        ]
        return sum(key in self.hits for key in wanted), len(wanted)

    @property
    def percent(self) -> float:
        """The share of points that were hit, of a hundred; 100 where there is none."""
        hit, known = self.part()
        return 100 * hit / known if known else 100.0

    @property
    def missed(self) -> list[Point]:
        """The points that no scenario has come by, in the order of the definitions."""
        return [point for key, point in self.points.items() if key not in self.hits]

    @property
    def workflows(self) -> Mapping[str, str]:
        """The name of each workflow by its id, in order."""
        return {key.workflow: point.workflow for key, point in self.points.items()}

    def packed(self) -> dict[str, Any]:
        """The coverage in plain lists, to be sent to another process."""
        return {
            "points": [[*point.key, *point[1:]] for point in self.points.values()],
            "hits": [[*key, count] for key, count in self.hits.items()],
        }

    def merge(self, packed: Mapping[str, Any]) -> None:
        """Add the coverage of another process."""
        for fields in packed["points"]:
            point = Point(Key(*fields[:4]), *fields[4:])
            self.points.setdefault(point.key, point)
        for fields in packed["hits"]:
            self.hits[Key(*fields[:4])] += fields[4]


def points_of(workflow: Workflow) -> Iterator[Point]:
    """Everything of a definition that scenarios should come by, in file order."""

    def point(kind: str, part: object, place: str, name: str, position: Any) -> Point:
        key = Key(workflow.id, kind, str(part), place)
        return Point(key, name, position.path, position.line, workflow.language, workflow.name)

    for state in workflow.states.values():
        if not state.children:
            yield point("state", state.id, "", state.name, state.position)
    for transition in workflow.transitions:
        for outcome in outcomes(transition):
            name = transition_name(workflow, transition, outcome)
            yield point("transition", transition.number, outcome, name, transition.position)
    for rule_set in workflow.rule_sets.values():
        for rule in sorted(rule_set.rules, key=lambda each: each.position):
            yield point("rule", rule_set.id, rule.id, rule.name, rule.position)
    for table in workflow.tables.values():
        for row in table.rows:
            yield point("row", table.id, str(row.number), f"{table.name} {row.number}", row.position)


def outcomes(transition: Transition) -> Sequence[str]:
    """The ways that a transition may go."""
    return tuple(transition.targets) or ("",)


def transition_name(workflow: Workflow, transition: Transition, outcome: str) -> str:
    """A transition as people read it: its number, its event, where it leads."""
    sources = "/".join(workflow.states[each].name for each in transition.sources)
    target = transition.targets.get(outcome)
    way = f"{sources} → {workflow.states[target].name if target else sources}"
    return f"{transition.number}. {transition.event_name} ({way.strip()})"


def hits_of(scene: Scene) -> set[Key]:
    """What one scenario has come by: entries, what fired in them and in what was refused or only asked."""
    found: set[Key] = set()
    for entry in scene.entries:
        plan = scene.library.of(entry.case.definition)
        workflow = entry.case.workflow
        found.add(Key(workflow, "state", entry.target))
        if entry.refused is None:
            found.add(Key(workflow, "transition", str(entry.transition), entry.outcome))
        found |= _fired_keys(plan, (*entry.fired, *fired_for_deadlines(plan, entry)))
    for decision in scene.refused:
        found |= _fired_keys(decision.plan, fired_in(decision))
    return found


def fired_in(decision: Decision) -> tuple[Fired, ...]:
    """The rules that held in a decision, in a refused one too."""
    if isinstance(decision, Told):
        decision = decision.whole()
    if decision.accepted or decision.facts.faults:
        return decision.fired
    step = decision.plan.steps.get((decision.case.state, decision.event))
    against = {reason.transition: reason.code for reason in decision.reasons}
    fired: tuple[Fired, ...] = ()
    for candidate in step.candidates if step else ():
        code = against.get(candidate.transition.number)
        if code is None or code in BEFORE_RULES:
            continue
        values, fired, _, conflict = conclude(candidate.before, decision.facts.values, fired, GENERATED)
        if code != "refused.guard" and not conflict:
            _, fired, _, conflict = conclude(candidate.after, values, fired, GENERATED)
        if conflict:
            fired += tuple(Fired(conflict.rules, rule) for rule in conflict.between)
    return fired


def fired_for_deadlines(plan: Plan, entry: Entry) -> tuple[Fired, ...]:
    """The rules that held when the deadlines of the case were computed anew; its entry does not keep them."""
    if entry.refused is not None:
        return ()
    fired: tuple[Fired, ...] = ()
    for due in plan.running_in.get(entry.target, ()):
        if due.rules:
            now = entry.occurred_at
            values = {**due.constants, **entry.case.data, "now": now}
            _, fired, _, _ = conclude(due.rules, values, fired, GENERATED)
    return fired


def _fired_keys(plan: Plan, fired: Iterable[Fired]) -> set[Key]:
    workflow = plan.workflow
    return {
        Key(workflow.id, "row" if each.rules in workflow.tables else "rule", each.rules, each.rule)
        for each in fired
    }
