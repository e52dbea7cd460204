"""Sentences in English: fields, documents, records, parameters and their sets."""

from typing import Final

FIELDS: Final[dict[str, str]] = {
    "PF257": "parameter “{parameter}” has no source; write in words where the number comes from",
    "PF258": "“{word}” is no parameter{hint}",
    "PF259": "there is no set of parameters “{set}”{hint}",
    "PF255": "with the set of parameters “{set}”: {code} {told}",
    "PF370": "“{key}” is about personal data, and “{field}” is not marked “{personal}”; mark it, or take “{key}” out",
    "PF371": "“{word}” holds neither a unit nor a person; name a field of type unit or person",
    "PF372": "the deadline “{deadline}” erases “{field}”, which is not marked “{personal}”: its values stand in the "
    "journal for good; mark the field",
    "PF373": "the deadline “{deadline}” has both “{fire}” and “{erase}”; write two deadlines",
    "PF374": "“{field}” is given the value of “{source}”, which fewer people may see; mark it as strictly as that, or write "
    "“personal: false” if it tells nothing of a person",
    "PF375": "the message to “{to}” repeats “{source}”, which is not shown there; leave it out, or name the recipient under "
    "“seen-by” of that field",
    "PF376": "“{field}” of the workflow {workflow} is given the value of “{source}”, which is protected more strictly here; mark "
    "it as strictly there, or write “personal: false” there if it tells nothing of a person",
    "word.erase": "erase",
    "word.erased": "erased",
    "value.earlier": "“{field}”: {written} is before {least}",
    "value.later": "“{field}”: {written} is after {most}",
    "value.document": "“{field}”: “{written}” is no document; it has an id and a name, and may have a hash",
    "value.hash": "“{field}”: the hash “{written}” is not of 64 hexadecimal digits (SHA-256)",
    "value.records": "“{field}”: “{written}” is no list; each item holds {columns}",
    "value.row": "“{field}”, item {row}: {told}",
    "value.row.form": "“{field}”, item {row}: “{written}” does not say “field: value”; it holds {columns}",
    "value.row.unknown": "“{field}”, item {row}: there is no field “{written}”; it holds {columns}",
}
"""Problems and reasons, by code."""

FIELD_PHRASES: Final[dict[str, str]] = {
    "nobody-named": "whoever is warned",
    "part-column": "a field of a list's items",
    "part-set": "a set of parameters",
    "part-value": "a value of a set of parameters",
    "form-item": "a type, or entries such as “field: {{type: …}}”",
    "form-sets": "entries such as “set: {{parameter: value}}”",
    "type-document": "a document",
}
"""Parts of sentences, by code."""
