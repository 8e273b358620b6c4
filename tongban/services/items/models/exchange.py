"""Files of items brought in: each row is looked at and told of before anything is made of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7


class ImportBatch(models.Model):
    """One file brought to be imported: first read, then confirmed as a whole, or not at all."""

    class State(models.TextChoices):
        READING = "reading", _("正在检查")
        READY = "ready", _("等待确认")
        UNUSABLE = "unusable", _("读不出来")
        IMPORTING = "importing", _("正在导入")
        IMPORTED = "imported", _("已导入")
        DROPPED = "dropped", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.UUIDField(help_text="the file as it came, in files")
    name = models.CharField(max_length=120)
    is_json = models.BooleanField(default=False)
    department = models.ForeignKey("organisations.Department", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    found = models.PositiveIntegerField(default=0, help_text="rows in the file")
    done = models.PositiveIntegerField(default=0, help_text="rows looked at so far")
    notes = models.JSONField(
        default=list, help_text="what is told of the file as a whole: [{code, sheet, count, places}]"
    )
    made_by = models.UUIDField(null=True, help_text="account")
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    only_sound = models.BooleanField(default=False, help_text="whether rows that were refused are left out knowingly")

    class Meta:
        indexes = [models.Index(fields=["made_by", "-made_at"], name="imports_of_account")]
        constraints = [models.CheckConstraint(condition=Q(done__lte=F("found")), name="no_more_done_than_found")]


class ImportRow(models.Model):
    """One item of a file: what would become of it, and everything there is to say about it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("新事项")
        CHANGED = "changed", _("有变化")
        SAME = "same", _("没有变化")
        REFUSED = "refused", _("不能导入")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(help_text="from 1, in the file's order")
    place = models.CharField(max_length=100, help_text="sheet and line, such as 权责清单导入模板!5")
    code = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    changes = models.PositiveIntegerField(default=0, help_text="differences to the text in force")
    remarks = models.JSONField(
        default=list, help_text="[{code, place, title, word, stop, …}]; sentences are made when shown"
    )
    content = models.JSONField(default=dict, help_text="the definition as it would be drafted")
    base = models.UUIDField(null=True, help_text="the version it was compared with")
    draft = models.UUIDField(null=True, help_text="the draft made of it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="one_import_row_per_position")]
        indexes = [models.Index(fields=["batch", "outcome", "position"], name="import_rows_by_outcome")]
