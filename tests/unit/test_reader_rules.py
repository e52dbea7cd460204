"""Rule sets: derived facts, strata, types, conflicts of names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partybuild_flow.definition import RuleSet
from partybuild_flow.feel import BOOLEAN, NUMBER, choice_of, evaluate
from tests.leave import QINGJIA, changed, read, told

RULES = """rule-set: review
rules:
  very-long: {when: long and days > 20, conclude: {grade: '"very long"'}}
  long: {when: days > 5, conclude: {long: 'true', extra: days - 5}, because: more than a week}
  ill: {when: reason = "illness", conclude: {check: 'true'}}
  both: {when: check and extra > 1, conclude: {grade: '"ill"'}}
default: {check: 'false'}
"""


def rules(*changes: tuple[str, str]) -> RuleSet:
    return read(review_rules=changed(RULES, *changes)).rule_sets["review"]


def wrong(*changes: tuple[str, str]) -> list[str]:
    return told(review_rules=changed(RULES, *changes))


def test_a_rule_stands_after_all_rules_that_set_what_it_reads() -> None:
    assert [[rule.id for rule in stratum] for stratum in rules().strata] == [
        ["long", "ill"],
        ["very-long", "both"],
    ]


def test_derived_facts_have_the_types_of_their_conclusions() -> None:
    types = {output.id: output.type for output in rules().outputs}
    assert types == {
        "grade": choice_of(("very long", "ill")),
        "long": BOOLEAN,
        "extra": NUMBER,
        "check": BOOLEAN,
    }


def test_types_reach_through_strata() -> None:
    assert wrong(("extra > 1", 'extra > "1"')) == ['PF421 "']
    chain = "".join(f"  r{n}: {{when: d{n} > 1, conclude: {{d{n + 1}: d{n} + 1}}}}\n" for n in range(1, 9))
    start = "  r0: {when: days > 1, conclude: {d1: days}}\n"
    found = read(review_rules=f"rule-set: review\nrules:\n{chain}{start}").rule_sets["review"]
    assert len(found.strata) == 9
    assert all(output.type == NUMBER for output in found.outputs)


def test_what_a_rule_set_derives_is_read_outside_by_its_name() -> None:
    used = ("to: granted", "when: review.check, to: granted")
    when = read(used, review_rules=RULES).transitions[1].when
    assert when is not None
    assert when.reads == {"review"}
    assert told(("to: granted", "when: check, to: granted"), review_rules=RULES)[0].startswith("PF40")


def test_outputs_may_be_declared_with_ids_types_and_defaults() -> None:
    declared = "outputs:\n  check: {id: checked, type: boolean, default: 'false'}\nrules:"
    found = rules(("rules:", declared), ("default: {check: 'false'}\n", ""))
    (checked, *_) = found.outputs
    assert (checked.id, checked.name, checked.type) == ("checked", "check", BOOLEAN)
    assert checked.default is not None
    assert {rule.id: [each.field for each in rule.conclusions] for rule in found.rules}["ill"] == ["checked"]


def test_rules_are_told_why_and_may_let_the_first_one_win() -> None:
    assert {rule.id: rule.because for rule in rules().rules}["long"] == "more than a week"
    assert not rules().first
    assert rules(("rules:", "first: true\nrules:")).first


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("when: long and days", "when: lang and days"), ["PF401 lang"]),
        (("when: days > 5", "when: days"), ["PF425 days"]),
        (("conclude: {check: 'true'}", "conclude: {}"), ["PF110 {"]),
        (("because: more than a week", "becuase: x"), ["PF104 becuase"]),
        (("default: {check: 'false'}", "default: {checks: 'false'}"), ["PF304 checks"]),
        (("rules:", "outputs: {lost: {type: text}}\nrules:"), ["PF309 lost"]),
        (
            ("rules:", "outputs: {check: {type: number}}\nrules:"),
            ["PF425 true", "PF426 check", "PF425 false"],
        ),
        (("{grade: '\"ill\"'}", "{grade: 5}"), ["PF314 grade"]),
        (("{check: 'true'}", "{check: 'true', days: 5}"), ["PF316 days"]),
        (("rule-set: review", "rule-set: days"), ["PF207 days"]),
    ],
)
def test_every_word_of_a_rule_is_checked_where_it_stands(change: tuple[str, str], found: list[str]) -> None:
    assert sorted(wrong(change)) == sorted(found)


def test_rules_that_need_each_other_are_told_with_the_way_round() -> None:
    assert wrong(("days > 5", 'days > 5 and grade = "ill"')) == ["PF320 very-long"]
    assert wrong(("days > 5", "long")) == ["PF320 long"]


def test_rule_sets_and_tables_may_read_each_other_without_a_circle() -> None:
    table = (
        "table: limits\ninputs: [review.check]\noutputs: [most]\nrows:\n  - ['true', 5]\n  - ['false', 9]\n"
    )
    used = ("to: granted", "when: days < limits.most, to: granted")
    assert told(used, review_rules=RULES, limits_table=table) == []
    circular = changed(RULES, ("days > 5", "days > limits.most"))
    circular = changed(circular, ('reason = "illness"', "long"))
    assert told(used, review_rules=circular, limits_table=table) == ["PF321 limits"]


def test_examples_name_facts_and_derived_facts() -> None:
    written = "rules:"
    (example,) = rules((written, "examples:\n  - {days: 9, long: true, grade: ill}\nrules:")).examples
    assert example.given == {"days": Decimal(9)}
    assert example.expected == {"long": True, "grade": "ill"}


def test_yes_and_no_are_concluded_in_chinese() -> None:
    written = "规则集: 评定\n规则:\n  长假: {当: 天数 > 5, 得出: {长: 是}}\n默认: {长: 否}\n"
    (output,) = read(text=QINGJIA, review_rules=written).rule_sets["评定"].outputs
    assert output.type == BOOLEAN


def test_records_of_an_output_are_read_by_their_ids_whichever_name_was_written() -> None:
    written = """\
rule-set: rating
outputs: {places: {type: list, item: {team: {id: who, type: text}, place: {type: integer}}}}
rules:
  some: {when: days > 0, conclude: {places: '[{team: "a", place: 1}]'}}
"""
    workflow = read(rating_rules=written)
    (rule,) = workflow.rule_sets["rating"].strata[0]
    assert evaluate(rule.conclusions[0].value.tree, {}) == [{"who": "a", "place": 1}]
    assert told(rating_rules=changed(written, ('team: "a"', 'tem: "a"'))) == ["PF448 tem"]
