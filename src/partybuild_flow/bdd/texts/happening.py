"""Steps that say what happens: events, corrections, the passing of time."""

from __future__ import annotations

from typing import Final

from partybuild_flow.bdd.texts.sentence import Sentence

HAPPENING: Final[tuple[Sentence, ...]] = (
    Sentence(
        "send",
        ("“{actor}”[对“{case}”]执行“{event}”[，发生在“{at}”][，以键“{key}”][，依据第 {revision#} 版]",),
        (
            "“{actor}” sends “{event}”[ to “{case}”][ on “{at}”][ under key “{key}”][ expecting revision {revision#}]",
        ),
        "执行一个事件，数据写成两列表，或写成多行文本（一行一个“名称: 值”，或 JSON）；"
        "被拒绝时须随后写“被拒绝”，否则场景失败；同一键再次执行不生效",
        "an event with the data of a two-column table, or of a doc string (lines of “name: value”, or JSON); "
        "a refusal must be asked about by “is refused”, or it fails the scenario; the same key again changes nothing",
        "pairs",
    ),
    Sentence(
        "send-text",
        ("“{actor}”[对“{case}”]执行“{event}”，“{field}”如下",),
        ("“{actor}” sends “{event}”[ to “{case}”] with “{field}” as follows",),
        "执行一个事件，该字段的长文写在下面的多行文本中",
        "an event whose one field is the long text below",
        "text",
    ),
    Sentence(
        "send-rows",
        ("“{actor}”逐件执行“{event}”",),
        ("“{actor}” sends “{event}” to each of these cases",),
        "每行一件：第一列是事项的名字，其余是字段；被拒绝即失败",
        "one row a case: its name in the first column, fields in the others; a refusal fails",
        "rows",
    ),
    Sentence(
        "send-people",
        ("下列人员[对“{case}”]执行“{event}”",),
        ("these people send “{event}”[ to “{case}”]",),
        "每行一人：第一列是人员，其余是字段，如多位评委打分；被拒绝即失败",
        "one row a person: the person in the first column, fields in the others, as when judges give marks; a refusal fails",
        "rows",
    ),
    Sentence(
        "ask",
        ("“{actor}”[对“{case}”]试办“{event}”",),
        ("“{actor}” asks about “{event}”[ of “{case}”]",),
        "只问会如何决定，不作改变；随后可写 获准、被拒绝、决定说明包含……",
        "asks how it would be decided and changes nothing; “is accepted”, “is refused”, “the decision says …” may follow",
        "pairs",
    ),
    Sentence(
        "correct",
        ("“{actor}”更正[“{case}”]，理由“{reason}”",),
        ("“{actor}” corrects the case[ “{case}”] because “{reason}”",),
        "更正已登记的数据（两列表），留下理由",
        "corrects recorded data (two-column table) with a reason",
        "pairs",
    ),
    Sentence(
        "time",
        ("时间来到“{moment}”",),
        ("time comes to “{moment}”",),
        "时钟走到这一刻，其间到期的期限依次触发",
        "the clock goes on; deadlines that fall due on the way fire in order",
    ),
    Sentence(
        "pass",
        ("时间过去“{term}”",),
        ("“{term}” (pass|passes)",),
        "过去 2 小时、30 分钟、60 日、3 个月、1 年（同一时刻），或 3 工作日（其后第 3 个工作日的同一时刻）、4 工作时",
        "2 hours, 30 minutes, 60 days, 3 months, 1 year later at this time of day; or 3 working days (the third one after, at this time), "
        "4 working hours",
    ),
    Sentence(
        "time-due",
        ("时间来到[“{case}”的]期限“{deadline}”届满[前“{before}”][后“{after}”]",),
        (
            "time comes to [“{before}” before ][“{after}” after ]the deadline “{deadline}”[ of “{case}”] is due",
        ),
        "走到该期限届满的一刻，或其前、其后（如 1 分钟、1 工作日）",
        "to the very instant at which the deadline is due, or so much before or after it, such as 1 minute or 1 working day",
    ),
)
"""In the order in which they are usually needed."""
