"""Files people bring and the city makes, kept by what is in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongban.foundation.kernel.ids import uuid7


class Content(models.Model):
    """Bytes, kept once however often they are brought; the storage's name is made of the hash, never of the file's name."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    sm3 = models.CharField(max_length=64, help_text="GB/T 32905, for evidence at home")
    size = models.PositiveIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=100, help_text="as sniffed")
    pages = models.PositiveIntegerField(null=True)
    scanned_at = models.DateTimeField(help_text="found clean by the scanner named here")
    scanned_by = models.CharField(max_length=40)


class StoredFile(models.Model):
    """One bringing of a file: who, when, what for, under what name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    content = models.ForeignKey(Content, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120, help_text="tidied; shown to people, trusted by nobody")
    purpose = models.CharField(max_length=40, help_text="such as material, signature, letter")
    stored_by = models.UUIDField(null=True, help_text="account")
    stored_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["stored_at"], name="files_by_age")]

    @property
    def size(self) -> int:
        return self.content.size

    @property
    def media_type(self) -> str:
        return self.content.media_type

    @property
    def sha256(self) -> str:
        return self.content.sha256

    @property
    def sm3(self) -> str:
        return self.content.sm3

    @property
    def pages(self) -> int | None:
        return self.content.pages


class Attachment(models.Model):
    """A file hangs on a thing; whoever may see the thing's files may see it."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="attachments")
    subject = models.CharField(max_length=80, help_text="kind and id, such as case:0190…")
    owner_id = models.UUIDField(null=True, help_text="the person or company it belongs to")
    department_ids = ArrayField(models.UUIDField(), default=list, help_text="departments that have it before them")
    attached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "subject"], name="one_attachment_per_subject")]
        indexes = [models.Index(fields=["subject"], name="files_of_a_subject")]
