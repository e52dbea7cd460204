"""What became of a year, counted from its cases: stars against quotas, projects by light and grade, branches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.world import STARS
from partybuild_flow.case import Case
from partybuild_flow.engine import Engine
from partybuild_flow.feel import Value

QUOTAS: Final = {
    "三星": "three-star-seats",
    "四星": "four-star-seats",
    "五星": "five-star-seats",
    "标兵": "model-seats",
}
LIGHTS: Final = ("绿", "黄", "红")
GRADES: Final = ("优秀", "良好", "合格", "不合格")


class CategoryStars(NamedTuple):
    """The stars of one category. `seats` and `taken` are by star: how many there are, and how many of them are held.

    `lowered` are those that got a lower star than they hoped for, beside the quotas.
    """

    category: str
    applied: int
    recommended: int
    shortlist_seats: int
    shortlisted: int
    seats: Mapping[str, int]
    taken: Mapping[str, int]
    lowered: int


class CommitteeStars(NamedTuple):
    """The applications of one direct committee, the seats it has, and how many it recommended."""

    committee: str
    organisations: int
    applied: int
    seats: int
    recommended: int
    awarded: int


class ProjectLights(NamedTuple):
    """The projects of one level: how many show each light at last, how often each was shown, and the grades."""

    level: str
    projects: int
    lights: Mapping[str, int]
    shown: Mapping[str, int]
    grades: Mapping[str, int]


class Summary(NamedTuple):
    """A year in figures. `branches` is by state."""

    categories: tuple[CategoryStars, ...]
    committees: tuple[CommitteeStars, ...]
    projects: tuple[ProjectLights, ...]
    branches: Mapping[str, int]
    cases: Mapping[str, int]


def summary(engine: Engine) -> Summary:
    """The year in this engine's store in figures."""
    applications = [_short(case) for case in engine.cases(workflow="star-application")]
    rounds = [case.data for case in engine.cases(workflow="star-round")]
    projects = [case.data for case in engine.cases(workflow="secretary-project")]
    branches = Counter(case.state for case in engine.cases(workflow="action-branch"))
    objections = len(engine.cases(workflow="objection"))
    quotas = _records(rounds[0].get("category-seats")) if rounds else []
    seats = _records(rounds[0].get("committee-seats")) if rounds else []
    return Summary(
        tuple(_category(each, applications) for each in quotas),
        tuple(_committee(each, applications) for each in seats),
        tuple(_level(level, projects) for level in ("区级", "直属")),
        dict(branches.most_common()),
        {
            "star-round": len(rounds),
            "star-application": len(applications),
            "objection": objections,
            "secretary-project": len(projects),
            "action-branch": branches.total(),
        },
    )


def over_quota(found: Summary) -> list[str]:
    """Every place where more seats are taken than there are."""
    told = [
        f"{each.category} {'、'.join(stars)}: {taken} > {seats}"
        for each in found.categories
        for stars in _TOGETHER
        if (taken := sum(each.taken[star] for star in stars)) > (seats := _seats(each, stars))
    ]
    told += [
        f"{each.committee}: {each.recommended} > {each.seats}"
        for each in found.committees
        if each.recommended > each.seats
    ]
    return told


_TOGETHER: Final = (("标兵",), ("五星", "标兵"), ("四星",), ("三星", "四星"))
"""Stars whose seats are held together: a model is one of the five stars, and a four-star seat may go to a three-star."""


def _seats(found: CategoryStars, stars: tuple[str, ...]) -> int:
    seats = found.seats
    # There is a model in each category, even where a tenth of its applications is less than one.
    return max(seats["五星"], seats["标兵"]) if "五星" in stars else sum(seats[star] for star in stars)


_KEPT: Final = (
    "registered-category",
    "committee",
    "recommendation",
    "committee-agreed",
    "shortlist-rank",
    "seat",
    "proposed-star",
    "target-star",
    "awarded-on",
)


def _short(case: Case) -> Mapping[str, Value]:
    """What is counted of an application."""
    return {name: case.data.get(name) for name in _KEPT}


def _category(quota: Mapping[str, Value], applications: Iterable[Mapping[str, Value]]) -> CategoryStars:
    category = str(quota["rated-category"])
    own = [each for each in applications if each["registered-category"] == category]
    awarded = [each for each in own if each["awarded-on"] is not None]
    held = Counter(str(each["seat"]) for each in awarded if each["proposed-star"] == each["seat"])
    return CategoryStars(
        category,
        _number(quota["applicants"]),
        sum(each["committee-agreed"] is True for each in own),
        _number(quota["shortlist-seats"]),
        sum(each["shortlist-rank"] is not None for each in own),
        {star: _number(quota[name]) for star, name in QUOTAS.items()},
        {star: held[star] for star in STARS[1:]},
        sum(each["proposed-star"] != each["seat"] for each in awarded),
    )


def _committee(seats: Mapping[str, Value], applications: Iterable[Mapping[str, Value]]) -> CommitteeStars:
    committee = str(seats["committee"])
    own = [each for each in applications if each["committee"] == committee]
    return CommitteeStars(
        committee,
        _number(seats["organisations"]),
        sum(each["registered-category"] is not None for each in own),
        _number(seats["seats"]),
        sum(each["committee-agreed"] is True for each in own),
        sum(each["awarded-on"] is not None for each in own),
    )


def _level(level: str, projects: Iterable[Mapping[str, Value]]) -> ProjectLights:
    own = [each for each in projects if each["level"] == level]
    lights = Counter(str(each.get("light-shown")) for each in own)
    shown = Counter(
        str(record.get("light")) for each in own for record in _records(each.get("light-history"))
    )
    grades = Counter(str(each.get("grade")) for each in own)
    return ProjectLights(
        level,
        len(own),
        {light: lights[light] for light in LIGHTS},
        {light: shown[light] for light in LIGHTS},
        {grade: grades[grade] for grade in GRADES},
    )


def _records(value: Value) -> list[Mapping[str, Value]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number(value: Value) -> int:
    return int(value) if isinstance(value, Decimal) else 0
