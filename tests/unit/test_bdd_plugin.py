"""The pytest plugin: what it collects, how it fails, what it tells, beside whom it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from partybuild_flow.bdd import cover_report, feature_file
from tests.bdd_toy import ASKED, FEATURE, RULES, write_feature, write_toy

assert feature_file  # loaded once here, so that the runs within these tests need not load it again
assert cover_report

TAKEN = """\
    当 “小管”执行“审核”
    那么 状态是“借出”
"""


def played(pytester: pytest.Pytester, *options: str, **scenarios: str) -> pytest.RunResult:
    """The run of a feature of the toy with these scenarios."""
    write_toy(pytester.path, **scenarios)
    return pytester.runpytest_inprocess(
        "-q", "-W", "error", "--strict-markers", "-p", "no:randomly", *options
    )


def test_a_feature_runs_without_any_python_file_and_its_scenarios_have_their_names(
    pytester: pytest.Pytester,
) -> None:
    result = played(pytester, "-vv", 登记=ASKED + "    那么 状态是“待审”\n", 借出=ASKED + TAKEN)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["*features/loan.feature::登记 PASSED*", "*features/loan.feature::借出 PASSED*"]
    )


def test_a_scenario_can_be_run_by_its_name(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, 登记=ASKED, 借出=ASKED)
    pytester.runpytest_inprocess("-q", "features/loan.feature::借出").assert_outcomes(passed=1)


def test_a_failed_step_shows_its_line_the_case_the_decision_and_the_path(pytester: pytest.Pytester) -> None:
    result = played(pytester, 借出=ASKED + TAKEN + "    并且 “押金”是“210”\n")
    result.assert_outcomes(failed=1)
    told = result.stdout.str()
    line = next(
        number
        for number, text in enumerate(Path("features/loan.feature").read_text("utf-8").split("\n"), 1)
        if "210" in text
    )
    assert f"features/loan.feature:{line}: 并且 “押金”是“210”" in told
    assert "事项 0001 的“押金”是“200”，不是“210”" in told
    assert "状态：借出，第 2 版，时间 2022-09-30 16:00" in told
    assert "单号=甲-1" in told
    assert "期限：归还 2022-10-01 16:00" in told
    assert "✔ 多件算急：件数多" in told
    assert "2022-09-30 16:00  0001  申请 → 待审  (居民)" in told
    assert "Traceback" not in told
    assert ".py:" not in told
    result.stdout.fnmatch_lines(["FAILED features/loan.feature::借出 - *"])


def test_the_traceback_is_shown_where_it_is_wanted(pytester: pytest.Pytester) -> None:
    result = played(pytester, "--flow-traceback", 借出=ASKED + "    那么 状态是“借出”\n")
    result.stdout.fnmatch_lines(["*状态是“待审”，不是“借出”*", "*StepFailed*"])


def test_a_refusal_that_no_step_asks_about_fails_at_the_refused_step(pytester: pytest.Pytester) -> None:
    refused = "    当 “居民”执行“审核”\n"
    result = played(
        pytester,
        没问=ASKED + refused + "    那么 状态是“待审”\n",
        又办=ASKED + refused + TAKEN,
        问了=ASKED
        + refused
        + "    那么 状态是“待审”\n    并且 被拒绝，因为“须由管理员办理”\n    并且 一切照旧\n",
    )
    result.assert_outcomes(passed=1, failed=2)
    told = result.stdout.str()
    assert told.count("当 “居民”执行“审核”") == 2
    assert told.count(
        "被拒绝：事项 0001：状态“待审”下不予执行“审核”：须由管理员办理；现在可以执行：没有"
    ) == 2 or (told.count("须由管理员办理") >= 2)


def test_an_unknown_step_suggests_the_nearest(pytester: pytest.Pytester) -> None:
    result = played(pytester, 错=ASKED + "    那么 状态为“待审”\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "features/loan.feature:*: 那么 状态为“待审”",
            "没有这样写的步骤",
            "最接近的是：",
            "*状态是“{state}”*",
        ]
    )


def test_two_scenarios_of_one_name_are_an_error_with_both_lines(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, 登记=ASKED)
    path = Path("features/loan.feature")
    lines = path.read_text("utf-8").count("\n") + 1
    path.write_text(path.read_text("utf-8") + f"\n  场景: 登记\n{ASKED}", encoding="utf-8")
    result = pytester.runpytest_inprocess("-q")
    result.assert_outcomes(errors=1)
    first = FEATURE.count("\n") + 2
    result.stdout.fnmatch_lines([f"features/loan.feature:{lines + 1}:3: 第 {first} 行已有场景“登记”*"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("功能: 甲\n  场景: 乙\n    假如 现在是“2022-01-01 08:00”\n", ":1:1: *第一行*# language: zh-CN*"),
        (
            "Feature: A\n  Scenario: B\n    When “5 hours” pass\n    Them it is\n",
            ":4:5: “Them it is” does not belong*",
        ),
        (
            "Feature: A\n  Scenario: B\n    If “5 hours” pass\n    Then is refused\n",
            ":3:1: “If “5 hours” pass” does*",
        ),
        ("Feature: A\n  Scenario: B\n", ":2:3: the scenario “B” has no steps*"),
        ("Feature: A\n  Scenario Outline: B\n    Given now is “<x>”\n", ":2:3: *no rows of examples*"),
        (
            "Feature: A\n  Scenario: B\n    And now is “2022-01-01 08:00”\n",
            ":3:5: the first step begins with “And”*",
        ),
        ("", ":1:1: the file holds no feature*"),
    ],
)
def test_what_is_wrong_with_a_feature_has_its_place(pytester: pytest.Pytester, text: str, told: str) -> None:
    write_toy(pytester.path)
    Path("features/loan.feature").write_text(text, encoding="utf-8")
    result = pytester.runpytest_inprocess("-q")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"features/loan.feature{told}"])


def test_a_feature_that_is_not_utf_8_is_told_in_both_languages(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path)
    Path("features/loan.feature").write_bytes("# language: zh-CN\n功能: 甲".encode("gbk"))
    result = pytester.runpytest_inprocess("-q")
    result.stdout.fnmatch_lines(["features/loan.feature:2:1: *另存为 UTF-8 / *save it as UTF-8"])


def test_problems_of_the_definitions_are_told_once_as_check_tells_them(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, 登记=ASKED)
    write_feature(pytester.path, "second", 又=ASKED)
    rules = pytester.path / "workflows" / "loan" / "urgency.rules.yaml"
    rules.write_text(RULES.replace("件数 >= 20", "件树 >= 20"), encoding="utf-8")
    result = pytester.runpytest_inprocess("-q")
    result.assert_outcomes(errors=2)
    told = result.stdout.str()
    assert told.count("workflows/loan/urgency.rules.yaml:6:") == 1
    assert "是否想写“件数”" in told
    assert "已列在 loan.feature 之下" in told


def test_each_row_of_examples_is_an_item_with_its_own_tags(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path)
    outline = """\
  @常规 @issue:12
  场景大纲: <件数>件
    当 “居民”发起“借用登记”
      | 单号 | 甲     |
      | 物品 | 桌椅   |
      | 件数 | <件数> |
    那么 “件数”是“<件数>”
    @少量
    例子:
      | 件数 |
      | 1    |
      | 1    |
    例子:
      | 件数 |
      | 99   |
