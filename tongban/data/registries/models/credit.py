"""What stands against people and firms, as the credit office delivers it."""

from django.db import models

from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import EncryptedJSONField


class CreditRecord(models.Model):
    """What stands against one person or company in the credit register: 失信被执行人, 经营异常名录, 严重违法失信名单."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number_index = models.CharField(max_length=32, unique=True, help_text="blind index of the ID number or credit code")
    marks = EncryptedJSONField(default=list, help_text="list of {kind, reason, since, until, source}")
    is_invented = models.BooleanField(default=True, help_text="示例")


class RegisterState(models.Model):
    """How old a register is as a whole: with it "nothing stands against him" has a date, too."""

    name = models.CharField(primary_key=True, max_length=20)
    source = models.CharField(max_length=100)
    as_of = models.DateField()
