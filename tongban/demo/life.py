"""A few weeks in the life of the demo city: sample applications taken in and handled through the doors the pages use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.audit.queries import facts_about
from tongban.foundation.clocks.queries import calendar_of
from tongban.foundation.files.actions import store
from tongban.foundation.identity.queries import account, account_of_person, actor_of, staff_of
from tongban.foundation.kernel import clock
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.identifiers import citizen_id_birth
from tongban.foundation.letters.actions import typeset
from tongban.office.supervision.actions import count_days
from tongban.services.cases import actions as cases
from tongban.services.cases.models import Case
from tongban.services.evaluation.actions import rate
from tongban.services.forms.queries import leaf
from tongban.services.items.queries import published
from tongban.services.payments.actions import take_at_counter
from tongban.services.payments.queries import bill_of

from .identities import identities
from .samples import sample as sample_of

LIFE, PLAYED = "demo:life", "demo.played"
PAGE = "#set page(width: 210mm, height: 148mm)\n#align(center + horizon)[#text(size: 20pt)[示例材料 sample]]"


@dataclass(frozen=True)
class Play:
    """One sample application handed in so many working days ago, and how far it has come since."""

    sample: str
    days_ago: int
    until: str  # submitted, accepted, correction, reviewed, closed, refused, withdrawn
    applicant: str = ""  # a person of `identities.yaml` instead of the sample's own, who has no account
    stars: int = 0

    @property
    def name(self) -> str:
        return f"{self.sample}/{self.days_ago}/{self.until}"


PLAYS = (
    Play("public-venue-hygiene-permit", 12, "closed"),
    Play("food-business-permit", 11, "closed"),
    Play("elderly-card", 10, "closed", applicant="wangxiuying", stars=5),
    Play("individual-business-registration", 9, "closed", applicant="lihua", stars=5),
    Play("small-food-shop-filing", 8, "closed"),
    Play("social-security-card", 8, "closed", applicant="ouyangna", stars=4),
    Play("teacher-qualification", 14, "refused", applicant="tianchan", stars=2),
    Play("minimum-living-allowance", 16, "accepted"),
    Play("tobacco-retail-licence", 13, "reviewed"),
    Play("road-freight-permit", 9, "accepted"),
    Play("construction-permit", 5, "reviewed"),
    Play("water-abstraction", 7, "accepted"),
    Play("training-school-permit", 6, "reviewed"),
    Play("disability-certificate", 4, "correction", applicant="lihua"),
    Play("residence-permit", 3, "accepted", applicant="sunli"),
    Play("legal-aid", 2, "accepted"),
    Play("outdoor-advertising", 3, "withdrawn"),
    Play("real-estate-transfer", 2, "reviewed"),
    Play("public-venue-hygiene-permit", 5, "accepted"),
    Play("individual-business-registration", 2, "accepted"),
    Play("company-registration", 1, "submitted"),
    Play("food-business-permit", 1, "submitted"),
    Play("food-business-permit", 0, "submitted"),
    Play("individual-business-cancellation", 0, "submitted"),
    Play("elderly-card", 0, "submitted"),
    Play("tree-felling", 6, "submitted"),
    Play("identity-card", 0, "submitted", applicant="lihua"),  # a fee to pay
)


def _told_by(play: Play) -> dict[str, Any]:
    """The play's sample, with every mention of its applicant replaced by the registered one who plays him."""
    sample = sample_of(play.sample, on=clock.today())
    if not play.applicant:
        return sample
    human, old = identities()["persons"][play.applicant], sample["applicant"]
    birth = citizen_id_birth(old["id_number"])
    known = {
        old["name"]: human["name"],
        old["id_number"]: human["id_number"],
        str(birth): str(human["birth_on"]),
        sample["answers"].get("phone"): human["phone"],
    }
    answers = {
        key: known.get(value, value) if isinstance(value, str) else value for key, value in sample["answers"].items()
    }
    if "sex" in answers:
        answers["sex"] = human["sex"]
    return sample | {
        "applicant": {"kind": "person", **{k: human[k] for k in ("name", "id_number", "phone")}},
        "answers": answers,
    }


def _working_moment(days_ago: int) -> datetime:
    """Half past nine, so many working days ago."""
    calendar, day = calendar_of(settings.CITY_DIVISION), clock.today()
    while days_ago or not calendar.works(day):
        days_ago -= calendar.works(day) and days_ago > 0
        day -= timedelta(days=1)
    return datetime.combine(day, time(9, 30), clock.SHANGHAI)


def _officer(department_id: UUID, post: str) -> Actor:
    """Somebody at that post in that department."""
    account_id, _name = staff_of(department_id, post)[0]
    return actor_of(account(account_id))


