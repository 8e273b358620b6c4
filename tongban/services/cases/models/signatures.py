"""What persons signed about a case."""

from django.db import models
from django.db.models import Q

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField

from .cases import Case


class Signature(models.Model):
    """个人签名: the record that somebody signed, byte for byte, and his signature under it. The database refuses any change."""

    class Way(models.TextChoices):
        OWN = "own", "本人电子签名"
        WITNESS = "witness", "申请人在纸上签字，窗口见证"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="signatures")
    verb = models.CharField(max_length=30, help_text="what he did, as on the time line")
    way = models.CharField(max_length=7, choices=Way, default=Way.OWN)
    account_id = models.UUIDField(help_text="whose key signed")
    for_account_id = models.UUIDField(null=True, help_text="whom a deputy acted for")
    step_id = models.UUIDField(null=True, help_text="the desk's part of the flow it is the opinion of")
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SM3 of the text; the audit trail names it too")
    text = EncryptedTextField(help_text="canonical JSON, what was signed")
    signatures = models.JSONField(help_text="list of {alg, kid, value}")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="witness_of_an_application", condition=~Q(way="witness") | Q(verb="submit", for_account_id=None)
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="signatures_of_case")]
