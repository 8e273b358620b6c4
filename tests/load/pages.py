"""Search, guide page, worklist and applicant's list, at a million cases, timed in the server with its real settings."""

from __future__ import annotations

import gzip
import re
import time
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client

from tests.load.figures import Figure, in_rounds, median_and_worst, milliseconds, p50, p99
from tongban.foundation.identity.queries import account, actor_of, staff_of
from tongban.foundation.identity.tests.factories import sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.paging import page_of
from tongban.services.cases.models import Case
from tongban.services.cases.queries import my_cases
from tongban.services.items.queries import search

SEARCH_SET = Path(__file__).resolve().parents[1] / "stories" / "search_set.yaml"
GUIDE = "/items/food-business-permit/"


def measure() -> list[Figure]:
    return [*searches(), *guide(), *lists()]


def searches() -> list[Figure]:
    """Every query of the quality set, several times over."""
    queries = [entry["q"] for entry in yaml.safe_load(SEARCH_SET.read_text())]
    search(queries[0])  # the index is built once per process
    took = sorted(ms for query in queries for ms in milliseconds(lambda q=query: search(q), times=8, warm=1))
    note = f"{len(queries)} queries"
    return [Figure("search p50", p50(took), "ms", note=note), Figure("search p99", p99(took), "ms", 50, note=note)]


# -- the guide page -------------------------------------------------------------------------------------------------------


def guide() -> list[Figure]:
    client = Client(HTTP_ACCEPT_ENCODING="gzip", SERVER_NAME="localhost")
    took = milliseconds(lambda: client.get(GUIDE))
    page = client.get(GUIDE)
    assert page.status_code == 200
    size = _first_load(page.content.decode())
    return [
        Figure("guide page in the server, p50", p50(took), "ms", 30),
        Figure("guide page in the server, p99", p99(took), "ms"),
        Figure("guide page, first load with styles, scripts and pictures", size, "kB", 150, note="as sent, compressed"),
    ]


def _first_load(html: str) -> float:
    """The page and every static file it names, as they go over the wire."""
    total = len(gzip.compress(html.encode()))
    seen: set[str] = set()
    waiting = re.findall(r'(?:src|href)="/static/([^"#?]+)', html)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        path = Path(settings.STATIC_ROOT) / name
        packed = path.with_name(path.name + ".gz")
        total += (packed if packed.exists() else path).stat().st_size
        if path.suffix == ".css":
            inside = re.findall(r'url\("?([^")]+)"?\)', path.read_text())
            waiting += [
                str((path.parent / ref).resolve().relative_to(settings.STATIC_ROOT))
                for ref in inside
                if "data:" not in ref
            ]
    return round(total / 1000, 1)


# -- lists ------------------------------------------------------------------------------------------------------------------


def _busiest(**of: Any) -> Any:
    field = "applicant_id" if of.get("applicants") else "department_id"
    rows = Case.objects.exclude(**{field: None}).values(field).annotate(cases=Count("id")).order_by("-cases")
    return rows[0][field], rows[0]["cases"]


def _last_cursor(rows: Any, order: list[str]) -> str:
    """The cursor behind which the last fifty lie: read from the end, the one after fifty-one."""
    backwards = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]
    return page_of(rows, order=backwards, size=51).next


def lists() -> list[Figure]:
    """Whole requests of a signed-in member of staff, from the session to the last byte; of the applicant's list, the reading."""
    _let_the_database_rest()
    department, handled = _busiest()
    officer = actor_of(account(staff_of(department, "reviewer")[0][0]))
    client = sign_in(Client(HTTP_ACCEPT_ENCODING="gzip", SERVER_NAME="localhost"), officer)
    closed = Case.objects.filter(department_id=department, is_open=False)
    opened = Case.objects.filter(department_id=department, is_open=True)
    ends = {
        "open, first page": {"cursor": ""},
        "open, last page": {"cursor": _last_cursor(opened, ["urgent_on", "id"])},
        "closed, first page": {"cursor": "", "closed": "1"},
        "closed, last page": {"cursor": _last_cursor(closed, ["-urgent_on", "-id"]), "closed": "1"},
    }
    note = f"{Case.objects.count():,} cases, {handled:,} of this department, {opened.count():,} of them open"
    measured = in_rounds({name: partial(_worklist, client, given) for name, given in ends.items()})
    figures = [median_and_worst(f"worklist of 50, {name}", rounds, 20, note) for name, rounds in measured.items()]
    return [*chain.from_iterable(figures), *_applicants_list()]


def _let_the_database_rest() -> None:
    """What the generator left is swept up and counted now, not by the database's own sweeper in the midst of a measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        for _ in range(120):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")
            if cursor.fetchone() == (0,):
                return
            time.sleep(1)


def _worklist(client: Client, given: dict[str, str]) -> None:
    page = client.get("/console/cases/", given)
    assert page.status_code == 200
    assert page.content.count(b'name="case"') == 50


def _applicants_list() -> list[Figure]:
    applicant, applied = _busiest(applicants=True)
    actor = Actor(kind="person", person_id=applicant)
    cursor = _last_cursor(Case.objects.filter(applicant_id=applicant), ["-id"])
    ends = {
        "first page": lambda: list(my_cases(actor)),
        "last page": lambda: list(my_cases(actor, cursor=cursor)),
    }
    note = f"{applied:,} cases of one applicant"
    figures = [
        median_and_worst(f"applicant's list, {name}", rounds, 20, note) for name, rounds in in_rounds(ends).items()
    ]
    return list(chain.from_iterable(figures))
