"""Case intake through the API, durable commit, against pgbench doing the same writes over the same number of connections.

`python -m tests.load.intake` prints requests a second and the ratio. A database of its own is made in the cluster of
`.data/bench`; load comes from wrk where it is installed, else from a small client of ours.
"""

from __future__ import annotations

import statistics
import sys
from datetime import date, timedelta
from typing import Any

from tests.load.driving import KEY, ROOT, make_database, start_django
from tests.load.peer import Round, alternate

APPLICANTS = 200
TARGET = 0.25
ITEM = "public-venue-hygiene-permit"


def fill(address: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Bodies to send, one per applicant, and the rows that one of them becomes."""
    start_django(address)
    from tongban.foundation.identity.actions import issue_system_key, register_person
    from tongban.foundation.identity.models import Account
    from tongban.foundation.identity.queries import actor_of_key
    from tongban.foundation.identity.tests.factories import id_number
    from tongban.foundation.kernel.actors import installer
    from tongban.foundation.organisations.tests.factories import make_department
    from tongban.services.cases.actions import Applicant
    from tongban.services.cases.actions.intake import checked
    from tongban.services.cases.actions.rows import rows_of
    from tongban.services.cases.actions.submit import Application
    from tongban.services.items.actions import load_definition
    from tongban.services.items.actions.tables import load_code_tables

    department = make_department("区行政审批局")
    make_department("区卫健局")
    load_code_tables(installer("items.manage"))
    text = (ROOT / "tongban" / "demo" / "definitions" / "items" / f"{ITEM}.yaml").read_text()
    load_definition(installer("items.manage"), text)
    rights = installer("identity.manage_rights")
    issue_system_key(
        actor=rights, department_id=department.pk, name="压测", scopes=["cases.apply", "cases.see"], key=KEY
    )
    bodies = []
    for serial in range(1, APPLICANTS + 1):
        number = id_number(serial)
        account = Account.objects.create(username=f"bench-{serial}")
        register_person(account=account, name="李华", level=3, id_number=number, phone=f"138{serial:08}")
        bodies.append(body(number))
    sample = bodies[0]
    application = Application(
        item_code=ITEM,
        situation=sample["situation"],
        answers=sample["form"],
        materials={row["material_key"]: [{"way": row["get_type"], "waive_mode": row.get("waive_mode", "")}]
                   for row in sample["materials"]},
        applicant=Applicant("person", "李华", sample["applyer_page_code"], "13800000001"),
    )  # fmt: skip
    actor = actor_of_key(KEY)
    ready = checked(actor, application, application.applicant)
    from tongban.services.cases.models import DaySerial

    DaySerial.objects.bulk_create(DaySerial(prefix="bench", stripe=number, next=number) for number in range(1, 17))
    return bodies, rows_of(actor, ready, "f" * 64, "d" * 64)


def body(number: str) -> dict[str, Any]:
    """An application for a public-venue permit, as a department's own system would send it."""
    from tongban.foundation.identity.tests.factories import uscc

    later = (date.today() + timedelta(days=60)).isoformat()  # noqa: DTZ011  (only has to lie ahead)
    staff = [
        {"name": "王芳", "id_number": number, "post": "serve", "health_until": later},
        {"name": "张敏", "id_number": number, "post": "clean", "health_until": later},
    ]
    return {
        "item_code": ITEM,
        "situation": {"venue": "barber", "air": "no"},
        "form": {
            "subject_name": "广安区翠屏理发店", "uscc": uscc(7), "leader": "李华", "leader_id": number, "contact": "李华",
            "phone": "13800000001", "venue_name": "翠屏理发店", "area": 68.5, "opening_on": later, "washing": "own",
            "venue_address": {"division": "511602001001", "detail": "翠屏路1号2栋"}, "staff": staff, "promise": True,
        },
        "materials": [
            {"material_key": "identity", "get_type": "7", "waive_mode": "1"},
            {"material_key": "plan", "get_type": "1"},
            {"material_key": "test_report", "get_type": "4"},
            {"material_key": "rules", "get_type": "7", "waive_mode": "4"},
        ],
        "applyer_type": "1",
        "applyer_name": "李华",
        "applyer_page_code": number,
        "contact_mobile": "13800000001",
    }  # fmt: skip


def measure(rounds: int = 3, seconds: int = 6) -> list[Round]:
    """Alternate between the API and pgbench."""
    address = make_database()
    bodies, rows = fill(address)
    return list(alternate(address, bodies, rows, rounds, seconds))


def main() -> int:
    rounds = measure()
    for one in rounds:
        sys.stdout.write(
            f"intake {one.requests:7.0f} req/s  pgbench {one.transactions:7.0f} tps  ratio {one.ratio:.3f}  "
            f"p50 {one.p50_ms:.1f} ms  p99 {one.p99_ms:.1f} ms  failed {one.failed}  "
            f"processor {one.request_us:.0f} / {one.transaction_us:.0f} us\n"
        )
    ratio = statistics.median(one.ratio for one in rounds)
    sys.stdout.write(
        f"intake: median ratio {ratio:.3f} (target {TARGET}), {max(one.requests for one in rounds):.0f} req/s at best\n"
    )
    return 0 if ratio >= TARGET and not any(one.failed for one in rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
