"""提交: an application becomes a case once, whatever happens on the way: a double click, a lost answer, a crash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.errors import TongbanError, Unavailable
from tongban.services.cases.errors import KeyReused
from tongban.services.cases.gateways import DRAFT_GONE, HALTED, TRY_AGAIN, sqlstate_of, take_in
from tongban.services.cases.models import Draft, Help
from tongban.services.cases.queries import AtOnce, draft_for, receipt_by_key, receipt_of_draft
from tongban.services.payments.actions import create_bill

from .applicants import Applicant, applicant_of
from .at_once import decided, weighed
from .filing import open_to_department
from .helping import note_helps
from .intake import Checked, checked, forget_catalogue, is_stale
from .licensing import use_licences
from .once import digest_of, fingerprint_of
from .rows import rows_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

TRIES = 3  # the catalogue may change while we check against it


@dataclass(frozen=True)
class Application:
    """What is applied for, however it came: typed into a draft, or sent by a department's own system."""

    item_code: str
    situation: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    delivery_wish: Mapping[str, Any] = field(default_factory=dict)
    applicant: Applicant | None = None  # whom a system or a clerk applies for; a citizen applies for himself
    channel: str = "api"
    version_id: UUID | None = None  # the version it was written for; None: today's
    draft_id: UUID | None = None
    declaration: str = ""  # the words he agreed to when he sent it
    by_person: bool = False  # whoever applies may ask that no machine decides (个人信息保护法 art. 24)

    def told(self) -> list[Any]:
        """All that the sender said, for telling one body from another under the same key."""
        who = self.applicant and [self.applicant.kind, self.applicant.number, self.applicant.name, self.applicant.phone]
        what = [self.item_code, self.situation, self.answers, self.materials, self.delivery_wish]
        return [*what, who, self.version_id, self.draft_id, *(["by_person"] if self.by_person else [])]


@dataclass(frozen=True)
class Receipt:
    """What the applicant holds in his hand. `is_replay`: the same key had led to this case before.

    `at_once`: what rules decided in the same moment (not told in a replay: `queries.decided_at_once`).
    """

    case_id: UUID
    project_no: str
    submitted_at: datetime
    is_replay: bool = False
    at_once: AtOnce | None = None


def submit(
    *,
    actor: Actor,
    draft_id: UUID | str | None = None,
    payload: Application | None = None,
    idempotency_key: str = "",
    by_person: bool = False,
    declaration: str = "",
) -> Receipt:
    """Take an application in with everything that belongs to it, in one commit; or refuse with every reason.

    Where the item's rules can decide by themselves, the decision and the licence are in the same commit (`at_once`), unless
    the applicant wants a person to decide (`by_person`, for a draft; a payload says it itself). A person's signature is under it
    (`signatures`); while the key store is away it is taken in without one, for people to decide, and he signs it later.

    The same sender's same key answers with the same receipt, also when the item has changed since; another body under it
    raises `KeyReused`. A draft becomes one case, under whatever key.
    """
    draft = draft_for(actor, draft_id) if draft_id else None
    if draft is not None and draft.case_id:
        return Receipt(**receipt_of_draft(draft))
    application = _from_draft(actor, draft, by_person, declaration) if draft else payload
    assert application is not None, "either a draft or a payload"
    owner = draft.applicant_id if draft else actor.applicant_id
    permit(actor, "cases.apply", owner_id=owner, department_id=actor.department_id)
    key = idempotency_key or (f"draft:{draft.pk}" if draft else "")
    digest = digest_of(application.told())
    fingerprint = fingerprint_of(actor, key or digest)
    try:
        receipt = _taken_in(actor, application, draft, fingerprint, digest)
    except (TongbanError, DatabaseError):
        # Refused now, but perhaps taken in before: then that is the answer, not the refusal.
        before = None if connection.needs_rollback else _before(fingerprint, digest)
        if before is None:
            raise
        return before
    return receipt


