"""Dictionaries of codes and everyday words: data with a date, kept as files beside the room and loaded from there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.services.items.models import CodeTable, Synonym

from .changed import touch

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

DATA = Path(__file__).resolve().parents[1] / "data"


@transaction.atomic
def load_code_tables(actor: Actor, path: Path | None = None) -> int:
    """Publish every table of the file that is not yet published in that version; answers how many were."""
    permit(actor, "items.manage")
    tables: list[dict[str, Any]] = yaml.safe_load((path or DATA / "code_tables.yaml").read_text())
    known = set(CodeTable.objects.values_list("key", "version"))
    fresh = [
        CodeTable(
            key=table["key"],
            version=table["version"],
            effective_on=table["effective_on"],
            status=CodeTable.Status.PUBLISHED,
            published_at=now(),
            drafted_by=actor.account_id,
            content=table["codes"],
            digest=sm3(canonical(table["codes"])),
        )
        for table in tables
        if (table["key"], table["version"]) not in known
    ]
    CodeTable.objects.bulk_create(fresh)
    if fresh:
        touch()
        record("items.code_tables_loaded", actor=actor, subject="catalogue:1", data={"keys": [t.key for t in fresh]})
    return len(fresh)


@transaction.atomic
def load_synonyms(actor: Actor, path: Path | None = None) -> int:
    """Add the words of the file that are not known yet; words edited here since are left alone."""
    permit(actor, "items.manage")
    words: dict[str, list[str]] = yaml.safe_load((path or DATA / "synonyms.yaml").read_text())
    known = set(Synonym.objects.values_list("word", flat=True))
    fresh = [Synonym(word=word, means=means) for word, means in words.items() if word not in known]
    Synonym.objects.bulk_create(fresh)
    if fresh:
        touch()
        record("items.synonyms_loaded", actor=actor, subject="catalogue:1", data={"count": len(fresh)})
    return len(fresh)
