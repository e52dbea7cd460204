"""DMN XML to values: versions 1.1 to 1.5, without document types, entities or anything from outside the file.

Source: the schemas DMN11.xsd to DMN15.xsd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, cast
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from partybuild_flow.dmn import elements
from partybuild_flow.dmn.elements import Boxed, Definitions, Element, ItemDefinition, Text, Variable
from partybuild_flow.errors import DmnError

NAMESPACES: Final = frozenset(
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    ]
)
LARGEST_FILE: Final = 50_000_000
"""A larger file is not read."""


def read_dmn(path: Path) -> Definitions:
    """What stands in one file.

    Raises:
        DmnError: it cannot be opened or is no DMN model.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DmnError(f"{path}: larger than {LARGEST_FILE} bytes")
        root = fromstring(path.read_bytes(), forbid_dtd=True)
        if root.tag.rpartition("}")[0].lstrip("{") not in NAMESPACES or _local(root) != "definitions":
            raise DmnError(f"{path}: the root is <{root.tag}>, not the <definitions> of DMN 1.1 to 1.5")
        return _definitions(path, root)
    except OSError as error:
        raise DmnError(f"{path}: {error.strerror or error}") from error
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise DmnError(f"{path}: {error or type(error).__name__}") from error
    except RecursionError:
        raise DmnError(f"{path}: expressions are nested too deeply") from None


def _local(node: Node) -> str:
    return str(node.tag).rpartition("}")[2]


def _children(node: Node, name: str) -> Iterator[Node]:
    """The children of this name in DMN's own namespace."""
    return (child for child in node if _local(child) == name and _is_dmn(child))


def _is_dmn(node: Node) -> bool:
    return str(node.tag).rpartition("}")[0].lstrip("{") in NAMESPACES


def _child(node: Node | None, name: str) -> Node | None:
    return None if node is None else next(_children(node, name), None)


def _text(node: Node | None) -> str:
    """What stands in the `text` of an expression."""
    written = _child(node, "text")
    return (written.text or "") if written is not None else ""


def _tests(node: Node | None) -> str | None:
    return _text(node) if node is not None else None


def _type(node: Node) -> str | None:
    """The name of a type: an attribute, or in older versions and item definitions an element."""
    child = _child(node, "typeRef")
    written = node.get("typeRef") or (child.text if child is not None else None)
    return written.strip() if written and written.strip() else None


def _name(node: Node) -> str:
    return " ".join((node.get("name") or "").split())


def _variable(node: Node) -> Variable:
    return Variable(_name(node), _type(node))


def _definitions(path: Path, root: Node) -> Definitions:
    found: dict[str, Element] = {}
    for child in root:
        reader = _ELEMENTS.get(_local(child)) if _is_dmn(child) else None
        if reader is not None:
            element = reader(child)
            found[element.id] = element
    names = {_name(each) for each in root.iter() if _is_dmn(each)} | {
        " ".join(each.split()) for node in root.iter() if (each := node.get("iteratorVariable"))
    }
    imports = (
        elements.Import(_name(node), node.get("namespace") or "", node.get("locationURI"))
        for node in _children(root, "import")
        if "DMN" in (node.get("importType") or "")
    )
    return Definitions(
        path,
        _name(root),
        root.get("namespace") or "",
        found,
        tuple(_item_definition(node) for node in _children(root, "itemDefinition")),
        tuple(imports),
        frozenset(names - {""}),
    )


def _hrefs(node: Node, name: str) -> tuple[str, ...]:
    return tuple(each.get("href") or "" for each in _children(node, name))


def _requirements(node: Node) -> tuple[str, ...]:
    """References to inputs, decisions and knowledge that an element requires."""
    kinds = ("requiredInput", "requiredDecision", "requiredKnowledge")
    return tuple(
        each.get("href") or ""
        for requirement in node
        if _local(requirement) in ("informationRequirement", "knowledgeRequirement")
        for each in requirement
        if _local(each) in kinds
    )


def _identity(node: Node) -> tuple[str, str, Variable]:
    name = _name(node)
    variable = _child(node, "variable")
    bound = Variable(name) if variable is None else _variable(variable)
    return node.get("id") or name, name, Variable(bound.name or name, bound.type)


def _input_data(node: Node) -> Element:
    return elements.InputData(*_identity(node))


def _decision(node: Node) -> Element:
    return elements.Decision(*_identity(node), _requirements(node), _expression_in(node))


def _knowledge(node: Node) -> Element:
    logic = _child(node, "encapsulatedLogic")
    function = None if logic is None else _function(logic)
    return elements.Knowledge(*_identity(node), _requirements(node), function)


