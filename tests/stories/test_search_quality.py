"""Everyday words find the right thing in the first five, over every guide and the whole list of the district; and fast."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import transaction

import tongban.demo
from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.actions import load_city
from tongban.services import items
from tongban.services.items.actions import import_listed, load_definition, load_synonyms
from tongban.services.items.queries import completions, search
from tongban.services.items.queries.search import all_hits, forget
from tongban.services.items.rules.words import fold

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Two sets by two hands: the second was written from the definitions, without looking at the first or at the ranking.
FIRST_SET = yaml.safe_load((Path(__file__).parent / "search_set.yaml").read_text())
SECOND_SET = yaml.safe_load((Path(items.__file__).parent / "tests" / "search_set.yaml").read_text())
QUERIES = [
    *FIRST_SET,
    *(
        {"q": row["query"], "want": [*row.get("items", []), *([row["listed"]] if "listed" in row else [])]}
        for row in SECOND_SET
    ),
]
LIST = settings.DATA_FOLDER / "service-items" / "guangan-511602-items.csv"
FIRST = 5
LEAST_RECALL = 0.9
LONGEST_P99 = 0.050  # seconds


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker):
    """The demo city's catalogue, the district's list with it where it is found; loaded once, since every test only reads it."""
    actor = installer("items.manage")
    with django_db_blocker.unblock(), transaction.atomic():
        load_city()
        for path in sorted(Path(tongban.demo.__file__).parent.glob("definitions/items/*.yaml")):
            load_definition(actor, path.read_text())
        load_synonyms(actor)
        if LIST.exists():
            import_listed(actor, LIST)
        forget()
        yield {fold(hit.name) for hit in all_hits().values()} | all_hits().keys()
        transaction.set_rollback(True)
    forget()


def answerable(query, known):
    return any(fold(want) in known or want in known for want in query["want"])


def is_found(query):
    wants = {fold(want) for want in query["want"]} | set(query["want"])
    return any(hit.code in wants or fold(hit.name) in wants for hit in search(query["q"], limit=FIRST))


def test_everyday_words_find_the_right_thing_among_the_first_five(catalogue):
    asked = [query for query in QUERIES if answerable(query, catalogue)]
    missed = [query["q"] for query in asked if not is_found(query)]
    recall = 1 - len(missed) / len(asked)
    print(f"recall@{FIRST} over {len(asked)} queries and {len(all_hits())} items: {recall:.3f}; missed: {missed}")  # noqa: T201
    assert len(asked) >= (60 if LIST.exists() else 30)
    assert recall >= LEAST_RECALL
    assert not {"开小饭馆", "生孩子上户口", "公司关门", "xiaofangchan", "營業執照"} & set(missed)


def test_searching_is_fast(catalogue):
    for query in QUERIES:
        search(query["q"])
    took = []  # the thread's own time: other tests share the machine; `make bench` measures by the clock on the wall
    for _ in range(3):
        for query in [*QUERIES, {"q": "办理" * 50}, {"q": "x" * 100}, {"q": "许可证核发审批备案登记变更注销"}]:
            start = time.thread_time()
            search(query["q"])
            took.append(time.thread_time() - start)
    p50, p99 = sorted(took)[len(took) // 2], sorted(took)[int(len(took) * 0.99)]
    print(f"search p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms over {len(took)} searches")  # noqa: T201
    assert p99 <= LONGEST_P99


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("开小饭", "food-business-permit"),
        ("shenf", "identity-card"),
        ("公司注", "company-cancellation"),
        ("sfz", "identity-card"),
    ],
)
def test_suggestions_appear_while_one_types(catalogue, typed, code):
    assert code in {hit.code for _, hit in completions(typed)}


@pytest.mark.parametrize("text", ["", " ", "？？", "a", "𬭊", "\u202e", "'; drop table", "%", "😀", "的", "x" * 10_000])
def test_no_words_break_it(catalogue, text):
    search(text)
    completions(text)
