"""The keywords of the language by their places, as Markdown. Run as a program it writes them into docs/definitions*.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Final, NamedTuple

import partybuild_flow
from partybuild_flow.messages import Language, described, phrases
from partybuild_flow.reader.keywords import CHINESE, TRUTHS, spelled
from partybuild_flow.reader.schema import schema_of
from partybuild_flow.reader.shape import keywords_of
from partybuild_flow.reader.written import PART_WORDS
from partybuild_flow.reader.written_form import Written
from tests.pages import DOCS

MARKS: Final = ("<!-- keywords -->\n", "<!-- end -->")
PAGES: Final[dict[Language, Path]] = {"en": DOCS / "definitions.md", "zh-CN": DOCS / "definitions.zh.md"}
FILES: Final = {
    "workflow": "workflow.yaml",
    "table": "*.table.yaml",
    "rule-set": "*.rules.yaml",
    "parameters": "parameters.yaml",
    "calendar": "*.calendar.yaml",
    "fragment": "*.fragment.yaml",
    "log-map": "log.yaml",
}
MANY: Final = 6
"""So many words of one place are not told a second time."""
_HEADS: Final[dict[Language, str]] = {
    "en": "| keyword | 中文 | what it says |",
    "zh-CN": "| 关键字 | English | 含义 |",
}
_REQUIRED: Final[dict[Language, str]] = {"en": " (required)", "zh-CN": "（必写）"}
_BESIDES: Final[dict[str, tuple[str, ...]]] = {
    "transition.by": ("anyone", "clock", "cases"),
    "collect.from": ("each-role",),
    "transition.discard": ("all",),
    "relation.where": ("same", "case"),
}
"""Words that stand beside names at a place, where no schema can tell them."""
_LOGS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "log": "What the log is called; whoever did an event without a name is called so, too",
        "case": "The attribute that tells the cases apart",
        "activity": "The attribute that names the activity",
        "time": "The attribute with the instant",
        "actor": "The attribute that names who did it",
        "unit": "The unit at which all roles are held",
        "roles": "The roles of single actors; default for everybody else",
        "events": "The event that each activity stands for",
        "data": "The field that each attribute fills",
        "logged-event.event": "The event of the workflow",
        "logged-event.data": "Fields that it always brings with these values",
        "attribute": "An attribute of the event",
        "origin.case": "An attribute of the whole case",
        "values": "The word for each value of the log",
        "import": "What the import is called",
        "sheet": "The sheet of a workbook; without it the first one",
        "key": "The column with each row's own number, by which a row is taken in once only",
        "import-map.time": "The column with the instant at which it came in",
        "import-map.event": "The event with which a case begins, where there are several",
        "import-map.actor": "Who sends it: a column, or one value for all",
        "import-map.roles": "The roles in which it is sent",
        "import-map.unit": "The unit of the case: a column, or one value for all",
        "import-map.data": "The column that fills each field",
        "column": "The heading of the column",
        "cell-origin.value": "One value for all rows",
        "cell-origin.values": "The word for each value of the column",
    },
    "zh-CN": {
        "log": "日志的名称；没有写办理人的，以此代替",
        "case": "区分各个事项的属性",
        "activity": "写明活动名称的属性",
        "time": "写明时间的属性",
        "actor": "写明办理人的属性",
        "unit": "各角色所在的单位",
        "roles": "各办理人的角色；其余的人写在 default",
        "events": "每种活动对应的事件",
        "data": "每个属性填入的字段",
        "logged-event.event": "流程中的事件",
        "logged-event.data": "该事件固定带有的字段和值",
        "attribute": "事件的属性",
        "origin.case": "整个事项的属性",
        "values": "日志中的每个值对应的词",
        "import": "这次导入的名称",
        "sheet": "工作簿中的哪一张表；不写为第一张",
        "key": "写明每行自有编号的列，同一编号只导入一次",
        "import-map.time": "写明收到时间的列",
        "import-map.event": "以哪个事件发起；有几个时须写明",
        "import-map.actor": "由谁办理：取自某列，或统一写一个值",
        "import-map.roles": "以哪些角色办理",
        "import-map.unit": "事项所属的单位：取自某列，或统一写一个值",
        "import-map.data": "每个字段取自哪一列",
        "column": "列的标题",
        "cell-origin.value": "各行统一的值",
        "cell-origin.values": "该列的每个值对应的词",
    },
}


class Told(NamedTuple):
    """A word in both languages, English first."""

    english: str
    chinese: str


class Row(NamedTuple):
    """A keyword at a place: its word, whether it is required, what it says, and the words that may stand there."""

    keyword: Told
    required: bool
    says: str
    words: tuple[Told, ...]


def places(language: Language) -> Iterator[tuple[str, str, list[Row]]]:
    """Each part of a file: its id, what it is called, and its keywords."""
    schemas = [schema_of(each)["$defs"] for each in ("en", "zh-CN")]
    seen: set[tuple[Told, ...]] = set()
    for part in schemas[0]:
        own = schemas[language == "zh-CN"][part]
        english, chinese = (_body(each[part]) for each in schemas)
        rows = []
        for keyword, other in zip(english["properties"], chinese["properties"], strict=True):
            values = english["properties"][keyword], chinese["properties"][other]
            words = tuple(map(Told, *map(_words, values))) + tuple(_besides(part, keyword))
            says = values[language == "zh-CN"].get("description", "")
            required = keyword in english.get("required", ())
            rows.append(Row(Told(keyword, other), required, says, () if words in seen else words))
            if len(words) > MANY:
                seen.add(words)
        yield part, own["title"], rows
    yield from _elsewhere(language, set(schemas[0]))


def listed() -> set[Told]:
    """Every keyword that has a place, as a key or as a value."""
    rows = [row for _, _, found in places("en") for row in found]
    return {word for row in rows for word in (row.keyword, *row.words)}


def reference(language: Language) -> str:
    """All places as tables."""
    lines = []
    for part, title, rows in places(language):
        file = f" `{FILES[part]}`" if part in FILES else ""
        lines += [f"### {title[0].upper()}{title[1:]}{file}", "", _HEADS[language], "|---|---|---|"]
        lines += [_line(row, language) for row in rows]
        lines.append("")
    return "\n".join(lines)


def written_into(page: str, language: Language) -> str:
    """A page with the present reference between its marks."""
    before, after = MARKS
    assert page.count(before) == page.count(after) == 1
    return re.sub(
        f"{re.escape(before)}.*{re.escape(after)}",
        lambda _: f"{before}{reference(language)}{after}",
        page,
        flags=re.DOTALL,
    )


def _line(row: Row, language: Language) -> str:
    chinese = language == "zh-CN"
    own, other = row.keyword[chinese], row.keyword[not chinese]
    words = ("、" if chinese else ", ").join(_both(word, language) for word in row.words)
    says = f"{row.says}{'：' if chinese else ': '}{words}" if words else row.says
    return f"| `{own}`{_REQUIRED[language] if row.required else ''} | `{other}` | {says} |"


def _both(word: Told, language: Language) -> str:
    own, other = word[language == "zh-CN"], word[language == "en"]
    return f"`{own}`" if own == other else f"`{own}` {other}"


def _body(definition: dict[str, Any]) -> dict[str, Any]:
    """What a part is where it is written in full."""
    found: dict[str, Any] = definition if "properties" in definition else definition["anyOf"][1]
    return found


def _words(value: dict[str, Any]) -> list[str]:
    """The words of a closed set that may stand at a place; yes and no are not told."""
    enums = (
        each.get("enum") or each.get("items", {}).get("enum") for each in (value, *value.get("anyOf", ()))
    )
    found: list[object] = next(filter(None, enums), [])
    return [each for each in found if isinstance(each, str) and each not in TRUTHS]


def _besides(part: str, keyword: str) -> Iterator[Told]:
    for word in _BESIDES.get(f"{part}.{keyword}", ()):
        yield _told(word)


def _elsewhere(language: Language, told_already: set[str]) -> Iterator[tuple[str, str, list[Row]]]:
    """The parts of files that no schema describes, such as the map of a log."""
    told = {**described(language), **_LOGS[language]}
    for model in every_model():
        code = PART_WORDS[model].code
        part = code.removeprefix("part-")
        if _part_name(model) not in told_already:
            rows = [
                Row(
                    _told(keyword), found.required, told.get(f"{part}.{keyword}") or told.get(keyword, ""), ()
                )
                for keyword, found in keywords_of(model).items()
            ]
            yield part, phrases(language)[code], rows


def every_model() -> list[type[Written]]:
    """What may be written in any file of any kind; loading all modules makes every part known."""
    for found in walk_packages(partybuild_flow.__path__, "partybuild_flow."):
        if found.name.startswith(("partybuild_flow.reader.", "partybuild_flow.analysis.")):
            import_module(found.name)
    return list(PART_WORDS)


def _told(keyword: str) -> Told:
    return Told(spelled(keyword, "en"), CHINESE[keyword])


def _part_name(model: type[Written]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__.removeprefix("Written")).lower()


def main() -> None:
    """Rewrite the pages."""
    for language, path in PAGES.items():
        path.write_text(written_into(path.read_text(encoding="utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    main()
