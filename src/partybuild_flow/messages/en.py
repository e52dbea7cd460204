"""English sentences, equal in content to the Chinese ones."""

from __future__ import annotations

from typing import Final

from partybuild_flow.messages.en_checks import CHECK_PHRASES, CHECKS
from partybuild_flow.messages.en_collecting import COLLECTING, COLLECTING_PHRASES
from partybuild_flow.messages.en_commands import COMMANDS
from partybuild_flow.messages.en_explaining import EXPLAINING
from partybuild_flow.messages.en_features import FEATURE_PHRASES, FEATURES
from partybuild_flow.messages.en_fields import FIELD_PHRASES, FIELDS
from partybuild_flow.messages.en_impact import IMPACT
from partybuild_flow.messages.en_including import INCLUDING, INCLUDING_PHRASES
from partybuild_flow.messages.en_lifecycles import LIFECYCLE_PHRASES, LIFECYCLES
from partybuild_flow.messages.en_moving import MOVING, MOVING_PHRASES
from partybuild_flow.messages.en_tables import TABLE_PHRASES, TABLES

TEXT: Final[dict[str, str]] = {
    "PF101": "the file is not UTF-8 from here on{guess}; save it as UTF-8",
    "PF102": "the file is larger than {limit} MB; split it, or take out what is not part of the definition",
    "PF103": "the file is empty; write a definition in it, or take it out of the folder",
    "PF104": "“{word}” is no keyword in {part}{hint} allowed here: {allowed}",
    "PF105": "“{word}” is a keyword of the other language; this file writes “{right}”",
    "PF106": "“{word}” is known, but this version does not carry it out; take it out",
    "PF107": "{part} has no “{key}”; write one",
    "PF108": "{what} is {found}; write {expected}",
    "PF109": "“{written}” is not allowed here; write one of: {allowed}",
    "PF110": "“{key}” has no value; write one, or take the key out",
    "PF111": "“{written}” says neither yes nor no; write {true} or {false}",
    "PF112": "“{written}” is not a whole number{bounds}; write one in digits, such as 3",
    "PF113": "“{written}” is not a date; write one as year-month-day, such as 2024-05-01",
    "PF114": "“{written}” holds a full-width comma or list mark, so it reads as one word; separate "
    "words with “, ”",
    "PF120": "“{character}” cannot stand here; look for a missing quote, bracket or space before it",
    "PF121": "this line is not aligned with the lines it belongs to; give it as many leading spaces "
    "as they have",
    "PF122": "the “{opened}” of this place has no “{closing}”; close it, or write the comma that is missing",
    "PF123": "the text that begins with {quote} here has no closing {quote}; write it",
    "PF124": "a value cannot begin with “{character}” here; put the whole value in single quotes",
    "PF125": "“{escape}” means nothing in double quotes; write single quotes, or “\\\\” for a backslash",
    "PF126": "this colon cannot stand here; put the whole value in quotes, or check the spaces at the "
    "line's start",
    "PF127": "“{line}” has no colon after its key; write “key: value”",
    "PF128": "there is a tab here; write spaces",
    "PF129": "the character {character} is not allowed; take it out",
    "PF130": "the colon after “{key}” is full-width, so that key and value read as one word; write “: "
    "”, colon and space",
    "PF131": "the colon after “{key}” has no space after it, so that key and value read as one word; "
    "write “: ”",
    "PF132": "“{key}” is written twice, first at {line}:{column}; take one out, or rename it",
    "PF133": "“&{name}” marks a value to be repeated, which is not supported; write values out where "
    "they are needed",
    "PF134": "“*{name}” repeats a value, which is not supported; write the value out",
    "PF135": "“{tag}” is a YAML tag, which is not supported; take it out, or put the value in quotes",
    "PF136": "a second document begins here; one file holds one definition, so take this line out or "
    "use another file",
    "PF137": "this is nested more than {depth} deep; write it flatter",
    "PF138": "a key must be a single word or text, not a list or entries; write “key: value”",
    "PF139": "a line that begins with “%” gives orders to a YAML reader, which is not supported; take it out",
    "PF140": "the folder has no “{file}”; every definition begins with it",
    "PF141": "the file is a link that leads out of the folder; put the file itself here",
    "PF142": "the name “{file}” does not tell what the file holds; name it workflow.yaml, "
    "parameters.yaml, ….table.yaml, ….rules.yaml or ….fragment.yaml",
    "PF143": "the file cannot be read: {reason}; put a readable file here, or take it out",
    "PF144": "“{file}” is of a kind that is known, but this version does not read it; write it as "
    "….table.yaml",
}
"""PF1xx: what is wrong in the text of a file, its keywords and its shape."""

