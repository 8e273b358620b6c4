"""Jobs in the database: asked for with the change, lost with it, run again after a crash, pruned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from tongban.foundation.audit.actions import record
from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import ANONYMOUS, Actor, Scope
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn, Refused, Unavailable
from tongban.foundation.tasks import actions, queries
from tongban.foundation.tasks.errors import JobNotFailed, NoSuchJob, ReasonMissing
from tongban.foundation.tasks.registration import Patience

OPERATOR = Actor(kind="staff", grants={"tasks.see": Scope.ALL})
CLERK = Actor(kind="staff")
seen: list[dict] = []


@pytest.fixture
def note():
    """A task that notes what it was called with."""
    seen.clear()
    actions.task("tests.note")(lambda **ids: seen.append(ids))
    yield seen
    app.tasks.pop("tests.note")


def status_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs where id = %s", [job_id])
        return cursor.fetchone()[0]


def set_status(job_id: int, status: str, worker: int | None = None) -> None:
    sql = "update procrastinate_jobs set status = %s::procrastinate_job_status, worker_id = %s where id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [status, worker, job_id])


def worker_seen(seconds_ago: int) -> int:
    sql = "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %s)) returning id"
    with connection.cursor() as cursor:
        cursor.execute(sql, [seconds_ago])
        return cursor.fetchone()[0]


def test_a_job_is_asked_for_with_the_change_and_lost_with_it(db, note):
    actions.defer("tests.note", case_id="a")
    with transaction.atomic():
        actions.defer("tests.note", case_id="b")
        transaction.set_rollback(True)
    assert queries.waiting_jobs("tests.note") == [("tests.note", {"case_id": "a"})]
    assert actions.run_waiting() == 1
    assert note == [{"case_id": "a"}]
    assert actions.run_waiting() == 0


def test_a_job_may_be_asked_for_from_sql(db, note):
    with connection.cursor() as cursor:
        cursor.execute("select tongban_defer('tests.note', jsonb_build_object('case_id', 7))")
    actions.run_waiting()
    assert note == [{"case_id": 7}]


def test_a_job_waits_for_its_hour(db, note):
    actions.defer("tests.note", at=now() + timedelta(hours=1))
    assert actions.run_waiting() == 0
    assert not note


def test_a_fact_wakes_the_tasks_listed_for_it(db, note, settings):
    settings.REACTIONS = {"cases.closed": ["tests.note"]}
    fact = record("cases.closed", actor=Actor(kind="system"), subject="case:1")
    record("cases.opened", actor=Actor(kind="system"), subject="case:1")
    actions.run_waiting()
    assert note == [{"fact_id": str(fact.pk), "subject": "case:1"}]


def test_every_reaction_names_a_task_that_exists(settings):
    missing = {name for names in settings.REACTIONS.values() for name in names} - set(app.tasks)
    assert not missing


def test_what_a_rule_refuses_is_not_tried_again_but_an_outage_is():
    class Job:
        attempts = 3

    patience = Patience()
    assert patience.get_retry_decision(exception=Refused(), job=Job()) is None
    assert patience.get_retry_decision(exception=Unavailable(), job=Job()).retry_at > now()
    assert patience.get_retry_decision(exception=OSError(), job=Job()).retry_at > now()


def test_an_operator_runs_a_failed_job_again_and_that_is_a_fact(db, note):
    job = actions.defer("tests.note", case_id="a")
    with pytest.raises(JobNotFailed):
        actions.retry_job(actor=OPERATOR, job_id=job)
    set_status(job, "failed")
    for actor, refusal in ((ANONYMOUS, NotSignedIn), (CLERK, NotAllowed)):
        with pytest.raises(refusal):
            actions.retry_job(actor=actor, job_id=job)
    actions.retry_job(actor=OPERATOR, job_id=job)
    assert status_of(job) == "todo"
    assert Fact.objects.get(name="tasks.retried").data == {"task": "tests.note"}
    with pytest.raises(NoSuchJob):
        actions.retry_job(actor=OPERATOR, job_id=10**9)


def test_an_operator_gives_a_failed_job_up_with_a_reason_and_that_is_a_fact(db, note):
    actions.defer("tests.note", case_id="a")
    job_id = queries.work_seen(OPERATOR).waiting[0].id
    with pytest.raises(JobNotFailed):
        actions.abandon_job(actor=OPERATOR, job_id=job_id, reason="重复")
    set_status(job_id, "failed")
    with pytest.raises(NotAllowed):
        actions.abandon_job(actor=CLERK, job_id=job_id, reason="重复")
    with pytest.raises(ReasonMissing):
        actions.abandon_job(actor=OPERATOR, job_id=job_id, reason=" ")
    assert [queue.failed for queue in queries.queues()] == [1]
    actions.abandon_job(actor=OPERATOR, job_id=job_id, reason="重复")
    assert status_of(job_id) == "cancelled"
    assert queries.queues() == []
    assert actions.run_waiting() == 0
    assert Fact.objects.get(name="tasks.abandoned").data == {"task": "tests.note", "reason": "重复"}


def test_a_job_whose_worker_is_silent_is_taken_up_again(db, note):
    jobs = [actions.defer("tests.note", n=n) for n in range(4)]
    set_status(jobs[0], "doing", worker_seen(5))
    set_status(jobs[1], "doing", worker_seen(120))
    set_status(jobs[2], "doing", None)
    assert actions.requeue_stalled_jobs() == 2
    assert [status_of(job) for job in jobs] == ["doing", "todo", "todo", "todo"]


def test_a_stalled_periodic_job_makes_way_for_the_next_that_waits_already(db, note):
    """Killed in the middle of a periodic job, with the next minute's already in the queue: of its kind only one may wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set queueing_lock = 'tests.note' where id = %s", [actions.defer("tests.note")]
        )
        first = queries.work_seen(OPERATOR).waiting[0].id
        set_status(first, "doing", worker_seen(120))
        second = actions.defer("tests.note")
        cursor.execute("update procrastinate_jobs set queueing_lock = 'tests.note' where id = %s", [second])
    other = actions.defer("tests.note")
    set_status(other, "doing", worker_seen(120))
    assert actions.requeue_stalled_jobs() == 2
    assert [status_of(job) for job in (first, second, other)] == ["aborted", "todo", "todo"]
    assert actions.run_waiting() == 2


