"""How an entry is written down: one canonical JSON text, chained by hash to the entry before it.

FEEL values become JSON so that each comes back as itself: numbers are JSON numbers with all
their digits, dates and durations are `{"@": "…"}`, a context with an entry `@` is wrapped once
more. A personal value enters as a commitment, `{"#": "…"}`, so that it can be erased later
without breaking the chain.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from secrets import token_hex
from typing import Any, Final, NamedTuple

from partybuild_flow.case import Actor, Case, Effect, Entry, Fired, Running
from partybuild_flow.feel import Value, text_of

GENESIS: Final = "0" * 64


class Personal(NamedTuple):
    """A personal value apart from the chain: where it stands in its entry, its salt, its JSON."""

    place: str
    salt: str
    value: str


class Written(NamedTuple):
    """An entry written down: its text, its hash, and the personal values that the text only commits to."""

    body: str
    hash: str
    personal: tuple[Personal, ...]


def write_value(value: Value) -> str:
    """The canonical JSON of a FEEL value."""
    if value is None:
        return "null"
    kind = type(value)
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]
    if kind is Decimal:
        return write_number(value)  # type: ignore[arg-type]
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, dict):
        return (
            write_context(value)
            if "@" not in value and "#" not in value
            else f'{{"@":{write_context(value)}}}'
        )
    if isinstance(value, list):
        return f"[{','.join([write_value(item) for item in value])}]"
    if isinstance(value, datetime):
        return f'{{"@":"{instant_text(value)}"}}'
    if isinstance(value, date | time):
        return f'{{"@":"{value.isoformat()}"}}'
    if isinstance(value, timedelta):
        return f'{{"@":"{_duration_text(value)}"}}'
    raise TypeError(f"{value!r} is no FEEL value")


def write_context(values: Mapping[str, Value]) -> str:
    """The canonical JSON of named values, in their order."""
    pieces = []
    for name, value in values.items():
        # The commonest kinds first and in place: this runs three times an event.
        kind = type(value)
        if kind is str:
            text = encode_basestring(value)  # type: ignore[arg-type]
        elif value is None:
            text = "null"
        else:
            text = write_number(value) if kind is Decimal else write_value(value)  # type: ignore[arg-type]
        pieces.append(f"{encode_basestring(name)}:{text}")
    return f"{{{','.join(pieces)}}}"


def write_number(number: Decimal) -> str:
    """All digits of a number, without an exponent."""
    text = str(number)
    return format(number, "f") if "E" in text else text


def read_values(text: str) -> dict[str, Value]:
    """Named values back from their JSON."""
    return {name: _value(found) for name, found in _load(text).items()}


@lru_cache(maxsize=256)
def instant_text(instant: datetime) -> str:
    """An instant in UTC with microseconds: texts of one length, in the order of time."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


def read_instant(text: str) -> datetime:
    """The instant of such a text."""
    return datetime.fromisoformat(text)


def write(entry: Entry, previous: str, personal: frozenset[str], salt: Callable[[], str]) -> Written:
    """The entry written down and chained to the hash of the entry before it."""
    apart: list[Personal] = []
    facts, settings = entry.facts, entry.settings
    effects = entry.effects
    if personal:
        facts_text = _guarded("facts", facts, personal, salt, apart)
        settings_text = _guarded("settings", settings, personal, salt, apart)
    else:
        facts_text, settings_text = write_context(facts), write_context(settings)
    case = entry.case
    head = (
        f'{{"case":{encode_basestring(case.id)},"sequence":{case.revision},"event":{encode_basestring(entry.event)}'
        f',"transition":{entry.transition},"outcome":{encode_basestring(entry.outcome)}'
        f',"actor":{_actor(entry.actor)},"occurred":"{instant_text(entry.occurred_at)}"'
        f',"recorded":"{instant_text(entry.recorded_at or entry.occurred_at)}"'
        f',"from":{encode_basestring(entry.source)},"to":{encode_basestring(entry.target)}'
        f',"facts":{facts_text},"inputs":{write_texts(entry.inputs)},"settings":{settings_text}'
        f',"standing":{write_texts(entry.standing)},"evaluator":"{entry.evaluator}","definition":"{case.definition}"'
    )
    if entry.fired:
        head += f',"fired":[{",".join([write_texts(fired) for fired in entry.fired])}]'
    if entry.deadline is not None:
        head += f',"deadline":{encode_basestring(entry.deadline)}'
    if effects:
        head += f',"effects":[{_effects(effects, bool(personal), salt, apart)}]'
    if entry.deadlines is not None:
        head += f',"deadlines":[{",".join([_running(each) for each in entry.deadlines])}]'
    if entry.refused is not None:
        head += f',"refused":{encode_basestring(entry.refused)}'
    if entry.key is not None:
        head += f',"key":{encode_basestring(entry.key)}'
    if case.revision == 1:
        head += (
            f',"workflow":{encode_basestring(case.workflow)},"unit":{encode_basestring(case.unit)}'
            f',"started-by":{encode_basestring(case.started_by)}'
        )
    body = head + "}"
    return Written(body, chained(previous, body), tuple(apart))


def new_salt() -> str:
    """A salt that makes a commitment to a guessable value unguessable."""
    return token_hex(16)


def chained(previous: str, body: str) -> str:
    """The hash of an entry: SHA-256 over the hash before it and its own text, in hexadecimal."""
    return sha256(f"{previous}\n{body}".encode()).hexdigest()


