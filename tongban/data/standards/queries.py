"""Standards, their versions, what changed between two, and what is written by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.data.catalogue.queries import Filters, catalogue_page, entry_for, items_of
from tongban.foundation.audit.queries import facts_of_streams
from tongban.foundation.kernel.actors import Actor, Scope, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.versions import in_force

from .gateways import as_csv
from .models import Binding, CodeValue, Standard, Version
from .rules import SURE, Known, likely, limits_of, names_of

__all__ = ["limits_of"]

SEE, WRITE, REVIEW, BIND = "standards.see", "standards.write", "standards.review", "standards.bind"
TOLD = 200  # differences told one by one
SMALL = 5_000  # codes that may stand in a rule or step; larger sets are looked up otherwise


def standards(*, actor: Actor, kind: str, words: str = "", cursor: str = "", size: int = 50) -> Page:
    """Code sets or data elements by name; `words` are sought in key and name. Two queries."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = Standard.objects.filter(kind=kind).prefetch_related("versions")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(key__icontains=words))
    return page_of(rows, order=["name", "id"], cursor=cursor, size=size)


def to_review(*, actor: Actor) -> list[Version]:
    """Versions that wait for another person's word, the oldest first."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = Version.objects.filter(status=Version.Status.IN_REVIEW).select_related("standard")
    return list(rows.order_by("handed_in_at", "id")[:TOLD])


def standard(*, actor: Actor, standard_id: UUID) -> Standard:
    permit(actor, SEE, department_id=actor.department_id)
    return find(Standard.objects.all(), pk=standard_id)


def versions_of(*, actor: Actor, standard_id: UUID) -> list[Version]:
    """The newest first."""
    return list(standard(actor=actor, standard_id=standard_id).versions.order_by("-version"))


def version(*, actor: Actor, version_id: UUID) -> Version:
    permit(actor, SEE, department_id=actor.department_id)
    return find(Version.objects.select_related("standard"), pk=version_id)


def holding(standard_id: UUID, on: date | None = None) -> Version | None:
    """The version that holds on a day, today unless told."""
    return in_force(Version.objects.filter(standard_id=standard_id), on or today())


def values_page(*, actor: Actor, version_id: UUID, words: str = "", cursor: str = "", size: int = 100) -> Page:
    """Codes of a version in their order; `words` begin a code or stand in a name."""
    one = version(actor=actor, version_id=version_id)
    rows = one.values.all()
    if words:
        rows = rows.filter(Q(code__startswith=words) | Q(name__icontains=words))
    return page_of(rows, order=["code", "id"], cursor=cursor, size=size)


def values_file(*, actor: Actor, version_id: UUID) -> bytes:
    """All codes of a version as CSV, as it can be read in again."""
    one = version(actor=actor, version_id=version_id)
    return as_csv(one.values.order_by("code").values_list("code", "name", "parent", "note").iterator(chunk_size=10_000))


@dataclass(frozen=True)
class Differences:
    """What version `new` says otherwise than `old`: counts, and the first of each, as (code, was, is)."""

    fields: list[tuple[str, Any, Any]]
    added: int
    gone: int
    renamed: int
    rows: list[tuple[str, str, str]]


def differences(*, actor: Actor, old_id: UUID, new_id: UUID) -> Differences:
    """Compared in the database, whatever the size. Both must be versions of one standard."""
    old, new = version(actor=actor, version_id=old_id), version(actor=actor, version_id=new_id)
    find(Version.objects.filter(standard_id=old.standard_id), pk=new.pk)
    names = [*new.content, *(name for name in old.content if name not in new.content)]
    fields = [(name, old.content.get(name, ""), new.content.get(name, "")) for name in names]
    added, gone = _lacking(new, old), _lacking(old, new)
    twins = CodeValue.objects.filter(version=old, code=OuterRef("code"))
    same = twins.filter(name=OuterRef("name"), parent=OuterRef("parent"))
    renamed = new.values.filter(Exists(twins)).exclude(Exists(same))
    rows = [(one.code, "", one.name) for one in added.order_by("code")[:TOLD]]
    rows += [(one.code, one.name, "") for one in gone.order_by("code")[:TOLD]]
    changed = list(renamed.order_by("code")[:TOLD])
    was = {one.code: one for one in old.values.filter(code__in=[one.code for one in changed])}
    rows += [(one.code, _under(was[one.code], one), _under(one, was[one.code])) for one in changed]
    return Differences(
        [one for one in fields if one[1] != one[2]], added.count(), gone.count(), renamed.count(), sorted(rows)[:TOLD]
    )


def _under(one: CodeValue, other: CodeValue) -> str:
    """Its name; where it belongs elsewhere in the other version, with what it belongs to."""
    if one.parent == other.parent:
        return one.name
    return _("%(name)s（上级 %(parent)s）") % {"name": one.name, "parent": one.parent or "—"}


def _lacking(version: Version, other: Version) -> QuerySet[CodeValue]:
    return version.values.exclude(Exists(CodeValue.objects.filter(version=other, code=OuterRef("code"))))


def set_keys() -> dict[str, str]:
    """Key → name of every code set with a published version, for those who choose one."""
    rows = Standard.objects.filter(kind=Standard.Kind.CODE_SET, versions__status=Version.Status.PUBLISHED)
    return dict(rows.order_by("key").values_list("key", "name").distinct())


def set_in_force(key: str, on: date | None = None) -> Version | None:
    """The version of a code set that holds on a day."""
    rows = Version.objects.filter(standard__kind=Standard.Kind.CODE_SET, standard__key=key)
    return in_force(rows.select_related("standard"), on or today())


def codes_in_force(key: str, on: date | None = None) -> dict[str, str]:
    """Code → meaning of the set that holds on a day, of a set small enough to stand in a rule; a larger or unknown one: nothing."""
    one = set_in_force(key, on)
    if one is None or one.values_count > SMALL:
        return {}
    return dict(one.values.order_by("code").values_list("code", "name"))


def every_code(version_id: UUID) -> Iterator[tuple[str, str, str]]:
    """(code, meaning, what it belongs to) of a version whatever its size, in the order of codes."""
    rows = CodeValue.objects.filter(version_id=version_id).order_by("code")
    return rows.values_list("code", "name", "parent").iterator(chunk_size=10_000)


def below(key: str, code: str, on: date | None = None) -> list[CodeValue]:
    """The codes of a set that begin with `code`, itself left out: what lies in a division, say."""
    one = set_in_force(key, on)
    return list(one.values.filter(code__startswith=code).exclude(code=code).order_by("code")[:SMALL]) if one else []


def bindings_of(*, actor: Actor, standard_id: UUID) -> list[Binding]:
    return list(standard(actor=actor, standard_id=standard_id).bindings.order_by("title", "id"))


def bound_columns(dataset_id: UUID, on: date | None = None) -> dict[str, dict[str, Any]]:
    """Column → what the standard it is written by says today, with `kind` and `key`. Two queries and one a column."""
    found = {}
    for one in Binding.objects.filter(dataset_id=dataset_id).select_related("standard"):
        holds = holding(one.standard_id, on)
        if holds:
            found[one.column] = {**holds.content, "kind": one.standard.kind, "key": one.standard.key}
    return found


def bound_items(item_ids: Iterable[UUID]) -> dict[UUID, Standard]:
    """Data item of the catalogue → the standard it is written by. One query."""
    rows = Binding.objects.filter(item_id__in=list(item_ids)).select_related("standard")
    return {one.item_id: one.standard for one in rows if one.item_id}


def bound_to(dataset_id: UUID) -> dict[str, Standard]:
    """Column of a dataset → the standard it is written by. One query."""
    rows = Binding.objects.filter(dataset_id=dataset_id).select_related("standard")
    return {one.column: one.standard for one in rows}


@dataclass(frozen=True)
class ItemLine:
    """A data item of a resource: what it is bound to, else what it is probably written by, the likeliest first."""

    item: Any
    binding: Binding | None
    likely: list[tuple[Known, float]]

    @property
    def sure(self) -> Known | None:
        return self.likely[0][0] if self.likely and self.likely[0][1] >= SURE else None


def known_standards() -> list[Known]:
    """Every standard with a published version, elements and code sets. Two queries."""
    rows = Standard.objects.filter(versions__status=Version.Status.PUBLISHED).distinct().prefetch_related("versions")
    return [_known(one) for one in rows.order_by("key")]


def _known(one: Standard) -> Known:
    said = max((v for v in one.versions.all() if v.status == Version.Status.PUBLISHED), key=lambda v: v.version).content
    return Known(one.pk, one.kind, one.key, names_of(said), str(said.get("english", "")))


def lines_of_resource(*, actor: Actor, entry_id: UUID) -> tuple[Any, list[ItemLine]]:
    """A published resource and its data items, each with its standard or what it is probably written by."""
    permit(actor, SEE, department_id=actor.department_id)
    entry = entry_for(actor, entry_id)
    items, known = items_of(entry), known_standards()
    bound = {
        one.item_id: one
        for one in Binding.objects.filter(item_id__in=[one.pk for one in items]).select_related("standard")
    }
    lines = []
    for item in items:
        said = {name: getattr(item, name) for name in ("name", "english", "element", "code_set")}
        lines.append(ItemLine(item, bound.get(item.pk), [] if item.pk in bound else likely(said, known)))
    return entry, lines


def resources_to_bind(*, actor: Actor, text: str = "", cursor: str = "") -> tuple[Page, dict[UUID, tuple[int, int]]]:
    """Published resources of those the actor may bind, and of each how many data items it has and how many are bound."""
    permit(actor, SEE, department_id=actor.department_id)
    own = "" if actor.scope(BIND) == Scope.ALL or BIND not in actor.grants else str(actor.department_id)
    page = catalogue_page(actor, Filters(text, department=own), cursor=cursor)
    items = {one.pk: items_of(one) for one in page}
    bound = bound_items(item.pk for ones in items.values() for item in ones)
    return page, {key: (len(ones), sum(one.pk in bound for one in ones)) for key, ones in items.items()}


def binding_facts(standard_id: UUID, most: int = 50) -> list[Any]:
    """What was bound to a standard and parted from it, by whom and when, the newest first."""
    told = facts_of_streams([f"standard:{standard_id}"])
    return [one for one in reversed(told) if one.name in ("standards.bound", "standards.unbound")][:most]
