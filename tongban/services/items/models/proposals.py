"""What one official proposes to do with an item, and what a second one answers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7

from .catalogue import ServiceItem


class Proposal(models.Model):
    """An act that needs two people: nothing happens to the item before the second one confirms."""

    class Act(models.TextChoices):
        SUSPEND = "suspend", _("暂停受理")
        RESUME = "resume", _("恢复受理")
        CANCEL = "cancel", _("取消事项")
        KEEP = "keep", _("不再取消")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")

    class State(models.TextChoices):
        OPEN = "open", _("等待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已收回")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="proposals")
    act = models.CharField(max_length=8, choices=Act.choices)
    others = models.JSONField(default=list, help_text="codes of the items it merges with, or that take its place")
    into = models.CharField(max_length=60, blank=True, help_text="code of the item that several merge into")
    from_on = models.DateField(null=True, help_text="the day it is to take effect; null: when it is confirmed")
    reason = models.TextField(help_text="published with the act")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_by = models.UUIDField(null=True, help_text="account")
    made_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True, help_text="account")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, help_text="why it was refused or withdrawn")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(state="open"), name="one_open_proposal"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(made_by=None) | ~Q(answered_by=F("made_by")),
                name="proposal_two_people",
            ),
        ]
        indexes = [models.Index(fields=["item", "made_at"], name="proposals_of_item")]
