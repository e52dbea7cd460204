"""Whatever is written, the reader gives a definition or problems."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Problem, in_file_order
from partybuild_flow.reader import read_texts, read_workflow

DEFINITIONS = Path(__file__).parent.parent / "data" / "definitions"
GOOD = [
    {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
    for folder in sorted(DEFINITIONS.iterdir())
]
SIGNS = [
    *("：", ":", ": ", "，", ",", "{", "}", "[", "]", "'", '"', "\t", "\n", "  ", "- ", "? ", "?", "#", "%"),
    *(
        "*a",
        "&a ",
        "!t ",
        "---\n",
        "...\n",
        "\\",
        "|",
        ">",
        "@",
        "`",
        "~",
        "\x00",
        "\ufeff",
        "\u2028",
        "\ud800",
    ),
    *(
        "null",
        "是",
        "yes",
        "0",
        "-1",
        "1e999",
        "(" * 60,
        "[" * 60,
        "5 工作日",
        ".",
        "{}",
        "[]",
        "当",
        "到",
        "decide",
    ),
]

fuzz = settings(deadline=2000, max_examples=6000, suppress_health_check=[HealthCheck.too_slow])


def problems_of(read: Callable[[], Workflow]) -> tuple[Problem, ...]:
    """What a refusal tells; nothing if the definition reads well. Any other exception is a failure."""
    try:
        read()
    except WorkflowInvalid as refused:
        return refused.problems
    return ()


def read_anyhow(texts: dict[str, str]) -> None:
    """Reads, and holds what every problem must be."""
    problems = problems_of(lambda: read_texts(texts, "fuzz"))
    assert list(problems) == in_file_order(list(problems))
    lines = {f"fuzz/{path}": len(re.split("\r\n|\r|\n", text)) for path, text in texts.items()}
    for problem in problems:
        assert problem.sentence
        assert 1 <= problem.position.line <= lines.get(problem.position.path, 1)
        assert problem.position.column >= 1


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, str]:
    """A good definition with a few characters, lines or words in the wrong place."""
    texts = dict(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(texts)))
        texts[path] = draw(st.sampled_from([_sign, _cut, _line, _word]))(draw, texts[path])
    return texts


def _sign(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(SIGNS)) + text[at:]


def _cut(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + text[at + draw(st.sampled_from([1, 1, 2, 5, 20, 200])) :]


def _line(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    source, target = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    moved = lines[source] if draw(st.booleans()) else lines.pop(source)
    lines.insert(target, "  " * draw(st.integers(0, 2)) + moved)
    return "\n".join(lines)


def _word(draw: st.DrawFn, text: str) -> str:
    words = text.split(" ")
    source, target = draw(st.integers(0, len(words) - 1)), draw(st.integers(0, len(words) - 1))
    words[target] = words[source]
    return " ".join(words)


@fuzz
@given(mutated())
def test_a_mutated_definition_gives_a_workflow_or_problems(texts: dict[str, str]) -> None:
    read_anyhow(texts)


@fuzz
@given(st.text(max_size=200))
def test_any_text_gives_a_workflow_or_problems(text: str) -> None:
    read_anyhow({"workflow.yaml": text})


@fuzz
@given(
    st.binary(max_size=200),
    st.sampled_from(["workflow.yaml", "a.table.yaml", "a.rules.yaml", "parameters.yaml"]),
    st.integers(0, 10_000),
)
def test_any_bytes_in_a_file_give_a_workflow_or_problems(content: bytes, name: str, at: int) -> None:
    good = {path: text.encode() for path, text in GOOD[0].items()}
    written = good.get(name, b"")
    good[name] = written[:at] + content + written[at:]
    with tempfile.TemporaryDirectory() as folder:
        for path, whole in good.items():
            (Path(folder) / path).write_bytes(whole)
        problems = problems_of(lambda: read_workflow(Path(folder)))
    assert all(problem.sentence for problem in problems)


YAML = st.recursive(
    st.sampled_from(["", "a", "1", "是", "'x'", "得分 > 1", "[", "新登记", "clerk"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(
            st.sampled_from(
                "流程 字段 角色 状态 流转 事件 从 到 由 于 须填 当 依据 设定 期限 期间 到期 触发 参数 值 类型 取值 甲".split()  # noqa: SIM905
            ),
            inner,
            max_size=4,
        ).map(lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}")
    ),
    max_leaves=20,
)


@fuzz
@given(
    st.dictionaries(st.sampled_from(["字段", "角色", "状态", "流转", "期限", "参数", "查询", "唯一"]), YAML)
)
def test_any_shape_under_any_keyword_gives_a_workflow_or_problems(sections: dict[str, str]) -> None:
    written = "\n".join(f"{key}: {value}" for key, value in sections.items())
    read_anyhow({"workflow.yaml": f"流程: 甲\n{written}\n"})
