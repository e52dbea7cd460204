"""The requests of an invented year: what became of them, and whether their closing rate reaches what is published."""

from __future__ import annotations

from collections.abc import Mapping

from partybuild_flow.analysis.year import Requests
from partybuild_flow.cli.printing import put, put_table
from partybuild_flow.cli.rates import put_shares, share_record, told_percent
from partybuild_flow.cli.wording import word
from partybuild_flow.engine import Share
from partybuild_flow.messages import Language


def put_requests(found: Requests, names: Mapping[str, str], own: Language) -> None:
    """Print the requests by state, the rates, and the sentence on the published one."""
    put("\n" + word("year.requests", own, requests=found.cases))
    rows = [
        [names.get(f"request-handling/{state}", state), str(cases)] for state, cases in found.states.items()
    ]
    put_table([word("column.state", own), word("column.cases", own)], rows)
    put("\n" + word("year.rates", own))
    put_shares(found.rates, own)
    put(told_closing(found.closing, own))


def requests_record(found: Requests) -> dict[str, object]:
    """The requests as JSON."""
    return {**found._asdict(), "rates": [share_record(each) for each in found.rates]}


def told_closing(share: Share | None, own: Language) -> str:
    """A sentence on a share that is published, and whether it is reached."""
    if share is None or share.met is None or share.at_least is None:
        return word("year.closing.none", own)
    counts = {"numerator": share.numerator, "denominator": share.denominator}
    percent, asked = share.percent(), told_percent((share.at_least * 100).normalize())
    told = "" if percent is None else told_percent(percent)
    return word(
        "year.closing.met" if share.met else "year.closing.missed", own, share=told, asked=asked, **counts
    )
