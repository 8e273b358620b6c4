"""Everybody who might ask for a page, one thing of each kind to ask for, and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tongban.data.catalogue.tests.factories import make_demand, make_intake, make_reviewed
from tongban.data.catalogue.tests.factories import make_draft as make_entry
from tongban.data.gathering.tests.factories import make_known_run
from tongban.data.lake.tests.factories import make_dataset, pour
from tongban.data.quality.tests.factories import make_known_ticket
from tongban.data.registries.tests.factories import make_known_register
from tongban.data.standards.tests.factories import keeper
from tongban.data.standards.tests.factories import make_draft as make_draft_standard
from tongban.foundation.drafting.tests.factories import make_comment
from tongban.foundation.drafting.tests.factories import make_draft as make_draft_of
from tongban.foundation.files.actions import store
from tongban.foundation.files.tests.samples import picture
from tongban.foundation.identity.actions import grant_mandate, issue_system_key, name_deputy
from tongban.foundation.identity.queries import person
from tongban.foundation.identity.rules import GRANTS, SYSTEM_SCOPES
from tongban.foundation.identity.tests.factories import (
    citizen,
    company_actor,
    make_address,
    make_person,
    officer,
    sign_in,
)
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.letters.actions import pdf_of
from tongban.foundation.letters.models import Letter
from tongban.foundation.letters.tests.factories import make_letter_draft, make_template
from tongban.foundation.notifications.tests.factories import make_message, make_notice, make_notice_draft
from tongban.foundation.seals.tests.factories import make_application as make_seal_application
from tongban.foundation.seals.tests.factories import make_request, make_used_seal
from tongban.foundation.trust.tests.factories import make_application, make_certificate
from tongban.office.threats.tests.factories import make_alert
from tongban.services.cases.actions import begin_at_counter, save_view
from tongban.services.cases.models import Case
from tongban.services.cases.tests.factories import Office, make_accepted, make_corrected, make_draft, make_office
from tongban.services.cases.tests.visitors import visited
from tongban.services.decisions.actions import write_rules
from tongban.services.decisions.tests.factories import make_check
from tongban.services.forms.actions import share_part
from tongban.services.items.models import ImportBatch
from tongban.services.items.tests.factories import make_proposal, make_table
from tongban.services.licences.actions import layout_of
from tongban.services.licences.tests.factories import (
    make_batch,
    make_grant,
    make_licence,
    make_licence_copy,
    make_scene,
    make_type_draft,
    make_type_in_review,
)
from tongban.services.payments.tests.factories import make_bill, refund_at_counter

from .reach import OWNED, PARAMETER

# What others are told too: a company its own id and mandates, and what a department shares with its colleagues.
TOLD = {"account_id", "company_id", "licence_type_id", "mandate_id", "notice_id", "scene_id", "seal_id", "template_id"}
SHORT = 8  # the number of a session stands on any page by chance
NOBODY = UUID("01900000-0000-7000-8000-000000000000")
SAMPLES = {"uuid": str(NOBODY), "int": "1", "slug": "none", "str": "none", "path": "none", None: "none"}


@dataclass
class Town:
    """One case of one applicant at one department, and everybody around it."""

    office: Office
    case: Case
    actors: dict[str, Actor]
    keys: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)  # by the name of the parameter in the route
    special: dict[str, dict[str, str]] = field(default_factory=dict)  # for routes that need a thing of their own

    def path(self, route: str) -> str:
        """A real address for a route: what exists is put in, the rest is made up."""

        def filled(found: re.Match[str]) -> str:
            kind, name = found.group(1), found.group(2) or found.group(3)
            return (self.things | self.special.get(route, {})).get(name, SAMPLES.get(kind, "none"))

        return "/" + PARAMETER.sub(filled, route.replace("\\", ""))

    def private(self) -> set[str]:
        """Ids that mean something to nobody but those concerned: none of them stands on a page for somebody else."""
        return {self.things[name] for name in OWNED - TOLD if len(self.things[name]) > SHORT}

    def is_about_a_thing(self, route: str) -> bool:
        names = [found.group(2) or found.group(3) for found in PARAMETER.finditer(route)]
        return any(name in self.things for name in names)


def build_town() -> Town:
    office = make_office()
    applicant = citizen()
    department = office.department
    actors = {
        "applicant": applicant,
        "person": citizen(),
        "company": company_actor(),
        "other-clerk": officer("clerk"),
    } | {role: officer(role, department=department) for role in GRANTS}
    case = make_accepted(office, applicant)
    town = Town(office, case, actors)
    town.things = things_of(town, applicant)
    town.special = {
        "console/licences/<uuid:licence_id>/<slug:act>/": {"act": "suspend"},
        "console/trust/certificates/<uuid:certificate_id>/<slug:form>/": {"form": "der"},
        "letters/verify/<str:code>/": {"code": letter_of(case).verify_code},
        "console/items/<slug:code>/<slug:verb>/": {"verb": "suspend"},
        "console/threats/<uuid:alert_id>/<slug:verb>/": {"verb": "take"},
        "console/catalogue/<uuid:entry_id>/versions/<int:number>/": {"number": "1"},
        "console/catalogue/<uuid:entry_id>/items/<slug:key>/": {"key": "new"},
        "console/catalogue/<uuid:entry_id>/<slug:deed>/": {"deed": "drop"},
        "console/gathering/jobs/<uuid:gathering_job_id>/<slug:deed>/": {"deed": "pause"},
        "console/gathering/jobs/<uuid:gathering_job_id>/columns/<slug:column>/": {"column": "name"},
        "console/gathering/runs/<uuid:run_id>/<slug:deed>/": {"deed": "pause"},
        "console/quality/tickets/<uuid:quality_ticket_id>/<slug:deed>/": {"deed": "explain"},
        "console/quality/reports/<uuid:department_id>/<slug:month>/": {"month": "2026-11"},
        "console/standards/versions/<uuid:standard_version_id>/codes/<slug:change>/": {"change": "import"},
        "console/standards/versions/<uuid:standard_version_id>/<slug:step>/": {"step": "drop"},
        "console/catalogue/lists/<slug:kind>/": {"kind": "duty"},
        "console/catalogue/lists/<slug:kind>/export/": {"kind": "duty"},
        "console/topics/<slug:name>/": {"name": "cases"},
        "console/topics/<slug:name>/export/": {"name": "cases"},
        "console/lineage/records/<uuid:record_id>/<slug:element>/": {"element": "name"},
        "console/items/<slug:code>/versions/<int:number>/<slug:verb>/": {"verb": "recall"},
        "console/authoring/library/<slug:key>/": {"key": "shared"},
        "console/authoring/library/<slug:key>/answer/": {"key": "shared"},
        "console/authoring/<uuid:document_id>/section/<slug:key>/": {"key": "names"},
        "my/cases/<uuid:case_id>/correction/<str:key>/": {"case_id": str(make_corrected(office, applicant).pk)},
    }
    # Typeset and sealed now, not again for everybody who asks and whose request is undone.
    pdf_of(letter_of(case).pk)
    layout_of(actor=applicant, licence_id=town.things["licence_id"], form="pdf")
    visit = visited(actors["clerk"], person(str(applicant.person_id)))
    town.things["visit_id"] = str(visit.pk)
    helped = begin_at_counter(actor=actors["clerk"], visit_id=visit.pk, item_code=town.things["item_code"])
    for more in ("", "save/"):
        town.special[f"console/cases/counter/draft/<uuid:draft_id>/{more}"] = {"draft_id": str(helped.pk)}
    town.special["console/items/tables/<slug:key>/"] = {"key": "server_type"}
    share_part(actor=installer("items.manage"), key="shared", content={"key": "f", "label": "字段", "type": "text"})
    write_rules(actor=actors["item_manager"], item_code=town.things["item_code"])
    guard = installer("identity.manage_rights")
    for name, which, scopes in (
        ("system", department, sorted(SYSTEM_SCOPES)),
        ("narrow-system", department, ["items.see"]),
        ("other-system", actors["other-clerk"].department_id, sorted(SYSTEM_SCOPES)),
    ):
        owner = which if isinstance(which, UUID) else which.pk
        _client, town.keys[name] = issue_system_key(actor=guard, department_id=owner, name=name, scopes=scopes)
    return town


def letter_of(case: Case) -> Letter:
    """The letter that told the applicant his case was accepted."""
    return Letter.objects.get(subject=f"case:{case.pk}")


def things_of(town: Town, applicant: Actor) -> dict[str, str]:
    """One of each kind of thing that belongs to somebody: to the applicant, to the department, to an administrator."""
    document = make_draft_of("items.manage", department_id=town.office.department.pk, kind="item")
    check = make_check(town.office.version.item, case_id=town.case.pk, applicant_id=applicant.applicant_id)
    file = store(actor=applicant, upload=picture(), name="plan.png")
    licence = make_licence(town.actors["approver"], applicant)
    permission = make_grant(applicant, licence)
    used = {"licence_id": licence.pk, "licence_identifier": licence.identifier, "licence_version": licence.version}
    material = town.case.materials.create(key="permit", name="许可证", way="5", **used)
    batch = make_batch(town.actors["item_manager"])
    return {
        "case_id": str(town.case.pk),
        "project_no": town.case.project_no,
        "draft_id": str(make_draft(town.office, applicant).pk),
        "document_id": str(document.pk),
        "comment_id": str(make_comment(document).pk),
        "decided_id": str(check.decided_id),
        "check_id": str(check.pk),
        "bill_id": str(make_bill(applicant, department_id=town.office.department.pk).pk),
        "refund_id": str(refund_at_counter(town.actors["clerk"]).pk),
        "message_id": str(make_message(applicant).pk),
        "address_id": str(make_address(applicant).pk),
        "file_id": str(file.pk),
        "proposal_id": str(make_proposal(town.office.version.item).pk),
        "table_id": str(make_table().pk),
        "licence_id": str(licence.pk),
        "identifier": licence.identifier,
        "form": "pdf",
        "licence_type_id": str(make_type_in_review(officer("item_manager", department=town.office.department)).pk),
        "type_draft_id": str(make_type_draft(town.actors["item_manager"]).pk),
        "material_id": str(material.pk),
        "grant_id": str(permission.pk),
        "batch_id": str(batch.pk),
        "gathering_id": str(batch.gathering_id),
        "line": "2",
        "scene_id": str(make_scene(town.actors["item_manager"]).pk),
        "deed": "stop",
        "notice_id": str(make_notice(department_id=town.office.department.pk).pk),
        "notice_draft_id": str(make_notice_draft(department_id=town.office.department.pk).pk),
        **things_of_seals(town),
        **things_of_catalogue(town),
        **things_of_accounts(town, applicant),
        "copy_id": str(make_licence_copy(applicant, licence).pk),
        "letter_draft_id": str(make_letter_draft(department_id=town.office.department.pk).pk),
        "template_id": str(make_template(department_id=town.office.department.pk).pk),
        "application_id": str(make_application(town.actors["system_admin"]).pk),
        "certificate_id": str(make_certificate(town.actors["system_admin"], town.actors["security_admin"]).pk),
        "page": "1",
        "letter_id": str(letter_of(town.case).pk),
        "account_id": str(town.actors["clerk"].account_id),
        "department_id": str(town.office.department.pk),
        "alert_id": str(make_alert().pk),
        "code": town.office.version.content["code"],
        "item_code": town.office.version.content["code"],
        "verb": "review",
        "key": "plan",
        "company_id": str(town.actors["company"].company_id),
    }


def things_of_accounts(town: Town, applicant: Actor) -> dict[str, str]:
    """What belongs to one account alone: a kept view, a deputy, a file to import, a mandate, a session on another device."""
    actors, handler = town.actors, make_person()
    mandate = grant_mandate(
        actor=actors["company"], company_id=UUID(str(actors["company"].company_id)), name=handler.name,
        id_number=handler.id_number, items=[], until_on=today(),
    )  # fmt: skip
    deputy = name_deputy(
        actor=actors["clerk"], account_id=actors["reviewer"].account_id, starts_on=today(), until_on=today()
    )
    batch = ImportBatch.objects.create(
        file=NOBODY, name="items.xlsx", department=town.office.department, state="ready",
        made_by=actors["item_manager"].account_id, made_at=now(),
    )  # fmt: skip
    session = UserSession.objects.create(
        user_id=applicant.account_id, session_key="another-device", ip="127.0.0.1", user_agent="tests"
    )
    return {
        "view_id": str(save_view(actor=actors["clerk"], name="我的", filters={}).pk),
        "deputy_id": str(deputy.pk),
        "import_id": str(batch.pk),
        "mandate_id": str(mandate.pk),
        "session_id": str(session.pk),
    }


def things_of_catalogue(town: Town) -> dict[str, str]:
    """A draft of the department's steward, one he handed in, what he asks for, and a file he brought."""
    steward = town.actors["data_steward"]
    dataset = make_dataset(key="known", department_id=steward.department_id)
    pour(dataset, [("a1", "李华", "1990-03-07")])
    run = make_known_run(steward, dataset)
    return {
        "source_id": str(run.job.source_id),
        **things_of_standards(town),
        **make_known_register(steward, officer("data_admin")),
        **things_of_quality(town),
        "gathering_job_id": str(run.job_id),
        "run_id": str(run.pk),
        "dataset_id": str(run.job.dataset_id),
        "entry_id": str(make_entry(steward).entry_id),
        "review_id": str(make_reviewed(steward).pk),
        "demand_id": str(make_demand(steward).pk),
        "intake_id": str(make_intake(steward).pk),
    }