"""
    path = Path("features/loan.feature")
    path.write_text(FEATURE + outline, encoding="utf-8")
    strict = ("-q", "-W", "error", "--strict-markers")
    result = pytester.runpytest_inprocess(*strict, "-vv")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*::<件数>件[[]1] *", "*::<件数>件[[]1]#2 *", "*::<件数>件[[]99] *"])
    pytester.runpytest_inprocess(*strict, "-m", "少量").assert_outcomes(passed=2, deselected=1)
    pytester.runpytest_inprocess(*strict, "-m", "常规 and not 少量").assert_outcomes(passed=1, deselected=2)
    pytester.runpytest_inprocess(*strict, "-k", "issue:12").assert_outcomes(passed=3)


def test_a_feature_may_name_its_workflows_and_the_ini_values_may_too(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, 登记=ASKED)
    pytester.path.joinpath("workflows").rename(pytester.path / "definitions")
    quiet = pytester.runpytest_inprocess("-q")
    quiet.assert_outcomes()
    path = Path("features/loan.feature")
    path.write_text(f"# 流程目录: ../definitions\n{path.read_text('utf-8')}", encoding="utf-8")
    pytester.runpytest_inprocess("-q").assert_outcomes(passed=1)
    path.write_text(path.read_text("utf-8").partition("\n")[2], encoding="utf-8")
    pytester.makeini("[pytest]\nflow_workflows = definitions\n")
    pytester.runpytest_inprocess("-q").assert_outcomes(passed=1)
    path.rename(pytester.path / "loan.feature")
    pytester.runpytest_inprocess("-q").assert_outcomes()
    pytester.makeini("[pytest]\nflow_workflows = definitions\nflow_features = loan.feature\n")
    pytester.runpytest_inprocess("-q").assert_outcomes(passed=1)


def test_it_runs_beside_an_adopters_own_pytest_bdd_tests(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, 登记=ASKED)
    pytester.makefile(
        ".feature",
        **{
            "web/shop": "Feature: shop\n  Scenario: buy\n    Given a shop\n    Then the state is “open”\n",
            "features/bound": "Feature: bound\n  Scenario: mine\n    Given a shop\n",
        },
    )
    pytester.makepyfile(
        test_shop="""
        from pytest_bdd import given, scenarios, then
        scenarios("web/shop.feature", "features/bound.feature")
        @given("a shop", target_fixture="shop")
        def _():
            return "open"
        @then("the state is “open”")
        def _(shop):
            assert shop == "open"
        """
    )
    result = pytester.runpytest_inprocess("-q", "-W", "error", "-vv")
    result.assert_outcomes(passed=3)
    told = result.stdout.str()
    assert "test_shop.py::test_mine" in told
    assert "bound.feature::mine" not in told


def test_steps_of_an_adopters_conftest_work_beside_the_library(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest
        from pytest_bdd import given, parsers, then
        @given(parsers.parse("办公室已开门"))
        def _(_flow_scene):
            _flow_scene.at("2022-09-30 09:00")
        @pytest.fixture
        def flow():
            return "an adopter's own"
        @then("状态是“待审”")
        def _(flow):
            raise AssertionError("mine")
        """
    )
    result = played(pytester, 一="    假如 办公室已开门\n" + ASKED, 二=ASKED + "    那么 状态是“待审”\n")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["mine"])


