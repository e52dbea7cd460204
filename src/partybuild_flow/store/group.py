"""What a caller asks to be saved while others wait, too: who comes while one commits shares the next transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock, RLock
from typing import Final

from partybuild_flow.case import Change, Entry
from partybuild_flow.errors import CaseChanged, StoreError
from partybuild_flow.store.links import Bucket
from partybuild_flow.store.outbox import Carried

LARGEST_GROUP: Final = 256
"""How many callers share one transaction at most."""


class Asked:
    """The changes of one caller, and what became of them: the entries as they were kept, or an error."""

    __slots__ = ("_told", "carried", "changes", "error", "read", "saved", "written")

    def __init__(self, changes: Sequence[Change], read: Sequence[Bucket], carried: Sequence[Carried]) -> None:
        self.changes = changes
        self.read = read
        self.carried = carried
        self.written: list[Entry] = []
        """What was written for it in a transaction that may not have been committed."""
        self.saved: tuple[Entry, ...] | None = None
        self.error: CaseChanged | StoreError | None = None
        self._told = Lock()
        self._told.acquire()

    @property
    def is_answered(self) -> bool:
        """Whether it is known what became of it."""
        return self.saved is not None or self.error is not None

    def give_up(self) -> None:
        """Answer what is not answered: whoever wrote for all was interrupted, and nothing was written."""
        if not self.is_answered:
            case = self.changes[0].entry.case
            self.error = CaseChanged(case.id, case.revision - 1, case.revision - 1)

    def wait(self) -> None:
        """Until it is answered, or its turn to write has come."""
        self._told.acquire()

    def tell(self) -> None:
        """Let its caller go on."""
        self._told.release()

    def is_told(self) -> bool:
        """Whether its caller may go on."""
        return self._told.acquire(blocking=False)

    def answer(self) -> tuple[Entry, ...]:
        """The entries as they were kept. Raises what kept them from it."""
        if self.error is not None:
            raise self.error
        assert self.saved is not None  # noqa: S101 - it is answered
        return self.saved


class Line:
    """Callers in the order in which they came. The first writes for all who came before it began to write."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Asked] = deque()
        self.someone_writes = False
        """Whether somebody waits or is about to write."""

    def stand(self, asked: Asked, lock: RLock, write: Callable[[Sequence[Asked]], None]) -> None:
        """Come back when it is answered, having written for others where it was the first."""
        with self._lock:
            self._waiting.append(asked)
            first, self.someone_writes = not self.someone_writes, True
        if not first:
            try:
                asked.wait()
            except BaseException:
                self._leave(asked)
                raise
        if asked.is_answered:
            return
        group: list[Asked] = []
        try:
            with lock:
                # Who came while the one before was writing is taken along.
                group += self._taken()
                write(group)
        finally:
            for each in group:
                each.give_up()
                if each is not asked:
                    each.tell()
            with self._lock:
                self._pass_on()

    def _pass_on(self) -> None:
        """Let the first who waits write next."""
        self.someone_writes = bool(self._waiting)
        if self._waiting:
            self._waiting[0].tell()

    def _leave(self, asked: Asked) -> None:
        """Somebody waits no longer; what is being written for him already is not undone."""
        with self._lock:
            if asked in self._waiting:
                self._waiting.remove(asked)
                if asked.is_told():
                    self._pass_on()

    def _taken(self) -> list[Asked]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_GROUP))]
