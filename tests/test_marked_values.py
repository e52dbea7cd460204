"""Marked values stand wherever a personal value can stand; every output of every command and report is searched."""

from __future__ import annotations

import csv
import logging
import re
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from partybuild_flow import Actor, Engine, EventRefused, FlowError, StoreError
from partybuild_flow.cli.application import application
from partybuild_flow.cli.printing import json_text
from partybuild_flow.cli.records import case_record, decision_record, entry_record
from partybuild_flow.engine.requests import Correct, Send, Start
from tests.conftest import Clock
from tests.marked import FEATURE, IMPORT_MAP, MARKS, UNIT, marked_data, marked_json, write_marked
from tests.told import everything

REPORTER: Final = Actor(MARKS["person"])
CLERK: Final = Actor("clerk-1", [("clerk", UNIT)])
HANDLER: Final = Actor("handler-1", [("handler", UNIT)])
CALLER: Final = Actor("caller-1", [("caller", UNIT)])
STRANGER: Final = Actor("stranger", [("clerk", "harbour")])
LOOK_UPS: Final = {"register": lambda _: MARKS["answer"]}


def marks_in(told: str) -> dict[str, str]:
    """The marked values that a text repeats, each with what stands around the first."""
    # Hashes and ids may hold any digits by chance.
    found = {name: re.search(f"(?<![0-9a-f]){mark}", told) for name, mark in MARKS.items()}
    return {name: told[max(0, at.start() - 90) : at.end() + 60] for name, at in found.items() if at}


def lived(engine: Engine) -> tuple[str, str]:
    """A request that everything happens to, and its follow-up; a second follow-up was refused."""
    case = engine.start("request", marked_data(), by=REPORTER, unit=UNIT).case.id
    engine.send(case, "examine", by=HANDLER)
    for name in ("visitor-1", "visitor-2"):
        visitor = Actor(name, [("visitor", UNIT)])
        engine.send(case, "rate", {"opinion": MARKS["opinion"], "comment": MARKS["comment"]}, by=visitor)
    engine.send(case, "locate", {"track": MARKS["track"]}, by=HANDLER)
    engine.send(case, "look", by=HANDLER)
    refused = Actor(MARKS["person"], [("handler", UNIT)])
    with suppress(EventRefused):
        engine.send(case, "locate", {"track": "go away"}, by=refused)
    with suppress(EventRefused):
        engine.send(case, "close", by=HANDLER)
    reason = f"{MARKS['reason']} {MARKS['remark']}"
    engine.correct(case, {"remark": MARKS["remark"] + "b"}, reason=reason, by=CLERK)
    engine.correct(case, {"note": "plain"}, reason=f"see {MARKS['text']} {MARKS['integer']}", by=CLERK)
    first, second = engine.sent(case)
    assert second.refused is not None
    engine.send(first.case_id, "finish", {"result": "well"}, by=CALLER)
    return case, first.case_id


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    url = "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine.open(url, write_marked(tmp_path / "workflows"), clock=clock, look_ups=LOOK_UPS) as engine:
        yield engine


def told_to(engine: Engine, case: str, reader: Actor) -> Iterator[str]:
    """Whatever a program hands to this reader."""
    seen = engine.case(case, by=reader)
    history = engine.history(case, by=reader)
    yield from (everything(seen), json_text(case_record(seen)), everything(engine.cases(by=reader)))
    yield from (everything(each) + json_text(entry_record(each)) for each in history)
    yield everything(
        [engine.marks(case, by=reader), engine.possible(case, by=reader), engine.sent(case, by=reader)]
    )
    for event in (*engine.workflow_of(seen).events, "nothing"):
        decision = engine.ask(case, event, by=reader)
        yield from (
            decision.explain("en"),
            decision.explain("zh-CN"),
            json_text(decision_record(decision, "en")),
            json_text(decision.explanation("zh-CN").record()),
            decision.explain_html("en"),
        )
        yield everything(decision)
    if reader.id != MARKS["person"]:
        yield json_text(engine.export_personal(MARKS["person"], by=reader)["cases"])
        yield json_text(engine.export_personal(MARKS["people"], by=reader)["cases"])


