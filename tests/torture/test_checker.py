"""The checker is believed because it has been seen to find each kind of fault, one planted after the other in a sound house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.torture import checker
from tests.torture.checker.papers import logs
from tests.torture.ledger import ACKNOWLEDGED, REFUSED, UNKNOWN, Ledger, Request, read
from tongban.data.topics.actions import follow
from tongban.foundation.files.actions import store
from tongban.foundation.identity.tests.factories import citizen
from tongban.foundation.tasks.actions import run_waiting
from tongban.services.cases.actions import accept, decide, review, tell_submitted
from tongban.services.cases.models import Case
from tongban.services.cases.tests.factories import Office, make_case, make_office
from tongban.services.cases.tests.test_at_once import draft_of, the_rules
from tongban.services.decisions.tests.factories import make_rules
from tongban.services.items.tests.factories import a_definition
from tongban.services.licences.tests.factories import make_type

from .citizens import picture

FEE = {"key": "card", "name": "工本费", "standard": "每证10元", "amount_fen": 1000, "basis": "川发改价格〔2018〕1号"}
KEY = settings.DATA_KEYS["k1"]
ROUND = "01a20075-aaaa-7880-b52d-4d6b394cb446"
HUMAN = "(select id from cases_case where item_code = 'identity-card')"


def a_copy(table: str, where: str = "true", **changes: str) -> str:
    """A second row like an existing one, with another id."""
    named = "".join(f", '{name}', '{value}'" for name, value in changes.items())
    row = f"jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(){named}))"
    return f"insert into {table} select ({row}).* from {table} r where {where} limit 1"


def a_job(status: str) -> str:
    return f"insert into procrastinate_jobs (queue_name, task_name, status) values ('default', 'x.y', '{status}')"


def a_transfer(answer: str) -> str:
    """A case that somebody offered to another department, told on its time line."""
    told = [a_copy("cases_caseevent", f"case_id = {HUMAN}", verb=verb) for verb in ("offer_transfer", "take_over")]
    return f"""insert into cases_transfer
        (id, case_id, from_department_id, to_department_id, reasons, offered_by, offered_at, answer, answered_at, note)
        select gen_random_uuid(), id, department_id, gen_random_uuid(), '', gen_random_uuid(), now(), '{answer}', now(), ''
        from cases_case where id = {HUMAN}; """ + "; ".join(told[: 1 + bool(answer)])


def a_round(settled: str, *steps: str) -> str:
    """A round of opinions on a case that is decided, told on its time line; with somebody's step where one is named."""
    asked = f"""insert into cases_asking (id, case_id, kind, rule, question, asked_by, asked_at, settled_at)
        select '{ROUND}', id, 'joint', 'all', '', gen_random_uuid(), now(), {settled} from cases_case where id = {HUMAN}"""
    told = a_copy("cases_caseevent", f"case_id = {HUMAN}", verb="ask_opinions")
    return "; ".join(
        [
            asked,
            told,
            *(
                a_copy("cases_casestep", f"case_id = {HUMAN}", asking_id=ROUND, state=state, position="9")
                for state in steps
            ),
        ]
    )


