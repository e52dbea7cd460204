"""Wrong usage ends with exit code 2, a no with 1, and nothing that is written brings up a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow.cli.arguments import read_actor
from partybuild_flow.cli.printing import json_text
from partybuild_flow.messages import catalogue
from tests.unit.conftest import Pbflow

START = ("case", "start", "suggestion", "topic=parking", "content=x")


def run(*arguments: str, folder: Path, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process of its own."""
    ended: subprocess.CompletedProcess[bytes] = subprocess.run(
        command(*arguments), cwd=folder, env=environment(), capture_output=True, check=False, **settings
    )
    return ended


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from partybuild_flow.cli import main; main()", *arguments]


def environment() -> Mapping[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.fixture
def desk(pbflow: Pbflow) -> Pbflow:
    pbflow("new", "suggestion", "--language", "en")
    return pbflow


@pytest.mark.parametrize(
    "by", ["", ":clerk@park", "u-1:", "u-1:clerk", "u-1:@park", "u-1:clerk@park,", "，", "@", ":"]
)
def test_an_actor_that_is_not_written_as_one_is_wrong_usage(desk: Pbflow, by: str) -> None:
    wrong = desk(*START, "--by", by)
    assert wrong.exit_code == 2
    assert "--by" in wrong.stderr
    assert not (desk.folder / "cases.db").exists()


def test_two_actors_are_wrong_usage(desk: Pbflow) -> None:
    assert desk(*START, "--by", "u-1:clerk@park", "--by", "u-2:clerk@park").exit_code == 2


def test_an_actor_may_hold_no_role_or_a_role_at_the_top() -> None:
    assert read_actor(["u-17"], "en").roles == ()
    assert read_actor(["u-17:社区受理员@园区/湖景街道/，承办人@"], "en").roles == (
        ("社区受理员", "园区/湖景街道"),
        ("承办人", ""),
    )


@pytest.mark.parametrize(
    "now", ["", "yesterday", "2022-13-01", "2022-09-30 25:00", "９", "0001-01-01", "\ud800"]
)
def test_what_is_no_instant_is_wrong_usage(desk: Pbflow, now: str) -> None:
    assert desk(*START, "--by", "u-1", "--now", now).exit_code == 2


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[]",
        '{"topic": NaN}',
        '{"topic": "a", "topic": "b"}',
        '{"a":' * 5_000,
        '{"a": ' + "[" * 100_000,
        "missing.json",
        ".",
        "binary",
        "list.json",
        "a\0b",
        "x" * 5_000,
    ],
)
def test_data_that_is_no_object_is_wrong_usage(desk: Pbflow, data: str) -> None:
    (desk.folder / "binary").write_bytes(bytes(range(256)))
    (desk.folder / "list.json").write_text("[1]", "utf-8")
    wrong = desk("case", "start", "suggestion", "--data", data, "--by", "u-1")
    assert wrong.exit_code == 2
    assert "--data" in wrong.stderr


@pytest.mark.parametrize("pair", ["topic", "=parking", " = "])
def test_an_argument_that_is_no_field_and_value_is_wrong_usage(desk: Pbflow, pair: str) -> None:
    assert desk("case", "start", "suggestion", pair, "--by", "u-1").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("case", "nonsense"),
        ("case", "start", "suggestion"),
        ("case", "send", "c-1", "accept", "--by", "u-1", "--expected-revision", "-1"),
        ("case", "send", "c-1", "accept", "--by", "u-1", "--expected-revision", "one"),
        ("check", "--language", "fr"),
        ("demo", "--cases", "0"),
        ("diagram", "nowhere"),
        ("diagram", "workflows/suggestion/workflow.yaml"),
        ("diagram", "workflows/suggestion", "--output", "."),
        ("diagram", "workflows/suggestion", "--output", "no/such/folder.txt"),
        ("replay", "nowhere.xes", "--workflow", "workflows/suggestion"),
        ("replay", ".", "--workflow", "workflows/suggestion"),
        ("replay", "workflows/suggestion/workflow.yaml", "--workflow", "nowhere"),
    ],
)
def test_wrong_usage_is_told_in_words(desk: Pbflow, arguments: tuple[str, ...]) -> None:
    wrong = desk(*arguments)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("case", "start", "no-such-workflow", "--by", "u-1"),
        ("case", "start", "suggestion", "topic=weather", "content=x", "--by", "u-1"),
        ("case", "start", "suggestion", "\udcff=\udcff", "--by", "u-1"),
        ("case", "start", "suggestion", "--data", '{"households": 1e999999999999}', "--by", "u-1"),
        ("case", "start", "suggestion", "--by", "u-1", "--workflows", "cases.txt"),
        ("case", "start", "suggestion", "--by", "u-1", "--workflows", "nowhere"),
        ("case", "start", "suggestion", "--by", "u-1", "--event", "accept"),
        ("case", "show", "no-such-case"),
        ("case", "history", "no-such-case"),
        ("case", "send", "no-such-case", "accept", "--by", "u-1"),
        ("case", "list", "--state", "no-such-state"),
        ("case", "list", "--workflow", "no-such-workflow"),
        ("case", "list", "--db", "sqlite:///missing.db"),
        ("verify", "--db", "sqlite:///missing.db"),
        ("verify", "--db", "sqlite:///cases.txt"),
        ("verify", "--db", "sqlite:///."),
        ("verify", "--db", "nonsense"),
        ("verify", "--db", "mysql://localhost/cases"),
        ("verify", "--db", "sqlite:///cases.db?synchronous=off"),
        (
            "case",
            "start",
            "suggestion",
            "topic=parking",
            "content=x",
            "--by",
            "u-1",
            "--db",
            "sqlite:///no/folder/x.db",
        ),
        ("replay", "cases.txt", "--workflow", "workflows/suggestion", "--map", "cases.txt"),
        ("demo", "--db", "sqlite:///cases.db"),
    ],
)
def test_a_no_is_one_sentence_or_one_object(desk: Pbflow, arguments: tuple[str, ...]) -> None:
    desk(*START, "--by", "u-1")
    (desk.folder / "cases.txt").write_bytes(b"\x00\xff no database " * 100)
    told, as_json = desk(*arguments), desk(*arguments, "--json")
    assert (told.exit_code, told.stdout, as_json.exit_code) == (1, "", 1)
    assert told.stderr.strip()
    assert list(json.loads(as_json.stdout)) == ["error"]
    assert json.loads(as_json.stdout)["error"]["sentence"]
    assert not (desk.folder / "missing.db").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_no_permission_is_a_sentence(desk: Pbflow) -> None:
    (desk.folder / "workflows").chmod(0o500)
    try:
        refused = desk("new", "other")
    finally:
        (desk.folder / "workflows").chmod(0o700)
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr


