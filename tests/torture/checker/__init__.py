"""The independent checker: believes the ledger and the database, uses nothing of the house's code, names every fault it finds.

Each rule answers with faults: whom it is about and what is wrong. `test_checker.py` plants one of each kind and sees it named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psycopg

from tests.torture.ledger import Request

from .acts import acts, submissions
from .catalogue import listed
from .course import course
from .fault import Fault
from .lake import gathered
from .papers import chains, files, logs
from .rows import RULES

__all__ = ["Fault", "names", "verdict"]

# What is asked of the ledger and the database together; everything else is one statement that must find nothing (`rows.RULES`).
TOGETHER: dict[str, Callable[[psycopg.Connection, list[Request]], Iterator[tuple[str, str]]]] = {
    "submission": submissions,
    "act": acts,
}

BROKEN = frozenset(range(500, 600)) - {503}  # an outage is told as 503; anything else is a fault of ours


def names() -> list[str]:
    """Every rule, in the order of the report."""
    return [*TOGETHER, "answer", "catalogue", "course", "chain", "file", "gathering", "log", *RULES]


def verdict(
    link: psycopg.Connection,
    requests: list[Request],
    stored: Path,
    key: bytes,
    written: Iterable[Path] = (),
    personal: Iterable[str] = (),
) -> list[Fault]:
    """Everything that is wrong. `stored` is the folder of the file store, `key` the data key its files are sealed with; `written` are
    the logs, in which nothing `personal` may be."""
    found = [Fault("answer", str(one.n), f"{one.act}: {one.status}") for one in requests if one.status in BROKEN]
    found += [Fault(name, *fault) for name, rule in TOGETHER.items() for fault in rule(link, requests)]
    found += [Fault("catalogue", *fault) for fault in listed(link, requests)]
    found += [Fault("course", *fault) for fault in course(link)]
    found += [Fault("chain", *fault) for fault in chains(link)]
    found += [Fault("file", *fault) for fault in files(link, stored, key)]
    found += [Fault("gathering", *fault) for fault in gathered(link, requests, stored / "lake")]
    found += [Fault("log", *fault) for fault in logs(written, personal)]
    for name, statements in RULES.items():
        for statement in statements:
            found += [Fault(name, str(about), str(what)) for about, what in link.execute(statement)]
    return found
