"""Every way by which a file comes into the house: the routes whose view, or whatever it calls, reads the files of a request."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from django.urls import get_resolver

from tests.house.test_project import routes
from tongban.web.api.mount import api


def all_doors() -> set[str]:
    pages = {
        route
        for route, view in routes(get_resolver().url_patterns)
        if not route.startswith("api/") and _reads_files(view, set())
    }
    return pages | set(_operations())


def _operations() -> Iterator[str]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if "UploadedFile" in str(inspect.get_annotations(operation.view_func)):
                    yield f"api/v1{prefix}{path}"


def _reads_files(thing: Any, seen: set[Any]) -> bool:
    """Whether a function of ours names `FILES`, or calls, holds or wraps one that does."""
    if not isinstance(thing, FunctionType) or thing in seen or not thing.__module__.startswith("tongban."):
        return False
    seen.add(thing)
    names = set(_names(thing.__code__))
    return "FILES" in names or any(_reads_files(other, seen) for other in _known_to(thing, names))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _known_to(function: FunctionType, names: set[str]) -> Iterator[Any]:
    for name in names & function.__globals__.keys():
        known = function.__globals__[name]
        if isinstance(known, ModuleType):
            yield from (getattr(known, inner, None) for inner in names)
        elif isinstance(known, dict):
            yield from known.values()
        else:
            yield known
    yield getattr(function, "__wrapped__", None)
    for cell in function.__closure__ or ():
        yield cell.cell_contents
