"""Where cases, journal, deadlines and effects live: one protocol, fulfilled by memory and by SQL."""

from collections.abc import Callable

from partybuild_flow.store.journal import new_salt
from partybuild_flow.store.links import Bucket, LinkKey
from partybuild_flow.store.memory import MemoryStore
from partybuild_flow.store.outbox import Carried, Sending, Waiting
from partybuild_flow.store.protocol import Overdue, Query, Store, Verification

__all__ = [
    "Bucket",
    "Carried",
    "LinkKey",
    "MemoryStore",
    "Overdue",
    "Query",
    "Sending",
    "Store",
    "Verification",
    "Waiting",
    "open_store",
]


def open_store(url: str, salts: Callable[[], str] = new_salt) -> Store:
    """The store of a URL: `memory://`, or `sqlite:///path` with `?synchronous=normal|full`.

    `salts` keep commitments to personal values unguessable; only an invented world may draw them by a seed.

    Raises:
        StoreError: the URL names no known kind of store, or it cannot be opened.
    """
    if url == "memory://":
        return MemoryStore(salts)
    from partybuild_flow.store.sql import SqlStore

    return SqlStore.open(url, salts)
