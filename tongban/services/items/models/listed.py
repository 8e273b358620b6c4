"""The list the district publishes, row by row as it is."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7


class ListedItem(models.Model):
    """A row of the list the district publishes, kept as it came, with what is wrong with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=80, help_text="the row's own code; what re-imports recognise it by")
    source = models.CharField(max_length=60, help_text="name of the list")
    position = models.PositiveIntegerField(help_text="row in the list, from 1")
    original = models.JSONField(help_text="the row as it came; never changed")
    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500, help_text="the name without differences of typing; links rows to items")
    main_item = models.CharField(max_length=500, blank=True)
    task_type = models.CharField(max_length=10, blank=True)
    area_code = models.CharField(max_length=20, blank=True)
    department_name = models.CharField(max_length=100)
    department_code = models.CharField(max_length=40, blank=True)
    item_code = models.CharField(max_length=80)
    department = models.ForeignKey("organisations.Department", models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey("items.ServiceItem", models.SET_NULL, null=True, related_name="listed")
    flags = models.JSONField(default=list, help_text="[{code, field, …values}]; sentences are made when shown")
    flag_count = models.PositiveSmallIntegerField(default=0)
    is_present = models.BooleanField(default=True, help_text="whether the newest import still had it")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True, help_text="account")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="one_row_per_listed_code")]
        indexes = [
            models.Index(fields=["department", "position"], name="listed_of_department"),
            models.Index(fields=["name_key"], name="listed_by_name"),
        ]


class ListedCorrection(models.Model):
    """One field of a listed row put right by its department; the old value stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    listed = models.ForeignKey(ListedItem, models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=500, blank=True)
    new = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, help_text="account")