MEANING: Final[dict[str, str]] = {
    "PF201": "the target “{word}” of “{event}” is no state{hint}",
    "PF202": "“{word}” is no state that “from” could name{hint}",
    "PF203": "“{word}” is no role{hint}",
    "PF204": "“{word}” is no field{hint}",
    "PF205": "“{word}” is no event{hint}",
    "PF206": "“{word}” is no state that “while” could name{hint}",
    "PF207": "“{name}” is already the name or id of {other} at {where}; rename one",
    "PF208": "“{id}” is no id; write a small letter, then small letters, digits and hyphens",
    "PF209": "the name “{name}” holds “{sign}”; leave it out of names",
    "PF210": "expressions could not read the name “{name}”; begin with a letter, and use no word of "
    "the expression language",
    "PF211": "the state “{state}” already stands inside “{other}”; list it once",
    "PF212": "the state “{state}” would stand inside itself ({path}); take it out at one place",
    "PF213": "the target “{state}” of “{event}” holds other states, and a case is always in the "
    "innermost; write one of: {inner}",
    "PF214": "“{event}” has “decide” but one way only; write “to” as outcome: state, or take “decide” out",
    "PF215": "“{event}” has ways for outcomes but no “decide” that names one; write “decide”, or a "
    "single state",
    "PF216": "“{decide}” never gives “{outcome}”{hint}",
    "PF217": "“{written}” has several outputs; name one of: {outputs}",
    "PF218": "“{written}” gives {type}, but “decide” must give text; write an expression whose value "
    "is an outcome of “to”",
    "PF219": "the field “{field}” belongs to a unique key and cannot be set; let the event bring it "
    "with “needs”",
    "PF220": "“{event}” does not say who may do it; everything not allowed is refused, so write “by”",
    "PF222": "“{field}” is no field of type unit, so nobody can be there; name one that is",
    "PF223": "“{word}” is no role, so it has no “at”; take it out",
    "PF224": "“{written}” is not {type}{hint}",
    "PF225": "the smallest value {least} is larger than the largest {most}; swap or change them",
    "PF226": "“{key}” does not belong to type {type}; take it out, or change the type",
    "PF227": "type {word} has no values; write “{key}”",
    "PF228": "the value “{word}” is written twice; take one out",
    "PF229": "the event “{event}” has the id “{id}” already, here it is “{other}”; write one of them, once",
    "PF250": "“{event}” starts a case but does not say in which state; write “to”, or “from” if the "
    "case exists already",
    "PF251": "“{word}” is written twice; take one out",
    "PF252": "“{word}” is no role and no field of type person or unit, so nobody can be told{hint}",
    "PF253": "the deadline “{deadline}” fires “{event}”, but no transition of it is by the clock; "
    "write one with “by: clock”",
    "PF254": "the deadline “{deadline}” is due at {type}; write an expression that gives a term, a "
    "date or a datetime",
    "PF256": "a look-up is asked with fields and parameters, and “{word}” is neither{hint}",
    "PF230": "no case ever comes to the state “{state}”: no way leads to it from the start; lead one to it, or take it out",
    "PF231": "no transition starts a case; write one without “from”",
    "PF232": "no case leaves “{state}” for good: no way leads from it to a final state ({path}); add one, or make it final",
    "PF233": "no state is final, so that no case is ever finished; write “final: true” at one",
    "PF234": "no transition leads to the final state “{state}”; write it as a “to”, or take it out",
    "PF235": "nobody sends “{event}”: it is by the clock, and no deadline fires it; let one do so, or write another “by”",
    "PF236": "the deadline “{deadline}” never runs: no case ever comes to a state of its “while”",
    "PF237": "the deadline “{deadline}” fires “{event}”, which no transition by the clock takes in {states}; write one",
    "PF238": "in {place}, this way of “{event}” and that of line {line} always hold together; give one of them a “when”",
    "PF239": "in {place}, this way of “{event}” and that of line {line} both hold for {example}; narrow the “when” of one",
    "PF240": "the field “{field}” is never used: no event brings it, nothing sets it or reads it",
    "PF241": "the role “{role}” is never used: no transition is by it or notifies it",
    "PF242": "no expression reads the parameter “{parameter}”",
    "PF243": "no expression reads the look-up “{look_up}”",
    "PF244": "no expression reads what “{rules}” concludes",
    "PF245": "the deadline “{deadline}” does nothing: it fires no event, and no expression reads it",
    "PF246": "“{guard}” never holds, so that “{event}” never takes this way",
    "PF247": "“{guard}” always holds; leave the “when” out, or say what was meant",
    "PF248": "the field “{field}” is read, but always empty: no event brings it and nothing sets it",
    "PF249": "“{event}” never takes this way: in every state inside, a transition always takes it first (line {lines})",
}
"""PF2xx: names, states, transitions, deadlines."""

