"""A small population register and a small legal-person register. Every person and company in the demo city is invented."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField


class PersonRecord(models.Model):
    """What the city's registers say of one person: element → `{"value", "source", "as_of"}`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    id_index = models.CharField(max_length=32, unique=True, help_text="blind index of the citizen ID number")
    values = EncryptedJSONField(default=dict)
    is_invented = models.BooleanField(default=True, help_text="示例")


class CompanyRecord(models.Model):
    """What the city's registers say of one company: element → `{"value", "source", "as_of"}`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    uscc = models.CharField(max_length=18, unique=True)
    values = EncryptedJSONField(default=dict)
    is_invented = models.BooleanField(default=True, help_text="示例")