# By rule: what is done to the rows. Each must be named under its rule, whatever else is named beside it.
PLANTED: dict[str, list[str]] = {
    "submission": [
        f"delete from cases_case where id = {HUMAN}",
        f"update cases_case set project_no = project_no || '1' where id = {HUMAN}",
        f"update cases_case set applicant_person_id = null where id = {HUMAN}",
        a_copy("cases_case", f"id = {HUMAN}", project_no="X"),
        a_copy("cases_casematerial", f"case_id = {HUMAN} and file_name <> ''", case_id="01a20075-aaaa-7880-b52d-4d6b394cb445", key="x"),
    ],
    "act": [
        f"delete from cases_caseevent where case_id = {HUMAN} and verb = 'accept'",
        a_copy("cases_caseevent", f"case_id = {HUMAN} and verb = 'accept'"),
        "update cases_decision set reasons = '' where decided_by is not null",
    ],
    "course": [
        f"update cases_case set state = 'received', result = '', decided_at = null where id = {HUMAN}",
        "delete from cases_caseevent where verb = 'accept'",
        "update cases_case set result = 'withdrawn', decided_at = null where state = 'closed'",
    ],
    "chain": [
        """update audit_fact set data = '{"item": "x"}' where name = 'cases.accepted'""",
        "delete from audit_fact where position = 2",
        "update audit_fact set previous = digest where position = 3",
    ],
    "state": [
        "delete from cases_decision where decided_by is not null",
        f"update cases_case set result = '', decided_at = null where id = {HUMAN}",
        "update cases_casestep set state = 'dropped' where state = 'todo'",
        "update cases_casestep set state = 'dropped' where kind = 'review'",
        a_copy("cases_casestep", "state = 'todo'", case_id="{CLOSED}"),
    ],
    "clock": [
        "delete from clocks_clockentry",
        "update clocks_clock set ended_on = null where kind = 'decision'",
        "update clocks_clock set paused_on = started_on where ended_on is null",
        "update clocks_clock set extension_days = 5 where ended_on is null",
        "delete from clocks_clock where ended_on is null",
        "update clocks_clock set kind = 'acceptance9' where ended_on is null",
    ],
    "number": [
        "drop index one_case_per_number; update cases_case set project_no = '1'",
        "alter table letters_letter drop constraint one_letter_per_serial; " + a_copy("letters_letter", verify_code="x"),
        "delete from letters_letter where word like '%受'",
        "update letters_letterseries set last = last + 1",
        "alter table licences_licence drop constraint licences_licence_identifier_key; "
        + a_copy("licences_licence", version="2", state="lost"),
    ],
    "fact": [
        f"delete from audit_fact where name = 'cases.decided' and stream = 'case:' || {HUMAN}",
        f"delete from cases_case where id = {HUMAN}",
        "delete from cases_signature where verb = 'submit'",
    ],
    "licence": [
        "delete from licences_licence",
        a_copy("licences_licence", identifier="x", version="2", state="lost"),
        "delete from decisions_decided",
        "delete from letters_letter where word like '%准决'",
        "update cases_case set result = 'refused' where state = 'closed'",
    ],
    "payment": [
        "update payments_bill set state = 'paid', paid_at = now()",
        "delete from payments_bill",
        "insert into payments_pretendtaking (order_no, amount_fen, taken_at) values ('1', 1000, now())",
        f"update cases_case set state = 'closed', is_open = false, closed_at = now() where id = {HUMAN}",
    ],
    "task": [a_job("doing"), a_job("failed"), a_job("aborted"), a_job("todo")],
    "notice": [
        f"delete from notifications_message where subject = 'case:' || {HUMAN} and title like '%受理%'",
        a_copy("notifications_message", f"subject = 'case:' || {HUMAN}"),
        "delete from notifications_message where subject = 'case:{CLOSED}'",
        "update cases_case set told_at = null",
        "update notifications_dispatch set state = 'sending' where state = 'sent'",
        "delete from notifications_pretendpost",
    ],
    "transfer": [
        a_transfer("taken"),
        a_transfer(""),
        *(a_copy("cases_caseevent", verb=verb) for verb in ("offer_transfer", "take_over", "return_transfer")),
    ],
    "opinion": [
        a_round("null"),
        a_round("now()", "todo"),
        a_round("null", "todo"),
        a_copy("cases_caseevent", verb="ask_opinions"),
    ],
    "deputy": [
        "update cases_casestep set for_account_id = gen_random_uuid() where kind = 'review' and state = 'done'",
        f"""update cases_casestep set account_id = (select account_id from cases_casestep where kind = 'review' and case_id = {HUMAN})
            where kind = 'decide' and state = 'done'""",
    ],
    "topic": [
        f"delete from topics_topicrow where key = 'case:' || {HUMAN}",
        "update topics_topicrow set facts = facts - 1 where store = 'licences'",
        a_copy("topics_topicrow", "store = 'cases'", key="case:01a20075-aaaa-7880-b52d-4d6b394cb445"),
        "delete from topics_topicrow where id = (select id from topics_topicrow where store = 'traces' limit 1)",
        """update topics_topicrow set values = values || '{"result": "refused"}' where store = 'cases'""",
        """update topics_topicrow set values = values || '{"cases": 9}' where store = 'applicants'""",
    ],
}  # fmt: skip


@pytest.fixture
def sound(db, settings, tmp_path) -> tuple[list[Request], Path]:
    """One case decided by rules, one by people and with a fee, a file; told to everybody. The ledger that goes with it."""
    settings.MEDIA_ROOT = tmp_path
    somebody = citizen()
    by_rules = _at_once(somebody)
    office = make_office(code="identity-card", catalog_code="000123009001", fees=[FEE], pay_online=True)
    row = store(actor=somebody, upload=picture("plan"), name="plan 1.png")
    plan = [{"way": "2", "file_id": str(row.pk), "file_name": row.name}]
    case = make_case(office, somebody, materials={"plan": plan, "identity": [{"way": "7", "waive_mode": "1"}]})
    accept(actor=office.clerk, case_id=case.pk, note="clerk 1")
    review(actor=office.reviewer, case_id=case.pk, verdict="agree", opinion="reviewer 1")
    decide(actor=office.approver, case_id=case.pk, result="granted", reasons="approver 1")
    tell_submitted()
    run_waiting()
    follow()
    mine, about = {"who": "citizen", "by": str(somebody.account_id)}, str(case.pk)
    done = {"outcome": ACKNOWLEDGED, "status": 201, "sent_at": case.submitted_at.timestamp()}
    requests = [
        Request(1, **mine, act="apply", key="a", more={"item": by_rules.item_code}, told=_told(by_rules),
                **done | {"sent_at": by_rules.submitted_at.timestamp()}),
        Request(2, **mine, act="apply", key="b", mark=row.name, more={"item": case.item_code}, told=_told(case), **done),
        Request(3, **mine, act="upload", key="c", mark=row.name, more={"sha256": row.sha256}, **done),
        *(Request(n, act[:-2], act[:-2], verb, mark=act, about=about, **done)
          for n, (verb, act) in enumerate([("accept", "clerk 1"), ("review", "reviewer 1"), ("decide", "approver 1")], 4)),
    ]  # fmt: skip
    return requests, tmp_path


