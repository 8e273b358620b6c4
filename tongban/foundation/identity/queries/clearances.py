"""Up to which grade of data somebody may look, and since when."""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tongban.foundation.audit.queries import values_written
from tongban.foundation.identity.models import Account, Clearance
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.grades import SENSITIVE, UNCLEARED


def newest_clearance(account: str) -> Coalesce:
    """For an annotation: the grade in force of the account that a column names."""
    rows = Clearance.objects.filter(account=OuterRef(account)).values("grade")
    return Coalesce(Subquery(rows[:1]), UNCLEARED)


def clearance_of(account_id: UUID) -> int:
    """The grade in force; of somebody whom nobody has cleared, internal data."""
    newest = Clearance.objects.filter(account=account_id).first()
    return newest.grade if newest else UNCLEARED


def clearances(actor: Actor) -> list[Clearance]:
    """The newest that were given, for the security administrator."""
    permit(actor, "identity.manage_rights")
    return list(Clearance.objects.select_related("account", "given_by")[:20])


def with_clearance(rows: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts with `clearance`."""
    return rows.annotate(clearance=newest_clearance("pk"))


def unwritten_clearances() -> list[str]:
    """Grades in force that no fact tells of. What came with an upgrade bears no hand and is not above sensitive."""
    newest = Clearance.objects.order_by("account", "-given_at", "-id").distinct("account")
    return [
        f"clearance:{row.pk}"
        for row in newest
        if not (row.given_by_id is None and row.grade <= SENSITIVE)
        and row.grade not in values_written(f"account:{row.account_id}", "clearance")
    ]
