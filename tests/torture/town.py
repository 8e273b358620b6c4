"""What stands in the house before it is tortured: three offices with one item each, their staff, and people who are all signed in.

Made by the house's own actions, in peace; only what follows is under test.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.load.driving import start_django

from .handed import FILES, ROWS_A_PART, SYSTEM, SYSTEM_ROWS, file_of

DEFINITIONS = Path(__file__).resolve().parents[2] / "tongban" / "demo" / "definitions"
PERMIT, CARD, IDENTITY = "public-venue-hygiene-permit", "elderly-card", "identity-card"
OPINION = "区卫健局"  # is asked for an opinion on every permit
ROLES = ("clerk", "reviewer", "approver")


@dataclass(frozen=True)
class Person:
    """Somebody with a session: what he sends along with every request, and how the database knows him."""

    name: str
    role: str  # citizen, clerk, reviewer, approver, steward, head, platform
    session: str
    account_id: str
    person_id: str = ""
    id_number: str = ""
    phone: str = ""
    full_name: str = ""
    department: str = ""
    desk: dict[str, str] = field(default_factory=dict)  # a steward's: the ids of what he works with


@dataclass(frozen=True)
class Town:
    citizens: list[Person] = field(default_factory=list)
    officers: list[Person] = field(default_factory=list)

    @property
    def personal(self) -> list[str]:
        """What no log may say of anybody."""
        return [said for one in self.citizens for said in (one.id_number, one.phone, one.full_name) if said]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1))


def build(address: str, citizens: int) -> Town:
    """Everything and everybody, in the fresh database at `address`."""
    start_django(address)
    from django.db import connection

    from tongban.config.launch import prepare
    from tongban.foundation.letters.actions import load_templates
    from tongban.services.items.actions.tables import load_code_tables

    prepare.compile_messages()
    prepare.collect_static()
    load_templates()
    load_code_tables(_installer("items.manage"))
    departments = {item: _item(item) for item in (PERMIT, CARD, IDENTITY)}
    from tongban.foundation.organisations.tests.factories import make_department

    places = {d.short_name: d for d in departments.values()}
    if OPINION not in places:
        places[OPINION] = make_department(OPINION)
    town = Town(
        [_citizen(serial) for serial in _serials(citizens)],
        [
            *(one for place in places.values() for one in _desks(place)),
            _steward(departments[CARD]),
            *_reviewers(departments[CARD]),
        ],
    )
    connection.close()
    return town


def _installer(right: str) -> Any:
    from tongban.foundation.kernel.actors import installer

    return installer(right)


def _item(code: str) -> Any:
    """The item, the types of licences it names, and its rules where it has any; its department."""
    import yaml

    from tongban.demo.licences import definition_of
    from tongban.demo.rules import content_of, rule_files
    from tongban.foundation.organisations.models import Department
    from tongban.foundation.organisations.tests.factories import make_department
    from tongban.services.decisions.actions import load_rules
    from tongban.services.items.actions import load_definition
    from tongban.services.licences.actions import load_type

    text = (DEFINITIONS / "items" / f"{code}.yaml").read_text()
    content = yaml.safe_load(text)
    name = content["department"]
    department = Department.objects.filter(short_name=name).first() or make_department(name)
    named = {found["licence_type"] for found in content["results"] if found.get("licence_type")}
    named |= {kind for material in content["materials"] for kind in material.get("licence_types") or ()}
    for path in sorted((DEFINITIONS / "licences").glob("*.yaml")):
        if definition_of(path.stem)["code"] in named:
            load_type(actor=_installer("licences.design"), definition=definition_of(path.stem))
    load_definition(_installer("items.manage"), text)
    if rules := rule_files().get(code):
        load_rules(
            actor=_installer("items.manage"),
            item_code=code,
            content=content_of(rules),
            effective_on=rules["effective_on"],
        )
    return department


def _serials(count: int) -> list[int]:
    """Of those the demo's registers would find at an old address, none: an automatic decision would go to a person."""
    return [serial for serial in range(1, 2 * count + 5) if serial % 5 != 2][:count]


