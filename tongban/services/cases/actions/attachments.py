"""Materials that come after the application: corrections and what was promised (容缺后补)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, CaseMaterial
from tongban.services.cases.rules import WITH_FILE

from .filing import open_to_department, own_files
from .signatures import sign_act
from .turn import Outcome, Turn, locked, note_event

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PAPER_AND_FILES = WITH_FILE | {"1"}


def add_materials(turn: Turn, given: dict[str, list[dict[str, Any]]], *, asked: list[str]) -> None:
    """Add what was handed in; refused, with every missing one named, unless all that was asked for is there."""
    names = {material["key"]: material["name"] for material in turn.content.get("materials") or ()}
    missing = [key for key in asked if key in names and not given.get(key)]
    unknown = [key for key in given if key not in names]
    reasons = [
        Reason("cases.material_missing", _("请补充：%(name)s") % {"name": names[key]}, f"materials.{key}")
        for key in missing
    ] + [Reason("cases.material_unknown", _("办事指南里没有这份材料。"), f"materials.{key}") for key in unknown]
    if reasons:
        raise CaseRefused(reasons=reasons)
    for key, rows in given.items():
        hand_in(turn.actor, turn.case, key, names[key], rows)


def hand_in(actor: Actor, case: Case, key: str, name: str, rows: list[dict[str, Any]]) -> None:
    """Append rows to one material of a case; its department may then open the files."""
    if any(row.get("way") not in PAPER_AND_FILES for row in rows):
        text = _("请上传文件，或到窗口提交纸质材料。")
        raise CaseRefused(reasons=[Reason("cases.material_way", text, f"materials.{key}")])
    files = own_files(actor, [(f"materials.{key}", row.get("file_id")) for row in rows if row["way"] in WITH_FILE])
    last = CaseMaterial.objects.filter(case=case, key=key).aggregate(last=Max("position"))["last"]
    made = []
    for position, row in enumerate(rows, start=0 if last is None else last + 1):
        file = files.get(str(row.get("file_id")))
        made.append(
            CaseMaterial(
                case=case,
                key=key,
                name=name,
                position=position,
                way=row["way"],
                file_id=file.pk if file else None,
                file_name=file.name if file else "",
                supplied_at=now(),
            )
        )
    CaseMaterial.objects.bulk_create(made)
    open_to_department([file.pk for file in files.values()], f"case:{case.pk}", case.applicant_id, case.department_id)


@transaction.atomic
def supply_promised(*, actor: Actor, case_id: UUID, key: str, rows: list[dict[str, Any]]) -> Case:
    """Bring what was promised. The promise is then kept, and the result may be handed out."""
    case = locked(case_id)
    permit(actor, "cases.apply", owner_id=case.applicant_id, department_id=case.department_id, division=case.division)
    promise = case.materials.filter(key=key, way="4", supplied_at=None).first()
    if promise is None or not rows or not case.is_open:
        raise CaseRefused(reasons=[Reason("cases.nothing_promised", _("这份材料没有待补的承诺。"), f"materials.{key}")])
    hand_in(actor, case, key, promise.name, rows)
    promise.supplied_at = now()
    promise.save(update_fields=["supplied_at"])
    at = now()
    signature = sign_act(actor, case, "supply_promised", at, said={"note": promise.name})
    note_event(case, actor, "supply_promised", at, Outcome(note=promise.name))
    data = {"material": key} | ({"signature": signature} if signature else {})
    record("cases.promise_supplied", actor=actor, subject=case, person_id=case.applicant_person_id, data=data)
    return case
