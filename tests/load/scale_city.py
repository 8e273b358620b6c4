"""One of the cities that `tests.load.scale` asks: makes it if it is not there, then answers line by line."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import django

from tongban.config.launch import cluster


def make(size: int) -> None:
    """The cluster, the demo city, and as many cases as are missing; then what is counted is counted."""
    cluster.start()
    django.setup()
    from tongban.config.launch import prepare
    from tongban.demo.many import make_many
    from tongban.foundation.kernel.clock import today
    from tongban.office.supervision.actions import count_days
    from tongban.services.cases.actions import count_open
    from tongban.services.cases.models import Case
    from tongban.services.evaluation.actions import count_days as count_ratings
    from tongban.services.evaluation.queries import days_to_count

    prepare.main()
    missing = size - Case.objects.count()
    if missing > size // 50:
        make_many(missing, seed=missing, tell=lambda said: print(f"· {said}", file=sys.stderr, flush=True))  # noqa: T201
    count_open()
    count_ratings(days_to_count())
    count_days(today() - timedelta(days=1), today())


def pages() -> dict[str, Callable[[], Any]]:
    """Every page by name, ready to be asked as whoever looks at it."""
    from django.db.models import Count
    from django.test import Client

    from tests.load.pages import _last_cursor
    from tongban.foundation.identity.models import Account, Person
    from tongban.foundation.identity.queries import account, actor_of, staff_of
    from tongban.foundation.identity.tests.factories import sign_in
    from tongban.foundation.kernel.clock import today
    from tongban.services.cases.models import Case

    def account_named(username: str) -> Account:
        return Account.objects.get(username=username)

    def signed_in(actor: Any) -> Client:
        return sign_in(Client(HTTP_ACCEPT_ENCODING="gzip", SERVER_NAME="localhost"), actor)

    def officer(department: Any) -> Client:
        return signed_in(actor_of(account(staff_of(department, "reviewer")[0][0])))

    rows = Case.objects.filter(is_open=True).values("department_id").annotate(n=Count("id")).order_by("-n")
    staffed = [row["department_id"] for row in rows if staff_of(row["department_id"], "reviewer")]
    largest, smallest = staffed[0], staffed[-1]
    supervisor = signed_in(actor_of(account_named("supervisor")))
    busiest = signed_in(actor_of(account_named("lihua"), "self"))
    known, _ = Account.objects.get_or_create(username="scale-ordinary", defaults={"level": 3})
    taken = Person.objects.filter(account=known).first()
    if taken is None:
        first = (
            Case.objects.filter(applicant_kind="person", is_open=False).exclude(applicant_name="李华").order_by("-id")
        )
        taken = Person.objects.get(
            pk=next(
                c.applicant_id for c in first[:500] if 8 < Case.objects.filter(applicant_id=c.applicant_id).count() < 14
            )
        )
        taken.account = known
        taken.save(update_fields=["account"])
    ordinary, anyone = signed_in(actor_of(known, "self")), Client(HTTP_ACCEPT_ENCODING="gzip", SERVER_NAME="localhost")
    of_largest = Case.objects.filter(department_id=largest)
    opened, closed = of_largest.filter(is_open=True), of_largest.filter(is_open=False)
    deep_open = _last_cursor(opened, ["urgent_on", "id"])
    deep_closed = _last_cursor(closed, ["-urgent_on", "-id"])
    one = (
        closed.exclude(applicant_name=account_named("lihua").person.name)
        .filter(applicant_kind="person")
        .order_by("id")[1000]
    )
    mine = officer(largest)
    small = officer(smallest)

    def get(reader: Client, path: str, **given: str) -> Callable[[], Any]:
        return partial(_get, reader, path, given)

    desk = "/console/cases/"
    return {
        "worklist, dominant department": get(mine, desk),
        "worklist, deep page": get(mine, desk, cursor=deep_open),
        "worklist, small department": get(small, desk),
        "worklist, one lamp": get(mine, desk, lamp="red"),
        "worklist, one state": get(mine, desk, state="received"),
        "worklist, one item": get(mine, desk, item=one.item_code),
        "worklist, mine": get(mine, desk, who="me"),
        "worklist, nobody's": get(mine, desk, who="none"),
        "worklist, closed": get(mine, desk, closed="1"),
        "worklist, closed, deep page": get(mine, desk, closed="1", cursor=deep_closed),
        "worklist, closed, one item": get(mine, desk, closed="1", item=one.item_code),
        "worklist, closed, a rare result": get(mine, desk, closed="1", result="lapsed"),
        "the day's counts": get(mine, "/console/cases/counts/"),
        "search, whole number": get(mine, desk, closed="1", q=one.project_no),
        "search, last twelve of a number": get(mine, desk, closed="1", q=one.project_no[-12:]),
        "search, a name": get(mine, desk, closed="1", q=one.applicant_name),
        "search for items": get(anyone, "/items/", q="身份证丢了"),
        "statistics, published ratings": get(anyone, "/ratings/"),
        "statistics, a division's ratings": get(supervisor, "/console/evaluations/"),
        "supervision, overview": get(supervisor, "/console/supervision/"),
        "supervision, a year": get(supervisor, "/console/supervision/", since=f"{today():%Y}-01-01"),
        "supervision, dominant department": get(supervisor, f"/console/supervision/departments/{largest}/"),
        "supervision, red lamps": get(supervisor, "/console/supervision/lamps/"),
        "supervision, worklist": get(supervisor, desk),
        "my space, ordinary person": get(ordinary, "/my/"),
        "my cases, ordinary person": get(ordinary, "/my/cases/"),
        "my space, the busiest": get(busiest, "/my/"),
        "my cases, the busiest": get(busiest, "/my/cases/"),
        "my cases, the busiest, closed": get(busiest, "/my/cases/", show="closed"),
        "my messages, the busiest": get(busiest, "/my/messages/"),
        "case of a closed year": get(mine, f"/console/cases/{one.pk}/"),
    }  # fmt: skip


def _get(reader: Any, path: str, given: dict[str, str]) -> None:
    page = reader.get(path, given)
    assert page.status_code == 200, (path, given, page.status_code)


def timed(work: Callable[[], Any], times: int) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def touched(work: Callable[[], Any], *, tell: bool = False) -> int:
    """How many pages of the database a request touches, by asking the planner about each of its queries; kept figures left aside."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        work()
    found = 0
    for query in captured:
        if query["sql"].lstrip().upper().startswith("SELECT"):
            found += _buffers(query["sql"], tell)
    return found


def _buffers(sql: str, tell: bool) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, timing off) {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    seen = re.search(r"Buffers: shared((?: \w+=\d+)+)", plan)
    pages = sum(int(n) for n in re.findall(r"(?:hit|read)=(\d+)", seen[1])) if seen else 0
    if tell and pages > 40:
        sys.stderr.write(f"--- {pages}\n{sql[:900]}\n{plan[:3000]}\n")
    return pages


def main() -> None:
    make(int(sys.argv[1]))
    known = pages()
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "pages":
            for work in known.values():
                timed(work, 3)
            said: Any = list(known)
        elif asked["do"] == "ask":
            said = timed(known[asked["page"]], asked["times"])
        else:
            said = touched(known[asked["page"]], tell=bool(asked.get("tell")))
        sys.stdout.write("= " + json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
