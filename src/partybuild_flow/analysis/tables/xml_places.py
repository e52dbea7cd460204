"""XML as nodes that know their line and column, without document types, entities or anything outside the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml.sax import make_parser

from partybuild_flow.analysis.tables_in import invalid
from partybuild_flow.messages import Language

LARGEST: Final = 16_000_000
"""As many bytes as a model with a table may have."""
DEEPEST: Final = 200


@dataclass(slots=True)
class XmlNode:
    """An element: its namespace and name, its attributes by either, its text, what stands in it, its place."""

    space: str
    name: str
    attributes: dict[tuple[str, str], str]
    line: int
    column: int
    text: str = ""
    children: list[XmlNode] = field(default_factory=list)

    def get(self, name: str, space: str = "") -> str | None:
        """An attribute."""
        return self.attributes.get((space, name))

    def below(self, name: str) -> Iterator[XmlNode]:
        """The children of a name in the namespace of the node, or in any other one but none of DMN."""
        return (each for each in self.children if each.name == name)

    def one(self, name: str) -> XmlNode | None:
        """The first child of a name."""
        return next(self.below(name), None)


def xml_of(path: Path, language: Language) -> XmlNode:
    """The root of a file.

    Raises:
        WorkflowInvalid: PF531, PF574, PF575 or PF576.
    """
    from defusedxml import DefusedXmlException

    handler = _Nodes()
    try:
        if path.stat().st_size > LARGEST:
            raise invalid("PF574", path, language, limit=LARGEST // 1_000_000)
        parser: Any = make_parser()
        parser.forbid_dtd = True
        parser.setFeature(feature_namespaces, True)
        parser.setContentHandler(handler)
        with path.open("rb") as file:
            parser.parse(file)
    except OSError as error:
        raise invalid("PF531", path, language, reason=error.strerror or error) from error
    except DefusedXmlException as error:
        raise invalid("PF575", path, language) from error
    except SAXParseException as error:
        line = error.getLineNumber() or 1
        raise invalid("PF576", path, language, line=line, reason=error.getMessage()) from error
    except (ValueError, LookupError) as error:
        raise invalid("PF576", path, language, reason=str(error)) from error
    return handler.roots[0]


class _Nodes(ContentHandler):
    """Makes nodes of what a parser tells."""

    def __init__(self) -> None:
        super().__init__()
        self.roots: list[XmlNode] = []
        self._open: list[XmlNode] = []
        self._place: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - the name is the parser's
        self._place = locator

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802, ARG002
        if len(self._open) >= DEEPEST:
            raise ValueError(f"deeper than {DEEPEST}")
        attributes = {(space or "", key): value for (space, key), value in attrs.items()}
        line, column = self._place.getLineNumber(), self._place.getColumnNumber() + 1
        node = XmlNode(name[0] or "", name[1], attributes, line, column)
        around = self._open[-1].children if self._open else self.roots
        around.append(node)
        self._open.append(node)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802, ARG002
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].text += content