RULES: Final[dict[str, str]] = {
    "PF301": "row {row} has {found} cells, but {expected} are needed: {inputs} of inputs and "
    "{outputs} of outputs",
    "PF304": "“{word}” is no output here{hint}",
    "PF306": "“{word}” is neither a fact that an example could give nor an output{hint}",
    "PF309": "no rule concludes “{output}”, and it has no default; write a rule or a default, or take it out",
    "PF314": "the output “{output}” is {one} in one place and {other} in another; write its type, or "
    "mend the values",
    "PF315": "the example expects nothing; write what one of the outputs must be: {outputs}",
    "PF316": "“{name}” is already the name of {other}, which the rules read; call the derived fact "
    "differently",
    "PF320": "the rule “{rule}” needs what it helps to conclude ({path}); break the circle",
    "PF321": "“{name}” needs what it helps to decide ({path}); break the circle",
    "PF330": "example {number} of “{rules}”: “{output}” should be {expected}, but {fired} gives {found}",
    "PF331": "example {number} of “{rules}”: “{output}” should be {expected}, but it is {found} by the rules {fired}",
    "PF332": "rows {first} and {second} both match for {example} (hit: U); narrow one of them, or write F",
    "PF333": "rows {first} and {second} both match for {example} and say different things (hit: A); narrow one of them",
    "PF334": "row {row} never matches: row {earlier} takes all that it asks for (hit: F); move it up, or take it out",
    "PF335": "row {row} never matches: no values meet all its tests",
    "PF336": "the rule “{rule}” never fires: “{condition}” never holds",
    "PF337": "the rule “{rule}” always fires: “{condition}” always holds",
    "PF338": "example {number} of “{rules}”: “{output}” should be {expected}, but {fired} contradict each other",
    "PF339": "example {number} of “{rules}”: “{output}” should be {expected}, but nothing holds and it is {found}",
}
"""PF3xx: tables and rule sets."""

