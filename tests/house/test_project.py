"""Rules that hold over the whole project: migrations, audiences, places without names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from tongban.data.topics.rules import FOLLOWED

ROOT = Path(__file__).resolve().parents[2]
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "processor", "info"}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_page_wears_an_audience() -> None:
    bare = [
        route
        for route, view in routes(get_resolver().url_patterns)
        if not hasattr(view, "audience") and not route.startswith("api/")  # the API's locks have a test of their own
    ]
    assert not bare


def test_topic_stores_follow_subjects_that_there_are() -> None:
    """Facts name a subject by its model; a store that follows another name stays empty, and nobody is told."""
    kinds = {model._meta.model_name for model in apps.get_models() if model.__module__.startswith("tongban.services.")}
    assert set(FOLLOWED) <= kinds


def test_places_are_named_after_things() -> None:
    bad = [str(p) for p in (ROOT / "tongban").rglob("*.py") if BANNED_NAMES & {p.stem, p.parent.name}]
    assert not bad


def test_templates_walk_dictionaries_by_the_filter() -> None:
    """`facts.items` asks a dictionary for its key "items" first; one that officials or machines fill may have it."""
    walks = re.compile(r"for \w+, ?\w+ in [\w.]+\.items %")
    bad = [str(p) for p in (ROOT / "tongban").rglob("*.html") if walks.search(p.read_text())]
    assert not bad, "write `|pairs`"
