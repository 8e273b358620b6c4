"""`make bench`: each measurement in a process of its own against its limit or peer; the figures go to docs/benchmarks.md.

`make bench ONLY=pages` runs one; `scale` and `blocking`, which want cities of their own (`tests.load.scale`), run only so.
The database is `.data/bench`: made on the first run with the demo city and a million cases
(`TONGBAN_BENCH_CASES`), which takes some minutes, and kept.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.load.figures import Figure
from tongban.config.launch import cluster

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "benchmarks.md"


def intake() -> list[Figure]:
    """Case intake through the API against pgbench doing the same writes."""
    from tests.load import intake as load

    rounds = load.measure()
    ratio = statistics.median(one.ratio for one in rounds)
    best = max(rounds, key=lambda one: one.requests)
    return [
        Figure("case intake against pgbench, median ratio", round(ratio, 3), "", load.TARGET, at_least=True),
        Figure("case intake at best", round(best.requests), "requests/s", note=f"p50 {best.p50_ms:.1f} ms"),
        Figure("pgbench, the same writes", round(statistics.median(one.transactions for one in rounds)), "tps"),
        Figure(
            "processor time of one pgbench transaction to that of one intake",
            round(statistics.median(one.transaction_us / one.request_us for one in rounds), 3),
            "",
            note="what the ratio is when nothing else runs on the machine",
        ),
        Figure("failed intakes", sum(one.failed for one in rounds), "", 0),
    ]


def at_once() -> list[Figure]:
    """Automatic approvals through the API against pgbench doing the same writes."""
    from tests.load import at_once as load

    rounds = load.measure()
    best = max(rounds, key=lambda one: one.requests)
    return [
        Figure(
            "automatic approvals against pgbench, median ratio",
            round(statistics.median(one.ratio for one in rounds), 3), "", load.TARGET, at_least=True,
            note="application, decision, signed licence, letter and message in one durable commit",
        ),
        Figure("automatic approvals at best", round(best.requests), "requests/s", note=f"p50 {best.p50_ms:.1f} ms"),
        Figure("pgbench, the same writes", round(statistics.median(one.transactions for one in rounds)), "tps"),
        Figure(
            "p99 at half of the greatest load", round(statistics.median(one.half_p99_ms for one in rounds), 1), "ms", load.P99_MS
        ),
        Figure("failed approvals", sum(one.failed for one in rounds), "", 0),
        Figure("applications left to a person", load.left_to_people(), "", 0),
    ]  # fmt: skip


def verification() -> list[Figure]:
    """A licence looked at by number, and its code without network."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import verification as load
    from tongban.config.launch import prepare

    prepare.main()
    return load.measure()


def files() -> list[Figure]:
    """A licence's page drawn, sealed and judged; SM2 beside openssl."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import files as load
    from tongban.config.launch import prepare

    prepare.main()
    return load.measure()


def gathering() -> list[Figure]:
    """Ten million persons into the lake against DuckDB's plain reading of the same file (`TONGBAN_BENCH_ROWS`)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import gathering as load
    from tongban.config.launch import prepare

    prepare.main()
    return load.measure()


def lineage() -> list[Figure]:
    """The graph of five hundred resources and ten thousand columns, beside its bare rows."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import lineage as load
    from tongban.config.launch import prepare

    prepare.migrate()  # it wants no demo city
    return load.measure()


def topics() -> list[Figure]:
    """A worker follows facts into the topic stores: how long after each its row is there."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import topics as load
    from tongban.config.launch import prepare

    prepare.migrate()  # it wants no demo city
    return load.measure()


def quality() -> list[Figure]:
    """Twenty rules on ten million persons of the lake against the same by hand in SQL (`TONGBAN_BENCH_ROWS`)."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import quality as load
    from tongban.config.launch import prepare

    prepare.main()
    return load.measure()


def registers() -> list[Figure]:
    """A register of a million persons looked up by key (`TONGBAN_BENCH_PERSONS`), and duplicates on labelled people."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import registers as load
    from tongban.config.launch import prepare

    prepare.main()
    return load.measure()


