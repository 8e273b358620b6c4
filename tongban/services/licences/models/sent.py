"""What other systems sent, by the key they chose: so that nothing sent twice is done twice."""

from django.db import models


class Sent(models.Model):
    """One request of a system that made something."""

    fingerprint = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the sender and his key")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked")
    made_id = models.UUIDField(help_text="the licence that came of it")
    at = models.DateTimeField()
