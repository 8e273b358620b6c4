"""What is typed before it is submitted, and what makes submitting it once enough."""

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField


class Draft(models.Model):
    """An application being written. Kept 90 days after the last word (`DRAFT_RETENTION_DAYS`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item_code = models.CharField(max_length=120)
    item_version_id = models.UUIDField(help_text="the version the answers were written for")
    task_name = models.CharField(max_length=1000)
    applicant_kind = models.CharField(max_length=10)
    applicant_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    situation = EncryptedJSONField(default=dict)
    answers = EncryptedJSONField(default=dict)
    sources = EncryptedJSONField(default=dict, help_text="where a filled-in value came from, by path")
    materials = models.JSONField(default=dict, help_text="key: list of {way, file_id, file_name, promised_on, …}")
    delivery_wish = EncryptedJSONField(default=dict)
    carried = EncryptedJSONField(
        default=dict, help_text="after a move to a newer version: {on, asked, aside: {fields, answers}}"
    )
    revision = models.PositiveIntegerField(
        default=1, help_text="raised by every save, so that two devices do not undo each other"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField()
    case_id = models.UUIDField(null=True, unique=True, help_text="what it became")

    class Meta:
        indexes = [
            models.Index(
                fields=["applicant_id", "-saved_at"], condition=Q(case_id__isnull=True), name="drafts_of_applicant"
            ),
            models.Index(fields=["saved_at"], name="drafts_by_age"),
        ]


class DaySerial(models.Model):
    """The next serials of one item and day, in sixteen stripes (1, 17, 33 … · 2, 18 … · …).

    A counter in one row would be locked until each commit has reached the disk: everybody who applies for that item would
    queue behind one flush after another. Whoever comes takes the lowest stripe that nobody holds, so numbers stay dense and
    nearly in order, and a rolled-back intake gives its number back.
    """

    STRIPES = 16

    pk = models.CompositePrimaryKey("prefix", "stripe")
    prefix = models.CharField(max_length=60, help_text="implementation code and day")
    stripe = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField()


class IntakeKey(models.Model):
    """Something made once, by the key its sender chose: the same key again answers with the same thing."""

    fingerprint = models.CharField(primary_key=True, max_length=64, help_text="of the sender and his key")
    digest = models.CharField(
        max_length=64, help_text="of what was sent, so that another body under the same key is told"
    )
    made_id = models.UUIDField(help_text="the case, draft or file")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="intake_keys_by_age")]


class SavedView(models.Model):
    """A worklist filter a member of staff gave a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account_id = models.UUIDField()
    name = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "name"], name="view_name_once")]
