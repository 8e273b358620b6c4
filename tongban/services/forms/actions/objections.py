"""说明有误: a person says a value the city filled in is wrong; whoever keeps the register answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Conflict, NotSignedIn, Reason
from tongban.foundation.kernel.lookup import find
from tongban.services.forms.errors import AnswersRefused
from tongban.services.forms.models import Objection
from tongban.services.forms.rules.structure import plan_of


@transaction.atomic
def object_to_values(
    *, actor: Actor, form: dict[str, Any], subject: str, sources: dict[str, Any], notes: dict[str, str]
) -> list[Objection]:
    """Write down what a person said of filled-in values (`parse_notes`). Said again, the words are replaced.

    A note on a field that nobody filled in, or he himself (`own`), is no objection and is left aside. Only
    `subject`'s owner may be the actor; the room that owns the subject sees to that.
    """
    if actor.account_id is None:
        raise NotSignedIn
    fields = plan_of(form).fields
    made = []
    for path, note in notes.items():
        source = sources.get(path)
        if path not in fields or not isinstance(source, dict) or source.get("own") or not note.strip():
            continue
        said = {
            "label": fields[path].label[:200],
            "source": str(source.get("source", ""))[:100],
            "as_of": str(source.get("as_of", ""))[:10],
            "note": note[:1000],
            "account_id": actor.account_id,
        }
        row, new = Objection.objects.update_or_create(
            subject=subject, path=path, defaults=said, create_defaults={**said, "made_at": now()}
        )
        if new:
            data = {"path": path, "element": fields[path].raw.get("element", ""), "source": said["source"]}
            record("forms.value_disputed", actor=actor, subject=row, data=data)
        made.append(row)
    return made


@transaction.atomic
def answer_objection(*, actor: Actor, objection_id: UUID | str, answer: str) -> Objection:
    """Say what came of it. The person reads the answer; the register itself is put right by who keeps it."""
    permit(actor, "registries.look", department_id=actor.department_id)
    row = find(Objection.objects.select_for_update(), pk=objection_id)
    if row.answered_at:
        raise Conflict
    if len(answer.strip()) < 2:
        raise AnswersRefused(reasons=[Reason("answer", _("请写明核实的结果。"), "answer")])
    row.answer, row.answered_at = answer.strip()[:300], now()
    row.save(update_fields=["answer", "answered_at"])
    record("forms.dispute_answered", actor=actor, subject=row)
    return row
