"""What is open, counted: a page of a busy department reads these few rows instead of its many cases."""

from django.db import models


class StageCount(models.Model):
    """How many open cases of an item stand at a stage under a lamp (在办统计). Counted anew every minute.

    Days and desks are sums, not keys: how many rows there are follows from the items, not from the cases.
    """

    id = models.BigAutoField(primary_key=True)
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    item_code = models.CharField(max_length=120)
    stage = models.CharField(max_length=12)
    lamp = models.CharField(max_length=6)
    cases = models.PositiveIntegerField()
    late = models.PositiveIntegerField(help_text="their nearest due date has passed")
    unheld = models.PositiveIntegerField(help_text="nobody took them")
    unanswered = models.PositiveIntegerField(help_text="neither accepted nor sent back yet")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "division", "item_code", "stage", "lamp"], name="open_cases_counted_once"
            )
        ]
