"""Automatic approvals end to end through the API: application, decision by rules, signed licence record, letter and message in one
durable commit, against pgbench doing the same writes.

`python -m tests.load.at_once` prints requests a second, the ratio, and the latency at half of the greatest load.
"""

from __future__ import annotations

import statistics
import sys
from typing import Any

from tests.load.driving import KEY, ROOT, make_database, start_django
from tests.load.peer import Round, alternate

APPLICANTS = 200
TARGET, P99_MS = 0.2, 100.0
ITEM = "elderly-card"
DEFINITIONS = ROOT / "tongban" / "demo" / "definitions"


def fill(address: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Bodies to send, one per old person, and the rows that one of them becomes."""
    start_django(address)
    import yaml

    from tongban.data.registries.actions import load_sample
    from tongban.demo.licences import definition_of
    from tongban.demo.rules import content_of, rule_files
    from tongban.foundation.identity.actions import issue_system_key, register_person
    from tongban.foundation.identity.models import Account
    from tongban.foundation.identity.queries import actor_of_key
    from tongban.foundation.kernel.actors import installer
    from tongban.foundation.kernel.clock import now
    from tongban.foundation.organisations.tests.factories import make_department
    from tongban.services.cases.actions import Applicant
    from tongban.services.cases.actions.at_once import decided, weighed
    from tongban.services.cases.actions.intake import checked
    from tongban.services.cases.actions.rows import rows_of
    from tongban.services.cases.actions.submit import Application
    from tongban.services.cases.models import DaySerial
    from tongban.services.decisions.actions import load_rules
    from tongban.services.items.actions import load_definition
    from tongban.services.items.actions.tables import load_code_tables
    from tongban.services.licences.actions import load_type

    items = installer("items.manage")
    text = (DEFINITIONS / "items" / f"{ITEM}.yaml").read_text()
    content = yaml.safe_load(text)
    department = make_department(content["department"])
    load_code_tables(items)
    made = [found["licence_type"] for found in content["results"] if found.get("licence_type")]
    named = {code for material in content["materials"] for code in material.get("licence_types") or ()} | set(made)
    for path in sorted((DEFINITIONS / "licences").glob("*.yaml")):
        if definition_of(path.stem)["code"] in named:
            load_type(actor=installer("licences.design"), definition=definition_of(path.stem))
    load_definition(items, text)
    rules = rule_files()[ITEM]
    load_rules(actor=items, item_code=ITEM, content=content_of(rules), effective_on=rules["effective_on"])
    rights = installer("identity.manage_rights")
    issue_system_key(
        actor=rights, department_id=department.pk, name="压测", scopes=["cases.apply", "cases.see"], key=KEY
    )
    people = [person(serial) for serial in range(1, APPLICANTS + 1) if serial % 5 != 2]  # whose address is not old
    load_sample(persons=people, companies=[])
    for one in people:
        account = Account.objects.create(username=f"bench-{one['id_number'][14:]}")
        register_person(account=account, name=one["name"], level=3, id_number=one["id_number"], phone=one["phone"])
    bodies = [body(one) for one in people]
    sample = bodies[0]
    application = Application(
        item_code=ITEM,
        situation=sample["situation"],
        answers=sample["form"],
        materials={row["material_key"]: [{"way": row["get_type"], "waive_mode": row["waive_mode"]}] for row in sample["materials"]},
        applicant=Applicant("person", sample["applyer_name"], sample["applyer_page_code"], sample["contact_mobile"]),
    )  # fmt: skip
    actor = actor_of_key(KEY)
    ready = checked(actor, application, application.applicant)
    verdict = weighed(ready, now())
    if verdict is None or verdict.outcome != "grant":
        raise SystemExit(f"the rules would not grant: {verdict and verdict.reasons}")
    DaySerial.objects.bulk_create(DaySerial(prefix="bench", stripe=number, next=number) for number in range(1, 17))
    return bodies, decided(ready, verdict, rows_of(actor, ready, "f" * 64, "d" * 64))


def person(serial: int) -> dict[str, Any]:
    """Somebody of eighty who is registered here, with a number of his own."""
    from tongban.foundation.identity.tests.factories import id_number

    number = id_number(serial, birth="19460401")
    return {
        "name": "陈桂芳", "id_number": number, "sex": "2" if int(number[16]) % 2 == 0 else "1", "birth_on": "1946-04-01",
        "nation": "01", "division": "511602001001", "detail": "渠江北路72号", "phone": f"139{serial:08}",
    }  # fmt: skip


def body(one: dict[str, Any]) -> dict[str, Any]:
    """An application for a card in place of a lost one (which one may ask for again and again), as a department's system sends it."""
    return {
        "item_code": ITEM,
        "situation": {"reason": "lost", "household": "local", "who": "self"},
        "form": {
            "name": one["name"], "id_number": one["id_number"], "birth_on": one["birth_on"], "sex": one["sex"],
            "phone": one["phone"], "home": {"division": one["division"], "detail": one["detail"]}, "delivery": "counter",
            "big_print": False,
        },
        "materials": [{"material_key": "identity", "get_type": "7", "waive_mode": "1"}],
        "applyer_type": "1",
        "applyer_name": one["name"],
        "applyer_page_code": one["id_number"],
        "contact_mobile": one["phone"],
    }  # fmt: skip


def measure(rounds: int = 3, seconds: int = 6) -> list[Round]:
    """Alternate between the API at full load, pgbench, and the API at half its rate."""
    address = make_database()
    bodies, rows = fill(address)
    return list(alternate(address, bodies, rows, rounds, seconds, half=True))


def left_to_people() -> int:
    """How many applications the rules did not decide: with any of them the figure would be one of something else."""
    from tongban.services.cases.models import Case

    return Case.objects.exclude(state="closed", result="granted").count()


def main() -> int:
    rounds = measure()
    for one in rounds:
        sys.stdout.write(
            f"at once {one.requests:7.0f} req/s  pgbench {one.transactions:7.0f} tps  ratio {one.ratio:.3f}  p50 {one.p50_ms:.1f} ms"
            f"  p99 {one.p99_ms:.1f} ms  at half {one.half_p99_ms:.1f} ms  failed {one.failed}"
            f"  processor {one.request_us:.0f} / {one.transaction_us:.0f} us\n"
        )
    undecided = left_to_people()
    sys.stdout.write(f"left to people: {undecided}\n")
    ratio = statistics.median(one.ratio for one in rounds)
    calm = statistics.median(one.half_p99_ms for one in rounds)
    return 0 if ratio >= TARGET and calm <= P99_MS and not undecided and not any(one.failed for one in rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
