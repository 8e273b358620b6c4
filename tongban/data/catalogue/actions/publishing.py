"""What happens to the catalogue when all have agreed: facets, data items, codes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.data.catalogue.models import DataItem, Entry, Version
from tongban.data.catalogue.queries.checking import Known
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.codes import compose, prefix_of, system_code
from tongban.data.catalogue.rules.content import REFUSED, grade_of
from tongban.data.catalogue.rules.searching import words_of
from tongban.foundation.kernel.clock import now

FACETS = ("share_type", "open_type", "cycle", "domain", "format")


def give_code(entry: Entry, content: dict[str, Any]) -> None:
    """A code of its own, kept for good once it was published; before, it follows the classification."""
    if entry.published_id is not None:
        return
    if entry.kind == Entry.Kind.SYSTEM:
        stem = entry.department.code
        entry.code = entry.code or system_code(stem, _next(f"{stem}-S"))
        return
    prefix = prefix_of(content["class_item"], content["entry"], content["detail"])
    if entry.code.partition("/")[0] != prefix:
        entry.code = compose(prefix, _next(f"{prefix}/"))


def _next(stem: str) -> int:
    """The next running number behind a stem; whoever else wants one waits for our commit."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"catalogue {stem}"])
    taken = Entry.objects.filter(code__startswith=stem).values_list("code", flat=True)
    return max((int(code[len(stem) :]) for code in taken), default=0) + 1


def publish(entry: Entry, version: Version) -> None:
    """Let a version hold: the one before it is superseded and kept. The caller has locked the entry."""
    moment = now()
    if entry.published_id:
        entry.versions.filter(pk=entry.published_id).update(superseded_at=moment)
    version.status, version.published_at = Version.Status.PUBLISHED, moment
    version.save(update_fields=["status", "published_at"])
    content = version.content
    entry.life, entry.published, entry.published_at, entry.name = lifecycle.PUBLISHED, version, moment, content["name"]
    entry.words = words_of(content, entry.code, entry.department.short_name)
    if entry.kind == Entry.Kind.RESOURCE:
        _set_facets(entry, content)
        _keep_items(entry, content["items"])
    entry.save()


def _set_facets(entry: Entry, content: dict[str, Any]) -> None:
    for name in FACETS:
        setattr(entry, name, content[name])
    entry.top_class, entry.grade, entry.system_code = content["class_item"][:1], grade_of(content), content["system"]
    entry.item_codes = list(dict.fromkeys(line.partition(":")[0].strip() for line in content["item_results"]))
    refused = content["share_type"] == REFUSED
    entry.review_on = date.fromisoformat(content["share_review_on"]) if refused else None


def _keep_items(entry: Entry, items: list[dict[str, Any]]) -> None:
    """One row for each item there ever was; what hangs on it stays when a version leaves it out and another brings it back."""
    offices: dict[str, UUID] = Known().departments if any(item["lead"] for item in items) else {}
    rows = [
        DataItem(
            resource=entry, key=item["key"], position=place, name=item["name"], english=item["english"],
            type=item["type"], length=item["length"], element=item["element"], code_set=item["code_set"],
            data_class=item["data_class"], grade=item["grade"], nullable=item["nullable"] == "1",
            is_key=item["is_key"] == "1", lead_id=offices.get(item["lead"], entry.department_id),
        )
        for place, item in enumerate(items, start=1)
    ]  # fmt: skip
    entry.items.exclude(key__in=[row.key for row in rows]).update(is_present=False)
    said = ["position", "name", "english", "type", "length", "element", "code_set", "data_class", "grade", "nullable",
            "is_key", "lead", "is_present"]  # fmt: skip
    DataItem.objects.bulk_create(rows, update_conflicts=True, unique_fields=["resource", "key"], update_fields=said)
