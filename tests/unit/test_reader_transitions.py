"""Transitions and deadlines: what they refer to, who may send, what is decided, set and told."""

from __future__ import annotations

import pytest

from partybuild_flow.case import ANYONE, CLOCK
from partybuild_flow.feel import tree
from tests.leave import QINGJIA, read, told

TABLE = "table: approval\ninputs: [reason]\noutputs: [way]\nrows:\n  - [holiday, yes]\n  - [illness, no]\n"
WIDE = "table: approval\ninputs: [reason]\noutputs: [way, level]\nrows:\n  - [holiday, yes, 1]\n"


def grant(written: str) -> tuple[str, str]:
    """The transition `grant` with this instead of its `to`."""
    return ("to: granted", written)


def test_a_transition_without_from_starts_a_case() -> None:
    ask, decide, _ = read().transitions
    assert (ask.starts, ask.sources, ask.targets) == (True, (), {"": "asked"})
    assert (decide.starts, decide.sources, decide.targets) == (False, ("asked",), {"": "granted"})


def test_a_transition_without_to_stays() -> None:
    assert read(grant("limit: 3")).transitions[1].targets == {}
    assert told((", to: asked", "")) == ["PF250 ask"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("by: anyone", [(ANYONE, None)]),
        ("by: clock", [(CLOCK, None)]),
        ("by: head", [("head", None)]),
        ("by: {role: head}", [("head", None)]),
        ("by: {role: head, at: office}", [("head", "office")]),
        ("by: [clerk, {role: head, at: office}]", [("clerk", None), ("head", "office")]),
    ],
)
def test_who_may_send_is_anyone_the_clock_or_roles(written: str, found: list[tuple[str, str | None]]) -> None:
    by = read(("by: head, to: granted", f"{written}, to: granted")).transitions[1].by
    assert [(each.role, each.field) for each in by] == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("by: boss", ["PF203 boss"]),
        ("by: 任何人", ["PF105 任何人"]),
        ("by: {role: head, at: reason}", ["PF222 reason"]),
        ("by: {role: head, at: head}", ["PF204 head"]),
        ("by: {role: anyone, at: office}", ["PF223 office"]),
        ("by: {at: office}", ["PF107 {"]),
    ],
)
def test_whoever_is_not_known_may_not_send(written: str, found: list[str]) -> None:
    assert told(("by: head, to: granted", f"{written}, to: granted")) == found


def test_it_must_be_said_who_may_send() -> None:
    assert told(("by: head, to: granted", "to: granted")) == ["PF220 grant"]


def test_a_need_may_be_left_out_after_a_question_mark_of_either_width() -> None:
    needs = (
        read(("须填: [天数, 事由, 科室]", "须填: [天数?, 事由？, 科室]"), text=QINGJIA).transitions[0].needs
    )
    assert [(need.field, need.optional) for need in needs] == [
        ("days", True),
        ("事由", True),
        ("科室", False),
    ]


def test_a_field_is_needed_once() -> None:
    assert told(("须填: [天数,", "须填: [天数, days?,"), text=QINGJIA) == ["PF251 days?"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("not-by: ask, to: granted", []),
        ("not-by: asks, to: granted", ["PF205 asks"]),
        ("limit: 0, to: granted", ["PF112 0"]),
        ("journal: refused, to: granted", []),
        ("journal: all, to: granted", ["PF109 all"]),
        ("to: grantd", ["PF201 grantd"]),
        ("when: days, to: granted", ["PF425 days"]),
        ("when: days > 5 and, to: granted", ["PF411 ,"]),
        ("when: 'days > \"5\"', to: granted", ['PF420 "']),
    ],
)
def test_every_word_of_a_transition_is_checked_where_it_stands(written: str, found: list[str]) -> None:
    assert told(grant(written)) == found


def test_a_setting_has_the_type_of_its_field() -> None:
    settings = read(grant("set: {days: days + 1}, to: granted")).transitions[1].settings
    assert [(each.field, each.value.text) for each in settings] == [("days", "days + 1")]
    assert told(grant("set: {days: reason}, to: granted")) == ["PF425 reason"]
    assert told(grant("set: {day: 1}, to: granted")) == ["PF204 day"]


def test_a_value_of_a_choice_needs_no_quotes_where_it_is_set() -> None:
    for written in ("illness", "'\"illness\"'"):
        (setting,) = read(grant(f"set: {{reason: {written}}}, to: granted")).transitions[1].settings
        assert isinstance(setting.value.tree, tree.Constant)
        assert setting.value.tree.value == "illness"
    assert told(grant("set: {reason: ilness}, to: granted"))[0].endswith(" ilness")


def test_yes_and_no_are_set_in_chinese() -> None:
    changes = ("  科室:", "  急: {类型: 是否}\n  科室:"), ("到: 已批准", "设定: {急: 是}, 到: 已批准")
    (setting,) = read(*changes, text=QINGJIA).transitions[1].settings
    assert isinstance(setting.value.tree, tree.Constant)
    assert setting.value.tree.value is True


