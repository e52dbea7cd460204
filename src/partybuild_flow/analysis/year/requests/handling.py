"""Handling a request: calling the resident, what comes in between, the helpers, the end of the work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from partybuild_flow.analysis.year.calendar_2025 import day_of
from partybuild_flow.analysis.year.requests.intake import LEVELS, OFTEN
from partybuild_flow.analysis.year.requests.life import Life, do
from partybuild_flow.analysis.year.requests.texts import CONTACTS, EXTENSION_REASON, REPLIES
from partybuild_flow.analysis.year.script import Scene, act
from partybuild_flow.case import Actor, Case

SHOWN: Final = ("求助", "投诉")
"""Kinds for which photographs are asked."""


def at_work(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The next thing that is to be done while it is handled."""
    data, handler = case.data, life.handler(case)
    if data.get("first-contact") is None:
        contact = {"contact-record": life.random.choice(CONTACTS)}
        return (yield from do(at, case, "contact", contact, handler))
    if life.happens("withdrawn") and data.get("reporter"):
        reason = {"withdrawal-reason": "已经自行解决"}
        return (yield from do(at, case, "withdraw", reason, life.speaker))
    between = yield from _between(life, case, at, handler)
    if between is not None:
        return between
    yield from _supervised(life, case, at)
    yield from _assisted(life, case, at)
    return (yield from _finished(life, case, at, handler))


def _between(life: Life, case: Case, at: datetime, handler: Actor) -> Scene[Case | None]:
    """What keeps a unit from finishing, if anything does."""
    level = LEVELS.index(str(case.data["level"]))
    if not level:
        if life.happens("whistled"):
            whistle = {"whistle-reason": "楼栋协调不成，请社区牵头"}
            return (yield from do(at, case, "whistle", whistle, handler))
        return None
    if life.happens("supplement"):
        asked: dict[str, object] = {"supplement-asked": "请补充现场照片和具体位置"}
        return (yield from do(at, case, "ask-supplement", asked, handler))
    if life.happens("suspended") or life.happens("not suspended"):
        asked = {
            "suspension-reason": life.random.choice(("季节原因", "工程原因", "法律程序")),
            "suspension-form": "挂账审批单.pdf",
            "review-on": day_of(at) + timedelta(days=life.random.randint(10, 60)),
        }
        return (yield from do(at, case, "ask-suspension", asked, handler))
    if (life.happens("extended") or life.happens("no extension")) and case.data["urgency"] == "一般":
        asked = {
            "extension-asked": "2 工作日",
            "extension-reason": EXTENSION_REASON,
            "reporter-informed": True,
        }
        # Too late, or longer than the term itself.
        extended = yield from do(at, case, "ask-extension", asked, handler, refusal="too-late")
        if extended is not None:
            return extended
    if life.happens("ended") or life.happens("not ended"):
        asked = {"ending-reason": "诉求人拒不配合", "ending-note": "三次约定上门均被拒绝，另附记录"}
        return (yield from do(at, case, "ask-ending", asked, handler))
    if level == 1 and life.happens("transferred"):
        return (yield from _transferred(life, case, at))
    return None


def _transferred(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    community = life.told.community
    near = [each for each in life.there.communities if each.street == community.street]
    other = next((each for each in near if each.unit != case.data["handling-unit"]), None)
    if other is None:
        return None
    moved = {"grid": other.unit, "handling-unit": other.unit, "transfer-reason": "现场核实属相邻社区"}
    # A third report of the same matter belongs one level up, and has to stay there.
    return (yield from do(at, case, "transfer", moved, community.street.center, refusal="too-low"))


def _supervised(life: Life, case: Case, at: datetime) -> Scene[None]:
    """The street watches some, and names a leader for what was reported often."""
    street = life.told.community.street
    if life.happens("supervised"):
        because = {"supervision-reason": "媒体关注"}
        yield from act(at, case.id, "supervise", because, street.center)
    often = int(str(case.data.get("times") or 0)) >= OFTEN
    if often and case.data.get("named-leader") is None:
        yield from act(at, case.id, "name-leader", {"named-leader": street.leader}, street.center)


def _assisted(life: Life, case: Case, at: datetime) -> Scene[None]:
    helpers = case.data.get("assistants")
    if isinstance(helpers, list) and helpers and not case.data.get("assisted"):
        helper = life.told.community.grid_worker
        if life.random.random() < 0.3:
            early = {"reply": REPLIES[0]}
            yield from act(at, case.id, "lead-part", early, life.handler(case))
        yield from act(at, case.id, "assisted-part", {}, helper)


def _finished(life: Life, case: Case, at: datetime, handler: Actor) -> Scene[Case | None]:
    reply: dict[str, object] = {"reply": life.random.choice(REPLIES)}
    shown = {"photo-before": "处置前.jpg", "photo-after": "处置后.jpg"}
    if case.data["kind"] not in SHOWN:
        return (yield from do(at, case, "finish", reply, handler))
    if case.data.get("photo-after") is None and life.happens("no photographs"):
        yield from do(at, case, "finish", reply, handler, refusal="no-photographs")
    return (yield from do(at, case, "finish", reply | shown, handler))


def report_in(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The unit above comes when it is whistled for."""
    return (yield from do(at, case, "report-in", {}, life.handler(case)))


def supply(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The resident adds what was asked for."""
    if case.data.get("reporter") is None:
        return None
    return (yield from do(at, case, "supply", {"supplement": "位置和照片已经补上"}, life.speaker))


def decide_suspension(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The street lets it wait, if it has to."""
    center = life.told.community.street.center
    if "suspended" in life.done:
        return (yield from do(at, case, "suspend", {}, center))
    note = {"approval-note": "材料已经齐备，请继续办理"}
    return (yield from do(at, case, "refuse-suspension", note, center))


def resume(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Work goes on."""
    return (yield from do(at, case, "resume", {}, life.handler(case)))


def decide_extension(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The street gives more time, if it is asked in time and for a reason."""
    center = life.told.community.street.center
    if "no extension" not in life.done:
        extended = yield from do(at, case, "extend", {}, center, refusal="too-late")
        if extended is not None:
            return extended
    note = {"approval-note": "理由不充分，请按期办结"}
    return (yield from do(at, case, "refuse-extension", note, center))


def decide_ending(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The desk decides whether work ends without a result."""
    if "ended" in life.done:
        return (yield from do(at, case, "end", {}, life.clerk(case)))
    note = {"approval-note": "请再次上门沟通"}
    return (yield from do(at, case, "refuse-ending", note, life.clerk(case)))
