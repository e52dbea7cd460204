"""`pbflow verify`: the whole journal read and checked."""

from __future__ import annotations

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.opening import open_existing
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.records import verification_record
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.messages import Language
from partybuild_flow.store import Verification


def verify(
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Check the journal of every case and print one digest to keep outside."""
    own = own_language(language)
    store = open_existing(db, own)
    try:
        verification = store.verify()
    finally:
        store.close()
    if as_json:
        put_json(verification_record(verification))
    else:
        put_verification(verification, own)
    if verification.broken:
        raise typer.Exit(1)


def put_verification(verification: Verification, language: Language) -> None:
    """Print every broken place, then what was read and the digest."""
    for case, told in verification.broken:
        put(f"{case}: {told}")
    counts = {"cases": verification.cases, "entries": verification.entries, "digest": verification.digest}
    put(word("verified", language, **counts))
    state = "verified.broken" if verification.broken else "verified.whole"
    put(word(state, language, count=len(verification.broken)))
