"""A folder, or texts already in hand, as a definition; or every problem in them, in file order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Position, Problem, in_file_order
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.including import (
    SHARED,
    Included,
    including,
    is_fragment,
    is_shared,
    named,
    shared_files,
)
from partybuild_flow.reader.keywords import told_language
from partybuild_flow.reader.outlines import Outlines
from partybuild_flow.reader.resolve import Rules, Written, resolve
from partybuild_flow.reader.shipped import calendar_names
from partybuild_flow.reader.text import MAX_BYTES, AnyNode, Source, read_tree
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written import WrittenParameters, WrittenRuleSet, WrittenTable, WrittenWorkflow

WORKFLOW_FILE: Final = "workflow.yaml"
PARAMETERS_FILE: Final = "parameters.yaml"
CHOSEN_SET: Final = "parameters.set"
"""Not a file: under this name the texts of a definition hold the name of the chosen set of parameters."""

_FileModel = type[WrittenWorkflow] | type[WrittenParameters] | type[WrittenTable] | type[WrittenRuleSet]

_LATER: Final = (".table.csv", ".table.xlsx", ".dmn")
_YAML: Final = (".yaml", ".yml")
_BESIDE: Final = ("log.yaml",)
"""Files that may lie in the folder of a definition and are no part of it."""


class _Obstacle(NamedTuple):
    """Why a file was not read; its sentence waits until the workflow's language is known."""

    code: str
    path: str
    data: Mapping[str, object]
    line: int = 1
    column: int = 1
    language: Language | None = None


def read_workflow(
    folder: Path,
    *,
    parameters: str | None = None,
    related: Outlines | None = None,
    calendars: Collection[str] = (),
    instead: Mapping[str, str] | None = None,
) -> Workflow:
    """The definition that is written in a folder; messages name its files as `folder` names it.

    `parameters` is the set of parameters that it works with, `related` the workflows that it may refer
    to; without them, those in the folders beside it. `calendars` are the ids of calendars that need no
    file beside it. `instead` are texts that are read in the place of files of the folder, by name.

    Raises:
        WorkflowInvalid: with every problem of every file.
    """
    texts: dict[str, str] = {}
    obstacles: list[_Obstacle] = []
    replaced = instead or {}
    texts.update(replaced)
    for path in (each for each in _files(folder) if each.name not in replaced):
        found = _text_of(path, folder)
        if isinstance(found, str):
            texts[path.name] = found
        else:
            obstacles.append(found)
    for path in shared_files(folder, texts.get(WORKFLOW_FILE)):
        found = _text_of(path, path.parent)
        if isinstance(found, str):
            texts[f"{SHARED}/{path.name}"] = found
        else:
            obstacles.append(found._replace(path=f"{SHARED}/{path.name}"))
    if parameters is not None:
        texts[CHOSEN_SET] = parameters
    known = {*calendars, *calendar_names((folder.parent,))}
    return _read(texts, folder.as_posix(), obstacles, related or Outlines([folder]), known)


def read_texts(texts: Mapping[str, str], root: str, related: Outlines | None = None) -> Workflow:
    """The definition in texts by their path inside the folder `root`, which is only named in messages.

    `related` are the workflows that it may refer to besides itself.

    Raises:
        WorkflowInvalid: with every problem of every text.
    """
    return _read(texts, root, [], related or Outlines())


def read_file(path: Path, findings: Findings) -> AnyNode | None:
    """The tree of a file that stands by itself; None, after its problems, if there is none."""
    found = _text_of(path, path.parent)
    if isinstance(found, _Obstacle):
        position = Position(path.as_posix(), found.line, found.column)
        findings.add(Problem(found.code, position, found.data))
        return None
    text = _plain(found)
    tree, problems = read_tree(Source(path.as_posix(), text, told_language(text) or "en"))
    findings.problems.extend(problems)
    return tree


