"""三员分立, held against what stands in the tables: who holds posts that exclude each other, and which administrator nobody appointed."""

from __future__ import annotations

from itertools import groupby

from django.db import connection

from tongban.foundation.audit.queries import last_fact, values_written
from tongban.foundation.identity.models import Account, Appointment, ProofTerm
from tongban.foundation.identity.rules import SEPARATED, roles_clash
from tongban.foundation.kernel.actors import Actor, permit

from .acting import appointments_in_force

GUARDS = 2  # of seats and of posts


def clashing_accounts() -> list[tuple[Account, list[Appointment]]]:
    """Accounts whose seats of today exclude each other, however they came to them: a post may have changed its role. One query."""
    seats = appointments_in_force().order_by("account__username", "account_id")
    held = [(account, list(of_his)) for account, of_his in groupby(seats, key=lambda seat: seat.account)]
    return [(account, of_his) for account, of_his in held if roles_clash({seat.post.role for seat in of_his})]


def separation(actor: Actor) -> tuple[list[tuple[Account, list[Appointment]]], dict[str, list[Appointment]]]:
    """For the administrator of security: the clashes, and who sits on each of the three posts."""
    permit(actor, "identity.manage_rights")
    seats = appointments_in_force(post__role__in=SEPARATED).order_by("account__name")
    return clashing_accounts(), {role: [seat for seat in seats if seat.post.role == role] for role in sorted(SEPARATED)}


def guards_that_are_off() -> list[str]:
    """Whether the database itself still keeps administrators apart, past our actions too. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_trigger where tgname = 'administrators_kept_apart' and tgenabled = 'A'")
        standing = cursor.fetchone()[0]
    return [] if standing == GUARDS else ["identity:guards"]


def unwritten_rights() -> list[str]:
    """What gives rights and stands in no fact: an administrator's seat or a term of proofs that was not given through our actions."""
    seats = appointments_in_force(post__role__in=SEPARATED)
    found = [
        f"appointment:{seat.pk}"
        for seat in seats
        if str(seat.post_id) not in values_written(f"account:{seat.account_id}", "post")
    ]
    newest, said = ProofTerm.objects.order_by("-changed_at").first(), last_fact("proof-term")
    if newest and (said is None or said.data.get("minutes") != newest.minutes):
        found.append(f"proof-term:{newest.pk}")
    return found
