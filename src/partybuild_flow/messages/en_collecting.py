"""Sentences in English: marks that several people give, drawing lots, corrections."""

from typing import Final

COLLECTING: Final[dict[str, str]] = {
    "PF289": "“{event}” opens sealed marks; let two persons do so together (“collect”) with a reason in a text field that "
    "it needs, or the clock",
    "PF290": "a mark is “{value}”, and “{event}” brings none of it; write the field in “needs”",
    "PF291": "“{value}” is {type}, and “{way}” needs {expected}; write one, or another way",
    "PF292": "“{way}” cannot be told without “{key}”; write it",
    "PF293": "“{key}” does not belong to “{way}”; take it out, or write another way",
    "PF294": "“{written}” is {type}, and people are asked for here; name a field of type person, or a list of people",
    "PF295": "“{written}” can never be met: {bounds}; correct it",
    "PF296": "the field “{field}” is {type}, and “{way}” comes to {expected}; name a field of that type",
    "PF297": "“{event}” collects marks already, in line {line}; one event collects once, so call the other differently",
    "PF298": "“{event}” starts a case, so that nobody else can give a mark; write “from”",
    "PF299": "“{event}” collects no marks{hint}",
    "refused.recused": "who is recused gives no mark for “{event}”",
    "refused.not-asked": "only those who are asked give a mark for “{event}”",
    "refused.given": "this person's mark for “{event}” is given already",
    "refused.signed": "whatever roles this person holds, others have given their marks for “{event}”",
    "refused.collected": "the marks for “{event}” are complete",
    "refused.no-mark": "what “{event}” brings makes no mark",
    "refused.no-reason": "a correction needs a reason",
    "refused.nothing": "a correction needs a field to correct",
    "trace.collected": "{event}: given {count}",
    "trace.collected-of": "{event}: given {count} of {asked}; missing: {missing}",
    "trace.result": "{event}: {result}",
    "word.correct": "correct",
    "word.reason": "reason",
    "command.marks": "{event}: given {count}",
    "command.marks.of": "{event}: given {count} of {asked}; missing: {missing}",
    "command.marks.result": "{event}: result {result}",
    "command.marks.sealed": "{event}: sealed",
    "command.help.case.correct": "Correct fields of a case, with a reason.",
    "command.help.case.correct.reason": "Why; kept in the journal.",
}
"""Problems, reasons and reports, by code."""

COLLECTING_PHRASES: Final[dict[str, str]] = {
    "part-collect": "what is collected",
    "part-correct": "what may be corrected",
    "collect-choice": "a choice with “for”, the values that say yes",
    "collect-ratio": "a ratio is more than 0 and at most 1, and 1 cannot be exceeded",
    "collect-whole": "people are counted in whole numbers from 1",
    "collect-asked": "no more than {count} are asked",
}
"""Parts of sentences, by code."""
