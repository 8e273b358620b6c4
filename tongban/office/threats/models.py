"""Alerts, and the numbers of the rules that make them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7


class Rule(models.Model):
    """The numbers of one watch from a moment on. A change is a new version; the last one counts, the first is shipped with the code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, help_text="a key of rules.WATCHES")
    version = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    reason = models.CharField(max_length=500)
    changed_by = models.UUIDField(help_text="account")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_rule_a_version")]


class Mark(models.Model):
    """How far a watch has read. A rule that was changed since reads its whole period once more."""

    kind = models.CharField(primary_key=True, max_length=20)
    version = models.PositiveIntegerField(help_text="of the rule it was read with")
    read_until = models.DateTimeField()


class Alert(models.Model):
    """Somebody or something reached a rule's number. It holds ids and marks, no names."""

    class State(models.TextChoices):
        NEW = "new", _("待处理")
        TAKEN = "taken", _("处理中")
        HANDLED = "handled", _("待复核")
        CLOSED = "closed", _("已关闭")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField(help_text="of the rule that made it; 0 is the one shipped")
    who = models.CharField(max_length=80, help_text="id of an account, mark of an address, or house")
    count = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    taken_by = models.UUIDField(null=True, help_text="account")
    finding = models.CharField(max_length=500, blank=True)
    handled_by = models.UUIDField(null=True, help_text="account")
    handled_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=500, blank=True, help_text="of whoever verified it")
    verified_by = models.UUIDField(null=True, help_text="account")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="alerts_newest")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "who"], condition=~Q(state="closed"), name="one_open_alert"),
            models.CheckConstraint(
                name="alert_verified_by_another",
                condition=Q(verified_by=None) | ~Q(verified_by=F("handled_by")),
            ),
            models.CheckConstraint(
                name="alert_closed_when_verified",
                condition=~Q(state="closed") | (Q(verified_by__isnull=False) & ~Q(finding="")),
            ),
        ]
