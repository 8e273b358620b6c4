"""`make soak MINUTES=60`: a house at work for an hour, and the memory of each of its processes; passes when none of them grows.

The house is the one that is tortured (`tests/torture`), in `.data/soak`; nothing is killed here. People do what they do there, and
look at pages besides. What was weighed stays in `.data/soak/memory.jsonl`; `--judge` reads it again, also while it is written.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tests.load import memory
from tests.load.bench import machine
from tests.load.figures import put_between
from tests.torture import citizens, house, ledger, officers, town
from tests.torture.client import Client

LIMIT = float(os.environ.get("TONGBAN_SOAK_MB_PER_HOUR", "4"))
BEGIN, END = "<!-- soak: written by make soak -->", "<!-- soak: end -->"
WORDS = ("身份证", "理发店", "老年证", "开店", "社保卡丢了", "办营业执照要带什么", "卫生许可", "不存在的事项")
PUBLIC = (
    "/",
    "/items/",
    "/departments/",
    "/ratings/",
    "/api/v1/openapi.json",
    "/verify/",
    "/audit/roots/",
    "/health/ready",
)
MINE = ("/my/", "/my/cases/", "/my/cases/?show=closed", "/my/messages/", "/my/bills/", "/my/licences/", "/my/looks/")
DESK = (
    "/console/",
    "/console/cases/",
    "/console/cases/?closed=1",
    "/console/cases/?lamp=red",
    "/console/cases/counts/",
)


def look_around(me: Client) -> int:
    """One page, as somebody reads between two acts; its status."""
    drawn = me.rng.random()
    if drawn < 0.3:
        return me.ask(f"/items/?q={quote(me.rng.choice(WORDS))}").status
    pages = PUBLIC if drawn < 0.5 else MINE if me.person.role == "citizen" else DESK
    return me.ask(me.rng.choice(pages)).status


def play(me: Client, over: threading.Event, pause: float, seen: Counter[int]) -> None:
    acts, weights = list(citizens.ACTS), list(citizens.ACTS.values())
    while not over.wait(me.rng.expovariate(1 / pause)):
        seen[look_around(me)] += 1
        if me.person.role == "citizen":
            me.rng.choices(acts, weights)[0](me)
        else:
            officers.DUTIES[me.person.role](me)


def processes(standing: house.House) -> dict[int, str]:
    """Every process of the house, and what it is."""
    web = memory.descendants(standing.web.pid)
    found = dict.fromkeys(web[1:], "web process") | dict.fromkeys(web[:1], "web server")
    for worker in standing.workers:
        found |= dict.fromkeys(memory.descendants(worker.pid), "worker")
    return found | {pid: _of_database(pid) for pid in memory.descendants(house.postmaster())}


def _of_database(pid: int) -> str:
    title = house.title_of(pid)
    serves = f"postgres: {house.cluster.owner()} {house.NAME}"
    if title.startswith(serves):
        return "database, a connection"
    return "database, " + title.removeprefix("postgres: ").strip() if title.startswith("postgres:") else "database"


def run(asked: argparse.Namespace, book: Path) -> Counter[int]:
    """People at work for so long; how the pages they looked at were answered."""
    shutil.rmtree(house.cluster.home() / "files", ignore_errors=True)
    people = town.build(house.make_database(), asked.citizens)
    told = ledger.Ledger(house.cluster.home() / "ledger.jsonl")
    over, seen = threading.Event(), Counter[int]()
    with house.House(workers=1) as standing:
        standing.wait_until_whole()
        crowd = [
            Client(person, standing.port, told, random.Random(f"{asked.seed} {person.name}"), over)
            for person in (*people.citizens, *people.officers)
        ]
        pause = len(crowd) / asked.rate
        threads = [threading.Thread(target=play, args=(me, over, pause, seen), daemon=True) for me in crowd]
        for thread in threads:
            thread.start()
        until = time.monotonic() + asked.minutes * 60
        memory.watch(lambda: processes(standing), book, every=asked.every, until=until, over=time.sleep)
        over.set()
        for thread in threads:
            thread.join()
    told.close()
    return seen


def table(found: list[memory.Course], minutes: float, answered: Counter[str], command: str) -> list[str]:
    """Markdown, readable as it is."""
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {machine()} · `{command}`",  # noqa: TID251  no settings here
        "",
        f"{minutes:.0f} minutes; requests that change something: "
        + ", ".join(f"{count} {outcome}" for outcome, count in sorted(answered.items()))
        + f". Limit: {LIMIT:g} MB an hour, by a line through the second half.",
        "",
        "| process | at first, MB | at last, MB | most, MB | resident, MB | MB an hour | flat |",
        "|---|---:|---:|---:|---:|---:|---|",
        *(
            f"| {one.name} ({one.pid}) | {one.first:.1f} | {one.last:.1f} | {one.most:.1f} | {one.resident:.0f} | {one.slope:+.2f} "
            f"| {'yes' if one.is_flat(LIMIT) else '**no**'} |"
            for one in found
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="An hour of work, and the memory of each process")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=2.0, help="acts a second, of all people together")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two weighings")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--citizens", type=int, default=12)
    parser.add_argument("--judge", action="store_true", help="only what was weighed before")
    parser.add_argument("--page", type=Path, help="the page that the figures are written into")
    asked = parser.parse_args()
    os.environ.setdefault("TONGBAN_TORTURE_HOME", str(house.ROOT / ".data" / "soak"))
    home = house.at_home()
    book = home / "memory.jsonl"
    if not asked.judge:
        seen = run(asked, book)
        sys.stdout.write(f"pages looked at, by status: {dict(seen)}\n")
    weights = memory.read(book)
    found = memory.courses(weights)
    minutes = max(weight.at for weight in weights) / 60
    answered = Counter(request.outcome for request in ledger.read(home / "ledger.jsonl"))
    lines = table(found, minutes, answered, f"make soak MINUTES={asked.minutes:g}")
    sys.stdout.write("\n".join(lines) + "\n")
    if asked.page:
        put_between(asked.page, BEGIN, END, lines)
    return 0 if all(one.is_flat(LIMIT) for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
