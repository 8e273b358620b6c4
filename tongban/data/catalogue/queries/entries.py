"""Reading the catalogue: what is published for all staff, drafts for those who write or review them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from tongban.data.catalogue.models import DataItem, Entry, ItemResult, Review, Version
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.differences import Change, changes_between
from tongban.data.catalogue.rules.fields import FIELDS, Field
from tongban.data.catalogue.rules.grading import is_too_low
from tongban.data.catalogue.rules.searching import terms, twos
from tongban.data.catalogue.rules.sheets import shown
from tongban.foundation.kernel.actors import Actor, may, permit
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.organisations.queries import departments_of

from .checking import title_of
from .tables import spoken_tables

SEE, WRITE, REVIEW, PUBLISH = "catalogue.see", "catalogue.write", "catalogue.review", "catalogue.publish"
# Facet → the dictionary of its values; departments are counted, too.
FACETS = {
    "share_type": "share_type", "open_type": "open_type", "cycle": "cycle", "domain": "domain", "top_class": "class",
    "grade": "grade", "format": "format",
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to: words, kind, department, and a value for any of `FACETS`."""

    text: str = ""
    kind: str = Entry.Kind.RESOURCE
    department: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)


def permit_reading(actor: Actor) -> None:
    """The catalogue is every member of staff's to read; a department's system needs the right."""
    if actor.kind == "system":
        permit(actor, SEE, department_id=actor.department_id)
    elif actor.kind != "staff":
        raise NotAllowed(verb=SEE)


def published_entries() -> QuerySet[Entry]:
    return Entry.objects.filter(life__in=sorted(lifecycle.SEEN_BY_ALL))


def catalogue_page(actor: Actor, filters: Filters, *, cursor: str = "", size: int = 20) -> Page:
    """Published entries, those with the words in their name first, then by code. One query, two when words are scarce."""
    permit_reading(actor)
    rows = (
        _found(_narrowed(filters), filters.text).select_related("department", "published").defer("published__content")
    )
    return page_of(rows, order=["rank", "code"], cursor=cursor, size=size)


def facets(actor: Actor, filters: Filters) -> dict[str, list[tuple[str, str, int]]]:
    """For each facet (value, name, how many) under the filters, and `department`. One query."""
    permit_reading(actor)
    rows = _found(_narrowed(filters), filters.text).values_list("department_id", *FACETS)
    columns = list(zip(*rows, strict=True)) or [()] * (len(FACETS) + 1)
    tables, names = spoken_tables(), {one.pk: one.short_name for one in departments_of()}
    told = {"department": _counted(columns[0], names, keep_order=False)}
    for name, column in zip(FACETS, columns[1:], strict=True):
        told[name] = _counted(column, tables[FACETS[name]], keep_order=True)
    return told


def _counted(column: tuple[Any, ...], names: Mapping[Any, str], *, keep_order: bool) -> list[tuple[str, str, int]]:
    counts = Counter(value for value in column if value)
    order = (
        [value for value in names if value in counts] if keep_order else [value for value, _n in counts.most_common()]
    )
    return [(str(value), names.get(value, str(value)), counts[value]) for value in order]


def _narrowed(filters: Filters) -> QuerySet[Entry]:
    rows = published_entries().filter(kind=filters.kind)
    if filters.department:
        try:
            rows = rows.filter(department_id=UUID(filters.department))
        except ValueError:
            return rows.none()
    return rows.filter(**{name: value for name, value in filters.chosen.items() if value and name in FACETS})


