"""Handing in, answering, taking back: the department looks first, then the platform; nobody at what he wrote or answered before."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.data.catalogue.errors import AnsweredMeanwhile, EntryRefused, OwnWork, ReviewRefused, UnderReview
from tongban.data.catalogue.models import Entry, Review, Version
from tongban.data.catalogue.queries.checking import faults_of, reasons
from tongban.data.catalogue.queries.tables import limit
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.content import fault
from tongban.foundation.audit.actions import record
from tongban.foundation.clocks.actions import start_clock, stop_clock
from tongban.foundation.clocks.queries import clock_of
from tongban.foundation.identity.queries import departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.unseen import seen
from tongban.foundation.notifications.actions import tell_reviewers, tell_writer

from .drafts import WRITE, locked, open_version
from .publishing import give_code, publish

REVIEW, PUBLISH = "catalogue.review", "catalogue.publish"
PLATFORM_CLOCK, UPDATE_CLOCK = "platform_review", "update"
State, Status = Review.State, Version.Status
WORKING_DAYS = "1"


@transaction.atomic
def hand_in(*, actor: Actor, entry_id: UUID | str) -> Review:
    """Ask for a draft to be published. Refused with everything that is wrong with it; its code is given here."""
    entry = locked(entry_id)
    permit(actor, WRITE, department_id=entry.department_id)
    version = open_version(entry)
    _refuse_faulty(entry, version)
    _permit_another(entry)
    give_code(entry, version.content)
    version.status, version.digest = Status.IN_REVIEW, sm3(canonical(version.content))
    version.save(update_fields=["status", "digest"])
    _run_update_clock(entry, version)
    return _ask(actor, entry, version, lifecycle.PUBLISH)


def _refuse_faulty(entry: Entry, version: Version) -> None:
    found = faults_of(entry.kind, version.content, fixed_code=entry.code if entry.published_id else "")
    if entry.published and entry.life != lifecycle.WITHDRAWN and entry.published.content == version.content:
        found = [fault("unchanged", "")]
    if found:
        raise EntryRefused(reasons=reasons(entry.kind, found, version.content))


def _permit_another(entry: Entry) -> None:
    if entry.reviews.filter(state__in=[State.DEPARTMENT, State.PLATFORM]).exists():
        raise UnderReview


def _run_update_clock(entry: Entry, version: Version) -> None:
    """The catalogue follows a change within its limit: the clock began on the day of the change."""
    if version.changed_on and not clock_of(_subject(version), UPDATE_CLOCK):
        _start(_subject(version), UPDATE_CLOCK, version.changed_on, limit("update"), entry)


def _subject(thing: Version | Review) -> str:
    return f"catalogue_{type(thing).__name__.lower()}:{thing.pk}"


def _start(subject: str, kind: str, on: object, days: int, entry: Entry) -> None:
    start_clock(
        subject=subject, kind=kind, started_on=on, promise=(days, WORKING_DAYS), statutory=(days, WORKING_DAYS),  # type: ignore[arg-type]
        division=entry.department.division_id,
    )  # fmt: skip


@transaction.atomic
def ask_withdrawal(*, actor: Actor, entry_id: UUID | str, reason: str) -> Review:
    """Ask for what is published to be withdrawn; it holds until all have agreed."""
    entry = locked(entry_id)
    permit(actor, WRITE, department_id=entry.department_id)
    said = _reason_given(reason)
    _permit_another(entry)
    if entry.life not in (lifecycle.PUBLISHED, lifecycle.STAYS) or entry.published is None:
        raise Conflict
    return _ask(actor, entry, entry.published, lifecycle.WITHDRAW, reason=said)


def _ask(actor: Actor, entry: Entry, version: Version, act: str, *, reason: str = "") -> Review:
    review = Review.objects.create(
        entry=entry, version=version, act=act, life_before=entry.life, asked_by=actor.account_id, asked_at=now(),
        reason=reason,
    )  # fmt: skip
    entry.life = lifecycle.after_handing_in(entry.life, act)
    entry.save(update_fields=["life", "code"])
    data = {"act": act, "version": version.number}
    record("catalogue.handed_in", actor=actor, subject=entry, data=data)
    _tell_next(actor, review, staff_who_may(entry.department_id, REVIEW))
    return review


def _tell_next(actor: Actor, review: Review, staff: Iterable[tuple[UUID, str]]) -> None:
    """Whoever may answer now; those who wrote it or answered before are not asked."""
    took_part = {*review.version.authors, review.asked_by, review.department_by}
    tell_reviewers(
        reviewers=[account for account, _name in staff if account not in took_part], who=actor.name,
        what=str(review.entry.get_kind_display()), title=review.version.content["name"], deed=_("审核"),
        subject=review.entry, link=f"/console/catalogue/reviews/{review.pk}/",
    )  # fmt: skip


@transaction.atomic
def agree(*, actor: Actor, review_id: UUID | str, step: str = "") -> Review:
    """The next of the two agrees; with the platform's word it is done. `step`: the one whose answer this is, where it is known."""
    review = _answering(actor, review_id, step)
    if review.state == State.DEPARTMENT:
        review.state, review.department_by, review.department_at = State.PLATFORM, actor.account_id, now()
        review.save()
        _start(_subject(review), PLATFORM_CLOCK, today(), limit("platform_review"), review.entry)
        record("catalogue.department_agreed", actor=actor, subject=review.entry, data=_said(review))
        _tell_next(actor, review, platform_staff())
        return review
    review.state, review.platform_by, review.platform_at = State.AGREED, actor.account_id, now()
    review.save()
    stop_clock(subject=_subject(review), kind=PLATFORM_CLOCK, on=today())
    if review.act == lifecycle.WITHDRAW:
        _withdraw(actor, review)
    else:
        _publish(actor, review)
    return review


