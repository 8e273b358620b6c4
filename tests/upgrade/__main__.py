"""`make upgrade`: an earlier release is installed, upgraded to this code, rolled back and upgraded again while people work in it.

Ends with 1 when a page was refused, something acknowledged is missing, or a process fell.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.load.bench import machine
from tests.load.figures import put_between
from tests.torture import checker, ledger
from tests.torture.__main__ import HELD, at_work, say
from tests.torture.settling import settle
from tests.torture.town import Person, Town

from .machine import PORT, ROOT, Machine
from .watching import Watch

BEGIN, END = "<!-- upgrade: written by make upgrade -->", "<!-- upgrade: end -->"
BUILD = """
import sys
from pathlib import Path
from tests.torture import town
town.build(sys.argv[1], int(sys.argv[2])).write(Path(sys.argv[3]))
"""
NET = "TONGBAN_REHEARSAL_NETWORK"


def pack(commit: str, into: Path) -> Path:
    """By `deploy/pack`, on a machine with the package index: this one, before its network goes."""
    outside = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if ".venv" not in part)
    subprocess.run([str(ROOT / "deploy" / "pack"), commit], check=True, cwd=into, env={**os.environ, "PATH": outside})
    return max(into.glob("tongban-*.tar.gz"), key=lambda path: path.stat().st_mtime_ns)


def version_in(archive: Path) -> str:
    return archive.name.removeprefix("tongban-").removesuffix(".tar.gz")


def town_of(server: Machine, citizens: int) -> Town:
    """Built by the old release's own code."""
    written = server.root / "var/lib/tongban/town.json"
    server.run_as_house(".venv/bin/python", "-c", BUILD, server.address, str(citizens), str(written))
    said = json.loads(written.read_text())
    return Town(*([Person(**one) for one in said[kind]] for kind in ("citizens", "officers")))


def rehearse(server: Machine, old: Path, new: Path, asked: argparse.Namespace) -> tuple[list[str], bool]:
    before, after = version_in(old), version_in(new)
    unpacked = server.script("unpack", str(old))
    server.script("switch", before)
    people = town_of(server, asked.citizens)
    server.start()
    wait_for_page()
    book, watch = ledger.Ledger(server.root / "ledger.jsonl"), Watch(PORT)
    say("the load begins")
    with watch.watching(), at_work(people, PORT, book, asked.seed, rest=4.0):
        with watch.phase(f"{before}, as it was"):
            time.sleep(asked.seconds)
        with watch.phase("backup taken, new release unpacked") as phase:
            server.tongban("backup", "take", backup=True)
            phase.took = server.script("unpack", str(new))
        for name, words in (
            (f"switched to {after}", [after]),
            (f"rolled back to {before}", ["--back", before]),
            (f"switched to {after} again", [after]),
        ):
            with watch.phase(name) as phase:
                say(name)
                phase.took = server.script("switch", *words)
                server.mend()
                time.sleep(asked.seconds)
    settle(server, server.address, asked.patience)  # type: ignore[arg-type]
    server.tongban("files", "seal")
    server.tongban("backup", "verify", backup=True)
    book.close()
    requests = ledger.read(book.path)
    with psycopg.connect(server.address, autocommit=True) as link:
        store = server.root / "var/lib/tongban/files"
        faults = checker.verdict(link, requests, store, server.data_key(), server.logs(), people.personal)
    rows = watch.rows(requests)
    missed = [one for one in watch.asked if one[2] != 200]
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {machine()} · `make upgrade FROM={before}`",  # noqa: TID251
        "",
        f"{len(people.citizens)} citizens, {len(people.officers)} officers; two web servers behind nginx, two workers, the "
        f"backup; unpacked in {unpacked:.0f} s with the network {os.environ.get(NET, 'there')}.",
        "",
        "| phase | seconds of the step | pages asked, refused | acts acknowledged | refused by a rule | answer lost | longest wait, s |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
        "",
        ", ".join(f"{name}: {server.held(ask)}" for name, ask in HELD.items()) + f"; faults: {len(faults)}.",
        *(f"- {fault}" for fault in faults[:50]),
        *(f"- page refused: {status}" for _, _, status in missed[:20]),
    ]
    return lines, not faults and not missed


def wait_for_page() -> None:
    for _ in range(600):
        if subprocess.run(["curl", "-fs", "-o", "/dev/null", f"http://127.0.0.1:{PORT}/health/ready"]).returncode == 0:
            return
        time.sleep(0.2)
    raise SystemExit("the house does not answer through nginx")


def inside(asked: argparse.Namespace) -> int:
    """Everything that happens on the server."""
    if os.environ.get(NET) == "shut off":
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    server = Machine(asked.root)
    try:
        lines, sound = rehearse(server, *asked.packed, asked)
    finally:
        server.close()
    say("\n".join(lines))
    if asked.page:
        put_between(asked.page, BEGIN, END, lines)
    return 0 if sound else 1


def outside(asked: argparse.Namespace) -> int:
    """Pack both, then go on where there is no network, if this machine lets us."""
    root = Path(tempfile.mkdtemp(prefix="tongban-upgrade-"))
    root.chmod(0o755)
    try:
        packed = asked.packed or [pack(commit, root) for commit in (asked.old, asked.new)]
        alone = subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0
        command = [sys.executable, "-m", "tests.upgrade", *sys.argv[1:], "--root", str(root / "machine")]
        if not asked.packed:
            command += ["--packed", *map(str, packed)]
        environment = {**os.environ, NET: "shut off" if alone else "there"}
        return subprocess.run([*(["unshare", "-n"] if alone else []), *command], env=environment, cwd=ROOT).returncode
    finally:
        if not asked.keep:
            shutil.rmtree(root, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Rehearse an upgrade and a roll-back under load")
    parser.add_argument("--from", dest="old", required=True, help="tag or commit that is installed first")
    parser.add_argument("--to", dest="new", default="HEAD")
    parser.add_argument("--packed", type=Path, nargs=2, help="archives of both, made before")
    parser.add_argument("--citizens", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15.0, help="of load after each step")
    parser.add_argument("--patience", type=float, default=300.0, help="seconds for the workers at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the machine's folder for looking into")
    parser.add_argument("--page", type=Path, help="the page that the figures are written into")
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    return inside(asked) if asked.root else outside(asked)


if __name__ == "__main__":
    sys.exit(main())
