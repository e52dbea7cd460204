"""Sentences in English: fragments and lists that are written once."""

from typing import Final

INCLUDING: Final[dict[str, str]] = {
    "PF150": "there is no fragment “{fragment}”{hint}",
    "PF151": "the fragment “{fragment}” would include itself ({path}); break the circle",
    "PF152": "the fragment “{fragment}” needs {holes}; write them under “{key}”",
    "PF153": "the fragment “{fragment}” does not take “{word}”{hint}",
    "PF154": "the fragment “{fragment}” takes {kind} as “{hole}”, which “{word}” is not{hint}",
    "PF155": "“<{word}>” is neither under “takes” nor under “lists”{hint}",
    "PF156": "“{word}” is used nowhere in this file; write “<{word}>” where it belongs, or take it out",
    "PF157": "the fragment “{fragment}” is included nowhere; include it, or take the file out",
    "PF158": "“{written}” cannot be put inside “{place}”: {reason}",
    "PF159": "the list “{list}” is {found}; write a list or entries, such as [a, b] or {{a: 3}}",
    "PF160": "several files hold a fragment “{fragment}”: {files}; rename all but one",
    "PF448": "a record here has no “{entry}”; it holds {known}",
    "word.included": "{told} (included at {places})",
}
"""Problems, by code."""

INCLUDING_PHRASES: Final[dict[str, str]] = {
    "part-fragment": "a fragment",
    "part-include": "an entry of “include”",
    "part-hole": "an entry of “takes”",
    "reason-many": "a single word or expression is needed there; write one, or let the fragment use it alone",
    "reason-brackets": "its brackets or quotes do not close; close them",
    "reason-comment": "it holds a comment; take it out",
    "reason-sign": "it holds “{sign}”; take it out",
    "reason-nothing": "it need not be given; let it stand alone, or give it a default",
}
"""Parts of sentences, by code."""
