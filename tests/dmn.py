"""Small DMN models for tests: what stands inside `definitions`, written shortly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from partybuild_flow import DmnModel, load_dmn

DMN_1_5 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def text(expression: str, type: str = "") -> str:
    """A literal expression."""
    escaped = expression.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<literalExpression{_type(type)}><text>{escaped}</text></literalExpression>"


def _type(type: str) -> str:
    return f' typeRef="{type}"' if type else ""


def input_data(name: str, type: str = "") -> str:
    """An input; its id is its name with `_` for blanks."""
    return f'<inputData id="{_id(name)}" name="{name}"><variable name="{name}"{_type(type)}/></inputData>'


def _id(name: str) -> str:
    return name.replace(" ", "_")


def _requirements(inputs: Iterable[str], decisions: Iterable[str], knowledge: Iterable[str]) -> str:
    kinds = (("Input", "information", inputs), ("Decision", "information", decisions))
    found = [
        f'<{way}Requirement><required{kind} href="{_href(name)}"/></{way}Requirement>'
        for kind, way, names in (*kinds, ("Knowledge", "knowledge", knowledge))
        for name in names
    ]
    return "".join(found)


def _href(name: str) -> str:
    return name if "#" in name else f"#{_id(name)}"


def decision(
    name: str,
    logic: str,
    type: str = "",
    inputs: Iterable[str] = (),
    decisions: Iterable[str] = (),
    knowledge: Iterable[str] = (),
) -> str:
    """A decision with what it requires, by names or whole references."""
    return (
        f'<decision id="{_id(name)}" name="{name}"><variable name="{name}"{_type(type)}/>'
        f"{_requirements(inputs, decisions, knowledge)}{logic}</decision>"
    )


def knowledge(
    name: str,
    parameters: dict[str, str],
    logic: str,
    type: str = "",
    needs: Iterable[str] = (),
    kind: str = "",
) -> str:
    """A business knowledge model."""
    formal = "".join(f'<formalParameter name="{each}"{_type(kind_)}/>' for each, kind_ in parameters.items())
    way = f' kind="{kind}"' if kind else ""
    return (
        f'<businessKnowledgeModel id="{_id(name)}" name="{name}"><variable name="{name}"{_type(type)}/>'
        f"<encapsulatedLogic{way}>{formal}{logic}</encapsulatedLogic>"
        f"{_requirements((), (), needs)}</businessKnowledgeModel>"
    )


def service(name: str, **lists: Iterable[str]) -> str:
    """A decision service: `outputDecision`, `encapsulatedDecision`, `inputDecision`, `inputData` by names."""
    inside = "".join(f'<{kind} href="{_href(each)}"/>' for kind, names in lists.items() for each in names)
    return (
        f'<decisionService id="{_id(name)}" name="{name}"><variable name="{name}"/>{inside}</decisionService>'
    )


def item(name: str, inside: str = "", *, is_list: bool = False, tag: str = "itemDefinition") -> str:
    """An item definition or component; `inside` is a type name or the XML of its parts."""
    inner = inside if inside.startswith("<") else f"<typeRef>{inside}</typeRef>"
    collection = ' isCollection="true"' if is_list else ""
    return f'<{tag} name="{name}"{collection}>{inner}</{tag}>'


def table(
    policy: str,
    inputs: dict[str, str],
    outputs: dict[str, str],
    rows: list[tuple[str, ...]],
    aggregation: str = "",
    defaults: tuple[str, ...] = (),
) -> str:
    """A decision table: inputs and outputs with the values they may have, rows of tests and results."""

    def cell(tag: str, written: str) -> str:
        return f"<{tag}>{text(written).removeprefix('<literalExpression>').removesuffix('</literalExpression>')}</{tag}>"

    head = "".join(
        f"<input>{cell('inputExpression', name)}{cell('inputValues', values) if values else ''}</input>"
        for name, values in inputs.items()
    )
    for at, (name, values) in enumerate(outputs.items()):
        fallback = cell("defaultOutputEntry", defaults[at]) if defaults else ""
        listed = cell("outputValues", values) if values else ""
        head += f'<output name="{name}">{listed}{fallback}</output>'
    body = "".join(
        "<rule>"
        + "".join(
            cell("inputEntry" if at < len(inputs) else "outputEntry", written)
            for at, written in enumerate(row)
        )
        + "</rule>"
        for row in rows
    )
    way = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{way}>{head}{body}</decisionTable>'


def written(
    folder: Path, body: str, *, name: str = "model", namespace: str = "", version: str = DMN_1_5
) -> Path:
    """The file of a model."""
    path = folder / f"{name}.dmn"
    path.write_text(
        f'<definitions xmlns="{version}" name="{name}" namespace="{namespace or name}">{body}</definitions>',
        encoding="utf-8",
    )
    return path


def loaded(folder: Path, *body: str) -> DmnModel:
    """The model made of these parts."""
    return load_dmn(written(folder, "".join(body)))


def value(folder: Path, logic: str, inputs: dict[str, Any] | None = None, *parts: str, type: str = "") -> Any:
    """The value of one decision with this logic, whose inputs are what is handed in."""
    given = inputs or {}
    model = loaded(folder, *parts, *map(input_data, given), decision("d", logic, type, given))
    told: list[str] = []
    return model.evaluate("d", given, told=told)
