"""What the pages show is run as it stands, and both languages say the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from partybuild_flow import Engine
from partybuild_flow.checks import check
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.feel.functions import CHINESE_NAMES, FUNCTIONS, Function
from partybuild_flow.reader.calendars import read_calendar
from partybuild_flow.reader.keywords import CHINESE, spelled
from tests import keyword_reference
from tests.pages import CHINESE as IN_CHINESE
from tests.pages import DOCS, PROJECT, Block, blocks, lay_out, program, prose, shape

RUN_DEMO = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/pbflow demo"
RUN_TESTS = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest"

READMES = [PROJECT / "README.md", PROJECT / "README.zh.md"]
PAGES = [*READMES, *sorted(DOCS.glob("*.md"))]
ENGLISH = [page for page in PAGES if not page.name.endswith(IN_CHINESE)]
PAIRS = [page for page in ENGLISH if page.with_suffix(IN_CHINESE).exists()]
EXPLAINING = [page for page in PAIRS if page.parent == DOCS]
EXAMPLES = [page for page in EXPLAINING if page.name != "dmn.md"]
"""The pages that explain a part of the language by a workflow and its feature."""


def named(page: Path) -> str:
    return page.name


# The examples


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What became of every scenario and test of the examples, by page."""
    folder = tmp_path_factory.mktemp("examples")
    for page in EXAMPLES:
        lay_out(page, folder / page.stem)
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    quiet = ("-q", "-rA", "-p", "no:cacheprovider", "-W", "error", "--flow-cover-fail-under=100")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *quiet,
            "--rootdir",
            str(folder),
            "--import-mode=importlib",
            str(folder),
        ],
        cwd=folder,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    found: dict[str, list[str]] = {"": [run.stdout + run.stderr] if run.returncode else []}
    for outcome, page in re.findall(r"^([A-Z]+) ([\w-]+)/", run.stdout, re.MULTILINE):
        found.setdefault(page, []).append(outcome)
    return found


@pytest.mark.parametrize("page", EXAMPLES, ids=named)
def test_every_page_on_the_language_has_a_workflow_and_a_feature_that_is_kept(
    page: Path, played: dict[str, list[str]], tmp_path: Path
) -> None:
    files = [path.relative_to(tmp_path).as_posix() for path in lay_out(page, tmp_path)]
    assert any(each.endswith("workflow.yaml") for each in files)
    assert any(each.endswith(".feature") for each in files)
    assert [
        problem for workflow in read_workflows(tmp_path / "workflows") for problem in check(workflow)
    ] == []
    assert set(played.get(page.stem, ())) == {"PASSED"}, "".join(played[""])


def test_the_features_of_the_pages_cover_every_state_transition_rule_and_row(
    played: dict[str, list[str]],
) -> None:
    assert played[""] == []


@pytest.mark.parametrize("page", [page for page in EXPLAINING if program(page)], ids=named)
def test_the_python_of_a_page_runs_with_its_workflows(page: Path, tmp_path: Path) -> None:
    lay_out(page, tmp_path)
    subprocess.run([sys.executable, "-c", program(page)], cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=named)
def test_every_block_of_a_page_is_a_file_or_a_program_or_a_tree(page: Path) -> None:
    for block in blocks(page):
        assert block.path is not None or block.language in ("python", ""), block.text
        assert block.language in ("yaml", "gherkin", "python", "xml", ""), block.language


def test_the_calendar_of_the_page_is_one(tmp_path: Path) -> None:
    (path,) = [path for path in lay_out(DOCS / "calendar.md", tmp_path) if path.name == "park.calendar.yaml"]
    assert [year.year for year in read_calendar(path).years] == [2022, 2023, 2027]


# Both languages


@pytest.mark.parametrize("page", PAIRS, ids=named)
def test_a_page_is_built_in_chinese_as_it_is_in_english(page: Path) -> None:
    chinese = page.with_suffix(IN_CHINESE)
    assert shape(page) == shape(chinese)
    if page in READMES:
        assert [each.language for each in blocks(page)] == [each.language for each in blocks(chinese)]
    else:
        assert blocks(page) == blocks(chinese)
    assert f"]({chinese.name})" in page.read_text(encoding="utf-8")
    assert f"]({page.name})" in chinese.read_text(encoding="utf-8")


def test_every_page_on_the_language_is_there_in_both_languages() -> None:
    both = {"functions.md", "glossary.md", "problems.md"}
    assert {page.name for page in ENGLISH if page not in PAIRS} == both


@pytest.mark.parametrize("page", [page for page in PAGES if page.name.endswith(IN_CHINESE)], ids=named)
def test_chinese_pages_use_the_punctuation_of_chinese(page: Path) -> None:
    text = "\n".join(re.sub(r"`[^`]*`|“[^”]*”|\]\([^)]*\)", "`", line) for line in prose(page))
    assert re.findall(r"[一-龥][,;:?!()]|[,;?!(][一-龥]|[一-龥]\.\s", text) == []


# Words and lists


