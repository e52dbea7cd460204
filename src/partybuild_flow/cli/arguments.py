"""What is written on the command line, read: who acts, when, with which data. Faults are wrong usage."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import typer

from partybuild_flow.case import Actor
from partybuild_flow.cli.wording import word
from partybuild_flow.facts import UnfitError, instant
from partybuild_flow.messages import Language

BIGGEST: Final = 5_000_000
"""How many bytes of data one event may bring."""


def read_actor(written: Sequence[str], language: Language) -> Actor:
    """The actor of `--by`: `id`, or `id:role@unit,role@unit`; several options are one actor with all roles.

    Raises:
        typer.BadParameter: what is written is not of this form, or names two actors.
    """
    ids: dict[str, None] = {}
    roles: list[tuple[str, str]] = []
    for each in written:
        identity, colon, told = _split(each, ":：")
        ids[identity.strip()] = None
        pairs = re.split("[,，]", told) if colon else []
        for pair in pairs:
            role, at, unit = _split(pair, "@＠")
            if not at or not role.strip():
                raise typer.BadParameter(word("bad-by", language, written=each), param_hint="--by")
            roles.append((role.strip(), unit.strip().strip("/")))
    if any(not each or re.search("[,，@＠]", each) for each in ids):
        raise typer.BadParameter(word("bad-by", language, written="".join(written)), param_hint="--by")
    if len(ids) > 1:
        raise typer.BadParameter(word("two-actors", language, actors=tuple(ids)), param_hint="--by")
    return Actor(next(iter(ids)), tuple(roles))


def read_instant(written: str | None, option: str, language: Language) -> datetime | None:
    """The instant of an option; one without a zone is meant in Asia/Shanghai. Raises typer.BadParameter."""
    if written is None:
        return None
    try:
        found = instant(written.strip())
    except UnfitError:
        found = None
    if found is None:
        raise typer.BadParameter(word("bad-instant", language, written=written), param_hint=option)
    return found


def read_day(written: str | None, option: str, language: Language) -> date | None:
    """The day of an option. Raises typer.BadParameter."""
    try:
        return None if written is None else date.fromisoformat(written.strip())
    except ValueError:
        raise typer.BadParameter(word("bad-day", language, written=written), param_hint=option) from None


def read_data(pairs: Sequence[str], written: str | None, language: Language) -> Mapping[str, object]:
    """The data of an event: the JSON object of `--data`, and over it the arguments `field=value`.

    A field that is written several times is a list. `--data` holds the object itself, the name of
    a file with it, or `-` for the standard input.

    Raises:
        typer.BadParameter: an argument without `=`, no file, or no JSON object.
    """
    data = {} if written is None else _object(_source(written, language), language)
    told: dict[str, list[str]] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals or not field.strip():
            raise typer.BadParameter(word("bad-pair", language, written=pair), param_hint="FIELD=VALUE")
        told.setdefault(field.strip(), []).append(value)
    return {**data, **{field: values[0] if len(values) == 1 else values for field, values in told.items()}}


def read_sets(written: Sequence[str] | None, language: Language) -> dict[str, str]:
    """The sets of parameters of `--parameters`: a set's name by the id or name of its workflow.

    Raises:
        typer.BadParameter: one is not written as `workflow=set`.
    """
    found: dict[str, str] = {}
    for each in written or ():
        workflow, equals, name = each.partition("=")
        if not equals or not workflow.strip() or not name.strip():
            raise typer.BadParameter(word("bad-set", language, written=each), param_hint="--parameters")
        found[workflow.strip()] = name.strip()
    return found


def _split(text: str, signs: str) -> tuple[str, str, str]:
    """A text at the first of some signs, which may be full-width."""
    found = re.search(f"[{signs}]", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _source(written: str, language: Language) -> str:
    if written.lstrip().startswith("{"):
        return written
    try:
        content = sys.stdin.buffer.read(BIGGEST + 1) if written == "-" else _bytes_of(Path(written))
        if len(content) > BIGGEST:
            raise typer.BadParameter(
                word("big-data", language, most=BIGGEST // 1_000_000), param_hint="--data"
            )
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reason = word("no-text", language)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    raise typer.BadParameter(word("no-file", language, file=written, reason=reason), param_hint="--data")


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BIGGEST + 1)


def _object(text: str, language: Language) -> dict[str, object]:
    try:
        found = json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse, object_pairs_hook=_pairs
        )
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        raise typer.BadParameter(word("bad-json", language, **place), param_hint="--data") from None
    except (ValueError, RecursionError, InvalidOperation) as error:
        place = {"line": 1, "column": 1, "reason": str(error)}
        raise typer.BadParameter(word("bad-json", language, **place), param_hint="--data") from None
    if not isinstance(found, dict):
        raise typer.BadParameter(word("no-object", language), param_hint="--data")
    return found


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no number of JSON")


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} is written twice")
    return found