def _before(fingerprint: str, digest: str) -> Receipt | None:
    known = receipt_by_key(fingerprint)
    if known is None:
        return None
    if known.pop("digest") != digest:
        raise KeyReused
    return Receipt(**known, is_replay=True)


def _from_draft(actor: Actor, draft: Draft, by_person: bool, declaration: str) -> Application:
    return Application(
        item_code=draft.item_code,
        situation=draft.situation,
        answers=draft.answers,
        materials=draft.materials,
        delivery_wish=draft.delivery_wish,
        channel="counter" if actor.kind == "staff" else "online",
        version_id=draft.item_version_id,
        draft_id=draft.pk,
        declaration=declaration,
        by_person=by_person,
    )


def _taken_in(actor: Actor, application: Application, draft: Draft | None, fingerprint: str, digest: str) -> Receipt:
    for _ in range(TRIES):
        try:
            return _written(actor, _checked(actor, application, draft), draft, fingerprint, digest)
        except DatabaseError as error:
            code = sqlstate_of(error)
            if code == DRAFT_GONE and draft is not None:
                draft.refresh_from_db(fields=["case_id"])
                return Receipt(**receipt_of_draft(draft))
            if code not in TRY_AGAIN:
                raise
            if code == HALTED:
                application = replace(application, by_person=True)
        forget_catalogue()
    raise Unavailable


def _checked(actor: Actor, application: Application, draft: Draft | None) -> Checked:
    """Nothing is refused on the strength of a definition that is no longer the one in force."""
    applicant = applicant_of(actor, application.applicant, draft)
    try:
        return checked(actor, application, applicant)
    except TongbanError:
        if not is_stale(application.item_code):
            raise
    forget_catalogue()
    return checked(actor, application, applicant)


def _written(actor: Actor, ready: Checked, draft: Draft | None, fingerprint: str, digest: str) -> Receipt:
    """One statement, alone in its transaction with nothing to bill, no file to open, no licence used and nobody helped."""
    rows = rows_of(actor, ready, fingerprint, digest)
    verdict = weighed(ready, rows["case"]["submitted_at"]) if rows.pop("signed") else None
    if verdict is not None:
        rows = decided(ready, verdict, rows)
    helps = list(draft.helps.select_related("visit").order_by("id")) if draft else []
    if not (ready.fees or ready.files or ready.licences or helps):
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _receipt(take_in(rows), digest, rows)
    with transaction.atomic():
        receipt = _receipt(take_in(rows), digest, rows)
        if not receipt.is_replay:
            _also(actor, ready, receipt, helps)
        return receipt


def _receipt(row: tuple[Any, ...], digest: str, rows: Mapping[str, Any]) -> Receipt:
    case_id, project_no, submitted_at, known, is_replay = row
    if known != digest:
        raise KeyReused
    return Receipt(case_id, project_no, submitted_at, is_replay, None if is_replay else _at_once(rows))


def _at_once(rows: Mapping[str, Any]) -> AtOnce | None:
    decision, licences = rows.get("decision"), rows.get("licences")
    if decision is None:
        return None
    licence = licences[0]["identifier"] if licences else ""
    return AtOnce(decision["result"], decision["reasons"], decision["remedies"], licence)


def _also(actor: Actor, ready: Checked, receipt: Receipt, helps: list[Help]) -> None:
    """The bill, the files that the department may open from now on, the licences it uses, and who helped at the counter."""
    note_helps(helps, receipt.case_id)
    item, applicant = ready.item, ready.applicant
    open_to_department(map(UUID, ready.files), f"case:{receipt.case_id}", applicant.id, item.department_id)
    if ready.licences:
        use_licences(ready, receipt.project_no)
    if ready.fees:
        create_bill(
            actor=actor,
            case_id=receipt.case_id,
            project_no=receipt.project_no,
            task_name=item.content["task_name"],
            department_id=item.department_id,
            division=item.division,
            payer_id=applicant.id,
            person_id=applicant.person_id,
            fees=ready.fees,
        )
