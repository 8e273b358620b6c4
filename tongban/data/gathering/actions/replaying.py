"""Doing batches that are in anew, by the mapping as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import JobRefused, RunMoved
from tongban.data.gathering.models import Job
from tongban.data.gathering.queries import MANAGE
from tongban.data.lake import actions as lake
from tongban.data.lake import queries as lake_queries
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.errors import Reason, TongbanError, Unavailable
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.lookup import find

from .jobs import HAND, told

REPLAY = "gathering.replay"


@transaction.atomic
def ask_replay(*, actor: Actor, job_id: UUID, since: int, reason: str) -> Job:
    """Have each merged batch from `since` on done anew. Refused while a run is open or one is asked for, and without a reason."""
    job = find(Job.objects.select_for_update(), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    if not reason.strip():
        raise JobRefused(reasons=[Reason("reason", _("请写明为什么要重做，会和重做的批次一起记下来。"), "reason")])
    merged = [one.number for one in lake_queries.batches(actor=HAND, dataset_id=job.dataset_id) if one.merged_at]
    if job.waits_for_whole:
        raise JobRefused(reasons=[Reason("whole", _("字段对应改过以后还没有归集过，请先归集一次再重做。"), "since")])
    if job.replays_since or job.runs.filter(ended_at=None).exists() or since not in merged:
        raise RunMoved
    _check_key(job, since, merged)
    job.replays_since, job.replay_fault = since, {}
    job.save(update_fields=["replays_since", "replay_fault"])
    record("gathering.replay_asked", actor=actor, subject=f"job:{job.pk}", data={"since": since, "why": reason[:300]})
    defer(REPLAY, job_id=job.pk, lock=f"gathering:{job.pk}")
    return job


def replay(*, job_id: UUID | str) -> Job:
    """What was asked for; doing it a second time does nothing. What the lake refuses is told on the job, and the data stay as they were."""
    job = find(Job.objects.select_related("source"), pk=job_id)
    if not job.replays_since:
        return job
    try:
        lake.replay(
            actor=HAND,
            dataset_id=job.dataset_id,
            since=job.replays_since,
            work=job.work,
            reason="gathering.replay_asked",
        )
    except Unavailable:
        raise  # the lake or room on the disk: the queue tries again
    except TongbanError as fault:
        return _refused(job, fault)
    counts = {one.pk: one.counts for one in lake_queries.batches(actor=HAND, dataset_id=job.dataset_id)}
    with transaction.atomic():
        for run in job.runs.filter(batch_id__in=counts, state="done"):
            run.counts = counts[run.batch_id]
            run.save(update_fields=["counts"])
        Job.objects.filter(pk=job.pk).update(replays_since=None)
    job.refresh_from_db()
    return job


def _check_key(job: Job, since: int, merged: Sequence[int]) -> None:
    """Doing anew begins with what the lake held before `since`; rows that are told apart by another key cannot be gone on from."""
    keys = dict(job.mappings.values_list("number", "keys"))
    versions = dict(job.runs.filter(state="done").values_list("batch_id", "version"))
    batches = lake_queries.batches(actor=HAND, dataset_id=job.dataset_id)
    by = {one.number: keys.get(versions.get(one.pk) or 0, job.keys) for one in batches}
    before = max((number for number in merged if number < since), default=0)
    if not before or set(by[before]) == set(job.keys):
        return
    good = [
        number
        for number in merged
        if number > since and set(by[max(one for one in merged if one < number)]) == set(job.keys)
    ]
    known = {"before": before, "was": listed(by[before]), "now": listed(job.keys), "first": min(merged)}
    text = _(
        "第%(before)s批是按主键“%(was)s”归集的，现在的主键是“%(now)s”，不能从它后面接着重做。请从第%(first)s批起全部重做。"
    )
    if good:
        known["good"] = min(good)
        text = _(
            "第%(before)s批是按主键“%(was)s”归集的，现在的主键是“%(now)s”，不能从它后面接着重做。"
            "请从第%(first)s批起全部重做，或者从第%(good)s批起。"
        )
    raise JobRefused(reasons=[Reason("key", text % known, "since")])


@transaction.atomic
def _refused(job: Job, fault: TongbanError) -> Job:
    job.replays_since, job.replay_fault = None, told(fault) | {"since": job.replays_since}
    job.save(update_fields=["replays_since", "replay_fault"])
    record("gathering.replay_stopped", actor=HAND, subject=f"job:{job.pk}", data={"why": fault.code})
    return job
