"""The formal acts of a case, each with its document: corrections, special procedures, extension, decision, delivery, ending."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField

from .cases import Case


class Correction(models.Model):
    """补正: one notice that says everything that is missing, its deadline, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="corrections")
    number = models.PositiveSmallIntegerField(help_text="1; a further one needs a supervisor's reason")
    items = models.JSONField(help_text="list of {key, name, problem}")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    due_on = models.DateField()
    supervisor_reason = models.TextField(blank=True)
    letter_id = models.UUIDField(null=True)
    supplied_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="correction_number_once"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(supplied_at__isnull=True, lapsed_at__isnull=True),
                name="one_open_correction",
            ),
            models.CheckConstraint(
                name="further_correction_is_allowed_by_somebody", condition=Q(number=1) | ~Q(supervisor_reason="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(supplied_at__isnull=True, lapsed_at__isnull=True), name="corrections_due"
            )
        ]


class Suspension(models.Model):
    """特别程序: time that does not count (行政许可法 art. 45), with its document."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="suspensions")
    key = models.CharField(max_length=60, help_text="the procedure's key in the item version")
    type = models.CharField(max_length=1, default="2")
    name = models.CharField(max_length=100)
    reason = models.TextField()
    started_on = models.DateField()
    planned_until = models.DateField(help_text="the end that the applicant was told")
    ended_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    started_by = models.UUIDField()
    letter_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on__isnull=True), name="one_open_suspension"),
            models.CheckConstraint(
                name="suspension_ends_last", condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on"))
            ),
        ]


class Extension(models.Model):
    """延长审批: once in the life of a case (行政许可法 art. 42)."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="extension")
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    approved_by = models.UUIDField()
    approved_at = models.DateTimeField()
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    letter_id = models.UUIDField(null=True)


class Decision(models.Model):
    """决定: one per case; a refusal carries reasons and the ways to object."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="decision")
    result = models.CharField(max_length=12, choices=[("granted", "准予"), ("partly", "部分准予"), ("refused", "不予")])
    reasons = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True, help_text="null: by rules, at once")
    rule_set_id = models.UUIDField(null=True, help_text="the rules it was decided by, when nobody looked at it")
    decided_at = models.DateTimeField()
    letter_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refusal_has_reasons_and_remedies",
                condition=Q(result="granted") | (~Q(reasons="") & ~Q(remedies="")),
            ),
            models.CheckConstraint(
                name="decided_by_somebody_or_by_rules",
                condition=Q(decided_by__isnull=False) | Q(rule_set_id__isnull=False),
            ),
        ]


class Delivery(models.Model):
    """送达: online, by post with a tracking number, or at a counter to a named receiver."""

    class Way(models.TextChoices):
        ONLINE = "online", "网上送达"
        POST = "post", "邮寄"
        COUNTER = "counter", "窗口领取"

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="delivery")
    way = models.CharField(max_length=8, choices=Way.choices)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_no = models.CharField(max_length=60, blank=True)
    receiver = EncryptedTextField(blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True, help_text="null: by nobody, with a decision made at once")
    delivered_at = models.DateTimeField(null=True)
    letter_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="post_has_tracking_number", condition=~Q(way="post") | ~Q(tracking_no="")),
            models.CheckConstraint(name="counter_has_receiver", condition=~Q(way="counter") | ~Q(receiver="")),
        ]


class Ending(models.Model):
    """How a case ended without a decision: not accepted, transferred, withdrawn, lapsed, terminated, void."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="ending")
    result = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    remedies = models.TextField(blank=True)
    competent_body = models.CharField(max_length=200, blank=True, help_text="whom to turn to instead")
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField()
    letter_id = models.UUIDField(null=True)
