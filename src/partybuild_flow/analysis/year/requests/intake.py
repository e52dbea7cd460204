"""From a request's coming in to its dispatch: entry, screening, merging, answers, returns and arbitration."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from partybuild_flow.analysis.year.calendar_2025 import YEAR
from partybuild_flow.analysis.year.requests.life import Life, do
from partybuild_flow.analysis.year.requests.places import DEPARTMENTS, LAST_RESORT
from partybuild_flow.analysis.year.requests.texts import ANSWERS, RETURN_REASON
from partybuild_flow.analysis.year.script import Data, Scene, begin
from partybuild_flow.case import Actor, Case

LEVELS: Final = ("楼栋长", "社区", "街道", "区部门")
LOWEST: Final = {
    "邻里纠纷": 0,
    "楼道照明": 0,
    "环境卫生": 1,
    "便民服务": 1,
    "物业停车": 2,
    "消防通道": 2,
    "劳动社保": 3,
    "规划建设": 3,
}
OFTEN: Final = 3
GROUNDS: Final = ("诉讼仲裁复议", "已作信访受理", "已依法终结", "恶意反复")


def begun(life: Life) -> Scene[Case | None]:
    """The case of a request. Some are written badly first, and some are sent twice."""
    told, data = life.told, _written(life)
    event, by = _channel(life)
    if life.happens("nowhere"):
        yield from _begin(life, told.at, {**data, "place": "老菜场对面"}, event, by, refusal="nowhere")
    if life.happens("without a contact") and told.kind not in ("咨询", "建议"):
        unsigned = {name: value for name, value in data.items() if name not in ("reporter", "phone")}
        yield from _begin(life, told.at, unsigned, event, by, refusal="without-contact")
    case = yield from _begin(life, told.at + timedelta(seconds=40), data, event, by)
    if event == "import" and life.happens("imported twice"):
        later = told.at + timedelta(minutes=15)
        yield from _begin(life, later, data, event, by, refusal="imported-twice")
    return case


def _begin(
    life: Life, at: datetime, data: Data, event: str, by: Actor, refusal: str | None = None
) -> Scene[Case | None]:
    # A captain's building is the unit that a captain may begin for.
    unit = None if life.told.channel == "captain" else life.told.community.unit
    return (yield from begin(at, "request-handling", data, by, event=event, unit=unit, refusal=refusal))


def _channel(life: Life) -> tuple[str, Actor]:
    told, random = life.told, life.random
    if told.channel == "captain":
        return "report-for", random.choice(told.community.captains)
    if told.channel == "grid-worker":
        return "report-for", told.community.grid_worker
    return ("import", life.there.hotline) if told.channel == "import" else ("report", life.speaker)


def _written(life: Life) -> dict[str, object]:
    told = life.told
    resident = told.resident
    data: dict[str, object] = {
        "place": told.place,
        "kind": told.kind,
        "matter": told.matter,
        "content": told.text,
        "hazard": told.hazard,
    }
    if told.channel == "import":
        data |= {"source": "12345热线", "source-number": f"RX{YEAR}{told.number:06d}"}
    if not life.anonymous:
        data |= {"reporter": resident.actor.id, "phone": resident.phone, "household": resident.household}
        if resident.child:
            data |= {
                "born-on": date(YEAR - 10, 5, 4),
                "guardian": life.speaker.id,
                "guardian-consent": "监护人同意书.pdf",
            }
    if "danger" in life.planned:
        data["danger"] = True
    if life.against:
        data["target-unit"] = told.community.unit
    return data


def settle_grid(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Says in which of two grids a place lies."""
    grid = {"grid": life.told.community.unit}
    return (yield from do(at, case, "settle-grid", grid, life.clerk(case)))