def _at_once(somebody) -> Case:
    materials = a_definition()["materials"]
    materials[0]["waive"] = ["4"]
    named = {"licence_type": make_type().code, "licence_fields": {"business_name": "name"}}
    office: Office = make_office(materials=materials, results=[a_definition()["results"][0] | named])
    make_rules(office.department, the_rules(), item_code=office.version.content["code"])
    from tongban.services.cases.actions import submit

    return Case.objects.get(pk=submit(actor=somebody, draft_id=draft_of(office, somebody).pk).case_id)


def _told(case: Case) -> dict[str, str]:
    return {"id": str(case.pk), "project_no": case.project_no}


def found(requests: list[Request], stored: Path) -> set[str]:
    return {fault.rule for fault in checker.verdict(connection.connection, requests, stored, KEY)}


def test_a_sound_house_has_no_faults_and_every_planted_one_is_named(sound) -> None:
    requests, stored = sound
    connection.check_constraints()
    assert [str(fault) for fault in checker.verdict(connection.connection, requests, stored, KEY)] == []
    closed = str(Case.objects.get(state="closed").pk)
    missed = []
    for rule, statements in PLANTED.items():
        for statement in statements:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("set constraints all immediate; set local session_replication_role = replica")
                cursor.execute(statement.replace("{CLOSED}", closed))
                if rule not in found(requests, stored):
                    missed.append(f"{rule}: {statement}")
                transaction.set_rollback(True)
    assert missed == []


LIES: dict[str, tuple[str, Callable[[list[Request]], list[Request]]]] = {
    "acknowledged and lost": (
        "submission",
        lambda told: [*told, replace(told[0], n=9, key="z", told={"id": "01a20075-aaaa-7880-b52d-4d6b394cb445", "project_no": "1"})],
    ),
    "one key, two cases": ("submission", lambda told: [*told, replace(told[0], n=9, told=told[1].told)]),
    "two keys, one case": ("submission", lambda told: [*told, replace(told[0], n=9, key="z")]),
    "a case from nowhere": ("submission", lambda told: told[1:]),
    "sent after it was there": (
        "submission",
        lambda told: [replace(told[0], outcome=UNKNOWN, told={}, sent_at=told[0].sent_at + 60), *told[1:]],
    ),
    "refused and done": ("act", lambda told: [replace(one, outcome=REFUSED) if one.act == "decide" else one for one in told]),
    "acknowledged and not done": ("act", lambda told: [*told, replace(told[3], n=9, mark="clerk 2")]),
    "acknowledged and not read": ("act", lambda told: [*told, replace(told[3], n=9, act="rate", mark="")]),
    "a server error": ("answer", lambda told: [*told, replace(told[0], n=9, outcome=UNKNOWN, told={}, status=500)]),
}  # fmt: skip


def test_a_house_that_told_people_something_else_is_found_out(sound) -> None:
    requests, stored = sound
    missed = [name for name, (rule, lie) in LIES.items() if rule not in found(lie(requests), stored)]
    assert missed == []
    assert found([replace(requests[0], outcome=UNKNOWN, told={}), *requests[1:]], stored) == set(), "that may be so"


def test_a_file_that_is_not_whole_is_found(sound) -> None:
    requests, stored = sound
    path = next(path for path in stored.rglob("*") if path.is_file())
    whole = path.read_bytes()
    for broken in (whole[:-1], whole + b"x", whole[:50] + bytes([whole[50] ^ 1]) + whole[51:], picture("plan")):
        path.write_bytes(broken)
        assert found(requests, stored) == {"file"}
    path.unlink()
    assert found(requests, stored) == {"file"}


def test_a_log_that_names_a_person_is_found(tmp_path) -> None:
    written = tmp_path / "house.log"
    written.write_text('{"event": "request", "route": "api/v1/cases/<project_no>"}\n')
    assert list(logs([written], ["李华", "19900000001"])) == []
    for line in (
        '{"event": "sent to 19900000001"}',
        '{"event": "\\u674e\\u534e"}',
        "DETAIL: Key (name)=(李华) exists.",
    ):
        written.write_text(f"nothing here\n{line}\n")
        assert list(logs([written], ["李华", "19900000001"])) == [("house.log:2", "names a person")]


def test_a_ledger_is_read_as_it_was_written_also_when_its_writer_was_killed(tmp_path) -> None:
    book = Ledger(tmp_path / "ledger")
    first = book.sent(who="a", by="1", act="apply", key="k")
    book.answered(first, ACKNOWLEDGED, 201, {"id": "x"})
    book.sent(who="a", by="1", act="pay")
    book.close()
    with book.path.open("a") as file:
        file.write('{"n": 3, "who"')
    told = read(book.path)
    assert [(one.act, one.outcome, one.told) for one in told] == [
        ("apply", ACKNOWLEDGED, {"id": "x"}),
        ("pay", "sent", {}),
    ]
