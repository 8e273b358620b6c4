"""For how long a proof of who one is counts before a binding step."""

from __future__ import annotations

from datetime import timedelta

from tongban.foundation.identity.models import ProofTerm
from tongban.foundation.identity.rules import PROOF_MINUTES
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.kept import kept


@kept(seconds=30)
def proof_counts_for() -> timedelta:
    """The term in force today; what ships where the city has set none."""
    row = ProofTerm.objects.filter(starts_on__lte=today()).first()
    return timedelta(minutes=row.minutes if row else PROOF_MINUTES)


def proof_terms(actor: Actor) -> list[ProofTerm]:
    """Every term there was, is and will be, the newest first."""
    permit(actor, "identity.manage_rights")
    return list(ProofTerm.objects.select_related("changed_by"))
