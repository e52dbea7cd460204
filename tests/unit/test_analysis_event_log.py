"""Event logs: what is read of them, and what is said of bad ones."""

from __future__ import annotations

import gzip
import random
import re
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.analysis.event_log import Trace, read_xes
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import catalogue
from partybuild_flow.messages.en import MATERIAL
from partybuild_flow.problems import Problem

PARCELS = Path(__file__).parents[1] / "data" / "parcels.xes"
EVENT = '<event><string key="concept:name" value="go"/></event>'
TRACE = f'<trace><string key="concept:name" value="1"/>{EVENT}</trace>'


def written(folder: Path, text: str | bytes, name: str = "a.xes") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def only_problem(path: Path, cases_before: int = 0) -> Problem:
    traces = read_xes(path)
    for _ in range(cases_before):
        next(traces)
    with pytest.raises(WorkflowInvalid) as caught:
        next(traces)
    (problem,) = caught.value.problems
    return problem


def test_every_attribute_has_the_value_that_its_type_says() -> None:
    first, second, _ = read_xes(PARCELS)
    assert first.attributes == {"concept:name": "P-1", "floors": Decimal(4)}
    assert first.events[0].attributes == {
        "concept:name": "Drop off",
        "org:resource": "Ada",
        "time:timestamp": datetime(2024, 3, 1, 8, tzinfo=UTC),
        "weight": Decimal("2.50"),
        "size": "S",
    }
    assert first.events[1].attributes["signed"] is True
    assert second.events[0].attributes["time:timestamp"] == datetime(2024, 3, 2, 9, tzinfo=UTC)


def test_every_date_is_in_utc_and_keeps_its_fraction() -> None:
    first = next(read_xes(PARCELS))
    assert first.events[1].attributes["time:timestamp"] == datetime(2024, 3, 1, 9, 30, 0, 250_000, tzinfo=UTC)
    moments = [event.attributes["time:timestamp"] for trace in read_xes(PARCELS) for event in trace.events]
    assert all(isinstance(moment, datetime) and moment.tzinfo is UTC for moment in moments)


def test_globals_nested_attributes_and_lists_are_passed_over() -> None:
    keys = {key for trace in read_xes(PARCELS) for event in trace.events for key in event.attributes}
    assert keys == {"concept:name", "org:resource", "time:timestamp", "weight", "size", "signed"}


def test_cases_and_events_know_where_they_stand() -> None:
    first = next(read_xes(PARCELS))
    assert (first.position.line, first.position.column) == (10, 3)
    assert (first.events[1].position.line, first.events[1].position.column) == (20, 5)


@pytest.mark.parametrize("opening", ["<log>", '<log xmlns="http://www.xes-standard.org/">'])
def test_a_namespace_changes_nothing(tmp_path: Path, opening: str) -> None:
    (trace,) = read_xes(written(tmp_path, f"{opening}{TRACE}</log>"))
    assert trace.events[0].attributes == {"concept:name": "go"}


def test_a_prefix_changes_nothing(tmp_path: Path) -> None:
    text = TRACE.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    (trace,) = read_xes(written(tmp_path, f'<x:log xmlns:x="http://www.xes-standard.org/">{text}</x:log>'))
    assert trace.attributes == {"concept:name": "1"}


def test_a_packed_log_reads_like_a_plain_one(tmp_path: Path) -> None:
    packed = written(tmp_path, gzip.compress(PARCELS.read_bytes()), "parcels.xes.gz")
    renamed = written(tmp_path, gzip.compress(PARCELS.read_bytes()), "parcels.xes")
    plain = [(trace.attributes, [event.attributes for event in trace.events]) for trace in read_xes(PARCELS)]
    for path in (packed, renamed):
        assert [
            (each.attributes, [event.attributes for event in each.events]) for each in read_xes(path)
        ] == plain


def test_progress_ends_at_the_size_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(f"<log>{TRACE * 5000}</log>".encode()), "a.xes.gz")
    told: list[int] = []
    assert sum(1 for _ in read_xes(path, progress=told.append)) == 5000
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size


def test_a_log_without_cases_has_none(tmp_path: Path) -> None:
    assert list(read_xes(written(tmp_path, "<log/>"))) == []


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.datetimes(timezones=st.timezones()))
def test_numbers_and_moments_come_back_as_they_were_written(number: Decimal, moment: datetime) -> None:
    zone = timezone(moment.utcoffset() or timedelta())
    moment = moment.replace(tzinfo=zone)
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        return
    event = f'<event><float key="n" value="{number}"/><date key="d" value="{moment.isoformat()}"/></event>'
    assert _through_a_file(event)[0].events[0].attributes == {"n": number, "d": in_utc}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿")))
def test_any_text_comes_back_as_it_was_written(text: str) -> None:
    event = f'<event><string key="t" value={quoteattr(text)}/></event>'
    assert _through_a_file(event)[0].events[0].attributes == {"t": text}


def _through_a_file(event: str) -> list[Trace]:
    with tempfile.TemporaryDirectory() as folder:
        return list(read_xes(written(Path(folder), f"<log><trace>{event}</trace></log>")))


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    def peak(cases: int) -> int:
        path = written(tmp_path, gzip.compress(f"<log>{TRACE * cases}</log>".encode()), f"{cases}.xes.gz")
        tracemalloc.start()
        try:
            assert _count(read_xes(path)) == cases
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    _count(read_xes(PARCELS))
    small, large = peak(2_000), peak(20_000)
    assert large < small + 200_000


def _count(traces: Iterator[Trace]) -> int:
    return sum(1 for _ in traces)


