"""How old a register is as a whole."""

from django.db import models


class RegisterState(models.Model):
    """The day and the source of a register as a whole: with it "nothing stands against him" has a date, too."""

    name = models.CharField(primary_key=True, max_length=20)
    source = models.CharField(max_length=100)
    as_of = models.DateField()
