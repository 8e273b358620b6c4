"""What is asked of datasets, what each check found, and the tickets that go to those whose data they are."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.versions import DatedVersion


class Rule(models.Model):
    """One rule of a dataset; what it asks lies in its versions. Numbered over all datasets."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    dataset_id = models.UUIDField()
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+", help_text="whose data")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="asked no longer")

    class Meta:
        indexes = [models.Index(fields=["dataset_id", "number"], name="rules_of_datasets")]

    @property
    def code(self) -> str:
        """What the lake calls it where rows lie aside for it."""
        return f"rule:{self.number}"


class RuleVersion(DatedVersion):
    """What a rule asks from a day on: `content` is {title, severity, dimension, spec}."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="one_rule_version_a_number")]


class Check(models.Model):
    """One time a dataset was looked at by all its rules (质量检查)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待检查")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    dataset_id = models.UUIDField()
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, help_text="of the dataset")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.UUIDField(null=True, help_text="account; null: after a gathering")
    rows = models.BigIntegerField(default=0)
    bad_rows = models.BigIntegerField(default=0, help_text="rows that offend against anything, those aside included")
    aside = models.BigIntegerField(default=0, help_text="rows put aside by this check")
    score = models.FloatField(null=True, help_text="0 to 100")
    dimensions = models.JSONField(default=dict, help_text="dimension of GB/T 36344 → score")
    snapshot = models.BigIntegerField(null=True, help_text="the lake's version that was looked at")
    fault = models.CharField(max_length=60, blank=True, help_text="code of what stopped it")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_id"], condition=Q(state="waiting"), name="one_waiting_check_a_dataset"
            )
        ]
        indexes = [models.Index(fields=["dataset_id", "-began_at"], name="checks_of_datasets")]


class Finding(models.Model):
    """What one rule found in one check."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # `check` is taken: a model's own method.
    of_check = models.ForeignKey(Check, models.CASCADE, related_name="findings")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="findings")
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    rows = models.BigIntegerField()
    bad = models.BigIntegerField(help_text="rows that offend, in the view and aside")
    severity = models.CharField(max_length=8)
    dimension = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of_check", "rule"], name="one_finding_a_rule")]


class Ticket(models.Model):
    """A fault of data that its department is to correct or explain, within a limit (质量工单)."""

    class State(models.TextChoices):
        SENT = "sent", _("待来源部门处理")
        ANSWERED = "answered", _("待核对")
        CLOSED = "closed", _("已办结")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+", help_text="what it was sent for")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="tickets")
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENT)
    answer = models.CharField(max_length=10, blank=True, help_text="corrected or explained")
    sent_at = models.DateTimeField()
    due_on = models.DateField(help_text="as the clock reckoned it when the ticket was sent")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=~Q(state="closed"), name="one_open_ticket_a_rule")
        ]

    @property
    def subject(self) -> str:
        return f"quality:{self.pk}"


class TicketStep(models.Model):
    """What was done with a ticket, and said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=10, help_text="sent, corrected, explained, returned, closed")
    words = models.CharField(max_length=500, blank=True)
    bad = models.BigIntegerField(null=True, help_text="rows that offended then")
    by = models.UUIDField(null=True, help_text="account; null: the house itself")
    at = models.DateTimeField()
