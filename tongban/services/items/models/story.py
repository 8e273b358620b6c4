"""What officials did to an item, line by line, and which items took the place of which."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7

from .catalogue import ItemVersion, ServiceItem


class ItemEvent(models.Model):
    """One line of an item's history, with the reason that was given for it."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", "起草"
        SUBMITTED = "submitted", "送审"
        RECALLED = "recalled", "收回送审"
        RETURNED = "returned", "退回"
        PUBLISHED = "published", "发布"
        TAKEN_BACK = "taken_back", "撤下"
        SUSPENDED = "suspended", "暂停"
        RESUMED = "resumed", "恢复"
        CANCELLED = "cancelled", "取消"
        KEPT = "kept", "不再取消"
        MERGED = "merged", "合并"
        SPLIT = "split", "拆分"
        PROPOSED = "proposed", "提出"
        DECLINED = "declined", "不同意"
        DROPPED = "dropped", "收回提议"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="events")
    version = models.ForeignKey(ItemVersion, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.UUIDField(null=True, help_text="account; null for the installation")
    reason = models.TextField(blank=True)
    from_on = models.DateField(null=True, help_text="the day it takes effect, where that is not at once")
    data = models.JSONField(
        default=dict,
        help_text="successors, predecessors: codes; back_to: a version's number; act, proposed_by",
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["item", "at"], name="events_of_item")]


class Succession(models.Model):
    """An item that took another one's place (合并, 拆分). The old code stays frozen and points here."""

    predecessor = models.ForeignKey(ServiceItem, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(ServiceItem, models.PROTECT, related_name="descents")
    since_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_per_pair"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="nobody_succeeds_himself"),
        ]
