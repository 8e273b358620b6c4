"""Who stood at a counter, and which drafts a clerk was let into."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7


class Visit(models.Model):
    """Somebody stands at a counter with his card and agrees that the clerk writes for him (窗口接待). For a company, too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField(help_text="the clerk")
    department_id = models.UUIDField()
    person_id = models.UUIDField(help_text="who stands there")
    company_id = models.UUIDField(null=True, help_text="for whom he comes, when not for himself")
    by_paper = models.BooleanField(default=False, help_text="the mandate is a stamped paper that the clerk saw")
    began_at = models.DateTimeField()
    until = models.DateTimeField(help_text="the clerk may write no longer")

    @property
    def applicant_kind(self) -> str:
        return "company" if self.company_id else "person"

    @property
    def applicant_id(self) -> UUID:
        return self.company_id or self.person_id


class Help(models.Model):
    """A clerk let into a draft (代填), until he, the applicant or a colleague ends it, or it is submitted."""

    class EndedBy(models.TextChoices):
        APPLICANT = "applicant", "申请人收回"
        CLERK = "clerk", "窗口结束"
        COLLEAGUE = "colleague", "同事接手"
        SUBMITTED = "submitted", "已提交"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey("cases.Draft", models.CASCADE, related_name="helps")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="helps")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=EndedBy.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft"], condition=Q(ended_at=None), name="one_helper_at_a_time"),
        ]
