"""Sentences in English: what the checks of rules find, and how they tell regions."""

from typing import Final

CHECKS: Final[dict[str, str]] = {
    "PF340": "no row matches for {region} (such as {example}); add a row, or write a default",
    "PF341": "“{table}” is not fully checked: {reasons}",
    "PF342": "row {row} breaks “{condition}”: {values}",
    "PF343": "the parameters break “{condition}”: {values}",
    "PF344": "the rules “{first}” and “{second}” give “{output}” different values for {example}; narrow one of them, or "
    "write “first: true”",
    "PF345": "nothing reads “{output}” of “{rules}”; read it, or take it out",
    "PF346": "“{call}” gives out {percent}: “{share}” must be between 0 and 1",
    "PF347": "row {row} never matches: rows {earlier} together take all that it asks for (hit: F); move it up, or "
    "take it out",
    "PF348": "this transition of “{event}” is not fully checked: {reasons}",
}

CHECK_PHRASES: Final[dict[str, str]] = {
    "region-and": "{one} and {other}",
    "region-or": "{one} or {other}",
    "region-thing": "{name} {values}",
    "region-between": "{low} to {high}",
    "region-plain": "{value}",
    "region-is": "being {value}",
    "region-present": "present",
    "region-none-of": "being none of {values}",
    "region-true": "true",
    "region-false": "false",
    "region-null": "missing",
    "region-example": "certain values",
    "region-unnamed": "some values",
    "unchecked-and": "{one}; {other}",
    "unchecked-ensured": "what row {rows} gives depends on the case, so “ensure” cannot be settled beforehand",
    "unchecked-rule": "the condition of the rule “{rules}” has too many cases",
    "unchecked-search": "the search for facts for which it holds together with line {line} was given up, and so were those that follow",
    "unchecked-guard": "the guard has too many cases",
    "unchecked-rows": "the conditions of row {rows} cannot be taken apart",
    "unchecked-size": "its {count} rows make too many cases; it was given up while looking for gaps",
    "unchecked-from-row": "its rows make too many cases; given up at row {row}",
    "unchecked-overlaps": "its rows may overlap in more places than the {count} that are told",
    "unchecked-gaps": "it has more gaps, only the first {count} are told",
    "unchecked-gap": "no row asks for {region}, and no facts were found for which this comes up",
    "unchecked-pair": "whether rows {first} and {second} ever match together could not be found out",
}