def _publish(actor: Actor, review: Review) -> None:
    publish(review.entry, review.version)
    if clock_of(_subject(review.version), UPDATE_CLOCK):
        stop_clock(subject=_subject(review.version), kind=UPDATE_CLOCK, on=today())
    data = _said(review) | {"digest": review.version.digest, "code": review.entry.code}
    record("catalogue.published", actor=actor, subject=review.entry, data=data)
    _tell_writers("published", actor, review)


def _withdraw(actor: Actor, review: Review) -> None:
    review.entry.life = lifecycle.WITHDRAWN
    review.entry.save(update_fields=["life"])
    record("catalogue.withdrawn", actor=actor, subject=review.entry, data=_said(review))
    _tell_writers("withdrawn", actor, review)


def platform_staff() -> list[tuple[UUID, str]]:
    """(account, name) of all who review for the platform."""
    return [one for office in departments_who_may(PUBLISH) for one in staff_who_may(office, PUBLISH)]


def _said(review: Review) -> dict[str, object]:
    return {"act": review.act, "version": review.version.number}


@transaction.atomic
def refuse(*, actor: Actor, review_id: UUID | str, reason: str, step: str = "") -> Review:
    """Give it back with reasons: the draft is written on, and what was to be withdrawn stays. `step` as of `agree`."""
    review = _answering(actor, review_id, step)
    review.answer = _reason_given(reason)
    _mark(review, actor)
    review.state = State.REFUSED
    review.save()
    _end(review, lifecycle.after_refusing(review.life_before, review.act))
    record("catalogue.refused", actor=actor, subject=review.entry, data=_said(review))
    _tell_writers("returned", actor, review)
    return review


def _mark(review: Review, actor: Actor) -> None:
    if review.state == State.PLATFORM:
        review.platform_by, review.platform_at = actor.account_id, now()
        stop_clock(subject=_subject(review), kind=PLATFORM_CLOCK, on=today())
    else:
        review.department_by, review.department_at = actor.account_id, now()


@transaction.atomic
def recall(*, actor: Actor, review_id: UUID | str) -> Review:
    """Whoever handed it in, or wrote in it, takes it back to go on writing."""
    review = _open(review_id)
    permit(actor, WRITE, department_id=review.entry.department_id)
    if not actor.names & {*review.version.authors, review.asked_by}:
        raise OwnWork(_("只有起草的人能收回。审核的同事请用“驳回”，并写明原因。"))
    if review.state == State.PLATFORM:
        stop_clock(subject=_subject(review), kind=PLATFORM_CLOCK, on=today())
    review.state = State.RECALLED
    review.save(update_fields=["state"])
    _end(review, lifecycle.after_recalling(review.life_before, review.act))
    record("catalogue.recalled", actor=actor, subject=review.entry, data=_said(review))
    return review


def _end(review: Review, life: str) -> None:
    if review.act == lifecycle.PUBLISH:
        Version.objects.filter(pk=review.version_id).update(status=Status.DRAFT)
    review.entry.life = life
    review.entry.save(update_fields=["life"])


def _open(review_id: UUID | str) -> Review:
    """A review that waits for an answer, its entry locked."""
    found = find(Review.objects, pk=review_id)
    entry = locked(found.entry_id)
    review = find(Review.objects.select_related("version"), pk=review_id)
    review.entry = entry
    if review.state not in (State.DEPARTMENT, State.PLATFORM):
        raise AnsweredMeanwhile
    return review


def _answering(actor: Actor, review_id: UUID | str, step: str) -> Review:
    review = _open(review_id)
    if step and step != review.state:  # a second window, or a colleague, was faster
        raise AnsweredMeanwhile
    verb = REVIEW if review.state == State.DEPARTMENT else PUBLISH
    permit(actor, verb, department_id=review.entry.department_id, division=review.entry.department.division_id)
    wrote = [*review.version.authors, *([review.asked_by] if review.asked_by else [])]
    if not lifecycle.may_answer(actor.names, wrote=wrote, answered=[one for one in [review.department_by] if one]):
        raise OwnWork
    return review


def _reason_given(text: str) -> str:
    said = seen(text)
    if not 2 <= len(said) <= 500:
        raise ReviewRefused(reasons=[Reason("reason", _("请写明原因，2到500个字。"), "reason")])
    return said


def _tell_writers(outcome: str, actor: Actor, review: Review) -> None:
    tell_writer(
        outcome, actor=actor, writers=[review.asked_by, *review.version.authors],
        what=str(review.entry.get_kind_display()), title=review.version.content["name"], subject=review.entry,
        link=f"/console/catalogue/{review.entry_id}/", why=review.answer, day=today(),
    )  # fmt: skip
