"""Which credentials the city has signed, with which key, and how each stands."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedTextField

from .rules import LENGTH


class SigningKey(models.Model):
    """A key that has signed credentials or status lists: what strangers may believe in them, and no other key."""

    kid = models.CharField(primary_key=True, max_length=16)
    first_used_at = models.DateTimeField()


class Credential(models.Model):
    """A signed code for one version of one thing (a licence), and its place in a status list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=120, unique=True, help_text="the licence identifier")
    list_no = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    state = models.PositiveSmallIntegerField(
        default=0, help_text="rules.statuses: valid, suspended, revoked, superseded"
    )
    kid = models.CharField(max_length=16)
    digits = EncryptedTextField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_no", "place"], name="one_credential_a_place"),
            models.CheckConstraint(name="place_in_the_list", condition=models.Q(place__lt=LENGTH)),
            models.CheckConstraint(name="known_state", condition=models.Q(state__lte=3)),
        ]
        indexes = [
            models.Index(fields=["list_no"], condition=models.Q(state__gt=0), name="credentials_not_valid"),
        ]
