"""The JSON Schema for editors: every good definition keeps to it, and bad ones do not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from partybuild_flow.messages import Language, described
from partybuild_flow.reader.keywords import told_language
from partybuild_flow.reader.schema import FILES, schema_of
from partybuild_flow.reader.shape import keywords_of
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Source, read_tree
from partybuild_flow.reader.written import PART_WORDS
from tests import leave
from tests.lifecycle import WORKFLOW
from tests.unit.conftest import Pbflow

PROJECT = Path(__file__).parents[2]
PROBLEMS = PROJECT / "tests" / "problems"
GOOD = [
    path
    for folder in ("examples", "workflows", "features", "src/partybuild_flow/cli/templates")
    for path in sorted((PROJECT / folder).rglob("*.yaml"))
    if path.name != "log.yaml"
]
KINDS = {
    "workflow.yaml": "workflow",
    "parameters.yaml": "parameters",
    ".table.yaml": "table",
    ".rules.yaml": "rules",
    ".calendar.yaml": "calendar",
    ".fragment.yaml": "fragment",
}


def kind_of(name: str) -> str:
    return next(kind for ending, kind in KINDS.items() if name.endswith(ending))


def plain(node: AnyNode) -> Any:
    """A tree as an editor sees it: plain words by the core schema of YAML 1.2."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if not isinstance(node, Scalar):
        return [plain(item) for item in node.items]
    if node.style:
        return node.text
    if node.text in ("", "~", "null"):
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[-+]?[0-9]+\.[0-9]+", node.text) else node.text


def faults(text: str, kind: str | None) -> list[str]:
    language: Language = told_language(text) or "en"
    tree, _ = read_tree(Source("", text, language))
    assert tree is not None
    return [
        error.json_path for error in Draft202012Validator(schema_of(language, kind)).iter_errors(plain(tree))
    ]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: "/".join(path.parts[-2:]))
def test_every_definition_that_is_shipped_keeps_to_the_schema(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert faults(text, kind_of(path.name)) == []
    assert faults(text, None) == []


def test_the_definitions_of_the_tests_keep_to_the_schema() -> None:
    from tests.unit import test_facts_compound, test_reader_parameters

    for text in (leave.LEAVE, leave.QINGJIA, WORKFLOW, test_facts_compound.TEXT):
        assert faults(text, "workflow") == []
    assert faults(test_reader_parameters.PARAMETERS, "parameters") == []


def with_meaning_only() -> Iterator[Path]:
    """Files whose problems a schema cannot see: names, types, expressions, what is checked."""
    for path in sorted(PROBLEMS.glob("PF[234]*/*.yaml")):
        if path.parent.name not in ("PF229", "PF220", "PF220-en"):
            yield path


@pytest.mark.parametrize("path", list(with_meaning_only()), ids=lambda path: "/".join(path.parts[-2:]))
def test_what_is_well_formed_and_means_nothing_keeps_to_the_schema(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), kind_of(path.name)) == []


@pytest.mark.parametrize(
    "code",
    ["PF104", "PF104-en", "PF105", "PF105-en", "PF107", "PF107-en", "PF107-states", "PF108", "PF108-en",
     "PF108-list", "PF108-root", "PF109", "PF109-en", "PF110", "PF111", "PF112", "PF112-decimals", "PF112-en"],
)  # fmt: skip
def test_what_is_wrong_in_its_shape_does_not_keep_to_the_schema(code: str) -> None:
    found = [
        faults(path.read_text(encoding="utf-8"), kind_of(path.name))
        for path in (PROBLEMS / code).glob("*.yaml")
    ]
    assert any(found)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("kind", [None, *FILES])
def test_the_schema_is_one(language: Language, kind: str | None) -> None:
    schema = schema_of(language, kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_keyword_is_described(language: Language) -> None:
    models = [model for model in PART_WORDS if model.__module__.startswith("partybuild_flow.reader")]
    keywords = {keyword for model in models for keyword in keywords_of(model)}
    told = described(language)
    assert [
        each for each in sorted(keywords) if not any(key.rpartition(".")[2] == each for key in told)
    ] == []
    schema = json.dumps(schema_of(language), ensure_ascii=False)
    assert [each for each in told.values() if each not in schema.replace('\\"', '"')] == []


def test_pbflow_prints_it_in_either_language(pbflow: Pbflow) -> None:
    answer = pbflow("schema", "--language", "zh-CN", "--kind", "parameters")
    assert answer.exit_code == 0
    schema = json.loads(answer.stdout)
    assert set(schema["$defs"]["parameters"]["properties"]) == {"参数", "方案", "核对"}
    assert "workflow" in json.loads(pbflow("schema").stdout)["$defs"]
    assert pbflow("schema", "--kind", "feature").exit_code == 2