def test_json_numbers_keep_all_their_digits() -> None:
    from datetime import UTC, date, datetime, timedelta
    from decimal import Decimal

    value = {
        "n": Decimal("0.10000000000000000000000000000000001"),
        "e": Decimal("1E+3"),
        "t": datetime(2022, 9, 30, tzinfo=UTC),
    }
    more = {"d": date(2022, 9, 30), "h": timedelta(hours=4), "none": None, "list": (True, "“é")}
    assert json_text({**value, **more}) == (
        '{"n": 0.10000000000000000000000000000000001, "e": 1000, "t": "2022-09-30T00:00:00.000000Z", '
        '"d": "2022-09-30", "h": "PT4H", "none": null, "list": [true, "“é"]}'
    )


def test_help_of_every_command_and_option_stands_in_both_languages(
    pbflow: Pbflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    for arguments in (
        (),
        ("case",),
        ("new",),
        ("check",),
        ("case", "send"),
        ("case", "list"),
        ("replay",),
        ("demo",),
    ):
        told = pbflow(*arguments, "--help")
        assert told.exit_code == 0
        assert catalogue("zh-CN")[".".join(("command.help", *arguments))] in told.stdout.replace("\n  ", "")


def test_the_language_is_that_of_the_environment_unless_told(
    pbflow: Pbflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert pbflow("verify").stderr.startswith("还没有数据库")
    assert pbflow("verify", "--language", "en").stderr.startswith("there is no database")


def test_a_process_ends_with_its_code_and_without_a_traceback(tmp_path: Path) -> None:
    assert run("new", "suggestion", folder=tmp_path).returncode == 0
    assert run("check", folder=tmp_path).returncode == 0
    refused = run("case", "show", "no-such-case", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, b"")
    wrong = run("case", "show", folder=tmp_path)
    assert wrong.returncode == 2
    assert b"Usage: pbflow case show" in wrong.stderr
    assert b"Traceback" not in refused.stderr + wrong.stderr


def test_bytes_that_are_no_text_on_the_command_line_are_told(tmp_path: Path) -> None:
    run("new", "suggestion", folder=tmp_path)
    told = subprocess.run(
        [*command("case", "start"), b"\xff\xfe", "--by", "u-1", "--json"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert told.returncode == 1
    assert json.loads(told.stdout)["error"]["kind"] == "FlowError"


def test_a_closed_pipe_ends_a_command_quietly(tmp_path: Path) -> None:
    run("new", "suggestion", folder=tmp_path)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(
            command("diagram", "workflows/suggestion"),
            cwd=tmp_path,
            env=environment(),
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (1, b"")


def _hears_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    running = subprocess.Popen(
        command("demo", "--cases", "20000", "--db", "sqlite:///demo.db?synchronous=normal"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in the background ignores Ctrl-C, and its children with it.
        preexec_fn=_hears_ctrl_c,  # noqa: PLW1509 - this process has one thread
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "demo.db-wal").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    try:
        out, complaint = running.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        raise
    assert running.returncode == 130
    assert b"Traceback" not in out + complaint
    assert run("verify", "--db", "sqlite:///demo.db", folder=tmp_path).returncode == 0
