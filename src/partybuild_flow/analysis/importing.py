"""Cases of another system, moved in: each row of a table becomes the beginning of a case, with its own time.

The number that a row has there is the key under which its case begins, so that the same row begins one
case however often it is imported: an import that was interrupted is simply run again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import islice
from typing import Final, Literal, NamedTuple

from partybuild_flow.analysis.import_map import CellOrigin, ImportMap
from partybuild_flow.analysis.tables_in import Cell, Flawed, Row, as_text
from partybuild_flow.case import Actor, Entry
from partybuild_flow.decide import Decision
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.engine import Engine, Start
from partybuild_flow.engine.conduct import new_id
from partybuild_flow.engine.told import Told
from partybuild_flow.explain import unfit_sentence
from partybuild_flow.facts import HOME
from partybuild_flow.messages import Language, sentence

BATCH: Final = 200
_DAY: Final = re.compile(r"([0-9]{4})(?:[-/.]|年)([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})日?")
_CLOCK: Final = re.compile(r"([0-9]{1,2})(?::|：|时)([0-9]{1,2})(?:(?::|：|分)([0-9]{1,2})秒?)?分?")
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?")
_NUMBERS: Final = ("number", "integer", "money")


class Fault(NamedTuple):
    """Why a row is refused: the heading of the column, empty where it is no single one, and the reason."""

    column: str
    reason: str


class Imported(NamedTuple):
    """What became of a row. `case` is the one that began or that was there already."""

    row: Row
    number: str
    outcome: Literal["begun", "there", "refused"]
    case: str | None = None
    faults: tuple[Fault, ...] = ()


def import_rows(
    engine: Engine,
    workflow: Workflow,
    import_map: ImportMap,
    rows: Iterable[Row],
    *,
    dry_run: bool = False,
    batch: int = BATCH,
    language: Language | None = None,
) -> Iterator[Imported]:
    """What became of each row, in order, so many rows a transaction; a refused row keeps no other from its case.

    A dry run writes nothing. Reasons speak `language`, else that of the workflow.
    """
    moving = _Moving(engine, workflow, import_map, language or workflow.language, dry_run)
    waiting = iter(rows)
    while taken := list(islice(waiting, batch)):
        yield from moving.carried(taken)


class _Moving:
    """One import on its way."""

    def __init__(
        self, engine: Engine, workflow: Workflow, import_map: ImportMap, language: Language, dry_run: bool
    ) -> None:
        self._engine = engine
        self._workflow = workflow
        self._map = import_map
        self._language = language
        self._dry_run = dry_run

    def carried(self, rows: list[Row]) -> Iterator[Imported]:
        """A batch of rows, in one transaction."""
        prepared = [self._prepared(row) for row in rows]
        wanted = [each for each in prepared if isinstance(each, Start)]
        answers = iter(self._engine.send_many(wanted, dry_run=self._dry_run))
        for row, each in zip(rows, prepared, strict=True):
            number = self._number(row)
            if not isinstance(each, Start):
                yield Imported(row, number, "refused", None, each)
                continue
            answer = _whole(next(answers))
            if not isinstance(answer, Decision):
                begun = answer.case.id == each.id
                yield Imported(row, number, "begun" if begun else "there", answer.case.id)
            elif holder := self._holder(answer):
                yield Imported(row, number, "there", holder)
            else:
                yield Imported(row, number, "refused", None, tuple(self._faults(answer)))

    def _prepared(self, row: Row) -> Start | tuple[Fault, ...]:
        """What a row asks for, or everything that keeps it from asking."""
        faults: list[Fault] = []
        spoken = self._map
        number = self._number(row)
        if not number:
            faults.append(self._fault(spoken.key, "no-number"))
        at = self._instant(row, faults)
        unit = self._word(spoken.unit, row, faults)
        actor = self._word(spoken.actor, row, faults)
        if not actor:
            faults.append(self._fault(spoken.actor.column or "", "no-actor"))
        data: dict[str, object] = {}
        for name, origin in spoken.data.items():
            value = self._value(self._workflow.fields[name], origin, row, faults)
            if value is not None:
                data[name] = value
        if faults:
            return tuple(faults)
        by = Actor(actor, tuple((role, unit) for role in spoken.roles))
        key = f"{spoken.system}/{self._workflow.id}/{number}"
        return Start(self._workflow.id, data, by, spoken.event, unit, key, at, new_id())

    def _number(self, row: Row) -> str:
        found = as_text(row.cells.get(self._map.key))
        return found if isinstance(found, str) else ""

    def _instant(self, row: Row, faults: list[Fault]) -> datetime | None:
        column = self._map.time
        if column is None:
            return None
        found = row.cells.get(column)
        if isinstance(found, str):
            found = _moment(found)
        if isinstance(found, datetime):
            return found.replace(tzinfo=HOME) if found.tzinfo is None else found
        if isinstance(found, date):
            return datetime.combine(found, time(), HOME)
        faults.append(self._fault(column, found.code if isinstance(found, Flawed) else "no-instant"))
        return None

    def _word(self, origin: CellOrigin, row: Row, faults: list[Fault]) -> str:
        """A name that stands in a column, or always the same one."""
        if origin.column is None:
            return origin.constant or ""
        found = as_text(row.cells.get(origin.column))
        if isinstance(found, Flawed):
            faults.append(self._fault(origin.column, found.code))
            return ""
        return origin.values.get(found, found) if found else ""

    def _value(self, field: Field, origin: CellOrigin, row: Row, faults: list[Fault]) -> object:
        if origin.column is None:
            return origin.constant
        cell = row.cells.get(origin.column)
        text = cell if isinstance(cell, str) else as_text(cell)
        if isinstance(text, str) and text in origin.values:
            return origin.values[text]
        found = cell_value(cell, field)
        if isinstance(found, Flawed):
            faults.append(self._fault(origin.column, found.code))
            return None
        return found

    def _holder(self, decision: Decision) -> str | None:
        """The case that holds a row's own number already, though it did not begin by an import."""
        numbered = {name for name, origin in self._map.data.items() if origin.column == self._map.key}
        for reason in decision.reasons:
            fields = reason.data.get("fields")
            if reason.code == "refused.unique" and isinstance(fields, tuple) and numbered & set(fields):
                return str(reason.data["holder"])
        return None

    def _faults(self, decision: Decision) -> Iterator[Fault]:
        """Every reason of a refusal with the column it comes from: first whatever does not fit, else what the engine says."""
        unfit = decision.facts.faults
        # A row may be shifted, so that what stands in a column belongs to another one.
        hidden = bool(decision.plan.personal)
        for field, why in unfit.items():
            told = unfit_sentence(self._workflow, field, why, self._language, hidden=hidden)
            yield Fault(self._columns([field]), told)
        if unfit:
            return
        for reason, told in zip(decision.reasons, decision.reasons_in(self._language), strict=True):
            fields = reason.data.get("fields", reason.data.get("field", ()))
            names = [fields] if isinstance(fields, str) else list(fields) if isinstance(fields, tuple) else []
            yield Fault(self._columns(names), told)

    def _columns(self, fields: Iterable[str]) -> str:
        origins = (self._map.data.get(name) for name in fields)
        return "、".join(dict.fromkeys(each.column for each in origins if each and each.column))

    def _fault(self, column: str, code: str) -> Fault:
        data: Mapping[str, object] = {"column": column}
        return Fault(column, sentence(f"import.{code}", self._language, data))


