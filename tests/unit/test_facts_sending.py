"""Who an event is sent to, in which order: grouped, ranked, cut off, always as plain Python would do it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.case import Case, Sent
from partybuild_flow.facts.sending import ReadyOrder, ReadySend, ReadyStart, sent_events
from partybuild_flow.feel import Value

CASE = Case("p", "parent", "hash", "open", "park", 3, {}, {}, (), "u", datetime(2022, 9, 30, tzinfo=UTC), "")
Ties = Literal["exact", "all", "none"]

MEMBERS = st.lists(
    st.fixed_dictionaries(
        {
            "score": st.none() | st.integers(0, 3).map(Decimal),
            "team": st.none() | st.sampled_from(["a", "b", "c"]),
            "group": st.sampled_from(["x", "y", None]),
        }
    ),
    max_size=12,
).map(lambda members: [{"case": f"c{place}", **member} for place, member in enumerate(members)])


def send(first: int | None = None, ties: Ties = "exact", per: tuple[str, ...] = (), **more: Any) -> ReadySend:
    orders = (
        ReadyOrder(lambda facts: facts.get("?score"), True, None),
        ReadyOrder(lambda facts: facts.get("?team"), False, None),
    )
    return ReadySend(
        "child", "choose", "parts", None,
        (("place", lambda facts: facts["?rank"]), ("size", lambda _: None)),
        more.get("where"), more.get("order", orders),
        None if first is None else more.get("compute", lambda _: Decimal(first)), per, ties,
    )  # fmt: skip


def sent(effect: ReadySend | ReadyStart, members: list[dict[str, Value]]) -> tuple[Sent, ...]:
    return sent_events((effect,), {"parts": members}, CASE, None, 1)


def sorted_plainly(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_team = sorted(members, key=lambda each: (each["team"] is None, each["team"] or ""))
    return sorted(by_team, key=lambda each: (each["score"] is None, -(each["score"] or 0)))


@given(MEMBERS)
def test_members_are_sent_to_in_the_order_of_a_plain_sort(members: list[dict[str, Any]]) -> None:
    assert [each.case_id for each in sent(send(), members)] == [
        each["case"] for each in sorted_plainly(members)
    ]


@given(MEMBERS)
def test_equal_members_share_their_place_and_the_next_one_is_counted(members: list[dict[str, Any]]) -> None:
    keys = [(each["score"], each["team"]) for each in sorted_plainly(members)]
    assert [each.data["place"] for each in sent(send(), members)] == [keys.index(key) + 1 for key in keys]


@given(MEMBERS, st.integers(-1, 14))
def test_exactly_so_many_are_taken_of_each_group(members: list[dict[str, Any]], first: int) -> None:
    found = sent(send(first, per=("group",)), members)
    expected = []
    for group in dict.fromkeys(each["group"] for each in members):
        ranked = sorted_plainly([each for each in members if each["group"] == group])
        expected += [each["case"] for each in ranked[: max(0, first)]]
    assert [each.case_id for each in found] == expected


@given(MEMBERS, st.integers(0, 14))
def test_ties_at_the_cut_are_all_taken_or_none_of_them(members: list[dict[str, Any]], first: int) -> None:
    ranked = sorted_plainly(members)
    keys = [(each["score"], each["team"]) for each in ranked]
    cut = keys[first : first + 1]
    everyone = [each.case_id for each in sent(send(first, "all"), members)]
    nobody = [each.case_id for each in sent(send(first, "none"), members)]
    tied = bool(cut) and first > 0 and keys[first - 1] == cut[0]
    more = [each["case"] for each, key in zip(ranked, keys, strict=True) if tied and key == cut[0]]
    plain = [each["case"] for each in ranked[:first]]
    assert everyone == [*(each for each in plain if each not in more), *more]
    assert nobody == [each for each in plain if each not in more]


@given(MEMBERS)
def test_a_group_knows_its_size_and_what_it_is_grouped_by(members: list[dict[str, Any]]) -> None:
    seen = []

    def compute(facts: dict[str, Any]) -> Decimal:
        seen.append((facts["?group"], int(facts["?count"])))
        return Decimal(0)

    assert sent(send(0, per=("group",), compute=compute), members) == ()
    groups = [each["group"] for each in members]
    assert seen == [(group, groups.count(group)) for group in dict.fromkeys(groups)]


def test_an_ordered_choice_goes_by_the_place_of_its_values() -> None:
    order = (ReadyOrder(lambda facts: facts["?level"], True, {"house": 0, "community": 1, "street": 2}),)
    members: list[dict[str, Value]] = [
        {"case": level, "level": level} for level in ("community", "street", "house", "unknown")
    ]
    found = [each.case_id for each in sent(send(order=order), members)]
    assert found == ["street", "community", "house", "unknown"]


def test_an_unknown_quota_sends_to_nobody() -> None:
    members: list[dict[str, Value]] = [{"case": "c", "score": None, "team": None}]
    assert sent(send(1, compute=lambda _: None), members) == ()
    assert sent(send(), []) == ()


def test_a_start_begins_a_case_for_each_item_and_leaves_out_what_is_missing() -> None:
    start = ReadyStart(
        "child", "begin",
        (("team", lambda facts: facts["item"]), ("parent", lambda facts: facts["this case"])),
        lambda facts: facts.get("teams"), None,
    )  # fmt: skip
    found = sent_events((start,), {"teams": ["red", None], "this case": "p"}, CASE, None, 2)
    assert found == (
        Sent("p-3-1", "child", "begin", {"team": "red", "parent": "p"}, "park", 2),
        Sent("p-3-2", "child", "begin", {"parent": "p"}, "park", 2),
    )
    assert sent_events((start,), {"this case": "p"}, CASE, None, 1) == ()
