"""Callers in a line: the first writes for all, and one who gives up keeps nobody waiting."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event, RLock, Thread

import pytest

from partybuild_flow.store.group import Asked, Line


class Impatient(Asked):
    """A caller who is interrupted as soon as it is his turn."""

    __slots__ = ("standing",)

    def __init__(self) -> None:
        super().__init__((), (), ())
        self.standing = Event()

    def wait(self) -> None:
        self.standing.set()
        super().wait()
        super().tell()
        raise KeyboardInterrupt


def answered(group: Sequence[Asked]) -> None:
    for asked in group:
        asked.saved = ()


def test_one_who_is_interrupted_when_his_turn_comes_passes_it_on() -> None:
    line, lock = Line(), RLock()
    begun, go_on = Event(), Event()

    def slowly(group: Sequence[Asked]) -> None:
        begun.set()
        assert go_on.wait(10)
        answered(group)

    first, second, third = Asked((), (), ()), Impatient(), Asked((), (), ())
    interrupted: list[BaseException] = []

    def stand_impatiently() -> None:
        try:
            line.stand(second, lock, answered)
        except KeyboardInterrupt as error:
            interrupted.append(error)

    threads = [Thread(target=line.stand, args=(first, lock, slowly)), Thread(target=stand_impatiently)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    assert second.standing.wait(10)
    threads.append(Thread(target=line.stand, args=(third, lock, answered)))
    threads[2].start()
    until = time.monotonic() + 10
    while len(line._waiting) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    go_on.set()
    for each in threads:
        each.join(10)
        assert not each.is_alive()
    assert (first.is_answered, second.is_answered, third.is_answered) == (True, False, True)
    assert interrupted
    assert not line.someone_writes


def test_one_who_leaves_before_his_turn_is_not_written_for(monkeypatch: pytest.MonkeyPatch) -> None:
    line, asked = Line(), Asked((), (), ())
    line.someone_writes = True

    def interrupt(self: Asked) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Asked, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        line.stand(asked, RLock(), answered)
    assert not line._waiting
    assert not asked.is_answered
