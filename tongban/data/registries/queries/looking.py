"""Looking somebody up. Here a look is itself a fact: whose data, who looked, what for, for which case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Record
from tongban.data.registries.rules import (
    CREDIT,
    GRADE,
    LEGAL_PERSONS,
    LOOK,
    POPULATION,
    credit_values,
    masked,
    purpose_faults,
    with_age,
)
from tongban.foundation.audit.actions import record
from tongban.foundation.identity import queries as identity
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotSignedIn, Reason
from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault
from tongban.foundation.kernel.secrets import blind_index, open_json
from tongban.foundation.kernel.statements import one_row

Values = dict[str, dict[str, Any]]
MOST = 50
HELD = """select "values" from registries_record where register = %s and key_index = %s and state = 'held'"""
MARKS = """
select s.source, s.as_of, (select array_agg(r."values") from registries_record r
  where r.register = %(register)s and r.name_index = %(number)s and r.state = 'held')
from registries_registerstate s where s.name = %(register)s
"""
NEEDED = {
    "purpose": _("请写明查询的目的。"),
    "case_no": _("请写明为哪个办件查询。"),
    "id_number": _("身份证号不完整或校验码不对，请核对。"),
    "number": _("身份证号或者统一社会信用代码不对，请核对。"),
    "uscc": _("统一社会信用代码不完整或校验码不对，请核对。"),
}


@transaction.atomic
def person_record(*, actor: Actor, id_number: str, purpose: str, case_no: str) -> Values | None:
    """What the population register says, each value with source, day and whether it is stale; None: not registered.

    One's own record needs no right; another's needs `registries.look`, a purpose and a case.
    """
    number = id_number.strip().upper()
    own = _is_own(actor, id_number=number)
    _permit(actor, own, purpose, case_no, "id_number" if citizen_id_fault(number, today=today()) else "")
    row = _held(POPULATION, blind_index(number))
    person = None if own else identity.person_by_id_number(number)
    _write_down(actor, POPULATION, f"record:{row.pk}" if row else "register:population", own, purpose, case_no,
                person.pk if person else None)  # fmt: skip
    return _aged(row, "person")


@transaction.atomic
def company_record(*, actor: Actor, uscc: str, purpose: str, case_no: str) -> Values | None:
    """What the legal-person register says; the same terms as for a person."""
    code = uscc.strip().upper()
    own = _is_own(actor, uscc=code)
    _permit(actor, own, purpose, case_no, "uscc" if uscc_fault(code) else "")
    row = _held(LEGAL_PERSONS, code)
    _write_down(
        actor,
        LEGAL_PERSONS,
        f"record:{row.pk}" if row else "register:legal_persons",
        own,
        purpose,
        case_no,
        None,
    )
    return _aged(row, "company")


def registered(register: str, number: str, on: date, *, limit_ms: int = 0) -> Values | None:
    """What a register says of a number, for a decision that is made without a person; None: not registered.

    Nothing is written down here: the decision keeps every value it saw with source and time, and its fact names the
    registers it looked into. `register` is `population`, `legal_persons` or `credit`. One round trip, past the ORM: it is
    asked while somebody waits for his decision. `limit_ms`: a longer wait is a fault of the database.
    """
    if register == POPULATION:
        person = one_row(HELD, [POPULATION, blind_index(number)], limit_ms=limit_ms)
        return with_age(open_json(person[0]), "person", on) if person else None
    if register == LEGAL_PERSONS:
        company = one_row(HELD, [LEGAL_PERSONS, number], limit_ms=limit_ms)
        return with_age(open_json(company[0]), "company", on) if company else None
    credit = one_row(MARKS, {"register": CREDIT, "number": blind_index(number)}, limit_ms=limit_ms)
    if credit is None:  # never delivered: then nobody knows
        return None
    source, as_of, kept = credit
    return credit_values([plain(open_json(one)) for one in kept or ()], source, as_of, on)


def plain(values: Values) -> dict[str, Any]:
    """Element → value alone."""
    return {name: entry["value"] for name, entry in values.items()}


@transaction.atomic
def records_about(*, actor: Actor, register: str, number: str, purpose: str, case_no: str) -> list[Values]:
    """What a register holds about a person or a company by the number of one: his licences, what stands in the credit register. The
    same terms as for a person's record, and written down alike. Masked by what the register's rules say only on a page."""
    code = number.strip().upper()
    person = citizen_id_fault(code, today=today()) is None
    fault = "" if person or uscc_fault(code) is None else "number"
    own = _is_own(actor, id_number=code) or _is_own(actor, uscc=code)
    _permit(actor, own, purpose, case_no, fault)
    rows = Record.objects.filter(register=register, name_index=blind_index(code), state=Record.State.HELD)
    known = None if own or not person else identity.person_by_id_number(code)
    _write_down(actor, register, f"register:{register}", own, purpose, case_no, known.pk if known else None)
    return [row.values for row in rows.order_by("-known_at", "-id")[:MOST]]


def _held(register: str, key_index: str) -> Record | None:
    held = Record.objects.filter(register=register, key_index=key_index, state=Record.State.HELD)
    return held.only("id", "values").first()


def _aged(row: Record | None, kind: str) -> Values | None:
    return with_age(row.values, kind, today()) if row else None


def masked_record(record_: Values, kind: str) -> Values:
    """A record as an officer sees it first; `kind` is `person` or `company`."""
    return {
        element: entry | {"value": masked(f"{kind}.{element}", entry["value"])} for element, entry in record_.items()
    }


def _is_own(actor: Actor, **number: str) -> bool:
    card = identity.identity_card(actor)
    return any(value and card.get(name) == value for name, value in number.items())


def _permit(actor: Actor, own: bool, purpose: str, case_no: str, number_fault: str) -> None:
    if not actor.signed_in:
        raise NotSignedIn
    if own:
        return
    permit(actor, LOOK, department_id=actor.department_id, grade=GRADE)
    faults = [*([number_fault] if number_fault else []), *purpose_faults(purpose, case_no)]
    if faults:
        raise LookRefused(reasons=[Reason(fault, NEEDED[fault], fault) for fault in faults])


def _write_down(
    actor: Actor, register: str, subject: str, own: bool, purpose: str, case_no: str, person_id: Any
) -> None:
    data = {"what": register, "purpose": purpose[:200], "case_no": case_no[:60], "own": own}
    record("registries.looked", actor=actor, subject=subject, person_id=person_id, data=data)
