"""Advice in words, and as data for JSON."""

from __future__ import annotations

from decimal import Decimal

from partybuild_flow.analysis.advice.advising import Advice, Step, Way
from partybuild_flow.explain import shown
from partybuild_flow.feel import Value, text_of
from partybuild_flow.messages import SEPARATORS, Language, sentence


def advice_lines(advice: Advice, language: Language) -> list[str]:
    """How the event would come out, and a line for each way up; the sentence that says so where there is none."""
    data: dict[str, object] = {
        "event": advice.name,
        "outcome": _plain(advice.outcome, language),
        "aim": advice.aim or "",
    }
    if advice.standing == "concealed" or advice.decision is None:
        return [sentence("advice.concealed", language, data)]
    lines = [_now(advice, data, language)]
    if advice.standing != "ways":
        lines.append(sentence(f"advice.{advice.standing}", language, data))
    lines += [way_sentence(each, advice, language) for each in advice.ways]
    if not advice.complete:
        lines.append(sentence("advice.incomplete", language, {}))
    return lines


def way_sentence(way: Way, advice: Advice, language: Language) -> str:
    """One way: what it reaches, what was lacking, what to change."""
    decision = advice.decision
    states = decision.plan.workflow.states if decision is not None else {}
    told = [_step(each, language) for each in way.steps]
    lacking = [
        sentence(
            "advice.gap", language, {"name": each.name.rpartition(".")[2], "lacking": text_of(each.lacking)}
        )
        for each in way.gaps
    ]
    separator = "；" if language == "zh-CN" else "; "
    data = {
        "steps": SEPARATORS[language].join(told),
        "lacking": separator.join(lacking),
        "outcome": _plain(way.outcome, language),
        "state": states[way.target].name if way.target in states else way.target,
    }
    code = "advice.way" if way.outcome is not None else "advice.way.admitted"
    return sentence(f"{code}.gap" if lacking else code, language, data)


def advice_record(advice: Advice, language: Language) -> dict[str, object]:
    """Advice as mappings and lists."""
    return {
        "case": advice.case,
        "event": advice.event,
        "accepted": advice.accepted,
        "outcome": advice.outcome,
        "aim": advice.aim,
        "standing": advice.standing,
        "complete": advice.complete,
        "sentences": advice_lines(advice, language),
        "ways": [
            {
                "outcome": each.outcome,
                "target": each.target,
                "steps": [step._asdict() for step in each.steps],
                "gaps": [gap._asdict() | {"lacking": gap.lacking} for gap in each.gaps],
                "sentence": way_sentence(each, advice, language),
            }
            for each in advice.ways
        ],
    }


def _now(advice: Advice, data: dict[str, object], language: Language) -> str:
    if not advice.accepted and advice.decision is not None:
        return advice.decision.explain_in(language)
    code = (
        "advice.now.plain" if advice.outcome is None else "advice.now.field" if advice.aim else "advice.now"
    )
    return sentence(code, language, data)


def _step(step: Step, language: Language) -> str:
    name = step.name
    if step.item is not None:
        data = {"field": step.name, "item": step.item, "column": step.column_name}
        name = sentence("advice.item", language, data)
    if step.choice is not None:
        code = "advice.with" if step.after else "advice.without"
        return sentence(code, language, {"name": name, "choice": step.choice})
    before, after = step.before, step.after
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        # Both with the decimals of the field.
        before = before + after - after
    data = {"name": name, "before": _plain(before, language), "after": _plain(after, language)}
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        change = after - before
        data["change"] = f"{change:+f}".replace("-", "−")
        return sentence("advice.number", language, data)
    return sentence("advice.change" if step.before is not None else "advice.fill", language, data)


def _plain(value: Value, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return sentence("command.yes" if value else "command.no", language, {})
    return (
        value
        if isinstance(value, str)
        else format(value, "f")
        if isinstance(value, Decimal)
        else shown(value, language)
    )
