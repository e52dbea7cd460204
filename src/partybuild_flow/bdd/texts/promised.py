"""Steps that say what must hold then: states, data, deadlines, refusals, effects, rules, history."""

from __future__ import annotations

from typing import Final

from partybuild_flow.bdd.texts.sentence import Sentence

_STANDING: Final[tuple[Sentence, ...]] = (
    Sentence(
        "state",
        ("[“{case}”的]状态是“{state}”",),
        ("the state[ of “{case}”] is “{state}”",),
        "状态的名称或代号；也可写包含它的上级状态",
        "by name or id; a state that holds the present one counts as well",
    ),
    Sentence(
        "state-not",
        ("[“{case}”的]状态不是“{state}”",),
        ("the state[ of “{case}”] is not “{state}”",),
        "与上相反",
        "the contrary",
    ),
    Sentence(
        "field",
        ("[“{case}”的][字段]“{field}”是“{value}”",),
        ("[field ]“{field}”[ of “{case}”] is “{value}”",),
        "字段的值，写法与填表时相同（89.5 与 89.50 相等；列表用顿号隔开；事项写它的名字）",
        "the value as it is written in a form (89.5 equals 89.50; a list with commas; a case by its name)",
    ),
    Sentence(
        "field-not",
        ("[“{case}”的][字段]“{field}”不是“{value}”",),
        ("[field ]“{field}”[ of “{case}”] is not “{value}”",),
        "与上相反",
        "the contrary",
    ),
    Sentence(
        "field-empty",
        ("[“{case}”的][字段]“{field}”为空",),
        ("[field ]“{field}”[ of “{case}”] is empty",),
        "字段没有值",
        "it has no value",
    ),
    Sentence(
        "data",
        ("[“{case}”的]数据是",),
        ("the data[ of “{case}”] is",),
        "两列表：名称、值；只看写出的字段",
        "two columns: name, value; only what is written is looked at",
        "pairs",
    ),
    Sentence(
        "cases",
        ("下列事项是",),
        ("these cases are",),
        "每行一件：第一列是事项的名字，其余是 状态 或字段",
        "one row a case: its name in the first column, then `state` or fields",
        "rows",
    ),
    Sentence(
        "unit",
        ("[“{case}”的]所属单位是“{unit}”",),
        ("the case[ “{case}”] belongs to “{unit}”",),
        "事项所属的单位",
        "the unit of the case",
    ),
    Sentence(
        "deadline",
        ("[“{case}”的]期限“{deadline}”到“{moment}”",),
        ("deadline “{deadline}”[ of “{case}”] is due “{moment}”",),
        "在运行，且届满于这一刻（24:00 可写）",
        "it runs, and is due at this instant (24:00 may be written)",
    ),
    Sentence(
        "deadline-idle",
        ("[“{case}”的]期限“{deadline}”未在运行",),
        ("deadline “{deadline}”[ of “{case}”] is not running",),
        "没有开始、已经触发、窗口已过或已随状态结束",
        "it has not begun, has fired, its window has passed, or it ended with its state",
    ),
    Sentence(
        "deadline-paused",
        ("[“{case}”的]期限“{deadline}”暂停计时",),
        ("deadline “{deadline}”[ of “{case}”] stands still",),
        "处于暂停的状态之中，没有届满的时刻",
        "the case is in a state in which its clock stands still, so that nothing is due",
    ),
    Sentence(
        "deadline-provisional",
        ("[“{case}”的]期限“{deadline}”是暂定的",),
        ("deadline “{deadline}”[ of “{case}”] is provisional",),
        "届满日所在年份的日历尚未公布",
        "the calendar of the year it falls into is not published yet",
    ),
    Sentence(
        "deadlines",
        ("[“{case}”]在运行的期限是“{deadlines}”",),
        ("the running deadlines[ of “{case}”] are “{deadlines}”",),
        "恰是这些；没有即“”",
        "exactly these; “” for none",
    ),
)

_DECIDED: Final[tuple[Sentence, ...]] = (
    Sentence(
        "refused",
        ("被拒绝[，因为“{reason}”]",),
        ("[it ]is refused[ because “{reason}”]",),
        "上一个事件（或试办、更正）被拒绝，且拒绝的话中有这些字",
        "the last event (or question, or correction) was refused, and the sentence contains these words",
    ),
    Sentence(
        "accepted",
        ("获准",),
        ("[it ]is accepted",),
        "上一个事件（或试办）可以执行",
        "the last event (or question) may happen",
    ),
    Sentence(
        "unchanged",
        ("一切照旧",),
        ("nothing has changed",),
        "上一步没有给任何事项留下新的记录",
        "the last step has left no new entry with any case",
    ),
    Sentence(
        "possible",
        ("[“{actor}”][对“{case}”]可以执行“{events}”",),
        ("“{events}” can be sent[ to “{case}”]", "“{actor}” can send “{events}”[ to “{case}”]"),
        "现在可以执行的恰是这些（不写人即上一位办理人；没有即“”）",
        "exactly these are possible now (the last actor unless one is named; “” for none)",
    ),
    Sentence(
        "impossible",
        ("[“{actor}”][对“{case}”]不能执行“{event}”[，因为“{reason}”]",),
        (
            "“{event}” cannot be sent[ to “{case}”][ because “{reason}”]",
            "“{actor}” cannot send “{event}”[ to “{case}”][ because “{reason}”]",
        ),
        "现在不能执行；原因中有这些字",
        "it is not possible now, and the reason contains these words",
    ),
    Sentence(
        "explained",
        ("决定说明包含“{text}”",),
        ("the decision says “{text}”",),
        "上一个决定的完整说明（含各条件、规则与所见的值）中有这些字",
        "the whole explanation of the last decision (conditions, rules, values seen) contains these words",
    ),
    Sentence(
        "not-explained",
        ("决定说明不包含“{text}”",),
        ("the decision does not say “{text}”",),
        "与上相反",
        "the contrary",
    ),
    Sentence(
        "rule",
        ("触发规则“{rule}”",),
        ("rule “{rule}” fires",),
        "上一步中该规则成立（名称或代号），被拒绝的决定也算",
        "the rule (name or id) held in the last step, in a refused decision too",
    ),
    Sentence(
        "no-rule",
        ("未触发规则“{rule}”",),
        ("rule “{rule}” does not fire",),
        "与上相反",
        "the contrary",
    ),
    Sentence(
        "row",
        ("命中“{table}”第 {row#} 行",),
        ("row {row#} of “{table}” holds",),
        "上一步中决策表命中这一行",
        "the row of the decision table held in the last step",
    ),
    Sentence(
        "no-row",
        ("未命中“{table}”第 {row#} 行",),
        ("row {row#} of “{table}” does not hold",),
        "与上相反",
        "the contrary",
    ),
)