def emergency(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """What was done at once about a danger."""
    report = {"emergency-report": "已到场处置，险情排除，后续按程序办理"}
    return (yield from do(at, case, "emergency-done", report, life.told.community.street.emergency))


def screen(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Looks a new request through."""
    return (yield from do(at, case, "screen", {"hazard": life.told.hazard}, life.clerk(case)))


def after_screening(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Refused, merged, answered or dispatched."""
    clerk = life.clerk(case)
    if life.happens("rejected"):
        ground: dict[str, object] = {"refusal-ground": life.random.choice(GROUNDS)}
        if ground["refusal-ground"] == "恶意反复":
            ground["approval"] = "不再受理审批单.pdf"
        return (yield from do(at, case, "reject", ground, clerk))
    if life.happens("danger after all"):
        return (yield from do(at, case, "to-emergency", {}, clerk))
    merged = yield from _merged(life, case, at, clerk)
    if merged is not None:
        return merged
    if case.data["kind"] in ("咨询", "表扬") and case.data["urgency"] == "一般":
        answer = {"reply": life.random.choice(ANSWERS)}
        return (yield from do(at, case, "answer", answer, clerk))
    return (yield from do(at, case, "dispatch", _dispatch(life, case), clerk))


def _merged(life: Life, case: Case, at: datetime, clerk: Actor) -> Scene[Case | None]:
    """Into another request for the same matter, where the desk finds them alike."""
    similar = case.data.get("similar")
    if not isinstance(similar, list) or not similar or "merged" in life.done or "not alike" in life.planned:
        return None
    life.done.add("merged")
    # Meanwhile the other one may have been closed, or merged itself.
    return (yield from do(at, case, "merge", {"master": similar[0]}, clerk, refusal="no-longer-open"))


def _dispatch(life: Life, case: Case) -> dict[str, object]:
    level, why = _level(case)
    data: dict[str, object] = {"level": LEVELS[level], "handling-unit": _unit(life, case, level)}
    if why:
        data["why-higher"] = why
    if _times(case) >= OFTEN:
        data["named-leader"] = life.told.community.street.leader
    if level == len(LEVELS) - 1 and life.random.random() < 0.1:
        data["complex"] = True
    if level and not life.against and life.happens("assisted"):
        data["assistants"] = [life.told.community.grid_worker.id]
        data["assisting-units"] = [life.told.community.unit]
    return data


def _level(case: Case) -> tuple[int, str | None]:
    """The lowest level that is able, or the street where the community itself is complained about."""
    level = LOWEST[str(case.data["matter"])]
    if case.data["urgency"] == "加急":
        level = max(level, 1)
    if _times(case) >= OFTEN:
        level = min(level + 1, len(LEVELS) - 1)
    return (2, "被投诉的社区应当回避") if case.data.get("target-unit") and level < 2 else (level, None)


def _times(case: Case) -> int:
    return int(str(case.data.get("times") or 0))


def _unit(life: Life, case: Case, level: int) -> str:
    community = life.told.community
    if level == 0:
        return community.captains[life.told.resident.building - 1].roles[0][1]
    if level == 1:
        return str(case.data["grid"])
    return community.street.unit if level == 2 else DEPARTMENTS.get(str(case.data["matter"]), LAST_RESORT)


def record_answer(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Files an answer that was given at once."""
    return (yield from do(at, case, "record-answer", {}, life.clerk(case)))


def take(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The captain of the building takes it over."""
    # It may have climbed at this very hour.
    return (yield from do(at, case, "take", {}, life.handler(case), refusal="climbed"))


def sign(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """The unit signs for it, or returns it."""
    handler = life.handler(case)
    if life.happens("returned") or ("returned" in life.done and life.happens("returned twice")):
        reason = {
            "duty-clause": "职责清单第14条",
            "return-reason": RETURN_REASON.format(clause=14),
        }
        designated = "designated" if case.data.get("designated") else "unit-returned-before"
        returned = yield from do(at, case, "return", reason, handler, refusal=designated)
        if returned is not None:
            return returned
    signed = yield from do(at, case, "sign", {}, handler, refusal="signed-by-clock")
    if signed is None:
        life.done.add("late to sign")
    return signed


def after_return(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Dispatched anew the first time, arbitrated the second; then it may not be returned again."""
    returned = case.data.get("returned-by")
    held = LEVELS.index(str(case.data["level"]))
    level = min(held + 1, len(LEVELS) - 1)
    unit = _unit(life, case, level)
    again = isinstance(returned, list) and (len(returned) > 1 or unit in returned)
    data: dict[str, object] = {"level": LEVELS[level], "handling-unit": unit, "why-higher": "原承办单位退单"}
    if again:
        ruling = {**data, "ruling": "由该单位牵头主办，相关单位配合"}
        return (yield from do(at, case, "arbitrate", ruling, life.told.community.street.center))
    return (yield from do(at, case, "dispatch-again", data, life.clerk(case)))
