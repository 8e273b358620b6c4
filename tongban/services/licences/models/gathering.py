"""History brought in: the six steps by which a department's licences come into the store, batches and their rows."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField
from tongban.services.licences.rules.states import VALID

from .licences import Licence


class Gathering(models.Model):
    """How far one department has come with one type of licence (证照汇聚); the steps are `rules.gathering.STEPS`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    department_id = models.UUIDField()
    type_code = models.CharField(max_length=21)
    type_name = models.CharField(max_length=100)
    steps = models.JSONField(default=dict, help_text="step → {at, by, note}")
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department_id", "type_code"], name="gathering_once")]


class Batch(models.Model):
    """One table of old licences, with its scans."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待归集"
        RUNNING = "running", "正在归集"
        DONE = "done", "已归集，待签发"
        ISSUING = "issuing", "正在签发"
        CONFIRMED = "confirmed", "已签发"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="batches")
    name = models.CharField(max_length=120, help_text="the file's name")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    rows_count = models.PositiveIntegerField()
    scans_count = models.PositiveIntegerField(default=0)
    brought_by = models.UUIDField(null=True, help_text="account")
    brought_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    file_id = models.UUIDField(null=True, help_text="the table as it came")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the table")
    notes = EncryptedJSONField(default=list, help_text="what is told of the file as a whole")
    confirmed_by = models.UUIDField(null=True, help_text="account of the issuer")
    confirmed_at = models.DateTimeField(null=True)
    with_flagged = models.BooleanField(default=False, help_text="whether the doubtful ones were confirmed, too")

    class Meta:
        ordering = ["-id"]


class BatchRow(models.Model):
    """One line of a batch as it came, and what became of it. Nothing that came is lost or mended in silence."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        KEPT = "kept", "已入库"
        FLAGGED = "flagged", "入库，有疑点"
        HELD = "held", "待更正"
        SAME = "same", "库中已有"
        DROPPED = "dropped", "已剔除"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(help_text="in the file, from 1")
    raw = EncryptedJSONField(default=list, help_text="the cells as they came, in order: heading, key, text, oddness")
    corrected = EncryptedJSONField(default=dict, help_text="key → text that people wrote in its place")
    corrected_by = models.UUIDField(null=True, help_text="account")
    scan_id = models.UUIDField(null=True, help_text="file")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    flags = models.JSONField(default=list, help_text="findings: {code, key, stop}")
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="+")
    becomes = models.CharField(
        max_length=10, default=VALID, help_text="its licence's state once confirmed: what the source says"
    )
    dropped_why = models.CharField(max_length=500, blank=True)
    dropped_by = models.UUIDField(null=True, help_text="account")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="batch_line_once")]
        indexes = [models.Index(fields=["batch", "state", "line"], name="rows_of_a_batch")]
