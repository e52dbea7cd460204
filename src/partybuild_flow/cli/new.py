"""`pbflow new`: a small complete workflow to begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.cli.wording import language_of, own_language, word
from partybuild_flow.errors import FlowError
from partybuild_flow.messages import Language
from partybuild_flow.reader.including import ENDING, SHARED, titles_of

_NAME: Final = re.compile(r"[^\W\d_][\w-]{0,59}")
_ID: Final = re.compile(r"[a-z][a-z0-9-]*")
_TEMPLATE_ID: Final = "suggestion-handling"
_TITLES: Final = {"zh-CN": "流程: 意见建议办理", "en": "workflow: suggestion handling"}


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    workflows: options.Workflows = options.WORKFLOWS,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Write a small complete workflow with a table and a rule set, to begin with."""
    own = own_language(language)
    if not _NAME.fullmatch(name):
        raise typer.BadParameter(word("bad-name", own, name=name), param_hint="NAME")
    folder = workflows / name
    if folder.exists():
        raise FlowError(word("exists", own, folder=folder))
    written = language_of(language) or "zh-CN"
    texts = template(name, written)
    shared = workflows / SHARED
    missing = {
        file: text for file, text in shared_with(texts, written).items() if not (shared / file).exists()
    }
    places = {folder / file: text for file, text in texts.items()}
    places |= {shared / file: text for file, text in missing.items()}
    try:
        for place, text in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FlowError(word("no-writing", own, file=folder, reason=error.strerror or error)) from error
    if as_json:
        beside = [(shared / file).as_posix() for file in missing]
        put_json({"workflow": name, "folder": folder.as_posix(), "files": list(texts), "shared": beside})
        return
    put(word("new", own, folder=folder))
    for place in places:
        put(f"  {place}")
    put(word("new.next", own, command=f"pbflow check {folder}"))


def template(name: str, language: Language) -> dict[str, str]:
    """The files of the workflow to begin with, by name, called as its user wants it."""
    home = files("partybuild_flow.cli") / "templates" / language
    texts = {
        each.name: each.read_text(encoding="utf-8") for each in home.iterdir() if each.name.endswith(".yaml")
    }
    return {file: _called(texts[file], name, language) for file in sorted(texts)}


def shared_with(texts: Mapping[str, str], language: Language) -> dict[str, str]:
    """The fragments, by file, that these texts include: of this language, else those of the shipped workflows."""
    own = Path(str(files("partybuild_flow.cli"))) / "templates" / language / SHARED
    home = own if own.is_dir() else shipped("workflows") / SHARED
    known = {path.name: path.read_text(encoding="utf-8") for path in sorted(home.glob(f"*{ENDING}"))}
    found: dict[str, str] = {}
    waiting = list(texts.values())
    while waiting:
        text = waiting.pop()
        for file in known.keys() - found.keys():
            titles = "|".join(map(re.escape, titles_of(known[file])))
            if re.search(rf"[-{{] ?(?:片段|fragment): (?:{titles})(?![\w-])", text):
                found[file] = known[file]
                waiting.append(known[file])
    return {file: found[file] for file in sorted(found)}


def _called(text: str, name: str, language: Language) -> str:
    """The text with the new workflow's name: as its id if it can be one, else as what people read."""
    if _ID.fullmatch(name):
        return text.replace(_TEMPLATE_ID, name, 1)
    title = _TITLES[language]
    lines = [line for line in text.split("\n") if _TEMPLATE_ID not in line]
    return "\n".join(f"{title.partition(' ')[0]} {name}" if line == title else line for line in lines)
