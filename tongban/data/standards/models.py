"""What the city writes its data by: code sets and data elements, each in versions with a day, and what is bound to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.versions import DatedVersion


class Standard(models.Model):
    """One code set or data element; what it says lies in its versions."""

    class Kind(models.TextChoices):
        CODE_SET = "code_set", _("代码集")
        ELEMENT = "element", _("数据元")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=40, help_text="identifier: GB/T 2261.1, DE00021; never changed")
    name = models.CharField(max_length=200, help_text="of the newest published version, else of the first draft")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_standard_a_key")]
        indexes = [models.Index(fields=["kind", "name", "id"], name="standards_by_name")]


class Version(DatedVersion):
    """What a standard says from a day on. `content` is checked by `rules`; a code set's values lie in `CodeValue`."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="versions")
    values_count = models.PositiveIntegerField(default=0)
    handed_in_at = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "version"], name="one_standard_version_a_number"),
            models.UniqueConstraint(
                fields=["standard"],
                condition=Q(status__in=["draft", "in_review"]),
                name="one_open_version_a_standard",
            ),
        ]


class CodeValue(models.Model):
    """One code of a code set's version and what it means."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, models.CASCADE, related_name="values")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    parent = models.CharField(max_length=40, blank=True, help_text="code of what it belongs to")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_meaning_a_code")]


class Binding(models.Model):
    """A data item of the catalogue, or a column of a dataset, that is written by a standard."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="bindings")
    item_id = models.UUIDField(null=True, unique=True, help_text="data item of the catalogue")
    dataset_id = models.UUIDField(null=True, help_text="dataset of the lake")
    column = models.CharField(max_length=50, blank=True)
    title = models.CharField(max_length=400, help_text="what is bound, as people call it")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset_id", "column"], name="one_standard_a_column"),
            models.CheckConstraint(
                name="bound_to_one_thing",
                condition=Q(item_id__isnull=False, dataset_id__isnull=True, column="")
                | (Q(item_id__isnull=True, dataset_id__isnull=False) & ~Q(column="")),
            ),
        ]
