"""What the system administrator sees of accounts, and the security administrator of rights. Each asks for his own verb."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Prefetch, Q

from tongban.foundation.identity.models import Account, Appointment, SystemClient
from tongban.foundation.identity.rules import APPLICANT, GRANTS, UNUSED_AFTER
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .acting import appointments_in_force
from .clearances import with_clearance

ACCOUNTS, RIGHTS = "identity.manage_accounts", "identity.manage_rights"


def staff_accounts(actor: Actor, *, text: str = "", department_id: UUID | None = None, cursor: str = "") -> Page:
    """Accounts that are no citizen's, by name to sign in with; seats held today are in `held`. Two queries."""
    permit(actor, ACCOUNTS)
    rows = Account.objects.filter(Q(person=None) | Q(appointments__isnull=False)).distinct()
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if department_id:
        rows = rows.filter(pk__in=appointments_in_force(post__department=department_id).values("account"))
    held = Prefetch("appointments", appointments_in_force(), to_attr="held")
    return page_of(rows.prefetch_related(held), order=["username", "id"], cursor=cursor)


def staff_account(actor: Actor, account_id: UUID) -> Account:
    permit(actor, ACCOUNTS)
    return find(Account.objects, pk=account_id)


def appointments_of(actor: Actor, account_id: UUID) -> list[Appointment]:
    """Every seat an account holds or held, the newest first."""
    permit(actor, ACCOUNTS)
    return list(Appointment.objects.filter(account=account_id).select_related("post__department", "appointed_by"))


def rights_table() -> list[tuple[str, dict[str, str]]]:
    """(verb, {role: how far}) for every verb: what `rules.GRANTS` says, turned so that a verb is a row."""
    roles: Mapping[str, Mapping[str, str]] = {"applicant": APPLICANT} | GRANTS
    verbs = sorted({verb for grants in roles.values() for verb in grants})
    return [(verb, {role: grants[verb] for role, grants in roles.items() if verb in grants}) for verb in verbs]


def locked_accounts(actor: Actor) -> list[Account]:
    permit(actor, RIGHTS)
    return list(Account.objects.filter(locked_until__gt=now()).order_by("locked_until"))


def unused_accounts(actor: Actor) -> list[Account]:
    """Staff in office who have not signed in for so long that their accounts should perhaps be closed (GB/T 22239 8.1.4.2 c)."""
    permit(actor, RIGHTS)
    since = now() - UNUSED_AFTER
    rows = Account.objects.filter(is_active=True, pk__in=appointments_in_force().values("account"))
    quiet = Q(last_login__lt=since) | Q(last_login=None, created_at__lt=since)
    return list(rows.filter(quiet).order_by("last_login", "created_at")[:100])


def accounts_found(actor: Actor, text: str) -> list[Account]:
    """The first accounts whose sign-in name or name begins with `text`, with `clearance`."""
    permit(actor, RIGHTS)
    found = Account.objects.filter(Q(username__istartswith=text) | Q(name__startswith=text))
    return list(with_clearance(found).order_by("username")[:20])


def system_clients(actor: Actor) -> list[SystemClient]:
    permit(actor, RIGHTS)
    return list(SystemClient.objects.select_related("department").order_by("-is_active", "department__pinyin", "name"))
