"""The whole journal checked: each chain of hashes, each head, each commitment, each case against its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from partybuild_flow.store.journal import GENESIS, Personal, chained, commitment, commitments, read
from partybuild_flow.store.protocol import Verification


class Row(NamedTuple):
    """One stored line of a journal, as it stands in the store."""

    sequence: int
    body: str
    hash: str
    personal: Mapping[str, Personal]


class Chain(NamedTuple):
    """A stored case and its rows, oldest first; no case where only rows are left of it."""

    case: Case
    rows: list[Row]


def verified(chains: Iterable[Chain]) -> Verification:
    """What reading all chains finds. The digest is over all heads, in the order of the case ids.

    A journal that was rewritten from its first entry on, with all hashes computed anew, is found
    only by comparing the digest with one that was kept outside.
    """
    cases = entries = 0
    digest = sha256()
    broken: list[tuple[str, str]] = []
    for chain in chains:
        cases += 1
        entries += len(chain.rows)
        digest.update(f"{chain.case.id}\n{chain.case.head}\n".encode())
        broken += [(chain.case.id, found) for found in _broken(chain)]
    return Verification(cases, entries, digest.hexdigest(), tuple(broken))


def _broken(chain: Chain) -> Iterator[str]:
    previous = GENESIS
    folded: Case | None = None
    erased = False
    for expected, row in enumerate(chain.rows, start=1):
        if row.sequence != expected:
            yield f"entry {expected} is missing"
            return
        if chained(previous, row.body) != row.hash:
            yield f"entry {expected} was changed: its hash does not follow from its text and the entry before"
            return
        promised = commitments(row.body)
        for place, promise in promised.items():
            kept = row.personal.get(place)
            if kept is None:
                erased = True
            elif commitment(kept) != promise:
                yield f"entry {expected}: the personal value at {place} was changed"
        folded = replayed(folded, read(row.body, previous, row.hash, row.personal), frozenset())
        previous = row.hash
    yield from _against_case(chain.case, folded, erased=erased)


def _against_case(case: Case, folded: Case | None, *, erased: bool) -> Iterator[str]:
    if folded is None:
        yield "the case has no entries"
    elif case.head != folded.head or case.revision != folded.revision:
        yield f"the newest entry is not the case's head: entries were cut off after {folded.revision}"
    elif case.state != folded.state or case.deadlines != folded.deadlines:
        yield "the case's state or deadlines are not what its entries made of it"
    elif not erased and case.data != folded.data:
        yield "the case's data is not what its entries made of it"