def test_a_reader_without_the_right_is_shown_no_marked_value(office: Engine, clock: Clock) -> None:
    case, follow_up = lived(office)
    clock.pass_hours(30)
    assert office.catch_up().fired == 1
    assert marks_in("\n".join(told_to(office, case, HANDLER))) == {}
    own = marks_in("\n".join(told_to(office, case, REPORTER)))
    assert own.keys() <= {"person"}
    # Whoever calls back needs the number and the person; nothing else of the request is shown there.
    assert marks_in("\n".join(told_to(office, follow_up, CALLER))).keys() == {"text", "person"}


def test_whoever_may_see_them_is_shown_all_of_them(office: Engine) -> None:
    case, _ = lived(office)
    seen = marks_in("\n".join(told_to(office, case, CLERK)))
    assert MARKS.keys() - seen.keys() == {"refused"}


def test_a_case_does_not_tell_who_began_it_or_acted_where_that_person_is_hidden(office: Engine) -> None:
    case, _ = lived(office)
    assert office.case(case, by=HANDLER).started_by == "***"
    assert {each.actor.id for each in office.history(case, by=HANDLER)} >= {"***", "handler-1"}
    assert office.case(case, by=REPORTER).started_by == MARKS["person"]
    assert office.export_personal(MARKS["person"], by=HANDLER)["cases"] == []


WRONG: Final[list[tuple[str, dict[str, Any]]]] = [
    ("examine", {"text": MARKS["refused"]}),
    ("rate", {"opinion": MARKS["text"], "comment": MARKS["comment"]}),
    ("locate", {"track": [MARKS["track"]]}),
    ("close", {}),
    ("look", {}),
    ("nothing", {}),
]


def errors_of(engine: Engine, case: str) -> Iterator[BaseException]:
    """Every error that somebody can cause."""
    begin: list[dict[str, Any]] = [
        {**marked_data("2"), "born": MARKS["refused"]},
        {**marked_data("3"), "kind": MARKS["text"]},
        {**marked_data("4"), "household": [{"member": "x", MARKS["column"]: 1}]},
        {**marked_data("5"), "paper": {"id": MARKS["document"]}},
        {**marked_data("6"), "reporter": [MARKS["person"]]},
        marked_data(),
    ]
    acts: list[Callable[[], object]] = [
        lambda data=data: engine.start("request", data, by=REPORTER, unit=UNIT)  # type: ignore[misc]
        for data in begin
    ]
    acts += [
        lambda event=event, data=data, who=who: engine.send(case, event, data, by=who)  # type: ignore[misc]
        for event, data in WRONG
        for who in (HANDLER, CLERK)
        if not (event == "look" and who is HANDLER)
    ]
    acts.append(lambda: engine.correct(case, {"track": MARKS["refused"]}, reason=MARKS["reason"], by=CLERK))
    acts.append(lambda: engine.erase(case, reason=f"he asked, {MARKS['remark']}", by=CLERK))
    acts.append(lambda: engine.erase(case, fields=[MARKS["text"]], reason="asked", by=CLERK))
    for act in acts[:-1]:
        with suppress(FlowError):
            try:
                act()
            except FlowError as error:
                yield error
                raise


