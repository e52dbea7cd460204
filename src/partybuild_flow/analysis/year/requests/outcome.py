"""After the work: the audit, the call to the resident, doing it again, opening it again."""

from __future__ import annotations

from datetime import datetime

from partybuild_flow.analysis.year.requests.life import Life, do
from partybuild_flow.analysis.year.script import Scene, act
from partybuild_flow.case import Case


def take_audit(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Somebody who did not finish it looks at it."""
    return (yield from do(at, case, "take-audit", {}, life.auditor(case)))


def audit(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """Whether the answer is what really was done."""
    if life.happens("failed audit"):
        note = {"audit-note": "回复与实际不一致"}
        return (yield from do(at, case, "audit-fail", note, life.auditor(case)))
    return (yield from do(at, case, "audit-ok", {}, life.auditor(case)))


def call_back(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """What the resident says of it, if somebody answers."""
    random = life.random
    agent = random.choice(life.told.community.street.agents)
    if "out of reach" in life.planned or life.happens("hard to reach"):
        # Only another half-day counts.
        return (yield from do(at, case, "not-reached", {}, agent, refusal="same-half-day"))
    said: dict[str, object] = {"recording": f"LY-{random.randrange(10**6):06d}"}
    if life.unhappy:
        life.unhappy -= 1
        said |= {"resolved": False, "satisfaction": "不满意", "dissatisfied-because": "主观原因"}
    elif life.happens("objective"):
        because = {"dissatisfied-because": "客观原因", "finding": "客观原因认定表.pdf"}
        said |= {"resolved": False, "satisfaction": "不满意", **because}
    else:
        satisfied = random.choices(("非常满意", "满意", "基本满意"), (45, 45, 10))[0]
        said |= {"resolved": True, "satisfaction": satisfied}
    return (yield from do(at, case, "record-callback", said, agent))


def redo(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """It begins again by itself, unless another unit is to do it."""
    community = life.told.community
    near = [each for each in life.there.communities if each.street == community.street]
    other = next((each for each in near if each.unit != case.data["handling-unit"]), None)
    if case.data["level"] != "社区" or other is None or not life.happens("another unit"):
        return None
    changed = {"handling-unit": other.unit, "transfer-reason": "原单位两次没有办好"}
    return (yield from do(at, case, "replace-unit", changed, community.street.center, refusal="too-low"))


def supervision(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """A leader takes it in hand."""
    street = life.told.community.street
    return (yield from do(at, case, "hand-supervised", {"named-leader": street.leader}, street.center))


def afterwards(life: Life, case: Case, at: datetime) -> Scene[Case | None]:
    """A resident comes back to a closed request, or the desk parts what it had merged."""
    if case.data.get("master") and life.happens("unmerged"):
        return (yield from do(at, case, "unmerge", {}, life.clerk(case)))
    if case.data.get("reporter") is None:
        return None
    if life.happens("asked again"):
        yield from act(at, case.id, "ask-result", {}, life.speaker)
    if life.happens("reopened"):
        fact = {"new-fact": "这两天又出现了，比上次还严重，附照片"}
        return (yield from do(at, case, "reopen", fact, life.speaker, refusal="after-a-month"))
    return None
