"""The door of durable-rules: what it keeps from the engine, what it does when the engine fails."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from partybuild_flow.definition import RuleSet
from partybuild_flow.rules import REFERENCE, CompiledRuleSet, compile_rule_set, conclude_rule_set, inference
from partybuild_flow.rules.encoding import Condition, Encoded
from tests.conftest import PROJECT
from tests.written_rules import Written, rule_set

engine = pytest.importorskip("durable_rules_engine", reason="durable-rules cannot be installed here")
DURABLE = "durable-rules 2.0.28"
SCORE = {"得分": Decimal(3), "年限": None}


def simple() -> RuleSet:
    return rule_set(
        {"甲": ("得分 > 1", {"级": "1"}), "乙": ("得分 > 5", {"次": "2"})}, {"丙": ("级 = 1", {"末": "3"})}
    )


class Calls:
    """The C engine, with one of its functions replaced."""

    def __init__(self, **replaced: Callable[..., Any]) -> None:
        self.made: list[str] = []
        self._replaced = replaced

    def __getattr__(self, name: str) -> Any:
        if name == "error":
            return engine.error

        def call(*arguments: object) -> object:
            self.made.append(name)
            return self._replaced.get(name, getattr(engine, name))(*arguments)

        return call


@pytest.fixture
def compiled_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], CompiledRuleSet]:
    def compiled(calls: Any) -> CompiledRuleSet:
        monkeypatch.setattr(inference, "_engine", lambda: calls)
        monkeypatch.setattr(inference._PROCESS, "condemned", deque())
        return compile_rule_set(simple())

    return compiled


def test_the_evaluator_is_named_with_its_version() -> None:
    compiled = compile_rule_set(simple())
    assert compiled.evaluator == DURABLE
    assert compiled.infer(SCORE) == (conclude_rule_set(simple(), SCORE), DURABLE)


def test_the_reference_decides_where_durable_rules_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    inference._engine.cache_clear()
    try:
        compiled = compile_rule_set(simple())
    finally:
        inference._engine.cache_clear()
    assert compiled.evaluator == REFERENCE
    assert compiled.infer(SCORE) == (conclude_rule_set(simple(), SCORE), REFERENCE)


def test_nothing_of_durable_rules_is_imported_before_a_rule_set_is_compiled() -> None:
    code = (
        "import sys, partybuild_flow.rules; print(sorted(m for m in sys.modules if m.startswith('durable')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_no_thread_is_started() -> None:
    before = threading.enumerate()
    compile_rule_set(simple())(SCORE)
    assert threading.enumerate() == before


def test_the_engine_sees_one_fact_a_stratum_and_its_session_is_deleted_after_each(
    compiled_with: Callable[[Any], CompiledRuleSet],
) -> None:
    calls = Calls()
    compiled = compiled_with(calls)
    compiled(SCORE)
    calls.made.clear()
    compiled(SCORE)
    assert [name for name in calls.made if name in ("assert_fact", "delete_state")] == [
        "assert_fact",
        "delete_state",
    ] * 2
    assert "create_ruleset" not in calls.made


def test_the_engine_sees_small_integers_only(compiled_with: Callable[[Any], CompiledRuleSet]) -> None:
    seen: list[str] = []

    def assert_fact(handle: int, message: str) -> Any:
        seen.append(message)
        return engine.assert_fact(handle, message)

    compiled_with(Calls(assert_fact=assert_fact))({"得分": Decimal("1e999"), "类别": '"'})
    for message in seen:
        assert all(type(number) is int and 0 <= number < 1000 for number in json.loads(message).values())


def once(failing: Callable[..., Any], working: Callable[..., Any]) -> Callable[..., Any]:
    """The first call fails, all others work."""
    failures = [failing]

    def call(*arguments: object) -> Any:
        return (failures.pop() if failures else working)(*arguments)

    return call


def refused(handle: int, message: str) -> Any:
    raise engine.error("Could not assert fact, error code: 303")


def exhausted(handle: int, message: str) -> Any:
    raise MemoryError


@pytest.mark.parametrize(
    "broken",
    [
        {"assert_fact": refused},
        {"assert_fact": exhausted},
        {"assert_fact": lambda handle, message: (1, 0)},
        {"assert_fact": lambda handle, message: (2, 0)},
        {"start_action_for_state": lambda handle, session: None},
        {"complete_and_start_action": lambda handle, session: None},
        {"complete_and_start_action": lambda handle, session: '{"r0":{"m":{}}}'},
    ],
    ids=["error", "memory", "not handled", "observed before", "nothing fired", "unfinished", "endless"],
)
def test_where_the_engine_fails_the_reference_answers_and_says_so(
    compiled_with: Callable[[Any], CompiledRuleSet], broken: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    compiled = compiled_with(Calls(**broken))
    assert compiled.infer(SCORE) == (conclude_rule_set(simple(), SCORE), REFERENCE)
    assert "研判" in caplog.text


def test_a_rule_set_that_failed_is_made_anew_and_its_session_is_left_alone(
    compiled_with: Callable[[Any], CompiledRuleSet],
) -> None:
    calls = Calls(assert_fact=once(refused, engine.assert_fact))
    compiled = compiled_with(calls)
    assert compiled.infer(SCORE).evaluator == REFERENCE
    assert "delete_state" not in calls.made
    assert compiled.infer(SCORE) == (conclude_rule_set(simple(), SCORE), compiled.evaluator)
    assert calls.made.count("create_ruleset") == 3
    assert calls.made.count("delete_ruleset") == 1


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_an_interruption_reaches_the_caller_and_the_next_decision_is_sound(
    compiled_with: Callable[[Any], CompiledRuleSet], stop: type[BaseException]
) -> None:
    def interrupt(handle: int, session: int) -> Any:
        raise stop

    calls = Calls(complete_and_start_action=once(interrupt, engine.complete_and_start_action))
    compiled = compiled_with(calls)
    with pytest.raises(stop):
        compiled(SCORE)
    assert compiled.infer(SCORE) == (conclude_rule_set(simple(), SCORE), compiled.evaluator)


@pytest.mark.parametrize("size", [1, 2, 59, 60, 61, 120, 200])
def test_all_rules_of_a_set_may_hold_at_once(size: int) -> None:
    rules: dict[str, Written] = {
        f"r{number}": (f"得分 > {number}", {f"d{number}": "1"}) for number in range(size)
    }
    compiled = compile_rule_set(rule_set(rules))
    told = compiled.infer({"得分": Decimal(1000)})
    assert told.evaluator == DURABLE
    assert told.conclusion.fired == tuple(rules)
    assert compiled({"得分": Decimal("0.5")}).fired == ("r0",)


def test_identical_conditions_all_fire() -> None:
    rules: dict[str, Written] = {f"r{number}": ("得分 > 1", {f"d{number}": "1"}) for number in range(60)}
    assert len(compile_rule_set(rule_set(rules))(SCORE).fired) == 60


def test_one_fact_may_be_decided_again_and_again() -> None:
    compiled = compile_rule_set(simple())
    assert {compiled.infer(SCORE).evaluator for _ in range(3000)} == {DURABLE}


def test_threads_may_share_a_rule_set() -> None:
    compiled = compile_rule_set(simple())
    many = [{"得分": Decimal(number % 9)} for number in range(400)]
    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(compiled.infer, many))
    assert told == [(conclude_rule_set(simple(), facts), DURABLE) for facts in many]


def test_a_rule_set_that_nobody_holds_is_deleted_before_the_next_is_made(
    compiled_with: Callable[[Any], CompiledRuleSet],
) -> None:
    calls = Calls()
    compiled = compiled_with(calls)
    compiled(SCORE)
    del compiled
    gc.collect()
    compiled_with_it_gone = compile_rule_set(simple())
    assert "delete_ruleset" not in calls.made
    compiled_with_it_gone(SCORE)
    assert calls.made.count("delete_ruleset") == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_makes_its_own_rule_set_even_if_a_thread_of_the_parent_held_the_lock() -> None:
    code = """
