"""The nearest way up: each way is decided by the engine, nothing is written, nobody learns what he may not see."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow import Actor, CaseNotFound, Engine, FlowError
from partybuild_flow.analysis import Advice, advise
from partybuild_flow.analysis.advice import advice_lines, advice_record
from partybuild_flow.cli.printing import json_text
from partybuild_flow.messages import catalogue
from tests.conftest import PROJECT, Clock
from tests.unit.conftest import Pbflow

GRANT = """\
workflow: grant
fields:
  points: {type: number, decimals: 1, min: 0, max: 60, improvable: true}
  extra: {type: integer, min: 0, max: 10, improvable: true}
  fixed: {type: number}
  level: {type: choice, values: [low, middle, high], ordered: true, improvable: true}
  signed: {type: boolean, improvable: true}
  held on: {id: held-on, type: date, improvable: true}
  marks: {type: list, item: {what: {type: text}, mark: {type: integer, min: 0, max: 5}}, improvable: true}
  flaws: {type: list, item: choice, values: [late, wrong], improvable: true}
  phone: {type: text, personal: sensitive, seen-by: officer}
  salary: {type: number, personal: sensitive, seen-by: officer, improvable: true}
  result: {type: choice, values: [none, small, large], ordered: true}
roles: [applicant, officer]
states: {filed: {}, granted: {final: true}, declined: {final: true}}
transitions:
  - {on: file, by: applicant, needs: [points?, extra?, fixed?, level?, signed?, held on?, marks?, flaws?, phone?, salary?], to: filed}
  - on: decide
    from: filed
    by: officer
    decide: if points + extra + fixed >= 90 then "full" else if points + extra + fixed >= 80 then "part" else "no"
    to: {full: granted, part: granted, no: declined}
    aim: [full, part, "no"]
  - {on: sort, from: filed, by: officer, aim: good,
     decide: 'if count(flaws) = 0 then "good" else "bad"', to: {good: granted, bad: declined}}
  - {on: sum up, id: sum-up, from: filed, by: officer, to: granted, aim: result,
     set: {result: if sum(marks.mark) >= 12 then "large" else if sum(marks.mark) >= 9 then "small" else "none"}}
  - {on: admit, from: filed, by: officer, when: level >= "middle" and signed, to: granted}
  - {on: hold, from: filed, by: officer, when: held on >= @"2024-05-01", to: granted}
  - {on: never, from: filed, by: officer, when: points > 10 and fixed > 50, to: granted}
  - {on: hit, from: filed, by: officer, when: points = 33.3, to: granted}
  - {on: weigh, from: filed, by: officer, when: salary < 10, to: granted}
  - {on: phone up, id: phone-up, from: filed, by: officer, when: phone = "x", to: granted}
  - {on: undo, from: filed, by: officer, not-by: file, when: points >= 0, to: declined}
