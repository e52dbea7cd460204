"""What `check` says of random tables, against all that a fine grid of facts shows: no false alarm, nothing missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.checks import check
from partybuild_flow.definition import Table, Workflow
from partybuild_flow.feel import Value
from partybuild_flow.problems import Problem
from partybuild_flow.reader import read_texts
from partybuild_flow.rules import compile_table, conclude_table

WORKFLOW: Final = """\
流程: 测试
字段:
  得分: {类型: 数字, 小数位: 1, 最小: 0, 最大: 100}
  增幅: {类型: 数字}
  次数: {类型: 整数, 最小: 0}
  类别: {类型: 选项, 取值: [国企, 两新, 机关]}
  级别: {类型: 选项, 取值: [低, 中, 高], 有序: 是}
  党员: {类型: 是否}
  日期: {类型: 日期}
  备注: {类型: 文本}
角色: [受理员]
状态: {新登记: , 办结: {终结: 是}}
参数: {及格线: {值: 60, 来源: 办法}, 起始日: {类型: 日期, 值: 2024-05-01, 来源: 办法}}
流转:
  - {事件: 登记, 由: 受理员, 须填: [得分?, 增幅?, 次数?, 类别?, 级别?, 党员?, 日期?, 备注?], 到: 新登记}
  - {事件: 办, 从: 新登记, 由: 受理员, 当: 去向表.去向 != null, 到: 办结}
"""
NUMBERS: Final = ["0", "0.5", "59.9", "及格线", "60.1", "100"]
ENUMERATED: Final = {"类别": ["国企", "两新", "机关"], "级别": ["低", "中", "高"], "备注": ["急", "缓"]}
DATES: Final = ['date("2024-04-30")', "起始日", 'date("2024-06-01")']
DAY: Final = date(2024, 5, 1)
GRID: Final[Mapping[str, list[Value]]] = {
    "得分": [
        None,
        *map(Decimal, ["0", "0.1", "0.5", "0.6", "30", "59.8", "59.9", "60", "60.1", "60.2", "99.9", "100"]),
    ],
    "增幅": [
        None,
        *map(
            Decimal,
            ["-1", "0", "0.2", "0.5", "1", "59.9", "59.95", "60", "60.05", "60.1", "61", "100", "101"],
        ),
    ],
    "次数": [None, *map(Decimal, ["0", "1", "59", "60", "61", "99", "100", "101"])],
    "类别": [None, *ENUMERATED["类别"]],
    "级别": [None, *ENUMERATED["级别"]],
    "党员": [None, True, False],
    "日期": [None, *(DAY + timedelta(days=days) for days in (-9, -1, 0, 1, 30, 31, 32))],
    "备注": [None, "急", "缓", "其他"],
}


def _ends(values: list[str]) -> st.SearchStrategy[str]:
    def written(drawn: tuple[int, int, str, str]) -> str:
        low, high, start, end = drawn
        return f"{start}{values[min(low, high)]}..{values[max(low, high)]}{end}"

    places = st.integers(0, len(values) - 1)
    ranges = st.tuples(places, places, st.sampled_from("[("), st.sampled_from("])")).map(written)
    one_sided = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(values)).map(" ".join)
    return ranges | one_sided | st.sampled_from(values)


def _texts(name: str) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(ENUMERATED[name]), min_size=1, max_size=2, unique=True)
    listed = some.map(lambda values: ", ".join(f'"{each}"' for each in values))
    every = listed | listed.map(lambda text: f"not({text})")
    ranked = st.tuples(st.sampled_from(["<", ">=", ">"]), st.sampled_from(ENUMERATED[name]))
    return every | ranked.map(lambda drawn: f'{drawn[0]} "{drawn[1]}"') if name == "级别" else every


TESTS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    **{name: _ends(NUMBERS) for name in ("得分", "增幅", "次数")},
    **{name: _texts(name) for name in ENUMERATED},
    "日期": _ends(DATES),
    "党员": st.sampled_from(["true", "false"]),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """A hit policy, the names of inputs, and rows of tests and one output."""
    names = tuple(draw(st.lists(st.sampled_from(sorted(TESTS)), min_size=1, max_size=3, unique=True)))
    cells = [
        st.just("-") | TESTS[name] | TESTS[name] | st.sampled_from(["null", "not(null)"]) for name in names
    ]
    plain = [st.just("-") | TESTS[name] for name in names]
    row = st.tuples(*(cells if draw(st.booleans()) else plain), st.sampled_from(["甲", "乙"]))
    return draw(st.sampled_from("UAF")), names, tuple(draw(st.lists(row, min_size=1, max_size=5)))


def read(hit: str, names: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Workflow:
    quoted = [", ".join(f"'{cell}'" for cell in row) for row in rows]
    lines = "".join(f"  - [{row}]\n" for row in quoted)
    text = f"决策表: 去向表\n命中: {hit}\n输入: [{', '.join(names)}]\n输出: [去向]\n行:\n{lines}"
    return read_texts({"workflow.yaml": WORKFLOW, "a.table.yaml": text}, "w")


def grid(workflow: Workflow, names: tuple[str, ...]) -> Iterator[dict[str, Value]]:
    parameters = {each.id: each.value for each in workflow.parameters.values()}
    for values in product(*(GRID[name] for name in names)):
        yield {**parameters, **dict(zip(names, values, strict=True))}


def facts_of(workflow: Workflow, problem: Problem) -> dict[str, Value]:
    """The facts that a problem's example names."""
    facts: dict[str, Value] = {each.id: each.value for each in workflow.parameters.values()}
    example = problem.data["example"]
    assert isinstance(example, tuple)
    for part in example:
        name, _, told = part.partition("=")
        kind = workflow.fields[name].type.kind
        value: Value = told.strip('"')
        if told == "null":
            value = None
        elif kind == "number":
            value = Decimal(told)
        elif kind == "boolean":
            value = told == "true"
        elif kind == "date":
            value = date.fromisoformat(told)
        facts[name] = value
    return facts


