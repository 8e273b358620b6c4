"""Natural persons: registering oneself, being entered at a counter, and showing a masked number on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import look, record
from tongban.foundation.identity.errors import RegistrationRefused
from tongban.foundation.identity.models import Account, Person
from tongban.foundation.identity.passwords import password_by_chance
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.identity.rules import person_faults
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.grades import SENSITIVE
from tongban.foundation.kernel.identifiers import citizen_id_birth, citizen_id_sex
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

COUNTER_LEVEL = 3  # face and card compared by an officer
MASKED = ("id_number", "phone")


def _sentences() -> dict[str, str]:
    return {
        "name": _("请填写身份证上的姓名，2至60个字，不含数字。"),
        "length": _("身份证号码应为18位，请核对。"),
        "characters": _("身份证号码只能是数字，最后一位可以是大写字母X。"),
        "birth_date": _("身份证号码中的出生日期不存在，请核对。"),
        "check": _("身份证号码的校验位不对，可能有一位填错了，请核对。"),
        "phone": _("请填写11位手机号码，以1开头。"),
    }


def person_reasons(*, name: str, id_number: str, phone: str) -> list[Reason]:
    sentences = _sentences()
    faults = person_faults(name=name, id_number=id_number, phone=phone, today=today())
    return [Reason(code, sentences[code], field) for field, code in faults]


def _new_person(*, name: str, id_number: str, phone: str, **more: Any) -> Person:
    return Person.objects.create(
        name=name.strip(), id_number=id_number, id_index=blind_index(id_number),
        phone=phone, phone_index=blind_index(phone) if phone else "",
        birth_on=citizen_id_birth(id_number), sex=citizen_id_sex(id_number), **more,
    )  # fmt: skip


@transaction.atomic
def register_person(
    *, account: Account, name: str, id_number: str, phone: str, level: int = 2, invented: bool = False
) -> Person:
    """Bind an account to the person behind it, once his identity has been checked; `level` says how well.

    A person entered earlier at a counter is taken over when name and number agree. Refused with every reason.
    """
    id_number = id_number.strip().upper()
    reasons = person_reasons(name=name, id_number=id_number, phone=phone)
    if Person.objects.filter(account=account).exists():
        reasons.append(Reason("bound", _("这个账号已经绑定了本人信息。")))
    known = Person.objects.select_for_update().filter(id_index=blind_index(id_number)).first()
    if known and (known.account_id or known.name != name.strip()):
        text = _("这个身份证号码已有人注册。如果是您本人，请直接登录或找回密码；否则请拨打12345核实。")
        reasons.append(Reason("taken", text, "id_number"))
    if reasons:
        raise RegistrationRefused(reasons=reasons)
    if known:
        person = known
        person.phone, person.phone_index = phone, blind_index(phone)
    else:
        person = _new_person(name=name, id_number=id_number, phone=phone, invented=invented)
    person.account, person.level = account, level
    person.save()
    account.name, account.level = person.name, max(account.level, level)
    account.save(update_fields=["name", "level"])
    data = {"level": level}
    record("identity.person_registered", actor=actor_of(account), subject=person, person_id=person.pk, data=data)
    return person


@transaction.atomic
def add_person(*, actor: Actor, name: str, id_number: str, phone: str = "", invented: bool = False) -> Person:
    """Enter somebody who stands at the counter and has no account; the one already known is given back."""
    permit(actor, "cases.apply", department_id=actor.department_id)
    if actor.kind not in ("staff", "system"):
        raise NotAllowed
    id_number = id_number.strip().upper()
    if known := Person.objects.select_for_update().filter(id_index=blind_index(id_number)).first():
        if known.name != name.strip():
            text = _("姓名与身份证号码不一致，请核对证件。")
            raise RegistrationRefused(reasons=[Reason("name_differs", text, "name")])
        return known
    reasons = [r for r in person_reasons(name=name, id_number=id_number, phone=phone) if phone or r.field != "phone"]
    if reasons:
        raise RegistrationRefused(reasons=reasons)
    person = _new_person(name=name, id_number=id_number, phone=phone, invented=invented)
    record("identity.person_added", actor=actor, subject=person, person_id=person.pk)
    return person


@transaction.atomic
def unmask(*, actor: Actor, person_id: UUID, what: str, reason: str, subject: str) -> str:
    """Show a member of staff a person's full `id_number` or `phone`, for a stated reason that the person can read."""
    permit(actor, "persons.unmask", department_id=actor.department_id, grade=SENSITIVE)
    reasons = []
    if what not in MASKED:
        reasons.append(Reason("what", _("只能查看身份证号码或手机号码。"), "what"))
    if len(reason.strip()) < 4:
        reasons.append(Reason("reason", _("请写明查看的理由，至少4个字；当事人能看到。"), "reason"))
    if reasons:
        raise RegistrationRefused(_("还不能查看。"), reasons=reasons)
    person = find(Person.objects, pk=person_id)
    data = {"what": [what], "purpose": reason.strip()[:200], "unmasked": True}
    record("persons.seen", actor=actor, subject=subject, person_id=person.pk, data=data)
    return str(getattr(person, what))


def _stands_here(name: str, id_number: str) -> Person:
    """The registered person whose card the clerk holds; refused alike when unknown and when the name differs."""
    person = Person.objects.select_for_update().filter(id_index=blind_index(id_number)).exclude(account=None).first()
    if person is None or person.name != name.strip():
        text = _("没有姓名与身份证号码一致的注册用户，请核对证件；没有注册的，请本人先注册。")
        raise RegistrationRefused(reasons=[Reason("unknown", text, "id_number")])
    return person


@transaction.atomic
def confirm_at_counter(*, actor: Actor, name: str, id_number: str, forgotten: bool = False) -> tuple[Person, str]:
    """A clerk has compared face and card: the assurance level rises to 3.

    With `forgotten` a new password is made, too, and given back this one time to be handed over; the second factor stays.
    The person finds both among the looks at his data.
    """
    permit(actor, "persons.verify", department_id=actor.department_id)
    person = _stands_here(name, id_number)
    if person.account_id == actor.account_id:
        raise NotAllowed(_("不能给自己核验，请另一位同事办理。"))
    person.level = max(person.level, COUNTER_LEVEL)
    person.save(update_fields=["level"])
    account, password = find(Account.objects.select_for_update(), pk=person.account_id), ""
    account.level = max(account.level, COUNTER_LEVEL)
    if forgotten:
        password = password_by_chance(12)
        account.set_password(password)
        account.failures, account.locked_until = 0, None
    account.save()
    look(actor=actor, person_id=person.pk, what="card", purpose="identity.counter", subject=person)
    data = {"level": person.level, "password_set": forgotten}
    record("identity.person_verified", actor=actor, subject=person, person_id=person.pk, data=data)
    return person, password
