"""What was owed, paid and given back, in integer fen."""

from django.db import models
from django.db.models import F, Q

from tongban.foundation.kernel.ids import uuid7

COUNTER = "counter"  # beside the names of the channels: where a payment was made by hand


class Bill(models.Model):
    """What one case owes to the treasury (非税收入一般缴款书). Cases and payers are named by plain ids."""

    class State(models.TextChoices):
        DUE = "due", "待缴费"
        PAID = "paid", "已缴费"
        REFUNDING = "refunding", "退费中"
        REFUNDED = "refunded", "已退费"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment_code = models.CharField(max_length=20, unique=True, help_text="缴款码")
    case_id = models.UUIDField(unique=True, help_text="one bill a case")
    project_no = models.CharField(max_length=60)
    task_name = models.CharField(max_length=1000)
    department_id = models.UUIDField()
    division = models.CharField(max_length=12)
    payer_id = models.UUIDField(null=True, help_text="person or company; null when not registered with us")
    person_id = models.UUIDField(null=True, help_text="whom to tell")
    lines = models.JSONField(help_text="list of {key, name, amount_fen, standard, basis, refund_when}")
    amount_fen = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="bill_of_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="bill_paid_has_moment",
                condition=Q(state__in=["due", "cancelled"], paid_at__isnull=True)
                | Q(state__in=["paid", "refunding", "refunded"], paid_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["payer_id", "-id"], name="bills_of_payer"),
            models.Index(fields=["department_id", "state", "-id"], name="bills_of_department"),
        ]


class Payment(models.Model):
    """One attempt to pay a bill through a channel. Of all attempts at most one succeeds and is kept."""

    class State(models.TextChoices):
        STARTED = "started", "已发起"
        PAID = "paid", "成功"
        FAILED = "failed", "未成功"
        EXTRA = "extra", "重复缴费，待退"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments")
    channel = models.CharField(max_length=30)
    order_no = models.CharField(max_length=40, unique=True, help_text="ours; the channel echoes it")
    amount_fen = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.STARTED)
    channel_no = models.CharField(max_length=60, blank=True, help_text="the channel's own number")
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill"], condition=Q(state="paid"), name="bill_paid_once"),
            models.CheckConstraint(
                name="payment_settles_after_start", condition=Q(settled_at=None) | Q(settled_at__gte=F("started_at"))
            ),
        ]
        indexes = [models.Index(fields=["started_at"], condition=Q(state="started"), name="payments_without_answer")]


class Refund(models.Model):
    """Money that goes back the way it came (原路退回)."""

    class State(models.TextChoices):
        REQUESTED = "requested", "已申请"
        DONE = "done", "已退回"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="refund")
    amount_fen = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, help_text="how the case ended, or `extra`")
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    channel_no = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="refund_of_something", condition=Q(amount_fen__gt=0))]


class PretendTaking(models.Model):
    """The pretend bank's own book: an order it took the money of. Ours are the rows above; this one is asked for by `asked` alone."""

    order_no = models.CharField(primary_key=True, max_length=40)
    amount_fen = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