EXPRESSIONS: Final[dict[str, str]] = {
    "PF401": "“{name}” is not a field; did you mean “{near}”?",
    "PF402": "“{name}” is not a field; known here: {known}",
    "PF403": "“{name}” is the name of several parts; rename all but one, or write their ids",
    "PF404": "“{name}” is a name, and “{first}” and “{last}” can be calculated with too; rename one of them",
    "PF405": "there is no function “{name}”; did you mean “{near}”?",
    "PF406": "there is no “{entry}” in what stands before the dot; did you mean “{near}”?",
    "PF407": "there is no “{entry}” in what stands before the dot; known there: {known}",
    "PF408": "“{function}” takes {expected} arguments, here are {found}",
    "PF409": "“{function}” takes as “{parameter}” a {expected}, this is a {found}",
    "PF410": "“{found}” cannot stand here; expected: {expected}",
    "PF411": "the expression ends too early; expected: {expected}",
    "PF412": "the bracket “{open}” is not closed; write “{close}”",
    "PF413": "the text that begins with {open} is not closed; write {close} where it ends",
    "PF414": "“{found}” means nothing in an expression; take it out",
    "PF415": "“{found}” is not written in expressions; write {plain}",
    "PF416": "{found} is no character of a text; write \\\\ for a backslash, or \\uXXXX for a character by "
    "its number",
    "PF417": "the number is too long or too large; write at most {digits} digits and an exponent up to "
    "{exponent}",
    "PF418": "this is nested deeper than {limit}; give a part of it a name, such as a rule's conclusion",
    "PF419": "the text has {length} characters; write at most {limit}, and give a part of it a name",
    "PF420": "a {left} and a {right} cannot be compared with “{operator}”; compare values of one type",
    "PF421": "a {found} has no order for “{operator}”; compare with = or in, or make the field an ordered "
    "choice",
    "PF422": "“{value}” is no value of this choice; did you mean “{near}”?",
    "PF423": "“{value}” is no value of this choice; its values: {known}",
    "PF424": "“{operator}” has no result for a {left} and a {right}; convert one of them, for example with "
    "string() or number()",
    "PF425": "expected a {expected}, this is a {found}; write an expression that gives a {expected}",
    "PF426": "expected a condition that is true or false, this is a {found}; compare it with something",
    "PF427": "expected a list, this is a {found}; write a list after “in”",
    "PF428": "a {found} has no parts; take out what stands after the dot",
    "PF429": "“{text}” cannot be read; write it like {expected}",
    "PF430": "“{unit}” is known, but terms are not counted in it; write “{near}” with the number that fits",
    "PF431": "“{function}” has no argument “{name}”; did you mean “{near}”? Its arguments: {known}",
    "PF432": "the pattern “{pattern}” cannot be used: {found}; correct it there",
    "PF433": "“{operator}” cannot follow another comparison; write both with “and”, or write a range: x in "
    "[80..90)",
    "PF434": "“{name}” reads as one word; put spaces around “{word}” in it",
    "PF435": "a range can only stand after “in” or as a test; write: value in [80..90)",
    "PF436": "here is no expression; write one",
    "PF437": "expected a value that is written out; put text in double quotes",
    "PF438": "this “{found}” has no partner; write {{expression}}, or double a brace that is meant as one",
    "PF439": "“{function}” needs an ordered choice, and this {found} has no order; make the field an ordered choice",
    "PF440": "“{name}” stands twice in this context; rename one",
    "PF441": "the two choices have no value in common, so they are never equal; the values of the first: "
    "{known}",
    "PF442": "the term {found} is too long; write a shorter one",
    "PF443": "“{function}” has some arguments with names and some without; write all with names or none",
    "PF444": "there is no function “{name}”; write one of FEEL's built-in functions, such as count or string "
    "length",
}
"""PF4xx: expressions."""

MATERIAL: Final[dict[str, str]] = {
    "PF501": "the event log cannot be read: {reason}",
    "PF502": "the name ends in .gz, but the file is not compressed with gzip; rename or compress it",
    "PF503": "the compressed data is damaged or ends too early; fetch the file again",
    "PF504": "this is not well-formed XML: {reason}",
    "PF505": "a document type or an entity stands in the log; neither is read, take it out",
    "PF506": "<{element}> may not stand here; a log holds traces, and a trace holds events",
    "PF507": "<{element}> lacks its key or its value",
    "PF508": "“{key}” is written as {type}, but its value is none",
    "PF509": "the trace has no attribute “{attribute}”, which names the case; give another as “{key}”",
    "PF510": "the event has no attribute “{attribute}”, which names the activity; give another as “{key}”",
    "PF511": "the event has no date “{attribute}”, which says when it happened; give another as “{key}”",
    "PF520": "“{word}” is not an event of {workflow}{hint}",
    "PF521": "“{word}” is not a field of {workflow}{hint}",
    "PF522": "“{word}” is not a role of {workflow}{hint}",
    "PF523": "no event of {workflow} brings the field “{word}”; take it out, or let an event need it",
    "PF524": "“{word}” is not a value of “{field}”{hint}",
    "PF525": "one role, a list of roles, or a role for each actor is expected here",
    "PF526": "the field “{word}” is the event's or the case's; write either “{attribute}” or “{case}”",
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
    "refused.guard.because": "{because} (the condition “{text}” does not hold)",
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
    "word.hours": "{amount} hours",
    "word.minutes": "{amount} minutes",
    "trace.transition": "{number}. {event}: {way}",
    "trace.by": "by {by}",
    "trace.when": "when {text}",
    "trace.row": "row {row}",
    "trace.decide": "the way",
    "trace.rule": "{rule}: {because}",
}
"""Why an event was refused, and the words of traces."""

