"""Carrying out what cases send to each other: in bounded batches, each event exactly once, wherever it was left off."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import RLock
from traceback import format_tb
from typing import Final, Protocol

from partybuild_flow.case import CaseActor, Entry
from partybuild_flow.decide import Decision
from partybuild_flow.engine.pending import TRIES, Pending
from partybuild_flow.engine.requests import Send, Start
from partybuild_flow.errors import CaseChanged, CaseNotFound, FlowError
from partybuild_flow.messages import Language, sentence
from partybuild_flow.store import Carried, Store, Waiting

BATCH: Final = 500
"""How many events share one transaction."""

LONGEST_CHAIN: Final = 20
"""How many events may follow from one another before this is taken for a loop."""

_LOG: Final = logging.getLogger(__name__)


class Answers(Protocol):
    """Who decides the events."""

    def answer(self, request: Start | Send, pending: Pending) -> Entry | Decision:
        """The entry that a request makes, added to what is pending, or the decision that refuses it."""

    def language(self, workflow: str) -> Language:
        """The language of a workflow, by its id."""


class Carrier:
    """Carries out the events that wait in the outbox of a store.

    An event that nobody here can decide, because its workflow or a look-up is not at hand or fails, goes
    on waiting, with the reason; it is tried again when everything is. Whoever sent it is not told by an
    error: what he did is saved already.
    """

    def __init__(self, store: Store, answers: Answers, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._answers = answers
        self._clock = clock
        self._passed = 0
        self._lock = RLock()
        self.unfinished = bool(store.outbox.open(0, 1))
        """Whether something is left to be carried out at once: since before the store was opened, or since
        other writers were faster."""

    def carry_out(self, *, everything: bool = False) -> int:
        """How many events were carried out or refused; `everything` tries those again that could not be decided."""
        with self._lock:
            return self._carry_out(everything=everything)

    def _carry_out(self, *, everything: bool) -> int:
        after = 0 if everything else self._passed
        self.unfinished = False
        carried, batch, tries = 0, BATCH, 0
        while waiting := self._store.outbox.open(after, batch):
            pending = Pending(self._store)
            done = [self._carried(each, pending) for each in waiting]
            marked = [each for each in done if each.at is not None]
            try:
                if marked:
                    self._store.save(pending.changes, pending.read, marked)
            except CaseChanged:
                tries += 1
                if tries > TRIES:
                    self.unfinished = True
                    return carried
                batch = max(1, batch // 4)
                self._look_again(waiting)
                continue
            self._store.outbox.wait(each for each in done if each.at is None)
            carried += len(marked)
            left = [each.number for each in done if each.at is None]
            after = max(after, *left) if left else after
            self._passed = max(self._passed, after)
            batch, tries = min(BATCH, batch * 4), 0
        return carried

    def _carried(self, waiting: Waiting, pending: Pending) -> Carried:
        number, sent = waiting.number, waiting.sent
        pending.chain = sent.chain + 1
        try:
            answer = self._answer(waiting, pending)
        except CaseNotFound as error:
            return Carried(number, self._clock(), str(error))
        except FlowError as error:
            return Carried(number, None, str(error))
        except Exception as error:  # noqa: BLE001 - whatever the host handed in raises stands in the way of one event only
            # What it says may hold personal values: neither logs nor who reads the case are told more than its kind.
            frames = "".join(format_tb(error.__traceback__))
            _LOG.warning(
                "event %s for case %s waits: %s\n%s", number, sent.case_id, type(error).__name__, frames
            )
            return Carried(number, None, type(error).__name__)
        if isinstance(answer, Entry):
            return Carried(number, self._clock())
        return Carried(number, self._clock(), answer if isinstance(answer, str) else answer.sentence)

    def _answer(self, waiting: Waiting, pending: Pending) -> Entry | Decision | str:
        sent, by = waiting.sent, CaseActor(waiting.case_id)
        at = waiting.occurred_at
        if sent.chain > LONGEST_CHAIN:
            told = {"chain": sent.chain, "most": LONGEST_CHAIN}
            return sentence("refused.chain", self._answers.language(sent.workflow), told)
        if sent.unit is not None:
            start = Start(sent.workflow, sent.data, by, sent.event, sent.unit, None, at, sent.case_id)
            return self._answers.answer(start, pending)
        case = pending.load(sent.case_id, fresh=True)
        return self._answers.answer(
            Send(case.id, sent.event, sent.data, by, None, None, max(at, case.changed_at)), pending
        )

    def _look_again(self, waiting: Iterable[Waiting]) -> None:
        for each in waiting:
            if each.sent.unit is None:
                self._store.load(each.sent.case_id, fresh=True)
