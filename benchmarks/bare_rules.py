"""The rule set of `rungs.rules.yaml` on the bare durable-rules library: two facts a decision, one a stratum.

Numbers are whole hundredths, as that library compares whole numbers exactly; its host runs no
threads, which is kinder to it than its default.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

Conclude = Callable[[Decimal, Decimal, str], tuple[str, str]]
"""Score, amount and category to outcome and level."""

SESSION = "0"


def bare_conclude() -> Conclude:
    """The decision as a user of the library would write it. Raises ImportError where it is not installed."""
    from durable.engine import Host

    class QuietHost(Host):  # type: ignore[misc]
        def _run(self) -> None:
            """Starts no threads: no rule waits for time."""

    said: dict[str, tuple[str, ...]] = {}

    def saying(key: str, *values: str) -> Callable[[Any], None]:
        def run(_: object) -> None:
            said[key] = values

        return run

    host = QuietHost()
    host.register_rulesets({"marks": _marks(saying), "rungs": _rungs(saying)})

    def conclude(score: Decimal, amount: Decimal, category: str) -> tuple[str, str]:
        said.clear()
        host.assert_fact("marks", {"sid": SESSION, "score": int(score * 100)})
        host.delete_state("marks", SESSION)
        (mark,) = said["mark"]
        fact = {"sid": SESSION, "mark": mark, "amount": int(amount * 100), "category": category}
        host.assert_fact("rungs", fact)
        host.delete_state("rungs", SESSION)
        outcome, level = said["rung"]
        return outcome, level

    return conclude


def _marks(saying: Callable[..., Callable[[Any], None]]) -> dict[str, Any]:
    return {
        "below sixty": _rule(1, saying("mark", "weak"), {"$lt": {"score": 6000}}),
        "below eighty": _rule(2, saying("mark", "fair"), {"$gte": {"score": 6000}}, {"$lt": {"score": 8000}}),
        "from eighty": _rule(3, saying("mark", "high"), {"$gte": {"score": 8000}}),
    }


def _rungs(saying: Callable[..., Callable[[Any], None]]) -> dict[str, Any]:
    modest, large = {"$lte": {"amount": 5000000}}, {"$gt": {"amount": 5000000}}
    rent, no_rent = {"category": "rent"}, {"$neq": {"category": "rent"}}
    fair, high = {"mark": "fair"}, {"mark": "high"}
    return {
        "weak": _rule(1, saying("rung", "refuse", "ward"), {"mark": "weak"}),
        "fair and modest": _rule(2, saying("rung", "grant", "ward"), fair, modest, no_rent),
        "fair rent": _rule(3, saying("rung", "refuse", "ward"), fair, modest, rent),
        "fair and large": _rule(4, saying("rung", "reconsider", "district"), fair, large),
        "high": _rule(5, saying("rung", "grant", "district"), high, {"$lte": {"amount": 10000000}}),
        "high and large": _rule(6, saying("rung", "grant", "city"), high, {"$gt": {"amount": 10000000}}),
    }


def _rule(priority: int, run: Callable[[Any], None], *tests: dict[str, Any]) -> dict[str, Any]:
    condition = {"$and": list(tests)} if len(tests) > 1 else tests[0]
    return {"all": [{"m": condition}], "pri": priority, "run": run}