def test_a_periodic_job_that_failed_is_tried_again_until_the_next_has_come(db, note):
    """The database went away under the nightly one: it does not wait for the next night."""
    nightly, hopeless, earlier, later, ordinary = (actions.defer("tests.note", n=n) for n in range(5))
    with connection.cursor() as cursor:
        for job, lock, attempts in (
            (nightly, "a", 1),
            (hopeless, "b", 10),
            (earlier, "c", 1),
            (later, "c", 0),
            (ordinary, None, 1),
        ):
            cursor.execute("update procrastinate_jobs set attempts = %s where id = %s", [attempts, job])
            set_status(job, "todo" if job == later else "failed")
            cursor.execute("update procrastinate_jobs set queueing_lock = %s where id = %s", [lock, job])
    assert actions.requeue_stalled_jobs() == 1
    assert [status_of(job) for job in (nightly, hopeless, earlier, later, ordinary)] == [
        "todo",
        "failed",
        "failed",
        "todo",
        "failed",
    ]


def test_a_job_that_always_kills_its_worker_fails_at_last(db, note):
    job = actions.defer("tests.note")
    set_status(job, "doing")
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set attempts = 77 where id = %s", [job])
    actions.requeue_stalled_jobs()
    assert status_of(job) == "failed"


def test_finished_jobs_are_pruned_and_failed_ones_kept_longer(db, note):
    done, fresh, failed = (actions.defer("tests.note", n=n) for n in range(3))
    set_status(done, "succeeded")
    set_status(fresh, "succeeded")
    set_status(failed, "failed")
    with connection.cursor() as cursor:
        old = "update procrastinate_events set at = at - interval '25 hours' where job_id in (%s, %s)"
        cursor.execute(old, [done, failed])
    assert actions.prune_finished_jobs() == 1
    assert status_of(fresh) == "succeeded"
    assert status_of(failed) == "failed"


def test_operators_see_the_work_and_nobody_else_does(db, note):
    actions.defer("tests.note", case_id="a")
    work = queries.work_seen(OPERATOR)
    assert work.counts == {"todo": 1}
    assert (work.waiting[0].task, work.waiting[0].ids, work.failed) == ("tests.note", {"case_id": "a"}, [])
    with pytest.raises(NotAllowed):
        queries.work_seen(CLERK)
