"""Who may open which page and call which operation: `rights.toml` says it, and every role tries every one.

A route that the table lacks fails, and so does a line for a route that is gone. Where a route is about a thing (a case, a
draft, a letter …) a real one is asked for, so that another person, another department's clerk and another department's
system are seen to be refused.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver

from tongban.data.lake.tests.factories import own_lake
from tongban.foundation.identity.rules import GRANTS
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.organisations.tests.factories import make_department
from tongban.web.api.mount import api

from . import rights_page
from .known import SESSIONS_KEPT, known_once
from .reach import HOME, OWNED, SHARED, is_about_somebodys, of_department, of_division, parameters, verbs
from .rights import Town, build_town, client_of, got_through, headers_missing, operation_called, page_asked, shown
from .test_project import routes

TABLE = tomllib.loads(Path(__file__).with_name("rights.toml").read_text(encoding="utf-8"))
STAFF = {*GRANTS, "other-clerk"}
ROLES = {"nobody", "applicant", "person", "company", *STAFF}
STRANGERS = {"nobody", "person", "company", "other-clerk"}  # to whom nothing of the town's things may be shown
SYSTEMS = {"system", "narrow-system", "other-system"}
PARTS = 4  # so that several processes share the work
WORDS = {
    "everybody": ROLES,
    "accounts": ROLES - {"nobody"},
    "applicants": {"applicant", "person", "company"},
    "staff": STAFF,
    "systems": SYSTEMS,
}


def expected(line: str) -> set[str]:
    """`staff person` → every one of them; a word that is no role and no group is a mistake in the table."""
    named: set[str] = set()
    for word in line.split():
        named |= WORDS.get(word) or {word}
    assert named <= ROLES | SYSTEMS, f"the table names {named - ROLES - SYSTEMS}, whom nobody knows"
    return named


def pages() -> list[str]:
    return [route for route, _view in routes(get_resolver().url_patterns) if not route.startswith("api/")]


def operations() -> list[str]:
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            found += [f"{operation.methods[0]} {prefix}{path}" for operation in view.operations]
    return sorted(found)


def test_the_table_names_every_page_and_no_other() -> None:
    assert sorted(set(pages())) == sorted(TABLE["pages"])


def test_the_table_names_every_operation_and_no_other() -> None:
    assert operations() == sorted(TABLE["api"])


def test_every_parameter_is_known_to_be_somebodys_or_shared() -> None:
    named = {name for route in (*TABLE["pages"], *TABLE["api"]) for name in parameters(route)}
    assert named - {"code", "department_id"} == OWNED | SHARED


def test_the_auditors_page_is_up_to_date() -> None:
    assert rights_page.PAGE.read_text() == rights_page.page(), "run: python -m tests.house.rights_page"


@pytest.fixture
def town(db, tmp_path, caplog, monkeypatch) -> Iterator[Town]:
    caplog.set_level(logging.CRITICAL, "django.request")  # two thousand refusals are what is wanted here
    known_once(monkeypatch)
    with override_settings(MEDIA_ROOT=tmp_path, **SESSIONS_KEPT), own_lake(tmp_path / "lake"):
        yield build_town()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_lets_in_whom_the_table_names_and_nobody_else(town: Town, part: int) -> None:
    clients, private = {role: client_of(town, role) for role in sorted(ROLES)}, town.private()
    wrong = []
    for route, line in list(TABLE["pages"].items())[part::PARTS]:
        answers = {role: page_asked(client, town.path(route)) for role, client in clients.items()}
        let_in = {role for role, answer in answers.items() if got_through(town, route, answer)}
        wrong += [
            f'"{route}" lacks {name}' for name in {lack for one in answers.values() for lack in headers_missing(one)}
        ]
        if not is_about_somebodys(route):
            told = {role: shown(answers[role]) for role in let_in & STRANGERS}
            wrong += [f'"{route}" shows {role} {one}' for role, text in told.items() for one in private if one in text]
        if let_in != expected(line):
            wrong.append(f'"{route}" lets in {" ".join(sorted(let_in))}, not {" ".join(sorted(expected(line)))}')
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_operation_lets_in_whom_the_table_names_and_nobody_else(town: Town) -> None:
    clients = {role: client_of(town, role) for role in sorted(ROLES | SYSTEMS)}
    wrong = []
    for operation, line in TABLE["api"].items():
        method, path = operation.split(" ", 1)
        address, body = town.path(f"api/v1{path}"), TABLE["bodies"].get(operation, "{}")
        let_in = {
            role
            for role, client in clients.items()
            if got_through(town, path, operation_called(client, method, address, body))
        }
        if let_in != expected(line):
            wrong.append(f'"{operation}" lets in {" ".join(sorted(let_in))}, not {" ".join(sorted(expected(line)))}')
    assert not wrong, "\n".join(wrong)


def colleagues(town: Town, roles: set[str], needed: str) -> Iterator[tuple[str, bool]]:
    """Those of the same roles who sit elsewhere, and whether each is to be let in. Who may do it everywhere is not asked."""
    roles = roles & set(GRANTS) - {HOME} - of_division(set(GRANTS), needed)
    near = of_department(roles, needed)
    yield from ((f"{role}@department", role in near) for role in sorted(roles))
    yield from ((f"{role}@division", False) for role in sorted(near))


@pytest.mark.slow
def test_things_are_not_seen_from_elsewhere(town: Town) -> None:
    """Colleagues of the same role in another department, and in another division, ask for every thing of this one."""
    needed, wrong = verbs(), []
    for place, office in {
        "department": make_department(),
        "division": make_department(division="511603000000"),
    }.items():
        town.actors |= {f"{role}@{place}": officer(role, department=office) for role in GRANTS}
    client = cache(lambda who: client_of(town, who))
    for route, line in (TABLE["pages"] | TABLE["api"]).items():
        if not is_about_somebodys(route):
            continue
        for who, is_let_in in colleagues(town, expected(line), needed.get(route, "")):
            if got_through(town, route, asked(town, client(who), route)) != is_let_in:
                wrong.append(f'"{route}" {"refuses" if is_let_in else "lets in"} {who}')
    assert not wrong, "\n".join(wrong)


def asked(town: Town, client: Client, route: str) -> HttpResponse:
    """A page asked for, or an operation called with a body fit to be read."""
    if route in TABLE["pages"]:
        return page_asked(client, town.path(route))
    method, path = route.split(" ", 1)
    return operation_called(client, method, town.path(f"api/v1{path}"), TABLE["bodies"].get(route, "{}"))
