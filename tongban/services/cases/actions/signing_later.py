"""补签: an application that was taken in without its applicant's key is signed by him afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case
from tongban.services.cases.queries.signatures import awaits_signature

from .signatures import sign_act
from .turn import Outcome, locked, note_event

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


@transaction.atomic
def sign_application(*, actor: Actor, case_id: UUID) -> Case:
    """Sign the application as it stands now: what was handed in at a counter, or while the key store was away."""
    case = locked(case_id)
    permit(actor, "cases.apply", owner_id=case.applicant_id)
    if not awaits_signature(actor, case):
        text = _("这份申请已经签过名，或者已经办结，不需要再签。")
        raise CaseRefused(reasons=[Reason("cases.nothing_to_sign", text)])
    at = now()
    digest = sign_act(actor, case, "sign_application", at, said={"note": ""})
    note_event(case, actor, "sign_application", at, Outcome())
    data = {"item": case.item_code, "signature": digest}
    record("cases.application_signed", actor=actor, subject=case, person_id=case.applicant_person_id, data=data)
    return case
