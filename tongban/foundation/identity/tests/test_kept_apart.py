"""三员分立 held by the database: rows are written past the application here, as whoever owns a connection could."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.foundation.identity.models import Account, Appointment
from tongban.foundation.identity.rules import GRANTS, SEPARATED
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.organisations.models import Post
from tongban.foundation.organisations.tests.factories import make_post

from .factories import make_account

SEAT = """
insert into identity_appointment (id, account_id, post_id, starts_on, ends_on, ended_at, created_at)
values (%s, %s, %s, %s, %s, %s, now())
"""


def seat(account: Account, post: Post, *, first: date | None = None, last: date | None = None, ended: bool = False):
    """Written by hand."""
    with connection.cursor() as cursor:
        cursor.execute(SEAT, [uuid7(), account.pk, post.pk, first or today(), last, now() if ended else None])


def refused(account: Account, post: Post, **days: date) -> bool:
    try:
        with transaction.atomic():
            seat(account, post, **days)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name == "administrators_kept_apart"  # type: ignore[union-attr]
    return False


@pytest.mark.django_db
def test_no_account_gets_two_administrators_posts_whoever_writes():
    posts = {role: make_post(role=role) for role in SEPARATED}
    for one, other in permutations(SEPARATED, 2):
        account = make_account()
        seat(account, posts[one])
        assert refused(account, posts[other]), (one, other)


@pytest.mark.django_db
def test_nor_an_administrators_post_beside_any_other():
    for role in GRANTS.keys() - SEPARATED:
        account = make_account()
        seat(account, make_post(role=role))
        assert refused(account, make_post(role="audit_admin")), role


@pytest.mark.django_db
def test_what_is_over_or_not_yet_begun_is_in_nobodys_way():
    account, yesterday, tomorrow = make_account(), today() - timedelta(days=1), today() + timedelta(days=1)
    seat(account, make_post(role="system_admin"), first=yesterday, last=today())
    seat(account, make_post(role="clerk"), ended=True)
    audit = make_post(role="audit_admin")
    assert refused(account, audit)
    assert not refused(account, audit, first=tomorrow)
    assert refused(account, make_post(role="clerk"), first=tomorrow + timedelta(days=9))
    seat(make_account(), make_post(role="clerk"))
    both = make_account()
    seat(both, make_post(role="clerk"))
    assert not refused(both, make_post(role="reviewer"))


@pytest.mark.django_db
def test_a_seat_that_is_moved_or_opened_again_is_looked_at_as_well():
    account = make_account()
    seat(account, make_post(role="system_admin"))
    seat(account, make_post(role="clerk"), ended=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(account=account).update(ended_at=None)
    other = make_account()
    seat(other, make_post(role="security_admin"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(account=other).update(account=account)


@pytest.mark.django_db
def test_a_post_that_is_given_another_role_is_looked_at_as_well():
    account = make_account()
    seat(account, make_post(role="clerk"))
    second = make_post(role="reviewer")
    seat(account, second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=second.pk).update(role="system_admin")
    Post.objects.filter(pk=second.pk).update(role="approver")


@pytest.mark.django_db
def test_a_session_that_skips_triggers_does_not_skip_these():
    account = make_account()
    seat(account, make_post(role="system_admin"))
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
    assert refused(account, make_post(role="audit_admin"))


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_do_not_both_get_through():
    account, posts = make_account(), [make_post(role="system_admin"), make_post(role="security_admin")]
    told: list[bool] = []
    both = threading.Barrier(2)

    def write(post: Post) -> None:
        try:
            with transaction.atomic():
                both.wait(30)
                seat(account, post)
        except IntegrityError:
            told.append(False)
        else:
            told.append(True)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[post]) for post in posts]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(told) == [False, True]
    assert Appointment.objects.filter(account=account).count() == 1


@pytest.mark.django_db
def test_the_database_names_the_same_three():
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = 'identity_kept_apart'")
        said = cursor.fetchone()[0]
    assert {role for role in GRANTS if f"'{role}'" in said} == SEPARATED
