"""The demo city's people, all invented: citizens, companies and staff, with one password and fixed second factors."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.foundation.identity.models import Account, Appointment, Company, Person, SystemClient
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.grades import SENSITIVE
from tongban.foundation.kernel.secrets import blind_index, close
from tongban.foundation.organisations.queries import department_by_name, posts_of, role_names

from .clearances import set_clearance
from .companies import add_company, grant_mandate
from .persons import register_person
from .staff import appoint, open_account
from .systems import issue_system_key

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "people.yaml"
DEMO_PASSWORD = "Tongban-2026-demo"  # noqa: S105  of invented accounts only; `tongban demo` prints it
DEMO_CLEARED = {"clerk", "reviewer", "approver", "data_steward"}  # whose work is with people's data
DEMO_SYSTEM_KEY = "tb_demo_{code}"  # the department's code completes it


def demo_secret(username: str) -> str:
    """The same TOTP secret for a demo account on every machine."""
    return base64.b32encode(hashlib.sha1(f"tongban demo {username}".encode()).digest()).decode()  # noqa: S324


def demo_code(username: str) -> str:
    """The six digits a demo account's second factor shows now."""
    return format_hotp_value(hotp_value(demo_secret(username), int(now().timestamp()) // 30))


@cache
def _demo_hash() -> str:
    """Argon2 is slow on purpose; one hash serves all invented accounts."""
    return make_password(DEMO_PASSWORD)


def _give_second_factor(account: Account) -> None:
    data = {"secret": close(demo_secret(account.username))}
    Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": data})


def _citizen(given: dict[str, Any]) -> Person:
    """One entry of the demo city's list of invented persons, with an account of the same name as its key."""
    if known := Person.objects.filter(id_index=blind_index(given["id_number"])).first():
        return known
    account = Account(username=given["key"], name=given["name"])
    account.password = _demo_hash()
    account.save()
    return register_person(
        account=account, name=given["name"], id_number=given["id_number"], phone=given["phone"],
        level=given.get("level", 3), invented=True,
    )  # fmt: skip


def _company(given: dict[str, Any], persons: dict[str, Person]) -> Company:
    return add_company(
        actor=installer("cases.apply"), uscc=given["uscc"], name=given["name"],
        legal_person=persons[given["legal_person"]], address=given.get("detail", ""),
        registered_on=given.get("registered_on"), invented=True,
    )  # fmt: skip


def _staff(department: str, role: str, username: str, name: str) -> None:
    office = department_by_name(department)
    if office is None:
        return
    account = Account.objects.filter(username=username).first() or open_account(
        actor=installer("identity.manage_accounts"), username=username, name=name, password_hash=_demo_hash()
    )
    _give_second_factor(account)
    if role in DEMO_CLEARED and not account.clearances.exists():
        set_clearance(
            actor=installer("identity.manage_rights"),
            account_id=account.pk,
            grade=SENSITIVE,
            reason="岗位要查看个人信息",
        )
    post = next((post for post in posts_of(office.pk) if post.role == role), None)
    if post and not Appointment.objects.filter(account=account).exists():
        appoint(actor=installer("identity.manage_accounts"), account_id=account.pk, post_id=post.pk)


def _office_staff(sample: dict[str, Any]) -> list[dict[str, str]]:
    roster: list[dict[str, str]] = []
    for department, slug in sample["departments"].items():
        for role, names in sample["roles"].items():
            name = names[len(roster) % len(names)]
            roster.append({"username": f"{slug}-{role}", "name": name, "department": department, "role": role})
    return roster + sample["officers"]


@transaction.atomic
def load_people(*, persons: dict[str, dict[str, Any]], companies: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    """Make every demo account that is missing, from the demo city's lists; says who they are, for printing.

    Each line has `username`, `name` and `who`; the password of all is `DEMO_PASSWORD`, second factors are `demo_code`.
    """
    sample = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    citizens = {key: _citizen(given) for key, given in persons.items()}
    roster = [{"username": key, "name": person.name, "who": "市民"} for key, person in citizens.items()]
    for key, given in companies.items():
        company = _company(given, citizens)
        for handler in sample["handlers"].get(key, []):
            _hand_over(company, citizens[given["legal_person"]], citizens[handler["person"]], handler)
    for given in _office_staff(sample):
        _staff(given["department"], given["role"], given["username"], given["name"])
        who = f"{given['department']} {role_names()[given['role']]}"
        roster.append({"username": given["username"], "name": given["name"], "who": who})
    for department in sample["systems"]:
        _system(department)
    return roster


def _hand_over(company: Company, legal_person: Person, handler: Person, mandate: dict[str, Any]) -> None:
    if company.mandates.filter(person=handler).exists():
        return
    assert legal_person.account is not None  # every citizen of the demo city has one
    actor = actor_of(legal_person.account, f"company:{company.pk}")
    grant_mandate(
        actor=actor, company_id=company.pk, name=handler.name, id_number=handler.id_number,
        items=mandate.get("items", []), until_on=today() + timedelta(days=mandate["days"]),
    )  # fmt: skip


def _system(department: str) -> None:
    office = department_by_name(department)
    if office and not SystemClient.objects.filter(department=office).exists():
        issue_system_key(
            actor=installer("identity.manage_rights"), department_id=office.pk, name="示例业务系统",
            scopes=["cases.apply", "cases.see", "files.see", "items.see"], key=DEMO_SYSTEM_KEY.format(code=office.code),
        )  # fmt: skip
