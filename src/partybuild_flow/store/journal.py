"""How an entry is written down: one canonical JSON text, chained by hash to the entry before it.

A personal value enters as a commitment, `{"#": "…"}`, so that it can be erased later
without breaking the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from json.encoder import encode_basestring
from secrets import token_hex
from typing import Any, Final, NamedTuple

from partybuild_flow.case import Actor, Case, Effect, Entry, Fired, Sent, new
from partybuild_flow.feel import Value
from partybuild_flow.store.canonical import (
    instant_text,
    read_instant,
    read_json,
    read_value,
    write_context,
    write_pair,
    write_texts,
)
from partybuild_flow.store.deadlines import read_running, write_running

GENESIS: Final = "0" * 64
SHORTEST: Final = 4
"""How long a value must be to be looked for among what other cases have read."""
NOTHING_KNOWN: Final[Mapping[str, str]] = {}


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


def write(
    entry: Entry,
    previous: str,
    personal: frozenset[str],
    salt: Callable[[], str],
    known: Mapping[str, str] = NOTHING_KNOWN,
) -> Written:
    """The entry written down and chained to the hash of the entry before it.

    `known` are the pairs of the case's data as they are written, by name, so that nothing is written twice.
    """
    (
        case, event, transition, outcome, deadline, actor, occurred_at, source, target, values, inputs, settings,
        standing, fired, evaluator, effects, deadlines, refused, key, recorded_at, sends, _, _,
    ) = entry  # fmt: skip
    apart: list[Personal] = []
    write_section = partial(_section_text, case.data, known, personal, salt, apart)
    facts = write_section("facts", values)
    set_to = write_section("settings", settings) if settings else "{}"
    occurred = instant_text(occurred_at)
    recorded = occurred if recorded_at is None or recorded_at is occurred_at else instant_text(recorded_at)
    way = _way(event, transition, outcome, source, target, inputs, standing, evaluator, case.definition)
    body = (
        f'{{"case":{encode_basestring(case.id)},"sequence":{case.revision},"actor":{_actor(actor)}'
        f',"occurred":"{occurred}","recorded":"{recorded}","facts":{facts},"settings":{set_to}{way}'
    )
    if fired:
        body += f',"fired":[{",".join([write_texts(each) for each in fired])}]'
    if deadline is not None:
        body += f',"deadline":{encode_basestring(deadline)}'
    if effects:
        body += f',"effects":[{_effects(entry, personal, salt, apart)}]'
    if sends:
        body += f',"sends":[{_sends(sends, bool(personal), salt, apart)}]'
    if deadlines is not None:
        body += f',"deadlines":[{",".join([write_running(each) for each in deadlines])}]'
    if refused is not None:
        body += f',"refused":{encode_basestring(refused)}'
    if key is not None:
        body += f',"key":{encode_basestring(key)}'
    if case.revision == 1:
        body += (
            f',"workflow":{encode_basestring(case.workflow)},"unit":{encode_basestring(case.unit)}'
            f',"started-by":{encode_basestring(case.started_by)}'
        )
    body += "}"
    return new(Written, (body, chained(previous, body), tuple(apart)))


@lru_cache(maxsize=4096)
def _way(
    event: str,
    transition: int,
    outcome: str,
    source: str,
    target: str,
    inputs: tuple[str, ...],
    standing: tuple[str, ...],
    evaluator: str,
    definition: str,
) -> str:
    """What two entries of one transition have in common."""
    return (
        f',"event":{encode_basestring(event)},"transition":{transition},"outcome":{encode_basestring(outcome)}'
        f',"from":{encode_basestring(source)},"to":{encode_basestring(target)}'
        f',"inputs":{write_texts(inputs)},"standing":{write_texts(standing)}'
        f',"evaluator":"{evaluator}","definition":"{definition}"'
    )


def new_salt() -> str:
    """A salt that makes a commitment to a guessable value unguessable."""
    return token_hex(16)


def chained(previous: str, body: str) -> str:
    """The hash of an entry: SHA-256 over the hash before it and its own text, in hexadecimal."""
    return sha256(f"{previous}\n{body}".encode()).hexdigest()


def read(
    body: str, previous: str, hash: str, personal: Mapping[str, Personal], erased: str | None = None
) -> Entry:
    """The entry of a text; erased personal values come back as `erased`."""
    found = read_json(body)
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
        facts=_section("facts", found["facts"], personal, erased),
        inputs=tuple(found["inputs"]),
        settings=_section("settings", found["settings"], personal, erased),
        standing=tuple(found["standing"]),
        fired=tuple(Fired(*each) for each in found.get("fired", ())),
        evaluator=found["evaluator"],
        effects=_effects_in(found.get("effects", ()), personal, erased),
        deadlines=None if deadlines is None else tuple(read_running(each) for each in deadlines),
        refused=found.get("refused"),
        key=found.get("key"),
        recorded_at=read_instant(found["recorded"]),
        sends=tuple(_sent(place, each, personal) for place, each in enumerate(found.get("sends", ()))),
        previous=previous,
        hash=hash,
    )


def commitments(body: str) -> dict[str, str]:
    """The commitments in an entry's text, by place."""
    found = read_json(body)
    places = {
        f"{section}/{name}": value
        for section in ("facts", "settings")
        for name, value in found[section].items()
    }
    for place, (_, to, text) in enumerate(found.get("effects", ())):
        places |= {f"effects/{place}": text, f"effects/{place}/to": to}
    places |= {f"sends/{place}": each[5] for place, each in enumerate(found.get("sends", ()))}
    return {place: value["#"] for place, value in places.items() if isinstance(value, dict) and "#" in value}


