"""归集入湖: what the network's licences say goes into the lake, where the base register 电子证照库 finds it beside departments' ledgers.

One dataset, one row a licence by type and number. A batch remembers up to which moment it read, so the next takes what changed since,
and a run that was killed goes on with the batch it had begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow
import pyarrow.parquet
from django.db.models import Exists, OuterRef, Q

from tongban.data.lake import actions as lake
from tongban.data.lake.queries import batches, datasets_named
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import now
from tongban.services.licences.models import Licence
from tongban.services.licences.rules import states

DATASET, TITLE = "network_licences", "政务服务网签发和归集的电子证照"
SETTLED = timedelta(minutes=5)  # a transaction may commit later than others that began after it
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
COLUMNS = {
    "type_code": "text", "type_name": "text", "number": "text", "identifier": "text", "holder_kind": "text", "holder_name": "text",
    "holder_number": "text", "issuer": "text", "issued_on": "date", "valid_from": "date", "valid_until": "date", "state": "text",
    "seen_on": "date",
}  # fmt: skip
KEYS = ("type_code", "number")
HAND = installer("lake.write", "lake.read")
NEVER = (states.DRAFT, states.DISCARDED)  # no licence yet, or none at all


def begin_delivery(*, actor: Actor, department_id: UUID) -> UUID:
    """The dataset that licences are delivered into, kept by a department; asked for again, the one there is."""
    permit(actor, "licences.manage", department_id=department_id)
    known = datasets_named([DATASET]).get(DATASET)
    if known is not None:
        return known.pk
    shape = [{"name": name, "kind": kind} for name, kind in COLUMNS.items()]
    made = lake.create_dataset(
        actor=HAND, key=DATASET, title=TITLE, columns=shape, keys=KEYS, department_id=department_id
    )
    return made.pk


def deliver(*, most: int = 50_000) -> int:
    """Bring what changed since the last time into the lake; how many rows went in. None where no delivery was begun."""
    known = datasets_named([DATASET]).get(DATASET)
    if known is None:
        return 0
    done = batches(actor=HAND, dataset_id=known.pk)
    waiting = next((one for one in done if one.state in ("landing", "landed")), None)
    since = max((_read_until(one.parts) for one in done if one.parts), default=BEGINNING)
    if waiting is None:
        if not _changed(since).exists():
            return 0
        waiting = lake.begin_batch(actor=HAND, dataset_id=known.pk, whole=False)
    if not waiting.landed_at:

        def write(path: Path, _first: int) -> Mapping[str, Any]:
            rows = list(_changed(since).order_by("state_at", "id")[:most])
            table = [_row(one) for one in rows]
            schema = pyarrow.schema([(name, pyarrow.string()) for name in COLUMNS])
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table, schema=schema), path)
            until = min(max((one.state_at for one in rows), default=since), now() - SETTLED)
            return {"until": max(until, since).isoformat()}

        lake.land_part(actor=HAND, batch_id=waiting.pk, number=1, write=write)
        lake.seal_batch(actor=HAND, batch_id=waiting.pk)
    columns = [{"name": name, "source": name, "kind": kind} for name, kind in COLUMNS.items()]
    merged = lake.merge_batch(actor=HAND, batch_id=waiting.pk, work={"columns": columns, "newest": ""})
    return sum(part["rows"] for part in merged.parts)


def _read_until(parts: Any) -> datetime:
    return max((datetime.fromisoformat(part["until"]) for part in parts if part.get("until")), default=BEGINNING)


def _changed(since: datetime) -> Any:
    """The versions that speak for their number: not one that another with the same number has taken the place of."""
    same = Licence.objects.filter(type_code=OuterRef("type_code"), number_index=OuterRef("number_index"))
    later = same.filter(Q(version__gt=OuterRef("version")), family_id=OuterRef("family_id")).exclude(state__in=NEVER)
    rows = Licence.objects.filter(state_at__gt=since, state_at__lte=now()).exclude(state__in=NEVER)
    return rows.filter(~Exists(later))


def _row(one: Licence) -> dict[str, str | None]:
    said = {
        "type_code": one.type_code, "type_name": one.type_name, "number": one.number, "identifier": one.identifier,
        "holder_kind": one.holder_kind, "holder_name": one.holder_name, "holder_number": one.holder_number,
        "issuer": one.issuer_name, "issued_on": one.issued_on, "valid_from": one.valid_from, "valid_until": one.valid_until,
        "state": one.state, "seen_on": one.state_at.date(),
    }  # fmt: skip
    return {name: str(value) if value else None for name, value in said.items()}