def places() -> list[Figure]:
    """The matcher of addresses on a labelled set, and the country's divisions taken over."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import places as load
    from tongban.config.launch import prepare

    prepare.main()
    return load.measure()


def pages() -> list[Figure]:
    """Search, guide page and lists with a million cases."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from tests.load import pages as load
    from tongban.config.launch import prepare
    from tongban.demo.many import make_many
    from tongban.services.cases.models import Case

    prepare.main()
    wanted = int(os.environ.get("TONGBAN_BENCH_CASES", "1000000"))
    missing = wanted - Case.objects.count()
    if missing > wanted // 100:
        make_many(missing, seed=missing, tell=lambda said: print(f"· {said}", file=sys.stderr, flush=True))  # noqa: T201
    return load.measure()


def scale() -> list[Figure]:
    """Every list, search, figure and own page at ten million cases against one million."""
    from tests.load import scale as load

    return load.measure()


def blocking() -> list[Figure]:
    """How long anybody waits while the house is looked after."""
    from tests.load import blocking as load
    from tests.load.scale import home_of

    os.environ |= {"TONGBAN_HOME": str(home_of(10**6)), "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}
    return load.measure()


BENCHES = {
    "blocking": blocking,
    "files": files,
    "gathering": gathering,
    "intake": intake,
    "lineage": lineage,
    "at-once": at_once,
    "pages": pages,
    "places": places,
    "quality": quality,
    "registers": registers,
    "scale": scale,
    "topics": topics,
    "verification": verification,
}


ON_CITIES = {"scale", "blocking"}  # run only by name


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    software = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores {model}, {memory} GB, {software}, load {os.getloadavg()[0]:.1f} at the end"


def section(name: str, found: list[Figure]) -> str:
    """What the page says of one measurement."""
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251  no settings here
    lines = [f"## {name}", "", f"{today} · {machine()} · `make bench ONLY={name}`", ""]
    lines += ["| what | figure | limit | kept | note |", "|---|---:|---:|---|---|"]
    for figure in found:
        sign = "≥" if figure.at_least else "≤"
        limit = "" if figure.limit is None else f"{sign} {figure.limit:g} {figure.unit}"
        kept = "" if figure.limit is None else "yes" if figure.is_kept else "**no**"
        lines.append(f"| {figure.what} | {figure.value:g} {figure.unit} | {limit} | {kept} | {figure.note} |")
    return "\n".join(lines) + "\n"


def write_report(measured: dict[str, str]) -> None:
    """Put what was measured in the place of what stood there before; the rest of the page stays."""
    head, *standing = REPORT.read_text().split("\n## ")
    sections = {text.partition("\n")[0]: f"## {text.rstrip()}\n" for text in standing} | measured
    REPORT.write_text("\n".join([head.rstrip() + "\n", *(text for _name, text in sorted(sections.items()))]))


def run_one(name: str) -> int:
    """In the child: measure and hand the figures over as the last line."""
    sys.stdout.write("\n" + json.dumps([asdict(figure) for figure in BENCHES[name]()]) + "\n")
    return 0


def run(names: list[str]) -> int:
    environment = {**os.environ, "TONGBAN_HOME": os.environ.get("TONGBAN_HOME", str(ROOT / ".data" / "bench"))}
    os.environ |= environment
    measured: dict[str, str] = {}
    kept = True
    cluster.start()
    try:
        for name in names:
            done = subprocess.run(
                [sys.executable, "-m", "tests.load.bench", "--one", name],
                env=environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            if done.returncode:
                sys.stdout.write(done.stdout)
                return done.returncode
            found = [Figure(**entry) for entry in json.loads(done.stdout.strip().splitlines()[-1])]
            for figure in found:
                limit = "" if figure.limit is None else f"  (limit {figure.limit:g})"
                mark = "✓" if figure.is_kept else "✗"
                sys.stdout.write(f"{mark} {figure.what}: {figure.value:g} {figure.unit}{limit}  {figure.note}\n")
            kept = kept and all(figure.is_kept for figure in found)
            measured[name] = section(name, found)
    finally:
        cluster.stop()
    write_report(measured)
    return 0 if kept else 1


def main() -> int:
    if sys.argv[1:2] == ["--one"]:
        return run_one(sys.argv[2])
    return run(sys.argv[1:] or [name for name in BENCHES if name not in ON_CITIES])


if __name__ == "__main__":
    sys.exit(main())
