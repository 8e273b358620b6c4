"""The catalogue for other systems: names as the exchange of catalogues has them (编制指南, core metadata)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from .models import Entry, Version
from .queries import Filters, catalogue_page, entry_for, items_of, version_for, versions_of

router = Router(tags=["catalogue"])


class CatalogueFilters(Schema):
    """What the list is narrowed to; codes are those of the value tables."""

    q: str = Field("", max_length=100, description="words of names, abstracts and data items")
    kind: str = Field("resource", pattern="^(resource|system)$")
    department_id: str = Field("", max_length=40)
    share_type: str = Field("", max_length=20)
    open_type: str = Field("", max_length=20)
    update_cycle: str = Field("", max_length=20)
    domain: str = Field("", max_length=20)
    cursor: str = Field("", max_length=300)
    size: int = Field(20, ge=1, le=100)


class EntryLine(Schema):
    """An entry in a list. `version` names the text that holds now."""

    id: UUID
    kind: str
    resource_code: str
    title: str
    provider_name: str
    provider_code: str
    share_type: str
    open_type: str
    update_cycle: str
    sensitive_level: str
    version: int
    publish_date: datetime | None


class EntryPage(Schema):
    items: list[EntryLine]
    next: str
    previous: str


class DataItemOut(Schema):
    """A data item of the version that holds; `id` stays through all versions."""

    id: UUID
    key: str
    name: str
    english: str
    data_type: str
    length: str
    element: str
    code_set: str
    data_class: str
    sensitive_level: str
    nullable: bool
    is_key: bool
    lead: str


class EntryOut(EntryLine):
    """An entry with its whole text: as it holds now, or as a version had it."""

    content: dict[str, Any]
    items: list[DataItemOut]


class VersionLine(Schema):
    number: int
    status: str
    digest: str
    published_at: datetime | None
    superseded_at: datetime | None
    note: str


class VersionList(Schema):
    items: list[VersionLine]


@router.get("/catalogue", response=EntryPage, summary="Find or browse what departments list")
def list_entries(request: HttpRequest, filters: Query[CatalogueFilters]) -> dict[str, Any]:
    """Published entries, those with the words in their name first, then by code."""
    chosen = {
        "share_type": filters.share_type,
        "open_type": filters.open_type,
        "cycle": filters.update_cycle,
        "domain": filters.domain,
    }
    wanted = Filters(filters.q.strip(), filters.kind, filters.department_id, chosen)
    page = catalogue_page(request.actor, wanted, cursor=filters.cursor, size=filters.size)  # type: ignore[attr-defined]
    return {"items": [_line(entry) for entry in page], "next": page.next, "previous": page.previous}


def _line(entry: Entry, number: int | None = None) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "kind": entry.kind,
        "resource_code": entry.code,
        "title": entry.name,
        "provider_name": entry.department.name,
        "provider_code": entry.department.code,
        "share_type": entry.share_type,
        "open_type": entry.open_type,
        "update_cycle": entry.cycle,
        "sensitive_level": entry.grade,
        "version": number or (entry.published.number if entry.published else 0),
        "publish_date": entry.published_at,
    }


@router.get("/catalogue/{entry_id}", response=EntryOut, summary="One entry, as it holds or as a version had it")
def one_entry(request: HttpRequest, entry_id: UUID, version: int | None = Query(None, ge=1)) -> dict[str, Any]:
    """Whoever built upon a version names it and keeps getting it; `content` has its data items with their keys."""
    actor = request.actor  # type: ignore[attr-defined]
    entry = entry_for(actor, entry_id)
    text = version_for(actor, entry, version) if version else _holding(actor, entry)
    items = [
        {
            "id": item.pk,
            "data_type": item.type,
            "sensitive_level": item.grade,
            "lead": item.lead.short_name,
            **{
                name: getattr(item, name)
                for name in (
                    "key",
                    "name",
                    "english",
                    "length",
                    "element",
                    "code_set",
                    "data_class",
                    "nullable",
                    "is_key",
                )
            },
        }
        for item in items_of(entry)
    ]
    return _line(entry, text.number) | {"content": text.content, "items": items}


def _holding(actor: Any, entry: Entry) -> Version:
    return entry.published or versions_of(actor, entry)[0]


@router.get(
    "/catalogue/{entry_id}/versions", response=VersionList, summary="Every version of an entry, the newest first"
)
def list_versions(request: HttpRequest, entry_id: UUID) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    return {"items": versions_of(actor, entry_for(actor, entry_id))}