def commitment(personal: Personal) -> str:
    """What the chain keeps of a personal value."""
    return sha256(f"{personal.salt}\n{personal.value}".encode()).hexdigest()


def is_erased(place: str, names: frozenset[str]) -> bool:
    """Whether what stands at this place of an entry goes when these names are erased.

    Notices and what was sent to other cases may quote any of them.
    """
    section, _, name = place.partition("/")
    return section in ("effects", "sends") or name in names


def _section_text(
    data: Mapping[str, Value],
    known: Mapping[str, str],
    personal: frozenset[str],
    salt: Callable[[], str],
    apart: list[Personal],
    section: str,
    values: Mapping[str, Value],
) -> str:
    pieces = []
    for name, value in values.items():
        pair = known.get(name)
        if pair is None or data[name] is not value:
            pair = write_pair(name, value)
        # Otherwise it is the very value of the case's data, which need not be written anew.
        if name in personal and value is not None:
            label = encode_basestring(name)
            text = _commit(f"{section}/{name}", pair[len(label) + 1 :], salt, apart)
            pair = f"{label}:{text}"
        pieces.append(pair)
    return f"{{{','.join(pieces)}}}"


def _commit(place: str, text: str, salt: Callable[[], str], apart: list[Personal]) -> str:
    apart.append(Personal(place, salt(), text))
    return f'{{"#":"{commitment(apart[-1])}"}}'


def _effects(entry: Entry, personal: frozenset[str], salt: Callable[[], str], apart: list[Personal]) -> str:
    data = entry.case.data
    secret = {value for name in personal if isinstance(value := data.get(name), str)}
    pieces = []
    for place, effect in enumerate(entry.effects):
        text, to = encode_basestring(effect.text), encode_basestring(effect.to)
        if personal:
            # A notice may quote a personal field, so its text is as personal as the field.
            text = _commit(f"effects/{place}", text, salt, apart)
            if effect.to in secret:
                to = _commit(f"effects/{place}/to", to, salt, apart)
        pieces.append(f"[{encode_basestring(effect.kind)},{to},{text}]")
    return ",".join(pieces)


def _sends(sends: tuple[Sent, ...], guarded: bool, salt: Callable[[], str], apart: list[Personal]) -> str:
    pieces = []
    for place, (case_id, workflow, event, data, unit, chain) in enumerate(sends):
        text = write_context(data)
        if guarded and data:
            # What is sent may be personal here or there.
            text = _commit(f"sends/{place}", text, salt, apart)
        named = ",".join([encode_basestring(each) for each in (case_id, workflow, event)])
        pieces.append(f"[{named},{'null' if unit is None else encode_basestring(unit)},{chain},{text}]")
    return ",".join(pieces)


def _sent(place: int, found: list[Any], personal: Mapping[str, Personal]) -> Sent:
    case_id, workflow, event, unit, chain, data = found
    if "#" in data:
        kept = personal.get(f"sends/{place}")
        data = read_json(kept.value) if kept else {}
    values = {name: read_value(value) for name, value in data.items()}
    return Sent(case_id, workflow, event, values, unit, int(chain))


def _section(
    section: str, found: Mapping[str, Any], personal: Mapping[str, Personal], erased: str | None
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in found.items():
        if isinstance(value, dict) and "#" in value:
            kept = personal.get(f"{section}/{name}")
            values[name] = read_value(read_json(kept.value)) if kept else erased
        else:
            values[name] = read_value(value)
    return values


def _effects_in(
    found: Iterable[Any], personal: Mapping[str, Personal], erased: str | None
) -> tuple[Effect, ...]:
    return tuple(
        Effect(
            kind,
            _text_of_effect(f"{place}/to", to, personal, erased),
            _text_of_effect(f"{place}", text, personal, erased),
        )
        for place, (kind, to, text) in enumerate(found)
    )


def _text_of_effect(place: str, text: Any, personal: Mapping[str, Personal], erased: str | None) -> str:
    if isinstance(text, str):
        return text
    kept = personal.get(f"effects/{place}")
    return str(read_json(kept.value)) if kept else erased or ""


def _actor(actor: Actor) -> str:
    try:
        return _remembered_actor(actor)
    except TypeError:
        # The roles were handed in as lists, which nothing can be remembered by.
        return _remembered_actor.__wrapped__(actor)


@lru_cache(maxsize=4096)
def _remembered_actor(actor: Actor) -> str:
    roles = [f",{write_texts(pair)}" for pair in actor.roles]
    return f"[{encode_basestring(actor.id)}{''.join(roles)}]"
