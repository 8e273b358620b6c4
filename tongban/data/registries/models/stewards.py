"""What people settle: sources that differ, and records that are one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField

from .records import Record
from .registers import Register


class Conflict(models.Model):
    """Two sources that differ over one element of one record (两源不一致). A decision holds while the sources say what they said."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        RETURNED = "returned", _("已退回来源部门")
        DECIDED = "decided", _("已认定")
        GONE = "gone", _("已一致")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(max_length=20)
    record = models.ForeignKey(Record, models.CASCADE, related_name="conflicts")
    element = models.CharField(max_length=50)
    digest = models.CharField(max_length=32, help_text="keyed fingerprint of what the sources say")
    datasets = models.JSONField(help_text="those that differ")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    chosen = EncryptedJSONField(default=dict, help_text="dataset and value that stand")
    returned_to = models.UUIDField(null=True, help_text="the department that has to look")
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.UUIDField(null=True, help_text="account")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "element"], name="one_conflict_an_element")]
        indexes = [models.Index(fields=["register", "state", "found_at", "id"], name="conflicts_by_state")]


class Pair(models.Model):
    """Two things that may be one: records, or a row that has no good key and a record. Found by record linkage."""

    class State(models.TextChoices):
        OPEN = "open", _("待核对")
        MERGED = "merged", _("已合并")
        APART = "apart", _("不是同一个")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="pairs")
    left = EncryptedJSONField(
        help_text="{dataset, row_key} of a row without a good key, or {key}; with what was compared"
    )
    right = EncryptedJSONField(help_text="{key} of a record; with what was compared")
    sides = models.CharField(max_length=64, help_text="keyed fingerprint of both")
    probability = models.FloatField(help_text="that they are one, 0 to 1")
    agreement = models.JSONField(default=dict, help_text="element → how far they agree, 0 to 1")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.UUIDField(null=True, help_text="account")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "sides"], name="one_pair_of_two")]
        indexes = [models.Index(fields=["register", "state", "probability", "id"], name="pairs_by_state")]


class Join(models.Model):
    """A steward's word that a row, or all rows of a key, belong to another key. Taken back, they part again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="joins")
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, related_name="joins")
    what = EncryptedJSONField(help_text="{dataset, row_key} or {key}")
    into = EncryptedJSONField(help_text="{key}")
    reason = models.CharField(max_length=500)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["register", "undone_at"], name="joins_that_hold")]