def _is_asked(table: Table, names: tuple[str, ...], facts: Mapping[str, Value]) -> bool:
    """Whether no input is missing, but those of which a row says what is to be then."""
    asked = [
        any(row.tests[column] is not None and "null" in row.tests[column].text for row in table.rows)  # type: ignore[union-attr]
        for column in range(len(names))
    ]
    return all(facts[name] is not None or null for name, null in zip(names, asked, strict=True))


@settings(max_examples=150, deadline=None)
@given(tables())
def test_what_is_told_of_a_table_is_so_and_what_is_not_told_is_not_so(
    drawn: tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]],
) -> None:
    hit, names, _ = drawn
    workflow = read(*drawn)
    (table,) = workflow.tables.values()
    compiled = compile_table(table)
    told = check(workflow)
    by_code: dict[str, list[Problem]] = {}
    for problem in told:
        by_code.setdefault(problem.code, []).append(problem)
    for problem in by_code.get("PF340", []):
        facts = facts_of(workflow, problem)
        assert not compiled(facts).fired
        assert _is_asked(table, names, facts)
    for problem in (*by_code.get("PF332", []), *by_code.get("PF333", [])):
        concluded = compiled(facts_of(workflow, problem))
        assert {str(problem.data["first"]), str(problem.data["second"])} <= set(concluded.fired)
        assert concluded.conflict is not None
    assert "PF341" not in by_code or len(by_code.get("PF340", [])) == 5

    every = list(grid(workflow, names))
    fired = [conclude_table(table, facts).fired for facts in every]
    gaps = [
        facts for facts, rows in zip(every, fired, strict=True) if not rows and _is_asked(table, names, facts)
    ]
    assert bool(gaps) == ("PF340" in by_code)
    never = {
        int(str(each.data["row"])) for code in ("PF334", "PF335", "PF347") for each in by_code.get(code, [])
    }
    matched = {int(row) for rows in fired for row in rows}
    if hit == "F":
        assert never == {row.number for row in table.rows} - matched
    else:
        assert never == {row.number for row in table.rows} - matched
        pairs = {
            (int(one), int(other))
            for rows in fired
            for one in rows
            for other in rows
            if int(one) < int(other)
        }
        if hit == "A":
            outputs = {row.number: row.values[0].text for row in table.rows}
            pairs = {(one, other) for one, other in pairs if outputs[one] != outputs[other]}
        overlaps = (*by_code.get("PF332", []), *by_code.get("PF333", []))
        assert {(each.data["first"], each.data["second"]) for each in overlaps} == pairs
