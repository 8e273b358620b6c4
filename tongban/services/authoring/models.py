"""What authoring remembers by itself: whether addresses written in drafts can be opened."""

from django.db import models


class LinkCheck(models.Model):
    """The last try to open an address."""

    url = models.CharField(max_length=500, unique=True)
    fault = models.CharField(max_length=60, blank=True, help_text="why it did not open; empty: it did")
    checked_at = models.DateTimeField()