def _citizen(serial: int) -> Person:
    from tests.load.at_once import person
    from tongban.data.registries.actions import load_sample
    from tongban.foundation.identity.actions import register_person
    from tongban.foundation.identity.models import Account
    from tongban.foundation.identity.queries import actor_of

    record = person(serial)
    load_sample(persons=[record], companies=[])
    account = Account.objects.create(username=f"citizen-{serial}")
    human = register_person(
        account=account, name=record["name"], level=3, id_number=record["id_number"], phone=record["phone"]
    )
    session = _session(actor_of(account, "self"))
    return Person(
        f"citizen-{serial}",
        "citizen",
        session,
        str(account.pk),
        str(human.pk),
        record["id_number"],
        record["phone"],
        record["name"],
    )


def _desks(department: Any) -> list[Person]:
    """One at each post, and somebody who decides in the approver's name (代理)."""
    from tongban.foundation.identity.actions import name_deputy
    from tongban.foundation.identity.queries import actor_of
    from tongban.foundation.identity.tests.factories import make_officer
    from tongban.foundation.kernel.clock import today

    accounts = {role: make_officer(role, department=department) for role in ROLES}
    stand_in = make_officer("reviewer", department=department)
    named = name_deputy(
        actor=actor_of(accounts["approver"]),
        account_id=stand_in.pk,
        starts_on=today(),
        until_on=today() + timedelta(days=1),
    )
    desks = [(role, role, account, "") for role, account in accounts.items()]
    desks += [("deputy", "approver", stand_in, f"deputy:{named.pk}")]
    return [
        Person(
            f"{name} {department.short_name}",
            role,
            _session(actor_of(account), capacity),
            str(account.pk),
            department=department.short_name,
        )
        for name, role, account, capacity in desks
    ]


def _steward(department: Any) -> Person:
    """A data steward with a folder of files and his office's own system; a job brings each of them into the lake."""
    from django.conf import settings

    from tongban.data.gathering.actions import connect_source, create_job
    from tongban.data.lake.gateways import engine
    from tongban.foundation.identity.queries import actor_of
    from tongban.foundation.identity.tests.factories import make_officer

    folder = Path(settings.GATHERING_ROOT) / department.code
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "people.csv").write_bytes(file_of(0))
    with sqlite3.connect(folder / "system.db") as system:
        system.execute("create table people (id integer primary key, version integer)")
        system.executemany("insert into people values (?, 0)", [(number,) for number in range(1, SYSTEM_ROWS + 1)])
    account = make_officer("data_steward", department=department)
    actor = actor_of(account)
    columns = [{"name": name, "source": name, "kind": "integer", "required": True} for name in ("id", "version")]
    desk = {}
    for key, kind, place, table in (
        (FILES, "files", {"folder": "files"}, "people.csv"),
        (SYSTEM, "sqlite", {"path": "system.db"}, "main.people"),
    ):
        source = connect_source(actor=actor, title=key, kind=kind, place=place, secret={}, department_id=department.pk)
        job = create_job(
            actor=actor, source_id=source.pk, table=table, key=key, title=key, columns=columns, keys=["id"],
            rows_a_part=ROWS_A_PART,
        )  # fmt: skip
        desk |= {key: str(job.pk), **({"source": str(source.pk)} if kind == "files" else {})}
    engine.stop()
    return Person(f"steward {department.short_name}", "steward", _session(actor), str(account.pk), desk=desk)


def _reviewers(department: Any) -> list[Person]:
    """Who answers for what the steward writes in the catalogue: his department's head, then the platform."""
    from tongban.data.catalogue.actions import load_value_tables
    from tongban.foundation.identity.queries import actor_of
    from tongban.foundation.identity.tests.factories import make_officer

    load_value_tables(actor=_installer("catalogue.publish"))
    seats = {"head": make_officer("dept_head", department=department), "platform": make_officer("data_admin")}
    return [Person(role, role, _session(actor_of(account)), str(account.pk)) for role, account in seats.items()]


def _session(actor: Any, capacity: str = "") -> str:
    from django.conf import settings
    from django.test import Client

    from tongban.foundation.identity.tests.factories import sign_in

    client = sign_in(Client(), actor)
    session = client.session
    for step in session["account_authentication_methods"]:
        step["at"] += timedelta(
            days=1
        ).total_seconds()  # whoever decides has proved lately who he is, however long it all takes
    session["capacity"] = capacity or session["capacity"]
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value