def _materials(actor: Actor, content: dict[str, Any], sample: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Everything this situation asks for, each as one uploaded page."""
    rest = leaf(content, sample["situation"], applicant_kind=sample["applicant"]["kind"], answers=sample["answers"])
    page = typeset(PAGE, {})
    return {
        material["key"]: [{"way": "2", "file_id": store(actor=actor, upload=page, name=f"{material['key']}.pdf").pk}]
        for material in rest.materials
    }


def _handed_in(play: Play, clerk: Actor, content: dict[str, Any], key: str) -> UUID:
    sample = _told_by(play)
    named = sample["applicant"]
    application = cases.Application(
        item_code=play.sample,
        situation=sample["situation"],
        answers=sample["answers"],
        materials=_materials(clerk, content, sample),
        applicant=cases.Applicant(
            named["kind"],
            named["name"],
            named["uscc" if named["kind"] == "company" else "id_number"],
            named.get("phone", ""),
        ),
        channel="counter",
    )
    return cases.submit(actor=clerk, payload=application, idempotency_key=key).case_id


def _handled(case: Case, play: Play, moment: datetime) -> None:
    """The next natural step of a case, by whoever's turn it is. He is looked up today: he may be newer than the past."""
    step = case.steps.filter(state="todo", stage_key=case.stage_key).order_by("position").first()
    assert step is not None, "an open case always waits for somebody"
    officer = _officer(step.department_id, step.post)
    with clock.standing_at(moment):
        _stepped(case, play, officer, step)


def _stepped(case: Case, play: Play, officer: Actor, step: Any) -> None:
    if step.is_opinion:
        cases.give_opinion(actor=officer, case_id=case.pk, verdict="agree", opinion="经研究，无不同意见。")
    elif step.kind == "review":
        cases.review(actor=officer, case_id=case.pk, verdict="agree", opinion="材料齐全，符合条件，建议准予。")
    elif step.kind == "decide" and play.until == "refused":
        cases.decide(actor=officer, case_id=case.pk, result="refused", reasons="学历条件不符合规定。")
    elif step.kind == "decide":
        cases.decide(actor=officer, case_id=case.pk, result="granted")
    elif step.kind == "certify":
        cases.certify(actor=officer, case_id=case.pk)
    else:
        bill = bill_of(case.pk)
        if bill is not None and bill.state == "due":
            take_at_counter(actor=officer, bill_id=bill.pk, receipt_no=f"示例{bill.payment_code}")
        cases.deliver(actor=officer, case_id=case.pk, way="counter", receiver="本人")


def _ended_early(case: Case, play: Play, clerk: Actor) -> bool:
    """Whether the play goes no further than this, after doing what it ends with."""
    if play.until == "correction":
        lacking = {"key": "", "name": "", "problem": "照片不清楚，请重新拍照上传。"}
        cases.ask_correction(actor=clerk, case_id=case.pk, items=[lacking])
    elif play.until == "withdrawn":
        cases.withdraw(actor=clerk, case_id=case.pk, reason="选址改变，申请人书面要求撤回。")
    return play.until in ("submitted", "correction", "withdrawn")


def _far_enough(case: Case, play: Play) -> bool:
    step = case.steps.filter(state="todo", stage_key=case.stage_key).first()
    return (
        not case.is_open
        or play.until == "accepted"
        or (play.until == "reviewed" and step is not None and step.kind == "decide")
    )


def _rated(case: Case, play: Play, moment: datetime) -> None:
    person_id = case.applicant_person_id
    account_id = account_of_person(person_id) if person_id and play.stars else None
    if account_id:
        applicant = actor_of(account(account_id), "self")
        with clock.standing_at(moment):
            rate(actor=applicant, case_id=case.pk, stars=play.stars)


def _performed(play: Play) -> None:
    moment, now = _working_moment(play.days_ago), clock.now()
    department_id = published(play.sample).item.department_id
    clerk = _officer(department_id, "clerk")
    with clock.standing_at(min(moment, now)):
        case_id = _handed_in(play, clerk, published(play.sample).content, f"demo:{play.name}")
        case = Case.objects.get(pk=case_id)
        if case.state != "submitted" or _ended_early(case, play, clerk):
            return
    moment += timedelta(hours=2)
    with clock.standing_at(min(moment, now)):
        cases.accept(actor=clerk, case_id=case_id)
    while not _far_enough(case := Case.objects.get(pk=case_id), play):
        moment += timedelta(hours=20)
        _handled(case, play, min(moment, now))
    _rated(case, play, min(moment + timedelta(hours=3), now))


def _played() -> set[str]:
    return {fact.data["play"] for fact in facts_about(installer("audit.see"), LIFE) if fact.name == PLAYED}


def live() -> tuple[int, list[str]]:
    """Play every case that has not been played yet. How many there are now, and what could not be played and why."""
    hindered, played = [], _played()
    for play in PLAYS:
        if play.name in played:
            continue
        try:
            with transaction.atomic():
                _performed(play)
                record(PLAYED, actor=installer(), subject=LIFE, data={"play": play.name})
        except TongbanError as refusal:
            hindered.append(
                f"{play.sample}（{refusal.text}{'；'.join(str(reason.text) for reason in refusal.reasons)}）"
            )
    cases.refresh_lamps()
    count_days(clock.today() - timedelta(days=40), clock.today())
    return len(PLAYS) - len(hindered), hindered
