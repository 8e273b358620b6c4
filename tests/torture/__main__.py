"""`make torture`: people at work, blows at random, and an independent checker at the end. Ends with 1 when it finds a fault."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.load.bench import machine

from . import checker, citizens, house, ledger, officers, town
from .client import Client
from .gate import Gate
from .killer import Killer
from .report import Run
from .settling import settle

HELD = {
    "cases": "select count(*) from cases_case",
    "decided by rules": "select count(*) from cases_decision where rule_set_id is not null",
    "facts": "select count(*) from audit_fact",
    "letters": "select count(*) from letters_letter",
    "messages": "select count(*) from notifications_message",
    "tasks done": "select count(*) from procrastinate_jobs where status = 'succeeded'",
}


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def play(me: Client, over: threading.Event, rest: float = 0.0) -> None:
    """One person at work until it is over; `rest`: seconds between two acts, at most."""
    acts, weights = list(citizens.ACTS), list(citizens.ACTS.values())
    while not over.is_set():
        if me.person.role == "citizen":
            me.rng.choices(acts, weights)[0](me)
        else:
            officers.DUTIES[me.person.role](me)
            over.wait(me.rng.random() / 2)  # an officer reads, too
        over.wait(me.rng.random() * rest)


@contextmanager
def at_work(people: town.Town, port: int, book: ledger.Ledger, seed: int, rest: float = 0.0) -> Iterator[None]:
    over = threading.Event()
    crowd = [
        Client(person, port, book, random.Random(f"{seed} {person.name}"), over)
        for person in (*people.citizens, *people.officers)
    ]
    threads = [threading.Thread(target=play, args=(me, over, rest), daemon=True) for me in crowd]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def run(asked: argparse.Namespace) -> Run:
    began, home = time.monotonic(), house.at_home()
    shutil.rmtree(home / "files", ignore_errors=True)
    address = house.make_database()
    people = town.build(address, asked.citizens)
    book = ledger.Ledger(home / "ledger.jsonl")
    say(f"seed {asked.seed}; ledger {book.path}")
    with house.House(asked.workers) as standing:
        standing.wait_until_whole()
        gate = Gate(standing.port, random.Random(f"{asked.seed} gate"))
        killer = Killer(standing, gate, book, asked.seed, asked.seconds)
        with at_work(people, gate.port, book, asked.seed):
            for number in range(1, asked.rounds + 1):
                say(f"round {number}: {', '.join(killer.round(number))}")
                book.sync()
        settle(standing, address, asked.patience)
        book.close()
        requests = ledger.read(book.path)
        with psycopg.connect(address, autocommit=True) as link:
            link.execute("set default_transaction_read_only = on")
            faults = checker.verdict(link, requests, home / "files", house.data_key(), house.logs(), people.personal)
            held = {name: int(row[0]) for name, ask in HELD.items() for row in link.execute(ask)}
    return Run(
        asked.seed, asked.rounds, f"{len(people.citizens)} citizens, {len(people.officers)} officers",
        time.monotonic() - began, machine(), f"make torture ROUNDS={asked.rounds} SEED={asked.seed}", killer.done, gate.cuts,
        requests, held, faults,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill everything at random and prove that nothing is lost")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="0: drawn, and printed")
    parser.add_argument("--citizens", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4.0, help="of load in a round")
    parser.add_argument("--patience", type=float, default=300.0, help="seconds for the workers at the end")
    parser.add_argument("--page", type=Path, help="the page that the figures are written into")
    asked = parser.parse_args()
    asked.seed = asked.seed or random.SystemRandom().randrange(1, 10**6)
    done = run(asked)
    say("\n".join(done.table()))
    if asked.page:
        done.write(asked.page)
    return 1 if done.faults else 0


if __name__ == "__main__":
    sys.exit(main())
