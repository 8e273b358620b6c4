"""The registers and how they stand; what feeds them; what waits for a steward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from tongban.data.registries.models import Build, Conflict, Pair, Record, Register, Ruling
from tongban.data.registries.rules import candidates, sources_of
from tongban.foundation.kernel.actors import Actor, Scope, may, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.versions import in_force

from .records import SEE, register_of

MANAGE = "registries.manage"


@dataclass(frozen=True)
class Kept:
    """One record as another room lays it out: `values` is element → {value, source, as_of}; `held` is false once no source has it."""

    record_id: UUID
    key: str
    values: dict[str, Any]
    held: bool
    known_at: datetime


def changed_since(register: str, moment: datetime | None) -> Iterator[Kept]:
    """Records that say something else since a moment, of a register whose keys are nobody's person, in the order they changed.

    Of a register of persons: none. Rooms that lay a register out anew follow it by this.
    """
    rows = (
        Record.objects.filter(register=register)
        if Register.objects.filter(pk=register, personal=False)
        else Record.objects.none()
    )
    rows = rows.filter(known_at__gte=moment) if moment else rows.exclude(known_at=None)
    for one in rows.order_by("known_at", "id").iterator(chunk_size=2_000):
        if one.known_at is not None:
            yield Kept(one.pk, one.key_index, one.values, one.state == Record.State.HELD, one.known_at)


@dataclass(frozen=True)
class Standing:
    """One register with its figures."""

    register: Register
    records: int
    gone: int
    conflicts: int
    pairs: int
    sources: list[str]
    ruling: Ruling | None
    built: Build | None
    building: Build | None


def _mine(actor: Actor) -> QuerySet[Register]:
    """The registers one may see: all, or those his department keeps."""
    if not actor.grants.get(SEE):
        permit(actor, SEE)
    rows = Register.objects.select_related("department").order_by("place", "code")
    return rows if actor.grants[SEE] is Scope.ALL else rows.filter(department=actor.department_id)


def registers(*, actor: Actor) -> list[Standing]:
    """Every register one may see. Five questions, however many registers."""
    mine = list(_mine(actor))
    codes = [one.code for one in mine]

    def counted(rows: QuerySet[Any], by: str) -> dict[Any, int]:
        return {row[by]: row["n"] for row in rows.values(by).order_by().annotate(n=Count("pk"))}

    held = counted(Record.objects.filter(register__in=codes, state="held"), "register")
    gone = counted(Record.objects.filter(register__in=codes, state="gone"), "register")
    conflicts = counted(Conflict.objects.filter(register__in=codes, state__in=("open", "returned")), "register")
    pairs = counted(Pair.objects.filter(register__in=codes, state="open"), "register")
    return [
        _standing(one, held.get(one.code, 0), gone.get(one.code, 0), conflicts.get(one.code, 0), pairs.get(one.code, 0))
        for one in mine
    ]


def _standing(one: Register, records: int, gone: int, conflicts: int, pairs: int) -> Standing:
    ruling = in_force(Ruling.objects.all(), today(), register=one)
    builds = one.builds.order_by("-began_at", "-id")
    return Standing(
        register=one, records=records, gone=gone, conflicts=conflicts, pairs=pairs,
        sources=[source["title"] for source in sources_of(ruling.content).values()] if ruling else [],
        ruling=ruling, built=builds.filter(state="done").first(), building=builds.filter(ended_at=None).first(),
    )  # fmt: skip


def builds_of(*, actor: Actor, register: str) -> list[Build]:
    """The last ten times it was built, the newest first."""
    return list(register_of(actor, register).builds.select_related("ruling").order_by("-began_at", "-id")[:10])


def rulings_of(*, actor: Actor, register: str) -> list[Ruling]:
    """The newest first, without what somebody is still writing."""
    return list(register_of(actor, register).rulings.exclude(status=Ruling.Status.DRAFT).order_by("-version")[:50])


def rulings_waiting(actor: Actor) -> list[Ruling]:
    """Rules that somebody else sent for review and the actor may agree to, the oldest first."""
    if MANAGE not in actor.grants:
        return []
    rows = Ruling.objects.filter(status=Ruling.Status.IN_REVIEW).select_related("register").order_by("pk")
    return [
        one for one in rows
        if one.drafted_by not in actor.names and may(actor, MANAGE, department_id=one.register.department_id)
    ]  # fmt: skip


def draft_of(*, actor: Actor, register: str) -> Ruling | None:
    """The actor's own draft of the next rules; nobody else's."""
    one = register_of(actor, register)
    return one.rulings.filter(status=Ruling.Status.DRAFT, drafted_by=actor.account_id).first()


def ruling(*, actor: Actor, ruling_id: UUID) -> Ruling:
    one = find(Ruling.objects.select_related("register"), pk=ruling_id)
    register_of(actor, one.register_id)
    return one


def ruling_beside(one: Ruling) -> Ruling | None:
    """What a version is compared with: one that waits, with the version in force; one that held, with that before it."""
    published = one.register.rulings.filter(status=Ruling.Status.PUBLISHED).exclude(pk=one.pk)
    if one.status == Ruling.Status.PUBLISHED:
        return published.filter(version__lt=one.version).order_by("-version").first()
    return in_force(published, today()) or published.order_by("-version").first()


def fed_by(dataset: str) -> list[dict[str, Any]]:
    """Which elements of which registers a dataset feeds by the rules in force: `{register, element, column, rank}`. For lineage."""
    return [one for one in feeds() if one["dataset"] == dataset]


def titles() -> dict[str, str]:
    """What each register is called, whether or not it has rules in force: no right is asked."""
    return dict(Register.objects.values_list("code", "title"))


FLOW_TABLES = (Register._meta.db_table, Ruling._meta.db_table)  # what `feeds` reads


def feeds() -> list[dict[str, Any]]:
    """The same of every dataset, with `dataset`, the register's and the element's title, `level` (0: unsaid), and whose the register is."""
    told = []
    for one in Register.objects.select_related("department").order_by("place", "code"):
        known = in_force(Ruling.objects.all(), today(), register=one)
        for element in known.content["elements"] if known else ():
            for rank, origin in enumerate(element["from"], 1):
                columns = list(origin["columns"].values()) if origin.get("columns") else [origin["column"]]
                shared = {
                    "register": one.code, "register_title": one.title, "department": one.department.short_name,
                    "element": element["name"], "element_title": element["title"], "dataset": origin["dataset"], "rank": rank,
                    "level": int(element.get("level") or 0),
                }  # fmt: skip
                told += [shared | {"column": name} for name in columns]
    return told


def conflicts_page(*, actor: Actor, register: str, state: str = "open", element: str = "", cursor: str = "") -> Page:
    """Where sources differ, the oldest first. Those sent back to a source's department are in `returned_page` for it."""
    one = register_of(actor, register)
    rows = Conflict.objects.filter(register=one.code, state=state).select_related("record")
    return page_of(rows.filter(element=element) if element else rows, order=["found_at", "pk"], cursor=cursor, size=30)


