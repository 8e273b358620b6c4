"""People for tests, valid by default. Other rooms may use these in their tests."""

from __future__ import annotations

import itertools
import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.test import Client

from tongban.foundation.identity.actions import add_company, keep_address, register_person
from tongban.foundation.identity.models import Account, Address, Appointment, Clearance, Company, Person
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import citizen_id_check, organisation_check, uscc_check
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.tests.factories import make_divisions, make_post

_serial = itertools.count(1)


def id_number(serial: int | None = None, birth: str = "19900307") -> str:
    """A valid citizen ID number that nobody else in this test has, nor 李华 of the sample register, whose serial is 101."""
    number = (serial or next(_serial)) % 1000
    first17 = f"511602{birth}{501 if number == 101 else number:03}"
    return first17 + citizen_id_check(first17)


def uscc(serial: int | None = None) -> str:
    body = f"MA6T{(serial or next(_serial)):04}"
    first17 = f"91511602{body}{organisation_check(body)}"
    return first17 + uscc_check(first17)


def make_account(**fields: Any) -> Account:
    fields.setdefault("username", f"account-{next(_serial)}")
    return Account.objects.create(**fields)


def make_person(*, name: str = "李华", level: int = 3, account: Account | None = None, **fields: Any) -> Person:
    """A registered person with an account."""
    serial = next(_serial)
    return register_person(
        account=account or make_account(), name=name, level=level, id_number=fields.pop("id_number", id_number(serial)),
        phone=fields.pop("phone", f"138{serial:08}"), **fields,
    )  # fmt: skip


def make_company(*, legal_person: Person | None = None, **fields: Any) -> Company:
    """A company whose legal representative may act for it."""
    legal_person = legal_person or make_person(name="王伟")
    fields.setdefault("name", f"广安示例{next(_serial)}有限公司")
    fields.setdefault("uscc", uscc())
    return add_company(actor=installer("cases.apply"), legal_person=legal_person, **fields)


def make_address(actor: Actor, **fields: Any) -> Address:
    """An entry of the actor's address book, in a street of the demo city."""
    make_divisions()
    given = {
        "label": "家",
        "name": "李华",
        "phone": "13812345678",
        "division": "511602001001",
        "detail": "翠屏路18号2单元301",
    }
    return keep_address(actor=actor, **given | fields)


def make_officer(
    role: str = "clerk", *, department: Department | None = None, name: str = "周丽", clearance: int = 3
) -> Account:
    """A member of staff seated on a post of a role: the rows alone, for nearly every test needs some; `appoint` has its own."""
    account = make_account(name=name, level=3)
    Clearance.objects.create(account=account, grade=clearance, reason="tests")
    Appointment.objects.create(account=account, post=make_post(department=department, role=role), starts_on=today())
    return account


def citizen(person: Person | None = None) -> Actor:
    return actor_of((person or make_person()).account, "self")


def company_actor(company: Company | None = None) -> Actor:
    company = company or make_company()
    return actor_of(company.legal_person.account, f"company:{company.pk}")


def officer(role: str = "clerk", *, department: Department | None = None, clearance: int = 3) -> Actor:
    return actor_of(make_officer(role, department=department, clearance=clearance))


def capacity_of(actor: Actor) -> str:
    ways = {"person": "self", "company": f"company:{actor.company_id}", "staff": f"post:{actor.post_id}"}
    return ways[actor.kind]


def sign_in(client: Client, actor: Actor) -> Client:
    """Sign a test client in as `actor`, second factor and capacity included."""
    account = Account.objects.get(pk=actor.account_id)
    client.logout()
    client.force_login(account)
    session = client.session
    session["capacity"] = capacity_of(actor)
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    UserSession.objects.create(user=account, session_key=session.session_key, ip="127.0.0.1", user_agent="tests")
    return client