def hash_of(texts: Mapping[str, str]) -> str:
    """SHA-256 over all texts by path, in hexadecimal; line ends and byte order marks do not count."""
    canonical = {path: _plain(text) for path, text in texts.items()}
    written = json.dumps(canonical, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    """The files of a folder that may belong to a definition, by name."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    parts = [name for name in names if name.endswith((*_YAML, *_LATER)) and name not in _BESIDE]
    return [folder / name for name in parts if not name.startswith(".")]


def _text_of(path: Path, folder: Path) -> str | _Obstacle:
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return _Obstacle("PF141", path.name, {})
        if not path.is_file():
            return _Obstacle("PF143", path.name, {"reason": Phrase("no-file")})
        if path.name.endswith(_LATER):
            return _Obstacle("PF144", path.name, {"file": path.name})
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except PermissionError:
        return _Obstacle("PF143", path.name, {"reason": Phrase("no-permission")})
    except (OSError, RuntimeError):  # RuntimeError: a loop of symbolic links, before Python 3.13
        return _Obstacle("PF143", path.name, {"reason": Phrase("no-file")})
    try:
        return content.decode() if len(content) <= MAX_BYTES else _too_large(path.name)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        guess, text = _guessed(content)
        return _Obstacle("PF101", path.name, {"guess": guess}, line, column, told_language(text))


def _too_large(path: str) -> _Obstacle:
    return _Obstacle("PF102", path, {"limit": MAX_BYTES // 1_000_000})


def _guessed(content: bytes) -> tuple[Phrase, str]:
    """What a text that is not UTF-8 seems to be, and how it reads then."""
    encoding = "UTF-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "GBK"
    try:
        text = content.decode("utf-16" if encoding == "UTF-16" else "gb18030")
    except UnicodeDecodeError:
        return Phrase("nothing"), ""
    return Phrase("seems-encoded", {"encoding": encoding}), text


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _read(
    texts: Mapping[str, str],
    root: str,
    obstacles: list[_Obstacle],
    related: Outlines,
    calendars: Collection[str] | None = None,
) -> Workflow:
    plain = {path: _plain(texts[path]) for path in sorted(texts) if path != CHOSEN_SET}
    for path in [path for path, text in plain.items() if len(text) > MAX_BYTES]:
        obstacles.append(_too_large(path))
        del plain[path]
    obstructed = (obstacle.language for obstacle in obstacles if obstacle.language)
    language: Language = next(chain(_languages(plain), obstructed), "en")
    findings = Findings()
    for obstacle in obstacles:
        position = Position(named(root, obstacle.path), obstacle.line, obstacle.column)
        findings.add(Problem(obstacle.code, position, obstacle.data, language))
    if WORKFLOW_FILE not in {*plain, *(obstacle.path for obstacle in obstacles)}:
        findings.add(Problem("PF140", Position(root, 1, 1), {"file": WORKFLOW_FILE}, language))
        raise WorkflowInvalid(in_file_order(findings.problems))
    written = _written(plain, root, language, findings)
    if written is None or obstacles:
        raise WorkflowInvalid(in_file_order(findings.problems))
    kept = {path: text for path, text in plain.items() if not is_shared(path) or path in written.fragments}
    workflow = resolve(written, kept, hash_of(kept), findings, related)
    calendar = written.workflow.calendar
    if calendar is not None and calendars is not None and calendar.text not in calendars:
        hint = hint_at(calendar.text, sorted(calendars))
        findings.add(calendar.problem("PF261", calendar=calendar.text, hint=hint))
    if findings.problems:
        raise WorkflowInvalid(in_file_order(findings.problems))
    return with_set(workflow, texts[CHOSEN_SET]) if CHOSEN_SET in texts else workflow


def with_set(workflow: Workflow, name: str) -> Workflow:
    """The definition with the values of a set of parameters: another definition, with a hash of its own.

    Raises:
        WorkflowInvalid: there is no such set.
        ValueError: another one was chosen before.
    """
    if workflow.chosen_set is not None:
        if workflow.chosen_set == name:
            return workflow
        raise ValueError(f"{workflow.id} has the set {workflow.chosen_set!r} already")
    if name not in workflow.sets:
        position = Position(PurePosixPath(workflow.position.path).with_name(PARAMETERS_FILE).as_posix(), 1, 1)
        data = {"set": name, "hint": hint_at(name, workflow.sets)}
        raise WorkflowInvalid([Problem("PF259", position, data, workflow.language)])
    texts = {**workflow.texts, CHOSEN_SET: name}
    update = {
        "parameters": {**workflow.parameters, **workflow.sets[name]},
        "chosen_set": name,
        "texts": texts,
        "hash": hash_of(texts),
    }
    return workflow.model_copy(update=update)


def _languages(texts: Mapping[str, str]) -> Iterator[Language]:
    """The languages that the files speak, that of the workflow first."""
    for path in sorted(texts, key=lambda path: path != WORKFLOW_FILE):
        language = told_language(texts[path])
        if language is not None:
            yield language


def _written(texts: Mapping[str, str], root: str, language: Language, findings: Findings) -> Written | None:
    """The written form of all files; None if names may be missing because one of them made no sense."""
    workflow: WrittenWorkflow | None = None
    parameters: list[WrittenParameters] = []
    rules: list[Rules] = []
    complete = True
    included: Included | None = None
    walk = Walk(findings)
    for path in sorted(texts, key=lambda path: path != WORKFLOW_FILE):
        text = texts[path]
        if is_fragment(path):
            continue
        source = Source(named(root, path), text, told_language(text) or language)
        model = _model_of(path)
        if model is None:
            findings.add(source.problem("PF142", file=PurePosixPath(path).name))
            continue
        tree, problems = read_tree(source)
        findings.problems.extend(problems)
        if model is WrittenWorkflow and tree is not None:
            included = including(tree, texts, root, findings)
            tree = included.tree
        elif included is not None and tree is not None:
            tree = included.lists.filled(tree)
        part = walk.part(model, tree) if tree is not None else None
        complete = complete and tree is not None
        if part is None and issubclass(model, WrittenTable | WrittenRuleSet):
            findings.lose("tables")
        if isinstance(part, WrittenWorkflow):
            workflow = part
        elif isinstance(part, WrittenParameters):
            parameters.append(part)
        elif part is not None:
            rules.append(part)
    if included is not None and complete:
        included.lists.hold_to_use(findings)
    if workflow is None or included is None or not complete:
        return None
    return Written(workflow, tuple(parameters), tuple(rules), included.used, included.arguments)


def _model_of(path: str) -> _FileModel | None:
    """What a file of this name holds; None if the name does not tell."""
    if path == WORKFLOW_FILE:
        return WrittenWorkflow
    if path == PARAMETERS_FILE:
        return WrittenParameters
    if path.endswith(".table.yaml"):
        return WrittenTable
    return WrittenRuleSet if path.endswith(".rules.yaml") else None
