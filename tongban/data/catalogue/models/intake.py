"""Files of a department's catalogue, looked at before anything is made of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7


class Intake(models.Model):
    """What some files would do: the texts they hold and everything wrong with them; put in as a whole, or not at all."""

    class State(models.TextChoices):
        READY = "ready", _("等待确认")
        FAULTY = "faulty", _("有错误")
        DONE = "done", _("已导入")
        DROPPED = "dropped", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices)
    counts = models.JSONField(default=dict, help_text="new, changed, same: how many entries")
    faults = models.JSONField(default=list, help_text="[{sheet, row, column, code, words}]")
    rows = models.JSONField(default=list, help_text="[{kind, entry, content, outcome, place}]")
    made_by = models.UUIDField(null=True, help_text="account")
    made_at = models.DateTimeField()
