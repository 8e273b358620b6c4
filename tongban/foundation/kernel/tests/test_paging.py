"""Pages by key: every row once, forwards and back, also among equals; a bad cursor is refused in words."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.apps import apps

from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.paging import page_of

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = ["-at", "id"]


@pytest.fixture
def facts(db):
    model = apps.get_model("audit", "Fact")
    rows = [
        model(
            id=uuid7(), name="t.t", at=START + timedelta(hours=n // 3), actor_kind="system", stream=f"s:{n}", position=1
        )
        for n in range(23)
    ]
    model.objects.bulk_create(rows)
    return model.objects.filter(name="t.t")


@pytest.mark.parametrize("nulls_first", [False, True])
@pytest.mark.parametrize("order", [ORDER, ["at", "id"], ["-at", "-id"]], ids=" ".join)
def test_every_row_is_met_once_and_the_way_back_is_the_same(facts, order: list[str], nulls_first: bool) -> None:
    page_by = partial(page_of, facts, order=order, nulls_first=nulls_first, size=5)
    whole = [row.pk for row in facts.order_by(*order)]
    seen, pages, cursor = [], [], ""
    while True:
        page = page_by(cursor=cursor)
        seen += [row.pk for row in page]
        pages.append(page)
        if not page.next:
            break
        cursor = page.next
    assert seen == whole
    assert pages[0].previous == ""
    back = page_by(cursor=pages[-1].previous)
    assert [row.pk for row in back] == [row.pk for row in pages[-2]]


def test_a_page_costs_one_query(facts, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        page_of(facts, order=ORDER, size=5)


def test_nothing_at_all_has_no_neighbours(facts) -> None:
    page = page_of(facts.none(), order=ORDER)
    assert (page.rows, page.next, page.previous) == ([], "", "")


@pytest.mark.parametrize("cursor", ["x", "%%%", "bm90anNvbg", "WyJuIiwgIjEiXQ", "😀"])
def test_a_forged_cursor_is_refused(facts, cursor: str) -> None:
    with pytest.raises(Refused):
        page_of(facts, order=ORDER, cursor=cursor)


def test_a_cursor_with_values_of_the_wrong_kind_is_refused(facts) -> None:
    with pytest.raises(Refused):
        page_of(facts, order=ORDER, cursor="WyJuIiwgIm5vIHRpbWUiLCAibm8gaWQiXQ")
