"""Event logs, read case by case, so that memory does not grow with the log.

Nested attributes, lists, extensions, globals and classifiers are passed over: no replay reads
them. Source: IEEE 1849-2016 (XES), clause 4 and the type definitions of its schema.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Final, NamedTuple
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem

CHUNK: Final = 1 << 16
"""How many bytes are parsed before the cases that they complete are handed out."""

_GZIP: Final = b"\x1f\x8b"


class LoggedEvent(NamedTuple):
    """One line of a case: its attributes by key, and where it stands in the log."""

    attributes: Mapping[str, Value]
    position: Position


class Trace(NamedTuple):
    """One case of a log: its own attributes by key, and its events in the order of the log."""

    attributes: Mapping[str, Value]
    events: tuple[LoggedEvent, ...]
    position: Position


def read_xes(
    path: Path, *, progress: Callable[[int], None] | None = None, language: Language = "en"
) -> Iterator[Trace]:
    """The cases of a `.xes` or `.xes.gz` file, in its order, each as soon as it is read.

    Numbers are Decimal, dates aware UTC datetimes (one without a zone is UTC), everything else
    text or boolean; of two attributes with one key the later holds. `progress` is told how many
    bytes of the file, as it lies on the disk, have been read. Problems speak `language`.

    Raises:
        WorkflowInvalid: PF501 to PF508, at the first fault, after all cases before it.
    """
    try:
        with path.open("rb") as file:
            yield from _Reading(path, file, language).traces(progress)
    except OSError as error:
        problem = Problem("PF501", Position(str(path), 1, 1), {"reason": error.strerror or error}, language)
        raise WorkflowInvalid([problem]) from error


class _Reading:
    """One pass over one open file."""

    def __init__(self, path: Path, file: IO[bytes], language: Language) -> None:
        self._path = path
        self._file = file
        self._language = language
        # Nothing is handed out of a document type, of an entity, or from outside the file.
        self._parser = DefusedExpatParser(forbid_dtd=True)
        self._log = _Log(str(path), self._parser, language)
        self._parser.setContentHandler(self._log)

    def traces(self, progress: Callable[[int], None] | None) -> Iterator[Trace]:
        stream = self._stream()
        ended = False
        while not ended:
            fault = None
            try:
                chunk = stream.read(CHUNK)
                ended = not chunk
                self._parse(chunk)
            except WorkflowInvalid as invalid:
                fault = invalid
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                fault = self._invalid("PF503", error)
            yield from self._log.completed()
            if fault:
                raise fault
            if progress:
                progress(self._file.tell())

    def _stream(self) -> IO[bytes] | gzip.GzipFile:
        packed = self._file.read(len(_GZIP)) == _GZIP
        self._file.seek(0)
        if self._path.suffix == ".gz" and not packed:
            raise self._invalid("PF502")
        return gzip.GzipFile(fileobj=self._file, mode="rb") if packed else self._file

    def _parse(self, chunk: bytes) -> None:
        try:
            self._parser.feed(chunk)
            if not chunk:
                self._parser.close()
        except SAXParseException as error:
            line, column = error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1
            position = Position(str(self._path), line, column)
            problem = Problem("PF504", position, {"reason": error.getMessage()}, self._language)
            raise WorkflowInvalid([problem]) from error
        except DefusedXmlException as error:
            raise self._invalid("PF505", error) from error

    def _invalid(self, code: str, cause: Exception | None = None) -> WorkflowInvalid:
        invalid = WorkflowInvalid([Problem(code, self._log.position, {}, self._language)])
        invalid.__cause__ = cause
        return invalid


class _Log(ContentHandler):
    """Gathers one case at a time from the elements of a log."""

    def __init__(self, path: str, locator: Locator, language: Language) -> None:
        super().__init__()
        self._path = path
        self._locator = locator
        self._language = language
        self._began = False
        self._trace: _Open | None = None
        self._event: _Open | None = None
        self._passed_over = 0
        self._completed: list[Trace] = []

    @property
    def position(self) -> Position:
        """Where the parser stands: the `<` of the element that it reported last."""
        line, column = self._locator.getLineNumber() or 1, (self._locator.getColumnNumber() or 0) + 1
        return Position(self._path, line, column)

    def completed(self) -> list[Trace]:
        """The cases that ended since the last call."""
        completed, self._completed = self._completed, []
        return completed

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX calls it so
        """Take an element's beginning."""
        if self._passed_over:
            self._passed_over += 1
            return
        element = name.rpartition(":")[2]
        if element == "event":
            self._event = self._begin(element, self._trace is not None and self._event is None)
        elif element == "trace":
            self._trace = self._begin(element, self._began and self._trace is None)
        elif not self._began:
            if element != "log":
                raise self._invalid("PF506", element=element)
            self._began = True
        else:
            self._passed_over = 1
            holder = self._event or self._trace
            if holder and element in _READ:
                self._attribute(holder, element, attrs)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - SAX calls it so
        """Take an element's end."""
        if self._passed_over:
            self._passed_over -= 1
        elif self._event and self._trace:
            self._trace.events.append(LoggedEvent(self._event.attributes, self._event.position))
            self._event = None
        elif self._trace:
            trace = self._trace
            self._completed.append(Trace(trace.attributes, tuple(trace.events), trace.position))
            self._trace = None

    def _begin(self, element: str, in_place: bool) -> _Open:
        if not in_place:
            raise self._invalid("PF506", element=element)
        return _Open({}, [], self.position)

    def _attribute(self, holder: _Open, element: str, attrs: AttributesImpl) -> None:
        key, written = attrs.get("key"), attrs.get("value")
        if key is None or written is None:
            raise self._invalid("PF507", element=element)
        try:
            holder.attributes[key] = _READ[element](written)
        except (ValueError, KeyError, InvalidOperation, OverflowError):
            # What is written there may be of a person, and problems end in logs.
            raise self._invalid("PF508", key=key, type=element) from None

    def _invalid(self, code: str, **data: object) -> WorkflowInvalid:
        return WorkflowInvalid([Problem(code, self.position, data, self._language)])


class _Open(NamedTuple):
    """A case or an event whose end has not been seen."""

    attributes: dict[str, Value]
    events: list[LoggedEvent]
    position: Position


def _text(written: str) -> str:
    return written


def _date(written: str) -> datetime:
    moment = datetime.fromisoformat(written.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _integer(written: str) -> Decimal:
    return Decimal(int(written))


def _number(written: str) -> Decimal:
    number = Decimal(written.strip())
    if not number.is_finite():
        raise ValueError(written)
    return number


def _boolean(written: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[written.strip()]


_READ: Final[Mapping[str, Callable[[str], Value]]] = {
    "string": _text,
    "id": _text,
    "date": _date,
    "int": _integer,
    "float": _number,
    "boolean": _boolean,
}
