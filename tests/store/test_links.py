"""Cases are found by what they hold, on both stores alike, by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from partybuild_flow.case import Actor, Case, Change, Entry, Lookup, Sent
from partybuild_flow.errors import CaseChanged
from partybuild_flow.feel import Value
from partybuild_flow.store import Bucket, Carried, LinkKey, Store, open_store
from partybuild_flow.store.links import BY_ID, place_of

BEGAN = datetime(2022, 9, 30, 8, 0, tzinfo=UTC)
KEY = LinkKey("entry", ("group", "round"), exact=True)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    opened.keep_definition("hash", "entry", 1, {})
    yield opened
    opened.close()


def change(
    case_id: str, revision: int = 1, hours: float = 0, sends: tuple[Sent, ...] = (), **data: Value
) -> Change:
    at = BEGAN + timedelta(hours=hours)
    case = Case(case_id, "entry", "hash", "open", "park", revision, data, {}, (), "u", at, "")
    entry = Entry(
        case, "e", 1, "", None, Actor("u"), at, "", "open", dict(data), tuple(data), {}, (), (), "generated 1", (), None,
        None, None, at, sends,
    )  # fmt: skip
    return Change(entry, (), frozenset())


def lookup(round: Value = "r", group: Value = "a", **more: object) -> Lookup:
    return Lookup("entry", ("group", "round"), (group, round), **more)  # type: ignore[arg-type]


def found(store: Store, asked: Lookup) -> list[str]:
    return [each.case_id for each in store.related(asked).members]


def test_cases_are_found_by_equal_values_in_the_order_in_which_they_began(store: Store) -> None:
    store.links.keep([KEY])
    store.save([change("b", hours=2, round="r", group="a"), change("c", hours=1, round="r", group="a")])
    store.save(
        [
            change("a", hours=2, round="r", group="a"),
            change("d", round="r", group="b"),
            change("e", round="r"),
        ]
    )
    assert found(store, lookup()) == ["c", "a", "b"]
    assert [each.started_at for each in store.related(lookup()).members][:1] == [BEGAN + timedelta(hours=1)]


def test_numbers_of_one_value_are_equal_however_they_are_written(store: Store) -> None:
    store.links.keep([KEY])
    store.save([change("a", round=Decimal("100"), group=Decimal("-0"))])
    assert found(store, lookup(Decimal("1E+2"), Decimal("0.0"))) == ["a"]


def test_a_case_is_found_where_it_is_now(store: Store) -> None:
    store.links.keep([KEY])
    store.save([change("a", round="r", group="a")])
    store.save([change("a", 2, hours=5, round="s", group="a")])
    assert (found(store, lookup()), found(store, lookup("s"))) == ([], ["a"])
    assert store.related(lookup("s")).members[0].started_at == BEGAN
    store.save([change("a", 3, round="s", group=None)])
    assert found(store, lookup("s")) == []


def test_cases_that_were_there_before_the_key_are_found(store: Store) -> None:
    store.save([change(f"c{number:04}", hours=number, round="r", group="a") for number in range(1200)])
    store.links.keep([KEY])
    assert len(found(store, lookup())) == 1200
    assert found(store, lookup(since=BEGAN + timedelta(hours=1198))) == ["c1198", "c1199"]


def test_states_and_ids_narrow_what_is_found(store: Store) -> None:
    store.links.keep([KEY])
    store.save([change("a", round="r", group="a"), change("b", round="r", group="a")])
    assert found(store, lookup(states=frozenset({"closed"}))) == []
    assert found(store, lookup(case_id="b")) == ["b"]
    assert found(store, lookup("s", case_id="b")) == []
    assert found(store, Lookup("entry", (), (), "b")) == ["b"]
    assert found(store, Lookup("other", (), (), "b")) == []
    assert found(store, Lookup("entry", (), (), "b", BEGAN + timedelta(hours=1))) == []


def test_every_event_of_a_member_counts_in_its_bucket_and_no_other(store: Store) -> None:
    store.links.keep([KEY, LinkKey("entry", BY_ID, exact=True)])

    def revisions() -> list[int]:
        asked = (lookup(exact=True), lookup("s", exact=True), lookup(case_id="a", exact=True))
        return [store.related(each).revision for each in asked]

    assert revisions() == [0, 0, 0]
    store.save([change("a", round="r", group="a")])
    assert revisions() == [1, 0, 1]
    store.save([change("a", 2, round="s", group="a")])
    assert revisions() == [2, 1, 2]
    store.save([change("b", round="s", group="b")])
    assert revisions() == [2, 1, 2]


def test_a_bucket_that_changed_since_it_was_read_refuses_the_writer(store: Store) -> None:
    store.links.keep([KEY])
    read = Bucket(place_of(lookup()), store.related(lookup(exact=True)).revision)
    store.save([change("a", round="r", group="a")], [read])
    with pytest.raises(CaseChanged):
        store.save([change("b", round="r", group="a")], [read])
    assert found(store, lookup()) == ["a"]


def test_what_is_sent_waits_is_marked_once_and_told(store: Store) -> None:
    sends = (Sent("x", "entry", "e", {"n": Decimal("1.50")}, "park", 3), Sent("y", "entry", "f", {}))
    store.save([change("a", sends=sends)])
    waiting = store.outbox.open(0, 10)
    assert [each.sent for each in waiting] == list(sends)
    assert [(each.case_id, each.occurred_at) for each in waiting] == [("a", BEGAN)] * 2
    assert [each.number for each in store.outbox.open(waiting[0].number, 1)] == [waiting[1].number]
    store.outbox.wait([Carried(waiting[1].number, None, "not yet")])
    store.save([change("x")], (), [Carried(waiting[0].number, BEGAN)])
    assert [(each.case_id, each.carried_at, each.refused) for each in store.outbox.of("a")] == [
        ("x", BEGAN, None),
        ("y", None, "not yet"),
    ]
    with pytest.raises(CaseChanged):
        store.save([change("z")], (), [Carried(waiting[0].number, BEGAN)])
    assert found(store, Lookup("entry", (), (), "z")) == []


def test_the_file_finds_cases_by_an_index_and_never_by_looking_through_all(tmp_path: Path) -> None:
    from partybuild_flow.store.sql_links import _FIND, _FIND_ONE
    from partybuild_flow.store.sql_outbox import _OPEN

    open_store(f"sqlite:///{tmp_path / 'cases.db'}").close()
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        for query in (_FIND + " AND l.started_at >= ? ORDER BY l.started_at, l.case_id", _FIND_ONE, _OPEN):
            values = ["x"] * query.count("?")
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            assert all(step.startswith("SEARCH") or "outbox_open" in step for step in steps), steps
    connection.close()
