"""Documents and lists of records: what is taken, what is refused and where."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow import Actor, Engine
from partybuild_flow.errors import EventRefused
from partybuild_flow.facts.forms import conversion
from partybuild_flow.facts.scalars import UnfitError
from partybuild_flow.feel import Value
from partybuild_flow.feel.values import kind_of
from partybuild_flow.reader import read_texts
from tests.leave import QINGJIA, changed

FIELDS = """  申报表: {代号: form, 类型: 材料, 个人信息: 是}
  佐证: {代号: proofs, 类型: 列表, 每项: 材料}
  名次: {代号: places, 类型: 列表, 每项: 整数}
  扣分:
    代号: deductions
    类型: 列表
    每项:
      事由: {代号: reason, 类型: 文本}
      分值: {代号: points, 类型: 数字, 小数位: 1, 最小: 0, 最大: 15}
      日期: {代号: day, 类型: 日期, 最小: 2024-01-01}
      等次: {类型: 选项, 取值: [轻, 重], 有序: 是}
      附件: {类型: 材料}
  申报日: {代号: applied-on, 类型: 日期, 最小: 2024-01-01, 最大: 2024-12-31}
  截止: {代号: closing, 类型: 时间, 最大: 2024-12-31 17:00}
  总扣: {代号: total, 类型: 数字}
