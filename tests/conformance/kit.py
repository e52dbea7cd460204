"""Reads the test cases of the DMN Technology Compatibility Kit and compares what they expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from partybuild_flow import YearMonthDuration
from partybuild_flow.feel.moments import date_of
from partybuild_flow.feel.standard.moments import datetime_of, duration_of, time_of

_TC = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True)
class Expectation:
    """One result that a case expects of a model."""

    model: Path
    case: str
    decision: str
    inputs: dict[str, Any]
    expected: Any

    @property
    def id(self) -> str:
        return f"{self.model.parent.name}/{self.case}/{self.decision}"


def expectations(folder: Path) -> list[Expectation]:
    """All results that the cases under a folder expect, in order."""
    found = []
    for path in sorted(folder.glob("*/*-test-*.xml")):
        root = parse(path).getroot()
        assert root is not None
        model = path.parent / (root.findtext(f"{_TC}modelName") or "")
        for case in root.iter(f"{_TC}testCase"):
            inputs = {node.get("name", ""): _value(node) for node in case.findall(f"{_TC}inputNode")}
            for result in case.findall(f"{_TC}resultNode"):
                expected = result.find(f"{_TC}expected")
                asked = case.get("invocableName") or result.get("name") or ""
                value = None if expected is None else _value(expected)
                found.append(Expectation(model, f"{path.stem[-2:]}.{case.get('id')}", asked, inputs, value))
    return found


def _value(node: Element) -> Any:
    if node.get(f"{_XSI}nil") == "true":
        return None
    items = node.find(f"{_TC}list")
    if items is not None:
        nil = items.get(f"{_XSI}nil") == "true"
        return None if nil else [_value(item) for item in items.findall(f"{_TC}item")]
    components = node.findall(f"{_TC}component")
    if components:
        return {each.get("name", ""): _value(each) for each in components}
    value = node.find(f"{_TC}value")
    if value is None or value.get(f"{_XSI}nil") == "true":
        return None
    return _simple(value.text or "", value.get(f"{_XSI}type", "xsd:string").rpartition(":")[2])


def _simple(text: str, kind: str) -> Any:
    if kind in ("decimal", "double", "integer", "int", "float", "long"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in ("true", "1")
    readers: dict[str, Any] = {
        "date": date_of,
        "time": time_of,
        "dateTime": datetime_of,
        "duration": duration_of,
        "dayTimeDuration": duration_of,
        "yearMonthDuration": duration_of,
    }
    return readers[kind](text.strip()) if kind in readers else text


def agrees(found: Any, expected: Any) -> bool:
    """Whether a result is the expected one: numbers to as many digits as the kit writes."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(found - expected) <= Decimal("1e-8") * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(agrees, found, expected))
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(agrees(found[name], expected[name]) for name in found)
    kinds = (str, bool, date, time, datetime, timedelta, YearMonthDuration, type(None))
    return isinstance(expected, kinds) and type(found) is type(expected) and bool(found == expected)
