"""Rule sets through durable-rules: the same answers as the reference evaluator, flat memory, and the price.

`python -m benchmarks.rule_sets [--json] [--decisions 100000] [--memory-decisions 1000000]`. The rule
sets and facts of the first part are hostile (see `hostile_rules`) and are decided in four threads.
Those of the last are ordinary: ranges of numbers and texts, in two strata. The bare library gets the
same rules and the same facts in the same small integers, through its own host.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from benchmarks.hostile_rules import NOWHERE, RuleSetMaker, constant, expression
from benchmarks.measure import Figure, figures_table, interleaved, microseconds, ratio
from partybuild_flow.case import Conclusion
from partybuild_flow.definition import Output, Rule, RuleSet, Setting
from partybuild_flow.feel import BOOLEAN, NUMBER, TEXT, Value, tree
from partybuild_flow.feel.values import key_of
from partybuild_flow.problems import Position
from partybuild_flow.rules import CompiledRuleSet, compile_rule_set
from partybuild_flow.rules.encoding import encode
from partybuild_flow.rules.inference import written
from partybuild_flow.rules.reference import reference_of

TITLE: Final = "Rule sets: durable-rules behind its door"
THREADS: Final = 4
DECISIONS_A_SET: Final = 160
SIZES: Final = (5, 12, 60)
MEGABYTE: Final = 1 << 20

Conclude: TypeAlias = Callable[[Mapping[str, Value]], Conclusion]


class Compared(NamedTuple):
    """How often the C engine and the reference were asked, disagreed, or the C engine did not answer."""

    decisions: int = 0
    disagreements: int = 0
    failures: int = 0


def compare(decisions: int, seed: int = 1) -> Compared:
    """Asks both evaluators about hostile rule sets, each set in all threads at once."""
    total = Compared()
    sizes = random.Random(seed)
    with ThreadPoolExecutor(THREADS) as threads:
        while total.decisions < decisions:
            maker = RuleSetMaker(seed)
            rule_set = maker.rule_set(sizes.choice((1, 2, 3, 5, 8, 13, 21, 34, 60)), sizes.randint(1, 6))
            compiled, reference = compile_rule_set(rule_set), reference_of(rule_set)
            many = [[maker.facts() for _ in range(DECISIONS_A_SET // THREADS)] for _ in range(THREADS)]
            for part in threads.map(_compare, many, [compiled] * THREADS, [reference] * THREADS):
                total = Compared(*(one + other for one, other in zip(total, part, strict=True)))
            seed += 1
    return total


def _compare(many: Sequence[Mapping[str, Value]], compiled: CompiledRuleSet, reference: Conclude) -> Compared:
    disagreements = failures = 0
    for facts in many:
        inference = compiled.infer(facts)
        disagreements += not same(inference.conclusion, reference(facts))
        failures += inference.evaluator != compiled.evaluator
    return Compared(len(many), disagreements, failures)


def same(one: Conclusion, other: Conclusion) -> bool:
    """Whether two conclusions are equal; true is not 1, as it would be in Python."""
    return (one.fired, one.conflict, key_of(dict(one.outputs))) == (
        other.fired,
        other.conflict,
        key_of(dict(other.outputs)),
    )


def ordinary_rule_set(size: int) -> RuleSet:
    """Half the rules grade by ranges of numbers and a text, the other half read the grades."""
    names = ("score", "years", "members", "visits")
    first = [
        _rule(
            line,
            [_compared(names[line % 4], ">=", 10 * line), _compared(names[line % 4], "<", 10 * line + 40)],
            f"grade{line % 3}",
        )
        for line in range(size // 2)
    ]
    second = [
        _rule(
            line,
            [_compared(f"grade{line % 3}", ">=", line % 7), _compared("kind", "=", f"kind{line % 3}")],
            f"result{line % 4}",
        )
        for line in range(size // 2, size)
    ]
    ids = sorted({each.field for rule in (*first, *second) for each in rule.conclusions})
    position = Position("ordinary.rules.yaml", 1, 1)
    outputs = tuple(Output(position=position, id=each, name=each, type=NUMBER) for each in ids)
    strata = (tuple(first), tuple(second))
    return RuleSet(
        position=position, id="ordinary", name="ordinary", first=True, outputs=outputs, strata=strata
    )


def _compared(name: str, operator: Any, value: int | str) -> tree.Node:
    type_ = TEXT if isinstance(value, str) else NUMBER
    right = constant(value if isinstance(value, str) else Decimal(value), type_)
    return tree.Comparison(NOWHERE, BOOLEAN, operator, tree.Name(NOWHERE, type_, name), right)


def _rule(line: int, operands: Sequence[tree.Node], output: str) -> Rule:
    position = Position("ordinary.rules.yaml", line + 2, 1)
    value = expression(constant(Decimal(line), NUMBER))
    return Rule(
        position=position,
        id=f"rule{line}",
        name=f"rule{line}",
        when=expression(tree.And(NOWHERE, BOOLEAN, tuple(operands))),
        conclusions=(Setting(position=position, field=output, value=value),),
    )


def ordinary_facts(count: int) -> list[dict[str, Value]]:
    """Facts for `ordinary_rule_set`."""
    chance = random.Random(7)
    return [
        {
            **{name: Decimal(chance.randrange(400)) for name in ("score", "years", "members", "visits")},
            "kind": f"kind{chance.randrange(3)}",
        }
        for _ in range(count)
    ]


class BareHost:
    """The library as its documentation shows it, without our door: its host, its actions, one fact a stratum.

    Quiet, and every session deleted, or it would crash; given the rules and facts already encoded.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        from durable.engine import Host

        class Quiet(Host):  # type: ignore[misc]  # durable-rules ships no types
            def _run(self) -> None:
                pass

        self.fired: list[tuple[int, str]] = []
        self._host = Quiet()
        self._strata = rule_set.strata
        self._encoded = [encode(rules)[0] for rules in rule_set.strata]
        for number, encoded in enumerate(self._encoded):
            rules = written(encoded.conditions)
            for name, rule in rules.items():
                rule["run"] = self._action(number, name)
            self._host.register_rulesets({f"stratum{number}": rules})

    def _action(self, stratum: int, name: str) -> Callable[[object], None]:
        return lambda _: self.fired.append((stratum, name))

    def named(self, fired: Sequence[tuple[int, str]]) -> set[str]:
        """The rules that fired, by their ids; the catch-alls have none."""
        names = [[rule.id for rule in rules] for rules in self._strata]
        places = [(stratum, int(name.removeprefix("r"))) for stratum, name in fired]
        return {names[stratum][place] for stratum, place in places if place < len(names[stratum])}

    def encoded(self, compiled: CompiledRuleSet, facts: Mapping[str, Value]) -> list[dict[str, int]]:
        """The messages of one decision; later strata see what the earlier ones derived."""
        known = {**facts, **compiled(facts).outputs}
        return [json.loads(encoded.message(known)) for encoded in self._encoded]

    def decide(self, messages: Sequence[Mapping[str, int]]) -> None:
        """One decision: a fact to each stratum."""
        for number, message in enumerate(messages):
            self._host.assert_fact(f"stratum{number}", dict(message))
            self._host.delete_state(f"stratum{number}", "0")


