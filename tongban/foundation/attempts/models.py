"""What was tried, and how often anybody asked."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7


class Attempt(models.Model):
    """Something that was refused or failed. A trigger refuses UPDATE, and DELETE before `rules.KEPT_DAYS` are over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, help_text="one of rules.KINDS")
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True, help_text="whose account was tried, or who asked")
    address = models.CharField(max_length=32, blank=True, help_text="mark of the network address")
    route = models.CharField(
        max_length=200, blank=True, help_text="pattern of the URL or name of the limit, never the path"
    )
    thing = models.CharField(max_length=80, blank=True, help_text="the right that lacked, or the id asked for")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-at"], name="attempts_of_a_kind"),
            models.Index(fields=["account_id", "-at"], name="attempts_of_an_account"),
        ]


class Window(models.Model):
    """How much of a limit one caller's processes have drawn in his present window. Unlogged: a crash forgets it, no harm done."""

    id = models.CharField(primary_key=True, max_length=80, help_text="limit and mark of the caller")
    drawn = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="windows_by_end")]
