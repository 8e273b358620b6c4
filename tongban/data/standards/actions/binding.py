"""What is written by a standard: a data item of the catalogue, a column of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.catalogue.queries import data_item
from tongban.data.lake import queries as lake
from tongban.data.standards.errors import StandardRefused
from tongban.data.standards.models import Binding, Standard, Version
from tongban.data.standards.queries import BIND
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

HAND = installer("lake.read")  # the lake's right is machinery's; ours has been asked before


@transaction.atomic
def bind(
    *, actor: Actor, standard_id: UUID, item_id: UUID | None = None, dataset_id: UUID | None = None, column: str = ""
) -> Binding:
    """An item or a column to a standard, in place of another it was bound to. Whoever's data it is may say so."""
    standard = find(Standard.objects.all(), pk=standard_id)
    if not standard.versions.filter(status=Version.Status.PUBLISHED).exists():
        raise StandardRefused(reasons=[Reason("unpublished", _("这个标准还没有发布，不能对照。"), "column")])
    if item_id:
        item = data_item(item_id)
        permit(actor, BIND, department_id=item.resource.department_id)
        title = f"{item.resource.name} · {item.name}"
        place: dict[str, Any] = {"item_id": item.pk}
    else:
        if dataset_id is None:
            raise StandardRefused(reasons=[Reason("column", _("请选要对照的一列。"), "column")])
        dataset = lake.dataset(actor=HAND, dataset_id=dataset_id)
        permit(actor, BIND, department_id=dataset.department_id)
        if column not in dataset.names:
            raise StandardRefused(reasons=[Reason("column", _("数据集里没有这一列。"), "column")])
        place, title = {"dataset_id": dataset.pk, "column": column}, f"{dataset.title} · {column}"
    before = Binding.objects.filter(**place).exclude(standard=standard).first()
    if before:
        record("standards.unbound", actor=actor, subject=f"standard:{before.standard_id}", data={"title": before.title})
    found, _made = Binding.objects.update_or_create(
        **place, defaults={"standard": standard, "title": title[:400], "made_at": now()}
    )
    record(
        "standards.bound",
        actor=actor,
        subject=f"standard:{standard.pk}",
        data={name: str(value) for name, value in place.items()} | {"title": title[:400]},
    )
    return found


@transaction.atomic
def bind_items(*, actor: Actor, pairs: Mapping[UUID, UUID]) -> int:
    """Data item → standard, all of them or none; how many."""
    for item_id, standard_id in pairs.items():
        bind(actor=actor, standard_id=standard_id, item_id=item_id)
    return len(pairs)


@transaction.atomic
def unbind(*, actor: Actor, binding_id: UUID | None) -> None:
    if binding_id is None:
        raise StandardRefused(reasons=[Reason("binding", _("请选要解除的一项。"), "binding")])
    one = find(Binding.objects.all(), pk=binding_id)
    owner = data_item(one.item_id).resource if one.item_id else lake.dataset(actor=HAND, dataset_id=one.dataset_id)  # type: ignore[arg-type]
    permit(actor, BIND, department_id=owner.department_id)
    record("standards.unbound", actor=actor, subject=f"standard:{one.standard_id}", data={"title": one.title})
    one.delete()
