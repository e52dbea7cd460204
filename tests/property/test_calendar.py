"""Terms on calendars of any kind: monotone, on working days, and pauses that are fair."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from partybuild_flow.calendar import Calendar, CalendarYear, DaysOff, Pauses
from partybuild_flow.calendar.days import Days
from partybuild_flow.feel.terms import Term, TermUnit

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNITS: list[TermUnit] = ["working-day", "day", "working-hour", "month", "year"]
FIRST = datetime(2021, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=800)

days = st.integers(0, 800).map(lambda day: date(2021, 11, 1) + timedelta(days=day))
instants = st.timedeltas(timedelta(0), SPAN).map(lambda passed: FIRST + passed)
shares = st.fractions(0, 1)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    minutes = sorted(draw(st.sets(st.integers(0, 143), min_size=2, max_size=4)))
    clock = [time(minute // 6, minute % 6 * 10) for minute in minutes]
    hours = tuple(zip(clock[::2], clock[1::2], strict=False))
    off = draw(st.sets(days, max_size=40))
    worked = draw(st.sets(days, max_size=10)) - off
    rest = draw(st.frozensets(st.integers(1, 7), max_size=6))
    year = CalendarYear(
        2022,
        date(2021, 10, 1),
        "",
        tuple(DaysOff("", day, day) for day in sorted(off)),
        tuple(sorted(worked)),
    )
    return Calendar("any", "any", hours, rest, (year,))


terms = st.builds(Term, st.integers(1, 60).map(Decimal), st.sampled_from(UNITS), st.booleans(), st.booleans())
lengths = terms | st.timedeltas(timedelta(0), timedelta(days=40))
pauses = st.lists(st.tuples(instants, instants), max_size=4)


def ends(calendar: Calendar, term: Term | timedelta, start: datetime, stopped: Pauses = ()) -> datetime:
    due = calendar.due(term, start, stopped)
    assert due is not None
    return due.instant


@given(calendars(), lengths, instants, pauses)
def test_a_term_ends_after_its_start_and_no_pause_makes_it_shorter(
    calendar: Calendar, term: Term | timedelta, start: datetime, stopped: Pauses
) -> None:
    assume(not (isinstance(term, Term) and term.closing))
    assert start <= ends(calendar, term, start) <= ends(calendar, term, start, stopped)


@given(calendars(), terms, instants, instants)
def test_who_starts_later_is_never_due_earlier(
    calendar: Calendar, term: Term, one: datetime, other: datetime
) -> None:
    earlier, later = sorted((one, other))
    assert ends(calendar, term, earlier) <= ends(calendar, term, later)


@given(calendars(), terms, st.integers(1, 10), instants, pauses)
def test_a_longer_term_is_never_due_earlier(
    calendar: Calendar, term: Term, more: int, start: datetime, stopped: Pauses
) -> None:
    longer = term._replace(length=term.length + more)
    assert ends(calendar, term, start, stopped) <= ends(calendar, longer, start, stopped)


@given(calendars(), terms, instants, pauses)
def test_a_term_ends_with_a_working_day_unless_its_days_are_announced(
    calendar: Calendar, term: Term, start: datetime, stopped: Pauses
) -> None:
    assume(term.unit != "working-hour" and (term.unit == "working-day" or not term.inclusive))
    end = ends(calendar, term, start, stopped).astimezone(SHANGHAI)
    if term.closing:
        assert (calendar.is_working(end.date()), end.time()) == (True, calendar.hours[-1][1])
    else:
        assert (calendar.is_working(end.date() - timedelta(days=1)), end.time()) == (True, time(0))


@given(calendars(), terms, instants)
def test_working_days_are_those_that_a_count_by_hand_gives(
    calendar: Calendar, term: Term, start: datetime
) -> None:
    term = Term(term.length, "working-day", term.inclusive)
    day = start.astimezone(SHANGHAI).date() - timedelta(days=1 if term.inclusive else 0)
    for _ in range(int(term.length)):
        day += timedelta(days=1)
        while not calendar.is_working(day):
            day += timedelta(days=1)
    midnight = datetime.combine(day + timedelta(days=1), time(0), tzinfo=SHANGHAI)
    assert ends(calendar, term, start) == midnight


@given(calendars(), lengths, instants, pauses, instants)
def test_pauses_do_the_same_in_any_order_and_however_they_overlap(
    calendar: Calendar,
    term: Term | timedelta,
    start: datetime,
    stopped: list[tuple[datetime, datetime]],
    at: datetime,
) -> None:
    end = ends(calendar, term, start, stopped)
    split = [
        part
        for left, right in stopped
        for part in ((left, max(left, min(at, right))), (max(at, left), right))
    ]
    assert end == ends(calendar, term, start, stopped[::-1])
    assert end == ends(calendar, term, start, [*stopped, *stopped, (at, at)])
    assert end == ends(calendar, term, start, split)


@given(calendars(), lengths, instants, pauses, shares, shares)
def test_shares_pass_in_order_between_the_start_and_the_end(
    calendar: Calendar,
    term: Term | timedelta,
    start: datetime,
    stopped: Pauses,
    one: Fraction,
    other: Fraction,
) -> None:
    assume(not (isinstance(term, Term) and term.closing))
    lesser, greater = sorted((one, other))
    reached = [calendar.fraction(term, start, share, stopped) for share in (lesser, greater)]
    assert reached[0] is not None
    assert reached[1] is not None
    assert start <= reached[0] <= reached[1] <= ends(calendar, term, start, stopped)


@given(calendars(), lengths, instants)
def test_a_warning_never_comes_after_what_it_warns_of(
    calendar: Calendar, term: Term | timedelta, instant: datetime
) -> None:
    before = calendar.before(instant, term)
    assert before is not None
    assert before <= instant


@given(calendars(), instants)
def test_what_is_received_is_received_in_business_hours(calendar: Calendar, instant: datetime) -> None:
    received = calendar.received(instant)
    assert received is not None
    local = received.astimezone(SHANGHAI)
    assert received >= instant
    assert calendar.is_working(local.date())
    assert any(begin <= local.time() < end for begin, end in calendar.hours)
    assert calendar.received(received) == received


@given(
    st.frozensets(st.integers(1, 7), max_size=6),
    st.sets(st.integers(700_000, 700_400), max_size=30),
    st.sets(st.integers(700_000, 700_400), max_size=30),
    st.integers(699_000, 702_000),
)
def test_days_are_numbered_without_a_gap(rest: frozenset[int], off: set[int], on: set[int], day: int) -> None:
    counted = Days(rest, off - on, on)
    assert counted.before(day + 1) - counted.before(day) == counted.counts(day)
    following = counted.from_on(day)
    assert following >= day
    assert counted.counts(following)
    assert counted.before(following) == counted.before(day)
    assert counted.at(counted.before(following)) == following
