"""What colleagues ask of one another about a case: opinions beside the flow, and another department's taking it over."""

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7

from .cases import Case


class Asking(models.Model):
    """One round of opinions asked for beside the flow: several side by side (会签), or one more signer (加签).

    Who was asked, and who is still missing, are its steps.
    """

    class Kind(models.TextChoices):
        JOINT = "joint", "会签"
        SIGNER = "signer", "加签"

    class Rule(models.TextChoices):
        ALL = "all", "全部答复"
        MOST = "most", "过半数答复"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="askings")
    kind = models.CharField(max_length=6, choices=Kind)
    rule = models.CharField(max_length=4, choices=Rule, default=Rule.ALL)
    question = models.TextField()
    asked_by = models.UUIDField(help_text="whose work the case was; a deputy's principal")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)


class Transfer(models.Model):
    """移送: a department without competence offers a case to the one that has it; that one takes it over or sends it back."""

    class Answer(models.TextChoices):
        OPEN = "", "等待答复"
        TAKEN = "taken", "已接收"
        RETURNED = "returned", "已退回"
        RECALLED = "recalled", "已收回"
        LAPSED = "lapsed", "已失效"  # nobody answered before the applicant had to be, or the case ended

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="transfers")
    from_department_id = models.UUIDField()
    to_department_id = models.UUIDField()
    reasons = models.TextField()
    offered_by = models.UUIDField()
    offered_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True, default=Answer.OPEN)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(answer=""), name="one_open_transfer"),
            models.CheckConstraint(
                name="transfer_goes_elsewhere", condition=~Q(from_department_id=models.F("to_department_id"))
            ),
            models.CheckConstraint(
                name="transfer_answered_some_day", condition=Q(answer="") | Q(answered_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["to_department_id"], condition=Q(answer=""), name="transfers_waiting"),
            models.Index(fields=["from_department_id", "-id"], name="transfers_made"),
        ]
