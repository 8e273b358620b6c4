"""The basic list (目录清单): what may be handled at all, before any office says how."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7


class BasicItem(models.Model):
    """One line of the basic list as it holds from a day on. A change is a new version; what was never goes away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=50, help_text="as the list it came from writes it; the same in every version")
    catalog_code = models.CharField(
        max_length=12, blank=True, help_text="基本编码 of the national list; empty: not known"
    )
    version = models.PositiveIntegerField(help_text="1 upward")
    effective_on = models.DateField(help_text="the first day it holds")
    superseded_on = models.DateField(null=True, help_text="the first day it no longer holds: changed or struck off")
    name = models.CharField(max_length=500)
    name_key = models.CharField(max_length=500, help_text="the name without differences of typing")
    main_item = models.CharField(max_length=500, blank=True, help_text="主项 it belongs to")
    task_type = models.CharField(max_length=2, blank=True)
    basis = models.JSONField(default=list, help_text="设定依据: [{law, clause, text, …}] as in a definition")
    levels = models.JSONField(default=list, help_text="行使层级 that exercise it, as codes")
    line = models.CharField(max_length=100, blank=True, help_text="department line, as the list names it")
    department = models.ForeignKey("organisations.Department", models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(
        "items.ServiceItem", models.SET_NULL, null=True, related_name="+", help_text="who took it up"
    )
    source = models.CharField(max_length=60, help_text="name of the list")
    position = models.PositiveIntegerField(help_text="line in the list, from 1")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_basic_item_per_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(superseded_on=None), name="one_basic_item_holds_per_code"
            ),
            models.CheckConstraint(
                condition=Q(superseded_on=None) | Q(superseded_on__gte=F("effective_on")), name="basic_item_ends_last"
            ),
        ]
        indexes = [
            models.Index(fields=["department", "position"], name="basic_of_department"),
            models.Index(fields=["name_key"], name="basic_by_name"),
        ]