def test_the_page_of_functions_lists_each_with_its_arguments_and_chinese_name() -> None:
    page = (DOCS / "functions.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    listed = {row[0].partition("(")[0].strip("`"): row for row in rows}
    assert len(listed) == len(rows)
    assert set(listed) == set(FUNCTIONS)
    for name, (calls, *rest) in listed.items():
        assert re.findall("`(.+?)`", calls) == calls_of(FUNCTIONS[name])
        assert rest[0].strip("` ") == CHINESE_NAMES.get(name, "")
        assert all(told.strip() for told in rest[1:])


def calls_of(function: Function) -> list[str]:
    """The ways to call a function, with the names of its arguments."""
    found = []
    for signature in function.signatures:
        names = [each.name + "?" * each.optional for each in signature.parameters if each.name]
        found.append(f"{function.name}({', '.join([*names, *['…'] * signature.repeated])})")
    return list(dict.fromkeys(found))


def test_every_keyword_is_listed_at_its_place() -> None:
    for language, page in keyword_reference.PAGES.items():
        text = page.read_text(encoding="utf-8")
        assert keyword_reference.written_into(text, language) == text, (
            "run: python -m tests.keyword_reference"
        )
    assert [
        row.keyword for _, _, rows in keyword_reference.places("en") for row in rows if not row.says
    ] == []
    placed = {tuple(word) for word in keyword_reference.listed()}
    later = {keyword for model in keyword_reference.every_model() for keyword in model.later}
    known = {(spelled(english, "en"), chinese): english for english, chinese in CHINESE.items()}
    assert {english for words, english in known.items() if words not in placed} <= later
    for page in keyword_reference.PAGES.values():
        (told,) = re.findall(r"\n## [^\n]+\n\n([^#]*?)\bPF106\b", page.read_text(encoding="utf-8"))
        assert set(re.findall("[`（]([a-z-]+)[`）]", told)) == later


def test_the_glossary_has_each_word_once_in_both_languages() -> None:
    rows = [line.strip("| ").split(" | ") for line in prose(DOCS / "glossary.md") if line.startswith("| ")][
        2:
    ]
    assert all(len(row) == 4 and all(row) for row in rows)
    for column, separator in ((0, ", "), (1, "、")):
        words = [word for row in rows for word in row[column].split(separator)]
        assert len(words) == len(set(words))


@pytest.mark.parametrize("page", [*PAGES, PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md"], ids=named)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [each for each in links if not (page.parent / each).exists()] == []


@pytest.mark.parametrize("page", READMES, ids=named)
def test_both_readmes_lead_to_every_page_of_the_docs(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    chinese = page.name.endswith(IN_CHINESE)
    wanted = [
        each.with_suffix(IN_CHINESE) if chinese and each in PAIRS else each
        for each in ENGLISH
        if each.parent == DOCS
    ]
    assert [each.name for each in wanted if f"(docs/{each.name})" not in text] == []


# The readmes


@pytest.mark.parametrize("page", READMES, ids=named)
def test_both_readmes_give_the_two_commands_under_the_compiler(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert 0 < text.index("build-essential") < text.index(RUN_DEMO) < text.index(RUN_TESTS)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert RUN_TESTS in (PROJECT / ".ci" / "run").read_text(encoding="utf-8").replace("install -q", "install")


@pytest.mark.parametrize("page", READMES, ids=named)
def test_the_first_hours_of_the_readmes_go_as_they_are_told(page: Path, tmp_path: Path) -> None:
    for block in blocks(page):
        run_block(block, tmp_path)
    assert list(tmp_path.glob("workflows/*/workflow.yaml"))
    assert list(tmp_path.glob("features/*.feature"))


def run_block(block: Block, folder: Path) -> None:
    """Write the file that a block shows, or carry out its commands or its program."""
    bin_folder = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
    }
    command = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}.get(block.language)
    if block.path is not None:
        (folder / block.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / block.path).write_text(block.text, encoding="utf-8")
    elif command is not None:
        run = subprocess.run(
            [*command, block.text],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert run.returncode == 0, f"{block.text}\n{run.stdout}{run.stderr}"
    else:
        assert block.text.strip() in (RUN_DEMO, RUN_TESTS)


@pytest.mark.parametrize("page", READMES, ids=named)
def test_the_readmes_name_every_method_of_the_engine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    methods = [name for name in dir(Engine) if not name.startswith("_")]
    assert [name for name in methods if not re.search(rf"[.`]{name}\b", text)] == []


@pytest.mark.parametrize("page", [*PAGES, PROJECT / "CONTRIBUTING.md", PROJECT / "CHANGELOG.md"], ids=named)
def test_every_command_that_a_page_names_is_one(page: Path) -> None:
    from typer.main import get_command

    from partybuild_flow.cli.application import application

    known: set[str] = set(getattr(get_command(application()), "commands", {}))
    assert set(re.findall(r"pbflow ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))) <= known


def test_the_floors_of_the_page_are_those_that_are_checked() -> None:
    (floors,) = [
        each.text for each in blocks(PROJECT / "CONTRIBUTING.md") if "cli" in each.text and " | " in each.text
    ]
    told = [line.split("  ")[0] for line in floors.splitlines()]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [
        each["layers"] for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    ]
    assert told == layers
