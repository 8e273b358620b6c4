"""What people say is wrong in the registers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField


class Objection(models.Model):
    """Somebody says that a value the city filled in is wrong (说明有误). Whoever keeps the register looks into it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=80, help_text="the draft or case it was seen in, such as draft:0190…")
    path = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    source = models.CharField(max_length=100, help_text="who keeps the value")
    as_of = models.CharField(max_length=10, blank=True)
    note = EncryptedTextField(help_text="what is wrong, in the person's words")
    account_id = models.UUIDField()
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "path"], name="one_objection_per_value")]
        indexes = [models.Index(fields=["answered_at", "-made_at"], name="objections_open")]


class SharedPart(models.Model):
    """A group or a field that forms of several items share (公共库). A form copies it and remembers the version."""

    class Kind(models.TextChoices):
        GROUP = "group", _("分组")
        FIELD = "field", _("字段")

    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    department = models.ForeignKey(
        "organisations.Department",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="who looks after it; null: the city",
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class SharedVersion(models.Model):
    """One version of a shared part. Never changed: forms say which they copied."""

    class Status(models.TextChoices):
        IN_REVIEW = "in_review", _("待审核")
        PUBLISHED = "published", _("已发布")
        REFUSED = "refused", _("未采用")

    part = models.ForeignKey(SharedPart, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    content = models.JSONField(help_text="the group or field as a form definition has it")
    note = models.CharField(max_length=300, blank=True, help_text="what is new, for those who use it")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PUBLISHED)
    by = models.UUIDField(null=True, help_text="account")
    at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True, help_text="account; never who wrote it")
    reviewed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, help_text="why it was not taken in")

    class Meta:
        ordering = ["part_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["part", "version"], name="one_shared_version"),
            models.UniqueConstraint(
                fields=["part"], condition=models.Q(status="in_review"), name="one_part_version_in_review"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("by")), name="part_two_people"
            ),
        ]