def _service(node: Node) -> Element:
    return elements.DecisionService(
        *_identity(node),
        _hrefs(node, "outputDecision"),
        _hrefs(node, "encapsulatedDecision"),
        _hrefs(node, "inputDecision"),
        _hrefs(node, "inputData"),
    )


_ELEMENTS: Final[dict[str, Callable[[Node], Element]]] = {
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
    "inputData": _input_data,
}


def _item_definition(node: Node) -> ItemDefinition:
    function = _child(node, "functionItem")
    signature = None
    if function is not None:
        parameters = tuple(_variable(each) for each in _children(function, "parameters"))
        signature = (parameters, function.get("outputTypeRef"))
    return ItemDefinition(
        _name(node),
        _type(node),
        node.get("isCollection") == "true",
        tuple(_item_definition(each) for each in _children(node, "itemComponent")),
        _tests(_child(node, "allowedValues")),
        _tests(_child(node, "typeConstraint")),
        signature,
    )


def _expression_in(node: Node | None) -> Boxed | None:
    """The boxed expression that stands among the children of a node."""
    if node is None:
        return None
    for child in node:
        reader = _BOXED.get(_local(child)) if _is_dmn(child) else None
        if reader is not None:
            return reader(child)
    return None


def _literal(node: Node) -> Boxed:
    return Text(_text(node), _type(node), node.get("expressionLanguage") or "FEEL")


def _table(node: Node) -> Boxed:
    inputs = [
        (_text(_child(each, "inputExpression")), _tests(_child(each, "inputValues")))
        for each in _children(node, "input")
    ]
    outputs = [
        elements.Output(
            _variable(each),
            _tests(_child(each, "outputValues")),
            _tests(_child(each, "defaultOutputEntry")),
        )
        for each in _children(node, "output")
    ]
    rules = [
        elements.Rule(
            tuple(_text(each) for each in _children(rule, "inputEntry")),
            tuple(_text(each) for each in _children(rule, "outputEntry")),
        )
        for rule in _children(node, "rule")
    ]
    policy = (node.get("hitPolicy") or "UNIQUE").strip()
    return elements.Table(
        policy, node.get("aggregation"), tuple(inputs), tuple(outputs), tuple(rules), _type(node)
    )


def _context(node: Node) -> Boxed:
    entries = []
    for entry in _children(node, "contextEntry"):
        variable = _child(entry, "variable")
        entries.append((None if variable is None else _variable(variable), _expression_in(entry)))
    return elements.BoxedContext(tuple(entries), _type(node))


def _relation(node: Node) -> Boxed:
    rows = (
        tuple(reader(cell) for cell in row if (reader := _BOXED.get(_local(cell))) is not None)
        for row in _children(node, "row")
    )
    columns = tuple(_variable(each) for each in _children(node, "column"))
    return elements.Relation(columns, tuple(rows), _type(node))


def _list(node: Node) -> Boxed:
    items = (reader(each) for each in node if (reader := _BOXED.get(_local(each))) is not None)
    return elements.BoxedList(tuple(items), _type(node))


def _invocation(node: Node) -> Boxed:
    arguments: list[tuple[str, Boxed | None]] = []
    for binding in _children(node, "binding"):
        parameter = _child(binding, "parameter")
        arguments.append(("" if parameter is None else _name(parameter), _expression_in(binding)))
    return elements.BoxedInvocation(_expression_in(node), tuple(arguments), _type(node))


def _function(node: Node) -> elements.BoxedFunction:
    parameters = tuple(_variable(each) for each in _children(node, "formalParameter"))
    kind = node.get("kind") or "FEEL"
    return elements.BoxedFunction(parameters, _expression_in(node), kind, _type(node))


def _conditional(node: Node) -> Boxed:
    condition, then, otherwise = (_expression_in(_child(node, name)) for name in ("if", "then", "else"))
    return elements.Conditional(condition, then, otherwise, _type(node))


def _filter(node: Node) -> Boxed:
    return elements.BoxedFilter(
        _expression_in(_child(node, "in")), _expression_in(_child(node, "match")), _type(node)
    )


def _iterator(node: Node) -> Boxed:
    way = cast(Literal["for", "some", "every"], _local(node))
    body = _child(node, "return" if way == "for" else "satisfies")
    variable = " ".join((node.get("iteratorVariable") or "").split())
    return elements.Iterator(
        way, variable, _expression_in(_child(node, "in")), _expression_in(body), _type(node)
    )


_BOXED: Final[dict[str, Callable[[Node], Boxed]]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "relation": _relation,
    "list": _list,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
