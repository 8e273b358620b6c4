"""Licence types as they hold on a day, kept for a minute so that issuing asks the database nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.versions import DatedVersion, in_force
from tongban.foundation.organisations import queries as organisations
from tongban.services.licences.errors import NoSuchType
from tongban.services.licences.models import LicenceType
from tongban.services.licences.rules.types import renewed_until

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department
    from tongban.services.licences.models import Licence

KEPT_SECONDS = 60  # a type changes a few times a year; a licence keeps the version it was made under
T = TypeVar("T")
_kept: dict[Any, tuple[float, Any]] = {}


def _remembered(key: Any, ask: Callable[[], T]) -> T:
    known = _kept.get(key)
    if known and known[0] > time.monotonic():
        return cast("T", known[1])
    value = ask()
    _kept[key] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def forget_types() -> None:
    """Read types and departments anew: one has changed here."""
    _kept.clear()


def type_in_force(code: str, on: date | None = None) -> LicenceType:
    """The version of a type that holds on a day (today), or `NoSuchType`. No query once warm."""
    day = on or today()
    return _remembered(("type", code, day), lambda: _type(code, day))


def runs_until(licence: Licence, since: date | None = None) -> date | None:
    """The last day of a licence renewed now (or from `since`), by its type as it is today; None: without end, or to be said."""
    kind = type_in_force(licence.type_code)
    return renewed_until(kind.content["validity"], licence.valid_until, since or today())


def _type(code: str, on: date) -> LicenceType:
    found = in_force(LicenceType.objects.all(), on, code=code)
    if found is None:
        raise NoSuchType
    return found


def issuer(department_id: UUID) -> Department:
    """A department that issues. No query once warm."""
    return _remembered(("department", department_id), lambda: organisations.department(department_id))


def types_in_force(codes: Iterable[str] | None = None) -> list[LicenceType]:
    """The types that hold today, by name; of these codes only, when given. One query."""
    rows = LicenceType.objects.filter(status=DatedVersion.Status.PUBLISHED, effective_on__lte=today())
    rows = rows if codes is None else rows.filter(code__in=set(codes))
    newest = rows.order_by("code", "-effective_on", "-version").distinct("code")
    return sorted(newest, key=lambda row: row.name)


def codes_in_force() -> list[str]:
    """The codes of all types that hold today. No query once warm."""
    return _remembered(("codes", today()), lambda: [kind.code for kind in types_in_force()])


def types_of(department_id: UUID) -> list[LicenceType]:
    """The types a department may issue."""
    name = issuer(department_id).short_name
    return [row for row in types_in_force() if not row.content["issuers"] or name in row.content["issuers"]]


def type_version(actor: Actor, type_id: UUID | str) -> LicenceType:
    """One version of a type, for those who work with licences."""
    permit(actor, "licences.see", department_id=actor.department_id)
    return find(LicenceType.objects, pk=type_id)
