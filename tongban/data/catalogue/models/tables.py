"""Dictionaries of the catalogue, and what the service network tells of its items' results."""

from django.db import models

from tongban.foundation.kernel.versions import DatedVersion


class ValueTable(DatedVersion):
    """One dictionary, such as `share_type`: code → name, in versions. `limit` holds days."""

    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_value_table_per_number")]


class ItemResult(models.Model):
    """What a service item gives out, told by the service network: an item's result feeds a resource. By codes, not by rows."""

    item_code = models.CharField(max_length=120)
    item_name = models.CharField(max_length=1000)
    result = models.CharField(max_length=200)
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_code", "result"], name="one_line_per_item_result")]
