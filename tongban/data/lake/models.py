"""What lies in the lake: datasets, and the batches they were filled from. The rows themselves are not in PostgreSQL."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7

from .rules import Column, Part


class Dataset(models.Model):
    """One table of the lake: a current view with its history. Fed by batches alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=50, unique=True, help_text="the table's name in the lake")
    title = models.CharField(max_length=200)
    department = models.ForeignKey(
        "organisations.Department", models.PROTECT, related_name="+", help_text="whose data they are"
    )
    resource_id = models.UUIDField(null=True, help_text="the resource of the catalogue they are the content of")
    columns = models.JSONField(help_text="list of {name, kind}, see rules.KINDS")
    keys = models.JSONField(help_text="names of the columns that tell one row from another")
    guards = models.JSONField(
        default=dict,
        db_default={},
        help_text="what every row that comes in is asked: code → spec of `rules/conditions.py`",
    )
    made_at = models.DateTimeField()

    @property
    def kinds(self) -> dict[str, str]:
        return {column["name"]: column["kind"] for column in self.columns}

    @property
    def types(self) -> dict[str, str]:
        """Column → how the lake keeps it."""
        return {column.name: column.type for column in self.shape}

    @property
    def shape(self) -> list[Column]:
        return [Column(**column) for column in self.columns]

    @property
    def names(self) -> list[str]:
        return [column["name"] for column in self.columns]


class Batch(models.Model):
    """What one reading of a source brought, kept as it came. Numbered from 1 within its dataset."""

    class State(models.TextChoices):
        LANDING = "landing", "接收中"
        LANDED = "landed", "待入湖"
        MERGED = "merged", "已入湖"
        ABANDONED = "abandoned", "已放弃"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    whole = models.BooleanField(help_text="全量: what it lacks is gone from the source")
    state = models.CharField(max_length=10, choices=State.choices, default=State.LANDING)
    parts = models.JSONField(default=list, help_text="list of {name, rows, bytes, sha256}, in order")
    counts = models.JSONField(
        default=dict, help_text="read, kept, quarantined, superseded, inserted, updated, deleted, unchanged"
    )
    work = models.JSONField(null=True, help_text="what was done with its rows when they were last merged")
    snapshot = models.BigIntegerField(null=True, help_text="the lake's version that it made")
    began_at = models.DateTimeField()
    landed_at = models.DateTimeField(null=True)
    merged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_batch_per_number"),
            models.CheckConstraint(
                name="merged_batch_has_version",
                condition=Q(state="merged", snapshot__isnull=False, merged_at__isnull=False) | ~Q(state="merged"),
            ),
        ]
        indexes = [models.Index(fields=["dataset", "merged_at"], name="batches_by_moment")]

    def laid_in(self, folder: Path) -> Sequence[Part]:
        """Its parts as the lake's statements read them."""
        firsts = accumulate((part["rows"] for part in self.parts), initial=1)
        return [
            Part(str(folder / part["name"]), first, part.get("numbered", True))
            for part, first in zip(self.parts, firsts, strict=False)
        ]