def price(size: int, rounds: int = 9, decisions: int = 400) -> tuple[float, float, float]:
    """Microseconds of one decision, those of the bare library, and their ratio."""
    rule_set = ordinary_rule_set(size)
    compiled = compile_rule_set(rule_set)
    bare = BareHost(rule_set)
    many = ordinary_facts(decisions)
    encoded = [bare.encoded(compiled, facts) for facts in many]

    def ours() -> None:
        for facts in many:
            compiled(facts)

    def theirs() -> None:
        bare.fired.clear()
        for messages in encoded:
            bare.decide(messages)

    measured = interleaved({"ours": lambda: {"all": ours}, "bare": lambda: {"all": theirs}}, rounds)
    one, other = measured["ours", "all"], measured["bare", "all"]
    return microseconds(one, decisions), microseconds(other, decisions), ratio(one, other)


def memory(decisions: int) -> tuple[float, float, float]:
    """Resident megabytes before and after so many decisions, and how many were made a second."""
    compiled = compile_rule_set(ordinary_rule_set(12))
    many = ordinary_facts(1000)
    for facts in many:
        compiled(facts)
    start = resident_megabytes()
    began = time.perf_counter()
    for number in range(decisions):
        compiled(many[number % len(many)])
    return start, resident_megabytes(), decisions / (time.perf_counter() - began)


def resident_megabytes() -> float:
    """The memory that this process occupies; where the system does not tell, the most it ever did."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def figures(decisions: int, memory_decisions: int) -> Iterator[Figure]:
    """All that this program measures."""
    compared = compare(decisions)
    yield Figure("decisions", compared.decisions, "hostile decisions compared with the reference evaluator")
    yield Figure("disagreements", compared.disagreements, "of them decided differently", most=0)
    yield Figure("engine_failures", compared.failures, "of them not decided by the C engine", most=0)
    if memory_decisions:
        start, end, a_second = memory(memory_decisions)
        yield Figure("memory_decisions", memory_decisions, "decisions of one rule set of 12 rules")
        yield Figure("rss_start_mb", start, "resident memory before them")
        yield Figure("rss_end_mb", end, "and after", most=start + 8)
        yield Figure("decisions_a_second", a_second, "of them, in one thread")
    for size in SIZES:
        ours, bare, times = price(size)
        suffix = "" if size == 12 else f"_{size}"
        yield Figure(f"rule_set_us{suffix}", ours, f"microseconds a decision, {size} rules in two strata")
        yield Figure(f"bare_library_us{suffix}", bare, "the library's own host with the same rules and facts")
        yield Figure(f"ratio{suffix}", times, "the first to the second", most=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, then prints a table, or with `--json` one object of named figures."""
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument(
        "--json", action="store_true", help="print one object of named figures instead of a table"
    )
    parser.add_argument("--decisions", type=int, default=100_000, help="hostile decisions to compare")
    parser.add_argument("--memory-decisions", type=int, default=1_000_000, help="0 leaves this part out")
    options = parser.parse_args(arguments)
    measured = list(figures(options.decisions, options.memory_decisions))
    if options.json:
        print(json.dumps({figure.name: round(figure.value, 3) for figure in measured}, indent=2))
    else:
        print(figures_table(TITLE, measured))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