def test_errors_repeat_no_marked_value_in_any_form(office: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case, _ = lived(office)
    count = 0
    for error in errors_of(office, case):
        told = [
            str(error),
            repr(error),
            repr(error.args),
            repr(vars(error)),
            *traceback.format_exception(error),
        ]
        assert marks_in("\n".join(told)) == {}
        count += 1
    assert count >= 15
    logging.getLogger("anybody").info("%s %s", office.case(case), office.history(case))
    assert marks_in(caplog.text).keys() <= {"person"}


def test_the_reprs_of_cases_entries_and_requests_hold_names_and_ids_only(office: Engine) -> None:
    case, _ = lived(office)
    data = marked_data()
    told: list[object] = [office.case(case), office.history(case), office.marks(case), office.cases()]
    told += [office.ask(case, "look", by=CLERK), Start("request", data, CLERK), Send(case, "x", data, CLERK)]
    told.append(Correct(case, data, CLERK, MARKS["reason"]))
    found = marks_in(repr(told))
    assert found.keys() <= {"person", "people"}
    assert "remark" in repr(office.case(case))


def test_a_store_that_fails_tells_no_values(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "cases.db"
    folder = write_marked(tmp_path / "workflows")
    with Engine.open(f"sqlite:///{path}", folder, clock=clock, look_ups=LOOK_UPS) as engine:
        case, _ = lived(engine)
        other = sqlite3.connect(path)
        other.execute("ALTER TABLE entries RENAME TO lost")
        other.commit()
        acts: list[Callable[[], object]] = [
            lambda: engine.send(case, "locate", {"track": MARKS["track"]}, by=HANDLER),
            lambda: engine.start("request", marked_data("9"), by=REPORTER, unit=UNIT),
        ]
        for act in acts:
            with pytest.raises(StoreError) as caught:
                act()
            assert marks_in("".join(traceback.format_exception(caught.value))) == {}
        other.close()


# Every command


class Office(NamedTuple):
    """A folder with a database in which everything has happened, and the files that commands read."""

    folder: Path
    url: str
    case: str
    follow_up: str

    def path(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    path = tmp_path_factory.mktemp("lived")
    url = f"sqlite:///{path / 'cases.db'}"
    with Engine.open(url, write_marked(path / "workflows"), clock=Clock(), look_ups=LOOK_UPS) as engine:
        return path, *lived(engine)


@pytest.fixture
def files(tmp_path: Path, lived_once: tuple[Path, str, str]) -> Office:
    path, case, follow_up = lived_once
    shutil.copytree(path, tmp_path, dirs_exist_ok=True)
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "request.feature").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(IMPORT_MAP, encoding="utf-8")
    (tmp_path / "log.yaml").write_text(LOG_MAP, encoding="utf-8")
    (tmp_path / "log.xes").write_text(LOG, encoding="utf-8")
    (tmp_path / "bad.xes").write_text(LOG.replace('string key="note"', 'int key="note"'), encoding="utf-8")
    write_rows(tmp_path)
    return Office(tmp_path, url, case, follow_up)


ROWS: Final[list[list[str]]] = [
    ["no", "kind", "text", "figure", "born", "remark"],
    ["21", "help", "Mimport-1", "5", MARKS["date"], MARKS["remark"]],
    # Shifted by one column, and cells that do not fit.
    ["22", MARKS["text"], MARKS["number"], MARKS["date"], MARKS["remark"], ""],
    ["23", "help", MARKS["text"], MARKS["remark"], MARKS["text"], MARKS["remark"]],
    ["", "help", MARKS["text"], "1", MARKS["date"], MARKS["remark"]],
    ["21", "help", MARKS["text"], "1", MARKS["date"], MARKS["remark"]],
]

LOG_MAP: Final = """\
log: hotline
unit: park/east
roles: {default: [clerk, handler]}
events: {Report: report, Locate: locate, Rate: rate}
data:
  text: note
  born: born
  number: {case: concept:name}
  kind: {attribute: kind}
  track: track
"""

LOG: Final = f"""\
<log><trace><string key="concept:name" value="L-1"/>
<event><string key="concept:name" value="Report"/><date key="time:timestamp" value="2022-01-01T00:00:00+00:00"/>
<string key="org:resource" value="{MARKS["person"]}"/><string key="kind" value="help"/>
<string key="note" value="{MARKS["text"]}"/><date key="born" value="{MARKS["date"]}"/></event>
<event><string key="concept:name" value="Report"/><date key="time:timestamp" value="2022-01-02T00:00:00+00:00"/>
<string key="org:resource" value="{MARKS["person"]}"/><string key="born" value="{MARKS["text"]}"/></event>
<event><string key="concept:name" value="Locate"/><date key="time:timestamp" value="2022-01-03T00:00:00+00:00"/>
<string key="org:resource" value="{MARKS["person"]}"/><string key="track" value="go away"/></event>
</trace></log>
"""


def write_rows(folder: Path) -> None:
    from openpyxl import Workbook

    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    book = Workbook()
    sheet = book.create_sheet("rows", 0)
    for row in ROWS:
        sheet.append(row)
    book.save(folder / "rows.xlsx")


def as_handler(*words: str) -> tuple[str, ...]:
    return (*words, "--by", f"handler-1:handler@{UNIT}")


def edited(of: Office) -> tuple[str, str]:
    """The folder of the workflow, and one in which its table decides otherwise."""
    new = of.folder / "edited" / "request"
    if not new.exists():
        shutil.copytree(of.folder / "workflows", new.parent)
        table = new / "weigh.table.yaml"
        table.write_text(table.read_text(encoding="utf-8").replace("'\"none\"'", "remark"), encoding="utf-8")
    return of.path("workflows/request"), str(new)


CALLS: Final[Mapping[str, Callable[[Office], list[tuple[str, ...]]]]] = {
    "demo": lambda _: [("--cases", "3", "--workflow", "helpdesk")],
    "new": lambda _: [("made-anew",)],
    "check": lambda of: [(of.path("workflows"),)],
    "case start": lambda of: [
        as_handler(
            "request", "--data", marked_json("31"), "--unit", UNIT, "--workflows", of.path("workflows")
        ),
        as_handler(
            "request", "--data", marked_json("1"), "--unit", UNIT, "--workflows", of.path("workflows")
        ),
        as_handler(
            "request", f"born={MARKS['refused']}", "--unit", UNIT, "--workflows", of.path("workflows")
        ),
    ],
    "case send": lambda of: [
        as_handler(of.case, "locate", f"track={MARKS['track']}c"),
        as_handler(of.case, "close"),
        as_handler(of.case, "rate", f"opinion={MARKS['text']}", f"comment={MARKS['comment']}"),
        as_handler(of.case, "locate", f"note={MARKS['refused']}"),
        (of.case, "close", "--by", "stranger:clerk@harbour"),
    ],
    "case ask": lambda of: [
        as_handler(of.case, "look"),
        as_handler(of.case, "close"),
        as_handler(of.case, "locate", f"track={MARKS['refused']}"),
        as_handler(of.case, "look", "--explain", "--html", of.path("look.html")),
        as_handler(of.case, "close", "--explain", "--html", of.path("close.html")),
        as_handler(of.case, "locate", f"track={MARKS['refused']}", "--explain"),
    ],
    "advise": lambda of: [
        as_handler(of.case),
        as_handler(of.case, "--event", "close"),
        as_handler(of.case, "--event", "look"),
        as_handler(of.case, "--event", "rate"),
        as_handler(of.case, f"track={MARKS['refused']}", "--event", "locate"),
        (of.case, "--by", "stranger:clerk@harbour"),
    ],
    "case correct": lambda of: [
        (
            of.case,
            f"remark={MARKS['remark']}c",
            "--reason",
            MARKS["reason"],
            "--by",
            f"handler-1:handler@{UNIT}",
        ),
        (of.case, f"track={MARKS['track']}c", "--reason", MARKS["reason"], "--by", f"clerk-1:clerk@{UNIT}"),
    ],
    "case show": lambda of: [as_handler(of.case), (of.case, "--by", "stranger:clerk@harbour")],
    "case history": lambda of: [as_handler(of.case), (of.case, "--by", "stranger:clerk@harbour")],
    "case sent": lambda of: [as_handler(of.case), (of.case, "--by", "stranger:clerk@harbour")],
    "case list": lambda _: [as_handler(), ("--by", "stranger:clerk@harbour")],
    "catch-up": lambda _: [("--now", "2030-01-01 10:00")],
    "test": lambda of: [(str(of.folder),)],
    "import": lambda of: [
        (
            of.path(file),
            "--workflow",
            "request",
            "--map",
            of.path("map.yaml"),
            "--workflows",
            of.path("workflows"),
        )
        for file in ("rows.csv", "rows.xlsx")
    ],
    "export": lambda of: [
        (*who, "--format", form, *more, "--workflows", of.path("workflows"), "--out", of.path(f"{form}.out"))
        for who in ((), as_handler(), ("--by", "stranger:clerk@harbour"))
        for form, *more in (("xes",), ("csv",), ("csv", "--rows", "entries"), ("jsonl",))
    ],
    "rates": lambda of: [
        ("request", "--workflows", of.path("workflows"), *who) for who in ((), as_handler())
    ],
    "replay": lambda of: [
        (of.path(log), "--workflow", of.path("workflows/request"), "--map", of.path("log.yaml"))
        for log in ("log.xes", "bad.xes")
    ],
    "diagram": lambda of: [(of.path("workflows/request"),)],
    "table export": lambda of: [
        (of.path("workflows/request/weigh.table.yaml"), of.path(f"weigh{form}"))
        for form in (".csv", ".xlsx", ".dmn", ".xls")
    ],
    "table import": lambda of: [
        (of.path(file), of.path("workflows/request/weigh.table.yaml")) for file in ("rows.csv", "rows.xlsx")
    ],
    "impact": lambda of: [
        (*edited(of), *cases, *who, "--out", of.path(f"impact-{number}.csv"))
        for number, cases in enumerate(
            (("--db", of.url), ("--cases", of.path("rows.csv")), ("--cases", of.path("rows.xlsx")))
        )
        for who in ((), as_handler(), ("--by", "stranger:clerk@harbour"))
    ],
    "schema": lambda _: [()],
    "erase": lambda of: [
        (of.case, "--reason", f"said {MARKS['remark']}", "--by", f"clerk-1:clerk@{UNIT}"),
        (of.case, "--reason", "asked", "--by", "stranger:clerk@harbour"),
        (of.case, "--reason", "asked", "--by", f"clerk-1:clerk@{UNIT}", "--field", "track"),
    ],
    "personal": lambda of: [
        as_handler(MARKS["people"]),
        as_handler("visitor-1"),
        as_handler(MARKS["person"]),
        ("visitor-1", "--by", "stranger:clerk@harbour"),
    ],
    "verify": lambda _: [()],
}
"""How each command is called, by a reader without the right or by nobody in particular."""

OF_THE_ACTOR: Final = frozenset(("personal",))
"""Commands that repeat the person who is asked for."""


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


EVERY: Final = dict(commands(typer.main.get_command(application())))


def test_every_command_is_searched_for_marked_values() -> None:
    assert set(CALLS) == set(EVERY), "say in CALLS how a reader without the right calls the new command"


def variants(command: Any) -> Iterator[tuple[str, ...]]:
    """The ways in which a command may be asked to print."""
    names = {each.name for each in command.params}
    yield ()
    for language in ("zh-CN", "en") if "language" in names else ():
        yield ("--language", language)
    if "as_json" in names:
        yield ("--json",)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_no_command_prints_or_writes_a_marked_value(
    name: str, files: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files.folder)
    command = EVERY[name]
    before = {path: path.stat().st_mtime_ns for path in files.folder.rglob("*") if path.is_file()}
    wanted = {each.name for each in command.params}
    for words in CALLS[name](files):
        for more in variants(command):
            own = ("--db", files.url) if "db" in wanted and name not in {"demo", "replay", "impact"} else ()
            answer = CliRunner().invoke(application(), [*name.split(" "), *words, *own, *more])
            assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
            assert answer.exit_code in (0, 1), (words, answer.output)
            told = answer.stdout + answer.stderr
            if name in OF_THE_ACTOR:
                told = told.replace(words[0], "")
            assert marks_in(told) == {}, (words, more)
    for path in files.folder.rglob("*"):
        if path.is_file() and path not in before and path.suffix not in (".db", ".db-wal", ".db-shm"):
            assert marks_in(path.read_text(encoding="utf-8", errors="replace")) == {}, path


def test_only_the_table_of_refused_rows_repeats_rows_and_its_reasons_repeat_nothing(
    files: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files.folder)
    words = [
        "rows.csv",
        "--workflow",
        "request",
        "--map",
        "map.yaml",
        "--rejected",
        "again.csv",
        "--db",
        files.url,
    ]
    CliRunner().invoke(application(), ["import", *words, "--workflows", "workflows"])
    with (files.folder / "again.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    given = len(ROWS[0])
    assert MARKS["remark"] in json_text([row[:given] for row in rows])
    assert marks_in(json_text([row[given:] for row in rows])) == {}


def test_no_report_of_failed_scenarios_shows_a_marked_value(files: Office) -> None:
    run = [sys.executable, "-m", "pytest", "features", "-p", "no:cacheprovider", "-l", "--tb=long", "-vv"]
    run += [
        "--flow-traceback",
        "--flow-cover",
        "--flow-cover=json:c.json",
        "--flow-cover=html:c.html",
        "--junitxml=j.xml",
    ]
    answer = subprocess.run(run, cwd=files.folder, capture_output=True, text=True, check=False)
    assert " failed" in answer.stdout
    assert " passed" not in answer.stdout
    assert "error" not in answer.stdout.splitlines()[-1]
    told = answer.stdout + answer.stderr
    told += "".join(
        (files.folder / each).read_text(encoding="utf-8") for each in ("c.json", "c.html", "j.xml")
    )
    assert marks_in(told) == {}


def test_the_demo_tells_nothing_personal_of_the_cases_that_it_lives(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    told = CliRunner().invoke(application(), ["demo", "--cases", "5", "--db", url])
    assert told.exit_code == 0
    kept = sqlite3.connect(tmp_path / "demo.db")
    values = {
        str(value) for (value,) in kept.execute("SELECT DISTINCT value FROM personal WHERE value IS NOT NULL")
    }
    kept.close()
    personal = {each.strip('"') for each in values if len(each) > len("2022-01-01")}
    assert [each for each in personal if each in told.stdout + told.stderr] == []
