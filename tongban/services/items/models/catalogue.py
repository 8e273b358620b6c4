"""Service items: what the city does on application, each definition a dated version; codes and words around them."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.versions import DatedVersion


class ServiceItem(models.Model):
    """One thing that can be applied for here (事项). Its code is never used again, whatever becomes of it."""

    class Status(models.TextChoices):
        IN_USE = "in_use", "在用"
        SUSPENDED = "suspended", "暂停"
        CANCELLED = "cancelled", "取消"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    division = models.ForeignKey("organisations.Division", models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.IN_USE)
    task_code = models.CharField(max_length=31, blank=True, help_text="实施编码: uscc + level + basic code")
    source = models.CharField(max_length=20, default="definition", help_text="definition or import")
    ends_on = models.DateField(null=True, help_text="the first day it can no longer be applied for (计划取消日期)")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task_code"], condition=~Q(task_code=""), name="one_item_per_task_code")
        ]
        indexes = [models.Index(fields=["department", "code"], name="items_of_department")]

    def status_on(self, day: date) -> str:
        """Its status on a day, a cancellation that takes effect by then included."""
        return self.Status.CANCELLED if self.ends_on and self.ends_on <= day else self.status


class ItemVersion(DatedVersion):
    """The implementation list (实施清单) of an item from a day on; `content` is the definition."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="versions")
    authors = models.JSONField(default=list, help_text="accounts that wrote in it; none of them may review it")
    draft_id = models.UUIDField(null=True, help_text="the draft of the drafting room it was handed in from")
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", help_text="what it began as")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="one_item_version_per_number"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("drafted_by")), name="item_two_people"
            ),
        ]
        indexes = [models.Index(fields=["item", "status", "-effective_on"], name="item_version_in_force")]


class CodeTable(DatedVersion):
    """One dictionary of codes (代码表), such as `task_type`; provinces extend nearly all of them. `content`: code → name.

    `synonyms` is kept in the same way: what people say → the words of the catalogue it means.
    """

    key = models.CharField(max_length=40)
    note = models.TextField(blank=True, help_text="why it changes")
    answer = models.TextField(blank=True, help_text="why it was not published")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_code_table_per_number"),
            models.UniqueConstraint(fields=["key"], condition=Q(status="in_review"), name="one_code_table_in_review"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(reviewed_by=None) | ~Q(reviewed_by=F("drafted_by")),
                name="code_table_two_people",
            ),
        ]


class Synonym(models.Model):
    """What people say (小饭馆) and the words of the catalogue it means (食品经营许可)."""

    word = models.CharField(max_length=60, unique=True)
    means = models.JSONField(help_text="list of words searched for as well")


class Catalogue(models.Model):
    """One row whose stamp rises with every change, so that each process knows when its search index is old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.BigIntegerField(default=0)
