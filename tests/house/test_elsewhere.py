"""Lists, searches, exports, totals and badges tell nobody of what is not his: not even that there is one more of it.

Somebody from elsewhere reads every page and every operation that is about no single thing; then the town gets one more of
everything; then he reads them again, and nothing has changed. Those whose things they are read them too, and there it has:
else nothing here could fail. A new page is read as well: they are those of the rights table.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client

from tongban.data.catalogue.tests.factories import make_demand
from tongban.data.catalogue.tests.factories import make_draft as make_entry
from tongban.foundation.identity.actions import issue_system_key
from tongban.foundation.identity.queries import person
from tongban.foundation.identity.rules import DEPARTMENT, DIVISION, GRANTS, SYSTEM_SCOPES
from tongban.foundation.identity.tests.factories import citizen, company_actor, officer
from tongban.foundation.kernel.actors import installer
from tongban.foundation.letters.tests.factories import make_letter_draft
from tongban.foundation.notifications.tests.factories import make_message, make_notice_draft
from tongban.foundation.organisations.tests.factories import make_department
from tongban.office.threats.tests.factories import make_alert
from tongban.services.cases.tests.factories import make_accepted, make_draft, make_office
from tongban.services.items.tests.factories import make_proposal
from tongban.services.licences.models import Licence
from tongban.services.licences.tests.factories import make_licence, make_type_draft
from tongban.services.payments.tests.factories import make_bill, refund_at_counter

from .known import known_once
from .reach import parameters, reach, verbs
from .rights import Town, client_of, page_asked, shown
from .test_rights import TABLE, expected

# What is another text at every reading and tells of no thing of the town's.
NOISE = {
    "account/": "forms of one's own account; those of the second factor hold a new secret, challenge or code each time",
    "verify/offline.html": "the keys of the day and the hour it was made",
    "metrics": "counts the very requests of this test; read on the machine itself alone",
}
# The hour, what keeps a form or a script from being forged, ids, and the number by which an error is found in the log.
CHANGING = re.compile(
    r"[0-9a-zA-Z]{64}|nonce-[\w-]+|\d{1,2}:\d\d(:\d\d)?(\.\d+)?|[0-9a-f]{8}-[0-9a-f-]{27}|\"reference\": \"\w+\""
)
# Beside the plain list, what is sought in it; `{name}` is that of the one who will come.
SEARCHES = {
    "console/cases/": ["q={name}", "state=accepted"],
    "console/cases/export/": ["q={name}"],
    "console/items/": ["q=理发"],
    "console/licences/": ["q={name}"],
    "console/authoring/": ["q=示例"],
    "console/catalogue/": ["q=老年人"],
    "GET /cases": ["text={name}", "size=1", "state=accepted"],
    "GET /catalogue": ["q=老年人", "size=1"],
}
KINDS = {"console/catalogue/lists/<slug:kind>/": "duty", "console/catalogue/lists/<slug:kind>/export/": "duty"}
# Whose own pages do change, and which of them must.
OWN = {
    "newcomer": [
        "my/",
        "my/cases/",
        "my/drafts/",
        "my/bills/",
        "my/messages/",
        "my/licences/",
        "GET /cases",
        "GET /drafts",
    ],
    "clerk": [
        "console/cases/",
        "console/cases/?q={name}",
        "console/cases/export/",
        "console/cases/counts/",
        "console/refunds/",
        "GET /cases",
        "GET /cases?text={name}",
    ],
    "item_manager": ["console/letters/", "console/notices/", "console/licences/types/"],
    "dept_head": ["console/supervision/", "console/cases/", "console/licences/"],
    "data_steward": ["console/catalogue/mine/"],
    "security_admin": ["console/threats/"],
    "system": ["GET /cases", "GET /cases?size=1"],
}


@pytest.fixture
def town(db, settings, tmp_path, caplog, monkeypatch) -> Town:
    """A department with a case, somebody at every desk of it, and the same in another department and another division."""
    caplog.set_level(logging.CRITICAL, "django.request")
    settings.MEDIA_ROOT = tmp_path
    known_once(monkeypatch)
    office, newcomer = make_office(), citizen()
    actors = {"newcomer": newcomer, "person": citizen(), "company": company_actor()}
    places = {
        "": office.department,
        "@department": make_department(),
        "@division": make_department(division="511603000000"),
    }
    for place, department in places.items():
        actors |= {f"{role}{place}": officer(role, department=department) for role in GRANTS}
    make_licence(
        actors["approver"], newcomer
    )  # so that what it is made with is there: the kind of licence, the house's keys
    return Town(
        office,
        make_accepted(office, newcomer),
        actors,
        keys={f"system{place}": key_of(department.pk) for place, department in places.items()},
    )


def key_of(department_id: UUID) -> str:
    """What a system of a department may ask everything with."""
    guard, scopes = installer("identity.manage_rights"), sorted(SYSTEM_SCOPES)
    return issue_system_key(actor=guard, department_id=department_id, name="system", scopes=scopes)[1]


def one_more(town: Town) -> None:
    """Of what lists, totals and badges tell."""
    newcomer, department = town.actors["newcomer"], town.office.department
    make_accepted(town.office, newcomer)
    make_draft(town.office, newcomer)
    make_bill(newcomer, department_id=department.pk)
    refund_at_counter(town.actors["clerk"])
    make_message(newcomer)
    make_licence(town.actors["approver"], newcomer, type_code=Licence.objects.latest("pk").type_code)
    make_letter_draft(department_id=department.pk)
    make_notice_draft(department_id=department.pk)
    make_type_draft(town.actors["item_manager"])
    make_proposal(town.office.version.item)
    make_entry(town.actors["data_steward"])
    make_demand(town.actors["data_steward"])
    make_alert()


def lists() -> list[str]:
    """What is asked for without naming a thing."""
    pages = [route for route in TABLE["pages"] if not route.startswith(tuple(NOISE))]
    asked = [route for route in pages if not parameters(route) or route in KINDS]
    return asked + [f"GET {one[4:]}" for one in TABLE["api"] if one.startswith("GET ") and not parameters(one)]


def addresses(route: str, name: str) -> Iterator[str]:
    yield route
    yield from (f"{route}?{query.format(name=name)}" for query in SEARCHES.get(route, []))


def elsewhere(route: str, verb: str) -> Iterator[str]:
    """Who reads a list and has nothing of the town's in it. What anybody reads is the same to all; of the staff one role at
    each place is enough: of those that reach farthest there and still do not reach the town."""
    let_in = expected((TABLE["pages"] | TABLE["api"])[route])
    if "nobody" in let_in:
        yield "nobody"
        return
    yield from sorted(let_in & {"person", "company"})
    if "other-system" in let_in:
        yield from ("system@department", "system@division")
    of = {reach(role, verb): role for role in sorted(let_in & set(GRANTS))}
    if near := of.get(DEPARTMENT):
        yield f"{near}@department"
    if far := of.get(DIVISION) or near:
        yield f"{far}@division"


def read(client: Client, address: str) -> str:
    """What an address tells; whatever reading it wrote down is undone."""
    path, _, query = address.removeprefix("GET ").partition("?")
    route = f"/api/v1{path}" if address.startswith("GET ") else f"/{path.replace('<slug:kind>', KINDS.get(path, ''))}"
    answer = page_asked(client, f"{route}?{query}")
    return f"{answer.status_code} {CHANGING.sub('', shown(answer))}"


@pytest.mark.slow
def test_one_more_of_everything_is_told_to_its_own_people_and_to_nobody_elsewhere(town: Town) -> None:
    needed, name = verbs(), person(str(town.actors["newcomer"].person_id)).name
    strange = [
        (who, address)
        for route in lists()
        for who in elsewhere(route, needed.get(route, ""))
        for address in addresses(route, name)
    ]
    own = [(who, address.format(name=name)) for who, told in OWN.items() for address in told]
    clients = {who: client_of(town, who) for who, _address in strange + own}
    before = {(who, address): read(clients[who], address) for who, address in strange + own}
    one_more(town)
    changed = {(who, address) for who, address in before if read(clients[who], address) != before[who, address]}
    wrong = [f"{address} tells {who}" for who, address in strange if (who, address) in changed]
    wrong += [f"{address} shows {who} nothing of his own" for who, address in own if (who, address) not in changed]
    assert not wrong, "\n".join(wrong)
    assert len(strange) > 150
