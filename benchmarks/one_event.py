"""One event in memory: the engine beside the hand-written floor, python-statemachine and sismic.

python -m benchmarks.one_event [--json]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Final

from benchmarks import floor
from benchmarks.desks import Desk, engine_desk, open_engine, played, preparing, require_equal, written_desk
from benchmarks.lives import HOSTILE_LIVES, LAPSED_LIVES, LIVES, Clock, events_of
from benchmarks.measure import Figure, Measured, interleaved, microseconds, ratio, report, whole
from partybuild_flow import Actor

try:
    from benchmarks.peers import SismicDesk, StatemachineDesk
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is not installed: pip install -e '.[benchmarks]'") from missing

ROUNDS: Final = 31
TIMED: Final = LIVES * 20
"""The lives of one round: a hundred cases."""


def engine() -> Desk:
    """The engine in memory."""
    clock = Clock()
    return engine_desk(open_engine("memory://", clock), clock)


def traced_engine() -> Desk:
    """The engine in memory; every event is asked about and its whole trace read before it is sent."""
    clock = Clock()
    opened = open_engine("memory://", clock)
    ask, send = opened.ask, opened.send

    def ask_and_send(case_id: str, event: str, data: Mapping[str, object], by: Actor) -> object:
        lines = ask(case_id, event, data, by=by).trace
        return send(case_id, event, data, by=by), lines

    return engine_desk(opened, clock)._replace(send=ask_and_send)


CONTESTANTS: Final[Mapping[str, Callable[[], Desk]]] = {
    "floor": lambda: written_desk(floor.GrantDesk),
    "engine": engine,
    "traced": traced_engine,
    "python-statemachine": lambda: written_desk(StatemachineDesk),
    "sismic": lambda: written_desk(SismicDesk),
}


def measure() -> list[Figure]:
    """Proves that all programs do the same, then lets them take turns."""
    lives = LIVES + HOSTILE_LIVES + LAPSED_LIVES
    require_equal({name: played(make(), lives) for name, make in CONTESTANTS.items()})
    measured = interleaved({name: preparing(make, TIMED) for name, make in CONTESTANTS.items()}, ROUNDS)
    return [*_ratios(measured), *_microseconds(measured)]


def _ratios(measured: Measured) -> list[Figure]:
    sends = {name: measured[name, "sends"] for name in CONTESTANTS}
    lives = {name: whole(measured, name) for name in CONTESTANTS}
    ours, peers = sends["engine"], ("python-statemachine", "sismic")
    return [
        Figure(
            "us_to_floor",
            ratio(lives["engine"], lives["floor"]),
            "the engine beside the floor, whole lives",
            most=4,
        ),
        Figure(
            "us_to_floor_sends", ratio(ours, sends["floor"]), "the same, without the events that start a case"
        ),
        Figure(
            "us_to_floor_traced",
            ratio(sends["traced"], sends["floor"]),
            "each event asked, its trace read, then sent",
        ),
        *(
            Figure(
                f"{_plain(peer)}_to_us",
                ratio(sends[peer], ours),
                "events of a case that stands, machine in memory",
                least=20,
            )
            for peer in peers
        ),
        *(
            Figure(
                f"{_plain(peer)}_to_us_lives",
                ratio(lives[peer], lives["engine"]),
                "whole lives, machines built in them",
            )
            for peer in peers
        ),
    ]


def _microseconds(measured: Measured) -> list[Figure]:
    events = events_of(TIMED)
    sent = events - len(TIMED)
    return [
        Figure("floor_us", microseconds(whole(measured, "floor"), events), "one event of whole lives"),
        Figure("engine_us", microseconds(whole(measured, "engine"), events), "one event of whole lives"),
        Figure(
            "engine_start_us",
            microseconds(measured["engine", "starts"], len(TIMED)),
            "one event that starts a case",
        ),
        *(
            Figure(
                f"{_plain(name)}_send_us",
                microseconds(measured[name, "sends"], sent),
                "one event of a case that stands",
            )
            for name in CONTESTANTS
        ),
    ]


def _plain(name: str) -> str:
    return name.replace("-", "_")


if __name__ == "__main__":
    sys.exit(report("One event in memory", measure))
