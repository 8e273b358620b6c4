"""Service items: what the city does on application, each definition a dated version; and the district's published list as it is."""

from django.db import models
from django.db.models import Q

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task_code"], condition=~Q(task_code=""), name="one_item_per_task_code")
        ]
        indexes = [models.Index(fields=["department", "code"], name="items_of_department")]


class ItemVersion(DatedVersion):
    """The implementation list (实施清单) of an item from a day on; `content` is the definition."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="one_item_version_per_number"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("drafted_by")), name="item_two_people"
            ),
        ]
        indexes = [models.Index(fields=["item", "status", "-effective_on"], name="item_version_in_force")]


class CodeTable(DatedVersion):
    """One dictionary of codes (代码表), such as `task_type`; provinces extend nearly all of them. `content`: code → name."""

    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_code_table_per_number")]


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
    item = models.ForeignKey(ServiceItem, models.SET_NULL, null=True, related_name="listed")
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


class Synonym(models.Model):
    """What people say (小饭馆) and the words of the catalogue it means (食品经营许可)."""

    word = models.CharField(max_length=60, unique=True)
    means = models.JSONField(help_text="list of words searched for as well")


class Catalogue(models.Model):
    """One row whose stamp rises with every change, so that each process knows when its search index is old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.BigIntegerField(default=0)