def things_of_quality(town: Town) -> dict[str, str]:
    """A ticket of the department, and what it was sent for."""
    ticket = make_known_ticket(town.actors["data_steward"])
    finding = ticket.finding
    return {
        "quality_ticket_id": str(ticket.pk),
        "finding_id": str(finding.pk),
        "quality_check_id": str(finding.of_check_id),
        "quality_rule_id": str(ticket.rule_id),
        "quality_dataset_id": str(ticket.rule.dataset_id),
    }


def things_of_standards(town: Town) -> dict[str, str]:
    """A code set somebody else is drafting."""
    draft = make_draft_standard(keeper("standards.write"))
    return {"standard_id": str(draft.standard_id), "standard_version_id": str(draft.pk)}


def things_of_seals(town: Town) -> dict[str, str]:
    """A seal of the department, asked for by its clerk, and one that is still applied for."""
    seal = make_used_seal(town.office.department)
    asked = make_request(town.actors["clerk"], seal)
    waiting = make_seal_application(town.office.department, kind="business", business="行政审批专用章")
    return {"seal_id": str(seal.pk), "seal_request_id": str(asked.pk), "seal_application_id": str(waiting.pk)}


def client_of(town: Town, role: str) -> Client:
    """A browser signed in as a role, or a system's key; `nobody` has neither. The others are refused without a page around it."""
    if role in town.actors:
        client = sign_in(
            Client(raise_request_exception=False, headers={"accept": "application/json"}), town.actors[role]
        )
        client.get(
            "/prefer/"
        )  # the session remembers that he was here; each request below is undone and would write it anew
        return client
    client = Client(raise_request_exception=False)
    if role in town.keys:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {town.keys[role]}"
    return client