import os, threading
from decimal import Decimal
from partybuild_flow.rules import compile_rule_set, inference
from tests.unit.test_rules_inference import SCORE, simple
compiled = compile_rule_set(simple())
expected = compiled.infer(SCORE)
held, done = threading.Event(), threading.Event()
def hold():
    with inference._PROCESS.lock:
        held.set(); done.wait()
thread = threading.Thread(target=hold); thread.start(); held.wait()
child = os.fork()
if child == 0:
    os._exit(0 if compiled.infer(SCORE) == expected and not inference._PROCESS.condemned else 1)
_, status = os.waitpid(child, 0)
done.set(); thread.join()
assert compiled.infer(SCORE) == expected
raise SystemExit(os.waitstatus_to_exitcode(status))
"""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=PROJECT,
        timeout=60,
        capture_output=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_the_rules_are_written_with_a_catch_all_behind_them() -> None:
    written = inference.written(
        [[Condition("f1", ">=", 4), Condition("f2", "=", 0)], [Condition("f1", "!=", 1)]]
    )
    assert written == {
        "r0": {"all": [{"m": {"$and": [{"$gte": {"f1": 4}}, {"f2": 0}]}}]},
        "r1": {"all": [{"m": {"$and": [{"$neq": {"f1": 1}}]}}]},
        "r2": {"all": [{"m": {"$and": [{"f0": 1}]}}]},
    }


def test_every_operator_means_in_the_engine_what_it_says() -> None:
    operators = ("=", "!=", "<", "<=", ">", ">=")
    conditions = tuple((Condition("f1", operator, 5),) for operator in operators)
    held: dict[int, list[str]] = {}
    for number in (4, 5, 6):
        network = inference._Network(engine, Encoded(conditions, (), f'{{"f0":1,"f1":{number}}}'))
        held[number] = [operators[index] for index in network.fired_by({})]
    assert held == {4: ["!=", "<", "<="], 5: ["=", "<=", ">="], 6: ["!=", ">", ">="]}


def test_the_librarys_own_host_fires_the_same_rules() -> None:
    code = """
from benchmarks.rule_sets import BareHost, compile_rule_set, ordinary_facts, ordinary_rule_set
for size in (2, 12, 60):
    rule_set = ordinary_rule_set(size)
    compiled, bare = compile_rule_set(rule_set), BareHost(rule_set)
    for facts in ordinary_facts(60):
        bare.fired.clear()
        bare.decide(bare.encoded(compiled, facts))
        assert bare.named(bare.fired) == set(compiled(facts).fired)
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=PROJECT, timeout=60, check=True)
