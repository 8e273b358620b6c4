"""秒批秒办: what rules decide by themselves becomes a decided case in the same statement that takes the application in.

The rules are those of `decisions`; here their verdict becomes what a person's decision would: acceptance, decision with its
numbered document, licence, delivery, closing, a line and a fact for each, and a message. In doubt nothing of this happens,
and the case lies on a desk as always, with what the rules found beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.foundation.audit.actions import prepared_fact
from tongban.foundation.clocks.queries import clock_row
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.letters.actions import prepared_letter
from tongban.foundation.notifications.actions import prepared_message
from tongban.services.cases.models import Delivery
from tongban.services.cases.queries import earlier_of
from tongban.services.cases.rules import TO_BE_SEEN
from tongban.services.decisions.actions import consider
from tongban.services.forms.queries import leaf
from tongban.services.licences.actions import Holder, issued_fact, prepared_licence

from .licensing import licence_asked, licence_fields, licence_holder
from .papers import day_of, remedies
from .rows import event_row

if TYPE_CHECKING:
    from tongban.services.decisions.actions import Verdict

    from .intake import Checked

log = structlog.get_logger(__name__)
GRANT, REFUSE, PERSON = "grant", "refuse", "person"
RESULTS = {GRANT: "granted", REFUSE: "refused"}
BY_RULES = "decisions.rules"  # what the registers were read for, as it stands in the fact


def weighed(ready: Checked, at: datetime) -> Verdict | None:
    """What the item's rules say of an application; None when it has none, or when something in it needs a person's eyes."""
    applicant = ready.applicant
    if ready.application.by_person or ready.fees or any(row["way"] in TO_BE_SEEN for row in ready.materials):
        return None
    return consider(
        ready.item.content["code"],
        ready.item.content,
        {
            "answers": ready.answers,
            "situation": ready.situation,
            "applicant": {
                "kind": applicant.kind,
                "number": applicant.number,
                "name": applicant.name,
                "id": applicant.id,
            },
            "on": day_of(at),
        },
        earlier=lambda: earlier_of(applicant.id, ready.item.content["code"]),
        stamp=ready.item.stamp,
    )


def decided(ready: Checked, verdict: Verdict, rows: dict[str, Any]) -> dict[str, Any]:
    """The rows of intake with those of what the rules found, and which registers they looked into; of a doubt only that."""
    if verdict.outcome == PERSON:
        return {**_looked(ready, verdict, rows), "decided": verdict.row}
    try:
        with override("zh-hans"):  # what is written down is Chinese, whatever language the applicant reads
            return {**_looked(ready, verdict, _Act(ready, verdict, rows).rows()), "decided": verdict.row}
    except TongbanError as fault:
        # Nothing is granted that cannot be signed and sent: then it is a person's matter, and says why.
        log.warning("decided_at_once_in_vain", item=ready.item.content["code"], fault=fault.code)
        first, *rest = rows["events"]
        note = _("已按规则核对，但签发文书或证照的服务暂时没有响应，转由工作人员办理。")
        return {**_looked(ready, verdict, rows), "events": [{**first, "note": note}, *rest]}


def _looked(ready: Checked, verdict: Verdict, rows: dict[str, Any]) -> dict[str, Any]:
    """The rows with one more fact: which registers the rules read, what for and for which case, as with any other look."""
    if not verdict.looked:
        return rows
    subject = f"case:{rows['case']['id']}"
    last = max((fact for fact in rows["facts"] if fact["stream"] == subject), key=lambda fact: fact["position"])
    fact = prepared_fact(
        "registries.looked",
        actor=Actor(kind="system", department_id=ready.item.department_id, division=ready.item.division),
        subject=subject,
        person_id=ready.applicant.person_id,
        data={"what": list(verdict.looked), "purpose": BY_RULES, "case_no": subject, "own": False},
        at=rows["case"]["submitted_at"],
        position=last["position"] + 1,
        previous=last["digest"],
    )
    return {**rows, "facts": [*rows["facts"], fact]}


class _Act:
    """One decision made at once: what every row of it has in common."""

    def __init__(self, ready: Checked, verdict: Verdict, rows: dict[str, Any]) -> None:
        case = rows["case"]
        self.ready, self.verdict, self.before, self.case = ready, verdict, rows, case
        self.at: datetime = case["submitted_at"]
        self.on = day_of(self.at)
        self.subject = f"case:{case['id']}"
        self.result = RESULTS[verdict.outcome]
        self.content = ready.item.content
        self.reasons = "\n".join(reason["sentence"] for reason in verdict.reasons)
        self.actor = Actor(kind="system", department_id=ready.item.department_id, division=ready.item.division)

    def rows(self) -> dict[str, Any]:
        clock = self._decision_clock()
        letter = self._letter()
        licence = self._licence()
        message = self._message()
        return {
            **self.before,
            "case": {**self.case, **self._columns(clock, licence)},
            "clocks": [*({**one, "ended_on": self.on} for one in self.before["clocks"]), clock],
            "events": in_order([*self.before["events"], *self._events(letter)]),
            "facts": [*self.before["facts"], *self._facts(licence)],
            "letters": [letter],
            "licences": [licence] if licence else [],
            "decision": self._decision(letter),
            "delivery": self._delivery(),
            **message,
        }

    def _decision_clock(self) -> dict[str, Any]:
        rest = leaf(self.content, self.case["situation"], applicant_kind=self.case["applicant_kind"])
        promise, statutory = rest.promise, rest.statutory
        row = clock_row(
            started_on=self.on,
            promise=(int(promise.get("days") or 0), promise.get("unit") or "1"),
            statutory=(int(statutory["days"]), statutory.get("unit") or "1")
            if statutory and statutory.get("days")
            else None,
            division=self.case["division"],
        )
        return {
            "id": uuid7(),
            "subject": self.subject,
            "kind": "decision",
            "extension_days": 0,
            "ended_on": self.on,
            **row,
        }

    def _columns(self, clock: Mapping[str, Any], licence: Mapping[str, Any] | None) -> dict[str, Any]:
        """Closed the moment it came: what the columns of a case say that went the long way."""
        return {
            "state": "closed",
            "result": self.result,
            "accepted_at": self.at,
            "decided_at": self.at,
            "closed_at": self.at,
            "promise_due_on": clock["promise_due_on"],
            "statutory_due_on": clock["statutory_due_on"],
            "due_certain": clock["certain"],
            "stage_key": self._last_stage(),
            "stage_name": "办结",
            "urgent_on": self.on,
            "lamp": "green",
            "is_open": False,
            "certificate_name": self._certificate_name()[:200],
            "certificate_no": licence["identifier"][:100] if licence else "",
        }

    def _last_stage(self) -> str:
        stages = (self.content.get("flow") or {}).get("stages") or []
        return str(stages[-1]["key"]) if stages else "accept"

    def _certificate_name(self) -> str:
        results = self.content.get("results") or []
        return str(results[0].get("name", "")) if results and self.result == "granted" else ""

    def _letter(self) -> dict[str, Any]:
        granted = self.result == "granted"
        results = self.content.get("results") or [{}]
        letters = self.content.get("letters") or {}
        step = "grant" if granted else "refusal"
        words = (
            {
                "decision": "准予",
                "result_name": results[0].get("name", ""),
                "validity": results[0].get("validity", ""),
                "conditions": "",
            }
            if granted
            else {"reasons": [reason["sentence"] for reason in self.verdict.reasons]}
        )
        return prepared_letter(
            actor=self.actor,
            template_code=step,
            department_id=self.ready.item.department_id,
            subject=self.subject,
            owner_id=self.ready.applicant.id,
            data={
                "recipient": self.ready.applicant.name,
                "item_name": self.content["task_name"],
                "submitted_on": self.on,
                "phone": self.content.get("consult_phone", ""),
                "abbreviation": letters.get("abbreviation", ""),
                "sample": bool(self.content.get("sample", True)),
                "answers": {},
                "basis": [f"《{law['law']}》{law.get('clause', '')}" for law in self.content.get("by_law") or ()],
                **words,
            },
            on=self.on,
            own=(letters.get("templates") or {}).get(step, ""),
        )

    def _licence(self) -> dict[str, Any] | None:
        made = licence_asked(self.content) if self.result == "granted" else None
        if made is None:
            return None
        applicant = self.ready.applicant
        return prepared_licence(
            made["licence_type"],
            self.ready.item.department_id,
            licence_holder(
                made,
                self.ready.answers,
                Holder(applicant.kind, applicant.number, applicant.name, applicant.id),
            ),
            licence_fields(
                made, self.ready.answers, self.content.get("form"), name=applicant.name, number=applicant.number
            ),
            self.on,
            None,
            self.case["id"],
            self.at,
        )

    def _decision(self, letter: Mapping[str, Any]) -> dict[str, Any]:
        granted = self.result == "granted"
        return {
            "case_id": self.case["id"],
            "result": self.result,
            "reasons": "" if granted else self.reasons,
            "remedies": "" if granted else remedies(),
            "decided_at": self.at,
            "letter_id": letter["id"],
            "rule_set_id": self.verdict.rule_set_id,
        }

    def _delivery(self) -> dict[str, Any]:
        return {
            "case_id": self.case["id"],
            "way": Delivery.Way.ONLINE,
            "carrier": "",
            "tracking_no": "",
            "receiver": "",
            "sent_at": self.at,
            "delivered_at": self.at,
        }

    def _events(self, letter: Mapping[str, Any]) -> list[dict[str, Any]]:
        why = _("系统按审批规则自动核对，全部符合。") if self.result == "granted" else self.reasons
        lines = [("accept", "受理", {}), ("decide", "决定", {"note": why, "letter_id": letter["id"]})]
        lines += [("deliver", "送达", {"note": str(Delivery.Way.ONLINE.label)}), ("close", "办结", {})]
        return [
            event_row(self.actor, self.case["id"], verb, self.at, stage_name=stage, **columns)
            for verb, stage, columns in lines
        ]

    def _facts(self, licence: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        """One for each line of the time line, chained to that of the submission; and that of the licence."""
        person = self.ready.applicant.person_id
        said = {"item": self.content["code"], "department": str(self.ready.item.department_id), "by_rules": True}
        chain = [self.before["facts"][0]]
        for name in ("accepted", "decided", "delivered", "closed"):
            last = chain[-1]
            fact = prepared_fact(
                f"cases.{name}",
                actor=self.actor,
                subject=self.subject,
                person_id=person,
                data={**said, "result": self.result} if name != "accepted" else said,
                at=self.at,
                position=last["position"] + 1,
                previous=last["digest"],
            )
            chain.append(fact)
        return chain[1:] + ([issued_fact(self.actor, licence)] if licence else [])

    def _message(self) -> dict[str, Any]:
        person = self.ready.applicant.person_id
        if person is None:
            return {"messages": [], "dispatches": [], "must": False}
        return prepared_message(
            template=f"cases.{self.result}_at_once",
            data={"task_name": self.content["task_name"], "reason": self.reasons},
            person_id=person,
            department_id=self.ready.item.department_id,
            subject=self.subject,
            link=f"/my/cases/{self.case['id']}/",
            at=self.at,
        )


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of one moment keep their order: a time-ordered key says nothing about two of the same millisecond."""
    return [{**row, "id": key} for row, key in zip(rows, sorted(uuid7() for _ in rows), strict=True)]
