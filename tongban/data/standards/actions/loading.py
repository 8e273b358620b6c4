"""Standards that come with the house or in a folder, published as they are: by whoever sets it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from tongban.data.standards.gateways import put_values
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.queries import REVIEW, WRITE
from tongban.data.standards.rules import Code
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now

from .reviews import publish

FOLDER = Path(__file__).resolve().parent.parent / "data"


def load_standards(*, actor: Actor) -> int:
    """The national code sets and the elements of `data/`; those that are there stay as they are. How many are new."""
    told = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    made = 0
    for one in (one for file in told for one in file):
        codes = [_code(code, said) for code, said in one.get("codes", {}).items()]
        made += publish_set(
            actor=actor, kind=one["kind"], key=one["key"], content=one["content"], on=one["effective_on"], codes=codes
        )
    return made


def _code(code: Any, said: Any) -> Code:
    return Code(str(code), str(said)) if not isinstance(said, list) else Code(str(code), *(str(word) for word in said))


@transaction.atomic
def publish_set(
    *, actor: Actor, kind: str, key: str, content: Mapping[str, Any], on: date, codes: Iterable[Code] = ()
) -> bool:
    """A standard with its first version, published at once; False when it is there already."""
    permit(actor, WRITE)
    permit(actor, REVIEW)
    if Standard.objects.filter(kind=kind, key=key).exists():
        return False
    standard = Standard.objects.create(kind=kind, key=key, name=content["name"], made_at=now())
    version = Version.objects.create(standard=standard, version=1, effective_on=on, content=dict(content))
    put_values(version.pk, codes)
    version.values_count = version.values.count()
    version.save(update_fields=["values_count"])
    publish(version, actor)
    record("standards.published", actor=actor, subject=f"standard:{standard.pk}", data={"key": key, "version": 1})
    return True
