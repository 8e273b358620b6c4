"""抽检: a share of what was decided by rules is drawn for a person to look at; what he finds otherwise raises an alarm."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.queries import staff_who_may
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, NotFound, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import notify
from tongban.services.decisions.errors import CheckAnswered, CheckRefused, DecidedNotFound
from tongban.services.decisions.models import Decided, HumanCheck
from tongban.services.items.queries import item_by_code, name_of_item

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

CHECK = "decisions.check"
Answer, Cause = HumanCheck.Answer, HumanCheck.Cause
MOST = 5000  # of one item at one draw


def draw_checks() -> int:
    """Draw from what was granted or refused since the draw before: the share its rules name, one at least. How many."""
    waiting = Decided.objects.filter(drawn_at=None).exclude(outcome=Decided.Outcome.PERSON)
    codes = list(waiting.order_by("item_code").values_list("item_code", flat=True).distinct())
    return sum(_draw(code) for code in codes)


@transaction.atomic
def _draw(item_code: str) -> int:
    rows = Decided.objects.select_for_update(of=("self",), skip_locked=True).select_related("rule_set")
    pot = list(rows.filter(drawn_at=None, item_code=item_code).exclude(outcome="person").order_by("id")[:MOST])
    if not pot:
        return 0
    share = int(pot[-1].rule_set.content.get("sample_share") or 1)
    drawn = random.SystemRandom().sample(pot, math.ceil(len(pot) * share / 100))
    at = now()
    HumanCheck.objects.bulk_create(
        [HumanCheck(decided=one, cause=Cause.DRAWN, begun_at=at) for one in drawn], ignore_conflicts=True
    )
    Decided.objects.filter(pk__in=[one.pk for one in pot]).update(drawn_at=at)
    return len(drawn)


@transaction.atomic
def answer_check(*, actor: Actor, check_id: UUID, answer: str, reasons: str = "") -> HumanCheck:
    """Say whether a person would have decided the same. A difference needs reasons and alarms whoever may halt the item;
    an applicant who asked is told what was found, with the reasons."""
    rows = HumanCheck.objects.select_for_update(of=("self",)).select_related("decided")
    check = find(rows, pk=check_id)
    decided = check.decided
    permit(actor, CHECK, department_id=decided.department_id, division=decided.division)
    if check.answer:
        raise CheckAnswered
    if faults := _faults(answer, reasons, check.cause):
        raise CheckRefused(reasons=faults)
    return _answered(actor, check, "decisions.checked", "decisions.differs", answer, reasons)


@transaction.atomic
def correct_check(*, actor: Actor, check_id: UUID, answer: str, reasons: str) -> HumanCheck:
    """A second person finds that what was answered is not so, and says why (更正). The earlier answer is kept; the alarm follows."""
    rows = HumanCheck.objects.select_for_update(of=("self",)).select_related("decided")
    check = find(rows, pk=check_id)
    permit(actor, CHECK, department_id=check.decided.department_id, division=check.decided.division)
    if not check.answer:
        raise NotFound
    if check.answered_by in actor.names:
        raise NotAllowed(_("核查结论由另一位同事更正，不能自己改自己的。"))
    faults = _faults(answer, reasons, Cause.ASKED)
    if answer == check.answer:
        faults.append(Reason("decisions.answer_same", _("和原来的结论一样，不用更正。"), "answer"))
    if faults:
        raise CheckRefused(reasons=faults)
    at = check.answered_at.isoformat() if check.answered_at else ""
    told = {"answer": check.answer, "reasons": check.reasons, "by": str(check.answered_by), "at": at}
    check.earlier = [*check.earlier, told]
    alarm = "decisions.differs" if answer == Answer.DIFFERS else "decisions.differs_no_more"
    return _answered(actor, check, "decisions.check_corrected", alarm, answer, reasons)


def _answered(actor: Actor, check: HumanCheck, fact: str, alarm: str, answer: str, reasons: str) -> HumanCheck:
    decided = check.decided
    check.answer, check.reasons = answer, reasons.strip()
    check.answered_by, check.answered_at = actor.account_id, now()
    check.save(update_fields=["answer", "reasons", "answered_by", "answered_at", "earlier"])
    record(fact, actor=actor, subject=decided, data={"item": decided.item_code, "answer": answer, "cause": check.cause})
    if answer == Answer.DIFFERS or check.earlier:
        _tell_staff(alarm, "decisions.halt", decided, f"/console/decisions/one/{decided.pk}/")
    if check.asked_by:
        _tell_applicant(check, check.asked_by)
    return check


def _faults(answer: str, reasons: str, cause: str) -> list[Reason]:
    faults = []
    if answer not in (Answer.SAME, Answer.DIFFERS):
        faults.append(Reason("decisions.answer_missing", _("请选择与您的判断是否一致。"), "answer"))
    if answer == Answer.DIFFERS and len(reasons.strip()) < 4:
        faults.append(Reason("decisions.reasons_missing", _("结论不一致的，请写明应当怎样决定、为什么。"), "reasons"))
    if answer == Answer.SAME and cause == Cause.ASKED and len(reasons.strip()) < 4:
        faults.append(
            Reason("decisions.reasons_missing", _("申请人会收到答复，请写明核查了什么、为什么一致。"), "reasons")
        )
    if len(reasons) > 2000:
        faults.append(Reason("decisions.reasons_too_long", _("理由最多2000字。"), "reasons"))
    return faults


def _task_name(decided: Decided) -> str:
    try:
        return name_of_item(item_by_code(decided.item_code))
    except NotFound:
        return decided.item_code


def _tell_staff(template: str, verb: str, decided: Decided, link: str) -> None:
    """Everybody in the department who may do something about it."""
    data, subject = {"task_name": _task_name(decided)}, f"decided:{decided.pk}"
    for account_id, _name in staff_who_may(decided.department_id, verb):
        notify(template=template, data=data, account_id=account_id, subject=subject, link=link)


def _tell_applicant(check: HumanCheck, person_id: UUID) -> None:
    decided = check.decided
    notify(
        template="decisions.looked_again" if check.answer == Answer.SAME else "decisions.found_otherwise",
        data={"task_name": _task_name(decided), "reason": check.reasons}, person_id=person_id,
        department_id=decided.department_id, subject=f"case:{decided.case_id}", link=f"/my/cases/{decided.case_id}/#why",
    )  # fmt: skip


@transaction.atomic
def ask_person(*, actor: Actor, case_id: UUID, words: str = "") -> HumanCheck:
    """The applicant asks that a person looks at what the rules decided (个人信息保护法 art. 24). Asked once; again is harmless."""
    decided = Decided.objects.select_for_update().filter(case_id=case_id).order_by("-id").first()
    if decided is None or decided.applicant_id is None or decided.applicant_id != actor.applicant_id:
        raise DecidedNotFound
    permit(actor, "cases.see", owner_id=decided.applicant_id)
    if len(words) > 1000:
        raise CheckRefused(reasons=[Reason("decisions.words_too_long", _("说明最多1000字。"), "words")])
    check, made = HumanCheck.objects.get_or_create(
        decided=decided,
        cause=Cause.ASKED,
        defaults={"words": words.strip(), "begun_at": now(), "asked_by": actor.person_id},
    )
    if made:
        _tell_staff("decisions.asked", CHECK, decided, f"/console/decisions/checks/{check.pk}/")
        record("decisions.person_asked", actor=actor, subject=decided, person_id=actor.person_id,
               data={"case": str(case_id), "item": decided.item_code})  # fmt: skip
    return check