"""
APPLICANT = Actor("ann", [("applicant", "park/lake")])
OFFICER = Actor("olaf", [("officer", "park")])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("advice") / "grant"
    folder.mkdir()
    (folder / "workflow.yaml").write_text(GRANT, encoding="utf-8")
    with Engine.open("memory://", folder) as opened:
        yield opened


def filed(engine: Engine, **data: Any) -> str:
    return engine.start("grant", data, by=APPLICANT, event="file").case.id


def only(engine: Engine, case: str, event: str, **asked: Any) -> Advice:
    (found,) = advise(engine, case, event, **asked)
    return found


def changes(advice: Advice) -> list[dict[str, object]]:
    return [{each.name: each.after for each in way.steps} for way in advice.ways]


def test_the_least_change_of_one_field_that_reaches_more_comes_first(engine: Engine) -> None:
    advice = only(engine, filed(engine, points=40, extra=5, fixed=44), "decide", by=APPLICANT)
    assert (advice.outcome, advice.standing, advice.complete) == ("part", "ways", True)
    assert changes(advice) == [{"extra": 6}, {"points": Decimal("41.0")}]
    assert [each.outcome for each in advice.ways] == ["full", "full"]


def test_an_outcome_that_is_asked_for_may_need_several_fields(engine: Engine) -> None:
    case = filed(engine, points=58, extra=2, fixed=20)
    assert only(engine, case, "decide", by=APPLICANT).outcome == "part"
    advice = only(engine, case, "decide", by=APPLICANT, reach="full")
    assert changes(advice) == [{"points": Decimal("60.0"), "extra": 10}]
    assert not advice.complete
    assert advise(engine, case, by=APPLICANT, reach="part")[0].standing == "best"


def test_nothing_within_the_bounds_of_the_fields_says_so(engine: Engine) -> None:
    advice = only(engine, filed(engine, points=58, extra=2, fixed=0), "decide", by=APPLICANT)
    assert (advice.standing, advice.ways) == ("none", ())
    assert advice_lines(advice, "en")[1] == "no change of improvable fields was found that reaches more"
    assert advice_lines(advice, "zh-CN")[1] == "没有找到只改可改进的字段就能达到更好结果的办法"


def test_a_refused_event_is_told_what_is_missing_to_be_admitted(engine: Engine) -> None:
    advice = only(engine, filed(engine, level="low", signed=True), "admit", by=APPLICANT)
    assert not advice.accepted
    assert changes(advice) == [{"level": "middle"}]
    both = only(engine, filed(engine, level="low"), "admit", by=OFFICER)
    assert changes(both) == [{"level": "middle", "signed": True}]


def test_what_a_condition_did_not_find_is_told_as_lacking(engine: Engine) -> None:
    advice = only(engine, filed(engine, salary=12), "weigh", by=OFFICER)
    assert advice_lines(advice, "en")[-1] == "it would be admitted; 2 lacking (salary): salary −3 (12 → 9)"


def test_a_date_moves_by_days(engine: Engine) -> None:
    advice = only(engine, filed(engine, **{"held on": "2024-02-27"}), "hold", by=APPLICANT)
    assert [(str(each.after), each.steps) for way in advice.ways for each in way.steps] == [
        ("2024-05-01", 64)
    ]


def test_items_of_a_list_of_records_change_one_by_one(engine: Engine) -> None:
    marks = [{"what": "a", "mark": 4}, {"what": "b", "mark": 2}, {"what": "c", "mark": 5}]
    case = filed(engine, marks=marks)
    advice = only(engine, case, "sum-up", by=APPLICANT)
    assert (advice.aim, advice.outcome) == ("result", "small")
    steps = [step for way in advice.ways for step in way.steps]
    assert [(each.item, each.column, each.before, each.after) for each in steps] == [
        (1, "mark", 4, 5),
        (2, "mark", 2, 3),
    ]
    assert advice_lines(advice, "en")[2] == "“large” is within reach: marks, item 2, mark +1 (2 → 3)"
    assert engine.case(case).data["marks"] == [{**each, "mark": Decimal(each["mark"])} for each in marks]  # type: ignore[arg-type]


def test_a_single_value_between_others_is_found(engine: Engine) -> None:
    advice = only(engine, filed(engine, points=1), "hit", by=APPLICANT)
    assert (changes(advice), advice.complete) == ([{"points": Decimal("33.3")}], True)


def test_choices_may_leave_a_list(engine: Engine) -> None:
    advice = only(engine, filed(engine, flaws=["late"]), "sort", by=APPLICANT)
    assert advice_lines(advice, "en")[1] == "“good” is within reach: flaws without late"


def test_the_best_outcome_needs_no_advice_and_other_reasons_take_none(engine: Engine) -> None:
    case = filed(engine, points=60, extra=10, fixed=20)
    assert only(engine, case, "decide", by=APPLICANT).standing == "best"
    assert only(engine, case, "undo", by=APPLICANT).standing == "not-by-values"
    assert only(engine, case, "file", by=APPLICANT).standing == "not-by-values"
    assert only(engine, case, "never", by=APPLICANT).standing == "none"


def test_what_the_reader_may_not_see_is_neither_proposed_nor_told_by_the_answer(engine: Engine) -> None:
    case = filed(engine, points=40, phone="13800000000", salary=12)
    for event in ("weigh", "phone-up"):
        other = Actor("bob", [("applicant", "park/lake")])
        advice = only(engine, case, event, by=other)
        assert (advice.standing, advice.ways, advice.decision) == ("concealed", (), None)
        assert "may not see" in advice_lines(advice, "en")[0]
        told = repr(advice) + json_text(advice_record(advice, "en"))
        assert "12" not in told.replace(case, "")
    assert changes(only(engine, case, "weigh", by=OFFICER)) == [{"salary": 9}]
    assert "salary" not in json_text([advice_record(each, "en") for each in advise(engine, case, by=other)])
    with pytest.raises(CaseNotFound):
        advise(engine, case, by=Actor("eve", [("officer", "harbour")]))


def test_a_budget_that_is_used_up_is_said(engine: Engine) -> None:
    case = filed(engine, points=40, extra=5, fixed=44)
    advice = only(engine, case, "decide", by=APPLICANT, budget=5)
    assert not advice.complete
    assert advice_lines(advice, "en")[-1] == "not everything was searched; there may be smaller changes"


def test_nothing_is_written(engine: Engine) -> None:
    case = filed(engine, points=40, extra=5, fixed=44)
    before = (engine.case(case), engine.history(case), engine.verify())
    advise(engine, case)
    assert (engine.case(case), engine.history(case), engine.verify()) == before


def test_an_outcome_that_nothing_aims_at_is_an_error(engine: Engine) -> None:
    with pytest.raises(FlowError, match="aims at 'gold'"):
        advise(engine, filed(engine, points=1), reach="gold")


def test_every_standing_has_its_sentence_in_both_languages(engine: Engine) -> None:
    for standing in ("best", "none", "nothing-improvable", "not-by-values", "concealed", "marks"):
        assert f"advice.{standing}" in catalogue("en").keys() & catalogue("zh-CN").keys()


@given(
    points=st.decimals(0, 60, places=1),
    extra=st.integers(0, 10),
    fixed=st.integers(0, 40),
)
def test_every_way_reaches_more_when_it_is_really_gone_and_no_smaller_one_field_change_does(
    engine: Engine, points: Decimal, extra: int, fixed: int
) -> None:
    advice = only(engine, filed(engine, points=points, extra=extra, fixed=fixed), "decide")
    lines = [Decimal(80), Decimal(90)]
    score = points + extra + fixed
    wanted = next((line for line in lines if score < line), None)
    if wanted is None:
        assert advice.standing == "best"
        return
    for way in advice.ways:
        changed = {"points": points, "extra": extra, "fixed": fixed}
        changed |= {each.field: each.after for each in way.steps}
        entry = engine.send(filed(engine, **changed), "decide", by=OFFICER)
        assert entry.outcome == way.outcome
    short = wanted - score
    singles = {"points": points + short <= 60, "extra": extra + ceil(short) <= 10}
    if any(singles.values()):
        found = {way.steps[0].field: way.steps[0].after for way in advice.ways}
        assert found.keys() == {name for name, fits in singles.items() if fits}
        assert found.get("points", points + short) == points + short
    assert bool(advice.ways) == (short <= (60 - points) + (10 - extra))


# 梯次培育: the shipped star application, with an invented branch


def reviewed(engine: Engine, **scores: str) -> tuple[str, Actor]:
    department = Actor("组织部", [("区委组织部", "园区")])
    secretary = Actor("书记甲", [("党组织书记", "园区/甲街道/一支部")])
    clerk = Actor("经办甲", [("直属党委经办人", "园区/甲街道")])
    names = [{"党委": "园区/甲街道", "党组织数": 30}]
    round = engine.start(
        "star-round",
        {"年度": 2023, "申报截止": "2023-05-31", "推荐名额总数": 2, "各委名册": names},
        by=department,
    ).case.id
    engine.send(round, "开放申报", by=department)
    branch = {"轮次": round, "党组织": "园区/甲街道/一支部", "推荐党委": "园区/甲街道", "类别": "街道社区"}
    branch |= {"现有星级": "未定星", "成立日期": "2015-07-01"}
    people = {"党员人数": 30, "正式党员": 28, "支委人数": 5}
    case = engine.start(
        "star-application", {**branch, **people}, by=secretary, unit="园区/甲街道/一支部"
    ).case.id
    meeting = {
        "目标星级": "三星",
        "支委会日期": "2023-04-03",
        "应到党员": 30,
        "实到党员": 28,
        "支委会会议记录": "记录",
    }
    engine.send(case, "自评", {**meeting, **scores}, by=secretary)
    papers = {"申报表": "表", "自评报告": "报告", "党员大会签到": "签到", "三会一课台账": "台账"}
    engine.send(case, "提交申报", papers, by=secretary)
    engine.send(case, "受理", {"登记类别": "街道社区"}, by=clerk)
    engine.send(case, "书面评分", {**scores, "评议得分": "90"}, by=clerk)
    return case, secretary


def test_a_branch_is_told_which_indicator_leads_to_the_next_star(clock: Clock) -> None:
    clock.now = datetime(2023, 4, 3, 1, 0, tzinfo=UTC)
    scores = {"政治建设": "14", "组织建设": "19", "队伍建设": "14", "制度建设": "10", "作用发挥": "30"}
    shipped = [PROJECT / "workflows" / each for each in ("star-application", "star-round")]
    with Engine.open("memory://", shipped, clock=clock, lots=lambda: 0) as engine:
        case, secretary = reviewed(engine, **scores, 特色品牌="1.50")
        assert engine.case(case).data["expected-star"] == "四星"
        advice = only(engine, case, "书面评分", by=secretary)
        assert advice_lines(advice, "zh-CN") == [
            "书面评分：照现在的情况，预计星级是“四星”",
            "可达“五星”，还差 1.05（综合得分）：特色品牌 +1.50（1.50 → 3.00）",
        ]
        assert advice.complete


# The command


def test_the_command_tells_ways_as_text_and_as_json_and_answers_no_where_there_is_none(
    pbflow: Pbflow,
) -> None:
    folder = pbflow.folder / "workflows" / "grant"
    folder.mkdir(parents=True)
    (folder / "workflow.yaml").write_text(GRANT, encoding="utf-8")
    who = ("--by", "ann:applicant@park/lake")
    begun = pbflow(
        "case", "start", "grant", "points=40", "extra=5", "fixed=44", "--event", "file", *who, "--json"
    )
    case = json.loads(begun.stdout)["case"]["id"]
    told = pbflow("advise", case, "--event", "decide", *who)
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "decide: as the case stands it would come to “part”",
        "  “full” is within reach: extra +1 (5 → 6)",
        "  “full” is within reach: points +1.0 (40.0 → 41.0)",
    ]
    found = json.loads(pbflow("advise", case, *who, "--json").stdout)
    assert [each["event"] for each in found["advice"]] == [
        "decide",
        "sort",
        "sum-up",
        "admit",
        "never",
        "hit",
    ]
    assert found["advice"][0]["ways"][0]["steps"][0]["after"] == 6
    assert pbflow("advise", case, "--event", "never", *who, "--language", "zh-CN").exit_code == 1
    shutil.rmtree(folder)
    assert pbflow("advise", "nothing", *who).exit_code == 1


def test_the_page_of_the_star_application_marks_its_indicators_improvable() -> None:
    text = Path(PROJECT, "workflows", "star-application", "workflow.yaml").read_text(encoding="utf-8")
    assert text.count("可改进: 是") == 6