def returned_page(*, actor: Actor, cursor: str = "") -> Page:
    """Conflicts that were sent back to the actor's department, of every register, the oldest first: whoever must look finds them here."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = Conflict.objects.filter(state=Conflict.State.RETURNED, returned_to=actor.department_id)
    return page_of(rows.select_related("record"), order=["found_at", "pk"], cursor=cursor, size=30)


def returned_count(*, actor: Actor) -> int:
    return Conflict.objects.filter(state=Conflict.State.RETURNED, returned_to=actor.department_id).count()


def conflict(*, actor: Actor, conflict_id: UUID) -> tuple[Conflict, list[dict[str, Any]]]:
    """A conflict and its candidates, those that could stand, numbered as `decide_conflict` counts them."""
    one = find(Conflict.objects.select_related("record"), pk=conflict_id)
    register_of(actor, one.register)
    said = candidates(one.record.values, one.record.origins, one.element)
    return one, [each for each in said if each["fit"]]


def pairs_page(*, actor: Actor, register: str, state: str = "open", cursor: str = "") -> Page:
    """Pairs that may be one, the likeliest first."""
    one = register_of(actor, register)
    return page_of(
        Pair.objects.filter(register=one, state=state), order=["-probability", "-pk"], cursor=cursor, size=30
    )


def pair(*, actor: Actor, pair_id: UUID) -> Pair:
    one = find(Pair.objects.select_related("register"), pk=pair_id)
    register_of(actor, one.register_id)
    return one


__all__ = [
    "Standing",
    "builds_of",
    "conflict",
    "conflicts_page",
    "fed_by",
    "pair",
    "pairs_page",
    "registers",
    "ruling",
    "rulings_of",
    "titles",
]
