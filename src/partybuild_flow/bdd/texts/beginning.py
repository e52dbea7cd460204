"""Steps that say what there is to begin with: the clock, people, answers, cases."""

from __future__ import annotations

from typing import Final

from partybuild_flow.bdd.texts.sentence import Sentence

BEGINNING: Final[tuple[Sentence, ...]] = (
    Sentence(
        "now",
        ("现在是“{moment}”",),
        ("now is “{moment}”",),
        "把时钟拨到这一刻（北京时间，24:00 可写）；期限不因此触发",
        "sets the clock (Asia/Shanghai; 24:00 may be written); no deadline fires by it",
    ),
    Sentence(
        "actor",
        ("“{actor}”是“{unit}”的“{roles}”",),
        ("“{actor}” is “{roles}” at “{unit}”",),
        "这个人在该单位担任这些角色（顿号或逗号隔开）；再写一次即再加角色",
        "this person holds these roles at the unit, a comma between them; written again it adds roles",
    ),
    Sentence(
        "no-role",
        ("“{actor}”没有角色",),
        ("“{actor}” holds no role",),
        "这个人不担任任何角色；办理事件的人都须先介绍过",
        "this person holds none; whoever acts must have been introduced",
    ),
    Sentence(
        "people",
        ("下列人员在任",),
        ("these people hold roles",),
        "每行一人：人员、单位、角色",
        "one row a person: person, unit, role",
        "rows",
    ),
    Sentence(
        "parameter-set",
        ("[“{workflow}”]采用参数方案“{set}”",),
        ("[“{workflow}” uses ]parameter set “{set}”",),
        "用参数文件中的另一套值；写在第一个事项发起之前；不写流程即有此方案的各流程都用",
        "another set of values from parameters.yaml, before the first case begins; without a workflow, for all that have it",
    ),
    Sentence(
        "look-up",
        ("查询“{look_up}”[对“{asked}”]答“{answer}”",),
        ("look-up “{look_up}”[ for “{asked}”] answers “{answer}”",),
        "外部查询的回答；有多个查询依据时用顿号隔开；“”即查无结果",
        "what the host answers; several inputs have a comma between them; “” is no answer",
    ),
    Sentence(
        "lots",
        ("抽签数依次是“{lots}”",),
        ("the lots drawn are “{lots}”",),
        "此后抽签得到的数；不写即 1、2、3……",
        "the numbers drawn from now on; 1, 2, 3, … unless said",
    ),
    Sentence(
        "start",
        (
            "“{actor}”发起“{workflow}”[，于“{unit}”][，起于“{event}”][，发生在“{at}”][，以键“{key}”][，记为“{name}”]",
        ),
        (
            "“{actor}” starts “{workflow}”[ at “{unit}”][ with event “{event}”][ on “{at}”][ under key “{key}”][ as “{name}”]",
        ),
        "发起一个事项，数据写成两列表（名称、值）；此后的步骤针对它",
        "begins a case with the data of a two-column table; the steps that follow are about it",
        "pairs",
    ),
    Sentence(
        "start-rows",
        ("“{actor}”发起下列“{workflow}”[，于“{unit}”]", "存在下列“{workflow}”"),
        ("“{actor}” starts these “{workflow}” cases[ at “{unit}”]", "there are these “{workflow}” cases"),
        "每行发起一个事项：表头是字段名称，另可有 记为、由（办理人）、于（单位）、起于（事件）、发生在；被拒绝即失败",
        "one case a row: the heading names fields, and may have `as`, `by` (actor), `at` (unit), `event`, `on`; a refusal fails",
        "rows",
    ),
    Sentence(
        "name-by-field",
        ("“{workflow}”中“{field}”是“{value}”的事项记为“{name}”",),
        ("the “{workflow}” case whose “{field}” is “{value}” is called “{name}”",),
        "给已有的事项（如由动作发起的）起个名字；须恰有一件",
        "names a case that is there, one begun by an effect for example; there must be exactly one",
    ),
    Sentence(
        "name-by-unit",
        ("“{workflow}”中属于“{unit}”的事项记为“{name}”",),
        ("the “{workflow}” case at “{unit}” is called “{name}”",),
        "同上，按事项所属单位找",
        "the same by the case's unit",
    ),
    Sentence(
        "name-latest",
        ("最近的“{workflow}”记为“{name}”",),
        ("the latest “{workflow}” case is called “{name}”",),
        "同上，取最后发起的一件",
        "the same, the one that began last",
    ),
    Sentence(
        "about",
        ("以下针对“{case}”",),
        ("what follows is about “{case}”",),
        "此后不写事项的步骤都针对这一件",
        "steps that name no case are about this one from now on",
    ),
)
"""In the order in which they are usually needed."""
