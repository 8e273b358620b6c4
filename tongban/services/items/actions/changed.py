"""Telling every process that the catalogue changed."""

from django.db.models import F

from tongban.services.items.models import Catalogue


def touch() -> None:
    """Raise the stamp, in the caller's transaction; search indexes built before are then old."""
    if not Catalogue.objects.filter(pk=1).update(stamp=F("stamp") + 1):
        Catalogue.objects.get_or_create(pk=1, defaults={"stamp": 1})
