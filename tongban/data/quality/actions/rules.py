"""Writing rules: tried on the dataset as it is, kept as a version with its day, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from tongban.data.lake import actions as lake_actions
from tongban.data.lake import queries as lake
from tongban.data.quality.errors import RuleChanged, RuleRefused
from tongban.data.quality.models import Rule, RuleVersion
from tongban.data.quality.queries import HAND, MANAGE, asked, compiled, dataset, fitting, knows, row_specs
from tongban.data.quality.rules import OF_DATASETS, rule_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

FAULTS = {
    "missing": _("请填写这一项。"),
    "unknown": _("请从列出的里面选。"),
    "columns": _("请选这种规则要看的列，个数要对。"),
    "number": _("请填整数。"),
    "alike": _("这两列的类型不一样，不能比较。"),
    "day": _("出生日期那一列要是日期。"),
    "limit_day": _("请写成日期，如 2026-01-31。"),
    "limit_number": _("请填数字。"),
    "turned": _("最大不能比最小还小。"),
    "pattern": _("这个正则表达式读不懂，请检查括号和反斜杠。"),
    "code_set": _("这个代码集今天没有施行的版本，或者太大，不能写进规则。"),
    "same": _("这个数据集已经有一条一模一样的规则。"),
    "dataset": _("没有这个数据集，或者其中没有这一列。"),
}


def preview(*, actor: Actor, dataset_id: UUID, content: Mapping[str, Any]) -> tuple[int, int, list[dict[str, Any]]]:
    """What a rule would find now: rows, rows that offend, and the first twenty of them (whoever shows them masks them). Nothing is kept."""
    one = dataset(actor=actor, dataset_id=dataset_id, verb=MANAGE)
    check_content(one, content)
    if content["spec"]["kind"] in OF_DATASETS:
        return lake.count(actor=HAND, dataset_id=one.pk), 0, []
    spec = compiled(content["spec"])
    rows, _any, each, version = lake.checked(actor=HAND, dataset_id=one.pk, specs=[spec])
    shown = lake.offenders(actor=HAND, dataset_id=one.pk, spec=spec, version=version, limit=20) if each[0] else []
    record("quality.tried", actor=actor, subject=f"dataset:{one.pk}", data={"rows": len(shown)})
    return rows, each[0], shown


@transaction.atomic
def save_rule(
    *,
    actor: Actor,
    dataset_id: UUID,
    content: Mapping[str, Any],
    effective_on: date | None,
    rule_id: UUID | None = None,
    seen: int | None = None,
) -> RuleVersion:
    """A new rule, or the next version of one. Raises `RuleRefused` with every reason.

    `seen`: the version it was written over; raises `RuleChanged` when somebody has saved another since.
    From its day (`effective_on`; None is refused) on one of the error level guards the dataset.
    """
    one = dataset(actor=actor, dataset_id=dataset_id, verb=MANAGE)
    if effective_on is None:
        raise RuleRefused(
            reasons=[*content_reasons(one, content), Reason("missing", FAULTS["missing"], "effective_on")]
        )
    check_content(one, content)
    if rule_id:
        rule = find(Rule.objects.select_for_update(), pk=rule_id, dataset_id=one.pk, ended_at=None)
    else:
        number = next_number(Rule)  # and nobody else writes one meanwhile: who presses twice has one
        if any(version.content == dict(content) for _rule, version in asked(one.pk, effective_on)):
            raise RuleRefused(reasons=[Reason("same", FAULTS["same"], "title")])
        rule = Rule.objects.create(number=number, dataset_id=one.pk, department_id=one.department_id, made_at=now())
    last = rule.versions.aggregate(last=Max("version"))["last"] or 0
    if seen is not None and seen != last:
        raise RuleChanged
    said = dict(content)
    version = RuleVersion.objects.create(
        rule=rule, version=last + 1, status=RuleVersion.Status.PUBLISHED, effective_on=effective_on,
        drafted_by=actor.account_id, published_at=now(), content=said, digest=sm3(canonical(said)),
    )  # fmt: skip
    record("quality.rule_saved", actor=actor, subject=f"rule:{rule.pk}", data={"version": last + 1})
    guard(one.pk)
    return version


@transaction.atomic
def end_rule(*, actor: Actor, rule_id: UUID) -> Rule:
    """It is asked no longer; what it found stays. What lies aside for it comes back by doing the batches anew."""
    rule = find(Rule.objects.select_for_update(), pk=rule_id, ended_at=None)
    permit(actor, MANAGE, department_id=rule.department_id)
    rule.ended_at = now()
    rule.save(update_fields=["ended_at"])
    record("quality.rule_ended", actor=actor, subject=f"rule:{rule.pk}")
    guard(rule.dataset_id)
    return rule


def guard(dataset_id: UUID) -> None:
    """What comes in is asked what rules of the error level ask today; one that cannot be asked stops nobody."""
    lake_actions.set_guards(actor=HAND, dataset_id=dataset_id, guards=row_specs(fitting(dataset_id), "error"))


def check_content(one: Any, content: Mapping[str, Any]) -> None:
    reasons = content_reasons(one, content)
    if reasons:
        raise RuleRefused(reasons=reasons)


def content_reasons(one: Any, content: Mapping[str, Any]) -> list[Reason]:
    """Everything wrong with what a rule asks of a dataset: of itself, then of what it names."""
    found = rule_faults(content, columns=one.kinds)
    spec = content.get("spec", {})
    if not found and spec["kind"] == "codes" and not compiled(spec)["values"]:
        found.append(("code_set", "code_set"))
    if not found and spec.get("pattern") and not lake.is_pattern(spec["pattern"]):
        found.append(("pattern", "pattern"))
    # One may compare with any dataset: all that is learnt is whether values are the same.
    if not found and spec.get("dataset") and not knows(spec):
        found.append(("dataset", "dataset"))
    return [Reason(code, FAULTS[code], field) for field, code in found]


def next_number(model: Any) -> int:
    """The next of a table whose rows are numbered; nobody else takes one until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"number:{model._meta.db_table}"])
    return int(model.objects.aggregate(last=Max("number"))["last"] or 0) + 1
