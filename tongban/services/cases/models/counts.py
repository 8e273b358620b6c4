"""What is open, counted: a page of a busy department reads these few rows instead of its many cases."""

from django.db import models


class OpenCount(models.Model):
    """How many open cases are alike in all that pages count by. Counted anew every minute (在办统计)."""

    id = models.BigAutoField(primary_key=True)
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    item_code = models.CharField(max_length=120)
    state = models.CharField(max_length=12)
    lamp = models.CharField(max_length=6)
    urgent_on = models.DateField()
    is_free = models.BooleanField(help_text="nobody took them")
    number = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["department_id"], name="open_counts_of_department")]
