"""What supervision itself keeps: lamps it withdrew, and how many cases were closed on each day."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7


class LampWithdrawal(models.Model):
    """A yellow or red lamp a supervisor took back, with his reason. The lamp stays counted; so does its withdrawal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField()
    project_no = models.CharField(max_length=60)
    item_code = models.CharField(max_length=120)
    task_name = models.CharField(max_length=1000)
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    lamp = models.CharField(max_length=6, choices=[("yellow", "黄牌"), ("red", "红牌")])
    reason = models.TextField()
    withdrawn_by = models.UUIDField(help_text="account")
    withdrawn_on = models.DateField()
    withdrawn_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "lamp"], name="lamp_withdrawn_once")]
        indexes = [models.Index(fields=["department_id", "withdrawn_on"], name="withdrawals_by_department")]


class DayCount(models.Model):
    """How many cases of one item a department closed on one day, and how many in time: counted once, read often."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    item_code = models.CharField(max_length=120)
    closed = models.PositiveIntegerField()
    on_time = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "department_id", "item_code"], name="one_count_per_day"),
            models.CheckConstraint(name="on_time_is_part_of_closed", condition=Q(on_time__lte=F("closed"))),
        ]
        indexes = [models.Index(fields=["department_id", "day"], name="counts_of_department")]
