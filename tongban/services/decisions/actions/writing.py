"""The way of a rule set among officials: written in a draft, handed in, published by somebody who did not write in it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting import actions as drafting
from tongban.foundation.drafting.queries import authors_of, draft_for
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.lookup import find
from tongban.services.decisions.errors import RulesNotForReview, RulesRefused
from tongban.services.decisions.models import Quota, RuleSet
from tongban.services.decisions.queries.faults import faults_of, reasons_of
from tongban.services.items.actions.changed import touch
from tongban.services.items.queries import item_by_code

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor

KIND, VERB = "rules", "items.manage"  # who writes a department's items writes the rules they decide by
Status = RuleSet.Status
EMPTY: dict[str, Any] = {
    "title": "", "sample_share": 10, "inputs": [], "derived": [], "checks": [], "tables": [], "refusal": None, "tests": [],
}  # fmt: skip


@transaction.atomic
def write_rules(*, actor: Actor, item_code: str) -> Draft:
    """Open a draft of an item's rules, beginning with those published last, or with nothing."""
    item = item_by_code(item_code)
    permit(actor, VERB, department_id=item.department_id, division=item.division_id)
    newest = RuleSet.objects.filter(item_code=item.code, status=Status.PUBLISHED).order_by("-version").first()
    content = deepcopy(newest.content) if newest else deepcopy(EMPTY)
    return drafting.begin(
        actor=actor, kind=KIND, key=item.code, title=content["title"] or item.code, department_id=item.department_id,
        verb=VERB, content=content, base=content, base_ref=f"{item.code}@{newest.version if newest else 0}",
    )  # fmt: skip


@transaction.atomic
def hand_in(*, actor: Actor, draft_id: UUID) -> RuleSet:
    """Hand a draft in for review; refused with everything wrong in it, test cases included."""
    draft = draft_for(actor, draft_id)
    if faults := faults_of(draft.content):
        raise RulesRefused(reasons=reasons_of(faults))
    drafting.submit(actor=actor, draft_id=draft.pk)
    authors = sorted(map(str, authors_of(draft)))
    made = _version(draft.key, draft.department_id, draft.content, drafted_by=actor.account_id, authors=authors,
                    draft_id=draft.pk, status=Status.IN_REVIEW, effective_on=today())  # fmt: skip
    record("decisions.rules_handed_in", actor=actor, subject=made, data={"item": draft.key, "version": made.version})
    return made


def _version(item_code: str, department_id: UUID, content: dict[str, Any], **fields: Any) -> RuleSet:
    newest = RuleSet.objects.filter(item_code=item_code).order_by("-version").first()
    return RuleSet.objects.create(
        item_code=item_code, department_id=department_id, version=newest.version + 1 if newest else 1,
        content=content, digest=sm3(canonical(content)), **fields,
    )  # fmt: skip


@transaction.atomic
def publish(*, actor: Actor, rule_set_id: UUID, effective_on: date | None) -> RuleSet:
    """Publish what colleagues wrote, from a day on, today at the earliest. Nobody publishes what he wrote in."""
    rules = _in_review(actor, rule_set_id)
    if {str(name) for name in actor.names} & {*rules.authors, str(rules.drafted_by)}:
        raise NotAllowed(_("写过这套规则的人不能自己发布，请由另一位同事审核。"))
    if effective_on is None or effective_on < today():
        text = _("生效日期不能早于今天，请改为今天或以后的日期。")
        raise RulesRefused(reasons=[Reason("day_past", text, "effective_on")])
    rules.status, rules.effective_on = Status.PUBLISHED, effective_on
    rules.reviewed_by, rules.published_at = actor.account_id, now()
    rules.save(update_fields=["status", "effective_on", "reviewed_by", "published_at"])
    if rules.draft_id:
        drafting.finish(actor=actor, draft_id=rules.draft_id)
    touch()
    data = {"item": rules.item_code, "version": rules.version, "digest": rules.digest,
            "effective_on": effective_on.isoformat()}  # fmt: skip
    record("decisions.rules_published", actor=actor, subject=rules, data=data)
    return rules


@transaction.atomic
def give_back(*, actor: Actor, rule_set_id: UUID, reason: str) -> RuleSet:
    """Return a rule set to who wrote it; why stands as a comment on the draft."""
    rules = _in_review(actor, rule_set_id)
    if not reason.strip():
        raise RulesRefused(reasons=[Reason("reason_missing", _("请写明退回的原因，起草人会按它修改。"), "reason")])
    rules.status = Status.WITHDRAWN
    rules.save(update_fields=["status"])
    if rules.draft_id:
        drafting.return_(actor=actor, draft_id=rules.draft_id)
        drafting.comment(actor=actor, draft_id=rules.draft_id, path="", text=reason[:1000])
    record("decisions.rules_returned", actor=actor, subject=rules, data={"item": rules.item_code})
    return rules


def _in_review(actor: Actor, rule_set_id: UUID) -> RuleSet:
    rows = RuleSet.objects.select_for_update(of=("self",)).select_related("department")
    rules = find(rows, pk=rule_set_id)
    permit(actor, VERB, department_id=rules.department_id, division=rules.department.division_id)
    if rules.status != Status.IN_REVIEW:
        raise RulesNotForReview
    return rules


@transaction.atomic
def load_rules(*, actor: Actor, item_code: str, content: dict[str, Any], effective_on: date | None) -> RuleSet:
    """Publish a rule set that comes as a file, from set-up commands; the same text again changes nothing."""
    item = item_by_code(item_code)
    permit(actor, VERB, department_id=item.department_id, division=item.division_id)
    if faults := faults_of(content):
        raise RulesRefused(reasons=reasons_of(faults))
    digest = sm3(canonical(content))
    same = RuleSet.objects.filter(item_code=item.code, status=Status.PUBLISHED, digest=digest).first()
    if same:
        return same
    made = _version(item.code, item.department_id, content, status=Status.PUBLISHED, effective_on=effective_on,
                    published_at=now())  # fmt: skip
    touch()
    record("decisions.rules_published", actor=actor, subject=made, data={"item": item.code, "version": made.version,
                                                                         "digest": digest})  # fmt: skip
    return made


@transaction.atomic
def open_quota(*, actor: Actor, key: str, title: str, places: int) -> Quota:
    """Give a quota its places; never fewer than are taken."""
    permit(actor, VERB, department_id=actor.department_id)
    quota, _made = Quota.objects.select_for_update().get_or_create(key=key, defaults={"title": title, "places": places})
    quota.places = max(places, quota.taken)
    quota.save(update_fields=["places"])
    record("decisions.quota_opened", actor=actor, subject=f"quota:{key}", data={"places": quota.places})
    return quota