def _found(rows: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """Rows with every word; if there are none, those with any two characters that stand together in what was asked."""
    wanted = terms(text)
    if not wanted:
        return rows.annotate(rank=Value(0, output_field=IntegerField()))
    whole = rows.filter(*(Q(words__contains=term) for term in wanted))
    if not whole.exists():
        parts = [part for term in wanted for part in twos(term)]
        whole = rows.filter(reduce(or_, (Q(words__contains=part) for part in parts)))
        wanted = parts
    in_name = [When(name__icontains=term, then=Value(0)) for term in wanted]
    return whole.annotate(rank=Case(*in_name, default=Value(1), output_field=IntegerField()))


def entry_for(actor: Actor, entry_id: UUID | str) -> Entry:
    """A published entry for whoever reads; another one for its department's writers and reviewers, and the platform."""
    permit_reading(actor)
    entry = find(Entry.objects.select_related("department", "published"), pk=entry_id)
    if entry.life not in lifecycle.SEEN_BY_ALL and not works_on(actor, entry):
        raise NotFound
    return entry


def works_on(actor: Actor, entry: Entry) -> bool:
    office = entry.department
    return any(
        may(actor, verb, department_id=office.pk, division=office.division_id) for verb in (WRITE, REVIEW, PUBLISH)
    )


def entry_by_code(actor: Actor, code: str) -> Entry:
    permit_reading(actor)
    return find(published_entries().select_related("department", "published"), code=code)


def versions_of(actor: Actor, entry: Entry) -> list[Version]:
    """The newest first; drafts only for those who work on them."""
    rows = entry.versions.order_by("-number")
    return list(rows if works_on(actor, entry) else rows.filter(status=Version.Status.PUBLISHED))


def version_for(actor: Actor, entry: Entry, number: int) -> Version:
    version = find(entry.versions, number=number)
    if version.status != Version.Status.PUBLISHED and not works_on(actor, entry):
        raise NotFound
    return version


def open_draft(entry: Entry) -> Version | None:
    return entry.versions.filter(status__in=[Version.Status.DRAFT, Version.Status.IN_REVIEW]).first()


def own_entries(actor: Actor, *, kind: str = "", text: str = "", cursor: str = "", size: int = 30) -> Page:
    """All entries of one's department, the newest first, with the state of the open draft."""
    permit(actor, WRITE, department_id=actor.department_id)
    rows = Entry.objects.filter(department_id=actor.department_id).exclude(life=lifecycle.DELETED)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(Q(name__icontains=text) | Q(code__startswith=text)) if text else rows
    is_open = Q(versions__status__in=[Version.Status.DRAFT, Version.Status.IN_REVIEW])
    return page_of(rows.annotate(drafts=Count("versions", filter=is_open)), order=["-id"], cursor=cursor, size=size)


def reviews_waiting(actor: Actor, *, cursor: str = "", size: int = 50) -> Page:
    """What waits for this actor's answer: handed in at his department, or agreed to there; not what he took part in."""
    mine = Q(pk__in=[])
    if may(actor, REVIEW, department_id=actor.department_id):
        mine |= Q(state=Review.State.DEPARTMENT, entry__department_id=actor.department_id)
    if may(actor, PUBLISH):
        mine |= Q(state=Review.State.PLATFORM)
    names = list(actor.names)
    rows = Review.objects.filter(mine).exclude(asked_by__in=names).exclude(version__authors__overlap=names)
    rows = rows.filter(Q(department_by=None) | ~Q(department_by__in=names))
    return page_of(rows.select_related("entry__department", "version"), order=["id"], cursor=cursor, size=size)


def review_for(actor: Actor, review_id: UUID | str) -> Review:
    review = find(Review.objects.select_related("entry__department", "entry__published", "version"), pk=review_id)
    if not works_on(actor, review.entry):
        raise NotFound
    return review


def reviews_of(actor: Actor, entry: Entry) -> list[Review]:
    return list(entry.reviews.select_related("version").order_by("-id")) if works_on(actor, entry) else []


def open_review(entry: Entry) -> Review | None:
    """The review that waits for an answer: of a draft, or of a withdrawal while a draft is still being written."""
    return entry.reviews.filter(state__in=[Review.State.DEPARTMENT, Review.State.PLATFORM]).first()


def items_of(entry: Entry) -> list[DataItem]:
    """The data items that hold, with the bodies whose value counts."""
    return list(entry.items.filter(is_present=True).select_related("lead"))


def data_item(item_id: UUID) -> DataItem:
    """A data item with its resource."""
    return find(DataItem.objects.select_related("resource"), pk=item_id)


def in_words(column: Field, value: Any) -> str:
    """A value as the reader reads it."""
    return shown(column, value, spoken_tables(), between=_("、"))


def told_fields(kind: str, content: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(group, title, value in words) of every field that says something."""
    told = [(one.group, one.title, in_words(one, content.get(one.name))) for one in FIELDS[kind]]
    return [(_(group) if group else "", _(title), text) for group, title, text in told if text]


def told_items(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Data items with names for codes."""
    return [
        {"key": item["key"], "is_primary": item.get("is_key") == "1"}
        | {one.name: in_words(one, item.get(one.name)) for one in FIELDS["item"]}
        for item in content.get("items", [])
    ]


def low_items(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Data items that are graded below what their names let expect."""
    return [item for item in content.get("items", []) if is_too_low(item)]


def differences(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) in words, of every difference between two texts."""
    return [_told_change(kind, change) for change in changes_between(kind, old, new)]


def _told_change(kind: str, change: Change) -> tuple[str, str, str]:
    name = _("数据项“%(name)s”") % {"name": change.item} if change.item else ""
    if change.kind == "added":
        return name, "", _("新增")
    if change.kind == "gone":
        return name, _("原有"), _("去掉")
    of = "item" if change.item else kind
    column = next(one for one in FIELDS[of] if one.name == change.field)
    title = title_of(of, change.field)
    what = f"{name} · {title}" if name else title
    return what, in_words(column, change.before), in_words(column, change.after)


def resources_fed_by(item_code: str) -> list[Entry]:
    """Published resources that a service item's results feed. One query; for pages of the service network."""
    return list(published_entries().filter(item_codes__contains=[item_code]).order_by("code"))


def item_results(text: str = "", size: int = 200) -> list[ItemResult]:
    """What items give out, as far as the service network told."""
    rows = ItemResult.objects.select_related("department")
    rows = rows.filter(Q(item_name__icontains=text) | Q(result__icontains=text)) if text else rows
    return list(rows.order_by("item_code", "result")[:size])


def item_names(codes: list[str]) -> dict[str, str]:
    """Names of items by code, as far as they were told of."""
    return dict(ItemResult.objects.filter(item_code__in=codes).values_list("item_code", "item_name"))


def item_codes_called(text: str, size: int = 50) -> list[str]:
    """Codes of items with a text in their name."""
    rows = ItemResult.objects.filter(item_name__icontains=text).values_list("item_code", flat=True)
    return sorted(set(rows))[:size]


def systems_of(department_id: UUID) -> list[Entry]:
    """A department's systems that have a code."""
    rows = Entry.objects.filter(department_id=department_id, kind=Entry.Kind.SYSTEM).exclude(code="")
    return list(rows.exclude(life=lifecycle.DELETED).order_by("code"))
