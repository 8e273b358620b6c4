"""The columns of a dataset as people call them, and which of them nobody has graded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tongban.data.catalogue.queries import ungraded
from tongban.data.gathering.queries import columns_of_dataset
from tongban.data.lake import queries as lake

from .standing import HAND


def columns_of(dataset_id: UUID) -> list[dict[str, Any]]:
    """Every column with what the job that fills it says of it (`title`, `item`, `source`); a title is never lacking."""
    said = {one["name"]: one for one in columns_of_dataset(dataset_id)}
    there = lake.dataset(actor=HAND, dataset_id=dataset_id).columns
    columns = [{**said.get(one["name"], {}), **one} for one in there]
    return [one | {"title": str(one.get("title") or one["name"])} for one in columns]


def titles_of(dataset_id: UUID) -> dict[str, str]:
    """Column → what people call it."""
    return {one["name"]: one["title"] for one in columns_of(dataset_id)}


def ungraded_titles(dataset_id: UUID) -> list[str]:
    """What those columns are called that no graded data item stands behind: they are shown as sensitive."""
    columns = columns_of(dataset_id)
    names = set(ungraded(columns))
    return [one["title"] for one in columns if one["name"] in names]


def called(key: str) -> tuple[str, dict[str, str]]:
    """What the dataset of this name in the lake is called, and its columns; one that is not there has its name alone."""
    one = lake.dataset_by_key(actor=HAND, key=key)
    return (one.title, titles_of(one.pk)) if one else (key, {})