角色:"""
TEXT = changed(
    QINGJIA,
    ("角色:", FIELDS),
    (
        "须填: [天数, 事由, 科室], 到: 待批}",
        "须填: [申报表, 佐证?, 扣分?, 申报日?, 截止?, 名次?], 设定: {总扣: 合计(扣分.分值)}, 到: 待批,"
        " 动作: [{通知: 主管, 内容: '《{申报表}》，附{佐证}；{扣分[1].事由}{总扣}分'}]}",
    ),
    (
        "由: 主管, 到: 已批准",
        "由: 主管, 当: 'some x in 扣分 satisfies x.等次 >= \"重\" and x.附件.hash = null', 到: 已批准",
    ),
)
WORKFLOW = read_texts({"workflow.yaml": TEXT}, "qingjia")
HASH = "0123456789abcdef" * 4


def converted(field: str, sent: object) -> Value:
    return conversion(WORKFLOW.fields[field])(sent)


def refused(field: str, sent: object) -> str:
    from partybuild_flow.explain import unfit_sentence

    with pytest.raises(UnfitError) as error:
        converted(field, sent)
    return unfit_sentence(WORKFLOW, field, error.value.unfit, "zh-CN")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"id": "d-1", "name": "申报表"}, {"id": "d-1", "name": "申报表", "hash": None}),
        (
            {"代号": "d-1", "名称": "申报表", "校验值": HASH.upper()},
            {"id": "d-1", "name": "申报表", "hash": HASH},
        ),
        ("申报表.docx", {"id": "申报表.docx", "name": "申报表.docx", "hash": None}),
        (json.dumps({"id": "d-1", "name": "表"}), {"id": "d-1", "name": "表", "hash": None}),
        ("", None),
        (None, None),
    ],
)
def test_a_document_is_a_mapping_its_json_or_its_name(sent: object, expected: Value) -> None:
    assert converted("form", sent) == expected


@pytest.mark.parametrize(
    "sent", [{"id": "d-1"}, {"name": "表"}, {"id": "d", "name": "表", "size": 3}, 7, ["表"], {}]
)
def test_what_lacks_an_id_or_a_name_is_no_document(sent: object) -> None:
    assert "不是材料" in refused("form", sent)


def test_a_hash_has_64_hexadecimal_digits_and_a_personal_one_is_not_repeated() -> None:
    assert (
        refused("form", {"id": "d", "name": "表", "hash": "abc"})
        == "“申报表”的校验值“***”不是 64 位十六进制数（SHA-256）"
    )


def test_a_list_may_hold_documents_and_whole_numbers() -> None:
    assert converted("proofs", ["甲", {"id": "2", "name": "乙"}]) == [
        {"id": "甲", "name": "甲", "hash": None},
        {"id": "2", "name": "乙", "hash": None},
    ]
    assert converted("places", ["3", 4]) == [3, 4]
    assert refused("places", [1, "2.5"]) == "“名次”填写的 2.5 不是整数"


def test_records_are_taken_by_either_name_and_what_is_not_said_is_null() -> None:
    sent = [{"事由": "迟到", "points": "2.5", "day": "2024-03-01"}, {"等次": "重", "附件": "说明"}]
    expected: list[Value] = [
        {"reason": "迟到", "points": Decimal("2.5"), "day": date(2024, 3, 1), "等次": None, "附件": None},
        {
            "reason": None,
            "points": None,
            "day": None,
            "等次": "重",
            "附件": {"id": "说明", "name": "说明", "hash": None},
        },
    ]
    assert converted("deductions", sent) == expected
    assert converted("deductions", json.dumps(sent)) == expected
    assert converted("deductions", []) == []
    assert converted("deductions", "") is None


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ([{}, {"分值": 16}], "“扣分”第 2 项：“分值”填写的 16 大于 15"),
        ([{"分值": "两分"}], "“扣分”第 1 项：“分值”填写的“两分”不是数字"),
        ([{"分值": 2.55}], "“扣分”第 1 项：“分值”填写的 2.55 超过 1 位小数"),
        ([{}, {}, {"day": "2023-12-31"}], "“扣分”第 3 项：“日期”填写的 2023-12-31 早于 2024-01-01"),
        ([{"等次": "中"}], "“扣分”第 1 项：“等次”填写的“中”不在取值范围内：轻、重"),
        (
            [{"附件": {"名称": "x"}}],
            "“扣分”第 1 项：“附件”填写的“{'名称': 'x'}”不是材料，应有代号（id）和名称（name），可有校验值（hash）",
        ),
        ([{"事因": "x"}], "“扣分”第 1 项没有“事因”这一字段，可填写事由、分值、日期、等次、附件"),
        ([{}, "迟到"], "“扣分”第 2 项的“迟到”不是“字段: 值”的形式，应填写事由、分值、日期、等次、附件"),
        ("迟到", "“扣分”填写的“迟到”不是列表，应逐项填写事由、分值、日期、等次、附件"),
        ("[{]", "“扣分”填写的“[{]”不是列表，应逐项填写事由、分值、日期、等次、附件"),
    ],
)
def test_a_fault_in_a_record_names_the_item_and_the_field(sent: object, sentence: str) -> None:
    assert refused("deductions", sent) == sentence


@pytest.mark.parametrize(
    ("field", "sent", "sentence"),
    [
        ("applied-on", "2023-12-31", "“申报日”填写的 2023-12-31 早于 2024-01-01"),
        ("applied-on", "2025-01-01", "“申报日”填写的 2025-01-01 晚于 2024-12-31"),
        ("closing", "2024-12-31 17:01", "“截止”填写的 2024-12-31 17:01 晚于 2024-12-31 17:00"),
    ],
)
def test_dates_and_instants_have_bounds(field: str, sent: str, sentence: str) -> None:
    assert refused(field, sent) == sentence


def test_the_bounds_themselves_fit() -> None:
    assert converted("applied-on", "2024-01-01") == date(2024, 1, 1)
    assert converted("applied-on", "2024-12-31") == date(2024, 12, 31)
    assert converted("closing", "2024-12-31 17:00") == datetime(2024, 12, 31, 9, tzinfo=UTC)


def test_expressions_read_records_and_documents_and_messages_name_them() -> None:
    with Engine.open("memory://", WORKFLOW) as engine:
        data = {
            "form": "表.docx",
            "佐证": ["奖状", "照片"],
            "扣分": [{"事由": "迟到", "分值": 2}, {"分值": 0.5, "等次": "重"}],
        }
        clerk, head = Actor("c", [("职员", "院")]), Actor("h", [("主管", "院")])
        with pytest.raises(EventRefused, match="须填写申报表"):
            engine.start("请假", {**data, "form": ""}, by=clerk)
        entry = engine.start("请假", data, by=clerk)
        assert entry.settings == {"total": Decimal("2.5")}
        assert entry.effects[0].text == "《表.docx》，附奖状、照片；迟到2.5分"
        assert engine.ask(entry.case.id, "批准", by=head).accepted
        assert engine.verify().broken == ()
        starter = Actor("c", [])
        assert engine.case(entry.case.id, by=starter).data["form"] == entry.case.data["form"]


def test_a_form_tells_what_a_list_and_its_items_hold() -> None:
    from partybuild_flow.engine.forms import form
    from partybuild_flow.facts import plan

    planned = plan(WORKFLOW)
    (start,) = [step.candidates[0] for (state, _), step in planned.steps.items() if not state]
    questions = {question.field: question for question in form(planned, start).questions}
    assert [(each.field, each.type) for each in questions["deductions"].columns][:2] == [
        ("reason", "text"),
        ("points", "number"),
    ]
    assert questions["proofs"].item == "document"
    assert questions["applied-on"].minimum == date(2024, 1, 1)


def test_a_refusal_tells_records_by_the_names_of_their_fields() -> None:
    with Engine.open("memory://", WORKFLOW) as engine:
        entry = engine.start(
            "请假", {"form": "表", "扣分": [{"reason": "迟到"}]}, by=Actor("c", [("职员", "院")])
        )
        decision = engine.ask(entry.case.id, "批准", by=Actor("h", [("主管", "院")]))
        assert '扣分=[{事由: "迟到", 分值: null, 日期: null, 等次: null, 附件: null}]' in decision.sentence


sent_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("[{"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "名称", "name", "hash", "事由", "points", "x"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(["form", "proofs", "deductions"]), sent_values)
def test_whatever_is_sent_is_converted_or_refused(field: str, sent: object) -> None:
    try:
        value = converted(field, sent)
    except UnfitError:
        return
    assert kind_of(value) in ("null", "list", "context")
    assert conversion(WORKFLOW.fields[field])(value) == value
