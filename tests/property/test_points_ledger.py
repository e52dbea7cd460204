"""The shipped points ledger against a plain account of lots, first in first out, worked through day by day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partybuild_flow import Actor, Engine, EventRefused
from partybuild_flow.engine.library import Library
from partybuild_flow.store.memory import MemoryStore

WORKFLOWS = Path(__file__).parents[2] / "workflows"
HOME = "园区/湖景街道/湖景一社区"
MEMBER = Actor("顾某某")
KEEPER = Actor("老许", [("积分管理员", HOME)])
POINTS = {"巡逻": 50, "环境整治": 25, "阅读学习": 2}
PRICE = 30

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.sampled_from(sorted(POINTS))),
        st.tuples(st.just("redeem"), st.just("")),
        st.tuples(st.sampled_from(["refund", "reverse"]), st.integers(0, 5).map(str)),
        st.tuples(st.sampled_from(["wait", "sweep"]), st.sampled_from(["1", "30", "170", "200", "365"])),
    ),
    max_size=16,
)


class Booking(NamedTuple):
    day: datetime
    amount: int
    case: str


class Lot(NamedTuple):
    until: datetime
    left: int


@pytest.fixture(scope="module")
def library() -> Library:
    folders = [WORKFLOWS / "points", WORKFLOWS / "points-gift"]
    return Library(folders, MemoryStore(), {"points": "按次计分"})


def a_year_later(day: datetime) -> datetime:
    """The same day of the next year; of a leap day, the last of February."""
    leaps = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leaps else day.day)


def available(bookings: list[Booking], today: datetime) -> int:
    """What is left when every deed is a lot that is used before younger ones and lapses after a year."""
    lots: list[Lot] = []
    owed = 0
    for day, amount, _ in [*bookings, Booking(today, 0, "")]:
        lots = [lot for lot in lots if lot.until >= day]
        paid = min(owed, max(0, amount))
        if amount > 0:
            lots.append(Lot(a_year_later(day), amount - paid))
        owed += max(0, -amount) - paid
        for place, lot in enumerate(lots):
            used = min(owed, lot.left)
            owed -= used
            lots[place] = Lot(lot.until, lot.left - used)
    return sum(lot.left for lot in lots) - owed


class Life:
    """One member's year in the engine, and what is booked beside it."""

    def __init__(self, engine: Engine, now: list[datetime]) -> None:
        self.engine, self.now = engine, now
        self.bookings: list[Booking] = []
        self.number = 0
        gift = {"名称": "毛巾", "社区": HOME, "所需积分": PRICE, "进货件数": 99}
        self.gift = engine.start("points-gift", gift, by=KEEPER, unit=HOME).case.id
        self.account = self.begin("开户", {})

    def begin(self, event: str, data: Mapping[str, object]) -> str:
        sent = {"成员": MEMBER.id, "社区": HOME, **data}
        return self.engine.start("points", sent, event=event, by=MEMBER, unit=HOME).case.id

    def cause(self) -> str:
        self.number += 1
        return f"缘由{self.number}"

    def earn(self, deed: str) -> None:
        today = self.now[0].date().isoformat()
        data = {"缘由": self.cause(), "行为": deed, "服务日期": today, "佐证": "照片.jpg"}
        line = self.begin("申报积分", data)
        self.engine.send(line, "核定", {"核定意见": "属实"}, by=KEEPER)
        self.bookings.append(Booking(self.now[0], POINTS[deed], line))

    def redeem(self, _: str) -> None:
        line = self.begin("申请兑换", {"缘由": self.cause(), "礼品": self.gift})
        enough = available(self.bookings, self.now[0]) >= PRICE
        try:
            self.engine.send(line, "备货", by=KEEPER)
        except EventRefused:
            assert not enough
        else:
            assert enough
            self.engine.send(line, "交付", by=KEEPER)
            self.bookings.append(Booking(self.now[0], -PRICE, line))

    def refund(self, which: str) -> None:
        spent = [each for each in self.bookings if each.amount < 0]
        if len(spent) > int(which):
            self.undo(spent[int(which)], "退货", {"退货理由": "破损"})

    def reverse(self, which: str) -> None:
        granted = [each for each in self.bookings if each.amount > 0 and each.case]
        if len(granted) > int(which):
            self.undo(granted[int(which)], "冲正", {"冲正理由": "有误"})

    def undo(self, booking: Booking, event: str, data: dict[str, object]) -> None:
        try:
            self.engine.send(booking.case, event, data, by=KEEPER)
        except EventRefused:
            return
        if event == "冲正":
            self.bookings.remove(booking)
        else:
            self.bookings.append(Booking(self.now[0], -booking.amount, ""))

    def wait(self, days: str) -> None:
        self.now[0] += timedelta(days=int(days))

    def sweep(self, days: str) -> None:
        self.wait(days)
        self.engine.catch_up()

    def told(self) -> tuple[Decimal, Decimal]:
        (effect,) = self.engine.send(self.account, "查询积分", by=MEMBER).effects
        usable, book = re.findall(r"-?[0-9.]+", effect.text)
        return Decimal(usable), Decimal(book)


@settings(max_examples=40, deadline=None)
@given(STEPS)
@example(
    [("earn", "巡逻"), ("wait", "200"), ("earn", "巡逻"), ("sweep", "170"), ("redeem", ""), ("sweep", "200")]
)
@example(
    [("earn", "巡逻"), ("wait", "365"), ("earn", "巡逻"), ("wait", "1"), ("redeem", ""), ("refund", "0")]
)
@example(
    [("wait", "365"), ("earn", "巡逻"), ("wait", "365"), ("earn", "巡逻"), ("wait", "1"), ("wait", "365")]
)
def test_the_balance_is_that_of_an_account_of_lots_and_no_amount_is_ever_changed(
    library: Library, steps: list[tuple[str, str]]
) -> None:
    now = [datetime(2022, 3, 1, 2, tzinfo=UTC)]
    with Engine(MemoryStore(), library, clock=lambda: now[0]) as engine:
        life = Life(engine, now)
        amounts: dict[str, object] = {}
        for step, detail in steps:
            getattr(life, step)(detail)
            assert life.told()[0] == available(life.bookings, now[0])
            lines = {case.id: case.data.get("amount") for case in engine.cases(workflow="points")}
            assert {line: lines[line] for line in amounts} == amounts
            amounts = {line: amount for line, amount in lines.items() if amount is not None}
        engine.catch_up()
        assert len(set(life.told())) == 1
        assert engine.verify().broken == ()


def test_two_keepers_at_once_never_spend_the_same_points(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'points.db'}?synchronous=normal"
    now = [datetime(2022, 3, 1, 2, tzinfo=UTC)]
    folders, chosen = [WORKFLOWS / "points", WORKFLOWS / "points-gift"], {"points": "按次计分"}
    with (
        Engine.open(url, workflows=folders, parameters=chosen, clock=lambda: now[0]) as one,
        Engine.open(url, workflows=folders, parameters=chosen, clock=lambda: now[0]) as other,
    ):
        life = Life(one, now)
        life.earn("巡逻")
        asked = [life.begin("申请兑换", {"缘由": life.cause(), "礼品": life.gift}) for _ in range(2)]

        def reserve(engine: Engine, line: str) -> bool:
            try:
                engine.send(line, "备货", by=KEEPER)
            except EventRefused:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(reserve, (one, other), asked))
        assert sorted(done) == [False, True]
        assert life.told() == (Decimal(20), Decimal(20))
