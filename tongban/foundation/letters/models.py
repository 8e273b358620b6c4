"""Letters (文书): templates as dated versions, numbers without gaps, and what was sent to whom."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField
from tongban.foundation.kernel.versions import DatedVersion


class LetterTemplate(DatedVersion):
    """The text of one kind of letter. `content`: title, kind (文种), `source` (typst text complete in itself) and, but for the
    licence, `step` and `blocks`, which it was composed from."""

    code = models.CharField(max_length=30, help_text="for a standard one, the step it is sent at")
    department = models.ForeignKey(
        "organisations.Department",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="whose own it is; null: standard",
    )
    draft_id = models.UUIDField(null=True, help_text="the draft it was written in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_letter_template_per_number")]
        indexes = [models.Index(fields=["department", "code"], name="letter_templates_own")]


class LetterSeries(models.Model):
    """The last number given out in one series; its row is locked while a number is taken, so that none is lost."""

    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    word = models.CharField(max_length=40, help_text="机关代字 and 文种, such as 广卫准决")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "word", "year"], name="one_letter_series")]


class Letter(models.Model):
    """One letter. Numbered and dated when issued; its PDF is typeset when first seen and kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="letters")
    department = models.ForeignKey("organisations.Department", models.PROTECT, related_name="+")
    word = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=80, help_text="as printed")
    subject = models.CharField(max_length=80, help_text="what it is about, such as case:0190…")
    project_no = models.CharField(max_length=60, blank=True, help_text="办件编号, where it was not known before")
    owner_id = models.UUIDField(null=True, help_text="the person or company it is sent to")
    issued_on = models.DateField()
    issued_by = models.UUIDField(null=True, help_text="account")
    verify_code = models.CharField(max_length=16, unique=True, help_text="printed on it; whoever holds it may verify")
    data = EncryptedJSONField()
    file_name = models.CharField(max_length=120, blank=True, help_text="of the kept PDF")
    file_sm3 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "word", "year", "serial"], name="one_letter_per_serial")
        ]
        indexes = [models.Index(fields=["subject", "id"], name="letters_about")]
