"""The pytest plugin: `*.feature` files run without any Python file. It costs nothing until one is found.

Without pytest-bdd it collects nothing, and says so where a feature was found.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from partybuild_flow.bdd.definitions import stands_beside, workflows_above
from partybuild_flow.bdd.session import STATE, State

if TYPE_CHECKING:
    from partybuild_flow.bdd.scene import Scene

pytest_plugins = ("partybuild_flow.bdd.step_door",)

COVER_FORMS: Final = ("term", "json:", "html:")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and ini values of features."""
    group = parser.getgroup("flow", "features of workflows (partybuild_flow)")
    group.addoption(
        "--flow-cover",
        action="append",
        nargs="?",
        const="term",
        default=[],
        metavar="term|json:FILE|html:FILE",
        help="tell which states, transitions, rules and rows of tables no scenario has come by; may be given several times",
    )
    group.addoption(
        "--flow-cover-fail-under",
        type=float,
        default=None,
        metavar="N",
        help="fail if less than N of a hundred of them are covered",
    )
    group.addoption(
        "--flow-traceback",
        action="store_true",
        default=False,
        help="show Python's traceback of a failed step as well",
    )
    parser.addini(
        "flow_features",
        "files or folders whose features are run without Python, from the rootdir; "
        "without it, those in the folder features beside the folder workflows",
        type="args",
    )
    parser.addini(
        "flow_workflows",
        "folders of workflows for all features, from the rootdir; without it, the nearest folder workflows above a feature",
        type="args",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look over the options."""
    for wanted in config.getoption("--flow-cover"):
        if not (wanted == "term" or (wanted.startswith(COVER_FORMS[1:]) and wanted[5:])):
            raise pytest.UsageError(
                f"--flow-cover={wanted}: write --flow-cover=term, --flow-cover=json:FILE or --flow-cover=html:FILE"
            )
    config.stash[STATE] = State(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a feature of ours; those of an adopter's own pytest-bdd tests are left to them."""
    if file_path.suffix != ".feature":
        return None
    state = parent.config.stash[STATE]
    folders = folders_for(parent.config, file_path)
    if not folders:
        return None
    if not _has_pytest_bdd(parent.config):
        state.left.append(file_path)
        return None
    from partybuild_flow.bdd import feature_file

    if not parent.config.pluginmanager.is_registered(feature_file):
        parent.config.pluginmanager.register(feature_file, "partybuild_flow_features")
    return feature_file.FeatureFile.of(parent, file_path, state.definitions_in(folders))


def folders_for(config: pytest.Config, path: Path) -> tuple[Path, ...]:
    """The folders of workflows for a feature of ours; empty for a feature that is somebody else's.

    A comment in the file names one (`# workflows: PATH`); else those of the ini value; else the
    nearest folder `workflows` above. A feature is ours if it says so itself, if `flow_features` names
    it, or, without that ini value, if it lies in the folder `features` beside those workflows.
    """
    from partybuild_flow.bdd.definitions import named_in

    named = named_in(path.read_text(encoding="utf-8-sig", errors="replace"))
    if named is not None:
        return ((path.parent / named).resolve(),)
    root = config.rootpath
    given = tuple((root / each).resolve() for each in config.getini("flow_workflows"))
    nearest = workflows_above(path)
    found = given or ((nearest,) if nearest else ())
    wanted = [(root / each).resolve() for each in config.getini("flow_features")]
    if wanted:
        return found if any(each == path or each in path.parents for each in wanted) else ()
    beside = [*given, *([nearest] if nearest else [])]
    return found if any(stands_beside(path, each) for each in beside) else ()


@pytest.fixture
def flow(_flow_scene: Scene) -> Scene:
    """A fresh engine in memory over the workflows of this project, with a clock, people and named cases: a `Scene`."""
    return _flow_scene


@pytest.fixture
def _flow_scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """The scene under a name that no adopter's fixture has, so that features are sure of it."""
    from partybuild_flow.bdd.scene import Scene

    config = request.config
    definitions = getattr(request.node, "definitions", None)
    if definitions is None:
        root = config.rootpath
        given = tuple((root / each).resolve() for each in config.getini("flow_workflows"))
        nearest = workflows_above(request.path)
        if not given and nearest is None:
            raise pytest.UsageError(
                f"no folder workflows stands above {request.path}; name one with flow_workflows"
            )
        definitions = config.stash[STATE].definitions_in(given or ((nearest,) if nearest else ()))
    scene = Scene(definitions)
    yield scene
    covered = config.stash[STATE].covered
    if covered is not None:
        from partybuild_flow.bdd.coverage import hits_of

        for workflow in definitions.library().workflows:
            covered.know(workflow)
        covered.add(hits_of(scene))
    scene.close()


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave the scenarios that a Python test has bound to that test."""
    plugin = config.pluginmanager.get_plugin("partybuild_flow_features")
    if plugin is not None:
        plugin.leave_bound(session, items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Send the coverage to the process that collects it, or write the reports and look at the least share."""
    config = session.config
    covered = config.stash[STATE].covered if STATE in config.stash else None
    if covered is not None:
        output: Any = getattr(config, "workeroutput", None)
        if output is not None:
            output["flow_coverage"] = covered.packed()
            return (yield)
        from partybuild_flow.bdd.cover_report import write_reports

        write_reports(covered, config.getoption("--flow-cover"))
        least = config.getoption("--flow-cover-fail-under")
        if least is not None and covered.percent < least and session.exitstatus in (0, 5):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the coverage of a worker of pytest-xdist."""
    covered = node.config.stash[STATE].covered
    packed = getattr(node, "workeroutput", {}).get("flow_coverage")
    if covered is not None and packed:
        covered.merge(packed)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell the coverage, and which features were left for want of pytest-bdd."""
    state = config.stash[STATE]
    if state.left:
        terminalreporter.write_line(
            f"partybuild_flow: {len(state.left)} .feature file(s) not run; pytest-bdd is missing: "
            "pip install 'partybuild-flow[features]'"
        )
    if state.covered is not None:
        from partybuild_flow.bdd.cover_report import terminal_lines

        terminalreporter.section("workflows covered")
        least = config.getoption("--flow-cover-fail-under")
        for line in terminal_lines(state.covered, least):
            terminalreporter.write_line(line)


def _has_pytest_bdd(config: pytest.Config) -> bool:
    return any(config.pluginmanager.has_plugin(name) for name in ("pytest-bdd", "pytest_bdd.plugin"))