def shown(answer: HttpResponse) -> str:
    """Everything an answer shows, what is packed into a workbook included."""
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if whole[:2] == b"PK":
        with ZipFile(BytesIO(whole)) as packed:
            whole = b"".join(packed.read(name) for name in packed.namelist())
    return whole.decode(errors="replace")


def page_asked(client: Client, path: str) -> HttpResponse:
    """The answer to a request whose changes are undone. What only takes POST is posted to, empty."""
    with transaction.atomic():
        answer = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path, {})
        transaction.set_rollback(True)
    return answer


def operation_called(client: Client, method: str, path: str, body: str) -> HttpResponse:
    """The answer of the API; `body` is fit to be read, so that rights are asked before its content is."""
    with transaction.atomic():
        answer = client.generic(method, path, body, "application/json")
        transaction.set_rollback(True)
    return answer


def got_through(town: Town, route: str, answer: HttpResponse) -> bool:
    """Whether the one who asked was let in. To ask for somebody's thing and be told there is none is to be refused."""
    assert answer.status_code < 500, f"{route} broke"
    if answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith("/account/login/"):
        return False
    return not (answer.status_code == 404 and town.is_about_a_thing(route))


# What every answer says to the browser, whoever asks for whatever (等级保护 level 3 8.1.4.4; OWASP Secure Headers).
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def headers_missing(answer: HttpResponse) -> list[str]:
    """What of the headers an answer lacks: those above, a policy that allows nothing inline and no framing, cookies out of scripts' reach.

    The mark against forged forms (`csrftoken`) is read by our own scripts; a cookie that is taken back has no value left to protect.
    """
    told = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    drawing = "default-src 'none'" in policy and "script" not in policy  # its own styles, and nothing else
    fit = drawing or ("default-src" in policy and "frame-ancestors" in policy and "unsafe" not in policy)
    told += [] if fit else ["Content-Security-Policy"]
    told += [] if "Permissions-Policy" in answer.headers else ["Permissions-Policy"]
    set_ = [one for one in answer.cookies.values() if one.value]
    return told + [
        f"cookie {one.key}" for one in set_ if not (one["samesite"] and (one["httponly"] or one.key == "csrftoken"))
    ]
