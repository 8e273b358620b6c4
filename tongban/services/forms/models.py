"""What people say is wrong in the registers."""

from django.db import models

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