_TOLD: Final[tuple[Sentence, ...]] = (
    Sentence(
        "notice",
        ("发出通知“{text}”[给“{to}”]",),
        ("notice “{text}” goes out[ to “{to}”]",),
        "上一步发出的通知或提醒，内容含有这些字；给角色、字段（其中的人或单位）或人员",
        "a notice or warning of the last step whose text contains these words, to a role, a field (whoever it holds) or a person",
    ),
    Sentence(
        "no-notice",
        ("未发出通知[“{text}”][给“{to}”]",),
        ("no notice[ “{text}”] goes out[ to “{to}”]",),
        "与上相反",
        "the contrary",
    ),
    Sentence(
        "history-count",
        ("[“{case}”的]历史有 {count#} 条",),
        ("the history[ of “{case}”] has {count#} (entries|entry)",),
        "记录的条数",
        "how many entries there are",
    ),
    Sentence(
        "history",
        ("[“{case}”的]历史是“{events}”",),
        ("the history[ of “{case}”] is “{events}”",),
        "各条记录的事件，依次写出",
        "the events of all entries in order",
    ),
    Sentence(
        "count",
        ("“{workflow}”共有 {count#} 件",),
        ("there (are|is) {count#} “{workflow}” (cases|case)",),
        "该流程的事项数",
        "how many cases of the workflow there are",
    ),
    Sentence(
        "count-state",
        ("“{workflow}”中状态为“{state}”的有 {count#} 件",),
        ("there (are|is) {count#} “{workflow}” (cases|case) in state “{state}”",),
        "处于该状态（含下级状态）的事项数",
        "how many are in the state or one inside it",
    ),
    Sentence(
        "count-field",
        ("“{workflow}”中“{field}”为“{value}”的有 {count#} 件",),
        ("there (are|is) {count#} “{workflow}” (cases|case) whose “{field}” is “{value}”",),
        "该字段为此值的事项数",
        "how many have this value in the field",
    ),
    Sentence(
        "count-due",
        ("“{workflow}”中“{moment}”前到期的有 {count#} 件",),
        ("there (are|is) {count#} “{workflow}” (cases|case) due before “{moment}”",),
        "有期限在这一刻之前届满而未触发的事项数",
        "how many have an open deadline before this instant",
    ),
    Sentence(
        "rate",
        ("[“{workflow}”的]比率“{rate}”是“{share}”",),
        ("the rate “{rate}”[ of “{workflow}”] is “{share}”",),
        "全部事项的比率，写成分数，如 3/4（不约分）；没有应计的事项写“无”",
        "the rate over all cases as a fraction such as 3/4, not reduced; “none” where no case counts",
    ),
    Sentence(
        "rate-met",
        ("[“{workflow}”的]比率“{rate}”达到要求",),
        ("the rate “{rate}”[ of “{workflow}”] is met",),
        "不低于流程写明的“至少”",
        "it reaches what the workflow asks for",
    ),
    Sentence(
        "rate-not-met",
        ("[“{workflow}”的]比率“{rate}”未达到要求",),
        ("the rate “{rate}”[ of “{workflow}”] is not met",),
        "与上相反；没有应计的事项，既不算达到，也不算未达到",
        "the contrary; where no case counts it is neither",
    ),
    Sentence(
        "form",
        ("[“{actor}”的]“{event}”办理单是“{fields}”",),
        ("the form of “{event}”[ for “{actor}”] is “{fields}”",),
        "该事件此时可填的字段，依次写出",
        "the fields that the event asks for now, in order",
    ),
    Sentence(
        "form-required",
        ("[“{actor}”的]“{event}”须填“{fields}”",),
        ("the form of “{event}”[ for “{actor}”] requires “{fields}”",),
        "其中须填的字段",
        "those among them that are required",
    ),
    Sentence(
        "sees",
        ("“{actor}”看到[“{case}”的]“{field}”是“{value}”",),
        ("“{actor}” sees “{field}”[ of “{case}”] as “{value}”",),
        "此人读到的值；遮去的写 ***",
        "what this person reads; what is masked is ***",
    ),
    Sentence(
        "cannot-see",
        ("“{actor}”看不到该事项", "“{actor}”看不到“{case}”"),
        ("“{actor}” cannot see the case[ “{case}”]",),
        "此人无权查看",
        "this person may not read it",
    ),
    Sentence(
        "whole",
        ("全部记录完整",),
        ("the journal is whole",),
        "各事项的记录链核验无误",
        "the chains of all entries hold",
    ),
)

PROMISED: Final[tuple[Sentence, ...]] = (*_STANDING, *_DECIDED, *_TOLD)
"""What stands, what was decided, what was told and kept."""