def test_a_log_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    problem = only_problem(tmp_path / "no.xes")
    assert (problem.code, problem.position.line) == ("PF501", 1)
    assert problem.sentence == "the event log cannot be read: No such file or directory"


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    assert only_problem(tmp_path).code == "PF501"


def test_a_name_that_promises_gzip_must_keep_it(tmp_path: Path) -> None:
    path = written(tmp_path, "<log/>", "a.xes.gz")
    assert str(only_problem(path)) == (
        f"{path}:1:1: PF502 the name ends in .gz, but the file is not compressed with gzip; "
        "rename or compress it"
    )


@pytest.mark.parametrize("damage", ["cut", "broken"])
def test_damaged_compression_is_told_after_the_cases_before_it(tmp_path: Path, damage: str) -> None:
    # Text that compresses badly, so that some cases can be read before the damage.
    noise = random.Random(2)
    text = "".join(f'<trace><string key="k" value="{noise.random()}"/></trace>' for _ in range(20_000))
    packed = bytearray(gzip.compress(f"<log>{text}</log>".encode()))
    damaged = packed[: len(packed) // 2] if damage == "cut" else packed[:-8] + b"12345678"
    traces = read_xes(written(tmp_path, bytes(damaged), "a.xes.gz"))
    seen = 0
    problem = None
    try:
        for _ in traces:
            seen += 1
    except WorkflowInvalid as invalid:
        (problem,) = invalid.problems
    assert problem
    assert problem.code == "PF503"
    assert problem.sentence == "the compressed data is damaged or ends too early; fetch the file again"
    assert seen > 1000


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        (f"<log>\n  {TRACE}\n  <trace>", "PF504", 3, 10),
        ("<log>\n</trace>", "PF504", 2, 3),
        ("", "PF504", 1, 1),
        ("not xml", "PF504", 1, 1),
        ("<html/>", "PF506", 1, 1),
        ("<trace/>", "PF506", 1, 1),
        (f"<log>\n {EVENT}</log>", "PF506", 2, 2),
        ("<log>\n<trace>\n   <trace/></trace></log>", "PF506", 3, 4),
        ("<log><trace><event>\n<event/></event></trace></log>", "PF506", 2, 1),
        ('<log><trace>\n <string value="x"/></trace></log>', "PF507", 2, 2),
        ('<log><trace>\n <string key="x"/></trace></log>', "PF507", 2, 2),
        ('<log><trace>\n <int key="x" value="1.5"/></trace></log>', "PF508", 2, 2),
        ('<log><trace>\n <float key="x" value="NaN"/></trace></log>', "PF508", 2, 2),
        ('<log><trace>\n <float key="x" value="much"/></trace></log>', "PF508", 2, 2),
        ('<log><trace>\n <boolean key="x" value="maybe"/></trace></log>', "PF508", 2, 2),
        ('<log><trace>\n <date key="x" value="2024-02-30T00:00:00"/></trace></log>', "PF508", 2, 2),
        ('<log><trace>\n <date key="x" value="0001-01-01T00:00:00+10:00"/></trace></log>', "PF508", 2, 2),
    ],
)
def test_bad_logs_are_told_where_the_fault_stands(
    tmp_path: Path, text: str, code: str, line: int, column: int
) -> None:
    problem = only_problem(written(tmp_path, text), cases_before=text.count("</trace>\n"))
    assert (problem.code, problem.position.line, problem.position.column) == (code, line, column)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<log>\n</trace>", "2:3: PF504 this is not well-formed XML: mismatched tag"),
        ("<html/>", "1:1: PF506 <html> may not stand here; a log holds traces, and a trace holds events"),
        ('<log><trace><id key="a"/></trace></log>', "1:13: PF507 <id> lacks its key or its value"),
        (
            '<log><trace><int key="a" value="b"/></trace></log>',
            "1:13: PF508 “a” is written as int, but its value is none",
        ),
    ],
)
def test_each_fault_is_told_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, text)
    assert str(only_problem(path)) == f"{path}:{sentence}"


@pytest.mark.parametrize("code", sorted(MATERIAL))
def test_both_languages_name_the_same_things(code: str) -> None:
    english, chinese = (
        sorted(re.findall(r"{(\w+)}", catalogue(language)[code])) for language in ("en", "zh-CN")
    )
    assert english == chinese


@pytest.mark.parametrize(
    "inside", ['[<!ENTITY a "b">]', 'SYSTEM "file:///etc/passwd"', 'PUBLIC "a" "http://b"']
)
def test_a_document_type_is_not_read(tmp_path: Path, inside: str) -> None:
    problem = only_problem(written(tmp_path, f"<?xml version='1.0'?>\n<!DOCTYPE log {inside}>\n<log/>"))
    assert (problem.code, problem.position.line) == ("PF505", 2)
    assert problem.sentence == "a document type or an entity stands in the log; neither is read, take it out"


def test_a_billion_laughs_are_not_heard(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE log [<!ENTITY l0 "ha">{levels}]><log><string key="a" value="&l9;"/></log>'
    tracemalloc.start()
    try:
        assert only_problem(written(tmp_path, text)).code == "PF505"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_problems_speak_the_language_that_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, '<log><trace><string key="x"/></trace></log>')
    with pytest.raises(WorkflowInvalid, match="缺少 key 或 value"):
        next(read_xes(path, language="zh-CN"))


@given(st.binary(max_size=300))
def test_any_bytes_give_cases_or_one_problem(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.xes", "a.xes.gz"):
            problems: tuple[Problem, ...] = ()
            try:
                list(read_xes(written(Path(folder), data, name)))
            except WorkflowInvalid as invalid:
                problems = invalid.problems
            assert [problem.code[:4] for problem in problems] in ([], ["PF50"])
