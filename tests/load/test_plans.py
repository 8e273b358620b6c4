"""The planner, told that the large tables are large, reads none of them from end to end for what people ask all day."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.paging import page_of
from tongban.office.supervision.queries import figures
from tongban.services.cases.models import Case
from tongban.services.cases.queries import WorkFilters, desk_counts, my_cases, worklist
from tongban.services.cases.tests.factories import make_case, make_office

LARGE = ("cases_case", "cases_caseevent", "audit_fact", "evaluation_rating")
MANY = "update pg_class set reltuples = 10000000, relpages = 1 where relname = any(%s)"


@pytest.mark.django_db
def test_no_large_table_is_read_from_end_to_end() -> None:
    office, applicant, supervisor = make_office(), citizen(), officer("supervisor")
    case = make_case(office, applicant)
    make_case(office, applicant)
    cursor = page_of(Case.objects.all(), order=["urgent_on", "id"], size=1).next
    clerk = office.clerk
    asked: dict[str, Callable[[], Any]] = {
        "worklist": lambda: worklist(clerk),
        "worklist, deep page": lambda: worklist(clerk, cursor=cursor),
        "worklist, closed": lambda: worklist(clerk, WorkFilters(closed=True)),
        "worklist, a lamp": lambda: worklist(clerk, WorkFilters(lamp="red")),
        "worklist, the city": lambda: worklist(supervisor),
        "a number": lambda: worklist(clerk, WorkFilters(text=case.project_no)),
        "the end of a number": lambda: worklist(clerk, WorkFilters(text=case.project_no[-12:])),
        "a name": lambda: worklist(clerk, WorkFilters(text="张", closed=True)),
        "the day's counts": lambda: desk_counts(clerk),
        "supervision": lambda: figures(supervisor, since=today(), until=today()),
        "my cases": lambda: list(my_cases(applicant)),
    }
    with connection.cursor() as tables:
        tables.execute(MANY, [list(LARGE)])
    assert {name: found for name, ask in asked.items() if (found := _read_whole(ask))} == {}
    assert _read_whole(lambda: list(Case.objects.filter(contact_phone="x"))) == {"cases_case"}, "a planted one is seen"


def _read_whole(ask: Callable[[], Any]) -> set[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    found: set[str] = set()
    for query in captured:
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"explain {query['sql']}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
            found |= set(re.findall(r"Seq Scan on (\w+)", plan)) & set(LARGE)
    return found
