"""What a register says of one person, company, address or whatever its key names: now, and before."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField


class Record(models.Model):
    """One record as it stands. `values`: element → {value, source, as_of}, all that a look-up reads. `origins`: element →
    {dataset, batch, row, since, losers, decided}, where each came from and what lost."""

    class State(models.TextChoices):
        HELD = "held", "在库"
        GONE = "gone", "已无来源"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(max_length=20)
    key_index = models.CharField(
        max_length=64, help_text="the key; of a register of persons its blind index (`rules.index_of`)"
    )
    name_index = models.CharField(
        max_length=32, default="", db_default="", help_text="blind index of the element one searches by"
    )
    parts = ArrayField(
        models.IntegerField(),
        null=True,
        help_text="fingerprints of its name's pairs of characters; none: found by whole key and name alone",
    )
    values = EncryptedJSONField(default=dict)
    origins = EncryptedJSONField(default=dict)
    digest = models.CharField(max_length=32, default="", db_default="", help_text="keyed fingerprint of both documents")
    state = models.CharField(max_length=4, choices=State.choices, default=State.HELD, db_default="held")
    known_at = models.DateTimeField(null=True, help_text="since when it says this")
    build_id = models.UUIDField(null=True, help_text="the build that last changed it; none: delivered by hand")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "key_index"], name="one_record_a_key")]
        indexes = [
            models.Index(fields=["register", "name_index"], name="records_by_name", condition=~Q(name_index="")),
            models.Index(fields=["register", "state"], name="records_by_state"),
            GinIndex(fields=["parts"], name="records_by_part", condition=Q(parts__isnull=False)),
            models.Index(
                fields=["register", "key_index"],
                name="records_by_key_start",
                opclasses=["varchar_ops", "varchar_pattern_ops"],
                condition=Q(parts__isnull=False),
            ),
        ]


class Earlier(models.Model):
    """What a record said before: known from `known_at` until `until_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="earlier")
    values = EncryptedJSONField(default=dict)
    origins = EncryptedJSONField(default=dict)
    known_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField()
    state = models.CharField(max_length=4, default="held", db_default="held")

    class Meta:
        indexes = [models.Index(fields=["record", "until_at"], name="earlier_by_moment")]
