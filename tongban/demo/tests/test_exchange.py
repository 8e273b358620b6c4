"""Every item of the demo city survives the way out and back, as a workbook and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongban.services.items.queries.items import packaged_tables
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.exchange import book_of, json_of, open_book, read_book, read_json
from tongban.services.items.rules.exchange.cells import Words
from tongban.services.items.rules.shape import misshapen, read

FILES = sorted((Path(__file__).parents[1] / "definitions" / "items").glob("*.yaml"))


@pytest.fixture(scope="module")
def items():
    return [complete(read(file.read_text())) for file in FILES]


def test_the_workbook_gives_back_what_went_in(items):
    words = Words(packaged_tables())
    reads, notes = read_book(open_book(book_of(items, words)), words)
    assert notes == []
    assert [found.problems for found in reads] == [[] for _ in items]
    for item, found in zip(items, reads, strict=True):
        assert not misshapen(found.content), item["code"]
        assert complete(found.content) == item


def test_json_gives_back_what_went_in(items):
    assert [found.content for found in read_json(json_of(items))] == items
