"""Rule sets carried out by durable-rules. The only module that imports it, and only when it is first needed.

It calls the C engine directly: the library's own host starts threads, swallows even KeyboardInterrupt
while an action runs, leaves a session locked after ten seconds, and takes four times as long.
What the engine must never be given is kept as tests; `encoding` sees to it.
"""

from __future__ import annotations

import json
import logging
import os
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from partybuild_flow.case import Conclusion
from partybuild_flow.feel import Value, compile_value
from partybuild_flow.rules.agreement import conclude_in_strata, plan_of
from partybuild_flow.rules.encoding import ALWAYS, Condition, Encoded, encode
from partybuild_flow.rules.reference import REFERENCE, reference_of

if TYPE_CHECKING:
    from partybuild_flow.definition import RuleSet

_LOG: Final = logging.getLogger(__name__)
_DISTRIBUTION: Final = "durable-rules"
_SESSION: Final = "0"
"""The session of a message that names none; deleted after each, so that there is never a second one."""
_OPERATORS: Final = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class Inference(NamedTuple):
    """What a rule set concluded, and the name of the evaluator that decided which rules hold."""

    conclusion: Conclusion
    evaluator: str


def compile_rule_set(rule_set: RuleSet) -> CompiledRuleSet:
    """The rule set as a function of the facts that gives what `conclude_rule_set` gives."""
    return CompiledRuleSet(rule_set)


class CompiledRuleSet:
    """A rule set ready to conclude; may be shared by threads, and used again in a forked child.

    The C engine decides which rules hold, our compiled expressions what they conclude. Where durable-rules is
    not installed, or failed in one decision, the reference evaluator answers instead; `infer` tells which one did.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        self._id = rule_set.id
        self._reference = reference_of(rule_set)
        engine = _engine()
        self.evaluator = REFERENCE if engine is None else _engine_name()
        """The evaluator that decides unless it fails."""
        if engine is not None:
            self._failures = (engine.error, MemoryError, _Unfinished)
            self._plan = plan_of(rule_set, compile_value)
            self._strata = [[_Network(engine, piece) for piece in encode(rules)] for rules in rule_set.strata]

    def __call__(self, facts: Mapping[str, Value]) -> Conclusion:
        """What the rules conclude from these facts."""
        return self.infer(facts).conclusion

    def infer(self, facts: Mapping[str, Value]) -> Inference:
        """What the rules conclude from these facts, with the name of the evaluator."""
        if self.evaluator != REFERENCE:
            try:
                conclusion = conclude_in_strata(self._plan, facts, self._holding)
            except self._failures:
                _LOG.warning("durable-rules failed on %s; the reference answers", self._id, exc_info=True)
            else:
                return Inference(conclusion, self.evaluator)
        return Inference(self._reference(facts), REFERENCE)

    def _holding(self, stratum: int, known: Mapping[str, Value]) -> list[int]:
        held: list[int] = []
        offset = 0
        for network in self._strata[stratum]:
            held += [offset + index for index in network.fired_by(known)]
            offset += network.size
        return held


class _Unfinished(Exception):
    """The C engine did not take a message, or did not come to an end with it."""


class _Process:
    """The C engine in this process: the lock around it, and the rule sets in it that nobody holds any more.

    A forked child starts anew: a thread that held the lock does not exist there.
    """

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Forget the parent's lock and leave its rule sets alone."""
        self.id = os.getpid()
        self.lock = Lock()
        self.condemned: deque[int] = deque()

    def condemn(self, process_id: int, handle: int) -> None:
        """Have a rule set deleted before the next one is made. Takes no lock: a finalizer may run anywhere."""
        if process_id == self.id:
            self.condemned.append(handle)


_PROCESS: Final = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_PROCESS.start)


class _Network:
    """A C rule set for rules of one stratum, made when it is first needed, and made anew after a failure."""

    def __init__(self, engine: Any, encoded: Encoded) -> None:
        self.size = len(encoded.conditions)
        self._engine = engine
        self._encoded = encoded
        self._handle = 0
        self._process_id = 0
        self._condemn: weakref.finalize[Any, Any] | None = None

    def fired_by(self, facts: Mapping[str, Value]) -> list[int]:
        """The indices of the rules that hold for these facts.

        Raises: `durable_rules_engine.error`, MemoryError or `_Unfinished`; the C rule set is given up then.
        """
        message = self._encoded.message(facts)
        with _PROCESS.lock:
            if not self._handle or self._process_id != _PROCESS.id:
                self._make()
            try:
                return self._fire(message)
            except BaseException:
                self._give_up()
                raise

    def _make(self) -> None:
        while _PROCESS.condemned:
            self._engine.delete_ruleset(_PROCESS.condemned.popleft())
        self._handle = self._engine.create_ruleset("rules", json.dumps(written(self._encoded.conditions)))
        self._process_id = _PROCESS.id
        self._condemn = weakref.finalize(self, _PROCESS.condemn, self._process_id, self._handle)
        self._condemn.atexit = False

    def _give_up(self) -> None:
        self._handle = 0
        if self._condemn is not None:
            self._condemn()

    def _fire(self, message: str) -> list[int]:
        engine, handle = self._engine, self._handle
        refused, session = engine.assert_fact(handle, message)
        action = None if refused else engine.start_action_for_state(handle, session)
        if action is None:
            raise _Unfinished(refused)
        fired: list[int] = []
        told = action[1]
        while told is not None:
            # {"r12":{"m":{...}}}: the rule's name comes first, and holds its index.
            fired.append(int(told[3 : told.index('"', 3)]))
            if len(fired) > self.size + 1:
                raise _Unfinished(fired)
            told = engine.complete_and_start_action(handle, session)
        if fired.count(self.size) != 1:
            raise _Unfinished(fired)
        # Only now: deleting a session in which nothing fired kills the process.
        engine.delete_state(handle, _SESSION)
        return [index for index in fired if index != self.size]


def written(conditions: Sequence[Sequence[Condition]]) -> dict[str, dict[str, Any]]:
    """The rules as durable-rules reads them, each named after its index; the last one holds for every message."""
    catch_all = (Condition(ALWAYS, "=", 1),)
    return {
        f"r{index}": {"all": [{"m": {"$and": [_pattern(each) for each in tests]}}]}
        for index, tests in enumerate((*conditions, catch_all))
    }


def _pattern(condition: Condition) -> dict[str, object]:
    compared: dict[str, object] = {condition.field: condition.number}
    return compared if condition.operator == "=" else {_OPERATORS[condition.operator]: compared}


@cache
def _engine() -> Any | None:
    try:
        import durable_rules_engine
    except ImportError:
        return None
    return durable_rules_engine


@cache
def _engine_name() -> str:
    from importlib.metadata import version

    return f"{_DISTRIBUTION} {version(_DISTRIBUTION)}"
