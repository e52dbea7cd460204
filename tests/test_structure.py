"""The house rules that a machine can hold: sizes, names, public names."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import partybuild_flow

SOURCE = Path(partybuild_flow.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN = {
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
    "common",
    "base",
    "core",
    "service",
    "processor",
    "misc",
}


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {str(path): length for path, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.name} {node.end_lineno - node.lineno + 1}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 50
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in MODULES if path.stem in FORBIDDEN] == []


def test_public_names_are_sorted_exist_and_have_docstrings() -> None:
    assert partybuild_flow.__all__ == sorted(partybuild_flow.__all__)
    for name in partybuild_flow.__all__:
        assert getattr(partybuild_flow, name).__doc__, name
    assert dir(partybuild_flow) == partybuild_flow.__all__


def test_no_definition_text_can_reach_eval_or_an_import() -> None:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "__import__", "setattr"), f"{path}:{node.lineno}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "exec":
                assert path.parent.name in ("feel", "rules"), f"{path}:{node.lineno}"


def test_importing_the_engine_loads_neither_sqlalchemy_nor_the_two_engines() -> None:
    code = (
        "import sys; from partybuild_flow import Actor, Engine;"
        "print([name for name in ('sqlalchemy', 'transitions', 'durable', 'typer', 'rich') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_module_can_be_imported_alone_and_says_what_it_holds() -> None:
    for path in MODULES:
        name = ".".join(("partybuild_flow", *path.relative_to(SOURCE).with_suffix("").parts))
        assert importlib.import_module(name.removesuffix(".__init__")).__doc__, name
