"""Rows of the topic stores, and how far they have followed. Made from recorded facts alone: all of it can be made anew."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7

from .rules import WORD_COLUMNS


def _text(name: str) -> models.Func:
    """A text of the values, named in the statement itself: an index is found by what is written there."""
    return models.Func("values", template=f"(%(expressions)s ->> '{name}')", output_field=models.TextField())


# A row's key and every word in it: one index finds a row by any of them, in whatever column it stands.
WORDS = models.Func(
    "key",
    *map(_text, WORD_COLUMNS),
    template="ARRAY[%(expressions)s]::text[]",
    output_field=ArrayField(models.TextField()),
)


class TopicRow(models.Model):
    """One row of a store: what the facts of one subject come to. No name, number or phone: persons are pseudonyms."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    store = models.CharField(max_length=20)
    key = models.CharField(max_length=80, help_text="the stream of its facts, a fact's id, or a pseudonym")
    values = models.JSONField(help_text="by the store's columns")
    applicant = models.CharField(max_length=32, blank=True, help_text="of a case: the pseudonym of whoever applies")
    project = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="of a case: its project's code"
    )
    facts = models.PositiveIntegerField(help_text="how many it was made from; a subject with more has grown")
    at = models.DateTimeField(help_text="of the newest fact")
    made_at = models.DateTimeField(help_text="when the row was made")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="one_topic_row_a_key")]
        indexes = [
            models.Index(fields=["store", "-at", "-id"], name="topic_rows_newest"),
            models.Index(fields=["applicant"], condition=Q(store="cases"), name="topic_cases_of_applicant"),
            models.Index(
                fields=["project"], condition=Q(store="cases") & ~Q(project=""), name="topic_cases_of_project"
            ),
            GinIndex(WORDS, name="topic_rows_by_word"),
        ]


class Mark(models.Model):
    """How far the stores have followed: every fact up to `until_at` is in."""

    name = models.CharField(primary_key=True, max_length=20)
    until_at = models.DateTimeField()
