"""What happened, in an order nobody can alter unseen."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7


class Fact(models.Model):
    """One thing that happened: audit entry, outbox and source of statistics in one row, never changed.

    Facts about one subject form a chain (`stream`, `position`): each holds the SM3 of itself and of the one before it.
    A trigger refuses every UPDATE and DELETE.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60, help_text="such as cases.accepted")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True, help_text="account")
    person_id = models.UUIDField(null=True, help_text="whose personal data was seen or changed, if it was")
    department_id = models.UUIDField(null=True, help_text="the department the actor acted for")
    stream = models.CharField(max_length=80, help_text="kind and id of the subject, such as case:0190…")
    position = models.PositiveIntegerField()
    data = models.JSONField(default=dict, help_text="no ID number, phone or name")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "position"], name="one_fact_per_position")]
        indexes = [
            models.Index(fields=["at", "id"], name="facts_in_order"),
            models.Index(fields=["person_id", "-at"], name="facts_of_a_person"),
        ]


class Seal(models.Model):
    """A signed root over the last entries of every stream that grew since the seal before."""

    number = models.PositiveIntegerField(primary_key=True)
    until = models.DateTimeField(unique=True, help_text="facts after the seal before and up to this moment")
    facts = models.PositiveIntegerField()
    streams = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True, help_text="SM3 of the statement of the seal before")
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128, help_text="Ed25519 over the statement, base64")
    heads = models.BinaryField(help_text="zlib: one line a stream, so that the altered one can be named")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
