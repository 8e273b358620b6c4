"""The register of seals: each department its own, the registrar all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch, Q

from tongban.foundation.kernel.actors import Scope, may, permit
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.seals.errors import NoSeal
from tongban.foundation.seals.gateways import svg_of
from tongban.foundation.seals.models import Application, Custody, Edition, Seal, Standing
from tongban.foundation.seals.rules import drawing_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor

SEE, APPLY, REVIEW, KEEP, USE, APPROVE = (
    f"seals.{verb}" for verb in ("see", "apply", "review", "keep", "use", "approve")
)
MOST_SHOWN = 200


@dataclass(frozen=True)
class Picture:
    """What one sees of a seal: PNG on a clear ground, the same as SVG, and its size on paper."""

    png: bytes
    svg: str
    width_mm: int
    height_mm: int


def within(actor: Actor, verb: str = SEE, *, path: str = "department") -> Q:
    """Those rows whose department this actor reaches with the verb."""
    permit(actor, verb, department_id=actor.department_id)
    reach = actor.scope(verb)
    if reach is Scope.ALL:
        return Q()
    if reach is Scope.DIVISION:
        return Q(**{f"{path}__division__code__startswith": _stem(actor.division)})
    return Q(**{path: actor.department_id})


def _stem(division: str) -> str:
    """The digits that all divisions below share."""
    return next(division[:digits] for digits in (0, 2, 4, 6, 9, 12) if not division[digits:].strip("0"))


def seals(actor: Actor, *, filters: dict[str, str] | None = None, cursor: str = "", size: int = 20) -> Page:
    """Seals he may see, the newest first. Filters: `text` (words or number), `kind`, `state`, `department`."""
    rows = Seal.objects.filter(within(actor)).select_related("department")
    for name, value in (filters or {}).items():
        if value:
            rows = rows.filter(_filter(name, value))
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def _filter(name: str, value: str) -> Q:
    if name == "text":
        return Q(name__icontains=value) | Q(business__icontains=value) | Q(number__startswith=value)
    return Q(**{"department__short_name" if name == "department" else name: value})


def registered(actor: Actor) -> QuerySet[Seal]:
    """Every seal that stands or stood in the register, by number: the 备案清单 and, with uses and keepers, the 实施清单."""
    rows = Seal.objects.filter(within(actor), registered_at__isnull=False)
    return rows.select_related("department").order_by("number")


def seal_for_actor(actor: Actor, seal_id: UUID | str, *, lock: bool = False, verb: str = SEE) -> Seal:
    """One seal he may see (or do `verb` to), or `NoSeal`."""
    rows = Seal.objects.select_for_update(of=("self",)) if lock else Seal.objects.all()
    try:
        seal = find(rows.select_related("department"), pk=seal_id)
    except NotFound:
        raise NoSeal from None
    if not may(actor, SEE, department_id=seal.department_id, division=seal.department.division_id):
        raise NoSeal
    permit(actor, verb, department_id=seal.department_id, division=seal.department.division_id)
    return seal


def seal_by_number(number: str) -> Seal | None:
    """By the number of the seal, or that of one of its editions."""
    return Seal.objects.filter(Q(number=number) | Q(editions__number=number)).select_related("department").first()


def seal_for(department_id: UUID, use: str) -> Seal | None:
    """The seal a department puts on a `licence`, `letter` or `contract`: one made for the business before its general one."""
    rows = Seal.objects.filter(department=department_id, state=Seal.State.IN_USE, uses__contains=[use])
    order = {"business": 0, "legal": 1}
    return min(rows, key=lambda seal: (order.get(seal.kind, 2), seal.number), default=None)


def edition_in_force(seal_id: UUID) -> Edition | None:
    """The making that is used now."""
    return Edition.objects.filter(seal=seal_id, in_force_from__isnull=False, in_force_until=None).first()


def picture_of(seal_id: UUID) -> Picture:
    """The seal as it looks now; the newest making where none is in force. The caller may already see what it stands on."""
    rows = Edition.objects.filter(seal=seal_id).order_by("in_force_until", "-edition").only(
        "png", "svg", "width_mm", "height_mm", "seal_id", "in_force_until", "edition"
    )  # fmt: skip
    edition = rows.filter(in_force_until=None, in_force_from__isnull=False).first() or rows.order_by("-edition").first()
    if edition is None:
        raise NoSeal
    return Picture(bytes(edition.png), edition.svg, edition.width_mm, edition.height_mm)


def preview_of(kind: str, name: str, business: str = "") -> str:
    """How a seal would look, as SVG, before it is made."""
    return svg_of(drawing_of(kind, name, business))


def whole_seal(actor: Actor, seal_id: UUID | str) -> Seal:
    """A seal with its editions, standings, keepers and applications. Five queries."""
    seal = seal_for_actor(actor, seal_id)
    light = Edition.objects.defer("png", "svg", "der", "certificate").order_by("edition")
    related = [
        Prefetch("editions", light),
        "standings",
        "custodies",
        Prefetch("applications", Application.objects.order_by("id")),
    ]
    return next(iter(_prefetched([seal], related)))


def _prefetched(rows: list[Seal], related: list[Any]) -> list[Seal]:
    from_rows = Seal.objects.filter(pk__in=[row.pk for row in rows])
    return list(from_rows.select_related("department").prefetch_related(*related))


def applications(actor: Actor, *, state: str = "", cursor: str = "", size: int = 20) -> Page:
    """Applications of his department, or all for the registrar; the newest first."""
    rows = Application.objects.filter(within(actor)).select_related("department", "seal")
    return page_of(rows.filter(state=state) if state else rows, order=["-id"], cursor=cursor, size=size)


def application_for(actor: Actor, application_id: UUID | str, *, lock: bool = False) -> Application:
    rows = Application.objects.filter(within(actor)).select_related("department", "seal")
    return find(rows.select_for_update(of=("self",)) if lock else rows, pk=application_id)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a seal, for telling its story."""

    at: datetime
    what: str
    by: UUID | None
    row: Any


def story_of(seal: Seal) -> list[Event]:
    """What happened to a seal from the first application on; `seal` comes from `whole_seal`. Uses are in the log of uses."""
    events = [Event(a.applied_at, f"applied_{a.kind}", a.applied_by, a) for a in seal.applications.all()]
    events += [
        Event(a.decided_at, f"application_{a.state}", a.decided_by, a) for a in seal.applications.all() if a.decided_at
    ]
    editions = list(seal.editions.all())
    events += [Event(e.made_at, "made", e.made_by, e) for e in editions]
    events += [Event(e.in_force_from, "replaced", None, e) for e in editions if e.edition > 1 and e.in_force_from]
    events += _of_states(list(seal.standings.all()))
    kept: list[Custody] = list(seal.custodies.all())
    events += [Event(c.since, "handed_over", c.handed_over_by, c) for c in kept[1:]]
    # Some moments are whole seconds, others are not: within one second things happened in the order they always do.
    return sorted(events, key=lambda event: (event.at.replace(microsecond=0), event.what == "registered", event.at))


def _of_states(standings: list[Standing]) -> list[Event]:
    """A seal first in use was registered; in use again, resumed."""
    events, registered_before = [], False
    for standing in standings:
        words = standing.state
        if standing.state == Seal.State.IN_USE:
            words = "resumed" if registered_before else "registered"
            registered_before = True
        if words in ("registered", "resumed", "suspended", "cancelled"):
            events.append(Event(standing.since, words, standing.by, standing))
    return events
