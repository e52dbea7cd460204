"""A feature looked over before it is run: is it Gherkin, and would any scenario be dropped silently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser

from partybuild_flow.bdd.library import find
from partybuild_flow.messages import Language, sentence

_GOT: Final = re.compile(r"got '(.*)'\s*$", re.DOTALL)
_LANGUAGE: Final = re.compile(r"^\s*#\s*language\s*:\s*(\S+)", re.MULTILINE)
_CHINESE: Final = re.compile("功能|场景|背景|规则")
_OUTLINES: Final = ("场景大纲", "剧本大纲", "Scenario Outline", "Scenario Template")
_STEP_KINDS: Final = ("Context", "Action", "Outcome", "Unknown")


def looked_over(path: Path, shown: str) -> tuple[Language, list[str]]:
    """The language of a feature, and everything that is wrong with it as `path:line:column` and a sentence."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return "en", [f"{shown}:{line}:1: {_both('feature.encoding')}"]
    language = _language(text)
    try:
        document = Parser().parse(text)
    except CompositeParserException as errors:
        told = [_syntax(shown, language, error) for error in errors.errors]
        # Without the line that names the language every other line is wrong as well.
        return language, told[:1] if _CHINESE.match(text.lstrip()) else told
    except ParserException as error:
        return language, [_syntax(shown, language, error)]
    return language, list(_problems(document, shown, language))


def _language(text: str) -> Language:
    """What the first line says; without it Chinese where the text begins with a keyword of Chinese."""
    named = _LANGUAGE.search(text)
    spoken = named[1].lower().startswith("zh") if named else _CHINESE.match(text.lstrip())
    return "zh-CN" if spoken else "en"


def _both(code: str) -> str:
    return " / ".join(sentence(code, language, {}) for language in ("zh-CN", "en"))


def _syntax(shown: str, language: Language, error: ParserException) -> str:
    place: Any = error.location
    told = str(error)
    got = _GOT.search(told)
    data = {"written": got[1] if got else told}
    code = "feature.syntax" if got else "feature.syntax.other"
    if got and place["line"] == 1 and _CHINESE.match(got[1]):
        code = "feature.no-language"
    column = place.get("column") or 1
    return f"{shown}:{place['line']}:{column}: {sentence(code, language, data)}"


def _problems(document: Mapping[str, Any], shown: str, language: Language) -> Iterator[str]:
    def problem(part: Mapping[str, Any], code: str, **data: object) -> str:
        place = part["location"]
        return (
            f"{shown}:{place['line']}:{place.get('column', 1)}: {sentence(f'feature.{code}', language, data)}"
        )

    feature = document.get("feature")
    if not feature:
        yield f"{shown}:1:1: {sentence('feature.empty', language, {})}"
        return
    first: dict[str, Mapping[str, Any]] = {}
    for scenario in _scenarios(feature):
        name = scenario["name"]
        if not name:
            yield problem(scenario, "nameless")
        elif name in first:
            yield problem(scenario, "same-name", name=name, first=first[name]["location"]["line"])
        first.setdefault(name, scenario)
        yield from _lost_steps(scenario, shown, language)
        if not scenario["steps"]:
            yield problem(scenario, "no-steps", name=name)
        yield from (problem(scenario, code, name=name) for code in _of_examples(scenario))
    for steps in _step_lists(feature):
        if steps and steps[0]["keywordType"] not in _STEP_KINDS[:3]:
            yield problem(steps[0], "first-step", keyword=steps[0]["keyword"].strip())


def _lost_steps(scenario: Mapping[str, Any], shown: str, language: Language) -> Iterator[str]:
    """Steps without a keyword right below the name, which Gherkin takes for a description."""
    for number, line in enumerate(scenario["description"].split("\n"), scenario["location"]["line"] + 1):
        told = line.strip()
        if find(told) or find(re.split(r"\s+", told, maxsplit=1)[-1]):
            yield f"{shown}:{number}:1: {sentence('feature.syntax', language, {'written': told})}"


def _of_examples(scenario: Mapping[str, Any]) -> Iterator[str]:
    """Examples without rows would make a scenario that never runs."""
    tables = scenario["examples"]
    wanted = bool(tables) or scenario["keyword"] in _OUTLINES
    if wanted and not any(table.get("tableBody") for table in tables):
        yield "no-examples"


def _scenarios(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for child in part["children"]:
        if "scenario" in child:
            yield child["scenario"]
        elif "rule" in child:
            yield from _scenarios(child["rule"])


def _step_lists(part: Mapping[str, Any]) -> Iterator[list[Mapping[str, Any]]]:
    for child in part["children"]:
        for kind in ("background", "scenario"):
            if kind in child:
                yield child[kind]["steps"]
        if "rule" in child:
            yield from _step_lists(child["rule"])