SENTENCES: Final[dict[str, str]] = (
    MOVING
    | IMPACT
    | (
        TEXT
        | MEANING
        | RULES
        | EXPRESSIONS
        | MATERIAL
        | REASONS
        | COMMANDS
        | LIFECYCLES
        | FIELDS
        | INCLUDING
        | FEATURES
        | COLLECTING
        | CHECKS
        | EXPLAINING
        | TABLES
    )
)

PHRASES: Final[dict[str, str]] = {
    **LIFECYCLE_PHRASES,
    **FEATURE_PHRASES,
    **FIELD_PHRASES,
    **INCLUDING_PHRASES,
    **COLLECTING_PHRASES,
    **MOVING_PHRASES,
    **TABLE_PHRASES,
    **CHECK_PHRASES,
    "nothing": "",
    "else": ";",
    "did-you-mean": "; did you mean “{word}”?",
    "choose-from": "; write one of: {words}",
    "is-a": "; it is {kind}",
    "key": "“{key}”",
    "seems-encoded": " (it seems to be {encoding})",
    "no-file": "it is no file",
    "no-permission": "there is no permission to read it",
    "at-least": " of at least {least}",
    "at-most": " of at most {most}",
    "line-end": "a line break",
    "no-type": "none",
    "in-any-case": "any facts",
    "in-state": "“{state}”",
    "at-start": "the start",
    "row": "row {row}",
    "rule": "“{rule}”",
    "part-workflow": "a workflow",
    "part-field": "a field",
    "part-role": "a role",
    "part-state": "a state",
    "part-event": "an event",
    "part-transition": "a transition",
    "part-by": "an entry of “by”",
    "part-effect": "an effect",
    "part-deadline": "a deadline",
    "part-parameter": "a parameter",
    "part-look-up": "a look-up",
    "part-type": "a type",
    "part-table": "a table",
    "part-output": "an output",
    "part-rule-set": "a rule set",
    "part-rule": "a rule",
    "part-parameters": "the file of parameters",
    "part-log-map": "a map of a log",
    "part-logged-event": "an activity of a log",
    "part-origin": "a field of a map",
    "part-entry": "this entry",
    "part-target": "the target",
    "form-word": "a word or a text",
    "form-words": "a word, or a list of words",
    "form-groups": "a list of names, or a list of such lists",
    "form-part": "entries such as “keyword: value”",
    "form-parts": "a list, each item with entries such as “keyword: value”",
    "form-named": "entries such as “name: …”",
    "form-pairs": "entries such as “name: value”",
    "form-targets": "a state, or entries such as “outcome: state”",
    "form-cells": "a list of cells",
    "form-rows": "a list of rows, each a list of cells",
    "form-examples": "a list, each item with entries such as “name: value”",
    "form-expression": "an expression",
    "found-scalar": "a single word or text",
    "found-sequence": "a list",
    "found-mapping": "entries such as “key: value”",
    "type-any": "a value",
    "type-null": "no value",
    "type-number": "a number",
    "type-text": "text",
    "type-choice": "one of the values",
    "type-boolean": "true or false",
    "type-date": "a date",
    "type-time": "a time of day",
    "type-datetime": "a date with a time",
    "type-duration": "a term",
    "type-list": "a list",
    "type-context": "entries such as “name: value”",
}
"""Parts of sentences: hints, and how kinds of parts, types and forms are called."""