def test_a_field_of_a_unique_key_is_never_set() -> None:
    unique = ("fields:", "unique: [days, office]\nfields:")
    assert read(unique).unique == (("days", "office"),)
    assert read(("fields:", "unique: [[days], [office, reason]]\nfields:")).unique == (
        ("days",),
        ("office", "reason"),
    )
    assert told(unique, grant("set: {days: 1}, to: granted")) == ["PF219 days"]
    assert told(("fields:", "unique: [days, days, x]\nfields:")) == ["PF251 days", "PF204 x"]


def test_a_table_with_one_output_names_the_way_by_itself() -> None:
    way = "decide: approval, to: {'yes': granted, 'no': refused}"
    decide = read(grant(way), approval_table=TABLE).transitions[1].decide
    assert decide is not None
    assert isinstance(decide.tree, tree.Path)
    assert decide.tree.entry == "way"
    assert decide.reads == {"approval"}
    assert told(grant(way), approval_table=WIDE) == ["PF217 approval"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("decide: reason, to: {holiday: granted, illness: refused}", []),
        ("decide: reason, to: {holiday: granted}", []),
        ("decide: reason, to: {holidays: granted}", ["PF216 holidays"]),
        ('decide: \'if days > 5 then "a" else "b"\', to: {a: granted, b: refused}', []),
        ('decide: \'if days > 5 then "a" else "b"\', to: {a: granted, c: refused}', ["PF216 c"]),
        ("decide: 'if days > 5 then reason else \"b\"', to: {illness: granted, c: refused}", ["PF216 c"]),
        ("decide: 'upper case(office)', to: {ANYTHING: granted}", []),
        ("decide: reason, to: granted", ["PF214 reason"]),
        ("decide: reason", ["PF214 reason"]),
        ("to: {holiday: granted}", ["PF215 to"]),
        ("decide: days, to: {a: granted}", ["PF218 days"]),
        ("decide: approval.way, to: {'yes': granted, maybe: refused}", ["PF216 maybe"]),
    ],
)
def test_the_ways_are_outcomes_of_what_decides(written: str, found: list[str]) -> None:
    assert told(grant(written), approval_table=TABLE) == found


def test_roles_people_and_units_are_told() -> None:
    person = ("roles:", "  friend: {type: person}\nroles:")
    written = "effects: [{notify: %s, message: 'granted: {days} days'}], to: granted"
    for to in ("head", "friend", "office"):
        (notice,) = read(person, grant(written % to)).transitions[1].notices
        assert notice.to == to
        assert [piece if isinstance(piece, str) else piece.text for piece in notice.text] == [
            "granted: ",
            "days",
            " days",
        ]
    assert told(person, grant(written % "reason")) == ["PF252 reason"]
    assert told(person, grant(written % "heads")) == ["PF252 heads"]
    assert told(grant(written.replace("{days}", "{dayz}") % "head")) == ["PF401 dayz"]


DEADLINE = "deadlines:\n  answer: {while: asked, due: %s, fire: refuse}\ntransitions:"
BY_CLOCK = ("by: head, to: refused", "by: [head, clock], to: refused")


@pytest.mark.parametrize("due", ["48 hours", "today", "now + 2 hours", "term"])
def test_a_deadline_is_due_after_a_term_or_at_a_date(due: str) -> None:
    term = ("roles:", "parameters: {term: {value: 3 hours}}\nroles:")
    deadline = read(term, BY_CLOCK, ("transitions:", DEADLINE % due)).deadlines["answer"]
    assert (deadline.states, deadline.fires, deadline.due.text) == (("asked",), "refuse", due)


def test_a_deadline_without_a_term_or_an_event_by_the_clock_is_told() -> None:
    assert told(BY_CLOCK, ("transitions:", DEADLINE % "days")) == ["PF254 days"]
    assert told(("transitions:", DEADLINE % "today")) == ["PF253 refuse"]
    assert told(BY_CLOCK, ("transitions:", DEADLINE.replace("asked", "askd") % "today")) == ["PF206 askd"]
    assert told(BY_CLOCK, ("transitions:", DEADLINE.replace("refuse", "refus") % "today")) == ["PF205 refus"]


def test_expressions_read_when_a_deadline_is_due_and_whether_it_is_open() -> None:
    written = ("流转:", "期限:\n  申诉期: {代号: appeal, 期间: 已批准, 到期: 48 小时}\n流转:")
    for guard in ("申诉期.open", "appeal.due > now", "申诉期.到期 > now"):
        when = read(written, ("到: 已批准", f"当: {guard}, 到: 已批准"), text=QINGJIA).transitions[1].when
        assert when is not None
        assert when.reads == {"appeal", "now"} & {*when.reads}


def test_a_fault_inside_a_folded_expression_is_told_on_its_own_line() -> None:
    written = "when: >-\n      days > 5\n      and dayz < 3\n    to: granted"
    block = (
        "  - {on: grant, from: asked, by: head, to: granted}",
        f"  - on: grant\n    from: asked\n    by: head\n    {written}",
    )
    assert told(block) == ["PF401 dayz"]