def read(body: str, previous: str, hash: str, personal: Mapping[str, Personal]) -> Entry:
    """The entry of a text; erased personal values come back as None."""
    found = _load(body)
    case = Case(
        found["case"],
        found.get("workflow", ""),
        found["definition"],
        found["to"],
        found.get("unit", ""),
        int(found["sequence"]),
        {},
        {},
        (),
        found.get("started-by", ""),
        read_instant(found["occurred"]),
        hash,
    )
    actor_id, *roles = found["actor"]
    deadlines = found.get("deadlines")
    return Entry(
        case=case,
        event=found["event"],
        transition=int(found["transition"]),
        outcome=found["outcome"],
        deadline=found.get("deadline"),
        actor=Actor(actor_id, tuple((role, unit) for role, unit in roles)),
        occurred_at=read_instant(found["occurred"]),
        source=found["from"],
        target=found["to"],
        facts=_section("facts", found["facts"], personal),
        inputs=tuple(found["inputs"]),
        settings=_section("settings", found["settings"], personal),
        standing=tuple(found["standing"]),
        fired=tuple(Fired(*each) for each in found.get("fired", ())),
        evaluator=found["evaluator"],
        effects=tuple(
            Effect(kind, to, _text_of_effect(place, text, personal))
            for place, (kind, to, text) in enumerate(found.get("effects", ()))
        ),
        deadlines=None if deadlines is None else tuple(read_running(each) for each in deadlines),
        refused=found.get("refused"),
        key=found.get("key"),
        recorded_at=read_instant(found["recorded"]),
        previous=previous,
        hash=hash,
    )


def commitments(body: str) -> dict[str, str]:
    """The commitments in an entry's text, by place."""
    found = _load(body)
    places = {
        f"{section}/{name}": value
        for section in ("facts", "settings")
        for name, value in found[section].items()
    }
    places |= {f"effects/{place}": each[2] for place, each in enumerate(found.get("effects", ()))}
    return {place: value["#"] for place, value in places.items() if isinstance(value, dict) and "#" in value}


def commitment(personal: Personal) -> str:
    """What the chain keeps of a personal value."""
    return sha256(f"{personal.salt}\n{personal.value}".encode()).hexdigest()


def read_running(found: list[Any]) -> Running:
    """A deadline back from its JSON."""
    identity, started, due, fired = found
    return Running(identity, read_instant(started), read_instant(due) if due else None, fired)


def _guarded(
    section: str,
    values: Mapping[str, Value],
    personal: frozenset[str],
    salt: Callable[[], str],
    apart: list[Personal],
) -> str:
    pieces = []
    for name, value in values.items():
        text = write_value(value)
        if name in personal and value is not None:
            text = _commit(f"{section}/{name}", text, salt, apart)
        pieces.append(f"{encode_basestring(name)}:{text}")
    return "{" + ",".join(pieces) + "}"


def _commit(place: str, text: str, salt: Callable[[], str], apart: list[Personal]) -> str:
    apart.append(Personal(place, salt(), text))
    return f'{{"#":"{commitment(apart[-1])}"}}'


def _effects(
    effects: tuple[Effect, ...], guarded: bool, salt: Callable[[], str], apart: list[Personal]
) -> str:
    pieces = []
    for place, effect in enumerate(effects):
        text = encode_basestring(effect.text)
        if guarded:
            # A notice may quote a personal field, so its text is as personal as the field.
            text = _commit(f"effects/{place}", text, salt, apart)
        pieces.append(f"[{encode_basestring(effect.kind)},{encode_basestring(effect.to)},{text}]")
    return ",".join(pieces)


def _section(section: str, found: Mapping[str, Any], personal: Mapping[str, Personal]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in found.items():
        if isinstance(value, dict) and "#" in value:
            kept = personal.get(f"{section}/{name}")
            values[name] = _value(_load(kept.value)) if kept else None
        else:
            values[name] = _value(value)
    return values


def _text_of_effect(place: int, text: Any, personal: Mapping[str, Personal]) -> str:
    if isinstance(text, str):
        return text
    kept = personal.get(f"effects/{place}")
    return str(_load(kept.value)) if kept else ""


def _actor(actor: Actor) -> str:
    roles = [f",{write_texts(pair)}" for pair in actor.roles]
    return f"[{encode_basestring(actor.id)}{''.join(roles)}]"


def write_texts(texts: tuple[str, ...]) -> str:
    """The JSON of a list of texts."""
    return f"[{','.join([encode_basestring(text) for text in texts])}]"


def _running(running: Running) -> str:
    due = f'"{instant_text(running.due_at)}"' if running.due_at else "null"
    fired = "true" if running.fired else "false"
    return f'[{encode_basestring(running.deadline)},"{instant_text(running.started_at)}",{due},{fired}]'


def _duration_text(duration: timedelta) -> str:
    return text_of(duration).removeprefix("@").strip('"') if duration else "PT0S"


def _load(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def _value(found: Any) -> Value:
    if isinstance(found, dict):
        if "@" in found:
            inner = found["@"]
            return (
                _at(inner) if isinstance(inner, str) else {name: _value(each) for name, each in inner.items()}
            )
        return {name: _value(each) for name, each in found.items()}
    if isinstance(found, list):
        return [_value(item) for item in found]
    value: Value = found
    return value


def _at(text: str) -> Value:
    if text.startswith(("P", "-P")):
        return _duration(text)
    if "T" in text:
        return read_instant(text)
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)


def _duration(text: str) -> timedelta:
    from partybuild_flow.feel import parse_literal
    from partybuild_flow.feel.tree import Constant

    expression = parse_literal(f'@"{text}"').expression
    if expression is None or not isinstance(expression.tree, Constant):
        raise TypeError(f"{text!r} is no duration")
    value = expression.tree.value
    if not isinstance(value, timedelta):
        raise TypeError(f"{text!r} is no duration")
    return value
