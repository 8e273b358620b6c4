"""What people are told, in which words, and how it went out."""

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField
from tongban.foundation.kernel.versions import DatedVersion


class MessageTemplate(DatedVersion):
    """The sentences of one kind of message, with the day from which they are used.

    `content` holds `title`, `body`, `sms`, `email`, `ways` (of `sms`, `email`) and `must` (cannot be declined); that of a
    department's version may instead be `{"standard": true}`: from then on the standard text holds again.
    """

    code = models.CharField(max_length=60, help_text="such as cases.accepted")
    department = models.ForeignKey(
        "organisations.Department", models.PROTECT, null=True, related_name="+", help_text="whose own; null: standard"
    )
    draft_id = models.UUIDField(null=True, help_text="the draft it was written in")
    back_to = models.PositiveIntegerField(null=True, help_text="the version whose text it brings back")
    reason = models.TextField(blank=True, help_text="why an older text, or the standard, is brought back")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], condition=Q(department=None), name="one_template_per_version"
            ),
            models.UniqueConstraint(fields=["department", "code", "version"], name="one_own_template_per_version"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("drafted_by")),
                name="message_template_two_people",
            ),
        ]


class Recipient(models.TextChoices):
    PERSON = "person", "个人"
    ACCOUNT = "account", "账号"


class Message(models.Model):
    """One message in the site, to one person (in whatever capacity) or to one account (staff)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient_kind = models.CharField(max_length=7, choices=Recipient.choices)
    recipient_id = models.UUIDField(help_text="person or account")
    template = models.ForeignKey(MessageTemplate, models.PROTECT, related_name="messages")
    title = models.CharField(max_length=200)
    body = EncryptedTextField()
    link = models.CharField(max_length=300, blank=True, help_text="a path on this site")
    subject = models.CharField(max_length=80, blank=True, help_text="what it is about, such as case:0190…")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient_id", "-id"], name="messages_of_one"),
            models.Index(fields=["recipient_id"], name="messages_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["subject"], name="messages_about"),
        ]
        constraints = [
            models.CheckConstraint(
                name="links_stay_here", condition=Q(link="") | Q(link__startswith="/") & ~Q(link__startswith="//")
            )
        ]


class Preference(models.Model):
    """A way by which somebody does not want to be told. No row: he wants it."""

    recipient_id = models.UUIDField()
    way = models.CharField(max_length=5, choices=[("sms", "短信"), ("email", "电子邮件")])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient_id", "way"], name="one_preference_per_way")]


class Dispatch(models.Model):
    """One message on its way out by SMS or e-mail. The address is looked up when it is sent, and never kept here."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败，待重试"
        GIVEN_UP = "given_up", "已放弃"
        NO_ADDRESS = "no_address", "未留联系方式"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="dispatches")
    way = models.CharField(max_length=5, choices=[("sms", "短信"), ("email", "电子邮件")])
    text = EncryptedTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    gateway = models.CharField(max_length=30, blank=True, help_text="which gateway took it")
    reference = models.CharField(max_length=100, blank=True, help_text="the gateway's own number")
    address_masked = models.CharField(max_length=100, blank=True)
    fault = models.CharField(max_length=200, blank=True, help_text="why the last attempt failed; no personal data")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "way"], name="one_dispatch_per_way")]
        indexes = [
            models.Index(
                fields=["id"], name="dispatches_open", condition=~Q(state__in=["sent", "no_address", "given_up"])
            ),
            models.Index(fields=["state", "-id"], name="dispatches_by_state"),
        ]


class PretendPost(models.Model):
    """What a pretend gateway would have sent: only where no real one is set up."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    way = models.CharField(max_length=5)
    address = EncryptedTextField()
    subject = models.CharField(max_length=200, blank=True)
    text = EncryptedTextField()
    reference = models.CharField(max_length=100, unique=True, help_text="the dispatch: a repeat is not a second post")
    at = models.DateTimeField()
