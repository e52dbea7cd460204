"""English sentences, equal in content to the Chinese ones."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, str]] = {}
"""PF1xx: what is wrong in the text of a file, its keywords and its shape."""

MEANING: Final[dict[str, str]] = {}
"""PF2xx: names, states, transitions, deadlines."""

RULES: Final[dict[str, str]] = {}
"""PF3xx: tables and rule sets."""

EXPRESSIONS: Final[dict[str, str]] = {}
"""PF4xx: expressions."""

MATERIAL: Final[dict[str, str]] = {
    "PF501": "the event log cannot be read: {reason}",
    "PF502": "the name ends in .gz, but the file is not compressed with gzip; rename or compress it",
    "PF503": "the compressed data is damaged or ends too early; fetch the file again",
    "PF504": "this is not well-formed XML: {reason}",
    "PF505": "a document type or an entity stands in the log; neither is read, take it out",
    "PF506": "<{element}> may not stand here; a log holds traces, and a trace holds events",
    "PF507": "<{element}> lacks its key or its value",
    "PF508": "“{key}” is written as {type}, but “{value}” is none",
    "PF509": "the trace has no attribute “{attribute}”, which names its case; give another one as “{key}”",
    "PF510": "the event has no attribute “{attribute}”, which names its activity; give another one as “{key}”",
    "PF511": "the event has no date “{attribute}”, which says when it happened; give another one as “{key}”",
    "PF520": "“{word}” is not an event of {workflow}{hint}",
    "PF521": "“{word}” is not a field of {workflow}{hint}",
    "PF522": "“{word}” is not a role of {workflow}{hint}",
    "PF523": "no event of {workflow} brings the field “{word}”; take it out, or let an event need it",
    "PF524": "“{word}” is not a value of “{field}”{hint}",
    "PF525": "one role, a list of roles, or a role for each actor is expected here",
    "PF526": "the field “{word}” comes from the event or from the case; write either “{attribute}” or “{case}”",
}
"""PF5xx: event logs, maps and what else the command line is given."""

REASONS: Final[dict[str, str]] = {
    "accepted": "case {case}: “{event}” is accepted; the state is “{state}”",
    "refused": "case {case}: “{event}” is refused in state “{state}”: {reasons}; possible now: {possible}",
    "refused.state": "case {case}: cannot “{event}” in state “{state}”; possible now: {possible}",
    "refused.event": "no transition takes “{event}” from this state",
    "refused.role": "only {by} may do this",
    "refused.not-by": "whoever did “{event}” may not do this as well",
    "refused.limit": "“{event}” was done as often as it may be: {limit}",
    "refused.value": "“{field}” does not fit",
    "refused.extra": "“{event}” does not bring {fields}; leave it out",
    "refused.needs": "{fields} must be filled in",
    "refused.unique": "another case holds this {fields}: {holder}",
    "refused.guard": "the condition “{text}” does not hold: {values}",
    "refused.guard.missing": "the condition “{text}” cannot be told: {missing} is missing",
    "refused.outcome": "the rules name the way “{outcome}”, and the ways are {ways}",
    "refused.conflict": "{between} of “{rules}” hold together and disagree about “{output}”",
    "refused.earlier": "the event is said to have occurred at {at}, before the last one of the case at {last}",
    "value.unknown": "“{written}” is not a field of this workflow",
    "value.number": "“{field}”: “{written}” is no number",
    "value.digits": "“{field}” has more than {most} digits",
    "value.integer": "“{field}”: {written} is no whole number",
    "value.decimals": "“{field}”: {written} has more than {most} decimals",
    "value.below": "“{field}”: {written} is less than {least}",
    "value.above": "“{field}”: {written} is more than {most}",
    "value.text": "“{field}”: “{written}” is no text",
    "value.long": "“{field}” is {length} characters long, and {most} are allowed",
    "value.boolean": "“{field}”: “{written}” is neither true nor false",
    "value.date": "“{field}”: “{written}” is no date such as 2022-09-30",
    "value.datetime": "“{field}”: “{written}” is no instant such as 2022-09-30T16:00:00+08:00",
    "value.term": "“{field}”: “{written}” is no term such as 4 hours",
    "value.choice": "“{field}”: “{written}” is none of {values}",
    "value.choice.near": "“{field}”: “{written}” is none of its values; did you mean “{near}”?",
    "value.list": "“{field}”: “{written}” is no list",
    "word.nothing": "nothing",
    "word.not-begun": "not begun",
    "word.anyone": "anyone",
    "word.clock": "the clock",
    "word.role-at": "{role} at {field}",
    "trace.transition": "{number}. {event}: {way}",
    "trace.by": "by {by}",
    "trace.when": "when {text}",
    "trace.rule": "{rule}: {because}",
}
"""Why an event was refused, and the words of traces."""

SENTENCES: Final[dict[str, str]] = TEXT | MEANING | RULES | EXPRESSIONS | MATERIAL | REASONS
