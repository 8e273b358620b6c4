"""The API: its committed schema is what the code says, and no operation is without a lock."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from ninja import Schema
from pydantic import BaseModel

from tongban.web.api.locks import LOCKS
from tongban.web.api.mount import api
from tongban.web.management.commands.openapi import PATH, schema_text

OPEN_TO_ALL = {"items", "verification"}  # what anybody may read on the pages as well


def operations():
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{operation.methods[0]} {prefix}{path}", operation


def shapes() -> list[type[BaseModel]]:
    """Every shape that a room's API declares."""
    met, found = [BaseModel], []
    while met:
        shape = met.pop()
        met += shape.__subclasses__()
        found += [shape] if re.match(r"tongban\..*\.api\b", shape.__module__) else []
    return found


def test_the_committed_schema_is_the_codes() -> None:
    assert PATH.read_text() == schema_text(), "run `tongban openapi` and commit docs/api/openapi.json"


def test_no_two_shapes_share_a_name() -> None:
    """The schema would tell the one in place of the other."""
    names = Counter(shape.__name__ for shape in shapes())
    assert [name for name, times in names.items() if times > 1] == []


def test_bodies_are_plain_shapes() -> None:
    """Those of ninja take any value whose attributes fit: a number stands for an object of which nothing is required."""
    assert [shape.__name__ for shape in shapes() if shape.__name__.endswith("In") and issubclass(shape, Schema)] == []


def test_every_operation_is_locked() -> None:
    found = dict(operations())
    assert len(found) > 15
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    bare = []
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            tags = set(told.get("tags", ()))
            public = (
                tags and tags <= OPEN_TO_ALL and (method == "get" or tags == {"verification"})
            )  # asks, changes nothing
            if not public and not told.get("security"):
                bare.append(f"{method} {path}")
    assert not bare


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: type(lock).__name__)
def test_both_locks_are_told_in_the_schema(lock) -> None:
    assert type(lock).__name__ in api.get_openapi_schema()["components"]["securitySchemes"]


@pytest.mark.django_db
def test_nothing_answers_without_a_key(client) -> None:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            if set(told.get("tags", ())) <= OPEN_TO_ALL:
                continue
            concrete = path.replace("{project_no}", "1").replace("{key}", "plan")
            concrete = concrete.replace("{draft_id}", "01a1fd04-d0df-73c1-b0ba-f84bc1f56569")
            answer = getattr(client, method)(concrete, content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), f"{method} {path}"
