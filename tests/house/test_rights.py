"""Who may open which page and call which operation: `rights.toml` says it, and every role tries every one.

A route that the table lacks fails, and so does a line for a route that is gone. Where a route is about a thing (a case, a
draft, a letter …) a real one is asked for, so that another person, another department's clerk and another department's
system are seen to be refused.
"""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path

import pytest
from django.urls import get_resolver

from tongban.foundation.identity.rules import GRANTS
from tongban.web.api.mount import api

from .rights import Town, build_town, client_of, got_through, operation_called, page_asked
from .test_project import routes

TABLE = tomllib.loads(Path(__file__).with_name("rights.toml").read_text(encoding="utf-8"))
STAFF = {*GRANTS, "other-clerk"}
ROLES = {"nobody", "applicant", "person", "company", *STAFF}
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


@pytest.fixture
def town(db, settings, tmp_path, caplog) -> Town:
    caplog.set_level(logging.CRITICAL, "django.request")  # two thousand refusals are what is wanted here
    settings.MEDIA_ROOT = tmp_path
    return build_town()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_lets_in_whom_the_table_names_and_nobody_else(town: Town, part: int) -> None:
    clients = {role: client_of(town, role) for role in sorted(ROLES)}
    wrong = []
    for route, line in list(TABLE["pages"].items())[part::PARTS]:
        let_in = {
            role for role, client in clients.items() if got_through(town, route, page_asked(client, town.path(route)))
        }
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