def cell_value(cell: Cell, field: Field) -> object:
    """What a cell says for a field, as the engine takes it; a code that was kept as a number is text again."""
    if cell is None or isinstance(cell, Flawed):
        return cell
    if field.kind in _NUMBERS:
        if isinstance(cell, str) and _GROUPED.fullmatch(cell):
            return re.sub("[,，]", "", cell)
        return cell
    if field.kind == "boolean" and isinstance(cell, bool):
        return cell
    if field.kind in ("date", "datetime"):
        found = _moment(cell) or cell if isinstance(cell, str) else cell
        if isinstance(found, datetime) and field.kind == "datetime":
            return found.replace(tzinfo=HOME) if found.tzinfo is None else found
        if field.kind == "datetime" and isinstance(found, date):
            return datetime.combine(found, time(), HOME)
        return found.date() if isinstance(found, datetime) and found.tzinfo is None else found
    text = as_text(cell)
    if field.kind == "list" and isinstance(text, str):
        return [each.strip() for each in re.split("[、;；\n]", text) if each.strip()]
    return text


def _whole(answer: Entry | Decision) -> Entry | Decision:
    """A decision with the names of what does not fit; its sentences hide personal values all the same."""
    return answer.whole() if isinstance(answer, Told) else answer


def _moment(written: str) -> date | datetime | None:
    """A day, or an instant, in the ways in which it is written here; None if it is neither."""
    try:
        if (day := _DAY.match(written)) is None:
            return None
        found = date(int(day[1]), int(day[2]), int(day[3]))
        rest = written[day.end() :].strip().removeprefix("T")
        if not rest:
            return found
        clock = _CLOCK.fullmatch(rest)
        if clock is None:
            return datetime.fromisoformat(written)
        return datetime.combine(found, time(int(clock[1]), int(clock[2]), int(clock[3] or 0)))
    except ValueError:
        return None
