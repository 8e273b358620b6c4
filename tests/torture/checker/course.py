"""Every case has come to where it is by a lawful way. The ways are written here a second time, by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import psycopg

NEW, IN_FLOW = frozenset({"submitted", "received"}), frozenset({"accepted", "reviewing"})
UNDECIDED = NEW | IN_FLOW | {"correction", "suspended"}
# From where a verb may start, where it leads, and which results a case that it closes may have.
WAYS: dict[str, tuple[frozenset[str], str, frozenset[str]]] = {
    "submit": (frozenset({""}), "submitted", frozenset()),
    "receive": (frozenset({"submitted"}), "received", frozenset()),
    "accept": (NEW, "accepted", frozenset()),
    "accepted_by_silence": (NEW, "accepted", frozenset()),
    "refuse_acceptance": (NEW, "closed", frozenset({"not_accepted"})),
    "transfer": (NEW, "closed", frozenset({"transferred"})),
    "ask_correction": (NEW, "correction", frozenset()),
    "supply_correction": (frozenset({"correction"}), "received", frozenset()),
    "lapse": (frozenset({"correction"}), "closed", frozenset({"lapsed"})),
    "review": (IN_FLOW, "reviewing", frozenset()),
    "give_opinion": (IN_FLOW, "reviewing", frozenset()),
    "send_back": (IN_FLOW, "reviewing", frozenset()),
    "decide": (IN_FLOW, "decided", frozenset()),
    "certify": (frozenset({"decided"}), "certifying", frozenset()),
    "deliver": (frozenset({"decided", "certifying"}), "delivering", frozenset()),
    "close": (frozenset({"delivering"}), "closed", frozenset({"granted", "partly", "refused"})),
    "withdraw": (UNDECIDED, "closed", frozenset({"withdrawn"})),
    "terminate": (UNDECIDED, "closed", frozenset({"terminated"})),
    "void": (UNDECIDED, "closed", frozenset({"void"})),
}
EVENTS = """
select c.id::text, c.state, c.result, coalesce(e.verb, '') from cases_case c left join cases_caseevent e on e.case_id = c.id
order by c.id, e.id
"""


def course(link: psycopg.Connection) -> Iterator[tuple[str, str]]:
    rows = link.execute(EVENTS).fetchall()
    for (case_id, state, result), events in itertools.groupby(rows, key=lambda row: row[:3]):
        if what := _wrong(state, result, [verb for *_, verb in events]):
            yield case_id, what


def _wrong(state: str, result: str, verbs: list[str]) -> str:
    at, results = "", frozenset[str]()
    for verb in verbs:
        if verb not in WAYS:
            continue  # urging, claiming, supplying what was promised: the case stays where it is
        start, to, results = WAYS[verb]
        if at not in start:
            return f"{verb} from {at or 'nowhere'} ({' '.join(verbs)})"
        at = to
    if at != state:
        return f"its steps lead to {at or 'nowhere'}, it is {state} ({' '.join(verbs)})"
    if results and result not in results:
        return f"closed by {verbs[-1]} with the result {result or 'none'}"
    return ""