def test_the_fixture_gives_the_same_scene_to_tests_in_python(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from partybuild_flow import EventRefused
        def test_lent(flow):
            flow.at("2022-09-30 16:00")
            flow.person("居民")
            flow.person("小管", "管理员", at="街道")
            flow.answer("失信记录", 0)
            flow.start("借用登记", {"单号": "1", "物品": "音响", "件数": 2}, by="居民", unit="街道/社区", name="甲")
            with pytest.raises(EventRefused):
                flow.send("归还", by="小管")
            assert "归还" in flow.refusal.sentence()
            flow.send("审核", by="小管")
            assert flow.case("甲").state == "lent"
            assert flow.decision.accepted
        """
    )
    result = played(pytester, "--flow-cover")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["借用登记：状态 2/5，流转 2/5，规则 0/1，行 1/2：*"])


COVERED = {
    "借出": ASKED + TAKEN,
    "不借": ASKED.replace("桌椅", "音响") + "    当 “小管”执行“审核”\n    那么 状态是“不借”\n",
}


def test_what_no_scenario_has_come_by_is_told_in_the_language_of_the_workflow(
    pytester: pytest.Pytester,
) -> None:
    result = played(pytester, "--flow-cover", **COVERED)
    result.assert_outcomes(passed=2)
    told = result.stdout.str()
    assert "借用登记：状态 3/5，流转 3/5，规则 1/1，行 2/2：69.2 %" in told
    assert "workflows/loan/workflow.yaml:29: 状态“超期”从未到达" in told
    assert "流转“3. 催还（借出 → 超期）”从未发生" in told or "流转“3. 催还 (借出 → 超期)”从未发生" in told
    assert "共 13 项，覆盖 9 项：69.2 %" in told


def test_too_little_coverage_fails_the_run(pytester: pytest.Pytester) -> None:
    enough = played(pytester, "--flow-cover-fail-under=69", **COVERED)
    assert enough.ret == 0
    short = pytester.runpytest_inprocess("-q", "--flow-cover-fail-under=70")
    short.assert_outcomes(passed=2)
    assert short.ret == 1
    short.stdout.fnmatch_lines(["覆盖不到 70 %"])


def test_a_rule_that_held_in_a_refused_decision_is_covered(pytester: pytest.Pytester) -> None:
    refused = ASKED + "    并且 查询“失信记录”答“1”\n    当 “小管”执行“审核”\n    那么 被拒绝\n"
    result = played(pytester, "--flow-cover", 拒=refused)
    result.stdout.fnmatch_lines(["借用登记：状态 1/5，流转 1/5，规则 0/1，行 0/2：*"])


def test_coverage_is_written_as_json_and_as_html(pytester: pytest.Pytester) -> None:
    played(pytester, "--flow-cover=json:c.json", "--flow-cover=html:c.html", **COVERED)
    record = json.loads(Path("c.json").read_text("utf-8"))
    assert (record["hit"], record["known"]) == (9, 13)
    (workflow,) = record["workflows"]
    assert {each["name"]: each["scenarios"] for each in workflow["points"] if each["kind"] == "state"} == {
        "待审": 2,
        "借出": 1,
        "超期": 0,
        "已还": 0,
        "不借": 1,
    }
    page = Path("c.html").read_text("utf-8")
    assert "超期" in page
    assert page.count("class='missed'") == 4


def test_a_form_of_coverage_that_does_not_exist_is_wrong_usage(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--flow-cover=xml:c.xml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--flow-cover=json:FILE*"])


def test_workers_of_xdist_add_their_parts_up(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, **COVERED)
    pytester.makepyfile(test_own="def test_own(): pass")
    result = pytester.runpytest_subprocess(
        "-q", "-n", "2", "--flow-cover=json:c.json", "--flow-cover-fail-under=70", "-p", "no:hypothesispytest"
    )
    result.assert_outcomes(passed=3)
    assert result.ret == 1
    record = json.loads(Path("c.json").read_text("utf-8"))
    assert (record["hit"], record["known"]) == (9, 13)


def test_without_pytest_bdd_it_does_nothing_but_say_so(pytester: pytest.Pytester) -> None:
    write_toy(pytester.path, 登记=ASKED)
    pytester.makepyfile(test_own="def test_own(): pass")
    result = pytester.runpytest_inprocess("-q", "-W", "error", "-p", "no:pytest-bdd")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*1 .feature file(s) not run; pytest-bdd is missing*partybuild-flow?features?*"]
    )


def test_the_plugin_costs_no_import_until_a_feature_is_found() -> None:
    code = (
        "import sys; import partybuild_flow.bdd.plugin;"
        "print([name for name in ('pytest_bdd', 'gherkin', 'yaml', 'pydantic', 'partybuild_flow.engine') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
