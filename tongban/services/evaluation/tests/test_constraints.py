"""What the database holds whatever anyone does."""

import pytest
from django.db import DatabaseError, connection, transaction

from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.ids import uuid7
from tongban.services.evaluation.models import Rating, Supplement

pytestmark = pytest.mark.django_db


@pytest.fixture
def rating():
    return Rating.objects.create(
        case_id=uuid7(), item_code="x", task_name="某事项", department_id=uuid7(), division="511602000000",
        closed_on=today(), stars=1, text="办事员态度不好", rated_at=now(),
    )  # fmt: skip


def refused(change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()


def test_a_rating_is_never_changed_or_deleted(rating):
    refused(lambda: Rating.objects.filter(id=rating.id).update(stars=5))
    refused(rating.delete)
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("update evaluation_rating set text = ''"))
        refused(lambda: cursor.execute("delete from evaluation_rating"))
    rating.refresh_from_db()
    assert (rating.stars, rating.text) == (1, "办事员态度不好")


def test_nor_is_a_supplement(rating):
    added = Supplement.objects.create(rating=rating, text="还没有人回复", added_at=now())
    refused(lambda: Supplement.objects.update(text="好"))
    refused(added.delete)


def test_one_rating_a_case_and_one_to_five_stars(rating):
    fields = {f.attname: getattr(rating, f.attname) for f in Rating._meta.fields}
    for change in ({"id": uuid7()}, {"id": uuid7(), "case_id": uuid7(), "stars": 6}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Rating.objects.create(**fields | change)


def test_words_are_ciphertext_in_the_database(rating):
    with connection.cursor() as cursor:
        cursor.execute("select text from evaluation_rating")
        assert "态度" not in cursor.fetchone()[0]
